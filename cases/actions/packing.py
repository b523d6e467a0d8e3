"""Packing the envelope: what is in it, in which condition, under which seal, and how it looked. By the resident before
a collection, by the office before a delivery; amended as often as one likes until the courier has it.

Each time the label and the manifest are made anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from cases.called import called
from cases.custody import Condition, new_parcel, original_label, returnable
from cases.documents import document
from cases.effects import Add, Effect, Enqueue, Fact, JobKind, Outcome, Put
from cases.errors import Conflict, InvalidRequest, NotFound
from cases.items import Item
from cases.lifecycle import LEG_OPEN_FOR_BOOKING, LegState
from cases.model import CaseFile, Direction, Document, Holder, Leg, Original, Parcel
from cases.moment import Moment
from cases.sentences import say

UNPACKED = LEG_OPEN_FOR_BOOKING | {LegState.BOOKED, LegState.ASSIGNED}


class Printed(StrEnum):
    """What is printed for an envelope."""

    LABEL = "label"
    MANIFEST = "manifest"


@dataclass(frozen=True)
class PackedLine:
    """One paper as it goes into the envelope. `copies`: None for as many as the manifest wants."""

    key: str
    copies: int | None = None
    condition: str = Condition.GOOD
    note: str = ""


@dataclass(frozen=True)
class Packing:
    seal: str | None
    lines: tuple[PackedLine, ...]


def may_pack(file: CaseFile, direction: Direction) -> bool:
    leg = file.leg(direction)
    return leg is not None and leg.state in UNPACKED and bool(to_pack(file, leg))


def to_pack(file: CaseFile, leg: Leg) -> tuple[Original, ...]:
    """The papers that belong into the envelope of a leg."""
    if leg.direction is Direction.DELIVERY:
        return returnable(file)
    parcel = file.parcel(leg.id)
    return tuple(
        o for o in file.originals if o.holder is Holder.RESIDENT and (parcel is None or o.key in parcel.keys)
    )  # fmt: skip


def pack(file: CaseFile, direction: Direction, packing: Packing, now: Moment) -> Outcome:
    """The manifest as packed. Raises `InvalidRequest` where it does not say of each paper that it is inside."""
    leg = leg_to_pack(file, direction)
    papers = to_pack(file, leg)
    _check_lines(file.item, papers, packing.lines)
    parcel, made = _parcel(file, leg, papers, now)
    lines = {line.key: line for line in packing.lines}
    keys = tuple(o.key for o in papers)
    sealed = {"keys": keys, "seal": (packing.seal or "").strip() or None, "packed_at": now.at}
    return (
        *made,
        Put("parcel", parcel.id, sealed),
        *(Put("original", o.key, _as_packed(o, lines[o.key], now)) for o in papers),
        *_printed(file, parcel, tuple(Printed), now),
        Fact("originals_packed", {"direction": str(direction), "keys": list(keys), "seal": sealed["seal"]}),
    )


def photograph(file: CaseFile, direction: Direction, blob: str, sha256: str, now: Moment) -> Outcome:
    """How the papers looked when they were packed. The worker makes the copy that may be shown, with the manifest."""
    leg = leg_to_pack(file, direction)
    parcel, made = _parcel(file, leg, to_pack(file, leg), now)
    return (
        *made,
        Put("parcel", parcel.id, {"photo": blob, "picture": None, "photo_problem": None}),
        *_printed(file, parcel, (Printed.MANIFEST,), now),
        Fact("parcel_photographed", {"direction": str(direction), "sha256": sha256}),
    )


def leg_to_pack(file: CaseFile, direction: Direction) -> Leg:
    leg = file.leg(direction)
    if leg is None or not (to_pack(file, leg) or leg.state not in UNPACKED):
        raise NotFound("现在没有要装袋的原件。")
    if leg.state not in UNPACKED:
        raise Conflict("快递员已经取走，不能再改了。", state=str(leg.state))
    return leg


def _check_lines(item: Item, papers: Sequence[Original], lines: Sequence[PackedLine]) -> None:
    said = [line.key for line in lines]
    wanted = {o.key: o for o in papers}
    if unknown := [k for k in said if k not in wanted] or [k for k in set(said) if said.count(k) > 1]:
        raise InvalidRequest("有的原件不该放进这个信封，请看看清单。", keys=unknown)
    if missing := [o for o in papers if o.key not in said]:
        told = say("请一并装入：{papers}。", papers=[called(item, o.name) for o in missing])
        raise InvalidRequest(told, keys=[o.key for o in missing])
    if short := [x.key for x in lines if x.copies is not None and x.copies < wanted[x.key].copies]:
        raise InvalidRequest("份数不够，请照清单上的份数装。", keys=short)
    if odd := [x.key for x in lines if x.condition not in set(Condition)]:
        raise InvalidRequest("原件状况应为：完好、有磨损、破损。", keys=odd, allowed=list(map(str, Condition)))


def _as_packed(original: Original, line: PackedLine, now: Moment) -> dict[str, object]:
    return {
        "copies": line.copies or original.copies,
        "condition": str(line.condition),
        "note": line.note or None,
        "label": original.label or original_label(now.new_id),
    }


def _parcel(file: CaseFile, leg: Leg, papers: Sequence[Original], now: Moment) -> tuple[Parcel, Outcome]:
    """The envelope of the leg; legs of before envelopes were counted get theirs now."""
    parcel = file.parcel(leg.id)
    if parcel is not None:
        return parcel, ()
    made = new_parcel(leg, [o.key for o in papers], now)
    return made, (Add(made),)


def printed(file: CaseFile, kind: str, direction: Direction) -> Document | None:
    """The label or the manifest of the newest leg in that direction."""
    leg = file.leg(direction)
    parcel = file.parcel(leg.id) if leg is not None else None
    return _made_for(file, kind, parcel.id) if parcel is not None else None


def _made_for(file: CaseFile, kind: str, parcel_id: str) -> Document | None:
    return next((d for d in file.documents if d.kind == kind and d.content.get("parcel") == parcel_id), None)


def _printed(file: CaseFile, parcel: Parcel, kinds: Sequence[str], now: Moment) -> Outcome:
    """One paper of each kind for an envelope, made anew whenever what stands on it changes."""
    effects: list[Effect] = []
    for kind in kinds:
        before = _made_for(file, kind, parcel.id)
        if before is None:
            effects += document(file, kind, now, [], parcel=parcel.id)
        else:
            again = Enqueue(JobKind.DOCUMENT_MAKE, before.id, f"document:{before.id}")
            effects += [Put("document", before.id, {"blob": None, "made_at": now.at}), again]
    return tuple(effects)
