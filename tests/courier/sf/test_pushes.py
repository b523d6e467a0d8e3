"""SF's two pushes in both forms. The address is the only proof, so the form is looked at closely."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courier.port import Push, PushRejected, PushUnreadable
from courier.reading import Unreadable
from courier.sf import mapper, pushes
from courier.vocabulary import CourierEvent, EventKind, Recipient

PAYLOADS = Path(__file__).parent.parent / "payloads"
K = EventKind
ROUTES = (PAYLOADS / "sf_push_routes.json").read_bytes()
ROUTES_FORM = (PAYLOADS / "sf_push_routes.form").read_bytes()
STATE = (PAYLOADS / "sf_push_state.json").read_bytes()
STATE_XML = (PAYLOADS / "sf_push_state.xml").read_bytes()


def verified(raw: bytes) -> Push:
    push = pushes.verify(raw)
    assert isinstance(push, Push), push
    return push


def node(code: str, **more: str) -> dict[str, str]:
    return {"mailno": "SF1", "opCode": code, "acceptTime": "2026-01-05 14:03:00", "remark": ""} | more


def state(code: str, **more: str) -> dict[str, str]:
    return {"orderNo": "ZT1-1", "orderStateCode": code, "createTm": "2026-01-05 14:03:00"} | more


def test_a_recorded_batch_of_nodes_is_read() -> None:
    picked_up, delivered = pushes.read(verified(ROUTES))
    assert (picked_up.kind, delivered.kind) == (K.PICKED_UP, K.DELIVERED)
    assert (picked_up.waybill, picked_up.order_id) == ("SF7444400031887", "202003225d33322239ddW1df5t3")
    assert picked_up.at == datetime(2020, 5, 11, 8, 56, 54, tzinfo=UTC)


def test_json_and_xml_tell_the_same_fact_under_the_same_key_and_a_query_too() -> None:
    from_json, from_xml = pushes.read(verified(ROUTES))[0], pushes.read(verified(ROUTES_FORM))[0]
    assert from_json == from_xml
    traced = mapper.read_routes(mapper.read_reply((PAYLOADS / "sf_routes.json").read_bytes()), "SF7444400031887")
    assert [e.unique_key for e in traced] == [e.unique_key for e in pushes.read(verified(ROUTES))]


def test_a_recorded_state_names_the_courier() -> None:
    (told,) = pushes.read(verified(STATE))
    assert (told.kind, told.courier_name, told.courier_phone) == (K.COURIER_ASSIGNED, "李师傅", "13800000011")
    assert told.at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert "13800000011" not in repr(told)


def test_a_state_in_xml_is_read_with_or_without_its_form() -> None:
    for raw in (STATE_XML, b"content=" + quote_plus(STATE_XML.decode()).encode()):
        (told,) = pushes.read(verified(raw))
        assert (told.kind, told.order_id) == (K.PICKED_UP, "ZT20250812001")
        assert told.courier_phone == ""


def test_a_state_without_its_own_time_has_that_of_the_push() -> None:
    told = pushes.order_state(state("04-40001", createTm=""), 1700000000000)
    assert told.at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    with pytest.raises(Unreadable):
        pushes.order_state(state("04-40001", createTm=""), None)


@pytest.mark.parametrize(
    ("codes", "means"),
    [
        ("655", K.BOOKED),
        ("50 54 607", K.PICKED_UP),
        ("30 31 36 105 106 310 3036 123 130", K.IN_TRANSIT),
        ("44 204", K.OUT_FOR_DELIVERY),
        ("33 70", K.EXCEPTION),
        ("80", K.DELIVERED),
        ("8000", K.INFO),
        ("99 648", K.RETURNING),
        ("160 999 05-40003", K.UNKNOWN),
    ],
)
def test_every_documented_node_has_its_meaning(codes: str, means: EventKind) -> None:
    assert {pushes.route_node(node(code)).kind for code in codes.split()} == {means}


@pytest.mark.parametrize(
    ("codes", "means"),
    [
        ("04-40037 04", K.BOOKED),
        ("04-40001 40001", K.COURIER_ASSIGNED),
        ("04-40002 04-40003 04-40004 04-40021 04-40022 04-40031", K.PICKUP_FAILED),
        ("04-40005", K.PICKUP_RESCHEDULED),
        ("04-40027 04-40028 04-40035 04-40036", K.PICKUP_DELAYED),
        ("04-40014 04-40015 04-40016 00-40045-1000 00-2000 00", K.CANCELLED),
        ("05-40003", K.PICKED_UP),
        ("04-49999 80", K.UNKNOWN),
    ],
)
def test_every_documented_state_has_its_meaning(codes: str, means: EventKind) -> None:
    assert {pushes.order_state(state(code), None).kind for code in codes.split()} == {means}


@pytest.mark.parametrize(
    ("remark", "means", "recipient"),
    [
        ("已签收,感谢使用顺丰,期待再次为您服务", K.DELIVERED, None),
        ("您的快件已由本人签收（原由前台代收）", K.DELIVERED, None),
        ("已签收,他人代收：家人", K.DELIVERED_UNCONFIRMED, Recipient.OTHER_PERSON),
        ("您的快件已存放至丰巢快递柜", K.DELIVERED_UNCONFIRMED, Recipient.LOCKER),
        ("您的快件已放在门口", K.DELIVERED_UNCONFIRMED, Recipient.DOORSTEP),
    ],
)
def test_a_sentence_can_make_a_delivery_less_certain(
    remark: str, means: EventKind, recipient: Recipient | None
) -> None:
    told = pushes.route_node(node("80", remark=remark))
    assert (told.kind, told.recipient) == (means, recipient)


@pytest.mark.parametrize(
    ("kind", "kept", "said"),
    [
        ("routes_json", True, b'{"return_code":"0000","return_msg":"\xe6\x88\x90\xe5\x8a\x9f"}'),
        ("routes_xml", True, b'<Response service="RoutePushService"><Head>OK</Head></Response>'),
        ("states_json", True, b'{"success":"true","code":"0","msg":""}'),
        ("states_xml", True, b"<Response><success>true</success></Response>"),
        ("states_xml", False, b"<Response><success>false</success></Response>"),
    ],
)
def test_the_receipt_has_the_form_of_what_was_sent(kind: str, kept: bool, said: bytes) -> None:
    assert pushes.answer(kind, kept)[1] == said


def test_a_receipt_that_asks_for_the_push_again_says_so_in_each_form() -> None:
    assert json.loads(pushes.answer("routes_json", False)[1])["return_code"] == "1000"
    assert json.loads(pushes.answer("states_json", False)[1])["success"] == "false"
    assert b"<Head>ERR</Head>" in pushes.answer("routes_xml", False)[1]
    assert [verified(raw).reply_to for raw in (ROUTES, ROUTES_FORM, STATE, STATE_XML)] == [
        "routes_json",
        "routes_xml",
        "states_json",
        "states_xml",
    ]


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><Request><WaybillRoute mailno="&b;" opCode="80"/></Request>'


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff",
        b"{}",
        b"[]",
        b"5",
        b"[" * 50_000,
        b"{" * 50_000,
        b"x" * 300_000,
        b'{"Body":{}}',
        b'{"Body":[]}',
        b'{"Body":{"WaybillRoute":[]}}',
        b'{"Body":{"WaybillRoute":["80"]}}',
        b'{"orderState":"04"}',
        b"<Request/>",
        b"<a>" * 40_000,
        b"<a>" * 30_000 + b"</a>" * 30_000,
        b"<Request><WaybillRoute",
        BOMB,
        BOMB.replace(b"DOCTYPE", b"docType"),
        BOMB.decode().encode("utf-16"),
        b"content=" + quote_plus(BOMB.decode()).encode(),
        b"content=",
        b"other=%3CRequest%2F%3E",
        ROUTES_FORM + b"&" + ROUTES_FORM,
        ROUTES[:-10],
        ROUTES_FORM[:-20],
        json.dumps({"Body": {"WaybillRoute": [node("80")] * 501}}).encode(),
    ],
)
def test_what_is_not_a_push_is_rejected(raw: bytes) -> None:
    rejected = pushes.verify(raw)
    assert isinstance(rejected, PushRejected)
    assert rejected.reason


@pytest.mark.parametrize(
    "bad",
    [
        node(""),
        node("80", mailno=""),
        node("80", acceptTime=""),
        node("80", acceptTime="gestern"),
        node("80", mailno="1" * 41),
        node("8" * 41),
        node("80", acceptTime="0001-01-01 00:00:00"),
    ],
)
def test_a_batch_with_one_node_that_lacks_what_matters_is_kept_for_a_person(bad: dict[str, str]) -> None:
    push = verified(json.dumps({"Body": {"WaybillRoute": [node("50"), bad]}}).encode())
    with pytest.raises(PushUnreadable):
        pushes.read(push)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_changed_push_is_rejected_unreadable_or_plain_events(data: st.DataObject) -> None:
    raw = data.draw(st.sampled_from([ROUTES, ROUTES_FORM, STATE, STATE_XML]))
    at = data.draw(st.integers(0, len(raw) - 1))
    changed = raw[:at] + data.draw(st.binary(max_size=3)) + raw[at + data.draw(st.integers(0, 3)) :]
    push = pushes.verify(changed)
    if isinstance(push, Push):
        try:
            events: Any = pushes.read(push)
        except PushUnreadable:
            return
        assert all(isinstance(e, CourierEvent) for e in events)
