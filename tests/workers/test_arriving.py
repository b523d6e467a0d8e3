"""Pushes that come together: handled by one job, and what comes of them is what would have come of one after another."""

import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from cases.effects import JobKind
from cases.lifecycle import BookingState, CaseState, LegState
from cases.model import Direction
from courier.fake import FakePartner, SentPush
from courier.port import Authenticity, Push, Unknown
from courier.vocabulary import CourierEvent, EventKind
from storage.inbox import Arrival
from storage.session import Database
from storage.tables import jobs
from storage.words import InboxState, JobState
from tests.workers.room import Room
from workers.actors.arriving import AT_ONCE, go_on
from workers.actors.registry import HANDLERS
from workers.context import Context
from workers.jobs import Ended, perform
from workers.turns import Turns

K = EventKind
S = LegState


class Street:
    """Cases with a courier ordered for each, all of one partner."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.folder, self.rooms = database, folder, dict[int, Room]()
        self.bookings: dict[int, str] = {}
        self.room(0)
        self.partner = self.rooms[0].partner

    def room(self, home: int, *, unknown: bool = False) -> Room:
        """With a courier ordered; `unknown`: he took the order, and his answer got lost."""
        if home not in self.rooms:
            room = self.rooms[home] = Room(self.database, self.folder, f"44010520260302{home:06d}0")
            room.partner = self.rooms[0].partner
            room.world.to_passed()
            self.bookings[home] = room.world.book(Direction.COLLECTION)
            if unknown:
                room.partner.next_book(Unknown("timeout"), True)
            room.do(JobKind.COURIER_BOOK, self.bookings[home])
        return self.rooms[home]

    def order(self, home: int) -> str:
        booking = self.room(home).seen().file.booking(self.bookings[home])
        assert booking is not None
        return booking.order_id

    def happens(self, home: int, kind: EventKind) -> SentPush:
        return self.partner.happen(self.order(home), kind)

    def come(self, *sent: SentPush) -> None:
        """Through the courier's door, within a moment."""
        said = [self.verified(each) for each in sent]
        arrivals = [Arrival("ems", p.delivery_id, p.body, {}, True, f"call-{n}") for n, p in enumerate(said)]
        with self.database.transaction() as tx:
            assert all(tx.inbox.keep_all(arrivals, "web-1"))

    def verified(self, sent: SentPush) -> Push:
        said = self.partner.verify_push(sent.raw, sent.headers, sent.content_type)
        assert isinstance(said, Push)
        return said

    def jobs(self, state: JobState = JobState.QUEUED) -> list[str]:
        with self.database.reading() as tx:
            return [j.id for j in tx.jobs.list(state, JobKind.INBOX_HANDLE)]

    def work(self, context: Context | None = None) -> list[Ended]:
        """All that is rung now."""
        given = context or self.rooms[0].context
        return [perform(given, HANDLERS[JobKind.INBOX_HANDLE], job) for job in reversed(self.jobs())]

    def legs(self) -> list[LegState]:
        return [room.seen().file.legs[0].state for _, room in sorted(self.rooms.items())]

    def left(self) -> dict[InboxState, int]:
        with self.database.reading() as tx:
            return tx.inbox.counts()


@pytest.fixture
def street(plain_database: Database, tmp_path: Path) -> Street:
    return Street(plain_database, tmp_path)


OF_THE_WAY = ("leg_moved", "originals_handed_over", "courier_alert", "case_collect")


def record(room: Room) -> list[tuple[str, object]]:
    """What the parcel's way left in the record, but for names of its own."""
    with room.database.reading() as tx:
        lines = [line for line in tx.timeline(room.number) if line.action in OF_THE_WAY]
    return [(line.action, {k: v for k, v in line.detail.items() if k not in ("leg", "order")}) for line in lines]


