"""Seals and signatures of partners. Keys come in as arguments; every comparison takes constant time.

- China Post EMS: `|$4|` + Base64(SM4-ECB-PKCS7(key, text + key as text)). There is no MAC: the key at the end of what
  is decrypted is the only sign of authenticity, so `open_sm4` demands it. ECB blocks can be rearranged by whoever
  holds other sealed texts: what comes out is well-formed more often than it is true. Treat it as weak.
- SF Express: a digest over text + timestamp + check word, in the three ways its console offers.
- Kuaidi100: MD5 in upper case over the text and a secret after it; KDNiao: Base64 of the hexadecimal MD5 of the same
  kind. MD5 with the secret at the end is old, yet nobody who lacks the secret can sign a text of their own; it says
  nothing of when, so a replay verifies.
- Standard Webhooks 1.0.0 (standardwebhooks.com): HMAC-SHA256 over `id.timestamp.body`, several signatures allowed.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import quote_plus

from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

SM4_PREFIX = "|$4|"
_BLOCK_BITS = 128
# What the libraries of Standard Webhooks allow, both ways.
TOLERANCE = timedelta(minutes=5)


class SealBroken(Exception):
    """Not sealed with our key, or not whole. Says no more than that, so that nobody learns by trying."""

    def __init__(self) -> None:
        super().__init__("the seal is not ours or the text is not whole")


class SignatureRefused(Exception):
    """The signature is missing, old or wrong; `reason` is for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"signature refused: {reason}")
        self.reason = reason


def same(a: str | bytes, b: str | bytes) -> bool:
    """Whether two secrets are equal and not empty, in constant time."""
    left, right = (x.encode() if isinstance(x, str) else x for x in (a, b))
    return bool(left) and hmac.compare_digest(left, right)


def sm4_key(text: str) -> bytes:
    """The 16 bytes of a key given as Base64. Raises `ValueError`."""
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        key = b""
    if len(key) != 16:
        raise ValueError("an SM4 key is 16 bytes in Base64")
    return key


def seal_sm4(text: str, key: str) -> str:
    """EMS's `logitcsInterface` for a body."""
    padder = padding.PKCS7(_BLOCK_BITS).padder()
    padded = padder.update((text + key).encode()) + padder.finalize()
    cipher = Cipher(SM4(sm4_key(key)), modes.ECB()).encryptor()  # ECB is the partner's choice, see above
    return SM4_PREFIX + base64.b64encode(cipher.update(padded) + cipher.finalize()).decode()


def open_sm4(sealed: str, key: str) -> bytes:
    """The body inside, without the key at its end. Raises `SealBroken` for anything that is not exactly ours."""
    if not sealed.startswith(SM4_PREFIX):
        raise SealBroken
    cipher = Cipher(SM4(sm4_key(key)), modes.ECB()).decryptor()
    unpadder = padding.PKCS7(_BLOCK_BITS).unpadder()
    try:
        padded = cipher.update(base64.b64decode(sealed[len(SM4_PREFIX) :], validate=True)) + cipher.finalize()
        text = unpadder.update(padded) + unpadder.finalize()
    except (binascii.Error, ValueError):
        raise SealBroken from None
    tail = key.encode()
    if not hmac.compare_digest(text[-len(tail) :], tail):
        raise SealBroken
    return text[: -len(tail)]


def sf_standard_md5(text: str, timestamp: str, check_word: str) -> str:
    """SF's default: MD5 over the URL-encoded whole, as Java encodes (blank is +, ~ is %7E, * stays)."""
    encoded = quote_plus(text + timestamp + check_word, safe="*").replace("~", "%7E")
    return base64.b64encode(_md5(encoded).digest()).decode()


def sf_simple_md5(text: str, timestamp: str, check_word: str) -> str:
    """SF's second way: the same without encoding. SF's own page prints a digest for it that belongs to the first."""
    return base64.b64encode(_md5(text + timestamp + check_word).digest()).decode()


def sf_sm3(text: str, timestamp: str, check_word: str) -> str:
    """SF's third way: SM3 (GB/T 32905) in lower-case hexadecimal."""
    whole = hashes.Hash(hashes.SM3())
    whole.update((text + timestamp + check_word).encode())
    return whole.finalize().hex()


def md5_upper(*parts: str) -> str:
    """Kuaidi100's: 32 upper-case hexadecimal digits over the parts one after the other."""
    return _md5("".join(parts)).hexdigest().upper()


def md5_lower(*parts: str) -> str:
    """JD Logistics': the same in lower case."""
    return _md5("".join(parts)).hexdigest()


def kdniao_sign(text: str, app_key: str) -> str:
    """KDNiao's DataSign before it is URL-encoded: Base64 of the hexadecimal digits, not of the sixteen bytes."""
    return base64.b64encode(_md5(text + app_key).hexdigest().encode()).decode()


def _md5(text: str) -> "hashlib._Hash":
    return hashlib.md5(text.encode(), usedforsecurity=False)


def webhook_signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,<base64>` of Standard Webhooks. `secret` is `whsec_` + Base64."""
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def check_webhook(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """The message id of a genuine, fresh message. Raises `SignatureRefused`. `headers` in any case of letters."""
    got = {k.lower(): v for k, v in headers.items()}
    message_id, stamp = got.get("webhook-id", ""), got.get("webhook-timestamp", "")
    if not secret or not message_id or not got.get("webhook-signature"):
        raise SignatureRefused("missing")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise SignatureRefused("timestamp")
    if abs(now - datetime.fromtimestamp(int(stamp), UTC)) > TOLERANCE:
        raise SignatureRefused("stale")
    right = webhook_signature(secret, message_id, int(stamp), body)
    # Every offered signature is compared, so that time does not tell which one was right (key rotation sends several).
    if sum(same(right, offered) for offered in got["webhook-signature"].split()) == 0:
        raise SignatureRefused("wrong")
    return message_id
