"""courier.book, courier.find, courier.cancel and inbox.handle, with a partner that misbehaves on demand."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from cases.actions import ordering
from cases.effects import JobKind
from cases.lifecycle import BookingState, CaseState, LegState
from cases.model import Booking, Direction, Holder
from courier.port import Authenticity, NotFound, RefusedByPartner, TooLate, Unknown
from courier.vocabulary import EventKind
from storage.tables import bookings
from storage.words import InboxState
from tests.workers.room import OFFICE, Room
from workers import polls, sweeps
from workers.actors.booking import order_of
from workers.actors.tracking import stored
from workers.jobs import Ended
from workers.orders import NOT_REACHED

K = EventKind


@pytest.fixture
def booking(room: Room) -> str:
    """Asked for, not yet told to the partner."""
    room.world.to_passed()
    return room.world.book(Direction.COLLECTION)


def state_of(room: Room, booking_id: str) -> BookingState:
    return found(room, booking_id).state


def found(room: Room, booking_id: str) -> Booking:
    one = room.seen().file.booking(booking_id)
    assert one is not None
    return one


def leg(room: Room) -> LegState:
    one = room.seen().file.leg(Direction.COLLECTION)
    assert one is not None
    return one.state


def booked_at(room: Room, partner_says: Unknown | RefusedByPartner, *, taken: bool = False) -> Ended:
    room.partner.next_book(partner_says, taken)
    return room.do(JobKind.COURIER_BOOK)


def test_a_booking_the_partner_takes_moves_leg_and_case(room: Room, booking: str) -> None:
    assert room.do(JobKind.COURIER_BOOK) is Ended.DONE
    assert (state_of(room, booking), leg(room)) == (BookingState.BOOKED, LegState.BOOKED)
    assert room.world.state is CaseState.COLLECTING
    assert found(room, booking).waybill == "FAKE000000001"


def test_a_definite_no_leaves_the_leg_open_for_another_try(room: Room, booking: str) -> None:
    assert booked_at(room, RefusedByPartner("B1", "超出揽收范围")) is Ended.DONE
    assert (state_of(room, booking), leg(room)) == (BookingState.REFUSED, LegState.OFFERED)
    assert room.world.book(Direction.COLLECTION) != booking


def test_an_answer_that_got_lost_is_asked_for_and_never_ordered_again(room: Room, booking: str) -> None:
    booked_at(room, Unknown("timeout"), taken=True)
    assert state_of(room, booking) is BookingState.UNKNOWN
    room.make_due(JobKind.COURIER_FIND)
    assert room.do(JobKind.COURIER_FIND) is Ended.DONE
    assert state_of(room, booking) is BookingState.BOOKED
    assert [what for what, _ in room.partner.asked] == ["book", "find"]


def test_an_order_that_the_partner_does_not_know_twice_is_void(room: Room, booking: str) -> None:
    booked_at(room, Unknown("timeout"))
    for expected in (BookingState.UNKNOWN, BookingState.VOID):
        room.make_due(JobKind.COURIER_FIND)
        room.do(JobKind.COURIER_FIND)
        assert state_of(room, booking) is expected


def test_a_partner_that_heard_nothing_is_told_again(room: Room, booking: str) -> None:
    assert booked_at(room, Unknown("connection", reached=False)) is Ended.RETRIED
    assert room.job(JobKind.COURIER_BOOK).error == NOT_REACHED
    room.make_due(JobKind.COURIER_BOOK)
    assert room.do(JobKind.COURIER_BOOK) is Ended.DONE
    assert state_of(room, booking) is BookingState.BOOKED
    assert [what for what, _ in room.partner.asked] == ["book", "book"]


def test_a_worker_that_died_after_ordering_does_not_order_twice(room: Room, booking: str) -> None:
    """The partner has the order; the worker was killed before it could write that down."""
    one = found(room, booking)
    room.partner.book(order_of(room.world.file, one, OFFICE))
    job = room.die_with(JobKind.COURIER_BOOK)
    with room.database.transaction() as tx:
        tx.jobs.sweep()
    assert room.do(JobKind.COURIER_BOOK) is Ended.DONE
    assert state_of(room, booking) is BookingState.BOOKED
    assert [what for what, _ in room.partner.asked] == ["book", "find"]
    assert room.job_by_id(job).state == "done"


def test_a_worker_that_died_before_ordering_asks_before_it_gives_up(room: Room, booking: str) -> None:
    room.die_with(JobKind.COURIER_BOOK)
    with room.database.transaction() as tx:
        tx.jobs.sweep()
    room.do(JobKind.COURIER_BOOK)
    assert state_of(room, booking) is BookingState.UNKNOWN
    assert [what for what, _ in room.partner.asked] == ["find"]


def test_cancelling_reaches_the_partner_first(room: Room, booking: str) -> None:
    room.do(JobKind.COURIER_BOOK)
    room.seen().apply(ordering.cancel_booking(room.world.file, booking))
    assert room.do(JobKind.COURIER_CANCEL) is Ended.DONE
    assert (state_of(room, booking), leg(room)) == (BookingState.CANCELLED, LegState.CANCELLED)
    assert room.world.state is CaseState.PREAUDIT_PASSED


def test_a_cancellation_that_comes_too_late_is_told_and_changes_nothing(room: Room, booking: str) -> None:
    room.do(JobKind.COURIER_BOOK)
    room.partner.next_cancel(TooLate("collected", "已揽收"))
    room.seen().apply(ordering.cancel_booking(room.world.file, booking))
    room.do(JobKind.COURIER_CANCEL)
    assert state_of(room, booking) is BookingState.BOOKED
    assert room.facts("courier_alert")[-1]["alerts"] == ["cancel_too_late"]


def test_an_order_goes_from_the_door_to_the_office_and_back(room: Room, booking: str) -> None:
    order = order_of(room.world.file, found(room, booking), OFFICE)
    assert (order.sender.name, order.receiver.name) == ("陈样本", "收件室")
    assert [g.name for g in order.goods] == ["居民身份证（人像面）", "补领申请表"]


# ── what comes in ──


def happened(room: Room, booking_id: str, *kinds: EventKind) -> list[str]:
    """Pushes, kept in the inbox, not yet handled."""
    order = found(room, booking_id).order_id
    return [room.push(room.partner.happen(order, kind)) for kind in kinds]


def handle(room: Room, *inbox_ids: str) -> None:
    for inbox_id in inbox_ids:
        assert room.do(JobKind.INBOX_HANDLE, inbox_id) is Ended.DONE


def test_pushes_out_of_order_lead_where_the_events_lead(room: Room, booking: str) -> None:
    room.do(JobKind.COURIER_BOOK)
    handle(room, *reversed(happened(room, booking, K.COURIER_ASSIGNED, K.PICKED_UP, K.IN_TRANSIT, K.DELIVERED)))
    assert leg(room) is LegState.DELIVERED
    assert {o.holder for o in room.world.file.originals} == {Holder.COURIER}


def test_the_same_event_twice_changes_nothing(room: Room, booking: str) -> None:
    room.do(JobKind.COURIER_BOOK)
    order = found(room, booking).order_id
    first = room.partner.happen(order, K.PICKED_UP)
    again = room.partner.sign(first.raw)
    handle(room, room.push(first), room.push(again))
    with room.database.reading() as tx:
        assert [e.body["kind"] for e in tx.courier_events(booking)] == ["booked", "picked_up"]
    assert len(room.facts("originals_handed_over")) == 1


def test_a_pickup_that_the_partner_takes_back_leads_back_to_the_booking(room: Room, booking: str) -> None:
    """A partner that never says "booked" itself (EMS): the booking's own confirmation is the event to fall back on."""
    room.do(JobKind.COURIER_BOOK)
    handle(room, *happened(room, booking, K.PICKED_UP))
    assert leg(room) is LegState.PICKED_UP
    order = found(room, booking).order_id
    handle(room, room.push(room.partner.happen(order, K.REVERSAL, reverses=K.PICKED_UP)))
    assert leg(room) is LegState.BOOKED
    assert {o.holder for o in room.world.file.originals} == {Holder.RESIDENT}


