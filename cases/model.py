"""The values the domain speaks of: a case and everything that hangs on it.

All frozen; times are aware UTC; money is in fen. `CaseFile` is one whole case as loaded for a decision: a use-case
takes it and answers with effects (`cases.effects`), never with a changed copy.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NewType

from cases.clocks import ClockRequest, Demand
from cases.findings import Finding
from cases.items import Item, MaterialSpec, Need, OriginalUse, PaidBy
from cases.lifecycle import (
    BOOKING_LIVE,
    AssignmentState,
    BookingState,
    CaseState,
    IncidentState,
    LegState,
    MaterialState,
    PageState,
    TransferState,
)
from cases.mandate import MANDATE
from cases.rulings import Because, Proposal
from cases.waived import Inquiry, InquiryState, Waiver

CaseNumber = NewType("CaseNumber", str)
PersonId = NewType("PersonId", str)
NewId = Callable[[], str]
"""Makes an identity: 26 or more characters, unique, without meaning."""


class Direction(StrEnum):
    COLLECTION = "collection"
    DELIVERY = "delivery"


class Holder(StrEnum):
    """Who has the paper."""

    RESIDENT = "resident"
    COURIER = "courier"
    OFFICE = "office"
    DEPARTMENT = "department"


class Proof(StrEnum):
    """How a courier makes sure that it is the addressee who takes the parcel."""

    CODE = "code"
    IDENTITY = "identity"


@dataclass(frozen=True)
class Applicant:
    kind: str
    """person | organisation"""
    name: str
    id_number: str
    phone: str


@dataclass(frozen=True)
class Address:
    province: str
    city: str
    county: str
    detail: str
    contact: str
    phone: str


@dataclass(frozen=True)
class Case:
    number: CaseNumber
    item_code: str
    item_version: int
    region: str
    department: str
    state: CaseState
    owner: PersonId
    """Whom it is for, or the agent's account until it is handed over."""
    channel: str
    answers: Mapping[str, Any]
    applicant: Applicant
    address: Address | None
    opened_at: datetime
    deadline_at: datetime | None
    """When the present state is late; None only in a final state."""
    agent: Mapping[str, Any] | None = None
    submitted_at: datetime | None = None
    accepted_at: datetime | None = None
    concluded_at: datetime | None = None
    closed_at: datetime | None = None
    promised_due: date | None = None
    statutory_due: date | None = None
    round: int = 0
    """How many correction notices were sent."""
    escalated_at: datetime | None = None
    version: int = 0
    parent: CaseNumber | None = None
    """The case that this one follows from 一件事."""
    received_office: str | None = None
    """The office whose window counted the originals for the competent one; None: its own did."""


@dataclass(frozen=True)
class Material:
    key: str
    name: str
    state: MaterialState
    need: Need
    decision: str | None = None
    reason: str | None = None
    note: str | None = None
    decided_by: str | None = None
    defer_until: date | None = None
    """Promised for that day 容缺: open until it is accepted or waived (`cases.deferrals`)."""
    reminded: int | None = None
    """So many days before it the resident was reminded last."""
    late_at: datetime | None = None
    """When that day had passed without it."""
    promise: str | None = None
    """What the applicant undertakes, of a material that is deferred."""


@dataclass(frozen=True)
class Page:
    id: str
    material: str
    ordinal: int
    blob: str
    sha256: str
    media_type: str
    size: int
    state: PageState
    uploaded_at: datetime
    read_at: datetime | None = None
    kind: str | None = None
    findings: tuple[Finding, ...] = ()
    signed_at: datetime | None = None
    """When it was filled in and signed on a phone. There is no paper behind such a page."""


@dataclass(frozen=True)
class CheckedField:
    """What the resident says stands on a page, beside what was read there at that time (None: nothing)."""

    page: str
    field: str
    read: str | None
    said: str
    at: datetime


