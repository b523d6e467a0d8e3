"""Settling what went wrong with papers: what becomes of them and of the case.

Found; sent once more by the resident; done without; returned to the resident (the case ends); compensated; of a
delivery: sent again, or fetched at the counter. Every end has its reason.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from cases.actions.deciding import deliver_by_hand
from cases.actions.decisions import nobody_works_on
from cases.actions.incidents import incident_of
from cases.actions.receiving import received_now
from cases.actions.recipients import ask, in_question
from cases.announcing import Why
from cases.custody import (
    OFFICE_WINDOW,
    Passing,
    from_each_holder,
    hand_over,
    home_leg,
    new_leg,
    original_label,
    returnable,
)
from cases.effects import Add, Effect, Fact, Notify, Outcome, Put, move_case, move_leg
from cases.errors import Conflict, InvalidRequest
from cases.incidents import IncidentKind, Settlement, closed, of_leg, rule_of
from cases.lifecycle import (
    CASE,
    INCIDENT,
    LEG_OPEN_FOR_BOOKING,
    CaseEvent,
    CaseState,
    IncidentEvent,
    LegState,
    advance,
)
from cases.model import CaseFile, Direction, Holder, Incident, Original
from cases.moment import Moment


@dataclass(frozen=True)
class Settling:
    how: Settlement
    reason: str
    amount_fen: int = 0


def settle(file: CaseFile, incident_id: str, settling: Settling, now: Moment) -> Outcome:
    """The end. Raises `InvalidRequest` for an end that this kind does not have, or one without its reason."""
    incident = incident_of(file, incident_id)
    advance(INCIDENT, incident.state, IncidentEvent.SETTLE)
    _check(incident, settling)
    done = closed(incident, settling.how, settling.reason, now)
    others = tuple(i if i.id != incident.id else replace(i, closed_at=now.at) for i in file.incidents)
    effects = _EFFECTS[settling.how](replace(file, incidents=others), incident, settling, now)
    told = Notify("incident_settled", {"incident": incident.id, "settlement": str(settling.how)})
    return (*done, *effects, told, *_asked_again(replace(file, incidents=others), incident, now))


def _asked_again(file: CaseFile, incident: Incident, now: Moment) -> Outcome:
    """A parcel that somebody else signed for is waited for until it is known that the addressee has it."""
    leg = file.leg_by_id(str(incident.detail.get("leg")))
    if leg is None or not in_question(leg) or leg.answer_due is not None or of_leg(file, leg.id):
        return ()
    return ask(replace(leg, asks=0), None, now)


def _check(incident: Incident, settling: Settling) -> None:
    allowed = rule_of(incident).settlements
    if settling.how not in allowed:
        raise InvalidRequest("这类异常不能这样办结。", allowed=list(map(str, allowed)))
    if not settling.reason:
        raise InvalidRequest("办结必须写明理由。")
    if settling.how is Settlement.COMPENSATED and settling.amount_fen <= 0:
        raise InvalidRequest("请写明赔偿金额。")


def _papers_of(file: CaseFile, incident: Incident) -> tuple[Original, ...]:
    return tuple(o for o in file.originals if o.key in incident.keys)


def _away(papers: Sequence[Original]) -> tuple[Original, ...]:
    """Those that the office has not got."""
    return tuple(o for o in papers if o.holder in (Holder.RESIDENT, Holder.COURIER))


def _changed(file: CaseFile, papers: Sequence[Original], **values: object) -> CaseFile:
    keys = {o.key for o in papers}
    return replace(
        file, originals=tuple(replace(o, **values) if o.key in keys else o for o in file.originals)  # type: ignore[arg-type]
    )  # fmt: skip


def _found(file: CaseFile, incident: Incident, settling: Settling, now: Moment) -> Outcome:
    """It is all there. Papers of a lost parcel are still the courier's: the office counts them when they come."""
    papers = _papers_of(file, incident)
    back = tuple(Put("original", o.key, {"lost_at": None}) for o in papers if o.lost_at is not None)
    if incident.kind != IncidentKind.MANIFEST_DIFFERENCE:
        return (*back, *received_now(_changed(file, papers, lost_at=None), None, now)) if _collecting(file) else back
    came = _away(papers)
    taken = Passing(came, Holder.COURIER, Holder.OFFICE, now.at, now.by, None, settling.reason, OFFICE_WINDOW)
    then = _changed(file, papers, holder=Holder.OFFICE, lost_at=None)
    return (*back, *from_each_holder(taken, now.new_id), *received_now(then, None, now))


