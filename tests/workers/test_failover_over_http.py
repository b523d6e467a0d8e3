"""Two sandbox partners over real HTTP: one refuses, goes silent or goes away, and who takes over when."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from cases.circuit import CircuitRules, CircuitState
from cases.effects import JobKind
from cases.lifecycle import BookingState, LegState
from cases.model import Booking, Direction
from courier.port import Partner
from courier.vocabulary import CourierEvent, EventKind
from storage import partner_health
from tests.courier.conftest import Running, start, stop
from tests.workers.room import Room
from workers import sweeps
from workers.actors.registry import HANDLERS
from workers.actors.tracking import follow, stored
from workers.context import Context
from workers.jobs import Ended, perform

S = BookingState


@pytest.fixture
def ems() -> Iterator[Running]:
    """A test's own, because some stop it."""
    running = start("--speed", "0")
    yield running
    if running.process.poll() is None:
        stop(running)


@pytest.fixture(scope="module")
def sf() -> Iterator[Running]:
    running = start("--speed", "0", partner="sf")
    yield running
    stop(running)


@dataclass
class Both:
    room: Room
    ems: Running
    sf: Running

    @property
    def context(self) -> Context:
        partners: dict[str, Partner] = {"ems": self.ems.partner, "sf": self.sf.partner}
        return replace(self.room.context, partners=partners, circuit=CircuitRules(failures=2))

    def do(self, kind: JobKind = JobKind.COURIER_BOOK) -> Ended:
        self.room.make_due(kind)
        return perform(self.context, HANDLERS[kind], self.room.job(kind).id)

    def bookings(self) -> list[Booking]:
        return list(self.room.seen().file.bookings)

    def states(self) -> list[tuple[str, BookingState]]:
        return [(b.partner, b.state) for b in self.bookings()]

    def at(self, running: Running) -> set[str]:
        """Our orders that the partner holds."""
        mine = {b.order_id for b in self.bookings()}
        return {o["order_no"] for o in running.control("orders")} & mine


@pytest.fixture
def both(room: Room, ems: Running, sf: Running) -> Both:
    with room.database.transaction() as tx:
        partner_health.put_preference(tx, "440105", ("ems", "sf"))
    room.world.to_passed()
    room.world.book(Direction.COLLECTION)
    return Both(room, ems, sf)


def test_an_order_refused_by_one_is_held_by_the_other_alone(both: Both) -> None:
    both.ems.faults("refuse#1")
    assert [both.do(), both.do()] == [Ended.DONE] * 2
    assert both.states() == [("ems", S.REFUSED), ("sf", S.BOOKED)]
    first, second = both.bookings()
    assert (both.at(both.ems), both.at(both.sf)) == (set(), {second.order_id})
    assert (second.instead_of, second.order_id != first.order_id) == (first.id, True)


def test_a_partner_that_went_away_is_stood_in_for_and_left_alone(both: Both) -> None:
    stop(both.ems)
    assert [both.do(), both.do(), both.do()] == [Ended.RETRIED, Ended.DONE, Ended.DONE]
    assert both.states() == [("ems", S.REFUSED), ("sf", S.BOOKED)]
    with both.room.database.reading() as tx:
        assert partner_health.circuits(tx)["ems"].state(tx.now()) is CircuitState.OPEN


def test_an_order_whose_answer_was_lost_is_found_and_nobody_else_is_sent(both: Both) -> None:
    both.ems.faults("timeout_after_accept#1")
    assert both.do() is Ended.DONE
    assert both.states() == [("ems", S.UNKNOWN)]
    assert both.do(JobKind.COURIER_FIND) is Ended.DONE
    assert both.states() == [("ems", S.BOOKED)]
    assert (len(both.at(both.ems)), both.at(both.sf)) == (1, set())


def test_an_order_that_never_arrived_is_given_to_another_only_when_it_was_denied_twice(both: Both) -> None:
    both.ems.faults("timeout_before_accept#1")
    both.do()
    both.do(JobKind.COURIER_FIND)
    assert both.states() == [("ems", S.UNKNOWN)], "denied once"
    both.do(JobKind.COURIER_FIND)
    both.do()
    assert both.states() == [("ems", S.VOID), ("sf", S.BOOKED)]
    assert both.at(both.ems) == set()


def test_a_courier_who_did_not_come_is_called_off_and_the_leg_is_booked_again(both: Both) -> None:
    """By the timer, with the partner's own record asked first; the second attempt has a waybill of its own."""
    both.do()
    (first,) = both.bookings()
    leg = both.room.world.file.legs[0].id
    world = both.room.seen().wait(hours=5)
    from_timer = sweeps.on_no_show(world.file, world.now)
    world.apply(from_timer)
    both.do(JobKind.COURIER_CANCEL)
    world.book(Direction.COLLECTION)
    both.do()
    again = both.bookings()[-1]
    assert both.states() == [("ems", S.FAILED), ("ems", S.BOOKED)]
    assert (again.leg, again.waybill != first.waybill, again.order_id != first.order_id) == (leg, True, True)
    shown = {o["order_no"]: o["status"] for o in both.ems.control("orders")}
    assert (shown[first.order_id], shown[again.order_id]) == ("cancelled", "accepted")


def test_the_window_that_a_partner_names_is_kept_beside_the_one_asked_for(both: Both) -> None:
    both.do()
    (booking,) = both.bookings()
    later = booking.window.end + timedelta(hours=1)
    named = CourierEvent(
        EventKind.PICKUP_RESCHEDULED, booking.requested_at + timedelta(minutes=5), "ems", booking.waybill or "",
        booking.order_id, code="moved", window_start=later, window_end=later + timedelta(hours=2),
    )  # fmt: skip
    for _ in range(2):
        with both.room.database.transaction() as tx:
            tx.add_courier_events(booking.id, [stored(named)])
            follow(tx, booking.id)
    (kept,) = both.bookings()
    assert kept.confirmed_window is not None
    assert (kept.window, kept.confirmed_window.start) == (booking.window, later)
    assert len(both.room.facts("courier_window_moved")) == 1, "said twice, it is told once"
    leg = both.room.world.file.leg(Direction.COLLECTION)
    assert leg is not None
    assert leg.state is LegState.BOOKED
