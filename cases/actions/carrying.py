"""Two-way courier: book, learn the outcome, follow the parcel, notice that nobody came.

A booking is one attempt with its own order id. Its outcome may stay unknown; then the partner is asked by that id
and never ordered again until it said "not found" twice. A leg never has two live bookings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cases.custody import ROAD, Passing, hand_over, in_the_parcel
from cases.documents import delivery_text, document
from cases.effects import Add, Effect, Enqueue, Fact, JobKind, Notify, Outcome, Put, move_booking, move_case, move_leg
from cases.errors import Conflict, InvalidRequest, NotFound
from cases.lifecycle import (
    CASE,
    LEG_FINAL,
    LEG_MOVING,
    LEG_OPEN_FOR_BOOKING,
    BookingEvent,
    BookingState,
    CaseEvent,
    CaseState,
    LegState,
)
from cases.model import Address, Booking, CaseFile, Direction, Incident, Leg, Window
from cases.moment import Moment

NOT_FOUND_TWICE = 2
ASK_AGAIN_SECONDS = 20
ASK_AT_LEAST_EACH = timedelta(hours=1)
UNKNOWN_TOO_LONG = timedelta(minutes=15)
"""Not every partner can be asked by our order id (EMS): then a person asks, and the resident is waiting."""
NO_SHOW_GRACE = timedelta(minutes=30)
"""EMS publishes no code for a pickup that failed, so the product keeps its own timer: window end + grace."""


@dataclass(frozen=True)
class BookingRequest:
    direction: Direction
    partner: str
    window: Window
    address: Address


def book(file: CaseFile, asked: BookingRequest, now: Moment) -> Outcome:
    """Ask for a courier. Raises `Conflict` while another booking of the leg is alive."""
    leg = _open_leg(file, asked.direction)
    if asked.window.end <= now.at or asked.window.start >= asked.window.end:
        raise InvalidRequest("所选时段已过，请重新选择。")
    booking_id = now.new_id()
    attempt = 1 + sum(b.leg == leg.id for b in file.bookings)
    booking = Booking(
        id=booking_id,
        leg=leg.id,
        attempt=attempt,
        partner=asked.partner,
        # own order id: opaque, no personal value, new for every attempt; 32 characters suit every partner
        order_id=f"ZT{booking_id[-26:].upper()}{attempt:02d}",
        state=BookingState.REQUESTED,
        window=asked.window,
        address=asked.address,
        requested_at=now.at,
    )
    return (
        Add(booking),
        Enqueue(JobKind.COURIER_BOOK, booking_id, f"book:{booking_id}"),
        Fact("courier_requested", {"direction": str(asked.direction), "partner": asked.partner, "attempt": attempt}),
    )


def _open_leg(file: CaseFile, direction: Direction) -> Leg:
    leg = file.leg(direction)
    if leg is None:
        raise NotFound("目前不需要寄递。", legs=[str(x.direction) for x in file.legs])
    if file.live_booking(leg.id) is not None:
        raise Conflict("已经预约过快递员，请先取消原预约。", leg=str(direction))
    if leg.state not in LEG_OPEN_FOR_BOOKING:
        raise Conflict("该寄递段目前不能预约。", leg=str(direction), state=str(leg.state))
    return leg


def _both(file: CaseFile, booking_id: str) -> tuple[Booking, Leg]:
    booking = file.booking(booking_id)
    if booking is None:
        raise NotFound("没有这个预约。")
    leg = file.leg_by_id(booking.leg)
    if leg is None:
        raise NotFound("没有这个寄递段。")
    return booking, leg


def record_booked(file: CaseFile, booking_id: str, waybill: str, now: Moment) -> Outcome:
    """The partner took the order."""
    booking, leg = _both(file, booking_id)
    if booking.state is BookingState.BOOKED:
        return ()
    if leg.state in LEG_FINAL:
        return _no_longer_needed(booking, waybill)
    leg_moved = move_leg(leg, LegState.BOOKED, now.at) if leg.state in LEG_OPEN_FOR_BOOKING else ()
    return (
        move_booking(booking, BookingEvent.CONFIRM),
        Put("booking", booking.id, {"waybill": waybill}),
        *leg_moved,
        *_case_moves_on_booking(file, leg, now),
        Notify("courier_booked", {"direction": str(leg.direction)}),
        Fact(
            "courier_booked", {"direction": str(leg.direction), "partner": booking.partner, "order": booking.order_id}
        ),
    )


def _no_longer_needed(booking: Booking, waybill: str) -> Outcome:
    """The papers came another way while nobody knew whether the order stood."""
    return (
        move_booking(booking, BookingEvent.CONFIRM),
        Put("booking", booking.id, {"waybill": waybill}),
        move_booking(replace(booking, state=BookingState.BOOKED), BookingEvent.FAIL),
        Enqueue(JobKind.COURIER_CANCEL, booking.id, f"cancel:{booking.id}"),
        Fact("courier_not_needed", {"order": booking.order_id}),
    )


def _case_moves_on_booking(file: CaseFile, leg: Leg, now: Moment) -> Outcome:
    event, to = {
        Direction.COLLECTION: (CaseEvent.COLLECT, CaseState.COLLECTING),
        Direction.DELIVERY: (CaseEvent.DISPATCH, CaseState.DELIVERING),
    }[leg.direction]
    if event not in CASE.allowed(file.case.state):
        return ()
    return move_case(file.case, event, now.deadline(to, file.item))


def record_refused(file: CaseFile, booking_id: str, reason: str) -> Outcome:
    """The partner will not do it; the leg stays open for another window or partner."""
    booking, leg = _both(file, booking_id)
    return (
        move_booking(booking, BookingEvent.REFUSE),
        Put("booking", booking.id, {"reason": reason}),
        Notify("courier_refused", {"direction": str(leg.direction)}),
        Fact("courier_refused", {"order": booking.order_id, "partner": booking.partner, "reason": reason}),
    )


def record_unknown(file: CaseFile, booking_id: str, reason: str, now: Moment) -> Outcome:
    """Nobody knows whether the order exists: ask by its id, never order again."""
    booking, leg = _both(file, booking_id)
    moved = (move_booking(booking, BookingEvent.LOSE_SIGHT),) if booking.state is BookingState.REQUESTED else ()
    waited = now.at - booking.requested_at
    if not moved and leg.state in LEG_FINAL and waited >= UNKNOWN_TOO_LONG:
        return (
            move_booking(booking, BookingEvent.NOT_FOUND),
            Fact("courier_order_void", {"order": booking.order_id}),
        )
    due = now.at + min(max(timedelta(seconds=ASK_AGAIN_SECONDS), waited / 2), ASK_AT_LEAST_EACH)
    return (
        *moved,
        *(_noted(booking, ["outcome_unknown"]) if waited >= UNKNOWN_TOO_LONG else ()),
        Put("booking", booking.id, {"reason": reason}),
        Enqueue(JobKind.COURIER_FIND, booking.id, f"find:{booking.id}:{booking.asked}", due),
        *(
            ()
            if booking.reason == reason
            else (Fact("courier_outcome_unknown", {"order": booking.order_id, "reason": reason}),)
        ),
    )


def record_not_found(file: CaseFile, booking_id: str, now: Moment) -> Outcome:
    """The partner does not know the order. Said twice, the attempt is void and a new one may be made."""
    booking, leg = _both(file, booking_id)
    asked = booking.asked + 1
    counted = Put("booking", booking.id, {"asked": asked})
    if asked < NOT_FOUND_TWICE:
        due = now.at + timedelta(seconds=ASK_AGAIN_SECONDS)
        return (counted, Enqueue(JobKind.COURIER_FIND, booking.id, f"find:{booking.id}:{asked}", due))
    return (
        counted,
        move_booking(booking, BookingEvent.NOT_FOUND),
        Notify("courier_refused", {"direction": str(leg.direction)}),
        Fact("courier_order_void", {"order": booking.order_id}),
    )


def cancel_booking(file: CaseFile, booking_id: str) -> Outcome:
    """Cancel: at the partner first, then here. Refused once the parcel moves."""
    booking, leg = _both(file, booking_id)
    if booking.state is not BookingState.BOOKED:
        raise Conflict("该预约目前不能取消。", state=str(booking.state))
    if leg.state in _WITH_COURIER or leg.state in LEG_FINAL:
        raise Conflict("快递员已经揽收，不能取消。", state=str(leg.state))
    return (
        Enqueue(JobKind.COURIER_CANCEL, booking.id, f"cancel:{booking.id}"),
        Fact("courier_cancel_requested", {"order": booking.order_id}),
    )


def record_cancelled(file: CaseFile, booking_id: str, now: Moment) -> Outcome:
    booking, leg = _both(file, booking_id)
    if booking.state is not BookingState.BOOKED:
        return ()
    # the parcel may have been fetched meanwhile, by this courier or by another attempt's: then the leg follows it
    fetched = leg.state in _WITH_COURIER or leg.state in LEG_FINAL
    freed = () if fetched else (*move_leg(leg, LegState.CANCELLED, now.at), *_case_back(file, leg, now))
    return (
        move_booking(booking, BookingEvent.CANCEL),
        *freed,
        Fact("courier_cancelled", {"order": booking.order_id}),
    )


def nobody_came(file: CaseFile, booking_id: str, now: Moment, *, said_by: str) -> Outcome:
    """The window has passed and no courier came: the attempt failed, the resident chooses again."""
    booking, leg = _both(file, booking_id)
    if booking.state is not BookingState.BOOKED or leg.state not in (LegState.BOOKED, LegState.ASSIGNED):
        raise Conflict("快递员已经揽收，或预约已经结束。", state=str(leg.state))
    if now.at < booking.window.end:
        raise Conflict("预约时段还没有结束，请再等一等。", window_end=booking.window.end.isoformat())
    return (
        *_pickup_failed(file, booking, leg, now),
        Enqueue(JobKind.COURIER_CANCEL, booking.id, f"cancel:{booking.id}"),
        Notify("nobody_came", {"direction": str(leg.direction)}),
        Fact("courier_did_not_come", {"order": booking.order_id, "said_by": said_by}),
    )


def _pickup_failed(file: CaseFile, booking: Booking, leg: Leg, now: Moment) -> Outcome:
    return (
        move_booking(booking, BookingEvent.FAIL),
        *move_leg(leg, LegState.PICKUP_FAILED, now.at),
        *_case_back(file, leg, now),
    )


def _case_back(file: CaseFile, leg: Leg, now: Moment) -> Outcome:
    event, to = {
        Direction.COLLECTION: (CaseEvent.COLLECTION_FAILED, CaseState.PREAUDIT_PASSED),
        Direction.DELIVERY: (CaseEvent.DELIVERY_FAILED, CaseState.CONCLUDED),
    }[leg.direction]
    if event not in CASE.allowed(file.case.state):
        return ()
    return move_case(file.case, event, now.deadline(to, file.item))


@dataclass(frozen=True)
class Tracked:
    """What all events of a booking, folded, say now. `since`: time of the event that brought it there."""

    state: LegState
    since: datetime
    confirmed: bool
    alerts: Sequence[str] = ()


def record_tracking(file: CaseFile, booking_id: str, seen: Tracked, now: Moment) -> Outcome:
    """The leg follows the fold; custody and the case follow the leg. Saying the same again changes nothing."""
    booking, leg = _both(file, booking_id)
    told = (*_noted(booking, seen.alerts), *_other_couriers(file, booking, seen))
    meant = _meant(booking, leg, seen)
    if _says_nothing_new(leg, meant):
        return told
    moved = move_leg(leg, meant.state, meant.since, confirmed=meant.confirmed)
    return (
        *told,
        *moved,
        *_custody(file, booking, leg, meant, now),
        *_attempt_ended(booking, meant),
        *_case_follows(file, booking, leg, meant, now),
    )


def _noted(booking: Booking, seen: Sequence[str]) -> Outcome:
    """What a person should look at, said once."""
    alerts = tuple(a for a in seen if a not in booking.alerts)
    if not alerts:
        return ()
    return (
        Put("booking", booking.id, {"alerts": (*booking.alerts, *alerts)}),
        Fact("courier_alert", {"order": booking.order_id, "alerts": list(alerts)}),
    )


def _other_couriers(file: CaseFile, booking: Booking, seen: Tracked) -> Outcome:
    """An attempt given up that moves after all: the courier ordered in its place has nothing left to fetch."""
    if seen.state not in _WITH_COURIER:
        return ()
    others = [b for b in file.bookings if b.leg == booking.leg and b.id != booking.id]
    live = [b for b in others if b.state is BookingState.BOOKED]
    return tuple(Enqueue(JobKind.COURIER_CANCEL, b.id, f"cancel:{b.id}") for b in live)


# What an attempt that is over leaves the leg as, when its parcel turns out not to be with the courier.
_OVER: Mapping[BookingState, LegState] = {
    BookingState.CANCELLED: LegState.CANCELLED,
    BookingState.FAILED: LegState.PICKUP_FAILED,
    BookingState.VOID: LegState.PICKUP_FAILED,
    BookingState.REFUSED: LegState.PICKUP_FAILED,
    BookingState.DONE: LegState.PICKUP_FAILED,
}
_WITH_COURIER = LEG_MOVING | {LegState.DELIVERED, LegState.REFUSED, LegState.LOST}


def _meant(booking: Booking, leg: Leg, seen: Tracked) -> Tracked:
    """Only a moving parcel revives an attempt that is over: a courier assigned to it late goes nowhere."""
    if booking.state not in _OVER or seen.state in _WITH_COURIER or seen.state is LegState.RETURNED:
        return seen
    gone = leg.state in _WITH_COURIER or leg.state is LegState.HANDED_OVER
    return replace(seen, state=_OVER[booking.state] if gone else leg.state)


def _says_nothing_new(leg: Leg, seen: Tracked) -> bool:
    if leg.state is LegState.HANDED_OVER:  # by the office's own count, or to the addressee in person
        return leg.direction is Direction.COLLECTION or (seen.state is LegState.DELIVERED and seen.confirmed)
    return leg.state is seen.state and (leg.confirmed == seen.confirmed or seen.state is not LegState.DELIVERED)


def _handed_over(leg: Leg, seen: Tracked) -> bool:
    """Delivered to the office is only proved by its own count."""
    return leg.direction is Direction.DELIVERY and seen.state is LegState.DELIVERED and seen.confirmed


# ── custody: where the papers are follows where the parcel is ──


def _custody(file: CaseFile, booking: Booking, leg: Leg, seen: Tracked, now: Moment) -> Outcome:
    """One hand-over for each change of hands between where the parcel was and where it is."""
    road = ROAD[leg.direction]
    here = 2 if leg.state is LegState.HANDED_OVER else int(leg.state in _WITH_COURIER)
    there = 2 if _handed_over(leg, seen) else int(seen.state in _WITH_COURIER)
    step = 1 if there > here else -1
    papers = in_the_parcel(file, leg.direction, road[here])
    steps: list[Effect] = []
    for at in range(here, there, step):
        giver, taker = road[at], road[at + step]
        held = tuple(replace(o, holder=giver) for o in papers)
        steps += hand_over(Passing(held, giver, taker, seen.since, booking.partner), now.new_id())
    return tuple(steps)


# ── the attempt and the case ──


def _attempt_ended(booking: Booking, seen: Tracked) -> Outcome:
    """An attempt that came to nothing is over: another one may be made. The partner hears that we gave it up."""
    if booking.state is not BookingState.BOOKED:
        return ()
    match seen.state:
        case LegState.PICKUP_FAILED:
            given_up = Enqueue(JobKind.COURIER_CANCEL, booking.id, f"cancel:{booking.id}")
            return (move_booking(booking, BookingEvent.FAIL), given_up)
        case LegState.CANCELLED:
            return (move_booking(booking, BookingEvent.CANCEL),)
        case LegState.RETURNED:
            return (move_booking(booking, BookingEvent.FINISH),)
    return ()


def _case_follows(file: CaseFile, booking: Booking, leg: Leg, seen: Tracked, now: Moment) -> Outcome:
    told = _told_resident(leg, seen, now)
    if _handed_over(leg, seen):
        return (*told, *_delivered(file, booking, leg, seen, now))
    if leg.state is LegState.HANDED_OVER:
        return (*told, *_delivery_reversed(file, now))
    if seen.state in _WITH_COURIER:
        return (*told, *_case_moves_on_booking(file, leg, now))
    if seen.state in LEG_OPEN_FOR_BOOKING:
        return (*told, *_case_back(file, leg, now))
    return told


_BAD_NEWS: Mapping[LegState, str] = {
    LegState.PICKUP_FAILED: "pickup_failed",
    LegState.CANCELLED: "courier_cancelled",
    LegState.REFUSED: "parcel_refused",
    LegState.RETURNED: "parcel_returned",
    LegState.LOST: "parcel_lost",
}


def _told_resident(leg: Leg, seen: Tracked, now: Moment) -> Outcome:
    """What the resident must know; a lost parcel stays open at the office until somebody settles it."""
    news = _BAD_NEWS.get(seen.state)
    if news is None:
        return ()
    told = Notify(news, {"direction": str(leg.direction)})
    if seen.state is not LegState.LOST:
        return (told,)
    detail = {"direction": str(leg.direction), "leg": leg.id}
    return (told, Add(Incident(now.new_id(), "parcel_lost", detail, seen.since)))


def _delivered(file: CaseFile, booking: Booking, leg: Leg, seen: Tracked, now: Moment) -> Outcome:
    """Proof of delivery to the right person: the leg is finished and so is the case."""
    leg_then = replace(leg, state=LegState.DELIVERED)
    moved: Outcome = ()
    if CaseEvent.HAND_OVER in CASE.allowed(file.case.state):
        moved = move_case(file.case, CaseEvent.HAND_OVER, now.deadline(CaseState.DELIVERED, file.item))
    live = [b for b in file.bookings if b.leg == leg.id and b.state is BookingState.BOOKED]
    finish = (move_booking(b, BookingEvent.FINISH if b.id == booking.id else BookingEvent.FAIL) for b in live)
    return (
        *move_leg(leg_then, LegState.HANDED_OVER, seen.since),
        *finish,
        *moved,
        *document(file, "delivery", now, delivery_text(file, seen.since, "快递送达本人签收")),
        Notify("delivered"),
    )


def _delivery_reversed(file: CaseFile, now: Moment) -> Outcome:
    """The courier took "delivered" back: the case is open again."""
    if CaseEvent.DELIVERY_REVERSED not in CASE.allowed(file.case.state):
        return ()
    due = now.deadline(CaseState.DELIVERING, file.item)
    return (*move_case(file.case, CaseEvent.DELIVERY_REVERSED, due), Notify("delivery_reversed"))
