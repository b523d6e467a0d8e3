"""SF's messages, built and read. Pure: values in, values out, no clock, no network. What SF pushes is in `pushes.py`.

An answer has three layers: the gateway's (`apiResultCode`, A1000 means only that the request was handed on), the
service's (`success`, `errorCode`) and its content (`msgData`). The inner layers come as JSON or as JSON in a string;
`success` comes as a boolean or as a word. The bytes of `msgData` that are signed are the bytes sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from courier.port import (
    Booked,
    Cancelled,
    Concerns,
    Contact,
    GoodsLine,
    NotFound,
    Order,
    Payer,
    RefusedByPartner,
    TooLate,
    Unknown,
)
from courier.reading import Unreadable, beijing, compact, parsed, text, unwrapped
from courier.sf import units
from courier.sf.pushes import NAME, route_node
from courier.sf.settings import SfProof, SfSettings
from courier.signing import sf_simple_md5, sf_sm3, sf_standard_md5
from courier.vocabulary import CourierEvent

__all__ = ["NAME"]
_REMARK_MAX = 100
_DIGESTS = {
    SfProof.STANDARD_MD5: sf_standard_md5,
    SfProof.SIMPLE_MD5: sf_simple_md5,
    SfProof.SM3: sf_sm3,
}
# A token is renewed this long before it ends, so that it does not end on the way.
_TOKEN_MARGIN = timedelta(seconds=60)


@dataclass(frozen=True)
class Reply:
    """`gateway` A1000 and `ok`: it was done. Otherwise `code` and `message` say what the service minds, or the
    gateway."""

    gateway: str
    ok: bool
    code: str
    message: str
    body: Any


@dataclass(frozen=True)
class Token:
    value: str
    ends: datetime


@dataclass(frozen=True)
class Stamp:
    """What one request has of its own. `token` is for OAuth2."""

    now: datetime
    request_id: str
    token: str = ""


# ── what we send ────────────────────────────────────────────────────────────────────────────────────────────────


def form(service: str, data: str, settings: SfSettings, stamp: Stamp) -> dict[str, str]:
    """The form that carries any request."""
    timestamp = str(int(stamp.now.timestamp() * 1000))
    fields = {
        "partnerID": settings.partner_id,
        "requestID": stamp.request_id,
        "serviceCode": service,
        "timestamp": timestamp,
        "msgData": data,
    }
    if settings.proof is SfProof.OAUTH2:
        return fields | {"accessToken": stamp.token}
    return fields | {"msgDigest": _DIGESTS[settings.proof](data, timestamp, settings.check_word)}


def token_form(settings: SfSettings) -> dict[str, str]:
    return {"partnerID": settings.partner_id, "secret": settings.check_word, "grantType": "password"}


def create(order: Order, settings: SfSettings) -> str:
    """EXP_RECE_CREATE_ORDER. `isDocall` 1 sends a courier at the appointed time: SF's default is none."""
    wanted = {
        "language": "zh-CN",
        "orderId": order.order_id,
        "cargoDetails": [_cargo(line) for line in order.goods],
        "contactInfoList": [_contact(1, order.sender), _contact(2, order.receiver)],
        "expressTypeId": int(settings.product),
        "payMethod": units.PAY_METHOD[order.payer],
        "monthlyCard": settings.monthly_card if order.payer is Payer.ACCOUNT else "",
        "parcelQty": 1,
        "totalWeight": (sum(g.weight_g for g in order.goods) or 200) / 1000,  # kg; 200 g of paper if nobody weighed
        "sendStartTm": beijing(order.window_start),
        "isDocall": 1,
        "extraInfoList": [{"attrName": "pickupAppointEndTime", "attrVal": beijing(order.window_end)}],
        "serviceList": _services(order),
        **_identity_check(order),
        "remark": _remark(order),
    }
    return compact({k: v for k, v in wanted.items() if v not in ("", [])})


