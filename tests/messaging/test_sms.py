"""Text messages through a gateway over HTTP: signed, once, honest about what became of them."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest

from messaging.port import Cause, NotSent, PlatformDown, Sent
from messaging.sms import SmsGateway, SmsSettings, SmsSettingWrong
from messaging.texts import message

SECRET = "0123456789abcdef"
AT = datetime(2026, 3, 2, tzinfo=UTC)
SAID = message("approved", "居住证", "440105202603020000011", {}, {})
Received = list[tuple[dict[str, str], bytes]]


class _Gateway(BaseHTTPRequestHandler):
    received: ClassVar[Received] = []
    status = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        _Gateway.received.append((dict(self.headers), body))
        self.send_response(_Gateway.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Gateway)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/send"
    server.shutdown()
    server.server_close()


def _gateway(url: str) -> SmsGateway:
    return SmsGateway(SmsSettings(url, SECRET, "海珠政务", 2.0), lambda: AT)


def test_a_text_is_signed_as_standard_webhooks_are(url: str) -> None:
    _Gateway.received.clear()
    _Gateway.status = 202
    assert _gateway(url).send("13800000000", SAID, "notice-1") == Sent()
    ((headers, body),) = _Gateway.received
    signed = b"notice-1." + str(int(AT.timestamp())).encode() + b"." + body
    mac = base64.b64encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{mac}"
    said = json.loads(body)
    assert (said["id"], said["phone"], said["template"]) == ("notice-1", "13800000000", "approved")
    assert said["text"].startswith("【海珠政务】您申请的“居住证”")


@pytest.mark.parametrize(("status", "outcome"), [(400, NotSent(Cause.REFUSED, "http_400")), (200, Sent())])
def test_the_gateways_word_is_final(url: str, status: int, outcome: object) -> None:
    _Gateway.status = status
    assert _gateway(url).send("13800000000", SAID, "n") == outcome


@pytest.mark.parametrize("status", [302, 408, 429, 500, 503])
def test_what_is_not_known_is_said_to_be_unknown(url: str, status: int) -> None:
    _Gateway.status = status
    with pytest.raises(PlatformDown, match=f"sms_http_{status}"):
        _gateway(url).send("13800000000", SAID, "n")


def test_nobody_at_the_other_end() -> None:
    with pytest.raises(PlatformDown, match="sms_ConnectionError"):
        _gateway("http://127.0.0.1:9/send").send("13800000000", SAID, "n")


@pytest.mark.parametrize(
    ("env", "named"),
    [({"SMS_URL": "ftp://x"}, "SMS_URL"), ({"SMS_URL": "https://x", "SMS_SECRET": "short"}, "SMS_SECRET")],
)
def test_a_setting_that_is_wrong_is_named(env: dict[str, str], named: str) -> None:
    with pytest.raises(SmsSettingWrong, match=named):
        SmsSettings.from_mapping(env)
