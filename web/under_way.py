"""同时上传: how many files may be on their way in at once, in this process and of one account.

A file on its way takes memory for as long as its line is slow, so one too many is told to come again before any of it
is read, and not when there is no memory left. Whoever sends much meets their own limit before anybody else's.
"""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from cases.errors import TooMany
from web.errors import refused
from web.limits import takes_file
from web.settings import WebSettings

COME_AGAIN_S = (3, 15)
"""Spread, so that those who were refused together do not come back together."""
_SENDING = frozenset({"POST", "PUT", "PATCH"})
FULL = "现在同时上传的人很多，请稍后再传。"
FULL_OF_ONE = "同时上传的文件太多，请等前面的传完再传。"


class FilesUnderWay:
    """ASGI. Its calls are made on the event loop, one at a time."""

    def __init__(self, app: ASGIApp, settings: WebSettings) -> None:
        self._app, self._most, self._most_of_one = app, settings.files_under_way, settings.files_of_one
        self._of = Counter[str]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in _SENDING or not takes_file(scope["path"]):
            await self._app(scope, receive, send)
            return
        who = _shown(scope)
        try:
            self._admit(who)
        except TooMany as refusal:
            await refused(refusal)(scope, receive, send)
            return
        with self._counted(who):
            await self._app(scope, receive, send)

    def _admit(self, who: str) -> None:
        again = random.randint(*COME_AGAIN_S)
        if self._of[who] >= self._most_of_one:
            raise TooMany(FULL_OF_ONE, retry_after=again)
        if self._of.total() >= self._most:
            raise TooMany(FULL, retry_after=again)

    @contextmanager
    def _counted(self, who: str) -> Iterator[None]:
        self._of[who] += 1
        try:
            yield
        finally:
            self._of[who] -= 1
            if not self._of[who]:
                del self._of[who]


def _shown(scope: Scope) -> str:
    """What tells one account from another before anybody was looked up. Whoever shows something else at every call is
    refused by the doors before their file is read."""
    headers = Headers(scope=scope)
    return headers.get("authorization") or headers.get("x-api-key") or headers.get("cookie") or ""
