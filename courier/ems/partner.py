"""China Post EMS behind the port.

What public material does not give, and what is done instead:
- A query by our own order id [?]: there is none. `find` traces the waybill if a push has told it; otherwise the
  booking stays unknown and a person asks China Post. The sandbox has an extension for it (`EmsSettings.sandbox`).
- A no-show or an assigned courier: no code. The caller's own timer after the window finds a no-show.
- A MAC on pushes: none. The seal with the key inside is weak, and said to be so in `capabilities`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from courier.ems import client, mapper, units
from courier.ems.settings import EmsSettings
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
    RefusedByPartner,
    TooLate,
    Unknown,
)
from courier.vocabulary import CourierEvent, EventKind
from courier.windows import PartnerHours
from courier.wire import utc_now

_CAPABILITIES = Capabilities(
    find_by_order_id=False,
    reports_assignment=False,
    reports_failed_pickup=False,
    pushes=Authenticity.WEAK,
    safety_code=True,
    payers=frozenset(Payer),
    declared_value=True,
    coverage=CoverageCheck.PICKUP,
)


class EmsPartner:
    """Holds settings only; threads may share it."""

    capabilities = _CAPABILITIES

    def __init__(self, settings: EmsSettings, now: Callable[[], datetime] = utc_now) -> None:
        self._settings = settings
        self._now = now
        if settings.sandbox:
            self.capabilities = replace(
                _CAPABILITIES, find_by_order_id=True, reports_assignment=True, reports_failed_pickup=True
            )

    @property
    def name(self) -> str:
        return mapper.NAME

    @property
    def hours(self) -> PartnerHours:
        return self._settings.hours

    def book(self, order: Order) -> Booked | RefusedByPartner | Unknown:
        reply = self._ask(units.CREATE, mapper.create(order, self._settings, self._now()))
        if isinstance(reply, client.TurnedAway):
            return RefusedByPartner(f"http_{reply.status}", "被接口网关拒绝")
        return reply if isinstance(reply, Unknown) else mapper.read_create(reply)

    def find(self, order_id: str, waybill: str = "") -> Booked | NotFound | Unknown:
        if self._settings.sandbox:
            reply = self._reply(units.SANDBOX_FIND, mapper.find(order_id))
            return reply if isinstance(reply, Unknown) else mapper.read_find(reply)
        return self._find_by_waybill(waybill) if waybill else Unknown("no_query", "EMS 没有公开按订单号查询的接口")

    def cancel(self, order_id: str, waybill: str, reason: str) -> Cancelled | TooLate | Unknown:
        reply = self._reply(units.CANCEL, mapper.cancel(order_id, waybill, reason))
        return reply if isinstance(reply, Unknown) else mapper.read_cancel(reply)

    def covers(self, address: Address) -> Covered | NotCovered | Unknown:
        reply = self._reply(units.COVERS, mapper.covers(address, self._settings))
        return reply if isinstance(reply, Unknown) else mapper.read_covers(reply)

    def trace(self, waybill: str) -> tuple[CourierEvent, ...]:
        reply = self._reply(units.TRACE, mapper.trace(waybill))
        if isinstance(reply, Unknown):
            raise PartnerUnavailable(self.name, reply.reason)
        try:
            return mapper.read_trace(reply, self._settings.sandbox)
        except mapper.Unreadable as e:
            raise PartnerUnavailable(self.name, str(e)) from e

    def verify_push(self, raw: bytes, headers: Mapping[str, str], content_type: str) -> Push | PushRejected:  # noqa: ARG002 EMS signs neither
        return mapper.verify(raw, self._settings)

    def parse_push(self, push: Push) -> tuple[CourierEvent, ...]:
        return mapper.read_push(push, self._settings.sandbox)

    def answer_push(self, push: Push | PushRejected, kept: bool) -> PushAnswer:
        """How EMS reads the HTTP status is not public [?]; the body's code is what its documents speak of, and the
        status says the same."""
        genuine = isinstance(push, Push)
        status = (200 if kept else 503) if genuine else 403
        return PushAnswer(status, "application/json", mapper.answer(push.reply_to, genuine and kept, self._settings))

    def _find_by_waybill(self, waybill: str) -> Booked | Unknown:
        """A waybill with a history exists. One without may be too young to have any, so it is not "not found"."""
        try:
            events = self.trace(waybill)
        except PartnerUnavailable as e:
            return Unknown("no_answer", e.reason)
        cancelled = any(e.kind is EventKind.CANCELLED for e in events)
        return Booked(waybill, cancelled) if events else Unknown("no_history")

    def _reply(self, api_code: str, body: str) -> mapper.Reply | Unknown:
        reply = self._ask(api_code, body)
        return Unknown(f"http_{reply.status}", reached=False) if isinstance(reply, client.TurnedAway) else reply

    def _ask(self, api_code: str, body: str) -> mapper.Reply | client.TurnedAway | Unknown:
        s = self._settings
        form = mapper.form(api_code, body, s, self._now())
        answer = client.post(s.base_url, form, s.connect_timeout_s, s.read_timeout_s)
        if not isinstance(answer, bytes):
            return answer
        try:
            return mapper.read_reply(answer)
        except mapper.Unreadable as e:
            return Unknown("unreadable", str(e))


PARTNERS = (PartnerKind("ems", "中国邮政EMS", EmsSettings, lambda s, _: EmsPartner(s), _CAPABILITIES),)
