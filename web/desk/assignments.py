"""What departments decide. A clerk, or a department's own system, sees and decides its own department's part only."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from cases.actions.deciding import decide_assignment
from cases.effects import Outcome
from cases.errors import NotFound
from cases.model import CaseFile
from cases.moment import Moment
from storage.queues import AssignmentRow
from storage.session import Transaction
from web.asks import AssignmentAsk
from web.auth import Desk, requires
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
    department: str
    task: str
    state: str
    due: date | None
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
    """What a department has to decide, in the order it came."""
    if me.scope.departments is not None and department not in me.departments:
        raise NotFound("没有这个部门。", department=department)
    with d.database.reading() as tx:
        rows, more = tx.assignments_open(department, cursor)
    return AssignmentsView(department=department, assignments=[_line(r) for r in rows], cursor=more)


def _line(row: AssignmentRow) -> AssignmentLine:
    a = row.assignment
    return AssignmentLine(
        id=a.id,
        case=row.number,
        item=row.item_code,
        item_name=row.item_name,
        department=a.department,
        task=a.task,
        state=a.state,
        due=a.due,
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

    def view(file: CaseFile) -> AssignmentView:
        decided = file.assignment(assignment)
        assert decided is not None
        return assignment_view(decided, number)

    request = asked(me, ask, "assignment", assignment)
    return change_case(d.database, request, number, decision, Shown(AssignmentView, view))


def _number_of(tx: Transaction, assignment: str, me: Desk) -> str:
    """The case of an assignment of one's own department. Raises `NotFound` for any other."""
    number, found = tx.assignment(assignment)
    if found.department not in me.departments:
        raise NotFound("没有这个任务。", id=assignment)
    return number
