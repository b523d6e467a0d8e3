"""What waits for a second person: refusals to confirm, and what an auditor took for somebody else's papers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse

from web.auth import Desk, requires
from web.desk import duplicates, seconding
from web.desk.duplicates import MisusesView, SettleMisuseAsk
from web.desk.pages.shell import PageRoute, go_to, page
from web.doors import Doors, doors
from web.permissions import Permission

router = APIRouter(prefix="/desk", include_in_schema=False, route_class=PageRoute)
D = Annotated[Doors, Depends(doors)]


@router.get("/second", response_class=HTMLResponse)
def second_page(
    me: Annotated[Desk, Depends(requires(Permission.REFUSAL_SECOND))],
    d: D,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    misuse: Annotated[str | None, Query(max_length=400)] = None,
) -> HTMLResponse:
    """Two lists, each with a cursor of its own."""
    seen = seconding.show_waiting(me, d, cursor, 50)
    settles = Permission.MISUSE_SETTLE in me.permissions
    reported = duplicates.show_misuse(me, d, misuse) if settles else MisusesView(waiting=[], cursor=None)
    values = {"seen": seen, "misuse": reported, "settles": settles, "first": cursor is None}
    return page("second.html", me, values | {"front": misuse is None})


@router.post("/cases/{no}/duplicates/{question}/settle", response_model=None)
def settle(
    no: str,
    question: str,
    form: Annotated[SettleMisuseAsk, Form()],
    me: Annotated[Desk, Depends(requires(Permission.MISUSE_SETTLE))],
    d: D,
) -> Response:
    """Settled: back to what waits."""
    duplicates.settle(no, question, form, me, d)
    return go_to("/desk/second")
