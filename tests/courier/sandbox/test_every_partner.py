"""One order book, one life, one set of misfortunes, three languages: the real clients of EMS, SF and Kuaidi100 and the
sandbox's process over real HTTP."""

import itertools
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests

from cases.lifecycle import LegState
from courier.fold import fold
from courier.kuaidi100.partner import Kuaidi100Partner
from courier.port import (
    Address,
    Booked,
    Cancelled,
    NotFound,
    Order,
    PartnerUnavailable,
    RefusedByPartner,
    TooLate,
    Unknown,
)
from courier.registry import partners
from courier.sandbox.launch import PARTNERS, Credentials, environment, settings
from courier.settings import from_mapping
from courier.sf.settings import SfProof
from courier.vocabulary import CourierEvent, EventKind
from courier.windows import BEIJING
from tests.courier.builders import order as built
from tests.courier.conftest import Running, Start, start, stop
from tests.courier.receiver import Receiver

K = EventKind
_numbers = itertools.count(1)
PATHS = {"ems": "/amp-prod-api/f/amp/api/test", "sf": "/std/service", "kuaidi100": "/order/borderapi.do"}


def order(order_id: str, **more: object) -> Order:
    """For tomorrow, because Kuaidi100 takes orders for three days only."""
    tomorrow = (datetime.now(UTC).astimezone(BEIJING) + timedelta(days=1)).replace(hour=14, minute=0, second=0)
    window = {"window_start": tomorrow, "window_end": tomorrow + timedelta(hours=2)}
    return built(order_id, **(window | more))


@pytest.fixture
def order_id() -> str:
    return f"ZT{os.getpid()}E{next(_numbers):04d}"


@pytest.fixture(scope="module", params=PARTNERS)
def process(request: pytest.FixtureRequest) -> Iterator[Running]:
    running = start("--speed", "0", "--retry", "0.1", partner=request.param)
    yield running
    assert stop(running) == 0


@pytest.fixture
def receiver(process: Running) -> Iterator[Receiver]:
    receiver = Receiver(process.partner)
    yield receiver
    receiver.close()


@pytest.fixture
def sandbox(process: Running, receiver: Receiver) -> Iterator[Running]:
    process.faults("")
    process.control("push-url", {"url": receiver.url})
    yield process
    process.faults("")
    process.control("push-url", {"url": ""})


def booked(sandbox: Running, order_id: str) -> str:
    answer = sandbox.partner.book(order(order_id))
    assert isinstance(answer, Booked), answer
    return answer.waybill


def of(receiver: Receiver, waybill: str) -> list[CourierEvent]:
    return [e for e in receiver.events if e.waybill == waybill]


# ── orders ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_order_gets_a_waybill_and_can_be_found_by_its_own_id(sandbox: Running, order_id: str) -> None:
    waybill = booked(sandbox, order_id)
    assert sandbox.partner.find(order_id) == Booked(waybill)
    assert sandbox.partner.find("NOBODY") == NotFound()
    assert sandbox.partner.trace(waybill) == ()


def test_one_id_is_never_two_orders(sandbox: Running, order_id: str) -> None:
    waybill = booked(sandbox, order_id)
    again = sandbox.partner.book(order(order_id))
    assert again == Booked(waybill) if sandbox.name == "kuaidi100" else isinstance(again, Unknown)
    assert sandbox.partner.find(order_id) == Booked(waybill)
    assert len([o for o in sandbox.control("orders") if o["order_no"] == order_id]) == 1


def test_cancelling_before_and_after_collection(sandbox: Running, receiver: Receiver, order_id: str) -> None:
    waybill, other = booked(sandbox, order_id), booked(sandbox, order_id + "B")
    for _ in range(2):
        assert sandbox.partner.cancel(order_id, waybill, "改期") == Cancelled()
    found = sandbox.partner.find(order_id)
    assert isinstance(found, Booked)
    assert found.cancelled
    receiver.wait(lambda: [e.kind for e in of(receiver, waybill)] == [K.CANCELLED])
    sandbox.advance(order_id + "B", "picked_up")
    assert isinstance(sandbox.partner.cancel(order_id + "B", other, "改期"), TooLate)
    assert isinstance(sandbox.partner.cancel("NOBODY", other, "改期"), Unknown)


