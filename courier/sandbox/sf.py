"""SF's side of its protocol: digests or tokens, the three-layered answer, both pushes as JSON or XML.

An address with 超区 in it is answered as SF answers (filterResult 3), one with 待确认 waits for a person at first
(filterResult 1, no waybill) and is decided when asked about. SF has no code for a revoked pick-up or a locker; what has
no code cannot happen here. SF signs no push, so a forged one is one that goes to a wrong address.
"""

import json
import random
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote_plus
from xml.sax.saxutils import quoteattr

from courier.sandbox.depot import Operation, Parcel, Place
from courier.sandbox.faults import Fault
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
from courier.sf.settings import SfProof
from courier.signing import same, sf_simple_md5, sf_sm3, sf_standard_md5

CREATE, FIND, UPDATE, ROUTES = (
    "EXP_RECE_CREATE_ORDER",
    "EXP_RECE_SEARCH_ORDER_RESP",
    "EXP_RECE_UPDATE_ORDER",
    "EXP_RECE_SEARCH_ROUTES",
)
_CHANGING = frozenset({CREATE, UPDATE})
TOKEN_PATH = "/oauth2/accessToken"
TOKEN_LIFE = timedelta(hours=2)
_UNDECIDED = "待确认"
_DIGESTS = {
    SfProof.STANDARD_MD5: sf_standard_md5,
    SfProof.SIMPLE_MD5: sf_simple_md5,
    SfProof.SM3: sf_sm3,
}
_GATEWAY: Mapping[Why, str] = {
    Why.INCOMPLETE: "A1001",
    Why.NO_SUCH_CALL: "A1004",
    Why.CREDENTIALS: "A1011",
    Why.SIGNATURE: "A1006",
}
_SERVICE: Mapping[Why, str] = {
    Why.FIELD: "1010",
    Why.DUPLICATE: "8016",
    Why.NOT_FOUND: "8018",
    Why.COLLECTED: "8252",
    Why.CANCELLED: "8037",
}
# opCode and sentence.
_NODES: Mapping[str, tuple[str, str]] = {
    "picked_up": ("50", "顺丰速运 已收取快件"),
    "handed_on": ("30", "快件在样本营业部完成分拣"),
    "in_transit": ("36", "快件已发车"),
    "arrived": ("31", "快件到达样本营业点"),
    "out_for_delivery": ("44", "快件交给样本师傅，正在派送途中"),
    "delivered": ("80", "已签收,感谢使用顺丰,期待再次为您服务"),
    "delivered_to_other": ("80", "已签收,他人代收"),
    "left_at_door": ("80", "已签收,快件放在门口"),
    "attempt_failed": ("70", "派件不成功"),
    "exception": ("33", "派件异常"),
    "returning": ("648", "快件退回中"),
    "something_new": ("999", "新增环节"),
}
_STATES: Mapping[str, tuple[str, str]] = {
    "courier_assigned": ("04-40001", "调度成功"),
    "pickup_failed": ("04-40002", "联系不上客户"),
    "picked_up": ("05-40003", "已正常收件"),
    "cancelled": ("00-2000", "客户取消"),
}


def waybill(random_: random.Random) -> str:
    return digits(random_, "SF", 13)


