"""How sure one reader must be of a field before it passes without a person 放行阈值: chosen from what auditors found.

A value that a single reader read is certain of nothing, however high its confidence, until auditors have said often
enough what really stood there. For one field of one kind of document, the threshold is the lowest confidence at which
the Wilson lower bound of the share that was right reaches the target, over at least so many truths. It is proposed
here, shown with its effect, and only ever switched on by a person. Refuses: numbers with a check digit, which prove
themselves or do not; values that two readers read differently.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from cases.readings import Confirmed, Field

TARGET = 0.995
"""Where the settings name none: one wrong value in two hundred, about what two people typing the same paper leave."""
LEAST_TARGET, MOST_TARGET = 0.9, 0.9999
"""Below the first, passing unseen helps nobody; the second would take thirty-eight thousand flawless truths."""
LEAST_TRUTHS = 200
"""Fewer say too little about the papers of a year, whatever they say of themselves. At the usual target the bound asks
for more anyway: 765 without one mistake."""
Z = 1.96
"""Of the Wilson bound: the true share lies below it once in forty. Stricter than the usual one in twenty, because the
bound is looked at for a hundred confidences and the best of them is taken."""
LAST_CASES = 1000
"""Judgements that a proposal's effect is shown on: some days of a district."""

Thresholds = Mapping[tuple[str, str], int]
"""In force: kind of document and field → the least confidence, in hundredths."""
NONE: Thresholds = {}
_SELF_PROVING = ("id_number", "credit_code", "card_number", "licence_number", "vin")


def proves_itself(field: str) -> bool:
    """Whether a check digit says that it is right (`id_number_1` too): where the digit fails, no confidence helps."""
    return any(field == name or field.endswith(f"_{name}") or field.startswith(f"{name}_") for name in _SELF_PROVING)


def band(confidence: float) -> int:
    """Hundredths, rounded down; what thresholds and counts go by."""
    return max(0, min(100, int(confidence * 100 + 1e-9)))


def passes(thresholds: Thresholds, kind: str, name: str, field: Field) -> bool:
    """Whether that value counts as certain although one reader alone read it."""
    least = thresholds.get((kind, name))
    alone = field.confirmed is Confirmed.ONE_READER
    return least is not None and alone and not proves_itself(name) and band(field.confidence) >= least


@dataclass(frozen=True)
class Tally:
    """Of `n` values `correct` were right."""

    n: int = 0
    correct: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.n + other.n, self.correct + other.correct)

    @property
    def wrong(self) -> int:
        return self.n - self.correct

    @property
    def share(self) -> float | None:
        return self.correct / self.n if self.n else None

    @property
    def lower(self) -> float:
        """Wilson's lower bound of the share; 0 of nothing."""
        return wilson(self.correct, self.n)


Bands = Mapping[int, Tally]
"""By confidence in hundredths."""


def wilson(correct: int, n: int, z: float = Z) -> float:
    """Lower end of the score interval (Wilson 1927): unlike the plain one it never says 100 % of a few."""
    if not n:
        return 0.0
    share, square = correct / n, z * z
    middle = share + square / (2 * n)
    width = z * sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, (middle - width) / (1 + square / n))


def total(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, Tally())


def at_least(bands: Bands, least: int) -> Tally:
    """All values at that confidence or above it."""
    return total(tally for at, tally in bands.items() if at >= least)


def reaches(tally: Tally, target: float) -> bool:
    return tally.n >= LEAST_TRUTHS and tally.lower >= target


def lowest(bands: Bands, target: float) -> int | None:
    """The threshold: the lowest confidence at which everything from it upwards reaches the target. None: there is none."""
    so_far, found = Tally(), None
    for at in sorted(bands, reverse=True):
        so_far += bands[at]
        found = at if reaches(so_far, target) else found
    return found


def still_holds(tally: Tally, target: float) -> bool:
    """Whether a threshold in force may stay. A first mistake takes the bound below the target at once, so the plain
    share decides: it falls below the target only when more is wrong than was ever allowed."""
    return tally.share is None or tally.share >= target


@dataclass(frozen=True)
class Doubt:
    """A finding that said no more than that one reader alone had read the field."""

    judgement: int
    kind: str
    field: str
    band: int


@dataclass(frozen=True)
class Effect:
    """What a threshold would have changed in the last judgements, and let through among the truths."""

    judged: int
    findings: int
    """Doubtful findings that would not have been made."""
    freed: int
    """Cases among them with no other reason for a person to look."""
    passing: Tally
    """Truths at that confidence or above: `passing.wrong` values would have passed wrong."""


@dataclass(frozen=True)
class Judged:
    """The last judgements. `reasons`: of each, how many findings asked for a person; `doubts`: those that a threshold
    could lift."""

    reasons: Mapping[int, int]
    doubts: Sequence[Doubt]


def effect(judged: Judged, kind: str, field: str, least: int, bands: Bands) -> Effect:
    """Of one threshold, with all others as they were then."""
    lifted = Counter(
        d.judgement for d in judged.doubts if (d.kind, d.field) == (kind, field) and d.band >= least
    )  # fmt: skip
    freed = sum(count == judged.reasons[judgement] for judgement, count in lifted.items())
    return Effect(len(judged.reasons), lifted.total(), freed, at_least(bands, least))
