"""A backup is taken while people work, and comes back as it was; a damaged one, or other keys, are refused."""

import tarfile
import threading
from pathlib import Path

import pytest
from sqlalchemy import String, select, update

from storage import audit, erasing, migrate
from storage.blob_columns import BLOB_NAMES, BLOB_WIDTH
from storage.blobs import blobs_from
from storage.session import Database
from storage.settings import StorageSettings
from storage.tables import audit as audit_table
from storage.tables import metadata, pages
from storage.vault import create_key_file
from tests.storage.kept import KeptWorld
from workers.backup import BackupRefused, Made, back_up, restore


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return live(tmp_path / "live")


def live(folder: Path) -> Path:
    """A service's folder, without anything in it."""
    folder.mkdir()
    create_key_file(folder / "keys.json")
    (folder / "credentials.json").write_text("{}")
    migrate.upgrade(settings(folder))
    return folder


def settings(folder: Path) -> StorageSettings:
    return StorageSettings(f"sqlite:///{folder / 'zerotrip.db'}", f"dir:{folder / 'blobs'}", folder / "keys.json")


def work(database: Database, folder: Path, number: str, picture: bytes) -> None:
    """One case with one picture."""
    key = blobs_from(settings(folder)).put(picture)
    world = KeptWorld(database, number, check=False)
    world.upload("id_front")
    page = world.kept().pages[0].id
    with database.transaction() as tx:
        tx.execute(update(pages).where(pages.c.id == page).values(blob=key))


def kept(folder: Path) -> dict[str, tuple[str, ...]]:
    """Every line of the record and every picture that a page names, opened."""
    database = Database(settings(folder))
    blobs = blobs_from(settings(folder))
    with database.reading() as tx:
        assert audit.verify(tx) is None
        lines = tuple(row.hash for row in tx.all(select(audit_table.c.hash).order_by(audit_table.c.hash)))
        named = tuple(sorted(row.blob for row in tx.all(select(pages.c.blob))))
        opened = tuple(str(len(blobs.get(key))) for key in named)
    database.dispose()
    return {"lines": lines, "pages": named, "sizes": opened}


@pytest.fixture
def made(data: Path, tmp_path: Path) -> Made:
    database = Database(settings(data))
    for n in range(3):
        work(database, data, f"44010526112200000{n}", b"picture %d" % n)
    database.dispose()
    return back_up(data, tmp_path / "backups")


def test_what_was_backed_up_comes_back(data: Path, made: Made, tmp_path: Path) -> None:
    held = restore(made.archive, made.keys, tmp_path / "new").contents
    assert (held.cases, held.pictures, held.missing) == (3, 3, [])
    assert kept(tmp_path / "new") == kept(data)
    assert {path.name for path in (tmp_path / "new").iterdir()} >= {"keys.json", "credentials.json", "zerotrip.db"}
    assert [path.stat().st_mode & 0o077 for path in (made.archive, made.keys)] == [0, 0]


def test_it_is_one_moment_of_a_service_that_goes_on(data: Path, tmp_path: Path) -> None:
    database, stop, done = Database(settings(data)), threading.Event(), threading.Event()

    def go_on() -> None:
        n = 0
        while not stop.is_set():
            work(database, data, f"4401052611220{n:05d}", b"picture %d" % n)
            n += 1
            if n == 3:
                done.set()

    worker = threading.Thread(target=go_on)
    worker.start()
    assert done.wait(30)
    first = back_up(data, tmp_path / "backups")
    stop.set()
    worker.join()
    database.dispose()
    restore(first.archive, first.keys, tmp_path / "new")
    then, now = kept(tmp_path / "new"), kept(data)
    assert 3 <= len(then["pages"]) <= len(now["pages"])
    assert set(then["lines"]) <= set(now["lines"])


def test_the_archive_holds_no_key_and_no_personal_value(made: Made) -> None:
    with tarfile.open(made.archive) as tar:
        names = tar.getnames()
    assert not [name for name in names if "keys" in name or "credentials" in name]
    assert "陈样本".encode() not in made.archive.read_bytes()


