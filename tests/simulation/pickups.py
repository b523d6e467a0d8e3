"""Consolidated pickups: neighbours whose papers ride in one order, as in `workers.consolidated`."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from cases.actions.ordering import NOT_FOUND_TWICE, BookingRequest
from cases.consolidation import HandedOn, Pickup
from cases.couriers import Offer
from cases.effects import Enqueue, JobKind
from cases.errors import Refusal
from cases.lifecycle import LEG_OPEN_FOR_BOOKING, BookingState
from cases.model import Booking, CaseFile, Direction, PersonId, Window
from tests.cases.world import ADDRESS
from tests.simulation import tracking
from tests.simulation.couriers import Answer
from tests.simulation.ledger import Ledger
from tests.simulation.street import Street


def share(street: Street) -> None:
    """An agent point orders one courier for everybody who waits for one."""
    waiting = [c for c in street.under_way() if _may_ride(c.file)]
    window = Window(street.at + timedelta(hours=1), street.at + timedelta(hours=4))
    asked = BookingRequest(Direction.COLLECTION, street.luck.choice(("ems", "sf", "grid")), window, ADDRESS)
    try:
        plan = street.rules["consolidation.plan"](
            [c.file for c in waiting], asked, PersonId("point-1"), street.moment("point-1")
        )
    except Refusal:
        street.seen.refused["consolidation.plan"] += 1
        return
    street.seen.did["consolidation.plan"] += 1
    street.pickups[plan.pickup.id] = plan.pickup
    for number, outcome in plan.outcomes.items():
        street.take(street.cases[number], outcome, "point-1")
    street.ring(Enqueue(JobKind.PICKUP_BOOK, plan.pickup.id, f"book:{plan.pickup.id}"))


def call_off(street: Street) -> None:
    """The point thinks better of it, for everybody who rides."""
    booked = [p.id for p in street.pickups.values() if p.state is BookingState.BOOKED]
    if booked:
        street.ring(Enqueue(JobKind.PICKUP_CANCEL, booked[-1], f"cancel:{booked[-1]}"))


def _may_ride(file: CaseFile) -> bool:
    leg = file.leg(Direction.COLLECTION)
    return leg is not None and leg.state in LEG_OPEN_FOR_BOOKING and file.live_booking(leg.id) is None


def book(street: Street, pickup_id: str) -> None:
    pickup = street.pickups[pickup_id]
    if pickup.state is BookingState.REQUESTED:
        _settle(street, pickup, *street.couriers.book(pickup.order_id, pickup.partner, street.at))


def find(street: Street, pickup_id: str) -> None:
    pickup = street.pickups[pickup_id]
    if pickup.state is BookingState.UNKNOWN:
        _settle(street, pickup, *street.couriers.find(pickup.order_id))


def cancel(street: Street, pickup_id: str) -> None:
    pickup = street.pickups[pickup_id]
    if pickup.state is not BookingState.BOOKED:
        return
    match street.couriers.cancel(pickup.order_id, street.at):
        case Answer.BOOKED:
            _move(street, pickup, BookingState.CANCELLED)
            _each(street, pickup, "consolidation.called_off", lambda: (street.moment(),))
        case Answer.FAILED:
            street.ring(
                Enqueue(JobKind.PICKUP_CANCEL, pickup_id, f"cancel:{pickup_id}", street.at + timedelta(minutes=1))
            )
        case _:
            pass


def leave(street: Street, case: Ledger, booking: Booking) -> None:
    """One case leaves the sack; the order is called off with the last of them."""
    if booking.pickup is None or not street.do(case, "consolidation.take_out", booking.pickup, street.moment()):
        return
    if not any(b.state is BookingState.BOOKED for _, b in _riders(street, booking.pickup)):
        street.ring(Enqueue(JobKind.PICKUP_CANCEL, booking.pickup, f"cancel:{booking.pickup}"))


def _riders(street: Street, pickup_id: str) -> Iterator[tuple[Ledger, Booking]]:
    for case in list(street.cases.values()):
        yield from ((case, b) for b in case.file.bookings if b.pickup == pickup_id)


def _move(street: Street, pickup: Pickup, to: BookingState, **values: object) -> None:
    street.pickups[pickup.id] = replace(pickup, state=to, **values)  # type: ignore[arg-type]


def _settle(street: Street, pickup: Pickup, answer: Answer, waybill: str) -> None:
    match answer:
        case Answer.BOOKED:
            _move(street, pickup, BookingState.BOOKED, waybill=waybill)
            _each(street, pickup, "consolidation.taken", lambda: (waybill, street.moment()))
            for case, booking in _riders(street, pickup.id):
                tracking.follow(street, case, booking.id)
        case Answer.REFUSED:
            on = _handed_on(street, pickup)
            _move(street, pickup, BookingState.REFUSED)
            _each(street, pickup, "consolidation.refused", lambda: ("不在服务范围", on))
        case Answer.GONE if pickup.state is BookingState.UNKNOWN and pickup.asked + 1 >= NOT_FOUND_TWICE:
            on = _handed_on(street, pickup)
            _move(street, pickup, BookingState.VOID)
            _each(street, pickup, "consolidation.void", lambda: (on,))
        case Answer.GONE if pickup.state is BookingState.UNKNOWN:
            _move(street, pickup, BookingState.UNKNOWN, asked=pickup.asked + 1)
            _ask_again(street, pickup)
        case _:
            _move(street, pickup, BookingState.UNKNOWN)
            _each(street, pickup, "consolidation.lost_sight", lambda: (street.moment(),))
            _ask_again(street, pickup)


def _handed_on(street: Street, pickup: Pickup) -> HandedOn | None:
    left = any(street.rules["consolidation.needs_courier"](c.file, b.id) for c, b in _riders(street, pickup.id))
    if not left or street.flip(2):
        return None
    window = Window(street.at + timedelta(hours=1), street.at + timedelta(hours=4))
    offer = Offer("sf" if pickup.partner != "sf" else "ems", window, window.start)
    on: HandedOn = street.rules["consolidation.hand_on"](pickup, offer, street.moment())
    street.pickups[on.pickup.id] = on.pickup
    street.ring(Enqueue(JobKind.PICKUP_BOOK, on.pickup.id, f"book:{on.pickup.id}"))
    return on


def _ask_again(street: Street, pickup: Pickup) -> None:
    street.ring(Enqueue(JobKind.PICKUP_FIND, pickup.id, f"find:{pickup.id}", street.at + timedelta(minutes=1)))


def _each(street: Street, pickup: Pickup, name: str, args: Callable[[], tuple[object, ...]]) -> None:
    """Everybody who rides in it; `Ledger.file` is as it is by then."""
    for case, booking in list(_riders(street, pickup.id)):
        street.do(case, name, booking.id, *args())
