"""The desk's work queues and the claims on cases.

Pages are by keyset, most urgent first: a case that moves while somebody turns pages is neither shown twice nor
skipped. Every list takes a scope. A claim is a lease of a quarter of an hour in the case's own row.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_, update

from cases.errors import Conflict, InvalidRequest, NotFound
from cases.lifecycle import CASE, AssignmentState, CaseState
from cases.model import Applicant, Assignment, CaseNumber
from storage.actors import Scope, readable
from storage.applying import CLAIM_LEASE
from storage.desk_tables import claim_losses
from storage.plain import from_plain
from storage.rows import entity
from storage.tables import assignments, cases, items, staff
from storage.unit import AnyRow, Unit

PAGE_SIZE = 50
LOSSES = claim_losses
SOON = timedelta(days=1)
_NO_DEADLINE = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class QueueRow:
    number: CaseNumber
    item_code: str
    item_name: str
    region: str
    department: str
    state: CaseState
    channel: str
    applicant: str
    """masked: 王*明"""
    opened_at: datetime
    submitted_at: datetime | None
    deadline_at: datetime | None
    round: int
    claimed_by: str | None
    claimed_until: datetime | None


@dataclass(frozen=True)
class AssignmentRow:
    number: CaseNumber
    item_code: str
    item_name: str
    case_state: CaseState
    assignment: Assignment


@dataclass(frozen=True)
class Claim:
    number: CaseNumber
    holder: str
    until: datetime


Where = Callable[[Scope, datetime], ColumnElement[bool]]


def _in(*states: CaseState) -> Where:
    return lambda _scope, _now: cases.c.state.in_(states)


def _mine(scope: Scope, now: datetime) -> ColumnElement[bool]:
    return and_(cases.c.claimed_by == scope.staff, cases.c.claimed_until > now)


def _unclaimed(_scope: Scope, now: datetime) -> ColumnElement[bool]:
    free = or_(cases.c.claimed_until.is_(None), cases.c.claimed_until <= now)
    return and_(cases.c.state == CaseState.IN_REVIEW, free)


def _late(_scope: Scope, now: datetime) -> ColumnElement[bool]:
    return and_(cases.c.deadline_at < now, cases.c.state.in_(CASE.waiting()))


def _again(_scope: Scope, _now: datetime) -> ColumnElement[bool]:
    return and_(cases.c.state == CaseState.IN_REVIEW, cases.c.round > 0)


def _soon(_scope: Scope, now: datetime) -> ColumnElement[bool]:
    near = and_(cases.c.deadline_at >= now, cases.c.deadline_at < now + SOON)
    return and_(near, cases.c.state.in_(CASE.waiting()))


QUEUES: Mapping[str, Where] = {
    "review": _in(CaseState.IN_REVIEW),
    "again": _again,
    "soon": _soon,
    "mine": _mine,
    "unclaimed": _unclaimed,
    "returned": _in(CaseState.RETURNED),
    "originals": _in(CaseState.COLLECTING, CaseState.RECEIVED),
    "accepted": _in(CaseState.ACCEPTED, CaseState.PROCESSING),
    "conclude": _in(CaseState.APPROVED, CaseState.REFUSED),
    "late": _late,
}


def queue(tx: Unit, name: str, cursor: str | None, limit: int, scope: Scope) -> tuple[list[QueueRow], str | None]:
    """One page of a queue, most urgent first, and the cursor of the next. Raises `NotFound`, `InvalidRequest`."""
    if name not in QUEUES:
        raise NotFound("没有这个工作队列。", queue=name, queues=list(QUEUES))
    urgency = func.coalesce(cases.c.deadline_at, _NO_DEADLINE, type_=cases.c.deadline_at.type)
    wanted = (
        select(cases, items.c.name.label("item_name"), urgency.label("urgency"))
        .join(items, and_(items.c.code == cases.c.item_code, items.c.version == cases.c.item_version))
        .where(QUEUES[name](scope, tx.now()), readable(scope))
    )
    if cursor:
        at, number = _read_cursor(cursor)
        wanted = wanted.where(or_(urgency > at, and_(urgency == at, cases.c.number > number)))
    rows = tx.all(wanted.order_by(urgency, cases.c.number).limit(limit + 1))
    more = _cursor(rows[limit - 1].urgency, rows[limit - 1].number) if len(rows) > limit else None
    return [_queue_row(tx, row) for row in rows[:limit]], more


def queue_counts(tx: Unit, scope: Scope) -> dict[str, int]:
    """How many cases stand in each queue."""
    now = tx.now()
    return {
        name: int(
            tx.execute(select(func.count()).select_from(cases).where(where(scope, now), readable(scope))).scalar_one()
        )
        for name, where in QUEUES.items()
    }


def _queue_row(tx: Unit, row: AnyRow) -> QueueRow:
    sealed = from_plain(Applicant, tx.unseal(cases, "applicant", row.number, row.applicant))
    return QueueRow(
        CaseNumber(row.number),
        row.item_code,
        row.item_name,
        row.region,
        row.department,
        CaseState(row.state),
        row.channel,
        masked_name(sealed.name),
        row.opened_at,
        row.submitted_at,
        row.deadline_at,
        row.round,
        row.claimed_by,
        row.claimed_until,
    )


def masked_name(name: str) -> str:
    """王小明 → 王*明, 王明 → 王*."""
    return name if len(name) < 2 else name[0] + "*" * max(1, len(name) - 2) + (name[-1] if len(name) > 2 else "")


def assignments_open(
    tx: Unit, department: str, cursor: str | None = None, limit: int = PAGE_SIZE, *, scope: Scope | None = None
) -> tuple[list[AssignmentRow], str | None]:
    """What a department has to decide, in the order it was opened; and the next page's cursor. Departments of the same
    name exist in every region: `scope` keeps to the reader's own."""
    seen = scope or Scope.everything()
    if seen.departments is not None and department not in seen.departments:
        return [], None
    wanted = (
        select(assignments, items.c.name.label("item_name"), cases.c.item_code, cases.c.state.label("case_state"))
        .join(cases, cases.c.number == assignments.c.case_number)
        .join(items, and_(items.c.code == cases.c.item_code, items.c.version == cases.c.item_version))
        .where(assignments.c.department == department, assignments.c.state == AssignmentState.OPEN, readable(seen))
    )
    if cursor:
        at, seq = _read_cursor(cursor)
        if not (seq.isascii() and seq.isdigit() and len(seq) <= 18):
            raise _bad_cursor(cursor)
        wanted = wanted.where(tuple_(assignments.c.opened_at, assignments.c.seq) > tuple_(at, int(seq)))
    rows = tx.all(wanted.order_by(assignments.c.opened_at, assignments.c.seq).limit(limit + 1))
    more = _cursor(rows[limit - 1].opened_at, str(rows[limit - 1].seq)) if len(rows) > limit else None
    return [_assignment_row(tx, row) for row in rows[:limit]], more


