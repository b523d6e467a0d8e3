"""Consolidated pickups: one order at the partner, every case's leg follows its parcel."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from cases import consolidation
from cases.actions import ordering, troubles
from cases.actions.ordering import BookingRequest
from cases.consolidation import Pickup
from cases.effects import JobKind
from cases.lifecycle import BookingState, CaseState, LegState
from cases.model import Direction, Holder, PersonId
from courier.port import NotFound, RefusedByPartner, Unknown
from courier.vocabulary import EventKind
from storage import pickups
from storage.actors import Actor
from storage.tables import bookings
from storage.words import ActorKind
from tests.cases.world import ADDRESS
from tests.workers.room import OFFICE, Room
from workers import polls, sweeps
from workers.actors.pickups import order_of
from workers.jobs import Ended

K, L, S = EventKind, LegState, BookingState
BY = Actor(ActorKind.RESIDENT, "agent")


class Village:
    """Three cases of one agent in one pickup."""

    def __init__(self, room: Room, folder: Path) -> None:
        numbers = ("440105202603020000111", "440105202603020000222")
        self.rooms = [room, *(Room(room.database, folder, n) for n in numbers)]
        for each in self.rooms:
            each.partner = room.partner
            each.world.to_passed()
        asked = BookingRequest(Direction.COLLECTION, "ems", room.world.window(), ADDRESS)
        with room.database.transaction() as tx:
            person, _ = tx.people.sign_in("embedded", "agent")
            made = consolidation.plan([r.world.file for r in self.rooms], asked, PersonId(person.id), room.world.now)
            pickups.add(tx, made.pickup)
            for number, outcome in made.outcomes.items():
                tx.apply(number, outcome, actor=BY)
        self.room, self.id, self.order = room, made.pickup.id, made.pickup.order_id

    @property
    def pickup(self) -> Pickup:
        with self.room.database.reading() as tx:
            return pickups.load(tx, self.id)

    @property
    def legs(self) -> list[LegState]:
        return [r.seen().file.legs[0].state for r in self.rooms]

    @property
    def bookings(self) -> list[BookingState]:
        return [r.seen().file.bookings[0].state for r in self.rooms]

    def happens(self, *kinds: EventKind) -> None:
        for kind in kinds:
            pushed = self.room.push(self.room.partner.happen(self.order, kind))
            assert self.room.do(JobKind.INBOX_HANDLE, pushed) is Ended.DONE

    def take_out(self, n: int) -> None:
        with self.room.database.transaction() as tx:
            number = self.rooms[n].number
            outcome = consolidation.take_out(tx.case_file(number), self.id, self.rooms[n].world.now)
            tx.apply(number, outcome, actor=BY)


@pytest.fixture
def village(room: Room, tmp_path: Path) -> Village:
    return Village(room, tmp_path)


def test_one_order_with_a_list_of_contents_books_every_case(village: Village) -> None:
    assert village.room.do(JobKind.PICKUP_BOOK) is Ended.DONE
    assert village.room.partner.asked == [("book", village.order)]
    assert (village.pickup.state, village.pickup.waybill) == (S.BOOKED, "FAKE000000001")
    assert (village.bookings, village.legs) == ([S.BOOKED] * 3, [L.BOOKED] * 3)
    assert {r.world.file.bookings[0].waybill for r in village.rooms} == {"FAKE000000001"}
    order = order_of(village.pickup, [r.seen().file for r in village.rooms], OFFICE)
    assert [line.name for line in order.goods] == [f"办件{r.number}材料" for r in village.rooms]


def test_what_happens_to_the_parcel_happens_to_every_case_and_each_receipt_is_its_own(village: Village) -> None:
    village.room.do(JobKind.PICKUP_BOOK)
    village.happens(K.COURIER_ASSIGNED, K.PICKED_UP, K.IN_TRANSIT)
    assert village.legs == [L.IN_TRANSIT] * 3
    for each in village.rooms:
        assert {o.holder for o in each.seen().file.originals} == {Holder.COURIER}
    village.happens(K.DELIVERED)
    village.rooms[0].seen().count(id_front=1, form=1)
    assert [r.seen().state for r in village.rooms] == [CaseState.RECEIVED, CaseState.COLLECTING, CaseState.COLLECTING]


def test_a_case_taken_out_does_not_follow_the_others(village: Village) -> None:
    village.room.do(JobKind.PICKUP_BOOK)
    village.take_out(1)
    village.happens(K.PICKED_UP)
    assert village.legs == [L.PICKED_UP, L.CANCELLED, L.PICKED_UP]
    assert {o.holder for o in village.rooms[1].seen().file.originals} == {Holder.RESIDENT}
    village.rooms[1].world.booked(Direction.COLLECTION)


def test_a_residents_own_cancellation_calls_the_courier_off_only_with_the_last_case(village: Village) -> None:
    village.room.do(JobKind.PICKUP_BOOK)
    for n, each in enumerate(village.rooms):
        booking = each.seen().file.bookings[0].id
        each.world.apply(ordering.cancel_booking(each.world.file, booking))
        each.do(JobKind.COURIER_CANCEL, booking)
        assert each.seen().file.bookings[0].state is S.CANCELLED
        assert [what for what, _ in village.room.partner.asked] == ["book"], n
    assert village.room.do(JobKind.PICKUP_CANCEL) is Ended.DONE
    assert village.room.partner.asked[-1] == ("cancel", village.order)
    assert village.pickup.state is S.CANCELLED


def test_the_whole_order_called_off_frees_every_leg(village: Village) -> None:
    village.room.do(JobKind.PICKUP_BOOK)
    with village.room.database.transaction() as tx:
        pickups.call_off(tx, pickups.load(tx, village.id))
    village.room.do(JobKind.PICKUP_CANCEL)
    assert (village.bookings, village.legs) == ([S.CANCELLED] * 3, [L.CANCELLED] * 3)


def test_an_order_refused_frees_every_leg(village: Village) -> None:
    village.room.partner.next_book(RefusedByPartner("B1", "超出揽收范围"))
    village.room.do(JobKind.PICKUP_BOOK)
    assert (village.pickup.state, village.bookings) == (S.REFUSED, [S.REFUSED] * 3)
    village.rooms[2].seen().booked(Direction.COLLECTION)


def test_an_answer_that_got_lost_is_asked_for_and_never_ordered_again(village: Village) -> None:
    village.room.partner.next_book(Unknown("timeout"), taken=True)
    village.room.do(JobKind.PICKUP_BOOK)
    assert (village.pickup.state, village.bookings) == (S.UNKNOWN, [S.UNKNOWN] * 3)
    village.room.make_due(JobKind.PICKUP_FIND)
    village.room.do(JobKind.PICKUP_FIND)
    assert village.bookings == [S.BOOKED] * 3
    assert [what for what, _ in village.room.partner.asked] == ["book", "find"]


def test_an_order_denied_twice_is_void_for_everybody(village: Village) -> None:
    village.room.partner.next_book(Unknown("timeout"))
    village.room.do(JobKind.PICKUP_BOOK)
    for expected in (S.UNKNOWN, S.VOID):
        village.room.partner.next_find(NotFound())
        village.room.make_due(JobKind.PICKUP_FIND)
        village.room.do(JobKind.PICKUP_FIND)
        assert (village.pickup.state, village.bookings) == (expected, [expected] * 3)


def test_an_order_of_unknown_outcome_stands_as_soon_as_the_partner_speaks_of_it(village: Village) -> None:
    village.room.partner.next_book(Unknown("timeout"), taken=True)
    village.room.do(JobKind.PICKUP_BOOK)
    village.happens(K.COURIER_ASSIGNED)
    assert (village.bookings, village.legs) == ([S.BOOKED] * 3, [L.ASSIGNED] * 3)


def test_a_push_faster_than_the_orders_answer_is_not_lost(village: Village) -> None:
    order = order_of(village.pickup, [r.seen().file for r in village.rooms], OFFICE)
    village.room.partner.book(order)
    village.happens(K.COURIER_ASSIGNED)
    village.room.die_with(JobKind.PICKUP_BOOK)
    sweeps.leases(village.room.database)
    assert village.room.do(JobKind.PICKUP_BOOK) is Ended.DONE
    assert village.legs == [L.ASSIGNED] * 3
    assert [what for what, _ in village.room.partner.asked] == ["book", "find"]


@pytest.mark.parametrize("exists", [True, False])
def test_what_the_desk_learns_by_telephone_of_one_case_holds_for_all(village: Village, exists: bool) -> None:
    village.room.partner.next_book(Unknown("timeout"), taken=exists)
    village.room.do(JobKind.PICKUP_BOOK)
    one = village.rooms[1].seen()
    booking = one.file.bookings[0].id
    if exists:
        one.apply(troubles.settle_exists(one.file, booking, "FAKE000000001", "问了网点", one.now))
        village.room.do(JobKind.COURIER_FIND, booking)
    else:
        one.apply(troubles.settle_void(one.file, booking, "问了网点，没有"))
        village.room.make_due(JobKind.PICKUP_FIND)
    village.room.do(JobKind.PICKUP_FIND)
    assert village.bookings == [S.BOOKED if exists else S.VOID] * 3
    assert village.pickup.state is (S.BOOKED if exists else S.VOID)


def test_an_order_that_stays_unknown_is_told_to_a_person(village: Village) -> None:
    village.room.partner.next_book(Unknown("timeout"))
    village.room.do(JobKind.PICKUP_BOOK)
    with village.room.database.transaction() as tx:
        long_ago = tx.now() - timedelta(hours=1)
        tx.execute(update(bookings).values(requested_at=long_ago))
    village.room.partner.next_find(Unknown("no_query"))
    village.room.make_due(JobKind.PICKUP_FIND)
    village.room.do(JobKind.PICKUP_FIND)
    assert {r.seen().file.bookings[0].alerts for r in village.rooms} == {("outcome_unknown",)}


def test_a_silent_parcel_is_asked_about_once_for_all(village: Village) -> None:
    village.room.do(JobKind.PICKUP_BOOK)
    village.room.partner.happen(village.order, K.PICKED_UP)  # the push is lost
    with village.room.database.transaction() as tx:
        end = tx.now() - timedelta(minutes=10)
        tx.execute(update(bookings).values(window_start=end - timedelta(hours=2), window_end=end))
    assert polls.polls(village.room.database) == 1
    village.room.do(JobKind.COURIER_POLL)
    assert village.legs == [L.PICKED_UP] * 3
    assert [what for what, _ in village.room.partner.asked].count("trace") == 1


def test_jobs_that_vanished_are_brought_back_for_the_order_and_not_for_its_cases(village: Village) -> None:
    with village.room.database.transaction() as tx:
        tx.execute(update(bookings).values(requested_at=tx.now() - timedelta(hours=1)))
        tx.execute(pickups.pickups.update().values(requested_at=tx.now() - timedelta(hours=1)))
        for job in tx.jobs.list():
            tx.jobs.condemn(job.id, "gone") if job.kind is JobKind.COURIER_BOOK else None
    sweeps.forgotten(village.room.database)
    with village.room.database.reading() as tx:
        kinds = [j.kind for j in tx.jobs.list()]
    assert JobKind.COURIER_BOOK not in kinds
    assert JobKind.PICKUP_BOOK in kinds


def test_no_case_has_two_live_waybills_also_in_a_pickup(village: Village) -> None:
    village.room.do(JobKind.PICKUP_BOOK)
    one = village.room.seen().file.bookings[0]
    twin = {"id": "twin", "order_id": "TWIN", "pickup": None, "state": "requested"}
    with village.room.database.reading() as tx:
        row = dict(tx.all(bookings.select().where(bookings.c.id == one.id))[0]._mapping)
    row.pop("seq")
    again = bookings.insert().values(**{**row, **twin})
    with village.room.database.transaction() as tx, pytest.raises(IntegrityError):
        tx.execute(again)
