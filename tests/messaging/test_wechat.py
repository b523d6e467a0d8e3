"""WeChat over HTTP, against a server that answers as the documentation says."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from cases.errors import Unauthenticated
from messaging.port import Cause, NotSent, PlatformDown, Sent
from messaging.texts import message
from messaging.wechat.client import WechatPlatform
from messaging.wechat.settings import Template, WechatSettings
from tests.messaging.fake_wechat import APPID, SECRET, FakeWechat, running

ITEM = "存量房转移登记（二手房买卖，含抵押注销与水电气过户联办）"
FIELDS = {"thing1": "item", "character_string2": "no", "number3": "findings", "time4": "due", "thing5": "text"}
DUE = {"findings": 2, "due": "2026-03-09T15:59:59+00:00"}
NOTICE = message("returned", ITEM, "440105202603020000011", DUE, {})
SEND, TOKEN = "/cgi-bin/message/subscribe/send", "/cgi-bin/stable_token"


class Store:
    """Shared by the platforms made on it, as the database is by processes."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, tzinfo=UTC)
        self.kept: tuple[str, datetime, datetime | None] | None = None

    def now(self) -> datetime:
        return self.at

    def held(self) -> tuple[str, datetime, datetime | None] | None:
        return self.kept

    def keep(self, value: str, ends_at: datetime, forced_at: datetime | None) -> None:
        self.kept = (value, ends_at, forced_at)


@pytest.fixture(scope="module")
def server() -> Iterator[FakeWechat]:
    with running() as fake:
        yield fake


@pytest.fixture
def wechat(server: FakeWechat) -> FakeWechat:
    fresh = FakeWechat()
    server.__dict__.update({**fresh.__dict__, "base_url": server.base_url})
    return server


def _platform(wechat: FakeWechat, store: Store | None = None, **changes: object) -> WechatPlatform:
    values = {"appid": APPID, "secret": SECRET, "templates": {"returned": Template("T-returned", FIELDS)}}
    settings = WechatSettings(**{**values, "base_url": wechat.base_url, "read_timeout_s": 2.0, **changes})  # type: ignore[arg-type]
    return WechatPlatform(settings, store or Store())


def _asked(wechat: FakeWechat, path: str) -> int:
    return sum(p == path for p, _, _ in wechat.said)


def test_a_login_code_tells_who_it_is_once(wechat: FakeWechat) -> None:
    platform = _platform(wechat)
    assert platform.verify("good-code").user == "o-user-1"
    with pytest.raises(Unauthenticated, match="请重新登录"):
        platform.verify("good-code")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"errcode": -1, "errmsg": "system error"}, "busy"),
        ({"errcode": 45011, "errmsg": "api minute-quota reach limit"}, "too_often"),
        ({"errcode": 40125, "errmsg": "invalid appsecret"}, "misconfigured_secret"),
        ({"errcode": 40164, "errmsg": "invalid ip"}, "misconfigured_address_not_listed"),
        ({"errcode": 99999}, "errcode_99999"),
        (b"<html>502</html>", "not_json"),
        (b"[1]", "not_an_object"),
        (503, "http_503"),
    ],
)
def test_a_platform_in_trouble_is_said_to_be_down(wechat: FakeWechat, said: object, reason: str) -> None:
    wechat.next_errors["/sns/jscode2session"] = [said]  # type: ignore[list-item]
    with pytest.raises(PlatformDown) as caught:
        _platform(wechat).verify("good-code")
    assert caught.value.reason == reason


@pytest.mark.parametrize("code", [40029, 40163, 41008, 40226])
def test_a_code_that_is_wrong_asks_for_a_new_login(wechat: FakeWechat, code: int) -> None:
    wechat.next_errors["/sns/jscode2session"] = [{"errcode": code, "errmsg": "invalid code"}]
    with pytest.raises(Unauthenticated):
        _platform(wechat).verify("good-code")


