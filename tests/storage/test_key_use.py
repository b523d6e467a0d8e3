"""A key that is missed is named before anything is asked of it, and nothing is lost by its being away."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from storage.actors import Scope
from storage.blobs import BlobsUnavailable, FolderBlobs, blobs_from
from storage.key_use import check_keys, missing_keys
from storage.rekeying import rekey_blobs, rekey_rows
from storage.session import Database
from storage.vault import (
    Context,
    KeyMissing,
    VaultError,
    bring_back,
    create_key_file,
    drop_key,
    load_key_file,
    open_vault,
    rotate_key_file,
)
from tests.storage.kept import KeptWorld, comparable

HERE = Context("t", "c", "1")


@pytest.fixture
def own(plain_database: Database, tmp_path: Path) -> Iterator[Database]:
    """With a key file of its own: the tests' is shared."""
    path = tmp_path / "own.json"
    shutil.copy(plain_database.settings.key_file, path)
    path.chmod(0o600)
    made = Database(replace(plain_database.settings, key_file=path))
    yield made
    made.dispose()


def checked(database: Database) -> None:
    """As every process does when it starts."""
    opened = Database(database.settings)
    try:
        with opened.reading() as tx:
            check_keys(tx, database.settings.key_file)
    finally:
        opened.dispose()


def test_a_key_that_was_dropped_too_early_is_named_and_brought_back(own: Database, tmp_path: Path) -> None:
    path, copy = own.settings.key_file, tmp_path / "copy.json"
    world = KeptWorld(own, check=False)
    blob = blobs_from(own.settings).put(b"a picture")
    before = comparable(world.kept())
    shutil.copy(path, copy)
    rotate_key_file(path)
    drop_key(path, 1)  # `zerotrip keys drop` refuses; whoever edits the file does not
    with pytest.raises(
        VaultError, match=r"key 1 is not in the ring, and .*cases.* hold what it sealed; nothing is lost"
    ):
        checked(own)
    late = Database(own.settings)
    with late.reading() as tx:
        assert list(missing_keys(tx, [2], blobs_from(own.settings))[1])[-1] == "pictures and documents"
        with pytest.raises(KeyMissing):
            tx.case_file(world.number)
    with pytest.raises(BlobsUnavailable, match="key 1 is not in the ring"):
        blobs_from(own.settings).get(blob)
    assert bring_back(path, copy) == [1]
    assert bring_back(path, copy) == []
    assert load_key_file(path).current == 2
    checked(own)
    with late.reading() as tx:
        assert comparable(tx.case_file(world.number)) == before, "also in a process that runs"
    late.dispose()
    assert blobs_from(own.settings).get(blob) == b"a picture"


def test_a_rotation_to_its_end_leaves_nothing_that_needs_the_old_key(own: Database) -> None:
    path = own.settings.key_file
    world, blobs = KeptWorld(own, check=False), blobs_from(own.settings)
    with own.transaction() as tx:
        person, _ = tx.people.sign_in("embedded", "曹梅珊")
    blob, before, before_id = blobs.put(b"a picture"), comparable(world.kept()), world.kept().case.applicant.id_number
    rotate_key_file(path)
    later = Database(own.settings)
    list(rekey_rows(later))
    list(rekey_blobs(blobs_from(own.settings)))
    drop_key(path, 1)
    checked(own)
    last = Database(own.settings)
    with last.transaction() as tx:
        assert comparable(tx.case_file(world.number)) == before
        assert tx.people.sign_in("embedded", "曹梅珊")[0] == person, "the blind index finds whoever was there"
        found = tx.cases_by_id_number(before_id, Scope.everything())
        assert [str(c.number) for c in found] == [world.number]
    assert blobs_from(own.settings).get(blob) == b"a picture"
    later.dispose()
    last.dispose()


def test_a_ring_of_another_service_is_told_apart_although_its_numbers_are_the_same(
    own: Database, tmp_path: Path
) -> None:
    with own.transaction() as tx:
        tx.people.sign_in("embedded", "somebody")
    other = tmp_path / "other.json"
    create_key_file(other)
    with pytest.raises(VaultError, match="another service"):
        bring_back(own.settings.key_file, other)
    with pytest.raises(VaultError, match="another service"):
        checked(Database(replace(own.settings, key_file=other)))


def test_a_running_process_keeps_what_it_could_open(tmp_path: Path, key_file: Path) -> None:
    path = tmp_path / "own.json"
    shutil.copy(key_file, path)
    path.chmod(0o600)
    times = iter(range(0, 1000, 10))
    running = open_vault(path, lambda: float(next(times)))
    sealed, folder = running.seal(HERE, b"x"), FolderBlobs(tmp_path / "blobs", running)
    picture = folder.put(b"a picture")
    rotate_key_file(path)
    drop_key(path, 1)
    assert running.current == 2
    assert (running.unseal(HERE, sealed), folder.get(picture)) == (b"x", b"a picture")
    with pytest.raises(KeyMissing, match="key 1 is not in the ring"):
        open_vault(path).unseal(HERE, sealed)
