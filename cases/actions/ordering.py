"""Booking a courier: ask, learn the outcome, cancel, notice that nobody came.

A booking is one attempt with its own order id. Its outcome may stay unknown; then the partner is asked by that id
and never ordered again until it said "not found" twice. A leg never has two live bookings. An attempt that certainly
came to nothing may be followed at once by one with another partner (`Offer`), which the resident is told.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cases.couriers import Offer, asked_first, task_of
from cases.effects import Add, Enqueue, Fact, JobKind, Notify, Outcome, Put, move_booking, move_case, move_leg
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
from cases.model import Address, Booking, CaseFile, Direction, Leg, Proof, Window
from cases.moment import Moment

NOT_FOUND_TWICE = 2
ASK_AGAIN_SECONDS = 20
ASK_AT_LEAST_EACH = timedelta(hours=1)
UNKNOWN_TOO_LONG = timedelta(minutes=15)
"""Not every partner can be asked by our order id (EMS): then a person asks, and the resident is waiting."""
NO_SHOW_GRACE = timedelta(minutes=30)
"""EMS publishes no code for a pickup that failed, so the product keeps its own timer: window end + grace."""

PATIENCE: Mapping[str, timedelta] = {"drop_box": timedelta(hours=14)}
"""Of those nobody waits for at home: what was put into a box on the last evening is found by a round of the next day."""

WITH_COURIER = LEG_MOVING | {LegState.DELIVERED, LegState.REFUSED, LegState.LOST}


@dataclass(frozen=True)
class BookingRequest:
    """`proof`: how the partner proves that the addressee took it. `instead_of`: the booking it stands in for."""

    direction: Direction
    partner: str
    window: Window
    address: Address
    cancel_by: datetime | None = None
    proof: Proof | None = None
    instead_of: str | None = None


def book(file: CaseFile, asked: BookingRequest, now: Moment) -> Outcome:
    """Ask for a courier. Raises `Conflict` while another booking of the leg is alive."""
    leg = _open_leg(file, asked.direction)
    if asked.window.end <= now.at or asked.window.start >= asked.window.end:
        raise InvalidRequest("所选时段已过，请重新选择。")
    _check_addressee(file, asked)
    return _ask(file, leg, asked, now)


def _ask(file: CaseFile, leg: Leg, asked: BookingRequest, now: Moment) -> Outcome:
    task = task_of(file, asked.direction)
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
        cancel_by=asked.cancel_by,
        payer=task.payer,
        declared_value_fen=task.terms.declared_value_fen,
        proof=asked.proof if task.to_addressee else None,
        safety_code=_safety_code(now) if task.to_addressee and asked.proof is Proof.CODE else None,
        instead_of=asked.instead_of,
    )
    return (
        Add(booking),
        Enqueue(JobKind.COURIER_BOOK, booking_id, f"book:{booking_id}"),
        Fact("courier_requested", {"direction": str(asked.direction), "partner": asked.partner, "attempt": attempt}),
    )


def _check_addressee(file: CaseFile, asked: BookingRequest) -> None:
    """What goes into the applicant's own hands can only be sent to the applicant, by whoever can prove it."""
    if not task_of(file, asked.direction).to_addressee:
        return
    if asked.proof is None:
        raise InvalidRequest("这种方式不能确认是您本人收的，请换一种。", partner=asked.partner)
    if file.case.applicant.kind == "person" and asked.address.contact != file.case.applicant.name:
        raise InvalidRequest("结果要由申请人本人签收，收件人请写申请人本人。", field="address.contact")


def _safety_code(now: Moment) -> str:
    """Six digits out of an identity that is used for nothing else, so nobody can guess them."""
    return f"{int.from_bytes(hashlib.sha256(now.new_id().encode()).digest(), 'big') % 1_000_000:06d}"


def _open_leg(file: CaseFile, direction: Direction) -> Leg:
    leg = file.leg(direction)
    if leg is None:
        raise NotFound("现在没有东西要寄。", legs=[str(x.direction) for x in file.legs])
    if file.live_booking(leg.id) is not None:
        raise Conflict("已经预约过快递员，请先取消原预约。", leg=str(direction))
    if leg.state not in LEG_OPEN_FOR_BOOKING:
        raise Conflict("现在不能约快递。", leg=str(direction), state=str(leg.state))
    return leg


