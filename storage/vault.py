"""Sealing: personal values and pictures are kept encrypted, and found again by a blind index.

Envelope encryption with AES-256-GCM. Every value gets a data key of its own, wrapped by the newest key of the ring;
table, column and row id are associated data, so a ciphertext moved to another place does not open. A version byte and
the key's number stand in front: after `rotate_key_file` old values still open, new ones use the new key.

Refuses: a key file that others may read, a value sealed for another place (`SealBroken`), an unknown key.
Not promised: hiding lengths; blind indexes show that two rows hold the same value, which is what they are for.
"""

import base64
import fcntl
import hashlib
import hmac
import json
import os
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = 1
KEY_BYTES = 32
NONCE_BYTES = 12
WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + 16
HEAD_BYTES = 1 + 2
INDEX_BYTES = 16
"""A blind index is cut to 128 bits: no collisions in practice, nothing more to give away."""


class VaultError(Exception):
    """The key file is missing, unsafe or unusable."""


class SealBroken(Exception):
    """The value was changed, or sealed for another row, or its key is not in the ring."""


class KeyMissing(SealBroken):
    """Its key is not in the ring. It opens again as soon as that is brought back."""

    def __init__(self, where: str, number: int) -> None:
        super().__init__(f"{where}: key {number} is not in the ring of STORAGE_KEY_FILE: bring it back from a copy")
        self.number = number


@dataclass(frozen=True)
class Context:
    """Where a value stands. It opens nowhere else."""

    table: str
    column: str
    row: str

    def bytes(self) -> bytes:
        return "\x1f".join((self.table, self.column, self.row)).encode()


@dataclass(frozen=True)
class KeyRing:
    """`keys` by number; `current` seals, all open. `index` never rotates: indexes could not be searched again."""

    keys: Mapping[int, bytes]
    current: int
    index: bytes


LOOK_EVERY_S = 2.0
"""How soon a running process seals with a key that was made current."""


def sealed_under(sealed: bytes) -> int:
    """The number of the key."""
    return int.from_bytes(sealed[1:HEAD_BYTES], "big")


class _Wrapping:
    """The ring ready for use. Replaced as a whole, so that threads see one or the other. What a running process could open
    it can open until it ends: a key that was dropped too early is missed at the next start, where somebody looks."""

    def __init__(self, ring: KeyRing, before: Mapping[int, AESGCM] | None = None) -> None:
        self.keys = {**(before or {}), **{number: AESGCM(key) for number, key in ring.keys.items()}}
        self.current = ring.current


class Vault:
    """`again` gives the ring as it is now, or None where it did not change: a running process finds a new key by itself.
    Threads may share a vault."""

    def __init__(
        self,
        ring: KeyRing,
        again: Callable[[], KeyRing | None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wrapping, self._index = _Wrapping(ring), ring.index
        self._again, self._clock, self._looked_at = again, clock, clock()

    @property
    def current(self) -> int:
        """The number of the key that seals."""
        self._look(LOOK_EVERY_S)
        return self._wrapping.current

    @property
    def numbers(self) -> frozenset[int]:
        """Of the keys that open."""
        return frozenset(self._wrapping.keys)

    def _look(self, every: float) -> None:
        now = self._clock()
        if now - self._looked_at >= every:
            self._looked_at = now
            if (ring := self._again()) is not None:
                self._wrapping = _Wrapping(ring, self._wrapping.keys)

    def seal(self, context: Context, value: bytes) -> bytes:
        self._look(LOOK_EVERY_S)
        wrapping = self._wrapping
        head = bytes([VERSION]) + wrapping.current.to_bytes(2, "big")
        data_key, nonce, wrap_nonce = (secrets.token_bytes(n) for n in (KEY_BYTES, NONCE_BYTES, NONCE_BYTES))
        place = head + context.bytes()
        wrapped = wrap_nonce + wrapping.keys[wrapping.current].encrypt(wrap_nonce, data_key, place)
        return head + wrapped + nonce + AESGCM(data_key).encrypt(nonce, value, place)

    def unseal(self, context: Context, sealed: bytes) -> bytes:
        """Raises `SealBroken`, `KeyMissing`."""
        head, rest = sealed[:HEAD_BYTES], sealed[HEAD_BYTES:]
        if len(head) < HEAD_BYTES or head[0] != VERSION:
            raise SealBroken(f"{context.table}.{context.column}: sealed by an unknown version")
        wrapping = self._key(sealed_under(sealed))
        if wrapping is None:
            raise KeyMissing(f"{context.table}.{context.column}", sealed_under(sealed))
        wrapped, body = rest[:WRAPPED_BYTES], rest[WRAPPED_BYTES:]
        place = head + context.bytes()
        try:
            data_key = wrapping.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], place)
            return AESGCM(data_key).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], place)
        except (InvalidTag, ValueError):
            raise SealBroken(f"{context.table}.{context.column}: changed, or sealed for another row") from None

    def _key(self, number: int) -> AESGCM | None:
        found = self._wrapping.keys.get(number)
        if found is None:  # perhaps it was added since
            self._look(0)
            found = self._wrapping.keys.get(number)
        return found

    def blind(self, purpose: str, value: str) -> str:
        """The same value gives the same index: for searching and for uniqueness, never for showing."""
        return self.mac(purpose, value.strip().upper())[: INDEX_BYTES * 2]

    def mac(self, purpose: str, value: str) -> str:
        """Full-length keyed hash, hex: what is kept of a token."""
        return hmac.new(self._index, f"{purpose}\x1f{value}".encode(), hashlib.sha256).hexdigest()


