"""What the database itself holds about bookings: one live one for a leg, however hard anybody tries; terms kept whole;
codes sealed; what needs a person, found."""

import threading
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from cases.actions import ordering, troubles
from cases.actions.ordering import BookingRequest
from cases.effects import Add
from cases.errors import Conflict
from cases.lifecycle import BOOKING_LIVE, BookingState, LegState
from cases.model import Booking, Direction, Proof
from storage.actors import Scope
from storage.session import Database
from storage.troubles import troubles as troubles_of
from tests.cases.world import ADDRESS
from tests.storage.kept import RESIDENT, KeptWorld

TERMS = {"payer": {"delivery": "resident"}, "declared_value_fen": 20000, "addressee_only": True}


def booked(database: Database, **more: Any) -> tuple[KeptWorld, Booking]:
    world = KeptWorld(database, check=False, **more)
    world.to_passed()
    world.book(Direction.COLLECTION)
    return world, world.file.bookings[-1]


def twin(booking: Booking, name: str, state: BookingState) -> Booking:
    return replace(booking, id=f"twin-{name}", order_id=f"TWIN{name}", state=state)


@pytest.mark.parametrize("state", sorted(BOOKING_LIVE))
def test_a_second_live_booking_of_a_leg_is_refused_by_the_database(database: Database, state: BookingState) -> None:
    world, booking = booked(database)
    with pytest.raises(Conflict), database.transaction() as tx:
        tx.apply(world.number, (Add(twin(booking, "1", state)),), actor=RESIDENT)


def test_even_plain_sql_cannot_revive_a_booking_beside_another(database: Database) -> None:
    world, booking = booked(database)
    world.apply((Add(twin(booking, "2", BookingState.REFUSED)),))
    with pytest.raises(IntegrityError, match=r"one_live|leg_id"), database.transaction() as tx:
        tx.execute(text("UPDATE bookings SET state = 'booked' WHERE id = 'twin-2'"))


def test_of_many_who_book_one_leg_at_once_one_succeeds(database: Database) -> None:
    world = KeptWorld(database, check=False)
    world.to_passed()
    asked = BookingRequest(Direction.COLLECTION, "ems", world.window(), ADDRESS)
    start, ended = threading.Barrier(5), []

    def books() -> None:
        start.wait(10)
        try:
            with database.transaction() as tx:
                # each decides on a file that shows no booking yet
                tx.apply(world.number, ordering.book(world.file, asked, world.now), actor=RESIDENT)
            ended.append("booked")
        except Conflict:
            ended.append("refused")

    threads = [threading.Thread(target=books) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(ended) == ["booked", *["refused"] * 4]
    assert len(world.kept().bookings) == 1


def test_the_terms_come_back_as_they_were_kept_and_the_code_is_sealed(database: Database) -> None:
    world = KeptWorld(database, item_changes={"courier": TERMS})
    world.to_concluded()
    asked = BookingRequest(
        Direction.DELIVERY, "ems", world.window(), ADDRESS, cancel_by=world.window().start, proof=Proof.CODE
    )
    world.apply(ordering.book(world.file, asked, world.now))  # compared with what is in memory
    code = world.kept().bookings[-1].safety_code
    assert code is not None
    with database.reading() as tx:
        rows = repr(
            [tuple(row) for table in ("bookings", "audit", "jobs") for row in tx.all(text(f"SELECT * FROM {table}"))]
        )
    assert f"'{code}'" not in rows
    assert code.encode().hex() not in rows


def test_the_partners_own_window_is_kept_beside_the_one_asked_for(database: Database) -> None:
    world, booking = booked(database)
    world.check = True
    world.apply(ordering.record_booked(world.file, booking.id, "W1", world.now))
    world.wait(hours=1).apply(ordering.record_appointed(world.file, booking.id, world.window()))
    kept = world.kept().bookings[-1]
    assert kept.confirmed_window is not None
    assert kept.confirmed_window != kept.window


def test_what_needs_a_person_is_listed_within_a_scope_until_it_was_dealt_with(database: Database) -> None:
    world, booking = booked(database)
    world.apply(ordering.record_booked(world.file, booking.id, "W1", world.now))
    world.track(booking.id, LegState.PICKED_UP, alerts=["unknown_code", "waybill_changed"])
    with database.reading() as tx:
        (one,), more = troubles_of(tx, Scope.everything())
        assert (one.number, one.booking.id, one.direction, more) == (
            world.number,
            booking.id,
            Direction.COLLECTION,
            None,
        )
        assert one.alerts == ("unknown_code", "waybill_changed")
        assert troubles_of(tx, Scope.of_staff("s", frozenset({"zrj"}))) == ([], None)
        assert len(troubles_of(tx, Scope.of_staff("s", frozenset({"rsj"})))[0]) == 1
    world.apply(troubles.close_alerts(world.file, booking.id, ["waybill_changed"], "已核对"))
    with database.reading() as tx:
        assert [t.alerts for t in troubles_of(tx, Scope.everything())[0]] == [("unknown_code",)]
    world.apply(troubles.close_alerts(world.file, booking.id, ["unknown_code"], "已问"))
    with database.reading() as tx:
        assert troubles_of(tx, Scope.everything()) == ([], None)
