"""Days that departments ask for: special procedures 特别程序 and extensions 延期. Whoever asks does not grant.

A clerk asks for the own department's work; a supervisor grants, declines, or starts a special procedure for the whole case.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from cases.actions import clocks
from cases.clocks import ClockKind
from cases.effects import Outcome
from cases.errors import NotFound
from cases.lifecycle import AssignmentState
from cases.model import CaseFile, Special
from cases.moment import Moment
from storage.assignments import RequestRow, requests_asked
from storage.claims import names_of
from web.asks import LARGEST, ExtensionAsk, SettleClockAsk, SpecialAsk
from web.auth import Desk, requires
from web.desk.changing import change
from web.desk.shapes import ClockRequestView, DeskCaseView, request_view
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape
from web.writing import asked

router = APIRouter(prefix="/desk/api", tags=["departments"])
D = Annotated[Doors, Depends(doors)]
Asker = Annotated[Desk, Depends(requires(Permission.SPECIAL_MANAGE))]
Grantor = Annotated[Desk, Depends(requires(Permission.CLOCK_GRANT))]


class AskedLine(ClockRequestView):
    case: str
    item_name: str
    department: str


class AskedView(Shape):
    requests: list[AskedLine]
    cursor: int | None


@router.get("/clock-requests")
def show_asked(me: Grantor, d: D, after: Annotated[int, Query(ge=0, le=LARGEST)] = 0) -> AskedView:
    """What waits for consent, the oldest first."""
    with d.database.reading() as tx:
        rows, more = requests_asked(tx, me.scope, after)
        names = names_of(tx, [row.request.asked_by for row in rows])
    return AskedView(requests=[_line(r, names) for r in rows], cursor=more)


def _line(row: RequestRow, names: dict[str, str]) -> AskedLine:
    seen = request_view(row.request).model_dump() | {"asked_by": names.get(row.request.asked_by, row.request.asked_by)}
    return AskedLine(**seen, case=row.number, item_name=row.item_name, department=row.department)


@router.post("/cases/{no}/special")
def special(no: str, ask: SpecialAsk, me: Asker, d: D) -> DeskCaseView:
    """Start or end a special procedure; the clocks stand still in between. Who may not grant it asks for it."""

    def decision(file: CaseFile, now: Moment) -> Outcome:
        if ask.action == "end":
            check_mine(file, file.open_special, me)
            return clocks.end_special(file, now, ask.reason)
        if Permission.CLOCK_GRANT in me.permissions and ask.assignment is None:
            return clocks.special(file, ask.kind, ask.reason, now, days=ask.days)
        wanted = clocks.Wanted(
            ClockKind.SPECIAL, ask.reason, ask.days, ask.kind, own_assignment(file, ask.assignment, me)
        )
        return clocks.ask(file, wanted, now)

    return change(d, asked(me, ask, "special", no), no, decision, heeds_claims=False)


@router.post("/cases/{no}/extension")
def extension(no: str, ask: ExtensionAsk, me: Asker, d: D) -> DeskCaseView:
    """Ask for more days, once and with the reason. Another person grants them."""

    def decision(file: CaseFile, now: Moment) -> Outcome:
        wanted = clocks.Wanted(
            ClockKind.EXTENSION, ask.reason, ask.days, assignment=own_assignment(file, ask.assignment, me)
        )
        return clocks.ask(file, wanted, now)

    return change(d, asked(me, ask, "extension", no), no, decision, heeds_claims=False)


@router.post("/cases/{no}/clock-requests/{request}")
def settle(no: str, request: str, ask: SettleClockAsk, me: Grantor, d: D) -> DeskCaseView:
    """Grant or decline what somebody else asked for."""

    def decision(file: CaseFile, now: Moment) -> Outcome:
        if ask.decision == "grant":
            return clocks.grant(file, request, now)
        return clocks.decline(file, request, ask.note, now)

    return change(d, asked(me, ask, "clock", no, request), no, decision, heeds_claims=False)


def own_assignment(file: CaseFile, named: str | None, me: Desk) -> str | None:
    """The assignment that it is about: the one named, else the open one of one's own department. Raises `NotFound` for
    another department's."""
    mine = [a for a in file.assignments if a.department in me.departments and a.state is AssignmentState.OPEN]
    if Permission.CLOCK_GRANT in me.permissions:
        return named
    if named is not None and named not in {a.id for a in mine}:
        raise NotFound("没有这个任务。", id=named)
    if not mine:
        raise NotFound("您的部门在本办件中没有办理中的任务。")
    return named or mine[0].id


def check_mine(file: CaseFile, running: Special | None, me: Desk) -> None:
    """A procedure about another department's work is that department's, and its supervisors'. Raises `NotFound`."""
    about = file.assignment(running.assignment) if running is not None and running.assignment else None
    if about is not None and Permission.CLOCK_GRANT not in me.permissions and about.department not in me.departments:
        raise NotFound("没有这个任务。", id=about.id)
