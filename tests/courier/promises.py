"""What must hold of a case at every moment, whatever the courier does, and what its legs may be in the end."""

import random

from cases.custody import chain_is_unbroken
from cases.lifecycle import BOOKING_LIVE, CASE, LEG_MOVING, LEG_OPEN_FOR_BOOKING, BookingState, LegState
from cases.model import Direction, Leg
from courier.fold import Folded, fold
from tests.courier.postroom import ATTEMPTS, PostRoom

FOLLOWED = LEG_MOVING | {LegState.DELIVERED, LegState.REFUSED, LegState.LOST, LegState.RETURNED}
"""Also where the attempt was given up: the papers are where the parcel is."""


class Promises:
    def __init__(self, room: PostRoom, seed: int) -> None:
        self.room = room
        self.shuffling = random.Random(seed)  # of its own, so that checking more or less leaves the story as it is
        self.checked: dict[str, object] = {}

    def check(self) -> None:
        file = self.room.world.file
        assert chain_is_unbroken(file.originals, file.hand_overs), "a paper's chain is broken"
        for leg in file.legs:
            live = [b for b in self.room.attempts(leg.id) if b.state in BOOKING_LIVE]
            assert len(live) <= 1, f"two live bookings: {[b.order_id for b in live]}"
            self._check_fold(leg)

    def _check_fold(self, leg: Leg) -> None:
        events = self.room.events(leg.id)
        stands = (len(events), leg.state, tuple(b.state for b in self.room.attempts(leg.id)))
        if not events or self.checked.get(leg.id) == stands:
            return
        self.checked[leg.id] = stands
        folded = fold(events)
        shuffled = events + self.shuffling.choices(events, k=3)
        self.shuffling.shuffle(shuffled)
        assert fold(shuffled) == folded, "the fold depends on the order"
        assert self._agrees(leg, folded), f"{leg.direction} is {leg.state}, its events say {folded}"

    def _agrees(self, leg: Leg, folded: Folded) -> bool:
        """The leg is what its events say; an attempt that is over, and whose parcel does not move, says nothing."""
        if leg.state is LegState.HANDED_OVER:
            in_person = (folded.state is LegState.DELIVERED and folded.confirmed) or leg.vouched is not None
            return in_person or leg.direction is Direction.COLLECTION
        followed = self.room.followed(leg.id, folded)
        if followed is not None and followed.state not in BOOKING_LIVE and folded.state not in FOLLOWED:
            return leg.state in LEG_OPEN_FOR_BOOKING
        return leg.state is folded.state

    def why(self, leg: Leg) -> str:
        """How the leg ended, or for whom it waits and why."""
        file = self.room.world.file
        live = file.live_booking(leg.id)
        alerts = {a for b in self.room.attempts(leg.id) for a in b.alerts}
        if leg.state is LegState.HANDED_OVER:
            assert live is None, f"an order still stands for a leg that has ended: {live}"
            return "handed_over"
        if live is not None and live.state is BookingState.UNKNOWN:
            assert "outcome_unknown" in live.alerts, "nobody was told that an order is unknown"
            return "alert: outcome_unknown"
        if leg.state in LEG_OPEN_FOR_BOOKING:
            assert live is None, f"open for booking, and still booked: {live}"
            assert len(self.room.attempts(leg.id)) >= ATTEMPTS or CASE.is_final(file.case.state), (
                "the resident may not book"
            )
            return "the resident books no more"
        if leg.state is LegState.LOST:
            assert any(i.kind == "parcel_lost" for i in file.incidents)
            return "incident: parcel_lost"
        if leg.state is LegState.DELIVERED and "recipient_unconfirmed" in alerts:
            return "alert: recipient_unconfirmed"
        assert file.case.escalated_at is not None, f"{leg.direction} waits in silence as {leg.state}"
        return f"deadline_passed while {leg.state}"