@dataclass(frozen=True)
class Leg:
    id: str
    direction: Direction
    state: LegState
    since: datetime
    confirmed: bool = True
    asks: int = 0
    """How often the resident was asked whether a parcel that somebody else signed for has come."""
    answer_due: datetime | None = None
    vouched: str | None = None
    """Who said that the addressee has it, where the courier's own proof did not: `actions.recipients.Proof`."""


@dataclass(frozen=True)
class Window:
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Booking:
    id: str
    leg: str
    attempt: int
    partner: str
    order_id: str
    state: BookingState
    window: Window
    address: Address
    requested_at: datetime
    waybill: str | None = None
    reason: str | None = None
    asked: int = 0
    """How often the partner said "not found" while the outcome was unknown."""
    alerts: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()
    """Alerts that a person has dealt with."""
    desk_note: str | None = field(default=None, repr=False)
    """What that person wrote about it, for the office only."""
    confirmed_window: Window | None = None
    """The partner's own, where it said another than was asked for."""
    cancel_by: datetime | None = None
    """After it the courier is on the way."""
    payer: PaidBy = PaidBy.OFFICE
    declared_value_fen: int = 0
    proof: Proof | None = None
    """Only into the addressee's own hands, proved so."""
    safety_code: str | None = field(default=None, repr=False)
    """Told by the resident to the courier at the door; shown to nobody else."""
    instead_of: str | None = None
    """The booking of another partner that this one stands in for."""
    pickup: str | None = None
    """The consolidated pickup it rides in: its order, its waybill and what happens to them are shared."""

    @property
    def expected(self) -> Window:
        """When the courier is to come, as far as we know."""
        return self.confirmed_window or self.window


@dataclass(frozen=True)
class Assignment:
    id: str
    key: str
    department: str
    task: str
    state: AssignmentState
    because: str
    after: tuple[str, ...]
    days: int
    due: date | None = None
    opened_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    opinion: str | None = None
    joint: str | None = None
    """The key of the step that several departments decide together; that of its lead is the same."""
    escalated_at: datetime | None = None
    """When it was found late and told, once."""

    @property
    def leads(self) -> bool:
        return self.joint is not None and self.joint == self.key


@dataclass(frozen=True)
class Original:
    """One line of the manifest."""

    key: str
    name: str
    use: OriginalUse
    copies: int
    holder: Holder
    condition: str | None = None
    """good | worn | damaged: as the resident packed it, then as the office found it."""
    label: str | None = None
    """The code of its QR label (`cases.labels`)."""
    note: str | None = None
    department: str | None = None
    """Which department has it, while a department has it."""
    lost_at: datetime | None = None
    excused: str | None = None
    """Why the office need not have it: the settlement of the incident that says so."""


@dataclass(frozen=True)
class Parcel:
    """The envelope of one leg: its label, its seal, what is in it and how it looked when it was packed."""

    id: str
    leg: str
    label: str
    keys: tuple[str, ...]
    seal: str | None = None
    packed_at: datetime | None = None
    photo: str | None = None
    """The blob of the photograph as it was uploaded; nobody opens it but the worker."""
    picture: str | None = None
    """The blob of its safe copy."""
    photo_problem: str | None = None
    """Why there is no safe copy, in the resident's words."""


@dataclass(frozen=True)
class HandOver:
    id: str
    keys: tuple[str, ...]
    giver: Holder
    taker: Holder
    at: datetime
    by: str
    place: str | None = None
    seal: str | None = None
    found: str | None = None


@dataclass(frozen=True)
class Incident:
    """What was expected and what was found, until somebody settles it. `owner` is the role whose it is to settle,
    `due_at` when whoever's turn it is has had long enough."""

    id: str
    kind: str
    detail: Mapping[str, Any]
    opened_at: datetime
    closed_at: datetime | None = None
    state: IncidentState = IncidentState.OPEN
    owner: str = "intake"
    due_at: datetime | None = None
    keys: tuple[str, ...] = ()
    settlement: str | None = None
    reason: str | None = None
    escalated_at: datetime | None = None


