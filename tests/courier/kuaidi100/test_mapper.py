"""Kuaidi100's requests as documented, and its answers read with care."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from courier.kuaidi100 import mapper
from courier.kuaidi100.mapper import Task
from courier.kuaidi100.settings import Kuaidi100Settings
from courier.port import Booked, Cancelled, NotFound, Payer, RefusedByPartner, TooLate, Unknown
from courier.reading import Unreadable
from courier.signing import md5_upper
from courier.vocabulary import EventKind
from tests.courier.builders import order

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
PAYLOADS = Path(__file__).parent.parent / "payloads"
K = EventKind


def settings(**more: Any) -> Kuaidi100Settings:
    values: dict[str, Any] = {
        "base_url": "https://kd.example.com/order/borderapi.do",
        "poll_url": "https://kd.example.com/poll",
        "query_url": "https://kd.example.com/poll/query.do",
        "public_url": "https://zerotrip.example.com/",
        "key": "a-key",
        "secret": "a-secret",
        "customer": "A-CUSTOMER",
        "salt": "0123456789abcdef-salt",
        "hook_secret": "0123456789abcdef",
        "carrier": "yuantong",
    }
    return Kuaidi100Settings(**(values | more))


def reply(name: str) -> mapper.Reply:
    return mapper.read_reply((PAYLOADS / name).read_bytes())


def refusal(message: str, code: str = "30009") -> mapper.Reply:
    return mapper.Reply(False, code, message, None)


def built(**more: Any) -> dict[str, Any]:
    wanted = json.loads(mapper.create(order(**more), settings(), NOW))
    assert isinstance(wanted, dict)
    return wanted


def test_an_order_form_is_signed_over_param_time_key_and_secret() -> None:
    form = mapper.form("bOrder", '{"a":"中"}', settings(), NOW)
    assert form == {
        "method": "bOrder",
        "key": "a-key",
        "t": "1767574800000",
        "param": '{"a":"中"}',
        "sign": md5_upper('{"a":"中"}1767574800000a-keya-secret'),
    }


def test_a_query_is_signed_over_param_key_and_customer() -> None:
    form = mapper.query("YT1", settings())
    assert form["sign"] == md5_upper(form["param"] + "a-keyA-CUSTOMER")
    assert json.loads(form["param"]) == {"com": "yuantong", "num": "YT1", "resultv2": "1"}


def test_an_order_names_day_and_hours_and_asks_for_signed_pushes() -> None:
    wanted = built()
    assert (wanted["dayType"], wanted["pickupStartTime"], wanted["pickupEndTime"]) == ("今天", "14:00", "16:00")
    assert wanted["thirdOrderId"] == "ZT1-1"
    assert wanted["callBackUrl"] == "https://zerotrip.example.com/hooks/couriers/kuaidi100/0123456789abcdef"
    assert (wanted["op"], wanted["pollCallBackUrl"]) == ("1", wanted["callBackUrl"])
    assert (wanted["salt"], wanted["payment"]) == (settings().salt, "SHIPPER")
    assert wanted["sendManPrintAddr"] == "广东省广州市海珠区样本路1号201房"
    assert (wanted["weight"], wanted["cargo"]) == ("0.2", "居民户口簿、社会保障卡申请表")
    assert "valinsPay" not in wanted


def test_value_and_person_are_said() -> None:
    wanted = built(declared_value_fen=300_050, addressee_only=True, note="易折")
    assert (wanted["valinsPay"], wanted["remark"]) == ("3000.50", "须收件人本人签收；易折")


@pytest.mark.parametrize(("days", "day"), [(0, "今天"), (1, "明天"), (2, "后天")])
def test_the_day_is_told_from_today(days: int, day: str) -> None:
    shift = timedelta(days=days)
    later = order(window_start=order().window_start + shift, window_end=order().window_end + shift)
    assert json.loads(mapper.create(later, settings(), NOW))["dayType"] == day


def test_what_kuaidi100_cannot_carry_is_refused_without_asking() -> None:
    far, gone = timedelta(days=3), timedelta(days=-1)
    start, end = order().window_start, order().window_end
    refused = [
        mapper.impossible(made, NOW)
        for made in (
            order("Z" * 33),
            order(payer=Payer.RECEIVER),
            order(window_start=start + far, window_end=end + far),
            order(window_start=start + gone, window_end=end + gone),
            order(window_end=end + timedelta(hours=12)),
        )
    ]
    assert [r.code if r else None for r in refused] == ["order_id", "payer", "window", "window", "window"]
    assert mapper.impossible(order("Z" * 32, payer=Payer.SENDER), NOW) is None


def test_its_windows_are_offered_for_three_days_only() -> None:
    assert settings().hours.days_ahead == 3


def test_small_requests_have_the_documented_fields() -> None:
    assert json.loads(mapper.cancel(Task("T", "O"), "改期")) == {"taskId": "T", "orderId": "O", "cancelMsg": "改期"}
    assert json.loads(mapper.detail("T", "A")) == {"taskId": "T"}
    assert json.loads(mapper.detail("", "A")) == {"thirdOrderId": "A"}
    form = mapper.subscription("YT1", "1234", settings())
    param = json.loads(form["param"])
    assert (form["schema"], param["company"], param["number"], param["key"]) == ("json", "yuantong", "YT1", "a-key")
    assert (param["parameters"]["salt"], param["parameters"]["phone"]) == (settings().salt, "1234")


# ── answers ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_order_has_its_waybill_at_once_or_later() -> None:
    assert mapper.read_create(reply("kuaidi100_order_ok.json")) == Booked("YT2213099035201")
    later = mapper.read_create(reply("kuaidi100_order_no_number.json"))
    assert isinstance(later, Unknown)
    assert later.reason == "no_waybill"
    task = Task("9FC2B5A1E6F94C2F8E5C2D7B1A3E4F50", "20066771")
    assert mapper.task_of(reply("kuaidi100_order_no_number.json")) == task
    assert mapper.task_of(refusal("x")) is None


def test_a_refusal_is_definite_and_trouble_of_theirs_or_a_repeated_order_is_not() -> None:
    assert mapper.read_create(reply("kuaidi100_order_refused.json")) == RefusedByPartner("30009", "该地区快递暂停揽收")
    assert isinstance(mapper.read_create(refusal("验证签名失败", "503")), RefusedByPartner)
    unsure = [refusal("x", "500"), refusal("系统繁忙"), refusal("订单重复提交", "400")]
    reasons = [said.reason for said in map(mapper.read_create, unsure) if isinstance(said, Unknown)]
    assert reasons == ["partner_system", "partner_system", "duplicate"]


def detail(**data: Any) -> mapper.Reply:
    return mapper.Reply(True, "200", "", data)


def test_the_detail_of_a_task_is_believed() -> None:
    def said(answer: mapper.Reply) -> object:
        return mapper.read_detail(answer, "A", "", by_task=True, sandbox=False)

    assert said(detail(kuaidiNum="YT1", status="0")) == Booked("YT1")
    assert said(detail(kuaidinum="YT1", status=99)) == Booked("YT1", cancelled=True)
    assert said(detail(status="610")) == Booked("", cancelled=True)
    assert said(detail(status="1")) == Unknown("no_waybill")


def test_an_answer_by_our_own_id_is_believed_when_it_names_the_order() -> None:
    def said(answer: mapper.Reply, waybill: str = "", sandbox: bool = False) -> object:
        return mapper.read_detail(answer, "A", waybill, by_task=False, sandbox=sandbox)

    assert said(detail(kuaidinum="YT1", thirdOrderId="A")) == Booked("YT1")
    assert said(detail(kuaidinum="YT1"), waybill="YT1") == Booked("YT1")
    assert isinstance(said(detail(kuaidinum="YT1")), Unknown)
    assert isinstance(said(detail(kuaidinum="YT1", thirdOrderId="B")), Unknown)
    assert isinstance(said(refusal("任务不存在", "SBX404")), Unknown)
    assert said(refusal("任务不存在", "SBX404"), sandbox=True) == NotFound()


def test_cancelling_says_only_what_is_sure() -> None:
    assert mapper.read_cancel(reply("kuaidi100_cancel_ok.json")) == Cancelled()
    assert mapper.read_cancel(refusal("订单已取消")) == Cancelled()
    assert isinstance(mapper.read_cancel(refusal("快递员已取件，不能取消")), TooLate)
    assert isinstance(mapper.read_cancel(refusal("订单不存在")), Unknown)


def test_a_second_subscription_is_one() -> None:
    assert mapper.read_subscription(mapper.Reply(True, "200", "", None))
    assert mapper.read_subscription(refusal("重复订阅", "501"))
    assert not mapper.read_subscription(refusal("x", "700"))


def test_a_query_gives_the_history_oldest_first() -> None:
    events = mapper.read_query((PAYLOADS / "kuaidi100_query.json").read_bytes(), "YT2213099035201")
    assert [e.kind for e in events] == [K.PICKED_UP, K.OUT_FOR_DELIVERY, K.DELIVERED]
    assert events[0].at == datetime(2021, 6, 13, 10, 2, 11, tzinfo=UTC)


def test_a_waybill_nobody_scanned_has_no_history_and_another_ones_is_not_taken() -> None:
    assert mapper.read_query((PAYLOADS / "kuaidi100_query_nothing.json").read_bytes(), "YT2213099035201") == ()
    for raw in (
        (PAYLOADS / "kuaidi100_query.json").read_bytes().replace(b"YT2213099035201", b"YT9"),
        b'{"result":false,"returnCode":"503","message":"x"}',
        b"{}",
        b"[]",
        b"",
    ):
        with pytest.raises(Unreadable):
            mapper.read_query(raw, "YT2213099035201")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"returnCode":"200"}',
        b'{"returnCode":"200","result":false}',
        b'{"returnCode":"500","result":true}',
        b'{"returnCode":"200","result":"true"}',
        b'{"returnCode":"200","resu',
    ],
)
def test_an_answer_out_of_form_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        mapper.read_reply(raw)
