"""A person decides: per material, then once for the whole case."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from cases.actions.judging import at_once, passed, returned
from cases.documents import document, not_accepted_text
from cases.effects import Effect, Fact, Notify, Outcome, Put, Reviewed, move_case, move_material
from cases.errors import Conflict, InvalidRequest, NotFound, TransitionRefused
from cases.findings import Finding, FindingCode, Severity, found
from cases.items import Need
from cases.known import ended
from cases.lifecycle import CASE, CaseEvent, CaseState, MaterialEvent, MaterialState
from cases.model import CaseFile, Material
from cases.moment import Moment
from cases.waived import WaiverEnd


class MaterialDecision(StrEnum):
    ACCEPT = "accept"
    RETURN = "return"
    DEFER = "defer"
    REFUSE = "refuse"


HAND_IN_AGAIN = "需要重新提交"
"""Why a paper that was known from before is returned, where nobody says more."""


class ReviewDecision(StrEnum):
    PASS = "pass"
    RETURN = "return"
    NOT_ACCEPT = "not_accept"


@dataclass(frozen=True)
class MaterialRuling:
    key: str
    decision: MaterialDecision
    reason: str = ""
    note: str = ""
    defer_until: date | None = None


_RULED = {
    MaterialDecision.ACCEPT: (MaterialEvent.ACCEPT, MaterialState.ACCEPTED),
    MaterialDecision.RETURN: (MaterialEvent.RETURN, MaterialState.RETURNED),
    MaterialDecision.REFUSE: (MaterialEvent.RETURN, MaterialState.RETURNED),
    MaterialDecision.DEFER: (MaterialEvent.DEFER, MaterialState.DEFERRED),
}


def decide_material(file: CaseFile, ruling: MaterialRuling, now: Moment) -> Outcome:
    """Accept, return, defer or refuse one material of a case in review."""
    _require_in_review(file)
    material = file.material(ruling.key)
    if material is None:
        raise NotFound("该办件没有这份材料。", materials=[m.key for m in file.materials])
    if ruling.decision is MaterialDecision.DEFER:
        _check_deferral(material, ruling)
    if material.state is MaterialState.WAIVED and not ruling.reason:
        ruling = replace(ruling, reason=HAND_IN_AGAIN)
    if ruling.decision in (MaterialDecision.RETURN, MaterialDecision.REFUSE) and not ruling.reason:
        raise InvalidRequest("退回或不予认可时必须写明理由。")
    event, state = _RULED[ruling.decision]
    moves = () if material.state is state else (move_material(material, event),)
    values = {
        "decision": str(ruling.decision),
        "reason": ruling.reason or None,
        "note": ruling.note or None,
        "decided_by": now.by,
        "defer_until": ruling.defer_until,
    }
    back = ended(file, material.key, WaiverEnd.REFUSED, now) if state is MaterialState.RETURNED else ()
    return (
        *moves,
        *back,
        Put("material", material.key, values),
        Fact("material_decided", {"material": material.key, "decision": str(ruling.decision), "reason": ruling.reason}),
    )


def _require_in_review(file: CaseFile) -> None:
    state = file.case.state
    if state is not CaseState.IN_REVIEW:
        raise TransitionRefused("case", state, CASE.labels[state], "decide", [str(e) for e in CASE.allowed(state)])


def _check_deferral(material: Material, ruling: MaterialRuling) -> None:
    if material.need is not Need.DEFERRABLE:
        raise InvalidRequest("这份材料不可容缺后补。", need=str(material.need))
    if ruling.defer_until is None:
        raise InvalidRequest("容缺受理必须写明补交日期。")


@dataclass(frozen=True)
class ReviewRuling:
    decision: ReviewDecision
    reason: str = ""


def close_review(file: CaseFile, ruling: ReviewRuling, now: Moment) -> Outcome:
    """Close the review: pass, return with the one complete notice, or refuse to accept with the reason."""
    _require_in_review(file)
    fact = Fact("review_closed", {"decision": str(ruling.decision), "by": now.by})
    said = (fact, Reviewed(str(ruling.decision), tuple(m.decision for m in file.materials if m.decision)))
    match ruling.decision:
        case ReviewDecision.PASS:
            return (*_accept_the_rest(file), *passed(file, CaseEvent.PASS, now), *at_once(file), *said)
        case ReviewDecision.RETURN:
            return (*returned(file, _to_mend(file), now), *said)
        case ReviewDecision.NOT_ACCEPT:
            return (*_not_accepted(file, ruling.reason, now), *said)


def _accept_the_rest(file: CaseFile) -> list[Effect]:
    """A pass accepts what nobody returned; something returned or missing forbids it."""
    open_ = [m for m in file.materials if _blocks_pass(m)]
    if open_:
        raise Conflict("还有材料未通过，不能通过预审。", materials=[m.key for m in open_])
    undecided = (MaterialState.READ, MaterialState.UPLOADED)
    return [move_material(m, MaterialEvent.ACCEPT) for m in file.materials if m.state in undecided]


def _blocks_pass(material: Material) -> bool:
    if material.state is MaterialState.RETURNED:
        return True
    return material.state is MaterialState.MISSING and material.need is Need.REQUIRED


def _by_hand(file: CaseFile, material: Material) -> Finding:
    """The auditor's own words; of a material with one page, at the place that the machine doubted, if it did."""
    alone = len(file.pages_of(material.key)) == 1
    doubted = next((f for f in file.findings if f.material == material.key and f.page is not None and alone), None)
    return found(
        FindingCode.UNREADABLE,
        material=material.key,
        page=doubted.page if doubted else None,
        field=doubted.field if doubted else None,
        box=doubted.box if doubted else None,
        message=material.reason,
        advice=material.note or "请按要求重新提交这份材料。",
    )


def _to_mend(file: CaseFile) -> tuple[Finding, ...]:
    """Everything to be mended, once each: what the auditor returned, then the fixable findings not overruled."""
    ruled = {m.key for m in file.materials if m.decision is not None}
    returned_by_hand = [
        _by_hand(file, m)
        for m in file.materials
        if m.decision in (MaterialDecision.RETURN, MaterialDecision.REFUSE) and m.reason
    ]
    fixable = [f for f in file.findings if f.severity is Severity.FIXABLE and f.material not in ruled]
    listed = (*returned_by_hand, *fixable)
    if not listed:
        raise InvalidRequest("请先退回至少一份材料并写明理由。")
    return tuple(sorted(listed, key=lambda f: f.rank))


def _not_accepted(file: CaseFile, reason: str, now: Moment) -> Outcome:
    if not reason:
        raise InvalidRequest("不予受理必须写明理由。")
    return (
        *move_case(file.case, CaseEvent.NOT_ACCEPT, None),
        Put("case", file.case.number, {"closed_at": now.at}),
        *document(file, "not_accepted", now, not_accepted_text(file, reason)),
        Notify("not_accepted", {"reason": reason}),
    )
