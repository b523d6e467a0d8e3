"""The envelope on the office's table: the seal is looked at, the papers are counted against the manifest.

What is there is the office's from that moment, whatever else is wrong. A difference (missing, over, damaged, another
seal, a broken one) stops the case with an incident; a later count that agrees settles it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cases.custody import (
    OFFICE_WINDOW,
    Difference,
    Differs,
    Passing,
    Received,
    Seal,
    awaited,
    compare,
    from_each_holder,
    home_leg,
    original_label,
    seal_differs,
)
from cases.documents import document, receipt_text
from cases.effects import Add, Enqueue, Fact, JobKind, Notify, Outcome, Put, move_booking, move_case, move_leg
from cases.incidents import IncidentKind, Settlement, closed, open_incident, stopping
from cases.items import OriginalUse
from cases.lifecycle import CASE, BookingEvent, BookingState, CaseEvent, CaseState, LegState, advance
from cases.model import Booking, CaseFile, Direction, Holder, Incident, Leg, Original
from cases.moment import Moment


def receive_originals(
    file: CaseFile,
    received: Sequence[Received],
    seal: str | None,
    now: Moment,
    *,
    broken: bool = False,
    place: str = OFFICE_WINDOW,
) -> Outcome:
    """The office looks at the seal, opens the envelope and counts. What is there is the office's from now on. All
    there: received. A difference stops the case with an incident, until it is settled or another count agrees."""
    wanted = awaited(file)
    if not wanted:
        advance(CASE, file.case.state, CaseEvent.RECEIVE)  # refuses before anything is compared
    named = {r.key for r in received}
    expected = tuple(o for o in file.originals if o in wanted or o.key in named)
    opened = _Opened(expected, tuple(received), Seal(seal, broken), place)
    differences = (*compare(expected, received), *_seal_difference(file, opened))
    if differences:
        return _difference_found(file, opened, differences, now)
    settled = [i for i in file.open_incidents if i.kind in _COUNTED]
    then = replace(
        file, originals=tuple(replace(o, holder=Holder.OFFICE) if o in expected else o for o in file.originals)
    )
    return (
        *_taken(opened, expected, "与清单一致", now),
        *(e for i in settled for e in closed(i, Settlement.FOUND, "复核与清单一致", now)),
        *_collection_finished(file, now, whole=True),
        *received_now(replace(then, incidents=_without(file.incidents, settled)), seal, now),
    )  # fmt: skip


@dataclass(frozen=True)
class _Opened:
    """An envelope on the office's table."""

    expected: tuple[Original, ...]
    received: tuple[Received, ...]
    seal: Seal
    place: str


_COUNTED = frozenset(
    {
        IncidentKind.MANIFEST_DIFFERENCE,
        IncidentKind.PARCEL_LOST,
        IncidentKind.ORIGINAL_LOST,
        IncidentKind.PICKUP_RETURNED,
    }
)
"""What a count that agrees shows to be over."""


def _without(incidents: Sequence[Incident], settled: Sequence[Incident]) -> tuple[Incident, ...]:
    return tuple(i for i in incidents if i not in settled)


def received_now(file: CaseFile, seal: str | None, now: Moment) -> Outcome:
    """The case goes on when nothing is awaited and no incident stops it; the file as it is by then."""
    if CaseEvent.RECEIVE not in CASE.allowed(file.case.state) or awaited(file) or stopping(file):
        return (Notify("originals_received"), *home_leg(file, now))
    names = [o.name for o in file.originals if o.holder is Holder.OFFICE]
    missing = [o.name for o in file.originals if o.holder is not Holder.OFFICE and o.excused]
    return (
        *move_case(file.case, CaseEvent.RECEIVE, now.deadline(CaseState.RECEIVED, file.item)),
        *document(file, "receipt", now, receipt_text(file, names, seal, missing)),
        Notify("originals_received"),
    )


def _taken(opened: _Opened, papers: Sequence[Original], found: str, now: Moment) -> Outcome:
    """What was in the envelope is the office's now, each paper from whoever had it."""
    conditions = {r.key: str(r.condition) for r in opened.received}
    new = tuple(o for o in papers if o.holder in (Holder.RESIDENT, Holder.COURIER))
    step = Passing(new, Holder.COURIER, Holder.OFFICE, now.at, now.by, opened.seal.number, found, opened.place)
    seen = (Put("original", o.key, {"condition": conditions[o.key], "lost_at": None}) for o in papers)
    return (*from_each_holder(step, now.new_id), *seen)


