"""The SF partner against a host that answers as recorded: one token, one renewal, nothing ordered twice."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, repeat
from pathlib import Path

import pytest

from courier.port import Address, Booked, Concerns, Partner, PartnerUnavailable, PushRejected, RefusedByPartner, Unknown
from courier.sf.partner import SfPartner
from courier.sf.settings import SfProof
from tests.courier.builders import order
from tests.courier.host import Host, say
from tests.courier.sf.test_mapper import ORDER, settings

PAYLOADS = Path(__file__).parent.parent / "payloads"
TOKEN = (PAYLOADS / "sf_token.json").read_bytes()
CREATED = (PAYLOADS / "sf_create_ok.json").read_bytes()
STALE = b'{"apiResultCode":"A1011","apiErrorMsg":"accessToken expired"}'


NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


@pytest.fixture
def host() -> Iterator[Host]:
    host = Host()
    yield host
    host.close()


def partner(host: Host, proof: SfProof = SfProof.OAUTH2, times: Iterator[datetime] = repeat(NOW)) -> SfPartner:
    made = settings(base_url=host.url, token_url=host.url, proof=proof, read_timeout_s=0.5)
    return SfPartner(made, lambda: next(times), lambda: "r-1")


def test_a_token_is_fetched_once_and_used_again(host: Host) -> None:
    host.answers(TOKEN, CREATED)
    sf: Partner = partner(host)
    assert sf.book(order(ORDER)) == Booked("SF7444400043266")
    assert sf.find(ORDER) == Booked("SF7444400043266")
    asked = host.asked
    assert [a.get("grantType", a.get("serviceCode")) for a in asked] == [
        "password",
        "EXP_RECE_CREATE_ORDER",
        "EXP_RECE_SEARCH_ORDER_RESP",
    ]
    assert asked[1]["accessToken"] == "8B1F6C44A11B4C0FA71A1D1E4A6F1A3C"


def test_a_token_that_ended_is_fetched_again(host: Host) -> None:
    host.answers(TOKEN, CREATED, TOKEN, CREATED)
    sf = partner(host, times=chain([NOW] * 2, repeat(NOW + timedelta(hours=2))))
    sf.book(order(ORDER))
    assert sf.find(ORDER) == Booked("SF7444400043266")
    assert len(host.asked) == 4


def test_a_token_that_sf_no_longer_takes_is_renewed_once(host: Host) -> None:
    host.answers(TOKEN, STALE, TOKEN, CREATED)
    assert partner(host).book(order(ORDER)) == Booked("SF7444400043266")
    host.answers(TOKEN, STALE, TOKEN, STALE, CREATED)
    assert partner(host).book(order(ORDER)) == RefusedByPartner("A1011", "accessToken expired", Concerns.ACCOUNT)


def test_without_a_token_nothing_was_ordered(host: Host) -> None:
    host.answers(b"<html>")
    rubbish = partner(host).book(order(ORDER))
    assert isinstance(rubbish, Unknown)
    assert not rubbish.reached
    host.answers(b'{"apiResultCode":"A1004","apiErrorMsg":"no such partner"}')
    assert partner(host).book(order(ORDER)) == RefusedByPartner("A1004", "no such partner", Concerns.ACCOUNT)
    assert {a.get("grantType") for a in host.asked} == {"password"}


def test_a_digest_goes_with_no_token(host: Host) -> None:
    host.answers(CREATED)
    assert partner(host, SfProof.SM3).book(order(ORDER)) == Booked("SF7444400043266")
    (asked,) = host.asked
    assert json.loads(asked["msgData"])["orderId"] == ORDER
    assert len(asked["msgDigest"]) == 64


def test_a_stale_token_means_nothing_to_who_uses_none(host: Host) -> None:
    host.answers(STALE)
    assert isinstance(partner(host, SfProof.SIMPLE_MD5).book(order(ORDER)), RefusedByPartner)
    assert len(host.asked) == 1


def test_silence_and_rubbish_leave_it_open(host: Host) -> None:
    host.answers(b"<html>")
    rubbish = partner(host, SfProof.SM3).book(order(ORDER))
    host.answering = lambda h: bool(host.closing.wait(20)) or None
    silence = partner(host, SfProof.SM3).book(order(ORDER))
    assert [(u.reason, u.reached) for u in (rubbish, silence) if isinstance(u, Unknown)] == [
        ("unreadable", True),
        ("timeout", True),
    ]


def test_turned_away_at_the_door_is_a_no_to_an_order_and_no_answer_to_a_question(host: Host) -> None:
    host.answering = lambda h: say(h, 403)
    sf = partner(host, SfProof.SM3)
    assert sf.book(order(ORDER)) == RefusedByPartner("http_403", "被接口网关拒绝")
    found = sf.find(ORDER)
    assert isinstance(found, Unknown)
    assert not found.reached
    with pytest.raises(PartnerUnavailable):
        sf.trace("SF1")


def test_pushes_are_answered_by_what_became_of_them(host: Host) -> None:
    sf = partner(host)
    push = sf.verify_push((PAYLOADS / "sf_push_routes.json").read_bytes(), {}, "application/json")
    assert [sf.answer_push(push, kept).status for kept in (True, False)] == [200, 503]
    refused = sf.verify_push(b"{}", {}, "application/json")
    assert isinstance(refused, PushRejected)
    assert sf.answer_push(refused, kept=False).status == 403
    assert isinstance(sf.covers(Address("广东省", "广州市", "海珠区", "样本路1号")), Unknown)
