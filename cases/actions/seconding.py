"""Four eyes: a refusal is proposed by one person and stands when a second one confirms it.

The same person never does both. A proposal is answered once: confirmed, rejected with a reason, or withdrawn by whoever
made it. While the whole case waits so, nothing else is decided on it.
"""

from datetime import datetime
from enum import StrEnum

from cases.actions.ruled import Ruled, not_accepted, require_in_review, rule_material
from cases.deadlines import end_of
from cases.effects import Add, Fact, Outcome, Put, Reviewed, move_proposal
from cases.errors import Conflict, Forbidden, InvalidRequest, NotFound
from cases.lifecycle import MaterialEvent, MaterialState
from cases.model import CaseFile
from cases.moment import Moment
from cases.rulings import PROPOSAL_LABELS, SECOND_DAYS, Proposal, ProposalEvent, ProposalKind, ProposalState, Proposed

REFUSE = "refuse"


class Answer(StrEnum):
    CONFIRM = "confirm"
    REJECT = "reject"
    WITHDRAW = "withdraw"


def waiting(file: CaseFile, material: str | None = None) -> tuple[Proposal, ...]:
    """Proposals nobody has answered: of one material, or of the whole file."""
    open_ = (p for p in file.proposals if p.state is ProposalState.WAITING)
    return tuple(p for p in open_ if material is None or p.material == material)


def require_not_waiting(file: CaseFile) -> None:
    """Raises `Conflict` while it is proposed not to accept the case."""
    for proposal in waiting(file):
        if proposal.kind is ProposalKind.NOT_ACCEPT:
            raise Conflict("已提出不予受理，正等待第二人复核。", proposal=proposal.id)


def require_none_waiting(file: CaseFile) -> None:
    """Raises `Conflict` while anything waits for a second person: the review is not at its end."""
    open_ = waiting(file)
    if open_:
        named = [p.material or PROPOSAL_LABELS[p.kind] for p in open_]
        raise Conflict("还有不予认可的决定等待第二人复核。", proposals=[p.id for p in open_], materials=named)


def propose(file: CaseFile, asked: Proposed, now: Moment) -> Outcome:
    """One person's half of a refusal. Raises `Conflict` where the same is proposed already."""
    require_in_review(file)
    if any((p.kind, p.material) == (asked.kind, asked.material) for p in waiting(file)):
        raise Conflict("已经提出，正等待第二人复核。")
    made = Proposal(
        now.new_id(), asked.kind, asked.reason, now.by, now.at, asked.material, asked.note or None,
        due_at=_answer_due(file, now),
    )  # fmt: skip
    return (Add(made), Fact("refusal_proposed", {"kind": str(asked.kind), "material": asked.material}))


def _answer_due(file: CaseFile, now: Moment) -> datetime:
    """The review itself may be over sooner."""
    usual, review = end_of(now.in_working_days(SECOND_DAYS)), file.case.deadline_at
    return usual if review is None else max(now.at, min(usual, review))


def withdrawn(file: CaseFile, material: str, now: Moment) -> Outcome:
    """A new decision takes the place of one's own proposal. Raises `Conflict` where it is somebody else's."""
    gone: Outcome = ()
    for proposal in waiting(file, material):
        if proposal.by != now.by:
            raise Conflict("该材料已由他人提出不予认可，请先复核。", proposal=proposal.id)
        gone += _answered(proposal, ProposalEvent.WITHDRAW, "", now)
    return gone


def second(file: CaseFile, proposal_id: str, answer: Answer, reason: str, now: Moment) -> Outcome:
    """The other half. Raises `Forbidden` for whoever proposed it, `Conflict` where it was answered before."""
    proposal = next((p for p in file.proposals if p.id == proposal_id), None)
    if proposal is None:
        raise NotFound("没有这项待复核的决定。")
    if proposal.state is not ProposalState.WAITING:
        raise Conflict("这项决定已经复核过。", state=str(proposal.state))
    require_in_review(file)
    _check_who(proposal, answer, now)
    match answer:
        case Answer.CONFIRM:
            answered = _answered(proposal, ProposalEvent.CONFIRM, reason, now)
            return (*answered, *_carried_out(file, proposal, now))
        case Answer.REJECT:
            if not reason:
                raise InvalidRequest("不同意时必须写明理由。")
            return _answered(proposal, ProposalEvent.REJECT, reason, now)
        case Answer.WITHDRAW:
            return _answered(proposal, ProposalEvent.WITHDRAW, reason, now)


def _check_who(proposal: Proposal, answer: Answer, now: Moment) -> None:
    own = proposal.by == now.by
    if own and answer is not Answer.WITHDRAW:
        raise Forbidden("不能复核自己提出的决定，请由另一位工作人员复核。")
    if not own and answer is Answer.WITHDRAW:
        raise Forbidden("只有提出的人可以撤回。")


def _answered(proposal: Proposal, event: ProposalEvent, reason: str, now: Moment) -> Outcome:
    values = {"answered_by": now.by, "answered_at": now.at, "answer": reason or None}
    said = {"kind": str(proposal.kind), "material": proposal.material, "answer": str(event)}
    return (
        move_proposal(proposal, event),
        Put("proposal", proposal.id, values),
        Fact("refusal_answered", said),
    )


def _carried_out(file: CaseFile, proposal: Proposal, now: Moment) -> Outcome:
    if proposal.kind is ProposalKind.NOT_ACCEPT:
        closed = Fact("review_closed", {"decision": "not_accept", "by": proposal.by, "second": now.by})
        return (*not_accepted(file, proposal.reason, now), closed, Reviewed("not_accept"))
    material = file.material(proposal.material or "")
    if material is None:
        raise NotFound("该办件没有这份材料。")
    ruled = Ruled(REFUSE, MaterialEvent.RETURN, MaterialState.RETURNED, proposal.by, proposal.reason,
                  proposal.note or "")  # fmt: skip
    return rule_material(file, material, ruled, now)
