"""Tables in Markdown, and the spread of a measurement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True)
class Spread:
    """Seconds. p95 is the smallest value that 95 % of the measurements do not exceed."""

    count: int
    least: float
    median: float
    p95: float
    most: float


def spread(values: Iterable[float]) -> Spread:
    ranked = sorted(values)
    return Spread(len(ranked), ranked[0], _rank(ranked, 0.5), _rank(ranked, 0.95), ranked[-1])


def _rank(ranked: Sequence[float], share: float) -> float:
    return ranked[max(0, ceil(share * len(ranked)) - 1)]


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join(map(_cell, row)) + " |" for row in rows])


def _cell(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def share(part: int, whole: int) -> str:
    """`31/32 (96.9 %)`, or a dash where nothing was to be counted."""
    return f"{part}/{whole} ({100 * part / whole:.1f} %)" if whole else "–"
