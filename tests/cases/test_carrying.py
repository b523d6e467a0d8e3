"""Parcels that do not do as they should: whose the paper is, whether the leg can be booked again, who is told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.actions import carrying, ordering
from cases.custody import chain_is_unbroken
from cases.effects import JobKind
from cases.lifecycle import BookingState, CaseState, LegState
from cases.model import Direction, Holder
from tests.cases.world import World

L = LegState


def collecting() -> tuple[World, str]:
    world = World().to_passed()
    return world, world.booked(Direction.COLLECTION)


def delivering() -> tuple[World, str]:
    world = World().to_concluded()
    return world, world.booked(Direction.DELIVERY)


def holders(world: World) -> set[Holder]:
    assert chain_is_unbroken(world.file.originals, world.file.hand_overs)
    return {o.holder for o in world.file.originals}


def shown(world: World) -> Holder:
    """Who has the paper that goes home."""
    assert chain_is_unbroken(world.file.originals, world.file.hand_overs)
    return next(o.holder for o in world.file.originals if o.key == "id_front")


@pytest.mark.parametrize("state", [L.LOST, L.REFUSED])
def test_a_lost_or_refused_parcel_is_still_the_couriers(state: LegState) -> None:
    world, booking = collecting()
    world.track(booking, L.PICKED_UP).track(booking, state)
    assert holders(world) == {Holder.COURIER}


def test_a_lost_parcel_opens_an_incident_and_the_resident_is_told() -> None:
    world, booking = collecting()
    world.track(booking, L.PICKED_UP).track(booking, L.LOST)
    assert [i.kind for i in world.file.open_incidents] == ["parcel_lost"]
    assert world.notices[-1].template == "parcel_lost"


def test_a_collection_that_came_back_may_be_booked_again() -> None:
    world, booking = collecting()
    world.track(booking, L.PICKED_UP).track(booking, L.RETURNED)
    assert holders(world) == {Holder.RESIDENT}
    assert world.state is CaseState.PREAUDIT_PASSED
    world.booked(Direction.COLLECTION)


def test_a_delivery_that_came_back_is_at_the_office_and_may_be_booked_again() -> None:
    world, booking = delivering()
    world.track(booking, L.PICKED_UP).track(booking, L.RETURNED)
    assert shown(world) is Holder.OFFICE
    assert world.state is CaseState.CONCLUDED
    world.booked(Direction.DELIVERY)


def test_a_delivery_taken_back_that_came_back_passes_through_the_couriers_hands() -> None:
    world = World().to_delivered()
    world.track(world.file.bookings[-1].id, L.RETURNED)
    assert shown(world) is Holder.OFFICE


def test_a_delivery_whose_pickup_is_taken_back_is_at_the_office() -> None:
    world, booking = delivering()
    world.track(booking, L.PICKED_UP).track(booking, L.BOOKED)
    assert shown(world) is Holder.OFFICE


def test_a_pickup_taken_back_as_failed_leaves_the_papers_at_home() -> None:
    world, booking = collecting()
    world.track(booking, L.PICKED_UP).track(booking, L.PICKUP_FAILED)
    assert holders(world) == {Holder.RESIDENT}


def test_an_order_that_the_partner_cancelled_by_itself_frees_the_leg() -> None:
    world, booking = collecting()
    world.track(booking, L.CANCELLED)
    assert world.file.booking(booking).state is BookingState.CANCELLED
    assert world.notices[-1].template == "courier_cancelled"
    world.booked(Direction.COLLECTION)


def test_a_courier_assigned_after_we_gave_up_does_not_revive_the_attempt() -> None:
    world, booking = collecting()
    world.wait(hours=5).apply(ordering.nobody_came(world.file, booking, world.now, said_by="timer"))
    world.track(booking, L.ASSIGNED)
    assert world.file.leg(Direction.COLLECTION).state is L.PICKUP_FAILED
    world.booked(Direction.COLLECTION)


@pytest.mark.parametrize("cancelled", [True, False])
def test_a_parcel_that_moves_after_we_gave_up_is_followed_and_counts_as_collecting(cancelled: bool) -> None:
    world, booking = collecting()
    world.wait(hours=5)
    ended = (
        ordering.record_cancelled(world.file, booking, world.now)
        if cancelled
        else ordering.nobody_came(world.file, booking, world.now, said_by="timer")
    )
    world.apply(ended).track(booking, L.PICKED_UP)
    assert (world.state, holders(world)) == (CaseState.COLLECTING, {Holder.COURIER})
    world.track(booking, L.BOOKED)  # taken back
    over = L.CANCELLED if cancelled else L.PICKUP_FAILED
    assert world.file.leg(Direction.COLLECTION).state is over
    assert (world.state, holders(world)) == (CaseState.PREAUDIT_PASSED, {Holder.RESIDENT})


def test_the_courier_ordered_in_place_of_one_who_came_late_is_called_off() -> None:
    world, first = collecting()
    world.wait(hours=5).apply(ordering.nobody_came(world.file, first, world.now, said_by="timer"))
    second = world.booked(Direction.COLLECTION)
    world.track(first, L.PICKED_UP)
    assert world.asked_for(JobKind.COURIER_CANCEL)[-1].subject == second
    world.apply(ordering.record_cancelled(world.file, second, world.now))
    assert world.file.booking(second).state is BookingState.CANCELLED
    assert world.file.leg(Direction.COLLECTION).state is L.PICKED_UP


def test_a_cancellation_confirmed_after_the_pickup_does_not_hide_the_parcel() -> None:
    world, booking = collecting()
    world.track(booking, L.PICKED_UP)
    world.apply(ordering.record_cancelled(world.file, booking, world.now))
    assert world.file.leg(Direction.COLLECTION).state is L.PICKED_UP
    assert world.state is CaseState.COLLECTING


def test_a_delivery_revoked_and_then_signed_by_somebody_else_opens_the_case_again() -> None:
    world = World().to_delivered()
    world.track(world.file.bookings[-1].id, L.DELIVERED, confirmed=False)
    assert (world.state, shown(world)) == (CaseState.DELIVERING, Holder.COURIER)


def test_a_failed_pickup_is_told_to_resident_and_partner() -> None:
    world, booking = collecting()
    world.track(booking, L.PICKUP_FAILED)
    assert world.notices[-1].template == "pickup_failed"
    assert world.asked_for(JobKind.COURIER_CANCEL)[-1].subject == booking


def test_saying_again_that_an_order_stands_is_no_news() -> None:
    world, booking = collecting()
    seen = carrying.Tracked(L.BOOKED, world.at + timedelta(minutes=1), confirmed=False)
    assert carrying.record_tracking(world.file, booking, seen, world.now) == ()


def test_papers_brought_to_the_counter_call_the_courier_off() -> None:
    world, booking = collecting()
    world.count(id_front=1, form=1)
    assert world.asked_for(JobKind.COURIER_CANCEL)[-1].subject == booking
    assert world.file.booking(booking).state is BookingState.DONE


def test_an_order_known_only_when_its_leg_has_ended_is_called_off_at_once() -> None:
    world = World().to_passed()
    booking = world.book(Direction.COLLECTION)
    world.apply(ordering.record_unknown(world.file, booking, "timeout", world.now)).count(id_front=1, form=1)
    assert world.file.leg(Direction.COLLECTION).state is L.HANDED_OVER
    world.apply(ordering.record_booked(world.file, booking, "W1", world.now))
    assert world.file.booking(booking).state is BookingState.FAILED
    assert world.asked_for(JobKind.COURIER_CANCEL)[-1].subject == booking


def test_a_delivery_by_a_courier_given_up_ends_the_order_made_in_his_place() -> None:
    world, first = delivering()
    world.wait(hours=5).apply(ordering.nobody_came(world.file, first, world.now, said_by="timer"))
    second = world.booked(Direction.DELIVERY)
    world.track(first, L.PICKED_UP).track(first, L.DELIVERED)
    assert world.state is CaseState.DELIVERED
    assert world.file.booking(second).state is BookingState.FAILED


def test_an_outcome_that_stays_unknown_is_asked_for_less_and_less_and_a_person_is_told() -> None:
    world = World().to_passed()
    booking = world.book(Direction.COLLECTION)
    pauses = []
    for _ in range(40):
        world.apply(ordering.record_unknown(world.file, booking, "no_query", world.now))
        due = world.asked_for(JobKind.COURIER_FIND)[-1].due
        assert due is not None
        pauses.append(due - world.at)
        world.at = due
    assert (pauses[0], pauses[-1]) == (timedelta(seconds=20), timedelta(hours=1))
    assert world.file.booking(booking).alerts == ("outcome_unknown",)
    assert sum(fact.action == "courier_alert" for fact in world.facts) == 1


def test_an_unknown_order_of_a_leg_that_has_ended_is_not_asked_for_for_ever() -> None:
    world = World().to_passed()
    booking = world.book(Direction.COLLECTION)
    world.apply(ordering.record_unknown(world.file, booking, "no_query", world.now)).count(id_front=1, form=1)
    world.wait(hours=1).apply(ordering.record_unknown(world.file, booking, "no_query", world.now))
    assert world.file.booking(booking).state is BookingState.VOID


def test_a_collection_that_nobody_booked_does_not_keep_the_papers_of_a_delivery_from_coming_back() -> None:
    world = World().to_concluded()
    idle = replace(world.file.legs[0], state=LegState.OFFERED)
    world.file = replace(world.file, legs=(idle, *world.file.legs[1:]))
    booking = world.booked(Direction.DELIVERY)
    for state in (LegState.PICKED_UP, LegState.RETURNING, LegState.RETURNED):
        world.track(booking, state)
    assert world.file.original("id_front").holder is Holder.OFFICE
