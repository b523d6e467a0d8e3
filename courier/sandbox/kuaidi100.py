"""Kuaidi100's side of its protocol: signed orders, cancellations, details, subscriptions and live queries; the state of
an order and the whole track of a waybill as pushes, signed with the salt that the order brought.

The same `thirdOrderId` is the same order (the 48 hours are not counted). An address with 超区 in it is refused. Pushes go
to the sandbox's own push address and not where an order says: a sandbox that posts wherever it is told is a tool for
others. Extensions: a detail by `thirdOrderId`, and SBX404 for one nobody heard of.
"""

import json
import random
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

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
from courier.signing import md5_upper, same
from courier.windows import BEIJING

ORDER, CANCEL, DETAIL = "bOrder", "cancel", "detail"
_CHANGING = frozenset({ORDER, CANCEL})
POLL_PATH, QUERY_PATH = "/poll", "/poll/query.do"
_WRONG_SALT = "nobody's salt"
_DAYS = ("今天", "明天", "后天")
_TOWNS = re.compile(r"(?P<province>.+?(?:省|自治区))?(?P<city>.+?市)?")
_REFUSALS: Mapping[Why, str] = {
    Why.INCOMPLETE: "400",
    Why.FIELD: "400",
    Why.CREDENTIALS: "601",
    Why.SIGNATURE: "503",
    Why.NO_SUCH_CALL: "400",
    Why.RANGE_SENDER: "30009",
    Why.RANGE_RECEIVER: "30009",
    Why.NOT_FOUND: "SBX404",
    Why.COLLECTED: "30002",
    Why.CANCELLED: "30001",
}
_STATES: Mapping[str, str] = {
    "courier_assigned": "1",
    "pickup_failed": "11",
    "picked_up": "10",
    "in_transit": "101",
    "delivered": "13",
    "delivered_to_other": "13",
    "left_at_door": "13",
    "returned": "12",
    "cancelled": "9",
    "something_new": "166",
}
# The track's state, its word, its sentence.
_LINES: Mapping[str, tuple[str, str, str]] = {
    "picked_up": ("1", "揽收", "样本营业部 已收件"),
    "handed_on": ("0", "在途", "快件已交接"),
    "in_transit": ("0", "在途", "快件已发往下一站"),
    "arrived": ("0", "在途", "快件已到达样本营业部"),
    "out_for_delivery": ("5", "派件", "样本师傅正在派件"),
    "delivered": ("3", "签收", "已签收，签收人：本人"),
    "delivered_to_other": ("3", "签收", "已签收，他人代收"),
    "left_at_door": ("3", "签收", "已签收，放在门口"),
    "attempt_failed": ("2", "疑难", "派件不成功"),
    "exception": ("2", "疑难", "快件异常"),
    "refused": ("14", "拒签", "收件人拒收"),
    "returning": ("6", "退回", "快件退回中"),
    "returned": ("4", "退签", "寄件人已签收退件"),
}


def waybill(random_: random.Random) -> str:
    return digits(random_, "YT", 13)


