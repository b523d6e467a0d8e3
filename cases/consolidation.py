"""Consolidated pickup 合并揽收: one courier, one waybill, one list of contents for many cases of an agent point or a village.

Each case keeps its own leg and its own booking, which rides in the shared order: what happens to the order or its
parcel happens to every case that is still in it, and the office counts each case by itself. Refuses: cases of
different offices' regions, a case that has a courier already, and somebody's own carriers, who carry case by case.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cases.actions.ordering import (
    UNKNOWN_TOO_LONG,
    WITH_COURIER,
    BookingRequest,
    Instead,
    book,
    both,
    next_attempt,
    note_alerts,
    record_booked,
    record_cancelled,
    record_refused,
)
from cases.couriers import IN_HOUSE, Offer
from cases.effects import Add, Effect, Enqueue, Fact, JobKind, Outcome, Put, move_booking
from cases.errors import Conflict, InvalidRequest
from cases.lifecycle import BOOKING_LIVE, LEG_FINAL, LEG_OPEN_FOR_BOOKING, BookingEvent, BookingState
from cases.model import Address, Booking, CaseFile, CaseNumber, Direction, PersonId, Window
from cases.moment import Moment
from cases.sentences import say

CASES_AT_LEAST = 2
CASES_AT_MOST = 50
"""One sack, and a list that a courier still reads at the door."""


@dataclass(frozen=True)
class Pickup:
    """The shared order. `state` is that of the order; which cases ride in it, their bookings say."""

    id: str
    person: PersonId
    partner: str
    order_id: str
    state: BookingState
    window: Window
    address: Address
    requested_at: datetime
    waybill: str | None = None
    asked: int = 0


@dataclass(frozen=True)
class Plan:
    pickup: Pickup
    outcomes: Mapping[CaseNumber, Outcome]


def plan(files: Sequence[CaseFile], asked: BookingRequest, person: PersonId, now: Moment) -> Plan:
    """One order for all of them. Raises `InvalidRequest` or, for a case that cannot ride, `Conflict`."""
    _check(files, asked)
    pickup = _order(person, asked.partner, asked.window, asked.address, now)
    return Plan(pickup, {f.case.number: _rides(f, asked, pickup, now) for f in files})


def _order(person: PersonId, partner: str, window: Window, address: Address, now: Moment) -> Pickup:
    pickup_id = now.new_id()
    return Pickup(
        id=pickup_id,
        person=person,
        partner=partner,
        order_id=f"ZP{pickup_id[-28:].upper()}",
        state=BookingState.REQUESTED,
        window=window,
        address=address,
        requested_at=now.at,
    )


def _check(files: Sequence[CaseFile], asked: BookingRequest) -> None:
    numbers = {f.case.number for f in files}
    if not CASES_AT_LEAST <= len(numbers) <= CASES_AT_MOST or len(numbers) != len(files):
        raise InvalidRequest(
            say("合并揽收须有{least}至{most}个不同的办件。", least=CASES_AT_LEAST, most=CASES_AT_MOST), field="cases"
        )
    if asked.direction is not Direction.COLLECTION or asked.partner in IN_HOUSE:
        raise InvalidRequest("这种方式不能一次取几件，请选快递。", field="window")
    if len({f.case.region for f in files}) > 1 or len({f.item.courier.collection for f in files}) > 1:
        raise InvalidRequest("这些办件寄往不同的窗口或付费方式不同，不能合并揽收。", field="cases")


def _rides(file: CaseFile, asked: BookingRequest, pickup: Pickup, now: Moment) -> Outcome:
    """As booking by itself, only that nobody is ordered for this case alone."""
    return _together(book(file, asked, now), pickup)


def _together(alone: Outcome, pickup: Pickup) -> Outcome:
    """The same outcome with its new booking, if there is one, in the shared order."""
    effects: list[Effect] = []
    joined = False
    for effect in alone:
        if isinstance(effect, Add) and isinstance(effect.entity, Booking):
            effects.append(Add(replace(effect.entity, pickup=pickup.id)))
            joined = True
        elif not (isinstance(effect, Enqueue) and effect.kind is JobKind.COURIER_BOOK):
            effects.append(effect)
    return (*effects, Fact("joined_pickup", {"pickup": pickup.id})) if joined else tuple(effects)


def riding(file: CaseFile, pickup_id: str) -> Booking | None:
    """The case's booking in the shared order, whatever became of it; None: it is not, or not any more, in it."""
    return next((b for b in file.bookings if b.pickup == pickup_id), None)


