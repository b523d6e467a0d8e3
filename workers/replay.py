"""A case told again from its record: the state that the audit lines lead to, beside the state that is kept.

Every change of state writes its line in the same transaction, so folding the lines through the transition table must
arrive where the case stands. A line that the table does not allow, or a gap between two, is a difference.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cases.errors import TransitionRefused
from cases.lifecycle import CASE, CaseEvent, CaseState, LegState, advance
from cases.model import CaseFile
from storage.audit import AuditLine

_EVENTS: Mapping[str, CaseEvent] = {f"case_{event}": event for event in CaseEvent}


@dataclass(frozen=True)
class Replayed:
    """`differences` is empty when the record and the case agree."""

    state: CaseState
    steps: int
    differences: tuple[str, ...]


@dataclass(frozen=True)
class _Told:
    """Where a leg is by the lines so far."""

    direction: str
    state: str


def replay(lines: Iterable[AuditLine], file: CaseFile) -> Replayed:
    state, steps, wrong = CASE.initial, 0, list[str]()
    legs: dict[str, _Told] = {}
    for line in lines:
        if line.action == "leg_moved":
            _move(legs, line)
        event = _EVENTS.get(line.action)
        if event is None:
            continue
        steps += 1
        if line.detail.get("from") != state:
            wrong.append(f"{line.action} at {line.at.isoformat()} starts from {line.detail.get('from')}, not {state}")
        state = _next(state, event, line, wrong)
    if state is not file.case.state:
        wrong.append(f"the record leads to {state}, the case stands at {file.case.state}")
    return Replayed(state, steps, (*wrong, *_legs(legs, file)))


def _next(state: CaseState, event: CaseEvent, line: AuditLine, wrong: list[str]) -> CaseState:
    try:
        return advance(CASE, state, event)
    except TransitionRefused:
        wrong.append(f"{line.action} at {line.at.isoformat()} is not allowed in {state}")
        return CaseState(line.detail["to"]) if line.detail.get("to") in set(CaseState) else state


def _move(legs: dict[str, _Told], line: AuditLine) -> None:
    """A line of before the leg was named moves the one of its direction that stands where it starts from: while versions
    roll, processes of both write such lines in turns."""
    direction, from_ = str(line.detail.get("direction")), line.detail.get("from")
    here = [name for name, told in legs.items() if told.direction == direction and told.state == from_]
    named = str(line.detail.get("leg") or next(iter(here), direction))
    if named != direction:
        legs.pop(direction, None)
    legs[named] = _Told(direction, str(line.detail.get("to")))


def _legs(told: Mapping[str, _Told], file: CaseFile) -> Iterable[str]:
    """By the leg's id; lines of before it was named say only the direction: some leg of it must stand there."""
    for named, leg_told in told.items():
        kept = [leg.state for leg in file.legs if named in (leg.id, leg.direction)]
        if LegState(leg_told.state) not in kept:
            yield f"the record leads the leg {named} to {leg_told.state}, it stands at {', '.join(kept) or 'nothing'}"
