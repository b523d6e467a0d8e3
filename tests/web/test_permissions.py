"""Who may call what, as a table: every route × every role. A route that declares nothing is on a named list or a fault."""

from typing import Any

import pytest
from fastapi.routing import APIRoute

from storage.words import Role
from tests.web.item_rights import ITEMS
from tests.web.world import World
from web.app import DESK, KIOSK, OUTSIDE, RESIDENT
from web.auth import Requires, resident
from web.kiosk.devices import device
from web.kiosk.sessions import guest
from web.permissions import ROLE_PERMISSIONS, Permission, granted

PUBLIC = {
    "POST /api/v1/session",
    "GET /api/v1/items",
    "GET /api/v1/items/{code}",
    "GET /api/v1/regions",
    "GET /api/v1/regions/{code}/busy",
    "GET /api/v1/life-events",
    "POST /api/v1/agent/session",
    "POST /desk/login",
    "POST /hooks/couriers/{partner}/{secret}",
    "GET /hooks/platform/{name}",
    "POST /hooks/platform/{name}",
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",
    "GET /",
    "GET /v",
    "GET /v/{code}",
    "GET /api/v1/verify/{code}",
    "GET /desk/login",
    "GET /desk/provider",
    "GET /desk/provider/back",
    "POST /desk/enter",
    "POST /grid/login",
    "GET /grid",
    "GET /grid/sw.js",
    "GET /kiosk",
    "GET /kiosk/sw.js",
    "POST /kiosk/enrol",
}
INTAKE, PRE_AUDITOR, CLERK, SUPERVISOR, ITEM_MANAGER, AUDITOR, ADMINISTRATOR, GRID, AGENT = Role
MAY: dict[str, set[Role]] = {
    **ITEMS,
    "POST /desk/logout": set(Role),
    "GET /desk/api/me": set(Role),
    "GET /desk": set(Role),
    "GET /desk/assignments": {CLERK, SUPERVISOR, AUDITOR},
    "POST /desk/assignments/{assignment}/decision": {CLERK},
    "GET /desk/board": {SUPERVISOR, AUDITOR, ADMINISTRATOR},
    "GET /desk/statistics": {SUPERVISOR, ITEM_MANAGER, AUDITOR, ADMINISTRATOR},
    "GET /desk/statistics/cases": {SUPERVISOR, ITEM_MANAGER, AUDITOR, ADMINISTRATOR},
    "POST /desk/leave": set(Role),
    "GET /desk/account": set(Role),
    "POST /desk/account/password": set(Role),
    "POST /desk/account/totp": set(Role),
    "POST /desk/account/totp/finish": set(Role),
    "POST /desk/account/sessions/{session}/end": set(Role),
    "GET /desk/staff": {AUDITOR, ADMINISTRATOR},
    "POST /desk/staff": {ADMINISTRATOR},
    "GET /desk/staff/{person}": {AUDITOR, ADMINISTRATOR},
    "POST /desk/staff/{person}/reset": {ADMINISTRATOR},
    "POST /desk/staff/{person}/roles": {ADMINISTRATOR},
    "POST /desk/staff/{person}/sessions/{session}/end": {ADMINISTRATOR},
    "POST /desk/staff/{person}/{step}": {ADMINISTRATOR},
    "GET /desk/api/account": set(Role),
    "POST /desk/api/account/password": set(Role),
    "POST /desk/api/account/totp": set(Role),
    "POST /desk/api/account/totp/finish": set(Role),
    "POST /desk/api/account/sessions/{session}/end": set(Role),
    "GET /desk/api/staff": {AUDITOR, ADMINISTRATOR},
    "POST /desk/api/staff": {ADMINISTRATOR},
    "GET /desk/api/staff/{person}": {AUDITOR, ADMINISTRATOR},
    "POST /desk/api/staff/{person}/reset": {ADMINISTRATOR},
    "POST /desk/api/staff/{person}/roles": {ADMINISTRATOR},
    "POST /desk/api/staff/{person}/sessions/{session}/end": {ADMINISTRATOR},
    "POST /desk/api/staff/{person}/{step}": {ADMINISTRATOR},
    "GET /desk/queues/{name}": {INTAKE, PRE_AUDITOR, SUPERVISOR, AUDITOR},
    "GET /desk/next": {INTAKE, PRE_AUDITOR, SUPERVISOR},
    "POST /desk/next": {INTAKE, PRE_AUDITOR, SUPERVISOR},
    "GET /desk/ahead": {INTAKE, PRE_AUDITOR, SUPERVISOR},
    "GET /desk/lost": {INTAKE, PRE_AUDITOR, SUPERVISOR},
    "POST /desk/lost/seen": {INTAKE, PRE_AUDITOR, SUPERVISOR},
    "POST /desk/search": {INTAKE, PRE_AUDITOR, CLERK, SUPERVISOR, AUDITOR},
    "POST /desk/cases/{no}/take-away": {SUPERVISOR},
    "POST /desk/cases/{no}/test": {SUPERVISOR},
    "GET /desk/api/next": {INTAKE, PRE_AUDITOR, SUPERVISOR},
    "POST /desk/api/next": {INTAKE, PRE_AUDITOR, SUPERVISOR},
    "GET /desk/api/claims/lost": {INTAKE, PRE_AUDITOR, SUPERVISOR},
    "POST /desk/api/claims/lost/seen": {INTAKE, PRE_AUDITOR, SUPERVISOR},
    "POST /desk/api/search": {INTAKE, PRE_AUDITOR, CLERK, SUPERVISOR, AUDITOR},
    "POST /desk/api/cases/{no}/take-away": {SUPERVISOR},
    "POST /desk/api/cases/{no}/test": {SUPERVISOR},
    "POST /desk/cases/{no}/claim": {INTAKE, PRE_AUDITOR, SUPERVISOR},
    "POST /desk/cases/{no}/release": {INTAKE, PRE_AUDITOR, SUPERVISOR},
    "GET /desk/cases/{no}": {INTAKE, PRE_AUDITOR, CLERK, SUPERVISOR, AUDITOR},
    "GET /desk/cases/{no}/pages/{sheet}": {INTAKE, PRE_AUDITOR, CLERK},
    "GET /desk/cases/{no}/pages/{sheet}/picture": {PRE_AUDITOR, CLERK},
    "POST /desk/cases/{no}/materials/{key}/decision": {PRE_AUDITOR},
    "POST /desk/cases/{no}/preaudit": {PRE_AUDITOR},
    "GET /desk/cases/{no}/notice": {PRE_AUDITOR},
    "GET /desk/cases/{no}/waivers/{material}": {INTAKE, PRE_AUDITOR, CLERK},
    "POST /desk/cases/{no}/duplicates/{question}": {PRE_AUDITOR},
    "POST /desk/cases/{no}/duplicates/{question}/settle": {SUPERVISOR},
    "POST /desk/cases/{no}/proposals/{proposal}": {PRE_AUDITOR, SUPERVISOR},
    "GET /desk/second": {PRE_AUDITOR, SUPERVISOR},
    "GET /desk/api/cases/{no}/bundle": {INTAKE, PRE_AUDITOR, CLERK, SUPERVISOR, AUDITOR},
    "POST /desk/api/cases/{no}/children/{child}/retry": {INTAKE},
    "GET /desk/cases/{no}/bundle": {INTAKE, PRE_AUDITOR, CLERK, SUPERVISOR, AUDITOR},
    "POST /desk/cases/{no}/children/{child}/retry": {INTAKE},
    "GET /desk/deferrals": {INTAKE, PRE_AUDITOR, SUPERVISOR, AUDITOR},
    "POST /desk/deferrals/{no}/{key}": {PRE_AUDITOR},
    "POST /desk/deferrals/{no}/{key}/end": {INTAKE},
    "GET /desk/api/deferrals": {INTAKE, PRE_AUDITOR, SUPERVISOR, AUDITOR},
    "POST /desk/api/cases/{no}/deferrals/{key}": {PRE_AUDITOR},
    "POST /desk/api/cases/{no}/deferrals/{key}/end": {INTAKE},
    "GET /desk/api/export": {SUPERVISOR, AUDITOR, ADMINISTRATOR},
    "GET /desk/export": {SUPERVISOR, AUDITOR, ADMINISTRATOR},
    "GET /desk/api/queues": {INTAKE, PRE_AUDITOR, SUPERVISOR, AUDITOR},
    "GET /desk/api/queues/{name}": {INTAKE, PRE_AUDITOR, SUPERVISOR, AUDITOR},
    "GET /desk/api/cases/{no}": {INTAKE, PRE_AUDITOR, CLERK, SUPERVISOR, AUDITOR},
    "GET /desk/api/cases/{no}/timeline": {INTAKE, PRE_AUDITOR, CLERK, SUPERVISOR, AUDITOR},
    "GET /desk/api/cases/{no}/documents/{document}": {INTAKE, PRE_AUDITOR, CLERK, SUPERVISOR, AUDITOR},
    "GET /desk/api/cases/{no}/pages/{page}": {INTAKE, PRE_AUDITOR, CLERK},
    "POST /desk/api/cases/{no}/claim": {INTAKE, PRE_AUDITOR, SUPERVISOR},
    "POST /desk/api/cases/{no}/release": {INTAKE, PRE_AUDITOR, SUPERVISOR},
    "POST /desk/api/cases/{no}/materials/{key}/decision": {PRE_AUDITOR},
    "POST /desk/api/cases/{no}/preaudit": {PRE_AUDITOR},
    "GET /desk/api/cases/{no}/notice": {PRE_AUDITOR},
    "GET /desk/api/cases/{no}/screen": {INTAKE, PRE_AUDITOR, CLERK, SUPERVISOR, AUDITOR},
    "GET /desk/api/cases/{no}/differences": {INTAKE, PRE_AUDITOR, CLERK},
    "GET /desk/api/cases/{no}/duplicates": {INTAKE, PRE_AUDITOR, CLERK},
    "POST /desk/api/cases/{no}/duplicates/{question}": {PRE_AUDITOR},
    "POST /desk/api/cases/{no}/duplicates/{question}/settle": {SUPERVISOR},
    "GET /desk/api/misuse": {SUPERVISOR},
    "GET /desk/api/proposals": {PRE_AUDITOR, SUPERVISOR},
    "POST /desk/api/cases/{no}/proposals/{proposal}": {PRE_AUDITOR, SUPERVISOR},
    "GET /desk/api/cases/{no}/waivers": {INTAKE, PRE_AUDITOR, CLERK, SUPERVISOR, AUDITOR},
    "GET /desk/api/cases/{no}/waivers/{material}": {INTAKE, PRE_AUDITOR, CLERK},
    "GET /desk/api/cases/{no}/pages/{page}/truths": {INTAKE, PRE_AUDITOR, CLERK},
    "POST /desk/api/cases/{no}/pages/{page}/truths": {PRE_AUDITOR},
    "POST /desk/api/cases/{no}/pages/{page}/truths/whole": {PRE_AUDITOR},
    "GET /desk/api/cases/{no}/sample": {INTAKE, PRE_AUDITOR, CLERK, SUPERVISOR, AUDITOR},
    "GET /desk/api/accuracy": {PRE_AUDITOR, SUPERVISOR, AUDITOR, ADMINISTRATOR},
    "GET /desk/api/accuracy/{kind}/{field}": {PRE_AUDITOR, SUPERVISOR, AUDITOR, ADMINISTRATOR},
    "POST /desk/api/accuracy/target": {SUPERVISOR, ADMINISTRATOR},
    "POST /desk/api/thresholds": {SUPERVISOR, ADMINISTRATOR},
    "POST /desk/api/thresholds/{threshold}/off": {SUPERVISOR, ADMINISTRATOR},
    "GET /desk/api/sampling": {PRE_AUDITOR, SUPERVISOR, AUDITOR, ADMINISTRATOR},
    "GET /desk/api/sampling/{code}": {PRE_AUDITOR, SUPERVISOR, AUDITOR, ADMINISTRATOR},
    "POST /desk/api/sampling/{code}": {SUPERVISOR, ADMINISTRATOR},
    "POST /desk/cases/{no}/pages/{sheet}/truths": {PRE_AUDITOR},
    "POST /desk/cases/{no}/pages/{sheet}/truths/whole": {PRE_AUDITOR},
    "GET /desk/cases/{no}/judging": {INTAKE, PRE_AUDITOR, CLERK, SUPERVISOR, AUDITOR},
    "GET /desk/accuracy": {PRE_AUDITOR, SUPERVISOR, AUDITOR, ADMINISTRATOR},
    "GET /desk/accuracy/{kind}/{field}": {PRE_AUDITOR, SUPERVISOR, AUDITOR, ADMINISTRATOR},
    "POST /desk/accuracy/target": {SUPERVISOR, ADMINISTRATOR},
    "POST /desk/thresholds": {SUPERVISOR, ADMINISTRATOR},
    "POST /desk/thresholds/{threshold}/off": {SUPERVISOR, ADMINISTRATOR},
    "GET /desk/sampling": {PRE_AUDITOR, SUPERVISOR, AUDITOR, ADMINISTRATOR},
    "GET /desk/sampling/{code}": {PRE_AUDITOR, SUPERVISOR, AUDITOR, ADMINISTRATOR},
    "POST /desk/sampling/{code}": {SUPERVISOR, ADMINISTRATOR},
    "POST /desk/api/cases/{no}/originals": {INTAKE},
    "GET /desk/api/labels/{code}": {INTAKE, CLERK, SUPERVISOR},
    "POST /desk/api/cases/{no}/packing": {INTAKE},
    "GET /desk/api/cases/{no}/packing/photo": {INTAKE, CLERK, SUPERVISOR, AUDITOR},
    "GET /desk/api/cases/{no}/{paper}.pdf": {INTAKE, CLERK, SUPERVISOR, AUDITOR},
    "GET /desk/api/transfers": {INTAKE, CLERK, SUPERVISOR, AUDITOR},
    "POST /desk/api/cases/{no}/transfers": {INTAKE, CLERK},
    "POST /desk/api/cases/{no}/transfers/{transfer}": {INTAKE, CLERK},
    "GET /desk/api/incidents": {INTAKE, SUPERVISOR, AUDITOR},
    "POST /desk/api/cases/{no}/incidents": {INTAKE, CLERK, SUPERVISOR},
    "POST /desk/api/cases/{no}/incidents/{incident}/step": {INTAKE, SUPERVISOR},
    "POST /desk/api/cases/{no}/incidents/{incident}/loss": {INTAKE, SUPERVISOR},
    "POST /desk/api/cases/{no}/incidents/{incident}/settle": {INTAKE, SUPERVISOR},
    "POST /desk/api/cases/{no}/accept": {INTAKE},
    "POST /desk/api/cases/{no}/special": {CLERK, SUPERVISOR},
    "POST /desk/api/cases/{no}/extension": {CLERK, SUPERVISOR},
    "POST /desk/api/cases/{no}/clock-requests/{request}": {SUPERVISOR},
    "GET /desk/api/clock-requests": {SUPERVISOR},
    "GET /desk/api/window/offices": {INTAKE},
    "GET /desk/api/window/cases/{no}": {INTAKE},
    "POST /desk/api/assignments/{assignment}/route": {SUPERVISOR},
    "GET /desk/api/departments/systems": {SUPERVISOR, AUDITOR, ADMINISTRATOR},
    "GET /desk/api/departments/endpoints/{endpoint}/deliveries": {SUPERVISOR, AUDITOR, ADMINISTRATOR},
    "POST /desk/api/departments/deliveries/{delivery}/replay": {SUPERVISOR, ADMINISTRATOR},
    "POST /desk/api/departments/endpoints/{endpoint}/replay": {SUPERVISOR, ADMINISTRATOR},
    "POST /desk/api/departments/endpoints/{endpoint}/on": {SUPERVISOR, ADMINISTRATOR},
    "GET /desk/assignments/requests": {SUPERVISOR},
    "POST /desk/assignments/{assignment}/route": {SUPERVISOR},
    "POST /desk/cases/{no}/special": {CLERK, SUPERVISOR},
    "POST /desk/cases/{no}/extension": {CLERK, SUPERVISOR},
    "POST /desk/cases/{no}/clock-requests/{request}": {SUPERVISOR},
    "GET /desk/systems": {SUPERVISOR, AUDITOR, ADMINISTRATOR},
    "POST /desk/systems/deliveries/{delivery}/replay": {SUPERVISOR, ADMINISTRATOR},
    "POST /desk/systems/endpoints/{endpoint}/replay": {SUPERVISOR, ADMINISTRATOR},
    "POST /desk/systems/endpoints/{endpoint}/on": {SUPERVISOR, ADMINISTRATOR},
    "GET /desk/window": {INTAKE},
    "POST /desk/window/{no}/originals": {INTAKE},
    "POST /desk/window/{no}/accept": {INTAKE},
    "POST /desk/api/cases/{no}/conclude": {INTAKE},
    "POST /desk/api/cases/{no}/bookings/{booking}/received": {INTAKE},
    "GET /desk/api/couriers": {INTAKE, SUPERVISOR, AUDITOR, ADMINISTRATOR},
    "GET /desk/api/couriers/troubles": {INTAKE, SUPERVISOR, AUDITOR, ADMINISTRATOR},
    "POST /desk/api/cases/{no}/bookings/{booking}/settle": {INTAKE, SUPERVISOR},
    "POST /desk/api/cases/{no}/bookings/{booking}/alerts": {INTAKE, SUPERVISOR},
    "GET /desk/api/assignments": {CLERK, SUPERVISOR, AUDITOR},
    "POST /desk/api/assignments/{assignment}/decision": {CLERK},
    "GET /desk/api/stats": {SUPERVISOR, ITEM_MANAGER, AUDITOR, ADMINISTRATOR},
    "GET /desk/api/stats/figures": {SUPERVISOR, ITEM_MANAGER, AUDITOR, ADMINISTRATOR},
    "GET /desk/api/stats/cases": {SUPERVISOR, ITEM_MANAGER, AUDITOR, ADMINISTRATOR},
    "GET /desk/api/stats/{table}.csv": {SUPERVISOR, ITEM_MANAGER, AUDITOR, ADMINISTRATOR},
    "GET /desk/api/supervision": {SUPERVISOR, AUDITOR, ADMINISTRATOR},
    "GET /desk/api/boxes": {INTAKE, SUPERVISOR, AUDITOR, ADMINISTRATOR},
    "PUT /desk/api/boxes/{box}": {SUPERVISOR, ADMINISTRATOR},
    "POST /desk/api/boxes/{box}/rounds": {INTAKE},
    "GET /desk/api/strays": {INTAKE, SUPERVISOR, AUDITOR, ADMINISTRATOR},
    "POST /desk/api/strays/{stray}/settle": {INTAKE, SUPERVISOR},
    "POST /desk/api/sorting": {INTAKE},
    "POST /desk/api/counter": {INTAKE},
    "GET /desk/api/offices/{office}/appointments": {INTAKE, SUPERVISOR},
    "POST /desk/api/offices/{office}/check-in": {INTAKE},
    "POST /desk/api/appointments/{appointment}/{event}": {INTAKE},
    "GET /desk/api/devices": {INTAKE, SUPERVISOR, AUDITOR, ADMINISTRATOR},
    "POST /desk/api/devices/{device}/paper": {INTAKE, ADMINISTRATOR},
    "POST /grid/logout": {GRID},
    "GET /grid/api/me": {GRID},
    "GET /grid/api/tasks": {GRID},
    "GET /grid/api/tasks/{task}/contact": {GRID},
    "POST /grid/api/tasks/{task}/take": {GRID},
    "POST /grid/api/tasks/{task}/give-back": {GRID},
    "POST /grid/api/scans": {GRID},
    "POST /grid/api/agent": {AGENT},
}


