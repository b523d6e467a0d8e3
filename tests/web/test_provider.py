"""Signing in through an identity provider that runs here: there, back, and everything that must not let anybody in."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit

import oidc_provider_mock
import pytest
import requests
from starlette.testclient import TestClient
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from storage.words import Role
from tests.web.world import World, client_of
from web.provider.client import Provider, ProviderFailed
from web.provider.settings import OidcSettings, OidcSettingWrong

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the provider's own
REDIRECT = "https://zerotrip.example/desk/provider/back"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    app = oidc_provider_mock.app(
        user_claims=[
            oidc_provider_mock.User(sub="s-1", claims={"preferred_username": "lilei"}),
            oidc_provider_mock.User(sub="s-2", claims={"preferred_username": "nobody"}),
            oidc_provider_mock.User(sub="s-3", claims={}),
        ]
    )
    # under another path it still says that it is itself
    server = make_server("127.0.0.1", 0, DispatcherMiddleware(app, {"/other": app}), threaded=True)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    serving.join()


@dataclass
class Town:
    world: World
    client: TestClient
    issuer: str

    def leave(self, path: str = "/desk/queues/mine") -> str:
        """Where the browser is sent."""
        answer = self.client.get(f"/desk/provider?next={path}", follow_redirects=False)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def agree(self, there: str, subject: str) -> str:
        """At the provider, as somebody; the address it sends the browser back to."""
        answer = requests.post(there, data={"sub": subject}, allow_redirects=False, timeout=10)
        assert answer.status_code in (302, 303), answer.text
        return answer.headers["location"].removeprefix("https://zerotrip.example")


def provider(issuer: str, **changes: object) -> Provider:
    settings = OidcSettings(issuer, "zerotrip", "a-secret")
    return Provider(replace(settings, **changes), REDIRECT)


@pytest.fixture
def town(plain_world: World, issuer: str) -> Town:
    doors = replace(plain_world.doors, provider=provider(issuer))
    client = client_of(doors)
    return Town(plain_world, client, issuer)


def test_whoever_has_an_account_comes_back_signed_in_where_they_wanted_to_be(town: Town) -> None:
    town.world.staff("lilei", Role.PRE_AUDITOR)
    back = town.client.get(town.agree(town.leave(), "s-1"), follow_redirects=False)
    assert back.status_code == 200
    assert 'url=/desk/queues/mine"' in back.text
    assert town.client.get("/desk/api/me").json()["roles"] == ["pre_auditor"]
    lines = town.client.get("/desk/api/account").json()
    assert (lines["person"]["at_provider"], lines["sessions"][0]["way"]) == (True, "provider")


def test_whoever_has_no_account_stays_outside(town: Town) -> None:
    for subject, status in (("s-2", 403), ("s-3", 502)):
        back = town.client.get(town.agree(town.leave(), subject))
        assert back.status_code == status
        assert town.client.get("/desk/api/me").status_code == 401


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(town: Town) -> None:
    town.world.staff("lilei", Role.PRE_AUDITOR)
    stolen = town.agree(town.leave(), "s-1")
    other = TestClient(town.client.app, base_url="https://zerotrip.example")
    assert other.get(stolen).status_code == 401
    assert town.client.get(stolen).status_code == 401, "it has been shown"
    assert town.client.get("/desk/provider/back?state=x&code=y").status_code == 401
    assert town.client.get("/desk/provider/back?error=access_denied").status_code == 401
    assert town.client.get("/desk/api/me").status_code == 401


def test_what_is_sent_away_is_bound_by_state_nonce_and_pkce(town: Town) -> None:
    asked = parse_qs(urlsplit(town.leave()).query)
    assert asked["redirect_uri"] == [REDIRECT]
    assert (asked["code_challenge_method"], asked["response_type"]) == (["S256"], ["code"])
    assert len(asked["state"][0]) > 40
    assert len(asked["nonce"][0]) > 30
    assert len(asked["code_challenge"][0]) == 43


def test_a_token_for_another_nonce_or_another_program_or_a_weaker_way_is_refused(town: Town, issuer: str) -> None:
    with town.world.database.transaction() as tx:
        sent, other = tx.send_away("/desk"), tx.send_away("/desk")
    plain = provider(issuer)

    def code() -> str:
        return parse_qs(urlsplit(town.agree(plain.address_for(sent), "s-1")).query)["code"][0]

    assert plain.vouched(sent, code()).login == "lilei"
    with pytest.raises(ProviderFailed, match="id token"):
        plain.vouched(replace(sent, nonce=other.nonce), code())
    with pytest.raises(ProviderFailed, match="id token"):
        provider(issuer, acr="mfa").vouched(sent, code())
    with pytest.raises(ProviderFailed, match="token"):
        provider(issuer, client_id="another").vouched(sent, code())
    with pytest.raises(ProviderFailed, match="token"):
        plain.vouched(sent, "no such code")


def test_a_provider_that_is_away_or_says_something_else_lets_nobody_in(plain_world: World, issuer: str) -> None:
    with plain_world.database.transaction() as tx:
        sent = tx.send_away("/desk")
    away = provider("http://127.0.0.1:9")
    with pytest.raises(ProviderFailed, match="unreachable"):
        away.address_for(sent)
    with pytest.raises(ProviderFailed, match="answered 404"):
        provider(f"{issuer}/elsewhere").address_for(sent)
    with pytest.raises(ProviderFailed, match="another issuer"):
        provider(f"{issuer}/other").address_for(sent)
    client = client_of(replace(plain_world.doors, provider=away))
    assert client.get("/desk/provider", follow_redirects=False).status_code == 502
    assert "用统一身份认证登录" in client.get("/desk/login").text


def test_without_a_provider_there_is_no_way_there(plain_world: World) -> None:
    assert "统一身份认证" not in plain_world.client.get("/desk/login").text
    assert plain_world.client.get("/desk/provider").status_code == 404
    assert plain_world.client.get("/desk/provider/back?state=x&code=y").status_code == 404


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({"OIDC_ISSUER": "http://id.example", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b"}, "OIDC_ISSUER"),
        ({"OIDC_ISSUER": "https://id.example?x=1", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b"}, "OIDC_ISSUER"),
        ({"OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_SECRET": "b"}, "OIDC_CLIENT_ID"),
        ({"OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_ID": "a"}, "OIDC_CLIENT_SECRET"),
        (
            {
                "OIDC_ISSUER": "https://id.example",
                "OIDC_CLIENT_ID": "a",
                "OIDC_CLIENT_SECRET": "b",
                "OIDC_TIMEOUT_S": "x",
            },
            "OIDC_TIMEOUT_S",
        ),
    ],
)
def test_a_setting_that_cannot_be_right_is_named(env: dict[str, str], named: str) -> None:
    with pytest.raises(OidcSettingWrong, match=named):
        OidcSettings.from_mapping(env)


def test_only_named_hosts_are_reached() -> None:
    settings = OidcSettings("https://id.example/city", "a", "b", hosts=frozenset({"keys.example"}))
    assert settings.reaches("https://id.example/keys")
    assert settings.reaches("https://keys.example/jwks")
    assert not settings.reaches("http://keys.example/jwks")
    assert not settings.reaches("http://id.example/keys")
    assert not settings.reaches("https://evil.example/")
    assert OidcSettings.from_mapping({}) is None
