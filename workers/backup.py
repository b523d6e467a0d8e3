"""Backup and restore of the embedded service: its folder → one archive and its keys → a folder like it.

A backup is taken while the service runs. The database is copied first, in one consistent view (SQLite's online backup);
then the pictures, which are never changed once they are there: whatever the copy names was safe before it was named.
Promises: an archive without its keys opens nothing, so the two are two files, to be kept apart; an archive is whole or not
there; a restore looks at every byte, every chain of the record and every picture before the folder gets its name.
Refuses: to write over anything. PostgreSQL and S3: see docs/backup.md.
"""

import fcntl
import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from storage import audit, metering, migrate
from storage.blob_columns import blob_columns
from storage.blobs import BlobDamaged, BlobMissing, FolderBlobs
from storage.crashpoints import CrashPoint, crashpoint
from storage.metering import Meter
from storage.session import Database
from storage.settings import StorageSettings
from storage.tables import audit_heads, cases
from storage.vault import VaultError, open_vault

FORMAT = 1
NAME = "zerotrip-"
DATABASE, BLOBS, MANIFEST = "zerotrip.db", "blobs", "manifest.json"
SECRETS = ("keys.json", "credentials.json", "courier.json")
"""What a folder has besides the sealed: the key ring, the first logins, the sandbox courier's credentials."""
PIECE = 1 << 20
TRIES = 3
Say = Callable[[str], None]


class BackupRefused(Exception):
    """Nothing was written. The message says why."""


@dataclass(frozen=True)
class Contents:
    """What stands in an archive, counted in its copy of the database."""

    format: int
    made_at: str
    schema: str
    cases: int
    audit_chains: int
    audit_lines: int
    heads: str
    """One hash over where every chain of the record ends."""
    pictures: int
    missing: list[str]
    """Pictures that the database names and the folder did not have."""


@dataclass(frozen=True)
class Made:
    archive: Path
    keys: Path
    bytes: int
    contents: Contents


def back_up(data: Path, to: Path, say: Say = lambda _: None) -> Made:
    """Two files in the folder `to`. Raises `BackupRefused`."""
    if not (data / DATABASE).is_file() or not (data / SECRETS[0]).is_file():
        raise BackupRefused(f"{data}: no zerotrip service has its data here")
    to.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(to):
        return _made(data, to, f"{NAME}{datetime.now(UTC):%Y%m%dT%H%M%SZ}", say)


def _made(data: Path, to: Path, name: str, say: Say) -> Made:
    archive, keys = to / f"{name}.tar", to / f"{name}.keys.tar"
    if archive.exists() or keys.exists():
        raise BackupRefused(f"{archive}: is there already")
    with _beside(archive) as half, _beside(keys) as half_keys, _working(to / f".{name}") as work:
        contents = _until_whole(data, work, say)
        crashpoint(CrashPoint.BACKUP_COPIED)
        _write_archive(half, work, data / BLOBS, contents)
        crashpoint(CrashPoint.BACKUP_WRITTEN)
        _write_keys(half_keys, data)
    if not contents.missing:
        _note(data)
    return Made(archive, keys, archive.stat().st_size, contents)


def _note(data: Path) -> None:
    """In the service itself, whose figures tell how old its backup is."""
    live = _opened(_settings(data, data / SECRETS[0]))
    with suppress(SQLAlchemyError), live as database, database.transaction() as tx:  # it may be of an older version
        metering.put(tx, {metering.sample(Meter.BACKUP_MADE): tx.now().timestamp()})