def both(file: CaseFile, booking_id: str) -> tuple[Booking, Leg]:
    booking = file.booking(booking_id)
    if booking is None:
        raise NotFound("没有这个预约。")
    leg = file.leg_by_id(booking.leg)
    if leg is None:
        raise NotFound("没有这次寄送。")
    return booking, leg


def record_booked(file: CaseFile, booking_id: str, waybill: str, now: Moment) -> Outcome:
    """The partner took the order."""
    booking, leg = both(file, booking_id)
    if booking.state is BookingState.BOOKED:
        return ()
    if leg.state in LEG_FINAL:
        return _no_longer_needed(booking, waybill)
    leg_moved = move_leg(leg, LegState.BOOKED, now.at) if leg.state in LEG_OPEN_FOR_BOOKING else ()
    return (
        move_booking(booking, BookingEvent.CONFIRM),
        Put("booking", booking.id, {"waybill": waybill}),
        *leg_moved,
        *case_moves_on_booking(file, leg, now),
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


def case_moves_on_booking(file: CaseFile, leg: Leg, now: Moment) -> Outcome:
    event, to = {
        Direction.COLLECTION: (CaseEvent.COLLECT, CaseState.COLLECTING),
        Direction.DELIVERY: (CaseEvent.DISPATCH, CaseState.DELIVERING),
    }[leg.direction]
    if event not in CASE.allowed(file.case.state):
        return ()
    return move_case(file.case, event, now.deadline(to, file.item))


@dataclass(frozen=True)
class Instead:
    """Who takes over from a booking that came to nothing."""

    offer: Offer
    now: Moment


def record_refused(file: CaseFile, booking_id: str, reason: str, instead: Instead | None = None) -> Outcome:
    """The partner will not do it: another one does, or the leg stays open for the resident to choose again."""
    booking, leg = both(file, booking_id)
    return (
        move_booking(booking, BookingEvent.REFUSE),
        Put("booking", booking.id, {"reason": reason}),
        Fact("courier_refused", {"order": booking.order_id, "partner": booking.partner, "reason": reason}),
        *next_attempt(file, booking, leg, instead),
    )


def next_attempt(file: CaseFile, booking: Booking, leg: Leg, instead: Instead | None) -> Outcome:
    """A new attempt with a new order id, told to the resident; or the bad news. Only where the leg still waits: papers
    that came another way need no courier."""
    told = {"direction": str(leg.direction)}
    if instead is None or leg.state not in LEG_OPEN_FOR_BOOKING or instead.offer.window.end <= instead.now.at:
        return (Notify("courier_refused", told),)
    o = instead.offer
    asked = BookingRequest(leg.direction, o.partner, o.window, booking.address, o.cancel_by, o.proof, booking.id)
    moved = o.window != asked_first(file, booking).window
    return (
        *_ask(file, leg, asked, instead.now),
        Notify("courier_changed", {**told, "partner": o.partner, "window_moved": moved}),
        Fact("courier_changed", {"from": booking.partner, "to": o.partner, "window_moved": moved}),
    )


def record_unknown(file: CaseFile, booking_id: str, reason: str, now: Moment) -> Outcome:
    """Nobody knows whether the order exists: ask by its id, never order again."""
    booking, leg = both(file, booking_id)
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
        *(note_alerts(booking, ["outcome_unknown"]) if waited >= UNKNOWN_TOO_LONG else ()),
        Put("booking", booking.id, {"reason": reason}),
        Enqueue(JobKind.COURIER_FIND, booking.id, f"find:{booking.id}:{booking.asked}", due),
        *(
            ()
            if booking.reason == reason
            else (Fact("courier_outcome_unknown", {"order": booking.order_id, "reason": reason}),)
        ),
    )


def record_not_found(file: CaseFile, booking_id: str, now: Moment, instead: Instead | None = None) -> Outcome:
    """The partner does not know the order. Said twice, the attempt is void and a new one may be made."""
    booking, leg = both(file, booking_id)
    asked = booking.asked + 1
    counted = Put("booking", booking.id, {"asked": asked})
    if asked < NOT_FOUND_TWICE:
        due = now.at + timedelta(seconds=ASK_AGAIN_SECONDS)
        return (counted, Enqueue(JobKind.COURIER_FIND, booking.id, f"find:{booking.id}:{asked}", due))
    return (
        counted,
        move_booking(booking, BookingEvent.NOT_FOUND),
        Fact("courier_order_void", {"order": booking.order_id}),
        *next_attempt(file, booking, leg, instead),
    )


