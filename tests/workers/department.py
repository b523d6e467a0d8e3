"""A department's system as its people would write it: it checks the signature as the Standard Webhooks specification says,
keeps what it was told, and answers as it is bidden."""

import base64
import hashlib
import hmac
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Heard:
    id: str
    timestamp: int
    signatures: list[str]
    body: bytes

    @property
    def said(self) -> Any:
        return json.loads(self.body)

    def signed_with(self, secret: str) -> bool:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        wanted = hmac.new(key, f"{self.id}.{self.timestamp}.".encode() + self.body, hashlib.sha256).digest()
        return any(hmac.compare_digest(base64.b64decode(s.removeprefix("v1,")), wanted) for s in self.signatures)


@dataclass
class Department:
    """`answers`: what it says to each, in turn; then 204."""

    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/news"

    def take(self, headers: Any, body: bytes) -> tuple[int, dict[str, str]]:
        signatures = headers["webhook-signature"].split(" ")
        self.heard.append(Heard(headers["webhook-id"], int(headers["webhook-timestamp"]), signatures, body))
        return self.answers.pop(0) if self.answers else (204, {})

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(department: Department) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers = department.take(self.headers, body)
            self.send_response(status)
            for name, value in {"Content-Length": "0", **headers}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    return Handler
