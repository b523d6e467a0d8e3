"""The terminal itself: enrolling it once with a code, and its signs of life.

The device's token goes into a cookie that scripts cannot read and that other sites' pages do not send.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import StringConstraints

from cases.errors import Unauthenticated
from storage.devices import Device, DeviceState, Paper
from web.asks import Ask, Word
from web.doors import Doors, doors
from web.files import discard
from web.guests import COOKIE, device_of
from web.kiosk.ending import end_lapsed
from web.limits import counted_as
from web.shapes import Shape

router = APIRouter(prefix="/kiosk", tags=["kiosk"])
D = Annotated[Doors, Depends(doors)]
LASTS_S = 400 * 24 * 3600
"""What browsers keep a cookie for at most; a terminal is enrolled anew after it, or after being left off so long."""


class EnrolAsk(Ask):
    code: Annotated[str, StringConstraints(min_length=10, max_length=10, strip_whitespace=True, to_upper=True)]


class HeartbeatAsk(Ask):
    """`paper`: left out by a terminal that cannot tell. `session`: the one that is under way there."""

    state: DeviceState
    paper: Paper | None = None
    session: Word | None = None


class TerminalView(Shape):
    """`bridge`: where its card reader, scanner and printer answer; None: the camera and the browser's printing."""

    id: str
    name: str
    office: str
    region: str
    bridge: str | None
    paper: Paper


class HeartView(Shape):
    """`alive`: whether the session that was named is still open."""

    paper: Paper
    alive: bool


def device(request: Request, d: D) -> Device:
    """The enrolled terminal that calls."""
    return device_of(request, d)


Terminal = Annotated[Device, Depends(device)]


@router.post("/enrol")
def enrol(ask: EnrolAsk, request: Request, response: Response, d: D) -> TerminalView:
    """Once, with the code that `zerotrip devices add` shows."""
    d.rates.login.take(counted_as(request.scope))
    with d.database.transaction() as tx:
        made = tx.devices.enrol(ask.code)
    if made is None:
        raise Unauthenticated("启用码不正确，或已用过、已过期。")
    found, token = made
    keep_cookie(response, token, secure=d.settings.cookie_secure)
    return _view(found)


def keep_cookie(response: Response, token: str, *, secure: bool) -> None:
    """For the page and for the API it calls."""
    response.set_cookie(COOKIE, token, max_age=LASTS_S, httponly=True, secure=secure, samesite="strict", path="/")


@router.get("/api/device")
def show_device(me: Terminal) -> TerminalView:
    """What the terminal is called, where it stands, and whether it has paper."""
    return _view(me)


@router.post("/api/heartbeat")
def heartbeat(ask: HeartbeatAsk, me: Terminal, d: D) -> HeartView:
    """Every few seconds. A session that it names stays; one that it does not name any more ends by itself."""
    with d.database.transaction() as tx:
        found = tx.devices.heard(me, ask.state, ask.paper)
        unneeded = end_lapsed(tx, me)
        open_now = tx.guest_sessions.open_at(me.id)
        alive = open_now is not None and open_now.id == ask.session
        if open_now is not None and alive:
            tx.guest_sessions.stays(open_now)
    discard(d.blobs, unneeded)
    return HeartView(paper=found.paper, alive=alive)


def _view(found: Device) -> TerminalView:
    return TerminalView(
        id=found.id, name=found.name, office=found.office, region=found.region, bridge=found.bridge, paper=found.paper
    )
