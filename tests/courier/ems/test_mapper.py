"""EMS's messages: built as the documents say, read with care, pushes believed only when sealed by our key."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courier.ems import mapper, units
from courier.ems.settings import EmsSettings
from courier.port import (
    Address,
    Booked,
    Cancelled,
    Covered,
    NotCovered,
    NotFound,
    Payer,
    Push,
    PushRejected,
    PushUnreadable,
    RefusedByPartner,
    TooLate,
    Unknown,
)
from courier.signing import open_sm4, seal_sm4
from courier.vocabulary import CourierEvent, EventKind, Recipient
from tests.courier.builders import order

KEY = "TvaBgrhE46sft3nZlfe7xw=="
SETTINGS = EmsSettings(
    base_url="https://ems.example.com/open",
    sender_no="1100000000001",
    authorization="an-authorization",
    sign_key=KEY,
    hook_secret="0123456789abcdef",
    project_id="GAWSCG",
)
NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
PAYLOADS = Path(__file__).parent.parent / "payloads"
K = EventKind


def payload(name: str) -> bytes:
    return (PAYLOADS / name).read_bytes()


def reply(name: str) -> mapper.Reply:
    return mapper.read_reply(payload(name))


def refusal(message: str, code: str = "B1") -> mapper.Reply:
    return mapper.Reply(code, message, None)


# ── building ────────────────────────────────────────────────────────────────────────────────────────────────────


def built(**more: Any) -> dict[str, Any]:
    (wanted,) = json.loads(mapper.create(order(**more), SETTINGS, NOW))
    assert isinstance(wanted, dict)
    return wanted


def test_the_form_carries_the_sealed_body_and_beijing_time() -> None:
    form = mapper.form(units.TRACE, '{"a":1}', SETTINGS, NOW)
    assert open_sm4(form.pop("logitcsInterface"), KEY) == b'{"a":1}'
    assert form == {
        "apiCode": "040001",
        "senderNo": "1100000000001",
        "authorization": "an-authorization",
        "timeStamp": "2026-01-05 09:00:00",
        "msgType": "0",
        "version": "V1.0.0",
    }


def test_an_order_is_an_array_of_one_with_its_window_in_beijing_time() -> None:
    wanted = built()
    assert wanted["logisticsOrderNo"] == "ZT1-1"
    assert (wanted["pickupType"], wanted["pickupPreBeginTime"], wanted["pickupPreEndTime"]) == (
        "1",
        "2026-01-05 14:00:00",
        "2026-01-05 16:00:00",
    )
    assert wanted["projectId"] == "GAWSCG"


def test_a_mobile_and_a_landline_go_where_they_belong() -> None:
    wanted = built()
    assert wanted["sender"]["mobile"] == "13800000001"
    assert wanted["receiver"]["phone"] == "020-80000000"
    assert "mobile" not in wanted["receiver"]


def test_the_list_of_contents_goes_line_by_line() -> None:
    assert built()["cargos"] == [
        {"cargoName": "居民户口簿", "cargoQuantity": "1"},
        {"cargoName": "社会保障卡申请表", "cargoQuantity": "2"},
    ]


@pytest.mark.parametrize(
    ("payer", "mode", "product"), [(Payer.SENDER, "1", "1"), (Payer.RECEIVER, "2", "3"), (Payer.ACCOUNT, "3", "1")]
)
def test_who_pays_decides_mode_and_product(payer: Payer, mode: str, product: str) -> None:
    wanted = built(payer=payer)
    assert (wanted["paymentMode"], wanted["bizProductNo"]) == (mode, product)


def test_a_declared_value_is_insured_in_yuan_and_none_is_not() -> None:
    insured = built(declared_value_fen=300005)
    assert (insured["insuranceFlag"], insured["insuranceAmount"]) == ("2", "3000.05")
    assert (built()["insuranceFlag"], "insuranceAmount" in built()) == ("1", False)


def test_the_addressee_alone_and_the_safety_code_reach_the_courier() -> None:
    wanted = built(addressee_only=True, safety_code="4711", note="请先电话联系")
    assert wanted["note"] == "须收件人本人签收；请先电话联系"
    assert wanted["receiverSafetyCode"] == "4711"
    assert "receiverSafetyCode" not in built()


def test_small_requests_have_the_documented_fields() -> None:
    assert json.loads(mapper.cancel("A", "1", "改期")) == {
        "logisticsOrderNo": "A",
        "waybillNo": "1",
        "cancelReason": "改期",
    }
    assert json.loads(mapper.trace("1")) == {"waybillNo": "1", "direction": "0"}
    area = json.loads(mapper.covers(Address("广东省", "广州市", "海珠区", "样本路1号"), SETTINGS))
    assert (area["prov"], area["type"], area["bizProductNo"], area["senderNo"]) == ("广东省", 2, "1", "1100000000001")


# ── reading answers ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["ems_create_ok.json", "ems_create_ok_list.json", "ems_create_ok_parsed.json"])
def test_a_waybill_is_found_in_every_form_of_ret_body(name: str) -> None:
    assert mapper.read_create(reply(name)) == Booked("1234567890123")


def test_a_refusal_is_definite_and_trouble_of_theirs_or_a_repeated_order_is_not() -> None:
    assert mapper.read_create(reply("ems_create_refused.json")) == RefusedByPartner("B00001", "收件人地址不能为空")
    system = mapper.read_create(reply("ems_create_system.json"))
    again = mapper.read_create(reply("ems_create_duplicate.json"))
    assert isinstance(system, Unknown)
    assert isinstance(again, Unknown)
    assert (system.reason, again.reason) == ("partner_system", "duplicate")


def test_success_without_a_waybill_is_unknown() -> None:
    assert isinstance(mapper.read_create(mapper.Reply("00000", "成功", {})), Unknown)
    assert isinstance(mapper.read_create(mapper.Reply("00000", "成功", "https://label")), Unknown)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b"{}",
        b'{"retCode":0}',
        b'{"retCode":"00000","success":false}',
        b'{"retCode":"000',
        b"\xff",
    ],
)
def test_an_answer_out_of_form_is_unreadable(raw: bytes) -> None:
    with pytest.raises(mapper.Unreadable):
        mapper.read_reply(raw)


def test_cancelling_says_only_what_is_sure() -> None:
    assert mapper.read_cancel(mapper.Reply("00000", "成功", None)) == Cancelled()
    assert mapper.read_cancel(refusal("订单已撤单")) == Cancelled()
    assert isinstance(mapper.read_cancel(refusal("邮件已收寄，不允许撤单")), TooLate)
    assert isinstance(mapper.read_cancel(refusal("订单不存在")), Unknown)


def test_the_area_check_knows_three_answers() -> None:
    assert mapper.read_covers(reply("ems_area_ok.json")) == Covered()
    assert mapper.read_covers(reply("ems_area_out_of_range.json")) == NotCovered("1", "超出揽收范围")
    assert isinstance(mapper.read_covers(reply("ems_area_no_round.json")), NotCovered)
    assert isinstance(mapper.read_covers(refusal("系统异常")), Unknown)
    assert isinstance(mapper.read_covers(mapper.Reply("00000", "", {"status": "7"})), Unknown)


def test_the_sandboxes_find_tells_live_cancelled_and_unheard_of_apart() -> None:
    assert mapper.read_find(mapper.Reply("00000", "", {"waybillNo": "1", "status": "accepted"})) == Booked("1")
    assert mapper.read_find(mapper.Reply("00000", "", {"waybillNo": "1", "status": "cancelled"})) == Booked("1", True)
    assert mapper.read_find(mapper.Reply("00000", "", {})) == NotFound()
    assert isinstance(mapper.read_find(refusal("x")), Unknown)


def test_a_trace_gives_events_with_aware_times() -> None:
    events = mapper.read_trace(reply("ems_trace.json"), sandbox=False)
    assert [e.kind for e in events] == [K.PICKED_UP, K.OUT_FOR_DELIVERY, K.DELIVERED]
    assert events[0].at == datetime(2025, 8, 10, 2, 0, tzinfo=UTC)
    assert events[1].courier_name == "李师傅"


def test_a_trace_of_one_operation_is_read_wherever_the_list_stands() -> None:
    bodies: list[Any] = [{"responseItems": [operation("203")]}, [operation("203")], operation("203")]
    raws = [json.dumps({"retCode": "00000", "retBody": json.dumps(body)}).encode() for body in bodies]
    told = [mapper.read_trace(mapper.read_reply(raw), sandbox=False) for raw in raws]
    assert [[e.kind for e in events] for events in told] == [[K.PICKED_UP]] * 3


def test_a_trace_without_history_is_empty_and_a_refused_one_unreadable() -> None:
    assert mapper.read_trace(reply("ems_trace_empty.json"), sandbox=False) == ()
    with pytest.raises(mapper.Unreadable):
        mapper.read_trace(refusal("x"), sandbox=False)
    with pytest.raises(mapper.Unreadable):
        mapper.read_trace(mapper.Reply("00000", "", {"responseItems": "many"}), sandbox=False)


# ── the vocabulary ──────────────────────────────────────────────────────────────────────────────────────────────


def operation(code: str, **more: str) -> dict[str, str]:
    return {"waybillNo": "1234567890123", "orderNo": "ZT1-1", "opCode": code, "opTime": "2026-01-05 14:03:00"} | more


def kind(code: str, **more: str) -> EventKind:
    return mapper.event(operation(code, **more), sandbox=False).kind


@pytest.mark.parametrize(
    ("codes", "means"),
    [
        ("203", K.PICKED_UP),
        ("208 305 389 954 516 713", K.IN_TRANSIT),
        ("702 749", K.OUT_FOR_DELIVERY),
        ("747 723", K.AWAITING_COLLECTION),
        ("748", K.DELIVERED_UNCONFIRMED),
        ("705 651 013", K.EXCEPTION),
        ("405 312 708 741 750", K.RETURNING),
        ("711", K.RETURNED),
        ("801", K.CANCELLED),
        ("802 803 756", K.INFO),
        ("987 988", K.LOST),
        ("O_012", K.REFUSED),
        ("207 212 742 743 744", K.REVERSAL),
        ("999 000 SBX101 704x", K.UNKNOWN),
    ],
)
def test_every_documented_code_has_its_meaning(codes: str, means: EventKind) -> None:
    assert {kind(code) for code in codes.split()} == {means}


@pytest.mark.parametrize(
    ("deliver_code", "means", "recipient"),
    [
        ("10", K.DELIVERED, Recipient.SELF),
        ("20", K.DELIVERED_UNCONFIRMED, Recipient.OTHER_PERSON),
        ("30", K.DELIVERED_UNCONFIRMED, Recipient.PICKUP_POINT),
        ("50", K.DELIVERED_UNCONFIRMED, Recipient.LOCKER),
        ("60", K.DELIVERED_UNCONFIRMED, Recipient.MAIL_ROOM),
        ("70", K.DELIVERED_UNCONFIRMED, Recipient.PROPERTY_OFFICE),
        ("100", K.DELIVERED_UNCONFIRMED, Recipient.OTHER),
        ("161", K.DELIVERED_UNCONFIRMED, Recipient.DOORSTEP),
        ("180", K.LOST, Recipient.CLAIM),
        ("", K.DELIVERED_UNCONFIRMED, None),
        ("777", K.DELIVERED_UNCONFIRMED, None),
    ],
)
def test_only_a_signature_of_the_addressee_is_a_hand_over(
    deliver_code: str, means: EventKind, recipient: Recipient | None
) -> None:
    told = mapper.event(operation("704", deliverCode=deliver_code), sandbox=False)
    assert (told.kind, told.recipient) == (means, recipient)


def test_a_failed_attempt_may_be_a_refusal_or_a_loss() -> None:
    assert kind("705", attemptDeliveryCode="7") is K.REFUSED
    assert kind("705", attemptDeliveryCode="13") is K.LOST
    assert kind("705", attemptDeliveryCode="4") is K.EXCEPTION


@pytest.mark.parametrize(
    ("code", "of", "target"),
    [
        ("207", K.PICKED_UP, "203"),
        ("212", K.IN_TRANSIT, "208"),
        ("742", K.OUT_FOR_DELIVERY, "702"),
        ("743", K.DELIVERED, "704"),
        ("744", K.EXCEPTION, "705"),
    ],
)
def test_a_reversal_names_what_it_takes_back(code: str, of: EventKind, target: str) -> None:
    told = mapper.event(operation(code), sandbox=False)
    assert (told.reverses, told.reverses_code) == (of, target)


def test_the_sandboxes_own_codes_are_understood_only_when_it_is_the_sandbox() -> None:
    assert mapper.event(operation("SBX101"), sandbox=True).kind is K.COURIER_ASSIGNED
    assert mapper.event(operation("SBX102"), sandbox=True).kind is K.PICKUP_FAILED


def test_an_event_keeps_the_raw_code_and_a_key_of_waybill_code_time_and_place() -> None:
    told = mapper.event(operation("999", opOrgCode="51000001", opName="新增环节"), sandbox=False)
    assert (told.code, told.detail) == ("999", "新增环节")
    assert told.unique_key == "ems:1234567890123:999:2026-01-05 14:03:00:51000001"


@pytest.mark.parametrize(
    "item",
    [
        None,
        "x",
        [],
        {},
        operation(""),
        operation("203", waybillNo=""),
        operation("203", opTime=""),
        operation("203", opTime="2026-01-05"),
        operation("203", opTime="gestern"),
    ],
)
def test_an_operation_that_lacks_what_matters_is_unreadable(item: Any) -> None:
    with pytest.raises(mapper.Unreadable):
        mapper.event(item, sandbox=False)


@pytest.mark.parametrize(
    "changes",
    [
        {"waybillNo": "1" * 41},
        {"opCode": "7" * 41},
        {"opTime": "0001-01-01 00:00:00"},
        {"opTime": "2026-01-05 14:03:00" + "0" * 50},
    ],
)
def test_an_operation_beyond_all_measure_is_unreadable(changes: dict[str, str]) -> None:
    with pytest.raises(mapper.Unreadable):
        mapper.event(operation("203") | changes, sandbox=False)


def test_text_that_no_database_takes_is_made_harmless() -> None:
    told = mapper.event(operation("203", opDesc="a\0b\ud800c", opOrgName="城" * 500), sandbox=False)
    assert told.detail == "ab?c"
    assert len(told.place) == 200


def test_a_serial_number_of_half_characters_can_be_answered() -> None:
    push = verified(json.dumps(json.loads(envelope()) | {"serialNo": "a\ud800"}).encode())
    assert json.loads(mapper.answer(push.reply_to, True, SETTINGS))["serialNo"] == "a?"


def test_a_time_with_its_own_offset_keeps_it() -> None:
    assert mapper.from_beijing("2026-01-05T14:03:00Z") == datetime(2026, 1, 5, 14, 3, tzinfo=UTC)


# ── pushes ──────────────────────────────────────────────────────────────────────────────────────────────────────


def verified(raw: bytes) -> Push:
    push = mapper.verify(raw, SETTINGS)
    assert isinstance(push, Push)
    return push


def test_a_recorded_push_is_verified_and_read() -> None:
    push = verified(payload("ems_push_704_self.json"))
    (told,) = mapper.read_push(push, sandbox=False)
    assert (told.kind, told.order_id, told.waybill) == (K.DELIVERED, "ZT20250812001", "1234567890123")
    assert told.at == datetime(2025, 8, 12, 8, 56, 50, tzinfo=UTC)
    assert push.reply_to == "C3E7E1A2E6F44EB9B09EB9116C89FC86"


def test_a_push_and_a_trace_tell_the_same_fact_under_the_same_key() -> None:
    (pushed,) = mapper.read_push(verified(payload("ems_push_704_self.json")), sandbox=False)
    assert pushed in mapper.read_trace(reply("ems_trace.json"), sandbox=False)


def test_a_recorded_reversal_and_an_unknown_code_are_read() -> None:
    (revoked,) = mapper.read_push(verified(payload("ems_push_743.json")), sandbox=False)
    (strange,) = mapper.read_push(verified(payload("ems_push_unknown_code.json")), sandbox=False)
    assert (revoked.kind, revoked.reverses, strange.kind) == (K.REVERSAL, K.DELIVERED, K.UNKNOWN)


def envelope(**changes: Any) -> bytes:
    told = json.loads(payload("ems_push_203.json")) | changes
    return json.dumps({k: v for k, v in told.items() if v is not None}).encode()


def test_a_replayed_push_is_the_same_delivery() -> None:
    assert verified(envelope()).delivery_id == verified(envelope()).delivery_id


def test_another_serial_number_around_the_same_seal_brings_the_same_event() -> None:
    """The envelope is not sealed: a replay under a new number is a new delivery of a known fact."""
    first, second = verified(envelope()), verified(envelope(serialNo="another"))
    assert first.delivery_id != second.delivery_id
    assert mapper.read_push(first, sandbox=False) == mapper.read_push(second, sandbox=False)


def test_nobody_can_take_a_serial_number_away_by_sending_other_content_under_it() -> None:
    other = json.loads(payload("ems_push_743.json"))["logitcsInterface"]
    assert verified(envelope()).delivery_id != verified(envelope(logitcsInterface=other)).delivery_id


def test_the_same_push_in_another_encoding_of_json_is_the_same_delivery() -> None:
    told = json.loads(envelope())
    again = json.dumps(told, indent=3, sort_keys=True).replace("/", "\\/").encode()
    assert verified(again).delivery_id == verified(envelope()).delivery_id


SEALED = json.loads(payload("ems_push_203.json"))["logitcsInterface"]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b"[" * 50_000, "not_json"),
        (b"[]", "not_an_object"),
        (b"x" * 100_000, "too_large"),
        (envelope()[:-20], "not_json"),
        (envelope(method="040001"), "incomplete"),
        (envelope(serialNo=None), "incomplete"),
        (envelope(logitcsInterface=None), "incomplete"),
        (envelope(logitcsInterface=5), "incomplete"),
        (envelope(logitcsInterface=""), "seal"),
        (envelope(logitcsInterface=SEALED[:-24]), "seal"),
        (envelope(logitcsInterface=SEALED[4:]), "seal"),
        (envelope(logitcsInterface=SEALED.swapcase()), "seal"),
        (envelope(logitcsInterface='{"waybillNo":"1","opCode":"704"}'), "seal"),
        (envelope(logitcsInterface=seal_sm4('{"opCode":"704"}', "AAAAAAAAAAAAAAAAAAAAAA==")), "seal"),
    ],
)
def test_a_forged_truncated_or_odd_push_is_rejected(raw: bytes, reason: str) -> None:
    rejected = mapper.verify(raw, SETTINGS)
    assert isinstance(rejected, PushRejected)
    assert rejected.reason == reason


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_push_with_any_part_of_its_seal_changed_is_rejected_or_says_nothing_new(data: st.DataObject) -> None:
    """ECB lets whole blocks be damaged without the tail noticing. Such a push may verify; it must then be unreadable
    or still be a plain event, never a crash."""
    position = data.draw(st.integers(4, len(SEALED) - 1))
    letter = data.draw(st.sampled_from("ABCxyz019+/="))
    push = mapper.verify(envelope(logitcsInterface=SEALED[:position] + letter + SEALED[position + 1 :]), SETTINGS)
    if isinstance(push, Push):
        try:
            events = mapper.read_push(push, sandbox=False)
        except PushUnreadable:
            return
        assert all(isinstance(e, CourierEvent) for e in events)


@pytest.mark.parametrize("body", ["", "x", "5", "[]x", '"a"', "{}", '[{"opCode":"203"}]', "[" * 30_000])
def test_a_genuine_push_that_says_nothing_readable_is_kept_for_a_person(body: str) -> None:
    push = verified(envelope(logitcsInterface=seal_sm4(body, KEY)))
    with pytest.raises(PushUnreadable):
        mapper.read_push(push, sandbox=False)


def test_the_receipt_echoes_the_serial_number() -> None:
    assert json.loads(mapper.answer("S1", True, SETTINGS)) == {
        "serialNo": "S1",
        "code": "00000",
        "codeMessage": "",
        "senderNo": "1100000000001",
    }
    assert json.loads(mapper.answer("S1", False, SETTINGS))["code"] == "S00001"


def test_recorded_payloads_hold_only_the_sample_key() -> None:
    """What is kept as a sample must open with the documentation's key: nothing real was recorded."""
    for path in PAYLOADS.glob("ems_push_*.json"):
        assert re.match(rb"\{.*\}", open_sm4(json.loads(path.read_bytes())["logitcsInterface"], KEY), re.S)
