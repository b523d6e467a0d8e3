"""EMS's side of its protocol: a form in, a reply out, sealed pushes. The codes of refusals are the sandbox's own,
because China Post's are not public as a whole; the texts carry the words the real platform uses.

Refused: a wrong authorization, a broken seal, an order without the fields that the documents demand, a window that
ends before it starts, an address with 超区 (out of range) or 未开通 (no pick-up round) in it. Extensions over EMS: the
find request (SBX001) and the two SBX operation codes, for which China Post publishes none.
"""

import json
import random
import secrets
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from courier.sandbox.depot import Operation, Parcel, Place
from courier.sandbox.speaker import (
    OUT_OF_RANGE,
    Damage,
    Desk,
    Message,
    Push,
    Refused,
    Reply,
    Request,
    Why,
    digits,
    needed,
    window_of,
)
from courier.signing import SealBroken, open_sm4, same, seal_sm4
from courier.windows import BEIJING

CREATE, CANCEL, COVERS, TRACE, FIND, PUSH = "020003", "020006", "030005", "040001", "SBX001", "040002"
_CHANGING = frozenset({CREATE, CANCEL})
_COMMON = ("apiCode", "senderNo", "authorization", "timeStamp", "msgType", "version", "logitcsInterface")
_ORDER = ("createdTime", "ecommerceUserId", "senderNo", "contentsAttribute", "bizProductNo", "paymentMode")
_CONTACT = ("name", "prov", "city", "county", "address")
_WRONG_KEY = "AAAAAAAAAAAAAAAAAAAAAA=="
_REFUSALS: Mapping[Why, str] = {
    Why.INCOMPLETE: "A00001",
    Why.CREDENTIALS: "A00002",
    Why.SIGNATURE: "A00003",
    Why.NO_SUCH_CALL: "A00004",
    Why.FIELD: "B00001",
    Why.DUPLICATE: "B00002",
    Why.RANGE_SENDER: "B00003",
    Why.RANGE_RECEIVER: "B00003",
    Why.NOT_FOUND: "B00004",
    Why.COLLECTED: "B00005",
    Why.CANCELLED: "B00006",
}
# Code, deliverCode, attemptDeliveryCode.
_CODES: Mapping[str, tuple[str, str, str]] = {
    "courier_assigned": ("SBX101", "", ""),
    "pickup_failed": ("SBX102", "", ""),
    "picked_up": ("203", "", ""),
    "handed_on": ("208", "", ""),
    "in_transit": ("389", "", ""),
    "arrived": ("516", "", ""),
    "out_for_delivery": ("702", "", ""),
    "delivered": ("704", "10", ""),
    "delivered_to_other": ("704", "20", ""),
    "left_at_door": ("704", "161", ""),
    "in_locker": ("747", "", ""),
    "fetched_from_locker": ("748", "", ""),
    "attempt_failed": ("705", "", "4"),
    "refused": ("705", "", "7"),
    "exception": ("651", "", ""),
    "returning": ("405", "", ""),
    "returned": ("711", "", ""),
    "cancelled": ("801", "", ""),
    "address_changed": ("802", "", ""),
    "lost": ("987", "", ""),
    "pickup_revoked": ("207", "", ""),
    "handed_on_revoked": ("212", "", ""),
    "out_for_delivery_revoked": ("742", "", ""),
    "delivered_revoked": ("743", "", ""),
    "attempt_failed_revoked": ("744", "", ""),
    "something_new": ("999", "", ""),
}


def waybill(random_: random.Random) -> str:
    """13 digits."""
    return digits(random_, "12", 11)


