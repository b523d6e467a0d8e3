"""EMS's messages, built and read. Pure: values in, values out, no clock, no network.

Times on the wire are naive Beijing time (`yyyy-MM-dd HH:mm:ss`); here they become aware UTC. Where the public
material is silent [?] the reading is the safe one and the place says so. `logitcsInterface` is spelt so by EMS.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from courier.ems import units
from courier.ems.settings import EmsSettings
from courier.port import (
    Address,
    Booked,
    Cancelled,
    Contact,
    Covered,
    GoodsLine,
    NotCovered,
    NotFound,
    Order,
    Payer,
    Push,
    PushRejected,
    PushUnreadable,
    RefusedByPartner,
    TooLate,
    Unknown,
)
from courier.reading import Unreadable, beijing, from_beijing
from courier.reading import compact as _json
from courier.reading import text as _text
from courier.signing import SealBroken, open_sm4, seal_sm4
from courier.vocabulary import CourierEvent

__all__ = ["NAME", "Reply", "Unreadable", "beijing", "from_beijing"]

NAME = "ems"
# A push is one event of a few hundred bytes; anything near this is not a push.
PUSH_BYTES_MAX = 64 * 1024
# Waybills have 13 characters, codes 3 to 5, office codes 8: what is longer is none.
_NUMBER_MAX = 40


@dataclass(frozen=True)
class Reply:
    """EMS's answer: `{retCode, retMsg, retBody (JSON, mostly as a string), success, …}`."""

    code: str
    message: str
    body: Any


# ── what we send ────────────────────────────────────────────────────────────────────────────────────────────────


def form(api_code: str, body: str, settings: EmsSettings, now: datetime) -> dict[str, str]:
    """The form that carries any request. `body` is sealed as it is: the bytes sealed are the bytes sent."""
    return {
        "apiCode": api_code,
        "senderNo": settings.sender_no,
        "authorization": settings.authorization,
        "timeStamp": beijing(now),
        "msgType": "0",
        "version": "V1.0.0",
        "logitcsInterface": seal_sm4(body, settings.sign_key),
    }


def create(order: Order, settings: EmsSettings, now: datetime) -> str:
    """020003: one order with its pick-up window. The list of contents goes into `cargos`, line by line."""
    paid_by_receiver = order.payer is Payer.RECEIVER
    wanted = {
        "createdTime": beijing(now),
        "ecommerceUserId": order.order_id,
        "senderNo": settings.sender_no,
        "logisticsOrderNo": order.order_id,
        "oneBillFlag": "0",
        "contentsAttribute": "1",  # 文件
        "bizProductNo": units.PRODUCT_PAID_BY_RECEIVER if paid_by_receiver else settings.product,
        "weight": str(sum(g.weight_g for g in order.goods) or 200),  # grams; 200 is the documents' sample for papers
        "deliverType": "2",  # 上门
        "pickupType": "1",  # 上门揽收
        "pickupPreBeginTime": beijing(order.window_start),
        "pickupPreEndTime": beijing(order.window_end),
        "paymentMode": units.PAYMENT_MODE[order.payer],
        "codFlag": "9",
        "receiptFlag": "1",
        "receiverSafetyCode": order.safety_code,
        "note": _note(order),
        "projectId": settings.project_id,
        "sender": _contact(order.sender),
        "receiver": _contact(order.receiver),
        "cargos": [_cargo(line) for line in order.goods],
        **_insurance(order.declared_value_fen),
    }
    return _json([{k: v for k, v in wanted.items() if v != ""}])


def cancel(order_id: str, waybill: str, reason: str) -> str:
    """020006. All three are demanded by public clients, so all three are sent."""
    return _json({"logisticsOrderNo": order_id, "waybillNo": waybill, "cancelReason": reason})


def covers(address: Address, settings: EmsSettings) -> str:
    """030005: does a courier collect there."""
    return _json(
        {
            "address": address.detail,
            "prov": address.province,
            "city": address.city,
            "county": address.district,
            "bizProductNo": settings.product,
            "type": 2,
            "senderNo": settings.sender_no,
        }
    )


def trace(waybill: str) -> str:
    """040001."""
    return _json({"waybillNo": waybill, "direction": "0"})


