"""The real EMS client and the sandbox's process over real HTTP: orders, faults, pushes."""

import itertools
import os
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from cases.lifecycle import LegState
from courier.fold import Alert, fold
from courier.port import (
    Address,
    Booked,
    Cancelled,
    Covered,
    NotCovered,
    NotFound,
    PartnerUnavailable,
    RefusedByPartner,
    TooLate,
    Unknown,
)
from courier.registry import partners
from courier.sandbox.launch import Credentials, settings
from courier.sandbox.life import ORDINARY
from courier.vocabulary import CourierEvent, EventKind
from tests.courier.builders import order
from tests.courier.conftest import Running, Start, stop
from tests.courier.receiver import Receiver

K = EventKind
_numbers = itertools.count(1)


@pytest.fixture
def order_id() -> str:
    return f"ZT{os.getpid()}X{next(_numbers):04d}"


def booked(sandbox: Running, order_id: str) -> str:
    answer = sandbox.partner.book(order(order_id))
    assert isinstance(answer, Booked), answer
    return answer.waybill


def of(receiver: Receiver, order_id: str) -> list[CourierEvent]:
    return [e for e in receiver.events if e.order_id == order_id]


# ── orders ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_order_gets_a_waybill_and_can_be_found_by_its_own_id(sandbox: Running, order_id: str) -> None:
    waybill = booked(sandbox, order_id)
    assert waybill.isdigit()
    assert len(waybill) == 13
    assert sandbox.partner.find(order_id) == Booked(waybill)
    assert sandbox.partner.find("NOBODY") == NotFound()
    assert sandbox.partner.trace(waybill) == ()


def test_a_reused_order_id_is_not_ordered_again(sandbox: Running, order_id: str) -> None:
    waybill = booked(sandbox, order_id)
    again = sandbox.partner.book(order(order_id))
    assert isinstance(again, Unknown)
    assert again.reason == "duplicate"
    assert sandbox.partner.find(order_id) == Booked(waybill)


def test_a_reused_id_of_a_cancelled_order_brings_the_old_one_back_as_carriers_do(
    sandbox: Running, order_id: str
) -> None:
    waybill = booked(sandbox, order_id)
    assert sandbox.partner.cancel(order_id, waybill, "改期") == Cancelled()
    assert booked(sandbox, order_id) == waybill
    assert sandbox.partner.find(order_id) == Booked(waybill, cancelled=True)


def test_a_partner_that_orders_twice_can_be_played(sandbox: Running, order_id: str) -> None:
    first = booked(sandbox, order_id)
    sandbox.faults("second_waybill#1")
    assert booked(sandbox, order_id) != first


def test_cancelling_before_and_after_collection(sandbox: Running, receiver: Receiver, order_id: str) -> None:
    waybill = booked(sandbox, order_id)
    assert sandbox.partner.cancel(order_id, waybill, "改期") == Cancelled()
    assert sandbox.partner.cancel(order_id, waybill, "改期") == Cancelled()
    receiver.wait(lambda: [e.kind for e in of(receiver, order_id)] == [K.CANCELLED])
    other = booked(sandbox, order_id + "B")
    sandbox.advance(order_id + "B", "picked_up")
    assert isinstance(sandbox.partner.cancel(order_id + "B", other, "改期"), TooLate)
    assert isinstance(sandbox.partner.cancel("NOBODY", other, "改期"), Unknown)


def test_after_a_revoked_collection_it_can_be_cancelled_again(sandbox: Running, order_id: str) -> None:
    waybill = booked(sandbox, order_id)
    sandbox.advance(order_id, "picked_up", "pickup_revoked")
    assert sandbox.partner.cancel(order_id, waybill, "改期") == Cancelled()


def test_the_area_check_over_http(sandbox: Running) -> None:
    place = ("广东省", "广州市", "海珠区")
    assert sandbox.partner.covers(Address(*place, "样本路1号")) == Covered()
    assert sandbox.partner.covers(Address(*place, "超区样本岛")) == NotCovered("1", "超出揽收范围")
    assert sandbox.partner.covers(Address(*place, "未开通样本村")) == NotCovered("10", "该地区未开通上门揽收频次")


