"""A consolidated order and the next partner: the same rules as for one case's courier, and nobody left behind."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cases.circuit import CircuitRules, CircuitState
from cases.couriers import IN_HOUSE
from cases.effects import JobKind
from cases.lifecycle import BookingState, CaseState, LegState
from cases.model import Direction, Holder
from courier.port import Concerns, NotFound, RefusedByPartner, Unknown
from courier.vocabulary import EventKind
from storage import partner_health, pickups
from storage.tables import partner_health as table
from tests.workers.room import Room
from tests.workers.test_failover import Elsewhere
from tests.workers.test_pickups import Village
from workers.actors.registry import HANDLERS
from workers.context import Context
from workers.jobs import Ended, perform
from workers.orders import NOT_REACHED

K, S = EventKind, BookingState
RULES = CircuitRules(failures=2)
NO_CONNECTION = Unknown("connection", reached=False)


class Villages(Village):
    """The same with several partners."""

    def __init__(self, room: Room, folder: Path, *names: str) -> None:
        super().__init__(room, folder)
        self.partners = {n: Elsewhere(lambda: datetime.now(UTC), name=n) for n in names}
        with room.database.transaction() as tx:
            partner_health.put_preference(tx, "440105", names)

    @property
    def context(self) -> Context:
        return replace(self.room.context, partners=dict(self.partners), circuit=RULES)

    def do(self, kind: JobKind = JobKind.PICKUP_BOOK) -> Ended:
        self.room.make_due(kind)
        return perform(self.context, HANDLERS[kind], self.room.job(kind).id)

    def all_bookings(self) -> list[list[tuple[str, BookingState]]]:
        return [[(b.partner, b.state) for b in r.seen().file.bookings] for r in self.rooms]

    def orders(self) -> list[tuple[str, BookingState]]:
        with self.room.database.reading() as tx:
            return [(p.partner, p.state) for p in reversed(pickups.of_person(tx, self.pickup.person))]

    def fails(self, partner: str) -> None:
        for _ in range(RULES.failures):
            with self.room.database.transaction() as tx:
                partner_health.record(tx, partner, RULES, "timeout")

    def circuit(self, partner: str) -> CircuitState:
        with self.room.database.reading() as tx:
            return partner_health.circuits(tx)[partner].state(tx.now())


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def village(room: Room, tmp_path: Path) -> Villages:
    return Villages(room, tmp_path, "ems", "sf", "jdl")


def both_orders(village: Villages, first: BookingState, second: BookingState) -> None:
    assert village.orders() == [("ems", first), ("sf", second)]
    assert village.all_bookings() == [[("ems", first), ("sf", second)]] * 3


def test_an_order_that_one_partner_refuses_is_the_next_ones_with_everybody_in_it(village: Villages) -> None:
    village.partners["ems"].next_book(RefusedByPartner("B1", "超出揽收范围"))
    assert village.do() is Ended.DONE
    both_orders(village, S.REFUSED, S.REQUESTED)
    assert village.do() is Ended.DONE
    both_orders(village, S.REFUSED, S.BOOKED)
    (order,) = (o for what, o in village.partners["sf"].asked if what == "book")
    assert order != village.order, "a new attempt has a new order id"
    assert village.legs == [LegState.BOOKED] * 3
    assert [r.facts("courier_changed")[0]["to"] for r in village.rooms] == ["sf"] * 3


def test_a_partner_left_alone_is_not_called_for_many_cases_either(village: Villages) -> None:
    village.fails("ems")
    assert village.do() is Ended.DONE
    assert village.partners["ems"].asked == []
    both_orders(village, S.REFUSED, S.REQUESTED)


@pytest.mark.thorough
def test_half_open_somebody_else_is_trying_it_so_this_order_is_handed_on(village: Villages) -> None:
    village.fails("ems")
    with village.room.database.transaction() as tx:
        tx.execute(table.update().values(retry_at=tx.now()))
    with village.room.database.transaction() as tx:
        assert partner_health.admit(tx, "ems", RULES)
    assert village.do() is Ended.DONE
    assert village.partners["ems"].asked == []
    both_orders(village, S.REFUSED, S.REQUESTED)


def test_a_hiccup_is_ridden_out_with_the_same_order(village: Villages) -> None:
    village.partners["ems"].next_book(NO_CONNECTION)
    assert village.do() is Ended.RETRIED
    assert village.room.job(JobKind.PICKUP_BOOK).error == NOT_REACHED
    assert village.do() is Ended.DONE
    assert village.orders() == [("ems", S.BOOKED)]


def test_a_partner_that_goes_down_is_stood_in_for(village: Villages) -> None:
    for _ in range(2):
        village.partners["ems"].next_book(NO_CONNECTION)
    assert village.do() is Ended.RETRIED
    assert village.do() is Ended.DONE
    assert village.circuit("ems") is CircuitState.OPEN
    both_orders(village, S.REFUSED, S.REQUESTED)


def test_what_the_partner_answers_is_known_of_it_afterwards(village: Villages) -> None:
    with village.room.database.transaction() as tx:
        partner_health.record(tx, "ems", RULES, "timeout")
    village.do()
    assert village.circuit("ems") is CircuitState.CLOSED


def test_an_order_of_unknown_outcome_is_nobody_elses_until_it_was_denied_twice(village: Villages) -> None:
    village.partners["ems"].next_book(Unknown("timeout"))
    village.do()
    assert village.orders() == [("ems", S.UNKNOWN)]
    for expected in ([("ems", S.UNKNOWN)], [("ems", S.VOID), ("sf", S.REQUESTED)]):
        village.partners["ems"].next_find(NotFound())
        village.do(JobKind.PICKUP_FIND)
        assert village.orders() == expected
    both_orders(village, S.VOID, S.REQUESTED)
    assert village.do() is Ended.DONE
    both_orders(village, S.VOID, S.BOOKED)


@pytest.mark.thorough
def test_the_list_is_gone_through_once_and_then_everybody_chooses_again(village: Villages) -> None:
    for name in ("ems", "sf", "jdl"):
        village.partners[name].next_book(RefusedByPartner("B1", "不派"))
        assert village.do() is Ended.DONE
    assert village.all_bookings() == [[(n, S.REFUSED) for n in ("ems", "sf", "jdl")]] * 3
    village.rooms[1].world.booked(Direction.COLLECTION)


@pytest.mark.thorough
def test_carriers_who_take_cases_one_by_one_never_stand_in(room: Room, tmp_path: Path) -> None:
    village = Villages(room, tmp_path, "ems", *sorted(IN_HOUSE))
    village.partners["ems"].next_book(RefusedByPartner("B1", "不派"))
    village.do()
    assert village.orders() == [("ems", S.REFUSED)]


@pytest.mark.thorough
def test_what_is_wrong_with_the_order_itself_is_asked_of_nobody_else(village: Villages) -> None:
    village.partners["ems"].next_book(RefusedByPartner("1010", "寄件地址不能为空", Concerns.ORDER))
    village.do()
    assert village.orders() == [("ems", S.REFUSED)]


@pytest.mark.thorough
def test_a_case_whose_papers_came_another_way_rides_with_nobody(village: Villages) -> None:
    village.rooms[0].seen().count(id_front=1, form=1)
    village.partners["ems"].next_book(RefusedByPartner("B1", "不派"))
    village.do()
    assert [len(b) for b in village.all_bookings()] == [1, 2, 2]


def came_back(village: Villages) -> None:
    village.do()
    for kind in (K.PICKED_UP, K.RETURNING, K.RETURNED):
        pushed = village.room.push(village.partners["ems"].happen(village.order, kind))
        assert perform(
            village.context, HANDLERS[JobKind.INBOX_HANDLE], village.room.job(JobKind.INBOX_HANDLE, pushed).id
        )


def incidents(village: Villages, **wanted: Any) -> list[tuple[str, str | None]]:
    found = [(i.kind, i.settlement) for r in village.rooms for i in r.seen().file.incidents]
    assert all(i.detail["pickup"] == village.id for r in village.rooms for i in r.world.file.incidents)
    return found


def test_a_collection_of_many_that_came_back_is_the_offices_to_follow(village: Villages) -> None:
    came_back(village)
    assert incidents(village) == [("pickup_returned", None)] * 3
    one = village.rooms[0].seen().file
    assert (one.incidents[0].owner, one.incidents[0].keys) == ("intake", tuple(o.key for o in one.originals))
    assert one.incidents[0].due_at is not None
    assert {o.holder for o in one.originals} == {Holder.RESIDENT}
    assert village.legs == [LegState.RETURNED] * 3


def test_it_is_over_for_each_case_when_its_papers_are_on_their_way_again_or_counted(village: Villages) -> None:
    came_back(village)
    first, second, _ = village.rooms
    again = first.seen().booked(Direction.COLLECTION)
    first.world.track(again, LegState.PICKED_UP)
    second.seen().count(id_front=1, form=1)
    assert incidents(village) == [("pickup_returned", s) for s in ("redelivered", "found", None)]
    assert second.seen().state is CaseState.RECEIVED


def test_one_cases_own_collection_that_came_back_stays_the_residents(room: Room) -> None:
    room.world.to_passed()
    booking = room.world.booked(Direction.COLLECTION)
    room.world.track(booking, LegState.PICKED_UP).track(booking, LegState.RETURNED)
    assert room.seen().file.incidents == ()
