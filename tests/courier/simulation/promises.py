"""What must hold of a case at every moment, whatever the couriers do, and how its legs may end."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cases.lifecycle import BOOKING_LIVE, CASE, LEG_MOVING, LEG_OPEN_FOR_BOOKING, BookingState, LegState
from cases.model import Booking, CaseFile, Direction, Leg
from courier.fold import Folded, fold
from courier.vocabulary import CourierEvent
from storage.session import Transaction
from tests.courier.simulation.household import ATTEMPTS
from workers.actors.tracking import event, taken
from workers.invariants import broken

FOLLOWED = LEG_MOVING | {LegState.DELIVERED, LegState.REFUSED, LegState.LOST, LegState.RETURNED}
"""Also where the attempt was given up: the papers are where the parcel is."""


@dataclass(frozen=True)
class Known:
    """A case as it is kept, and all that was said about each of its bookings."""

    file: CaseFile
    told: Mapping[str, Sequence[CourierEvent]]

    def attempts(self, leg: str) -> list[Booking]:
        return [b for b in self.file.bookings if b.leg == leg]

    def events(self, leg: str) -> list[CourierEvent]:
        """Whoever speaks of an order has taken it."""
        spoken_of = [b for b in self.attempts(leg) if self.told[b.id]]
        return [e for b in spoken_of for e in (taken(b), *self.told[b.id])]


def known(tx: Transaction, number: str) -> Known:
    file = tx.case_file(number)
    return Known(file, {b.id: [event(e.body) for e in tx.courier_events(b.id)] for b in file.bookings})


def check(case: Known, shuffling: random.Random) -> None:
    """An unbroken chain, one live booking for a leg, and what else the service looks after by itself; and the fold."""
    assert not (wrong := list(broken(case.file))), wrong
    for leg in case.file.legs:
        events = case.events(leg.id)
        if not events:
            continue
        folded = fold(events)
        shuffled = events + shuffling.choices(events, k=3)
        shuffling.shuffle(shuffled)
        assert fold(shuffled) == folded, "the fold depends on the order"
        assert _agrees(case, leg, folded), f"{leg.direction} is {leg.state}, its events say {folded}"


def _agrees(case: Known, leg: Leg, folded: Folded) -> bool:
    """The leg is what its events say; an attempt that is over, and whose parcel does not move, says nothing: then it is
    open, or booked with somebody of whom nothing was heard since the order."""
    if leg.state is LegState.HANDED_OVER:
        in_person = (folded.state is LegState.DELIVERED and folded.confirmed) or leg.vouched is not None
        return in_person or leg.direction is Direction.COLLECTION
    followed = next((b for b in case.attempts(leg.id) if folded.order in (b.order_id, b.waybill)), None)
    if followed is not None and followed.state not in BOOKING_LIVE and folded.state not in FOLLOWED:
        live = case.file.live_booking(leg.id)
        unheard = live is not None and live.state is BookingState.BOOKED and not case.told[live.id]
        return leg.state is LegState.BOOKED if unheard else leg.state in LEG_OPEN_FOR_BOOKING
    return leg.state is folded.state


def end(case: Known, leg: Leg) -> str:
    """How the leg ended, or for whom it waits and why. Raises `AssertionError` for one that does neither."""
    file = case.file
    live = file.live_booking(leg.id)
    alerts = {a for b in case.attempts(leg.id) for a in b.alerts}
    if leg.state is LegState.HANDED_OVER:
        assert live is None, f"an order still stands for a leg that has ended: {live}"
        return "handed_over"
    if live is not None and live.state is BookingState.UNKNOWN:
        assert "outcome_unknown" in live.alerts, "nobody was told that an order is unknown"
        return "alert: outcome_unknown"
    if leg.state in LEG_OPEN_FOR_BOOKING:
        assert live is None, f"open for booking, and still booked: {live}"
        given_up = len(case.attempts(leg.id)) >= ATTEMPTS or CASE.is_final(file.case.state)
        assert given_up, "the resident may not book"
        return "the resident books no more"
    if leg.state is LegState.LOST:
        assert any(i.kind == "parcel_lost" for i in file.incidents)
        return "incident: parcel_lost"
    if leg.state is LegState.DELIVERED and "recipient_unconfirmed" in alerts:
        return "alert: recipient_unconfirmed"
    assert file.case.escalated_at is not None, f"{leg.direction} waits in silence as {leg.state}"
    return f"deadline_passed while {leg.state}"