def test_one_job_handles_what_has_come(street: Street) -> None:
    street.come(*(street.happens(home, K.COURIER_ASSIGNED) for home in range(2)))
    assert street.work() == [Ended.DONE]
    assert street.legs() == [S.ASSIGNED] * 2
    assert street.left() == {InboxState.NEW: 0, InboxState.FAILED: 0}


def test_together_comes_to_what_one_after_another_comes_to(database: Database, tmp_path: Path) -> None:
    street = Street(database, tmp_path)
    for kind in (K.COURIER_ASSIGNED, K.PICKED_UP, K.EXCEPTION, K.DELIVERED_UNCONFIRMED):
        street.come(*(street.happens(home, kind) for home in (0, 1)))
        street.work()
        street.room(2).push(street.happens(2, kind))
        street.work()
    alone = record(street.rooms[2])
    assert (
        "originals_handed_over",
        {"keys": ["id_front", "form"], "from": "resident", "to": "courier", "seal": None},
    ) in alone
    assert record(street.rooms[0]) == record(street.rooms[1]) == alone
    holders = [{o.holder for o in room.seen().file.originals} for room in street.rooms.values()]
    assert holders == [holders[2]] * 3


def test_pushes_of_one_case_take_turns_and_each_leaves_its_line(street: Street) -> None:
    kinds = (K.COURIER_ASSIGNED, K.PICKED_UP, K.IN_TRANSIT)
    street.come(*(street.happens(0, kind) for kind in kinds), street.happens(1, K.PICKED_UP))
    assert street.work() == [Ended.DONE]
    assert street.legs() == [S.IN_TRANSIT, S.PICKED_UP]
    assert [fact["to"] for fact in street.rooms[0].facts("leg_moved")][-3:] == ["assigned", "picked_up", "in_transit"]
    (step,) = street.rooms[0].seen().file.hand_overs
    with street.database.reading() as tx:
        (picked_up,) = [e.at for e in tx.courier_events(street.bookings[0]) if e.body["kind"] == "picked_up"]
    assert step.at == picked_up, "the papers changed hands when the courier took them, not at the last scan of the turn"


def test_out_of_order_and_twice_is_where_the_events_lead(street: Street) -> None:
    kinds = (K.COURIER_ASSIGNED, K.PICKED_UP, K.IN_TRANSIT)
    told = [street.happens(0, kind) for kind in kinds]
    street.come(*reversed(told), street.partner.sign(told[1].raw))
    street.work()
    assert street.legs()[0] is S.IN_TRANSIT
    assert len(street.rooms[0].facts("originals_handed_over")) == 1


def test_what_was_known_before_is_not_forgotten_for_a_turn(street: Street) -> None:
    """The partner was asked and told of both; its pushes of both come after that."""
    told = [street.happens(0, kind) for kind in (K.PICKED_UP, K.IN_TRANSIT)]
    for sent in told:
        street.rooms[0].push(sent)
    street.work()
    before = len(street.rooms[0].facts("leg_moved"))
    street.come(*(street.partner.sign(sent.raw) for sent in told))
    street.work()
    assert len(street.rooms[0].facts("leg_moved")) == before


def test_one_bad_push_hurts_itself_alone(street: Street) -> None:
    street.come(street.partner.sign(b'{"no": "scan"}'), street.happens(0, K.PICKED_UP))
    street.work()
    assert street.legs()[0] is S.PICKED_UP
    assert street.left() == {InboxState.NEW: 0, InboxState.FAILED: 1}


class Stumbling(FakePartner):
    """Has a fault: one push is more than it can read."""

    def parse_push(self, push: Push) -> tuple[CourierEvent, ...]:
        if b"stumble" in push.body:
            raise ZeroDivisionError
        return super().parse_push(push)


