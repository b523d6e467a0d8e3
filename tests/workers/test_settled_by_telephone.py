"""An order of unknown outcome that somebody settled by telephone: what was kept of its parcel belongs to it from then on."""

from dataclasses import replace

from cases.actions import troubles
from cases.effects import JobKind
from cases.lifecycle import BookingState, LegState
from cases.model import Direction, Holder
from courier.port import Unknown
from courier.vocabulary import EventKind
from storage.words import JobState
from tests.workers.room import Room
from workers.actors.registry import HANDLERS
from workers.actors.tracking import stored
from workers.jobs import Ended, perform


def test_what_came_under_its_waybill_before_it_was_known_is_followed(room: Room) -> None:
    world = room.world.to_passed()
    booking = world.book(Direction.COLLECTION)
    room.partner.next_book(Unknown("timeout"), taken=True)
    room.do(JobKind.COURIER_BOOK)
    (order,) = (b.order_id for b in room.seen().file.bookings)
    sent = room.partner.happen(order, EventKind.PICKED_UP)
    pushed = room.partner.parse_push(room.partner.verify_push(sent.raw, sent.headers, ""))[0]  # type: ignore[arg-type]
    with room.database.transaction() as tx:
        # under its waybill alone, which nobody knows yet; the trace will tell the same fact again
        tx.add_courier_events(None, [stored(replace(pushed, order_id=""))])
        assert len(tx.orphans()) == 1
    world = room.seen()
    world.apply(troubles.settle_exists(world.file, booking, pushed.waybill, "11183：已揽收", world.now))
    with room.database.reading() as tx:
        (asked,) = [j for j in tx.jobs.list(JobState.QUEUED, JobKind.COURIER_FIND) if j.due_at <= tx.now()]
    assert perform(room.context, HANDLERS[JobKind.COURIER_FIND], asked.id) is Ended.DONE
    file = room.seen().file
    leg = file.leg(Direction.COLLECTION)
    assert leg is not None
    assert (file.bookings[-1].state, leg.state) == (BookingState.BOOKED, LegState.PICKED_UP)
    assert {o.holder for o in file.originals} == {Holder.COURIER}
    with room.database.reading() as tx:
        assert tx.orphans() == []
