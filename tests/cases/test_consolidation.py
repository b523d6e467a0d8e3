"""Many cases in one pickup: each keeps its own leg, and leaves it by itself."""

from dataclasses import replace

import pytest

from cases import consolidation
from cases.actions.ordering import BookingRequest
from cases.effects import JobKind
from cases.errors import Conflict, InvalidRequest
from cases.lifecycle import BookingState, CaseState, LegState
from cases.model import CaseNumber, Direction, PersonId
from tests.cases.world import ADDRESS, World

L = LegState


def world(number: int) -> World:
    made = World().to_passed()
    made.file = replace(made.file, case=replace(made.file.case, number=CaseNumber(f"44010520260302{number:07d}")))
    return made


def asked(w: World, partner: str = "ems") -> BookingRequest:
    return BookingRequest(Direction.COLLECTION, partner, w.window(), ADDRESS)


def planned(*worlds: World) -> consolidation.Plan:
    plan = consolidation.plan([w.file for w in worlds], asked(worlds[0]), PersonId("agent"), worlds[0].now)
    for w in worlds:
        w.apply(plan.outcomes[w.file.case.number])
    return plan


def test_every_case_has_a_booking_of_its_own_and_nobody_is_ordered_for_it_alone() -> None:
    a, b = world(1), world(2)
    plan = planned(a, b)
    for w in (a, b):
        (booking,) = w.file.bookings
        assert (booking.state, booking.pickup) == (BookingState.REQUESTED, plan.pickup.id)
        assert w.asked_for(JobKind.COURIER_BOOK) == []
    assert a.file.bookings[0].order_id != b.file.bookings[0].order_id
    assert len(plan.pickup.order_id) <= 32


def test_the_order_taken_books_every_leg_under_one_waybill() -> None:
    a, b = world(1), world(2)
    planned(a, b)
    for w in (a, b):
        w.apply(consolidation.taken(w.file, w.file.bookings[0].id, "W1", w.now))
        assert (w.file.bookings[0].waybill, w.state) == ("W1", CaseState.COLLECTING)


def test_an_order_refused_leaves_every_leg_open() -> None:
    a, b = world(1), world(2)
    planned(a, b)
    for w in (a, b):
        w.apply(consolidation.refused(w.file, w.file.bookings[0].id, "超区"))
        w.booked(Direction.COLLECTION)


def test_a_case_leaves_before_the_pickup_and_may_be_fetched_alone() -> None:
    a, b = world(1), world(2)
    plan = planned(a, b)
    a.apply(consolidation.taken(a.file, a.file.bookings[0].id, "W1", a.now))
    a.apply(consolidation.take_out(a.file, plan.pickup.id, a.now))
    (booking,) = a.file.bookings
    assert (booking.state, booking.pickup, booking.waybill) == (BookingState.CANCELLED, None, None)
    a.booked(Direction.COLLECTION)
    with pytest.raises(Conflict):
        consolidation.take_out(a.file, plan.pickup.id, a.now)


def test_a_case_does_not_leave_once_the_courier_has_its_papers() -> None:
    a, b = world(1), world(2)
    plan = planned(a, b)
    booking = a.file.bookings[0].id
    with pytest.raises(Conflict, match="核实"):
        consolidation.take_out(a.file, plan.pickup.id, a.now)
    a.apply(consolidation.taken(a.file, booking, "W1", a.now)).track(booking, L.PICKED_UP)
    with pytest.raises(Conflict, match="已经取走"):
        consolidation.take_out(a.file, plan.pickup.id, a.now)


def test_one_case_alone_the_same_twice_or_of_two_regions_is_no_pickup() -> None:
    a, b = world(1), world(2)
    elsewhere = replace(b.file, case=replace(b.file.case, region="510107"))
    for files in ([a.file], [a.file, a.file], [a.file, elsewhere]):
        with pytest.raises(InvalidRequest):
            consolidation.plan(files, asked(a), PersonId("agent"), a.now)
    with pytest.raises(InvalidRequest):
        consolidation.plan([a.file, b.file], asked(a, "grid"), PersonId("agent"), a.now)


def test_a_case_that_has_a_courier_already_cannot_join() -> None:
    a, b = world(1), world(2)
    b.booked(Direction.COLLECTION)
    with pytest.raises(Conflict):
        consolidation.plan([a.file, b.file], asked(a), PersonId("agent"), a.now)
