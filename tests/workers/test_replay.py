"""A case told again from its record arrives where it stands."""

from dataclasses import replace

import pytest

from cases.actions import settling
from cases.actions.settling import Settling
from cases.incidents import Settlement
from cases.lifecycle import CaseState, LegState
from cases.model import Direction
from storage.audit import AuditLine
from tests.cases.world import World
from workers.replay import replay


def lines(world: World) -> list[AuditLine]:
    return [AuditLine(world.at, "system", "x", None, f.action, f.detail) for f in world.facts]


def of_before(told: list[AuditLine]) -> list[AuditLine]:
    """As lines were written before they named the leg."""
    return [replace(x, detail={k: v for k, v in x.detail.items() if k != "leg"}) for x in told]


def sent_again() -> World:
    """The parcel was lost; the resident sends what was issued in its place in a second one."""
    world = World().to_passed()
    booking = world.booked(Direction.COLLECTION)
    world.track(booking, LegState.PICKED_UP).track(booking, LegState.LOST)
    incident = world.file.open_incidents[0]
    return world.apply(settling.settle(world.file, incident.id, Settling(Settlement.RESENT, "遗失"), world.now))


def test_a_second_leg_of_the_same_direction_stands_for_itself() -> None:
    world = sent_again()
    assert [leg.state for leg in world.file.legs] == [LegState.LOST, LegState.OFFERED]
    assert replay(lines(world), world.file).differences == ()
    assert replay(of_before(lines(world)), world.file).differences == ()
    world.booked(Direction.COLLECTION)
    assert replay(lines(world), world.file).differences == ()


@pytest.mark.parametrize("older", [False, True])
def test_a_leg_that_stands_elsewhere_is_a_difference(older: bool) -> None:
    world = World().to_passed()
    world.booked(Direction.COLLECTION)
    told = of_before(lines(world)) if older else lines(world)
    moved = tuple(replace(leg, state=LegState.LOST) for leg in world.file.legs)
    assert len(replay(told, replace(world.file, legs=moved)).differences) == 1


def test_a_state_and_a_gap_that_the_table_does_not_allow_are_differences() -> None:
    world = World().to_received()
    elsewhere = replace(world.file, case=replace(world.file.case, state=CaseState.DELIVERED))
    assert "the record leads to received" in replay(lines(world), elsewhere).differences[0]
    without_the_pass = [x for x in lines(world) if x.action != "case_pass"]
    assert replay(without_the_pass, world.file).differences


@pytest.mark.parametrize("nth", [0, 1])
def test_two_versions_that_took_turns_at_a_leg_lead_it_where_it_stands(nth: int) -> None:
    """Every other line was written by a process of before, which does not name the leg."""
    world = sent_again()
    booking = world.booked(Direction.COLLECTION)
    world.track(booking, LegState.PICKED_UP).track(booking, LegState.DELIVERED)
    told = lines(world)
    mixed = [of_before([x])[0] if place % 2 == nth else x for place, x in enumerate(told)]
    assert replay(mixed, world.file).differences == ()
    elsewhere = tuple(replace(leg, state=LegState.OFFERED) for leg in world.file.legs)
    assert replay(mixed, replace(world.file, legs=elsewhere)).differences
