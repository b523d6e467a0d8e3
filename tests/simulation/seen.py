"""What a simulation came across: use-cases that changed something or refused, and steps of the state machines."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from cases.care import COMPLAINT, FOLLOW_UP, RECTIFICATION
from cases.clocks import CLOCK_REQUEST
from cases.lifecycle import ASSIGNMENT, BOOKING, CASE, INCIDENT, MATERIAL, PAGE, TRANSFER, Machine
from cases.rulings import PROPOSAL
from cases.waived import INQUIRY
from tests.simulation.rules import USE_CASES

MACHINES: dict[str, Machine[Any, Any]] = {
    m.name: m
    for m in (
        CASE, MATERIAL, PAGE, BOOKING, ASSIGNMENT, INCIDENT, TRANSFER,
        PROPOSAL, CLOCK_REQUEST, INQUIRY, RECTIFICATION, COMPLAINT, FOLLOW_UP,
    )
}  # fmt: skip
Step = tuple[str, str, str]
"""Machine, state, event."""


class Seen:
    """Counts; the same for any number of streets."""

    def __init__(self) -> None:
        self.did: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.steps: Counter[Step] = Counter()
        self.legs: Counter[tuple[str, str]] = Counter()
        self.cases = 0

    def add(self, other: "Seen") -> None:
        self.did += other.did
        self.refused += other.refused
        self.steps += other.steps
        self.legs += other.legs
        self.cases += other.cases

    def unreached_steps(self) -> list[Step]:
        return [step for step in all_steps() if step not in self.steps]

    def unreached_use_cases(self) -> list[str]:
        return [name for name in USE_CASES if not self.did[name]]

    def report(self) -> str:
        steps, names = list(all_steps()), list(USE_CASES)
        missing = [" ".join(step) for step in self.unreached_steps()]
        lines = [
            f"{self.cases} cases; {len(steps) - len(missing)} of {len(steps)} transitions of {len(MACHINES)} machines",
            f"{len(names) - len(self.unreached_use_cases())} of {len(names)} use-cases changed something",
            f"{len(self.legs)} changes of a leg's state",
        ]
        lines += [f"  not reached: {what}" for what in (*missing, *self.unreached_use_cases())]
        return "\n".join(lines)


def all_steps() -> Iterator[Step]:
    for name, machine in MACHINES.items():
        for state, events in machine.table.items():
            yield from ((name, str(state), str(event)) for event in events)
