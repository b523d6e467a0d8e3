"""The auditors' pages: whether the record fits, who looked at a case, how long what is kept, proofs of deletion, holds. By
the JSON doors' own functions."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse

from cases.deadlines import BEIJING
from cases.errors import NotFound
from cases.retention import Kind
from storage.casefiles import is_case_number
from web.asks import LARGEST
from web.desk import record
from web.desk.pages.shell import PageRoute, department_names, go_to, page
from web.doors import Doors, doors
from web.holding_words import KEPT_NAMES

router = APIRouter(prefix="/desk", include_in_schema=False, route_class=PageRoute)
D = Annotated[Doors, Depends(doors)]

MEANS = {"delete": "删除", "overwrite": "内容抹除，保留编号与状态", "keep": "长期保存"}


def when(at: datetime) -> str:
    """With its year and second: what an auditor compares."""
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"


@router.get("/record", response_class=HTMLResponse)
def record_page(me: record.Reader, d: D) -> HTMLResponse:
    return page("record.html", me, {"seen": record.show_record(me, d), "tab": "record"})


@router.get("/looks", response_class=HTMLResponse)
def looks_page(me: record.Reader, d: D, no: Annotated[str, Query(max_length=32)] = "") -> HTMLResponse:
    """Who looked at a case, by its number."""
    asked = no.strip()
    seen, problem = None, ""
    if asked and not is_case_number(asked):
        problem = "办件编号应为21位数字，请核对。"
    elif asked:
        try:
            seen = record.show_looks(asked, me, d)
        except NotFound as refusal:
            problem = refusal.message
    shown = {"seen": seen, "no": asked if is_case_number(asked) else "", "problem": problem, "tab": "looks"}
    return page("record_looks.html", me, shown | {"department": department_names(d), "when": when})


@router.get("/retention", response_class=HTMLResponse)
def retention_page(me: record.Reader, d: D) -> HTMLResponse:
    seen, holds = record.show_retention(me, d), record.show_holds(me, d)
    return page("record_retention.html", me, {"seen": seen, "holds": holds.holds, "means": MEANS, "tab": "retention"})


@router.get("/deletions", response_class=HTMLResponse)
def deletions_page(
    me: record.Reader,
    d: D,
    cursor: Annotated[int | None, Query(ge=0, le=LARGEST)] = None,
    kind: Annotated[Kind | None, Query()] = None,
    of: Annotated[str, Query(max_length=64)] = "",
) -> HTMLResponse:
    """Proofs, or those that name a case or a page."""
    seen = record.show_deletions(me, d, cursor, kind, of.strip())
    shown = {"seen": seen, "kind": kind, "of": of.strip(), "kinds": KEPT_NAMES, "first": cursor is None, "when": when}
    return page("record_deletions.html", me, shown | {"tab": "deletions"})


@router.post("/holds")
def hold(form: Annotated[record.HoldAsk, Form()], me: record.Holder, d: D) -> Response:
    record.hold(form, me, d)
    return go_to("/desk/retention")


@router.post("/holds/{no}/release")
def release(no: str, me: record.Holder, d: D) -> Response:
    record.release(no, me, d)
    return go_to("/desk/retention")
