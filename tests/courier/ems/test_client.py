"""One POST and what may come back: never a redirect followed, never an endless wait, never an endless answer."""

import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from courier.ems.client import TurnedAway, post
from courier.port import Unknown
from tests.courier.host import Host, say


@pytest.fixture
def host() -> Iterator[Host]:
    host = Host()
    yield host
    host.close()


def ask(url: str) -> bytes | TurnedAway | Unknown:
    return post(url, {"apiCode": "020003", "名": "张"}, connect_s=0.5, read_s=0.5)


def test_an_answer_comes_back_as_bytes_and_the_form_goes_out_as_utf8(host: Host) -> None:
    assert ask(host.url) == b"ok"
    assert host.forms == [b"apiCode=020003&%E5%90%8D=%E5%BC%A0"]


def test_a_redirect_is_not_followed(host: Host) -> None:
    host.answering = lambda h: say(h, 302, Location=host.url + "/elsewhere")
    assert ask(host.url) == Unknown("http_302")
    assert host.paths == ["/open"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413])
def test_a_4xx_was_turned_away_at_the_door(host: Host, status: int) -> None:
    host.answering = lambda h: say(h, status)
    assert ask(host.url) == TurnedAway(status)


@pytest.mark.parametrize("status", [408, 409, 425, 500, 502, 503, 504])
def test_what_may_have_been_handled_is_unknown(host: Host, status: int) -> None:
    host.answering = lambda h: say(h, status)
    assert ask(host.url) == Unknown(f"http_{status}")


def test_too_many_requests_had_no_effect(host: Host) -> None:
    host.answering = lambda h: say(h, 429)
    answer = ask(host.url)
    assert isinstance(answer, Unknown)
    assert not answer.reached


def test_a_silent_host_is_given_up(host: Host) -> None:
    def keep_silent(h: BaseHTTPRequestHandler) -> None:
        host.closing.wait(20)

    host.answering = keep_silent
    answer = ask(host.url)
    assert isinstance(answer, Unknown)
    assert (answer.reason, answer.reached) == ("timeout", True)


def test_an_answer_that_drips_is_given_up(host: Host) -> None:
    def drip(h: BaseHTTPRequestHandler) -> None:
        h.send_response(200)
        h.send_header("Content-Length", "1000000")
        h.end_headers()
        while not host.closing.wait(0.05):
            h.wfile.write(b"x" * 9000)

    host.answering = drip
    started = time.monotonic()
    assert isinstance(ask(host.url), Unknown)
    assert time.monotonic() - started < 10


def test_an_answer_without_end_is_given_up(host: Host) -> None:
    host.answering = lambda h: say(h, 200, b"x" * 3_000_000)
    assert ask(host.url) == Unknown("answer_too_large")


def test_an_answer_cut_short_is_unknown(host: Host) -> None:
    host.answering = lambda h: say(h, 200, b"ok", **{"Content-Length": "50"})
    answer = ask(host.url)
    assert isinstance(answer, Unknown)
    assert answer.reached


def test_nobody_listening_was_not_reached() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        answer = ask(f"http://127.0.0.1:{free.getsockname()[1]}/open")
    assert isinstance(answer, Unknown)
    assert (answer.reason, answer.reached) == ("connection", False)
