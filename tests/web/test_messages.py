"""What a resident was told stands in the app; what the platform pushes is opened with its key."""

import json
import time
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from cases.effects import Notify
from messaging.wechat.crypto import sealed, signature
from messaging.wechat.settings import WechatSettings
from storage.actors import Actor
from storage.tables import inbox
from storage.words import ActorKind, NoticeChannel
from tests.web.world import PUSH_TOKEN, World, client_of
from web.platforms import platforms

KEY, APPID = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wx0123456789abcdef"


def test_messages_of_ones_own_case_are_shown_newest_first(plain_world: World) -> None:
    me, other = plain_world.resident(), plain_world.resident("another")
    no = me.opens()
    with plain_world.database.transaction() as tx:
        for news in (Notify("returned", {"findings": 2, "due": "2026-03-09"}), Notify("preaudit_passed")):
            tx.apply(no, (news,), actor=Actor(ActorKind.SYSTEM, "test"))
    told = me.raw("GET", f"/api/v1/cases/{no}/messages").json()["messages"]
    assert [(m["template"], m["state"]) for m in told] == [("preaudit_passed", "created"), ("returned", "created")]
    assert "有2处要补正，请在2026年3月9日前" in told[1]["text"]
    assert told[1]["page"] == f"pages/mend/index?no={no}"
    assert other.raw("GET", f"/api/v1/cases/{no}/messages").status_code == 404


def test_a_message_says_how_it_went(plain_world: World) -> None:
    me = plain_world.resident()
    no = me.opens()
    with plain_world.database.transaction() as tx:
        tx.apply(no, (Notify("accepted"), Notify("approved"), Notify("refused")), actor=Actor(ActorKind.SYSTEM, "test"))
        first, second, third = (n.id for n in tx.notices_of(no))
        tx.notice_sent(first, NoticeChannel.PLATFORM)
        tx.notice_sent(second, NoticeChannel.TEXT_MESSAGE, "43101")
        tx.notice_failed(third, "no_phone")
    told = me.get("/api/v1/messages")["messages"]
    assert [(m["state_label"], m["channel"]) for m in told] == [
        ("没有发到手机，请以这里为准", None),
        ("已发短信", "text_message"),
        ("已发到手机", "platform"),
    ]


def test_the_number_button_fills_the_form(plain_world: World) -> None:
    me = plain_world.resident()
    ask = {"code": "phone:13800000000", "platform": "embedded"}
    assert me.raw("POST", "/api/v1/session/phone", json=ask).json() == {"phone": "13800000000"}
    assert me.raw("POST", "/api/v1/session/phone", json={**ask, "code": "dev:x"}).status_code == 401


def test_a_platform_that_is_down_is_said_to_be_busy(plain_world: World) -> None:
    client = _with_wechat(plain_world, base_url="http://127.0.0.1:9")
    answer = client.post("/api/v1/session", json={"code": "c", "platform": "wechat"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")


def _with_wechat(world: World, **changes: str) -> TestClient:
    wechat = WechatSettings(**{"appid": APPID, "secret": "s", "aes_key": KEY, **changes})  # type: ignore[arg-type]
    known = platforms(embedded=True, wechat=wechat, database=world.database)
    doors = replace(world.doors, wechat=wechat, platforms=known)
    return client_of(doors)


@pytest.mark.parametrize(("forged", "status"), [(False, 200), (True, 403)])
def test_an_encrypted_push_is_kept_in_plain_once(plain_world: World, forged: bool, status: int) -> None:
    client, stamp = _with_wechat(plain_world), str(int(time.time()))
    for random in (bytes(16), bytes(range(16))):  # the platform encrypts each sending anew
        cipher = sealed(KEY, APPID, b'{"MsgType":"event"}', random)
        right = signature(PUSH_TOKEN, stamp, "1", cipher)
        query = {"timestamp": stamp, "nonce": "1", "signature": signature(PUSH_TOKEN, stamp, "1")}
        sent = client.post(
            "/hooks/platform/wechat",
            params={**query, "msg_signature": "0" * 40 if forged else right},
            content=json.dumps({"Encrypt": cipher}),
        )
        assert sent.status_code == status
    with plain_world.database.reading() as tx:
        kept = tx.all(select(inbox.c.seq))
    assert len(kept) == (0 if forged else 1)
