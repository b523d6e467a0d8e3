"""A person decides: per material, then once for the whole case. What refuses waits for a second person."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from cases.actions import noticing, seconding
from cases.actions.judging import at_once, passed
from cases.actions.ruled import Ruled, require_in_review, rule_material
from cases.deferrals import BROKEN_PROMISES
from cases.effects import Effect, Fact, Outcome, Reviewed, move_material
from cases.errors import Conflict, InvalidRequest, NotFound
from cases.items import Need
from cases.lifecycle import CaseEvent, MaterialEvent, MaterialState
from cases.model import CaseFile, Material
from cases.moment import Moment
from cases.rulings import NO_EXCUSE, Excuse, ProposalKind, Proposed
from cases.sentences import say


class MaterialDecision(StrEnum):
    ACCEPT = "accept"
    RETURN = "return"
    DEFER = "defer"
    REFUSE = "refuse"


HAND_IN_AGAIN = "需要重新提交"
"""Why a paper that was known from before is returned, where nobody says more."""
DEFER_DAYS = 30
"""How far a deferred paper may lie ahead where the item says nothing: the collection time that a passed case has at most
(`cases.deadlines.COLLECTION_DAYS`); cities that put a number on it stay below (Shenzhen: 20 working days)."""


class ReviewDecision(StrEnum):
    PASS = "pass"
    RETURN = "return"
    NOT_ACCEPT = "not_accept"


@dataclass(frozen=True)
class MaterialRuling:
    """`promise`: what the applicant undertakes, of a deferral; a usual sentence stands in for none."""

    key: str
    decision: MaterialDecision
    reason: str = ""
    note: str = ""
    defer_until: date | None = None
    promise: str = ""


_RULED: Mapping[MaterialDecision, tuple[MaterialEvent, MaterialState]] = {
    MaterialDecision.ACCEPT: (MaterialEvent.ACCEPT, MaterialState.ACCEPTED),
    MaterialDecision.RETURN: (MaterialEvent.RETURN, MaterialState.RETURNED),
    MaterialDecision.DEFER: (MaterialEvent.DEFER, MaterialState.DEFERRED),
}


def decide_material(file: CaseFile, ruling: MaterialRuling, now: Moment) -> Outcome:
    """Accept, return or defer one material of a case in review; a refusal is proposed to a second person."""
    require_in_review(file)
    seconding.require_not_waiting(file)
    material = file.material(ruling.key)
    if material is None:
        raise NotFound("该办件没有这份材料。", materials=[m.key for m in file.materials])
    if material.state is MaterialState.WAIVED and not ruling.reason:
        ruling = replace(ruling, reason=HAND_IN_AGAIN)
    if ruling.decision in (MaterialDecision.RETURN, MaterialDecision.REFUSE) and not ruling.reason:
        raise InvalidRequest("退回或不予认可时必须写明理由。")
    if ruling.decision is MaterialDecision.REFUSE:
        asked = Proposed(ProposalKind.REFUSE_MATERIAL, ruling.reason, material.key, ruling.note)
        return seconding.propose(file, asked, now)
    if ruling.decision is MaterialDecision.DEFER:
        ruling = _checked_deferral(file, material, ruling, now)
    event, state = _RULED[ruling.decision]
    kept = Ruled(
        str(ruling.decision),
        event,
        state,
        now.by,
        ruling.reason,
        ruling.note,
        ruling.defer_until,
        ruling.promise or None,
    )
    return (*seconding.withdrawn(file, material.key, now), *rule_material(file, material, kept, now))


def latest_deferral(file: CaseFile, key: str, today: date) -> date:
    """The last day to which a material may be put off: the item's own bound, else the usual one."""
    spec = file.spec(key)
    return today + timedelta(days=(spec.defer_days if spec else 0) or DEFER_DAYS)


def usual_promise(name: str, until: date) -> str:
    return say(
        "本人承诺于{until}前补交“{name}”；逾期未补交的，自愿承担终止办理等后果。", until=until, name=name
    )  # fmt: skip


def _checked_deferral(file: CaseFile, material: Material, ruling: MaterialRuling, now: Moment) -> MaterialRuling:
    """With a promise. Raises `InvalidRequest`."""
    until, today = ruling.defer_until, now.today
    if material.need is not Need.DEFERRABLE:
        raise InvalidRequest("这份材料不可容缺后补。", need=str(material.need))
    if until is None:
        raise InvalidRequest("容缺受理必须写明补交日期。")
    if broken := file.extra.get(BROKEN_PROMISES):
        raise Conflict("申请人有容缺失信记录尚未修复，不适用容缺受理。", broken=broken)
    latest = latest_deferral(file, material.key, today)
    if not today < until <= latest:
        raise InvalidRequest(say("补交日期应在明天至{latest}之间。", latest=latest), latest=latest.isoformat())
    return replace(ruling, promise=ruling.promise or str(usual_promise(material.name, until)))


@dataclass(frozen=True)
class ReviewRuling:
    decision: ReviewDecision
    reason: str = ""
    excuse: Excuse = NO_EXCUSE


def close_review(file: CaseFile, ruling: ReviewRuling, now: Moment) -> Outcome:
    """Close the review: pass, return with the one complete notice, or propose not to accept with the reason."""
    require_in_review(file)
    seconding.require_none_waiting(file)
    fact = Fact("review_closed", {"decision": str(ruling.decision), "by": now.by})
    said = (fact, Reviewed(str(ruling.decision), tuple(m.decision for m in file.materials if m.decision)))
    match ruling.decision:
        case ReviewDecision.PASS:
            return (*_accept_the_rest(file), *passed(file, CaseEvent.PASS, now), *at_once(file), *said)
        case ReviewDecision.RETURN:
            return (*noticing.send(file, ruling.excuse, now), *said)
        case ReviewDecision.NOT_ACCEPT:
            if not ruling.reason:
                raise InvalidRequest("不予受理必须写明理由。")
            return seconding.propose(file, Proposed(ProposalKind.NOT_ACCEPT, ruling.reason), now)


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
