"""From a life that broke to the shortest one that breaks the same: its failing prefix, with the steps left out that
nothing hangs on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.simulation.life import Street
from tests.simulation.rules import RULES, Rules
from tests.simulation.street import Broken


@dataclass(frozen=True)
class Shortest:
    """`steps`: those that are needed, of a life of `length`."""

    broken: Broken
    length: int
    steps: tuple[int, ...]

    def __str__(self) -> str:
        return f"{len(self.steps)} of {self.length} steps are needed: {list(self.steps)}; then {self.broken.what}"


def shortest(broken: Broken, rules: Rules = RULES) -> Shortest:
    """Halves, quarters, … are left out as long as the same is broken (Zeller's delta debugging)."""
    length = broken.step + 1
    needed, share = list(range(length)), 2
    while share <= len(needed):
        for part in _parts(needed, share):
            rest = [n for n in needed if n not in part]
            if _breaks(broken, rest, length, rules):
                needed, share = rest, max(share - 1, 2)
                break
        else:
            if share == len(needed):
                break
            share = min(share * 2, len(needed))
    return Shortest(broken, length, tuple(needed))


def _parts(needed: Sequence[int], share: int) -> list[set[int]]:
    size = -(-len(needed) // share)
    return [set(needed[i : i + size]) for i in range(0, len(needed), size)]


def _breaks(broken: Broken, steps: Sequence[int], length: int, rules: Rules) -> bool:
    without = set(range(length)) - set(steps)
    try:
        Street(broken.seed, rules).live(length, without=without)
    except Broken as again:
        return again.what == broken.what
    return False
