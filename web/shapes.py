"""What the API answers, as models: the contract's shapes, and with them `/openapi.json`. Times leave in Beijing time.

Refuses to carry an identity number or a phone in full; whoever may see those asks for them by name at the desk.
"""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema

from cases.deadlines import BEIJING


def beijing(at: datetime) -> str:
    return at.astimezone(BEIJING).isoformat(timespec="milliseconds")


Time = Annotated[
    datetime, PlainSerializer(beijing, return_type=str), WithJsonSchema({"type": "string", "format": "date-time"})
]
Point = tuple[float, float]


class Shape(BaseModel):
    model_config = ConfigDict(frozen=True)


class ErrorBody(Shape):
    code: str
    message: str
    details: dict[str, Any] = {}


class ErrorView(Shape):
    """Every answer that is not a 2xx."""

    error: ErrorBody


class FindingView(Shape):
    code: str
    severity: str
    material: str | None
    page: int | None
    field: str | None
    box: list[Point] | None
    message: str
    advice: str
    page_id: str | None = None
    """On a correction notice: the page as it was when the notice was sent."""


class PageView(Shape):
    id: str
    material: str
    ordinal: int
    state: str
    state_label: str
    uploaded_at: Time
    read_at: Time | None
    kind: str | None
    expected_seconds: int | None = None
    """Until it is read, as far as can be told; None: it is read."""
    findings: list[FindingView]
    signed_at: Time | None = None
    """When it was filled in and signed on the phone."""


class WaivedView(Shape):
    """What stands in for a photograph. `date`: of the earlier photograph, or of the registry's record. `still_show`: the
    paper original is asked for all the same."""

    source: str
    source_label: str
    resource: str | None
    date: date
    valid_until: str | None
    still_show: bool
    consent: str
    at: Time


class MaterialView(Shape):
    key: str
    name: str
    need: str
    need_label: str
    state: str
    state_label: str
    decision: str | None
    reason: str | None
    note: str | None
    defer_until: date | None
    accept: str
    document: str = ""
    """The kind of paper that is photographed: the frame the camera shows."""
    min_pages: int
    max_pages: int
    pages: list[PageView]
    fill_online: bool = False
    """Whether it may be filled in and signed on the phone instead of being photographed."""
    waived: WaivedView | None = None


class CorrectionView(Shape):
    """The one complete list of what to mend."""

    round: int
    sent_at: Time
    due: date
    findings: list[FindingView]
    after_acceptance: bool = False
    """While it is being decided: each paper is handed in by itself, and the clock stands still meanwhile."""


class OriginalView(Shape):
    key: str
    name: str
    use: str
    use_label: str
    copies: int
    holder: str
    holder_label: str
    where: str
    """在快递员处"""
    since: Time | None
    place: str | None
    seal: str | None
    condition: str | None
    condition_label: str | None
    note: str | None
    label: str | None
    """The code of its QR label."""
    lost_at: Time | None
    chain: list["StepView"]


class StepView(Shape):
    """One change of hands."""

    at: Time
    giver: str
    taker: str
    label: str
    place: str | None
    seal: str | None
    found: str | None


class ParcelView(Shape):
    """The envelope of a leg."""

    leg: str
    leg_id: str
    label: str
    keys: list[str]
    seal: str | None
    packed_at: Time | None
    photographed: bool
    photo_problem: str | None
    printed: bool
    """Whether label and manifest can be had."""


class ChoiceView(Shape):
    value: str
    label: str


class IncidentView(Shape):
    """Something that went wrong with papers. While the resident is asked: the question and the choices."""

    id: str
    kind: str
    kind_label: str
    state: str
    state_label: str
    originals: list[str]
    opened_at: Time
    due_at: Time | None
    closed_at: Time | None
    settlement: str | None
    settlement_label: str | None
    reason: str | None
    question: str | None
    choices: list[ChoiceView]


class WindowView(Shape):
    start: Time
    end: Time
    label: str


class OfferedWindowView(WindowView):
    id: str
    partner: str
    partner_name: str
    cancel_by: Time
    payer: str
    payer_label: str
    covered: bool
    """False: whether the partner comes to the address could not be asked; `note` says so."""
    note: str | None


