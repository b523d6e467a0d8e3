"""Somebody else's id opens nothing, wherever it is put: every id in an address and in a body of every interface, tried by
strangers of each kind; and nothing in the database is changed by the attempts, row by row.

What is tried is made from the routes themselves, so a new one is tried from its first day.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select

from storage.session import Database
from storage.tables import metadata
from storage.words import Role
from tests.web.kiosk.terminals import enrolled
from tests.web.points import agent, point, publish
from tests.web.smallest import query, smallest
from tests.web.test_desk_pages import with_departments
from tests.web.test_other_peoples import CALLS, things_of_hers
from tests.web.world import SYSTEM, Caller, World
from web.app import DESK, KIOSK, RESIDENT

STARTS = {
    "resident": ("/api/v1/",),
    "agent": ("/api/v1/",),
    "guest": ("/kiosk/api/", "/api/v1/"),
    "grid": ("/grid/",),
    "department": ("/desk/api/",),
}
CASES = ("no", "page", "sheet", "booking", "document", "upload", "pickup", "appointment", "complaint", "assignment")
CASES += ("incident", "batch", "transfer", "question", "proposal", "child", "note", "request", "task", "session")
"""Names in addresses that are somebody's."""
ALIKE = {"POST /api/v1/claims/code", "POST /api/v1/agent/submissions"}
"""Answers the same whatever is known of the case, since whoever has its phone knows; and says of each case of a list that
it is not there."""
OWN = "/desk/api/account/"
"""One's own sessions; a key has none."""
WITH: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/kiosk/api/cases/{no}/identity"): {"how": "picture", "page": "x"},
    ("POST", "/desk/api/cases/{no}/bookings/{booking}/settle"): {"waybill": "WB1"},
}
"""What a body needs besides what its model says."""
KEEPS_CHANGING = {"sessions", "misses", "kiosk_sessions", "guest_sessions", "devices", "alembic_version"}
"""Signs of life of whoever calls, and the count of what was tried."""


class Stranger(Protocol):
    def raw(self, method: str, path: str, **more: Any) -> Any: ...


@pytest.fixture
def hers(plain_world: World) -> dict[str, str]:
    things = things_of_hers(plain_world)
    processing = plain_world.file(with_departments(plain_world))
    words = {"event": "check_in", "step": "deactivate"}
    return {**things, **words, "sheet": things["page"], "assignment": processing.assignments[0].id}


def strangers(world: World, kind: str) -> tuple[Stranger, str]:
    """Somebody else, and a case of their own if they can have one."""
    if kind == "resident":
        me: Any = world.resident("stranger")
        return me, me.opens()
    if kind == "agent":
        publish(world)
        point(world, "cg-02", "另一个代办点")
        me = agent(world, "li", "cg-02")
        return me, me.opens()
    if kind == "guest":
        here = enrolled(world, "二号机")
        here.begins()
        return here, ""
    roles = (Role.GRID,) if kind == "grid" else (Role.CLERK, Role.INTAKE, Role.PRE_AUDITOR)
    with world.database.transaction() as tx:
        elsewhere = {"roles": frozenset(roles), "departments": frozenset({"swj"}), "region": "510104"}
        _, token = tx.staff.add_api_key("elsewhere", **elsewhere, actor=SYSTEM)
    return Caller(world, {"X-API-Key": token}), ""


def routes(kind: str) -> Iterator[tuple[str, APIRoute]]:
    found = [r for router in (*KIOSK, *RESIDENT, *DESK) for r in router.routes if isinstance(r, APIRoute)]
    return ((m, r) for r in found for m in sorted(r.methods) if r.path.startswith(STARTS[kind]))


class Filled(dict[str, str]):
    """An id that there is none of is any word."""

    def __missing__(self, key: str) -> str:
        return "x"


def rows(database: Database) -> Mapping[str, str]:
    """A digest of each table's rows."""
    found = {}
    with database.reading() as tx:
        for table in metadata.sorted_tables:
            if table.name not in KEEPS_CHANGING:
                all_of_them = sorted(repr(tuple(row)) for row in tx.all(select(table)))
                found[table.name] = hashlib.sha256("\n".join(all_of_them).encode()).hexdigest()
    return found


def body_of(method: str, route: APIRoute) -> dict[str, Any]:
    """Such that what is refused is refused for who asks."""
    if (known := CALLS.get((method, route.path))) is not None:
        return dict(known)
    body = smallest(route)
    return {} if body is None else {"json": {**body, **WITH.get((method, route.path), {})}}


def ids_in_body(route: APIRoute, hers: Mapping[str, str]) -> dict[str, Any]:
    """What a body may name that is somebody's."""
    if route.body_field is None:
        return {}
    schema = route.body_field._type_adapter.json_schema()
    schema = schema.get("$defs", {}).get(schema.get("$ref", "").rsplit("/", 1)[-1], schema)
    theirs = {"case": hers["no"], "cases": [hers["no"]], **{name: hers[name] for name in CASES if name in hers}}
    return {name: theirs[name] for name in schema.get("properties", {}) if name in theirs}


@pytest.mark.parametrize("kind", STARTS)
def test_an_id_of_somebody_else_opens_nothing_in_any_address(
    plain_world: World, hers: dict[str, str], kind: str
) -> None:
    me, _ = strangers(plain_world, kind)
    before, tried = rows(plain_world.database), 0
    for method, route in routes(kind):
        if any(f"{{{name}}}" in route.path for name in CASES) and not route.path.startswith(OWN):
            sent = {"params": query(route), **body_of(method, route)}
            if kind == "guest":
                sent.pop("headers", None)  # the terminal's own
            answer = me.raw(method, route.path.format_map(Filled(hers)), **sent)
            assert answer.status_code in (401, 403, 404), f"{method} {route.path}: {answer.status_code} {answer.text}"
            tried += 1
    assert tried > 2
    assert changed(before, rows(plain_world.database)) == []


@pytest.mark.parametrize("kind", ["resident", "agent", "department", "guest", "grid"])
def test_an_id_of_somebody_else_opens_nothing_in_any_body(plain_world: World, hers: dict[str, str], kind: str) -> None:
    me, own = strangers(plain_world, kind)
    before = rows(plain_world.database)
    for method, route in routes(kind):
        theirs = ids_in_body(route, hers)
        for name, value in theirs.items():
            sent = body_of(method, route)
            sent = {**sent, "json": {**sent.get("json", {}), name: value}}
            path = route.path.format_map(Filled({**hers, "no": own or hers["no"]}))
            answer, called = me.raw(method, path, **sent), f"{method} {route.path} with {name}"
            if f"{method} {route.path}" not in ALIKE:
                assert answer.status_code in (401, 403, 404, 409, 422), f"{called}: {answer.status_code} {answer.text}"
    assert changed(before, rows(plain_world.database)) == []


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return [name for name in after if before.get(name) != after[name]]


def test_every_interface_has_its_stranger() -> None:
    known = {path for starts in STARTS.values() for path in starts}
    paths = {r.path for router in (*KIOSK, *RESIDENT, *DESK) for r in router.routes if isinstance(r, APIRoute)}
    pages = {p for p in paths if not p.startswith(tuple(known))}
    assert all(p.startswith(("/desk", "/kiosk", "/grid")) for p in pages), pages