def test_nobody_at_the_other_end_is_said_without_the_address(wechat: FakeWechat) -> None:
    with pytest.raises(PlatformDown) as caught:
        _platform(wechat, base_url="http://127.0.0.1:9").verify("good-code")
    assert caught.value.reason == "ConnectionError"
    assert SECRET not in repr(caught.value)
    assert caught.value.__cause__ is None


def test_the_number_behind_the_number_button(wechat: FakeWechat) -> None:
    assert _platform(wechat).phone("phone-code") == "13800000000"
    with pytest.raises(Unauthenticated):
        _platform(wechat).phone("phone-code")


def test_a_message_is_cut_to_what_each_field_takes(wechat: FakeWechat) -> None:
    assert _platform(wechat).send("o-user-1", NOTICE) == Sent()
    _, _, body = wechat.said[-1]
    assert body["data"]["thing1"]["value"] == "存量房转移登记（二手房买卖，含抵押注销…"
    assert body["data"]["time4"]["value"] == "2026年3月9日 23:59"
    assert body["page"] == "pages/mend/index?no=440105202603020000011"
    assert (body["miniprogram_state"], body["lang"]) == ("formal", "zh_CN")


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        (43101, Cause.UNSUBSCRIBED),
        (40003, Cause.NO_RECIPIENT),
        (40037, Cause.TEMPLATE_REFUSED),
        (41030, Cause.TEMPLATE_REFUSED),
        (47003, Cause.VALUE_REFUSED),
        (48001, Cause.REFUSED),
    ],
)
def test_a_refused_message_says_why(wechat: FakeWechat, code: int, cause: Cause) -> None:
    wechat.next_errors[SEND] = [{"errcode": code, "errmsg": "because"}]
    assert _platform(wechat).send("o-user-1", NOTICE) == NotSent(cause, f"{code} because")


def test_a_message_without_a_template_on_the_account_is_not_sent(wechat: FakeWechat) -> None:
    unknown = message("approved", ITEM, "1", {}, {})
    assert _platform(wechat).send("o-user-1", unknown) == NotSent(Cause.NO_TEMPLATE, "approved")
    assert wechat.said == []


def test_all_processes_share_one_token(wechat: FakeWechat) -> None:
    store = Store()
    for platform in (_platform(wechat, store), _platform(wechat, store)):
        assert platform.send("o-user-1", NOTICE) == Sent()
    assert _asked(wechat, TOKEN) == 1
    store.at += timedelta(minutes=117)
    _platform(wechat, store).send("o-user-1", NOTICE)
    assert _asked(wechat, TOKEN) == 2


def test_a_worn_token_is_fetched_once_more_and_the_call_made_again(wechat: FakeWechat) -> None:
    platform = _platform(wechat)
    platform.send("o-user-1", NOTICE)
    wechat.renew()
    assert platform.send("o-user-1", NOTICE) == Sent()
    assert [body["force_refresh"] for path, _, body in wechat.said if path == TOKEN] == [False, False]


def test_a_token_that_is_refused_though_current_is_forced_at_most_each_half_minute(wechat: FakeWechat) -> None:
    store = Store()
    platform = _platform(wechat, store)
    worn = {"errcode": 42001, "errmsg": "access_token expired"}
    wechat.next_errors[SEND] = [worn, worn]
    with pytest.raises(PlatformDown, match="token_refused"):
        platform.send("o-user-1", NOTICE)
    assert wechat.token == "token-2"
    wechat.next_errors[SEND] = [worn]
    with pytest.raises(PlatformDown) as caught:
        platform.send("o-user-1", NOTICE)
    assert (caught.value.wait, wechat.token) == (timedelta(seconds=30), "token-2")
    store.at += timedelta(seconds=31)
    assert platform.send("o-user-1", NOTICE) == Sent()


def test_a_wrong_secret_is_told_as_such(wechat: FakeWechat) -> None:
    with pytest.raises(PlatformDown, match="misconfigured_secret"):
        _platform(wechat, secret="f" * 32).send("o-user-1", NOTICE)
