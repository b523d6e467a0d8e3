"""The phone page at `/grid`: the tasks as they are now in plain HTML, a little script for scanning and for working
without a network. `/grid/sw.js` keeps the page for that.

The page is the same for everybody; tasks are written into it for whoever is signed in, so it can be read before the
script runs and where it does not.
"""

from html import escape
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from cases.deadlines import BEIJING
from cases.errors import Refusal
from web.auth import COOKIE, Desk, desk
from web.doors import Doors, doors
from web.grid.tasks import TaskView, tasks_of
from web.permissions import Permission

router = APIRouter(include_in_schema=False)
D = Annotated[Doors, Depends(doors)]
STATIC = Path(__file__).parent.parent / "static"
_PAGE = (STATIC / "grid.html").read_text(encoding="utf-8")
_WORKER = (STATIC / "grid-sw.js").read_text(encoding="utf-8")
_TODO = {"fetch": "待取", "deliver": "待送"}


@router.get("/grid", response_class=HTMLResponse)
def grid_page(request: Request, d: D) -> str:
    """For whoever is signed in, with today's tasks; for everybody else the form to sign in."""
    me = _signed_in(request, d)
    if me is None:
        return _PAGE
    seen = tasks_of(d, me, None)
    listed = "\n".join(map(_row, seen.tasks)) or '<li class="none">今天没有任务。</li>'
    head = f"{seen.day:%m月%d日}，{len(seen.tasks)}项任务"
    return _PAGE.replace("<!-- tasks -->", listed).replace("<!-- head -->", escape(head)).replace("signed-out", "")


def _signed_in(request: Request, d: Doors) -> Desk | None:
    """Somebody of the grid. A session that has ended is nobody: the page then asks to sign in."""
    try:
        me = desk(request, d, request.cookies.get(COOKIE), None)
    except Refusal:
        return None
    return me if Permission.GRID_WORK in me.permissions else None


def _row(task: TaskView) -> str:
    start, end = (at.astimezone(BEIJING) for at in (task.start, task.end))
    when = f"{start:%H:%M}–{end:%H:%M}" + ("（已过时）" if task.late else "")
    lines = (
        f'<p class="when">{_TODO[task.todo]} · {escape(when)}</p>',
        f'<p class="where">{escape(task.address)}</p>',
        f"<p>{escape(task.contact)} · {escape(task.item_name)} · {escape(task.direction_label)}</p>",
        f'<p class="code">{escape(task.code_label)}</p>',
    )
    return f'<li data-task="{escape(task.id)}">{"".join(lines)}</li>'


@router.get("/grid/sw.js", response_class=Response)
def service_worker() -> Response:
    """From here and not from `/static`, so that it may keep `/grid`, which lies outside its own folder `/grid/`."""
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/grid"}
    return Response(_WORKER, media_type="text/javascript", headers=headers)
