"""JD Logistics' messages, built and read. Pure: values in, values out, no clock, no network.

Every body is a JSON array of one object; the bytes that are signed are the bytes sent. Names of a track line's fields
differ between public clients [?]: both spellings are read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from courier.jdl import units
from courier.jdl.settings import JdlSettings
from courier.port import Booked, Cancelled, Contact, GoodsLine, Order, RefusedByPartner, Unknown
from courier.reading import (
    Unreadable,
    beijing,
    compact,
    from_beijing,
    from_millis,
    number,
    parsed,
    signed_by_another,
    text,
)
from courier.signing import md5_lower
from courier.vocabulary import CourierEvent, EventKind

NAME = "jdl"
_REMARK_MAX = 100
_ENVELOPE_CM3 = 700  # a flat envelope of papers: JD wants a volume


@dataclass(frozen=True)
class Reply:
    ok: bool
    code: str
    message: str
    data: Any


# ── what we send ────────────────────────────────────────────────────────────────────────────────────────────────


def query(path: str, body: str, settings: JdlSettings, now: datetime) -> dict[str, str]:
    """The query string that signs a body. The secret stands before and after what is signed."""
    s = settings
    signed = {
        "access_token": s.access_token,
        "app_key": s.app_key,
        "method": path,
        "param_json": body,
        "timestamp": beijing(now),
        "v": "2.0",
    }
    between = "".join(name + value for name, value in signed.items())
    public = {name: signed[name] for name in ("app_key", "access_token", "timestamp", "v")}
    sign = md5_lower(s.app_secret, between, s.app_secret)
    return {"LOP-DN": "ECAP", **public, "algorithm": "md5-salt", "sign": sign}


def create(order: Order, settings: JdlSettings) -> str:
    wanted = {
        "orderId": order.order_id,
        "senderContact": _contact(order.sender),
        "receiverContact": _contact(order.receiver),
        "orderOrigin": int(settings.origin),
        "customerCode": settings.customer_code,
        "productsReq": {"productCode": settings.product, "addedProducts": []},
        "settleType": units.SETTLE_TYPE[order.payer],
        "cargoes": [_cargo(order.goods)],
        "pickupType": units.COLLECT,
        "pickupStartTime": int(order.window_start.timestamp() * 1000),
        "pickupEndTime": int(order.window_end.timestamp() * 1000),
        "remark": _remark(order),
    }
    return compact([{k: v for k, v in wanted.items() if v != ""}])


def cancel(order_id: str, waybill: str, reason: str, settings: JdlSettings) -> str:
    wanted = {
        "waybillCode": waybill,
        "customerOrderId": order_id,
        "customerCode": settings.customer_code,
        "orderOrigin": int(settings.origin),
        "cancelReason": reason,
        "cancelReasonCode": units.BY_CUSTOMER,
        "cancelType": units.CANCEL_TYPE,
    }
    return compact([wanted])


def trace(waybill: str, settings: JdlSettings) -> str:
    wanted = {
        "waybillCode": waybill,
        "customerCode": settings.customer_code,
        "orderOrigin": int(settings.origin),
    }
    return compact([wanted])


def _contact(contact: Contact) -> dict[str, str]:
    is_mobile = len(contact.phone) == 11 and contact.phone.isdigit() and contact.phone.startswith("1")
    a = contact.address
    return {
        "name": contact.name,
        "mobile" if is_mobile else "phone": contact.phone,
        "fullAddress": f"{a.province}{a.city}{a.district}{a.detail}",
    }


def _cargo(goods: Sequence[GoodsLine]) -> dict[str, Any]:
    """All papers in one envelope, so one piece."""
    weight_g = sum(g.weight_g for g in goods) or 200  # if nobody weighed
    names = "、".join(g.name for g in goods)
    return {"name": names[:_REMARK_MAX], "quantity": 1, "weight": weight_g / 1000, "volume": _ENVELOPE_CM3}


def _remark(order: Order) -> str:
    parts = ("须收件人本人签收" if order.addressee_only else "", order.note)
    return "；".join(p for p in parts if p)[:_REMARK_MAX]


# ── what JD answers ─────────────────────────────────────────────────────────────────────────────────────────────


def read_reply(raw: bytes) -> Reply:
    """Raises `Unreadable` for whatever is not a whole answer of JD, the gateway's own refusal included."""
    told = parsed(raw)
    if not isinstance(told, Mapping):
        raise Unreadable("not an object")
    gateway = told.get("error_response")
    if isinstance(gateway, Mapping):
        return Reply(False, text(gateway, "code") or "gateway", text(gateway, "zh_desc") or text(gateway, "msg"), None)
    code, said = text(told, "code"), told.get("success", True)
    if not code:
        raise Unreadable("no code")
    if code == units.OK and said is False:
        raise Unreadable("code and success contradict each other")
    return Reply(code == units.OK, code, text(told, "msg") or text(told, "message"), told.get("data"))


def read_create(reply: Reply) -> Booked | RefusedByPartner | Unknown:
    if reply.ok:
        waybill = text(reply.data, "waybillCode")
        return Booked(waybill) if waybill else Unknown("no_waybill", reply.message)
    if _speaks_of(reply, units.DUPLICATE_WORDS):
        return Unknown("duplicate", f"{reply.code} {reply.message}")
    if _speaks_of(reply, units.TROUBLE_WORDS):
        return Unknown("partner_system", f"{reply.code} {reply.message}")
    return RefusedByPartner(reply.code, reply.message)


def read_cancel(reply: Reply) -> Cancelled | Unknown:
    """To be asked only for a parcel that nobody has collected, see `partner.py`."""
    denied = isinstance(reply.data, Mapping) and reply.data.get("cancelResult") is False
    if (reply.ok and not denied) or _speaks_of(reply, units.CANCELLED_WORDS):
        return Cancelled()
    return Unknown("not_cancelled", f"{reply.code} {reply.message}")


def read_trace(reply: Reply, waybill: str) -> tuple[CourierEvent, ...]:
    """The history, oldest first. Raises `Unreadable`."""
    lines = reply.data.get("traceDetails") if reply.ok and isinstance(reply.data, Mapping) else None
    if reply.ok and lines is None:
        return ()
    if not isinstance(lines, list):
        raise Unreadable(f"no track: {reply.code}")
    if text(reply.data, "waybillCode") not in ("", waybill):
        raise Unreadable("the track of another waybill")
    return tuple(sorted((event(line, waybill) for line in lines), key=lambda e: e.at))


def event(line: Any, waybill: str) -> CourierEvent:
    """One line of a track. Raises `Unreadable`."""
    state, category = number(line, "state"), number(line, "category")
    if not state and not category:
        raise Unreadable("a line without state or category")
    at = _time(text(line, "operationTime") or text(line, "operateTime"))
    said = text(line, "operationRemark") or text(line, "operateRemark") or text(line, "operationTitle")
    kind, signed_by = units.meaning(state, category), None
    if kind is EventKind.DELIVERED and (signed_by := signed_by_another(said)):
        kind = EventKind.DELIVERED_UNCONFIRMED
    return CourierEvent(
        kind=kind,
        at=at,
        partner=NAME,
        waybill=waybill,
        code=state or category,
        detail=said,
        place=text(line, "operateSite"),
        recipient=signed_by,
        unique_key=":".join((NAME, waybill, state or category, at.isoformat())),
    )


def _time(printed: str) -> datetime:
    return from_millis(printed) if printed.isdecimal() else from_beijing(printed)


def _speaks_of(reply: Reply, words: tuple[str, ...]) -> bool:
    return any(word in reply.message for word in words)