class SfSpeaker:
    path = "/std/service"

    def __init__(self, desk: Desk, proof: SfProof = SfProof.STANDARD_MD5, xml: bool = False) -> None:
        self._desk = desk
        self._proof = proof
        self._xml = xml
        self._token = ("", datetime.min.replace(tzinfo=UTC))

    def is_changing(self, request: Request) -> bool:
        return _form(request).get("serviceCode") in _CHANGING

    def answer(self, request: Request) -> Reply:
        form = _form(request)
        if request.path == TOKEN_PATH:
            return self._give_token(form)
        try:
            data = self._checked(form)
            handlers: Mapping[str, Callable[[Any], dict[str, Any]]] = {
                CREATE: self.create,
                FIND: self.find,
                UPDATE: self.update,
                ROUTES: self.routes,
            }
            handler = handlers.get(form["serviceCode"])
            if handler is None:
                raise Refused(Why.NO_SUCH_CALL, "无对应服务权限")
            return _served(handler(data), accepted=form["serviceCode"] in _CHANGING)
        except Refused as r:
            if r.why in _GATEWAY:
                return _gateway(_GATEWAY[r.why], r.message)
            return _service({"success": False, "errorCode": _SERVICE[r.why], "errorMsg": r.message, "msgData": None})

    def refusal(self) -> Reply:
        return _service({"success": False, "errorCode": "8177", "errorMsg": "高峰管控，暂停收件", "msgData": None})

    def unclear(self) -> Reply:
        return _gateway("A1099", "系统异常")

    def knows(self, event: str) -> bool:
        return event in _NODES or event in _STATES

    def event_of(self, code: str) -> str:
        tables = (*_NODES.items(), *_STATES.items())
        return next((event for event, (known, _) in tables if known == code), "")

    def shown(self, operation: Operation) -> dict[str, str]:
        """As in the route query; what SF tells only as a state of the order has no node."""
        code, said = _NODES.get(operation.event, (operation.code, operation.name))
        first = _STATES[operation.event][0] if not code and operation.event in _STATES else code
        return {
            "acceptTime": operation.at,
            "acceptAddress": operation.city,
            "remark": said,
            "opCode": operation.code or first,
        }

    def pushes(self, parcel: Parcel, operation: Operation, serial: Callable[[], str]) -> list[Push]:
        o = operation
        made = []
        if o.event in _STATES:
            code, said = _STATES[o.event]
            state = {"orderNo": o.order_no, "waybillNo": o.waybill, "orderStateCode": code, "orderStateDesc": said}
            person = {"empCode": o.waybill[-6:], "empName": o.courier, "empPhone": o.phone, "netCode": "020"}
            known = {"carrierCode": "SF", "bookTime": parcel.window[0], "lastTime": parcel.window[1], "createTm": o.at}
            made.append(
                Push(
                    serial(),
                    o.order_no,
                    code,
                    {"orderState": [state | person | known]},
                    int(self._desk.now().timestamp() * 1000),
                )
            )
        if o.event in _NODES or o.code:
            node = {"mailno": o.waybill, "orderid": o.order_no, **self.shown(o), "reasonName": "", "reasonCode": ""}
            number = str(int(serial(), 16))[:15]
            made.append(Push(number, o.order_no, node["opCode"], {"WaybillRoute": [node | {"id": number}]}))
        return made

    def message(self, push: Push, damage: Damage) -> Message:
        body, content_type = self._xml_body(push) if self._xml else self._json_body(push)
        return Message(body[: len(body) // 2] if damage.cut else body, content_type, damage.wrong_signature)

    def receipt(self, push: Push, content: bytes) -> tuple[bool, str]:
        """In the form of what was sent."""
        if self._xml:
            said = "OK" if b"<Head>OK</Head>" in content or b"<success>true</success>" in content else "ERR"
            return said == "OK", said
        try:
            told = json.loads(content)
        except ValueError:
            return False, ""
        if not isinstance(told, dict):
            return False, ""
        if "WaybillRoute" in push.content:
            return told.get("return_code") == "0000", str(told.get("return_code", ""))
        return told.get("success") == "true", str(told.get("code", ""))

    def _json_body(self, push: Push) -> tuple[bytes, str]:
        if "WaybillRoute" in push.content:
            told: dict[str, Any] = {"Body": push.content}
        else:
            told = {"requestId": push.serial, "timestamp": push.made_ms, **push.content}
        return json.dumps(told, ensure_ascii=False).encode(), "application/json;charset=UTF-8"

    def _xml_body(self, push: Push) -> tuple[bytes, str]:
        ((name, items),) = push.content.items()
        service = "RoutePushService" if name == "WaybillRoute" else "PushOrderState"
        lines = "".join(f"<{name} {' '.join(f'{k}={quoteattr(v)}' for k, v in i.items())}/>" for i in items)
        whole = f'<?xml version="1.0" encoding="UTF-8"?><Request service="{service}" lang="zh-CN"><Body>{lines}</Body></Request>'
        return b"content=" + quote_plus(whole).encode(), "application/x-www-form-urlencoded;charset=UTF-8"

    def _give_token(self, form: Mapping[str, str]) -> Reply:
        """The same one again as long as it lives."""
        a = self._desk.account
        if form.get("grantType") != "password" or form.get("partnerID") != a.sender_no:
            return _gateway("A1001", "必传参数不可为空")
        if not same(form.get("secret", ""), a.sign_key):
            return _gateway("A1006", "校验码不正确")
        now = self._desk.now()
        if now >= self._token[1]:
            self._token = (secrets.token_hex(16).upper(), now + TOKEN_LIFE)
        told = {
            "apiResultCode": "A1000",
            "apiErrorMsg": "success",
            "apiResponseID": secrets.token_hex(16),
            "accessToken": self._token[0],
            "expiresIn": int((self._token[1] - now).total_seconds()),
        }
        return Reply(json.dumps(told).encode())

    def _checked(self, form: Mapping[str, str]) -> Any:
        names = ("partnerID", "requestID", "serviceCode", "timestamp", "msgData")
        if not all(form.get(name) for name in names):
            raise Refused(Why.INCOMPLETE, "必传参数不可为空")
        if form["partnerID"] != self._desk.account.sender_no:
            raise Refused(Why.NO_SUCH_CALL, "无对应服务权限")
        self._check_proof(form)
        try:
            return json.loads(form["msgData"])
        except ValueError:
            raise Refused(Why.FIELD, "msgData 不是 JSON") from None

    def _check_proof(self, form: Mapping[str, str]) -> None:
        if self._proof is SfProof.OAUTH2:
            if self._desk.strikes(Fault.STALE_TOKEN):
                self._token = ("", datetime.min.replace(tzinfo=UTC))
            if not same(form.get("accessToken", ""), self._token[0]) or self._desk.now() >= self._token[1]:
                raise Refused(Why.CREDENTIALS, "accessToken 无效或过期")
            return
        right = _DIGESTS[self._proof](form["msgData"], form["timestamp"], self._desk.account.sign_key)
        if not same(form.get("msgDigest", ""), right):
            raise Refused(Why.SIGNATURE, "数字签名无效")

    def create(self, body: Any) -> dict[str, Any]:
        order_no = needed(body, "orderId")
        extra = {e.get("attrName"): e.get("attrVal") for e in _list(body, "extraInfoList") if isinstance(e, dict)}
        window = window_of(needed(body, "sendStartTm"), needed(extra, "pickupAppointEndTime"))
        sender, receiver = (_party(body, kind) for kind in (1, 2))
        for remark, party in (("1", sender), ("2", receiver)):
            if OUT_OF_RANGE in party["address"]:
                return {"orderId": order_no, "filterResult": 3, "remark": remark, "waybillNoInfoList": []}
        known = self._desk.taken_before(order_no)
        # Seen at real carriers: a reused id brings back the old order, also a cancelled one, as a success.
        if known is not None and known.status != "cancelled":
            raise Refused(Why.DUPLICATE, "重复下单")
        places = Place(sender["province"], sender["city"]), Place(receiver["province"], receiver["city"])
        parcel = known or self._desk.take(order_no, places, window)
        if _UNDECIDED in sender["address"]:
            return {"orderId": order_no, "filterResult": 1, "remark": "", "waybillNoInfoList": []}
        return _decided(parcel)

    def find(self, body: Any) -> dict[str, Any]:
        parcel = self._known(body)
        if parcel.status == "cancelled":
            raise Refused(Why.CANCELLED, "订单已取消")
        return _decided(parcel)

    def update(self, body: Any) -> dict[str, Any]:
        parcel = self._known(body)
        if body.get("dealType") == 2:
            self._desk.cancel(parcel)
        return {"orderId": parcel.order_no, "resStatus": body.get("dealType"), "waybillNoInfoList": _mother(parcel)}

    def routes(self, body: Any) -> dict[str, Any]:
        numbers = [n for n in _list(body, "trackingNumber") if isinstance(n, str)]
        return {"routeResps": [{"mailNo": n, "routes": self._nodes(n)} for n in numbers]}

    def _nodes(self, number: str) -> list[dict[str, str]]:
        parcel = self._desk.depot.by_waybill(number)
        return [self.shown(o) for o in (parcel.operations if parcel else ()) if o.event in _NODES or o.code]

    def _known(self, body: Any) -> Parcel:
        parcel = self._desk.depot.by_order(needed(body, "orderId"))
        if parcel is None:
            raise Refused(Why.NOT_FOUND, "未获取到订单信息")
        return parcel


def _decided(parcel: Parcel) -> dict[str, Any]:
    return {
        "orderId": parcel.order_no,
        "originCode": "020",
        "destCode": "020",
        "filterResult": 2,
        "remark": "",
        "waybillNoInfoList": _mother(parcel),
    }


def _mother(parcel: Parcel) -> list[dict[str, Any]]:
    return [{"waybillType": 1, "waybillNo": parcel.waybill}]


def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))