def _seal_difference(file: CaseFile, opened: _Opened) -> tuple[Difference, ...]:
    leg = file.leg(Direction.COLLECTION)
    parcel = file.parcel(leg.id) if leg is not None and leg.state is not LegState.HANDED_OVER else None
    by_courier = any(o.holder is Holder.COURIER for o in opened.expected)
    differs = seal_differs(parcel, opened.seal, Holder.COURIER if by_courier else Holder.RESIDENT)
    return (Difference("", 0, 0, str(differs), differs),) if differs is not None else ()


def _difference_found(
    file: CaseFile, opened: _Opened, differences: Sequence[Difference], now: Moment
) -> Outcome:  # fmt: skip
    lines = [_line(d) for d in differences]
    there = {r.key for r in opened.received if r.copies > 0}
    papers = tuple(o for o in opened.expected if o.key in there)
    extra = _not_on_the_manifest(opened, now)
    found = "；".join(_WORDS[d.differs] for d in differences)
    rest = tuple(o for o in file.originals if o not in papers)
    here = tuple(replace(o, holder=Holder.OFFICE) for o in (*papers, *extra))
    return (
        *(Add(o) for o in extra),
        *_taken(opened, (*papers, *extra), f"与清单不一致：{found}", now),
        *(_collection_finished(file, now) if there else ()),
        *_difference_open(file, lines, {"by": now.by, "seal": opened.seal.number}, now),
        Fact("originals_differ", {"lines": lines}),
        *home_leg(replace(file, originals=(*rest, *here)), now),
    )


def _line(d: Difference) -> dict[str, Any]:
    plain = {"key": d.key, "expected": d.expected, "found": d.found, "condition": str(d.condition)}
    return {**plain, "differs": str(d.differs)}


_WORDS: Mapping[Differs, str] = {
    Differs.MISSING: "缺少原件",
    Differs.OVER: "多出原件",
    Differs.DAMAGED: "原件损坏",
    Differs.OTHER_SEAL: "封签号不符",
    Differs.BROKEN_SEAL: "封签破损",
}


def _difference_open(
    file: CaseFile, lines: Sequence[Mapping[str, Any]], seen: Mapping[str, Any], now: Moment
) -> Outcome:
    """One incident for one envelope: a second count that differs, too, says what is wrong by now."""
    keys = tuple(str(d["key"]) for d in lines if d["key"])
    detail = {**seen, "lines": list(lines)}
    before = next((i for i in file.open_incidents if i.kind == IncidentKind.MANIFEST_DIFFERENCE), None)
    if before is not None:
        return (Put("incident", before.id, {"detail": detail, "keys": keys}), Notify("originals_differ"))
    return open_incident(file, IncidentKind.MANIFEST_DIFFERENCE, keys, detail, now)


def _not_on_the_manifest(opened: _Opened, now: Moment) -> tuple[Original, ...]:
    """Papers that nobody announced are kept as carefully as the others, and go home."""
    known = {o.key for o in opened.expected}
    return tuple(
        Original(r.key, r.name or "清单外文件", OriginalUse.SHOW, r.copies, Holder.RESIDENT, label=original_label(now.new_id))
        for r in opened.received
        if r.key not in known and r.copies > 0
    )  # fmt: skip


def _collection_finished(file: CaseFile, now: Moment, *, whole: bool = False) -> Outcome:
    """`whole`: everything is here, so that nothing is left to be fetched; else the rest may still be sent."""
    leg = file.leg(Direction.COLLECTION)
    booking = file.live_booking(leg.id) if leg is not None else None
    untouched = leg is not None and leg.state is LegState.OFFERED and booking is None
    if leg is None or leg.state is LegState.HANDED_OVER or (untouched and not whole):
        return ()
    return (*move_leg(leg, LegState.HANDED_OVER, now.at), *_courier_finished(leg, booking))


def _courier_finished(leg: Leg, booking: Booking | None) -> Outcome:
    """One who was still to come is called off: the papers came another way."""
    if booking is None or booking.state is not BookingState.BOOKED:
        return ()
    finished = move_booking(booking, BookingEvent.FINISH)
    if leg.state not in (LegState.BOOKED, LegState.ASSIGNED):
        return (finished,)
    return (finished, Enqueue(JobKind.COURIER_CANCEL, booking.id, f"cancel:{booking.id}"))
