"""KDNiao: requests as documented, answers and both signed pushes read with care."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from cases.lifecycle import LegState
from courier.fold import Alert, fold
from courier.kdniao import mapper, pushes
from courier.kdniao.partner import KdniaoPartner
from courier.kdniao.settings import KdniaoSettings
from courier.port import (
    Booked,
    Cancelled,
    Partner,
    PartnerUnavailable,
    Payer,
    Push,
    PushRejected,
    PushUnreadable,
    RefusedByPartner,
    TooLate,
    Unknown,
)
from courier.reading import Unreadable
from courier.settings import SettingsWrong
from courier.signing import kdniao_sign
from courier.vocabulary import EventKind, Recipient
from tests.courier.builders import order
from tests.courier.host import Host, say

PAYLOADS = Path(__file__).parent.parent / "payloads"
NOW = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
APP_KEY = "an-app-key-of-kdniao"
K = EventKind


def recorded(name: str) -> bytes:
    return (PAYLOADS / f"kdniao_{name}.json").read_bytes().strip()


def settings(**more: Any) -> KdniaoSettings:
    values: dict[str, Any] = {
        "base_url": "https://kdn.example.com/api/OOrderService",
        "trace_url": "https://kdn.example.com/track",
        "business_id": "test1542519",
        "app_key": APP_KEY,
        "hook_secret": "0123456789abcdef",
        "carrier": "SF",
        "month_code": "7551234567",
    }
    return KdniaoSettings(**(values | more))


def built(**more: Any) -> dict[str, Any]:
    wanted = json.loads(mapper.create(order(**more), settings()))
    assert isinstance(wanted, dict)
    return wanted


def refusal(reason: str, code: str = "101") -> mapper.Reply:
    return mapper.Reply(False, code, reason, None)


# ── requests and answers ────────────────────────────────────────────────────────────────────────────────────────


def test_the_form_is_signed_over_the_data_as_it_is() -> None:
    form = mapper.form("1801", '{"a":"中"}', settings())
    assert form["DataSign"] == kdniao_sign('{"a":"中"}', APP_KEY)
    assert (form["EBusinessID"], form["RequestType"], form["DataType"]) == ("test1542519", "1801", "2")


def test_an_order_names_window_payer_and_contents() -> None:
    wanted = built()
    assert (wanted["OrderCode"], wanted["StartDate"], wanted["EndDate"]) == (
        "ZT1-1",
        "2026-01-05 14:00:00",
        "2026-01-05 16:00:00",
    )
    assert (wanted["PayType"], wanted["MonthCode"], wanted["IsNotice"]) == (3, "7551234567", 0)
    assert (wanted["Sender"]["Mobile"], wanted["Receiver"]["Tel"]) == ("13800000001", "020-80000000")
    assert [c["GoodsName"] for c in wanted["Commodity"]] == ["居民户口簿", "社会保障卡申请表"]
    assert "PostCode" not in wanted["Sender"]


def test_payer_value_and_person_are_said() -> None:
    assert [built(payer=p)["PayType"] for p in (Payer.SENDER, Payer.RECEIVER)] == [1, 2]
    wanted = built(payer=Payer.SENDER, declared_value_fen=300_050, addressee_only=True)
    assert (wanted["InsureAmount"], wanted["Remark"]) == (3000.5, "须收件人本人签收")
    assert "MonthCode" not in wanted


def test_the_posts_own_carriers_want_a_post_code() -> None:
    with pytest.raises(SettingsWrong) as e:
        settings(carrier="EMS")
    assert e.value.variable == "POST_CODE"
    wanted = json.loads(mapper.create(order(), settings(carrier="EMS", post_code="510000")))
    assert wanted["Receiver"]["PostCode"] == "510000"


def test_a_waybill_or_kdniaos_number_in_its_place() -> None:
    def said(name: str) -> object:
        return mapper.read_create(mapper.read_reply(recorded(name)), "ZT1-1")

    assert said("order_ok") == Booked("SF1234567890123")
    assert said("order_without_waybill") == Booked("KDN20190710142158")
    assert said("order_refused") == RefusedByPartner("101", "缺少必要参数")
    again = said("order_duplicate")
    assert isinstance(again, Unknown)
    assert again.reason == "duplicate"


def test_what_is_not_sure_stays_open() -> None:
    unsure = [
        mapper.read_create(refusal("其他错误", "105"), "A"),
        mapper.read_create(refusal("系统繁忙，请稍后"), "A"),
        mapper.read_create(mapper.Reply(True, "100", "", {"OrderCode": "A"}), "A"),
        mapper.read_create(mapper.Reply(True, "100", "", {"OrderCode": "B", "LogisticCode": "1"}), "A"),
    ]
    assert [u.reason for u in unsure if isinstance(u, Unknown)] == [
        "partner_system",
        "partner_system",
        "no_waybill",
        "another_order",
    ]


def test_cancelling_says_only_what_is_sure() -> None:
    assert mapper.read_cancel(mapper.Reply(True, "100", "", None)) == Cancelled()
    assert mapper.read_cancel(refusal("订单已取消")) == Cancelled()
    assert isinstance(mapper.read_cancel(refusal("已揽件，不可取消")), TooLate)
    assert isinstance(mapper.read_cancel(refusal("订单不存在")), Unknown)
    assert "ExpNo" not in json.loads(mapper.cancel("A", "KDN1", "x", settings()))
    assert json.loads(mapper.cancel("A", "SF1", "x", settings()))["ExpNo"] == "SF1"


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"{}", b'{"ResultCode":"100"}', b'{"ResultCode":"100","Success":false}', b'{"ResultCode":"100","Suc'],
)
def test_an_answer_out_of_form_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        mapper.read_reply(raw)
    with pytest.raises(Unreadable):
        mapper.read_trace(raw, "SF1")


# ── the partner ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def host() -> Iterator[Host]:
    host = Host()
    yield host
    host.close()


@pytest.fixture
def kdniao(host: Host) -> KdniaoPartner:
    return KdniaoPartner(settings(base_url=host.url, trace_url=host.url + "/track", read_timeout_s=0.5), lambda: NOW)


def test_an_order_and_its_track_over_http(host: Host, kdniao: KdniaoPartner) -> None:
    partner: Partner = kdniao
    host.answers(recorded("order_ok"), recorded("trace"))
    assert partner.book(order()) == Booked("SF1234567890123")
    assert partner.find("ZT1-1", "SF1234567890123") == Booked("SF1234567890123")
    assert [a["RequestType"] for a in host.asked] == ["1801", "1002"]
    assert host.paths == ["/open", "/open/track"]


def test_nobody_can_be_asked_by_order_id_and_a_number_of_its_own_has_no_track(
    host: Host, kdniao: KdniaoPartner
) -> None:
    assert [kdniao.find("A"), kdniao.find("A", "KDN1")] == [
        Unknown("no_query", "快递鸟没有公开按订单号查询的接口"),
        Unknown("no_history"),
    ]
    assert kdniao.trace("KDN1") == ()
    assert host.forms == []


def test_refusal_at_the_door_and_rubbish(host: Host, kdniao: KdniaoPartner) -> None:
    host.answering = lambda h: say(h, 403)
    assert kdniao.book(order()) == RefusedByPartner("http_403", "被接口网关拒绝")
    assert isinstance(kdniao.cancel("A", "SF1", "x"), Unknown)
    host.answers(recorded("trace"))
    assert isinstance(kdniao.book(order()), Unknown)
    with pytest.raises(PartnerUnavailable):
        kdniao.trace("SF9")


# ── pushes ──────────────────────────────────────────────────────────────────────────────────────────────────────


def signed(signed_data: str, app_key: str = APP_KEY, **more: str) -> bytes:
    fields = {"RequestType": "103", "RequestData": signed_data, "DataSign": kdniao_sign(signed_data, app_key)}
    return urlencode(fields | more).encode()


def verified(data: str) -> Push:
    push = pushes.verify(signed(data), APP_KEY)
    assert isinstance(push, Push), push
    return push


def item(state: str, **more: Any) -> str:
    told = {"OrderCode": "ZT1-1", "ShipperCode": "SF", "State": state} | more
    return json.dumps({"EBusinessID": "x", "PushTime": "2026-01-05 10:00:00", "Count": "1", "Data": [told]})


def tracked(*lines: dict[str, str], **more: Any) -> str:
    return item("2", LogisticCode="SF1", Traces=list(lines), **more)


def line(action: str, said: str = "x", at: str = "2026-01-05 14:03:00") -> dict[str, str]:
    return {"AcceptTime": at, "AcceptStation": said, "Action": action}


def kinds(data: str) -> list[EventKind]:
    return [e.kind for e in pushes.read(verified(data))]


def test_a_recorded_track_is_read_and_a_query_tells_the_same_facts() -> None:
    events = pushes.read(verified(recorded("push_track").decode()))
    assert [e.kind for e in events] == [K.PICKED_UP, K.OUT_FOR_DELIVERY, K.DELIVERED]
    queried = mapper.read_trace(recorded("trace"), "SF1234567890123")
    assert [e.unique_key for e in events] == [e.unique_key for e in queried]
    assert fold([*events, *queried]).state is LegState.DELIVERED


def test_a_recorded_assignment_names_the_courier() -> None:
    (event,) = pushes.read(verified(recorded("push_assigned").decode()))
    assert (event.kind, event.order_id, event.courier_phone) == (K.COURIER_ASSIGNED, "ZT1-1", "13800000011")
    assert event.at == NOW


def test_half_a_character_in_a_field_that_nobody_reads_stops_nothing() -> None:
    """Found by the fuzzer: JSON may say `\\ud800`, UTF-8 cannot; the push has a name all the same."""
    told = item("103", PushTime="2026-01-05 10:00:00", Remark="\ud800")
    (event,), (again,) = pushes.read(verified(told)), pushes.read(verified(told))
    assert event.kind is K.COURIER_ASSIGNED
    assert event.unique_key == again.unique_key


@pytest.mark.parametrize(
    ("codes", "means"),
    [
        ("99", K.PICKUP_FAILED),
        ("102", K.BOOKED),
        ("103", K.COURIER_ASSIGNED),
        ("104 301", K.PICKED_UP),
        ("110", K.PICKUP_RESCHEDULED),
        ("203", K.CANCELLED),
        ("206", K.REVERSAL),
        ("2", K.IN_TRANSIT),
        ("3", K.DELIVERED_UNCONFIRMED),
        ("207 208 402 601", K.INFO),
        ("0 1 4 999", K.UNKNOWN),
    ],
)
def test_every_documented_order_state_has_its_meaning(codes: str, means: EventKind) -> None:
    assert [kinds(item(code)) for code in codes.split()] == [[means]] * len(codes.split())


@pytest.mark.parametrize(
    ("codes", "means"),
    [
        ("0 418", K.INFO),
        ("10", K.BOOKED),
        ("1", K.PICKED_UP),
        ("2 201 204 205 206", K.IN_TRANSIT),
        ("202", K.OUT_FOR_DELIVERY),
        ("211", K.AWAITING_COLLECTION),
        ("3 301 302", K.DELIVERED),
        ("304 311", K.DELIVERED_UNCONFIRMED),
        ("4 401 402 403 405 412 413 414 415 416 417 419 420 421 422 423", K.EXCEPTION),
        ("404", K.REFUSED),
        ("406", K.RETURNED),
        ("407", K.RETURNING),
        ("5 999", K.UNKNOWN),
    ],
)
def test_every_documented_track_state_has_its_meaning(codes: str, means: EventKind) -> None:
    assert [kinds(tracked(line(code))) for code in codes.split()] == [[means]] * len(codes.split())


def test_a_pick_up_that_did_not_happen_is_taken_back() -> None:
    at = {"CreateTime": "2026-01-05 11:00:00"}
    assigned, picked = (pushes.read(verified(item(s)))[0] for s in ("103", "301"))
    (revoked,) = pushes.read(verified(item("206", **at)))
    assert revoked.reverses is K.PICKED_UP
    folded = fold([assigned, picked, revoked])
    assert (folded.state, folded.alerts) == (LegState.ASSIGNED, (Alert.PICKUP_REVERSED,))


@pytest.mark.parametrize("state", ["109", "302"])
def test_a_new_waybill_is_an_alias(state: str) -> None:
    (event,) = pushes.read(verified(item(state, LogisticCode="SF2")))
    assert (event.kind, event.new_waybill, event.order_id) == (K.ALIAS, "SF2", "ZT1-1")
    assert kinds(item(state)) == [K.INFO]


def test_lines_without_an_action_move_nothing_but_the_newest_takes_the_state_of_the_whole() -> None:
    first, second = line("", "a"), line("", "b", "2026-01-05 18:00:00")
    assert kinds(tracked(second, first, StateEx="202")) == [K.INFO, K.OUT_FOR_DELIVERY]


def test_a_track_without_lines_says_nothing_yet() -> None:
    assert kinds(tracked()) == []
    assert kinds(item("0", LogisticCode="SF1", Traces=None)) == []


def test_who_signed_instead_is_read_from_the_line() -> None:
    (event,) = pushes.read(verified(tracked(line("301", "已签收，签收人：物业"))))
    assert (event.kind, event.recipient) == (K.DELIVERED_UNCONFIRMED, Recipient.PROPERTY_OFFICE)


DATA = recorded("push_track").decode()


def test_a_signature_encoded_once_more_is_the_same_signature() -> None:
    assert isinstance(pushes.verify(signed(DATA, DataSign=quote(kdniao_sign(DATA, APP_KEY))), APP_KEY), Push)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        b"\xff",
        b"x" * 300_000,
        DATA.encode(),
        urlencode({"RequestData": DATA}).encode(),
        urlencode({"RequestData": DATA, "DataSign": ""}).encode(),
        urlencode({"DataSign": kdniao_sign(DATA, APP_KEY)}).encode(),
        signed(DATA, ""),
        signed(DATA, "another"),
        signed(DATA, RequestData=DATA.replace('"State":"3"', '"State":"4"')),
        signed(DATA, RequestData=json.dumps(json.loads(DATA))),
        signed(DATA, RequestData=quote(DATA)),
        signed(DATA)[:-20],
        signed(DATA) + b"&RequestData=%7B%7D",
    ],
)
def test_what_is_forged_cut_or_encoded_anew_is_rejected(raw: bytes) -> None:
    assert isinstance(pushes.verify(raw, APP_KEY), PushRejected)


def test_without_a_key_nothing_is_believed() -> None:
    assert isinstance(pushes.verify(signed(DATA, ""), ""), PushRejected)


@pytest.mark.parametrize(
    "data",
    [
        "x",
        "5",
        "[]",
        "{}",
        '{"Data":[]}',
        '{"Data":["x"]}',
        item(""),
        item("1" * 41),
        item("103", OrderCode=""),
        item("103", CreateTime="gestern"),
        item("103").replace("2026-01-05 10:00:00", ""),
        tracked(line("1", at="")),
        item("2", Traces=[line("1")]),
        item("2", LogisticCode="SF1", Traces="x"),
        json.dumps({"Data": [{}] * 501}),
        "[" * 50_000,
    ],
)
def test_a_genuine_push_that_says_nothing_readable_is_kept_for_a_person(data: str) -> None:
    with pytest.raises(PushUnreadable):
        pushes.read(verified(data))


def test_the_receipt_names_the_account_and_the_time(kdniao: KdniaoPartner) -> None:
    push = kdniao.verify_push(signed(DATA), {}, "")
    told = json.loads(kdniao.answer_push(push, kept=True).body)
    assert told == {"EBusinessID": "test1542519", "UpdateTime": "2026-01-05 10:00:00", "Success": True, "Reason": ""}
    assert [kdniao.answer_push(push, kept).status for kept in (True, False)] == [200, 503]
    assert kdniao.answer_push(PushRejected("kdniao", "x"), kept=False).status == 403