def test_an_order_that_cannot_be_carried_out_is_refused_with_the_reason(sandbox: Running, order_id: str) -> None:
    sender = order().sender
    far = type(sender)(sender.name, sender.phone, Address("广东省", "广州市", "海珠区", "超区样本岛"))
    refused = sandbox.partner.book(order(order_id, sender=far))
    assert refused == RefusedByPartner("B00003", "超出揽收范围")
    nameless = sandbox.partner.book(order(order_id, sender=type(sender)("", sender.phone, sender.address)))
    assert nameless == RefusedByPartner("B00001", "name 不能为空")
    assert sandbox.partner.find(order_id) == NotFound()


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"authorization": "wrong"}, "A00002"), ({"sign_key": "AAAAAAAAAAAAAAAAAAAAAA=="}, "A00003")],
)
def test_wrong_credentials_are_refused(sandbox: Running, order_id: str, changed: dict[str, str], code: str) -> None:
    own = sandbox.credentials
    values = {"sign_key": own.sign_key, "authorization": own.authorization, "hook_secret": own.hook_secret} | changed
    stranger = partners(settings(Credentials(**values), sandbox.port))["ems"]
    refused = stranger.book(order(order_id))
    assert isinstance(refused, RefusedByPartner)
    assert refused.code == code
    with pytest.raises(PartnerUnavailable):
        stranger.trace("1")


# ── faults of requests ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fault", "reason", "exists"),
    [
        ("timeout_before_accept#1", "timeout", False),
        ("timeout_after_accept#1", "timeout", True),
        ("5xx#1", "http_503", False),
        ("5xx_after_accept#1", "http_503", True),
        ("garbage_after_accept#1", "unreadable", True),
        ("reset_after_accept#1", "connection", True),
    ],
)
def test_an_unknown_outcome_is_resolved_by_asking_with_the_own_id(
    sandbox: Running, order_id: str, fault: str, reason: str, exists: bool
) -> None:
    sandbox.faults(fault)
    lost = sandbox.partner.book(order(order_id))
    assert isinstance(lost, Unknown)
    assert (lost.reason, lost.reached) == (reason, True)
    assert isinstance(sandbox.partner.find(order_id), Booked if exists else NotFound)


def test_a_definite_refusal_leaves_nothing_behind(sandbox: Running, order_id: str) -> None:
    sandbox.faults("refuse#1")
    assert isinstance(sandbox.partner.book(order(order_id)), RefusedByPartner)
    assert sandbox.partner.find(order_id) == NotFound()


def test_a_cancellation_whose_answer_is_lost_is_unknown_and_shows_when_asked(sandbox: Running, order_id: str) -> None:
    waybill = booked(sandbox, order_id)
    sandbox.faults("5xx_after_accept#1")
    assert isinstance(sandbox.partner.cancel(order_id, waybill, "改期"), Unknown)
    assert sandbox.partner.find(order_id) == Booked(waybill, cancelled=True)


