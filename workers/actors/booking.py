"""courier.book, courier.find, courier.cancel: one attempt, one order id, and never a second order for it.

The partner is called outside any transaction. Whoever cannot know whether an order exists asks for it by its id: a try
that died after the call, and an answer that got lost, look the same from here. Where it is certain that nothing was
ordered, the partner does not want or cannot be reached, the next one of the region's list takes over.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import structlog

from cases.actions import ordering
from cases.actions.ordering import Instead
from cases.consolidation import take_out
from cases.couriers import Offer
from cases.effects import Enqueue, JobKind, Outcome
from cases.lifecycle import BookingState
from cases.model import Address, Booking, CaseFile, Direction, Proof
from courier import port
from courier.offers import payer
from courier.vocabulary import CourierEvent
from storage.jobs import Job
from storage.session import Transaction
from workers import carriers
from workers.actors.tracking import catch_up, follow, record_traced, stored, taken, trace
from workers.consolidated import end_if_empty
from workers.context import SYSTEM, Context, moment
from workers.jobs import Finish, Handler, Hopeless, Transient
from workers.orders import (
    NO_PARTNER,
    WEIGHT_OF_PAPER_G,
    Answer,
    contact,
    nobody_comes,
)
from workers.placing import place
from workers.remembering import recall, remember, watch

ID_TAIL = 8
"""How much of the identity number SF compares at the door."""

log = structlog.get_logger()


def book(context: Context, job: Job) -> Finish:
    number, booking, file = _load(context, job.subject)
    if booking.state is not BookingState.REQUESTED or booking.pickup is not None:
        raise Hopeless("booking_settled")
    attempt = Attempt(context, number, booking, file)
    return place(attempt, context.partners.get(booking.partner), job)


def find(context: Context, job: Job) -> Finish:
    """An order whose outcome is unknown is asked for by its id; a parcel not heard of, by its waybill."""
    number, booking, file = _load(context, job.subject)
    partner = context.partners.get(booking.partner)
    if partner is None:
        raise Hopeless(NO_PARTNER)
    if booking.state is BookingState.BOOKED and booking.waybill:
        events = trace(partner, booking.waybill)
        return lambda tx: _traced(tx, booking, events)
    if booking.state is not BookingState.UNKNOWN or booking.pickup is not None:
        raise Hopeless("booking_settled")
    recall(context.database, partner, booking.id, booking.order_id)
    answer = partner.find(booking.order_id, booking.waybill or "")
    log.info("courier_asked", partner=partner.name, order=booking.order_id, outcome=type(answer).__name__)
    return Attempt(context, number, booking, file).settled_by(answer, partner)


def cancel(context: Context, job: Job) -> Finish:
    number, booking, _ = _load(context, job.subject)
    partner = context.partners.get(booking.partner)
    if partner is None or booking.waybill is None:
        raise Hopeless("nothing_to_cancel")
    recall(context.database, partner, booking.id, booking.order_id)
    if booking.pickup is not None:
        shared = booking.pickup
        return lambda tx: _left_pickup(tx, number, booking, shared)
    answer = partner.cancel(booking.order_id, booking.waybill, "用户取消")
    if isinstance(answer, port.Unknown):
        carriers.watch(context, partner, answer)
        raise Transient(f"cancel_{answer.reason}")
    return lambda tx: _cancelled(tx, number, booking, answer)


def _load(context: Context, booking_id: str) -> tuple[str, Booking, CaseFile]:
    with context.database.reading() as tx:
        number, booking = tx.booking(booking_id)
        return number, booking, tx.case_file(number)


@dataclass(frozen=True)
class Attempt:
    """A booking and its case as they were loaded, while its partner is asked."""

    context: Context
    number: str
    booking: Booking
    file: CaseFile

    @property
    def order_id(self) -> str:
        return self.booking.order_id

    def order(self) -> port.Order:
        return order_of(self.file, self.booking, self.context.office)

    def stand_in(self) -> Offer | None:
        return carriers.stand_in(self.context, self.file, self.booking)

    def settled_by(self, answer: Answer, partner: port.Partner | None = None) -> Finish:
        """Writes the answer down. Another partner is looked for now, because that may need a call."""
        return self.handed_on(answer, self.stand_in() if self._ended_by(answer) else None, partner)

    def handed_on(self, answer: Answer, other: Offer | None, partner: port.Partner | None = None) -> Finish:
        def finish(tx: Transaction) -> None:
            if partner is not None:
                carriers.note(tx, self.context, partner, answer)
                carriers.note_refused_address(tx, partner.name, self.booking.address, answer)
            _settle(tx, self.number, self.booking.id, answer, other)
            if partner is not None:
                remember(tx, partner, self.booking.id, self.booking.order_id)
                watch(tx, partner, self.booking.id, answer)

        return finish

    def _ended_by(self, answer: Answer) -> bool:
        unknown = self.booking.state is BookingState.UNKNOWN
        return nobody_comes(answer, self.booking.asked if unknown else None)


def _settle(tx: Transaction, number: str, booking_id: str, answer: Answer, other: Offer | None = None) -> None:
    file = tx.case_file(number, for_change=True)
    instead = Instead(other, moment(tx)) if other is not None else None
    tx.apply(number, _told(file, booking_id, answer, instead, tx), actor=SYSTEM)
    if isinstance(answer, port.Booked) and not answer.cancelled:
        tx.add_courier_events(booking_id, [stored(taken(tx.booking(booking_id)[1]))])
        _catch_up(tx, booking_id, answer.waybill)


def _told(file: CaseFile, booking_id: str, answer: Answer, instead: Instead | None, tx: Transaction) -> Outcome:
    """The partner's answer in the domain's words."""
    now = moment(tx)
    match answer:
        case port.Booked(cancelled=True):
            return ordering.record_refused(file, booking_id, "寄递伙伴已取消该订单", instead)
        case port.Booked(waybill=waybill):
            return ordering.record_booked(file, booking_id, waybill, now)
        case port.RefusedByPartner(reason=reason):
            return ordering.record_refused(file, booking_id, reason, instead)
        case port.Unknown(reason=reason):
            return ordering.record_unknown(file, booking_id, reason, now)
        case port.NotFound():
            booking = file.booking(booking_id)
            if booking is not None and booking.state is BookingState.REQUESTED:
                # it may still be writing down what it accepted
                return ordering.record_unknown(file, booking_id, "not_found_yet", now)
            return ordering.record_not_found(file, booking_id, now, instead)


def _traced(tx: Transaction, booking: Booking, events: Iterable[CourierEvent]) -> None:
    """What the partner's own record says, and what was kept before anybody knew whose it was."""
    if booking.pickup is not None:
        record_traced(tx, events)
        tx.jobs.add(Enqueue(JobKind.PICKUP_FIND, booking.pickup, f"find:{booking.pickup}"))
        return
    catch_up(tx, booking.id, events)
    waybill = tx.booking(booking.id)[1].waybill
    if waybill:
        _catch_up(tx, booking.id, waybill)


