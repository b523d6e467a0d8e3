"""Logging in to the desk: name, password and one-time code; a cookie that scripts cannot read, and a CSRF word for
changes."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from storage.staff import Staff
from web.asks import StaffLoginAsk
from web.auth import COOKIE, Desk, csrf_of, requires
from web.doors import Doors, doors
from web.permissions import Permission, granted
from web.shapes import Shape
from web.signing_in import signed_in

router = APIRouter(prefix="/desk", tags=["desk"])
D = Annotated[Doors, Depends(doors)]


class StaffView(Shape):
    name: str
    roles: list[str]
    departments: list[str]
    permissions: list[str]
    csrf: str
    """Send it as `X-CSRF-Token` with every change."""


class LoggedOut(Shape):
    done: bool = True


@router.post("/login")
def log_in(ask: StaffLoginAsk, request: Request, response: Response, d: D) -> StaffView:
    """Sets the session cookie. The answer does not say whether the name or the password was wrong."""
    return sign_in(d, ask, request, response, "/desk")


def sign_in(d: Doors, ask: StaffLoginAsk, request: Request, response: Response, path: str) -> StaffView:
    """The cookie is sent to the pages under `path` only. Raises `Unauthenticated`, `Locked`."""
    person, token = signed_in(d, ask, request)
    set_cookie(response, token, path, secure=d.settings.cookie_secure)
    return _staff_view(person, token)


def set_cookie(response: Response, token: str, path: str, *, secure: bool) -> None:
    response.set_cookie(COOKIE, token, httponly=True, secure=secure, samesite="strict", path=path)


def _staff_view(person: Staff, token: str) -> StaffView:
    return StaffView(
        name=person.name,
        roles=sorted(person.roles),
        departments=sorted(person.departments),
        permissions=sorted(granted(person.roles)),
        csrf=csrf_of(token),
    )


@router.post("/logout")
def log_out(me: Annotated[Desk, Depends(requires(Permission.SIGNED_IN))], response: Response, d: D) -> LoggedOut:
    """The session is worth nothing from now on."""
    return sign_out(d, me, response, "/desk")


def sign_out(d: Doors, me: Desk, response: Response, path: str) -> LoggedOut:
    with d.database.transaction() as tx:
        tx.people.revoke(me.token)
    response.delete_cookie(COOKIE, path=path, secure=d.settings.cookie_secure, httponly=True, samesite="strict")
    return LoggedOut()


@router.get("/api/me")
def show_me(me: Annotated[Desk, Depends(requires(Permission.SIGNED_IN))]) -> StaffView:
    """Who one is here and what one may do."""
    return me_view(me)


def me_view(me: Desk) -> StaffView:
    return StaffView(
        name=me.name,
        roles=sorted(me.roles),
        departments=sorted(me.departments),
        permissions=sorted(me.permissions),
        csrf=csrf_of(me.token) if me.token else "",
    )
