"""Kuaidi100's messages, built and read. Pure: values in, values out, no clock, no network. What it pushes is in
`pushes.py`.

`param` is JSON in a string; the string that is signed is the string sent. Every answer is
`{result, returnCode, message, data}`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from courier.kuaidi100 import units
from courier.kuaidi100.pushes import NAME, history
from courier.kuaidi100.settings import Kuaidi100Settings
from courier.port import Booked, Cancelled, Contact, NotFound, Order, Payer, RefusedByPartner, TooLate, Unknown
from courier.reading import Unreadable, compact, parsed, text
from courier.signing import md5_upper
from courier.vocabulary import CourierEvent
from courier.windows import BEIJING

__all__ = ["NAME", "ORDER_ID_MAX"]
ORDER_ID_MAX = 32  # thirdOrderId
_REMARK_MAX = 100


@dataclass(frozen=True)
class Reply:
    ok: bool
    code: str
    message: str
    data: Any


@dataclass(frozen=True)
class Task:
    """What Kuaidi100 calls an order; it wants both back to cancel it."""

    task_id: str
    order_id: str


# ── what we send ────────────────────────────────────────────────────────────────────────────────────────────────


def form(method: str, param: str, settings: Kuaidi100Settings, now: datetime) -> dict[str, str]:
    """The form of everything about orders."""
    stamp = str(int(now.timestamp() * 1000))
    sign = md5_upper(param, stamp, settings.key, settings.secret)
    return {"method": method, "key": settings.key, "t": stamp, "param": param, "sign": sign}


def impossible(order: Order, now: datetime) -> RefusedByPartner | None:
    """What Kuaidi100 cannot be asked at all: it was not ordered, and need not be asked to say so."""
    if len(order.order_id) > ORDER_ID_MAX:
        return RefusedByPartner("order_id", f"订单号超过{ORDER_ID_MAX}位")
    if order.payer is Payer.RECEIVER:
        return RefusedByPartner("payer", "快递100商家寄件不支持到付")
    if not _day(order, now):
        return RefusedByPartner("window", "快递100只能预约今天、明天、后天的同一天时段")
    return None


def create(order: Order, settings: Kuaidi100Settings, now: datetime) -> str:
    """bOrder. The same `thirdOrderId` within 48 hours is the same order. `op` 1 subscribes to the track as well."""
    wanted = {
        "kuaidicom": settings.carrier,
        "serviceType": settings.service_type,
        **_man("rec", order.receiver),
        **_man("send", order.sender),
        "cargo": "、".join(g.name for g in order.goods)[:_REMARK_MAX],
        "weight": f"{(sum(g.weight_g for g in order.goods) or 200) / 1000:g}",  # kg; 200 g of paper if nobody weighed
        "remark": _remark(order),
        "payment": units.PAID_BY_SENDER,
        "valinsPay": _yuan(order.declared_value_fen),
        "dayType": _day(order, now),
        "pickupStartTime": f"{order.window_start.astimezone(BEIJING):%H:%M}",
        "pickupEndTime": f"{order.window_end.astimezone(BEIJING):%H:%M}",
        "callBackUrl": settings.callback_url,
        "salt": settings.salt,
        "op": "1",
        "pollCallBackUrl": settings.callback_url,
        "resultv2": units.COARSE,
        "thirdOrderId": order.order_id,
    }
    return compact({k: v for k, v in wanted.items() if v})


def cancel(task: Task, reason: str) -> str:
    return compact({"taskId": task.task_id, "orderId": task.order_id, "cancelMsg": reason})


def detail(task_id: str, order_id: str) -> str:
    """By the task if we know it; by our own id otherwise, which the documents do not promise [?]."""
    return compact({"taskId": task_id} if task_id else {"thirdOrderId": order_id})


def subscription(waybill: str, phone: str, settings: Kuaidi100Settings) -> dict[str, str]:
    """The form that asks for pushes about a waybill. `phone`: some carriers tell nothing without its last digits."""
    parameters = {"callbackurl": settings.callback_url, "salt": settings.salt, "resultv2": units.COARSE, "phone": phone}
    param = {"company": settings.carrier, "number": waybill, "key": settings.key, "parameters": parameters}
    return {"schema": "json", "param": compact(param)}


def query(waybill: str, settings: Kuaidi100Settings) -> dict[str, str]:
    """The form that asks for a waybill's history now."""
    param = compact({"com": settings.carrier, "num": waybill, "resultv2": units.COARSE})
    return {
        "customer": settings.customer,
        "sign": md5_upper(param, settings.key, settings.customer),
        "param": param,
    }