def test_another_process_can_cancel_what_this_one_ordered(sandbox: Running, order_id: str) -> None:
    waybill = booked(sandbox, order_id)
    other = partners(sandbox.settings)[sandbox.name]
    assert other.cancel(order_id, waybill, "改期") == Cancelled()


def test_an_address_nobody_serves_is_refused_and_leaves_nothing(sandbox: Running, order_id: str) -> None:
    sender = order(order_id).sender
    far = replace(sender, address=Address("广东省", "广州市", "海珠区", "超区样本岛"))
    assert isinstance(sandbox.partner.book(order(order_id, sender=far)), RefusedByPartner)
    nameless = replace(sender, name="")
    assert isinstance(sandbox.partner.book(order(order_id, sender=nameless)), RefusedByPartner)
    assert sandbox.partner.find(order_id) == NotFound()


# What of the credentials a partner asks for when it is ordered from.
WORDS = {
    "ems": ("sign_key", "authorization", "sender_no"),
    "sf": ("sign_key", "sender_no"),
    "kuaidi100": ("sign_key", "authorization"),
}


def test_wrong_credentials_are_refused(sandbox: Running, order_id: str) -> None:
    for word in WORDS[sandbox.name]:
        wrong = "AAAAAAAAAAAAAAAAAAAAAA==" if word == "sign_key" else "somebody-else-of-16"
        credentials = replace(sandbox.credentials, **{word: wrong})
        stranger = partners(settings(credentials, sandbox.port, 1.5, sandbox.name))[sandbox.name]
        assert isinstance(stranger.book(order(order_id)), RefusedByPartner), word
    assert sandbox.partner.find(order_id) == NotFound()


@pytest.mark.parametrize(
    ("fault", "exists"),
    [
        ("timeout_before_accept#1", False),
        ("timeout_after_accept#1", True),
        ("5xx#1", False),
        ("5xx_after_accept#1", True),
        ("garbage_after_accept#1", True),
        ("reset_after_accept#1", True),
        ("unclear_after_accept#1", True),
    ],
)
def test_an_unknown_outcome_is_resolved_by_asking_with_the_own_id(
    sandbox: Running, order_id: str, fault: str, exists: bool
) -> None:
    sandbox.faults(fault)
    lost = sandbox.partner.book(order(order_id))
    assert isinstance(lost, Unknown)
    assert lost.reached
    assert isinstance(sandbox.partner.find(order_id), Booked if exists else NotFound)
    assert len([o for o in sandbox.control("orders") if o["order_no"] == order_id]) == exists


def test_a_definite_refusal_leaves_nothing_behind(sandbox: Running, order_id: str) -> None:
    sandbox.faults("refuse#1")
    assert isinstance(sandbox.partner.book(order(order_id)), RefusedByPartner)
    assert sandbox.partner.find(order_id) == NotFound()


def test_a_partner_that_orders_twice_can_be_played(sandbox: Running, order_id: str) -> None:
    first = booked(sandbox, order_id)
    sandbox.faults("second_waybill#1")
    assert booked(sandbox, order_id) != first


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff", b"a=b", urlencode({"method": "bOrder", "param": "[]"}).encode()])
def test_rubbish_gets_a_reply_in_form(sandbox: Running, body: bytes) -> None:
    url = f"http://127.0.0.1:{sandbox.port}{PATHS[sandbox.name]}"
    reply = requests.post(url, data=body, timeout=10)
    assert reply.status_code == 200
    assert not {"00000", "A1000", "200"} & {str(v) for v in reply.json().values()}