class Kuaidi100Speaker:
    path = "/order/borderapi.do"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._subscribed: set[str] = set()

    def is_changing(self, request: Request) -> bool:
        return request.path not in {POLL_PATH, QUERY_PATH} and _form(request).get("method") in _CHANGING

    def answer(self, request: Request) -> Reply:
        form = _form(request)
        try:
            if request.path == QUERY_PATH:
                return self._query(form)
            if request.path == POLL_PATH:
                return self._subscribe(form)
            return self._order(form)
        except Refused as r:
            return _reply(False, _REFUSALS[r.why], r.message, None)

    def refusal(self) -> Reply:
        return _reply(False, "30009", "该地区快递暂停揽收", None)

    def unclear(self) -> Reply:
        return _reply(False, "500", "服务器错误", None)

    def knows(self, event: str) -> bool:
        return event in _STATES or event in _LINES

    def event_of(self, code: str) -> str:
        return next((event for event, known in _STATES.items() if known == code), "")

    def shown(self, operation: Operation) -> dict[str, str]:
        """A line of the track."""
        code, word, said = _LINES.get(operation.event, ("", operation.code, operation.name))
        return {
            "context": f"【{operation.city}】{said}",
            "time": operation.at,
            "ftime": operation.at,
            "status": word,
            "areaCode": "",
            "areaName": f"{operation.province},{operation.city}",
            "statusCode": code,
        }

    def pushes(self, parcel: Parcel, operation: Operation, serial: Callable[[], str]) -> list[Push]:
        made = []
        state = _STATES.get(operation.event) or operation.code
        if state:
            made.append(self._pushed(parcel, serial(), state, self._state(parcel, operation, state)))
        if operation.event in _LINES:
            made.append(self._pushed(parcel, serial(), _LINES[operation.event][1], self._watched(parcel, operation)))
        return made

    def message(self, push: Push, damage: Damage) -> Message:
        """Without a salt Kuaidi100 signs nothing."""
        param, salt = push.content["param"], push.content["salt"]
        form = {"taskId": push.content["task"], "param": param}
        if salt:
            form["sign"] = md5_upper(param, _WRONG_SALT if damage.wrong_signature else salt)
        body = urlencode(form).encode()
        content_type = "application/x-www-form-urlencoded;charset=UTF-8"
        return Message(body[: len(body) // 2] if damage.cut else body, content_type)

    def receipt(self, push: Push, content: bytes) -> tuple[bool, str]:  # noqa: ARG002 one form for both pushes
        try:
            told = json.loads(content)
        except ValueError:
            return False, ""
        code = str(told.get("returnCode", "")) if isinstance(told, dict) else ""
        return code == "200" and told.get("result") is True, code

    def _pushed(self, parcel: Parcel, serial: str, code: str, told: dict[str, Any]) -> Push:
        param = json.dumps(told, ensure_ascii=False)
        content = {"param": param, "salt": parcel.extra.get("salt", ""), "task": parcel.extra["task_id"]}
        return Push(serial, parcel.order_no, code, content)

    def _state(self, parcel: Parcel, operation: Operation, state: str) -> dict[str, Any]:
        data = {
            "orderId": parcel.extra["order_id"],
            "status": int(state) if state.isdecimal() else state,
            "courierName": operation.courier,
            "courierMobile": operation.phone,
            "weight": "0.2",
            "freight": "12",
        }
        return {
            "kuaidicom": parcel.extra["carrier"],
            "kuaidinum": parcel.waybill,
            "status": "200",
            "message": "成功",
            "data": data,
        }

    def _watched(self, parcel: Parcel, operation: Operation) -> dict[str, Any]:
        """The whole history up to an operation."""
        until = parcel.operations[: parcel.operations.index(operation) + 1]
        over = operation.event.startswith(("delivered", "left_at_door", "returned"))
        return {
            "status": "shutdown" if over else "polling",
            "message": "",
            "autoCheck": "0",
            "comOld": "",
            "comNew": "",
            "lastResult": self._history(parcel, until),
        }

    def _history(self, parcel: Parcel, operations: list[Operation]) -> dict[str, Any]:
        """Newest first."""
        told = [o for o in operations if o.event in _LINES]
        state = _LINES[told[-1].event][0] if told else "0"
        return {
            "message": "ok",
            "state": state,
            "status": "200",
            "ischeck": "1" if state == "3" else "0",
            "com": parcel.extra["carrier"],
            "nu": parcel.waybill,
            "data": [self.shown(o) for o in reversed(told)],
        }

    def _order(self, form: Mapping[str, str]) -> Reply:
        handlers: Mapping[str, Callable[[Any], dict[str, Any]]] = {
            ORDER: self.create,
            CANCEL: self.cancel,
            DETAIL: self.detail,
        }
        handler = handlers.get(form.get("method", ""))
        if handler is None:
            raise Refused(Why.NO_SUCH_CALL, "method 不存在")
        a = self._desk.account
        if not same(form.get("key", ""), a.authorization):
            raise Refused(Why.CREDENTIALS, "key 不存在")
        right = md5_upper(form.get("param", ""), form.get("t", ""), a.authorization, a.sign_key)
        if not same(form.get("sign", ""), right):
            raise Refused(Why.SIGNATURE, "验证签名失败")
        said = "取消成功" if form["method"] == CANCEL else "提交成功"
        return _reply(True, "200", said, handler(_param(form)), accepted=form["method"] in _CHANGING)

    def create(self, body: Any) -> dict[str, Any]:
        for name in ("kuaidicom", "cargo", "callBackUrl", "recManName", "recManMobile", "sendManName", "sendManMobile"):
            needed(body, name)
        addresses = needed(body, "sendManPrintAddr"), needed(body, "recManPrintAddr")
        if any(OUT_OF_RANGE in address for address in addresses):
            raise Refused(Why.RANGE_SENDER, "该地区快递暂停揽收")
        window = _window(body, self._desk.now())
        order_no = body.get("thirdOrderId") or ""
        if len(order_no) > 32:
            raise Refused(Why.FIELD, "thirdOrderId 超过32位")
        known = self._desk.taken_before(order_no) if order_no else None
        parcel = known or self._take(order_no, body, addresses, window)
        e = parcel.extra
        return {"kuaidinum": parcel.waybill, "orderId": e["order_id"], "attach": None, "taskId": e["task_id"]}

    def _take(self, order_no: str, body: Any, addresses: tuple[str, str], window: tuple[str, str]) -> Parcel:
        places = _town(addresses[0]), _town(addresses[1])
        number = str(20_000_000 + len(self._desk.depot.all()))
        extra = {"order_id": number, "task_id": md5_upper("task", number, order_no), "carrier": body["kuaidicom"]}
        return self._desk.take(order_no or number, places, window, salt=str(body.get("salt") or ""), **extra)

    def cancel(self, body: Any) -> dict[str, Any]:
        parcel = self._desk.depot.by_extra("task_id", needed(body, "taskId"))
        if parcel is None or parcel.extra["order_id"] != needed(body, "orderId"):
            raise Refused(Why.NOT_FOUND, "订单不存在")
        self._desk.cancel(parcel)
        return {}

    def detail(self, body: Any) -> dict[str, Any]:
        task, own = (str(body.get(k) or "") if isinstance(body, dict) else "" for k in ("taskId", "thirdOrderId"))
        depot = self._desk.depot
        parcel = depot.by_extra("task_id", task) if task else depot.by_order(own) if own else None
        if parcel is None:
            raise Refused(Why.NOT_FOUND, "任务不存在")
        states = [_STATES[o.event] for o in parcel.operations if o.event in _STATES]
        return {
            "taskId": parcel.extra["task_id"],
            "orderId": parcel.extra["order_id"],
            "kuaidiCom": parcel.extra["carrier"],
            "kuaidiNum": parcel.waybill,
            "status": "9" if parcel.status == "cancelled" else states[-1] if states else "0",
            "thirdOrderId": parcel.order_no,
        }

    def _subscribe(self, form: Mapping[str, str]) -> Reply:
        param = _param(form)
        if not same(str(param.get("key", "")), self._desk.account.authorization):
            return _reply(False, "601", "key 不存在", None)
        number = needed(param, "number")
        if number in self._subscribed:
            return _reply(False, "501", "重复订阅", None)
        self._subscribed.add(number)
        return _reply(True, "200", "提交成功", None)

    def _query(self, form: Mapping[str, str]) -> Reply:
        a = self._desk.account
        right = md5_upper(form.get("param", ""), a.authorization, a.sender_no)
        if form.get("customer") != a.sender_no or not same(form.get("sign", ""), right):
            raise Refused(Why.SIGNATURE, "验证签名失败")
        parcel = self._desk.depot.by_waybill(needed(_param(form), "num"))
        if parcel is None or not any(o.event in _LINES for o in parcel.operations):
            return _reply(False, "500", "查询无结果，请隔段时间再查", None)
        return Reply(json.dumps(self._history(parcel, parcel.operations), ensure_ascii=False).encode())


def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))


def _param(form: Mapping[str, str]) -> dict[str, Any]:
    try:
        param = json.loads(form.get("param", ""))
    except ValueError:
        param = None
    if not isinstance(param, dict):
        raise Refused(Why.INCOMPLETE, "param 不是 JSON")
    return param


def _window(body: Any, now: datetime) -> tuple[str, str]:
    """The day that was meant, as the other partners write it."""
    day, start, end = (needed(body, k) for k in ("dayType", "pickupStartTime", "pickupEndTime"))
    if day not in _DAYS or start >= end:
        raise Refused(Why.FIELD, "预约时间不正确")
    date = now.astimezone(BEIJING).date() + timedelta(days=_DAYS.index(day))
    return window_of(f"{date} {start}:00", f"{date} {end}:00")


def _town(address: str) -> Place:
    """Only the town of an address is kept."""
    found = _TOWNS.match(address)
    return Place((found and found["province"]) or "", (found and found["city"]) or "")


def _reply(result: bool, code: str, message: str, data: Any, accepted: bool = False) -> Reply:
    told = {"data": data, "message": message, "result": result, "returnCode": code}
    return Reply(json.dumps(told, ensure_ascii=False).encode(), accepted)
