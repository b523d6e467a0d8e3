"""Couriers with a life of their own: an order that was taken goes its way whatever the office thinks of it, and what it
meets is told by pushes, some of which never come. Asked for its trace, the partner tells everything.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from courier.vocabulary import CourierEvent, EventKind, Recipient

K = EventKind
_WAYS: Mapping[EventKind, Mapping[EventKind, int]] = {
    K.BOOKED: {K.COURIER_ASSIGNED: 8, K.PICKED_UP: 4, K.PICKUP_FAILED: 1, K.CANCELLED: 1, K.PICKUP_DELAYED: 1},
    K.PICKUP_DELAYED: {K.COURIER_ASSIGNED: 3, K.PICKED_UP: 3, K.PICKUP_FAILED: 1},
    K.COURIER_ASSIGNED: {K.PICKED_UP: 12, K.PICKUP_FAILED: 2, K.PICKUP_RESCHEDULED: 1, K.CANCELLED: 1},
    K.PICKUP_RESCHEDULED: {K.COURIER_ASSIGNED: 3, K.PICKED_UP: 3},
    K.PICKUP_FAILED: {K.PICKED_UP: 1, K.INFO: 8},
    K.PICKED_UP: {K.IN_TRANSIT: 20, K.OUT_FOR_DELIVERY: 4, K.EXCEPTION: 1, K.LOST: 1, K.REVERSAL: 1, K.UNKNOWN: 1},
    K.UNKNOWN: {K.IN_TRANSIT: 1},
    K.IN_TRANSIT: {K.OUT_FOR_DELIVERY: 14, K.DELIVERED: 4, K.EXCEPTION: 2, K.LOST: 1},
    K.OUT_FOR_DELIVERY: {K.DELIVERED: 14, K.DELIVERED_UNCONFIRMED: 4, K.REFUSED: 2, K.EXCEPTION: 2, K.AWAITING_COLLECTION: 1},
    K.AWAITING_COLLECTION: {K.DELIVERED: 2, K.DELIVERED_UNCONFIRMED: 2, K.RETURNING: 1},
    K.EXCEPTION: {K.IN_TRANSIT: 4, K.OUT_FOR_DELIVERY: 2, K.RETURNING: 2, K.LOST: 2, K.REFUSED: 1},
    K.REFUSED: {K.RETURNING: 4, K.OUT_FOR_DELIVERY: 1},
    K.RETURNING: {K.RETURNED: 6, K.DELIVERED: 1},
    K.DELIVERED: {K.REVERSAL: 1, K.INFO: 12},
    K.DELIVERED_UNCONFIRMED: {K.DELIVERED: 3, K.INFO: 8, K.REVERSAL: 1, K.LOST: 1},
    K.LOST: {K.INFO: 6, K.IN_TRANSIT: 1},
    K.RETURNED: {K.INFO: 1},
    K.CANCELLED: {K.INFO: 1},
}  # fmt: skip
"""What may come after what, and how likely. INFO: nothing more comes."""
_AFTER_REVERSAL = {
    K.PICKED_UP: K.COURIER_ASSIGNED,
    K.DELIVERED: K.OUT_FOR_DELIVERY,
    K.DELIVERED_UNCONFIRMED: K.OUT_FOR_DELIVERY,
}
_MOVING = frozenset(set(K) - {K.BOOKED, K.COURIER_ASSIGNED, K.PICKUP_FAILED, K.PICKUP_RESCHEDULED, K.PICKUP_DELAYED})
_LEFT_WITH = (Recipient.LOCKER, Recipient.OTHER_PERSON, Recipient.PROPERTY_OFFICE, None)
PARTNERS = ("ems", "sf", "kuaidi100", "grid")


class Answer(StrEnum):
    """What our call gets back. `LOST`: the order stands, and the answer never came."""

    BOOKED = "booked"
    REFUSED = "refused"
    LOST = "lost"
    FAILED = "failed"
    GONE = "gone"


@dataclass
class Order:
    order_id: str
    partner: str
    waybill: str
    since: datetime
    at: EventKind = K.BOOKED
    events: list[CourierEvent] = field(default_factory=list)
    over: bool = False


class Couriers:
    """All partners together: orders by their id."""

    def __init__(self, luck: Random) -> None:
        self._luck = luck
        self.orders: dict[str, Order] = {}
        self._waybills = 0

    def book(self, order_id: str, partner: str, now: datetime) -> tuple[Answer, str]:
        """The answer and the waybill. Asked twice with one order id, the partner gives the same order."""
        if (there := self.orders.get(order_id)) is not None:
            return Answer.BOOKED, there.waybill
        answer = self._luck.choices(list(Answer)[:4], (70, 10, 12, 8))[0]
        if answer in (Answer.BOOKED, Answer.LOST):
            return answer, self._take(order_id, partner, now).waybill
        return answer, ""

    def _take(self, order_id: str, partner: str, now: datetime) -> Order:
        self._waybills += 1
        self.orders[order_id] = order = Order(order_id, partner, f"{partner.upper()}{self._waybills:010d}", now)
        return order

    def find(self, order_id: str) -> tuple[Answer, str]:
        """`FAILED`: the partner does not answer; `GONE`: it does not know the order."""
        if self._luck.randrange(5) == 0:
            return Answer.FAILED, ""
        order = self.orders.get(order_id)
        if order is None:
            return Answer.GONE, ""
        if order.at is K.CANCELLED:
            return Answer.REFUSED, ""
        return Answer.BOOKED, order.waybill

    def cancel(self, order_id: str, now: datetime) -> Answer:
        """`REFUSED`: too late."""
        if self._luck.randrange(8) == 0:
            return Answer.FAILED
        order = self.orders.get(order_id)
        if order is None or order.at in _MOVING - {K.CANCELLED} or self._luck.randrange(10) == 0:
            return Answer.REFUSED
        order.at, order.over, order.since = K.CANCELLED, True, now
        return Answer.BOOKED

    def live(self, now: datetime) -> Iterator[CourierEvent]:
        """One of the orders under way goes a step further; what it tells of it."""
        under_way = [o for o in self.orders.values() if not o.over]
        if under_way:
            yield from self._step(self._luck.choice(under_way), now)

    def _step(self, order: Order, now: datetime) -> Iterator[CourierEvent]:
        ways = _WAYS[order.at]
        kind = self._luck.choices(list(ways), list(ways.values()))[0]
        if kind is K.INFO:
            order.over = True
            return
        at = max(now + timedelta(minutes=self._luck.randint(-20, 5)), order.since + timedelta(seconds=1))
        reverses = order.at if kind is K.REVERSAL else None
        event = CourierEvent(
            kind, at, order.partner, order.waybill,
            # a trace of some partners names the waybill alone
            order.order_id if self._luck.randrange(6) else "",
            code=f"{kind}-{self._luck.randrange(3)}",
            reverses=reverses,
            recipient=self._luck.choice(_LEFT_WITH) if kind is K.DELIVERED_UNCONFIRMED else None,
            by="walker-1" if order.partner == "grid" else "",
            seal=self._luck.choice(("FQ001", "FQ002", "")) if order.partner == "grid" else "",
        )  # fmt: skip
        order.at, order.since = (_AFTER_REVERSAL[reverses] if reverses else kind), at
        order.over = order.at in (K.CANCELLED, K.RETURNED)
        order.events.append(event)
        yield event
