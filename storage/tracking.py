"""What carriers told: every event once, in the order of its own time, also when it comes before its booking is known.

An event without a booking is an orphan; it is adopted when the booking learns its waybill. Bodies are sealed: carriers
send couriers' names and phones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, update

from cases.model import Booking, CaseNumber
from storage.rows import entity
from storage.tables import booking_aliases, bookings, courier_events
from storage.unit import AnyRow, Unit


@dataclass(frozen=True)
class StoredEvent:
    """`unique_key`: the same for the same event, however often and by whatever way it comes. `body`: plain JSON."""

    unique_key: str
    partner: str
    waybill: str | None
    order_id: str | None
    at: datetime
    body: Mapping[str, Any]
    unknown_code: str | None = None
    """The partner's own code, where nobody knows what it means."""


def booking_by_order(tx: Unit, partner: str, order_id: str) -> tuple[CaseNumber, Booking] | None:
    return _booking(tx, and_(bookings.c.partner == partner, bookings.c.order_id == order_id))


def booking_by_waybill(tx: Unit, partner: str, waybill: str) -> tuple[CaseNumber, Booking] | None:
    """Also by another name of the waybill: carriers rename parcels under way."""
    alias = select(booking_aliases.c.booking_id).where(
        booking_aliases.c.partner == partner, booking_aliases.c.waybill == waybill
    )
    return _booking(
        tx, and_(bookings.c.partner == partner, or_(bookings.c.waybill == waybill, bookings.c.id.in_(alias)))
    )


def _booking(tx: Unit, where: Any) -> tuple[CaseNumber, Booking] | None:
    row = tx.execute(select(bookings).where(where).order_by(bookings.c.seq.desc()).limit(1)).one_or_none()
    return None if row is None else (CaseNumber(row.case_number), entity(tx, Booking, row))


def add_alias(tx: Unit, partner: str, waybill: str, booking_id: str) -> bool:
    """Another waybill for a booking; False if it was known."""
    return tx.insert_new(booking_aliases, {"partner": partner, "waybill": waybill, "booking_id": booking_id})


def add_courier_events(
    tx: Unit, booking_id: str | None, events: Sequence[StoredEvent], *, pickup: str | None = None
) -> int:
    """How many were new. An event that came as an orphan is adopted, but does not count again. `pickup`: of the parcel
    of a consolidated pickup, shared by all who ride in it."""
    return sum(_add(tx, booking_id, event, pickup) for event in events)


def _add(tx: Unit, booking_id: str | None, event: StoredEvent, pickup: str | None) -> bool:
    row = f"{event.partner}/{event.unique_key}"
    values = {
        "partner": event.partner,
        "unique_key": event.unique_key,
        "booking_id": booking_id,
        "waybill": event.waybill,
        "order_id": event.order_id,
        "at": event.at,
        "body": tx.seal(courier_events, "body", row, event.body),
        "arrived_at": tx.now(),
        "unknown_code": event.unknown_code,
        "pickup": pickup,
    }
    if tx.insert_new(courier_events, values):
        return True
    same = and_(courier_events.c.partner == event.partner, courier_events.c.unique_key == event.unique_key)
    if booking_id is not None or pickup is not None:
        nobodys = and_(same, courier_events.c.booking_id.is_(None), courier_events.c.pickup.is_(None))
        tx.execute(update(courier_events).where(nobodys).values(booking_id=booking_id, pickup=pickup))
    return False


def courier_events_of(tx: Unit, booking_id: str) -> list[StoredEvent]:
    """By event time, then by arrival; also those of the consolidated pickup that it rides in."""
    shared = select(bookings.c.pickup).where(bookings.c.id == booking_id).scalar_subquery()
    return _events(tx, or_(courier_events.c.booking_id == booking_id, courier_events.c.pickup == shared))


def orphans(tx: Unit, limit: int = 200) -> list[StoredEvent]:
    """Events that no booking has claimed, oldest first."""
    return _events(tx, and_(courier_events.c.booking_id.is_(None), courier_events.c.pickup.is_(None)))[:limit]


def unknown_codes(tx: Unit) -> list[tuple[str, str, int]]:
    """Partner, its code, and how many events came with it: what its documents do not tell us."""
    named = (courier_events.c.partner, courier_events.c.unknown_code)
    counted = select(*named, func.count().label("n")).where(courier_events.c.unknown_code.is_not(None))
    return [(r.partner, r.unknown_code, r.n) for r in tx.all(counted.group_by(*named).order_by(*named))]


def adopt_orphans(
    tx: Unit, partner: str, booking_id: str, *, waybill: str | None = None, order_id: str | None = None
) -> int:
    """Gives a booking the events that came before it was known by this waybill or order id; how many."""
    names = [courier_events.c.waybill == waybill] if waybill else []
    names += [courier_events.c.order_id == order_id] if order_id else []
    if not names:
        return 0
    nobodys = and_(courier_events.c.booking_id.is_(None), courier_events.c.pickup.is_(None))
    waiting = and_(courier_events.c.partner == partner, nobodys, or_(*names))
    return tx.count(update(courier_events).where(waiting).values(booking_id=booking_id))


def _events(tx: Unit, where: Any) -> list[StoredEvent]:
    rows = tx.all(select(courier_events).where(where).order_by(courier_events.c.at, courier_events.c.seq))
    return [_event(tx, row) for row in rows]


def _event(tx: Unit, row: AnyRow) -> StoredEvent:
    body = tx.unseal(courier_events, "body", f"{row.partner}/{row.unique_key}", row.body)
    return StoredEvent(row.unique_key, row.partner, row.waybill, row.order_id, row.at, body, row.unknown_code)
