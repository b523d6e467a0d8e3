"""A push that says "left with somebody else" makes the resident be asked; silence is swept."""

from datetime import UTC, datetime

from sqlalchemy import update

from cases.effects import JobKind
from cases.lifecycle import CaseState
from cases.model import Direction
from courier.vocabulary import EventKind
from storage.tables import legs, notices
from tests.workers.room import Room
from workers import sweeps

K = EventKind


def _asked_about(room: Room) -> None:
    room.world.to_concluded()
    booking = room.world.book(Direction.DELIVERY)
    room.do(JobKind.COURIER_BOOK, booking)
    order = room.seen().file.bookings[-1].order_id
    for kind in (K.PICKED_UP, K.DELIVERED_UNCONFIRMED):
        room.do(JobKind.INBOX_HANDLE, room.push(room.partner.happen(order, kind)))


def _notices(room: Room, template: str) -> int:
    with room.database.reading() as tx:
        return len(tx.all(notices.select().where(notices.c.template == template)))


def _too_late(room: Room) -> None:
    with room.database.transaction() as tx:
        late = update(legs).where(legs.c.answer_due.is_not(None))
        tx.execute(late.values(answer_due=datetime(2026, 1, 5, tzinfo=UTC)))


def test_the_resident_is_asked_once_more_and_then_the_desk_is_told(room: Room) -> None:
    _asked_about(room)
    assert room.seen().state is CaseState.DELIVERING
    assert _notices(room, "was_it_received") == 1
    assert sweeps.unanswered(room.database) == 0
    for _ in range(2):
        _too_late(room)
        assert sweeps.unanswered(room.database) == 1
    assert sweeps.unanswered(room.database) == 0
    assert _notices(room, "was_it_received") == 2
    assert [i.kind for i in room.seen().file.open_incidents] == ["receipt_unanswered"]
