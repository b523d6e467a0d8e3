"""Kuaidi100 behind the port.

What public material leaves open, and what is done instead:
- Asking by our own id [?]: the documents ask for an order's detail by the task id of its answer. The tasks
  are kept with the bookings (`Remembers`); without one (an answer lost) it asks by our id and believes only an answer
  that names it. "No such order" is never heard from Kuaidi100 itself, so such a booking stays unknown until a push
  comes or a person asks. The same holds for cancelling, which wants the task back. The sandbox answers by our id.
- That a lost answer may simply be ordered again (the same `thirdOrderId` is the same order for 48 hours) is not made
  use of: after 48 hours it would be a second order, and a question is cheaper than a clock that must be right.
- What refusals look like as a whole [?]: see `units`. 500 stays open.
- The time of an order's state, and the phone that some carriers (SF) want with every query [?]: for those the
  subscription carries it, and `trace` may know less than the pushes.
- Pick-up no later than the day after tomorrow; no payment by the receiver; no code to tell at the door.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from courier.kinds import PartnerKind
from courier.kuaidi100 import client, mapper, pushes, units
from courier.kuaidi100.settings import Kuaidi100Settings
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
from courier.vocabulary import CourierEvent
from courier.windows import PartnerHours
from courier.wire import TurnedAway, utc_now

# Two days' orders of a city's hall; a task forgotten is asked for by our own id.
_TASKS_MAX = 10_000


class _Tasks:
    """Which task an order is, as far as this process was told. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[str, mapper.Task] = OrderedDict()

    def keep(self, order_id: str, task: mapper.Task | None) -> None:
        if task is None:
            return
        with self._lock:
            self._known[order_id] = task
            while len(self._known) > _TASKS_MAX:
                self._known.popitem(last=False)

    def recall(self, order_id: str, task: mapper.Task) -> None:
        with self._lock:
            self._known.setdefault(order_id, task)

    def of(self, order_id: str) -> mapper.Task | None:
        with self._lock:
            return self._known.get(order_id)


_CAPABILITIES = Capabilities(
    find_by_order_id=False,
    reports_assignment=True,
    reports_failed_pickup=True,
    pushes=Authenticity.STRONG,
    safety_code=False,
    payers=frozenset({Payer.SENDER, Payer.ACCOUNT}),
    declared_value=True,
    coverage=CoverageCheck.NONE,
)


class Kuaidi100Partner:
    """Threads may share it."""

    capabilities = _CAPABILITIES

    def __init__(self, settings: Kuaidi100Settings, now: Callable[[], datetime] = utc_now) -> None:
        self._settings = settings
        self._now = now
        self._tasks = _Tasks()
        self.capabilities = replace(_CAPABILITIES, find_by_order_id=settings.sandbox)

    @property
    def name(self) -> str:
        return mapper.NAME

    @property
    def hours(self) -> PartnerHours:
        return self._settings.hours

    def book(self, order: Order) -> Booked | RefusedByPartner | Unknown:
        now = self._now()
        if (never := mapper.impossible(order, now)) is not None:
            return never
        reply = self._ask(units.ORDER, mapper.create(order, self._settings, now))
        if isinstance(reply, TurnedAway):
            return RefusedByPartner(f"http_{reply.status}", "被接口网关拒绝")
        if isinstance(reply, Unknown):
            return reply
        self._tasks.keep(order.order_id, mapper.task_of(reply))
        return mapper.read_create(reply)

    def find(self, order_id: str, waybill: str = "") -> Booked | NotFound | Unknown:
        task = self._tasks.of(order_id)
        reply = self._reply(units.DETAIL, mapper.detail(task.task_id if task else "", order_id))
        if isinstance(reply, Unknown):
            return reply
        found = mapper.read_detail(reply, order_id, waybill, by_task=bool(task), sandbox=self._settings.sandbox)
        if isinstance(found, Booked):
            self._tasks.keep(order_id, mapper.task_of(reply))
        return found

    def cancel(self, order_id: str, waybill: str, reason: str) -> Cancelled | TooLate | Unknown:
        task = self._tasks.of(order_id)
        if task is None:
            found = self.find(order_id, waybill)
            task = self._tasks.of(order_id)
            if task is None:
                return found if isinstance(found, Unknown) else Unknown("no_task", "不知道快递100的任务号")
        reply = self._reply(units.CANCEL, mapper.cancel(task, reason))
        return reply if isinstance(reply, Unknown) else mapper.read_cancel(reply)

    def covers(self, address: Address) -> Covered | NotCovered | Unknown:  # noqa: ARG002 creating says it
        return Unknown("no_query", "快递100在下单时答复是否可收派", reached=False)

    def remembered(self, order_id: str) -> Mapping[str, str]:
        task = self._tasks.of(order_id)
        return {"task": task.task_id, "order": task.order_id} if task else {}

    def recall(self, order_id: str, ref: Mapping[str, str]) -> None:
        if ref.get("task") and ref.get("order"):
            self._tasks.recall(order_id, mapper.Task(ref["task"], ref["order"]))

    def subscribe(self, waybill: str, phone: str = "") -> None:
        """Ask for pushes about a waybill again: an order subscribes by itself, and Kuaidi100 gives up watching after
        three days of silence (an event with code `abort`; half an hour must pass). Raises `PartnerUnavailable`."""
        answer = client.subscribe(self._settings, mapper.subscription(waybill, phone, self._settings))
        reply = self._read(answer)
        if isinstance(reply, TurnedAway | Unknown) or not mapper.read_subscription(reply):
            raise PartnerUnavailable(self.name, "not_subscribed")

    def trace(self, waybill: str) -> tuple[CourierEvent, ...]:
        answer = client.query(self._settings, mapper.query(waybill, self._settings))
        if not isinstance(answer, bytes):
            raise PartnerUnavailable(self.name, answer.reason if isinstance(answer, Unknown) else "turned_away")
        try:
            return mapper.read_query(answer, waybill)
        except Unreadable as e:
            raise PartnerUnavailable(self.name, str(e)) from e

    def verify_push(self, raw: bytes, headers: Mapping[str, str], content_type: str) -> Push | PushRejected:  # noqa: ARG002 the sign is in the form
        return pushes.verify(raw, self._settings.salt)

    def parse_push(self, push: Push) -> tuple[CourierEvent, ...]:
        return pushes.read(push, self._now())

    def answer_push(self, push: Push | PushRejected, kept: bool) -> PushAnswer:
        genuine = isinstance(push, Push)
        status = (200 if kept else 503) if genuine else 403
        return PushAnswer(status, "application/json", pushes.answer(genuine and kept))

    def _reply(self, method: str, param: str) -> mapper.Reply | Unknown:
        reply = self._ask(method, param)
        return Unknown(f"http_{reply.status}", reached=False) if isinstance(reply, TurnedAway) else reply

    def _ask(self, method: str, param: str) -> mapper.Reply | TurnedAway | Unknown:
        return self._read(client.order(self._settings, mapper.form(method, param, self._settings, self._now())))

    def _read(self, answer: bytes | TurnedAway | Unknown) -> mapper.Reply | TurnedAway | Unknown:
        if not isinstance(answer, bytes):
            return answer
        try:
            return mapper.read_reply(answer)
        except Unreadable as e:
            return Unknown("unreadable", str(e))


PARTNERS = (PartnerKind("kuaidi100", "快递100", Kuaidi100Settings, lambda s, _: Kuaidi100Partner(s), _CAPABILITIES),)
