"""KDNiao's messages, built and read. Pure: values in, values out, no clock, no network. What it pushes is in
`pushes.py`.

`RequestData` is JSON in a string; the string that is signed is the string sent (URL-encoded once, by the form).
"""

from dataclasses import dataclass
from typing import Any

from courier.kdniao import units
from courier.kdniao.pushes import NAME, track
from courier.kdniao.settings import KdniaoSettings
from courier.port import Booked, Cancelled, Contact, GoodsLine, Order, Payer, RefusedByPartner, TooLate, Unknown
from courier.reading import Unreadable, beijing, compact, parsed, text
from courier.signing import kdniao_sign
from courier.vocabulary import CourierEvent

__all__ = ["NAME"]
_REMARK_MAX = 60


@dataclass(frozen=True)
class Reply:
    ok: bool
    code: str
    reason: str
    order: Any


# ── what we send ────────────────────────────────────────────────────────────────────────────────────────────────


def form(request_type: str, data: str, settings: KdniaoSettings) -> dict[str, str]:
    """The form that carries any request."""
    return {
        "RequestData": data,
        "EBusinessID": settings.business_id,
        "RequestType": request_type,
        "DataSign": kdniao_sign(data, settings.app_key),
        "DataType": "2",
    }


def create(order: Order, settings: KdniaoSettings) -> str:
    """1801 or 1001. IsNotice 0 has a courier told."""
    wanted = {
        "OrderCode": order.order_id,
        "ShipperCode": settings.carrier,
        "PayType": units.PAY_TYPE[order.payer],
        "MonthCode": settings.month_code if order.payer is Payer.ACCOUNT else "",
        "ExpType": settings.product,
        "Sender": _contact(order.sender, settings),
        "Receiver": _contact(order.receiver, settings),
        "Commodity": [_commodity(line) for line in order.goods],
        "Weight": (sum(g.weight_g for g in order.goods) or 200) / 1000,  # kg; 200 g of paper if nobody weighed
        "Quantity": 1,
        "StartDate": beijing(order.window_start),
        "EndDate": beijing(order.window_end),
        "IsNotice": 0,
        "InsureAmount": order.declared_value_fen / 100 if order.declared_value_fen else "",
        "Remark": _remark(order),
    }
    return compact({k: v for k, v in wanted.items() if v != ""})


def cancel(order_id: str, waybill: str, reason: str, settings: KdniaoSettings) -> str:
    number = "" if waybill.startswith(units.OWN_NUMBER) else waybill
    wanted = {"OrderCode": order_id, "ShipperCode": settings.carrier, "ExpNo": number, "CancelMsg": reason}
    return compact({k: v for k, v in wanted.items() if v})


def trace(waybill: str, settings: KdniaoSettings) -> str:
    return compact({"OrderCode": "", "ShipperCode": settings.carrier, "LogisticCode": waybill})


def _contact(contact: Contact, settings: KdniaoSettings) -> dict[str, str]:
    is_mobile = len(contact.phone) == 11 and contact.phone.isdigit() and contact.phone.startswith("1")
    told = {
        "Name": contact.name,
        "Mobile" if is_mobile else "Tel": contact.phone,
        "ProvinceName": contact.address.province,
        "CityName": contact.address.city,
        "ExpAreaName": contact.address.district,
        "Address": contact.address.detail,
        "PostCode": settings.post_code,
    }
    return {k: v for k, v in told.items() if v}


def _commodity(line: GoodsLine) -> dict[str, Any]:
    return {"GoodsName": line.name, "Goodsquantity": line.quantity}


def _remark(order: Order) -> str:
    parts = ("须收件人本人签收" if order.addressee_only else "", order.note)
    return "；".join(p for p in parts if p)[:_REMARK_MAX]


# ── what KDNiao answers ─────────────────────────────────────────────────────────────────────────────────────────


def read_reply(raw: bytes) -> Reply:
    """Raises `Unreadable` for whatever is not a whole answer of KDNiao."""
    told = parsed(raw)
    code = text(told, "ResultCode")
    if not code or not isinstance(told.get("Success"), bool):
        raise Unreadable("no ResultCode or Success")
    if told["Success"] != (code == units.OK):
        raise Unreadable("Success and ResultCode contradict each other")
    return Reply(told["Success"], code, text(told, "Reason"), told.get("Order"))


def read_create(reply: Reply, order_id: str) -> Booked | RefusedByPartner | Unknown:
    """The waybill, or KDNiao's own number in its place: 上门取件 has one only when a carrier has taken the order. The
    events find the booking by our order id, and a change of waybill is told by an alias."""
    if not reply.ok:
        return _failure(reply)
    if text(reply.order, "OrderCode") != order_id:
        return Unknown("another_order", reply.reason)
    number = text(reply.order, "LogisticCode") or text(reply.order, "KDNOrderCode")
    return Booked(number) if number else Unknown("no_waybill", reply.reason)


def _failure(reply: Reply) -> RefusedByPartner | Unknown:
    if reply.code == units.DUPLICATE or _speaks_of(reply, units.DUPLICATE_WORDS):
        return Unknown("duplicate", f"{reply.code} {reply.reason}")
    if reply.code == units.OTHER or _speaks_of(reply, units.TROUBLE_WORDS):
        return Unknown("partner_system", f"{reply.code} {reply.reason}")
    return RefusedByPartner(reply.code, reply.reason)


def read_cancel(reply: Reply) -> Cancelled | TooLate | Unknown:
    if reply.ok or _speaks_of(reply, units.CANCELLED_WORDS):
        return Cancelled()
    if _speaks_of(reply, units.COLLECTED_WORDS):
        return TooLate(reply.code, reply.reason)
    return Unknown("not_cancelled", f"{reply.code} {reply.reason}")


def read_trace(raw: bytes, waybill: str) -> tuple[CourierEvent, ...]:
    """The history of a waybill, oldest first. Raises `Unreadable`."""
    told = parsed(raw)
    if not isinstance(told, dict) or not isinstance(told.get("Success"), bool):
        raise Unreadable("no Success")
    if not told["Success"] or text(told, "LogisticCode") != waybill:
        raise Unreadable(f"no track: {text(told, 'Reason') or 'another waybill'}")
    return track(told)


def _speaks_of(reply: Reply, words: tuple[str, ...]) -> bool:
    return any(word in reply.reason for word in words)