def test_a_courier_who_comes_after_all_is_followed_whatever_is_heard_of_the_one_ordered_in_his_place(
    room: Room, booking: str
) -> None:
    room.do(JobKind.COURIER_BOOK)
    room.seen().wait(hours=5).apply(ordering.nobody_came(room.world.file, booking, room.world.now, said_by="timer"))
    second = room.world.book(Direction.COLLECTION)
    room.do(JobKind.COURIER_BOOK)
    handle(room, *happened(room, booking, K.PICKED_UP))
    handle(room, *happened(room, second, K.COURIER_ASSIGNED))
    assert leg(room) is LegState.PICKED_UP
    assert {o.holder for o in room.world.file.originals} == {Holder.COURIER}
    assert room.job(JobKind.COURIER_CANCEL, second)


def test_what_was_heard_before_the_outcome_of_an_order_was_known_still_counts_after_it(
    room: Room, booking: str
) -> None:
    booked_at(room, Unknown("timeout"), taken=True)
    handle(room, *happened(room, booking, K.COURIER_ASSIGNED, K.PICKUP_FAILED))
    room.make_due(JobKind.COURIER_FIND)
    room.do(JobKind.COURIER_FIND)
    assert (state_of(room, booking), leg(room)) == (BookingState.FAILED, LegState.PICKUP_FAILED)


def test_an_order_of_unknown_outcome_stands_as_soon_as_the_partner_speaks_of_it(room: Room, booking: str) -> None:
    """EMS cannot be asked by our order id: its first push is the answer."""
    booked_at(room, Unknown("timeout"), taken=True)
    handle(room, *happened(room, booking, K.COURIER_ASSIGNED))
    one = found(room, booking)
    assert (one.state, one.waybill, leg(room)) == (BookingState.BOOKED, "FAKE000000001", LegState.ASSIGNED)


