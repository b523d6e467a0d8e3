"""Departments' work as pages: what each has to decide, what nobody is competent for yet, what waits for consent, and their
own systems. The decision itself stands on the case's own screen.

Every figure and every change is the JSON door's own; a form that changed something comes back to where it stood.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse

from cases.deadlines import BEIJING
from cases.items import UNROUTED
from storage.assignments import MOST_COUNTED, counts_open
from web.asks import LARGEST, AssignmentAsk, ExtensionAsk, ReplayAsk, RouteAsk, SettleClockAsk, SpecialAsk
from web.auth import Desk, requires
from web.desk import assignments, clocks, systems
from web.desk.pages.shell import PageRoute, department_names, go_to, page
from web.doors import Doors, doors
from web.permissions import Permission

router = APIRouter(prefix="/desk", include_in_schema=False, route_class=PageRoute)
D = Annotated[Doors, Depends(doors)]
Asker = Annotated[Desk, Depends(requires(Permission.SPECIAL_MANAGE))]
Grantor = Annotated[Desk, Depends(requires(Permission.CLOCK_GRANT))]
Replayer = Annotated[Desk, Depends(requires(Permission.SYSTEM_REPLAY))]
REQUESTS = "requests"


@router.get("/assignments", response_class=HTMLResponse)
def assignments_page(
    me: Annotated[Desk, Depends(requires(Permission.ASSIGNMENT_READ))],
    d: D,
    department: Annotated[str, Query(max_length=64)] = "",
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> HTMLResponse:
    """`department`: one of one's own, or the unrouted desk; the first of one's own when none is named."""
    own = sorted(me.departments - {UNROUTED})
    routes = Permission.ASSIGNMENT_ROUTE in me.permissions or UNROUTED in me.departments
    chosen = department or (own[0] if own else UNROUTED if routes else "")
    seen = assignments.open_assignments(me, d, chosen, cursor) if chosen else None
    more: dict[str, Any] = {"seen": seen, "chosen": chosen, "first": cursor is None, "known": {}}
    if chosen == UNROUTED and seen is not None:
        more["known"] = _competent(d, [one.case[:6] for one in seen.assignments])
    return page("assignments.html", me, {**_tabs(me, d, own, routes), **more})


def _tabs(me: Desk, d: Doors, own: list[str], routes: bool) -> dict[str, Any]:
    listed = [*own, *([UNROUTED] if routes else [])]
    with d.database.reading() as tx:
        counts = counts_open(tx, listed, me.scope)
    grants = Permission.CLOCK_GRANT in me.permissions
    asked = clocks.show_asked(me, d) if grants else None
    words = {"departments": department_names(d), "most": MOST_COUNTED}
    return {"own": own, "routes": routes, "counts": counts, "asked": asked, **words}


def _competent(d: Doors, regions: list[str]) -> dict[str, dict[str, str]]:
    """Whom the cases of a region may be routed to."""
    with d.database.reading() as tx:
        return {region: assignments.departments_of(tx, region) for region in dict.fromkeys(regions)}


@router.get("/assignments/requests", response_class=HTMLResponse)
def requests_page(me: Grantor, d: D, after: Annotated[int, Query(ge=0, le=LARGEST)] = 0) -> HTMLResponse:
    """Special procedures and extensions that wait for consent."""
    own = sorted(me.departments - {UNROUTED})
    tabs = _tabs(me, d, own, Permission.ASSIGNMENT_ROUTE in me.permissions)
    seen = clocks.show_asked(me, d, after) if after else tabs["asked"]
    return page("assignments_requests.html", me, {**tabs, "seen": seen, "chosen": REQUESTS})


def _back(where: str) -> Response:
    return go_to(where)


@router.post("/assignments/{assignment}/decision", response_model=None)
def decide(
    assignment: str,
    form: Annotated[AssignmentAsk, Form()],
    me: Annotated[Desk, Depends(requires(Permission.ASSIGNMENT_DECIDE))],
    d: D,
) -> Response:
    """Decided: back to what is still open in that department."""
    decided = assignments.decide_one(assignment, form, me, d)
    return _back(f"/desk/assignments?department={decided.department}")


@router.post("/assignments/{assignment}/route", response_model=None)
def route(
    assignment: str,
    form: Annotated[RouteAsk, Form()],
    me: Annotated[Desk, Depends(requires(Permission.ASSIGNMENT_ROUTE))],
    d: D,
) -> Response:
    assignments.route_by_hand(assignment, form, me, d)
    return _back(f"/desk/assignments?department={UNROUTED}")


@router.post("/cases/{no}/special", response_model=None)
def special(no: str, form: Annotated[SpecialAsk, Form()], me: Asker, d: D) -> Response:
    clocks.special(no, form, me, d)
    return _back(f"/desk/cases/{no}")


@router.post("/cases/{no}/extension", response_model=None)
def extension(no: str, form: Annotated[ExtensionAsk, Form()], me: Asker, d: D) -> Response:
    clocks.extension(no, form, me, d)
    return _back(f"/desk/cases/{no}")


@router.post("/cases/{no}/clock-requests/{request}", response_model=None)
def settle(no: str, request: str, form: Annotated[SettleClockAsk, Form()], me: Grantor, d: D) -> Response:
    clocks.settle(no, request, form, me, d)
    return _back("/desk/assignments/requests")


# ── their own systems ──


@router.get("/systems", response_class=HTMLResponse)
def systems_page(
    me: Annotated[Desk, Depends(requires(Permission.SYSTEM_READ))],
    d: D,
    endpoint: Annotated[str, Query(max_length=40)] = "",
    before: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
) -> HTMLResponse:
    """`endpoint`: whose deliveries are shown; the first there is when none is named."""
    seen = systems.show_systems(me, d)
    chosen = endpoint or next((e.id for s in seen.systems for e in s.endpoints), "")
    sent = systems.show_deliveries(chosen, me, d, before) if chosen else None
    values = {"seen": seen, "chosen": chosen, "sent": sent, "before": before, "departments": department_names(d)}
    return page("assignments_systems.html", me, values)


@router.post("/systems/deliveries/{delivery}/replay", response_model=None)
def replay_one(delivery: str, me: Replayer, d: D, endpoint: Annotated[str, Query(max_length=40)] = "") -> Response:
    systems.replay_one(delivery, me, d)
    return _back(f"/desk/systems?endpoint={endpoint}")


@router.post("/systems/endpoints/{endpoint}/replay", response_model=None)
def replay_since(
    endpoint: str, me: Replayer, d: D, since: Annotated[datetime, Form()]
) -> Response:  # fmt: skip
    """`since`: as a form field has it, in Beijing's time."""
    at = since.replace(tzinfo=BEIJING) if since.tzinfo is None else since
    systems.replay_since(endpoint, ReplayAsk(since=at.astimezone(UTC)), me, d)
    return _back(f"/desk/systems?endpoint={endpoint}")


@router.post("/systems/endpoints/{endpoint}/on", response_model=None)
def switch_on(endpoint: str, me: Replayer, d: D) -> Response:
    systems.switch_on(endpoint, me, d)
    return _back(f"/desk/systems?endpoint={endpoint}")