def cancel_booking(file: CaseFile, booking_id: str) -> Outcome:
    """Cancel: at the partner first, then here. Refused once the parcel moves."""
    booking, leg = both(file, booking_id)
    if booking.state is not BookingState.BOOKED:
        raise Conflict("该预约目前不能取消。", state=str(booking.state))
    if leg.state in WITH_COURIER or leg.state in LEG_FINAL:
        raise Conflict("快递员已经取走，不能取消了。", state=str(leg.state))
    return (
        Enqueue(JobKind.COURIER_CANCEL, booking.id, f"cancel:{booking.id}"),
        Fact("courier_cancel_requested", {"order": booking.order_id}),
    )


def record_cancelled(file: CaseFile, booking_id: str, now: Moment) -> Outcome:
    booking, leg = both(file, booking_id)
    if booking.state is not BookingState.BOOKED:
        return ()
    # the parcel may have been fetched meanwhile, by this courier or by another attempt's: then the leg follows it
    fetched = leg.state in WITH_COURIER or leg.state in LEG_FINAL
    freed = () if fetched else (*move_leg(leg, LegState.CANCELLED, now.at), *case_back(file, leg, now))
    return (
        move_booking(booking, BookingEvent.CANCEL),
        *freed,
        Fact("courier_cancelled", {"order": booking.order_id}),
    )


def nobody_came(file: CaseFile, booking_id: str, now: Moment, *, said_by: str) -> Outcome:
    """The window has passed and no courier came: the attempt failed, the resident chooses again."""
    booking, leg = both(file, booking_id)
    if booking.state is not BookingState.BOOKED or leg.state not in (LegState.BOOKED, LegState.ASSIGNED):
        raise Conflict("快递员已经取走，或者预约已经结束。", state=str(leg.state))
    if now.at < booking.expected.end:
        raise Conflict("预约时段还没有结束，请再等一等。", window_end=booking.expected.end.isoformat())
    return (
        *_pickup_failed(file, booking, leg, now),
        Enqueue(JobKind.COURIER_CANCEL, booking.id, f"cancel:{booking.id}"),
        Notify("nobody_came", {"direction": str(leg.direction)}),
        Fact("courier_did_not_come", {"order": booking.order_id, "said_by": said_by}),
    )


def grace_of(partner: str) -> timedelta:
    """How long after the window's end nobody has come."""
    return PATIENCE.get(partner, NO_SHOW_GRACE)


def _pickup_failed(file: CaseFile, booking: Booking, leg: Leg, now: Moment) -> Outcome:
    return (
        move_booking(booking, BookingEvent.FAIL),
        *move_leg(leg, LegState.PICKUP_FAILED, now.at),
        *case_back(file, leg, now),
    )


def case_back(file: CaseFile, leg: Leg, now: Moment) -> Outcome:
    event, to = {
        Direction.COLLECTION: (CaseEvent.COLLECTION_FAILED, CaseState.PREAUDIT_PASSED),
        Direction.DELIVERY: (CaseEvent.DELIVERY_FAILED, CaseState.CONCLUDED),
    }[leg.direction]
    if event not in CASE.allowed(file.case.state):
        return ()
    return move_case(file.case, event, now.deadline(to, file.item))


def record_appointed(file: CaseFile, booking_id: str, window: Window) -> Outcome:
    """The partner names the window in which its courier comes. What was asked for stays beside it; whoever may cancel
    until some time before the one may until as long before the other."""
    booking, leg = both(file, booking_id)
    if booking.state is not BookingState.BOOKED or window == booking.expected or leg.state in WITH_COURIER:
        return ()
    notice = booking.expected.start - booking.cancel_by if booking.cancel_by else None
    by = {} if notice is None else {"cancel_by": window.start - notice}
    return (
        Put("booking", booking.id, {"confirmed_window": window, **by}),
        Notify("courier_window_moved", {"direction": str(leg.direction)}),
        Fact("courier_window_moved", {"order": booking.order_id, "start": window.start.isoformat()}),
    )


def note_alerts(booking: Booking, seen: Sequence[str]) -> Outcome:
    """What a person should look at, said once."""
    alerts = tuple(a for a in seen if a not in booking.alerts)
    if not alerts:
        return ()
    return (
        Put("booking", booking.id, {"alerts": (*booking.alerts, *alerts)}),
        Fact("courier_alert", {"order": booking.order_id, "alerts": list(alerts)}),
    )
