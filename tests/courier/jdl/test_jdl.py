"""JD Logistics: signed requests, tracks by asking, no cancelling of what is on its way, no pushes believed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import md5
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from courier.jdl import mapper, units
from courier.jdl.partner import JdlPartner
from courier.jdl.settings import JdlSettings
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
from courier.vocabulary import EventKind, Recipient
from tests.courier.builders import order
from tests.courier.host import Host, say

PAYLOADS = Path(__file__).parent.parent / "payloads"
NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
WAYBILL = "JDV000123456789"
K = EventKind
NO_TRACK = b'{"code":0,"msg":"success","data":{"waybillCode":"JDV000123456789","traceDetails":[]}}'


def recorded(name: str) -> bytes:
    return (PAYLOADS / f"jdl_{name}.json").read_bytes()


def settings(**more: Any) -> JdlSettings:
    values: dict[str, Any] = {
        "base_url": "https://jdl.example.com",
        "app_key": "AK",
        "app_secret": "AS",
        "access_token": "TOK",
        "customer_code": "010K123456",
    }
    return JdlSettings(**(values | more))


def refusal(message: str, code: str = "11001") -> mapper.Reply:
    return mapper.Reply(False, code, message, None)


def test_a_request_is_signed_with_the_secret_before_and_after() -> None:
    query = mapper.query("/p", '[{"a":"中"}]', settings(), NOW)
    text = "ASaccess_tokenTOKapp_keyAKmethod/pparam_json" + '[{"a":"中"}]' + "timestamp2026-01-05 09:00:00v2.0AS"
    assert query["sign"] == md5(text.encode(), usedforsecurity=False).hexdigest()
    assert (query["LOP-DN"], query["algorithm"], query["v"]) == ("ECAP", "md5-salt", "2.0")


def built(**more: Any) -> dict[str, Any]:
    (wanted,) = json.loads(mapper.create(order(**more), settings()))
    assert isinstance(wanted, dict)
    return wanted


def test_an_order_is_an_array_of_one_with_its_window_in_milliseconds() -> None:
    wanted = built()
    assert (wanted["orderId"], wanted["orderOrigin"], wanted["settleType"]) == ("ZT1-1", 2, 3)
    assert (wanted["pickupStartTime"], wanted["pickupEndTime"]) == (1767592800000, 1767600000000)
    assert (wanted["pickupType"], wanted["customerCode"]) == (1, "010K123456")
    assert wanted["senderContact"]["fullAddress"] == "广东省广州市海珠区样本路1号201房"
    assert wanted["cargoes"][0]["name"] == "居民户口簿、社会保障卡申请表"
    assert built(addressee_only=True, payer=Payer.RECEIVER)["remark"] == "须收件人本人签收"


def test_answers_are_read_with_care() -> None:
    assert mapper.read_create(mapper.read_reply(recorded("create_ok"))) == Booked(WAYBILL)
    assert mapper.read_create(refusal("收件地址不能为空")) == RefusedByPartner("11001", "收件地址不能为空")
    gateway = mapper.read_reply(b'{"error_response":{"code":"19","zh_desc":"access_token invalid"}}')
    assert mapper.read_create(gateway) == RefusedByPartner("19", "access_token invalid")
    unsure = [
        refusal("商家订单号重复"),
        refusal("系统异常"),
        refusal("service timeout"),
        mapper.Reply(True, "0", "", {}),
    ]
    assert [u.reason for u in map(mapper.read_create, unsure) if isinstance(u, Unknown)] == [
        "duplicate",
        "partner_system",
        "partner_system",
        "no_waybill",
    ]


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b"null", b'{"code":0,"success":false}', b'{"code":0,"da'])
def test_an_answer_out_of_form_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        mapper.read_reply(raw)


def line(state: str, category: Any = "", **more: str) -> dict[str, Any]:
    return {"operationTime": "2026-01-05 14:03:00", "state": state, "category": category} | more


def test_a_recorded_track_is_read_oldest_first() -> None:
    events = mapper.read_trace(mapper.read_reply(recorded("trace")), WAYBILL)
    assert [e.kind for e in events] == [K.PICKED_UP, K.IN_TRANSIT, K.DELIVERED]
    assert events[1].code == "299999"
    assert events[0].at == datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("codes", "means"),
    [
        ("10010", K.BOOKED),
        ("200018 200034 200035 200036", K.COURIER_ASSIGNED),
        ("200001", K.PICKED_UP),
        ("200067 200052 200064", K.PICKUP_FAILED),
        ("200053", K.PICKUP_RESCHEDULED),
        ("11000", K.OUT_FOR_DELIVERY),
        ("10034", K.DELIVERED),
        ("10035", K.REFUSED),
        ("200003 200023 200031", K.EXCEPTION),
        ("200033", K.RETURNING),
        ("200054", K.RETURNED),
        ("200010", K.CANCELLED),
        ("200020", K.ALIAS),
        ("1 299999", K.UNKNOWN),
    ],
)
def test_every_documented_state_has_its_meaning(codes: str, means: EventKind) -> None:
    assert {mapper.event(line(code), WAYBILL).kind for code in codes.split()} == {means}


@pytest.mark.parametrize(
    ("categories", "means"),
    [
        ("100 390", K.BOOKED),
        ("403 500 480", K.EXCEPTION),
        ("420", K.PICKED_UP),
        ("430", K.IN_TRANSIT),
        ("440", K.OUT_FOR_DELIVERY),
        ("510", K.DELIVERED),
        ("530", K.REFUSED),
        ("690", K.CANCELLED),
        ("777", K.UNKNOWN),
    ],
)
def test_a_state_nobody_knows_is_read_by_its_category(categories: str, means: EventKind) -> None:
    assert {mapper.event(line("299999", int(c)), WAYBILL).kind for c in categories.split()} == {means}
    assert {mapper.event(line("", c), WAYBILL).kind for c in categories.split()} == {means}


def test_other_spellings_and_who_signed_instead_are_read() -> None:
    told = {
        "operateTime": "1767592980000",
        "state": "10034",
        "operateRemark": "快件已由前台代收",
        "operateSite": "天河站",
    }
    event = mapper.event(told, WAYBILL)
    assert (event.kind, event.recipient, event.place) == (K.DELIVERED_UNCONFIRMED, Recipient.MAIL_ROOM, "天河站")
    assert event.at == datetime(2026, 1, 5, 6, 3, tzinfo=UTC)


@pytest.mark.parametrize("bad", [None, {}, line(""), line("1" * 41), line("10034", operationTime="gestern")])
def test_a_line_that_lacks_what_matters_is_unreadable(bad: Any) -> None:
    with pytest.raises(Unreadable):
        mapper.event(bad, WAYBILL)


def test_a_track_is_ours_or_none() -> None:
    assert mapper.read_trace(mapper.Reply(True, "0", "", {}), WAYBILL) == ()
    for reply in (refusal("x"), mapper.Reply(True, "0", "", {"traceDetails": {}})):
        with pytest.raises(Unreadable):
            mapper.read_trace(reply, WAYBILL)
    with pytest.raises(Unreadable):
        mapper.read_trace(mapper.read_reply(recorded("trace")), "JDV9")


# ── the partner ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def host() -> Iterator[Host]:
    host = Host()
    yield host
    host.close()


@pytest.fixture
def jdl(host: Host) -> JdlPartner:
    return JdlPartner(settings(base_url=host.url, read_timeout_s=0.5), lambda: NOW)


def test_the_bytes_that_are_signed_are_the_bytes_sent(host: Host, jdl: JdlPartner) -> None:
    partner: Partner = jdl
    host.answers(recorded("create_ok"))
    assert partner.book(order()) == Booked(WAYBILL)
    url = urlsplit(host.paths[0])
    query = dict(parse_qsl(url.query))
    assert url.path == "/open" + units.CREATE
    assert query == mapper.query(units.CREATE, host.forms[0].decode(), settings(), NOW)


def test_a_parcel_on_its_way_is_not_turned_round(host: Host, jdl: JdlPartner) -> None:
    host.answers(recorded("trace"))
    assert isinstance(jdl.cancel("ZT1-1", WAYBILL, "改期"), TooLate)
    assert len(host.forms) == 1


def test_a_parcel_nobody_collected_is_cancelled_and_twice_is_once(host: Host, jdl: JdlPartner) -> None:
    host.answers(NO_TRACK, b'{"code":0,"msg":"","data":{"cancelResult":true}}')
    assert jdl.cancel("ZT1-1", WAYBILL, "改期") == Cancelled()
    told = json.loads(host.forms[1])[0]
    assert (told["customerOrderId"], told["cancelReason"]) == ("ZT1-1", "改期")
    host.answers(NO_TRACK.replace(b"[]", json.dumps([line("200010")]).encode()))
    assert jdl.cancel("ZT1-1", WAYBILL, "改期") == Cancelled()


def test_without_a_track_nothing_is_cancelled(host: Host, jdl: JdlPartner) -> None:
    host.answering = lambda h: say(h, 502)
    said = jdl.cancel("ZT1-1", WAYBILL, "改期")
    assert isinstance(said, Unknown)
    assert not said.reached
    host.answers(NO_TRACK, b'{"code":0,"msg":"","data":{"cancelResult":false}}')
    assert isinstance(jdl.cancel("ZT1-1", WAYBILL, "改期"), Unknown)


def test_finding_goes_by_the_waybill(host: Host, jdl: JdlPartner) -> None:
    assert isinstance(jdl.find("ZT1-1"), Unknown)
    host.answers(recorded("trace"), NO_TRACK, b"<html>")
    assert jdl.find("ZT1-1", WAYBILL) == Booked(WAYBILL)
    assert [jdl.find("ZT1-1", WAYBILL), jdl.find("ZT1-1", WAYBILL)] == [
        Unknown("no_history"),
        Unknown("no_answer", "unreadable"),
    ]
    host.answering = lambda h: say(h, 403)
    with pytest.raises(PartnerUnavailable):
        jdl.trace(WAYBILL)
    assert jdl.book(order()) == RefusedByPartner("http_403", "被接口网关拒绝")


def test_no_push_is_believed(jdl: JdlPartner) -> None:
    rejected = jdl.verify_push(recorded("trace"), {}, "application/json")
    assert rejected == PushRejected("jdl", "no_public_push_form")
    assert jdl.answer_push(rejected, kept=True).status == 403
    with pytest.raises(PushUnreadable):
        jdl.parse_push(Push("jdl", "x", b"{}"))


def test_a_hook_is_not_given_out() -> None:
    with pytest.raises(SettingsWrong):
        settings(hook_secret="0123456789abcdef")
