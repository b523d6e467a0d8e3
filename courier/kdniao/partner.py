"""KDNiao behind the port.

What public material leaves open, and what is done instead:
- A query by our own order id [?]: none is public. `find` traces the waybill if a push has told it; otherwise the booking
  stays unknown, and a repeated order (106) too, until a push comes or a person asks KDNiao.
- Which request cancels which kind of order [?]: 1004 is documented for 预约取件; `cancel_type` says otherwise where
  KDNiao does.
- The waybill of 上门取件 comes late: KDNiao's own number stands in its place, and has no track.
- Refusals as a whole, retries of pushes, the answer of the coverage check (1814) [?]: "other" stays open, trace fills
  what was lost, creating says itself when an address is out of range.
- The free query (1002) tells no code for each line, so only the newest line moves a leg; 8001 tells all.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from courier.kdniao import client, mapper, pushes, units
from courier.kdniao.settings import KdniaoSettings
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
from courier.reading import Unreadable, beijing
from courier.vocabulary import CourierEvent, EventKind
from courier.windows import PartnerHours
from courier.wire import TurnedAway, utc_now

_CAPABILITIES = Capabilities(
    find_by_order_id=False,
    reports_assignment=True,
    reports_failed_pickup=True,
    pushes=Authenticity.STRONG,
    safety_code=False,
    payers=frozenset(Payer),
    declared_value=True,
    coverage=CoverageCheck.NONE,
)


class KdniaoPartner:
    """Holds settings only; threads may share it."""

    name = mapper.NAME
    capabilities = _CAPABILITIES

    def __init__(self, settings: KdniaoSettings, now: Callable[[], datetime] = utc_now) -> None:
        self._settings = settings
        self._now = now

    @property
    def hours(self) -> PartnerHours:
        return self._settings.hours

    def book(self, order: Order) -> Booked | RefusedByPartner | Unknown:
        reply = self._ask(self._settings.order_type, mapper.create(order, self._settings))
        if isinstance(reply, TurnedAway):
            return RefusedByPartner(f"http_{reply.status}", "被接口网关拒绝")
        return reply if isinstance(reply, Unknown) else mapper.read_create(reply, order.order_id)

    def find(self, order_id: str, waybill: str = "") -> Booked | NotFound | Unknown:  # noqa: ARG002 see the head
        """A waybill with a history exists. One without may be too young to have any, so it is not "not found"."""
        if not waybill:
            return Unknown("no_query", "快递鸟没有公开按订单号查询的接口")
        try:
            events = self.trace(waybill)
        except PartnerUnavailable as e:
            return Unknown("no_answer", e.reason)
        cancelled = any(e.kind is EventKind.CANCELLED for e in events)
        return Booked(waybill, cancelled) if events else Unknown("no_history")

    def cancel(self, order_id: str, waybill: str, reason: str) -> Cancelled | TooLate | Unknown:
        s = self._settings
        reply = self._ask(s.cancel_type, mapper.cancel(order_id, waybill, reason, s))
        if isinstance(reply, TurnedAway):
            return Unknown(f"http_{reply.status}", reached=False)
        return reply if isinstance(reply, Unknown) else mapper.read_cancel(reply)

    def covers(self, address: Address) -> Covered | NotCovered | Unknown:  # noqa: ARG002 creating says it
        return Unknown("no_query", "快递鸟在下单时答复是否可收派", reached=False)

    def trace(self, waybill: str) -> tuple[CourierEvent, ...]:
        if waybill.startswith(units.OWN_NUMBER):
            return ()
        s = self._settings
        answer = client.track(s, mapper.form(s.trace_type, mapper.trace(waybill, s), s))
        if not isinstance(answer, bytes):
            raise PartnerUnavailable(self.name, answer.reason if isinstance(answer, Unknown) else "turned_away")
        try:
            return mapper.read_trace(answer, waybill)
        except Unreadable as e:
            raise PartnerUnavailable(self.name, str(e)) from e

    def verify_push(self, raw: bytes, headers: Mapping[str, str], content_type: str) -> Push | PushRejected:  # noqa: ARG002 the sign is in the form
        return pushes.verify(raw, self._settings.app_key)

    def parse_push(self, push: Push) -> tuple[CourierEvent, ...]:
        return pushes.read(push)

    def answer_push(self, push: Push | PushRejected, kept: bool) -> PushAnswer:
        genuine = isinstance(push, Push)
        body = pushes.answer(self._settings.business_id, genuine and kept, beijing(self._now()))
        return PushAnswer((200 if kept else 503) if genuine else 403, "application/json", body)

    def _ask(self, request_type: str, data: str) -> mapper.Reply | TurnedAway | Unknown:
        answer = client.order(self._settings, mapper.form(request_type, data, self._settings))
        if not isinstance(answer, bytes):
            return answer
        try:
            return mapper.read_reply(answer)
        except Unreadable as e:
            return Unknown("unreadable", str(e))


PARTNERS = (PartnerKind("kdniao", "快递鸟", KdniaoSettings, lambda s, _: KdniaoPartner(s), _CAPABILITIES),)
