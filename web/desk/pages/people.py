"""One's own account, and the people who work here, as pages. What they change is done by the JSON doors' functions."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import HTMLResponse

from storage.words import Role
from web.asks import Write
from web.auth import Desk, requires
from web.desk import account, staff
from web.desk.pages.shell import PageRoute, departments_of, page
from web.doors import Doors, doors
from web.permissions import Permission

router = APIRouter(prefix="/desk", include_in_schema=False, route_class=PageRoute)
D = Annotated[Doors, Depends(doors)]
Me = Annotated[Desk, Depends(requires(Permission.SIGNED_IN))]
Manager = Annotated[Desk, Depends(requires(Permission.STAFF_MANAGE))]
Reader = Annotated[Desk, Depends(requires(Permission.STAFF_READ))]
ROLES: Mapping[str, str] = {
    Role.INTAKE: "综合窗口",
    Role.PRE_AUDITOR: "预审员",
    Role.CLERK: "部门经办人",
    Role.SUPERVISOR: "监察督办",
    Role.ITEM_MANAGER: "事项管理员",
    Role.AUDITOR: "审计员",
    Role.ADMINISTRATOR: "系统管理员",
    Role.GRID: "网格员",
    Role.AGENT: "代办员",
}
GIVEN = [role for role in Role if role is not Role.AGENT]
"""An agent belongs to a point, which the command line asks for."""
WAYS: Mapping[str, str] = {"password": "密码", "provider": "统一身份认证", "grid": "网格端", "": "—"}


@router.get("/account", response_class=HTMLResponse)
def account_page(me: Me, d: D) -> HTMLResponse:
    return page("account.html", me, _account(me, d))


@router.post("/account/password", response_class=HTMLResponse)
def change_password(form: Annotated[account.PasswordAsk, Form()], me: Me, d: D) -> HTMLResponse:
    account.change_password(form, me, d)
    return page("account_done.html", me, {"sentence": "密码已更换，其他登录都已退出。"})


@router.post("/account/totp", response_class=HTMLResponse)
def renew_totp(form: Annotated[account.TotpAsk, Form()], me: Me, d: D) -> HTMLResponse:
    made = account.renew_totp(form, me, d)
    return page("account_totp.html", me, {"made": made, "picture": staff.totp_picture(made.totp_uri)})


@router.post("/account/totp/finish", response_class=HTMLResponse)
def finish_totp(form: Annotated[account.CodeAsk, Form()], me: Me, d: D) -> HTMLResponse:
    account.finish_totp(form, me, d)
    return page("account_done.html", me, {"sentence": "新的动态码已启用，旧的不再有效。"})


@router.post("/account/sessions/{session}/end", response_class=HTMLResponse)
def end_own_session(session: str, me: Me, d: D) -> HTMLResponse:
    account.end_own_session(session, Write(), me, d)
    return page("account.html", me, _account(me, d))


@router.get("/staff", response_class=HTMLResponse)
def staff_page(me: Reader, d: D) -> HTMLResponse:
    seen = staff.list_staff(me, d)
    here, left = ([p for p in seen.staff if p.active is active] for active in (True, False))
    return page("staff.html", me, {"here": here, "left": left, "now": datetime.now(UTC), **_words(d)})


@router.post("/staff", response_class=HTMLResponse)
def add_staff(form: Annotated[staff.StaffAsk, Form()], me: Manager, d: D) -> HTMLResponse:
    made = staff.add_staff(form, me, d)
    return page("staff_once.html", me, _made(made))


@router.get("/staff/{person}", response_class=HTMLResponse)
def person_page(person: str, me: Reader, d: D) -> HTMLResponse:
    return page("staff_one.html", me, _person(person, me, d))


@router.post("/staff/{person}/reset", response_class=HTMLResponse)
def reset_staff(person: str, me: Manager, d: D) -> HTMLResponse:
    return page("staff_once.html", me, _made(staff.reset_staff(person, Write(), me, d)))


@router.post("/staff/{person}/roles", response_class=HTMLResponse)
def assign_staff(person: str, form: Annotated[staff.RolesAsk, Form()], me: Manager, d: D) -> HTMLResponse:
    staff.assign_staff(person, form, me, d)
    return page("staff_one.html", me, _person(person, me, d) | {"saved": True})


@router.post("/staff/{person}/sessions/{session}/end", response_class=HTMLResponse)
def end_session(person: str, session: str, me: Manager, d: D) -> HTMLResponse:
    staff.end_session(person, session, Write(), me, d)
    return page("staff_one.html", me, _person(person, me, d))


@router.post("/staff/{person}/{step}", response_class=HTMLResponse)
def change_staff(person: str, step: staff.Step, me: Manager, d: D) -> Response:
    staff.change_staff(person, step, Write(), me, d)
    return page("staff_one.html", me, _person(person, me, d))


def _account(me: Desk, d: Doors) -> dict[str, Any]:
    seen = account.show_account(me, d)
    return {"seen": seen, "now": datetime.now(UTC), **_words(d)}


def _person(person: str, me: Desk, d: Doors) -> dict[str, Any]:
    seen = staff.show_staff(person, me, d)
    return {"seen": seen, "now": datetime.now(UTC), "own": seen.person.id == me.actor.id, "saved": False, **_words(d)}


def _made(made: staff.StaffMade) -> dict[str, Any]:
    picture = staff.totp_picture(made.once.totp_uri) if made.once else ""
    return {"made": made, "picture": picture}


def _words(d: Doors) -> dict[str, Any]:
    with d.database.reading() as tx:
        regions = list(tx.region_names().values())
    named = departments_of(regions)
    return {
        "roles": ROLES,
        "given": GIVEN,
        "ways": WAYS,
        "every_department": dict(sorted(named.items())),
        "every_region": {region.code: region.name for region in regions},
        "departments": lambda code: named.get(code, code),
    }