def _assignment_row(tx: Unit, row: AnyRow) -> AssignmentRow:
    made = entity(tx, Assignment, row)
    return AssignmentRow(CaseNumber(row.case_number), row.item_code, row.item_name, CaseState(row.case_state), made)


def _cursor(at: datetime, key: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), key]).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    try:
        at, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        read = datetime.fromisoformat(at).astimezone(UTC), str(key)
    except (ValueError, TypeError, OverflowError):
        raise _bad_cursor(cursor) from None
    if not read[1].isalnum():  # a case number or a count; anything else was never ours
        raise _bad_cursor(cursor)
    return read


def _bad_cursor(cursor: str) -> InvalidRequest:
    return InvalidRequest("翻页参数无效，请从第一页重新查看。", cursor=cursor)


# ── claims ──────────────────────────────────────────────────────────────────────────────────────────────────────


def claim(tx: Unit, number: str, holder: str) -> Claim:
    """Takes the case, or renews one's own claim. Raises `Conflict` naming the holder, `NotFound`."""
    now = tx.now()
    free = or_(cases.c.claimed_by.is_(None), cases.c.claimed_until <= now, cases.c.claimed_by == holder)
    until = now + CLAIM_LEASE
    taken = update(cases).where(cases.c.number == number, free).values(claimed_by=holder, claimed_until=until)
    if tx.count(taken) == 1:
        return Claim(CaseNumber(number), holder, until)
    other = tx.one(select(cases.c.claimed_by, cases.c.claimed_until).where(cases.c.number == number))
    if other is None:
        raise NotFound("没有找到该办件，请核对办件编号。", number=number)
    name = tx.execute(select(staff.c.name).where(staff.c.id == other.claimed_by)).scalar_one_or_none()
    raise Conflict(
        f"该办件正由{name or other.claimed_by}办理。",
        holder=other.claimed_by,
        holder_name=name,
        until=other.claimed_until.isoformat(),
    )


def release(tx: Unit, number: str, holder: str) -> bool:
    """Gives a claim back; False if it was not the holder's."""
    mine = update(cases).where(cases.c.number == number, cases.c.claimed_by == holder)
    return tx.count(mine.values(claimed_by=None, claimed_until=None)) == 1


def claim_of(tx: Unit, number: str) -> Claim | None:
    """Who has the case now."""
    row = tx.one(select(cases.c.claimed_by, cases.c.claimed_until).where(cases.c.number == number))
    if row is None or row.claimed_by is None or row.claimed_until <= tx.now():
        return None
    return Claim(CaseNumber(number), row.claimed_by, row.claimed_until)
