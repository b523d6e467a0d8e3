"""What an agent point looks after, as a list: where each case stands, what it waits for and until when.

Counted in a few questions for the whole point, not case by case. Sealed names are opened only for what is shown, or
for all of the point's own when one is looked for.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from cases.helping import WHOSE, Standing, Step, Whose, next_step
from cases.items import Need
from cases.lifecycle import BOOKING_LIVE, CaseState, LegState, MaterialState, PageState
from cases.model import Applicant, Direction
from storage.agent_tables import entrustments
from storage.agents import Entrustment, entrustment, live_at
from storage.plain import from_plain
from storage.tables import bookings, cases, items, legs, materials, pages, parcels
from storage.unit import AnyRow, Unit

LIVE_AT_MOST = 2000
"""More cases under way than a village has households."""
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Helped:
    """One line of a point's list. `applicant` is empty for what has ended."""

    entrustment: Entrustment
    item_name: str
    state: CaseState
    region: str
    deadline_at: datetime | None
    step: Step
    standing: Standing
    batch: str | None
    seq: int
    applicant: str = field(default="", repr=False)

    @property
    def waits_for_agent(self) -> bool:
        return WHOSE[self.step] is Whose.AGENT


@dataclass(frozen=True)
class Asked:
    """`waiting`: what waits for the agent alone. `name`: a part of the applicant's name."""

    waiting: bool = False
    name: str = field(default="", repr=False)
    batch: str | None = None


def under_way(tx: Unit, point: str, asked: Asked) -> list[Helped]:
    """What waits for the agent first, then by deadline."""
    mine = live_at(point) if asked.batch is None else and_(live_at(point), entrustments.c.batch == asked.batch)
    rows = tx.all(_listed(mine).order_by(entrustments.c.seq.desc()).limit(LIVE_AT_MOST))
    standings = _standings(tx, rows, mine)
    found = [_helped(tx, row, standings[row.number]) for row in rows]
    wanted = (h for h in found if not asked.waiting or h.waits_for_agent)
    return sorted((h for h in wanted if asked.name in h.applicant), key=_urgency)


def _urgency(h: Helped) -> tuple[object, ...]:
    return (not h.waits_for_agent, h.step is Step.OVER, h.deadline_at or _NEVER, -h.seq)


def past(tx: Unit, point: str, before: int | None, limit: int) -> list[Helped]:
    """What the point looked after: number and state, for its records; newest first. Nothing sealed is opened."""
    ended = and_(entrustments.c.point == point, entrustments.c.until.is_not(None))
    older = ended if before is None else and_(ended, entrustments.c.seq < before)
    rows = tx.all(_listed(older).order_by(entrustments.c.seq.desc()).limit(limit))
    return [_line(row, Standing(CaseState(row.state), proven=True), Step.OVER) for row in rows]


def _listed(where: ColumnElement[bool]) -> Select[Any]:
    return (
        select(entrustments, *_OF_CASE, items.c.name.label("item_name"))
        .join(cases, cases.c.number == entrustments.c.case_number)
        .join(items, and_(items.c.code == cases.c.item_code, items.c.version == cases.c.item_version))
        .where(where)
    )


_OF_CASE = (cases.c.number, cases.c.state, cases.c.region, cases.c.deadline_at, cases.c.applicant)


def _helped(tx: Unit, row: AnyRow, standing: Standing) -> Helped:
    sealed: Applicant = from_plain(Applicant, tx.unseal(cases, "applicant", row.number, row.applicant))
    return _line(row, standing, next_step(standing), sealed.name)


def _line(row: AnyRow, standing: Standing, step: Step, applicant: str = "") -> Helped:
    return Helped(
        entrustment(row),
        row.item_name,
        CaseState(row.state),
        row.region,
        row.deadline_at,
        step,
        standing,
        row.batch,
        row.seq,
        applicant,
    )


# ── where they stand ──


def _standings(tx: Unit, rows: Sequence[AnyRow], mine: ColumnElement[bool]) -> Mapping[str, Standing]:
    lacking = _counts(tx, materials, mine, _LACKS)
    unreadable = _counts(tx, pages, mine, pages.c.state == PageState.UNREADABLE)
    unread = _counts(tx, pages, mine, pages.c.state == PageState.UPLOADED)
    states, booked, packed = _legs(tx, mine), _booked(tx, mine), _packed(tx, mine)
    return {
        row.number: Standing(
            CaseState(row.state),
            row.proven is not None,
            missing=lacking[row.number] + unreadable[row.number],
            unread=unread[row.number],
            packed=row.number in packed,
            collection=states.get((row.number, Direction.COLLECTION)),
            delivery=states.get((row.number, Direction.DELIVERY)),
            booked=frozenset(booked[row.number]),
        )
        for row in rows
    }


_REQUIRED = and_(materials.c.need == Need.REQUIRED, materials.c.state == MaterialState.MISSING)
_LACKS = or_(_REQUIRED, materials.c.state == MaterialState.RETURNED)


def _of(table: Any, mine: ColumnElement[bool], *columns: Any) -> Select[Any]:
    """Rows of the point's own cases."""
    own = select(*columns).select_from(table)
    return own.join(entrustments, entrustments.c.case_number == table.c.case_number).where(mine)


def _counts(tx: Unit, table: Any, mine: ColumnElement[bool], where: ColumnElement[bool]) -> Mapping[str, int]:
    counted = _of(table, mine, table.c.case_number, func.count().label("n")).where(where).group_by(table.c.case_number)
    return defaultdict(int, {row.case_number: row.n for row in tx.all(counted)})


def _legs(tx: Unit, mine: ColumnElement[bool]) -> dict[tuple[str, Direction], LegState]:
    rows = tx.all(_of(legs, mine, legs.c.case_number, legs.c.direction, legs.c.state).order_by(legs.c.seq))
    return {(r.case_number, Direction(r.direction)): LegState(r.state) for r in rows}


def _booked(tx: Unit, mine: ColumnElement[bool]) -> Mapping[str, set[str]]:
    live = _of(bookings, mine, bookings.c.case_number, legs.c.direction).join(legs, legs.c.id == bookings.c.leg_id)
    found = defaultdict[str, set[str]](set)
    for row in tx.all(live.where(bookings.c.state.in_(BOOKING_LIVE))):
        found[row.case_number].add(row.direction)
    return found


def _packed(tx: Unit, mine: ColumnElement[bool]) -> set[str]:
    rows = tx.all(_of(parcels, mine, parcels.c.case_number).where(parcels.c.packed_at.is_not(None)))
    return {row.case_number for row in rows}
