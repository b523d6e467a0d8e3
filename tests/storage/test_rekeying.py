"""Everything sealed is sealed anew while others write; a key that holds nothing can go."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, select, update

from storage.blobs import FolderBlobs
from storage.rekeying import left_in_blobs, left_in_rows, rekey_blobs, rekey_rows
from storage.sealed import ROW_NAMES, sealed_tables
from storage.session import Database
from storage.tables import cases, materials
from storage.vault import (
    LOOK_EVERY_S,
    Context,
    SealBroken,
    VaultError,
    add_key,
    drop_key,
    load_key_file,
    open_vault,
    rotate_key_file,
    sealed_under,
    use_key,
)
from tests.storage.kept import KeptWorld, comparable


@pytest.fixture
def own(database: Database, tmp_path: Path) -> Database:
    """With a key file of its own: the tests' is shared."""
    path = tmp_path / "own.json"
    shutil.copy(database.settings.key_file, path)
    path.chmod(0o600)
    made = Database(replace(database.settings, key_file=path))
    yield made
    made.dispose()


def again(database: Database) -> Database:
    """As a process that starts now would open it."""
    return Database(database.settings)


def test_every_sealed_column_is_sealed_anew_and_the_old_key_can_go(own: Database) -> None:
    world = KeptWorld(own, check=False).to_delivered()
    before = comparable(world.kept())
    path = own.settings.key_file
    assert rotate_key_file(path) == 2
    later = again(own)
    with later.reading() as tx:
        held = left_in_rows(tx, 1)
        assert {"cases", "bookings", "documents", "assignments"} <= held.keys()
    done = dict(rekey_rows(later))
    assert all(done[name] >= count for name, count in held.items())
    with later.reading() as tx:
        assert left_in_rows(tx, 1) == {}
        assert sum(left_in_rows(tx, 2).values()) == sum(held.values())
    drop_key(path, 1)
    last = again(own)
    with last.reading() as tx:
        assert comparable(tx.case_file(world.number)) == before
    later.dispose()
    last.dispose()


def test_whoever_writes_meanwhile_wins(own: Database) -> None:
    world = KeptWorld(own, check=False)
    rotate_key_file(own.settings.key_file)
    later = again(own)
    walk = rekey_rows(later)
    with later.transaction() as tx:
        fresh = tx.seal(cases, "extra", world.number, {"written": "meanwhile"})
        tx.execute(update(cases).where(cases.c.number == world.number).values(extra=fresh))
    list(walk)
    with later.reading() as tx:
        assert tx.one(select(cases.c.extra)).extra == fresh
        assert left_in_rows(tx, 1) == {}
    later.dispose()


def test_a_value_that_belongs_elsewhere_is_not_sealed_anew(own: Database) -> None:
    world = KeptWorld(own, check=False)
    with own.transaction() as tx:
        alien = tx.seal(materials, "note", "another/row", "x")
        tx.execute(update(materials).where(materials.c.case_number == world.number).values(note=alien))
    rotate_key_file(own.settings.key_file)
    later = again(own)
    with pytest.raises(SealBroken):
        list(rekey_rows(later))
    later.dispose()


def test_every_table_names_its_rows() -> None:
    for sealed in sealed_tables():
        names = sealed.names
        assert all(name in sealed.table.c for name in names), sealed.table.name
        unique = [[c.name for c in i.columns] for i in sealed.table.constraints if hasattr(i, "columns")]
        assert any(sorted(u) == sorted(names) for u in unique), f"{sealed.table.name}: {names} name no single row"
    assert set(ROW_NAMES) <= {sealed.table.name for sealed in sealed_tables()}
    assert all(isinstance(s.table.c[name].type, LargeBinary) for s in sealed_tables() for name in s.columns)


def test_pictures_are_sealed_anew(tmp_path: Path, key_file: Path) -> None:
    path = tmp_path / "own.json"
    shutil.copy(key_file, path)
    path.chmod(0o600)
    folder = FolderBlobs(tmp_path / "blobs", open_vault(path))
    keys = sorted(folder.put(b"picture %d" % n) for n in range(3))
    rotate_key_file(path)
    later = FolderBlobs(tmp_path / "blobs", open_vault(path))
    assert sorted(later.all_keys()) == keys
    assert max(rekey_blobs(later)) == 3
    assert max(rekey_blobs(later)) == 0
    assert (left_in_blobs(later, 1), left_in_blobs(later, 2)) == (0, 3)
    drop_key(path, 1)
    last = FolderBlobs(tmp_path / "blobs", open_vault(path))
    assert [last.get(key) for key in keys]


def test_a_running_process_finds_a_new_key_by_itself(tmp_path: Path, key_file: Path) -> None:
    path = tmp_path / "own.json"
    shutil.copy(key_file, path)
    path.chmod(0o600)

    here, running = Context("t", "c", "1"), open_vault(path)
    assert add_key(path) == 2
    assert sealed_under(running.seal(here, b"x")) == 1
    use_key(path, 2)
    assert running.unseal(here, open_vault(path).seal(here, b"of another process")) == b"of another process"
    assert sealed_under(running.seal(here, b"x")) == 2, "having looked, it seals with it too"
    assert LOOK_EVERY_S <= 5
    with pytest.raises(VaultError):
        drop_key(path, 2)
    with pytest.raises(VaultError):
        use_key(path, 9)
    assert load_key_file(path).current == 2