def create_key_file(path: Path) -> None:
    """A new ring with one key, mode 600. Raises `VaultError` if the file exists: overwriting it loses everything."""
    path.parent.mkdir(parents=True, exist_ok=True)
    body = {"current": 1, "keys": {"1": _fresh()}, "made": {"1": _now()}, "index": _fresh()}
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise VaultError(f"{path}: a key file is already there; without it nothing sealed can be opened") from None
    with os.fdopen(descriptor, "w") as file:
        json.dump(body, file)
        file.flush()
        os.fsync(file.fileno())


def add_key(path: Path) -> int:
    """A new key that opens and does not seal yet; returns its number. On several hosts: copy the file to all, then
    `use_key` everywhere."""
    ring = load_key_file(path)
    number = 1 + max(ring.keys)
    _write(path, lambda body: _add(body, str(number)))
    return number


def _add(body: dict[str, Any], number: str) -> None:
    body["keys"][number] = _fresh()
    body.setdefault("made", {})[number] = _now()


def use_key(path: Path, number: int) -> None:
    """Seals from now on. Raises `VaultError` for a key that is not there."""
    if number not in load_key_file(path).keys:
        raise VaultError(f"{path}: there is no key {number}")
    _write(path, lambda body: body.update({"current": number}))


def drop_key(path: Path, number: int) -> None:
    """Whatever is still sealed under it never opens again: look first (`storage.rekeying`). Raises `VaultError`."""
    ring = load_key_file(path)
    if number not in ring.keys or number == ring.current:
        raise VaultError(f"{path}: key {number} is not there, or is the one that seals")
    _write(path, lambda body: body["keys"].pop(str(number)))


def bring_back(path: Path, copy: Path) -> list[int]:
    """The keys that a copy of the ring holds and this one lacks, to open with; their numbers. Raises `VaultError`: the
    copy is of another service, or the same number is another key there."""
    ring, other = load_key_file(path), load_key_file(copy)
    if not hmac.compare_digest(ring.index, other.index):
        raise VaultError(f"{copy}: the key ring of another service")
    if differ := [n for n in sorted(ring.keys.keys() & other.keys.keys()) if ring.keys[n] != other.keys[n]]:
        raise VaultError(f"{copy}: key {differ[0]} is another one there")
    lacking = sorted(other.keys.keys() - ring.keys.keys())
    if lacking:
        raw = {str(n): base64.b64encode(other.keys[n]).decode() for n in lacking}
        _write(path, lambda body: body["keys"].update(raw))
    return lacking


def rotate_key_file(path: Path) -> int:
    """Adds a key and makes it the current one; returns its number. Running processes use it within seconds."""
    number = add_key(path)
    use_key(path, number)
    return number


def _write(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """The file as it is, changed, in one step: whoever reads it meets the old or the new."""
    with path.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        body = json.loads(path.read_text())
        change(body)
        beside = path.with_name(path.name + ".new")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(body, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)


def load_key_file(path: Path) -> KeyRing:
    """Raises `VaultError` saying what to do."""
    try:
        mode = path.stat().st_mode
        raw = json.loads(path.read_text())
        keys = {int(number): base64.b64decode(key) for number, key in raw["keys"].items()}
        ring = KeyRing(keys, int(raw["current"]), base64.b64decode(raw["index"]))
    except OSError as error:
        raise VaultError(f"STORAGE_KEY_FILE: {path}: {error.strerror}") from error
    except (ValueError, KeyError, AttributeError, TypeError):
        raise VaultError(f"STORAGE_KEY_FILE: {path}: not a key file") from None
    if mode & 0o077:
        raise VaultError(f"STORAGE_KEY_FILE: {path}: others may read it; chmod 600")
    if ring.current not in keys or any(len(k) != KEY_BYTES for k in (*keys.values(), ring.index)):
        raise VaultError(f"STORAGE_KEY_FILE: {path}: keys must be {KEY_BYTES} bytes and the current one present")
    return ring


def open_vault(path: Path, clock: Callable[[], float] = time.monotonic) -> Vault:
    """A vault that looks at its file again when that has changed. Raises `VaultError`."""
    seen = [_stamp(path)]

    def again() -> KeyRing | None:
        stamp = _stamp(path)
        if stamp is None or stamp == seen[0]:
            return None
        try:
            ring = load_key_file(path)
        except VaultError:  # being replaced, or damaged: what is known goes on, and the next look tries again
            return None
        seen[0] = stamp
        return ring

    return Vault(load_key_file(path), again, clock)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def key_made_at(path: Path, number: int) -> datetime | None:
    """When a key of the ring was made; of one from before that was written down: when the file was changed last."""
    try:
        said = json.loads(path.read_text()).get("made", {}).get(str(number))
        return datetime.fromisoformat(said) if said else datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, ValueError, AttributeError):
        return None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _fresh() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
