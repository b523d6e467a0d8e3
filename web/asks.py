"""What the API is asked, as models: lengths, closed words, and no character that a database cannot hold.

Every write takes `transaction_id`, the client's own unique string. Where leaving it out could do something twice
(opening a case, adding a page, starting an upload) it is required.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from cases.actions.review import MaterialDecision, ReviewDecision
from cases.model import Address, Direction
from cases.rulings import Because

TransactionId = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=64, strip_whitespace=True)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Lines = Annotated[str, StringConstraints(max_length=2000, strip_whitespace=True)]
LARGEST = 2**53 - 1
"""The largest whole number that a browser tells from its neighbours; every database keeps it."""
Whole = Annotated[int, Field(ge=-LARGEST, le=LARGEST)]
AnswerValue = bool | Whole | Annotated[str, StringConstraints(max_length=200)]
MAX_ENTRIES = 50


def storable(value: Any) -> bool:
    """Whether every string in it is text that any database keeps: no NUL, no half of a surrogate pair. Goes as deep as
    the value does without calling itself: depth is the sender's choice."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, str) and ("\x00" in one or any("\ud800" <= c <= "\udfff" for c in one)):
            return False
        if isinstance(one, dict):
            left += [*one.keys(), *one.values()]
        elif isinstance(one, list | tuple):
            left += one
    return True


class Ask(BaseModel):
    model_config = ConfigDict(frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, raw: Any) -> Any:
        if not storable(raw):
            raise ValueError("含有无法保存的字符")
        return raw


class Write(Ask):
    transaction_id: TransactionId | None = None


class LoginAsk(Ask):
    code: Annotated[str, StringConstraints(min_length=1, max_length=512)]
    platform: Word


class ApplicantAsk(Ask):
    kind: Literal["person", "organisation"] = "person"
    name: Line
    id_number: Word
    phone: Word


class AgentAsk(Ask):
    """Who submits for the applicant, and by what authority."""

    name: Line
    id_number: Word
    phone: Word
    relation: Line | None = None
    authority: Line | None = None


class AddressAsk(Ask):
    province: Word
    city: Word
    county: Word
    detail: Line
    contact: Line
    phone: Word

    def address(self) -> Address:
        return Address(**self.model_dump())


class OpenAsk(Write):
    item: Word
    answers: dict[Word, AnswerValue] = Field(default_factory=dict, max_length=MAX_ENTRIES)
    applicant: ApplicantAsk
    agent: AgentAsk | None = None
    address: AddressAsk | None = None
    channel: Word = "miniapp"
    transaction_id: TransactionId


class UploadAsk(Write):
    case: Word
    material: Word
    size: Annotated[int, Field(ge=0, le=LARGEST)]
    media_type: Word = "application/octet-stream"
    sha256: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")] | None = None
    transaction_id: TransactionId


class CompleteAsk(Write):
    transaction_id: TransactionId


class LookAsk(Ask):
    leg: Direction
    address: AddressAsk | None = None


class BookAsk(Write):
    leg: Direction
    window: Word
    address: AddressAsk | None = None


class PickupAsk(Write):
    """One courier for many cases: `window` as offered for the first of them."""

    cases: Annotated[list[Word], Field(min_length=2, max_length=50)]
    window: Word
    address: AddressAsk


class SettleAsk(Write):
    """What a partner said by telephone about an order of unknown outcome."""

    answer: Literal["exists", "does_not_exist"]
    waybill: Annotated[str, StringConstraints(max_length=40, strip_whitespace=True)] | None = None
    note: Lines


class CloseAlertsAsk(Write):
    alerts: list[Word] = Field(min_length=1, max_length=MAX_ENTRIES)
    note: Lines


class RatingAsk(Write):
    level: Whole
    text: Lines = ""


class ConsentAsk(Write):
    kind: Word
    version: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    given: bool = True


class StaffLoginAsk(Ask):
    login: Word
    password: Annotated[str, StringConstraints(min_length=1, max_length=256)]
    totp: Annotated[str, StringConstraints(min_length=1, max_length=16, strip_whitespace=True)]


class MaterialDecisionAsk(Write):
    decision: MaterialDecision
    reason: Lines = ""
    note: Lines = ""
    defer_until: date | None = None
    promise: Lines = ""
    """What the applicant undertakes, of a deferral; empty: the usual sentence."""


class ReviewAsk(Write):
    """`because`, `explanation`: of a further correction notice that holds what the first could have held. `shown`: the
    `digest` of the notice that was looked at; another one is not sent."""

    decision: ReviewDecision
    reason: Lines = ""
    because: Because | None = None
    explanation: Lines = ""
    shown: Annotated[str, StringConstraints(max_length=64)] | None = None


class ReceivedAsk(Ask):
    key: Word
    copies: Annotated[int, Field(ge=0, le=1000)]
    condition: Word = "good"
    name: Annotated[str, StringConstraints(max_length=64, strip_whitespace=True)] = ""
    """Of a paper that the manifest does not list."""


class OriginalsAsk(Write):
    """`seal`: the number that was seen, none if there was no seal. `place`: which window counted."""

    seal: Word | None = None
    seal_broken: bool = False
    place: Word | None = None
    office: Word | None = None
    """The office whose window this is, where it accepts for another."""
    received: list[ReceivedAsk] = Field(max_length=MAX_ENTRIES)


class ReceiptAsk(Write):
    """Whether a parcel that somebody else signed for has come into the addressee's hands."""

    received: bool


class DeskReceiptAsk(ReceiptAsk):
    """`proof`: how the office knows."""

    proof: Literal["call", "signature", "visit"]


class SpecialAsk(Write):
    """`start` opens a special procedure; `end` closes the one that runs."""

    action: Literal["start", "end"] = "start"
    kind: Word = "特别程序"
    reason: Lines = ""
    """Why it starts; how it ended."""
    days: Annotated[int, Field(ge=1, le=250)] | None = None
    """Working days that it needs, as the applicant is told; the most its kind allows, if none are given."""
    assignment: Word | None = None
    """Whose work it is about; nobody named: the whole case."""


class DemandedAsk(Ask):
    """One paper and how it is to be mended, in words for the resident."""

    material: Word
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]


class DemandAsk(Write):
    """What is to be mended after acceptance: everything at once, and why."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
    materials: Annotated[list[DemandedAsk], Field(min_length=1, max_length=MAX_ENTRIES)]
    days: Annotated[int, Field(ge=1, le=250)] | None = None
    """Working days that the applicant gets; the most there may be, if none are given."""
    assignment: Word | None = None
    """Whose work it is for; nobody named: one's own department's, or the whole case."""


class ExtensionAsk(Write):
    """More working days, within what law and item allow."""

    reason: Lines
    days: Annotated[int, Field(ge=1, le=250)] | None = None
    assignment: Word | None = None


class AcceptAsk(Write):
    office: Word | None = None
    """The office whose window this is, where it accepts for another."""


class SettleClockAsk(Write):
    decision: Literal["grant", "decline"]
    note: Lines = ""


class RouteAsk(Write):
    """Which department is competent, and why."""

    department: Word
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]


class ReplayAsk(Write):
    """Everything since then."""

    since: AwareDatetime


class AssignmentAsk(Write):
    decision: Literal["approve", "refuse"]
    opinion: Lines = ""
    document: Line | None = None
    """The number of the department's own document 文号."""
