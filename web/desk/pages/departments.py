"""What a department has to decide, as a page; and the decision, on the case's own screen."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse

from cases.deadlines import beijing_day
from web.asks import AssignmentAsk
from web.auth import Desk, requires
from web.desk import assignments
from web.desk.pages.shell import PageRoute, department_names, page
from web.doors import Doors, doors
from web.permissions import Permission

router = APIRouter(prefix="/desk", include_in_schema=False, route_class=PageRoute)
D = Annotated[Doors, Depends(doors)]


@router.get("/assignments", response_class=HTMLResponse)
def assignments_page(
    me: Annotated[Desk, Depends(requires(Permission.ASSIGNMENT_READ))],
    d: D,
    department: Annotated[str, Query(max_length=64)] = "",
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> HTMLResponse:
    """`department`: one of one's own; the first of them when none is named."""
    own = sorted(me.departments)
    chosen = department or (own[0] if own else "")
    seen = assignments.open_assignments(me, d, chosen, cursor) if chosen else None
    today = beijing_day(datetime.now(UTC))
    values = {"own": own, "seen": seen, "chosen": chosen, "today": today, "departments": department_names(d)}
    return page("assignments.html", me, values)


@router.post("/assignments/{assignment}/decision", response_model=None)
def decide(
    assignment: str,
    form: Annotated[AssignmentAsk, Form()],
    me: Annotated[Desk, Depends(requires(Permission.ASSIGNMENT_DECIDE))],
    d: D,
) -> Response:
    """Decided: back to what is still open in that department."""
    decided = assignments.decide_one(assignment, form, me, d)
    return Response(status_code=204, headers={"HX-Redirect": f"/desk/assignments?department={decided.department}"})
