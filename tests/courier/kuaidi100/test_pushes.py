"""Kuaidi100's two pushes: believed when signed with our salt, the same history told again is nothing new."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from cases.lifecycle import LegState
from courier.fold import fold
from courier.kuaidi100 import mapper, pushes
from courier.port import Push, PushRejected, PushUnreadable
from courier.signing import md5_upper
from courier.vocabulary import EventKind, Recipient

PAYLOADS = Path(__file__).parent.parent / "payloads"
NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
SALT = "0123456789abcdef-salt"
CALLBACK = (PAYLOADS / "kuaidi100_callback_assigned.json").read_text(encoding="utf-8").strip()
TRACK = (PAYLOADS / "kuaidi100_track.json").read_text(encoding="utf-8").strip()
K = EventKind


def signed(signed_param: str, salt: str = SALT, **more: str) -> bytes:
    fields = {"taskId": "9FC2", "sign": md5_upper(signed_param, salt), "param": signed_param}
    return urlencode(fields | more).encode()


def verified(param: str) -> Push:
    push = pushes.verify(signed(param), SALT)
    assert isinstance(push, Push), push
    return push


def told(param: str) -> list[EventKind]:
    return [e.kind for e in pushes.read(verified(param), NOW)]


def callback(status: Any, **more: Any) -> str:
    return json.dumps({"kuaidinum": "YT1", "message": "成功", "data": {"orderId": "2", "status": status} | more})


def track(*lines: dict[str, str], state: str = "0", **more: Any) -> str:
    result = {"state": state, "nu": "YT1", "com": "yuantong", "data": list(lines)}
    return json.dumps({"status": "polling", "message": "", "lastResult": result} | more)


def line(status: str, context: str = "x", at: str = "2026-01-05 14:03:00", **more: str) -> dict[str, str]:
    return {"context": context, "time": at, "ftime": at, "status": status} | more


def test_a_recorded_state_names_the_courier() -> None:
    (event,) = pushes.read(verified(CALLBACK), NOW)
    assert (event.kind, event.waybill, event.courier_name) == (K.COURIER_ASSIGNED, "YT2213099035201", "李师傅")
    assert event.at == NOW
    assert "13800000011" not in repr(event)


def test_a_state_delivered_again_later_is_the_same_fact() -> None:
    first, again = (pushes.read(verified(CALLBACK), NOW + timedelta(minutes=m))[0] for m in (0, 30))
    assert first.unique_key == again.unique_key


def test_a_recorded_history_is_read_oldest_first_and_a_query_tells_the_same_facts() -> None:
    events = pushes.read(verified(TRACK), NOW)
    assert [e.kind for e in events] == [K.PICKED_UP, K.OUT_FOR_DELIVERY, K.DELIVERED]
    queried = mapper.read_query((PAYLOADS / "kuaidi100_query.json").read_bytes(), "YT2213099035201")
    assert events == queried
    assert fold(events).state is LegState.DELIVERED


def test_a_history_told_again_with_one_line_more_adds_one_fact() -> None:
    first, second = line("揽收", "收件"), line("在途", "离开", "2026-01-05 18:00:00")
    before = {e.unique_key for e in pushes.read(verified(track(first)), NOW)}
    after = {e.unique_key for e in pushes.read(verified(track(second, first)), NOW)}
    assert before < after
    assert len(after) == 2


def test_lines_without_a_state_move_nothing_but_the_newest_takes_that_of_the_whole() -> None:
    lines = [line("", "c", "2026-01-05 16:00:00"), line("", "b"), line("", "a", "2026-01-05 12:00:00")]
    assert told(track(*lines, state="5")) == [K.INFO, K.INFO, K.OUT_FOR_DELIVERY]


@pytest.mark.parametrize(
    ("codes", "means"),
    [
        ("0", K.BOOKED),
        ("1 2", K.COURIER_ASSIGNED),
        ("10", K.PICKED_UP),
        ("11", K.PICKUP_FAILED),
        ("610 9 99", K.CANCELLED),
        ("101", K.IN_TRANSIT),
        ("12", K.RETURNED),
        ("13", K.DELIVERED_UNCONFIRMED),
        ("14", K.EXCEPTION),
        ("15 155", K.INFO),
        ("166 400 x", K.UNKNOWN),
    ],
)
def test_every_documented_order_state_has_its_meaning(codes: str, means: EventKind) -> None:
    assert [told(callback(code)) for code in codes.split()] == [[means]] * len(codes.split())


@pytest.mark.parametrize(
    ("codes", "means"),
    [
        ("0 在途 7 转投 8 10 11 12 13 清关", K.IN_TRANSIT),
        ("1 揽收", K.PICKED_UP),
        ("2 疑难", K.EXCEPTION),
        ("3 签收", K.DELIVERED),
        ("4 退签", K.RETURNED),
        ("5 派件", K.OUT_FOR_DELIVERY),
        ("6 退回", K.RETURNING),
        ("14 拒签", K.REFUSED),
        ("501 1001 新状态", K.UNKNOWN),
    ],
)
def test_every_documented_track_state_has_its_meaning(codes: str, means: EventKind) -> None:
    assert [told(track(line(code))) for code in codes.split()] == [[means]] * len(codes.split())


def test_who_signed_instead_is_read_from_the_line_and_an_order_state_does_not_confirm() -> None:
    (event,) = pushes.read(verified(track(line("签收", "已签收，签收人：丰巢快递柜"))), NOW)
    assert (event.kind, event.recipient) == (K.DELIVERED_UNCONFIRMED, Recipient.LOCKER)
    both = (event, *pushes.read(verified(callback("13")), NOW))
    assert (fold(both).state, fold(both).confirmed) == (LegState.DELIVERED, False)


def test_a_watch_given_up_says_so() -> None:
    aborted = pushes.read(verified(track(line("揽收"), status="abort", message="3天查无结果")), NOW)
    assert [(e.kind, e.code) for e in aborted] == [(K.PICKED_UP, "揽收"), (K.UNWATCHED, "abort")]
    silent = json.dumps({"status": "abort", "message": "x", "lastResult": {"nu": "YT1", "state": "0", "data": []}})
    assert [e.code for e in pushes.read(verified(silent), NOW)] == ["abort"]


FORGERIES = [
    b"",
    b"{}",
    b"\xff",
    b"x" * 300_000,
    b"param=" + b"%7B%7D",
    urlencode({"sign": md5_upper(CALLBACK, SALT)}).encode(),
    urlencode({"param": CALLBACK}).encode(),
    urlencode({"param": CALLBACK, "sign": ""}).encode(),
    signed(CALLBACK, salt=""),
    signed(CALLBACK, salt="another-salt-of-16"),
    signed(CALLBACK, sign=md5_upper(CALLBACK)),
    signed(CALLBACK, param=CALLBACK.replace('"status":1', '"status":13')),
    signed(CALLBACK, param=json.dumps(json.loads(CALLBACK))),
    signed(CALLBACK, param=CALLBACK + " "),
    signed(CALLBACK)[:-30],
    signed(CALLBACK) + b"&param=%7B%7D",
    CALLBACK.encode(),
]


@pytest.mark.parametrize("raw", FORGERIES)
def test_what_is_forged_cut_or_encoded_anew_is_rejected(raw: bytes) -> None:
    assert isinstance(pushes.verify(raw, SALT), PushRejected)


@pytest.mark.parametrize("salt", ["", "short"])
def test_without_a_salt_nothing_is_believed(salt: str) -> None:
    assert isinstance(pushes.verify(signed(CALLBACK, salt), salt), PushRejected)


def test_what_stands_beside_the_signed_text_changes_nothing() -> None:
    other = pushes.verify(signed(CALLBACK, taskId="another", more="x"), SALT)
    assert other == verified(CALLBACK)


@pytest.mark.parametrize(
    "param",
    [
        "x",
        "5",
        "[]",
        "{}",
        '{"data":5}',
        callback(""),
        callback("1" * 41),
        '{"kuaidinum":"YT1","data":{"status":""}}',
        '{"data":{"orderId":"2","status":"1"}}',
        '{"lastResult":5}',
        '{"lastResult":{"nu":"","data":[{}]}}',
        '{"lastResult":{"nu":"YT1","data":{"a":1}}}',
        track(line("签收", at="gestern")),
        track(line("签收"), {}),
        "[" * 50_000,
    ],
)
def test_a_genuine_push_that_says_nothing_readable_is_kept_for_a_person(param: str) -> None:
    with pytest.raises(PushUnreadable):
        pushes.read(verified(param), NOW)


def test_the_receipt_says_200_or_asks_again() -> None:
    assert json.loads(pushes.answer(True)) == {"result": True, "returnCode": "200", "message": "提交成功"}
    assert json.loads(pushes.answer(False))["returnCode"] == "500"
