"""People of the back office, for administrators: who is here, what they may do, where they are signed in.

Passwords and secrets are made here and shown once, in the answer itself: what is kept for a repeated request leaves them
out, so asking again shows nothing. Nobody changes their own roles, and one administrator always stays.
"""

import secrets as random
from collections.abc import Callable
from typing import Annotated, Literal

import pyotp
import segno
from fastapi import APIRouter, Depends
from pydantic import Field, StringConstraints

from cases.errors import InvalidRequest
from cases.sentences import say
from storage.session import Transaction
from storage.sessions import OpenSession, open_sessions, revoke_listed
from storage.staff import Staff
from storage.words import ActorKind, Role
from web.asks import MAX_ENTRIES, Word, Write
from web.auth import Desk, requires
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape, Time
from web.writing import asked, write

router = APIRouter(prefix="/desk/api/staff", tags=["desk"])
D = Annotated[Doors, Depends(doors)]
Manager = Annotated[Desk, Depends(requires(Permission.STAFF_MANAGE))]
Reader = Annotated[Desk, Depends(requires(Permission.STAFF_READ))]
PASSWORD_BYTES = 12
ISSUER = "零跑动"
"""As the app with the one-time codes lists it."""


class StaffLine(Shape):
    id: str
    login: str
    name: str
    roles: list[str]
    departments: list[str]
    region: str | None
    active: bool
    locked_until: Time | None
    at_provider: bool
    """Known at the city's identity provider."""


class StaffList(Shape):
    staff: list[StaffLine]


class SessionLine(Shape):
    id: str
    way: str
    """password | provider | grid; empty: not known"""
    device: str
    address: str
    made_at: Time
    seen_at: Time
    ends_at: Time


class StaffDetail(Shape):
    person: StaffLine
    sessions: list[SessionLine]


class Once(Shape):
    """Shown once, and kept nowhere in clear."""

    password: str
    totp_secret: str
    totp_uri: str
    """For the app that makes the codes; also as a QR code."""


class StaffMade(Shape):
    person: StaffLine
    once: Once | None = None
    """None when the same request comes again."""


class Ended(Shape):
    ended: int


class StaffAsk(Write):
    login: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{2,64}$", strip_whitespace=True)]
    name: Annotated[str, StringConstraints(min_length=1, max_length=64, strip_whitespace=True)]
    roles: Annotated[list[Role], Field(min_length=1, max_length=len(Role))]
    departments: Annotated[list[Word], Field(max_length=MAX_ENTRIES, default_factory=list)]
    region: Annotated[str, StringConstraints(pattern=r"^(\d{6})?$")] = ""
    """Six digits; empty: every region."""


class RolesAsk(Write):
    roles: Annotated[list[Role], Field(min_length=1, max_length=len(Role))]
    departments: Annotated[list[Word], Field(max_length=MAX_ENTRIES, default_factory=list)]


@router.get("")
def list_staff(_me: Reader, d: D) -> StaffList:
    """Everybody, with roles and departments; also who has left."""
    with d.database.reading() as tx:
        return StaffList(staff=[staff_line(person) for person in tx.staff.list()])


@router.get("/{person}")
def show_staff(person: str, _me: Reader, d: D) -> StaffDetail:
    """One of them, and where they are signed in."""
    with d.database.reading() as tx:
        found = tx.staff.staff(person)
        lines = [session_line(line) for line in open_sessions(tx, ActorKind.STAFF, person)]
    return StaffDetail(person=staff_line(found), sessions=lines)


@router.post("", status_code=201)
def add_staff(ask: StaffAsk, me: Manager, d: D) -> StaffMade:
    """Somebody new. Agents of village points are added with `zerotrip staff add`, which knows the points."""

    def work(tx: Transaction) -> tuple[Staff, Once]:
        _check(tx, ask.roles, ask.departments)
        password = new_password()
        roles, departments = frozenset(ask.roles), frozenset(ask.departments)
        made, secret = tx.staff.add(
            ask.login,
            ask.name,
            password,
            roles=roles,
            departments=departments,
            region=ask.region or None,
            actor=me.actor,
        )
        return made, once(made.login, password, secret)

    return _made(d, me, ask, ("add",), work)