def find(order_id: str) -> str:
    """The sandbox's extension; see `units.SANDBOX_FIND`."""
    return _json({"logisticsOrderNo": order_id})


def _contact(contact: Contact) -> dict[str, str]:
    is_mobile = len(contact.phone) == 11 and contact.phone.isdigit() and contact.phone.startswith("1")
    return {
        "name": contact.name,
        "mobile" if is_mobile else "phone": contact.phone,
        "prov": contact.address.province,
        "city": contact.address.city,
        "county": contact.address.district,
        "address": contact.address.detail,
    }


def _cargo(line: GoodsLine) -> dict[str, str]:
    cargo = {"cargoName": line.name, "cargoQuantity": str(line.quantity)}
    if line.weight_g:
        cargo["cargoWeight"] = str(line.weight_g)
    if line.value_fen:
        cargo["cargoValue"] = _yuan(line.value_fen)
    return cargo


def _insurance(value_fen: int) -> dict[str, str]:
    if not value_fen:
        return {"insuranceFlag": "1"}
    return {"insuranceFlag": "2", "insuranceAmount": _yuan(value_fen)}


def _note(order: Order) -> str:
    """No field says "the addressee in person" [?]: it is written where the courier reads it."""
    return "；".join(part for part in ("须收件人本人签收" if order.addressee_only else "", order.note) if part)


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


# ── what EMS answers ────────────────────────────────────────────────────────────────────────────────────────────


def read_reply(raw: bytes) -> Reply:
    """Raises `Unreadable` for whatever is not a whole answer of EMS."""
    try:
        told = json.loads(raw)
    except ValueError:
        raise Unreadable("not JSON") from None
    if not isinstance(told, dict) or not isinstance(told.get("retCode"), str):
        raise Unreadable("no retCode")
    if told["retCode"] == units.OK and str(told.get("success", "true")).lower() == "false":
        raise Unreadable("retCode and success contradict each other")
    return Reply(told["retCode"], str(told.get("retMsg") or ""), _ret_body(told.get("retBody")))


def _ret_body(value: Any) -> Any:
    """`retBody` is JSON in a string, or JSON already, or (labels) an address."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return value
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def read_create(reply: Reply) -> Booked | RefusedByPartner | Unknown:
    if reply.code == units.OK:
        waybill = _text(reply.body, "waybillNo")
        return Booked(waybill) if waybill else Unknown("no_waybill", reply.message)
    if reply.code.startswith(units.SYSTEM_FAMILY):
        return Unknown("partner_system", f"{reply.code} {reply.message}")
    if _speaks_of(reply, units.DUPLICATE_WORDS):
        return Unknown("duplicate", f"{reply.code} {reply.message}")
    return RefusedByPartner(reply.code, reply.message)


def read_cancel(reply: Reply) -> Cancelled | TooLate | Unknown:
    """A refusal whose text speaks neither of a cancelled nor of a collected order stays unknown: to believe it
    cancelled, or on its way, would both be guesses."""
    if reply.code == units.OK or _speaks_of(reply, units.CANCELLED_WORDS):
        return Cancelled()
    if _speaks_of(reply, units.COLLECTED_WORDS):
        return TooLate(reply.code, reply.message)
    return Unknown("not_cancelled", f"{reply.code} {reply.message}")


def read_covers(reply: Reply) -> Covered | NotCovered | Unknown:
    status = _text(reply.body, "status") if reply.code == units.OK else ""
    if status == units.AREA_OK:
        return Covered()
    if status in units.AREA_STATUS:
        return NotCovered(status, units.AREA_STATUS[status])
    return Unknown("no_answer", f"{reply.code} {reply.message}")


def read_find(reply: Reply) -> Booked | NotFound | Unknown:
    """The sandbox's extension: `{waybillNo, status}` or an empty body."""
    if reply.code != units.OK:
        return Unknown("no_answer", f"{reply.code} {reply.message}")
    waybill = _text(reply.body, "waybillNo")
    return Booked(waybill, cancelled=_text(reply.body, "status") == "cancelled") if waybill else NotFound()