# ── pushes ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_life_on_demand_moves_the_leg_to_delivered(sandbox: Running, receiver: Receiver, order_id: str) -> None:
    waybill = booked(sandbox, order_id)
    pushes = sandbox.advance(order_id, "courier_assigned", "picked_up", "in_transit", "out_for_delivery", "delivered")
    assert {(p["outcome"], p["status"]) for p in pushes} == {("taken", 200)}
    events = of(receiver, waybill)
    folded = fold(events)
    assert (folded.state, folded.confirmed, folded.alerts) == (LegState.DELIVERED, True, ())
    assert next(e for e in events if e.kind is K.COURIER_ASSIGNED).courier_phone


def test_every_irreversible_fact_that_is_pushed_is_in_the_trace(
    sandbox: Running, receiver: Receiver, order_id: str
) -> None:
    """What `inbox.handle` demands of a partner whose pushes prove little."""
    waybill = booked(sandbox, order_id)
    sandbox.advance(order_id, "picked_up", "out_for_delivery", "delivered")
    traced = {e.unique_key: e.kind for e in sandbox.partner.trace(waybill)}
    final = [e for e in of(receiver, waybill) if e.kind in {K.DELIVERED, K.RETURNED, K.LOST}]
    assert final
    assert all(traced.get(e.unique_key) is e.kind for e in final)


def test_doubled_and_reversed_pushes_change_nothing(sandbox: Running, receiver: Receiver, order_id: str) -> None:
    waybill = booked(sandbox, order_id)
    sandbox.advance(order_id, "courier_assigned", "picked_up", "in_transit", "delivered", times=2, order="reversed")
    events = of(receiver, waybill)
    assert len(receiver.delivery_ids) == 2 * len(set(receiver.delivery_ids))
    assert fold(events).state is LegState.DELIVERED


def test_a_parcel_left_with_another_is_delivered_and_not_confirmed(
    sandbox: Running, receiver: Receiver, order_id: str
) -> None:
    waybill = booked(sandbox, order_id)
    sandbox.advance(order_id, "picked_up", "delivered_to_other")
    folded = fold(of(receiver, waybill))
    assert (folded.state, folded.confirmed) == (LegState.DELIVERED, False)


def test_a_failed_pick_up_and_another_attempt(sandbox: Running, receiver: Receiver, order_id: str) -> None:
    waybill = booked(sandbox, order_id)
    sandbox.advance(order_id, "courier_assigned", "pickup_failed")
    assert fold(of(receiver, waybill)).state is LegState.PICKUP_FAILED


def test_a_code_that_nobody_knows_is_taken_and_moves_nothing(
    sandbox: Running, receiver: Receiver, order_id: str
) -> None:
    waybill = booked(sandbox, order_id)
    sandbox.advance(order_id, "picked_up")
    (pushed,) = sandbox.control(f"orders/{order_id}/advance", {"code": "12345", "name": "神秘环节"})["pushes"]
    assert pushed["outcome"] == "taken"
    folded = fold(of(receiver, waybill))
    assert folded.state is LegState.PICKED_UP
    assert "unknown_code" in folded.alerts


def test_a_push_that_is_not_kept_comes_again(sandbox: Running, receiver: Receiver, order_id: str) -> None:
    waybill = booked(sandbox, order_id)
    receiver.broken = 1
    pushes = sandbox.advance(order_id, "picked_up")
    assert (pushes[0]["outcome"], pushes[0]["status"]) == ("refused", 503)
    receiver.wait(lambda: fold(of(receiver, waybill)).state is LegState.PICKED_UP and not receiver.broken)


@pytest.mark.parametrize("fault", ["wrong_signature#1", "truncate#1"])
def test_a_forged_or_cut_push_is_rejected_and_the_true_one_taken(
    sandbox: Running, receiver: Receiver, order_id: str, fault: str
) -> None:
    waybill = booked(sandbox, order_id)
    sandbox.faults(fault)
    pushes = sandbox.advance(order_id, "picked_up")
    nobody_there = sandbox.name == "sf" and fault == "wrong_signature#1"
    # one event may be several pushes, sent side by side: any of them may be the one that is struck
    ended = [(p["outcome"], p["status"]) for p in pushes]
    assert ended.count(("refused", 404 if nobody_there else 403)) == 1
    assert (len(receiver.rejected), receiver.lost) == (not nobody_there, nobody_there)
    # the one that was refused came again, and does not come in somebody else's test
    receiver.wait(lambda: len(set(receiver.delivery_ids)) == len(pushes))
    assert K.PICKED_UP in [e.kind for e in of(receiver, waybill)]


