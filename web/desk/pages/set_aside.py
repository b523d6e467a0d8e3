"""What was set aside, as a page: each job released or buried with a reason, each infected file dealt with."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse

from web.asks import LARGEST, Write
from web.desk import set_aside
from web.desk.pages.shell import PageRoute, go_to, page
from web.doors import Doors, doors

router = APIRouter(prefix="/desk", include_in_schema=False, route_class=PageRoute)
D = Annotated[Doors, Depends(doors)]
HERE = "/desk/jobs"


@router.get("/jobs", response_class=HTMLResponse)
def jobs_page(
    me: set_aside.Reader, d: D, cursor: Annotated[int | None, Query(ge=0, le=LARGEST)] = None
) -> HTMLResponse:
    values = {
        "seen": set_aside.show_set_aside(me, d, cursor),
        "first": cursor is None,
        "release": set_aside.WHY_RELEASE,
        "bury": set_aside.WHY_BURY,
        "now": datetime.now(UTC),
    }
    return page("jobs.html", me, values)


@router.post("/jobs/{job}/release", response_model=None)
def release(job: str, form: Annotated[set_aside.ReleaseAsk, Form()], me: set_aside.Worker, d: D) -> Response:
    set_aside.release(job, form, me, d)
    return go_to(HERE)


@router.post("/jobs/{job}/bury", response_model=None)
def bury(job: str, form: Annotated[set_aside.BuryAsk, Form()], me: set_aside.Worker, d: D) -> Response:
    set_aside.bury(job, form, me, d)
    return go_to(HERE)


@router.post("/infections/{no}/dealt-with", response_model=None)
def deal_with(no: str, me: set_aside.Worker, d: D) -> Response:
    set_aside.deal_with(no, me, d, Write())
    return go_to(HERE)
