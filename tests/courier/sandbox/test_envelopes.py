"""What the sandbox says, field by field, beside the partners' documents; and the documents' own samples, which it must
understand as the real platforms do."""

import json
import random
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from courier.sandbox import ems, kuaidi100, sf
from courier.sandbox.depot import Depot, Place
from courier.sandbox.life import STEPS
from courier.sandbox.speaker import Account, Damage, Desk, Request
from courier.signing import md5_upper, open_sm4, seal_sm4, sf_standard_md5

NOON = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
KEY = "TvaBgrhE46sft3nZlfe7xw=="
SAMPLE = '{"language":"zh-CN","orderId":"QIAO-20200618-004"}'
SEALED_SAMPLE = (
    "|$4|efB6PnjDpgHG4xfrvYlXonyBuMJoGTynkfasopHvbl2u3nmNeP+rznA3DyRwb/2GeZL7I3rL6HKD5+Tv3Uy6x8jIDISbYG8Bg14caH2flYE="
)
CHECK_WORD = "fjcg5PGKaNpPSHFAZ4QsCOkV71R3zVci"
TOWNS = Place("广东省", "广州市"), Place("广东省", "广州市")
WINDOW = ("2026-01-05 14:00:00", "2026-01-05 16:00:00")


def desk(key: str, number: Any) -> Desk:
    depot = Depot(1, lambda: NOON, None, number)
    account = Account("1100000000001", "authorization", key)
    return Desk(account, depot, lambda _: None, lambda *_: None, lambda _: False, lambda: NOON)


def serial() -> str:
    return f"{random.Random(1).getrandbits(128):032X}"


# ── EMS ──


def ems_form(code: str, sealed: str, **changes: str) -> dict[str, str]:
    common = {"apiCode": code, "senderNo": "1100000000001", "authorization": "authorization", "msgType": "0"}
    return common | {"timeStamp": "2026-01-05 12:00:00", "version": "V1.0.0", "logitcsInterface": sealed} | changes


def ems_says(form: Mapping[str, str]) -> dict[str, Any]:
    request = Request(ems.EmsSpeaker.path, "", urlencode(form).encode())
    told: dict[str, Any] = json.loads(ems.EmsSpeaker(desk(KEY, ems.waybill)).answer(request).body)
    return told


def test_ems_answers_in_its_envelope_with_the_body_as_a_string() -> None:
    told = ems_says(ems_form("040001", seal_sm4('{"waybillNo":"1","direction":"0"}', KEY)))
    assert set(told) == {"retCode", "retMsg", "retBody", "retDate", "serialNo", "success"}
    assert (told["retCode"], told["success"], told["retDate"]) == ("00000", True, "2026-01-05 12:00:00")
    assert len(told["serialNo"]) == 32
    assert json.loads(told["retBody"]) == {"responseItems": []}


def test_ems_opens_the_documents_own_sample() -> None:
    told = ems_says(ems_form("040001", SEALED_SAMPLE))
    assert told["retMsg"] == "waybillNo 不能为空"
    assert ems_says(ems_form("040001", SEALED_SAMPLE[:-8]))["retMsg"] == "报文解密失败"


@pytest.mark.parametrize("name", ["timeStamp", "msgType", "version", "authorization", "senderNo"])
def test_ems_refuses_a_form_without_what_its_documents_demand(name: str) -> None:
    told = ems_says(ems_form("040001", SEALED_SAMPLE, **{name: ""}))
    assert (told["success"], told["retMsg"]) == (False, f"缺少公共参数 {name}")


