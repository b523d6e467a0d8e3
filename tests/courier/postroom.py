"""One case whose papers travel twice, in memory: resident, office, jobs and sweeps around a courier who does everything wrong.

The domain, the fold and the port are the real ones, the partner is the fake body of the port. What the actors and the
sweeps do around them stands here once more in small; `tests/workers` holds the real ones to the same.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from cases.actions import carrying, deciding, ordering, packing, receiving, recipients, settling, transferring
from cases.actions.carrying import Tracked
from cases.actions.packing import PackedLine, Packing
from cases.actions.settling import Settling
from cases.actions.sweeping import on_deadline, on_no_show
from cases.actions.transferring import Found, Offer
from cases.custody import Received
from cases.effects import Enqueue, Fact, JobKind, Move, Outcome
from cases.errors import Conflict
from cases.incidents import Settlement, stopping
from cases.lifecycle import (
    CASE,
    LEG_MOVING,
    LEG_OPEN_FOR_BOOKING,
    BookingState,
    CaseState,
    LegState,
)
from cases.model import Booking, Direction, Holder, Leg
from cases.moment import Moment
from courier.fake import FakePartner
from courier.fold import Folded, fold
from courier.port import (
    Booked,
    Cancelled,
    NotFound,
    PartnerUnavailable,
    Push,
    RefusedByPartner,
    TooLate,
    Unknown,
)
from courier.vocabulary import CourierEvent, EventKind
from tests.cases.world import MONDAY, World
from tests.courier.builders import order
from tests.courier.journeys import Journey, Luck, Step, VirtualClock, draw

ASK_AFTER_WINDOW = timedelta(minutes=5)
ASK_WHEN_QUIET = timedelta(hours=6)
ASK_AGAIN = timedelta(minutes=20)
QUIET_FOR_GOOD = timedelta(days=25)
"""Longer than any deadline on the way: ten working days, and a week of holidays."""
ATTEMPTS = 6


class PostRoom:
    """`run` lives one case to its end. `history` says what happened."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.luck = Luck(self.rng)
        self.papers = Luck(random.Random(f"{seed}: papers"))  # of its own: the courier's stories stay as they are
        self.cannot_be_asked = self.luck.has("partner_cannot_be_asked", 0.1)
        self.clock = VirtualClock(MONDAY)
        self.world = World().to_passed()
        self.partner = FakePartner(lambda: self.clock.now, name="ems")
        self.told: dict[str, dict[str, CourierEvent]] = {}
        self.heard: dict[str, datetime] = {}
        self.orphans: list[CourierEvent] = []
        self.journeys: dict[str, Journey] = {}
        self.paper = "sender"
        self.called_off: set[str] = set()
        self.waiting_jobs: set[str] = set()
        self.asked_at: dict[str, datetime] = {}
        self.moved_at = MONDAY
        self.history: list[str] = []

    # ── the whole life ──

    def run(self, check: Callable[[], None]) -> None:
        """`check` looks after every step."""
        self.clock.later(self._resident, minutes=10)
        self.clock.later(self._sweep, minutes=30)
        while self.clock.now < self.moved_at + QUIET_FOR_GOOD and not self._done():
            self.clock.next()
            check()

    def _done(self) -> bool:
        """Delivered, and nothing the courier could still say would come in time."""
        long_ago = self.clock.now > self.moved_at + timedelta(days=6)
        return self.world.state is CaseState.DELIVERED and long_ago

    def _apply(self, outcome: Outcome) -> None:
        self.world.at = self.clock.now
        self.world.apply(outcome)
        if any(isinstance(e, Move) for e in outcome):
            self.moved_at = self.clock.now
        self._note(*(f"{e.action} {dict(e.detail)}" for e in outcome if isinstance(e, Fact)))
        for job in (e for e in outcome if isinstance(e, Enqueue)):
            self._enqueue(job)

    def _note(self, *lines: str) -> None:
        self.history += [f"{self.clock.now:%m-%d %H:%M:%S} {line}" for line in lines]

    # ── jobs ──

    def _enqueue(self, job: Enqueue) -> None:
        does = {
            JobKind.COURIER_BOOK: self._order,
            JobKind.COURIER_FIND: self._find,
            JobKind.COURIER_CANCEL: self._call_off,
        }.get(job.kind)
        if does is None or job.dedupe in self.waiting_jobs:
            return
        self.waiting_jobs.add(job.dedupe)
        due = job.due or self.clock.now + timedelta(seconds=self.rng.uniform(0, 5))
        self.clock.at(due, lambda: self._do(job, does))

    def _do(self, job: Enqueue, does: Callable[[Booking], bool]) -> None:
        """`does` answers whether it is done; otherwise it is tried again."""
        self.waiting_jobs.discard(job.dedupe)
        if not does(self._booking(job.subject)):
            self._enqueue(replace(job, due=self.clock.now + timedelta(seconds=self.rng.uniform(5, 300))))

    def _booking(self, booking_id: str) -> Booking:
        found = self.world.file.booking(booking_id)
        assert found is not None
        return found

    def _order(self, booking: Booking) -> bool:
        if booking.state is not BookingState.REQUESTED:
            return True
        self._misfortune_of_ordering()
        window = booking.window
        asked = order(booking.order_id, window_start=window.start, window_end=window.end)
        answer = self.partner.book(asked)
        if isinstance(self.partner.find(booking.order_id), Booked) and booking.order_id not in self.journeys:
            self._set_out(booking)
        if isinstance(answer, Unknown) and not answer.reached:
            return False
        self._settle(booking, answer)
        return True

    def _misfortune_of_ordering(self) -> None:
        for name, share, answer, taken in (
            ("refused", 0.08, RefusedByPartner("B01", "超区"), False),
            ("timeout_after_accepting", 0.10, Unknown("timeout"), True),
            ("timeout_before_accepting", 0.05, Unknown("timeout"), False),
            ("http_5xx_after_accepting", 0.05, Unknown("http_502"), True),
            ("http_5xx_before_accepting", 0.05, Unknown("http_503"), False),
            ("not_reached", 0.05, Unknown("connection", reached=False), False),
        ):
            if self.luck.has(name, share):
                self.partner.next_book(answer, taken)
                return

    def _find(self, booking: Booking) -> bool:
        if booking.state is BookingState.BOOKED and booking.waybill:
            return self._trace(booking, booking.waybill)
        if booking.state is not BookingState.UNKNOWN:
            return True
        answer: Booked | NotFound | Unknown = self.partner.find(booking.order_id)
        if self.cannot_be_asked:
            answer = Unknown("no_query")
        elif self.luck.has("find_fails", 0.1):
            answer = Unknown("timeout")
        elif self.luck.has("not_written_down_yet", 0.2):
            answer = NotFound()
        self._settle(booking, answer)
        return True

    def _trace(self, booking: Booking, waybill: str) -> bool:
        try:
            if self.luck.has("trace_fails", 0.1):
                raise PartnerUnavailable("ems", "http_502")
            events = self.partner.trace(waybill)
        except PartnerUnavailable:
            return False
        new = [e for e in events if e.unique_key not in self.told.get(booking.id, {})]
        self._keep(booking, new)
        if new:
            self._follow(booking)
        return True

    def _settle(self, booking: Booking, answer: Booked | RefusedByPartner | NotFound | Unknown) -> None:
        file, now = self.world.file, self._moment()
        match answer:
            case Booked(waybill=waybill):
                self._apply(ordering.record_booked(file, booking.id, waybill, now))
                self._booked(self._booking(booking.id), waybill)
            case RefusedByPartner(reason=reason):
                self._apply(ordering.record_refused(file, booking.id, reason))
            case Unknown(reason=reason):
                self._apply(ordering.record_unknown(file, booking.id, reason, now))
            case NotFound() if booking.state is BookingState.REQUESTED:
                self._apply(ordering.record_unknown(file, booking.id, "not_found_yet", now))
            case NotFound():
                self._apply(ordering.record_not_found(file, booking.id, now))

    def _moment(self) -> Moment:
        self.world.at = self.clock.now
        return self.world.now

    def _booked(self, booking: Booking, waybill: str) -> None:
        mine = [e for e in self.orphans if waybill == e.waybill or booking.order_id == e.order_id]
        self.orphans = [e for e in self.orphans if e not in mine]
        self._keep(booking, [_taken(booking), *mine])
        self._follow(booking)

    def _call_off(self, booking: Booking) -> bool:
        if booking.waybill is None:
            return True
        if self.luck.has("cancel_fails", 0.15):
            return False
        answer: Cancelled | TooLate | Unknown = self.partner.cancel(booking.order_id, booking.waybill, "用户取消")
        assert not isinstance(answer, Unknown)
        if isinstance(answer, Cancelled):
            self.called_off.add(booking.order_id)
            self._apply(ordering.record_cancelled(self.world.file, booking.id, self._moment()))
        else:
            self._note(f"too late to cancel {booking.order_id}")
        return True

    # ── what the courier does and says ──

    def _set_out(self, booking: Booking) -> None:
        journey = self.journeys[booking.order_id] = draw(self.rng, booking.window.start)
        self._note(f"{booking.order_id} will be: {journey.story}")
        leg = booking.leg
        for at, step in journey.steps:
            self.clock.at(at, partial(self._happen, booking.order_id, leg, step))

    def _happen(self, order_id: str, leg: str, step: Step) -> None:
        journey = self.journeys[order_id]
        if order_id in self.called_off and journey.heeds_cancelling:
            return
        if order_id in self.called_off:
            self.luck.has("cancelled_and_moves_anyway", 1)
        kind = self._really(order_id, leg, step)
        sent = self.partner.happen(order_id, kind, step.reverses)
        self._note(f"{order_id} says {kind} {step.reverses or ''}")
        self._push(self.partner._taken[order_id].events[-1], sent.raw)

    def _really(self, order_id: str, leg: str, step: Step) -> EventKind:
        """What becomes of the paper. A courier who finds nothing to fetch says so and goes."""
        if step.kind is EventKind.PICKED_UP and step.real:
            if self.paper != f"{leg}:sender":
                self.journeys[order_id] = replace(self.journeys[order_id], heeds_cancelling=True)
                self.called_off.add(order_id)
                return EventKind.PICKUP_FAILED
            self.paper = order_id
        elif self.paper == order_id and step.real:
            self._lies(order_id, leg, step.kind)
        return step.kind

    def _lies(self, order_id: str, leg: str, kind: EventKind) -> None:
        if kind is EventKind.RETURNED:
            self.paper = f"{leg}:sender"
        elif kind in (EventKind.DELIVERED, EventKind.DELIVERED_UNCONFIRMED):
            self.paper = f"{leg}:receiver"
            self.clock.later(lambda: self._count(leg), minutes=self.rng.uniform(30, 900))
        elif kind is EventKind.LOST:
            self.paper = "nowhere"

    def _push(self, event: CourierEvent, raw: bytes) -> None:
        if self.luck.has("dropped", 0.15):
            return
        copies = 2 if self.luck.has("doubled", 0.15) else 1
        nameless = self.luck.has("without_order_id", 0.1)
        for _ in range(copies):
            delay = self.rng.uniform(10, 300) if self.luck.has("delayed", 0.2) else self.rng.uniform(0, 0.1)
            self.clock.later(lambda: self._arrives(event, raw, nameless=nameless), minutes=delay)

    def _arrives(self, event: CourierEvent, raw: bytes, *, nameless: bool) -> None:
        sent = self.partner.sign(raw)
        push = self.partner.verify_push(sent.raw, sent.headers, sent.content_type)
        assert isinstance(push, Push)
        assert self.partner.parse_push(push) == (event,)
        said = replace(event, order_id="") if nameless else event
        booking = self._whose(said)
        if booking is None:
            self.orphans.append(said)
            return
        self._keep(booking, [said])
        self._follow(booking)

    def _whose(self, event: CourierEvent) -> Booking | None:
        mine = (b for b in self.world.file.bookings if b.order_id == event.order_id or b.waybill == event.waybill)
        return next(mine, None)

    def _keep(self, booking: Booking, events: Iterable[CourierEvent]) -> None:
        kept = self.told.setdefault(booking.id, {})
        for event in events:
            kept.setdefault(event.unique_key, event)
            self.heard[booking.id] = self.clock.now

    def _follow(self, booking: Booking) -> None:
        if booking.state is BookingState.UNKNOWN:  # the partner speaks of it, so it stands
            waybill = next(e.waybill for e in self.told[booking.id].values())
            self._apply(ordering.record_booked(self.world.file, booking.id, waybill, self._moment()))
        folded = fold(self.events(booking.leg))
        if folded.since is None:
            return
        followed = self.followed(booking.leg, folded) or booking
        seen = Tracked(folded.state, folded.since, folded.confirmed, folded.alerts)
        self._apply(carrying.record_tracking(self.world.file, followed.id, seen, self._moment()))

    def events(self, leg: str) -> list[CourierEvent]:
        """Whoever speaks of an order has taken it."""
        spoken_of = [b for b in self.attempts(leg) if b.id in self.told]
        return [e for b in spoken_of for e in (_taken(b), *self.told[b.id].values())]

    def attempts(self, leg: str) -> list[Booking]:
        return [b for b in self.world.file.bookings if b.leg == leg]

    def followed(self, leg: str, folded: Folded) -> Booking | None:
        return next((b for b in self.attempts(leg) if folded.order in (b.order_id, b.waybill)), None)

    # ── resident and office ──

    def _resident(self) -> None:
        """Books whatever may be booked; sometimes cancels, sometimes complains."""
        self._answers()
        file, now = self.world.file, self._moment()
        leg = file.legs[-1]
        live = file.live_booking(leg.id)
        if live is not None:
            with pytest.raises(Conflict):
                ordering.book(file, self._wish(leg), now)
            self._changes_mind(live)
        elif leg.state in LEG_OPEN_FOR_BOOKING and len(self.attempts(leg.id)) < ATTEMPTS and self._may_book():
            if self.paper == "sender":
                self.paper = f"{leg.id}:sender"
            self._packs(leg.direction)
            self._apply(ordering.book(self.world.file, self._wish(leg), now))
        self.clock.later(self._resident, minutes=self.rng.uniform(60, 900))

    def _packs(self, direction: Direction) -> None:
        if packing.may_pack(self.world.file, direction) and self.papers.has("packed", 0.7):
            leg = self.world.file.leg(direction)
            assert leg is not None
            lines = tuple(PackedLine(o.key) for o in packing.to_pack(self.world.file, leg))
            self._apply(packing.pack(self.world.file, direction, Packing("FQ001", lines), self._moment()))

    def _answers(self) -> None:
        """Says whether a parcel that somebody else signed for has come; some never do."""
        file = self.world.file
        asked = next((leg for leg in file.legs if recipients.in_question(leg)), None)
        if asked is None or not self.luck.has("resident_answers", 0.3):
            return
        has = self.paper == f"{asked.id}:receiver"
        booking = self.attempts(asked.id)[-1]
        try:
            said = recipients.answered(file, booking.id, has, recipients.Proof.RESIDENT, self._moment())
            self.luck.has("resident_has_it" if has else "resident_has_it_not", 1)
            self._apply(said)
        except Conflict:
            self._note("the resident had said so before")

    def _may_book(self) -> bool:
        return not CASE.is_final(self.world.state)

    def _wish(self, leg: Leg) -> ordering.BookingRequest:
        return ordering.BookingRequest(leg.direction, "ems", self.world.window(), self.world.file.case.address)  # type: ignore[arg-type]

    def _changes_mind(self, booking: Booking) -> None:
        try:
            if self.luck.has("resident_cancels", 0.05):
                self._apply(ordering.cancel_booking(self.world.file, booking.id))
            elif self.luck.has("resident_complains", 0.2):
                self._apply(ordering.nobody_came(self.world.file, booking.id, self._moment(), said_by="resident"))
        except Conflict:
            self._note("the resident was refused")

    def _count(self, leg_id: str) -> None:
        """The envelope lies on the office's desk."""
        leg = self.world.file.leg_by_id(leg_id)
        may = self.world.state in (CaseState.PREAUDIT_PASSED, CaseState.COLLECTING)
        if leg is None or leg.direction is not Direction.COLLECTION or not may:
            return
        self.world.at = self.clock.now
        if self.luck.has("paper_missing_at_first", 0.05):
            self.world.count(id_front=1)
            self.clock.later(lambda: self._counts_again(leg_id), minutes=600)
            return
        self._note("the office counts")
        broken = self.papers.has("seal_broken", 0.05)
        self._apply(self._counted(broken=broken))
        if broken:
            self._settles(Settlement.ACCEPTED_WITHOUT)
        self._goes_on()

    def _goes_on(self) -> None:
        assert self.world.state is CaseState.RECEIVED, "counted and settled, and the case stands still"
        self.clock.later(self._office, minutes=self.rng.uniform(600, 3000))

    def _counted(self, *, broken: bool = False) -> Outcome:
        lines = [Received("id_front", 1), Received("form", 1)]
        return receiving.receive_originals(self.world.file, lines, "FQ001", self._moment(), broken=broken)

    def _counts_again(self, leg_id: str) -> None:
        """The form is there after all; or it never was in the envelope, and the office says how to go on."""
        if self.papers.has("stayed_at_home_and_is_sent", 0.3):
            self._settles(Settlement.RESENT)
            self.paper = "sender"
        elif self.papers.has("done_without", 0.3):
            self._settles(Settlement.ACCEPTED_WITHOUT)
            self._goes_on()
        else:
            self._count(leg_id)

    def _settles(self, how: Settlement) -> None:
        (incident,) = stopping(self.world.file)
        self._apply(settling.settle(self.world.file, incident.id, Settling(how, "核实"), self._moment()))

    def _to_the_department(self) -> None:
        """Papers there and back; now and then the department does not find one, and it had never left."""
        for giver in (Holder.OFFICE, Holder.DEPARTMENT):
            held = tuple(o.key for o in self.world.file.originals if o.holder is giver)
            if not held:
                continue
            self._apply(transferring.offer(self.world.file, Offer(held, giver, "rsj"), self._moment()))
            missing = held[:1] if self.papers.has("not_found_by_the_department", 0.1) else ()
            offered = self.world.file.transfers[-1].id
            self._apply(transferring.acknowledge(self.world.file, offered, Found(missing), self._moment()))
            if missing:
                self._settles(Settlement.FOUND)
                self._to_the_department()

    def _office(self) -> None:
        """Accepted, decided and concluded on one day: the way between the legs is told elsewhere."""
        self.world.at = self.clock.now
        self.world.apply(deciding.accept(self.world.file, self.world.now))
        self.world.apply(deciding.route_case(self.world.file, self.world.now))
        if self.papers.has("department_wants_the_papers", 0.3):
            self._to_the_department()
        self.world.decide("card").decide("photo").decide("issue")
        self._apply(deciding.conclude(self.world.file, self.world.now))
        self.paper = f"{self.world.file.legs[-1].id}:sender"

    # ── sweeps ──

    def _sweep(self) -> None:
        for booking in self.world.file.bookings:
            self._ask_if_silent(booking)
        self._apply(on_no_show(self.world.file, self._moment()))
        self._apply(recipients.on_silence(self.world.file, self._moment()))
        if self.world.state is not CaseState.DELIVERED:  # its deadline is the appeal's
            self._apply(on_deadline(self.world.file, self._moment()))
        waits = any(leg.state in (LegState.BOOKED, LegState.ASSIGNED) for leg in self.world.file.legs)
        self.clock.later(self._sweep, minutes=20 if waits else 180)

    def _ask_if_silent(self, booking: Booking) -> None:
        leg, now = self.world.file.leg_by_id(booking.leg), self.clock.now
        if booking.state is not BookingState.BOOKED or leg is None:
            return
        heard = self.heard.get(booking.id, MONDAY)
        not_come = leg.state in (LegState.BOOKED, LegState.ASSIGNED) and now > booking.window.end + ASK_AFTER_WINDOW
        quiet = leg.state in LEG_MOVING and now - max(heard, booking.window.end) > ASK_WHEN_QUIET
        if (not_come or quiet) and now - self.asked_at.get(booking.id, MONDAY) >= ASK_AGAIN:
            self.asked_at[booking.id] = now
            self._enqueue(Enqueue(JobKind.COURIER_FIND, booking.id, f"trace:{booking.id}"))


def _taken(booking: Booking) -> CourierEvent:
    key, waybill = f"ems:{booking.order_id}:booked", booking.waybill or ""
    return CourierEvent(EventKind.BOOKED, booking.requested_at, "ems", waybill, booking.order_id, unique_key=key)
