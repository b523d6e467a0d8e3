"""What the program may ask of whoever carries the paper: the `Partner` port and its values.

Promises every body of the port keeps:
- A call answers with a value. `Unknown` is one of the answers: the partner may or may not have done it (time-out,
  broken connection, 5xx, an answer nobody can read). Whoever gets `Unknown` from `book` asks `find` with the same
  order id and never orders again with it. `Unknown.reached` False means that the request certainly had no effect (no
  connection was made, or it was turned away at the door): then, and only then, the same call may be made again.
- One attempt is one order id. A new attempt has a new id: partners have been seen to return an old, cancelled order
  for a reused one.
- Pushes are checked over the raw bytes, in constant time, before anything in them is believed; whatever is missing or
  odd is `PushRejected`. Events come out in our vocabulary with aware UTC times.

Refused: redirects, calls without a time-out, environment variables, a transaction around any of these calls.

Names, phones, addresses and safety codes are personal data and stay out of `repr`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from courier.vocabulary import CourierEvent
from courier.windows import PartnerHours


class Payer(StrEnum):
    """Who pays for the leg. `ACCOUNT`: the office's own agreement with the partner (月结)."""

    SENDER = "sender"
    RECEIVER = "receiver"
    ACCOUNT = "account"


class CoverageCheck(StrEnum):
    """What `covers` answers for: nothing, whether a courier fetches there, or whether one comes there at all."""

    NONE = "none"
    PICKUP = "pickup"
    BOTH = "both"


class Authenticity(StrEnum):
    """What a verified push proves. Below STRONG, ask `trace` before anything that cannot be taken back."""

    NONE = "none"
    WEAK = "weak"
    STRONG = "strong"


@dataclass(frozen=True)
class Address:
    province: str
    city: str
    district: str
    detail: str = field(repr=False)


@dataclass(frozen=True)
class Contact:
    name: str = field(repr=False)
    phone: str = field(repr=False)
    address: Address


@dataclass(frozen=True)
class GoodsLine:
    """One line of the list of contents, as the courier and the receiver check it."""

    name: str
    quantity: int = 1
    weight_g: int = 0
    value_fen: int = 0


@dataclass(frozen=True)
class Order:
    """One waybill asked for. The window is when the courier comes to the sender. `safety_code` must be told by the
    receiver at delivery, and `receiver_id_tail` (the last eight of the identity number) compared with the receiver's own
    card, where the partner can do that. `addressee_only` without either is a request to the courier, not a proof."""

    order_id: str
    sender: Contact
    receiver: Contact
    window_start: datetime
    window_end: datetime
    goods: tuple[GoodsLine, ...]
    payer: Payer = Payer.ACCOUNT
    declared_value_fen: int = 0
    addressee_only: bool = False
    safety_code: str = field(default="", repr=False)
    receiver_id_tail: str = field(default="", repr=False)
    note: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.window_start.tzinfo is None or self.window_end.tzinfo is None:
            raise ValueError("an order's window must carry a time zone")
        if self.window_end <= self.window_start:
            raise ValueError("an order's window must end after it starts")
        if not self.order_id or not self.goods:
            raise ValueError("an order needs its own id and at least one line of contents")


class News(StrEnum):
    """How we come to know what happens to a parcel: pushed (and asked for when nothing came), asked for alone, or
    recorded by our own people."""

    PUSHED = "pushed"
    ASKED = "asked"
    OURS = "ours"


@dataclass(frozen=True)
class Capabilities:
    """What this partner can do, so that callers need not know its name."""

    find_by_order_id: bool
    reports_assignment: bool
    reports_failed_pickup: bool
    pushes: Authenticity
    safety_code: bool
    payers: frozenset[Payer]
    identity_check: bool = False
    """The courier compares the receiver's identity number with the order's."""
    declared_value: bool = False
    coverage: CoverageCheck = CoverageCheck.BOTH
    delivers: bool = True
    """Brings to residents, too. A drop box only takes."""
    news: News = News.PUSHED


@dataclass(frozen=True)
class Booked:
    waybill: str
    cancelled: bool = False
    """Only from `find`: the partner has the order and has cancelled it."""


class Concerns(StrEnum):
    """What a refusal is about, and so whom it is about.

    - `ATTEMPT`: this order with this partner: the window, the product, the payer, or nobody knows. The next one may.
    - `ADDRESS`: this partner does not come to this address. The next one may; this one is not offered there for a day.
    - `ORDER`: the order itself, an incomplete address or forbidden contents. No other partner would take it.
    - `ACCOUNT`: our own standing with the partner, a signature, a permission, a monthly card. It would refuse everybody,
      so it counts as a failure of the partner's: its circuit opens and the operator sees why. The next one may.
    """

    ATTEMPT = "attempt"
    ADDRESS = "address"
    ORDER = "order"
    ACCOUNT = "account"


@dataclass(frozen=True)
class RefusedByPartner:
    """A definite no: nothing was ordered. `code` is the partner's own."""

    code: str
    reason: str
    concerns: Concerns = Concerns.ATTEMPT


@dataclass(frozen=True)
class NotFound:
    """The partner does not know the order. Hold it for true only when said twice, some minutes apart: a partner may
    still be writing down what it accepted."""


@dataclass(frozen=True)
class Cancelled:
    pass


