"""EMS's side of the protocol: a form in, a reply out. The codes of refusals are the sandbox's own, because China
Post's are not public as a whole; the texts carry the words the real platform uses.

Refused: a wrong authorization, a broken seal, an order without the fields that the documents demand, a window that
ends before it starts, an address with 超区 (out of range) or 未开通 (no pick-up round) in it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from courier.sandbox.depot import Depot, Parcel, Place
from courier.sandbox.life import STEPS
from courier.signing import SealBroken, open_sm4, same

CREATE, CANCEL, COVERS, TRACE, FIND = "020003", "020006", "030005", "040001", "SBX001"
CHANGING = frozenset({CREATE, CANCEL})
_CONTACT = ("name", "prov", "city", "county", "address")


class Refused(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Account:
    """The one customer the sandbox has."""

    sender_no: str
    authorization: str
    sign_key: str


@dataclass
class Counter:
    """What the window clerk needs: the depot, what to do on a new parcel, and on one taken back."""

    account: Account
    depot: Depot
    on_taken: Callable[[Parcel], None]
    on_operation: Callable[[Parcel, dict[str, str]], None]
    takes_twice: Callable[[], bool]

    def answer(self, form: Mapping[str, str]) -> dict[str, Any]:
        """EMS's reply to a form."""
        try:
            body = self._open(form)
            handlers = {CREATE: self.create, CANCEL: self.cancel, COVERS: covers, TRACE: self.trace, FIND: self.find}
            handler = handlers.get(form["apiCode"])
            if handler is None:
                raise Refused("A00004", "接口代码不存在")
            return _reply("00000", "成功", handler(body))
        except Refused as r:
            return _reply(r.code, r.message, None)

    def _open(self, form: Mapping[str, str]) -> Any:
        if not form.get("apiCode") or not form.get("logitcsInterface"):
            raise Refused("A00001", "缺少公共参数")
        a = self.account
        if not (same(form.get("senderNo", ""), a.sender_no) and same(form.get("authorization", ""), a.authorization)):
            raise Refused("A00002", "协议客户号或授权码不正确")
        try:
            return json.loads(open_sm4(form["logitcsInterface"], a.sign_key))
        except (SealBroken, ValueError):
            raise Refused("A00003", "报文解密失败") from None

    def create(self, body: Any) -> dict[str, str]:
        order = body[0] if isinstance(body, list) and len(body) == 1 else None
        if not isinstance(order, dict):
            raise Refused("B00001", "报文应为一个订单的数组")
        order_no = _needed(order, "logisticsOrderNo")
        window = _window(order)
        places = [_place(order, side) for side in ("sender", "receiver")]
        known = self.depot.by_order(order_no)
        if known is not None and not self.takes_twice():
            # Seen at real carriers: a reused id brings back the old order, also a cancelled one, as a success.
            if known.status == "cancelled":
                return {"waybillNo": known.waybill, "logisticsOrderNo": order_no}
            raise Refused("B00002", "订单号重复")
        parcel = self.depot.take(order_no, places[0], places[1], window)
        self.on_taken(parcel)
        return {"waybillNo": parcel.waybill, "logisticsOrderNo": order_no}

    def cancel(self, body: Any) -> dict[str, str]:
        order_no, waybill, _ = (_needed(body, k) for k in ("logisticsOrderNo", "waybillNo", "cancelReason"))
        parcel = self.depot.by_waybill(waybill)
        if parcel is None or parcel.order_no != order_no:
            raise Refused("B00004", "订单不存在")
        if parcel.status == "cancelled":
            raise Refused("B00006", "订单已撤单")
        if parcel.status == "collected":
            raise Refused("B00005", "邮件已收寄，不允许撤单")
        self.on_operation(parcel, self.depot.happen(parcel, STEPS["cancelled"]))
        return {"waybillNo": waybill}

    def trace(self, body: Any) -> dict[str, Any]:
        parcel = self.depot.by_waybill(_needed(body, "waybillNo"))
        return {"responseItems": list(parcel.operations) if parcel else []}

    def find(self, body: Any) -> dict[str, str]:
        """The extension: what became of my order number. Empty if nobody has heard of it."""
        parcel = self.depot.by_order(_needed(body, "logisticsOrderNo"))
        return {"waybillNo": parcel.waybill, "status": parcel.status} if parcel else {}


def covers(body: Any) -> dict[str, str]:
    address = _needed(body, "address")
    return {"status": "1" if "超区" in address else "10" if "未开通" in address else "0"}


def _needed(value: Any, key: str) -> str:
    found = value.get(key) if isinstance(value, dict) else None
    if not isinstance(found, str) or not found.strip():
        raise Refused("B00001", f"{key} 不能为空")
    return found


def _window(order: dict[str, Any]) -> tuple[str, str]:
    start, end = (_needed(order, k) for k in ("pickupPreBeginTime", "pickupPreEndTime"))
    try:
        if datetime.strptime(start, "%Y-%m-%d %H:%M:%S") >= datetime.strptime(end, "%Y-%m-%d %H:%M:%S"):
            raise Refused("B00001", "预约揽收时间不正确")
    except ValueError:
        raise Refused("B00001", "预约揽收时间格式应为 yyyy-MM-dd HH:mm:ss") from None
    return (start, end)


def _place(order: dict[str, Any], side: str) -> Place:
    contact = order.get(side)
    told = {key: _needed(contact, key) for key in _CONTACT}
    if not isinstance(contact, dict) or not (contact.get("mobile") or contact.get("phone")):
        raise Refused("B00001", f"{side} 的 mobile 与 phone 不能都为空")
    if "超区" in told["address"]:
        raise Refused("B00003", "超出揽收范围" if side == "sender" else "超出投递范围")
    return Place(told["prov"], told["city"])


def _reply(code: str, message: str, body: Any) -> dict[str, Any]:
    text = "" if body is None else json.dumps(body, ensure_ascii=False)
    return {"retCode": code, "retMsg": message, "retBody": text, "success": code == "00000", "serialNo": ""}