def _man(side: str, contact: Contact) -> dict[str, str]:
    a = contact.address
    return {
        f"{side}ManName": contact.name,
        f"{side}ManMobile": contact.phone,
        f"{side}ManPrintAddr": f"{a.province}{a.city}{a.district}{a.detail}",
    }


def _day(order: Order, now: datetime) -> str:
    """今天, 明天 or 后天; empty for a window further off, gone by, or over midnight."""
    start, end = order.window_start.astimezone(BEIJING), order.window_end.astimezone(BEIJING)
    days = (start.date() - now.astimezone(BEIJING).date()).days
    return units.DAYS[days] if start.date() == end.date() and 0 <= days < len(units.DAYS) else ""


def _remark(order: Order) -> str:
    parts = ("须收件人本人签收" if order.addressee_only else "", order.note)
    return "；".join(p for p in parts if p)[:_REMARK_MAX]


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}" if fen else ""


# ── what Kuaidi100 answers ──────────────────────────────────────────────────────────────────────────────────────


def read_reply(raw: bytes) -> Reply:
    """Raises `Unreadable` for whatever is not a whole answer of Kuaidi100."""
    told = parsed(raw)
    code = text(told, "returnCode")
    if not code or not isinstance(told.get("result"), bool):
        raise Unreadable("no returnCode or result")
    if told["result"] != (code == units.OK):
        raise Unreadable("result and returnCode contradict each other")
    return Reply(told["result"], code, text(told, "message"), told.get("data"))


def read_create(reply: Reply) -> Booked | RefusedByPartner | Unknown:
    """A carrier may give the waybill later: then the order is there, and asked for until it has one."""
    if reply.ok:
        waybill = text(reply.data, "kuaidinum")
        return Booked(waybill) if waybill else Unknown("no_waybill", reply.message)
    if _speaks_of(reply, units.DUPLICATE_WORDS):
        return Unknown("duplicate", f"{reply.code} {reply.message}")
    if reply.code in units.REFUSES:
        return RefusedByPartner(reply.code, reply.message)
    if reply.code in units.TROUBLE or _speaks_of(reply, units.TROUBLE_WORDS):
        return Unknown("partner_system", f"{reply.code} {reply.message}")
    return RefusedByPartner(reply.code, reply.message)


def task_of(reply: Reply) -> Task | None:
    """From an order's answer or its detail."""
    task = Task(text(reply.data, "taskId"), text(reply.data, "orderId"))
    return task if reply.ok and task.task_id and task.order_id else None


def read_detail(
    reply: Reply, order_id: str, waybill: str, *, by_task: bool, sandbox: bool
) -> Booked | NotFound | Unknown:
    """An answer to a question by our own id is believed when it names that id or the waybill we know already: a
    partner that does not understand the question might answer another. For the same reason "no such order" is heard
    from the sandbox alone."""
    if not reply.ok:
        unheard = sandbox and reply.code == units.SANDBOX_NOT_FOUND
        return NotFound() if unheard else Unknown("no_query", f"{reply.code} {reply.message}")
    number = text(reply.data, "kuaidinum") or text(reply.data, "kuaidiNum")
    ours = by_task or text(reply.data, "thirdOrderId") == order_id or bool(waybill and waybill == number)
    if not ours:
        return Unknown("no_query", "答复的不是所问的订单")
    cancelled = text(reply.data, "status") in units.GIVEN_UP
    return Booked(number, cancelled) if number or cancelled else Unknown("no_waybill")


def read_cancel(reply: Reply) -> Cancelled | TooLate | Unknown:
    if reply.ok or _speaks_of(reply, units.CANCELLED_WORDS):
        return Cancelled()
    if _speaks_of(reply, units.COLLECTED_WORDS):
        return TooLate(reply.code, reply.message)
    return Unknown("not_cancelled", f"{reply.code} {reply.message}")


def read_subscription(reply: Reply) -> bool:
    """Subscribed, now or before."""
    return reply.ok or reply.code == units.SUBSCRIBED_ALREADY


def read_query(raw: bytes, waybill: str) -> tuple[CourierEvent, ...]:
    """The history of a waybill, oldest first. Raises `Unreadable`."""
    told = parsed(raw)
    if text(told, "returnCode") == units.NOTHING_YET and told.get("result") is False:
        return ()
    if text(told, "status") != units.OK or text(told, "nu") != waybill:
        raise Unreadable(f"no history: {text(told, 'returnCode') or text(told, 'status')}")
    return history(told)


def _speaks_of(reply: Reply, words: tuple[str, ...]) -> bool:
    return any(word in reply.message for word in words)
