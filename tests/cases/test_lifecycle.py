"""The tables themselves: closed, reachable, labelled, refusing with what is allowed."""

import pytest

from cases.errors import TransitionRefused
from cases.lifecycle import (
    ASSIGNMENT,
    BOOKING,
    CASE,
    LEG_LABELS,
    MATERIAL,
    PAGE,
    CaseEvent,
    CaseState,
    LegState,
    Machine,
    advance,
)

MACHINES = [CASE, MATERIAL, PAGE, BOOKING, ASSIGNMENT]


@pytest.mark.parametrize("machine", MACHINES, ids=lambda m: m.name)
def test_every_state_stands_in_the_table_and_has_a_label(machine: Machine) -> None:
    assert set(machine.table) == set(machine.states) == set(machine.labels)


@pytest.mark.parametrize("machine", MACHINES, ids=lambda m: m.name)
def test_every_state_can_be_reached_from_the_first(machine: Machine) -> None:
    seen, todo = set(), [machine.initial]
    while todo:
        state = todo.pop()
        if state not in seen:
            seen.add(state)
            todo += machine.table[state].values()
    assert seen == set(machine.states)


@pytest.mark.parametrize("machine", MACHINES, ids=lambda m: m.name)
def test_every_event_is_used_somewhere(machine: Machine) -> None:
    used = {event for events in machine.table.values() for event in events}
    assert used == set(machine.events)


def test_from_every_case_state_an_end_can_be_reached() -> None:
    ends = {s for s in CaseState if CASE.is_final(s)} | {CaseState.DELIVERED}
    for state in CaseState:
        seen, todo = set(), [state]
        while todo:
            here = todo.pop()
            if here not in seen:
                seen.add(here)
                todo += CASE.table[here].values()
        assert seen & ends


def test_a_refused_event_names_what_is_allowed() -> None:
    with pytest.raises(TransitionRefused) as refused:
        advance(CASE, CaseState.DELIVERED, CaseEvent.SUBMIT)
    assert refused.value.details["allowed"] == ["delivery_reversed"]
    assert "已送达" in refused.value.message


def test_every_leg_state_has_a_label() -> None:
    assert set(LEG_LABELS) == set(LegState)
