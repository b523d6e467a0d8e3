"""What an operator's figures ask of the ledger: each a count over what is unfinished or was lately, by an index, so that
none grows with the cases that are over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select, union_all

from cases.effects import JobKind
from cases.lifecycle import BookingState
from storage.department_tables import DeliveryState, outgoing_deliveries
from storage.job_statements import ALL_QUEUED
from storage.tables import audit_anchors, audit_heads, bookings, jobs, notices, settings
from storage.unit import Unit
from storage.words import JobState, NoticeState

COUNTED = 10_000
"""Where more than this waits, how much more says nothing new."""
LATELY = timedelta(days=1)
SCANNER_AWAY = "scanner_unavailable"
"""The word of `workers.scanning` for it."""


@dataclass(frozen=True)
class Stage:
    """One kind of work. `waiting` are due and not had; `oldest_s` is how long the first of them has waited."""

    kind: JobKind
    waiting: int = 0
    running: int = 0
    quarantined: int = 0
    oldest_s: float = 0.0


def stages(tx: Unit) -> list[Stage]:
    """Every kind of work, also where nothing waits."""
    now = tx.now()
    due = and_(ALL_QUEUED, jobs.c.due_at <= now)
    first = select(jobs.c.kind, func.count().label("n"), func.min(jobs.c.due_at).label("first")).where(due)
    waiting = {row.kind: (row.n, (now - row.first).total_seconds()) for row in tx.all(first.group_by(jobs.c.kind))}
    counted = (
        select(jobs.c.kind, jobs.c.state, func.count().label("n"))
        .where(jobs.c.state == state)
        .group_by(jobs.c.kind, jobs.c.state)
        for state in (JobState.RUNNING, JobState.QUARANTINED)
    )
    rest = {(row.kind, row.state): row.n for row in tx.all(union_all(*counted))}
    return [
        Stage(
            kind,
            waiting.get(kind, (0, 0.0))[0],
            rest.get((kind, JobState.RUNNING), 0),
            rest.get((kind, JobState.QUARANTINED), 0),
            max(0.0, waiting.get(kind, (0, 0.0))[1]),
        )
        for kind in JobKind
    ]


def unsent(tx: Unit) -> Mapping[DeliveryState, int]:
    """Messages to departments' systems that wait, are held, or were given up; none above `COUNTED`."""
    return {
        state: _bounded(tx, outgoing_deliveries.c.id, outgoing_deliveries.c.state == state)
        for state in (DeliveryState.WAITING, DeliveryState.HELD, DeliveryState.FAILED)
    }


def notices_failed(tx: Unit) -> int:
    """Residents who could not be told, of the last day."""
    failed = and_(notices.c.state == NoticeState.FAILED, notices.c.made_at > tx.now() - LATELY)
    return _bounded(tx, notices.c.id, failed)


def bookings_unsettled(tx: Unit) -> Mapping[BookingState, int]:
    """Orders of which it is not known yet whether the partner has them."""
    unsettled = (BookingState.REQUESTED, BookingState.UNKNOWN)
    return {state: _bounded(tx, bookings.c.id, bookings.c.state == state) for state in unsettled}


def anchored_at(tx: Unit) -> datetime | None:
    """When the heads of the record were written down last."""
    newest = select(audit_anchors.c.at).order_by(audit_anchors.c.seq.desc()).limit(1)
    found: datetime | None = tx.execute(newest).scalar_one_or_none()
    return found


def unanchored(tx: Unit) -> int:
    """Chains of the record that grew since."""
    return _bounded(tx, audit_heads.c.chain, audit_heads.c.position > audit_heads.c.anchored)


def clock_leads(tx: Unit) -> bool:
    """Whether some clock holds the lease."""
    held = tx.execute(select(settings.c.value).where(settings.c.name == "lease:clock")).scalar_one_or_none()
    return held is not None and datetime.fromisoformat(held["until"]) > tx.now()


def _bounded(tx: Unit, column: object, where: object) -> int:
    some = select(column).where(where).limit(COUNTED).subquery()  # type: ignore[call-overload]  # any column of any table
    found: int = tx.execute(select(func.count()).select_from(some)).scalar_one()
    return found
