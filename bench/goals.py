"""What is to be reached, beside what was measured: a row each, and whether it was met."""

from collections.abc import Iterable
from dataclasses import dataclass

from bench.tables import share, table


@dataclass(frozen=True)
class Goal:
    what: str
    wanted: str
    measured: str
    met: bool | None
    """None: nothing was there to measure it on."""


def at_least(what: str, part: int, whole: int, percent: float) -> Goal:
    return Goal(what, f"≥ {percent:g} %", share(part, whole), 100 * part >= percent * whole if whole else None)


def at_most(what: str, part: int, whole: int, percent: float) -> Goal:
    return Goal(what, f"≤ {percent:g} %", share(part, whole), 100 * part <= percent * whole if whole else None)


def under(what: str, measured: float | None, limit: float, unit: str = "s") -> Goal:
    if measured is None:
        return Goal(what, f"< {limit:g} {unit}", "–", None)
    return Goal(what, f"< {limit:g} {unit}", f"{measured:.2f} {unit}", measured < limit)


def none_of(what: str, count: int, whole: int) -> Goal:
    return Goal(what, "0", f"{count} of {whole}", count == 0 if whole else None)


GOAL_HEADS = ("to reach", "wanted", "measured", "met")


def goals_table(goals: Iterable[Goal]) -> str:
    rows = ((g.what, g.wanted, g.measured, {True: "yes", False: "**no**", None: "not measured"}[g.met]) for g in goals)
    return table(GOAL_HEADS, rows)
