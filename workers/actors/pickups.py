"""pickup.book, pickup.find, pickup.cancel: one order for many cases, under the same rules as an order for one. A try
that died, or an answer that got lost, is asked for by the order's id and never ordered again.
"""

from dataclasses import dataclass

import structlog

from cases import consolidation
from cases.actions.ordering import WITH_COURIER
from cases.consolidation import Pickup
from cases.couriers import Offer
from cases.effects import Fact, JobKind
from cases.lifecycle import BookingState
from cases.model import Address, CaseFile, Direction
from courier import port
from courier.offers import payer
from storage import pickups
from storage.jobs import Job
from storage.session import Transaction
from workers import carriers, consolidated
from workers.actors.tracking import follow, stored, taken
from workers.context import SYSTEM, Context
from workers.jobs import Finish, Handler, Hopeless, Transient
from workers.orders import (
    WEIGHT_OF_PAPER_G,
    Answer,
    contact,
    nobody_comes,
)
from workers.placing import place
from workers.remembering import recall, remember, watch

log = structlog.get_logger()


def book(context: Context, job: Job) -> Finish:
    pickup, files = _load(context, job.subject)
    if pickup.state is not BookingState.REQUESTED:
        raise Hopeless("pickup_settled")
    return place(Shared(context, pickup, files), context.partners.get(pickup.partner), job)


def find(context: Context, job: Job) -> Finish:
    pickup, files = _load(context, job.subject)
    partner = context.partners.get(pickup.partner)
    if partner is None or pickup.state is not BookingState.UNKNOWN:
        raise Hopeless("pickup_settled")
    shared = Shared(context, pickup, files)
    said = consolidation.said_by_desk(files, pickup)
    if said is not None:
        return shared.told_by_desk(port.Booked(said), partner) if said else lambda tx: consolidated.void(tx, pickup)
    recall(context.database, partner, pickup.id, pickup.order_id)
    answer = partner.find(pickup.order_id, pickup.waybill or "")
    log.info("courier_asked", partner=partner.name, order=pickup.order_id, outcome=type(answer).__name__)
    return shared.settled_by(answer, partner)


def cancel(context: Context, job: Job) -> Finish:
    """The whole order. A parcel that is on its way already goes on with everybody in it."""
    pickup, files = _load(context, job.subject)
    partner = context.partners.get(pickup.partner)
    if partner is None or pickup.state is not BookingState.BOOKED or pickup.waybill is None:
        raise Hopeless("nothing_to_cancel")
    if any(_with_courier(f, pickup.id) for f in files):
        raise Hopeless("collected")
    recall(context.database, partner, pickup.id, pickup.order_id)
    answer = partner.cancel(pickup.order_id, pickup.waybill, "用户取消")
    if isinstance(answer, port.Unknown):
        carriers.watch(context, partner, answer)
        raise Transient(f"cancel_{answer.reason}")
    return lambda tx: _cancelled(tx, pickup, answer)


def _with_courier(file: CaseFile, pickup_id: str) -> bool:
    booking = consolidation.riding(file, pickup_id)
    leg = file.leg_by_id(booking.leg) if booking else None
    return leg is not None and leg.state in WITH_COURIER


def _load(context: Context, pickup_id: str) -> tuple[Pickup, list[CaseFile]]:
    with context.database.reading() as tx:
        pickup = pickups.load(tx, pickup_id)
        return pickup, [tx.case_file(number) for number, _ in pickups.members(tx, pickup_id)]