def test_a_lost_push_is_found_by_trace(sandbox: Running, receiver: Receiver, order_id: str) -> None:
    waybill = booked(sandbox, order_id)
    sandbox.faults("drop")
    sandbox.advance(order_id, "picked_up", "in_transit")
    assert of(receiver, waybill) == []
    assert [e.kind for e in sandbox.partner.trace(waybill)] == [K.PICKED_UP, K.IN_TRANSIT]


def test_the_control_pages_show_orders_without_people_and_secrets(sandbox: Running, order_id: str) -> None:
    waybill = booked(sandbox, order_id)
    sandbox.advance(order_id, "picked_up")
    (shown,) = [o for o in sandbox.control("orders") if o["order_no"] == order_id]
    assert (shown["waybill"], shown["status"], len(shown["operations"])) == (waybill, "collected", 1)
    assert shown["sender"] == {"province": "广东省", "city": "广州市"}
    assert not [w for w in ("张小明", "样本路", sandbox.credentials.salt) if w in json.dumps(shown, ensure_ascii=False)]


def test_an_event_without_a_code_of_the_partner_cannot_happen(sandbox: Running, order_id: str) -> None:
    booked(sandbox, order_id)
    asked = {"event": "pickup_revoked"}
    said = sandbox.control(f"orders/{order_id}/advance", asked, status=200 if sandbox.name == "ems" else 400)
    assert ("error" in said) == (sandbox.name != "ems")


# ── a sandbox of one's own ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["sf", "kuaidi100"])
def test_left_alone_a_parcel_lives_an_ordinary_life_whatever_becomes_of_its_pushes(
    start_sandbox: Start, name: str
) -> None:
    misfortunes = ("--faults", "double:0.5,reorder#1,delay#1", "--seed", "3")
    own = start_sandbox("--speed", "1200", "--retry", "0.3", *misfortunes, partner=name)
    receiver = Receiver(own.partner)
    own.control("push-url", {"url": receiver.url})
    booked(own, "ZT1")
    receiver.wait(lambda: fold(receiver.events).confirmed)
    receiver.close()
    assert fold(receiver.events).state is LegState.DELIVERED


@pytest.mark.parametrize("name", PARTNERS)
def test_a_journal_brings_parcels_back_after_a_kill(start_sandbox: Start, tmp_path: Path, name: str) -> None:
    journal = tmp_path / "sandbox.jsonl"
    first = start_sandbox("--speed", "0", journal=journal, partner=name)
    waybill = booked(first, "ZT1")
    first.advance("ZT1", "picked_up")
    first.process.kill()
    first.process.wait(10)
    second = start_sandbox("--speed", "0", journal=journal, partner=name, credentials=first.credentials)
    assert second.partner.find("ZT1") == Booked(waybill)
    assert [e.kind for e in second.partner.trace(waybill)] == [K.PICKED_UP]
    assert booked(second, "ZT2") != waybill
    assert not [w for w in ("张小明", "样本路") if w in journal.read_text(encoding="utf-8")]


# ── SF's own ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("proof", list(SfProof))
def test_sf_takes_the_proof_it_was_set_to_and_no_other(start_sandbox: Start, proof: SfProof) -> None:
    own = start_sandbox("--speed", "0", "--proof", proof, partner="sf", PROOF=proof)
    booked(own, "ZT1")
    for other in set(SfProof) - {proof}:
        stranger = partners(settings(own.credentials, own.port, 1.5, "sf", PROOF=other))["sf"]
        refused = stranger.book(order("ZT2"))
        assert isinstance(refused, RefusedByPartner)
        assert refused.code == ("A1011" if proof is SfProof.OAUTH2 else "A1006")