def test_a_turn_that_fails_leaves_each_push_to_itself(street: Street) -> None:
    partner = Stumbling(lambda: street.rooms[0].world.at, name="ems")
    partner.__dict__.update(street.partner.__dict__)
    context = replace(street.rooms[0].context, partners={"ems": partner})
    street.come(street.partner.sign(b'{"stumble": 1}'), street.happens(0, K.PICKED_UP))
    assert street.work(context) == [Ended.DONE]
    assert street.legs()[0] is S.BOOKED
    assert sorted(street.work(context)) == [Ended.DONE, Ended.RETRIED]
    assert street.legs()[0] is S.PICKED_UP
    with street.database.reading() as tx:
        requests = {j.request for j in tx.jobs.list(JobState.QUEUED, JobKind.INBOX_HANDLE)}
    assert requests == {"call-0"}, "under the call that brought it"


def test_whoever_died_over_a_turn_leaves_each_push_to_itself(street: Street) -> None:
    street.come(*(street.happens(home, K.PICKED_UP) for home in range(2)))
    died = street.rooms[0].die_with(JobKind.INBOX_HANDLE)
    with street.database.transaction() as tx:
        tx.jobs.sweep()
    assert street.work() == [Ended.DONE]
    assert len(street.jobs()) == 2
    assert street.work() == [Ended.DONE] * 2
    assert street.legs() == [S.PICKED_UP] * 2
    assert street.rooms[0].job_by_id(died).state is JobState.DONE


def test_what_came_meanwhile_is_not_held_up_by_the_dead(street: Street) -> None:
    """A worker took the job and was never heard of; the next second's pushes have another job, which takes them all."""
    street.come(street.happens(0, K.PICKED_UP))
    street.rooms[0].die_with(JobKind.INBOX_HANDLE)
    arrived = street.verified(street.happens(1, K.PICKED_UP))
    with street.database.transaction() as tx:
        tx.inbox.keep_all([Arrival("ems", arrived.delivery_id, arrived.body, {}, True)], "web-2")
    assert street.work() == [Ended.DONE]
    assert street.legs() == [S.PICKED_UP, S.PICKED_UP]


def test_what_the_partner_must_be_asked_about_goes_by_itself(street: Street) -> None:
    street.partner.capabilities = replace(street.partner.capabilities, pushes=Authenticity.WEAK)
    street.come(street.happens(0, K.DELIVERED), street.happens(1, K.PICKED_UP))
    assert street.work() == [Ended.DONE]
    assert street.legs() == [S.BOOKED, S.PICKED_UP]
    assert street.work() == [Ended.DONE]
    assert street.legs()[0] is S.DELIVERED


def test_a_job_that_goes_once_more_looks_at_what_waits_though_its_own_push_went_by_itself(street: Street) -> None:
    """The push by which the job was made was set apart and handled; what came while it was at work is its to do."""
    street.partner.capabilities = replace(street.partner.capabilities, pushes=Authenticity.WEAK)
    street.come(street.happens(0, K.DELIVERED))
    (shared,) = street.jobs()
    assert street.work() == [Ended.DONE]
    with street.database.transaction() as tx:
        tx.execute(update(jobs).where(jobs.c.id == shared).values(state=JobState.QUEUED, attempts=0))
    (own,) = (job for job in street.jobs() if job != shared)
    assert perform(street.rooms[0].context, HANDLERS[JobKind.INBOX_HANDLE], own) is Ended.DONE
    sent = street.verified(street.happens(1, K.PICKED_UP))
    with street.database.transaction() as tx:
        assert tx.inbox.keep_all([Arrival("ems", sent.delivery_id, sent.body, {}, True)], "web-2") == [True]
        tx.execute(update(jobs).where(jobs.c.state == JobState.QUEUED, jobs.c.id != shared).values(state=JobState.DONE))
    assert street.work() == [Ended.DONE]
    assert street.legs() == [S.DELIVERED, S.PICKED_UP]