def _routes(*groups: Any) -> dict[str, APIRoute]:
    routes = (r for group in groups for router in group for r in router.routes)
    return {f"{method} {r.path}": r for r in routes for method in r.methods}


def _declared(route: APIRoute) -> Permission | None:
    found = [d.call.permission for d in route.dependant.dependencies if isinstance(d.call, Requires)]
    return found[0] if found else None


def test_every_route_declares_who_may_call_it_or_is_public_by_name() -> None:
    for name, route in _routes(RESIDENT, DESK, OUTSIDE).items():
        of_residents = any(d.call is resident for d in route.dependant.dependencies)
        assert of_residents + (_declared(route) is not None) + (name in PUBLIC) == 1, name


def test_every_route_of_a_terminal_asks_for_the_terminal_or_for_who_stands_before_it() -> None:
    for name, route in _routes(KIOSK).items():
        asks = sum(d.call in (device, guest) for d in route.dependant.dependencies)
        assert asks + (name in PUBLIC) == 1, name


def test_the_table_covers_every_desk_route_and_agrees_with_the_roles() -> None:
    desk = {name: route for name, route in _routes(DESK).items() if name not in PUBLIC}
    assert desk.keys() == MAY.keys()
    for name, route in desk.items():
        assert {r for r in Role if _declared(route) in ROLE_PERMISSIONS[r]} == MAY[name], name


