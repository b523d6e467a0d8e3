"""JD Logistics behind the port.

What public material leaves open, and what is done instead:
- Pushes [?]: neither their form nor a signature is public, so there is no hook (`hook_secret` is empty and opens to
  nobody), `verify_push` refuses everything, and a poller asks `trace`.
- A query by our own order id [?]: none is public. `find` traces the waybill if it is known; otherwise the booking stays
  unknown and a person asks.
- Cancelling a parcel that was collected does not fail: JD then turns it round on its way. So the track is asked first,
  and a collected parcel is `TooLate` without asking; if the track does not answer, nothing is cancelled.
- The access token comes from a consent in a browser; it is a setting, and whoever renews it restarts the service.
- Declared value: the code of its added product is not public [?], so none is declared.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from courier.jdl import client, mapper, units
from courier.jdl.settings import JdlSettings
from courier.kinds import PartnerKind
from courier.port import (
    Address,
    Authenticity,
    Booked,
    Cancelled,
    Capabilities,
    CoverageCheck,
    Covered,
    News,
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
from courier.reading import Unreadable
from courier.vocabulary import CourierEvent, EventKind
from courier.windows import PartnerHours
from courier.wire import TurnedAway, utc_now

_CAPABILITIES = Capabilities(
    find_by_order_id=False,
    reports_assignment=True,
    reports_failed_pickup=True,
    pushes=Authenticity.NONE,
    safety_code=False,
    payers=frozenset(Payer),
    coverage=CoverageCheck.NONE,
    news=News.ASKED,
)
_NO_PUSHES = "no_public_push_form"


class JdlPartner:
    """Holds settings only; threads may share it."""

    name = mapper.NAME
    capabilities = _CAPABILITIES

    def __init__(self, settings: JdlSettings, now: Callable[[], datetime] = utc_now) -> None:
        self._settings = settings
        self._now = now

    @property
    def hours(self) -> PartnerHours:
        return self._settings.hours

    def book(self, order: Order) -> Booked | RefusedByPartner | Unknown:
        reply = self._ask(units.CREATE, mapper.create(order, self._settings))
        if isinstance(reply, TurnedAway):
            return RefusedByPartner(f"http_{reply.status}", "被接口网关拒绝")
        return reply if isinstance(reply, Unknown) else mapper.read_create(reply)

    def find(self, order_id: str, waybill: str = "") -> Booked | NotFound | Unknown:  # noqa: ARG002 see the head
        """A waybill with a history exists. One without may be too young to have any, so it is not "not found"."""
        if not waybill:
            return Unknown("no_query", "京东物流没有公开按订单号查询的接口")
        try:
            events = self.trace(waybill)
        except PartnerUnavailable as e:
            return Unknown("no_answer", e.reason)
        cancelled = any(e.kind is EventKind.CANCELLED for e in events)
        return Booked(waybill, cancelled) if events else Unknown("no_history")

    def cancel(self, order_id: str, waybill: str, reason: str) -> Cancelled | TooLate | Unknown:
        try:
            events = self.trace(waybill)
        except PartnerUnavailable as e:
            return Unknown("no_trace", e.reason, reached=False)
        if any(e.kind is EventKind.CANCELLED for e in events):
            return Cancelled()
        collected = next((e for e in events if e.kind in units.COLLECTED), None)
        if collected is not None:
            return TooLate(collected.code, "已揽收，取消会变成拦截")
        reply = self._ask(units.CANCEL, mapper.cancel(order_id, waybill, reason, self._settings))
        if isinstance(reply, TurnedAway):
            return Unknown(f"http_{reply.status}", reached=False)
        return reply if isinstance(reply, Unknown) else mapper.read_cancel(reply)

    def covers(self, address: Address) -> Covered | NotCovered | Unknown:  # noqa: ARG002 creating says it
        return Unknown("no_query", "京东物流在下单时答复是否可收派", reached=False)

    def trace(self, waybill: str) -> tuple[CourierEvent, ...]:
        reply = self._ask(units.TRACE, mapper.trace(waybill, self._settings))
        if not isinstance(reply, mapper.Reply):
            raise PartnerUnavailable(self.name, reply.reason if isinstance(reply, Unknown) else "turned_away")
        try:
            return mapper.read_trace(reply, waybill)
        except Unreadable as e:
            raise PartnerUnavailable(self.name, str(e)) from e

    def verify_push(self, raw: bytes, headers: Mapping[str, str], content_type: str) -> Push | PushRejected:  # noqa: ARG002 nothing could prove it
        return PushRejected(self.name, _NO_PUSHES)

    def parse_push(self, push: Push) -> tuple[CourierEvent, ...]:  # noqa: ARG002 there are none
        raise PushUnreadable(self.name, _NO_PUSHES)

    def answer_push(self, push: Push | PushRejected, kept: bool) -> PushAnswer:  # noqa: ARG002 there are none
        return PushAnswer(403, "application/json", b"")

    def _ask(self, path: str, body: str) -> mapper.Reply | TurnedAway | Unknown:
        answer = client.call(self._settings, path, mapper.query(path, body, self._settings, self._now()), body)
        if not isinstance(answer, bytes):
            return answer
        try:
            return mapper.read_reply(answer)
        except Unreadable as e:
            return Unknown("unreadable", str(e))


PARTNERS = (PartnerKind("jdl", "京东物流", JdlSettings, lambda s, _: JdlPartner(s), _CAPABILITIES),)