def test_ems_pushes_040002_with_every_field_of_its_documents() -> None:
    its = desk(KEY, ems.waybill)
    speaker = ems.EmsSpeaker(its)
    parcel = its.take("ZT1", TOWNS, WINDOW)
    (push,) = speaker.pushes(parcel, its.depot.happen(parcel, STEPS["delivered"]), serial)
    told = json.loads(speaker.message(push, Damage()).body)
    assert set(told) == {"logitcsInterface", "method", "msgType", "senderNo", "serialNo", "timeStamp", "version"}
    assert (told["method"], told["msgType"], told["version"], len(told["serialNo"])) == ("040002", "0", "v1.0.0", 32)
    inside = json.loads(open_sm4(told["logitcsInterface"], KEY))
    assert {
        "waybillNo", "orderNo", "opTime", "opCode", "opName", "opDesc", "opOrgProvName", "opOrgCity", "opOrgCode",
        "opOrgName", "operatorNo", "operatorName", "deliverCode", "attemptDeliveryCode", "productName",
    } <= set(inside)  # fmt: skip
    assert (inside["opCode"], inside["deliverCode"]) == ("704", "10")
    receipt = {"serialNo": push.serial, "code": "00000", "codeMessage": "", "senderNo": "1100000000001"}
    assert speaker.receipt(push, json.dumps(receipt).encode()) == (True, "00000")
    for wrong in ({"serialNo": "another"}, {"code": "S00001"}):
        assert not speaker.receipt(push, json.dumps(receipt | wrong).encode())[0]


# ── SF ──


def sf_says(code: str, data: str, stamp: str = "12312334453453", digest: str | None = None) -> dict[str, Any]:
    form = {"partnerID": "1100000000001", "requestID": "1", "serviceCode": code, "timestamp": stamp, "msgData": data}
    form["msgDigest"] = digest or sf_standard_md5(data, stamp, CHECK_WORD)
    request = Request(sf.SfSpeaker.path, "", urlencode(form).encode())
    told: dict[str, Any] = json.loads(sf.SfSpeaker(desk(CHECK_WORD, sf.waybill)).answer(request).body)
    return told


def test_sf_takes_the_digest_of_the_documents_own_sample_and_answers_in_three_layers() -> None:
    told = sf_says("EXP_RECE_SEARCH_ORDER_RESP", SAMPLE, digest="IIKJtuLVzoFTu4kHI8M8vA==")
    assert set(told) == {"apiErrorMsg", "apiResponseID", "apiResultCode", "apiResultData"}
    assert told["apiResultCode"] == "A1000"
    inner = json.loads(told["apiResultData"])
    assert (inner["success"], inner["errorCode"], inner["msgData"]) == (False, "8018", None)
    assert sf_says("EXP_RECE_SEARCH_ORDER_RESP", SAMPLE, digest="IIKJtuLVzoFTu4kHI8M8vB==")["apiResultCode"] == "A1006"
    assert sf_says("EXP_RECE_NOTHING", SAMPLE)["apiResultCode"] == "A1004"
    assert sf_says("EXP_RECE_SEARCH_ORDER_RESP", SAMPLE, stamp="")["apiResultCode"] == "A1001"


def test_sf_pushes_a_route_and_a_state_with_every_field_of_its_documents() -> None:
    its = desk(CHECK_WORD, sf.waybill)
    speaker = sf.SfSpeaker(its)
    parcel = its.take("ZT1", TOWNS, WINDOW)
    pushes = speaker.pushes(parcel, its.depot.happen(parcel, STEPS["picked_up"]), serial)
    state, route = (json.loads(speaker.message(p, Damage()).body) for p in pushes)
    (node,) = route["Body"]["WaybillRoute"]
    assert set(node) == {
        "mailno", "acceptAddress", "reasonName", "orderid", "acceptTime", "remark", "opCode", "id", "reasonCode",
    }  # fmt: skip
    assert (node["opCode"], node["acceptTime"]) == ("50", "2026-01-05 12:00:00")
    assert set(state) == {"requestId", "timestamp", "orderState"}
    assert {
        "orderNo", "waybillNo", "orderStateCode", "orderStateDesc", "empCode", "empPhone", "netCode", "lastTime",
        "bookTime", "carrierCode", "createTm",
    } <= set(state["orderState"][0])  # fmt: skip
    assert state["orderState"][0]["orderStateCode"] == "05-40003"
    assert speaker.receipt(pushes[1], b'{"return_code":"0000","return_msg":"ok"}') == (True, "0000")
    assert speaker.receipt(pushes[0], b'{"success":"true","code":"0","msg":""}') == (True, "0")
    assert not speaker.receipt(pushes[1], b'{"return_code":"1000"}')[0]


