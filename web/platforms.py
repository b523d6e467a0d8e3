"""The messaging platform's login: a one-time code in, who it is out. And its push: the handshake's signature.

`EmbeddedPlatform` is the console body of the port for one's own machine: `dev:NAME` is whoever says so. It exists only
where the settings allow it by name.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from cases.errors import InvalidRequest, Unauthenticated

EMBEDDED = "embedded"
_NAME_MAX = 64
PUSH_TOLERANCE = timedelta(minutes=5)
"""Older pushes are refused: a recorded one could be sent again."""


@dataclass(frozen=True)
class PlatformIdentity:
    """Who the platform says it is. `user` means something only to the platform."""

    platform: str
    user: str


class Platform(Protocol):
    @property
    def name(self) -> str: ...

    def verify(self, code: str) -> PlatformIdentity:
        """Raises `Unauthenticated` for a code that is wrong, old or used."""


class EmbeddedPlatform:
    name = EMBEDDED

    def verify(self, code: str) -> PlatformIdentity:
        kind, _, name = code.partition(":")
        if kind != "dev" or not name.strip() or len(name) > _NAME_MAX:
            raise Unauthenticated("登录码无效，请重新登录。")
        return PlatformIdentity(self.name, name.strip())


def platforms(*, embedded: bool) -> Mapping[str, Platform]:
    """Every platform of this deployment by name."""
    return {EMBEDDED: EmbeddedPlatform()} if embedded else {}


def identify(known: Mapping[str, Platform], platform: str, code: str) -> PlatformIdentity:
    if platform not in known:
        raise InvalidRequest("不支持从该平台登录。", platforms=sorted(known))
    return known[platform].verify(code)


def push_signature(token: str, timestamp: str, nonce: str) -> str:
    """SHA-1 over the three, sorted: the platform's own rule."""
    return hashlib.sha1("".join(sorted((token, timestamp, nonce))).encode(), usedforsecurity=False).hexdigest()


def push_is_genuine(token: str, signature: str, timestamp: str, nonce: str, now: datetime) -> bool:
    """Whether the platform signed it, and lately. False without a token."""
    genuine = hmac.compare_digest(push_signature(token, timestamp, nonce).encode(), signature.encode())
    return bool(token) and genuine and _is_fresh(timestamp, now)


def _is_fresh(timestamp: str, now: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 11):
        return False
    return abs(now.timestamp() - int(timestamp)) <= PUSH_TOLERANCE.total_seconds()