@dataclass(frozen=True)
class Shared:
    """An order and the cases that ride in it as they were loaded, while its partner is asked."""

    context: Context
    pickup: Pickup
    files: list[CaseFile]

    @property
    def order_id(self) -> str:
        return self.pickup.order_id

    def order(self) -> port.Order:
        return order_of(self.pickup, self.files, self.context.office)

    def stand_in(self) -> Offer | None:
        """Another partner for everybody who still needs one. Asks, so it is called outside any transaction."""
        riding = ((f, consolidation.riding(f, self.pickup.id)) for f in self.files)
        waiting = [(f, b) for f, b in riding if b is not None and consolidation.needs_courier(f, b.id)]
        return carriers.stand_in_for_all(self.context, waiting)

    def settled_by(self, answer: Answer, partner: port.Partner | None = None) -> Finish:
        """Writes the answer down."""
        return self.handed_on(answer, self.stand_in() if self._ended_by(answer) else None, partner)

    def told_by_desk(self, answer: port.Booked, partner: port.Partner) -> Finish:
        """What a person learnt says nothing of the partner's gateway."""
        return lambda tx: self._write(tx, answer, None, partner)

    def handed_on(self, answer: Answer, other: Offer | None, partner: port.Partner | None = None) -> Finish:
        def finish(tx: Transaction) -> None:
            if partner is not None:
                carriers.note(tx, self.context, partner, answer)
                carriers.note_refused_address(tx, partner.name, self.pickup.address, answer)
            self._write(tx, answer, other, partner)

        return finish

    def _write(self, tx: Transaction, answer: Answer, other: Offer | None, partner: port.Partner | None) -> None:
        pickup = pickups.load(tx, self.pickup.id, for_change=True)
        riding = consolidated.settle(tx, pickup, answer, other)
        if partner is not None:
            remember(tx, partner, pickup.id, pickup.order_id)
        _follow_all(tx, riding)
        if partner is not None and riding:
            watch(tx, partner, riding[0], answer)

    def _ended_by(self, answer: Answer) -> bool:
        unknown = self.pickup.state is BookingState.UNKNOWN
        return nobody_comes(answer, self.pickup.asked if unknown else None)


def _follow_all(tx: Transaction, riding: list[str]) -> None:
    for booking in riding:
        tx.add_courier_events(booking, [stored(taken(tx.booking(booking)[1]))])
        follow(tx, booking)


def _cancelled(tx: Transaction, pickup: Pickup, answer: port.Cancelled | port.TooLate) -> None:
    if isinstance(answer, port.Cancelled):
        consolidated.called_off(tx, pickups.load(tx, pickup.id, for_change=True))
        return
    late = Fact("courier_alert", {"order": pickup.order_id, "alerts": ["cancel_too_late"]})
    for number, _ in pickups.members(tx, pickup.id):
        tx.apply(number, (late,), actor=SYSTEM)


def give_up(tx: Transaction, pickup_id: str) -> None:
    """Every try failed: nobody knows what became of it, and asking goes on."""
    pickup = pickups.load(tx, pickup_id, for_change=True)
    if pickup.state is BookingState.REQUESTED:
        consolidated.settle(tx, pickup, port.Unknown("tries_used_up"))


def order_of(pickup: Pickup, files: list[CaseFile], office: Address) -> port.Order:
    """From the agent's door to the office; the list of contents has one line for each case."""
    riding = [(f, b) for f in files if (b := consolidation.riding(f, pickup.id)) is not None]
    return port.Order(
        order_id=pickup.order_id,
        sender=contact(pickup.address),
        receiver=contact(office),
        window_start=pickup.window.start,
        window_end=pickup.window.end,
        goods=tuple(_line(f) for f, _ in riding),
        payer=payer(Direction.COLLECTION, riding[0][1].payer),
        declared_value_fen=sum(b.declared_value_fen for _, b in riding),
        note=f"合并揽收，共{len(riding)}件",
    )


def _line(file: CaseFile) -> port.GoodsLine:
    copies = sum(max(1, o.copies) for o in file.originals)
    return port.GoodsLine(f"办件{file.case.number}材料", max(1, copies), WEIGHT_OF_PAPER_G * max(1, copies))


PICKUP_BOOK = Handler(JobKind.PICKUP_BOOK, book, give_up)
PICKUP_FIND = Handler(JobKind.PICKUP_FIND, find)
PICKUP_CANCEL = Handler(JobKind.PICKUP_CANCEL, cancel)
