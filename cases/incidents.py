"""What may go wrong with papers 异常: the kinds, whose each is, how long it may take, and how it may end.

An incident always has an owner (a role) and a deadline in working days; who lets it pass, loses it to the supervisor.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from cases.deadlines import end_of
from cases.effects import Add, Fact, Notify, Outcome, Put, move_incident
from cases.lifecycle import IncidentEvent, IncidentState
from cases.model import CaseFile, Incident
from cases.moment import Moment


class IncidentKind(StrEnum):
    MANIFEST_DIFFERENCE = "manifest_difference"
    PARCEL_LOST = "parcel_lost"
    ORIGINAL_LOST = "original_lost"
    ORIGINAL_DAMAGED = "original_damaged"
    PARCEL_REFUSED = "parcel_refused"
    PARCEL_RETURNED = "parcel_returned"
    PICKUP_RETURNED = "pickup_returned"
    """A consolidated collection came back to where it was fetched: many people's papers in one hand."""
    TRANSFER_UNANSWERED = "transfer_unanswered"
    NOT_RECEIVED = "not_received"
    RECEIPT_UNANSWERED = "receipt_unanswered"


class Settlement(StrEnum):
    """How an incident ends."""

    FOUND = "found"
    RESENT = "resent"
    ACCEPTED_WITHOUT = "accepted_without"
    RETURNED = "returned"
    COMPENSATED = "compensated"
    REDELIVERED = "redelivered"
    FETCHED = "fetched"


K, S = IncidentKind, Settlement
_OF_PAPERS = (S.FOUND, S.RESENT, S.ACCEPTED_WITHOUT, S.RETURNED, S.COMPENSATED)
_OF_DELIVERIES = (S.REDELIVERED, S.FETCHED)


@dataclass(frozen=True)
class Rule:
    """`owner`: the role. `days`: working days until the office has looked into it. `tells`: the notice to the
    resident at its opening; None where another notice has said it."""

    label: str
    owner: str
    days: int
    settlements: tuple[Settlement, ...]
    tells: str | None = None
    stops: bool = True
    """Whether the case may not be accepted while it is open."""


RULES: Mapping[str, Rule] = {
    K.MANIFEST_DIFFERENCE: Rule("原件与清单不一致", "intake", 2, _OF_PAPERS, "originals_differ"),
    K.PARCEL_LOST: Rule("邮件丢失", "intake", 3, _OF_PAPERS),
    K.ORIGINAL_LOST: Rule("原件遗失", "supervisor", 3, _OF_PAPERS, "original_missing"),
    K.ORIGINAL_DAMAGED: Rule("原件损坏", "intake", 3, _OF_PAPERS, "original_damaged"),
    K.PARCEL_REFUSED: Rule("收件人拒收", "intake", 3, _OF_DELIVERIES, stops=False),
    K.PARCEL_RETURNED: Rule("邮件退回", "intake", 5, _OF_DELIVERIES, stops=False),
    K.PICKUP_RETURNED: Rule("合并揽收邮件退回", "intake", 2, (S.REDELIVERED,), stops=False),
    K.TRANSFER_UNANSWERED: Rule("移交未签收", "supervisor", 1, (S.FOUND,), stops=False),
    K.NOT_RECEIVED: Rule(
        "他人代收，申请人未收到",
        "intake",
        2,
        (S.FOUND, S.COMPENSATED, *_OF_DELIVERIES),
        "not_received_noted",
        stops=False,
    ),
    K.RECEIPT_UNANSWERED: Rule("他人代收，申请人未答复", "intake", 2, (S.FOUND, *_OF_DELIVERIES), stops=False),
}
OTHER = Rule("其他异常", "intake", 3, (*_OF_PAPERS, *_OF_DELIVERIES), stops=False)
SETTLEMENT_LABELS: Mapping[Settlement, str] = {
    S.FOUND: "已找到，核实无误",
    S.RESENT: "由申请人补寄",
    S.ACCEPTED_WITHOUT: "不再提交，继续办理",
    S.RETURNED: "退还申请人",
    S.COMPENSATED: "已赔偿，继续办理",
    S.REDELIVERED: "重新寄送",
    S.FETCHED: "申请人到窗口领取",
}
RESIDENT_DAYS = 10
"""For the resident to answer; as long as a case may wait for a collection."""
CLAIM_DAYS = 20
"""快递市场管理办法: a carrier answers a complaint within 30 days, some twenty working days."""
ESCALATED_DAYS = 2
SUPERVISOR = "supervisor"


def rule_of(incident: Incident) -> Rule:
    return RULES.get(incident.kind, OTHER)


def due_in(state: IncidentState, rule: Rule, now: Moment) -> datetime:
    """When whoever's turn it is has had long enough."""
    turns = {IncidentState.WITH_RESIDENT: RESIDENT_DAYS, IncidentState.WITH_COURIER: CLAIM_DAYS}
    return end_of(now.in_working_days(turns.get(state, rule.days)))


def open_incident(
    file: CaseFile, kind: IncidentKind, keys: Iterable[str], detail: Mapping[str, Any], now: Moment
) -> Outcome:
    """Opened once for the same leg: while it is open, the same news adds nothing."""
    leg = detail.get("leg")
    if leg is not None and any(i.kind == kind and i.detail.get("leg") == leg for i in file.open_incidents):
        return ()
    rule = RULES[kind]
    due = due_in(IncidentState.OPEN, rule, now)
    made = Incident(now.new_id(), kind, dict(detail), now.at, owner=rule.owner, due_at=due, keys=tuple(keys))
    told = (Notify(rule.tells, {"incident": made.id}),) if rule.tells else ()
    fact = {"incident": made.id, "kind": str(kind), "owner": rule.owner, "keys": list(made.keys)}
    return (Add(made), *told, Fact("incident_opened", fact))


def closed(incident: Incident, settlement: Settlement, reason: str, now: Moment) -> Outcome:
    """The end of an incident, with its reason."""
    values = {"closed_at": now.at, "settlement": settlement, "reason": reason, "due_at": None}
    fact = {"incident": incident.id, "kind": incident.kind, "settlement": str(settlement), "by": now.by}
    return (
        move_incident(incident, IncidentEvent.SETTLE),
        Put("incident", incident.id, values),
        Fact("incident_settled", fact),
    )


def stopping(file: CaseFile) -> tuple[Incident, ...]:
    """Open incidents for which the case stands still."""
    return tuple(i for i in file.open_incidents if rule_of(i).stops)


def of_leg(file: CaseFile, leg_id: str, *kinds: IncidentKind) -> tuple[Incident, ...]:
    """Open incidents of a leg; of these kinds, where some are named."""
    of_it = (i for i in file.open_incidents if i.detail.get("leg") == leg_id)
    return tuple(i for i in of_it if not kinds or i.kind in kinds)
