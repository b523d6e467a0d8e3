"""What a use-case answers: the changes it wants, as values.

A use-case is `(CaseFile, ...) -> Outcome`. `storage` applies an outcome in one transaction: each `Move` is a
compare-and-set on the state column, each `Enqueue` a job row, each `Fact` an audit line. If any move has lost its
race the whole outcome is undone and the caller decides again on a fresh file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from cases.care import FollowUp, Rectification
from cases.clocks import CLOCK_REQUEST, ClockRequest, RequestEvent
from cases.findings import Finding
from cases.lifecycle import (
    ASSIGNMENT,
    BOOKING,
    CASE,
    INCIDENT,
    MATERIAL,
    PAGE,
    TRANSFER,
    AssignmentEvent,
    BookingEvent,
    CaseEvent,
    IncidentEvent,
    LegState,
    MaterialEvent,
    PageEvent,
    TransferEvent,
    advance,
)
from cases.model import (
    Assignment,
    Booking,
    Case,
    CheckedField,
    Child,
    Correction,
    CreditNote,
    DecisionFile,
    Document,
    HandOver,
    Incident,
    Leg,
    Material,
    Original,
    Page,
    Parcel,
    Rating,
    Special,
    Transfer,
)
from cases.rulings import PROPOSAL, Proposal, ProposalEvent
from cases.truths import Truth
from cases.waived import Inquiry, Waiver


class JobKind(StrEnum):
    """Everything that is done in the background, `noun.verb`."""

    PAGE_READ = "page.read"
    CASE_JUDGE = "case.judge"
    CASE_ROUTE = "case.route"
    COURIER_BOOK = "courier.book"
    COURIER_FIND = "courier.find"
    COURIER_CANCEL = "courier.cancel"
    COURIER_POLL = "courier.poll"
    COURIER_SUBSCRIBE = "courier.subscribe"
    PICKUP_BOOK = "pickup.book"
    PICKUP_FIND = "pickup.find"
    PICKUP_CANCEL = "pickup.cancel"
    INBOX_HANDLE = "inbox.handle"
    DOCUMENT_MAKE = "document.make"
    NOTICE_SEND = "notice.send"
    REGISTRY_ASK = "registry.ask"
    WEBHOOK_SEND = "webhook.send"
    BUNDLE_OPEN = "bundle.open"
    COMPLAINT_PICTURE = "complaint.picture"
    """What somebody sent along is opened once: with a complaint, or with a department's decision."""
    ITEM_LINT = "item.lint"
    ITEM_BACKTEST = "item.backtest"


Entity = (
    Case | Material | Page | Leg | Booking | Assignment | Original | HandOver | Incident | Correction | Document
    | Rectification | FollowUp | Special | ClockRequest | Rating | Parcel | Transfer | Waiver | Inquiry | Child | CreditNote | Proposal | DecisionFile
)  # fmt: skip


@dataclass(frozen=True)
class Add:
    """A new row."""

    entity: Entity


@dataclass(frozen=True)
class Move:
    """`state: came_from → to`, only if it still is `came_from`. `thing`: case|material|page|leg|booking|assignment|
    incident|transfer|proposal; `id` is the material's key, the case's number, else the id."""

    thing: str
    id: str
    came_from: str
    to: str
    event: str


@dataclass(frozen=True)
class Put:
    """Columns other than the state. `thing` also: original (id = key), parcel, special, document."""

    thing: str
    id: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Judged:
    """The findings of a judgement replace those of the last one."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Checked:
    """What the resident says of these fields takes the place of what they said of them before."""

    fields: tuple[CheckedField, ...]


@dataclass(frozen=True)
class Verified:
    """What an auditor says stands in these fields, beside what was read there."""

    truths: tuple[Truth, ...]


@dataclass(frozen=True)
class Sampled:
    """An instant case that would have passed by itself was drawn for a person to look at."""


@dataclass(frozen=True)
class Reviewed:
    """A person has closed the review. `rulings`: of the materials that they decided one by one."""

    decision: str
    rulings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Enqueue:
    """A job row. The same `dedupe` while one is unfinished adds nothing. `background`: it gives way to others. `share`:
    on whose behalf, so that each gets a turn; empty: the kind's stage. `urgent`: it goes before what is not."""

    kind: JobKind
    subject: str
    dedupe: str = ""
    due: datetime | None = None
    background: bool = False
    share: str = ""
    urgent: bool = False


@dataclass(frozen=True)
class Notify:
    """A message to the resident, by template name; sent in the background."""

    template: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Announce:
    """News for a department's own system, if it has one: `event` of `cases.announcing.Event`, without personal values."""

    event: str
    department: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Fact:
    """An audit line: what happened, without personal values."""

    action: str
    detail: Mapping[str, Any] = field(default_factory=dict)


Effect = Add | Move | Put | Judged | Checked | Verified | Sampled | Reviewed | Enqueue | Notify | Announce | Fact
Outcome = tuple[Effect, ...]


def move_case(case: Case, event: CaseEvent, deadline: datetime | None) -> Outcome:
    """The case's next state, its new deadline and the audit line."""
    to = advance(CASE, case.state, event)
    return (
        Move("case", case.number, case.state, to, event),
        Put("case", case.number, {"deadline_at": deadline, "escalated_at": None}),
        Fact(f"case_{event}", {"from": str(case.state), "to": str(to)}),
    )


def move_material(material: Material, event: MaterialEvent) -> Move:
    to = advance(MATERIAL, material.state, event)
    return Move("material", material.key, material.state, to, event)


def move_page(page: Page, event: PageEvent) -> Move:
    return Move("page", page.id, page.state, advance(PAGE, page.state, event), event)


def move_booking(booking: Booking, event: BookingEvent) -> Move:
    return Move("booking", booking.id, booking.state, advance(BOOKING, booking.state, event), event)


def move_assignment(assignment: Assignment, event: AssignmentEvent) -> Move:
    return Move("assignment", assignment.id, assignment.state, advance(ASSIGNMENT, assignment.state, event), event)


def move_incident(incident: Incident, event: IncidentEvent) -> Move:
    return Move("incident", incident.id, incident.state, advance(INCIDENT, incident.state, event), event)


def move_proposal(proposal: Proposal, event: ProposalEvent) -> Move:
    return Move("proposal", proposal.id, proposal.state, advance(PROPOSAL, proposal.state, event), event)


def move_transfer(transfer: Transfer, event: TransferEvent) -> Move:
    return Move("transfer", transfer.id, transfer.state, advance(TRANSFER, transfer.state, event), event)


def move_clock_request(request: ClockRequest, event: RequestEvent) -> Move:
    return Move("clock_request", request.id, request.state, advance(CLOCK_REQUEST, request.state, event), event)


def move_leg(leg: Leg, to: LegState, at: datetime, *, confirmed: bool = True) -> Outcome:
    """A leg goes where the fold of its events says."""
    return (
        Move("leg", leg.id, leg.state, to, "fold"),
        Put("leg", leg.id, {"since": at, "confirmed": confirmed}),
        Fact("leg_moved", {"leg": leg.id, "direction": str(leg.direction), "from": str(leg.state), "to": str(to)}),
    )