@dataclass(frozen=True)
class Transfer:
    """Papers offered by whoever holds them; they change hands when the other side acknowledges."""

    id: str
    keys: tuple[str, ...]
    giver: Holder
    taker: Holder
    department: str
    state: TransferState
    offered_at: datetime
    offered_by: str
    due_at: datetime
    settled_at: datetime | None = None
    settled_by: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Correction:
    """The ONE complete list of what to mend."""

    id: str
    round: int
    sent_at: datetime
    due: date
    findings: tuple[Finding, ...]
    pages: tuple[str | None, ...] = ()
    """Of each finding that is about a page: which, as it was when the notice was sent."""
    causes: tuple[Because | None, ...] = ()
    """Of each finding of a further round: why it was not on the list before."""
    because: Because | None = None
    """What a further round is counted under."""
    explanation: str | None = None


@dataclass(frozen=True)
class Document:
    """A notice or receipt. `content` is what stands in it; the PDF is made from it in the background."""

    id: str
    kind: str
    number: str
    title: str
    made_at: datetime
    content: Mapping[str, Any]
    blob: str | None = None
    code: str | None = None
    """By which anybody who holds the paper can verify it; says nothing of the case."""
    sha256: str | None = None
    """Of the PDF."""


@dataclass(frozen=True)
class Child:
    """An item that follows from this case 一件事. `number`: the case that was opened for it by itself; `problem`: why none
    could be; neither: it is about to be. `lacking`: what it still wants of the resident, by name."""

    id: str
    item: str
    asked_at: datetime
    number: CaseNumber | None = None
    opened_at: datetime | None = None
    lacking: tuple[str, ...] = ()
    problem: str | None = None


@dataclass(frozen=True)
class CreditNote:
    """A promise 容缺承诺 that was broken, as a person has confirmed."""

    id: str
    material: str
    promised: date
    at: datetime
    by: str
    reason: str | None = None
    repaired_at: datetime | None = None
    repaired_by: str | None = None


@dataclass(frozen=True)
class Special:
    """A special procedure: its time does not count, up to the `days` that were told. `assignment`: whose work waits for
    it; None: everybody's."""

    id: str
    kind: str
    reason: str
    started_at: datetime
    ended_at: datetime | None = None
    days: int | None = None
    assignment: str | None = None
    asked_by: str | None = None
    approved_by: str | None = None
    result: str | None = None
    counted: int | None = None
    """Working days that both limits moved by when it ended."""
    due: date | None = None
    """The last of the days told."""
    demands: tuple[Demand, ...] = ()
    """What is to be mended, of a 补正 after acceptance (`cases.demands`)."""
    reminded: int | None = None
    """So many days before `due` the resident was reminded last."""
    late_at: datetime | None = None
    """When that day had passed without all of it."""


@dataclass(frozen=True)
class DecisionFile:
    """A file that a department sends along with its decision, kept as it came: what is signed must not change. Nobody gets
    it before it was opened once in a child process: `checked_at`, with the first page as it may be shown, or the problem."""

    id: str
    assignment: str
    name: str
    media_type: str
    size: int
    sha256: str
    blob: str
    at: datetime
    by: str
    checked_at: datetime | None = None
    picture: str | None = None
    """The blob of the safe copy of its first page."""
    problem: str | None = None
    removed_at: datetime | None = None


@dataclass(frozen=True)
class Rating:
    level: int
    text: str
    at: datetime
    rectify_by: date | None = None