def read_trace(reply: Reply, sandbox: bool) -> tuple[CourierEvent, ...]:
    """Raises `Unreadable`. A waybill without events is an empty tuple."""
    if reply.code != units.OK:
        raise Unreadable(f"{reply.code} {reply.message}")
    items = reply.body
    if isinstance(items, Mapping) and "opCode" not in items:
        items = items.get("responseItems")
    if items is None or items == "":
        return ()
    if isinstance(items, Mapping):  # a list of one was unwrapped by _ret_body
        items = [items]
    return _events(items, sandbox)


def _speaks_of(reply: Reply, words: Sequence[str]) -> bool:
    return any(word in reply.message for word in words)


# ── what EMS pushes ─────────────────────────────────────────────────────────────────────────────────────────────


def verify(raw: bytes, settings: EmsSettings) -> Push | PushRejected:
    """Only the sealed part proves anything. The envelope around it (serialNo, senderNo, timeStamp) can be written by
    anybody, so the delivery's identity is bound to the sealed bytes as well."""
    if len(raw) > PUSH_BYTES_MAX:
        return PushRejected(NAME, "too_large")
    try:
        envelope = json.loads(raw)
    except (ValueError, RecursionError):
        return PushRejected(NAME, "not_json")
    if not isinstance(envelope, dict):
        return PushRejected(NAME, "not_an_object")
    serial, sealed = _text(envelope, "serialNo", 64), envelope.get("logitcsInterface")
    if not serial or not isinstance(sealed, str) or _text(envelope, "method") != units.PUSH:
        return PushRejected(NAME, "incomplete", serial)
    try:
        body = open_sm4(sealed, settings.sign_key)
    except SealBroken:
        return PushRejected(NAME, "seal", serial)
    digest = hashlib.sha256(sealed.encode()).hexdigest()[:32]
    return Push(NAME, f"{serial}:{digest}", body, reply_to=serial)


def read_push(push: Push, sandbox: bool) -> tuple[CourierEvent, ...]:
    """Raises `PushUnreadable`. One event as a rule; a list is read whole or not at all."""
    try:
        told = json.loads(push.body)
        return _events([told] if isinstance(told, Mapping) else told, sandbox)
    except (ValueError, RecursionError, Unreadable) as e:
        raise PushUnreadable(NAME, str(e)) from None


def answer(serial: str, kept: bool, settings: EmsSettings, message: str = "") -> bytes:
    """EMS's receipt: it echoes the serial number. Anything but 00000 asks for the push again."""
    code = units.OK if kept else units.PUSH_FAILED
    return _json({"serialNo": serial, "code": code, "codeMessage": message, "senderNo": settings.sender_no}).encode()


def _events(items: Any, sandbox: bool) -> tuple[CourierEvent, ...]:
    if not isinstance(items, list):
        raise Unreadable("no list of operations")
    return tuple(event(item, sandbox) for item in items)


def event(item: Any, sandbox: bool) -> CourierEvent:
    """One operation, the same from a push and from a trace. Raises `Unreadable`."""
    waybill, code, printed = _text(item, "waybillNo"), _text(item, "opCode"), _text(item, "opTime")
    if not (0 < len(waybill) <= _NUMBER_MAX and 0 < len(code) <= _NUMBER_MAX):
        raise Unreadable("an operation without waybillNo or opCode")
    means = units.meaning(code, _text(item, "deliverCode"), _text(item, "attemptDeliveryCode"), sandbox)
    at_the_door = means.kind in units.COURIER_KINDS
    return CourierEvent(
        kind=means.kind,
        at=from_beijing(printed),
        partner=NAME,
        waybill=waybill,
        order_id=_text(item, "orderNo"),
        code=code,
        detail=_text(item, "opDesc") or _text(item, "opName"),
        place="".join(_text(item, key) for key in ("opOrgProvName", "opOrgCity", "opOrgName")),
        reverses=means.reverses,
        reverses_code=means.reverses_code,
        courier_name=_text(item, "operatorName") if at_the_door else "",
        courier_phone=_text(item, "operatorPhone") if at_the_door else "",
        recipient=means.recipient,
        unique_key=":".join((NAME, waybill, code, printed, _text(item, "opOrgCode", _NUMBER_MAX))),
    )
