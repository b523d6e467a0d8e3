"""Complaints 投诉 about a case: filed by its resident, taken up and answered by somebody who had no part in it; whom the
answer does not satisfy, may say so once, and the level above answers.
"""

from dataclasses import dataclass

from cases.care import (
    COMPLAINT,
    TERMS,
    Complaint,
    ComplaintEvent,
    ComplaintKind,
    ComplaintState,
    Hand,
    Step,
    Terms,
    check_apart,
    check_mine,
    due_in,
    words_of,
)
from cases.errors import Conflict, Forbidden
from cases.lifecycle import CaseState, advance
from cases.model import Case
from cases.moment import Moment


@dataclass(frozen=True)
class Filed:
    kind: ComplaintKind
    text: str
    photo: str | None = None
    """The blob of a picture as it was sent; nobody opens it but the worker."""


def may_complain(case: Case) -> bool:
    """About what the office did: of a draft it has done nothing."""
    return case.state is not CaseState.DRAFT and case.submitted_at is not None


def check_may_complain(case: Case) -> None:
    if not may_complain(case):
        raise Conflict("还没有提交的申请不能投诉。", state=str(case.state))


def file(case: Case, said: Filed, number: str, now: Moment, terms: Terms = TERMS) -> Complaint:
    """Its deadline begins to run at once."""
    check_may_complain(case)
    return Complaint(
        id=now.new_id(),
        number=number,
        person=case.owner,
        department=case.department,
        region=case.region,
        kind=said.kind,
        state=COMPLAINT.initial,
        filed_at=now.at,
        text=words_of(said.text, "投诉的事情经过"),
        photo=said.photo,
        due_at=due_in(terms.take_days, now),
    )


def take(c: Complaint, hand: Hand, to: Hand, now: Moment, terms: Terms = TERMS) -> Step:
    """Taken up, by oneself or for a colleague. Raised: only somebody above, and not whoever answered before."""
    check_apart(hand)
    check_apart(to)
    raised = c.level > 1
    if raised and (not to.above or to.id == c.answered_by):
        raise Forbidden("已转上级复核，须由上级的其他人员办理。")
    state = advance(COMPLAINT, c.state, ComplaintEvent.TAKE)
    first = {"taken_at": now.at, "due_at": due_in(terms.answer_days, now)} if c.taken_at is None else {}
    tells = "complaint_taken" if c.taken_at is None else None
    return Step(state, {"handler": to.id, **first}, "complaint_taken", {"to": to.id}, tells, {"complaint": c.number})


def answer(c: Complaint, hand: Hand, text: str, now: Moment, terms: Terms = TERMS) -> Step:
    """The answer to the resident; after it the resident has time to object. The level above has the last word."""
    check_mine(hand, c.handler)
    state = advance(COMPLAINT, c.state, ComplaintEvent.ANSWER)
    said = words_of(text, "答复内容")
    if state is ComplaintState.CLOSED:
        values = {"review": said, "reviewed_at": now.at, "reviewed_by": hand.id, "closed_at": now.at, "due_at": None}
    else:
        objection = due_in(terms.objection_days, now)
        values = {"answer": said, "answered_at": now.at, "answered_by": hand.id, "due_at": objection}
    return Step(state, values, "complaint_answered", {"level": c.level}, "complaint_answered", {"complaint": c.number})


def judge(c: Complaint, satisfied: bool, text: str, now: Moment, terms: Terms = TERMS) -> Step:
    """The resident's word on the answer: content, or once up to the level above."""
    if satisfied:
        state = advance(COMPLAINT, c.state, ComplaintEvent.ACCEPT)
        return Step(state, {"resolved": True, "closed_at": now.at, "due_at": None}, "complaint_accepted")
    state = advance(COMPLAINT, c.state, ComplaintEvent.RAISE)
    values = {
        "resolved": False,
        "raised_at": now.at,
        "raised_text": text.strip() or None,
        "level": c.level + 1,
        "handler": None,
        "due_at": due_in(terms.review_days, now),
    }
    return Step(state, values, "complaint_raised", {"level": c.level + 1})


def withdraw(c: Complaint, now: Moment) -> Step:
    state = advance(COMPLAINT, c.state, ComplaintEvent.WITHDRAW)
    return Step(state, {"closed_at": now.at, "due_at": None}, "complaint_withdrawn")


def lapse(c: Complaint, now: Moment) -> Step | None:
    """Nobody objected in time: it closes, and whether the answer satisfied stays unsaid."""
    if c.state is not ComplaintState.ANSWERED or c.due_at is None or c.due_at > now.at:
        return None
    state = advance(COMPLAINT, c.state, ComplaintEvent.LAPSE)
    return Step(state, {"closed_at": now.at, "due_at": None}, "complaint_lapsed")


def by_resident(c: Complaint) -> tuple[str, ...]:
    """What its resident may do now: the buttons of the app."""
    if c.state is ComplaintState.ANSWERED:
        return ("accept", "raise")
    return ("withdraw",) if ComplaintEvent.WITHDRAW in COMPLAINT.allowed(c.state) else ()


def steps(c: Complaint, hand: Hand) -> tuple[str, ...]:
    """What this person of the office may do now."""
    if hand.involved or c.state in (ComplaintState.ANSWERED, ComplaintState.CLOSED, ComplaintState.WITHDRAWN):
        return ()
    if c.handler == hand.id:
        return ("take", "answer")
    return ("take",) if c.level == 1 or (hand.above and hand.id != c.answered_by) else ()
