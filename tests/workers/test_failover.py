"""Who takes over when a partner will not, or cannot be reached; who is left alone, and for how long."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from cases.circuit import CircuitRules, CircuitState
from cases.effects import JobKind
from cases.lifecycle import BookingState, LegState
from cases.model import Address, Booking, Direction
from courier.fake import FakePartner
from courier.port import Concerns, Covered, NotCovered, NotFound, Partner, RefusedByPartner, Unknown
from courier.windows import BEIJING, PartnerHours, Shift
from storage import partner_health
from storage.tables import bookings
from storage.tables import partner_health as table
from tests.workers.room import Room
from workers.actors.registry import HANDLERS
from workers.context import Context
from workers.jobs import Ended, perform
from workers.orders import NOT_REACHED

ALL_DAY = (Shift(datetime.min.time(), datetime.max.time().replace(microsecond=0)),)
OPEN = PartnerHours(ALL_DAY, ALL_DAY, lead=timedelta(0), length=timedelta(hours=1))
NO_CONNECTION = Unknown("connection", reached=False)


class Elsewhere(FakePartner):
    """Comes to every address but those in `not_there`; counts who asked."""

    hours = OPEN
    not_there = ""

    def covers(self, address: object) -> Covered | NotCovered | Unknown:
        self.asked.append(("covers", self.name))
        return NotCovered("1", "超出范围") if self.not_there and self.not_there in str(vars(address)) else Covered()


class Rooms:
    """A room with several partners and short circuits."""

    def __init__(self, room: Room, *names: str) -> None:
        self.room = room
        self.partners: dict[str, Elsewhere] = {n: Elsewhere(lambda: datetime.now(UTC), name=n) for n in names}
        self.rules = CircuitRules(failures=2, pause=timedelta(seconds=60))

    @property
    def context(self) -> Context:
        partners: Mapping[str, Partner] = dict(self.partners)
        return replace(self.room.context, partners=partners, circuit=self.rules)

    def do(self, kind: JobKind = JobKind.COURIER_BOOK) -> Ended:
        return perform(self.context, HANDLERS[kind], self.room.job(kind).id)

    def again(self, kind: JobKind = JobKind.COURIER_BOOK) -> Ended:
        self.room.make_due(kind)
        return self.do(kind)

    def bookings(self) -> list[Booking]:
        return list(self.room.seen().file.bookings)

    def state(self, partner: str) -> CircuitState:
        with self.room.database.reading() as tx:
            return partner_health.circuits(tx)[partner].state(tx.now())

    def fails(self, partner: str, times: int = 2) -> None:
        for _ in range(times):
            with self.room.database.transaction() as tx:
                partner_health.record(tx, partner, self.rules, "timeout")

    def pause_passes(self) -> None:
        with self.room.database.transaction() as tx:
            tx.execute(update(table).values(retry_at=tx.now() - timedelta(seconds=1)))


@pytest.fixture
def rooms(room: Room) -> Rooms:
    made = Rooms(room, "ems", "sf", "jdl")
    with room.database.transaction() as tx:
        partner_health.put_preference(tx, "440105", ("ems", "sf", "jdl"))
    room.world.to_passed()
    room.world.book(Direction.COLLECTION)
    return made


def partners_of(rooms: Rooms) -> list[tuple[str, BookingState]]:
    return [(b.partner, b.state) for b in rooms.bookings()]


REFUSED, REQUESTED, BOOKED = BookingState.REFUSED, BookingState.REQUESTED, BookingState.BOOKED


def test_an_order_that_one_partner_refuses_is_the_next_ones_at_once_and_the_resident_is_told(rooms: Rooms) -> None:
    rooms.partners["ems"].next_book(RefusedByPartner("B1", "超出揽收范围"))
    assert rooms.do() is Ended.DONE
    first, second = rooms.bookings()
    assert partners_of(rooms) == [("ems", REFUSED), ("sf", REQUESTED)]
    assert second.order_id != first.order_id
    assert second.window.start >= first.window.start
    assert rooms.do() is Ended.DONE
    assert partners_of(rooms)[1] == ("sf", BOOKED)
    assert rooms.room.facts("courier_changed") == [{"from": "ems", "to": "sf", "window_moved": True}]
    perform(rooms.context, HANDLERS[JobKind.NOTICE_SEND], rooms.room.job(JobKind.NOTICE_SEND).id)


def test_the_list_is_gone_through_and_then_the_resident_chooses(rooms: Rooms) -> None:
    for name in ("ems", "sf", "jdl"):
        rooms.partners[name].next_book(RefusedByPartner("B1", "不派"))
        assert rooms.do() is Ended.DONE
    assert partners_of(rooms) == [("ems", REFUSED), ("sf", REFUSED), ("jdl", REFUSED)]
    leg = rooms.room.world.file.leg(Direction.COLLECTION)
    assert leg is not None
    assert leg.state is LegState.OFFERED


def test_the_regions_order_decides_who_is_next(rooms: Rooms) -> None:
    with rooms.room.database.transaction() as tx:
        partner_health.put_preference(tx, "440105", ("jdl", "ems"))
    rooms.partners["ems"].next_book(RefusedByPartner("B1", "不派"))
    rooms.do()
    assert partners_of(rooms)[1] == ("jdl", REQUESTED)


def test_what_is_wrong_with_the_order_itself_is_asked_of_nobody_else(rooms: Rooms) -> None:
    rooms.partners["ems"].next_book(RefusedByPartner("1010", "寄件地址不能为空", Concerns.ORDER))
    rooms.do()
    assert partners_of(rooms) == [("ems", REFUSED)]


def test_a_window_that_has_passed_is_asked_of_nobody_else(rooms: Rooms) -> None:
    with rooms.room.database.transaction() as tx:
        ago = tx.now() - timedelta(hours=3)
        tx.execute(update(bookings).values(window_start=ago, window_end=ago + timedelta(hours=2)))
    rooms.partners["ems"].next_book(RefusedByPartner("8096", "预约超出今日营业时间"))
    rooms.do()
    assert partners_of(rooms) == [("ems", REFUSED)]


def test_a_partner_that_does_not_come_there_is_passed_over_and_asked_once(rooms: Rooms) -> None:
    rooms.partners["sf"].not_there = "样本路"
    rooms.partners["ems"].next_book(RefusedByPartner("B1", "不派"))
    rooms.do()
    assert partners_of(rooms)[1] == ("jdl", REQUESTED)
    rooms.partners["jdl"].next_book(RefusedByPartner("B1", "不派"))
    rooms.do()
    assert rooms.partners["sf"].asked == [("covers", "sf")], "the answer is remembered"


def test_nobody_takes_over_while_it_is_unknown_whether_the_order_stands(rooms: Rooms) -> None:
    rooms.partners["ems"].next_book(Unknown("timeout"), taken=True)
    rooms.do()
    assert partners_of(rooms) == [("ems", BookingState.UNKNOWN)]
    rooms.partners["ems"].next_find(NotFound())
    rooms.again(JobKind.COURIER_FIND)
    assert partners_of(rooms) == [("ems", BookingState.UNKNOWN)], "denied once"
    rooms.partners["ems"].next_find(NotFound())
    rooms.again(JobKind.COURIER_FIND)
    assert partners_of(rooms) == [("ems", BookingState.VOID), ("sf", REQUESTED)]


def test_a_hiccup_is_ridden_out_and_a_partner_that_is_down_is_stood_in_for(rooms: Rooms) -> None:
    rooms.partners["ems"].next_book(NO_CONNECTION)
    rooms.partners["ems"].next_book(NO_CONNECTION)
    assert rooms.do() is Ended.RETRIED
    assert partners_of(rooms) == [("ems", REQUESTED)]
    assert rooms.again() is Ended.DONE
    assert rooms.state("ems") is CircuitState.OPEN
    assert partners_of(rooms) == [("ems", REFUSED), ("sf", REQUESTED)]


def test_a_partner_left_alone_is_not_called_for_a_new_order(rooms: Rooms) -> None:
    rooms.fails("ems")
    assert rooms.do() is Ended.DONE
    assert rooms.partners["ems"].asked == []
    assert partners_of(rooms) == [("ems", REFUSED), ("sf", REQUESTED)]


def test_with_nobody_to_stand_in_the_same_order_waits_for_the_partner_to_come_back(room: Room) -> None:
    alone = Rooms(room, "ems")
    room.world.to_passed()
    room.world.book(Direction.COLLECTION)
    alone.fails("ems")
    assert alone.do() is Ended.RETRIED
    waiting = room.job(JobKind.COURIER_BOOK)
    assert waiting.error == NOT_REACHED
    assert waiting.due_at > waiting.made_at + timedelta(seconds=50)
    alone.pause_passes()
    assert alone.again() is Ended.DONE
    assert partners_of(alone) == [("ems", BOOKED)]
    assert alone.state("ems") is CircuitState.CLOSED


def test_with_nobody_to_stand_in_for_good_the_resident_is_told_at_the_last_try(room: Room) -> None:
    alone = Rooms(room, "ems")
    room.world.to_passed()
    room.world.book(Direction.COLLECTION)
    for _ in range(5):
        alone.partners["ems"].next_book(NO_CONNECTION)
    ended = [alone.do()]
    while ended[-1] is Ended.RETRIED:
        alone.pause_passes()
        ended.append(alone.again())
    assert ended == [*[Ended.RETRIED] * 4, Ended.DONE]
    assert partners_of(alone) == [("ems", REFUSED)], "nothing was ordered, so nothing is unknown"


def test_a_try_that_died_and_could_not_ask_never_orders_again(rooms: Rooms) -> None:
    """The worker died after ordering; the next one could not reach the partner to ask. That it heard nothing of the
    question says nothing about the order."""
    ems = rooms.partners["ems"]
    ems.next_book(Unknown("timeout"), taken=True)
    (booking,) = rooms.bookings()
    rooms.room.die_with(JobKind.COURIER_BOOK)
    with rooms.room.database.transaction() as tx:
        tx.jobs.sweep()
    ems.next_find(NO_CONNECTION)
    assert rooms.do() is Ended.RETRIED
    ems.asked.clear()
    rooms.again()
    assert [what for what, _ in ems.asked] == ["find"]
    assert booking.id == rooms.bookings()[0].id


def test_half_open_one_order_tries_the_partner_and_the_others_are_handed_on(rooms: Rooms) -> None:
    rooms.fails("ems")
    rooms.pause_passes()
    with rooms.room.database.transaction() as tx:
        assert partner_health.admit(tx, "ems", rooms.rules), "somebody else tries it now"
    assert rooms.do() is Ended.DONE
    assert partners_of(rooms)[1] == ("sf", REQUESTED)
    assert rooms.partners["ems"].asked == []


def test_our_account_refused_by_a_partner_opens_its_circuit_and_the_next_one_takes_over(rooms: Rooms) -> None:
    rooms.fails("ems", 1)
    rooms.partners["ems"].next_book(RefusedByPartner("8114", "月结卡号不可用", Concerns.ACCOUNT))
    rooms.do()
    assert rooms.state("ems") is CircuitState.OPEN
    assert partners_of(rooms) == [("ems", REFUSED), ("sf", REQUESTED)]


def test_an_address_refused_is_not_offered_by_that_partner_again_nor_asked_about(rooms: Rooms) -> None:
    rooms.partners["ems"].next_book(RefusedByPartner("filter_3", "派方超出服务范围", Concerns.ADDRESS))
    rooms.do()
    assert partners_of(rooms) == [("ems", REFUSED), ("sf", REQUESTED)]
    with rooms.room.database.reading() as tx:
        known = partner_health.coverage_of(tx, rooms.bookings()[0].address)
    assert known["ems"] == partner_health.Coverage(False, "派方超出服务范围")


def test_answers_that_say_no_are_answers(rooms: Rooms) -> None:
    rooms.fails("ems", 1)
    rooms.partners["ems"].next_book(RefusedByPartner("B1", "不派"))
    rooms.do()
    assert rooms.state("ems") is CircuitState.CLOSED
    with rooms.room.database.reading() as tx:
        assert partner_health.circuits(tx)["ems"].failures == 0


def test_addresses_are_compared_without_who_lives_there(rooms: Rooms) -> None:
    there = Address("广东省", "广州市", "海珠区", "样本路1号", "另一个人", "13900000000")
    with rooms.room.database.transaction() as tx:
        partner_health.keep_coverage(tx, there, "sf", partner_health.Coverage(False), timedelta(days=1))
    rooms.partners["ems"].next_book(RefusedByPartner("B1", "不派"))
    rooms.do()
    assert partners_of(rooms)[1] == ("jdl", REQUESTED)


def test_the_regions_own_rest_day_decides_when_a_stand_in_may_come(rooms: Rooms) -> None:
    """ems refuses; sf works on working days only, and tomorrow is a holiday of this region alone."""
    rooms.partners["sf"].hours = PartnerHours(ALL_DAY, (), lead=timedelta(0), length=timedelta(hours=1))
    ahead = [rooms.bookings()[0].window.start.astimezone(BEIJING).date() + timedelta(days=n) for n in range(-1, 3)]
    with rooms.room.database.transaction() as tx:
        tx.put_region_days("440100", dict.fromkeys(ahead, False))
    rooms.partners["ems"].next_book(RefusedByPartner("B1", "不派"))
    rooms.do()
    assert partners_of(rooms)[1] == ("jdl", REQUESTED)
