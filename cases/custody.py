"""Custody 原件: who holds each paper, as an unbroken chain of hand-overs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cases.checklist import with_originals
from cases.effects import Add, Fact, Outcome, Put
from cases.errors import Conflict
from cases.items import OriginalUse
from cases.lifecycle import CASE, AssignmentState
from cases.model import CaseFile, Direction, HandOver, Holder, Original


@dataclass(frozen=True)
class Received:
    """One line of what the office found in the envelope."""

    key: str
    copies: int
    condition: str = "good"


@dataclass(frozen=True)
class Difference:
    key: str
    expected: int
    found: int
    condition: str


def manifest(file: CaseFile) -> tuple[Original, ...]:
    """What the resident packs: one line per original, before any hand-over."""
    return tuple(Original(s.key, s.name, s.original, max(1, s.copies), Holder.RESIDENT) for s in with_originals(file))


def compare(expected: Iterable[Original], received: Iterable[Received]) -> tuple[Difference, ...]:
    """Line by line: what is missing, over, or damaged. Empty when all agrees."""
    found = {line.key: line for line in received}
    lines = {o.key: o for o in expected}
    differences = []
    for key in [*lines, *(k for k in found if k not in lines)]:
        want = lines[key].copies if key in lines else 0
        got = found.get(key, Received(key, 0))
        if got.copies != want or got.condition != "good":
            differences.append(Difference(key, want, got.copies, got.condition))
    return tuple(differences)


def held_by(file: CaseFile, holder: Holder) -> tuple[Original, ...]:
    return tuple(o for o in file.originals if o.holder is holder)


def returnable(file: CaseFile) -> tuple[Original, ...]:
    """What the office holds and does not keep: papers only shown; every paper of a case that did not end well."""
    well = not CASE.is_final(file.case.state) and not any(a.state is AssignmentState.REFUSED for a in file.assignments)
    return tuple(o for o in held_by(file, Holder.OFFICE) if o.use is OriginalUse.SHOW or not well)


ROAD: Mapping[Direction, tuple[Holder, ...]] = {
    Direction.COLLECTION: (Holder.RESIDENT, Holder.COURIER),
    Direction.DELIVERY: (Holder.OFFICE, Holder.COURIER, Holder.RESIDENT),
}
"""Through whose hands a parcel goes. That a collection is with the office is only proved by its own count."""


def in_the_parcel(file: CaseFile, direction: Direction, holder: Holder) -> tuple[Original, ...]:
    """The papers of a leg's parcel while `holder` has it: of those at home, the ones that came with it."""
    if direction is Direction.COLLECTION or holder is Holder.COURIER:
        return held_by(file, holder)
    if holder is Holder.OFFICE:
        return returnable(file)
    given = (h for h in reversed(file.hand_overs) if h.giver is Holder.COURIER and h.taker is Holder.RESIDENT)
    last = next(given, None)
    return tuple(o for o in held_by(file, holder) if last is not None and o.key in last.keys)


@dataclass(frozen=True)
class Passing:
    """Papers that change hands. `seen_at` is the event's time, `by` who recorded it."""

    originals: tuple[Original, ...]
    giver: Holder
    taker: Holder
    seen_at: datetime
    by: str
    seal: str | None = None
    found: str | None = None


def hand_over(passing: Passing, step_id: str) -> Outcome:
    """The hand-over as a row, each paper with its new holder, and the audit line. Nothing, if there is no paper."""
    check_unbroken(passing.originals, passing.giver)
    keys = tuple(o.key for o in passing.originals)
    if not keys:
        return ()
    p = passing
    return (
        Add(HandOver(step_id, keys, p.giver, p.taker, p.seen_at, p.by, seal=p.seal, found=p.found)),
        *(Put("original", key, {"holder": p.taker}) for key in keys),
        Fact("originals_handed_over", {"keys": list(keys), "from": str(p.giver), "to": str(p.taker), "seal": p.seal}),
    )


def check_unbroken(originals: Iterable[Original], giver: Holder) -> None:
    """A hand-over can only be given by whoever holds the paper. Raises `Conflict` otherwise."""
    wrong = [o for o in originals if o.holder is not giver]
    if wrong:
        raise Conflict("原件交接记录不连续，请核对。", key=wrong[0].key, holder=str(wrong[0].holder), giver=str(giver))


def chain_is_unbroken(originals: Iterable[Original], hand_overs: Iterable[HandOver]) -> bool:
    """Whether following every hand-over in the order of recording leads each original from the resident to its present
    holder. Not in the order of `at`: a courier's clock may be ahead of the office's."""
    at = {o.key: Holder.RESIDENT for o in originals}
    for step in hand_overs:
        for key in step.keys:
            if at.get(key) is not step.giver:
                return False
            at[key] = step.taker
    return all(at[o.key] is o.holder for o in originals)
