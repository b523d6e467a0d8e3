"""What only a person can settle about a courier: an order of which nobody knows whether it stands, and alerts.

The person asks the partner by telephone and writes down what was said, under their own name.
"""

from collections.abc import Collection

from cases.actions.ordering import both, note_alerts, record_booked
from cases.effects import Enqueue, Fact, JobKind, Notify, Outcome, Put, move_booking
from cases.errors import Conflict, InvalidRequest
from cases.lifecycle import BookingEvent, BookingState
from cases.model import Booking, CaseFile
from cases.moment import Moment

WAYBILL_LONGEST = 40
UNKNOWN = "outcome_unknown"


def open_alerts(booking: Booking) -> tuple[str, ...]:
    """What a person has not dealt with yet."""
    return tuple(a for a in booking.alerts if a not in booking.settled)


def settle_exists(file: CaseFile, booking_id: str, waybill: str, note: str, now: Moment) -> Outcome:
    """The partner says by telephone that the order stands. What it tells of the waybill is asked for next."""
    booking = _unknown(file, booking_id)
    if not (0 < len(waybill) <= WAYBILL_LONGEST and waybill.isascii() and waybill.isalnum()):
        raise InvalidRequest("运单号只能是字母和数字，请核对。", field="waybill")
    return (
        *_said(booking, "exists", note),
        *record_booked(file, booking_id, waybill, now),
        Enqueue(JobKind.COURIER_FIND, booking.id, f"trace:{booking.id}"),
    )


def settle_void(file: CaseFile, booking_id: str, note: str) -> Outcome:
    """The partner says by telephone that it has no such order: a new attempt may be made."""
    booking = _unknown(file, booking_id)
    _, leg = both(file, booking_id)
    return (
        *_said(booking, "does_not_exist", note),
        move_booking(booking, BookingEvent.NOT_FOUND),
        Notify("courier_refused", {"direction": str(leg.direction)}),
    )


def _unknown(file: CaseFile, booking_id: str) -> Booking:
    booking, _ = both(file, booking_id)
    if booking.state is not BookingState.UNKNOWN:
        raise Conflict("该预约的结果已经明确，无需核实。", state=str(booking.state))
    return booking


def _said(booking: Booking, answer: str, note: str) -> Outcome:
    if not note.strip():
        raise InvalidRequest("请填写核实经过：何时、向谁核实、对方如何答复。", field="note")
    return (
        *note_alerts(booking, [UNKNOWN]),
        Put("booking", booking.id, {"settled": (*booking.settled, UNKNOWN), "desk_note": note.strip()}),
        Fact("courier_settled", {"order": booking.order_id, "answer": answer}),
    )


def close_alerts(file: CaseFile, booking_id: str, seen: Collection[str], note: str) -> Outcome:
    """Alerts that a person has dealt with leave the queue. An unknown outcome does not leave so: it is settled."""
    booking, _ = both(file, booking_id)
    if booking.state is BookingState.UNKNOWN and UNKNOWN in seen:
        raise Conflict("预约结果不明须核实后登记结果，不能直接关闭。", state=str(booking.state))
    closed = tuple(a for a in open_alerts(booking) if a in seen)
    if not closed:
        raise Conflict("没有待处理的快递异常。", open=list(open_alerts(booking)))
    if not note.strip():
        raise InvalidRequest("请填写处理情况。", field="note")
    return (
        Put("booking", booking.id, {"settled": (*booking.settled, *closed), "desk_note": note.strip()}),
        Fact("courier_alert_closed", {"order": booking.order_id, "alerts": list(closed)}),
    )