def _list(body: Any, key: str) -> list[Any]:
    found = body.get(key) if isinstance(body, dict) else None
    return found if isinstance(found, list) else []


def _party(body: Any, kind: int) -> dict[str, str]:
    contacts = (c for c in _list(body, "contactInfoList") if isinstance(c, dict))
    contact = next((c for c in contacts if c.get("contactType") == kind), None)
    told = {key: needed(contact, key) for key in ("contact", "province", "city", "address")}
    if not isinstance(contact, dict) or not (contact.get("mobile") or contact.get("tel")):
        raise Refused(Why.FIELD, "mobile 与 tel 不能都为空")
    return told


def _served(data: dict[str, Any], accepted: bool) -> Reply:
    taken = accepted and data.get("filterResult") != 3
    return _service({"success": True, "errorCode": "S0000", "errorMsg": None, "msgData": data}, taken)


def _service(inner: dict[str, Any], accepted: bool = False) -> Reply:
    told = {
        "apiErrorMsg": "",
        "apiResponseID": secrets.token_hex(16).upper(),
        "apiResultCode": "A1000",
        "apiResultData": json.dumps(inner, ensure_ascii=False),
    }
    return Reply(json.dumps(told, ensure_ascii=False).encode(), accepted)


def _gateway(code: str, message: str) -> Reply:
    told = {"apiErrorMsg": message, "apiResponseID": secrets.token_hex(16).upper(), "apiResultCode": code}
    return Reply(json.dumps(told | {"apiResultData": None}, ensure_ascii=False).encode())
