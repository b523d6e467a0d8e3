"""Every misfortune of the sandbox, met over HTTP by the real client and the real worker: the leg ends up where the parcel
is, with one order and an unbroken chain. Drawn by setting and seed, and all at once: `tests/courier/test_simulation.py`.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from cases.actions import ordering
from cases.custody import chain_is_unbroken
from cases.effects import JobKind
from cases.lifecycle import BookingState, LegState
from cases.model import Direction, Holder
from courier.port import Push
from storage.session import Database
from storage.settings import StorageSettings
from storage.tables import bookings
from storage.words import JobState
from tests.courier.conftest import Running, start, stop
from tests.courier.receiver import Receiver
from tests.workers.room import Room
from workers import polls
from workers.jobs import Ended

L, S = LegState, BookingState


class Door(Receiver):
    """Keeps what the web door would keep."""

    def __init__(self, room: Room) -> None:
        super().__init__(room.partner)
        self.room = room

    def _keep(self, push: Push) -> None:
        self.delivery_ids.append(push.delivery_id)
        with self.room.database.transaction() as tx:
            tx.inbox.keep(push.partner, push.delivery_id, push.body, {}, verified=True)


class Leg:
    """A collection, the sandbox's EMS, and the worker between them."""

    def __init__(self, sandbox: Running, room: Room) -> None:
        self.sandbox, self.room = sandbox, room
        room.partner = sandbox.partner  # type: ignore[assignment]
        self.door = Door(room)
        sandbox.control("push-url", {"url": self.door.url})
        self.booking = room.world.to_passed().book(Direction.COLLECTION)

    @property
    def order(self) -> str:
        return self.room.seen().file.bookings[0].order_id

    @property
    def state(self) -> LegState:
        return self.room.seen().file.legs[0].state

    @property
    def attempt(self) -> BookingState:
        return self.room.seen().file.bookings[0].state

    @property
    def holders(self) -> set[Holder]:
        file = self.room.seen().file
        assert chain_is_unbroken(file.originals, file.hand_overs)
        return {o.holder for o in file.originals}

    def orders(self) -> int:
        return len([o for o in self.sandbox.control("orders") if o["order_no"] == self.order])

    def books(self, faults: str = "") -> "Leg":
        self.sandbox.faults(faults)
        self.room.do(JobKind.COURIER_BOOK)
        self.sandbox.faults("")
        return self

    def asks(self) -> "Leg":
        if self.attempt is S.UNKNOWN:
            self.room.make_due(JobKind.COURIER_FIND)
            self.room.do(JobKind.COURIER_FIND)
        return self

    def happens(self, *events: str, faults: str = "", pushes: int | None = None, **more: object) -> "Leg":
        """`pushes`: how many come in the end, some of them later."""
        before = len(self.door.delivery_ids)
        self.sandbox.faults(faults)
        self.sandbox.advance(self.order, *events, **more)
        wanted = before + (len(events) if pushes is None else pushes)
        self.door.wait(lambda: len(self.door.delivery_ids) >= wanted)
        self.sandbox.faults("")
        return self.handled()

    def handled(self) -> "Leg":
        with self.room.database.reading() as tx:
            jobs = tx.jobs.list(JobState.QUEUED, JobKind.INBOX_HANDLE)
        for job in reversed(jobs):
            assert self.room.do(JobKind.INBOX_HANDLE, job.subject) is Ended.DONE
        return self


@pytest.fixture(scope="module")
def process() -> Iterator[Running]:
    running = start("--speed", "0", "--retry", "0.1", "--slow", "0.3", "--hold", "3")
    yield running
    assert stop(running) == 0


@pytest.fixture
def leg(process: Running, sqlite_url: str, tmp_path: Path, key_file: Path) -> Iterator[Leg]:
    database = Database(StorageSettings(sqlite_url, f"dir:{tmp_path / 'blobs'}", key_file))
    made = Leg(process, Room(database, tmp_path, number()))
    yield made
    made.door.close()
    database.dispose()