def test_what_ends_a_case_goes_by_itself_and_the_others_are_not_held_up(street: Street) -> None:
    """The result in the addressee's hands: a receipt is made, for which more of the case is looked at than its parcels."""
    room = street.rooms[1] = Room(street.database, street.folder, "440105202603020000010")
    room.partner = street.partner
    room.world.to_concluded()
    street.bookings[1] = room.world.book(Direction.DELIVERY)
    room.do(JobKind.COURIER_BOOK, street.bookings[1])
    street.come(street.happens(1, K.DELIVERED), street.happens(0, K.PICKED_UP))
    assert street.work() == [Ended.DONE]
    assert street.legs()[0] is S.PICKED_UP
    assert len(street.jobs()) == 1, "of one push of the two"
    assert street.work() == [Ended.DONE]
    assert room.seen().file.case.state is CaseState.DELIVERED


def test_an_order_whose_outcome_was_unknown_stands_as_soon_as_the_partner_speaks_of_it(street: Street) -> None:
    room = street.room(1, unknown=True)
    street.come(street.happens(1, K.COURIER_ASSIGNED))
    assert [street.work(), street.work()] == [[Ended.DONE]] * 2
    (one,) = room.seen().file.bookings
    assert (one.state, street.legs()) == (BookingState.BOOKED, [S.BOOKED, S.ASSIGNED])


def test_what_nobody_ordered_is_kept_for_whoever_did(street: Street) -> None:
    sent = street.happens(0, K.PICKED_UP)
    (event,) = street.partner.parse_push(street.verified(sent))
    stranger = street.partner.sign(
        sent.raw.replace(event.order_id.encode(), b"ZTnobody").replace(event.waybill.encode(), b"X1")
    )
    street.come(stranger, street.happens(1, K.PICKED_UP))
    street.work()
    with street.database.reading() as tx:
        assert [orphan.waybill for orphan in tx.orphans()] == ["X1"]
    assert street.left()[InboxState.NEW] == 0


def test_more_than_a_turn_takes_is_handled_by_the_same_job(street: Street) -> None:
    raw = street.happens(0, K.INFO).raw
    street.come(
        *(street.partner.sign(raw.replace(b"FAKE", b"%d" % n).replace(b"ZT", b"X")) for n in range(AT_ONCE + 1))
    )
    assert street.work() == [Ended.DONE]
    assert street.left()[InboxState.NEW] == 0


# ── turns ──

EARLY, LATE = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 9, 0, 1, tzinfo=UTC)


def never() -> int:
    raise AssertionError("somebody else is at work")


def test_whoever_finds_another_at_work_leaves_and_is_looked_after() -> None:
    turns, looks = Turns(), []

    def turn() -> int:
        looks.append(turns.take(EARLY, never) if not looks else None)
        return 0

    assert turns.take(LATE, turn)
    assert looks == [True, None], "once more, for the one who came meanwhile"


def test_whoever_begins_later_goes_on_and_the_one_before_leaves() -> None:
    turns, left = Turns(), threading.Event()

    def later() -> int:
        return 0 if left.wait(0.01) else 2

    after = threading.Thread(target=turns.take, args=(LATE, later))

    def turn() -> int:
        if not after.is_alive():
            after.start()
        return 2

    assert turns.take(EARLY, turn)
    left.set()
    after.join(10)
    assert not after.is_alive()


def test_after_a_while_the_job_ends_and_another_goes_on(street: Street) -> None:
    assert not Turns(longest=0).take(EARLY, lambda: 2)
    street.come(street.happens(0, K.PICKED_UP))
    street.rooms[0].die_with(JobKind.INBOX_HANDLE)
    with street.database.transaction() as tx:
        go_on(tx)
    assert street.work() == [Ended.DONE]
    assert street.legs() == [S.PICKED_UP]


def test_a_turn_that_could_not_be_taken_leaves_the_place_free() -> None:
    turns = Turns()
    with pytest.raises(AssertionError):
        turns.take(LATE, never)
    assert turns.take(EARLY, lambda: 0)
