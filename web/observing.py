"""What is seen of each request: its id, one log line, its count and time, the headers every answer carries.

Logs are facts about calls. `only_known` drops every key that is not listed here, so that a personal value cannot reach
the log by accident. A fault is logged once, with the place it came from, and answered without a word of it.
"""

import logging
import re
import sys
import time
import traceback
from collections.abc import MutableMapping
from typing import Any, TextIO, cast

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storage import tracing
from storage.ids import new_id
from storage.log_lines import LogLines
from storage.tracing import Cause
from web.errors import fault
from web.metrics import Meters
from web.naming import is_ours

log = structlog.get_logger("web")

LOGGED = frozenset(
    ["event", "level", "timestamp", "logger", "request", "method", "route", "status", "seconds", "case", "page", "booking", "assignment", "document", "upload", "item", "partner", "queue", "actor_kind", "actor", "error", "where", "bytes", "code", "reason", "material", "action", "count"]
)  # fmt: skip
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-site",
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
}
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_HSTS = "max-age=31536000"
_UNMATCHED = "(unmatched)"


def only_known(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: keys outside the list do not leave the process."""
    return {k: v for k, v in event.items() if k in LOGGED}


def configure_logs() -> None:
    """JSON lines on standard output."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_known,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        # said whole: whatever another composition of this process had set is not to shine through
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=cast(TextIO, LogLines(lambda: sys.stdout))),
        cache_logger_on_first_use=False,
    )


class Observed:
    """ASGI, outermost. The one place of this package that catches everything."""

    def __init__(self, app: ASGIApp, meters: Meters, *, secure: bool) -> None:
        self._app, self._meters, self._secure = app, meters, secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = _traced(Headers(scope=scope).get("traceparent", "")) or new_id()
        with tracing.because(request) as cause:
            await self._observe(scope, receive, send, cause)

    async def _observe(self, scope: Scope, receive: Receive, send: Send, cause: Cause) -> None:
        request, begun, seen = str(cause.request), time.perf_counter(), _Seen()
        structlog.contextvars.bind_contextvars(request=request)
        dress = _dressed(send, scope, request, seen, secure=self._secure)
        try:
            await self._app(scope, receive, dress)
        except ClientDisconnect:
            log.info("client_left", route=_route(scope))
        except Exception as error:
            log.error("request_failed", error=type(error).__name__, where=_where(error), route=_route(scope))
            if not seen.status:
                await fault()(scope, receive, dress)
        finally:
            self._report(scope, seen.status, time.perf_counter() - begun, cause.about)
            structlog.contextvars.clear_contextvars()

    def _report(self, scope: Scope, status: int, seconds: float, case: str | None) -> None:
        route, method = _route(scope), scope["method"]
        self._meters.answered(method, route, status, seconds)
        subject = _subject(scope) if case is None else {"case": case} | _subject(scope)
        log.info("request", method=method, route=route, status=status, seconds=round(seconds, 4), **subject)


class _Seen:
    status = 0


def _dressed(send: Send, scope: Scope, request: str, seen: _Seen, *, secure: bool) -> Send:
    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            seen.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = request
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            if secure:
                headers.setdefault("Strict-Transport-Security", _HSTS)
            if not scope["path"].startswith("/static/"):
                headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return dressed


def _traced(parent: str) -> str | None:
    """The trace that whoever stands before us began: W3C Trace Context, `00-<trace>-<parent>-<flags>`. Nothing else is
    taken from outside: 32 hexadecimal digits can be no name and no telephone number."""
    found = _TRACEPARENT.fullmatch(parent)
    return found[1] if found and found[1] != "0" * 32 else None


_IDS = {"no": "case"} | {name: name for name in ("page", "booking", "assignment", "document", "upload", "partner")}


def _subject(scope: Scope) -> dict[str, str]:
    """Who called about what: ids of ours only, never a secret that stands in a path."""
    params = scope.get("path_params", {})
    found = {_IDS[k]: str(v) for k, v in params.items() if k in _IDS and is_ours(str(v))}
    actor = scope.get("state", {}).get("actor")
    return {**found, "actor": actor} if actor else found


def _route(scope: Scope) -> str:
    """The route's template: paths hold case numbers, and a label per case would never end."""
    return str(getattr(scope.get("route"), "path", _UNMATCHED))


def _where(error: BaseException) -> str:
    """File, line and function of the last frames: enough to find it, nothing that was being worked on."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " < ".join(f"{f.filename.rsplit('/', 2)[-1]}:{f.lineno} {f.name}" for f in reversed(frames))
