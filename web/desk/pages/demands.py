"""Corrections after acceptance 受理后补正 as pages, and the files that come with a department's decision, on the case's own
screen. Every change is the JSON door's own."""

from datetime import UTC, datetime
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import Field, StringConstraints

from cases.deadlines import beijing_day
from cases.errors import InvalidRequest
from cases.lifecycle import AssignmentState
from web.asks import MAX_ENTRIES, Ask, DemandAsk, DemandedAsk, Word, Write
from web.auth import Desk, requires
from web.desk import decision_files, demands
from web.desk.deferrals import DeferredAsk, EndAsk
from web.desk.pages.shell import PageRoute, department_names, go_to, page
from web.desk.shapes import AssignmentView
from web.doors import Doors, doors
from web.permissions import Permission

router = APIRouter(prefix="/desk", include_in_schema=False, route_class=PageRoute)
D = Annotated[Doors, Depends(doors)]
Decider = Annotated[Desk, Depends(requires(Permission.ASSIGNMENT_DECIDE))]
Asker = Annotated[Desk, Depends(requires(Permission.SPECIAL_MANAGE))]
Reason = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)]


class DemandForm(Ask):
    """One line for each paper there is; those without a reason are not wanted."""

    reason: Reason
    days: Annotated[int, Field(ge=1, le=250)]
    materials: Annotated[list[Word], Field(min_length=1, max_length=MAX_ENTRIES)]
    reasons: Annotated[list[Reason], Field(min_length=1, max_length=MAX_ENTRIES)]


@router.get("/demands", response_class=HTMLResponse)
def demands_page(
    me: Annotated[Desk, Depends(requires(Permission.CASE_READ))],
    d: D,
    after: Annotated[int, Query(ge=0, le=2**62)] = 0,
) -> HTMLResponse:
    values = {"today": beijing_day(datetime.now(UTC)), "first": not after, "departments": department_names(d)}
    return page("demands.html", me, {"seen": demands.open_demands(me, d, after), **values})


@router.post("/cases/{no}/demands", response_model=None)
def demand(no: str, form: Annotated[DemandForm, Form()], me: Asker, d: D) -> Response:
    if len(form.materials) != len(form.reasons):
        raise InvalidRequest("填写的内容有问题，请刷新页面后重试。")
    wanted = [DemandedAsk(material=k, reason=r) for k, r in zip(form.materials, form.reasons, strict=True) if r]
    if not wanted or not form.reason:
        raise InvalidRequest("请至少写明一份材料要怎么补正，并写明理由。")
    demands.demand(no, DemandAsk(reason=form.reason, days=form.days, materials=wanted), me, d)
    return go_to(f"/desk/cases/{no}")


@router.post("/cases/{no}/demands/{key}", response_model=None)
def decide(
    no: str,
    key: str,
    form: Annotated[DeferredAsk, Form()],
    me: Annotated[Desk, Depends(requires(Permission.DEMAND_DECIDE))],
    d: D,
) -> Response:
    demands.decide_one(no, key, form, me, d)
    return go_to(f"/desk/cases/{no}")


@router.post("/cases/{no}/expire", response_model=None)
def expire(no: str, form: Annotated[EndAsk, Form()], me: Asker, d: D) -> Response:
    demands.expire(no, form, me, d)
    return go_to(f"/desk/cases/{no}")


# ── files that come with a decision ──


@router.get("/assignments/{assignment}/files", response_class=HTMLResponse)
def files_part(
    assignment: str, me: Annotated[Desk, Depends(requires(Permission.CASE_READ))], d: D
) -> HTMLResponse:  # fmt: skip
    return _files(decision_files.show_files(assignment, me, d), me)


@router.post("/assignments/{assignment}/files", response_class=HTMLResponse)
async def add_file(assignment: str, request: Request, me: Decider, d: D) -> HTMLResponse:
    await run_sync(decision_files.number_of, d, assignment, me)
    async with request.form(max_files=1, max_fields=8, max_part_size=4096) as form:
        made = await run_sync(decision_files.keep_form, d, me, assignment, form, limiter=d.files_at_once)
    return _files(made, me)


@router.post("/assignments/{assignment}/files/{file}/remove", response_class=HTMLResponse)
def remove_file(assignment: str, file: str, me: Decider, d: D) -> HTMLResponse:
    return _files(decision_files.remove_file(assignment, file, Write(), me, d), me)


def _files(one: AssignmentView, me: Desk) -> HTMLResponse:
    mine = one.department in me.departments and Permission.ASSIGNMENT_DECIDE in me.permissions
    adding = mine and one.state == AssignmentState.OPEN
    return page("decision_files.html", me, {"one": one, "adding": adding})
