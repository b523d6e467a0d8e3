"""Anchors of the audit chains, kept where the owner of the database cannot reach: in a file that only grows, or in a
bucket whose objects cannot be deleted (S3 Object Lock).

An anchor is written into its table first and shipped from there, in order; what a crash left unshipped is shipped next
time. Promises: `append` returns when the anchor is safe (fsync, or the S3's answer); the same anchor again changes
nothing. `check` reads everything that is kept outside and says where the database tells another story, be it changed,
cut, rebuilt or restored from an older day. Refuses: to ship an anchor that does not continue the newest one outside.
"""

import fcntl
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from botocore.exceptions import BotoCoreError, ClientError
from sqlalchemy import func, select

from storage.audit import GENESIS, Anchor, BadRow, anchor_hash, anchors_after, lost_head
from storage.blobs import s3_client
from storage.settings import bucket
from storage.tables import audit_anchors
from storage.unit import Unit

KEEP_DAYS = 3650
"""How long a bucket is told to hold an anchor: as long as the cases it speaks of."""
MODES = ("COMPLIANCE", "GOVERNANCE")
NOT_ALLOWED = frozenset({"AccessDenied", "AllAccessDisabled", "NotImplemented", "MethodNotAllowed"})
"""Some S3s know no Object Lock, and say so."""
TAIL = 1 << 16
_NAME = re.compile(r"(\d{12})-[0-9a-f]{16}\.json")


class AnchorsUnavailable(Exception):
    """The place for anchors does not answer, or cannot be read. The message says which."""


class AnchorRefused(Exception):
    """The database's anchors do not continue those outside: somebody changed one of the two."""


class Guard(StrEnum):
    """What keeps an anchor outside from being taken away or written over."""

    LOCKED = "locked"
    """Nobody can before its day: Object Lock, compliance."""
    BYPASSABLE = "bypassable"
    """Whoever has a special right can: Object Lock, governance."""
    OPEN = "open"
    """Nothing: the bucket has no Object Lock, and refuses what is to be locked."""
    UNKNOWN = "unknown"
    """The key may not ask."""
    FILE = "file"
    """Whoever owns the file's machine can."""


class AnchorStore(Protocol):
    def append(self, made: Anchor) -> None: ...
    def kept(self) -> Iterator[Anchor]: ...
    def last(self) -> Anchor | None: ...
    def guard(self) -> Guard: ...


def anchor_store(address: str) -> AnchorStore | None:
    """`file:/path`, or `s3://bucket/folder?endpoint=URL&region=NAME&days=3650&mode=COMPLIANCE`; empty: none."""
    if address.startswith("file:"):
        return FileAnchors(Path(address.removeprefix("file:")))
    return S3Anchors(address) if address else None


