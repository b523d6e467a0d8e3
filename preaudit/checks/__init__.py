"""The closed vocabulary of checks. Importing this package registers them all.

Which checks there are, and what each says of itself: `describe()`. What an item file may call them with: `material_check`, `cross_check_of`.
"""

from preaudit.checks import (
    across,
    builtin,
    dates,
    history,
    identities,
    ink,
    papers,
    people,
    places,
    quotes,
    situations,
    values,
)
from preaudit.checks.described import Described, described
from preaudit.checks.registry import (
    CROSS_CHECKS,
    MATERIAL_CHECKS,
    CheckInvalid,
    CrossCheck,
    MaterialCheck,
    cross_check_of,
    material_check,
)


def describe() -> tuple[Described, ...]:
    """Every check: its source and its three outcomes. What is looked at whatever the item says comes first."""
    always = [described(name, "always", run) for name, run in builtin.LOOKS.items()]
    earlier = [described(name, "history", run) for name, run in history.LOOKS.items()]
    material = [check.described for _, check in sorted(MATERIAL_CHECKS.items())]
    return (*always, *material, *(check.described for _, check in sorted(CROSS_CHECKS.items())), *earlier)


REGISTERED = (across, dates, identities, ink, papers, people, places, quotes, situations, values)

__all__ = [
    "CROSS_CHECKS",
    "MATERIAL_CHECKS",
    "REGISTERED",
    "CheckInvalid",
    "CrossCheck",
    "Described",
    "MaterialCheck",
    "cross_check_of",
    "describe",
    "material_check",
]
