"""Rectification 整改 of a rating 4 or 5: opened with it, given to somebody who had no part in the case, verified with the
rater, put right with proof, and the rater called back.

The whole has one limit, fifteen working days from the rating (GB/T 39734-2020); longer only once, with a reason and a
day. A rating that proves unfounded is called back all the same: everybody who rated badly is.
"""

from dataclasses import dataclass
from datetime import date

from cases.actions.following_up import follow_up_of
from cases.care import (
    RECTIFICATION,
    TERMS,
    FollowUpCause,
    Hand,
    Rectification,
    RectificationEvent,
    RectificationState,
    Step,
    Terms,
    check_apart,
    check_mine,
    due_in,
    words_of,
)
from cases.deadlines import end_of
from cases.effects import Add, Outcome
from cases.errors import Conflict, InvalidRequest
from cases.lifecycle import advance
from cases.model import Case
from cases.moment import Moment

BAD = 4
"""From this level on a rating is a bad one 差评."""


def owed(case: Case, level: int, now: Moment, terms: Terms = TERMS) -> Outcome:
    """What a rating opens: nothing, or a rectification and the follow-up after it."""
    if level < BAD:
        return ()
    by = now.in_working_days(terms.rectify_days) if terms.rectify_days else None
    opened = Rectification(
        id=now.new_id(),
        department=case.department,
        region=case.region,
        state=RECTIFICATION.initial,
        level=level,
        opened_at=now.at,
        rectify_by=by,
        due_at=due_in(terms.assign_days, now),
    )
    days = terms.rectify_days + terms.follow_up_days if terms.follow_up_days else 0
    return Add(opened), Add(follow_up_of(case, FollowUpCause.RATING, due_in(days, now), now))


def assign(r: Rectification, hand: Hand, to: Hand, now: Moment) -> Step:
    """To oneself or a colleague; never to who worked on the case."""
    check_apart(hand)
    check_apart(to)
    return Step(
        advance(RECTIFICATION, r.state, RectificationEvent.ASSIGN),
        {"handler": to.id, "assigned_at": now.at, "due_at": _end(r)},
        "rectification_assigned",
        {"to": to.id},
    )


def verify(r: Rectification, hand: Hand, founded: bool, found: str, now: Moment) -> Step:
    """The rater was called: what they say, and whether it is so."""
    check_mine(hand, r.handler)
    event = RectificationEvent.VERIFY if founded else RectificationEvent.DISMISS
    return Step(
        advance(RECTIFICATION, r.state, event),
        {"founded": founded, "found": words_of(found, "与评价人核实的情况"), "verified_at": now.at},
        "rectification_verified",
        {"founded": founded},
    )


@dataclass(frozen=True)
class Proof:
    """The file that shows it was put right, kept before this is decided."""

    blob: str
    name: str
    media_type: str


def rectify(r: Rectification, hand: Hand, measures: str, proof: Proof | None, now: Moment) -> Step:
    """Put right: what was done, and the proof of it."""
    check_mine(hand, r.handler)
    to = advance(RECTIFICATION, r.state, RectificationEvent.RECTIFY)
    if proof is None and r.proof is None:
        raise InvalidRequest("请上传整改的证明材料。", field="proof")
    kept = {"proof": proof.blob, "proof_name": proof.name, "proof_type": proof.media_type} if proof else {}
    values = {"measures": words_of(measures, "整改措施和结果"), "rectified_at": now.at, **kept}
    return Step(to, values, "rectified", {"proof": proof.blob if proof else r.proof}, tells="rating_rectified")


def call_back(r: Rectification, hand: Hand, resolved: bool, note: str, now: Moment) -> Step:
    """The rater's word on it ends it, or sends it back to be put right; where nothing was found to put right, it ends."""
    check_mine(hand, r.handler)
    ends = resolved or r.founded is False
    event = RectificationEvent.SETTLE if ends else RectificationEvent.SEND_BACK
    to = advance(RECTIFICATION, r.state, event)
    values = {"answered_at": now.at, "resolved": resolved, "call_note": words_of(note, "回访情况")}
    after = {"closed_at": now.at, "due_at": None} if ends else {"rounds": r.rounds + 1}
    told = "follow_up_asked" if ends else None
    return Step(to, {**values, **after}, "rectification_called_back", {"resolved": resolved, "to": str(to)}, told)


def extend(r: Rectification, hand: Hand, until: date, reason: str, now: Moment) -> Step:
    """Longer than fifteen days: once, with the reason and a day that is known."""
    check_mine(hand, r.handler)
    if RECTIFICATION.is_final(r.state) or r.extended_at is not None:
        raise Conflict("整改期限只能延长一次。", rectify_by=r.rectify_by and r.rectify_by.isoformat())
    if (r.rectify_by is not None and until <= r.rectify_by) or until <= now.today:
        raise InvalidRequest("新的期限须晚于原来的期限。", rectify_by=r.rectify_by and r.rectify_by.isoformat())
    values = {
        "rectify_by": until,
        "due_at": end_of(until),
        "extended_at": now.at,
        "extension": words_of(reason, "延期理由"),
    }
    return Step(r.state, values, "rectification_extended", {"until": until.isoformat()})


def _end(r: Rectification) -> object:
    return end_of(r.rectify_by) if r.rectify_by else None


def steps(r: Rectification, hand: Hand) -> tuple[str, ...]:
    """What this person may do now: the buttons."""
    if hand.involved or RECTIFICATION.is_final(r.state):
        return ()
    if r.handler != hand.id:
        return ("assign",)
    of_state = {
        RectificationState.ASSIGNED: ("verify",),
        RectificationState.RECTIFYING: ("rectify",),
        RectificationState.CALL_BACK: ("call_back",),
    }
    return ("assign", *of_state.get(r.state, ()), *(() if r.extended_at else ("extend",)))