def test_sf_tokens_that_end_early_are_renewed_without_a_second_order(start_sandbox: Start) -> None:
    own = start_sandbox("--speed", "0", "--proof", "oauth2", partner="sf", PROOF="oauth2")
    booked(own, "ZT1")
    own.faults("stale_token#1")
    booked(own, "ZT2")
    assert [o["order_no"] for o in own.control("orders")] == ["ZT1", "ZT2"]


def test_sf_pushes_xml_when_it_is_set_to(start_sandbox: Start) -> None:
    own = start_sandbox("--speed", "0", "--xml", partner="sf")
    receiver = Receiver(own.partner)
    own.control("push-url", {"url": receiver.url})
    booked(own, "ZT1")
    pushes = own.advance("ZT1", "courier_assigned", "picked_up", "delivered")
    receiver.close()
    assert [(p["outcome"], p["answer"]) for p in pushes] == [("taken", "OK")] * 4
    assert fold(receiver.events).state is LegState.DELIVERED


def test_sf_may_let_a_person_decide_and_is_asked_again(start_sandbox: Start) -> None:
    own = start_sandbox("--speed", "0", partner="sf")
    sender = order("ZT1").sender
    odd = replace(sender, address=Address("广东省", "广州市", "海珠区", "待确认路1号"))
    waiting = own.partner.book(order("ZT1", sender=odd))
    assert isinstance(waiting, Unknown)
    assert waiting.reason == "awaiting_decision"
    assert isinstance(own.partner.find("ZT1"), Booked)


# ── Kuaidi100's own ─────────────────────────────────────────────────────────────────────────────────────────────


def test_kuaidi100_subscribes_and_takes_a_second_subscription_for_one(start_sandbox: Start) -> None:
    own = start_sandbox("--speed", "0", partner="kuaidi100")
    waybill = booked(own, "ZT1")
    partner = own.partner
    assert isinstance(partner, Kuaidi100Partner)
    partner.subscribe(waybill, "0001")
    partner.subscribe(waybill, "0001")
    stranger = Credentials("AAAAAAAAAAAAAAAAAAAAAA==", "x" * 16, "y" * 16)
    nobody = partners(settings(stranger, own.port, 1.5, "kuaidi100"))["kuaidi100"]
    assert isinstance(nobody, Kuaidi100Partner)
    for ask in (lambda: nobody.subscribe(waybill), lambda: nobody.trace(waybill)):
        with pytest.raises(PartnerUnavailable):
            ask()


# ── starting it beside the service ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", PARTNERS)
def test_the_variables_for_a_service_make_the_same_settings(name: str) -> None:
    credentials = Credentials("TvaBgrhE46sft3nZlfe7xw==", "an-authorization", "0123456789abcdef")
    made = settings(credentials, 8001, partner=name)
    assert made.default == name
    assert made == from_mapping(environment(credentials, 8001, name))
    assert made.partners[name].sandbox


def test_what_was_for_one_listener_does_not_come_to_the_next(
    sandbox: Running, receiver: Receiver, order_id: str
) -> None:
    booked(sandbox, order_id)
    receiver.broken = 2
    refused = sandbox.advance(order_id, "picked_up")
    assert all(p["status"] == 503 for p in refused)
    elsewhere = Receiver(sandbox.partner)
    try:
        for url in ("", elsewhere.url):
            sandbox.control("push-url", {"url": url})
        waybill = booked(sandbox, order_id + "B")
        receiver.broken = 0
        sandbox.advance(order_id + "B", "picked_up", "in_transit", "delivered")
        elsewhere.wait(lambda: fold(of(elsewhere, waybill)).state is LegState.DELIVERED)
        assert {e.waybill for e in elsewhere.events} == {waybill}
    finally:
        elsewhere.close()