# ── Kuaidi100 ──


def kuaidi100_says(method: str, param: Mapping[str, Any], at: datetime = NOON) -> dict[str, Any]:
    text, t = json.dumps(param), str(int(at.timestamp() * 1000))
    form = {"key": "authorization", "method": method, "t": t, "param": text}
    form["sign"] = md5_upper(text, t, "authorization", "secret")
    request = Request("/order/borderapi.do", "", urlencode(form).encode())
    speaker = kuaidi100.Kuaidi100Speaker(desk("secret", kuaidi100.waybill))
    told: dict[str, Any] = json.loads(speaker.answer(request).body)
    return told


ORDER = {
    "kuaidicom": "ems", "cargo": "文件", "callBackUrl": "https://zerotrip.example/h", "salt": "a-salt",
    "recManName": "李四", "recManMobile": "13800000001", "recManPrintAddr": "广东省广州市天河区样本路1号",
    "sendManName": "张三", "sendManMobile": "13800000002", "sendManPrintAddr": "广东省广州市海珠区样本路2号",
    "dayType": "明天", "pickupStartTime": "14:00", "pickupEndTime": "16:00", "thirdOrderId": "ZT1",
}  # fmt: skip


def test_kuaidi100_answers_an_order_as_its_documents_show() -> None:
    told = kuaidi100_says("bOrder", ORDER)
    assert (told["result"], told["returnCode"], told["message"]) == (True, "200", "提交成功")
    assert set(told) == {"data", "message", "result", "returnCode"}
    assert set(told["data"]) == {"kuaidinum", "orderId", "attach", "taskId"}
    assert kuaidi100_says("bOrder", ORDER | {"thirdOrderId": "x" * 33})["result"] is False
    assert kuaidi100_says("bOrder", ORDER | {"dayType": "下周"})["result"] is False


def test_kuaidi100_pushes_state_and_whole_track_signed_with_the_orders_salt() -> None:
    its = desk("secret", kuaidi100.waybill)
    speaker = kuaidi100.Kuaidi100Speaker(its)
    parcel = its.take("ZT1", TOWNS, WINDOW, salt="a-salt", task_id="T", order_id="2", carrier="ems")
    for event in ("picked_up", "delivered"):
        pushes = speaker.pushes(parcel, its.depot.happen(parcel, STEPS[event]), serial)
    forms = [dict(parse_qsl(speaker.message(p, Damage()).body.decode())) for p in pushes]
    assert all(form["sign"] == md5_upper(form["param"], "a-salt") for form in forms)
    state, track = (json.loads(form["param"]) for form in forms)
    assert (state["kuaidinum"], state["data"]["status"]) == (parcel.waybill, 13)
    assert {"status", "message", "autoCheck", "comOld", "comNew", "lastResult"} == set(track)
    assert {"state", "ischeck", "com", "nu", "data"} <= set(track["lastResult"])
    newest, oldest = track["lastResult"]["data"]
    assert set(newest) == {"context", "time", "ftime", "status", "areaCode", "areaName", "statusCode"}
    assert (newest["statusCode"], oldest["statusCode"], track["lastResult"]["state"]) == ("3", "1", "3")
    fine = b'{"result":true,"returnCode":"200","message":"ok"}'
    assert speaker.receipt(pushes[0], fine) == (True, "200")
    assert not speaker.receipt(pushes[0], b'{"result":false,"returnCode":"500"}')[0]