@dataclass(frozen=True)
class CaseFile:
    """A whole case, as loaded for one decision."""

    case: Case
    item: Item
    materials: tuple[Material, ...] = ()
    pages: tuple[Page, ...] = ()
    findings: tuple[Finding, ...] = ()
    """Of the last judgement."""
    legs: tuple[Leg, ...] = ()
    bookings: tuple[Booking, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    originals: tuple[Original, ...] = ()
    hand_overs: tuple[HandOver, ...] = ()
    incidents: tuple[Incident, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    corrections: tuple[Correction, ...] = ()
    documents: tuple[Document, ...] = ()
    specials: tuple[Special, ...] = ()
    clock_requests: tuple[ClockRequest, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    inquiries: tuple[Inquiry, ...] = ()
    children: tuple[Child, ...] = ()
    credit_notes: tuple[CreditNote, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    decision_files: tuple[DecisionFile, ...] = ()
    rating: Rating | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def material(self, key: str) -> Material | None:
        return next((m for m in self.materials if m.key == key), None)

    def spec(self, key: str) -> MaterialSpec | None:
        """A line of the item's checklist; or the mandate, which every agent's case may hold."""
        return self.item.material(key) or (MANDATE if key == MANDATE.key else None)

    def page(self, page_id: str) -> Page | None:
        return next((p for p in self.pages if p.id == page_id), None)

    def pages_of(self, key: str) -> tuple[Page, ...]:
        """The pages that count, in order: removed ones left out."""
        kept = (p for p in self.pages if p.material == key and p.state is not PageState.REMOVED)
        return tuple(sorted(kept, key=lambda p: p.ordinal))

    def leg(self, direction: Direction) -> Leg | None:
        """The newest leg in that direction."""
        return next((leg for leg in reversed(self.legs) if leg.direction is direction), None)

    def leg_by_id(self, leg_id: str) -> Leg | None:
        return next((leg for leg in self.legs if leg.id == leg_id), None)

    def booking(self, booking_id: str) -> Booking | None:
        return next((b for b in self.bookings if b.id == booking_id), None)

    def live_booking(self, leg_id: str) -> Booking | None:
        return next((b for b in self.bookings if b.leg == leg_id and b.state in BOOKING_LIVE), None)

    def assignment(self, assignment_id: str) -> Assignment | None:
        return next((a for a in self.assignments if a.id == assignment_id), None)

    def files_of(self, assignment_id: str) -> tuple[DecisionFile, ...]:
        """What a department sends along, removed ones left out."""
        return tuple(f for f in self.decision_files if f.assignment == assignment_id and f.removed_at is None)

    def clock_request(self, request_id: str) -> ClockRequest | None:
        return next((r for r in self.clock_requests if r.id == request_id), None)

    def original(self, key: str) -> Original | None:
        return next((o for o in self.originals if o.key == key), None)

    def parcel(self, leg_id: str) -> Parcel | None:
        """The envelope of a leg."""
        return next((p for p in self.parcels if p.leg == leg_id), None)

    def incident(self, incident_id: str) -> Incident | None:
        return next((i for i in self.incidents if i.id == incident_id), None)

    def transfer(self, transfer_id: str) -> Transfer | None:
        return next((t for t in self.transfers if t.id == transfer_id), None)

    def waiver(self, key: str) -> Waiver | None:
        """The one alive for a material."""
        return next((w for w in self.waivers if w.material == key and w.ended_at is None), None)

    def inquiry(self, inquiry_id: str) -> Inquiry | None:
        return next((i for i in self.inquiries if i.id == inquiry_id), None)

    def inquiry_for(self, key: str) -> Inquiry | None:
        """The question about a material that waits for its answer."""
        return next((i for i in self.inquiries if i.material == key and i.state is InquiryState.WAITING), None)

    @property
    def unread(self) -> tuple[Page, ...]:
        return tuple(p for p in self.pages if p.state is PageState.UPLOADED)

    @property
    def unheard(self) -> tuple[Inquiry, ...]:
        """Questions to data-sharing sources that wait for their answers."""
        return tuple(i for i in self.inquiries if i.state is InquiryState.WAITING)

    @property
    def open_incidents(self) -> tuple[Incident, ...]:
        return tuple(i for i in self.incidents if i.closed_at is None)

    @property
    def open_special(self) -> Special | None:
        return next((s for s in self.specials if s.ended_at is None), None)
