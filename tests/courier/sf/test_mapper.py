"""SF's requests as its documents have them, and its three-layered answers read with care."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from courier.port import (
    Booked,
    Cancelled,
    Concerns,
    NotFound,
    Payer,
    RefusedByPartner,
    TooLate,
    Unknown,
)
from courier.reading import Unreadable
from courier.sf import mapper, units
from courier.sf.settings import SfProof, SfSettings
from courier.signing import sf_simple_md5, sf_sm3, sf_standard_md5
from courier.vocabulary import EventKind
from tests.courier.builders import order

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
PAYLOADS = Path(__file__).parent.parent / "payloads"
ORDER = "QIAO-20200528-006"
K = EventKind


def settings(**more: Any) -> SfSettings:
    values: dict[str, Any] = {
        "base_url": "https://sf.example.com/std/service",
        "token_url": "https://sf.example.com/oauth2/accessToken",
        "partner_id": "QXH",
        "check_word": "fjcg5PGKaNpPSHFAZ4QsCOkV71R3zVci",  # SF's documentation sample
        "hook_secret": "0123456789abcdef",
        "monthly_card": "7551234567",
    }
    return SfSettings(**(values | more))


def reply(name: str) -> mapper.Reply:
    return mapper.read_reply((PAYLOADS / name).read_bytes())


def failing(code: str, message: str = "") -> mapper.Reply:
    inner = {"success": False, "errorCode": code, "errorMsg": message, "msgData": None}
    return mapper.read_reply(json.dumps({"apiResultCode": "A1000", "apiResultData": json.dumps(inner)}).encode())


def gateway(code: str) -> mapper.Reply:
    return mapper.read_reply(json.dumps({"apiResultCode": code, "apiErrorMsg": "x"}).encode())


def succeeding(body: Any) -> mapper.Reply:
    inner = {"success": True, "errorCode": "S0000", "msgData": body}
    return mapper.read_reply(json.dumps({"apiResultCode": "A1000", "apiResultData": inner}).encode())


# ── building ────────────────────────────────────────────────────────────────────────────────────────────────────


def built(**more: Any) -> dict[str, Any]:
    wanted = json.loads(mapper.create(order(**more), settings()))
    assert isinstance(wanted, dict)
    return wanted


@pytest.mark.parametrize(
    ("proof", "digest"),
    [(SfProof.STANDARD_MD5, sf_standard_md5), (SfProof.SIMPLE_MD5, sf_simple_md5), (SfProof.SM3, sf_sm3)],
)
def test_the_form_is_signed_as_the_credential_says(proof: SfProof, digest: Callable[[str, str, str], str]) -> None:
    form = mapper.form(units.FIND, '{"a":1}', settings(proof=proof), mapper.Stamp(NOW, "r-1"))
    assert form["timestamp"] == "1767574800000"
    assert (form["partnerID"], form["requestID"], form["serviceCode"]) == ("QXH", "r-1", units.FIND)
    assert form["msgDigest"] == digest(form["msgData"], form["timestamp"], settings().check_word)
    assert "accessToken" not in form


def test_with_oauth_the_form_carries_the_token_and_no_digest() -> None:
    form = mapper.form(units.FIND, "{}", settings(proof=SfProof.OAUTH2), mapper.Stamp(NOW, "r-1", "T"))
    assert form["accessToken"] == "T"
    assert "msgDigest" not in form
    assert mapper.token_form(settings()) == {
        "partnerID": "QXH",
        "secret": settings().check_word,
        "grantType": "password",
    }


def test_an_order_calls_a_courier_in_the_window_of_beijing_time() -> None:
    wanted = built()
    assert (wanted["orderId"], wanted["isDocall"], wanted["sendStartTm"]) == ("ZT1-1", 1, "2026-01-05 14:00:00")
    assert wanted["extraInfoList"] == [{"attrName": "pickupAppointEndTime", "attrVal": "2026-01-05 16:00:00"}]
    assert [(c["contactType"], c.get("mobile"), c.get("tel")) for c in wanted["contactInfoList"]] == [
        (1, "13800000001", None),
        (2, None, "020-80000000"),
    ]
    assert wanted["cargoDetails"] == [
        {"name": "居民户口簿", "count": 1, "unit": "件"},
        {"name": "社会保障卡申请表", "count": 2, "unit": "件"},
    ]
    assert (wanted["expressTypeId"], wanted["parcelQty"], wanted["totalWeight"]) == (1, 1, 0.2)


@pytest.mark.parametrize(
    ("payer", "method", "card"), [(Payer.SENDER, 1, None), (Payer.RECEIVER, 2, None), (Payer.ACCOUNT, 1, "7551234567")]
)
def test_the_payer_is_said_with_the_monthly_card_only_for_the_account(
    payer: Payer, method: int, card: str | None
) -> None:
    wanted = built(payer=payer)
    assert (wanted["payMethod"], wanted.get("monthlyCard")) == (method, card)


def test_value_and_person_are_said_where_sf_has_room_for_them() -> None:
    wanted = built(declared_value_fen=300_050, addressee_only=True, note="注意防水" * 50)
    assert wanted["serviceList"] == [{"name": "INSURE", "value": "3000.50"}]
    assert wanted["remark"].startswith("须收件人本人签收；注意防水")
    assert len(wanted["remark"]) == 100
    assert "serviceList" not in built()


def test_small_requests_have_the_documented_fields() -> None:
    assert json.loads(mapper.find("A")) == {"searchType": "1", "orderId": "A", "language": "zh-cn"}
    assert json.loads(mapper.cancel("A")) == {"dealType": 2, "orderId": "A"}
    assert json.loads(mapper.routes(["SF1", "SF2"]))["trackingNumber"] == ["SF1", "SF2"]


# ── reading answers ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["sf_create_ok.json", "sf_create_parsed.json"])
def test_one_mother_waybill_and_the_decision_make_a_booking(name: str) -> None:
    assert mapper.read_create(reply(name), ORDER) == Booked("SF7444400043266")
    assert mapper.read_find(reply(name), ORDER) == Booked("SF7444400043266")


def decision(filter_result: Any, *waybills: dict[str, Any]) -> mapper.Reply:
    return succeeding({"orderId": ORDER, "filterResult": filter_result, "waybillNoInfoList": list(waybills)})


MOTHER = {"waybillType": 1, "waybillNo": "SF1"}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (decision(1, MOTHER), "awaiting_decision"),
        (decision(4, MOTHER), "awaiting_decision"),
        (decision(None, MOTHER), "awaiting_decision"),
        (decision(2), "no_waybill"),
        (decision(2, MOTHER, MOTHER | {"waybillNo": "SF2"}), "no_waybill"),
        (decision(2, {"waybillType": 2, "waybillNo": "SF3"}), "no_waybill"),
        (decision(2, {"waybillType": 1, "waybillNo": ""}), "no_waybill"),
        (succeeding({"orderId": "SOMEBODY-ELSES", "filterResult": 2, "waybillNoInfoList": [MOTHER]}), "another_order"),
        (succeeding(None), "another_order"),
    ],
)
def test_anything_short_of_that_is_asked_about_again(answer: mapper.Reply, reason: str) -> None:
    for said in (mapper.read_create(answer, ORDER), mapper.read_find(answer, ORDER)):
        assert isinstance(said, Unknown)
        assert (said.reason, said.reached) == (reason, True)


def test_an_address_that_sf_does_not_serve_is_a_no_and_found_later_a_given_up_order() -> None:
    answer = reply("sf_create_not_serviceable.json")
    assert mapper.read_create(answer, ORDER) == RefusedByPartner("filter_3", "派方超出服务范围", Concerns.ADDRESS)
    assert mapper.read_find(answer, ORDER) == Booked("", cancelled=True)


def test_a_refusal_of_the_service_is_definite() -> None:
    refused = mapper.read_create(reply("sf_create_refused.json"), ORDER)
    assert refused == RefusedByPartner("8114", "传入了不可发货的月结卡号", Concerns.ACCOUNT)
    assert isinstance(mapper.read_create(failing("8096", "预约超出今日营业时间"), ORDER), RefusedByPartner)


@pytest.mark.parametrize("code", ["A1001", "A1003", "A1004", "A1006", "A1008", "A1011"])
def test_a_refusal_of_the_gateway_is_definite(code: str) -> None:
    assert mapper.read_create(gateway(code), ORDER) == RefusedByPartner(code, "x", Concerns.ACCOUNT)


@pytest.mark.parametrize("code", ["A1007", "A1009", "A1099", "A7777"])
def test_what_the_gateway_leaves_open_is_unknown(code: str) -> None:
    said = mapper.read_create(gateway(code), ORDER)
    assert isinstance(said, Unknown)
    assert (said.reason, said.reached) == ("partner_system", True)


def test_too_many_requests_had_no_effect_and_a_repeated_order_exists() -> None:
    many, again = mapper.read_create(gateway("A1005"), ORDER), mapper.read_create(failing("8016", "重复下单"), ORDER)
    trouble = mapper.read_create(failing("9999", "系统异常，请稍后重试"), ORDER)
    assert [(s.reason, s.reached) for s in (many, again, trouble) if isinstance(s, Unknown)] == [
        ("rate_limit", False),
        ("duplicate", True),
        ("partner_system", True),
    ]


@pytest.mark.parametrize("code", ["8018", "6150", "8024"])
def test_an_order_nobody_knows_is_not_found(code: str) -> None:
    assert mapper.read_find(failing(code), ORDER) == NotFound()


def test_a_cancelled_order_is_found_cancelled_and_any_other_failure_says_nothing() -> None:
    assert mapper.read_find(failing("8037"), ORDER) == Booked("", cancelled=True)
    assert isinstance(mapper.read_find(failing("8253"), ORDER), Unknown)
    assert isinstance(mapper.read_find(gateway("A1006"), ORDER), Unknown)


def test_cancelling_says_only_what_is_sure() -> None:
    assert mapper.read_cancel(reply("sf_cancel_ok.json"), ORDER) == Cancelled()
    assert mapper.read_cancel(failing("8037"), ORDER) == Cancelled()
    assert isinstance(mapper.read_cancel(failing("8252"), ORDER), TooLate)
    for unsure in (
        failing("8253"),
        failing("8019"),
        gateway("A1099"),
        succeeding({"orderId": ORDER, "resStatus": 1}),
        succeeding({"orderId": "SOMEBODY-ELSES", "resStatus": 2}),
    ):
        assert isinstance(mapper.read_cancel(unsure, ORDER), Unknown)


def test_routes_give_events_with_aware_times() -> None:
    events = mapper.read_routes(reply("sf_routes.json"), "SF7444400031887")
    assert [e.kind for e in events] == [K.PICKED_UP, K.DELIVERED]
    assert events[0].at == datetime(2020, 5, 11, 8, 56, 54, tzinfo=UTC)


def test_routes_of_another_waybill_are_not_taken_for_ours_and_refused_ones_are_unreadable() -> None:
    assert mapper.read_routes(reply("sf_routes.json"), "SF9") == ()
    for bad in (failing("8018"), gateway("A1006"), succeeding({"routeResps": "none"}), succeeding([])):
        with pytest.raises(Unreadable):
            mapper.read_routes(bad, "SF9")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"apiResultCode":"A1000"}',
        b'{"apiResultCode":"A1000","apiResultData":"{"}',
        b'{"apiResultCode":"A1000","apiResultData":{"success":true,"errorCode":"8016"}}',
        b'{"apiResultCode":"A1000","apiResultData":{"success":false,"errorCode":"S0000"}}',
        b'{"apiResultCode":"A1000","apiResul',
        b"\xff",
        b"[" * 50_000,
    ],
)
def test_an_answer_out_of_form_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        mapper.read_reply(raw)


def test_a_token_ends_a_minute_early_and_a_refused_one_says_why() -> None:
    token = mapper.read_token((PAYLOADS / "sf_token.json").read_bytes(), NOW)
    assert token == mapper.Token("8B1F6C44A11B4C0FA71A1D1E4A6F1A3C", NOW + timedelta(seconds=5090))
    assert mapper.read_token(b'{"apiResultCode":"A1004","apiErrorMsg":"no"}', NOW) == RefusedByPartner("A1004", "no")
    for raw in (b"{}", b'{"apiResultCode":"A1000"}', b'{"apiResultCode":"A1000","accessToken":"x","expiresIn":"soon"}'):
        with pytest.raises(Unreadable):
            mapper.read_token(raw, NOW)
