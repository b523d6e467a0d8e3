"""SF Express behind the port.

What public material leaves open, and what is done instead:
- Whether a cancelled order shows in the query [?]: only 8037 is taken for it. Whoever reuses no order id needs no more.
- Whether a route query without the receiver's phone shows everything [?]: SF answers with no routes both when there
  are none and when it may not tell. No routes is therefore never "delivered", and the pusher's word waits.
- The coverage check's answer [?]: `covers` does not ask. Creating says itself when an address is out of range.
- Which waybill a returned parcel goes on under [?]: see `units.ROUTE_NODES`.
- Retries of pushes [?]: trace fills what was lost.

Pushes are unsigned (`Authenticity.NONE`): the address is the only secret, so what cannot be taken back is believed
when a query shows it.
"""

import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

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
from courier.reading import Unreadable
from courier.sf import client, mapper, pushes, units
from courier.sf.settings import SfProof, SfSettings
from courier.vocabulary import CourierEvent
from courier.windows import PartnerHours
from courier.wire import TurnedAway, utc_now

_CAPABILITIES = Capabilities(
    find_by_order_id=True,
    reports_assignment=True,
    reports_failed_pickup=True,
    pushes=Authenticity.NONE,
    safety_code=False,
    payers=frozenset(Payer),
    identity_check=True,
    declared_value=True,
    coverage=CoverageCheck.NONE,
)

_NO_TOKEN = mapper.Token("", datetime.min.replace(tzinfo=UTC))


def _new_id() -> str:
    return str(uuid.uuid4())


class SfPartner:
    """Threads may share it; they share its token."""

    name = mapper.NAME
    capabilities = _CAPABILITIES
    trace_at_once = units.ROUTES_AT_ONCE

    def __init__(
        self, settings: SfSettings, now: Callable[[], datetime] = utc_now, new_id: Callable[[], str] = _new_id
    ) -> None:
        self._settings = settings
        self._now = now
        self._new_id = new_id
        self._lock = threading.Lock()
        self._token = _NO_TOKEN

    @property
    def hours(self) -> PartnerHours:
        return self._settings.hours

    def book(self, order: Order) -> Booked | RefusedByPartner | Unknown:
        reply = self._ask(units.CREATE, mapper.create(order, self._settings))
        if isinstance(reply, TurnedAway):
            return RefusedByPartner(f"http_{reply.status}", "被接口网关拒绝")
        return reply if isinstance(reply, Unknown) else mapper.read_create(reply, order.order_id)

    def find(self, order_id: str, waybill: str = "") -> Booked | NotFound | Unknown:  # noqa: ARG002 the id is enough
        reply = self._reply(units.FIND, mapper.find(order_id))
        return reply if isinstance(reply, Unknown) else mapper.read_find(reply, order_id)

    def cancel(self, order_id: str, waybill: str, reason: str) -> Cancelled | TooLate | Unknown:  # noqa: ARG002 SF asks for neither
        reply = self._reply(units.UPDATE, mapper.cancel(order_id))
        return reply if isinstance(reply, Unknown) else mapper.read_cancel(reply, order_id)

    def covers(self, address: Address) -> Covered | NotCovered | Unknown:  # noqa: ARG002 see the head
        return Unknown("no_query", "顺丰在下单时答复是否可收派", reached=False)

    def trace(self, waybill: str) -> tuple[CourierEvent, ...]:
        return self.trace_many([waybill])[waybill]

    def trace_many(self, waybills: Sequence[str]) -> Mapping[str, tuple[CourierEvent, ...]]:
        reply = self._reply(units.ROUTES, mapper.routes(waybills))
        if isinstance(reply, Unknown):
            raise PartnerUnavailable(self.name, reply.reason)
        try:
            return {waybill: mapper.read_routes(reply, waybill) for waybill in waybills}
        except Unreadable as e:
            raise PartnerUnavailable(self.name, str(e)) from e

    def verify_push(self, raw: bytes, headers: Mapping[str, str], content_type: str) -> Push | PushRejected:  # noqa: ARG002 SF signs nothing
        return pushes.verify(raw)

    def parse_push(self, push: Push) -> tuple[CourierEvent, ...]:
        return pushes.read(push)

    def answer_push(self, push: Push | PushRejected, kept: bool) -> PushAnswer:
        genuine = isinstance(push, Push)
        content_type, body = pushes.answer(push.reply_to, genuine and kept)
        return PushAnswer((200 if kept else 503) if genuine else 403, content_type, body)

    def _reply(self, service: str, data: str) -> mapper.Reply | Unknown:
        reply = self._ask(service, data)
        return Unknown(f"http_{reply.status}", reached=False) if isinstance(reply, TurnedAway) else reply

    def _ask(self, service: str, data: str) -> mapper.Reply | TurnedAway | Unknown:
        """With OAuth2, a token that SF no longer takes is renewed once: the request before certainly had no effect."""
        used = self._token
        reply = self._once(service, data)
        stale = isinstance(reply, mapper.Reply) and reply.gateway == units.TOKEN_STALE
        if stale and self._settings.proof is SfProof.OAUTH2:
            self._forget(used)
            return self._once(service, data)
        return reply

    def _forget(self, used: mapper.Token) -> None:
        """Unless another thread has renewed it meanwhile."""
        with self._lock:
            if self._token.value == used.value or not used.value:
                self._token = _NO_TOKEN

    def _once(self, service: str, data: str) -> mapper.Reply | TurnedAway | Unknown:
        token = self._valid_token() if self._settings.proof is SfProof.OAUTH2 else ""
        if not isinstance(token, str):
            return token
        form = mapper.form(service, data, self._settings, mapper.Stamp(self._now(), self._new_id(), token))
        answer = client.serve(self._settings, form)
        if not isinstance(answer, bytes):
            return answer
        try:
            return mapper.read_reply(answer)
        except Unreadable as e:
            return Unknown("unreadable", str(e))

    def _valid_token(self) -> str | mapper.Reply | TurnedAway | Unknown:
        """The one in hand, or a new one. Without one nothing was ordered: `reached` is False then."""
        with self._lock:
            if self._token.value and self._now() < self._token.ends:
                return self._token.value
            answer = client.token(self._settings, mapper.token_form(self._settings))
            if isinstance(answer, Unknown):
                return Unknown(answer.reason, "token", reached=False)
            if isinstance(answer, TurnedAway):
                return answer
            return self._take_token(answer)

    def _take_token(self, answer: bytes) -> str | mapper.Reply | Unknown:
        try:
            token = mapper.read_token(answer, self._now())
        except Unreadable as e:
            return Unknown("unreadable", f"token: {e}", reached=False)
        if isinstance(token, RefusedByPartner):
            return mapper.Reply(token.code, False, token.code, token.reason, None)
        self._token = token
        return token.value


PARTNERS = (PartnerKind("sf", "顺丰速运", SfSettings, lambda s, _: SfPartner(s), _CAPABILITIES),)
