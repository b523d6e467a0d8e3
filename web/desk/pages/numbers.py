"""What is late and who holds it: the board."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from web.auth import Desk, requires
from web.desk import overview
from web.desk.pages.shell import PageRoute, department_names, page
from web.doors import Doors, doors
from web.permissions import Permission

router = APIRouter(prefix="/desk", include_in_schema=False, route_class=PageRoute)
D = Annotated[Doors, Depends(doors)]


@router.get("/board", response_class=HTMLResponse)
def board_page(me: Annotated[Desk, Depends(requires(Permission.SUPERVISION_READ))], d: D) -> HTMLResponse:
    seen, now = overview.show_supervision(me, d), datetime.now(UTC)
    return page("board.html", me, {"seen": seen, "now": now, "departments": department_names(d)})
