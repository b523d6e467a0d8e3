"""The way to S3 is as bad as it is told to be, and good again afterwards."""

import contextlib
import gc
import http.client
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.chaos.proxy import Mood, S3Proxy, before

BODY = b"x" * 200_000


class Store(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            self.close_connection = True


@pytest.fixture(scope="module")
def way() -> Iterator[S3Proxy]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Store)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    with before(f"http://127.0.0.1:{server.server_address[1]}") as proxy:
        yield proxy
    server.shutdown()
    server.server_close()


def fetched(way: S3Proxy) -> str:
    """`whole`, the status, or how it broke."""
    try:
        with urllib.request.urlopen(way.address, timeout=5) as answer:
            return "whole" if answer.read() == BODY else "other"
    except urllib.error.HTTPError as refused:
        return str(refused.code)
    except (OSError, http.client.HTTPException):
        return "broken"


def test_it_passes_refuses_and_goes_away(way: S3Proxy) -> None:
    seen = []
    for mood in (Mood.GOOD, Mood.REFUSING, Mood.AWAY, Mood.GOOD):
        way.mood = mood
        seen.append(fetched(way))
    assert seen == ["whole", "503", "broken", "whole"]


def test_it_cuts_in_the_middle_of_a_body(way: S3Proxy) -> None:
    way.mood = Mood.CUTTING
    ends = {fetched(way) for _ in range(5)}
    way.mood = Mood.GOOD
    assert "broken" in ends
    assert "other" not in ends
    assert fetched(way) == "whole"


def test_it_ends_in_the_middle_of_connections_without_a_word(caplog: pytest.LogCaptureFixture) -> None:
    """Those that it serves, and those that come while it ends: asyncio says what is left behind when it is collected."""
    with socket.create_server(("127.0.0.1", 0)) as silent, before(f"http://127.0.0.1:{silent.getsockname()[1]}") as way:
        callers = [threading.Thread(target=calls_until_it_is_gone, args=(way.port,)) for _ in range(3)]
        for caller in callers:
            caller.start()
        silent.accept()[0].close()
        silent.accept()
    for caller in callers:
        caller.join(10)
    gc.collect()
    assert [record.message for record in caplog.records if record.name == "asyncio"] == []


def calls_until_it_is_gone(port: int) -> None:
    with contextlib.ExitStack() as held, contextlib.suppress(OSError):
        while True:
            held.enter_context(socket.create_connection(("127.0.0.1", port), 5)).sendall(b"GET / HTTP/1.1\r\n\r\n")
