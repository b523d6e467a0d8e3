"""Acme Courier behind the port, the least that can be: JSON over HTTP, pushes signed by HMAC-SHA256 over the raw body.

It cannot be asked by our order id and tells of no failed pickup: both are said in its capabilities.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from courier.entries import PartnerSettings
from courier.kinds import PartnerKind
from courier.port import (
    Address,
    Authenticity,
    Booked,
    Cancelled,
    Capabilities,
    CoverageCheck,
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
from courier.reading import Unreadable, from_beijing, parsed, text
from courier.signing import same
from courier.vocabulary import CourierEvent, EventKind
from courier.windows import PartnerHours
from courier.wire import Patience, TurnedAway, post_body

NAME = "acme"
WORDS: Mapping[str, EventKind] = {
    "FETCHED": EventKind.PICKED_UP,
    "MOVING": EventKind.IN_TRANSIT,
    "SIGNED_SELF": EventKind.DELIVERED,
    "SIGNED": EventKind.DELIVERED_UNCONFIRMED,
}
CAPABILITIES = Capabilities(
    find_by_order_id=False,
    reports_assignment=False,
    reports_failed_pickup=False,
    pushes=Authenticity.STRONG,
    safety_code=False,
    payers=frozenset({Payer.ACCOUNT}),
    coverage=CoverageCheck.NONE,
)


@dataclass(frozen=True, kw_only=True)
class AcmeSettings(PartnerSettings):
    key: str = field(repr=False)


def signed(body: bytes, key: str) -> str:
    return hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


def read_event(item: Mapping[str, Any]) -> CourierEvent:
    code = text(item, "code")
    return CourierEvent(
        WORDS.get(code, EventKind.UNKNOWN), from_beijing(text(item, "at")), NAME, text(item, "waybill"), code=code
    )


class AcmePartner:
    name = NAME
    capabilities = CAPABILITIES

    def __init__(self, settings: AcmeSettings) -> None:
        self._settings = settings

    @property
    def hours(self) -> PartnerHours:
        return self._settings.hours

    def book(self, order: Order) -> Booked | RefusedByPartner | Unknown:
        told = self._ask("order", {"id": order.order_id, "from": order.sender.address.detail})
        if isinstance(told, Unknown):
            return told
        if isinstance(told, TurnedAway):
            return RefusedByPartner(f"http_{told.status}", "turned away")
        waybill = text(told, "waybill")
        return Booked(waybill) if waybill else RefusedByPartner(text(told, "code"), text(told, "why"))

    def find(self, order_id: str, waybill: str = "") -> Booked | NotFound | Unknown:
        return Unknown("no_query")

    def cancel(self, order_id: str, waybill: str, reason: str) -> Cancelled | TooLate | Unknown:
        told = self._ask("cancel", {"waybill": waybill})
        return Cancelled() if isinstance(told, Mapping) and text(told, "ok") else Unknown("not_cancelled")

    def covers(self, address: Address) -> Covered | NotCovered | Unknown:
        return Unknown("no_query", reached=False)

    def trace(self, waybill: str) -> tuple[CourierEvent, ...]:
        told = self._ask("trace", {"waybill": waybill})
        if not isinstance(told, Mapping):
            raise PartnerUnavailable(NAME, "no_answer")
        return tuple(read_event(item) for item in told["events"])

    def verify_push(self, raw: bytes, headers: Mapping[str, str], content_type: str) -> Push | PushRejected:
        given = {k.lower(): v for k, v in headers.items()}.get("x-acme-signature", "")
        if not same(signed(raw, self._settings.key), given):
            return PushRejected(NAME, "signature")
        return Push(NAME, hashlib.sha256(raw).hexdigest(), raw)

    def parse_push(self, push: Push) -> tuple[CourierEvent, ...]:
        try:
            return (read_event(parsed(push.body)),)
        except Unreadable as e:
            raise PushUnreadable(NAME, str(e)) from e

    def answer_push(self, push: Push | PushRejected, kept: bool) -> PushAnswer:
        status = (200 if kept else 503) if isinstance(push, Push) else 403
        return PushAnswer(status, "application/json", b"{}")

    def _ask(self, what: str, content: Mapping[str, str]) -> Mapping[str, Any] | TurnedAway | Unknown:
        s = self._settings
        body = json.dumps({"do": what, **content}).encode()
        head = {"Content-Type": "application/json", "X-Acme-Signature": signed(body, s.key)}
        answer = post_body(s.base_url, body, head, {}, Patience(s.connect_timeout_s, s.read_timeout_s))
        if not isinstance(answer, bytes):
            return answer
        try:
            return parsed(answer)
        except Unreadable:
            return Unknown("unreadable")


PARTNERS = (PartnerKind(NAME, "阿克米快递", AcmeSettings, lambda s, _: AcmePartner(s), CAPABILITIES),)
