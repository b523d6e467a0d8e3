"""Pushes of WeChat: signatures, and the encrypted form. Pure.

Plain: sha1 over the sorted token, timestamp and nonce. Safe mode: the same over these three and the cipher text; AES-256
in CBC, the first 16 bytes of the key as vector, padded to 32; the plain text is 16 random bytes, a length of 4 bytes,
the message, the appid.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

TOLERANCE = timedelta(minutes=5)
"""Older pushes are refused: a recorded one could be sent again."""
_BLOCK, _RANDOM, _LENGTH = 32, 16, 4
_IN_XML = re.compile(rb"<Encrypt><!\[CDATA\[([A-Za-z0-9+/=]+)\]\]></Encrypt>")
"""The one element that is needed of the envelope; what else stands there is not signed."""


class PushUnreadable(Exception):
    """A push that is not in the form it should have. The message is a stable word."""


@dataclass(frozen=True)
class Push:
    """What stands beside a push in its address."""

    signature: str
    timestamp: str
    nonce: str
    message_signature: str = ""


def signature(token: str, *parts: str) -> str:
    """SHA-1 over all, sorted: the platform's own rule."""
    return hashlib.sha1("".join(sorted((token, *parts))).encode(), usedforsecurity=False).hexdigest()


def is_genuine(token: str, push: Push, now: datetime) -> bool:
    """Whether the platform signed the address, and lately. False without a token."""
    right = signature(token, push.timestamp, push.nonce)
    return bool(token) and _same(right, push.signature) and is_fresh(push.timestamp, now)


def is_fresh(timestamp: str, now: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 11):
        return False
    return abs(now.timestamp() - int(timestamp)) <= TOLERANCE.total_seconds()


def opened(token: str, aes_key: str, appid: str, push: Push, body: bytes) -> bytes:
    """The message of an encrypted push, JSON or XML. Raises `PushUnreadable`, also for one that somebody else made."""
    cipher_text = _encrypted(body)
    if not _same(signature(token, push.timestamp, push.nonce, cipher_text), push.message_signature):
        raise PushUnreadable("signature")
    plain = _decrypted(aes_key, cipher_text)
    size = int.from_bytes(plain[_RANDOM : _RANDOM + _LENGTH], "big")
    start = _RANDOM + _LENGTH
    message, to = plain[start : start + size], plain[start + size :]
    if len(message) != size or not hmac.compare_digest(to, appid.encode()):
        raise PushUnreadable("appid")
    return message


def sealed(aes_key: str, appid: str, message: bytes, random: bytes) -> str:
    """The other way round, as the platform does it. `random`: 16 bytes."""
    plain = random + len(message).to_bytes(_LENGTH, "big") + message + appid.encode()
    pad = _BLOCK - len(plain) % _BLOCK
    writer = _cipher(aes_key).encryptor()
    return base64.b64encode(writer.update(plain + bytes([pad]) * pad) + writer.finalize()).decode()


def _decrypted(aes_key: str, cipher_text: str) -> bytes:
    try:
        raw = base64.b64decode(cipher_text, validate=True)
    except (binascii.Error, ValueError):
        raise PushUnreadable("base64") from None
    if not raw or len(raw) % (AES.block_size // 8):
        raise PushUnreadable("length")
    reader = _cipher(aes_key).decryptor()
    padded = reader.update(raw) + reader.finalize()
    pad = padded[-1]
    if not 1 <= pad <= _BLOCK or pad > len(padded):
        raise PushUnreadable("padding")
    return padded[:-pad]


def _cipher(aes_key: str) -> Cipher[CBC]:
    key = base64.b64decode(aes_key + "=")
    return Cipher(AES(key), CBC(key[:16]))


def _encrypted(body: bytes) -> str:
    text = body.strip()
    found = _in_json(text) if text.startswith(b"{") else _IN_XML.search(text)
    if found is None:
        raise PushUnreadable("not_encrypted")
    cipher_text = found if isinstance(found, str) else found[1].decode()
    if not cipher_text.isascii():
        raise PushUnreadable("base64")
    return cipher_text


def _in_json(text: bytes) -> str | None:
    try:
        found = json.loads(text).get("Encrypt")
    except (ValueError, RecursionError):
        raise PushUnreadable("form") from None
    return found if isinstance(found, str) and found else None


def _same(right: str, given: str) -> bool:
    return hmac.compare_digest(right.encode(), given.encode())
