"""The one access token of the mini-program, shared by every process through a store.

`stable_token` gives all callers the same token until it is about to end, so that two processes that fetch it at once do
no harm; a forced one is made only when the platform refuses the very token it would give us again, and at most each
half minute (its own rule).
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from messaging.port import PlatformDown

EARLY = timedelta(minutes=4)
"""A token is fetched anew so long before its end: a call of `stable_token` always returns five minutes of life."""
FORCED_APART = timedelta(seconds=30)


class TokenStore(Protocol):
    """Shared by all processes; kept sealed. What is held: the token, when it ends, when one was last forced."""

    def now(self) -> datetime: ...

    def held(self) -> tuple[str, datetime, datetime | None] | None: ...

    def keep(self, value: str, ends_at: datetime, forced_at: datetime | None) -> None: ...


_NONE: tuple[str, datetime, datetime | None] = ("", datetime.min.replace(tzinfo=UTC) + EARLY, None)
Fetch = Callable[[bool], tuple[str, int]]
"""`force` in; the token and its seconds to live out. Raises `PlatformDown`."""


class Tokens:
    def __init__(self, store: TokenStore, fetch: Fetch) -> None:
        self._store, self._fetch = store, fetch

    def current(self) -> str:
        """Raises `PlatformDown`."""
        value, ends_at, forced_at = self._store.held() or _NONE
        if self._store.now() < ends_at - EARLY:
            return value
        return self._renewed(forced_at, force=False)

    def instead_of(self, worn: str) -> str:
        """Another one than the platform has just refused. Raises `PlatformDown`."""
        value, _, forced_at = self._store.held() or _NONE
        if value not in ("", worn):
            return value
        fresh = self._renewed(forced_at, force=False)
        return fresh if fresh != worn else self._renewed(forced_at, force=True)

    def _renewed(self, forced_at: datetime | None, *, force: bool) -> str:
        now = self._store.now()
        if force and forced_at is not None and now < forced_at + FORCED_APART:
            raise PlatformDown("token_refused", forced_at + FORCED_APART - now)
        value, seconds = self._fetch(force)
        self._store.keep(value, now + timedelta(seconds=seconds), now if force else forced_at)
        return value
