"""What a line of the board says of the state of what waits."""

from collections.abc import Callable, Mapping

from cases.care import COMPLAINT, FOLLOW_UP, RECTIFICATION, ComplaintState, FollowUpState, RectificationState
from cases.incidents import OTHER, RULES
from cases.lifecycle import BOOKING, CASE, TRANSFER, BookingState, CaseState, TransferState
from cases.rulings import PROPOSAL_LABELS, ProposalKind
from cases.supervision import KIND_LABELS, WaitKind
from storage.department_tables import DeliveryState
from storage.waits import WaitRow
from storage.words import NoticeState

DELIVERY_LABELS: Mapping[DeliveryState, str] = {
    DeliveryState.WAITING: "待送",
    DeliveryState.DELIVERED: "已送达",
    DeliveryState.FAILED: "未送达",
    DeliveryState.HELD: "暂存",
}
NOTICES: Mapping[NoticeState, str] = {
    NoticeState.CREATED: "待发送",
    NoticeState.SENDING: "发送中",
    NoticeState.SENT: "已发送",
    NoticeState.FAILED: "未送达",
}


_WORDS: Mapping[WaitKind, Callable[[WaitRow], str]] = {
    **dict.fromkeys(
        (WaitKind.STATE, WaitKind.PROMISED, WaitKind.STATUTORY), lambda row: CASE.labels[CaseState(row.state)]
    ),
    WaitKind.INCIDENT: lambda row: RULES.get(row.what, OTHER).label,
    WaitKind.TRANSFER: lambda row: TRANSFER.labels[TransferState(row.state)],
    WaitKind.RECTIFICATION: lambda row: RECTIFICATION.labels[RectificationState(row.state)],
    WaitKind.COMPLAINT: lambda row: COMPLAINT.labels[ComplaintState(row.state)],
    WaitKind.FOLLOW_UP: lambda row: FOLLOW_UP.labels[FollowUpState(row.state)],
    WaitKind.CLOCK_REQUEST: lambda row: row.what or "延期",
    WaitKind.PROPOSAL: lambda row: PROPOSAL_LABELS[ProposalKind(row.what)],
    WaitKind.MISUSE: lambda row: "等待主管认定",  # noqa: ARG005 it has no states
    WaitKind.CHILD: lambda row: "等待开办",  # noqa: ARG005
    WaitKind.BOOKING: lambda row: BOOKING.labels[BookingState(row.state)],
    WaitKind.NOTICE: lambda row: NOTICES[NoticeState(row.state)],
    WaitKind.PAGE: lambda row: "等待识读",  # noqa: ARG005
    WaitKind.OUTGOING: lambda row: DELIVERY_LABELS[DeliveryState(row.state)],
}


def state_label(row: WaitRow) -> str:
    """Of everything else its name: a task, a paper, a letter."""
    told = _WORDS.get(row.kind)
    return told(row) if told else row.what or KIND_LABELS[row.kind]
