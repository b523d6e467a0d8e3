"""Figures over all cases: what happened to one, what is late, how the whole does."""

import statistics as stats
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true

from cases.couriers import COUNTER
from cases.lifecycle import CASE, BookingState, CaseState
from cases.model import CaseNumber, Holder
from cases.saved import Saved, saved
from storage import audit, catalogue, proofs
from storage.actors import Scope, readable
from storage.audit import AuditLine
from storage.queues import QUEUES
from storage.tables import bookings, cases, hand_overs, items, ratings
from storage.unit import Unit

YELLOW = timedelta(days=1)
_NEWEST = 10_000
"""Cycle times are taken over the newest cases; older ones say nothing about today."""


@dataclass(frozen=True)
class Cycle:
    """Hours from opening to the end of a stretch."""

    cases: int
    median_h: float
    p90_h: float


@dataclass(frozen=True)
class Statistics:
    cases: int
    by_state: Mapping[str, int]
    by_item: Mapping[str, int]
    by_region: Mapping[str, int]
    to_accepted: Cycle
    to_concluded: Cycle
    first_pass_rate: float | None
    """Of the cases past pre-audit, the share that was never returned; None without such a case."""
    trips_saved: int
    papers_saved: int
    """Neither photographed nor handed over, because they were known; in cases past pre-audit."""
    ratings: Mapping[int, int]
    late: int


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


def counts_by_state(tx: Unit) -> dict[str, int]:
    """One cheap query, for metrics."""
    return _count_by(tx, cases.c.state, true())


def statistics(tx: Unit, scope: Scope | None = None) -> Statistics:
    seen = readable(scope or Scope.everything())
    by_state = _count_by(tx, cases.c.state, seen)
    rated = select(ratings.c.level, func.count()).join(cases, cases.c.number == ratings.c.case_number).where(seen)
    late = select(func.count()).select_from(cases).where(seen, QUEUES["late"].where(Scope(), tx.now()))
    return Statistics(
        cases=sum(by_state.values()),
        by_state=by_state,
        by_item=_count_by(tx, cases.c.item_code, seen),
        by_region=_count_by(tx, cases.c.region, seen),
        to_accepted=_cycle(tx, cases.c.accepted_at, seen),
        to_concluded=_cycle(tx, cases.c.concluded_at, seen),
        first_pass_rate=_first_pass_rate(tx, seen),
        trips_saved=trips_saved(tx, seen).trips,
        papers_saved=proofs.papers_saved(tx, seen),
        ratings={r[0]: r[1] for r in tx.all(rated.group_by(ratings.c.level).order_by(ratings.c.level))},
        late=tx.execute(late).scalar_one(),
    )


def trips_saved_for(tx: Unit, person: str) -> Saved:
    """In all delivered cases of one person."""
    return trips_saved(tx, cases.c.owner == person)


def trips_saved(tx: Unit, where: ColumnElement[bool]) -> Saved:
    """As `cases.saved` counts it for one case, over all that were delivered."""
    done = and_(where, cases.c.state == CaseState.DELIVERED)
    alike = (cases.c.item_code, cases.c.item_version, cases.c.round)
    counted = tx.all(select(*alike, func.count().label("cases")).where(done).group_by(*alike))
    went = _trips_made(tx, done)
    lines = (
        saved(catalogue.item(tx, row.item_code, row.item_version), row.round, went.get(tuple(row[:3]), 0), row.cases)
        for row in counted
    )
    return sum(lines, Saved())


def _trips_made(tx: Unit, done: ColumnElement[bool]) -> dict[tuple[str, int, int], int]:
    """By item, version and corrections: bookings at the counter, and papers given or taken there without one."""
    alike = (cases.c.item_code, cases.c.item_version, cases.c.round)
    booked = select(*alike).join(bookings, bookings.c.case_number == cases.c.number)
    booked = booked.where(done, bookings.c.partner == COUNTER, bookings.c.state == BookingState.DONE)
    by_hand = select(*alike, cases.c.number, hand_overs.c.at).join(
        hand_overs, hand_overs.c.case_number == cases.c.number
    )
    by_hand = by_hand.where(done, _at_a_counter()).distinct()
    made: dict[tuple[str, int, int], int] = {}
    for trips in (booked, by_hand):
        for key, count in _grouped(tx, trips).items():
            made[key] = made.get(key, 0) + count
    return made


def _grouped(tx: Unit, trips: Select[Any]) -> dict[tuple[str, int, int], int]:
    each = trips.subquery()
    alike = (each.c.item_code, each.c.item_version, each.c.round)
    return {tuple(row[:3]): row[3] for row in tx.all(select(*alike, func.count()).group_by(*alike))}


def _at_a_counter() -> ColumnElement[bool]:
    ends = (Holder.RESIDENT, Holder.OFFICE)
    return or_(*(and_(hand_overs.c.giver == a, hand_overs.c.taker == b) for a, b in (ends, ends[::-1])))


def _count_by(tx: Unit, column: ColumnElement[str], where: ColumnElement[bool]) -> dict[str, int]:
    counted = select(column, func.count()).where(where).group_by(column).order_by(column)
    return {row[0]: row[1] for row in tx.all(counted)}


def _cycle(tx: Unit, end: ColumnElement[datetime], where: ColumnElement[bool]) -> Cycle:
    newest = select(cases.c.opened_at, end.label("ended")).where(where, end.is_not(None))
    rows = tx.all(newest.order_by(end.desc()).limit(_NEWEST))
    return cycle([(row.ended - row.opened_at).total_seconds() / 3600 for row in rows])


def cycle(hours: Sequence[float]) -> Cycle:
    if not hours:
        return Cycle(0, 0.0, 0.0)
    ninth = stats.quantiles(hours, n=10, method="inclusive")[-1] if len(hours) > 1 else hours[0]
    return Cycle(len(hours), round(stats.median(hours), 2), round(ninth, 2))


_BEFORE_PASS = (CaseState.DRAFT, CaseState.SUBMITTED, CaseState.IN_REVIEW, CaseState.RETURNED)
_NEVER_PASSED = (CaseState.WITHDRAWN, CaseState.NOT_ACCEPTED, CaseState.CORRECTION_EXPIRED, CaseState.ABORTED)


def _first_pass_rate(tx: Unit, where: ColumnElement[bool]) -> float | None:
    past = and_(where, cases.c.state.not_in((*_BEFORE_PASS, *_NEVER_PASSED)))
    by_round = tx.all(select(cases.c.round, func.count()).where(past).group_by(cases.c.round))
    first, total = sum(row[1] for row in by_round if row[0] == 0), sum(row[1] for row in by_round)
    return round(first / total, 4) if total else None
