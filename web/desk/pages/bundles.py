"""Promises 容缺 as a page, what follows from a case 一件事 as a part of its screen, and the form for exports."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse

from cases.deadlines import beijing_day
from cases.exporting_text import PROBLEMS
from cases.gbt39046 import LABELS
from web.asks import Write
from web.auth import Desk, requires
from web.desk import bundles, deferrals
from web.desk.deferrals import DeferredAsk, EndAsk
from web.desk.pages.shell import PageRoute, go_to, page
from web.doors import Doors, doors
from web.permissions import Permission

router = APIRouter(prefix="/desk", include_in_schema=False, route_class=PageRoute)
D = Annotated[Doors, Depends(doors)]
MONTH = timedelta(days=30)


@router.get("/deferrals", response_class=HTMLResponse)
def deferrals_page(
    me: Annotated[Desk, Depends(requires(Permission.QUEUE_READ))],
    d: D,
    cursor: Annotated[str | None, Query(max_length=60)] = None,
) -> HTMLResponse:
    seen = deferrals.open_promises(me, d, cursor)
    values = {"seen": seen, "today": beijing_day(datetime.now(UTC)), "first": cursor is None}
    return page("deferrals.html", me, values)


@router.post("/deferrals/{no}/{key}", response_model=None)
def decide(
    no: str,
    key: str,
    form: Annotated[DeferredAsk, Form()],
    me: Annotated[Desk, Depends(requires(Permission.MATERIAL_DECIDE))],
    d: D,
) -> Response:
    deferrals.decide_one(no, key, form, me, d)
    return go_to("/desk/deferrals")


@router.post("/deferrals/{no}/{key}/end", response_model=None)
def end(
    no: str,
    key: str,
    form: Annotated[EndAsk, Form()],
    me: Annotated[Desk, Depends(requires(Permission.CASE_ACCEPT))],
    d: D,
) -> Response:
    deferrals.end_one(no, key, form, me, d)
    return go_to("/desk/deferrals")


@router.get("/cases/{no}/bundle", response_class=HTMLResponse)
def bundle_part(no: str, me: Annotated[Desk, Depends(requires(Permission.CASE_READ))], d: D) -> HTMLResponse:
    """What follows, and promises that were broken; nothing at all for most cases."""
    return _linked(no, me, d)


def _linked(no: str, me: Desk, d: Doors) -> HTMLResponse:
    broken = deferrals.broken_promises(no, me, d)
    return page("bundle.html", me, {"bundle": bundles.show_bundle(no, me, d), "broken": broken.notes, "case_no": no})


@router.post("/cases/{no}/credit-notes/{note}/repair", response_class=HTMLResponse)
def repair(
    no: str,
    note: str,
    form: Annotated[EndAsk, Form()],
    me: Annotated[Desk, Depends(requires(Permission.CREDIT_REPAIR))],
    d: D,
) -> HTMLResponse:
    deferrals.repair_one(no, note, form, me, d)
    return _linked(no, me, d)


@router.post("/cases/{no}/children/{child}/retry", response_class=HTMLResponse)
def try_again(
    no: str, child: str, me: Annotated[Desk, Depends(requires(Permission.CASE_ACCEPT))], d: D
) -> HTMLResponse:  # fmt: skip
    bundles.try_again(no, child, Write(), me, d)
    return _linked(no, me, d)


@router.get("/export", response_class=HTMLResponse)
def export_page(me: Annotated[Desk, Depends(requires(Permission.EXPORT_READ))]) -> HTMLResponse:
    today = beijing_day(datetime.now(UTC))
    tables = {**LABELS, PROBLEMS: "不符合标准的行及原因"}
    return page("export.html", me, {"tables": tables, "since": today - MONTH, "until": today})
