"""One case's people: the resident, who books whatever may be booked, sometimes from two phones at once, cancels,
complains, answers or does not; and the desk that counts what comes and sends the result home. All by the real use-cases.

`place` is where the envelope really is, whatever the couriers say: at a leg's sender or receiver, in the parcel of an
order, or nowhere.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from cases.actions import deciding, ordering, packing, receiving, recipients, settling, transferring, troubles
from cases.actions.packing import PackedLine, Packing
from cases.actions.settling import Settling
from cases.actions.transferring import Found, Offer
from cases.custody import Received
from cases.effects import Outcome
from cases.errors import Conflict
from cases.incidents import Settlement, stopping
from cases.lifecycle import CASE, LEG_OPEN_FOR_BOOKING, BookingState, CaseState
from cases.model import Address, Booking, CaseFile, Direction, Holder, Leg, Window
from cases.moment import Moment
from courier.windows import offer
from tests.courier.simulation.couriers import Happened
from tests.courier.simulation.luck import Luck

if TYPE_CHECKING:
    from tests.courier.simulation.town import Town

Rule = Callable[[CaseFile, Moment], Outcome]
ATTEMPTS = 6
"""After so many the resident books no more."""
HOME, NOWHERE = "home", "nowhere"
_ARRIVES = frozenset({"delivered", "delivered_to_other", "fetched_from_locker"})


class Household:
    def __init__(self, town: "Town", number: str, seed: str) -> None:
        self.town, self.number = town, number
        self.rng = random.Random(f"{seed}: {number}")
        self.luck = Luck(self.rng)
        self.place = HOME
        self.over = False
        self.far_away = self.luck.has("address_nobody_serves", 0.03)

    # ── the envelope ──

    def happened(self, booking: Booking, told: Happened) -> None:
        """What a courier did with the parcel of an order."""
        if not told.true:
            return
        leg = booking.leg
        if told.event == "picked_up" and self.place == f"{leg}:sender":
            self.place = booking.order_id
            self._nothing_for(leg, but=booking.order_id)
        elif self.place == booking.order_id:
            self._carried(booking, told.event)

    def _carried(self, booking: Booking, event: str) -> None:
        if event == "returned":
            self.place = f"{booking.leg}:sender"
        elif event in _ARRIVES:
            self.place = f"{booking.leg}:receiver"
            self.town.later(self.rng.uniform(30, 900), lambda: self._count(booking.leg), self.number)
        elif event == "lost":
            self.place = NOWHERE

    def ordered(self, booking: Booking) -> None:
        """A courier who comes for an envelope that is not there finds nothing to fetch."""
        if self.place not in (HOME, f"{booking.leg}:sender", booking.order_id):
            self._nothing_for(booking.leg, but="")

    def _nothing_for(self, leg: str, but: str) -> None:
        for other in self.town.file(self.number).bookings:
            if other.leg == leg and other.order_id != but:
                false = self.town.said(other.order_id, "picked_up") and not self.town.said(
                    other.order_id, "pickup_revoked"
                )
                taken_back = ("courier_assigned", "picked_up", "pickup_revoked") if false else ()
                self.town.couriers[other.partner].lead(other.order_id, *taken_back, "pickup_failed")

    # ── the resident ──

    def visit(self) -> None:
        if self.over:
            return
        self._answers(self.town.file(self.number))
        file = self.town.file(self.number)
        leg = file.legs[-1]
        live = file.live_booking(leg.id)
        if live is not None and troubles.UNKNOWN in live.alerts and live.state is BookingState.UNKNOWN:
            self._telephones(live)
        elif live is not None:
            if self.luck.has("second_booking_refused", 0.1):
                self._from_two_phones(leg)
            self._changes_mind(live)
        elif self._may_book(file, leg):
            self._books(file, leg)
        self.town.later(self.rng.uniform(60, 900), self.visit, self.number)

    def _may_book(self, file: CaseFile, leg: Leg) -> bool:
        attempts = sum(b.leg == leg.id for b in file.bookings)
        return leg.state in LEG_OPEN_FOR_BOOKING and attempts < ATTEMPTS and not CASE.is_final(file.case.state)

    def _books(self, file: CaseFile, leg: Leg) -> None:
        if self.place == HOME:
            self.place = f"{leg.id}:sender"
        if packing.may_pack(file, leg.direction) and self.luck.has("packed", 0.7):
            lines = tuple(PackedLine(o.key) for o in packing.to_pack(file, leg))
            self._decide(lambda file, now: packing.pack(file, leg.direction, Packing("FQ001", lines), now))
        wish = self._wish(leg, file.case.address)
        self._decide(lambda file, now: ordering.book(file, wish, now))

    def _wish(self, leg: Leg, home: Address | None) -> ordering.BookingRequest:
        partner = self.rng.choice(sorted(self.town.partners))
        # Kuaidi100 takes orders for three days
        window = self.rng.choice(offer(self.town.partners[partner].hours, self.town.now, 3)[:10])
        assert home is not None
        address = replace(home, detail="超区样本岛") if self.far_away else home
        wanted = Window(window.start, window.end)
        return ordering.BookingRequest(leg.direction, partner, wanted, address, window.cancel_by)

    def _from_two_phones(self, leg: Leg) -> None:
        """Refused by the rule; and, where the other phone's booking was not seen yet, by the database."""
        wish = self._wish(leg, self.town.file(self.number).case.address)
        self._refused(lambda file, now: ordering.book(file, wish, now))
        self._refused(lambda file, now: ordering.book(_unseen(file, leg), wish, now))

    def _refused(self, rule: Rule) -> None:
        try:
            self._decide(rule)
        except Conflict:
            return
        raise AssertionError("a second booking of a leg was taken")

    def _answers(self, file: CaseFile) -> None:
        """Says whether a parcel that somebody else signed for has come; some never do."""
        asked = next((leg for leg in file.legs if recipients.in_question(leg)), None)
        if asked is None or not self.luck.has("resident_answers", 0.3):
            return
        has = self.place == f"{asked.id}:receiver"
        booking = [b for b in file.bookings if b.leg == asked.id][-1]
        try:
            self._decide(lambda file, now: recipients.answered(file, booking.id, has, recipients.Proof.RESIDENT, now))
            self.luck.struck["resident_has_it" if has else "resident_has_it_not"] += 1
        except Conflict:
            self.luck.struck["resident_had_said_so"] += 1

    def _changes_mind(self, booking: Booking) -> None:
        try:
            if self.luck.has("resident_cancels", 0.08):
                self._decide(lambda file, _now: ordering.cancel_booking(file, booking.id))
            elif self.luck.has("resident_complains", 0.2):
                self._decide(lambda file, now: ordering.nobody_came(file, booking.id, now, said_by="resident"))
        except Conflict:
            self.luck.struck["resident_is_refused"] += 1

    # ── the office ──

    def _telephones(self, booking: Booking) -> None:
        """Nobody knows whether the order stands, and a person asks."""
        if not self.luck.has("settled_by_telephone", 0.5):
            return
        waybill = self.town.couriers[booking.partner].by_telephone(booking.order_id)
        if waybill is None:
            self._decide(lambda file, _now: troubles.settle_void(file, booking.id, "电话核实：无此订单"))
        else:
            self._decide(lambda file, now: troubles.settle_exists(file, booking.id, waybill, "电话核实：有此订单", now))

    def _count(self, leg_id: str) -> None:
        """The envelope lies on the office's desk."""
        file = self.town.file(self.number)
        leg = file.leg_by_id(leg_id)
        may = file.case.state in (CaseState.PREAUDIT_PASSED, CaseState.COLLECTING)
        if leg is None or leg.direction is not Direction.COLLECTION or not may or self.place != f"{leg_id}:receiver":
            return
        if self.luck.has("paper_missing_at_first", 0.05):
            self._decide(lambda file, now: _counted(file, now, ("id_front",)))
            self.town.later(600, lambda: self._counts_again(leg_id), self.number)
            return
        broken = self.luck.has("seal_broken", 0.05)
        self._decide(lambda file, now: _counted(file, now, broken=broken))
        if broken:
            self._settles(Settlement.ACCEPTED_WITHOUT)
        self._goes_on()

    def _counts_again(self, leg_id: str) -> None:
        """The form is there after all; or it never was in the envelope, and the office says how to go on."""
        if self.luck.has("stayed_at_home_and_is_sent", 0.3):
            self._settles(Settlement.RESENT)
            self.place = HOME
        elif self.luck.has("done_without", 0.3):
            self._settles(Settlement.ACCEPTED_WITHOUT)
            self._goes_on()
        else:
            self._count(leg_id)

    def _settles(self, how: Settlement) -> None:
        def rule(file: CaseFile, now: Moment) -> Outcome:
            (incident,) = stopping(file)
            return settling.settle(file, incident.id, Settling(how, "核实"), now)

        self._decide(rule)

    def _goes_on(self) -> None:
        state = self.town.file(self.number).case.state
        assert state is CaseState.RECEIVED, f"counted and settled, and the case stands still as {state}"
        self.town.later(self.rng.uniform(600, 3000), self._works, self.number)

    def _works(self) -> None:
        """Accepted, decided and concluded on one day: the way between the legs is told elsewhere."""
        self._decide(deciding.accept, deciding.route_case)
        if self.luck.has("department_wants_the_papers", 0.3):
            self._to_the_department()
        self._decide(*(_decided(key) for key in ("card", "photo", "issue")), deciding.conclude)
        self.place = f"{self.town.file(self.number).legs[-1].id}:sender"

    def _to_the_department(self) -> None:
        """Papers there and back; now and then the department does not find one, and it had never left."""
        for giver in (Holder.OFFICE, Holder.DEPARTMENT):
            held = tuple(o.key for o in self.town.file(self.number).originals if o.holder is giver)
            if held:
                self._decide(_offered(Offer(held, giver, "rsj")))
                missing = held[:1] if self.luck.has("not_found_by_the_department", 0.1) else ()
                self._decide(_acknowledged(Found(missing)))
                if missing:
                    self._settles(Settlement.FOUND)
                    self._to_the_department()

    def _decide(self, *rules: Rule) -> None:
        self.town.decide(self.number, *rules)


def _unseen(file: CaseFile, leg: Leg) -> CaseFile:
    """As it was before anybody booked the leg."""
    before = replace(leg, state=next(iter(LEG_OPEN_FOR_BOOKING)))
    legs = tuple(before if x.id == leg.id else x for x in file.legs)
    return replace(file, legs=legs, bookings=tuple(b for b in file.bookings if b.leg != leg.id))


def _counted(
    file: CaseFile, now: Moment, there: tuple[str, ...] = ("id_front", "form"), *, broken: bool = False
) -> Outcome:
    return receiving.receive_originals(file, [Received(key, 1) for key in there], "FQ001", now, broken=broken)


def _decided(key: str) -> Rule:
    def rule(file: CaseFile, now: Moment) -> Outcome:
        one = next(a for a in file.assignments if a.key == key)
        return deciding.decide_assignment(file, one.id, True, "同意", now)

    return rule


def _offered(offer: Offer) -> Rule:
    return lambda file, now: transferring.offer(file, offer, now)


def _acknowledged(found: Found) -> Rule:
    return lambda file, now: transferring.acknowledge(file, file.transfers[-1].id, found, now)
