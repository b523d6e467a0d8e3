"""Corrections after acceptance 受理后补正 as they are kept: which are due to be told of, and the desk's list of all that are
open. Both read the partial index over special procedures that run; there are few of them at any time.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from cases.clocks import DEMAND
from cases.deferrals import REMIND_DAYS
from cases.demands import demanded, with_resident
from cases.lifecycle import CaseState
from cases.model import CaseFile, CaseNumber, Material, Special
from storage import casefiles
from storage.actors import Scope, readable
from storage.tables import cases, specials
from storage.unit import Unit

LIMIT = 200
PAGE_SIZE = 20


@dataclass(frozen=True)
class DemandRow:
    """One demand that runs, with its case. `wanted`: everything on it; `awaited`: what the resident has still to do."""

    file: CaseFile
    running: Special
    wanted: tuple[Material, ...]
    awaited: tuple[Material, ...]
    late_at: datetime | None


def _open() -> ColumnElement[bool]:
    return and_(specials.c.ended_at.is_(None), specials.c.kind == DEMAND)


def cases_with_demands_to_tell(tx: Unit, today: date, *, closed: bool) -> list[CaseNumber]:
    """Cases with a reminder that is due, or whose days are over. `closed`: whether today's office hours are over."""
    near = [
        and_(
            specials.c.due <= today + timedelta(days=days),
            or_(specials.c.reminded.is_(None), specials.c.reminded > days),
        )
        for days in sorted(REMIND_DAYS)
    ]
    over = specials.c.due <= today if closed else specials.c.due < today
    told = select(specials.c.case_number).where(_open(), specials.c.late_at.is_(None), or_(over, *near))
    return [CaseNumber(r.case_number) for r in tx.all(told.order_by(specials.c.due).limit(LIMIT))]


def demands_open(tx: Unit, scope: Scope, after: int, limit: int = PAGE_SIZE) -> tuple[list[DemandRow], int | None]:
    """The oldest first; and where the next page begins."""
    wanted = (
        select(specials.c.seq, specials.c.case_number)
        .join(cases, cases.c.number == specials.c.case_number)
        .where(_open(), specials.c.seq > after, cases.c.state == CaseState.PROCESSING, readable(scope))
    )
    rows = tx.all(wanted.order_by(specials.c.seq).limit(limit + 1))
    more = rows[limit - 1].seq if len(rows) > limit else None
    return [_row(tx, CaseNumber(r.case_number)) for r in rows[:limit]], more


def _row(tx: Unit, number: CaseNumber) -> DemandRow:
    file = casefiles.case_file(tx, number)
    running = file.open_special
    assert running is not None, number
    return DemandRow(file, running, demanded(file), with_resident(file), running.late_at)
