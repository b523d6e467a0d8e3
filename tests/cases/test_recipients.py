"""Signed for by somebody else: the case goes on only when it is known that the addressee has it."""

import pytest

from cases.actions import carrying, recipients, settling
from cases.actions.recipients import Proof
from cases.actions.settling import Settling
from cases.allowed import resident_actions
from cases.custody import chain_is_unbroken
from cases.effects import JobKind
from cases.errors import Conflict, NotFound
from cases.incidents import Settlement
from cases.lifecycle import BookingState, CaseState, LegState
from cases.model import Direction, Holder
from tests.cases.world import World

L = LegState


def left_with_a_neighbour() -> tuple[World, str]:
    world = World().to_concluded()
    booking = world.booked(Direction.DELIVERY)
    world.track(booking, L.PICKED_UP)
    seen = carrying.Tracked(L.DELIVERED, world.at, confirmed=False, recipient="other_person")
    world.apply(carrying.record_tracking(world.file, booking, seen, world.now))
    return world, booking


def answer(world: World, booking: str, received: bool, proof: Proof = Proof.RESIDENT) -> World:
    return world.apply(recipients.answered(world.file, booking, received, proof, world.now))


def shown(world: World) -> Holder:
    assert chain_is_unbroken(world.file.originals, world.file.hand_overs)
    return next(o.holder for o in world.file.originals if o.key == "id_front")


def delivery(world: World) -> LegState:
    leg = world.file.leg(Direction.DELIVERY)
    assert leg is not None
    return leg.state


def test_the_resident_is_asked_and_nothing_else_moves() -> None:
    world, _ = left_with_a_neighbour()
    assert (world.notices[-1].template, world.notices[-1].data["recipient"]) == ("was_it_received", "other_person")
    assert (world.state, shown(world)) == (CaseState.DELIVERING, Holder.COURIER)
    assert "confirm_received" in resident_actions(world.file)
    leg = world.file.leg(Direction.DELIVERY)
    assert leg is not None
    assert leg.answer_due is not None
    assert leg.answer_due > world.at


@pytest.mark.parametrize("proof", Proof)
def test_a_yes_completes_the_case_and_says_in_the_record_how_it_is_known(proof: Proof) -> None:
    world, booking = left_with_a_neighbour()
    answer(world, booking, True, proof)
    assert (world.state, delivery(world), shown(world)) == (CaseState.DELIVERED, L.HANDED_OVER, Holder.RESIDENT)
    assert world.file.booking(booking).state is BookingState.DONE
    assert [f.detail["proof"] for f in world.facts if f.action == "receipt_confirmed"] == [str(proof)]
    assert "代收" in world.file.documents[-1].content["paragraphs"][1]
    assert "confirm_received" not in resident_actions(world.file)


def test_a_no_opens_an_incident_asks_for_the_trace_and_leaves_the_case_open() -> None:
    world, booking = left_with_a_neighbour()
    answer(world, booking, False)
    (incident,) = world.file.open_incidents
    assert (incident.kind, incident.due_at is not None) == ("not_received", True)
    assert world.asked_for(JobKind.COURIER_FIND)[-1].subject == booking
    assert (world.state, shown(world)) == (CaseState.DELIVERING, Holder.COURIER)
    with pytest.raises(Conflict, match="已经登记"):
        answer(world, booking, False)


def test_a_no_may_become_a_yes_and_settles_the_incident() -> None:
    world, booking = left_with_a_neighbour()
    answer(answer(world, booking, False), booking, True)
    assert world.state is CaseState.DELIVERED
    assert world.file.open_incidents == ()


def test_who_does_not_answer_is_asked_once_more_and_then_the_desk_finds_out() -> None:
    world, _ = left_with_a_neighbour()
    assert recipients.on_silence(world.file, world.now) == ()
    world.wait(days=5).apply(recipients.on_silence(world.file, world.now))
    assert [n.template for n in world.notices].count("was_it_received") == 2
    assert recipients.on_silence(world.file, world.now) == ()
    world.wait(days=5).apply(recipients.on_silence(world.file, world.now))
    assert [i.kind for i in world.file.open_incidents] == ["receipt_unanswered"]
    assert recipients.on_silence(world.file, world.now) == ()
    assert world.state is CaseState.DELIVERING


def test_the_couriers_own_proof_that_comes_later_ends_the_question() -> None:
    world, booking = left_with_a_neighbour()
    world.track(booking, L.DELIVERED)
    assert world.state is CaseState.DELIVERED
    world.wait(days=30)
    assert recipients.on_silence(world.file, world.now) == ()
    with pytest.raises(Conflict):
        answer(world, booking, True)


def test_a_delivery_taken_back_ends_the_question() -> None:
    world, booking = left_with_a_neighbour()
    world.track(booking, L.OUT_FOR_DELIVERY).wait(days=30)
    assert recipients.on_silence(world.file, world.now) == ()
    assert "confirm_received" not in resident_actions(world.file)


def test_what_a_courier_says_after_the_addressee_has_it_takes_nothing_back() -> None:
    world, booking = left_with_a_neighbour()
    answer(world, booking, True)
    for state in (L.DELIVERED, L.RETURNED, L.OUT_FOR_DELIVERY):
        world.track(booking, state, confirmed=False)
    assert (world.state, shown(world)) == (CaseState.DELIVERED, Holder.RESIDENT)


def test_nobody_is_asked_about_a_collection_the_office_counts_itself() -> None:
    world = World().to_passed()
    booking = world.booked(Direction.COLLECTION)
    world.track(booking, L.PICKED_UP).track(booking, L.DELIVERED, confirmed=False)
    assert "was_it_received" not in [n.template for n in world.notices]
    with pytest.raises(Conflict):
        answer(world, booking, True)


def test_a_yes_before_anybody_signed_is_refused() -> None:
    world = World().to_concluded()
    booking = world.booked(Direction.DELIVERY)
    with pytest.raises(Conflict):
        answer(world, booking, True)
    with pytest.raises(NotFound):
        answer(world, "no-such-booking", True)


@pytest.mark.parametrize("how", [Settlement.FOUND, Settlement.REDELIVERED, Settlement.COMPENSATED])
def test_whose_incident_is_settled_is_asked_again_until_somebody_says_that_it_is_there(how: Settlement) -> None:
    world, booking = left_with_a_neighbour()
    answer(world, booking, False)
    (incident,) = world.file.open_incidents
    world.apply(settling.settle(world.file, incident.id, Settling(how, "已核实", 100), world.now))
    leg = world.file.leg(Direction.DELIVERY)
    assert leg is not None
    assert (leg.asks, leg.answer_due is not None, world.notices[-1].template) == (1, True, "was_it_received")
    assert answer(world, booking, True).state is CaseState.DELIVERED
