"""Many streets, one after the other: `live(first, steps)`; each has a seed of its own, so one that breaks is seen again
alone.
"""

from tests.simulation.life import STEPS_OF_A_STREET, lived
from tests.simulation.rules import RULES, Rules
from tests.simulation.seen import Seen


def live(first: int, steps: int, *, of_each: int = STEPS_OF_A_STREET, rules: Rules = RULES) -> Seen:
    """Streets `first`, `first + 1`, … until all steps are lived. Raises `Broken`."""
    seen, left, street = Seen(), steps, first
    while left > 0:
        seen.add(lived(street, min(left, of_each), rules).seen)
        left, street = left - of_each, street + 1
    return seen