class LeftOutView(Shape):
    """A partner that has no window for this leg and address, and why."""

    partner: str
    partner_name: str
    reason: str
    message: str


class WindowsView(Shape):
    leg: str
    windows: list[OfferedWindowView]
    left_out: list[LeftOutView]


class BookingView(Shape):
    id: str
    leg: str
    attempt: int
    partner: str
    partner_name: str
    state: str
    state_label: str
    window: WindowView
    """As asked for."""
    confirmed_window: WindowView | None
    """The partner's own, where it named another."""
    cancel_by: Time | None
    payer: str
    payer_label: str
    declared_value_fen: int
    proof: str | None
    """Only into the addressee's own hands: `code` or `identity`."""
    safety_code: str | None
    """For the resident alone: to be told to the courier at the door."""
    instead_of: str | None
    """The booking of another partner that this one stands in for."""
    pickup: str | None
    """The consolidated pickup that it rides in."""
    waybill: str | None
    reason: str | None
    alerts: list[str]
    requested_at: Time


class PickupCaseView(Shape):
    """One line of a consolidated pickup's list of contents."""

    case: str
    item_name: str
    booking: str
    state: str
    state_label: str
    contents: list[str]


class PickupView(Shape):
    id: str
    partner: str
    partner_name: str
    state: str
    state_label: str
    window: WindowView
    waybill: str | None
    cases: list[PickupCaseView]


class PickupsView(Shape):
    pickups: list[PickupView]


class LegView(Shape):
    id: str
    leg: str
    leg_label: str
    state: str
    state_label: str
    since: Time
    confirmed: bool
    answer_due: Time | None
    """Until when the resident should say whether a parcel that somebody else signed for has come."""
    booking: BookingView | None
    """The one that is alive, or else the newest."""
    bookings: list[BookingView]


class DeadlinesView(Shape):
    state_due: Time | None
    """When the present state is late."""
    promised: date | None
    statutory: date | None
    correction: date | None
    paused: bool


class DocumentView(Shape):
    id: str
    kind: str
    number: str
    title: str
    made_at: Time
    ready: bool


class AttachmentView(Shape):
    """A file that a department's decision came with."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    task: str
    """Whose decision: what that department did."""


class RatingView(Shape):
    level: int
    text: str
    at: Time
    rectify_by: date | None


class ResultView(Shape):
    """`form`: paper | electronic."""

    name: str
    form: str


class ReceiptView(Shape):
    """When and how the result came into the right hands; `document`: the 送达回证 that says so."""

    at: Time
    how: str
    document: str


class SavedView(Shape):
    """What the applicant was spared: trips to the counter, and the hours they take by the item's own figure."""

    trips: int
    hours: float


class ApplicantView(Shape):
    kind: str
    name: str
    id_number: str
    phone: str


class CaseView(Shape):
    case: str
    state: str
    state_label: str
    item: str
    item_name: str
    item_version: int
    applicant: ApplicantView
    answers: dict[str, Any]
    opened_at: Time
    materials: list[MaterialView]
    correction: CorrectionView | None
    originals: list[OriginalView]
    parcels: list[ParcelView]
    incidents: list[IncidentView]
    legs: list[LegView]
    deadlines: DeadlinesView
    documents: list[DocumentView]
    attachments: list[AttachmentView]
    rating: RatingView | None
    result: ResultView
    receipt: ReceiptView | None
    saved: SavedView | None
    """None until the result has arrived."""
    actions: list[str]
    papers_saved: int
    """Papers neither photographed nor handed over, because they were known."""
    photographs_saved: int


class CaseLine(Shape):
    """One case in a list."""

    case: str
    item: str
    item_name: str
    state: str
    state_label: str
    applicant: str
    opened_at: Time
    state_due: Time | None
    promised: date | None


class CasesView(Shape):
    """`saved`: in all of one's delivered cases."""

    cases: list[CaseLine]
    saved: SavedView


class TimelineLine(Shape):
    at: Time
    action: str
    label: str
    by: str
    by_label: str
    detail: dict[str, Any]


class TimelineView(Shape):
    case: str
    timeline: list[TimelineLine]