@contextmanager
def _alone(to: Path) -> Iterator[None]:
    """One backup into a folder at a time: so that what one that died has left there can go."""
    with (to / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BackupRefused(f"{to}: another backup is being made there") from None
        for left in to.glob(f".{NAME}*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        yield


def _until_whole(data: Path, work: Path, say: Say) -> Contents:
    """A picture that was erased between the two copies is gone from the next copy of the database, too."""
    for left in reversed(range(TRIES)):
        _snapshot(data / DATABASE, work / DATABASE)
        contents = _counted(work, data)
        if not contents.missing or not left:
            return contents
        say(f"{len(contents.missing)} pictures are gone since the database was copied: once more")
        (work / DATABASE).unlink()
    raise AssertionError("unreachable")


def _snapshot(source: Path, copy: Path) -> None:
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as live, closing(sqlite3.connect(copy)) as kept:
        live.backup(kept)
        kept.execute("PRAGMA journal_mode=DELETE")
        found = kept.execute("PRAGMA quick_check").fetchone()[0]
    if found != "ok":
        raise BackupRefused(f"{source}: the database is damaged: {found}")


def _counted(work: Path, data: Path) -> Contents:
    settings = _settings(work, data / SECRETS[0])
    schema = migrate.current(settings)
    with _opened(settings) as database, database.reading() as tx:
        named = _named(tx)
        folder = FolderBlobs(data / BLOBS, database.vault)
        heads = tx.all(select(audit_heads).order_by(audit_heads.c.chain))
        return Contents(
            FORMAT,
            datetime.now(UTC).isoformat(timespec="seconds"),
            schema or "",
            tx.execute(select(func.count()).select_from(cases)).scalar_one(),
            len(heads),
            sum(row.position for row in heads),
            hashlib.sha256("\n".join(f"{r.chain} {r.position} {r.hash}" for r in heads).encode()).hexdigest(),
            len(named),
            sorted(key for key in named if not folder.exists(key)),
        )


def _named(tx: Any) -> set[str]:
    """Not those that were erased: their rows stay."""
    return {row[0] for column in blob_columns() for row in tx.all(select(column).where(column != "").distinct())}


def _write_archive(path: Path, work: Path, blobs: Path, contents: Contents) -> None:
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        sums = {DATABASE: _add(tar, work / DATABASE, DATABASE)}
        for blob in _blobs(blobs):
            name = f"{BLOBS}/{blob.relative_to(blobs)}"
            try:
                sums[name] = _add(tar, blob, name)
            except FileNotFoundError:
                continue  # erased just now; the copy of the database says whether that was so
        manifest = json.dumps({"contents": asdict(contents), "sums": sums}, ensure_ascii=False).encode()
        entry = _entry(MANIFEST, len(manifest))
        tar.addfile(entry, io.BytesIO(manifest))


def _blobs(root: Path) -> Iterator[Path]:
    for folder, _, names in os.walk(root):
        yield from (Path(folder) / name for name in sorted(names) if not name.startswith("."))


def _add(tar: tarfile.TarFile, path: Path, name: str) -> str:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        tar.addfile(_entry(name, os.fstat(file.fileno()).st_size), file)
    return digest


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o600, int(datetime.now(UTC).timestamp())
    return entry


def _write_keys(path: Path, data: Path) -> None:
    with tarfile.open(path, "w") as tar:
        for name in SECRETS:
            if (data / name).is_file():
                _add(tar, data / name, name)


@dataclass(frozen=True)
class Restored:
    data: Path
    contents: Contents
    schema: str
    """As it is now: an older archive is brought to today's."""


def restore(archive: Path, keys: Path, data: Path) -> Restored:
    """A folder that was not there, or was empty. Raises `BackupRefused`; then nothing is left behind."""
    if data.exists() and any(data.iterdir()):
        raise BackupRefused(f"{data}: is not empty; restore into a folder of its own")
    data.parent.mkdir(parents=True, exist_ok=True)
    with _working(data.parent / f".{data.name}.restoring") as work:
        contents = _read_archive(archive, work)
        _read_keys(keys, work)
        _check(work, contents)
        if data.exists():
            data.rmdir()
        work.rename(data)
    return Restored(data, contents, migrate.newest())


def _read_archive(archive: Path, work: Path) -> Contents:
    try:
        with tarfile.open(archive, "r:") as tar:
            sums = {entry.name: _extract(tar, entry, work) for entry in tar}
        manifest = json.loads((work / MANIFEST).read_bytes())
        contents, wanted = Contents(**manifest["contents"]), manifest["sums"]
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise BackupRefused(f"{archive}: is no whole backup: {error}") from error
    (work / MANIFEST).unlink()
    if contents.format != FORMAT:
        raise BackupRefused(f"{archive}: made by another version of this program (format {contents.format})")
    sums.pop(MANIFEST)
    if sums != wanted:
        wrong = sorted(name for name in sums.keys() | wanted.keys() if sums.get(name) != wanted.get(name))
        raise BackupRefused(f"{archive}: {len(wrong)} files are not as they were backed up, the first is {wrong[0]}")
    return contents


def _extract(tar: tarfile.TarFile, entry: tarfile.TarInfo, work: Path) -> str:
    """Only the plain files that a backup has: what a name from outside could do is not ours to find out."""
    parts = Path(entry.name).parts
    ours = entry.name in (DATABASE, MANIFEST) or (len(parts) == 4 and parts[0] == BLOBS and ".." not in parts)
    source = tar.extractfile(entry) if ours and entry.isreg() else None
    if source is None:
        raise BackupRefused(f"{tar.name!r}: {entry.name}: does not belong into a backup")
    path, digest = work / entry.name, hashlib.sha256()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while piece := source.read(PIECE):
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _read_keys(keys: Path, work: Path) -> None:
    try:
        with tarfile.open(keys, "r:") as tar:
            for entry in tar:
                source = tar.extractfile(entry)
                if entry.name not in SECRETS or source is None:
                    raise BackupRefused(f"{keys}: {entry.name}: does not belong to the keys")
                (work / entry.name).touch(0o600)
                (work / entry.name).write_bytes(source.read())
    except (OSError, tarfile.TarError) as error:
        raise BackupRefused(f"{keys}: are no keys of a backup: {error}") from error
    if not (work / SECRETS[0]).exists():
        raise BackupRefused(f"{keys}: the key ring is not among them")


def _check(work: Path, contents: Contents) -> None:
    settings = _settings(work, work / SECRETS[0])
    try:
        open_vault(settings.key_file)
    except VaultError as error:
        raise BackupRefused(f"the keys cannot be used: {error}") from error
    migrate.upgrade(settings)
    with _opened(settings) as database, database.reading() as tx:
        if wrong := audit.verify(tx):
            raise BackupRefused(f"the record does not fit: {wrong.chain}, line {wrong.position} {wrong.what}")
        folder = FolderBlobs(work / BLOBS, database.vault)
        for key in sorted(_named(tx) - set(contents.missing)):
            try:
                folder.get(key)
            except (BlobMissing, BlobDamaged) as error:
                raise BackupRefused(f"a picture does not open, with these keys: {error}") from error


def _settings(folder: Path, keys: Path) -> StorageSettings:
    return StorageSettings(f"sqlite:///{(folder / DATABASE).resolve()}", f"dir:{folder / BLOBS}", keys)


@contextmanager
def _opened(settings: StorageSettings) -> Iterator[Database]:
    database = Database(settings)
    try:
        yield database
    finally:
        database.dispose()


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Written under another name, on the disk, then given its own."""
    half = path.with_name(f".{path.name}.half")
    half.unlink(missing_ok=True)
    half.touch(0o600)
    try:
        yield half
        with half.open("rb") as file:
            os.fsync(file.fileno())
        half.rename(path)
    finally:
        half.unlink(missing_ok=True)


@contextmanager
def _working(folder: Path) -> Iterator[Path]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