def _catch_up(tx: Transaction, booking_id: str, waybill: str) -> None:
    """Pushes can be faster than the answer that names the waybill: they were kept, and belong to this booking. Those
    that named the order id were even followed before it was said to be booked."""
    _, booking = tx.booking(booking_id)
    tx.adopt_orphans(booking.partner, booking_id, waybill=waybill, order_id=booking.order_id)
    follow(tx, booking_id)


def _cancelled(tx: Transaction, number: str, booking: Booking, answer: port.Cancelled | port.TooLate) -> None:
    file = tx.case_file(number, for_change=True)
    late = not isinstance(answer, port.Cancelled)
    outcome = (
        ordering.note_alerts(ordering.both(file, booking.id)[0], ["cancel_too_late"])
        if late
        else ordering.record_cancelled(file, booking.id, moment(tx))
    )
    tx.apply(number, outcome, actor=SYSTEM)


def _left_pickup(tx: Transaction, number: str, booking: Booking, pickup: str) -> None:
    """Its courier comes for others too: the order is called off only with the last of them."""
    if booking.state is BookingState.BOOKED:
        tx.apply(number, take_out(tx.case_file(number, for_change=True), pickup, moment(tx)), actor=SYSTEM)
    end_if_empty(tx, pickup)


def give_up_booking(tx: Transaction, booking_id: str) -> None:
    """Every try failed: nobody knows what became of it, and asking goes on."""
    number, booking = tx.booking(booking_id)
    if booking.state is BookingState.REQUESTED:
        file = tx.case_file(number, for_change=True)
        tx.apply(number, ordering.record_unknown(file, booking_id, "tries_used_up", moment(tx)), actor=SYSTEM)


def order_of(file: CaseFile, booking: Booking, office: Address) -> port.Order:
    """The waybill to ask for: collection from the resident's door to the office, delivery the other way."""
    leg = file.leg_by_id(booking.leg)
    direction = leg.direction if leg is not None else Direction.DELIVERY
    home, desk = contact(booking.address), contact(office)
    collecting = direction is Direction.COLLECTION
    sender, receiver = (home, desk) if collecting else (desk, home)
    return port.Order(
        order_id=booking.order_id,
        sender=sender,
        receiver=receiver,
        window_start=booking.window.start,
        window_end=booking.window.end,
        goods=_goods(file, collecting),
        payer=payer(direction, booking.payer),
        declared_value_fen=booking.declared_value_fen,
        addressee_only=not collecting,
        safety_code=booking.safety_code or "",
        receiver_id_tail=file.case.applicant.id_number[-ID_TAIL:] if booking.proof is Proof.IDENTITY else "",
    )


def _goods(file: CaseFile, collecting: bool) -> tuple[port.GoodsLine, ...]:
    """The list of contents: what is packed, without saying of whom."""
    originals = tuple(port.GoodsLine(o.name, max(1, o.copies), WEIGHT_OF_PAPER_G) for o in file.originals)
    result = (port.GoodsLine(file.item.result.name, 1, WEIGHT_OF_PAPER_G),)
    return (originals if collecting else result + originals) or (port.GoodsLine("文件", 1, WEIGHT_OF_PAPER_G),)


# one call of a partner takes at most its read time-out; the lease is extended while it lasts
COURIER_BOOK = Handler(JobKind.COURIER_BOOK, book, give_up_booking)
COURIER_FIND = Handler(JobKind.COURIER_FIND, find)
COURIER_CANCEL = Handler(JobKind.COURIER_CANCEL, cancel)
