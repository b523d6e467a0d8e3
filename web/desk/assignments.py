"""What departments decide. A clerk, or a department's own system, sees and decides its own department's part only; what
nobody is competent for yet is routed by a supervisor."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from cases.actions.assigning import reroute
from cases.actions.deciding import decide_assignment
from cases.effects import Outcome
from cases.errors import InvalidRequest, NotFound
from cases.items import UNROUTED
from cases.lifecycle import CASE
from cases.model import CaseFile
from cases.moment import Moment
from storage.assignments import AssignmentRow, assignments_of
from storage.session import Transaction
from web.asks import AssignmentAsk, RouteAsk
from web.auth import Desk, requires
from web.desk.lights import light_of
from web.desk.shapes import AssignmentView, assignment_view
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape, Time
from web.writing import Shown, asked, change_case

router = APIRouter(prefix="/desk/api/assignments", tags=["departments"])
D = Annotated[Doors, Depends(doors)]


class AssignmentLine(Shape):
    id: str
    case: str
    item: str
    item_name: str
    case_state: str
    department: str
    task: str
    state: str
    because: str
    joint: str | None
    days: int
    due: date | None
    light: str
    """green | yellow | red"""
    promised: date | None
    """To the resident, for the whole case."""
    opened_at: Time | None


class AssignmentsView(Shape):
    department: str
    assignments: list[AssignmentLine]
    cursor: str | None


@router.get("")
def open_assignments(
    me: Annotated[Desk, Depends(requires(Permission.ASSIGNMENT_READ))],
    d: D,
    department: Annotated[str, Query(max_length=64)],
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> AssignmentsView:
    """What a department has to decide, the most urgent first. `unrouted`: what waits for somebody to route it."""
    _check_mine(me, department)
    with d.database.reading() as tx:
        rows, more = assignments_of(tx, department, me.scope, cursor)
    return AssignmentsView(department=department, assignments=[_line(r) for r in rows], cursor=more)


def _check_mine(me: Desk, department: str) -> None:
    """Departments of one's own, and for whoever routes the unrouted desk. Raises `NotFound`."""
    routes = department == UNROUTED and Permission.ASSIGNMENT_ROUTE in me.permissions
    if me.scope.departments is not None and department not in me.departments and not routes:
        raise NotFound("没有这个部门。", department=department)


def _line(row: AssignmentRow) -> AssignmentLine:
    a = row.assignment
    return AssignmentLine(
        id=a.id,
        case=row.number,
        item=row.item_code,
        item_name=row.item_name,
        case_state=CASE.labels[row.case_state],
        department=a.department,
        task=a.task,
        state=a.state,
        because=a.because,
        joint=a.joint,
        days=a.days,
        due=a.due,
        light=light_of(a.due),
        promised=row.case_due,
        opened_at=a.opened_at,
    )


@router.post("/{assignment}/decision")
def decide_one(
    assignment: str,
    ask: AssignmentAsk,
    me: Annotated[Desk, Depends(requires(Permission.ASSIGNMENT_DECIDE))],
    d: D,
) -> AssignmentView:
    """Approve or refuse. One refusal refuses the case; the last approval approves it."""
    with d.database.reading() as tx:
        number = _number_of(tx, assignment, me)
    opinion = f"{ask.opinion}（文号：{ask.document}）" if ask.document else ask.opinion

    def decision(file: CaseFile, now: Moment) -> Outcome:
        return decide_assignment(file, assignment, ask.decision == "approve", opinion, now)

    request = asked(me, ask, "assignment", assignment)
    return change_case(d.database, request, number, decision, shown_assignment(assignment, number))


def shown_assignment(assignment: str, number: str) -> Shown[AssignmentView]:
    """One assignment with its files, as the answer to a change of its case."""

    def view(file: CaseFile) -> AssignmentView:
        found = file.assignment(assignment)
        assert found is not None
        return assignment_view(found, number, file.files_of(assignment))

    return Shown(AssignmentView, view)


def _number_of(tx: Transaction, assignment: str, me: Desk) -> str:
    """The case of an assignment of one's own department. Raises `NotFound` for any other."""
    number, found = tx.assignment(assignment)
    if found.department not in me.departments:
        raise NotFound("没有这个任务。", id=assignment)
    return number


@router.post("/{assignment}/route")
def route_by_hand(
    assignment: str, ask: RouteAsk, me: Annotated[Desk, Depends(requires(Permission.ASSIGNMENT_ROUTE))], d: D
) -> AssignmentView:
    """What no rule routed, or what went to the wrong department, goes to this one; the reason is kept."""
    with d.database.reading() as tx:
        number, _ = tx.assignment(assignment)
        known = departments_of(tx, tx.case_file(number, readable_by=me.scope).case.region)
    if known and ask.department not in known:
        raise InvalidRequest("没有这个部门。", departments=sorted(known))

    def decision(file: CaseFile, now: Moment) -> Outcome:
        return reroute(file, assignment, ask.department, ask.reason, now)

    return change_case(
        d.database, asked(me, ask, "route", assignment), number, decision, shown_assignment(assignment, number)
    )  # fmt: skip


def departments_of(tx: Transaction, region: str) -> dict[str, str]:
    """As the region's own data name them; nothing where it names none."""
    named = tx.region_names().get(region)
    return dict(named.departments) if named else {}
