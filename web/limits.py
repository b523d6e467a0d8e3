"""How much and how often: body caps before anything is parsed, and calls per minute.

Rates are counted in this process's memory: with n processes behind a balancer a caller gets up to n times as many.
That is meant: a limit keeps one caller from starving the others, it is no quota. What must hold for all processes
together, guessing and failed logins, is counted in the database (`web.guessing`). Refuses to grow: counters of a past
minute are dropped.
"""

import asyncio
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Any

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cases.errors import NotFound, TooMany
from courier.registry import hook_opens
from courier.settings import CourierSettings
from web.errors import refused, too_large
from web.settings import WebSettings

MULTIPART_SLACK = 65_536
"""What stands around the file in a multipart body: boundaries, headers, our few fields."""
_MINUTE = 60.0
_PAGE = re.compile(r"^/api/v1/cases/[^/]+/(materials/[^/]+/pages|packing/photo|complaints)/?$")
_ATTACHED = re.compile(r"^/desk/(api/)?(assignments/[^/]+/files|rectifications/[^/]+/rectify)/?$")
_CHUNK = re.compile(r"^/api/v1/uploads/[^/]+/?$")


class RateLimit:
    """A count per key and minute. Thread-safe."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute, self._clock = per_minute, clock
        self._lock = threading.Lock()
        self._minute, self._counts = -1, dict[str, int]()

    def take(self, key: str) -> None:
        """Counts one call. Raises `TooMany`, which says how many seconds to wait."""
        at = self._clock()
        with self._lock:
            minute = int(at // _MINUTE)
            if minute != self._minute:
                self._minute, self._counts = minute, {}
            self._counts[key] = self._counts.get(key, 0) + 1
            over = self._counts[key] > self._per_minute
        if over:
            raise TooMany("操作太频繁，请稍后再试。", retry_after=max(1, round(_MINUTE - at % _MINUTE)))


@dataclass(frozen=True)
class Rates:
    """One counter per purpose."""

    person: RateLimit
    address: RateLimit
    login: RateLimit
    device: RateLimit
    pages: RateLimit
    lookups: RateLimit
    codes: RateLimit
    sign_ins: RateLimit

    @classmethod
    def of(cls, settings: WebSettings) -> "Rates":
        return cls(**{f.name: RateLimit(getattr(settings, _SETTING[f.name])) for f in fields(cls)})


_SETTING = {
    "person": "person_per_minute",
    "address": "address_per_minute",
    "login": "logins_per_minute",
    "device": "device_per_minute",
    "pages": "pages_per_minute",
    "lookups": "lookups_per_minute",
    "codes": "codes_per_minute",
    "sign_ins": "sign_ins_per_minute",
}


def takes_file(path: str) -> bool:
    """Whether photographs, PDFs or pieces of them are sent there."""
    return _takes_whole_file(path) or bool(_CHUNK.match(path))


def sends_file(method: str, path: str) -> bool:
    """Whether a whole file comes with this call. Pieces are counted with the upload that announced them."""
    return method == "POST" and _takes_whole_file(path)


def _takes_whole_file(path: str) -> bool:
    return bool(_PAGE.match(path) or _ATTACHED.match(path))


def body_cap(settings: WebSettings, path: str) -> int:
    """How large a body this path may be sent."""
    if _takes_whole_file(path):
        return settings.upload_max_bytes + MULTIPART_SLACK
    if _CHUNK.match(path):
        return settings.chunk_max_bytes
    return settings.push_max_bytes if path.startswith("/hooks/") else settings.json_max_bytes


class BodyTooLarge(HTTPException):
    """Raised while a body is being read, wherever that is: frameworks pass an HTTPException through."""

    def __init__(self, cap: int) -> None:
        super().__init__(413)
        self.cap = cap


class Stalled(HTTPException):
    """Nothing more of a body came for too long: whoever sends a byte a minute does not keep a place for ever."""

    def __init__(self) -> None:
        super().__init__(408, headers={"Connection": "close"})


class Bounds:
    """ASGI: a body past its cap is not read any further, whether its length was announced or not, nor one of which
    nothing more comes; an address with a NUL in it leads nowhere, and no database is asked about it."""

    def __init__(self, app: ASGIApp, settings: WebSettings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if "\x00" in scope["path"] or b"%00" in scope.get("query_string", b""):
            await refused(NotFound("没有找到您要的内容。"))(scope, receive, send)
            return
        cap = body_cap(self._settings, scope["path"])
        if _announced(scope) > cap:
            await refused(too_large(cap))(scope, receive, send)
            return
        await self._app(scope, _watched(receive, cap, self._settings.stalled_after_s), send)


def _announced(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else 0


def _watched(receive: Receive, cap: int, patience_s: float) -> Receive:
    seen, more = 0, True

    async def watched() -> Message:
        nonlocal seen, more
        try:
            # after the whole body it is waited for whether the caller leaves, as long as that takes
            async with asyncio.timeout(patience_s if more else None):
                message = await receive()
        except TimeoutError:
            raise Stalled from None
        seen, more = seen + len(message.get("body", b"")), bool(message.get("more_body"))
        if seen > cap:
            raise BodyTooLarge(cap)
        return message

    return watched


class AddressRate:
    """ASGI: calls per address. Health and metrics are not counted: whoever watches must not be shut out. Nor is a
    courier at the address we gave him: a partner pushes for the whole city from one machine, and what he is refused
    comes again. Whoever tries secrets is counted like anybody."""

    def __init__(self, app: ASGIApp, rate: RateLimit, couriers: CourierSettings) -> None:
        self._app, self._rate, self._couriers = app, rate, couriers

    def _uncounted(self, path: str) -> bool:
        hook = path.removeprefix("/hooks/couriers/").split("/") if path.startswith("/hooks/couriers/") else ()
        return path in ("/healthz", "/readyz", "/metrics") or (len(hook) == 2 and hook_opens(self._couriers, *hook))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._uncounted(scope["path"]):
            try:
                self._rate.take(counted_as(scope))
            except TooMany as refusal:
                await refused(refusal)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def address_of(scope: Scope | Mapping[str, Any]) -> str:
    """The caller's address as the server saw it; behind a proxy of `WEB_TRUSTED_PROXIES`, as that one saw it."""
    client = scope.get("client")
    return str(client[0]) if client else "unknown"


def counted_as(scope: Scope | Mapping[str, Any]) -> str:
    """Whom to count: the address; of the sixth version its /64, because a single line has all of one (RFC 6177)."""
    address = address_of(scope)
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv4Address):
        return address
    return str(known.ipv4_mapped or IPv6Network((int(known) >> 64 << 64, 64)))