def test_a_partner_that_is_not_there_was_certainly_not_reached(sandbox: Running, order_id: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = partners(settings(sandbox.credentials, free.getsockname()[1]))["ems"]
        answer = nobody.book(order(order_id))
    assert isinstance(answer, Unknown)
    assert (answer.reason, answer.reached) == ("connection", False)


# ── pushes ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_life_on_demand_moves_the_leg_to_delivered(sandbox: Running, receiver: Receiver, order_id: str) -> None:
    waybill = booked(sandbox, order_id)
    pushes = sandbox.advance(order_id, "courier_assigned", "picked_up", "in_transit", "out_for_delivery", "delivered")
    assert [p["outcome"] for p in pushes] == ["taken"] * 5
    events = of(receiver, order_id)
    assert fold(events).state is LegState.DELIVERED
    assert fold(events).confirmed
    assert events[0].courier_phone
    assert tuple(events) == sandbox.partner.trace(waybill)


def test_doubled_and_reversed_pushes_on_demand_change_nothing(
    sandbox: Running, receiver: Receiver, order_id: str
) -> None:
    booked(sandbox, order_id)
    sandbox.advance(order_id, "courier_assigned", "picked_up", "delivered", times=2, order="reversed")
    events = of(receiver, order_id)
    assert [e.kind for e in events] == [K.DELIVERED, K.PICKED_UP, K.COURIER_ASSIGNED] * 2
    assert len(set(receiver.delivery_ids)) == 3
    assert fold(events).state is LegState.DELIVERED


def test_a_revoked_delivery_reopens_the_leg(sandbox: Running, receiver: Receiver, order_id: str) -> None:
    booked(sandbox, order_id)
    sandbox.advance(order_id, "picked_up", "out_for_delivery", "delivered", "delivered_revoked", order="shuffled")
    folded = fold(of(receiver, order_id))
    assert (folded.state, folded.alerts) == (LegState.OUT_FOR_DELIVERY, (Alert.DELIVERY_REVERSED,))


def test_a_code_that_nobody_knows_is_taken_and_moves_nothing(
    sandbox: Running, receiver: Receiver, order_id: str
) -> None:
    booked(sandbox, order_id)
    sandbox.advance(order_id, "picked_up")
    sandbox.control(f"orders/{order_id}/advance", {"code": "12345", "name": "神秘环节"})
    folded = fold(of(receiver, order_id))
    assert (folded.state, folded.alerts) == (LegState.PICKED_UP, (Alert.UNKNOWN_CODE,))


def test_a_push_that_is_not_kept_comes_again(sandbox: Running, receiver: Receiver, order_id: str) -> None:
    booked(sandbox, order_id)
    receiver.broken = 2
    (first,) = sandbox.advance(order_id, "picked_up")
    assert (first["outcome"], first["status"], first["answer"]) == ("refused", 503, "S00001")
    receiver.wait(lambda: len(of(receiver, order_id)) == 1)


def test_a_receiver_that_is_away_gets_it_later(sandbox: Running, receiver: Receiver, order_id: str) -> None:
    booked(sandbox, order_id)
    sandbox.control("push-url", {"url": "http://127.0.0.1:1/hook"})
    (first,) = sandbox.advance(order_id, "picked_up")
    assert first["outcome"] == "ConnectionError"
    sandbox.control("push-url", {"url": receiver.url})
    receiver.wait(lambda: len(of(receiver, order_id)) == 1)


@pytest.mark.parametrize(("fault", "reason"), [("wrong_signature#1", "seal"), ("truncate#1", "seal")])
def test_a_forged_or_cut_push_is_rejected_and_the_true_one_taken(
    sandbox: Running, receiver: Receiver, order_id: str, fault: str, reason: str
) -> None:
    booked(sandbox, order_id)
    sandbox.faults(fault)
    (forged,) = sandbox.advance(order_id, "picked_up")
    assert (forged["outcome"], forged["status"]) == ("refused", 403)
    assert [r.reason for r in receiver.rejected] == [reason]
    receiver.wait(lambda: len(of(receiver, order_id)) == 1)


def test_a_doubled_push_is_one_delivery(sandbox: Running, receiver: Receiver, order_id: str) -> None:
    booked(sandbox, order_id)
    sandbox.faults("double")
    sandbox.advance(order_id, "picked_up")
    assert len(receiver.delivery_ids) == 2
    assert len(set(receiver.delivery_ids)) == 1


def test_a_lost_push_is_found_by_trace(sandbox: Running, receiver: Receiver, order_id: str) -> None:
    waybill = booked(sandbox, order_id)
    sandbox.faults("drop#1")
    sent = sandbox.advance(order_id, "picked_up", "in_transit")
    assert [s["outcome"] for s in sent] == ["dropped", "taken"]
    assert [e.kind for e in of(receiver, order_id)] == [K.IN_TRANSIT]
    assert [e.kind for e in sandbox.partner.trace(waybill)] == [K.PICKED_UP, K.IN_TRANSIT]


# ── a sandbox of one's own ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("faults", "retry"),
    [("double:0.5,reorder#1", "2"), ("delay#1", "0.25")],
)
def test_left_alone_a_parcel_lives_an_ordinary_life_whatever_becomes_of_its_pushes(
    start_sandbox: Start, faults: str, retry: str
) -> None:
    own = start_sandbox("--speed", "1200", "--retry", retry, "--faults", faults, "--seed", "3")
    receiver = Receiver(own.partner)
    own.control("push-url", {"url": receiver.url})
    booked(own, "ZT1")
    receiver.wait(lambda: len({e.unique_key for e in receiver.events}) == 5)
    receiver.close()
    assert receiver.events[0].kind is not K.COURIER_ASSIGNED
    assert fold(receiver.events).state is LegState.DELIVERED


def test_a_cancelled_parcel_goes_nowhere(start_sandbox: Start) -> None:
    own = start_sandbox("--speed", "100")
    waybill = booked(own, "ZT1")
    assert own.partner.cancel("ZT1", waybill, "改期") == Cancelled()
    booked(own, "ZT2")
    receiver = Receiver(own.partner)
    own.control("push-url", {"url": receiver.url})
    receiver.wait(lambda: any(e.kind is K.DELIVERED for e in receiver.events))
    receiver.close()
    assert [e.kind for e in own.partner.trace(waybill)] in ([K.CANCELLED], [K.COURIER_ASSIGNED, K.CANCELLED])


