"""Assignments across cases: what a department has to decide, most urgent first, who is late, and what waits for somebody's
consent. Every list takes a scope; departments of the same name exist in every region.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, select, tuple_

from cases.clocks import ClockRequest, RequestState
from cases.items import UNROUTED
from cases.lifecycle import AssignmentState, CaseState
from cases.model import Assignment, CaseNumber
from storage import cursors
from storage.actors import Scope, readable
from storage.department_tables import clock_requests
from storage.rows import entity
from storage.tables import assignments, cases, items
from storage.unit import AnyRow, Unit

PAGE = 50
_NO_DUE = date(9999, 1, 1)


@dataclass(frozen=True)
class AssignmentRow:
    number: CaseNumber
    item_code: str
    item_name: str
    case_state: CaseState
    case_due: date | None
    """The day promised to the resident."""
    assignment: Assignment


@dataclass(frozen=True)
class RequestRow:
    number: CaseNumber
    item_name: str
    department: str
    request: ClockRequest


def assignments_of(
    tx: Unit, department: str, scope: Scope, cursor: str | None = None, limit: int = PAGE
) -> tuple[list[AssignmentRow], str | None]:
    """What is open at a department, the most urgent first, and the cursor of the next page. The unrouted desk belongs to
    whoever sees the case."""
    if scope.departments is not None and department not in scope.departments | {UNROUTED}:
        return [], None
    open_ = and_(assignments.c.department == department, assignments.c.state == AssignmentState.OPEN)
    wanted = (
        select(
            assignments, items.c.name.label("item_name"), cases.c.item_code, cases.c.promised_due,
            cases.c.state.label("case_state"),
        )
        .join(cases, cases.c.number == assignments.c.case_number)
        .join(items, and_(items.c.code == cases.c.item_code, items.c.version == cases.c.item_version))
        .where(open_, readable(scope))
    )  # fmt: skip
    if cursor:
        due, seq = _read_cursor(cursor)
        wanted = wanted.where(tuple_(assignments.c.due, assignments.c.seq) > tuple_(due, seq))
    rows = tx.all(wanted.order_by(assignments.c.due, assignments.c.seq).limit(limit + 1))
    more = f"{rows[limit - 1].due or _NO_DUE:%Y%m%d}-{rows[limit - 1].seq}" if len(rows) > limit else None
    return [_row(tx, row) for row in rows[:limit]], more


def _row(tx: Unit, row: AnyRow) -> AssignmentRow:
    made = entity(tx, Assignment, row)
    return AssignmentRow(
        CaseNumber(row.case_number), row.item_code, row.item_name, CaseState(row.case_state), row.promised_due, made
    )  # fmt: skip


def _read_cursor(cursor: str) -> tuple[date, int]:
    day, _, seq = cursor.partition("-")
    try:
        if not (seq.isascii() and seq.isdigit() and len(seq) <= 18 and len(day) == 8 and day.isascii()):
            raise ValueError(cursor)
        return date(int(day[:4]), int(day[4:6]), int(day[6:])), int(seq)
    except ValueError:
        raise cursors.refused(cursor) from None


MOST_COUNTED = 100
"""Nobody reads more from a number beside a name."""


def counts_open(tx: Unit, departments: Sequence[str], scope: Scope, most: int = MOST_COUNTED) -> dict[str, int]:
    """How much is open at each, counted up to `most`."""
    return {d: _count(tx, assignments.c.department == d, scope, most) for d in departments}


def _count(tx: Unit, of: ColumnElement[bool], scope: Scope, most: int) -> int:
    mine = and_(of, assignments.c.state == AssignmentState.OPEN, readable(scope))
    found = select(assignments.c.seq).join(cases, cases.c.number == assignments.c.case_number).where(mine).limit(most)
    return len(tx.all(found))


def requests_asked(tx: Unit, scope: Scope, after: int = 0, limit: int = PAGE) -> tuple[list[RequestRow], int | None]:
    """Special procedures and extensions that wait for consent, the oldest first."""
    asked = and_(clock_requests.c.state == RequestState.ASKED, clock_requests.c.seq > after, readable(scope))
    wanted = (
        select(clock_requests, items.c.name.label("item_name"), cases.c.department)
        .join(cases, cases.c.number == clock_requests.c.case_number)
        .join(items, and_(items.c.code == cases.c.item_code, items.c.version == cases.c.item_version))
        .where(asked)
        .order_by(clock_requests.c.asked_at, clock_requests.c.seq)
    )
    rows = tx.all(wanted.limit(limit + 1))
    made = [
        RequestRow(CaseNumber(r.case_number), r.item_name, r.department, entity(tx, ClockRequest, r))
        for r in rows[:limit]
    ]
    return made, rows[limit - 1].seq if len(rows) > limit else None


def cases_with_late_assignments(tx: Unit, today: date, limit: int = 200) -> list[CaseNumber]:
    """An open assignment of theirs fell due before that day, and nobody was told."""
    late = and_(
        assignments.c.state == AssignmentState.OPEN, assignments.c.escalated_at.is_(None), assignments.c.due < today
    )
    found = select(assignments.c.case_number).where(late).order_by(assignments.c.due).limit(limit)
    return [CaseNumber(r.case_number) for r in tx.all(found)]
