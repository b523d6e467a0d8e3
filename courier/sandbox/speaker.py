"""What a protocol must be able to do here (`Speaker`), and the desk behind all of them (`Desk`): one order book, one
life, one set of misfortunes, several languages.

A speaker reads a request and answers it, and turns what happens to a parcel into pushes. It says whether an answer
accepted something, so that the server knows which answers may get lost on their way.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from courier.sandbox.depot import Depot, Operation, Parcel, Place
from courier.sandbox.faults import Fault
from courier.sandbox.life import STEPS

OUT_OF_RANGE = "超区"  # in an address: no courier goes there


class Why(StrEnum):
    """Why a request is refused; each speaker has its code for it."""

    INCOMPLETE = "incomplete"
    CREDENTIALS = "credentials"
    SIGNATURE = "signature"
    NO_SUCH_CALL = "no_such_call"
    FIELD = "field"
    DUPLICATE = "duplicate"
    RANGE_SENDER = "range_sender"
    RANGE_RECEIVER = "range_receiver"
    NOT_FOUND = "not_found"
    COLLECTED = "collected"
    CANCELLED = "cancelled"


class Refused(Exception):
    def __init__(self, why: Why, message: str) -> None:
        super().__init__(message)
        self.why = why
        self.message = message


@dataclass(frozen=True)
class Account:
    """The one customer the sandbox has. What the three words are called is the partner's affair: EMS's senderNo,
    authorization and SM4 key; SF's partnerID, nothing and check word; Kuaidi100's customer, key and secret."""

    sender_no: str
    authorization: str = field(repr=False)
    sign_key: str = field(repr=False)


@dataclass(frozen=True)
class Request:
    path: str
    content_type: str
    body: bytes


@dataclass(frozen=True)
class Reply:
    """`accepted`: something was ordered or cancelled, and the answer says so."""

    body: bytes
    accepted: bool = False
    content_type: str = "application/json;charset=UTF-8"


@dataclass(frozen=True)
class Push:
    """One message to come, the same however often it is sent. `code` is the partner's, for the log; `content` is the
    speaker's own, and so is `made_ms`."""

    serial: str
    order_no: str
    code: str
    content: Any
    made_ms: int = 0


@dataclass(frozen=True)
class Damage:
    """What a fault does to a push."""

    wrong_signature: bool = False
    cut: bool = False


@dataclass(frozen=True)
class Message:
    """A push as it goes out. `to_wrong_address`: how a partner that signs nothing is forged."""

    body: bytes
    content_type: str
    to_wrong_address: bool = False


class Speaker(Protocol):
    """One partner's protocol. Threads share it."""

    path: str
    """Of the address that a client is given."""

    def is_changing(self, request: Request) -> bool:
        """Whether it orders or cancels: these are what faults of requests strike."""

    def answer(self, request: Request) -> Reply: ...

    def refusal(self) -> Reply:
        """A definite no for reasons of the partner's own."""

    def unclear(self) -> Reply:
        """The partner's own way to say that nobody knows whether it happened."""

    def knows(self, event: str) -> bool:
        """Whether the partner has a code for it."""

    def event_of(self, code: str) -> str:
        """The event that a raw code stands for; empty if none does."""

    def shown(self, operation: Operation) -> dict[str, str]:
        """An operation in the partner's words, for the control pages."""

    def pushes(self, parcel: Parcel, operation: Operation, serial: Callable[[], str]) -> list[Push]: ...

    def message(self, push: Push, damage: Damage) -> Message: ...

    def receipt(self, push: Push, content: bytes) -> tuple[bool, str]:
        """Whether an answer of 2xx takes the push, and the code in it."""


@dataclass
class Desk:
    """The desk: the depot, what to do on a new parcel and on something that happened, and the misfortunes."""

    account: Account
    depot: Depot
    on_taken: Callable[[Parcel], None]
    on_operation: Callable[[Parcel, Operation], None]
    strikes: Callable[[Fault], bool]
    now: Callable[[], datetime]

    def taken_before(self, order_no: str) -> Parcel | None:
        """The order that has this number, unless the partner forgets that just now."""
        known = self.depot.by_order(order_no)
        return None if known is not None and self.strikes(Fault.SECOND_WAYBILL) else known

    def take(self, order_no: str, places: tuple[Place, Place], window: tuple[str, str], **extra: str) -> Parcel:
        parcel = self.depot.take(order_no, places, window, extra)
        self.on_taken(parcel)
        return parcel

    def cancel(self, parcel: Parcel) -> None:
        if parcel.status == "cancelled":
            raise Refused(Why.CANCELLED, "订单已取消")
        if parcel.status == "collected":
            raise Refused(Why.COLLECTED, "快件已揽收，不能取消")
        self.on_operation(parcel, self.depot.happen(parcel, STEPS["cancelled"]))


def needed(value: Any, key: str) -> str:
    """A text that must be there."""
    found = value.get(key) if isinstance(value, Mapping) else None
    if not isinstance(found, str) or not found.strip():
        raise Refused(Why.FIELD, f"{key} 不能为空")
    return found


def window_of(start: str, end: str) -> tuple[str, str]:
    """A window as partners write it, that ends after it starts."""
    try:
        if datetime.strptime(start, "%Y-%m-%d %H:%M:%S") >= datetime.strptime(end, "%Y-%m-%d %H:%M:%S"):
            raise Refused(Why.FIELD, "预约揽收时间不正确")
    except ValueError:
        raise Refused(Why.FIELD, "预约揽收时间格式应为 yyyy-MM-dd HH:mm:ss") from None
    return (start, end)


def digits(random_: random.Random, prefix: str, count: int) -> str:
    """A waybill: a prefix and so many digits."""
    return f"{prefix}{random_.randrange(10**count):0{count}d}"
