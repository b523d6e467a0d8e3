"""Custody 原件: who holds each paper, as an unbroken chain of hand-overs; what was packed, and what was found.

A manifest line is an `Original`; the envelope of a leg is a `Parcel`. A paper is given only by whoever holds it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from cases.checklist import with_originals
from cases.effects import Add, Effect, Fact, Outcome, Put
from cases.errors import Conflict
from cases.items import OriginalUse
from cases.labels import Labelled, label_code
from cases.lifecycle import CASE, LEG_FINAL, LEG_MOVING, AssignmentState, CaseEvent, LegState, TransferState
from cases.model import CaseFile, Direction, HandOver, Holder, Leg, NewId, Original, Parcel
from cases.moment import Moment

OFFICE_WINDOW = "政务服务中心窗口"
"""Where the office takes and gives, unless the window is named."""


class Condition(StrEnum):
    GOOD = "good"
    WORN = "worn"
    DAMAGED = "damaged"


class Differs(StrEnum):
    """How what was found is not what was packed."""

    MISSING = "missing"
    OVER = "over"
    DAMAGED = "damaged"
    OTHER_SEAL = "other_seal"
    BROKEN_SEAL = "broken_seal"


@dataclass(frozen=True)
class Received:
    """One line of what the office found in the envelope. `name` only of a paper that the manifest does not list."""

    key: str
    copies: int
    condition: str = Condition.GOOD
    name: str = ""


@dataclass(frozen=True)
class Difference:
    key: str
    expected: int
    found: int
    condition: str
    differs: Differs = Differs.MISSING


@dataclass(frozen=True)
class Seal:
    """What was seen of the envelope before it was opened."""

    number: str | None = None
    broken: bool = False


# ── the manifest ──


def manifest(file: CaseFile, new_id: NewId) -> tuple[Original, ...]:
    """What the resident packs: one line per original, each with its label, before any hand-over."""
    return tuple(
        Original(s.key, s.name, s.original, max(1, s.copies), Holder.RESIDENT, label=original_label(new_id))
        for s in with_originals(file)
    )


def original_label(new_id: NewId) -> str:
    return label_code(Labelled.ORIGINAL, new_id())


def new_leg(direction: Direction, keys: Iterable[str], now: Moment) -> Outcome:
    """A leg that may be booked, and its envelope. The office's envelope is filled when it is packed."""
    leg = Leg(now.new_id(), direction, LegState.OFFERED, now.at)
    return (Add(leg), Add(new_parcel(leg, keys, now)))


def new_parcel(leg: Leg, keys: Iterable[str], now: Moment) -> Parcel:
    return Parcel(now.new_id(), leg.id, label_code(Labelled.PARCEL, now.new_id()), tuple(keys))


def compare(expected: Iterable[Original], received: Iterable[Received]) -> tuple[Difference, ...]:
    """Line by line: what is missing, over, or not as it was packed. Empty when all agrees."""
    found = {line.key: line for line in received}
    lines = {o.key: o for o in expected}
    differences = []
    for key in [*lines, *(k for k in found if k not in lines)]:
        want = lines[key].copies if key in lines else 0
        got = found.get(key, Received(key, 0))
        how = _differs(want, lines[key].condition if key in lines else None, got)
        if how is not None:
            differences.append(Difference(key, want, got.copies, got.condition, how))
    return tuple(differences)


def _differs(want: int, packed_as: str | None, got: Received) -> Differs | None:
    if got.copies < want:
        return Differs.MISSING
    if got.copies > want:
        return Differs.OVER
    as_packed = got.condition in (Condition.GOOD, packed_as)
    return None if as_packed else Differs.DAMAGED


def seal_differs(parcel: Parcel | None, seen: Seal, giver: Holder) -> Differs | None:
    """An envelope that a courier brought bears the seal it was given, unbroken."""
    if seen.broken:
        return Differs.BROKEN_SEAL
    if parcel is None or parcel.seal is None or (giver is not Holder.COURIER and seen.number is None):
        return None
    return Differs.OTHER_SEAL if (seen.number or "").strip() != parcel.seal else None


# ── where the papers are ──


def held_by(file: CaseFile, holder: Holder) -> tuple[Original, ...]:
    return tuple(o for o in file.originals if o.holder is holder)


def awaited(file: CaseFile) -> tuple[Original, ...]:
    """Papers that the office still wants to hold: those that no incident excuses and that are not there yet. Once the
    case has been received, only those of a collection that was asked for afterwards."""
    out = [o for o in file.originals if o.holder in (Holder.RESIDENT, Holder.COURIER) and o.excused is None]
    if CaseEvent.RECEIVE in CASE.allowed(file.case.state):
        return tuple(out)
    coming = {k for leg in _collections_under_way(file) if (p := file.parcel(leg.id)) for k in p.keys}
    return tuple(o for o in out if o.key in coming)


def _collections_under_way(file: CaseFile) -> list[Leg]:
    return [x for x in file.legs if x.direction is Direction.COLLECTION and x.state not in LEG_FINAL]


def ended_well(file: CaseFile) -> bool:
    refused = any(a.state is AssignmentState.REFUSED for a in file.assignments)
    return not CASE.is_final(file.case.state) and not refused