_numbers = iter(range(1, 1000))


def number() -> str:
    """The process is shared, so cases and with them order ids are of one test alone."""
    return f"44010520260302{next(_numbers):07d}"


@pytest.mark.parametrize(
    "fault",
    ["timeout_after_accept", "5xx_after_accept", "garbage_after_accept", "reset_after_accept", "unclear_after_accept"],
)
def test_an_order_whose_answer_is_lost_is_found_and_never_made_twice(leg: Leg, fault: str) -> None:
    leg.books(f"{fault}#1")
    assert leg.attempt is S.UNKNOWN
    assert (leg.asks().attempt, leg.orders()) == (S.BOOKED, 1)


@pytest.mark.parametrize("fault", ["5xx", "timeout_before_accept"])
def test_an_order_that_never_arrived_is_void_after_two_questions(leg: Leg, fault: str) -> None:
    leg.books(f"{fault}#1")
    assert leg.asks().asks().attempt is S.VOID
    assert leg.orders() == 0


def test_a_slow_answer_is_waited_for(leg: Leg) -> None:
    assert (leg.books("slow#1").attempt, leg.orders()) == (S.BOOKED, 1)


@pytest.mark.parametrize(
    ("faults", "pushes"),
    [("double#1", 3), ("delay#1", 2), ("wrong_signature#1", 2), ("truncate#1", 2), ("", 2)],
)
def test_pushes_that_are_doubled_delayed_forged_or_cut_lead_where_the_parcel_is(
    leg: Leg, faults: str, pushes: int
) -> None:
    leg.books().happens("picked_up", "in_transit", faults=faults, pushes=pushes)
    assert (leg.state, leg.holders) == (L.IN_TRANSIT, {Holder.COURIER})
    assert len(leg.room.facts("originals_handed_over")) == 1


@pytest.mark.parametrize("order", ["reversed", "shuffled"])
def test_pushes_out_of_order_lead_where_the_parcel_is(leg: Leg, order: str) -> None:
    leg.books().happens("courier_assigned", "picked_up", "in_transit", "out_for_delivery", order=order)
    assert leg.state is L.OUT_FOR_DELIVERY


def test_a_dropped_push_is_found_by_asking(leg: Leg) -> None:
    leg.books().happens("picked_up", faults="drop#1", pushes=0)
    assert leg.holders == {Holder.RESIDENT}
    with leg.room.database.transaction() as tx:
        end = tx.now() - timedelta(minutes=10)
        tx.execute(update(bookings).values(window_start=end - timedelta(hours=2), window_end=end))
    polls.polls(leg.room.database)
    leg.room.do(JobKind.COURIER_POLL)
    assert leg.state is L.PICKED_UP


def test_a_lost_parcel_opens_an_incident(leg: Leg) -> None:
    leg.books().happens("picked_up", "lost")
    assert leg.state is L.LOST
    assert [i.kind for i in leg.room.seen().file.open_incidents] == ["parcel_lost"]


def test_a_false_pickup_taken_back_leaves_the_papers_at_home(leg: Leg) -> None:
    leg.books().happens("picked_up")
    assert leg.holders == {Holder.COURIER}
    leg.happens("pickup_revoked")
    assert (leg.state, leg.holders) == (L.BOOKED, {Holder.RESIDENT})


def test_a_parcel_cancelled_that_moves_all_the_same_is_followed_and_told_of(leg: Leg) -> None:
    leg.books()
    leg.room.seen().apply(ordering.cancel_booking(leg.room.world.file, leg.booking))
    leg.room.do(JobKind.COURIER_CANCEL)
    assert (leg.attempt, leg.state) == (S.CANCELLED, L.CANCELLED)
    leg.happens("picked_up", pushes=1)
    assert (leg.state, leg.holders) == (L.PICKED_UP, {Holder.COURIER})
    assert "cancelled_but_moving" in leg.room.seen().file.bookings[0].alerts
