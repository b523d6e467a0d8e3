"""Carriers' events are kept once, in the order of their own time, also those that come before their booking."""

from dataclasses import replace
from datetime import timedelta

from cases.model import Direction
from storage.session import Database
from storage.tracking import StoredEvent
from tests.cases.world import MONDAY
from tests.storage.kept import KeptWorld

PICKED = StoredEvent("k1", "ems", "W1", None, MONDAY, {"code": "20", "courier": "张三"})
ON_THE_WAY = replace(PICKED, unique_key="k2", at=MONDAY + timedelta(hours=1), body={"code": "30"})


def booked(database: Database) -> tuple[KeptWorld, str]:
    world = KeptWorld(database, check=False).to_passed()
    return world, world.booked(Direction.COLLECTION)


def test_the_same_event_again_changes_nothing(database: Database) -> None:
    _, booking = booked(database)
    with database.transaction() as tx:
        assert tx.add_courier_events(booking, [PICKED, PICKED]) == 1
        assert tx.add_courier_events(booking, [ON_THE_WAY, PICKED]) == 1
        assert tx.courier_events(booking) == [PICKED, ON_THE_WAY]


def test_events_come_in_the_order_of_their_own_time(database: Database) -> None:
    _, booking = booked(database)
    with database.transaction() as tx:
        tx.add_courier_events(booking, [ON_THE_WAY])
        tx.add_courier_events(booking, [PICKED])
        assert tx.courier_events(booking) == [PICKED, ON_THE_WAY]


def test_two_partners_may_use_the_same_key(database: Database) -> None:
    _, booking = booked(database)
    with database.transaction() as tx:
        assert tx.add_courier_events(booking, [PICKED, replace(PICKED, partner="sf")]) == 2


def test_an_event_before_its_booking_waits_until_it_is_adopted(database: Database) -> None:
    _, booking = booked(database)
    by_order = replace(PICKED, unique_key="k3", waybill=None, order_id="O1")
    with database.transaction() as tx:
        assert tx.add_courier_events(None, [PICKED, by_order, replace(PICKED, unique_key="k4", waybill="W9")]) == 3
        assert len(tx.orphans()) == 3
        assert tx.adopt_orphans("sf", booking, waybill="W1", order_id="O1") == 0
        assert tx.adopt_orphans("ems", booking, waybill="W1") == 1
        assert tx.adopt_orphans("ems", booking, order_id="O1") == 1
        assert tx.adopt_orphans("ems", booking) == 0
        assert [e.unique_key for e in tx.courier_events(booking)] == ["k1", "k3"]
        assert [e.unique_key for e in tx.orphans()] == ["k4"]


def test_an_orphan_that_comes_again_with_its_booking_is_adopted(database: Database) -> None:
    _, booking = booked(database)
    with database.transaction() as tx:
        tx.add_courier_events(None, [PICKED])
        assert tx.add_courier_events(booking, [PICKED]) == 0
        assert tx.courier_events(booking) == [PICKED]
        assert tx.orphans() == []


def test_a_booking_is_found_by_order_by_waybill_and_by_its_other_waybills(database: Database) -> None:
    world, booking_id = booked(database)
    booking = world.file.booking(booking_id)
    assert booking is not None
    assert booking.waybill is not None
    with database.transaction() as tx:
        assert tx.booking_by_order("ems", booking.order_id) == (world.number, booking)
        assert tx.booking_by_waybill("ems", booking.waybill) == (world.number, booking)
        assert tx.booking_by_waybill("ems", "renamed") is None
        assert tx.add_alias("ems", "renamed", booking_id)
        assert not tx.add_alias("ems", "renamed", booking_id)
        assert tx.booking_by_waybill("ems", "renamed") == (world.number, booking)
        assert tx.booking_by_order("sf", booking.order_id) is None
        assert tx.booking_by_waybill("sf", booking.waybill) is None
