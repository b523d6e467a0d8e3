"""Partners are asked about parcels of which too little was heard; within their rate, and not for ever."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from cases.actions import ordering
from cases.effects import JobKind
from cases.lifecycle import LegState
from cases.model import Direction, Holder
from courier.fake import FakePartner
from courier.port import News, PartnerUnavailable
from courier.vocabulary import CourierEvent, EventKind
from storage.tables import bookings, courier_events, jobs
from tests.workers.room import Room
from workers import polls
from workers.jobs import Ended

K = EventKind


def booked(room: Room) -> str:
    booking = room.world.to_passed().book(Direction.COLLECTION)
    room.do(JobKind.COURIER_BOOK, booking)
    return booking


def order(room: Room) -> str:
    return room.seen().file.bookings[-1].order_id


def let_pass(room: Room, **since_window_end: float) -> None:
    """The window is over since then, and nothing was heard or asked since."""
    with room.database.transaction() as tx:
        end = tx.now() - timedelta(**since_window_end)
        tx.execute(update(bookings).values(window_start=end - timedelta(hours=2), window_end=end))
        tx.execute(update(bookings).where(bookings.c.polled_at.is_not(None)).values(polled_at=end))
        tx.execute(update(courier_events).values(arrived_at=end))


def leg(room: Room) -> LegState:
    return room.seen().file.legs[0].state


def traces(room: Room) -> int:
    return sum(what == "trace" for what, _ in room.partner.asked)


def test_a_parcel_under_way_that_fell_silent_is_asked_about_and_goes_on(room: Room) -> None:
    booked(room)
    room.do(JobKind.INBOX_HANDLE, room.push(room.partner.happen(order(room), K.PICKED_UP)))
    let_pass(room, hours=5)
    assert polls.polls(room.database) == 0, "it was heard of lately"
    room.partner.happen(order(room), K.IN_TRANSIT)  # the push is lost
    let_pass(room, hours=7)
    assert polls.polls(room.database) == 1
    assert room.do(JobKind.COURIER_POLL) is Ended.DONE
    assert leg(room) is LegState.IN_TRANSIT
    assert polls.polls(room.database) == 0


def test_what_cannot_be_taken_back_is_believed_from_the_partners_own_record(room: Room) -> None:
    booked(room)
    room.partner.happen(order(room), K.PICKED_UP)
    room.partner.happen(order(room), K.LOST)
    let_pass(room, minutes=10)
    polls.polls(room.database)
    room.do(JobKind.COURIER_POLL)
    assert leg(room) is LegState.LOST


@pytest.mark.parametrize("cancelled", [True, False])
def test_a_courier_called_off_who_came_all_the_same_is_found_out(room: Room, cancelled: bool) -> None:
    booking = booked(room)
    room.seen().wait(hours=5)
    ended = (
        ordering.record_cancelled(room.world.file, booking, room.world.now)
        if cancelled
        else ordering.nobody_came(room.world.file, booking, room.world.now, said_by="timer")
    )
    room.world.apply(ended)
    room.partner.happen(order(room), K.PICKED_UP)
    let_pass(room, hours=7)
    assert polls.polls(room.database) == 1
    room.do(JobKind.COURIER_POLL)
    assert leg(room) is LegState.PICKED_UP
    assert {o.holder for o in room.world.file.originals} == {Holder.COURIER}


def test_a_parcel_of_an_attempt_given_up_is_not_watched_for_ever(room: Room) -> None:
    booking = booked(room)
    room.seen().apply(ordering.record_cancelled(room.world.file, booking, room.world.now))
    let_pass(room, days=4)
    assert polls.polls(room.database) == 0


def test_a_parcel_too_old_to_be_asked_about_is_told_to_a_person_once(room: Room) -> None:
    booking = booked(room)
    room.do(JobKind.INBOX_HANDLE, room.push(room.partner.happen(order(room), K.PICKED_UP)))
    let_pass(room, hours=7)
    polls.polls(room.database)
    room.do(JobKind.COURIER_POLL)
    let_pass(room, days=31)
    assert polls.polls(room.database) == 1
    found = room.seen().file.booking(booking)
    assert found is not None
    assert found.alerts == (polls.RETIRED,)
    assert polls.polls(room.database) == 0
    assert traces(room) == 1


def test_a_run_asks_no_more_than_the_partners_rate_and_the_next_one_goes_on(room: Room, tmp_path: Path) -> None:
    others = [Room(room.database, tmp_path, f"44010520260302000{n:04d}") for n in (111, 222)]
    for each in (room, *others):
        each.partner = room.partner
        booked(each)
    let_pass(room, minutes=10)
    room.rates = {"ems": 2}
    for seen in (2, 3):
        assert polls.polls(room.database) == 1
        room.do(JobKind.COURIER_POLL)
        assert traces(room) == seen
    assert polls.polls(room.database) == 0


class Away(FakePartner):
    def trace(self, waybill: str) -> tuple[CourierEvent, ...]:
        self.asked.append(("trace", waybill))
        raise PartnerUnavailable(self.name, "timeout")


def test_a_partner_that_is_away_is_asked_once_and_again_a_minute_later(room: Room, tmp_path: Path) -> None:
    other = Room(room.database, tmp_path, "440105202603020000111")
    other.partner = room.partner = Away(room.database.now, "ems")
    for each in (room, other):
        booked(each)
    let_pass(room, minutes=10)
    polls.polls(room.database)
    assert room.do(JobKind.COURIER_POLL) is Ended.DONE
    assert traces(room) == 1
    assert polls.polls(room.database) == 1


class Many(FakePartner):
    trace_at_once = 10

    def trace_many(self, waybills: Any) -> Mapping[str, tuple[CourierEvent, ...]]:
        self.asked.append(("trace_many", str(len(waybills))))
        return {w: super(Many, self).trace(w) for w in waybills}


def test_a_partner_that_tells_of_many_at_once_is_asked_in_batches(room: Room, tmp_path: Path) -> None:
    other = Room(room.database, tmp_path, "440105202603020000111")
    other.partner = room.partner = Many(room.database.now, "ems")
    for each in (room, other):
        booked(each)
        room.partner.happen(order(each), K.PICKED_UP)
    let_pass(room, minutes=10)
    polls.polls(room.database)
    room.do(JobKind.COURIER_POLL)
    assert [n for what, n in room.partner.asked if what == "trace_many"] == ["2"]
    assert (leg(room), leg(other)) == (LegState.PICKED_UP, LegState.PICKED_UP)


def test_a_partner_that_never_pushes_is_asked_from_its_window_on_until_nothing_is_open(room: Room) -> None:
    room.partner.capabilities = replace(room.partner.capabilities, news=News.ASKED)
    booked(room)
    with room.database.reading() as tx:
        (job,) = tx.jobs.of_subject("ems")
    assert job.due_at > room.database.now() - timedelta(minutes=1)
    room.make_due(JobKind.COURIER_POLL)
    room.do(JobKind.COURIER_POLL)
    assert room.job(JobKind.COURIER_POLL).due_at > room.database.now(), "it asks again by itself"


# ── watching ──


class Watching(FakePartner):
    def subscribe(self, waybill: str, phone: str = "") -> None:
        self.asked.append(("subscribe", waybill))


def test_a_partner_that_wants_to_be_asked_to_push_is_asked_after_booking_and_half_an_hour_after_it_gave_up(
    room: Room,
) -> None:
    room.partner = Watching(room.database.now, "ems")
    booking = booked(room)
    assert room.do(JobKind.COURIER_SUBSCRIBE, booking) is Ended.DONE
    assert [w for what, w in room.partner.asked if what == "subscribe"] == ["FAKE000000001"]
    room.do(JobKind.INBOX_HANDLE, room.push(room.partner.happen(order(room), K.UNWATCHED)))
    again = room.job(JobKind.COURIER_SUBSCRIBE, booking)
    assert timedelta(minutes=30) < again.due_at - room.database.now() < timedelta(minutes=40)
    assert leg(room) is LegState.BOOKED


def test_a_parcel_at_rest_is_not_subscribed_to_again(room: Room) -> None:
    room.partner = Watching(room.database.now, "ems")
    booking = booked(room)
    room.seen().apply(ordering.record_cancelled(room.world.file, booking, room.world.now))
    assert room.do(JobKind.COURIER_SUBSCRIBE, booking) is Ended.FAILED


# ── what a partner wants back ──


class Naming(FakePartner):
    """Gives every order a name of its own, and wants it back to cancel it."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.names: dict[str, Mapping[str, str]] = {}

    def book(self, order: Any) -> Any:
        self.names[order.order_id] = {"task": f"T{order.order_id}"}
        return super().book(order)

    def remembered(self, order_id: str) -> Mapping[str, str]:
        return self.names.get(order_id, {})

    def recall(self, order_id: str, ref: Mapping[str, str]) -> None:
        self.names.setdefault(order_id, ref)


def test_what_a_partner_calls_an_order_is_given_back_to_it_by_another_process(room: Room) -> None:
    naming = Naming(room.database.now, "ems")
    room.partner = naming
    booking = booked(room)
    known, naming.names = naming.names, {}  # another process
    room.seen().apply(ordering.cancel_booking(room.world.file, booking))
    room.do(JobKind.COURIER_CANCEL, booking)
    assert naming.names == known


def test_polling_leaves_no_job_behind_for_a_partner_that_is_gone(room: Room) -> None:
    room.add(JobKind.COURIER_POLL, "nobody")
    assert room.do(JobKind.COURIER_POLL, "nobody") is Ended.FAILED
    with room.database.reading() as tx:
        assert tx.all(jobs.select().where(jobs.c.state == "queued", jobs.c.subject == "nobody")) == []