def voided(room: Room, booking_id: str) -> None:
    """The partner took the order, did not answer, and denied it twice."""
    booked_at(room, Unknown("timeout"), taken=True)
    for _ in range(ordering.NOT_FOUND_TWICE):
        room.partner.next_find(NotFound())
        room.make_due(JobKind.COURIER_FIND)
        room.do(JobKind.COURIER_FIND)
    assert state_of(room, booking_id) is BookingState.VOID


def test_a_courier_of_a_denied_order_does_not_hide_the_one_ordered_after_him(room: Room, booking: str) -> None:
    voided(room, booking)
    second = room.world.book(Direction.COLLECTION)
    room.do(JobKind.COURIER_BOOK)
    handle(room, *happened(room, booking, K.COURIER_ASSIGNED))
    handle(room, *happened(room, second, K.COURIER_ASSIGNED))
    assert leg(room) is LegState.ASSIGNED


def test_a_pickup_of_a_denied_order_that_is_taken_back_leaves_the_papers_at_home(room: Room, booking: str) -> None:
    voided(room, booking)
    handle(room, *happened(room, booking, K.PICKED_UP))
    assert leg(room) is LegState.PICKED_UP
    order = found(room, booking).order_id
    handle(room, room.push(room.partner.happen(order, K.REVERSAL, reverses=K.PICKED_UP)))
    assert leg(room) is LegState.PICKUP_FAILED
    assert {o.holder for o in room.world.file.originals} == {Holder.RESIDENT}


def test_a_push_that_is_faster_than_the_bookings_answer_is_not_lost(room: Room, booking: str) -> None:
    one = found(room, booking)
    room.partner.book(order_of(room.world.file, one, OFFICE))
    with room.database.transaction() as tx:
        handled = room.partner.happen(one.order_id, K.COURIER_ASSIGNED)
        event = room.partner.parse_push(room.partner.verify_push(handled.raw, handled.headers, ""))[0]  # type: ignore[arg-type]
        tx.add_courier_events(None, [stored(replace(event, order_id="", unique_key=""))])
    room.die_with(JobKind.COURIER_BOOK)
    with room.database.transaction() as tx:
        tx.jobs.sweep()
    room.do(JobKind.COURIER_BOOK)
    assert leg(room) is LegState.ASSIGNED


def test_a_push_of_an_unknown_parcel_is_kept_for_whom_it_belongs_to(room: Room, booking: str) -> None:
    room.do(JobKind.COURIER_BOOK)
    stranger = replace(order_of(room.world.file, found(room, booking), OFFICE), order_id="NOBODYS")
    room.partner.book(stranger)
    handle(room, room.push(room.partner.happen("NOBODYS", K.PICKED_UP)))
    with room.database.reading() as tx:
        assert [e.order_id for e in tx.orphans()] == ["NOBODYS"]


def test_a_delivery_is_believed_only_when_the_partners_record_shows_it(room: Room, booking: str) -> None:
    room.do(JobKind.COURIER_BOOK)
    room.partner.capabilities = replace(room.partner.capabilities, pushes=Authenticity.WEAK)
    (pushed,) = happened(room, booking, K.DELIVERED)
    known = room.partner._taken[found(room, booking).order_id].events
    event = known.pop()
    assert room.do(JobKind.INBOX_HANDLE, pushed) is Ended.RETRIED
    assert leg(room) is LegState.BOOKED
    known.append(event)
    room.make_due(JobKind.INBOX_HANDLE)
    handle(room, pushed)
    assert leg(room) is LegState.DELIVERED


def test_what_cannot_be_read_is_kept_and_marked(room: Room, booking: str) -> None:
    room.do(JobKind.COURIER_BOOK)
    pushed = room.push(room.partner.sign(b"\x00 not json"))
    assert room.do(JobKind.INBOX_HANDLE, pushed) is Ended.DONE
    with room.database.reading() as tx:
        assert tx.inbox.load(pushed).state is InboxState.FAILED


def test_a_courier_whose_pushes_were_lost_is_asked_before_he_is_said_not_to_have_come(room: Room, booking: str) -> None:
    room.do(JobKind.COURIER_BOOK)
    room.partner.happen(found(room, booking).order_id, K.PICKED_UP)  # the push is lost
    with room.database.transaction() as tx:
        ago = tx.now() - timedelta(hours=3)
        tx.execute(update(bookings).values(window_start=ago, window_end=tx.now() - timedelta(minutes=10)))
    assert polls.polls(room.database) == 1
    assert room.do(JobKind.COURIER_POLL) is Ended.DONE
    assert polls.polls(room.database) == 0, "once is enough for now"
    assert leg(room) is LegState.PICKED_UP
    assert sweeps.no_shows(room.database) == 0


def test_a_code_nobody_knows_is_kept_and_counted_and_moves_nothing(room: Room, booking: str) -> None:
    room.do(JobKind.COURIER_BOOK)
    handle(room, *happened(room, booking, K.PICKED_UP))
    handle(room, *happened(room, booking, K.UNKNOWN))
    assert leg(room) is LegState.PICKED_UP
    with room.database.reading() as tx:
        assert tx.unknown_codes() == [("ems", "unknown", 1)]
        assert len(tx.courier_events(booking)) == 3
    assert found(room, booking).alerts == ("unknown_code",)
