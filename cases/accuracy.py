"""How often the machine reads right 识别准确率: per kind of document and field, by how a value was confirmed and how sure the
reader was; and beside each field the threshold that its truths would bear. Made from counts, the same for the command
line and the desk.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cases.readings import Confirmed
from cases.thresholds import (
    Bands,
    Effect,
    Judged,
    Tally,
    Thresholds,
    effect,
    lowest,
    proves_itself,
    total,
)
from cases.truths import MISSED

EDGES = (0, 50, 70, 80, 90, 95, 98, 99, 100)
"""Confidences (hundredths) at which a row of the table begins; the last is for what the reader was wholly sure of."""

Counts = Mapping[tuple[str, str], Mapping[str, Bands]]
"""By kind and field, then by how the machine's value was confirmed."""


@dataclass(frozen=True)
class Band:
    """From `least` up to the next row's."""

    least: int
    tally: Tally


@dataclass(frozen=True)
class Proposal:
    """A threshold that the truths bear now, and what it would have done."""

    least: int
    effect: Effect


@dataclass(frozen=True)
class FieldAccuracy:
    """`read`: all values that the machine read; `missed`: fields that it did not read and the auditor did."""

    kind: str
    field: str
    read: Tally
    missed: int
    by_class: Mapping[str, Tally]
    bands: Sequence[Band]
    proposal: Proposal | None
    in_force: int | None
    effect: Effect | None
    """Of the threshold in force, as things stand now."""


def accuracy(counts: Counts, in_force: Thresholds, judged: Judged, target: float) -> list[FieldAccuracy]:
    """By kind and field, in order."""
    return [_of_field(where, of, in_force.get(where), judged, target) for where, of in sorted(counts.items())]


def _of_field(
    where: tuple[str, str], of: Mapping[str, Bands], now: int | None, judged: Judged, target: float
) -> FieldAccuracy:
    kind, field = where
    read = {name: bands for name, bands in of.items() if name != MISSED}
    alone = of.get(str(Confirmed.ONE_READER), {})
    best = None if proves_itself(field) else lowest(alone, target)
    return FieldAccuracy(
        kind,
        field,
        total(tally for bands in read.values() for tally in bands.values()),
        total(of.get(MISSED, {}).values()).n,
        {name: total(bands.values()) for name, bands in read.items()},
        banded(read.values()),
        None if best is None else Proposal(best, effect(judged, kind, field, best, alone)),
        now,
        None if now is None else effect(judged, kind, field, now, alone),
    )


def banded(several: Iterable[Bands]) -> Sequence[Band]:
    """Rows with something in them, lowest first."""
    rows: dict[int, Tally] = {}
    for bands in several:
        for at, tally in bands.items():
            edge = EDGES[bisect_right(EDGES, at) - 1]
            rows[edge] = rows.get(edge, Tally()) + tally
    return [Band(edge, rows[edge]) for edge in sorted(rows)]
