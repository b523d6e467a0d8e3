"""What carriers told: every event once, in the order of its own time, also when it comes before its booking is known.

An event without a booking is an orphan; it is adopted when the booking learns its waybill. Bodies are sealed: carriers
send couriers' names and phones.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, update

from cases.lifecycle import BookingState
from cases.model import Booking, CaseNumber
from storage.rows import entity
from storage.tables import booking_aliases, bookings, courier_events, pickups
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


@dataclass(frozen=True)
class Known:
    """Whose parcels some names are. A booking: its id, its case, the shared order it rides in."""

    by_order: Mapping[str, "Riding"]
    by_waybill: Mapping[str, "Riding"]
    shared: frozenset[str]
    """Order ids of consolidated pickups."""

    def of(self, order_id: str | None, waybill: str | None) -> "Riding | None":
        return self.by_order.get(order_id or "") or self.by_waybill.get(waybill or "")


@dataclass(frozen=True)
class Riding:
    booking: str
    case: CaseNumber
    state: BookingState
    pickup: str | None


def known(tx: Unit, partner: str, named: Iterable[tuple[str, str]]) -> Known:
    """Order id and waybill of many parcels, as `booking_by_order` and `booking_by_waybill` know them, in a few questions."""
    names = list(named)
    orders = sorted({order for order, _ in names if order})
    asked = and_(bookings.c.partner == partner, bookings.c.order_id.in_(orders))
    by_order = {row.order_id: _rides(row) for row in tx.all(select(*_RIDES).where(asked))} if orders else {}
    left = [order for order in orders if order not in by_order]
    alike = and_(pickups.c.partner == partner, pickups.c.order_id.in_(left))
    shared = frozenset(tx.execute(select(pickups.c.order_id).where(alike)).scalars()) if left else frozenset()
    waybills = sorted({waybill for order, waybill in names if waybill and order not in by_order})
    return Known(by_order, _by_waybill(tx, partner, waybills) if waybills else {}, shared)


def _by_waybill(tx: Unit, partner: str, waybills: Sequence[str]) -> dict[str, Riding]:
    """The newest of each name, whether it is its own or another one that it goes by."""
    own = select(*_RIDES).where(bookings.c.partner == partner, bookings.c.waybill.in_(waybills))
    alias = booking_aliases.join(bookings, bookings.c.id == booking_aliases.c.booking_id)
    names = and_(booking_aliases.c.partner == partner, booking_aliases.c.waybill.in_(waybills))
    other = select(*_RIDES, booking_aliases.c.waybill.label("name")).select_from(alias).where(names)
    named = [(row.waybill, row) for row in tx.all(own)] + [(row.name, row) for row in tx.all(other)]
    return {name: _rides(row) for name, row in sorted(named, key=lambda each: int(each[1].seq))}


_RIDES = [bookings.c[name] for name in ("seq", "id", "case_number", "state", "pickup", "order_id", "waybill")]


def _rides(row: AnyRow) -> Riding:
    return Riding(row.id, CaseNumber(row.case_number), BookingState(row.state), row.pickup)


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


def add_all_courier_events(tx: Unit, events: Iterable[tuple[str | None, StoredEvent]]) -> set[str]:
    """Of many bookings of one partner, in the order of their keys, so that two who add the same do not wait in a ring. The
    keys of those that were new; one that came as an orphan is adopted."""
    told = {event.unique_key: (booking, event) for booking, event in events}
    rows = [_values(tx, *told[key], None) for key in sorted(told)]
    new = set(tx.insert_all_new(courier_events, courier_events.c.unique_key, rows)) if rows else set()
    for key, (booking, event) in told.items():
        if key not in new and booking is not None:
            _adopt(tx, booking, event, None)
    return new


def _add(tx: Unit, booking_id: str | None, event: StoredEvent, pickup: str | None) -> bool:
    if tx.insert_new(courier_events, _values(tx, booking_id, event, pickup)):
        return True
    if booking_id is not None or pickup is not None:
        _adopt(tx, booking_id, event, pickup)
    return False


def _adopt(tx: Unit, booking_id: str | None, event: StoredEvent, pickup: str | None) -> None:
    same = and_(courier_events.c.partner == event.partner, courier_events.c.unique_key == event.unique_key)
    nobodys = and_(same, courier_events.c.booking_id.is_(None), courier_events.c.pickup.is_(None))
    tx.execute(update(courier_events).where(nobodys).values(booking_id=booking_id, pickup=pickup))


def _values(tx: Unit, booking_id: str | None, event: StoredEvent, pickup: str | None) -> dict[str, Any]:
    row = f"{event.partner}/{event.unique_key}"
    return {
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


def courier_events_of(tx: Unit, booking_id: str) -> list[StoredEvent]:
    """By event time, then by arrival; also those of the consolidated pickup that it rides in."""
    shared = select(bookings.c.pickup).where(bookings.c.id == booking_id).scalar_subquery()
    return _events(tx, or_(courier_events.c.booking_id == booking_id, courier_events.c.pickup == shared))


def courier_events_of_all(tx: Unit, booking_ids: Sequence[str]) -> dict[str, list[StoredEvent]]:
    """By booking, each as `courier_events_of` has them; of bookings that ride in no consolidated pickup."""
    theirs = select(courier_events).where(courier_events.c.booking_id.in_(booking_ids))
    found: dict[str, list[StoredEvent]] = {booking: [] for booking in booking_ids}
    for row in tx.all(theirs.order_by(courier_events.c.at, courier_events.c.seq)):
        found[row.booking_id].append(_event(tx, row))
    return found


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
