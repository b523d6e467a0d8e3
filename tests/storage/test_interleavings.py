"""Any interleaving of use-cases on the real database, doubled requests among them, keeps the invariants; the audit verifies.

Hypothesis chooses who does what and when, and shrinks what goes wrong.
"""

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from cases.actions import carrying, deciding, judging, opening, ordering, receiving, review, sweeping
from cases.actions.carrying import Tracked
from cases.actions.ordering import BookingRequest
from cases.custody import Received
from cases.effects import JobKind, Outcome
from cases.errors import Refusal
from cases.findings import FindingCode, found
from cases.lifecycle import AssignmentState, LegState, MaterialState
from cases.model import CaseFile, CaseNumber, Direction, Window
from cases.moment import Moment
from storage.audit import verify
from storage.casefiles import check_digit
from storage.jobs import UNFINISHED
from storage.session import Database
from tests.cases.world import ADDRESS, CALENDAR, MONDAY
from tests.storage.kept import RESIDENT, KeptWorld
from workers.invariants import broken
from workers.replay import replay

_NUMBERS = itertools.count(1)
_IDS = itertools.count(1)
Decide = Callable[[CaseFile, Moment], Outcome]


class Interleaving(RuleBasedStateMachine):
    """One case; everybody asks with a transaction id, and now and then asks again with the same."""

    database: Database

    @initialize()
    def opened(self) -> None:
        body = f"44010520260302{next(_NUMBERS):06d}"
        world = KeptWorld(self.database, body + check_digit(body), check=False)
        self.number, self.at = CaseNumber(world.number), MONDAY
        self.requests: dict[str, Decide] = {}
        self.answers: dict[str, int] = {}

    # ── a request, once or twice ──

    def ask(self, decide: Decide) -> None:
        request = f"t{len(self.requests)}"
        self.requests[request] = decide
        self._answered(request)

    def _answered(self, request: str) -> None:
        """As a door does it: the answer is kept in the transaction of the effects, and given again for the same id."""
        if request in self.answers:
            return
        try:
            with self.database.transaction() as tx:
                file = tx.case_file(self.number, for_change=True)
                now = Moment(self.at, CALENDAR, lambda: f"{next(_IDS):032d}", "tester")
                tx.apply(self.number, self.requests[request](file, now), actor=RESIDENT)
        except Refusal:
            return
        self.answers[request] = self._lines()

    def _lines(self) -> int:
        with self.database.reading() as tx:
            return len(tx.timeline(self.number))

    @rule(data=st.data())
    def again(self, data: st.DataObject) -> None:
        """A request whose answer got lost comes once more: nothing happens a second time."""
        if not self.answers:
            return
        before = self._lines()
        self._answered(data.draw(st.sampled_from(sorted(self.answers))))
        assert self._lines() == before

    @rule(hours=st.sampled_from((1, 5, 30, 24 * 40)))
    def time_goes_on(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    # ── residents and the machine ──

    @rule(key=st.sampled_from(("id_front", "form", "photo")))
    def photographs(self, key: str) -> None:
        page, upload = f"page-{next(_IDS)}", opening.Upload("blob", "0" * 64, "image/jpeg", 1000)
        self.ask(lambda file, now: opening.attach_page(file, key, upload, page, now))

    @rule()
    def reads(self) -> None:
        def decide(file: CaseFile, now: Moment) -> Outcome:
            return judging.record_reading(file, file.unread[0].id, "id_card_front", (), now) if file.unread else ()

        self.ask(decide)

    @rule()
    def takes_out(self) -> None:
        self.ask(lambda file, now: opening.remove_page(file, file.pages[-1].id if file.pages else "none"))

    @rule()
    def hands_in(self) -> None:
        self.ask(opening.submit)

    @rule()
    def withdraws(self) -> None:
        self.ask(opening.withdraw)

    @rule(verdict=st.sampled_from(("passed", "passed", "returned", "review")))
    def judges(self, verdict: str) -> None:
        findings = () if verdict == "passed" else (found(FindingCode.BLURRED, material="form", page=1),)

        def decide(file: CaseFile, now: Moment) -> Outcome:
            states = {m.key: MaterialState.ACCEPTED for m in file.materials if m.state is MaterialState.READ}
            return judging.record_verdict(file, judging.Verdict(verdict, findings, states), now)

        self.ask(decide)

    # ── the courier ──

    @rule(direction=st.sampled_from(Direction))
    def books(self, direction: Direction) -> None:
        def decide(file: CaseFile, now: Moment) -> Outcome:
            window = Window(now.at + timedelta(hours=1), now.at + timedelta(hours=3))
            return ordering.book(file, BookingRequest(direction, "ems", window, ADDRESS), now)

        self.ask(decide)

    @rule(outcome=st.sampled_from(("booked", "refused", "unknown", "not_found", "cancelled")))
    def partner_answers(self, outcome: str) -> None:
        def decide(file: CaseFile, now: Moment) -> Outcome:
            booking = file.bookings[-1].id if file.bookings else "none"
            told: dict[str, Callable[[], Outcome]] = {
                "booked": lambda: ordering.record_booked(file, booking, f"W{booking[-4:]}", now),
                "refused": lambda: ordering.record_refused(file, booking, "超出范围"),
                "unknown": lambda: ordering.record_unknown(file, booking, "timeout", now),
                "not_found": lambda: ordering.record_not_found(file, booking, now),
                "cancelled": lambda: ordering.record_cancelled(file, booking, now),
            }
            return told[outcome]()

        self.ask(decide)

    @rule(state=st.sampled_from((LegState.PICKED_UP, LegState.DELIVERED, LegState.RETURNED, LegState.LOST)))
    def parcel_moves(self, state: LegState) -> None:
        def decide(file: CaseFile, now: Moment) -> Outcome:
            booking = file.bookings[-1].id if file.bookings else "none"
            return carrying.record_tracking(file, booking, Tracked(state, now.at, confirmed=True), now)

        self.ask(decide)

    # ── the office ──

    @rule(short=st.booleans())
    def counts(self, short: bool) -> None:
        def decide(file: CaseFile, now: Moment) -> Outcome:
            lines = [Received(o.key, o.copies) for o in file.originals]
            return receiving.receive_originals(file, lines[1:] if short else lines, None, now)

        self.ask(decide)

    @rule(step=st.sampled_from((deciding.accept, deciding.route_case, deciding.conclude)))
    def office_goes_on(self, step: Decide) -> None:
        self.ask(step)

    @rule(approve=st.booleans())
    def department_decides(self, approve: bool) -> None:
        def decide(file: CaseFile, now: Moment) -> Outcome:
            first = next((a.id for a in file.assignments if a.state is AssignmentState.OPEN), "none")
            return deciding.decide_assignment(file, first, approve, "意见", now)

        self.ask(decide)

    @rule(decision=st.sampled_from(review.ReviewDecision))
    def auditor_closes(self, decision: review.ReviewDecision) -> None:
        self.ask(lambda file, now: review.close_review(file, review.ReviewRuling(decision, "理由"), now))

    @rule()
    def clock_strikes(self) -> None:
        self.ask(lambda file, now: (*sweeping.on_deadline(file, now),))

    # ── what holds ──

    @invariant()
    def nothing_is_broken_and_no_job_has_a_twin(self) -> None:
        with self.database.reading() as tx:
            file = tx.case_file(self.number)
            assert list(broken(file)) == []
            assert replay(tx.timeline(self.number), file).differences == ()
            assert verify(tx, self.number) is None
            waiting = [(j.kind, j.subject) for j in tx.jobs.list() if j.state in UNFINISHED]
        mine = {e.id for e in (*file.pages, *file.bookings)}
        asked = [x for x in waiting if x[0] in (JobKind.PAGE_READ, JobKind.COURIER_BOOK) and x[1] in mine]
        assert len(asked) == len(set(asked))


def interleave(database: Database, examples: int, steps: int) -> None:
    class Here(Interleaving):
        pass

    Here.database = database
    profile: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck), "derandomize": True}
    run_state_machine_as_test(Here, settings=settings(max_examples=examples, stateful_step_count=steps, **profile))


def test_any_interleaving_keeps_what_must_hold(plain_database: Database) -> None:
    interleave(plain_database, 6, 12)


@pytest.mark.thorough
@pytest.mark.timeout(900)
def test_any_longer_interleaving_on_both_databases(database: Database) -> None:
    interleave(database, 60, 50)