@dataclass(frozen=True)
class TooLate:
    """The partner has the parcel already, or says that it no longer cancels."""

    code: str
    reason: str


@dataclass(frozen=True)
class Unknown:
    """Nobody knows whether it happened. `reason` is a stable word (`timeout`, `connection`, `http_502`, ...)."""

    reason: str
    detail: str = ""
    reached: bool = True


_NOT_SERVING = frozenset({"timeout", "connection", "unreadable", "answer_too_large", "partner_system"})


@dataclass(frozen=True)
class Covered:
    pass


@dataclass(frozen=True)
class NotCovered:
    code: str
    reason: str


def failure_of(answer: object) -> str | None:
    """A stable word if the answer shows that the partner could not serve anybody: no answer, no connection, a broken
    one, its gateway's door shut, our account refused. Everything else, any other refusal too, shows that it serves."""
    match answer:
        case Unknown(reason=reason) if reason in _NOT_SERVING or reason.startswith("http_"):
            return reason
        case RefusedByPartner(code=code) if code.startswith("http_"):
            return code
        case RefusedByPartner(code=code, concerns=Concerns.ACCOUNT):
            return f"account_{code}"
    return None


def serves(answer: object) -> bool:
    """Whether the answer proves that the partner was reached and serves. `Unknown` with any other word may also be
    said without asking anybody."""
    return failure_of(answer) is None and not isinstance(answer, Unknown)


class PartnerUnavailable(Exception):
    """A question that changes nothing (`trace`) could not be answered now. Ask again later."""

    def __init__(self, partner: str, reason: str) -> None:
        super().__init__(f"{partner} did not answer: {reason}; ask again later")
        self.partner = partner
        self.reason = reason


class PushUnreadable(Exception):
    """The push is the partner's own, yet says nothing we can read. It is kept raw; a person looks at it."""

    def __init__(self, partner: str, reason: str) -> None:
        super().__init__(f"push of {partner} cannot be read: {reason}; compare it with the partner's documents")
        self.partner = partner
        self.reason = reason


@dataclass(frozen=True)
class Push:
    """A push that was found to be the partner's own. `delivery_id` is unique per content: a delivery made twice has
    the same one, and nobody can take a genuine one's id by sending other content first. `body` is what was signed
    or sealed, still unparsed."""

    partner: str
    delivery_id: str
    body: bytes = field(repr=False)
    reply_to: str = ""


@dataclass(frozen=True)
class PushRejected:
    """`reason` is for the log, never for the caller. `reply_to` is what the partner's answer form echoes, unproven."""

    partner: str
    reason: str
    reply_to: str = ""


@dataclass(frozen=True)
class PushAnswer:
    status: int
    content_type: str
    body: bytes


class Partner(Protocol):
    """One who carries. Bodies are safe to use from several threads at once."""

    @property
    def name(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def hours(self) -> PartnerHours:
        """For `windows.offer`."""

    def book(self, order: Order) -> Booked | RefusedByPartner | Unknown:
        """Order one waybill and the pick-up. Makes one attempt, never more."""

    def find(self, order_id: str, waybill: str = "") -> Booked | NotFound | Unknown:
        """What became of the order with our id. `waybill`, if a push has already told it, helps partners that
        cannot be asked by order id; those answer `Unknown("no_query")` without it."""

    def cancel(self, order_id: str, waybill: str, reason: str) -> Cancelled | TooLate | Unknown:
        """Take the order back. An order already cancelled is `Cancelled`."""

    def covers(self, address: Address) -> Covered | NotCovered | Unknown:
        """Whether a courier comes to this address."""

    def trace(self, waybill: str) -> tuple[CourierEvent, ...]:
        """All the partner knows of a waybill, for polling and for confirming. Raises `PartnerUnavailable`."""

    def verify_push(self, raw: bytes, headers: Mapping[str, str], content_type: str) -> Push | PushRejected:
        """Whether these bytes are the partner's. Does no I/O and believes nothing in them before."""

    def parse_push(self, push: Push) -> tuple[CourierEvent, ...]:
        """What a verified push says. Raises `PushUnreadable`."""

    def answer_push(self, push: Push | PushRejected, kept: bool) -> PushAnswer:
        """The answer in the partner's own form. `kept`: the push is safely stored (also one that we hold already or
        whose waybill nobody knows); otherwise the partner is asked to send it again."""


@runtime_checkable
class TracesMany(Protocol):
    """A partner that tells of several waybills in one answer."""

    trace_at_once: int

    def trace_many(self, waybills: Sequence[str]) -> Mapping[str, tuple[CourierEvent, ...]]:
        """As `trace`, for up to `trace_at_once` of them; each waybill has its entry. Raises `PartnerUnavailable`."""


@runtime_checkable
class Remembers(Protocol):
    """A partner that gave an order a name of its own and wants it back: to cancel it, to ask for it. What it said is
    kept with the booking, because the next call may be another process's."""

    def remembered(self, order_id: str) -> Mapping[str, str]:
        """What must be kept of an order: small, without personal data; empty for nothing."""

    def recall(self, order_id: str, ref: Mapping[str, str]) -> None:
        """What was kept of it before."""


@runtime_checkable
class Subscribes(Protocol):
    """A partner that must be asked to push about a waybill, and may give up watching it."""

    def subscribe(self, waybill: str, phone: str = "") -> None:
        """Idempotent. Raises `PartnerUnavailable`."""