def find(order_id: str) -> str:
    """EXP_RECE_SEARCH_ORDER_RESP: what became of our order id."""
    return compact({"searchType": "1", "orderId": order_id, "language": "zh-cn"})


def cancel(order_id: str) -> str:
    """EXP_RECE_UPDATE_ORDER with dealType 2."""
    return compact({"dealType": units.CANCEL, "orderId": order_id})


def routes(waybills: Sequence[str]) -> str:
    """EXP_RECE_SEARCH_ROUTES of up to ten waybills."""
    return compact({"language": "0", "trackingType": "1", "trackingNumber": list(waybills), "methodType": "1"})


def _contact(kind: int, contact: Contact) -> dict[str, Any]:
    is_mobile = len(contact.phone) == 11 and contact.phone.isdigit() and contact.phone.startswith("1")
    return {
        "contactType": kind,
        "contact": contact.name,
        "mobile" if is_mobile else "tel": contact.phone,
        "province": contact.address.province,
        "city": contact.address.city,
        "county": contact.address.district,
        "address": contact.address.detail,
    }


def _cargo(line: GoodsLine) -> dict[str, Any]:
    cargo: dict[str, Any] = {"name": line.name, "count": line.quantity, "unit": "件"}
    if line.weight_g:
        cargo["weight"] = line.weight_g / 1000
    if line.value_fen:
        cargo["amount"] = line.value_fen / 100
    return cargo


def _services(order: Order) -> list[dict[str, str]]:
    if not order.declared_value_fen:
        return []
    return [{"name": "INSURE", "value": f"{order.declared_value_fen // 100}.{order.declared_value_fen % 100:02d}"}]


def _identity_check(order: Order) -> dict[str, str]:
    """派送验证: the courier compares the receiver's card with the last eight of the number."""
    tail = order.receiver_id_tail
    return {"specialDeliveryTypeCode": "1", "specialDeliveryValue": f"1:{tail}"} if tail else {}


def _remark(order: Order) -> str:
    """Without a number to compare, "in person" is written where the courier reads it."""
    parts = ("须收件人本人签收" if order.addressee_only else "", order.note)
    return "；".join(p for p in parts if p)[:_REMARK_MAX]


# ── what SF answers ─────────────────────────────────────────────────────────────────────────────────────────────


def read_reply(raw: bytes) -> Reply:
    """Raises `Unreadable` for whatever is not a whole answer of SF."""
    told = parsed(raw)
    gateway = text(told, "apiResultCode")
    if not gateway:
        raise Unreadable("no apiResultCode")
    if gateway != units.GATEWAY_OK:
        return Reply(gateway, False, gateway, text(told, "apiErrorMsg"), None)
    inner = unwrapped(told.get("apiResultData"))
    if not isinstance(inner, Mapping) or "success" not in inner:
        raise Unreadable("no apiResultData")
    said_ok, code = str(inner["success"]).lower() == "true", text(inner, "errorCode")
    if said_ok != (code == units.OK):
        raise Unreadable("success and errorCode contradict each other")
    return Reply(gateway, said_ok, code, text(inner, "errorMsg"), unwrapped(inner.get("msgData")))


def read_token(raw: bytes, now: datetime) -> Token | RefusedByPartner:
    """A token, or the gateway's no. Raises `Unreadable`."""
    told = parsed(raw)
    code, value, seconds = text(told, "apiResultCode"), text(told, "accessToken", 500), text(told, "expiresIn")
    if not code:
        raise Unreadable("no apiResultCode")
    if code != units.GATEWAY_OK:
        return RefusedByPartner(code, text(told, "apiErrorMsg"))
    if not value or not seconds.isdecimal() or len(seconds) > 9:
        raise Unreadable("no accessToken")
    return Token(value, now + timedelta(seconds=int(seconds)) - _TOKEN_MARGIN)


