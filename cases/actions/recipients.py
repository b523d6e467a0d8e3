"""Who has really got it: proof of delivery, and asking the resident where the courier gave the parcel to somebody else.

A parcel left with a neighbour, a locker or a property office is delivered and not confirmed. Only the addressee's yes,
or the desk's with proof, completes the case then; a no opens an incident and asks the partner for the parcel's trace.
Who does not answer is asked once more, and then the desk finds out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from cases.custody import Passing, hand_over, in_the_parcel
from cases.deadlines import end_of
from cases.documents import delivery_proof
from cases.effects import Enqueue, Fact, JobKind, Notify, Outcome, Put, move_booking, move_case, move_leg
from cases.errors import Conflict, NotFound
from cases.incidents import IncidentKind, Settlement, closed, of_leg, open_incident
from cases.lifecycle import CASE, BookingEvent, BookingState, CaseEvent, CaseState, LegState
from cases.model import Booking, CaseFile, Direction, Holder, Leg
from cases.moment import Moment

ANSWER_WORKING_DAYS = 2
"""To look into the locker or ring at the neighbour's."""
ASKED_AT_MOST = 2


class Proof(StrEnum):
    """How somebody of the office knows that the addressee has it. `RESIDENT`: said by the addressee in the app."""

    RESIDENT = "resident"
    CALL = "call"
    SIGNATURE = "signature"
    VISIT = "visit"


_HOW: Mapping[Proof, str] = {
    Proof.RESIDENT: "快递他人代收，申请人确认本人已收到",
    Proof.CALL: "快递他人代收，经工作人员电话核实本人已收到",
    Proof.SIGNATURE: "快递他人代收，凭本人签名核实已收到",
    Proof.VISIT: "快递他人代收，经工作人员上门核实本人已收到",
}


def in_question(leg: Leg) -> bool:
    """Signed for by somebody else: nobody has said yet that the addressee has it."""
    return leg.direction is Direction.DELIVERY and leg.state is LegState.DELIVERED and not leg.confirmed


def ask(leg: Leg, recipient: str | None, now: Moment) -> Outcome:
    """The resident is asked. `recipient`: with whom the courier left it, as far as he said."""
    asks = leg.asks + 1
    return (
        Put("leg", leg.id, {"asks": asks, "answer_due": end_of(now.in_working_days(ANSWER_WORKING_DAYS))}),
        Notify("was_it_received", {"recipient": recipient or "", "asked": asks}),
        Fact("receipt_asked", {"recipient": recipient, "asked": asks}),
    )


def answered(file: CaseFile, booking_id: str, received: bool, proof: Proof, now: Moment) -> Outcome:
    """The resident's word, or the desk's with its proof. Raises `Conflict` where nothing is in question."""
    booking, leg = _asked_about(file, booking_id)
    if not received:
        return _denied(file, booking, leg, proof, now)
    vouched = Put("leg", leg.id, {"vouched": str(proof), "confirmed": True, "asks": 0, "answer_due": None})
    papers = in_the_parcel(file, leg, Holder.COURIER)
    settled = (e for i in of_leg(file, leg.id) for e in closed(i, Settlement.FOUND, "申请人确认收到", now))
    return (
        Fact("receipt_confirmed", {"proof": str(proof)}),
        *settled,
        *hand_over(Passing(papers, Holder.COURIER, Holder.RESIDENT, now.at, now.by), now.new_id()),
        *delivered(file, booking, leg, Delivery(now.at, _HOW[proof]), now),
        vouched,
    )


def _asked_about(file: CaseFile, booking_id: str) -> tuple[Booking, Leg]:
    booking = file.booking(booking_id)
    leg = file.leg_by_id(booking.leg) if booking else None
    if booking is None or leg is None:
        raise NotFound("没有这个预约。")
    if not in_question(leg):
        raise Conflict("这个包裹现在不用您确认。", state=str(leg.state))
    return booking, leg


def _denied(file: CaseFile, booking: Booking, leg: Leg, proof: Proof, now: Moment) -> Outcome:
    if of_leg(file, leg.id, IncidentKind.NOT_RECEIVED):
        raise Conflict("已经登记未收到，工作人员正在查找。", leg=str(leg.direction))
    return (
        Fact("receipt_denied", {"proof": str(proof)}),
        Put("leg", leg.id, {"answer_due": None}),
        *_incident(file, IncidentKind.NOT_RECEIVED, booking, leg, now),
        Enqueue(JobKind.COURIER_FIND, booking.id, f"trace:{booking.id}"),
    )


def _incident(file: CaseFile, kind: IncidentKind, booking: Booking, leg: Leg, now: Moment) -> Outcome:
    keys = [o.key for o in in_the_parcel(file, leg, Holder.COURIER)]
    detail = {"direction": str(leg.direction), "leg": leg.id, "order": booking.order_id}
    return open_incident(file, kind, keys, detail, now)


def on_silence(file: CaseFile, now: Moment) -> Outcome:
    """Nobody answered in time: asked once more, then the desk finds out."""
    leg = next((x for x in file.legs if in_question(x) and x.answer_due and x.answer_due <= now.at), None)
    if leg is None:
        return ()
    if leg.asks < ASKED_AT_MOST:
        return ask(leg, None, now)
    booking = [b for b in file.bookings if b.leg == leg.id][-1]
    return (
        Put("leg", leg.id, {"answer_due": None}),
        *_incident(file, IncidentKind.RECEIPT_UNANSWERED, booking, leg, now),
        Fact("receipt_unanswered", {"asked": leg.asks}),
    )


@dataclass(frozen=True)
class Delivery:
    """When it came into the right hands, and how that is known, in the resident's words."""

    at: datetime
    how: str


def delivered(file: CaseFile, booking: Booking, leg: Leg, proved: Delivery, now: Moment) -> Outcome:
    """It is with the right person: the leg is finished and so is the case."""
    leg_then = replace(leg, state=LegState.DELIVERED)
    moved: Outcome = ()
    if CaseEvent.HAND_OVER in CASE.allowed(file.case.state):
        moved = move_case(file.case, CaseEvent.HAND_OVER, now.deadline(CaseState.DELIVERED, file.item))
    live = [b for b in file.bookings if b.leg == leg.id and b.state is BookingState.BOOKED]
    finish = (move_booking(b, BookingEvent.FINISH if b.id == booking.id else BookingEvent.FAIL) for b in live)
    return (
        *move_leg(leg_then, LegState.HANDED_OVER, proved.at),
        *finish,
        *moved,
        *delivery_proof(file, proved.at, proved.how, now),
        Notify("delivered"),
    )
