"""Pushes and traces become events, and the leg follows the fold of all of them, as in `workers.actors.tracking`.

A push heard again must say nothing new: the same fold, recorded twice, changes nothing the second time.
"""

from collections.abc import Iterable
from dataclasses import replace

from cases.actions.carrying import Tracked
from cases.effects import Enqueue
from cases.lifecycle import BookingState
from cases.model import Booking, Window
from courier.fold import fold
from courier.vocabulary import CourierEvent, EventKind
from tests.simulation.ledger import Ledger
from tests.simulation.street import Street


def hear(street: Street, event: CourierEvent) -> None:
    order = event.order_id or _order_of(street, event.waybill)
    if _keep(street, order, [event]):
        _follow_all(street, order)


def trace(street: Street, case: Ledger, booking: Booking) -> None:
    """The partner's own record: everything that it ever knew."""
    key = _shared(street, booking)
    order = street.couriers.orders.get(key)
    if order is not None and _keep(street, key, order.events):
        _follow_all(street, key)


def _order_of(street: Street, waybill: str) -> str:
    return next((o.order_id for o in street.couriers.orders.values() if o.waybill == waybill), "")


def _keep(street: Street, order: str, events: Iterable[CourierEvent]) -> bool:
    known = street.told.setdefault(order, [])
    seen = {e.unique_key for e in known}
    new = [e for e in events if e.unique_key not in seen]
    known += new
    return bool(new)


def _shared(street: Street, booking: Booking) -> str:
    """The order that tells of it: its own, or the pickup's that it rides in."""
    return street.pickups[booking.pickup].order_id if booking.pickup else booking.order_id


def _follow_all(street: Street, order: str) -> None:
    for case in list(street.cases.values()):
        for booking in case.file.bookings:
            if _shared(street, booking) == order:
                follow(street, case, booking.id)


def follow(street: Street, case: Ledger, booking_id: str) -> None:
    booking = case.file.booking(booking_id)
    if booking is None:
        return
    _known_by_now(street, case, booking)
    attempts = [b for b in case.file.bookings if b.leg == booking.leg]
    told = [e for b in attempts for e in _told_of(street, b)]
    folded = fold(told)
    if folded.since is None:
        return
    followed = next((b for b in attempts if folded.order in (b.order_id, b.waybill)), booking)
    left_with = str(folded.recipient) if folded.recipient else None
    there = max((e for e in told if e.at == folded.since), key=lambda e: e.unique_key, default=None)
    seen = Tracked(folded.state, folded.since, folded.confirmed, folded.alerts, left_with)
    if there is not None and there.by:
        seen = replace(seen, by=there.by, seal=there.seal or None)
    street.do(case, "carrying.record_tracking", followed.id, seen, street.moment(), by=followed.partner)
    again = street.rules["carrying.record_tracking"](case.file, followed.id, seen, street.moment())
    if [e for e in again if not (isinstance(e, Enqueue) and e.dedupe)]:  # a job that waits already is not a second one
        raise street.broken(f"the same tracking told twice changes something: {again[:3]}")
    if followed.waybill and followed.state is BookingState.BOOKED and street.flip(15):
        window = Window(followed.window.start.replace(minute=30), followed.window.end.replace(minute=59))
        street.do(case, "ordering.record_appointed", followed.id, window)


def _known_by_now(street: Street, case: Ledger, booking: Booking) -> None:
    """An order whose outcome is unknown, and of which the partner speaks, stands."""
    events = street.told.get(_shared(street, booking), [])
    waybill = next((e.waybill for e in events if e.waybill), None)
    if booking.state is BookingState.UNKNOWN and waybill is not None:
        street.do(case, "ordering.record_booked", booking.id, waybill, street.moment(), by=booking.partner)


def _told_of(street: Street, booking: Booking) -> list[CourierEvent]:
    events = [replace(e, order_id=booking.order_id) for e in street.told.get(_shared(street, booking), ())]
    return [_taken(booking), *events] if events else []


def _taken(booking: Booking) -> CourierEvent:
    key = f"{booking.partner}:{booking.order_id}:booked"
    at = booking.requested_at
    return CourierEvent(EventKind.BOOKED, at, booking.partner, booking.waybill or "", booking.order_id, unique_key=key)
