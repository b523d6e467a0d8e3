"""Promises 容缺承诺 as they are kept: which are due to be told of, and the desk's list of all that are open.

Both read the index over promised days; a material that was settled keeps its day and is passed over.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, tuple_

from cases.deferrals import OURS, REMIND_DAYS, RUNNING, SETTLED
from cases.lifecycle import CaseState, MaterialState
from cases.model import Applicant, CaseNumber
from storage import cursors
from storage.actors import Scope, readable
from storage.plain import from_plain
from storage.queues import masked_name
from storage.tables import cases, items, materials
from storage.unit import AnyRow, Unit

LIMIT = 200
PAGE_SIZE = 50


@dataclass(frozen=True)
class PromiseRow:
    """One promised material. `applicant`: masked."""

    number: CaseNumber
    item_name: str
    applicant: str
    case_state: CaseState
    material: str
    name: str
    state: MaterialState
    due: date
    late_at: datetime | None


def _open() -> ColumnElement[bool]:
    return and_(
        materials.c.defer_until.is_not(None),
        materials.c.state.not_in(sorted(SETTLED)),
        cases.c.state.in_(sorted(RUNNING)),
    )


def cases_with_promises_to_tell(tx: Unit, today: date, *, closed: bool) -> list[CaseNumber]:
    """Cases with a reminder that is due, or a promised day that has passed. `closed`: whether today's office hours are
    over, at which a promise for today runs out."""
    nearest_first = sorted(REMIND_DAYS)
    due = [
        and_(
            materials.c.defer_until <= today + timedelta(days=days),
            or_(materials.c.reminded.is_(None), materials.c.reminded > days),
        )
        for days in nearest_first
    ]
    over = materials.c.defer_until <= today if closed else materials.c.defer_until < today
    reminding = and_(materials.c.defer_until >= today, ~over, or_(*due))
    wanted = (
        select(materials.c.case_number)
        .join(cases, cases.c.number == materials.c.case_number)
        .where(_open(), materials.c.state.not_in(sorted(OURS)), materials.c.late_at.is_(None), or_(over, reminding))
        .order_by(materials.c.defer_until)
        .limit(LIMIT)
    )
    return [CaseNumber(r.case_number) for r in tx.all(wanted)]


def promises_open(
    tx: Unit, cursor: str | None, scope: Scope, limit: int = PAGE_SIZE
) -> tuple[list[PromiseRow], str | None]:  # fmt: skip
    """The next to run out first; and the next page's cursor. Raises `InvalidRequest`."""
    wanted = (
        select(materials, cases.c.applicant, cases.c.state.label("case_state"), items.c.name.label("item_name"))
        .join(cases, cases.c.number == materials.c.case_number)
        .join(items, and_(items.c.code == cases.c.item_code, items.c.version == cases.c.item_version))
        .where(_open(), readable(scope))
    )
    if cursor:
        wanted = wanted.where(tuple_(materials.c.defer_until, materials.c.seq) > tuple_(*_read(cursor)))
    rows = tx.all(wanted.order_by(materials.c.defer_until, materials.c.seq).limit(limit + 1))
    more = f"{rows[limit - 1].defer_until}.{rows[limit - 1].seq}" if len(rows) > limit else None
    return [_row(tx, row) for row in rows[:limit]], more


def _read(cursor: str) -> tuple[date, int]:
    day, _, seq = cursor.partition(".")
    try:
        if not (seq.isascii() and seq.isdigit() and len(seq) <= 18):
            raise ValueError(seq)
        return date.fromisoformat(day), int(seq)
    except ValueError:
        raise cursors.refused(cursor) from None


def _row(tx: Unit, row: AnyRow) -> PromiseRow:
    applicant = from_plain(Applicant, tx.unseal(cases, "applicant", row.case_number, row.applicant))
    return PromiseRow(
        CaseNumber(row.case_number),
        row.item_name,
        masked_name(applicant.name),
        CaseState(row.case_state),
        row.key,
        row.name,
        MaterialState(row.state),
        row.defer_until,
        row.late_at,
    )
