"""Who is calling. Residents show `Authorization: Bearer`, staff a session cookie with a CSRF header on every change,
department systems `X-API-Key`.

`requires(permission)` is how a desk route says who may call it; the permission stands on the dependency, where a test
reads it. A session is looked up at every call, so revoking one or changing a role works at once.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, APIKeyHeader, HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials

from cases.errors import Forbidden, Unauthenticated
from cases.helping import Point
from storage.actors import Actor, Scope
from storage.session import Database, Transaction
from storage.sessions import Session
from storage.words import ActorKind, Role
from web.doors import Doors, doors
from web.guests import admit, is_guest, resident_guest
from web.permissions import Permission, granted
from web.writing import Caller

COOKIE = "zerotrip_desk"
CSRF_HEADER = "X-CSRF-Token"
ENDED = "登录已失效，请重新登录。"
NOT_FOR_AGENTS = ("/api/v1/me/", "/api/v1/session/phone", "/api/v1/take-over", "/api/v1/claims", "/api/v1/appointments")
"""Of one's own account: an agent does these at home, as anybody."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_bearer = HTTPBearer(auto_error=False, description="The token from POST /api/v1/session")
_cookie = APIKeyCookie(name=COOKIE, auto_error=False)
_api_key = APIKeyHeader(name="X-API-Key", auto_error=False)


@dataclass(frozen=True)
class Desk(Caller):
    """Somebody of the back office, or a department's system. `departments` are those it belongs to by name."""

    name: str
    roles: frozenset[Role]
    departments: frozenset[str]
    permissions: frozenset[Permission]
    token: str = ""


@dataclass(frozen=True)
class AgentCaller(Caller):
    """Somebody of an agent point: sees and changes what the point looks after, under their own name."""

    name: str
    point: Point


def holder_of(database: Database, token: str, kind: ActorKind) -> str:
    """The person or staff id behind a session. Raises `Unauthenticated`."""
    session = session_of(database, token)
    if session.kind is not kind:
        raise Unauthenticated(ENDED)
    return session.holder


def session_of(database: Database, token: str) -> Session:
    """Raises `Unauthenticated`."""
    with database.glancing() as tx:
        session = tx.people.session(token)
    if session is not None and session.to_be_touched:
        with database.transaction() as tx:
            session = tx.people.session(token)
    if session is None:
        raise Unauthenticated(ENDED)
    return session


def bearer_token(shown: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]) -> str:
    if shown is None:
        raise Unauthenticated("请先登录。")
    return shown.credentials


def resident(
    request: Request, d: Annotated[Doors, Depends(doors)], token: Annotated[str, Depends(bearer_token)]
) -> Caller:
    """Whoever calls the residents' API: at home, or as a guest of a terminal."""
    return resident_guest(request, d, token) if is_guest(token) else _at_home(request, d, token)


def _at_home(request: Request, d: Doors, token: str) -> Caller:
    """The resident who calls: sees and changes their own cases only; or somebody of an agent point, with its cases."""
    session = session_of(d.database, token)
    if session.kind is ActorKind.STAFF:
        return agent(request, d, session.holder)
    if session.kind is not ActorKind.RESIDENT:
        raise Unauthenticated(ENDED)
    person = session.holder
    admit(request, d, f"resident:{person}")
    return Caller(Actor(ActorKind.RESIDENT, person), Scope.of_person(person), f"resident:{person}")


def agent(request: Request, d: Doors, staff: str) -> AgentCaller:
    """Raises `Unauthenticated` for staff who are no agents, `Forbidden` for what nobody does for another."""
    with d.database.reading() as tx:
        found = agent_of(tx, staff)
    if request.url.path.startswith(NOT_FOR_AGENTS) or request.url.path.endswith("/rating"):
        raise Forbidden("请申请人在自己的账户办理。")
    admit(request, d, found.key)
    return found


def agent_of(tx: Transaction, staff_id: str) -> AgentCaller:
    person, point = tx.staff.staff(staff_id), tx.agents.point_of(staff_id)
    if not person.active or Permission.AGENT_WORK not in granted(person.roles) or point is None:
        raise Unauthenticated("该账号不是代办点账号，或已停用。")
    actor = Actor(ActorKind.STAFF, person.id, on_behalf_of=f"point:{point.code}")
    scope = Scope.of_point(point.code, point.person)
    return AgentCaller(actor, scope, f"staff:{person.id}", person.name, point)


def csrf_of(token: str) -> str:
    """Only who holds the session can tell it; another site's form cannot."""
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


def desk(
    request: Request,
    d: Annotated[Doors, Depends(doors)],
    cookie: Annotated[str | None, Security(_cookie)],
    api_key: Annotated[str | None, Security(_api_key)],
) -> Desk:
    """Staff or a department's system. Raises `Unauthenticated`, or `Forbidden` for a change without its CSRF header."""
    if api_key:
        found = _system(d.database, api_key)
    elif cookie:
        found = _staff(d, cookie)
        if request.method not in _SAFE:
            _check_csrf(request, cookie)
    else:
        raise Unauthenticated("请先登录。")
    admit(request, d, found.key)
    return found


def _system(database: Database, key: str) -> Desk:
    with database.reading() as tx:
        found = tx.staff.api_key(key)
    if found is None:
        raise Unauthenticated("接口密钥无效或已停用。")
    return Desk(
        Actor(ActorKind.STAFF, found.id),
        found.scope,
        f"staff:{found.id}",
        found.name,
        found.roles,
        found.departments,
        granted(found.roles),
    )


def _staff(d: Doors, token: str) -> Desk:
    holder = holder_of(d.database, token, ActorKind.STAFF)
    with d.database.reading() as tx:
        return desk_of(tx, holder, token)


def desk_of(tx: Transaction, staff_id: str, token: str) -> Desk:
    person = tx.staff.staff(staff_id)
    if not person.active:
        raise Unauthenticated("该账号已停用。")
    return Desk(
        Actor(ActorKind.STAFF, person.id),
        person.scope,
        f"staff:{person.id}",
        person.name,
        person.roles,
        person.departments,
        granted(person.roles),
        token,
    )


def _check_csrf(request: Request, token: str) -> None:
    shown = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(shown.encode(), csrf_of(token).encode()):
        raise Forbidden("页面已过期，请刷新后重试。", header=CSRF_HEADER)


class Requires:
    """The dependency of a desk route. `permission` is read by the test that every route declares one."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    def __call__(self, caller: Annotated[Desk, Depends(desk)]) -> Desk:
        if self.permission not in caller.permissions:
            raise Forbidden("您没有权限进行该操作。", permission=str(self.permission))
        return caller


def requires(permission: Permission) -> Requires:
    return Requires(permission)
