"""A partner in memory, for tests of whoever uses the port. A real body of it: it keeps orders, remembers that it
cancelled them, signs its pushes (Standard Webhooks) and checks them. Deterministic: waybills count up, the clock and
the secret are arguments.

`next_book` and the like queue what one call shall answer instead; a queued `Unknown` with `taken=True` is the partner
that accepts the order and whose answer is lost, which `find` then reveals.
"""

import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from courier.port import (
    Address,
    Authenticity,
    Booked,
    Cancelled,
    Capabilities,
    Covered,
    NotCovered,
    NotFound,
    Order,
    PartnerUnavailable,
    Payer,
    Push,
    PushAnswer,
    PushRejected,
    PushUnreadable,
    RefusedByPartner,
    TooLate,
    Unknown,
)
from courier.signing import SignatureRefused, check_webhook, webhook_signature
from courier.vocabulary import CourierEvent, EventKind, from_json
from courier.windows import USUAL_HOURS, PartnerHours

# A secret for tests, in the form Standard Webhooks wants.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
_COLLECTED = frozenset({EventKind.PICKED_UP, EventKind.IN_TRANSIT, EventKind.OUT_FOR_DELIVERY, EventKind.DELIVERED})


@dataclass(frozen=True)
class SentPush:
    """What the partner would POST."""

    raw: bytes
    headers: Mapping[str, str]
    content_type: str = "application/json"


@dataclass
class _Taken:
    order: Order
    waybill: str
    cancelled: bool = False
    events: list[CourierEvent] = field(default_factory=list)


class FakePartner:
    """One thread at a time."""

    hours: PartnerHours = USUAL_HOURS
    capabilities = Capabilities(True, True, True, Authenticity.STRONG, True, frozenset(Payer), declared_value=True)

    def __init__(self, now: Callable[[], datetime], name: str = "fake", secret: str = SECRET) -> None:
        self.name = name
        self.asked: list[tuple[str, str]] = []
        """Every call so far: (what, order id or waybill)."""
        self._now = now
        self._secret = secret
        self._taken: dict[str, _Taken] = {}
        self._pushes = 0
        self._book: deque[tuple[RefusedByPartner | Unknown, bool]] = deque()
        self._find: deque[NotFound | Unknown] = deque()
        self._cancel: deque[TooLate | Unknown] = deque()

    def next_book(self, answer: RefusedByPartner | Unknown, taken: bool = False) -> None:
        self._book.append((answer, taken))

    def next_find(self, answer: NotFound | Unknown) -> None:
        self._find.append(answer)

    def next_cancel(self, answer: TooLate | Unknown) -> None:
        self._cancel.append(answer)

    def book(self, order: Order) -> Booked | RefusedByPartner | Unknown:
        self.asked.append(("book", order.order_id))
        answer, taken = self._book.popleft() if self._book else (None, True)
        if order.order_id in self._taken:
            return Unknown("duplicate")
        if taken:
            waybill = f"FAKE{len(self._taken) + 1:09d}"
            self._taken[order.order_id] = _Taken(order, waybill)
        return answer or Booked(self._taken[order.order_id].waybill)

    def find(self, order_id: str, waybill: str = "") -> Booked | NotFound | Unknown:
        self.asked.append(("find", order_id or waybill))
        if self._find:
            return self._find.popleft()
        known = self._taken.get(order_id)
        return Booked(known.waybill, known.cancelled) if known else NotFound()

    def cancel(self, order_id: str, waybill: str, reason: str) -> Cancelled | TooLate | Unknown:
        self.asked.append(("cancel", order_id))
        if self._cancel:
            return self._cancel.popleft()
        known = self._taken.get(order_id)
        if known is None or known.waybill != waybill:
            return Unknown("not_cancelled", reason)
        if any(e.kind in _COLLECTED for e in known.events):
            return TooLate("collected", "已揽收")
        known.cancelled = True
        return Cancelled()

    def covers(self, address: Address) -> Covered | NotCovered | Unknown:
        return NotCovered("1", "超出揽收范围") if "超区" in address.detail else Covered()

    def trace(self, waybill: str) -> tuple[CourierEvent, ...]:
        self.asked.append(("trace", waybill))
        known = next((t for t in self._taken.values() if t.waybill == waybill), None)
        if known is None:
            raise PartnerUnavailable(self.name, "unknown_waybill")
        return tuple(known.events)

    def happen(self, order_id: str, kind: EventKind, reverses: EventKind | None = None) -> SentPush:
        """Something happens to a parcel now. It is in `trace` from now on; the push is handed back to be delivered,
        doubled, swapped or thrown away."""
        known = self._taken[order_id]
        e = CourierEvent(kind, self._now(), self.name, known.waybill, order_id, code=kind.value, reverses=reverses)
        known.events.append(e)
        return self.sign(json.dumps(e.to_json()).encode())

    def sign(self, body: bytes) -> SentPush:
        self._pushes += 1
        message_id, stamp = f"msg_{self._pushes}", int(self._now().timestamp())
        signature = webhook_signature(self._secret, message_id, stamp, body)
        headers = {"webhook-id": message_id, "webhook-timestamp": str(stamp), "webhook-signature": signature}
        return SentPush(body, headers)

    def verify_push(self, raw: bytes, headers: Mapping[str, str], content_type: str) -> Push | PushRejected:
        try:
            message_id = check_webhook(self._secret, headers, raw, self._now())
        except SignatureRefused as e:
            return PushRejected(self.name, f"{e.reason} ({content_type})")
        return Push(self.name, message_id, raw, reply_to=message_id)

    def parse_push(self, push: Push) -> tuple[CourierEvent, ...]:
        try:
            return (from_json(json.loads(push.body)),)
        except (ValueError, KeyError, TypeError) as e:
            raise PushUnreadable(self.name, str(e)) from None

    def answer_push(self, push: Push | PushRejected, kept: bool) -> PushAnswer:
        status = (204 if kept else 503) if isinstance(push, Push) else 401
        return PushAnswer(status, "application/json", b"")
