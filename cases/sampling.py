"""Instant cases that a person looks at all the same 抽查: which, and how many.

Every item has a share that is looked at. The draw is a keyed hash of the case's number: the same for the same case,
and nobody without the key can tell it beforehand. The auditor's decision is compared with the machine's, which was
"passed". A disagreement (anything but a pass, a paper not accepted, a field corrected) doubles the share, up to
everything; so fewer pass without a person. Twenty agreements in a row halve it, step by step, down to the floor that
the settings name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

FLOOR = 0.05
"""Where the settings name none for an item: one case in twenty."""
FASTER = 2.0
"""A disagreement doubles the share: four in a row bring the usual 5 % to 80 %, the fifth to everything."""
RUN = 20
"""Agreements in a row that lower the share by one step: with no disagreement among twenty, more than one in seven would
have been a surprise (95 %)."""
_WHOLE = 1 << 64


class Why(StrEnum):
    """What moved a share."""

    AGREED = "agreed"
    DISAGREED = "disagreed"
    SET = "set"


@dataclass(frozen=True)
class Share:
    """`run`: agreements since it last moved."""

    share: float
    run: int = 0


def drawn(digest: str, share: float) -> bool:
    """`digest`: the keyed hash of the case's number, in hex. The share of all digests that is drawn is the share."""
    return int(digest[:16], 16) < share * _WHOLE


def after(now: Share, floor: float, *, agreed: bool) -> Share:
    """The item's share once a case that was drawn has been closed."""
    if not agreed:
        return Share(min(1.0, max(now.share, FLOOR) * FASTER))
    run = now.run + 1
    if run < RUN or now.share <= floor:
        return Share(max(now.share, floor), min(run, RUN))
    return Share(max(floor, now.share / FASTER))


def with_floor(now: Share, floor: float) -> Share:
    """Once somebody has set the floor: never less than it is looked at, and what distrust has raised stays raised."""
    return now if now.share > floor else Share(floor)


def agrees(decision: str, rulings: Iterable[str], corrected: int) -> bool:
    """Whether a person came to what the machine had said. `rulings`: of the papers that were decided one by one;
    `corrected`: fields of which the person said another value."""
    return decision == "pass" and not corrected and all(ruling == "accept" for ruling in rulings)