def still_riding(file: CaseFile, pickup_id: str) -> bool:
    booking = riding(file, pickup_id)
    return booking is not None and booking.state in BOOKING_LIVE


# ── what became of the order, for one case in it ──


def taken(file: CaseFile, booking_id: str, waybill: str, now: Moment) -> Outcome:
    return record_booked(file, booking_id, waybill, now)


@dataclass(frozen=True)
class HandedOn:
    """The order that takes the place of one that came to nothing: another partner, a new order id, the same riders."""

    pickup: Pickup
    instead: Instead


def hand_on(pickup: Pickup, offer: Offer, now: Moment) -> HandedOn:
    return HandedOn(_order(pickup.person, offer.partner, offer.window, pickup.address, now), Instead(offer, now))


def needs_courier(file: CaseFile, booking_id: str) -> bool:
    """Whether this case would ride in the next order: its papers are still where they were."""
    booking, leg = both(file, booking_id)
    return booking.state in BOOKING_LIVE and leg.state in LEG_OPEN_FOR_BOOKING


def refused(file: CaseFile, booking_id: str, reason: str, on: HandedOn | None = None) -> Outcome:
    """All ride with the next partner; or the leg is open for another window or partner, together or alone."""
    booking, _ = both(file, booking_id)
    if booking.state not in BOOKING_LIVE:
        return ()
    if on is None:
        return record_refused(file, booking_id, reason)
    return _together(record_refused(file, booking_id, reason, on.instead), on.pickup)


def lost_sight(file: CaseFile, booking_id: str, now: Moment) -> Outcome:
    """Nobody knows whether the shared order exists; it is asked for as a whole, and after a while by a person."""
    booking, _ = both(file, booking_id)
    if booking.state not in (BookingState.REQUESTED, BookingState.UNKNOWN):
        return ()
    moved = (move_booking(booking, BookingEvent.LOSE_SIGHT),) if booking.state is BookingState.REQUESTED else ()
    long = now.at - booking.requested_at >= UNKNOWN_TOO_LONG
    return (*moved, *(note_alerts(booking, ["outcome_unknown"]) if long else ()))


def said_by_desk(files: Iterable[CaseFile], pickup: Pickup) -> str | None:
    """What somebody of the office learnt by telephone for one case of an order whose outcome is unknown holds for all:
    its waybill, or empty for no such order; None: nobody knows yet."""
    riders = [b for f in files if (b := riding(f, pickup.id)) is not None]
    known = next((b.waybill for b in riders if b.state is BookingState.BOOKED and b.waybill), None)
    gone = any(b.state is BookingState.VOID for b in riders) or not riders
    return known if known is not None else ("" if gone else None)


def void(file: CaseFile, booking_id: str, on: HandedOn | None = None) -> Outcome:
    booking, leg = both(file, booking_id)
    if booking.state is not BookingState.UNKNOWN:
        return ()
    then = next_attempt(file, booking, leg, on.instead if on else None)
    return (
        move_booking(booking, BookingEvent.NOT_FOUND),
        Fact("courier_order_void", {"order": booking.order_id}),
        *(_together(then, on.pickup) if on else then),
    )


def called_off(file: CaseFile, booking_id: str, now: Moment) -> Outcome:
    return record_cancelled(file, booking_id, now)


def take_out(file: CaseFile, pickup_id: str, now: Moment) -> Outcome:
    """One case leaves the sack before the courier has it. What happens to the others is nothing to it any more."""
    booking = riding(file, pickup_id)
    leg = file.leg_by_id(booking.leg) if booking else None
    if booking is None or leg is None:
        raise Conflict("该办件不在这次合并揽收中。", case=file.case.number)
    if leg.state in WITH_COURIER or leg.state in LEG_FINAL:
        raise Conflict("快递员已经取走，不能拿出来了。", case=file.case.number, state=str(leg.state))
    if booking.state is not BookingState.BOOKED:
        raise Conflict("正在核实预约结果，请稍后再试。", case=file.case.number, state=str(booking.state))
    return (
        Put("booking", booking.id, {"pickup": None, "waybill": None}),
        *record_cancelled(file, booking.id, now),
        Fact("left_pickup", {"pickup": pickup_id}),
    )
