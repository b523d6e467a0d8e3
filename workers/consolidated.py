"""What a partner answered to a consolidated order, written down for the order and for every case that rides in it.

All in one transaction, the cases locked in the order of their numbers.
"""

from collections.abc import Callable
from datetime import timedelta

from cases import consolidation
from cases.actions.ordering import NOT_FOUND_TWICE
from cases.consolidation import HandedOn, Pickup
from cases.couriers import Offer
from cases.effects import Enqueue, JobKind, Outcome
from cases.lifecycle import BookingEvent, BookingState
from cases.model import CaseFile
from cases.moment import Moment
from courier import port
from storage import pickups
from storage.session import Transaction
from workers.context import SYSTEM, moment
from workers.orders import Answer

Decide = Callable[[CaseFile, str, Moment], Outcome]
ASK_AGAIN = timedelta(seconds=20)
ASK_AT_MOST = timedelta(hours=1)


def settle(tx: Transaction, pickup: Pickup, answer: Answer, other: Offer | None = None) -> list[str]:
    """The bookings that ride in the order, where it stands now: what is known of its parcel is to be followed. Where
    it came to nothing, `other` takes over with a new order."""
    match answer:
        case port.Booked(cancelled=True):
            _refuse(tx, pickup, "寄递伙伴已取消该订单", other)
        case port.Booked(waybill=waybill):
            return _take(tx, pickup, waybill)
        case port.RefusedByPartner(reason=reason):
            _refuse(tx, pickup, reason, other)
        case port.NotFound() if pickup.state is BookingState.UNKNOWN:
            _not_found(tx, pickup, other)
        case port.Unknown() | port.NotFound():
            _lose_sight(tx, pickup)
    return []


def _take(tx: Transaction, pickup: Pickup, waybill: str) -> list[str]:
    if pickup.state is not BookingState.BOOKED:
        pickups.move(tx, pickup, BookingEvent.CONFIRM, waybill=waybill)
        _each(tx, pickup, lambda file, booking, now: consolidation.taken(file, booking, waybill, now))
    pickups.adopt_orphans(tx, pickup, waybill)
    return [booking for _, booking in pickups.members(tx, pickup.id)]


def _refuse(tx: Transaction, pickup: Pickup, reason: str, other: Offer | None) -> None:
    on = _handed_on(tx, pickup, other)
    pickups.move(tx, pickup, BookingEvent.REFUSE)
    _each(tx, pickup, lambda file, booking, _: consolidation.refused(file, booking, reason, on))


def _handed_on(tx: Transaction, pickup: Pickup, other: Offer | None) -> HandedOn | None:
    """The next partner's order, if anybody is left to ride in it and its window has not passed while this was asked."""
    riders = [(tx.case_file(number), booking) for number, booking in pickups.members(tx, pickup.id)]
    left = any(consolidation.needs_courier(file, booking) for file, booking in riders)
    if other is None or not left or other.window.end <= tx.now():
        return None
    on = consolidation.hand_on(pickup, other, moment(tx))
    pickups.add(tx, on.pickup)
    return on


def _lose_sight(tx: Transaction, pickup: Pickup) -> None:
    if pickup.state is BookingState.REQUESTED:
        pickups.move(tx, pickup, BookingEvent.LOSE_SIGHT)
    _each(tx, pickup, consolidation.lost_sight)
    waited = tx.now() - pickup.requested_at
    _ask_again(tx, pickup, min(max(ASK_AGAIN, waited / 2), ASK_AT_MOST))


def _not_found(tx: Transaction, pickup: Pickup, other: Offer | None) -> None:
    if pickups.count_asked(tx, pickup) < NOT_FOUND_TWICE:
        _ask_again(tx, pickup, ASK_AGAIN)
        return
    void(tx, pickup, other)


def void(tx: Transaction, pickup: Pickup, other: Offer | None = None) -> None:
    """There is no such order: the next partner has it, or every case may be fetched otherwise."""
    on = _handed_on(tx, pickup, other)
    pickups.move(tx, pickup, BookingEvent.NOT_FOUND)
    _each(tx, pickup, lambda file, booking, _: consolidation.void(file, booking, on))


def _ask_again(tx: Transaction, pickup: Pickup, later: timedelta) -> None:
    tx.jobs.add(Enqueue(JobKind.PICKUP_FIND, pickup.id, f"find:{pickup.id}", tx.now() + later))


def called_off(tx: Transaction, pickup: Pickup) -> None:
    pickups.move(tx, pickup, BookingEvent.CANCEL)
    _each(tx, pickup, consolidation.called_off)


def end_if_empty(tx: Transaction, pickup_id: str) -> None:
    """Nobody rides in it any more: the courier has nothing to fetch."""
    riding = [tx.booking(booking)[1].state for _, booking in pickups.members(tx, pickup_id)]
    if BookingState.BOOKED not in riding:
        tx.jobs.add(Enqueue(JobKind.PICKUP_CANCEL, pickup_id, f"cancel:{pickup_id}"))


def _each(tx: Transaction, pickup: Pickup, decide: Decide) -> None:
    for number, booking in pickups.members(tx, pickup.id):
        outcome = decide(tx.case_file(number, for_change=True), booking, moment(tx))
        if outcome:
            tx.apply(number, outcome, actor=SYSTEM)
