"""Somebody of the office shows who they are: password and one-time code, counted when wrong, and a session that says where
it was opened."""

from fastapi import Request

from cases.errors import Forbidden, Unauthenticated
from storage.sessions import OpenedFrom
from storage.staff import SignInRefused, Staff
from web.asks import StaffLoginAsk
from web.doors import Doors
from web.limits import address_of, counted_as


class Locked(Forbidden):
    code = "locked"


LOCKED = "连续输错次数过多，账号已暂时锁定，请稍后再试。"
DEVICE_CHARS = 160


def signed_in(d: Doors, ask: StaffLoginAsk, request: Request) -> tuple[Staff, str]:
    """Who it is, and a session's token. Raises `Unauthenticated`, `Locked`."""
    d.rates.login.take(counted_as(request.scope))
    with d.database.transaction() as tx:  # committed also when refused: failures are counted
        signed = tx.staff.sign_in(ask.login, ask.password, ask.totp, opened_from(request, "password"))
    match signed:
        case SignInRefused.LOCKED:
            raise Locked(LOCKED)
        case SignInRefused.WRONG:
            raise Unauthenticated("登录名、密码或动态码不正确。")
        case (person, token):
            return person, token


def opened_from(request: Request, way: str) -> OpenedFrom:
    """As the holder will read it in the list of their sessions."""
    return OpenedFrom(way, request.headers.get("user-agent", "")[:DEVICE_CHARS], address_of(request.scope))
