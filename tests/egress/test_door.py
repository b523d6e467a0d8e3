"""The one way out: where it leads, what it looks at before it connects, and where an answer ends."""

import ast
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests

from egress.door import (
    AnswerTooLarge,
    OutgoingRefused,
    Rules,
    allow_private,
    bounded,
    home,
    refused_address,
    refused_url,
    session,
)

ROOT = Path(__file__).parents[2]


class _Other(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        if self.path == "/drip":
            for _ in range(200):
                self.wfile.write(b"x" * 9000)
        self.wfile.write(self.headers["Host"].encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def other() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Other)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def _nothing_private() -> Iterator[None]:
    yield
    allow_private("")


def test_a_configured_host_is_reached_under_its_name(other: str) -> None:
    port = other.rsplit(":", 1)[1]
    with session(home(other)) as way:
        assert way.get(other).text == f"127.0.0.1:{port}"
    with session(home("http://localhost"), lambda *_: ["127.0.0.1"]) as way:
        assert way.get(f"http://localhost:{port}").text == f"localhost:{port}"


def test_a_redirect_is_not_followed(other: str) -> None:
    with session(home(other)) as way:
        assert [way.get(other + "/away", allow_redirects=so).status_code for so in (True, False)] == [302, 302]


def test_an_answer_ends_by_size_and_by_time(other: str) -> None:
    with session(home(other)) as way:
        with way.get(other + "/drip", stream=True) as answer, pytest.raises(AnswerTooLarge):
            bounded(answer, 100_000)
        with way.get(other + "/drip", stream=True) as answer, pytest.raises(requests.Timeout):
            bounded(answer, deadline=time.monotonic())
        with pytest.raises(AnswerTooLarge):
            way.get(other + "/drip")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://other.example/", "host_not_listed"),
        ("https://partner.example.evil.example/", "host_not_listed"),
        ("http://partner.example/", "https_only"),
        ("ftp://partner.example/", "https_only"),
        ("https://user:secret@partner.example/", "url_malformed"),
        ("https://[::1/", "url_malformed"),
        ("https:///nowhere", "url_malformed"),
        ("https://partner.example/order", None),
        ("https://PARTNER.example:8443/order", None),
    ],
)
def test_only_configured_hosts_over_tls(url: str, why: str | None) -> None:
    assert refused_url(url, home("https://partner.example/base")) == why


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.7",
        "172.16.3.4",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
    ],
)
def test_a_name_that_leads_inside_leads_nowhere(address: str) -> None:
    assert refused_address("partner.example", address, private=False)
    way = session(home("https://partner.example"), lambda *_: ["93.184.216.34", address])
    with way, pytest.raises(OutgoingRefused, match="address_refused"):
        way.get("https://partner.example/")


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "0.0.0.0", "::ffff:127.0.0.1"])
def test_a_network_that_is_private_is_still_not_this_machine_or_a_clouds(address: str) -> None:
    allow_private("partner.example")
    assert refused_address("partner.example", address, private=True)


def test_private_networks_are_reached_where_the_configuration_says_so() -> None:
    assert not refused_address("10.0.0.7", "10.0.0.7", private=False), "it was written as a number"
    assert not refused_address("sms.city.example", "10.0.0.7", private=True)
    assert refused_address("sms.city.example", "10.0.0.7", private=False)
    allow_private("sms.city.example, other.example")
    assert not refused_address("sms.city.example", "10.0.0.7", private=False)
    assert refused_url("http://sms.city.example/", home("http://sms.city.example")) is None


def test_a_name_that_nobody_knows_is_told_as_such() -> None:
    def unknown(*_: object) -> list[str]:
        raise OSError

    with session(Rules((".example",)), unknown) as way, pytest.raises(OutgoingRefused, match="unknown_host"):
        way.get("https://a.example/")


def test_nothing_of_the_environment_leads_elsewhere(other: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with session(home(other)) as way:
        assert way.get(other).status_code == 200


# ── of the whole program ──

OUTSIDE = {
    "egress/door.py": "the way itself",
    "workers/demo/client.py": "plays the resident before the doors of this very machine",
    "workers/embedded.py": "asks its own doors whether they are open",
    "workers/doctor.py": "asks whether the doors of this machine are ours",
    "courier/sandbox/": "plays the partner",
    "sharing/sandbox/": "plays the registry",
    "tests/": "",
    "bench/": "",
}
_MAKERS = frozenset({"get", "post", "put", "patch", "delete", "head", "request", "Session", "session", "urlopen"})
_FORBIDDEN = frozenset({"urllib.request", "http.client", "httpx", "httpx2", "aiohttp", "smtplib", "ftplib"})


def _reaches_out(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in _MAKERS and ast.unparse(node.value) == "requests":
            found.append(f"requests.{node.attr}")
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        found += [name for name in names if name in _FORBIDDEN]
        if isinstance(node, ast.ImportFrom) and node.module == "requests":
            found += [a.name for a in node.names if a.name in _MAKERS]
    return found


def test_every_request_of_others_goes_through_the_one_way_out() -> None:
    rooms = ("cases", "courier", "egress", "messaging", "preaudit", "sharing", "storage", "web", "workers")
    paths = [p for room in rooms for p in (ROOT / room).rglob("*.py") if "node_modules" not in p.parts]
    named = {str(p.relative_to(ROOT)): _reaches_out(p) for p in paths}
    found = {path: ways for path, ways in named.items() if ways and not path.startswith(tuple(OUTSIDE))}
    assert found == {}


def test_a_library_that_makes_sessions_of_its_own_is_guarded() -> None:
    """The provider's: its session is made by authlib."""
    source = (ROOT / "web/provider/client.py").read_text(encoding="utf-8")
    assert source.count("OAuth2Session(") == source.count("door.guard(session") == 1
