"""The board and one's inbox of urgings, as pages."""

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse

from cases.lifecycle import CASE
from cases.supervision import KIND_LABELS, WaitKind
from web.asks import Write
from web.auth import Desk, requires
from web.desk import supervision
from web.desk.pages.shell import PageRoute, department_names, go_to, page
from web.desk.supervision import SeenAsk, UrgeAsk, WaitView
from web.doors import Doors, doors
from web.permissions import Permission

router = APIRouter(prefix="/desk", include_in_schema=False, route_class=PageRoute)
D = Annotated[Doors, Depends(doors)]
Reader = Annotated[Desk, Depends(requires(Permission.SUPERVISION_READ))]
Urged = Annotated[Desk, Depends(requires(Permission.URGE_READ))]
PLACES = {
    WaitKind.RECTIFICATION: "/desk/rectifications/{subject}",
    WaitKind.COMPLAINT: "/desk/complaints/{subject}",
    WaitKind.FOLLOW_UP: "/desk/follow-ups",
}
"""Where a line leads; else to its case."""


def place(wait: WaitView) -> str:
    return PLACES.get(wait.kind, "/desk/cases/{case}").format(subject=wait.subject, case=wait.case)


@router.get("/board", response_class=HTMLResponse)
def board_page(ask: Annotated[SeenAsk, Query()], me: Reader, d: D) -> HTMLResponse:
    """Filters are addresses: every one of them can be kept and sent."""
    seen = supervision.show_supervision(ask, me, d)
    chosen: dict[str, str] = ask.model_dump(exclude={"cursor"})

    def with_(**changes: str) -> str:
        kept = {name: value for name, value in {**chosen, **changes}.items() if value}
        return f"/desk/board?{urlencode(kept)}" if kept else "/desk/board"

    values = {
        "seen": seen,
        "chosen": chosen,
        "first": ask.cursor is None,
        "with_": with_,
        "place": place,
        "kinds": KIND_LABELS,
        "states": CASE.labels,
        "now": datetime.now(UTC),
        "departments": department_names(d),
    }
    return page("board.html", me, values)


@router.get("/board/{kind}/{subject}", response_class=HTMLResponse)
def wait_part(kind: WaitKind, subject: str, me: Reader, d: D) -> HTMLResponse:
    """What was said of one line, and the words to urge with: below it."""
    seen = supervision.show_wait(kind, subject, me, d)
    return page("board_wait.html", me, {"seen": seen, "said": False, "departments": department_names(d)})


@router.post("/board/{kind}/{subject}/urge", response_class=HTMLResponse)
def urge(
    kind: WaitKind,
    subject: str,
    form: Annotated[UrgeAsk, Form()],
    me: Annotated[Desk, Depends(requires(Permission.SUPERVISION_URGE))],
    d: D,
) -> HTMLResponse:
    seen = supervision.urge(kind, subject, form, me, d)
    return page("board_wait.html", me, {"seen": seen, "said": True, "departments": department_names(d)})


@router.get("/urges", response_class=HTMLResponse)
def urges_page(
    me: Urged, d: D, all: bool = False, cursor: Annotated[str | None, Query(max_length=400)] = None
) -> HTMLResponse:
    seen = supervision.show_urges(me, d, all, cursor)
    values = {"seen": seen, "all": all, "now": datetime.now(UTC), "departments": department_names(d)}
    return page("urges.html", me, {**values, "first": cursor is None})


@router.get("/urges/count", response_class=HTMLResponse)
def count(me: Urged, d: D) -> HTMLResponse:
    """For the heading of every page."""
    unseen = supervision.show_urges(me, d).unseen
    return HTMLResponse(f"{unseen if unseen < 100 else '99+'}" if unseen else "")


@router.post("/urges/{urge}/acknowledge", response_model=None)
def acknowledge(urge: str, me: Urged, d: D) -> Response:
    supervision.acknowledge(urge, me, d, Write())
    return go_to("/desk/urges")
