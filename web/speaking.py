"""The language of the answer that is being made 语言: set from the request at the outermost door, read where words are chosen.

Residents are answered in the language they ask in; everybody else (the desk, grid workers, couriers, whoever runs the
service) in Chinese, and so is whatever is made without a request. It rides beside the call, as the locale does in every
framework: every view down to a leg's label would else carry it along.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from starlette.datastructures import Headers, QueryParams
from starlette.types import ASGIApp, Receive, Scope, Send

from web.language import HEADER, PARAMETER, Language, asked

RESIDENTS = ("/api/v1/", "/kiosk/api/")
_language: ContextVar[Language] = ContextVar("language", default="zh")


def language() -> Language:
    return _language.get()


def english() -> bool:
    return _language.get() == "en"


@contextmanager
def speaking(wanted: Language) -> Iterator[None]:
    before = _language.set(wanted)
    try:
        yield
    finally:
        _language.reset(before)


def _asked(scope: Scope) -> Language:
    parameters = QueryParams(scope.get("query_string", b""))
    return asked(parameters.get(PARAMETER, ""), Headers(scope=scope).get(HEADER, ""))


class Speaking:
    """ASGI: around everything that answers, refusals at the door included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        residents = scope["type"] == "http" and scope["path"].startswith(RESIDENTS)
        with speaking(_asked(scope) if residents else "zh"):
            await self._app(scope, receive, send)
