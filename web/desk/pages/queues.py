"""The work queues as pages: what waits, most urgent first, and one tap to take it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse

from web.auth import Desk, requires
from web.desk import queues
from web.desk.pages.shell import PageRoute, page
from web.doors import Doors, doors
from web.permissions import Permission

router = APIRouter(prefix="/desk", include_in_schema=False, route_class=PageRoute)
D = Annotated[Doors, Depends(doors)]
NAMES: Mapping[str, str] = {
    "mine": "我领取的",
    "unclaimed": "待领取",
    "review": "全部待审核",
    "again": "补正后再来",
    "soon": "一天内到期",
    "returned": "已退回补正",
    "originals": "待收原件",
    "accepted": "已受理",
    "conclude": "待办结",
    "late": "已超时",
}


@router.get("/queues/{name}", response_class=HTMLResponse)
def queue_page(
    name: str,
    me: Annotated[Desk, Depends(requires(Permission.QUEUE_READ))],
    d: D,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> HTMLResponse:
    seen, counts = queues.show_queue(name, me, d, cursor, 50), queues.show_queues(me, d).queues
    values = {"queue": seen, "counts": counts, "names": NAMES, "now": datetime.now(UTC), "first": cursor is None}
    return page("queue.html", me, values)


@router.post("/cases/{no}/claim", response_model=None)
def claim(no: str, me: Annotated[Desk, Depends(requires(Permission.CASE_CLAIM))], d: D) -> Response:
    """Taken: on to the case."""
    queues.claim(no, me, d)
    return Response(status_code=204, headers={"HX-Redirect": f"/desk/cases/{no}"})


@router.post("/cases/{no}/release", response_model=None)
def release(no: str, me: Annotated[Desk, Depends(requires(Permission.CASE_CLAIM))], d: D) -> Response:
    queues.release(no, me, d)
    return Response(status_code=204, headers={"HX-Redirect": "/desk/queues/unclaimed"})
