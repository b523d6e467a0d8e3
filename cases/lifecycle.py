"""How things live: one transition table per state machine, beside its enum.

Everything that speaks of states derives from these tables: the desk's buttons, the database CHECKs, the resident's
`actions`, the diagram in the docs and the tests. A transition is always `advance(machine, state, event)`; an event
that the state does not allow raises `TransitionRefused`, which says what is allowed (the doors answer it as 409).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from cases.errors import TransitionRefused

S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True)
class Machine(Generic[S, E]):
    """One state machine. `table[state][event]` is the next state; a state without events is final."""

    name: str
    states: type[S]
    events: type[E]
    initial: S
    table: Mapping[S, Mapping[E, S]]
    labels: Mapping[S, str]

    def allowed(self, state: S) -> tuple[E, ...]:
        return tuple(self.table.get(state, {}))

    def is_final(self, state: S) -> bool:
        return not self.table.get(state)

    def waiting(self) -> tuple[S, ...]:
        """States that somebody must leave: each has a deadline and a sweep."""
        return tuple(s for s in self.states if not self.is_final(s))


def advance(machine: Machine[S, E], state: S, event: E) -> S:
    """The state after `event`. Raises `TransitionRefused` naming what `state` allows."""
    try:
        return machine.table[state][event]
    except KeyError:
        allowed = [str(e) for e in machine.allowed(state)]
        raise TransitionRefused(machine.name, str(state), machine.labels[state], str(event), allowed) from None


# ── the case 办件 ────────────────────────────────────────────────────────────────────────────────────────────────


class CaseState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    PREAUDIT_PASSED = "preaudit_passed"
    COLLECTING = "collecting"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    PROCESSING = "processing"
    APPROVED = "approved"
    REFUSED = "refused"
    CONCLUDED = "concluded"
    DELIVERING = "delivering"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"
    NOT_ACCEPTED = "not_accepted"
    CORRECTION_EXPIRED = "correction_expired"
    ABORTED = "aborted"


class CaseEvent(StrEnum):
    SUBMIT = "submit"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    PASS = "pass"
    RETURN = "return"
    DOUBT = "doubt"
    NOT_ACCEPT = "not_accept"
    CORRECTION_TIMEOUT = "correction_timeout"
    COLLECT = "collect"
    COLLECTION_FAILED = "collection_failed"
    RECEIVE = "receive"
    ACCEPT = "accept"
    ROUTE = "route"
    APPROVE = "approve"
    REFUSE = "refuse"
    ABORT = "abort"
    CONCLUDE = "conclude"
    DISPATCH = "dispatch"
    HAND_OVER = "hand_over"
    DELIVERY_FAILED = "delivery_failed"
    DELIVERY_REVERSED = "delivery_reversed"
    PROMISE_BROKEN = "promise_broken"


CASE: Machine[CaseState, CaseEvent] = Machine(
    name="case",
    states=CaseState,
    events=CaseEvent,
    initial=CaseState.DRAFT,
    table={
        CaseState.DRAFT: {
            CaseEvent.SUBMIT: CaseState.SUBMITTED,
            CaseEvent.WITHDRAW: CaseState.WITHDRAWN,
            CaseEvent.EXPIRE: CaseState.ABORTED,
        },
        CaseState.SUBMITTED: {
            CaseEvent.PASS: CaseState.PREAUDIT_PASSED,
            CaseEvent.RETURN: CaseState.RETURNED,
            CaseEvent.DOUBT: CaseState.IN_REVIEW,
            CaseEvent.WITHDRAW: CaseState.WITHDRAWN,
        },
        CaseState.IN_REVIEW: {
            CaseEvent.PASS: CaseState.PREAUDIT_PASSED,
            CaseEvent.RETURN: CaseState.RETURNED,
            CaseEvent.NOT_ACCEPT: CaseState.NOT_ACCEPTED,
            CaseEvent.WITHDRAW: CaseState.WITHDRAWN,
        },
        CaseState.RETURNED: {
            CaseEvent.SUBMIT: CaseState.SUBMITTED,
            CaseEvent.CORRECTION_TIMEOUT: CaseState.CORRECTION_EXPIRED,
            CaseEvent.WITHDRAW: CaseState.WITHDRAWN,
        },
        CaseState.PREAUDIT_PASSED: {
            CaseEvent.COLLECT: CaseState.COLLECTING,
            CaseEvent.RECEIVE: CaseState.RECEIVED,
            CaseEvent.WITHDRAW: CaseState.WITHDRAWN,
            CaseEvent.EXPIRE: CaseState.ABORTED,
            CaseEvent.ABORT: CaseState.ABORTED,
            CaseEvent.PROMISE_BROKEN: CaseState.ABORTED,
        },
        CaseState.COLLECTING: {
            CaseEvent.RECEIVE: CaseState.RECEIVED,
            CaseEvent.COLLECTION_FAILED: CaseState.PREAUDIT_PASSED,
            CaseEvent.ABORT: CaseState.ABORTED,
        },
        CaseState.RECEIVED: {
            CaseEvent.ACCEPT: CaseState.ACCEPTED,
            CaseEvent.NOT_ACCEPT: CaseState.NOT_ACCEPTED,
            CaseEvent.WITHDRAW: CaseState.WITHDRAWN,
            CaseEvent.PROMISE_BROKEN: CaseState.ABORTED,
        },
        CaseState.ACCEPTED: {
            CaseEvent.ROUTE: CaseState.PROCESSING,
            CaseEvent.WITHDRAW: CaseState.WITHDRAWN,
            CaseEvent.PROMISE_BROKEN: CaseState.ABORTED,
        },
        CaseState.PROCESSING: {
            CaseEvent.APPROVE: CaseState.APPROVED,
            CaseEvent.REFUSE: CaseState.REFUSED,
            CaseEvent.WITHDRAW: CaseState.WITHDRAWN,
            CaseEvent.ABORT: CaseState.ABORTED,
            CaseEvent.PROMISE_BROKEN: CaseState.ABORTED,
            CaseEvent.CORRECTION_TIMEOUT: CaseState.CORRECTION_EXPIRED,
        },
        CaseState.APPROVED: {
            CaseEvent.CONCLUDE: CaseState.CONCLUDED,
            CaseEvent.PROMISE_BROKEN: CaseState.ABORTED,
        },
        CaseState.REFUSED: {CaseEvent.CONCLUDE: CaseState.CONCLUDED},
        CaseState.CONCLUDED: {
            CaseEvent.DISPATCH: CaseState.DELIVERING,
            CaseEvent.HAND_OVER: CaseState.DELIVERED,
        },
        CaseState.DELIVERING: {
            CaseEvent.HAND_OVER: CaseState.DELIVERED,
            CaseEvent.DELIVERY_FAILED: CaseState.CONCLUDED,
        },
        CaseState.DELIVERED: {CaseEvent.DELIVERY_REVERSED: CaseState.DELIVERING},
        CaseState.WITHDRAWN: {},
        CaseState.NOT_ACCEPTED: {},
        CaseState.CORRECTION_EXPIRED: {},
        CaseState.ABORTED: {},
    },
    labels={
        CaseState.DRAFT: "暂存",
        CaseState.SUBMITTED: "待预审",
        CaseState.IN_REVIEW: "人工预审",
        CaseState.RETURNED: "待补正",
        CaseState.PREAUDIT_PASSED: "预审通过",
        CaseState.COLLECTING: "揽收中",
        CaseState.RECEIVED: "已接件",
        CaseState.ACCEPTED: "已受理",
        CaseState.PROCESSING: "办理中",
        CaseState.APPROVED: "审批通过",
        CaseState.REFUSED: "审批不通过",
        CaseState.CONCLUDED: "办结",
        CaseState.DELIVERING: "送达中",
        CaseState.DELIVERED: "已送达",
        CaseState.WITHDRAWN: "撤回",
        CaseState.NOT_ACCEPTED: "不予受理",
        CaseState.CORRECTION_EXPIRED: "补正超时",
        CaseState.ABORTED: "异常终止",
    },
)


# ── the material 申请材料 ────────────────────────────────────────────────────────────────────────────────────────


class MaterialState(StrEnum):
    MISSING = "missing"
    UPLOADED = "uploaded"
    READ = "read"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    DEFERRED = "deferred"
    WAIVED = "waived"


class MaterialEvent(StrEnum):
    UPLOAD = "upload"
    READ = "read"
    EMPTY = "empty"
    ACCEPT = "accept"
    RETURN = "return"
    DEFER = "defer"
    WAIVE = "waive"


_PAGES_CHANGE = {MaterialEvent.UPLOAD: MaterialState.UPLOADED, MaterialEvent.EMPTY: MaterialState.MISSING}

MATERIAL: Machine[MaterialState, MaterialEvent] = Machine(
    name="material",
    states=MaterialState,
    events=MaterialEvent,
    initial=MaterialState.MISSING,
    table={
        MaterialState.MISSING: {
            MaterialEvent.UPLOAD: MaterialState.UPLOADED,
            MaterialEvent.ACCEPT: MaterialState.ACCEPTED,  # it stands on another material's page: both sides of a card
            MaterialEvent.DEFER: MaterialState.DEFERRED,
            MaterialEvent.WAIVE: MaterialState.WAIVED,
            MaterialEvent.RETURN: MaterialState.RETURNED,
        },
        MaterialState.UPLOADED: {
            **_PAGES_CHANGE,
            MaterialEvent.READ: MaterialState.READ,
            MaterialEvent.ACCEPT: MaterialState.ACCEPTED,
            MaterialEvent.RETURN: MaterialState.RETURNED,
            MaterialEvent.DEFER: MaterialState.DEFERRED,
        },
        MaterialState.READ: {
            **_PAGES_CHANGE,
            MaterialEvent.ACCEPT: MaterialState.ACCEPTED,
            MaterialEvent.RETURN: MaterialState.RETURNED,
            MaterialEvent.DEFER: MaterialState.DEFERRED,
        },
        MaterialState.ACCEPTED: {**_PAGES_CHANGE, MaterialEvent.RETURN: MaterialState.RETURNED},
        MaterialState.RETURNED: {
            **_PAGES_CHANGE,
            MaterialEvent.ACCEPT: MaterialState.ACCEPTED,
            MaterialEvent.DEFER: MaterialState.DEFERRED,
            MaterialEvent.WAIVE: MaterialState.WAIVED,
        },
        MaterialState.DEFERRED: {
            MaterialEvent.UPLOAD: MaterialState.UPLOADED,
            MaterialEvent.ACCEPT: MaterialState.ACCEPTED,
            MaterialEvent.RETURN: MaterialState.RETURNED,
            MaterialEvent.WAIVE: MaterialState.WAIVED,
        },
        MaterialState.WAIVED: {
            **_PAGES_CHANGE,
            MaterialEvent.RETURN: MaterialState.RETURNED,
        },
    },
    labels={
        MaterialState.MISSING: "待上传",
        MaterialState.UPLOADED: "正在读",
        MaterialState.READ: "读完了",
        MaterialState.ACCEPTED: "已通过",
        MaterialState.RETURNED: "要重新交",
        MaterialState.DEFERRED: "以后再补",
        MaterialState.WAIVED: "不用交",
    },
)
MATERIAL_SETTLED = frozenset({MaterialState.ACCEPTED, MaterialState.WAIVED})
MATERIAL_WITH_US = frozenset({MaterialState.UPLOADED, MaterialState.READ})
"""It came: the machine or a person has to look, and nobody is reminded or late."""


# ── the page 页 ─────────────────────────────────────────────────────────────────────────────────────────────────


class PageState(StrEnum):
    UPLOADED = "uploaded"
    READ = "read"
    UNREADABLE = "unreadable"
    REMOVED = "removed"


class PageEvent(StrEnum):
    READ = "read"
    GIVE_UP = "give_up"
    REMOVE = "remove"


PAGE: Machine[PageState, PageEvent] = Machine(
    name="page",
    states=PageState,
    events=PageEvent,
    initial=PageState.UPLOADED,
    table={
        PageState.UPLOADED: {
            PageEvent.READ: PageState.READ,
            PageEvent.GIVE_UP: PageState.UNREADABLE,
            PageEvent.REMOVE: PageState.REMOVED,
        },
        PageState.READ: {PageEvent.REMOVE: PageState.REMOVED},
        PageState.UNREADABLE: {PageEvent.READ: PageState.READ, PageEvent.REMOVE: PageState.REMOVED},
        PageState.REMOVED: {},
    },
    labels={
        PageState.UPLOADED: "正在读",
        PageState.READ: "读完了",
        PageState.UNREADABLE: "看不清",
        PageState.REMOVED: "已移除",
    },
)


# ── the leg 寄递段 ──────────────────────────────────────────────────────────────────────────────────────────────


class LegState(StrEnum):
    OFFERED = "offered"
    BOOKED = "booked"
    ASSIGNED = "assigned"
    PICKED_UP = "picked_up"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    HANDED_OVER = "handed_over"
    PICKUP_FAILED = "pickup_failed"
    EXCEPTION = "exception"
    REFUSED = "refused"
    RETURNING = "returning"
    RETURNED = "returned"
    LOST = "lost"
    CANCELLED = "cancelled"


LEG_LABELS: Mapping[LegState, str] = {
    LegState.OFFERED: "待预约",
    LegState.BOOKED: "已预约",
    LegState.ASSIGNED: "已派快递员",
    LegState.PICKED_UP: "已取走",
    LegState.IN_TRANSIT: "运输中",
    LegState.OUT_FOR_DELIVERY: "派送中",
    LegState.DELIVERED: "已签收",
    LegState.HANDED_OVER: "已交接",
    LegState.PICKUP_FAILED: "没有取到",
    LegState.EXCEPTION: "异常",
    LegState.REFUSED: "拒收",
    LegState.RETURNING: "退回中",
    LegState.RETURNED: "已退回",
    LegState.LOST: "丢失",
    LegState.CANCELLED: "已取消",
}
# A leg has no table of single steps: the carrier's events arrive doubled, late and with gaps, so its state is a fold
# over all of them by time and rank (courier/fold.py). These sets are what the rest of the domain may ask of a leg.
LEG_OPEN_FOR_BOOKING = frozenset({LegState.OFFERED, LegState.PICKUP_FAILED, LegState.CANCELLED, LegState.RETURNED})
LEG_MOVING = frozenset(
    {LegState.PICKED_UP, LegState.IN_TRANSIT, LegState.OUT_FOR_DELIVERY, LegState.EXCEPTION, LegState.RETURNING}
)
LEG_FINAL = frozenset({LegState.HANDED_OVER})


# ── the booking 揽收预约 ────────────────────────────────────────────────────────────────────────────────────────


class BookingState(StrEnum):
    REQUESTED = "requested"
    BOOKED = "booked"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    VOID = "void"
    CANCELLED = "cancelled"
    FAILED = "failed"
    DONE = "done"


class BookingEvent(StrEnum):
    CONFIRM = "confirm"
    REFUSE = "refuse"
    LOSE_SIGHT = "lose_sight"
    NOT_FOUND = "not_found"
    CANCEL = "cancel"
    FAIL = "fail"
    FINISH = "finish"


BOOKING: Machine[BookingState, BookingEvent] = Machine(
    name="booking",
    states=BookingState,
    events=BookingEvent,
    initial=BookingState.REQUESTED,
    table={
        BookingState.REQUESTED: {
            BookingEvent.CONFIRM: BookingState.BOOKED,
            BookingEvent.REFUSE: BookingState.REFUSED,
            BookingEvent.LOSE_SIGHT: BookingState.UNKNOWN,
            BookingEvent.CANCEL: BookingState.CANCELLED,
        },
        BookingState.UNKNOWN: {
            BookingEvent.CONFIRM: BookingState.BOOKED,
            BookingEvent.REFUSE: BookingState.REFUSED,
            BookingEvent.NOT_FOUND: BookingState.VOID,
        },
        BookingState.BOOKED: {
            BookingEvent.CANCEL: BookingState.CANCELLED,
            BookingEvent.FAIL: BookingState.FAILED,
            BookingEvent.FINISH: BookingState.DONE,
        },
        BookingState.REFUSED: {},
        BookingState.VOID: {},
        BookingState.CANCELLED: {},
        BookingState.FAILED: {},
        BookingState.DONE: {},
    },
    labels={
        BookingState.REQUESTED: "预约中",
        BookingState.BOOKED: "已预约",
        BookingState.REFUSED: "未能预约",
        BookingState.UNKNOWN: "核实中",
        BookingState.VOID: "未成立",
        BookingState.CANCELLED: "已取消",
        BookingState.FAILED: "没有取到",
        BookingState.DONE: "已完成",
    },
)
# At most one of these per leg, ever: a partial unique index holds it.
BOOKING_LIVE = frozenset({BookingState.REQUESTED, BookingState.BOOKED, BookingState.UNKNOWN})


# ── the assignment 部门任务 ─────────────────────────────────────────────────────────────────────────────────────


class AssignmentState(StrEnum):
    WAITING = "waiting"
    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class AssignmentEvent(StrEnum):
    OPEN = "open"
    APPROVE = "approve"
    REFUSE = "refuse"
    CANCEL = "cancel"


ASSIGNMENT: Machine[AssignmentState, AssignmentEvent] = Machine(
    name="assignment",
    states=AssignmentState,
    events=AssignmentEvent,
    initial=AssignmentState.WAITING,
    table={
        AssignmentState.WAITING: {
            AssignmentEvent.OPEN: AssignmentState.OPEN,
            AssignmentEvent.CANCEL: AssignmentState.CANCELLED,
        },
        AssignmentState.OPEN: {
            AssignmentEvent.APPROVE: AssignmentState.APPROVED,
            AssignmentEvent.REFUSE: AssignmentState.REFUSED,
            AssignmentEvent.CANCEL: AssignmentState.CANCELLED,
        },
        AssignmentState.APPROVED: {},
        AssignmentState.REFUSED: {},
        AssignmentState.CANCELLED: {},
    },
    labels={
        AssignmentState.WAITING: "等待前序",
        AssignmentState.OPEN: "待办",
        AssignmentState.APPROVED: "同意",
        AssignmentState.REFUSED: "不同意",
        AssignmentState.CANCELLED: "已取消",
    },
)


# ── the incident 异常 ───────────────────────────────────────────────────────────────────────────────────────────


class IncidentState(StrEnum):
    """Whose turn it is. Each has its own deadline (`cases.incidents`)."""

    OPEN = "open"
    IN_HAND = "in_hand"
    WITH_RESIDENT = "with_resident"
    WITH_COURIER = "with_courier"
    SETTLED = "settled"


class IncidentEvent(StrEnum):
    TAKE = "take"
    ASK_RESIDENT = "ask_resident"
    CLAIM = "claim"
    ANSWER = "answer"
    SETTLE = "settle"


INCIDENT: Machine[IncidentState, IncidentEvent] = Machine(
    name="incident",
    states=IncidentState,
    events=IncidentEvent,
    initial=IncidentState.OPEN,
    table={
        IncidentState.OPEN: {
            IncidentEvent.TAKE: IncidentState.IN_HAND,
            IncidentEvent.ASK_RESIDENT: IncidentState.WITH_RESIDENT,
            IncidentEvent.CLAIM: IncidentState.WITH_COURIER,
            IncidentEvent.SETTLE: IncidentState.SETTLED,
        },
        IncidentState.IN_HAND: {
            IncidentEvent.ASK_RESIDENT: IncidentState.WITH_RESIDENT,
            IncidentEvent.CLAIM: IncidentState.WITH_COURIER,
            IncidentEvent.SETTLE: IncidentState.SETTLED,
        },
        IncidentState.WITH_RESIDENT: {
            IncidentEvent.ANSWER: IncidentState.IN_HAND,
            IncidentEvent.CLAIM: IncidentState.WITH_COURIER,
            IncidentEvent.SETTLE: IncidentState.SETTLED,
        },
        IncidentState.WITH_COURIER: {
            IncidentEvent.ANSWER: IncidentState.IN_HAND,
            IncidentEvent.ASK_RESIDENT: IncidentState.WITH_RESIDENT,
            IncidentEvent.SETTLE: IncidentState.SETTLED,
        },
        IncidentState.SETTLED: {},
    },
    labels={
        IncidentState.OPEN: "待处理",
        IncidentState.IN_HAND: "处理中",
        IncidentState.WITH_RESIDENT: "待申请人答复",
        IncidentState.WITH_COURIER: "待承运方理赔",
        IncidentState.SETTLED: "已办结",
    },
)


# ── the transfer 移交: papers between the office and a department ────────────────────────────────────────────────


class TransferState(StrEnum):
    OFFERED = "offered"
    TAKEN = "taken"
    DECLINED = "declined"
    RECALLED = "recalled"


class TransferEvent(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    DECLINE = "decline"
    RECALL = "recall"


TRANSFER: Machine[TransferState, TransferEvent] = Machine(
    name="transfer",
    states=TransferState,
    events=TransferEvent,
    initial=TransferState.OFFERED,
    table={
        TransferState.OFFERED: {
            TransferEvent.ACKNOWLEDGE: TransferState.TAKEN,
            TransferEvent.DECLINE: TransferState.DECLINED,
            TransferEvent.RECALL: TransferState.RECALLED,
        },
        TransferState.TAKEN: {},
        TransferState.DECLINED: {},
        TransferState.RECALLED: {},
    },
    labels={
        TransferState.OFFERED: "待对方签收",
        TransferState.TAKEN: "已签收",
        TransferState.DECLINED: "对方拒收",
        TransferState.RECALLED: "已撤回",
    },
)
