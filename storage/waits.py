"""Whatever waits with a deadline, as sources: each a table, its deadline with an index on it, and who holds what is late.

Test cases are left out, and what is said of somebody's work is left out for that person.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)

from cases.care import ComplaintState
from cases.deadlines import Calendar
from cases.deferrals import OURS, RUNNING, SETTLED
from cases.lifecycle import CASE, AssignmentState, BookingState, CaseState, IncidentState, TransferState
from cases.model import CaseNumber
from cases.supervision import (
    BY_COURIER,
    BY_PROGRAM,
    BY_RESIDENT,
    CARE,
    CLOCKED,
    Light,
    Rules,
    WaitKind,
    rules_from,
)
from storage import catalogue
from storage.actors import Scope, readable
from storage.care_tables import complaints, follow_ups, rectifications
from storage.involved import involved_in
from storage.tables import (
    assignments,
    bookings,
    cases,
    incidents,
    items,
    legs,
    materials,
    settings,
    specials,
    transfers,
)
from storage.unit import AnyRow, Unit
from storage.wait_source import (
    LAST_DAY,
    NOTHING,
    NOW,
    RESIDENT_HOLDER,
    SYSTEM_HOLDER,
    Source,
    department,
    source,
    staff,
)
from storage.waits_asked import ASKED, OF_THE_PROGRAM, OUTGOING
from storage.words import Role

RULES_NAME = "supervision.rules"


@dataclass(frozen=True)
class WaitRow:
    """`holder`: `staff:<id>`, `department:<code>`, `courier:<partner>`, `resident`, `system`. `what`: a task, a kind of
    incident, a paper; empty where the state says it all."""

    kind: WaitKind
    subject: str
    number: CaseNumber
    item_code: str
    item_name: str
    region: str
    department: str
    state: str
    what: str
    due: datetime
    since: datetime
    light: Light
    holder: str
    urged: int
    """The highest step of the ladder, and urgings by hand, for this deadline."""


# ── what waits ──────────────────────────────────────────────────────────────────────────────────────────────────


def _paused() -> ColumnElement[bool]:
    """A special procedure runs: the limits stand still, and the case's own deadline is the procedure's."""
    return exists().where(specials.c.case_number == cases.c.number, specials.c.ended_at.is_(None)).correlate(cases)


def _claimed() -> ColumnElement[bool]:
    return and_(cases.c.claimed_by.is_not(None), cases.c.claimed_until > NOW)


def _partner() -> ColumnElement[str]:
    live = and_(bookings.c.case_number == cases.c.number, bookings.c.state == BookingState.BOOKED)
    newest = select(bookings.c.partner).where(live).order_by(bookings.c.seq.desc()).limit(1)
    return newest.correlate(cases).scalar_subquery()


def _of_case() -> ColumnElement[str]:
    own = department(cases.c.department)
    return case(
        (_claimed(), staff(cases.c.claimed_by)),
        (cases.c.state.in_(BY_RESIDENT), literal(RESIDENT_HOLDER)),
        (cases.c.state.in_(BY_PROGRAM), literal(SYSTEM_HOLDER)),
        (cases.c.state.in_(BY_COURIER), func.coalesce(literal("courier:") + _partner(), own)),
        else_=own,
    )


def _of_clock() -> ColumnElement[str]:
    """The department whose open task ends first; else who accepted the case."""
    theirs = and_(assignments.c.case_number == cases.c.number, assignments.c.state == AssignmentState.OPEN)
    first = select(assignments.c.department).where(theirs).order_by(assignments.c.due, assignments.c.seq).limit(1)
    open_ = department(first.correlate(cases).scalar_subquery())
    return case((_claimed(), staff(cases.c.claimed_by)), else_=func.coalesce(open_, department(cases.c.department)))


def _handled(table: Any) -> ColumnElement[str]:
    return func.coalesce(staff(table.c.handler), department(table.c.department))


_WAITING = tuple(CASE.waiting())
_RUNNING = ~_paused()
_BY_CLOCK: dict[str, Any] = {
    "where": and_(cases.c.state.in_(CLOCKED), _RUNNING),
    "since": cases.c.accepted_at,
    "holder": _of_clock(),
}
_CASE: dict[str, Any] = {
    "subject": cases.c.number,
    "state": cases.c.state,
    "department": cases.c.department,
    "what": NOTHING,
}
_OF_CASES = (
    Source(
        WaitKind.STATE,
        cases.c.deadline_at,
        # a case that is being decided waits by its clocks; by its own deadline only while a procedure runs
        where=and_(
            cases.c.state.in_(_WAITING),
            or_(cases.c.state != CaseState.PROCESSING, cases.c.promised_due.is_(None), _paused()),
        ),
        since=cases.c.state_since,
        holder=_of_case(),
        states=_WAITING,
        **_CASE,
    ),
    Source(WaitKind.PROMISED, cases.c.promised_due, **_BY_CLOCK, **_CASE),
    Source(WaitKind.STATUTORY, cases.c.statutory_due, **_BY_CLOCK, **_CASE),
)
_OF_OFFICES = (
    source(
        WaitKind.ASSIGNMENT,
        assignments,
        assignments.c.due,
        and_(assignments.c.state == AssignmentState.OPEN, _RUNNING),
        assignments.c.opened_at,
        department=assignments.c.department,
        what=assignments.c.task,
    ),
    source(
        WaitKind.INCIDENT,
        incidents,
        incidents.c.due_at,
        incidents.c.closed_at.is_(None),
        incidents.c.opened_at,
        state=incidents.c.owner,
        what=incidents.c.kind,
        holder=case(
            (incidents.c.state == IncidentState.WITH_RESIDENT, literal(RESIDENT_HOLDER)),
            else_=department(cases.c.department),
        ),
    ),
    source(
        WaitKind.TRANSFER,
        transfers,
        transfers.c.due_at,
        transfers.c.state == TransferState.OFFERED,
        transfers.c.offered_at,
        department=transfers.c.department,
    ),
)
_OF_RESIDENTS = (
    source(
        WaitKind.RECEIPT,
        legs,
        legs.c.answer_due,
        legs.c.answer_due.is_not(None),
        legs.c.since,
        holder=literal(RESIDENT_HOLDER),
    ),
    source(
        WaitKind.DEFERRAL,
        materials,
        materials.c.defer_until,
        and_(
            materials.c.defer_until.is_not(None),
            materials.c.state.not_in(SETTLED | OURS),
            cases.c.state.in_(RUNNING),
        ),
        cases.c.opened_at,
        subject=cast(materials.c.seq, String),
        # a promise that was not kept is ended by a person
        holder=case(
            (materials.c.defer_until <= LAST_DAY, department(cases.c.department)), else_=literal(RESIDENT_HOLDER)
        ),
        what=materials.c.name,
    ),
)
_OF_CARE = (
    source(
        WaitKind.RECTIFICATION,
        rectifications,
        rectifications.c.due_at,
        rectifications.c.due_at.is_not(None),
        rectifications.c.opened_at,
        department=rectifications.c.department,
        holder=_handled(rectifications),
    ),
    source(
        WaitKind.COMPLAINT,
        complaints,
        complaints.c.due_at,
        and_(complaints.c.due_at.is_not(None), complaints.c.state != ComplaintState.ANSWERED),
        complaints.c.filed_at,
        department=complaints.c.department,
        holder=_handled(complaints),
    ),
    source(
        WaitKind.FOLLOW_UP,
        follow_ups,
        follow_ups.c.due_at,
        follow_ups.c.due_at.is_not(None),
        follow_ups.c.opened_at,
        department=follow_ups.c.department,
    ),
)
SOURCES = (*_OF_CASES, *_OF_OFFICES, *_OF_RESIDENTS, *_OF_CARE, *ASKED, *OF_THE_PROGRAM, OUTGOING)


@dataclass(frozen=True)
class Look:
    """What a light depends on besides the row."""

    now: datetime
    calendar: Calendar
    rules: Rules


def look(tx: Unit) -> Look:
    return Look(tx.now(), catalogue.calendar(tx), rules(tx))


def overdue(tx: Unit, now: datetime, limit: int = 100) -> list[CaseNumber]:
    """Cases past the deadline of their state that nobody has been told of, most overdue first."""
    late = and_(cases.c.deadline_at < now, cases.c.escalated_at.is_(None), cases.c.state.in_(_WAITING))
    found = tx.all(select(cases.c.number).where(late).order_by(cases.c.deadline_at, cases.c.number).limit(limit))
    return [CaseNumber(row.number) for row in found]


def rules(tx: Unit) -> Rules:
    kept = tx.one(select(settings.c.value).where(settings.c.name == RULES_NAME))
    return rules_from({} if kept is None else kept.value, frozenset(map(str, Role)))


def waiting(source: Source, scope: Scope) -> Select[Any]:
    """Everything of a source that waits, in scope. Asked with `wait_source.at`."""
    return waiting_in(source, readable(scope), apart_from=scope.staff)


def waiting_in(source: Source, place: ColumnElement[bool], apart_from: ColumnElement[str] | str | None) -> Select[Any]:
    """`apart_from`: who must not see what is said of their own work; None: nobody."""
    named = and_(items.c.code == cases.c.item_code, items.c.version == cases.c.item_version)
    wanted = standing(source, place, apart_from, cases.c.number, cases.c.item_code, cases.c.region)
    return wanted.join(items, named).add_columns(
        items.c.name.label("item_name"),
        source.subject.label("subject"),
        source.due.label("due"),
        source.since.label("since"),
        source.state.label("state"),
        source.what.label("what"),
        source.holder.label("holder"),
        source.department.label("department"),
    )


def standing(
    source: Source,
    place: ColumnElement[bool],
    apart_from: ColumnElement[str] | str | None,
    *columns: ColumnElement[Any],
) -> Select[Any]:
    """Only these columns of it."""
    wanted = select(*columns).select_from(cases)
    if source.table is not None:
        wanted = wanted.join(source.table, source.of_case == cases.c.number)
    wanted = wanted.where(source.where, cases.c.test.is_(False), place)
    if source.kind in CARE and apart_from is not None:
        wanted = wanted.where(~involved_in(cases.c.number, apart_from))
    return wanted


def wait_row(source: Source, row: AnyRow, due: datetime, now: datetime) -> WaitRow:
    return WaitRow(
        kind=source.kind,
        subject=row.subject,
        number=CaseNumber(row.number),
        item_code=row.item_code,
        item_name=row.item_name,
        region=row.region,
        department=row.department,
        state=row.state,
        what=row.what,
        due=due,
        since=row.since,
        light=Light.RED if due <= now else Light.YELLOW,
        holder=row.holder,
        urged=0,
    )


def urged(row: WaitRow, many: int) -> WaitRow:
    return row if not many else WaitRow(**{**vars(row), "urged": many})