def _collecting(file: CaseFile) -> bool:
    return CaseEvent.RECEIVE in CASE.allowed(file.case.state)


def _resent(file: CaseFile, incident: Incident, _settling: Settling, now: Moment) -> Outcome:
    """A new collection: of the paper that had stayed at home, or of the one issued in place of the lost."""
    if file.case.state in _TOO_LATE or CASE.is_final(file.case.state):
        raise Conflict("办件已办结，不需要再补寄。", state=str(file.case.state))
    papers = _papers_of(file, incident)
    lost = tuple(o for o in papers if o.lost_at is not None or incident.kind in _GONE)
    spoilt = tuple(o for o in papers if incident.kind == IncidentKind.ORIGINAL_DAMAGED)
    at_home = tuple(o for o in _away(papers) if o not in lost)
    again: tuple[Original, ...] = ()
    for paper in dict.fromkeys((*lost, *spoilt)):
        again = (*again, _issued_again(replace(file, originals=(*file.originals, *again)), paper, now))
    keys = [*(o.key for o in at_home), *(o.key for o in again)]
    if not keys:
        raise InvalidRequest("没有需要补寄的原件。")
    return (
        *_stayed_at_home(at_home, now),
        *_gone_for_good(lost, Settlement.RESENT, now),
        *(Put("original", o.key, {"excused": str(Settlement.RESENT)}) for o in spoilt),
        *(Add(o) for o in again),
        *_collect_again(file, keys, now),
        Notify("originals_resend", {"names": [o.name for o in (*at_home, *again)]}),
    )


_TOO_LATE = frozenset({CaseState.CONCLUDED, CaseState.DELIVERING, CaseState.DELIVERED})
_GONE = frozenset({IncidentKind.PARCEL_LOST, IncidentKind.ORIGINAL_LOST})


def _issued_again(file: CaseFile, lost: Original, now: Moment) -> Original:
    """A line of its own for the paper that takes the place of one that is gone."""
    base = lost.key.split("~")[0]
    number = 2 + sum(o.key.startswith(f"{base}~") for o in file.originals)
    name = lost.name.removesuffix("（补办）") + "（补办）"
    return Original(f"{base}~{number}", name, lost.use, lost.copies, Holder.RESIDENT, label=original_label(now.new_id))


def _stayed_at_home(papers: Sequence[Original], now: Moment) -> Outcome:
    """What was not in the envelope has never left: the record is put right by a step back."""
    back = Passing(tuple(papers), Holder.COURIER, Holder.RESIDENT, now.at, now.by, found="未装入邮包，仍由申请人保管")
    return from_each_holder(back, now.new_id)


def _gone_for_good(papers: Sequence[Original], why: Settlement, now: Moment) -> list[Effect]:
    return [Put("original", o.key, {"lost_at": o.lost_at or now.at, "excused": str(why)}) for o in papers]


def _collect_again(file: CaseFile, keys: Sequence[str], now: Moment) -> Outcome:
    """A leg that may be booked for these papers: the one that nobody has booked yet, or a new one."""
    moved: Outcome = ()
    if CaseEvent.COLLECTION_FAILED in CASE.allowed(file.case.state):
        due = now.deadline(CaseState.PREAUDIT_PASSED, file.item)
        moved = move_case(file.case, CaseEvent.COLLECTION_FAILED, due)
    leg = file.leg(Direction.COLLECTION)
    idle = leg is not None and leg.state in LEG_OPEN_FOR_BOOKING and file.live_booking(leg.id) is None
    parcel = file.parcel(leg.id) if leg is not None and idle else None
    if parcel is None:
        return (*moved, *new_leg(Direction.COLLECTION, keys, now))
    return (*moved, Put("parcel", parcel.id, {"keys": tuple(keys), "seal": None, "packed_at": None}))