@pytest.mark.parametrize("role", Role)
def test_a_role_reaches_what_the_table_says_and_nothing_else(plain_world: World, role: Role) -> None:
    caller = plain_world.system(role)
    for name, roles in MAY.items():
        method, path = name.split(" ")
        answer = caller.raw(
            method,
            path.format(
                no="1",
                key="k",
                page="p",
                sheet="p",
                material="m",
                table="figures",
                name="review",
                assignment="a",
                document="d",
                booking="b",
                box="b",
                task="t",
                stray="s",
                code="ZT",
                paper="label",
                transfer="t",
                office="o",
                appointment="a",
                event="serve",
                incident="i",
                question="q",
                proposal="p",
                request="r",
                delivery="d",
                endpoint="e",
                device="d",
                kind="k",
                field="f",
                threshold="t",
                session="s",
                person="p",
                step="unlock",
                draft="d",
                backtest="b",
                how="withdraw",
            ),
            json={},
        )
        assert (answer.status_code not in (401, 403)) == (role in roles), f"{role} {name}: {answer.status_code}"


def test_without_credentials_every_desk_route_asks_for_them(plain_world: World) -> None:
    for name in MAY:
        method, path = name.split(" ")
        answer = plain_world.client.request(method, path, follow_redirects=False)
        asked = answer.headers.get("location", "").startswith("/desk/login") or answer.status_code == 401
        assert asked, name


def test_unknown_roles_grant_nothing() -> None:
    assert granted(["king"]) == frozenset()
    assert granted([]) == frozenset()