def as_line(made: Anchor) -> bytes:
    heads = {chain: list(head) for chain, head in made.heads.items()}
    said = {"seq": made.seq, "at": made.at.isoformat(), "previous": made.previous, "hash": made.hash, "heads": heads}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def from_line(raw: bytes, where: str) -> Anchor:
    """Raises `AnchorsUnavailable`: what is there is no anchor."""
    try:
        said: dict[str, Any] = json.loads(raw)
        heads = {chain: (int(position), str(digest)) for chain, (position, digest) in said["heads"].items()}
        return Anchor(int(said["seq"]), datetime.fromisoformat(said["at"]), heads, said["previous"], said["hash"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise AnchorsUnavailable(f"{where}: holds something that is no anchor") from error


# ── a file ──


class FileAnchors:
    """One anchor a line. Put it on another machine's disk, and `chattr +a` it: then not even its owner shortens it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, made: Anchor) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            new = not self._path.exists()
            with os.fdopen(os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                last = self.last()
                if last is not None and last.seq >= made.seq:
                    return
                file.write(self._healed() + as_line(made) + b"\n")
                file.flush()
                os.fsync(file.fileno())
            if new:
                _sync(self._path.parent)
        except OSError as error:
            raise AnchorsUnavailable(f"{self._path}: {error.strerror}") from error

    def guard(self) -> Guard:
        """Raises `AnchorsUnavailable` where nothing could be written."""
        there = next(p for p in (self._path, *self._path.absolute().parents) if p.exists())
        if not os.access(there, os.W_OK) or (there != self._path and not there.is_dir()):
            raise AnchorsUnavailable(f"{there}: nothing can be written there")
        return Guard.FILE

    def _healed(self) -> bytes:
        """What ends a line that a power cut left unfinished."""
        with self._path.open("rb") as file:
            if not file.seek(0, os.SEEK_END):
                return b""
            file.seek(-1, os.SEEK_END)
            return b"" if file.read(1) == b"\n" else b"\n"

    def kept(self) -> Iterator[Anchor]:
        """A line that a power cut left unfinished is no anchor: it was never answered for, and was shipped again."""
        try:
            with self._path.open("rb") as file:
                held = b""
                for line in file:
                    if held:
                        yield from self._read(held, line)
                    held = line
                if held.endswith(b"\n"):
                    yield from_line(held, str(self._path))
        except FileNotFoundError:
            return
        except OSError as error:
            raise AnchorsUnavailable(f"{self._path}: {error.strerror}") from error

    def _read(self, line: bytes, after: bytes) -> Iterator[Anchor]:
        try:
            yield from_line(line, str(self._path))
        except AnchorsUnavailable:
            if not _is_cut_off(line, after):
                raise

    def last(self) -> Anchor | None:
        """Read from the end: the file is as long as the service is old."""
        if not self._path.exists():
            return None
        with self._path.open("rb") as file:
            end, size = file.seek(0, os.SEEK_END), TAIL
            while True:
                file.seek(max(0, end - size))
                whole = file.read(end - file.tell()).rpartition(b"\n")[0]
                _, line_end, line = whole.rpartition(b"\n")
                if line_end or size >= end:
                    return from_line(line, str(self._path)) if line else None
                size *= 8


def _is_cut_off(line: bytes, after: bytes) -> bool:
    """Whether the next line begins as this one does: it was written again after a power cut."""
    return after.startswith(line.rstrip(b"\n")[:64])


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# ── a bucket ──


@dataclass(frozen=True)
class _Place:
    bucket: str
    folder: str
    days: int
    mode: str


class S3Anchors:
    """One object an anchor, held by Object Lock. A bucket made with Object Lock keeps every version: what counts is the
    oldest of a name, so that writing over it, or a delete marker, hides nothing."""

    def __init__(self, address: str) -> None:
        self._place, there = _place(address), bucket(address)
        self._client = s3_client(there)

    def append(self, made: Anchor) -> None:
        name = f"{self._place.folder}{made.seq:012d}-{made.hash[:16]}.json"
        if any(key == name for key, _ in self._versions(name)):
            return
        until = made.at + timedelta(days=self._place.days)
        try:
            self._client.put_object(
                Bucket=self._place.bucket,
                Key=name,
                Body=as_line(made),
                ContentType="application/json",
                ChecksumAlgorithm="SHA256",
                ObjectLockMode=self._place.mode,  # type: ignore[arg-type]  # one of MODES
                ObjectLockRetainUntilDate=until,
            )
        except (ClientError, BotoCoreError) as error:
            raise AnchorsUnavailable(f"s3://{self._place.bucket}: {error}") from error

    def kept(self) -> Iterator[Anchor]:
        for key, version in self._versions(self._place.folder):
            yield self._read(key, version)

    def last(self) -> Anchor | None:
        found = self._versions(self._place.folder)
        return self._read(*found[-1]) if found else None

    def guard(self) -> Guard:
        """Asks the bucket itself. Raises `AnchorsUnavailable`."""
        try:
            answer = self._client.get_object_lock_configuration(Bucket=self._place.bucket)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code == "ObjectLockConfigurationNotFoundError":
                return Guard.OPEN
            if code in NOT_ALLOWED:
                return Guard.UNKNOWN
            raise AnchorsUnavailable(f"s3://{self._place.bucket}: {error}") from error
        except BotoCoreError as error:
            raise AnchorsUnavailable(f"s3://{self._place.bucket}: {error}") from error
        if answer.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled") != "Enabled":
            return Guard.OPEN
        return Guard.LOCKED if self._place.mode == MODES[0] else Guard.BYPASSABLE

    def _read(self, key: str, version: str) -> Anchor:
        try:
            answer = self._client.get_object(Bucket=self._place.bucket, Key=key, VersionId=version)
            return from_line(answer["Body"].read(), f"s3://{self._place.bucket}/{key}")
        except (ClientError, BotoCoreError) as error:
            raise AnchorsUnavailable(f"s3://{self._place.bucket}: {error}") from error

    def _versions(self, prefix: str) -> list[tuple[str, str]]:
        """(name, oldest version), by name."""
        oldest: dict[str, tuple[datetime, str]] = {}
        try:
            pages = self._client.get_paginator("list_object_versions").paginate(
                Bucket=self._place.bucket, Prefix=prefix
            )
            for one in (v for page in pages for v in page.get("Versions", [])):
                key, seen = one["Key"], (one["LastModified"], one["VersionId"])
                # listed from the newest to the oldest; times are full seconds
                if _NAME.fullmatch(key.removeprefix(self._place.folder)) and seen[0] <= oldest.get(key, seen)[0]:
                    oldest[key] = seen
        except (ClientError, BotoCoreError) as error:
            raise AnchorsUnavailable(f"s3://{self._place.bucket}: {error}") from error
        return [(key, oldest[key][1]) for key in sorted(oldest)]


def _place(address: str) -> _Place:
    parts = urlsplit(address)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    folder = parts.path.strip("/")
    mode = query.get("mode", MODES[0]).upper()
    if mode not in MODES:
        raise AnchorsUnavailable(f"STORAGE_ANCHORS: mode must be one of {', '.join(MODES)}")
    return _Place(parts.netloc, f"{folder}/" if folder else "", int(query.get("days", KEEP_DAYS)), mode)


# ── shipping and checking ──


def ship(tx: Unit, store: AnchorStore) -> int:
    """Everything that is not outside yet, in order. Raises `AnchorsUnavailable`, `AnchorRefused`."""
    last, shipped = store.last(), 0
    if last is not None and not _is_here(tx, last):
        raise AnchorRefused(f"anchor {last.seq} outside is another one here, or is missing")
    for made in anchors_after(tx, last.seq if last else 0):
        if made.previous != (last.hash if last else GENESIS):
            raise AnchorRefused(f"anchor {made.seq} does not continue the newest one outside")
        store.append(made)
        last, shipped = made, shipped + 1
    return shipped


@dataclass(frozen=True)
class Outside:
    """What a look at the anchors outside found."""

    anchors: int
    unshipped: int
    bad: BadRow | None


def check(tx: Unit, store: AnchorStore, number: str | None = None) -> Outside:
    """Every anchor outside against the database, the oldest first. Raises `AnchorsUnavailable`."""
    previous, count, newest = GENESIS, 0, 0
    for made in store.kept():
        if bad := _differs(tx, made, previous, number):
            return Outside(count, 0, bad)
        previous, count, newest = made.hash, count + 1, made.seq
    later = select(func.count()).select_from(audit_anchors).where(audit_anchors.c.seq > newest)
    return Outside(count, int(tx.execute(later).scalar_one()), None)


def _differs(tx: Unit, made: Anchor, previous: str, number: str | None) -> BadRow | None:
    if (made.previous, made.hash) != (previous, anchor_hash(made)):
        return BadRow("anchors outside", made.seq, "what is kept outside was changed, or one before it is missing")
    if lost := lost_head(tx, made, number):
        return BadRow(lost.chain, lost.position, "the anchor outside remembers another line")
    if not _is_here(tx, made):
        return BadRow("anchors", made.seq, "the anchor outside is another one, or is missing here")
    return None


def _is_here(tx: Unit, made: Anchor) -> bool:
    here = tx.one(select(audit_anchors.c.hash).where(audit_anchors.c.seq == made.seq))
    return here is not None and here.hash == made.hash
