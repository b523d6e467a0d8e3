"""WeChat's server API over HTTP, as its documentation describes it: checks what it is sent, answers with its own codes.

What is wrong with a call is answered, not raised, as the platform does. `said` is what it was asked; `next_errors` are
answered first, whatever is asked, by path.
"""

import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from messaging.values import kind_of

APPID, SECRET = "wx0123456789abcdef", "0123456789abcdef0123456789abcdef"
MOST = {
    "thing": 20,
    "number": 32,
    "character_string": 32,
    "phrase": 5,
    "name": 20,
    "phone_number": 17,
    "time": 32,
    "date": 32,
}
Answer = dict[str, Any]


class FakeWechat:
    def __init__(self) -> None:
        self.codes = {"good-code": "o-user-1"}
        self.phone_codes = {"phone-code": "13800000000"}
        self.templates = {"T-returned"}
        self.refusing: set[str] = set()
        self.token, self.made = "token-1", 1
        self.said: list[tuple[str, dict[str, str], Any]] = []
        self.next_errors: dict[str, list[Answer | bytes | int]] = defaultdict(list)
        self.base_url = ""

    def answer(self, path: str, query: dict[str, str], body: Any) -> Answer | bytes | int:
        self.said.append((path, query, body))
        if self.next_errors[path]:
            return self.next_errors[path].pop(0)
        if path == "/sns/jscode2session":
            return self._session(query)
        if path == "/cgi-bin/stable_token":
            return self._stable_token(body)
        if query.get("access_token") != self.token:
            return {"errcode": 40001, "errmsg": "invalid credential, access_token is invalid or not latest"}
        return self._phone(body) if path == "/wxa/business/getuserphonenumber" else self._send(body)

    def _session(self, query: dict[str, str]) -> Answer:
        if query["appid"] != APPID:
            return {"errcode": 40013, "errmsg": "invalid appid"}
        if query["secret"] != SECRET:
            return {"errcode": 40125, "errmsg": "invalid appsecret"}
        user = self.codes.pop(query["js_code"], None)
        if user is None:
            return {"errcode": 40029, "errmsg": "invalid code"}
        return {"openid": user, "session_key": "never-for-clients"}

    def _stable_token(self, body: Answer) -> Answer:
        if body["secret"] != SECRET:
            return {"errcode": 40001, "errmsg": "invalid credential"}
        if body["force_refresh"]:
            self.renew()
        return {"access_token": self.token, "expires_in": 7200}

    def renew(self) -> None:
        self.made += 1
        self.token = f"token-{self.made}"

    def _phone(self, body: Answer) -> Answer:
        number = self.phone_codes.pop(body["code"], None)
        if number is None:
            return {"errcode": 40029, "errmsg": "invalid code"}
        return {"errcode": 0, "errmsg": "ok", "phone_info": {"phoneNumber": f"+86{number}", "purePhoneNumber": number}}

    def _send(self, body: Answer) -> Answer:
        if not body["touser"].startswith("o-"):
            return {"errcode": 40003, "errmsg": "invalid openid"}
        if body["template_id"] not in self.templates:
            return {"errcode": 40037, "errmsg": "invalid template_id"}
        if body["touser"] in self.refusing:
            return {"errcode": 43101, "errmsg": "user refuse to accept the msg"}
        for key, given in body["data"].items():
            if not 0 < len(given["value"]) <= MOST[kind_of(key)]:
                return {"errcode": 47003, "errmsg": f"argument invalid! data.{key}.value invalid"}
        return {"errcode": 0, "errmsg": "ok"}


@contextmanager
def running() -> Iterator[FakeWechat]:
    fake = FakeWechat()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    fake.base_url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()


def _handler(fake: FakeWechat) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(None)

        def do_POST(self) -> None:
            self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _answer(self, body: Any) -> None:
            parts = urlsplit(self.path)
            said = fake.answer(parts.path, dict(parse_qsl(parts.query)), body)
            self.send_response(said if isinstance(said, int) else 200)
            self.end_headers()
            if not isinstance(said, int):
                self.wfile.write(said if isinstance(said, bytes) else json.dumps(said).encode())

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    return Handler
