"""不变则不答: a resident whose case has not changed since they last saw it is told so, and nothing is made for them.

The answer of `GET /api/v1/cases/{no}` carries an `ETag` of the case's version; whoever sends it back in
`If-None-Match` gets 304. Those who ask within the same moment are looked up together, in a thread of their own. Nothing
is remembered from one question to the next, so any number of processes may answer, and a revoked session, a lost
case or a new day is seen at once.

What can change without the case being changed has no tag: how long a page that waits for its reader will still wait.
"""

import asyncio
import hashlib
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from cases.deadlines import beijing_day
from cases.errors import TooMany
from storage.polled import Poll, Standing, session_key, standings
from storage.session import TRANSIENT, Database
from web.errors import refused
from web.limits import RateLimit
from web.speaking import language

EVERY_S = 0.01
"""The least time from one question to the database to the next: a hundred a second, whoever many ask."""
AT_ONCE = 500
"""Names in one statement."""
_CASE = re.compile(r"^/api/v1/cases/([0-9]{21})$")
_ROUTE = SimpleNamespace(path="/api/v1/cases/{no}")
_ROOMS = ("web", "cases", "storage", "preaudit/items")


@cache
def release() -> str:
    """Of the program that makes the answer: another one may say the same case in other words."""
    root, whole = Path(__file__).parents[1], hashlib.sha256()
    for room in _ROOMS:
        for path in sorted(p for kind in ("*.py", "*.yaml") for p in (root / room).rglob(kind)):
            whole.update(path.read_bytes())
    return whole.hexdigest()[:12]


def tag(version: int) -> str:
    """Of a case as its owner sees it today in the language of the call."""
    return f'W/"{version}-{language()}-{beijing_day(datetime.now(UTC)):%m%d}-{release()}"'


class Looker:
    """Collects who asks and looks them up together. One per process; its calls are made on the event loop, of which
    there is one at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="polls")
        self._asked: dict[Poll, asyncio.Future[Standing | None]] = {}
        self._looking: asyncio.AbstractEventLoop | None = None

    async def look(self, poll: Poll) -> Standing | None:
        loop = asyncio.get_running_loop()
        if self._looking is not loop:
            self._asked = {}
        if (waiting := self._asked.get(poll)) is None:
            waiting = self._asked[poll] = loop.create_future()
        if self._looking is not loop:
            self._looking = loop
            self._begin(loop)
        return await asyncio.shield(waiting)

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        asked, self._asked = self._asked, {}
        work = loop.run_in_executor(self._thread, self._standings, list(asked))
        begun = loop.time()
        work.add_done_callback(lambda done: self._end(loop, asked, done, begun))

    def _standings(self, polls: list[Poll]) -> Mapping[Poll, Standing]:
        found: dict[Poll, Standing] = {}
        with self._database.glancing() as tx:
            for first in range(0, len(polls), AT_ONCE):
                found |= standings(tx, polls[first : first + AT_ONCE])
        return found

    def _end(
        self,
        loop: asyncio.AbstractEventLoop,
        asked: Mapping[Poll, asyncio.Future[Standing | None]],
        done: asyncio.Future[Mapping[Poll, Standing]],
        begun: float,
    ) -> None:
        """Whoever could not be looked up asks the long way, which says what is wrong."""
        error = done.exception()
        found = {} if error is not None else done.result()
        for poll, waiting in asked.items():
            if not waiting.done():
                waiting.set_result(found.get(poll))
        loop.call_at(begun + EVERY_S, self._again, loop)
        if error is not None and not isinstance(error, TRANSIENT):
            raise error

    def _again(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._asked:
            self._begin(loop)
        else:
            self._looking = None

    def close(self) -> None:
        self._thread.shutdown()


class Unchanged:
    """ASGI: says 304 to whoever knows the case as it is; everything else goes on."""

    def __init__(self, app: ASGIApp, database: Database, looker: Looker, persons: RateLimit) -> None:
        self._app, self._looker, self._persons, self._vault = app, looker, persons, database.vault

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = self._asked(scope)
        if asked is None or not await self._is_same(*asked, scope, receive, send):
            await self._app(scope, receive, send)

    def _asked(self, scope: Scope) -> tuple[Poll, bytes] | None:
        if scope["type"] != "http" or scope["method"] != "GET" or not (case := _CASE.match(scope["path"])):
            return None
        known = shown = None
        for name, value in scope["headers"]:
            if name == b"if-none-match":
                known = value
            elif name == b"authorization":
                shown = value
        if known is None or shown is None or shown[:7].lower() != b"bearer ":
            return None
        session = session_key(self._vault, shown[7:].decode("latin-1"))
        return None if session is None else (Poll(session, case[1]), known)

    async def _is_same(self, poll: Poll, known: bytes, scope: Scope, receive: Receive, send: Send) -> bool:
        """Whether it was answered here."""
        standing = await self._looker.look(poll)
        if standing is None or (now := tag(standing.version).encode()) not in known:
            return False
        _observed(scope, poll, standing)
        try:
            self._persons.take(f"resident:{standing.person}")
        except TooMany as refusal:
            await refused(refusal)(scope, receive, send)
            return True
        await send({"type": "http.response.start", "status": 304, "headers": [(b"etag", now)]})
        await send({"type": "http.response.body", "body": b""})
        return True


def _observed(scope: Scope, poll: Poll, standing: Standing) -> None:
    """What the log and the figures tell of a call that reached its route."""
    more: dict[str, Any] = {"route": _ROUTE, "path_params": {"no": poll.number}}
    scope.update(more)
    scope.setdefault("state", {})["actor"] = f"resident:{standing.person}"
