"""猜号: whoever asks again and again for what is not there has to wait, whichever process is asked.

Counted is every answer that a number, a code or a name led nowhere (404), for the person, for the terminal they stand at
and for the address, and every refused login for the address. The counts stand in the database, keyed and short-lived; a process that reads there that
somebody is over remembers it until the time is over. So all processes together allow the limit, and each at most one
try more. While the database is away nothing is found anyway, and nothing is counted.
"""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

from anyio.to_thread import run_sync
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cases.errors import TooMany
from storage.session import TRANSIENT, Database
from web.errors import refused
from web.limits import counted_as
from web.settings import WebSettings

LASTS = timedelta(minutes=10)
LOGINS = frozenset({"/desk/login", "/desk/enter", "/grid/login", "/kiosk/enrol", "/api/v1/agent/session"})
ENTRANCE = "/api/v1/session"
"""Residents': a part of a mobile network stands behind one address, so as many are forgiven as numbers tried."""
BY_NUMBER = (
    *("/api/v1/cases/", "/api/v1/verify/", "/v/", "/kiosk/api/cases/"),
    *("/desk/api/cases/", "/desk/cases/", "/desk/api/labels/"),
)
"""Where an address that is over has to wait; the rest of an office goes on with its work."""
_NOT_FOUND, _REFUSED = 404, frozenset({401, 403, 422})
_OTHERS = ("/static/", "/app/", "/hooks/")
"""Files, and couriers, whose secrets are long and who are counted by address anyway."""
_REMEMBERED = 10_000
WAIT = "您多次查询了不存在的内容，请稍后再试。"


class Guesses:
    """Who is over, as far as this process knows. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock, self._until = clock, threading.Lock(), dict[str, float]()

    def check(self, *whos: str) -> None:
        """Raises `TooMany` while one of them has to wait."""
        at = self._clock()
        left = max((self._until.get(who, 0.0) - at for who in whos), default=0.0)
        if left > 0:
            raise TooMany(WAIT, retry_after=max(1, round(left)))

    def missed(self, database: Database, who: str, most: int) -> None:
        """Counts one miss of somebody, for every process."""
        try:
            with database.transaction() as tx:
                count = tx.note_miss(who, LASTS)
                left = tx.misses_of([who])[who][1]
        except TRANSIENT:
            return
        if count >= most:
            with self._lock:
                if len(self._until) >= _REMEMBERED:
                    self._until = {w: u for w, u in self._until.items() if u > self._clock()}
                self._until[who] = self._clock() + left


class Guessing:
    """ASGI: refuses whoever is over, where guessing is possible, and counts."""

    def __init__(self, app: ASGIApp, database: Database, guesses: Guesses, settings: WebSettings) -> None:
        self._app, self._database, self._guesses, self._settings = app, database, guesses, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        address = counted_as(scope)
        try:
            self._guesses.check(*_counted_for(scope, address))
        except TooMany as refusal:
            await refused(refusal)(scope, receive, send)
            return
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        await self._app(scope, receive, watched)
        for who, most in self._missed(scope, status, address):
            await run_sync(self._guesses.missed, self._database, who, most)

    def _missed(self, scope: Scope, status: int, address: str) -> list[tuple[str, int]]:
        if scope["path"] in LOGINS and status in _REFUSED:
            return [(f"login:{address}", self._settings.failed_logins_per_address)]
        if _signs_in(scope) and status in _REFUSED:
            return [(f"sign-in:{address}", self._settings.misses_per_address)]
        if status != _NOT_FOUND or not scope.get("path_params") or scope["path"].startswith(_OTHERS):
            return []
        found = [(f"address:{address}", self._settings.misses_per_address)]
        state = scope.get("state", {})
        whos = dict.fromkeys(state[who] for who in ("actor", "device") if who in state)
        return [*found, *((who, self._settings.misses_per_person) for who in whos)]


def _counted_for(scope: Scope, address: str) -> tuple[str, ...]:
    if scope["path"] in LOGINS:
        return (f"login:{address}",)
    if _signs_in(scope):
        return (f"sign-in:{address}",)
    return (f"address:{address}",) if scope["path"].startswith(BY_NUMBER) else ()


def _signs_in(scope: Scope) -> bool:
    return bool(scope["path"] == ENTRANCE and scope["method"] == "POST")
