"""Which parcels a partner should be asked about: those of which too little was heard. What is asked, and how often, is
decided in `workers.polling`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update

from cases.lifecycle import LEG_FINAL, LEG_MOVING, BookingState, LegState
from cases.model import Direction
from storage.tables import bookings, courier_events, legs, pickups
from storage.unit import Unit


@dataclass(frozen=True)
class Rhythm:
    """`come`: how long after its window a courier of whom nothing was heard is asked about, and how often then.
    `quiet`: how long a parcel under way may be silent. `given_up`: how long the parcel of an attempt that is over is
    still watched. `retired`: after that nobody is asked any more. The last two count from the window's end."""

    come: timedelta
    again: timedelta
    quiet: timedelta
    given_up: timedelta
    retired: timedelta


@dataclass(frozen=True)
class Watched:
    """A waybill to be asked about, and one of the bookings it belongs to."""

    booking: str
    waybill: str


def due(tx: Unit, partner: str, rhythm: Rhythm, limit: int) -> list[Watched]:
    """One booking for each waybill, those asked about longest ago first."""
    where = and_(bookings.c.partner == partner, _due(tx.now(), rhythm))
    newest = select(func.max(bookings.c.id).label("id"), func.min(bookings.c.polled_at).label("asked"))
    found = _joined(newest).where(where).group_by(bookings.c.waybill).order_by("asked").limit(limit).subquery()
    rows = tx.all(select(bookings.c.id, bookings.c.waybill).join(found, found.c.id == bookings.c.id))
    return [Watched(r.id, r.waybill) for r in rows]


def partners_due(tx: Unit, rhythm: Rhythm) -> list[str]:
    found = _joined(select(bookings.c.partner).distinct()).where(_due(tx.now(), rhythm))
    return sorted(r.partner for r in tx.all(found))


def open_parcels(tx: Unit, partner: str, rhythm: Rhythm) -> bool:
    """Whether anything of this partner may still have to be asked about."""
    live = and_(bookings.c.partner == partner, _worth(tx.now(), rhythm))
    return tx.one(_joined(select(bookings.c.id)).where(live).limit(1)) is not None


def asked(tx: Unit, partner: str, waybills: Sequence[str]) -> None:
    of_them = and_(bookings.c.partner == partner, bookings.c.waybill.in_(waybills))
    tx.execute(update(bookings).where(of_them).values(polled_at=tx.now()))


def retired(tx: Unit, rhythm: Rhythm, limit: int = 200) -> list[str]:
    """Bookings whose parcel never arrived anywhere and is too old to be asked about; each is named once."""
    old = bookings.c.window_end < tx.now() - rhythm.retired
    where = and_(bookings.c.state == BookingState.BOOKED, bookings.c.polled_at.is_not(None), old, _under_way())
    return [r.id for r in tx.all(_joined(select(bookings.c.id)).where(where).limit(limit))]


def retire(tx: Unit, booking_id: str) -> None:
    tx.execute(update(bookings).where(bookings.c.id == booking_id).values(polled_at=None))


def partner_ref(tx: Unit, booking_id: str) -> Mapping[str, str]:
    """What the partner wants back of this order, of one case or of many; empty for nothing."""
    row = tx.one(select(bookings.c.partner_ref).where(bookings.c.id == booking_id)) or tx.one(
        select(pickups.c.partner_ref).where(pickups.c.id == booking_id)
    )
    return dict(row.partner_ref) if row is not None and row.partner_ref else {}


def keep_partner_ref(tx: Unit, booking_id: str, ref: Mapping[str, str]) -> None:
    for table in (bookings, pickups):
        tx.execute(update(table).where(table.c.id == booking_id).values(partner_ref=dict(ref)))


def _joined(chosen: Any) -> Any:
    return chosen.select_from(bookings.join(legs, legs.c.id == bookings.c.leg_id))


def _under_way() -> ColumnElement[bool]:
    """Not home yet: also one that somebody else signed for, until the addressee has it."""
    in_question = and_(
        legs.c.state == LegState.DELIVERED,
        legs.c.confirmed.is_(False),
        legs.c.direction == Direction.DELIVERY,
    )
    return or_(legs.c.state.in_([*LEG_MOVING, LegState.REFUSED]), in_question)


def _worth(now: datetime, rhythm: Rhythm) -> ColumnElement[bool]:
    over = and_(
        bookings.c.state.in_([BookingState.CANCELLED, BookingState.FAILED]),
        bookings.c.window_end > now - rhythm.given_up,
        legs.c.state.not_in(list(LEG_FINAL)),
    )
    waiting = and_(
        bookings.c.state == BookingState.BOOKED,
        or_(legs.c.state.in_([LegState.BOOKED, LegState.ASSIGNED]), _under_way()),
    )
    young = bookings.c.window_end > now - rhythm.retired
    return and_(bookings.c.waybill.is_not(None), young, or_(waiting, over))


def _due(now: datetime, rhythm: Rhythm) -> ColumnElement[bool]:
    """Nothing heard, and not asked, for as long as this kind of waiting bears."""
    before_pickup = and_(
        bookings.c.state == BookingState.BOOKED, legs.c.state.in_([LegState.BOOKED, LegState.ASSIGNED])
    )
    not_come = and_(before_pickup, bookings.c.window_end < now - rhythm.come, _not_asked_since(now - rhythm.again))
    since = now - rhythm.quiet
    of_it = or_(courier_events.c.booking_id == bookings.c.id, courier_events.c.pickup == bookings.c.pickup)
    heard = exists().where(of_it, courier_events.c.arrived_at >= since)
    quiet = and_(~before_pickup, bookings.c.window_end < now, _not_asked_since(since), ~heard)
    return and_(_worth(now, rhythm), or_(not_come, quiet))


def _not_asked_since(at: datetime) -> ColumnElement[bool]:
    return or_(bookings.c.polled_at.is_(None), bookings.c.polled_at < at)