def goes_home(file: CaseFile, original: Original) -> bool:
    """Papers only shown; every paper of a case that did not end well."""
    return original.use is OriginalUse.SHOW or not ended_well(file)


def returnable(file: CaseFile) -> tuple[Original, ...]:
    """What the office holds and does not keep."""
    return tuple(o for o in held_by(file, Holder.OFFICE) if goes_home(file, o))


def with_departments(file: CaseFile) -> tuple[Original, ...]:
    """What must come back to the office before it can go home."""
    offered = {k for t in file.transfers if t.state is TransferState.OFFERED for k in t.keys}
    away = [o for o in file.originals if o.holder is Holder.DEPARTMENT or o.key in offered]
    return tuple(o for o in away if goes_home(file, o))


def home_leg(file: CaseFile, now: Moment) -> Outcome:
    """A delivery leg for the papers of a case that has ended, once no department has any; nothing if one is open."""
    leg = file.leg(Direction.DELIVERY)
    under_way = leg is not None and leg.state not in LEG_FINAL
    if not CASE.is_final(file.case.state) or under_way or not returnable(file) or with_departments(file):
        return ()
    return new_leg(Direction.DELIVERY, (), now)


ROAD: Mapping[Direction, tuple[Holder, ...]] = {
    Direction.COLLECTION: (Holder.RESIDENT, Holder.COURIER),
    Direction.DELIVERY: (Holder.OFFICE, Holder.COURIER, Holder.RESIDENT),
}
"""Through whose hands a parcel goes. That a collection is with the office is only proved by its own count."""


def in_the_parcel(file: CaseFile, leg: Leg, holder: Holder) -> tuple[Original, ...]:
    """The papers of a leg's parcel while `holder` has it."""
    held = held_by(file, holder)
    if leg.direction is Direction.COLLECTION:
        parcel = file.parcel(leg.id)
        return tuple(o for o in held if parcel is None or o.key in parcel.keys)
    if holder is Holder.OFFICE:
        return returnable(file)
    came_by = [Holder.OFFICE] if holder is Holder.COURIER else [Holder.OFFICE, Holder.COURIER]
    moving = [x for x in _collections_under_way(file) if x.state in LEG_MOVING]
    fetched = {k for x in moving if (p := file.parcel(x.id)) for k in p.keys}
    return tuple(o for o in held if o.key not in fetched and _givers(file, o.key)[-len(came_by) :] == came_by)


def _givers(file: CaseFile, key: str) -> list[Holder]:
    """Through whose hands a paper came to where it is; a delivery that was taken back, and that step back, left out."""
    givers: list[Holder] = []
    for step in chain_of(file, key):
        taken_back = step.giver is Holder.RESIDENT and givers[-2:] == [Holder.OFFICE, Holder.COURIER]
        if taken_back and step.taker is Holder.COURIER:
            givers.pop()
        else:
            givers.append(step.giver)
    return givers


def last_step(file: CaseFile, key: str) -> HandOver | None:
    """How a paper came to whoever has it."""
    return next((h for h in reversed(file.hand_overs) if key in h.keys), None)


def chain_of(file: CaseFile, key: str) -> tuple[HandOver, ...]:
    return tuple(h for h in file.hand_overs if key in h.keys)


# ── changing hands ──


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
    place: str | None = None
    department: str | None = None
    """Which one takes them, where a department does."""


def hand_over(passing: Passing, step_id: str) -> Outcome:
    """The hand-over as a row, each paper with its new holder, and the audit line. Nothing, if there is no paper."""
    check_unbroken(passing.originals, passing.giver)
    keys = tuple(o.key for o in passing.originals)
    if not keys:
        return ()
    p = passing
    return (
        Add(HandOver(step_id, keys, p.giver, p.taker, p.seen_at, p.by, p.place or None, p.seal, p.found)),
        *(Put("original", key, {"holder": p.taker, "department": p.department}) for key in keys),
        Fact("originals_handed_over", {"keys": list(keys), "from": str(p.giver), "to": str(p.taker), "seal": p.seal}),
    )


def from_each_holder(passing: Passing, new_id: NewId) -> Outcome:
    """The same, where the papers may be in several hands: one step for each giver."""
    steps: list[Effect] = []
    for giver in Holder:
        theirs = tuple(o for o in passing.originals if o.holder is giver and giver is not passing.taker)
        steps += hand_over(replace(passing, originals=theirs, giver=giver), new_id()) if theirs else ()
    return tuple(steps)


def check_unbroken(originals: Iterable[Original], giver: Holder) -> None:
    """A hand-over can only be given by whoever holds the paper. Raises `Conflict` otherwise."""
    wrong = [o for o in originals if o.holder is not giver]
    if wrong:
        raise Conflict("原件交接记录不连续，请核对。", key=wrong[0].key, holder=str(wrong[0].holder), giver=str(giver))


def chain_is_unbroken(originals: Iterable[Original], hand_overs: Sequence[HandOver]) -> bool:
    """Whether following every hand-over in the order of recording leads each original from the resident to its present
    holder. Not in the order of `at`: a courier's clock may be ahead of the office's."""
    at = {o.key: Holder.RESIDENT for o in originals}
    for step in hand_overs:
        for key in step.keys:
            if at.get(key) is not step.giver:
                return False
            at[key] = step.taker
    return all(at[o.key] is o.holder for o in originals)