def _without(file: CaseFile, incident: Incident, settling: Settling, now: Moment) -> Outcome:
    """The case goes on with what is there. `excused` says of each paper why the office has not got it."""
    papers = _away(_papers_of(file, incident))
    lost = tuple(o for o in papers if o.lost_at is not None or incident.kind in _GONE)
    home = tuple(o for o in papers if o not in lost)
    paid = (Fact("compensated", {"incident": incident.id, "amount_fen": settling.amount_fen}),)
    then = _changed(file, papers, excused=str(settling.how))
    return (
        *_stayed_at_home(home, now),
        *_gone_for_good(lost, settling.how, now),
        *(Put("original", o.key, {"excused": str(settling.how)}) for o in home),
        *(paid if settling.how is Settlement.COMPENSATED else ()),
        *(received_now(then, None, now) if _collecting(file) else ()),
    )


def _returned(file: CaseFile, incident: Incident, _settling: Settling, now: Moment) -> Outcome:
    """The case ends where it may, and every paper that the office holds goes home. Papers that are only over what the
    manifest says go home with the result."""
    lines = incident.detail.get("lines", ())
    only_over = bool(lines) and all(d.get("differs") == "over" for d in lines)
    if only_over or CaseEvent.ABORT not in CASE.allowed(file.case.state):
        return received_now(file, None, now) if _collecting(file) else _never_came(file, incident, now)
    then = replace(file, case=replace(file.case, state=CaseState.ABORTED))
    stayed = () if incident.kind in _GONE else _stayed_at_home(_away(_papers_of(file, incident)), now)
    return (
        *move_case(file.case, CaseEvent.ABORT, None),
        *nobody_works_on(file, Why.ABORTED, now),
        Put("case", file.case.number, {"closed_at": now.at}),
        *stayed,
        *home_leg(then, now),
    )


def _never_came(file: CaseFile, incident: Incident, now: Moment) -> Outcome:
    """The case has ended meanwhile, or goes on: what was counted as missing has stayed at home all the same."""
    counted = incident.kind == IncidentKind.MANIFEST_DIFFERENCE
    return _stayed_at_home(_away(_papers_of(file, incident)), now) if counted else ()


def _redelivered(_file: CaseFile, _incident: Incident, _settling: Settling, _now: Moment) -> Outcome:
    """The leg is open for another booking as soon as the parcel is back."""
    return ()


def _fetched(file: CaseFile, _incident: Incident, settling: Settling, now: Moment) -> Outcome:
    """Handed over at the counter, to the applicant in person."""
    leg = file.leg(Direction.DELIVERY)
    if leg is None or leg.state not in LEG_OPEN_FOR_BOOKING or file.live_booking(leg.id) is not None:
        raise Conflict("邮件尚未退回窗口，不能现场领取。", state=str(leg.state) if leg else None)
    given = Passing(
        returnable(file), Holder.OFFICE, Holder.RESIDENT, now.at, now.by, None, settling.reason, OFFICE_WINDOW
    )  # fmt: skip
    handed = (*hand_over(given, now.new_id()), *move_leg(leg, LegState.HANDED_OVER, now.at))
    if CaseEvent.HAND_OVER not in CASE.allowed(file.case.state):
        return handed
    return (*handed, *deliver_by_hand(file, "申请人到窗口领取", now))


_EFFECTS: Mapping[Settlement, Callable[[CaseFile, Incident, Settling, Moment], Outcome]] = {
    Settlement.FOUND: _found,
    Settlement.RESENT: _resent,
    Settlement.ACCEPTED_WITHOUT: _without,
    Settlement.COMPENSATED: _without,
    Settlement.RETURNED: _returned,
    Settlement.REDELIVERED: _redelivered,
    Settlement.FETCHED: _fetched,
}
