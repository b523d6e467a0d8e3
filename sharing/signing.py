"""Signatures of both directions: HMAC-SHA256 over what must not be changed on the way, in constant time.

A request signs client, time, nonce, path and body; its answer signs the request's nonce, the status and the body, so that
an answer to somebody else's question, or to an older one, is worth nothing.
"""

import hashlib
import hmac
from typing import NamedTuple

CLIENT = "Sharing-Client"
TIMESTAMP = "Sharing-Timestamp"
NONCE = "Sharing-Nonce"
SIGNATURE = "Sharing-Signature"
TOLERANCE_S = 300
"""How far the clocks of the two sides may be apart."""


class Stamp(NamedTuple):
    """Who asks, when (seconds of Unix time), and a string that is never used twice."""

    client: str
    timestamp: str
    nonce: str


def of_request(secret: str, stamp: Stamp, path: str, body: bytes) -> str:
    return _mac(secret, "request", *stamp, path, body)


def of_answer(secret: str, nonce: str, status: int, body: bytes) -> str:
    return _mac(secret, "answer", nonce, str(status), body)


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _mac(secret: str, *parts: str | bytes) -> str:
    lines = b"\n".join(p if isinstance(p, bytes) else p.encode() for p in parts)
    return f"v1={hmac.new(secret.encode(), lines, hashlib.sha256).hexdigest()}"