class EmsSpeaker:
    path = "/amp-prod-api/f/amp/api/test"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def is_changing(self, request: Request) -> bool:
        return _form(request).get("apiCode") in _CHANGING

    def answer(self, request: Request) -> Reply:
        form = _form(request)
        try:
            body = self._open(form)
            handlers: Mapping[str, Callable[[Any], dict[str, Any]]] = {
                CREATE: self.create,
                CANCEL: self.cancel,
                COVERS: covers,
                TRACE: self.trace,
                FIND: self.find,
            }
            handler = handlers.get(form["apiCode"])
            if handler is None:
                raise Refused(Why.NO_SUCH_CALL, "接口代码不存在")
            return self._reply("00000", "成功", handler(body), accepted=form["apiCode"] in _CHANGING)
        except Refused as r:
            return self._reply(_REFUSALS[r.why], r.message, None)

    def refusal(self) -> Reply:
        return self._reply("B00009", "网点停业，不能受理", None)

    def unclear(self) -> Reply:
        return self._reply("S00001", "系统异常", None)

    def knows(self, event: str) -> bool:
        return event in _CODES

    def event_of(self, code: str) -> str:
        return next((event for event, codes in _CODES.items() if codes[0] == code), "")

    def shown(self, operation: Operation) -> dict[str, str]:
        o = operation
        code, deliver, attempt = _CODES.get(o.event, (o.code, "", ""))
        return {
            "waybillNo": o.waybill,
            "orderNo": o.order_no,
            "opTime": o.at,
            "opCode": o.code or code,
            "opName": o.name,
            "opDesc": f"【{o.city}】{o.name}",
            "opOrgProvName": o.province,
            "opOrgCity": o.city,
            "opOrgCode": "44000001" if o.here == "sender" else "44000002",
            "opOrgName": f"{o.city}样本营业部",
            "operatorNo": o.waybill[-4:],
            "operatorName": o.courier,
            "operatorPhone": o.phone if code.startswith("SBX") else "",
            "deliverCode": o.deliver_code or deliver,
            "attemptDeliveryCode": o.attempt_code or attempt,
            "productName": "特快专递",
        }

    def pushes(self, parcel: Parcel, operation: Operation, serial: Callable[[], str]) -> list[Push]:
        told = self.shown(operation)
        return [Push(serial(), parcel.order_no, told["opCode"], told)]

    def message(self, push: Push, damage: Damage) -> Message:
        """040002 as EMS sends it, or as a fault leaves it."""
        key = _WRONG_KEY if damage.wrong_signature else self._desk.account.sign_key
        sealed = seal_sm4(json.dumps(push.content, ensure_ascii=False), key)
        envelope = {
            "logitcsInterface": sealed[: len(sealed) // 2] if damage.cut else sealed,
            "method": PUSH,
            "msgType": "0",
            "senderNo": self._desk.account.sender_no,
            "serialNo": push.serial,
            "timeStamp": self._time(),
            "version": "v1.0.0",
        }
        return Message(json.dumps(envelope).encode(), "application/json;charset=UTF-8")

    def receipt(self, push: Push, content: bytes) -> tuple[bool, str]:
        """00000 beside our own serial number."""
        try:
            told = json.loads(content)
        except ValueError:
            return False, ""
        if not isinstance(told, dict) or told.get("serialNo") != push.serial:
            return False, ""
        code = str(told.get("code", ""))
        return code == "00000", code

    def _time(self) -> str:
        return f"{self._desk.now().astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"

    def _reply(self, code: str, message: str, body: Any, accepted: bool = False) -> Reply:
        told = {
            "retCode": code,
            "retMsg": message,
            "retBody": "" if body is None else json.dumps(body, ensure_ascii=False),
            "retDate": self._time(),
            "serialNo": secrets.token_hex(16).upper(),
            "success": code == "00000",
        }
        return Reply(json.dumps(told, ensure_ascii=False).encode(), accepted)

    def _open(self, form: Mapping[str, str]) -> Any:
        missing = [name for name in _COMMON if not form.get(name)]
        if missing:
            raise Refused(Why.INCOMPLETE, f"缺少公共参数 {missing[0]}")
        a = self._desk.account
        if not (same(form.get("senderNo", ""), a.sender_no) and same(form.get("authorization", ""), a.authorization)):
            raise Refused(Why.CREDENTIALS, "协议客户号或授权码不正确")
        try:
            return json.loads(open_sm4(form["logitcsInterface"], a.sign_key))
        except (SealBroken, ValueError):
            raise Refused(Why.SIGNATURE, "报文解密失败") from None

    def create(self, body: Any) -> dict[str, str]:
        order = body[0] if isinstance(body, list) and len(body) == 1 else None
        if not isinstance(order, dict):
            raise Refused(Why.FIELD, "报文应为一个订单的数组")
        for name in _ORDER:
            needed(order, name)
        order_no = needed(order, "logisticsOrderNo")
        window = window_of(needed(order, "pickupPreBeginTime"), needed(order, "pickupPreEndTime"))
        places = _place(order, "sender"), _place(order, "receiver")
        known = self._desk.taken_before(order_no)
        # Seen at real carriers: a reused id brings back the old order, also a cancelled one, as a success.
        if known is not None and known.status != "cancelled":
            raise Refused(Why.DUPLICATE, "订单号重复")
        parcel = known or self._desk.take(order_no, places, window)
        return {"waybillNo": parcel.waybill, "logisticsOrderNo": order_no}

    def cancel(self, body: Any) -> dict[str, str]:
        order_no, number, _ = (needed(body, k) for k in ("logisticsOrderNo", "waybillNo", "cancelReason"))
        parcel = self._desk.depot.by_waybill(number)
        if parcel is None or parcel.order_no != order_no:
            raise Refused(Why.NOT_FOUND, "订单不存在")
        try:
            self._desk.cancel(parcel)
        except Refused as r:
            said = {Why.CANCELLED: "订单已撤单", Why.COLLECTED: "邮件已收寄，不允许撤单"}
            raise Refused(r.why, said[r.why]) from None
        return {"waybillNo": number}

    def trace(self, body: Any) -> dict[str, Any]:
        parcel = self._desk.depot.by_waybill(needed(body, "waybillNo"))
        return {"responseItems": [self.shown(o) for o in parcel.operations] if parcel else []}

    def find(self, body: Any) -> dict[str, str]:
        """The extension: what became of my order number. Empty if nobody has heard of it."""
        parcel = self._desk.depot.by_order(needed(body, "logisticsOrderNo"))
        return {"waybillNo": parcel.waybill, "status": parcel.status} if parcel else {}


def covers(body: Any) -> dict[str, str]:
    address = needed(body, "address")
    return {"status": "1" if OUT_OF_RANGE in address else "10" if "未开通" in address else "0"}


def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))


def _place(order: dict[str, Any], side: str) -> Place:
    contact = order.get(side)
    told = {key: needed(contact, key) for key in _CONTACT}
    if not isinstance(contact, dict) or not (contact.get("mobile") or contact.get("phone")):
        raise Refused(Why.FIELD, f"{side} 的 mobile 与 phone 不能都为空")
    if OUT_OF_RANGE in told["address"]:
        at_sender = side == "sender"
        why = Why.RANGE_SENDER if at_sender else Why.RANGE_RECEIVER
        raise Refused(why, "超出揽收范围" if at_sender else "超出投递范围")
    return Place(told["prov"], told["city"])
