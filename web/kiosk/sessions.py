"""A resident begins at a terminal, and ends, or is ended. Which session is whose: `web.guests`."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request

from cases.errors import NotFound
from storage.device_sessions import HowEnded
from storage.guest_endings import end_session
from web.asks import Ask
from web.auth import bearer_token
from web.doors import Doors, doors
from web.files import discard
from web.guests import Guest, guest_of
from web.kiosk.devices import Terminal
from web.kiosk.ending import end_open
from web.shapes import Shape, Time

router = APIRouter(prefix="/kiosk/api/sessions", tags=["kiosk"])
D = Annotated[Doors, Depends(doors)]


class BegunView(Shape):
    """`token`: for `Authorization: Bearer`, beside the terminal's cookie."""

    session: str
    token: str
    started_at: Time


class EndAsk(Ask):
    how: Literal["done", "left", "timed_out"]


class EndedView(Shape):
    done: bool = True


def guest(request: Request, token: Annotated[str, Depends(bearer_token)], d: D) -> Guest:
    """Who stands before the terminal that calls."""
    return guest_of(request, d, token)


@router.post("", status_code=201)
def begin(me: Terminal, d: D) -> BegunView:
    """At the first touch. Whatever was open at this terminal is over."""
    with d.database.transaction() as tx:
        unneeded = end_open(tx, me, HowEnded.REPLACED)
        made, token = tx.guest_sessions.start(me)
    discard(d.blobs, unneeded)
    return BegunView(session=made.id, token=token, started_at=made.started_at)


@router.post("/{session}/end")
def end(session: str, ask: EndAsk, me: Terminal, d: D) -> EndedView:
    """The token is worth nothing from now on; a draft is discarded, or kept for the phone if that was asked for."""
    with d.database.transaction() as tx:
        found = tx.guest_sessions.of_device(me.id, session)
        if found is None:
            raise NotFound("没有这次办理。")
        unneeded = end_session(tx, found, HowEnded(ask.how))
    discard(d.blobs, unneeded)
    return EndedView()