def test_other_keys_open_nothing(made: Made, tmp_path: Path) -> None:
    create_key_file(tmp_path / "keys.json")
    with tarfile.open(tmp_path / "other.tar", "w") as tar:
        tar.add(tmp_path / "keys.json", "keys.json")
    with pytest.raises(BackupRefused, match="a picture does not open"):
        restore(made.archive, tmp_path / "other.tar", tmp_path / "new")
    assert not (tmp_path / "new").exists()
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("at", [0.2, 0.6, 0.95])
def test_a_changed_byte_is_found(made: Made, tmp_path: Path, at: float) -> None:
    raw = bytearray(made.archive.read_bytes())
    raw[int(len(raw) * at)] ^= 1
    made.archive.write_bytes(raw)
    try:
        restore(made.archive, made.keys, tmp_path / "new")
    except BackupRefused:
        assert not (tmp_path / "new").exists()
    else:  # the byte stood in what fills up the last block of a file
        assert kept(tmp_path / "new")


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "blobs/../../x/y", "blobs/aa/bb/../../../c", "other.txt"])
def test_what_does_not_belong_into_a_backup_is_not_unpacked(tmp_path: Path, made: Made, name: str) -> None:
    with tarfile.open(tmp_path / "evil.tar", "w") as tar:
        tar.addfile(tarfile.TarInfo(name))
    with pytest.raises(BackupRefused, match="does not belong"):
        restore(tmp_path / "evil.tar", made.keys, tmp_path / "new")


def test_a_cut_archive_and_a_full_folder_are_refused(made: Made, data: Path, tmp_path: Path) -> None:
    whole = made.archive.read_bytes()
    (tmp_path / "cut.tar").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BackupRefused, match="no whole backup"):
        restore(tmp_path / "cut.tar", made.keys, tmp_path / "new")
    with pytest.raises(BackupRefused, match="is not empty"):
        restore(made.archive, made.keys, data)
    with pytest.raises(BackupRefused, match="no zerotrip service"):
        back_up(tmp_path / "nowhere", tmp_path / "backups")


def test_a_picture_that_is_missing_is_named_and_the_rest_is_kept(data: Path, made: Made, tmp_path: Path) -> None:
    gone = kept(data)["pages"][0]
    blobs_from(settings(data)).delete(gone)
    again = back_up(data, tmp_path / "again")
    assert again.contents.missing == [gone]
    assert restore(again.archive, again.keys, tmp_path / "new").contents.pictures == 3


def test_a_case_that_was_erased_misses_no_picture(data: Path, made: Made, tmp_path: Path) -> None:
    database = Database(settings(data))
    with database.transaction() as tx:
        gone = erasing.erase_case(tx, "440105261122000001")
    for key in gone:
        blobs_from(settings(data)).delete(key)
    database.dispose()
    again = back_up(data, tmp_path / "again")
    assert (len(gone), again.contents.missing, again.contents.pictures) == (1, [], made.contents.pictures - 1)
    assert restore(again.archive, again.keys, tmp_path / "new").contents.missing == []


def test_every_column_that_names_a_blob_is_known_by_its_name() -> None:
    columns = (column for table in metadata.sorted_tables for column in table.columns)
    wide = {c.name for c in columns if isinstance(c.type, String) and c.type.length == BLOB_WIDTH}
    keys_of_others = {"unique_key", "dedupe_key", "external_key", "transaction_id", "subject"}
    assert wide <= BLOB_NAMES | keys_of_others


def test_what_a_backup_that_died_left_is_gone_after_the_next(data: Path, tmp_path: Path) -> None:
    to = tmp_path / "backups"
    (to / ".zerotrip-20260101T000000Z").mkdir(parents=True)
    (to / ".zerotrip-20260101T000000Z.tar.half").touch()
    made = back_up(data, to)
    assert sorted(path.name for path in to.iterdir()) == sorted([".lock", made.archive.name, made.keys.name])
