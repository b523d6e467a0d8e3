"""The resident who stands before a self-service terminal: a guest, bound to the session and to the device.

The token counts only beside the cookie of the device that it was made for, so that one that was seen somewhere opens
nothing elsewhere. What a guest may call is a list; everything else of the residents' API is refused to them.
"""

from dataclasses import dataclass

from fastapi import Request
from starlette.routing import Route

from cases.errors import Forbidden, Unauthenticated
from storage.actors import Actor, Scope
from storage.device_sessions import GUEST_PREFIX, GuestSession
from storage.devices import Device
from storage.words import ActorKind
from web.doors import Doors
from web.limits import sends_file
from web.writing import Caller

COOKIE = "zerotrip_kiosk"
MAY = frozenset(
    {
        "GET /api/v1/cases/{no}",
        "POST /api/v1/cases/{no}/materials/{key}/pages",
        "DELETE /api/v1/cases/{no}/pages/{page}",
        "POST /api/v1/cases/{no}/submit",
    }
)
"""Of the residents' API. Beside it: the terminal's own routes, which ask for a guest."""
_OVER = "本次办理已经结束，请重新开始。"


@dataclass(frozen=True)
class Guest(Caller):
    session: GuestSession


def admit(request: Request, d: Doors, key: str) -> None:
    """Whoever it is may call now. Raises `TooMany`: too often, too many files, or after too many numbers that are not
    there."""
    d.rates.person.take(key)
    _count_more(request, d, key)
    request.state.actor = key


def _count_more(request: Request, d: Doors, key: str) -> None:
    if sends_file(request.method, request.url.path):
        d.rates.pages.take(key)
    if request.path_params:
        d.guesses.check(key)


def is_guest(token: str) -> bool:
    return token.startswith(GUEST_PREFIX)


def device_of(request: Request, d: Doors) -> Device:
    """The enrolled terminal that calls. Raises `Unauthenticated`."""
    token = request.cookies.get(COOKIE, "")
    with d.database.reading() as tx:
        found = tx.devices.by_token(token)
    if found is None:
        raise Unauthenticated("这台终端还没有启用，或已停用。")
    request.state.actor = _admit_device(request, d, found.id)
    return found


def _admit_device(request: Request, d: Doors, device: str) -> str:
    """Counted whoever stands before it: the next guest is another person. Raises `TooMany`."""
    key = f"device:{device}"
    d.rates.device.take(device)
    _count_more(request, d, key)
    request.state.device = key
    return key


def guest_of(request: Request, d: Doors, token: str) -> Guest:
    """Raises `Unauthenticated` for a session that is over, and at any other device."""
    with d.database.reading() as tx:
        session = tx.guest_sessions.by_tokens(token, request.cookies.get(COOKIE, ""))
    if session is None:
        raise Unauthenticated(_OVER)
    _admit_device(request, d, session.device)
    admit(request, d, f"resident:{session.person}")
    who = Actor(ActorKind.RESIDENT, session.person)
    return Guest(who, Scope.of_person(session.person), f"resident:{session.person}", session)


def resident_guest(request: Request, d: Doors, token: str) -> Guest:
    """A guest at a route of the residents' API. Raises `Forbidden` outside the list."""
    guest, route = guest_of(request, d, token), request.scope.get("route")
    name = f"{request.method} {route.path}" if isinstance(route, Route) else ""
    if name not in MAY:
        raise Forbidden("自助终端上不能进行这项操作，请用手机办理。")
    return guest