def read_create(reply: Reply, order_id: str) -> Booked | RefusedByPartner | Unknown:
    """Booked only with SF's decision that it can be collected and delivered, and with exactly one waybill."""
    if not reply.ok:
        return _failure(reply)
    if text(reply.body, "orderId") != order_id:
        return Unknown("another_order", reply.message)
    if text(reply.body, "filterResult") == units.DECIDED_NO:
        return _not_serviceable(text(reply.body, "remark"))
    return _decided(reply)


def read_find(reply: Reply, order_id: str) -> Booked | NotFound | Unknown:
    """An order that SF took and then found not serviceable is one that it has given up."""
    if reply.code in units.NOT_FOUND:
        return NotFound()
    if reply.code == units.CANCELLED_ALREADY:
        return Booked("", cancelled=True)
    if not reply.ok:
        return Unknown("no_answer", f"{reply.code} {reply.message}")
    if text(reply.body, "orderId") != order_id:
        return Unknown("another_order", reply.message)
    if text(reply.body, "filterResult") == units.DECIDED_NO:
        return Booked("", cancelled=True)
    return _decided(reply)


def _decided(reply: Reply) -> Booked | Unknown:
    waybills = _waybills(reply.body)
    if text(reply.body, "filterResult") != units.DECIDED_YES:
        return Unknown("awaiting_decision", "等待顺丰确认是否可收派")
    return Booked(waybills[0]) if len(waybills) == 1 else Unknown("no_waybill", f"{len(waybills)} waybills")


def read_cancel(reply: Reply, order_id: str) -> Cancelled | TooLate | Unknown:
    if reply.code == units.CANCELLED_ALREADY:
        return Cancelled()
    if reply.code == units.CONFIRMED_ALREADY:
        return TooLate(reply.code, reply.message)
    same = text(reply.body, "orderId") == order_id and text(reply.body, "resStatus") == str(units.CANCEL)
    return Cancelled() if reply.ok and same else Unknown("not_cancelled", f"{reply.code} {reply.message}")


def read_routes(reply: Reply, waybill: str) -> tuple[CourierEvent, ...]:
    """Raises `Unreadable`. No routes: none yet, or no right to see them; SF does not say which."""
    responses = reply.body.get("routeResps") if reply.ok and isinstance(reply.body, Mapping) else None
    if not isinstance(responses, list):
        raise Unreadable(f"no routes: {reply.code}")
    nodes = [
        dict(node) | {"mailno": waybill}
        for response in responses
        if text(response, "mailNo") == waybill
        for node in response.get("routes") or ()
    ]
    return tuple(route_node(node) for node in nodes)


def _failure(reply: Reply) -> RefusedByPartner | Unknown:
    if reply.code == units.TOO_MANY:
        return Unknown("rate_limit", reply.message, reached=False)
    if reply.code == units.DUPLICATE:
        return Unknown("duplicate", f"{reply.code} {reply.message}")
    if reply.gateway != units.GATEWAY_OK and reply.code not in units.GATEWAY_REFUSES:
        return Unknown("partner_system", f"{reply.code} {reply.message}")
    if any(word in reply.message for word in units.TROUBLE_WORDS):
        return Unknown("partner_system", f"{reply.code} {reply.message}")
    return RefusedByPartner(reply.code, reply.message, units.REFUSALS.get(reply.code, Concerns.ATTEMPT))


def _not_serviceable(remark: str) -> RefusedByPartner:
    concerns = Concerns.ADDRESS if remark in units.WHY_NOT else Concerns.ATTEMPT
    return RefusedByPartner(f"filter_{units.DECIDED_NO}", units.WHY_NOT.get(remark, "顺丰不可收派"), concerns)


def _waybills(body: Any) -> list[str]:
    listed = body.get("waybillNoInfoList") if isinstance(body, Mapping) else None
    mothers = [w for w in listed or () if text(w, "waybillType") == units.MOTHER_WAYBILL]
    return [text(w, "waybillNo") for w in mothers if text(w, "waybillNo")]
