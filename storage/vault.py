"""Sealing: personal values and pictures are kept encrypted, and found again by a blind index.

Envelope encryption with AES-256-GCM. Every value gets a data key of its own, wrapped by the newest key of the ring;
table, column and row id are associated data, so a ciphertext moved to another place does not open. A version byte and
the key's number stand in front: after `rotate_key_file` old values still open, new ones use the new key.

Refuses: a key file that others may read, a value sealed for another place (`SealBroken`), an unknown key.
Not promised: hiding lengths; blind indexes show that two rows hold the same value, which is what they are for.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

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


class Vault:
    def __init__(self, ring: KeyRing) -> None:
        self._wrapping = {number: AESGCM(key) for number, key in ring.keys.items()}
        self._current = ring.current
        self._index = ring.index

    def seal(self, context: Context, value: bytes) -> bytes:
        head = bytes([VERSION]) + self._current.to_bytes(2, "big")
        data_key, nonce, wrap_nonce = (secrets.token_bytes(n) for n in (KEY_BYTES, NONCE_BYTES, NONCE_BYTES))
        place = head + context.bytes()
        wrapped = wrap_nonce + self._wrapping[self._current].encrypt(wrap_nonce, data_key, place)
        return head + wrapped + nonce + AESGCM(data_key).encrypt(nonce, value, place)

    def unseal(self, context: Context, sealed: bytes) -> bytes:
        """Raises `SealBroken`."""
        head, rest = sealed[:HEAD_BYTES], sealed[HEAD_BYTES:]
        wrapping = self._wrapping.get(int.from_bytes(head[1:], "big"))
        if len(head) < HEAD_BYTES or head[0] != VERSION or wrapping is None:
            raise SealBroken(f"{context.table}.{context.column}: sealed by an unknown version or key")
        wrapped, body = rest[:WRAPPED_BYTES], rest[WRAPPED_BYTES:]
        place = head + context.bytes()
        try:
            data_key = wrapping.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], place)
            return AESGCM(data_key).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], place)
        except (InvalidTag, ValueError):
            raise SealBroken(f"{context.table}.{context.column}: changed, or sealed for another row") from None

    def blind(self, purpose: str, value: str) -> str:
        """The same value gives the same index: for searching and for uniqueness, never for showing."""
        return self.mac(purpose, value.strip().upper())[: INDEX_BYTES * 2]

    def mac(self, purpose: str, value: str) -> str:
        """Full-length keyed hash, hex: what is kept of a token."""
        return hmac.new(self._index, f"{purpose}\x1f{value}".encode(), hashlib.sha256).hexdigest()


def create_key_file(path: Path) -> None:
    """A new ring with one key, mode 600. Raises `VaultError` if the file exists: overwriting it loses everything."""
    path.parent.mkdir(parents=True, exist_ok=True)
    body = {"current": 1, "keys": {"1": _fresh()}, "index": _fresh()}
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise VaultError(f"{path}: a key file is already there; without it nothing sealed can be opened") from None
    with os.fdopen(descriptor, "w") as file:
        json.dump(body, file)
        file.flush()
        os.fsync(file.fileno())


def rotate_key_file(path: Path) -> int:
    """Adds a key and makes it the current one; returns its number. Processes use it from their next start."""
    ring = load_key_file(path)
    body = json.loads(path.read_text())
    body["current"] = 1 + max(ring.keys)
    body["keys"][str(body["current"])] = _fresh()
    beside = path.with_name(path.name + ".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(body, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    return int(body["current"])


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


def open_vault(path: Path) -> Vault:
    return Vault(load_key_file(path))


def _fresh() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