@router.post("/{person}/reset")
def reset_staff(person: str, ask: Write, me: Manager, d: D) -> StaffMade:
    """A new password and a new secret for one-time codes; every session ends."""

    def work(tx: Transaction) -> tuple[Staff, Once]:
        found, password = tx.staff.staff(person), new_password()
        secret = tx.staff.reset(person, password, actor=me.actor)
        return tx.staff.staff(person), once(found.login, password, secret)

    return _made(d, me, ask, ("reset", person), work)


def _made(
    d: Doors, me: Desk, ask: Write, what: tuple[str, ...], work: Callable[[Transaction], tuple[Staff, Once]]
) -> StaffMade:
    shown: list[Once] = []

    def kept(tx: Transaction) -> StaffMade:
        person, secret = work(tx)
        shown[:] = [secret]
        return StaffMade(person=staff_line(person))

    made = write(d.database, asked(me, ask, "staff", *what), StaffMade, kept)
    return made.model_copy(update={"once": shown[0] if shown else None})


@router.post("/{person}/roles")
def assign_staff(person: str, ask: RolesAsk, me: Manager, d: D) -> StaffLine:
    """Other roles and departments, from the next click on."""

    def work(tx: Transaction) -> StaffLine:
        before = tx.staff.staff(person)
        _check(tx, set(ask.roles) - before.roles, ask.departments)
        return staff_line(tx.staff.assign(person, frozenset(ask.roles), frozenset(ask.departments), actor=me.actor))

    return write(d.database, asked(me, ask, "staff roles", person), StaffLine, work)


@router.post("/{person}/sessions/{session}/end")
def end_session(person: str, session: str, ask: Write, me: Manager, d: D) -> Ended:
    """One of their sessions, at once."""

    def work(tx: Transaction) -> Ended:
        ended = revoke_listed(tx, ActorKind.STAFF, person, session)
        if ended:
            tx.record(f"staff:{person}", me.actor, "session_ended", {"session": session})
        return Ended(ended=int(ended))

    return write(d.database, asked(me, ask, "end session", person, session), Ended, work)


Step = Literal["deactivate", "activate", "unlock", "unlink"]


@router.post("/{person}/{step}")
def change_staff(person: str, step: Step, ask: Write, me: Manager, d: D) -> StaffLine:
    """`deactivate` ends every session at once. `unlock`: before the quarter of an hour is over. `unlink`: whoever comes
    next from the identity provider with this login is taken for them."""

    def work(tx: Transaction) -> StaffLine:
        steps = {
            "deactivate": tx.staff.deactivate,
            "activate": tx.staff.activate,
            "unlock": tx.staff.unlock,
            "unlink": tx.staff.unlink,
        }
        steps[step](person, actor=me.actor)
        return staff_line(tx.staff.staff(person))

    return write(d.database, asked(me, ask, "staff", step, person), StaffLine, work)


def _check(tx: Transaction, roles: "set[Role] | list[Role]", departments: list[str]) -> None:
    if Role.AGENT in roles:
        raise InvalidRequest("代办点人员请用命令行添加，并指明代办点。")
    known = {code for region in tx.region_names().values() for code in region.departments}
    if unknown := sorted(set(departments) - known):
        raise InvalidRequest(say("没有这个部门：{departments}。", departments="、".join(unknown)), departments=unknown)


def new_password() -> str:
    return random.token_urlsafe(PASSWORD_BYTES)


def once(login: str, password: str, secret: str) -> Once:
    return Once(password=password, totp_secret=secret, totp_uri=totp_uri(login, secret))


def totp_uri(login: str, secret: str) -> str:
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def totp_picture(uri: str) -> str:
    """The QR code as SVG, to stand in a page."""
    return str(segno.make(uri, error="m").svg_inline(scale=4, border=2))


def staff_line(person: Staff) -> StaffLine:
    return StaffLine(
        id=person.id,
        login=person.login,
        name=person.name,
        roles=sorted(person.roles),
        departments=sorted(person.departments),
        region=person.region,
        active=person.active,
        locked_until=person.locked_until,
        at_provider=person.at_provider,
    )


def session_line(line: OpenSession) -> SessionLine:
    opened = line.opened
    return SessionLine(
        id=line.id,
        way=opened.way if opened else "",
        device=opened.device if opened else "",
        address=opened.address if opened else "",
        made_at=line.made_at,
        seen_at=line.seen_at,
        ends_at=line.ends_at,
    )
