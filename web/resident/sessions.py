"""Logging in with the platform's one-time code, and out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from web.asks import LoginAsk
from web.auth import bearer_token, resident
from web.doors import Doors, doors
from web.limits import counted_as
from web.platforms import platform_of
from web.shapes import Shape, Time
from web.writing import Caller

router = APIRouter(prefix="/api/v1/session", tags=["session"])


class SessionView(Shape):
    token: str
    person: str
    ends_at: Time


class PhoneView(Shape):
    phone: str


class DoneView(Shape):
    done: bool = True


@router.post("")
def log_in(ask: LoginAsk, request: Request, d: Annotated[Doors, Depends(doors)]) -> SessionView:
    """A token for the platform's one-time code. The embedded platform accepts `dev:NAME`."""
    d.rates.sign_ins.take(counted_as(request.scope))
    who = platform_of(d.platforms, ask.platform).verify(ask.code)
    with d.database.transaction() as tx:
        person, token = tx.people.sign_in(who.platform, who.user)
        opened = tx.people.session(token)
        assert opened is not None
    return SessionView(token=token, person=person.id, ends_at=opened.ends_at)


@router.post("/phone")
def phone(_: Annotated[Caller, Depends(resident)], ask: LoginAsk, d: Annotated[Doors, Depends(doors)]) -> PhoneView:
    """The number behind the platform's number button, for the form. It is kept only if the resident sends it."""
    return PhoneView(phone=platform_of(d.platforms, ask.platform).phone(ask.code))


@router.delete("")
def log_out(
    _: Annotated[Caller, Depends(resident)],
    token: Annotated[str, Depends(bearer_token)],
    d: Annotated[Doors, Depends(doors)],
) -> DoneView:
    """The token is worth nothing from now on."""
    with d.database.transaction() as tx:
        tx.people.revoke(token)
    return DoneView()
