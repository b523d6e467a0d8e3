"""Follow-ups 回访: a share of delivered cases, by lot, and everybody who rated badly. Asked in the app, or by telephone."""

import hashlib
from datetime import datetime

from cases.care import (
    FOLLOW_UP,
    TRIES,
    FollowUp,
    FollowUpCause,
    FollowUpEvent,
    FollowUpOutcome,
    Hand,
    Step,
    check_apart,
)
from cases.deadlines import beijing_day
from cases.errors import Conflict
from cases.lifecycle import advance
from cases.model import Case
from cases.moment import Moment


def drawn(number: str, share: float) -> bool:
    """By lot, the same for the same case whenever it is asked."""
    lot = int.from_bytes(hashlib.sha256(f"follow-up:{number}".encode()).digest()[:8]) / 2**64
    return lot < share


def follow_up_of(case: Case, because: FollowUpCause, due: datetime | None, now: Moment) -> FollowUp:
    return FollowUp(now.new_id(), case.department, case.region, because, FOLLOW_UP.initial, now.at, due)


def answer(f: FollowUp, good: bool, text: str, now: Moment) -> Step:
    """By the resident, in the app: one tap."""
    outcome = FollowUpOutcome.GOOD if good else FollowUpOutcome.BAD
    return _ended(f, FollowUpEvent.ANSWER, outcome, text, now)


def reached(f: FollowUp, hand: Hand, good: bool, note: str, now: Moment) -> Step:
    """By telephone."""
    check_apart(hand)
    outcome = FollowUpOutcome.GOOD if good else FollowUpOutcome.BAD
    return _ended(f, FollowUpEvent.REACH, outcome, note, now)


def _ended(f: FollowUp, event: FollowUpEvent, outcome: FollowUpOutcome, note: str, now: Moment) -> Step:
    values = {"outcome": outcome, "note": note.strip() or None, "ended_at": now.at, "by": now.by, "due_at": None}
    return Step(advance(FOLLOW_UP, f.state, event), values, f"follow_up_{event}", {"outcome": str(outcome)})


def missed(f: FollowUp, hand: Hand, now: Moment) -> Step:
    """Nobody picked up. Who was called on three days is left in peace."""
    check_apart(hand)
    if f.tried_at is not None and beijing_day(f.tried_at) == now.today:
        raise Conflict("今天已经打过电话，请改天再试。", tried_at=f.tried_at.isoformat())
    tries = f.tries + 1
    tried = {"tries": tries, "tried_at": now.at}
    to = advance(FOLLOW_UP, f.state, FollowUpEvent.GIVE_UP)
    if tries < TRIES:
        return Step(f.state, tried, "follow_up_missed", {"tries": tries})
    ended = {"ended_at": now.at, "by": now.by, "due_at": None}
    return Step(to, {**tried, **ended}, "follow_up_given_up", {"tries": tries})
