"""What happened to a case, and what is late."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, select

from cases.lifecycle import CASE, CaseState
from cases.model import CaseNumber
from storage import audit
from storage.actors import Scope, readable
from storage.audit import AuditLine
from storage.tables import cases, items
from storage.unit import Unit

YELLOW = timedelta(days=1)


@dataclass(frozen=True)
class SupervisionRow:
    number: CaseNumber
    item_code: str
    item_name: str
    department: str
    state: CaseState
    deadline_at: datetime
    light: str
    """yellow | red"""
    claimed_by: str | None
    escalated_at: datetime | None


def timeline(tx: Unit, number: str) -> list[AuditLine]:
    """All that happened to a case, in order."""
    return audit.lines(tx, number)


def overdue(tx: Unit, now: datetime, limit: int = 100) -> list[CaseNumber]:
    """Cases past the deadline of their state that nobody has been told of, most overdue first."""
    late = and_(cases.c.deadline_at < now, cases.c.escalated_at.is_(None), cases.c.state.in_(CASE.waiting()))
    found = tx.all(select(cases.c.number).where(late).order_by(cases.c.deadline_at, cases.c.number).limit(limit))
    return [CaseNumber(row.number) for row in found]


def supervision(tx: Unit, now: datetime, scope: Scope | None = None, limit: int = 500) -> list[SupervisionRow]:
    """Yellow: less than a day is left. Red: the deadline has passed."""
    near = and_(cases.c.deadline_at < now + YELLOW, cases.c.state.in_(CASE.waiting()))
    wanted = (
        select(cases, items.c.name.label("item_name"))
        .join(items, and_(items.c.code == cases.c.item_code, items.c.version == cases.c.item_version))
        .where(near, readable(scope or Scope.everything()))
    )
    return [
        SupervisionRow(
            CaseNumber(row.number),
            row.item_code,
            row.item_name,
            row.department,
            CaseState(row.state),
            row.deadline_at,
            "red" if row.deadline_at < now else "yellow",
            row.claimed_by,
            row.escalated_at,
        )
        for row in tx.all(wanted.order_by(cases.c.deadline_at, cases.c.number).limit(limit))
    ]
