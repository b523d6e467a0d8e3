"""What is owed after a bad word: rectifications 整改 of ratings 4 and 5, complaints 投诉, follow-ups 回访.

One table per machine beside its enum, as in `cases.lifecycle`; each has a deadline in every state that waits, a number of
working days that stands in `Terms` (settings may change it; 0 means no limit). Rectification: GB/T 39734-2020 and
国办发〔2019〕51号, 15 working days from the rating, everybody called back. Complaints: no law names days for them; ours are
what the hotlines 12345 commonly promise (taken up in 1 working day, answered in 5, reviewed in 15).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from cases.deadlines import RECTIFICATION_WORKING_DAYS, end_of
from cases.errors import Conflict, Forbidden, InvalidRequest
from cases.lifecycle import Machine
from cases.moment import Moment
from cases.sentences import say

# ── the rectification 整改 ──────────────────────────────────────────────────────────────────────────────────────


class RectificationState(StrEnum):
    OPENED = "opened"
    ASSIGNED = "assigned"
    RECTIFYING = "rectifying"
    CALL_BACK = "call_back"
    CLOSED = "closed"


class RectificationEvent(StrEnum):
    ASSIGN = "assign"
    VERIFY = "verify"
    DISMISS = "dismiss"
    RECTIFY = "rectify"
    SETTLE = "settle"
    SEND_BACK = "send_back"


_R, _RE = RectificationState, RectificationEvent
RECTIFICATION: Machine[RectificationState, RectificationEvent] = Machine(
    name="rectification",
    states=RectificationState,
    events=RectificationEvent,
    initial=_R.OPENED,
    table={
        _R.OPENED: {_RE.ASSIGN: _R.ASSIGNED},
        _R.ASSIGNED: {
            _RE.ASSIGN: _R.ASSIGNED,
            _RE.VERIFY: _R.RECTIFYING,
            _RE.DISMISS: _R.CALL_BACK,
        },
        _R.RECTIFYING: {_RE.ASSIGN: _R.RECTIFYING, _RE.RECTIFY: _R.CALL_BACK},
        _R.CALL_BACK: {
            _RE.ASSIGN: _R.CALL_BACK,
            _RE.SETTLE: _R.CLOSED,
            _RE.SEND_BACK: _R.RECTIFYING,
        },
        _R.CLOSED: {},
    },
    labels={
        _R.OPENED: "待分派",
        _R.ASSIGNED: "待核实",
        _R.RECTIFYING: "整改中",
        _R.CALL_BACK: "待回访",
        _R.CLOSED: "已办结",
    },
)


# ── the complaint 投诉 ──────────────────────────────────────────────────────────────────────────────────────────


class ComplaintState(StrEnum):
    FILED = "filed"
    IN_HAND = "in_hand"
    ANSWERED = "answered"
    RAISED = "raised"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class ComplaintEvent(StrEnum):
    TAKE = "take"
    ANSWER = "answer"
    ACCEPT = "accept"
    RAISE = "raise"
    LAPSE = "lapse"
    WITHDRAW = "withdraw"


_C, _CE = ComplaintState, ComplaintEvent
COMPLAINT: Machine[ComplaintState, ComplaintEvent] = Machine(
    name="complaint",
    states=ComplaintState,
    events=ComplaintEvent,
    initial=_C.FILED,
    table={
        _C.FILED: {_CE.TAKE: _C.IN_HAND, _CE.WITHDRAW: _C.WITHDRAWN},
        _C.IN_HAND: {_CE.TAKE: _C.IN_HAND, _CE.ANSWER: _C.ANSWERED, _CE.WITHDRAW: _C.WITHDRAWN},
        _C.ANSWERED: {_CE.ACCEPT: _C.CLOSED, _CE.RAISE: _C.RAISED, _CE.LAPSE: _C.CLOSED},
        _C.RAISED: {_CE.TAKE: _C.RAISED, _CE.ANSWER: _C.CLOSED},
        _C.CLOSED: {},
        _C.WITHDRAWN: {},
    },
    labels={
        _C.FILED: "待受理",
        _C.IN_HAND: "办理中",
        _C.ANSWERED: "已答复",
        _C.RAISED: "上级复核中",
        _C.CLOSED: "已办结",
        _C.WITHDRAWN: "已撤回",
    },
)


class ComplaintKind(StrEnum):
    SLOW = "slow"
    ATTITUDE = "attitude"
    REPEATED = "repeated"
    FEE = "fee"
    COURIER = "courier"
    DECISION = "decision"
    OTHER = "other"


COMPLAINT_KINDS = {
    ComplaintKind.SLOW: "办得慢、没人管",
    ComplaintKind.ATTITUDE: "服务态度",
    ComplaintKind.REPEATED: "反复要材料",
    ComplaintKind.FEE: "乱收费",
    ComplaintKind.COURIER: "快递取送",
    ComplaintKind.DECISION: "对结果有意见",
    ComplaintKind.OTHER: "其他",
}


# ── the follow-up 回访 ──────────────────────────────────────────────────────────────────────────────────────────


class FollowUpState(StrEnum):
    OPEN = "open"
    DONE = "done"
    UNREACHED = "unreached"


class FollowUpEvent(StrEnum):
    ANSWER = "answer"
    REACH = "reach"
    GIVE_UP = "give_up"


_F, _FE = FollowUpState, FollowUpEvent
FOLLOW_UP: Machine[FollowUpState, FollowUpEvent] = Machine(
    name="follow_up",
    states=FollowUpState,
    events=FollowUpEvent,
    initial=_F.OPEN,
    table={
        _F.OPEN: {_FE.ANSWER: _F.DONE, _FE.REACH: _F.DONE, _FE.GIVE_UP: _F.UNREACHED},
        _F.DONE: {},
        _F.UNREACHED: {},
    },
    labels={_F.OPEN: "待回访", _F.DONE: "已回访", _F.UNREACHED: "未联系上"},
)


class FollowUpCause(StrEnum):
    SAMPLED = "sampled"
    RATING = "rating"


class FollowUpOutcome(StrEnum):
    GOOD = "good"
    BAD = "bad"


FOLLOW_UP_CAUSES = {FollowUpCause.SAMPLED: "抽样回访", FollowUpCause.RATING: "差评回访"}
FOLLOW_UP_OUTCOMES = {FollowUpOutcome.GOOD: "满意，问题已解决", FollowUpOutcome.BAD: "不满意，问题未解决"}
TRIES = 3
"""Calls on different days before somebody counts as not reached."""


# ── what is kept of each ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Rectification:
    """`due_at`: of the present state; `rectify_by`: of the whole. `answered_at`: when the rater was called back last."""

    id: str
    department: str
    region: str
    state: RectificationState
    level: int
    opened_at: datetime
    rectify_by: date | None
    due_at: datetime | None = None
    handler: str | None = None
    assigned_at: datetime | None = None
    founded: bool | None = None
    verified_at: datetime | None = None
    found: str | None = field(default=None, repr=False)
    measures: str | None = field(default=None, repr=False)
    proof: str | None = None
    """The blob of the file that proves it."""
    proof_name: str | None = field(default=None, repr=False)
    proof_type: str | None = None
    rectified_at: datetime | None = None
    rounds: int = 0
    """How often the call-back sent it back."""
    extended_at: datetime | None = None
    extension: str | None = field(default=None, repr=False)
    answered_at: datetime | None = None
    resolved: bool | None = None
    call_note: str | None = field(default=None, repr=False)
    closed_at: datetime | None = None


@dataclass(frozen=True)
class Complaint:
    """`level` 2: raised to the level above. `resolved`: what the resident said of the answer; None: they said nothing."""

    id: str
    number: str
    person: str
    department: str
    region: str
    kind: ComplaintKind
    state: ComplaintState
    filed_at: datetime
    text: str | None = field(default=None, repr=False)
    due_at: datetime | None = None
    photo: str | None = None
    picture: str | None = None
    photo_problem: str | None = None
    level: int = 1
    handler: str | None = None
    taken_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    answer: str | None = field(default=None, repr=False)
    resolved: bool | None = None
    raised_at: datetime | None = None
    raised_text: str | None = field(default=None, repr=False)
    reviewed_at: datetime | None = None
    reviewed_by: str | None = None
    review: str | None = field(default=None, repr=False)
    """The answer of the level above."""
    closed_at: datetime | None = None
    erased_at: datetime | None = None


@dataclass(frozen=True)
class FollowUp:
    id: str
    department: str
    region: str
    because: FollowUpCause
    state: FollowUpState
    opened_at: datetime
    due_at: datetime | None = None
    tries: int = 0
    tried_at: datetime | None = None
    outcome: FollowUpOutcome | None = None
    note: str | None = field(default=None, repr=False)
    ended_at: datetime | None = None
    by: str | None = None


# ── how long each may take, and for whom ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Terms:
    """Working days; 0: no limit. `follow_up_share` of delivered cases is called, by lot."""

    assign_days: int = 1
    rectify_days: int = RECTIFICATION_WORKING_DAYS
    take_days: int = 1
    answer_days: int = 5
    review_days: int = 15
    objection_days: int = 15
    """For the resident to say that an answer does not satisfy; then the complaint closes by itself."""
    follow_up_days: int = 5
    follow_up_share: float = 0.1

    def __post_init__(self) -> None:
        days = (self.assign_days, self.rectify_days, self.take_days, self.answer_days, self.review_days)
        if min(*days, self.objection_days, self.follow_up_days) < 0 or not 0 <= self.follow_up_share <= 1:
            raise InvalidRequest("天数不能为负数，回访比例须在0到1之间。")


TERMS = Terms()


def due_in(days: int, now: Moment) -> datetime | None:
    """The end of that working day; None where there is no limit."""
    return end_of(now.in_working_days(days)) if days else None


# ── one step of any of them ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Step:
    """What a use-case here answers: the state after it, other columns, the audit line (without personal values), and what
    the resident is told, by template."""

    to: StrEnum
    values: Mapping[str, Any]
    action: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    tells: str | None = None
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Hand:
    """Somebody of the office as far as these matters go. `involved`: did something on the case itself."""

    id: str
    involved: bool
    above: bool = False
    """Whether they stand above the department: an administrator, or a supervisor of a wider region."""


def check_apart(hand: Hand) -> None:
    """Whoever worked on the case has no part in what is said of that work."""
    if hand.involved:
        raise Forbidden("经办过该办件的人员不能处理对它的评价和投诉。")


def check_mine(hand: Hand, handler: str | None) -> None:
    """The steps are the handler's; anybody else takes it over first."""
    check_apart(hand)
    if handler != hand.id:
        raise Conflict("请先接手后再办理。", handler=handler)


def words_of(text: str, what: str) -> str:
    """What has to be written down. Raises `InvalidRequest`."""
    if not text.strip():
        raise InvalidRequest(say("请写明{what}。", what=what))
    return text.strip()
