"""The Kuaidi100 partner against a host that answers as recorded: it remembers its tasks and never orders twice."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from courier.kuaidi100.partner import Kuaidi100Partner
from courier.port import Booked, Cancelled, Partner, PartnerUnavailable, Payer, RefusedByPartner, Unknown
from tests.courier.builders import order
from tests.courier.host import Host, say
from tests.courier.kuaidi100.test_mapper import settings

PAYLOADS = Path(__file__).parent.parent / "payloads"
NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def recorded(name: str) -> bytes:
    return (PAYLOADS / f"kuaidi100_{name}.json").read_bytes()


@pytest.fixture
def host() -> Iterator[Host]:
    host = Host()
    yield host
    host.close()


@pytest.fixture
def kuaidi100(host: Host) -> Kuaidi100Partner:
    urls = {"base_url": host.url, "poll_url": host.url + "/poll", "query_url": host.url + "/query"}
    return Kuaidi100Partner(settings(**urls, read_timeout_s=0.5), lambda: NOW)


def test_what_it_ordered_it_can_cancel(host: Host, kuaidi100: Kuaidi100Partner) -> None:
    host.answers(recorded("order_ok"), recorded("cancel_ok"))
    partner: Partner = kuaidi100
    assert partner.book(order()) == Booked("YT2213099035201")
    assert partner.cancel("ZT1-1", "YT2213099035201", "改期") == Cancelled()
    told = json.loads(host.asked[1]["param"])
    assert told == {"taskId": "9FC2B5A1E6F94C2F8E5C2D7B1A3E4F50", "orderId": "20066771", "cancelMsg": "改期"}


def test_an_order_whose_waybill_comes_later_is_asked_for_by_its_task(host: Host, kuaidi100: Kuaidi100Partner) -> None:
    detail = {"result": True, "returnCode": "200", "message": "", "data": {"kuaidiNum": "YT1", "status": "0"}}
    host.answers(recorded("order_no_number"), json.dumps(detail).encode())
    assert isinstance(kuaidi100.book(order()), Unknown)
    assert kuaidi100.find("ZT1-1") == Booked("YT1")
    assert json.loads(host.asked[1]["param"]) == {"taskId": "9FC2B5A1E6F94C2F8E5C2D7B1A3E4F50"}


def test_another_process_finds_the_task_by_our_own_id_if_kuaidi100_can(host: Host, kuaidi100: Kuaidi100Partner) -> None:
    data = {"taskId": "T", "orderId": "O", "kuaidinum": "YT1", "thirdOrderId": "ZT1-1", "status": "1"}
    detail = json.dumps({"result": True, "returnCode": "200", "message": "", "data": data}).encode()
    host.answers(detail, recorded("cancel_ok"))
    assert kuaidi100.cancel("ZT1-1", "YT1", "改期") == Cancelled()
    assert json.loads(host.asked[1]["param"])["taskId"] == "T"


def test_without_a_task_nothing_is_cancelled(host: Host, kuaidi100: Kuaidi100Partner) -> None:
    host.answers(b'{"result":false,"returnCode":"400","message":"taskId missing","data":null}')
    said = kuaidi100.cancel("ZT1-1", "YT1", "改期")
    assert isinstance(said, Unknown)
    assert said.reason == "no_query"
    assert len(host.asked) == 1


def test_what_cannot_be_ordered_is_not_sent(host: Host, kuaidi100: Kuaidi100Partner) -> None:
    assert isinstance(kuaidi100.book(order(payer=Payer.RECEIVER)), RefusedByPartner)
    assert host.forms == []


def test_silence_and_refusal_at_the_door(host: Host, kuaidi100: Kuaidi100Partner) -> None:
    host.answering = lambda h: say(h, 403)
    assert kuaidi100.book(order()) == RefusedByPartner("http_403", "被接口网关拒绝")
    with pytest.raises(PartnerUnavailable):
        kuaidi100.trace("YT1")
    host.answering = lambda h: say(h, 502)
    assert kuaidi100.book(order()) == Unknown("http_502")
    host.answers(b"<html>")
    assert isinstance(kuaidi100.find("ZT1-1"), Unknown)


def test_trace_and_subscription_have_addresses_of_their_own(host: Host, kuaidi100: Kuaidi100Partner) -> None:
    host.answers(recorded("query"), recorded("cancel_ok"), b'{"result":false,"returnCode":"700","message":"x"}')
    assert len(kuaidi100.trace("YT2213099035201")) == 3
    kuaidi100.subscribe("YT2213099035201", "1234")
    with pytest.raises(PartnerUnavailable):
        kuaidi100.subscribe("YT2213099035201")
    assert host.paths == ["/open/query", "/open/poll", "/open/poll"]


def test_a_task_kept_with_the_booking_lets_another_process_cancel_without_asking(
    host: Host, kuaidi100: Kuaidi100Partner
) -> None:
    host.answers(recorded("order_ok"), recorded("cancel_ok"))
    kuaidi100.book(order())
    ref = kuaidi100.remembered("ZT1-1")
    urls = {"base_url": host.url, "poll_url": host.url + "/poll", "query_url": host.url + "/query"}
    other = Kuaidi100Partner(settings(**urls, read_timeout_s=0.5), lambda: NOW)
    other.recall("ZT1-1", json.loads(json.dumps(dict(ref))))
    assert other.cancel("ZT1-1", "YT2213099035201", "改期") == Cancelled()
    assert [json.loads(asked["param"]).get("taskId") for asked in host.asked[1:]] == [ref["task"]]


def test_what_was_kept_of_no_order_is_not_taken_for_a_task(kuaidi100: Kuaidi100Partner) -> None:
    kuaidi100.recall("ZT1-1", {})
    kuaidi100.recall("ZT1-1", {"task": "T"})
    assert kuaidi100.remembered("ZT1-1") == {}