def test_a_journal_brings_parcels_back_after_a_kill(start_sandbox: Start, tmp_path: Path) -> None:
    journal = tmp_path / "sandbox.jsonl"
    first = start_sandbox("--speed", "0", "--seed", "5", journal=journal)
    waybill = booked(first, "ZT1")
    first.advance("ZT1", "picked_up")
    first.process.kill()
    first.process.wait(10)
    with journal.open("a", encoding="utf-8") as f:
        f.write('{"operation": {"cut sho')
    second = start_sandbox("--speed", "0", "--seed", "5", journal=journal, credentials=first.credentials)
    assert second.partner.find("ZT1") == Booked(waybill)
    assert [e.kind for e in second.partner.trace(waybill)] == [K.PICKED_UP]
    assert booked(second, "ZT2") != waybill
    assert "张小明" not in journal.read_text(encoding="utf-8")


def test_with_one_seed_waybills_are_the_same_each_time(start_sandbox: Start) -> None:
    waybills = set()
    for _ in range(2):
        own = start_sandbox("--speed", "0", "--seed", "9")
        waybills.add(booked(own, "ZT1"))
        stop(own)
    assert len(waybills) == 1


# ── a clock that is turned ──


def test_weeks_pass_at_once_where_the_clock_is_turned(start_sandbox: Start) -> None:
    own = start_sandbox("--clock", "2026-01-05T09:00:00+08:00", "--retry", "600", "--faults", "delay#1", "--seed", "3")
    receiver = Receiver(own.partner)
    own.control("push-url", {"url": receiver.url})
    booked(own, "ZT1")
    assert receiver.events == []
    told = own.control("clock", {"to": "2026-01-20T09:00:00+08:00"})
    receiver.close()
    assert [h["event"] for h in told["happened"]] == list(ORDINARY)
    assert all(h["true"] for h in told["happened"])
    assert told["next"] is None
    assert fold(receiver.events).state is LegState.DELIVERED
    assert datetime(2026, 1, 5, 5, tzinfo=UTC) < receiver.events[0].at < datetime(2026, 1, 7, tzinfo=UTC)


def test_another_life_can_be_given_to_a_parcel(start_sandbox: Start) -> None:
    own = start_sandbox("--clock", "2026-01-05T09:00:00+08:00")
    booked(own, "ZT1")
    own.control("orders/ZT1/life", {"events": ["picked_up", "pickup_revoked"]})
    told = own.control("clock", {"to": "2026-01-20T09:00:00+08:00"})
    assert [(h["event"], h["true"]) for h in told["happened"]] == [("picked_up", False), ("pickup_revoked", True)]
    assert "abducted" in own.control("orders/ZT1/life", {"events": ["abducted"]}, status=400)["error"]


def test_a_real_clock_cannot_be_turned(sandbox: Running) -> None:
    assert "--clock" in sandbox.control("clock", {"to": "2026-01-20T09:00:00+08:00"}, status=400)["error"]


# ── the control pages ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_control_pages_show_orders_without_people(sandbox: Running, order_id: str) -> None:
    waybill = booked(sandbox, order_id)
    (shown,) = [o for o in sandbox.control("orders") if o["order_no"] == order_id]
    assert (shown["waybill"], shown["status"]) == (waybill, "accepted")
    assert shown["window"] == ["2026-01-05 14:00:00", "2026-01-05 16:00:00"]
    assert "张小明" not in str(shown)


@pytest.mark.parametrize(
    ("page", "body"),
    [
        ("faults", {"faults": "gremlins"}),
        ("faults", {}),
        ("orders/NOBODY/advance", {"event": "picked_up"}),
        ("nothing", {}),
    ],
)
def test_the_control_pages_say_what_is_wrong(sandbox: Running, page: str, body: dict[str, str]) -> None:
    assert sandbox.control(page, body, status=400)["error"]


def test_an_unknown_event_names_the_known_ones(sandbox: Running, order_id: str) -> None:
    booked(sandbox, order_id)
    said = sandbox.control(f"orders/{order_id}/advance", {"event": "abducted"}, status=400)
    assert "picked_up" in said["error"]
    sandbox.control(f"orders/{order_id}/advance", {}, status=400)


def test_control_takes_json_only_so_that_no_web_page_can_post_to_it(sandbox: Running) -> None:
    url = f"http://127.0.0.1:{sandbox.port}/control/faults"
    assert requests.post(url, data='{"faults": "drop"}', timeout=10).status_code == 404


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"apiCode": "020003"},
        {"apiCode": "999999", "logitcsInterface": "x"},
        {"apiCode": "020003", "logitcsInterface": "|$4|"},
    ],
)
def test_rubbish_gets_a_reply_in_form(sandbox: Running, form: dict[str, str]) -> None:
    url = f"http://127.0.0.1:{sandbox.port}/amp-prod-api/f/amp/api/test"
    reply = requests.post(url, data=form, timeout=10).json()
    assert reply["retCode"].startswith("A")
    assert reply["success"] is False
