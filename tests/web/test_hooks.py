"""Pushes from outside: verified, kept once, answered in the sender's own form; a forged one leaves nothing behind."""

import json
import time

import httpx2
import pytest

from courier.fake import SentPush
from messaging.wechat.crypto import signature
from storage.words import InboxState
from tests.web.world import HOOK_SECRET, PUSH_TOKEN, World, make_world
from web.hooks.couriers import AT_ONCE_BYTES
from web.observing import configure_logs

PATH = f"/hooks/couriers/ems/{HOOK_SECRET}"


def _push(world: World, sent: SentPush, path: str = PATH) -> httpx2.Response:
    headers = {**sent.headers, "Content-Type": sent.content_type}
    return world.client.post(path, content=sent.raw, headers=headers)


def _kept(world: World) -> int:
    with world.database.reading() as tx:
        return tx.inbox.counts()[InboxState.NEW]


def test_a_push_is_kept_with_its_job_and_answered_as_the_partner_wants(world: World) -> None:
    answer = _push(world, world.partner.sign(b'{"any": "thing"}'))
    assert answer.status_code == 204
    assert _kept(world) == 1
    with world.database.reading() as tx:
        (job,) = tx.jobs.list()
        push = tx.inbox.load(job.subject)
    assert (push.provider, push.external_key, push.raw, push.verified) == ("ems", "msg_1", b'{"any": "thing"}', True)


def test_the_same_push_twice_is_kept_once_and_answered_with_success_twice(world: World) -> None:
    sent = world.partner.sign(b"{}")
    assert [_push(world, sent).status_code for _ in range(2)] == [204, 204]
    assert _kept(world) == 1
    metrics = world.client.get("/metrics").text
    assert 'web_pushes_total{end="kept",provider="ems"} 1.0' in metrics
    assert 'web_pushes_total{end="doubled",provider="ems"} 1.0' in metrics


def test_a_forged_push_is_refused_in_the_partners_form_and_leaves_nothing(plain_world: World) -> None:
    sent = plain_world.partner.sign(b"{}")
    forged = SentPush(b'{"evil": 1}', sent.headers)
    assert _push(plain_world, forged).status_code == 401
    assert _push(plain_world, SentPush(b"{}", {})).status_code == 401
    assert _kept(plain_world) == 0
    assert 'web_pushes_total{end="rejected",provider="ems"} 2.0' in plain_world.client.get("/metrics").text


@pytest.mark.parametrize("path", ["/hooks/couriers/ems/wrong", "/hooks/couriers/sf/" + HOOK_SECRET])
def test_a_wrong_address_is_no_address(plain_world: World, path: str) -> None:
    assert _push(plain_world, plain_world.partner.sign(b"{}"), path).status_code == 404
    assert _kept(plain_world) == 0


def test_a_push_past_its_cap_is_not_read(plain_world: World) -> None:
    small = make_world(plain_world.database, plain_world.blobs, push_max_bytes=1000)
    assert _push(small, small.partner.sign(b"x" * 1001)).status_code == 413
    assert _kept(small) == 0


@pytest.mark.parametrize("size", [AT_ONCE_BYTES - 100, AT_ONCE_BYTES + 100, 200_000])
def test_a_large_push_is_verified_like_a_small_one(plain_world: World, size: int) -> None:
    sent = plain_world.partner.sign(b"x" * size)
    assert _push(plain_world, sent).status_code == 204
    assert _push(plain_world, SentPush(sent.raw + b"y", sent.headers)).status_code == 401
    assert _kept(plain_world) == 1


def test_the_secret_of_an_address_reaches_no_log(plain_world: World, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    _push(plain_world, plain_world.partner.sign(b"{}"))
    said = capsys.readouterr()
    assert "/hooks/couriers/{partner}/{secret}" in said.out
    assert HOOK_SECRET not in said.out + said.err


def _signed(**changes: str) -> dict[str, str]:
    stamp = str(int(time.time()))
    return {"timestamp": stamp, "nonce": "1", "signature": signature(PUSH_TOKEN, stamp, "1"), **changes}


def test_the_platforms_signature_is_computed_as_it_documents() -> None:
    assert signature("tok123", "1714037059", "486452656") == "48ab119edb7728e04db9a074e6c5b1d47faccf1d"


def test_the_platforms_handshake_is_answered_with_its_echo(plain_world: World) -> None:
    answer = plain_world.client.get("/hooks/platform/embedded", params=_signed(echostr="12345"))
    assert (answer.status_code, answer.text) == (200, "12345")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"signature": "0" * 40}, 403),
        ({"timestamp": "1714037059"}, 403),
        ({"timestamp": "ü"}, 403),
        ({"nonce": "2"}, 403),
    ],
)
def test_a_handshake_that_is_not_genuine_is_refused(plain_world: World, changes: dict[str, str], status: int) -> None:
    assert plain_world.client.get("/hooks/platform/embedded", params=_signed(**changes)).status_code == status


def test_an_old_recorded_handshake_is_refused(plain_world: World) -> None:
    old = str(int(time.time()) - 3600)
    replayed = _signed(timestamp=old, signature=signature(PUSH_TOKEN, old, "1"))
    assert plain_world.client.get("/hooks/platform/embedded", params=replayed).status_code == 403


def test_an_unknown_platform_or_one_without_a_token_does_not_exist(plain_world: World) -> None:
    assert plain_world.client.get("/hooks/platform/other", params=_signed()).status_code == 404
    without = make_world(plain_world.database, plain_world.blobs, push_token="")
    assert without.client.get("/hooks/platform/embedded", params=_signed()).status_code == 404


def test_a_platform_message_is_kept_once(world: World) -> None:
    body = json.dumps({"MsgId": 1}).encode()
    for _ in range(2):
        answer = world.client.post("/hooks/platform/embedded", params=_signed(), content=body)
        assert (answer.status_code, answer.text) == (200, "success")
    assert _kept(world) == 1
