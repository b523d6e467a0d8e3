"""The sandbox over HTTP.

POST /v1/proofs         the protocol of docs/reuse.md: signed in, signed out
GET  /healthz           alive
POST /control/fault     {"fault": "down" | "slow" | … | ""}: what goes wrong from now on; see `Fault`
POST /control/people    {"name", "id_number", "records": {resource: pages}}: one more person
GET  /control/asked     every question that came with a good signature: resource, result; nobody's name

The control pages answer this machine only and take JSON only.
"""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cases.deadlines import beijing_day
from sharing import signing, wire
from sharing.sandbox.people import PEOPLE, Pages, Records

BODY_BYTES_MAX = 64 * 1024
_LOCAL = frozenset({"127.0.0.1", "::1"})


class Fault(StrEnum):
    NONE = ""
    DOWN = "down"
    """503, unsigned, as a gateway says it."""
    SLOW = "slow"
    """Answers after `slow_s`."""
    HANG_UP = "hang_up"
    """Takes the question and closes the line."""
    WRONG_SIGNATURE = "wrong_signature"
    WRONG_PERSON = "wrong_person"
    """A record of somebody else, well signed."""
    WRONG_DOCUMENT = "wrong_document"
    GARBAGE = "garbage"
    """Signed, and not JSON."""
    REFUSE = "refuse"


@dataclass(frozen=True)
class Config:
    client: str
    secret: str
    host: str = "127.0.0.1"
    port: int = 0
    slow_s: float = 10.0


class Registry:
    """What the sandbox knows and does wrong; shared by all requests."""

    def __init__(self, config: Config, people: Records = PEOPLE) -> None:
        self.config = config
        self.fault = Fault.NONE
        self.asked: list[dict[str, str]] = []
        self._people: dict[tuple[str, str], Mapping[str, Pages]] = dict(people)
        self._nonces: set[str] = set()
        self._lock = threading.Lock()

    def add(self, name: str, id_number: str, records: Mapping[str, Pages]) -> None:
        with self._lock:
            self._people[name, id_number] = {**self._people.get((name, id_number), {}), **records}

    def fresh(self, nonce: str) -> bool:
        """Whether the question was not put before: one that was listened to is worth nothing a second time."""
        with self._lock:
            known = nonce in self._nonces
            self._nonces.add(nonce)
        return bool(nonce) and not known

    def answer(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        kind, person = str(asked["kind"]), asked["person"]
        name, number = str(person["name"]), str(person["id_number"])
        pages = self._people.get((name, number), {}).get(kind)
        made: dict[str, Any] = {"id": asked["id"], "receipt": f"SB{len(self.asked) + 1:08d}"}
        if self.fault is Fault.REFUSE:
            made |= {"result": "refused"}
        elif pages is None:
            made |= {"result": "not_found"}
        else:
            made |= {"result": "found", "holder": self._holder(name, number), "pages": self._pages(pages)}
            made |= {"as_of": beijing_day(datetime.now(UTC)).isoformat()}
        with self._lock:
            self.asked.append({"kind": kind, "result": made["result"], "purpose": str(asked["purpose"]["case"])})
        return made

    def _holder(self, name: str, number: str) -> dict[str, str]:
        wrong = self.fault is Fault.WRONG_PERSON
        return {"name": "某某某" if wrong else name, "id_number": "440105196001019961" if wrong else number}

    def _pages(self, pages: Pages) -> Pages:
        return [{**p, "document": "bank_card"} for p in pages] if self.fault is Fault.WRONG_DOCUMENT else pages


class _Handler(BaseHTTPRequestHandler):
    server: "Server"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/healthz":
            self._say(HTTPStatus.OK, {"status": "ok"})
        elif self.path == "/control/asked" and self._is_local():
            self._say(HTTPStatus.OK, {"asked": self.server.registry.asked})
        else:
            self._say(HTTPStatus.NOT_FOUND, {})

    def do_POST(self) -> None:
        body = self._body()
        if body is None:
            self._say(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {})
        elif self.path == wire.PATH:
            self._prove(body)
        elif self.path.startswith("/control/") and self._is_local():
            self._control(body)
        else:
            self._say(HTTPStatus.NOT_FOUND, {})

    def _body(self) -> bytes | None:
        size = int(self.headers.get("Content-Length") or 0)
        return self.rfile.read(size) if 0 <= size <= BODY_BYTES_MAX else None

    def _is_local(self) -> bool:
        """A page of another origin can send no JSON here without asking first, and is not answered."""
        plain = self.command == "GET" or self.headers.get("Content-Type", "").startswith("application/json")
        return self.client_address[0] in _LOCAL and plain

    def _prove(self, body: bytes) -> None:
        registry = self.server.registry
        if registry.fault is Fault.DOWN:
            self._say(HTTPStatus.SERVICE_UNAVAILABLE, {})
            return
        if registry.fault is Fault.HANG_UP:
            self.close_connection = True
            return
        if not self._signed(body):
            self._say(HTTPStatus.UNAUTHORIZED, {})
            return
        if registry.fault is Fault.SLOW:
            self.server.stopping.wait(registry.config.slow_s)
        try:
            made = json.dumps(registry.answer(json.loads(body)), ensure_ascii=False).encode()
        except (ValueError, KeyError, TypeError):
            self._say_signed(HTTPStatus.BAD_REQUEST, b"{}")
            return
        self._say_signed(HTTPStatus.OK, b"<html>" if registry.fault is Fault.GARBAGE else made)

    def _signed(self, body: bytes) -> bool:
        config, h = self.server.registry.config, self.headers
        stamp = signing.Stamp(*(h.get(name, "") for name in (signing.CLIENT, signing.TIMESTAMP, signing.NONCE)))
        wanted = signing.of_request(config.secret, stamp, self.path, body)
        near = stamp.timestamp.isdigit() and abs(time.time() - int(stamp.timestamp)) <= signing.TOLERANCE_S
        known = stamp.client == config.client and signing.same(h.get(signing.SIGNATURE, ""), wanted)
        return near and known and self.server.registry.fresh(stamp.nonce)

    def _say_signed(self, status: HTTPStatus, body: bytes) -> None:
        registry, nonce = self.server.registry, self.headers.get(signing.NONCE, "")
        secret = "another secret" if registry.fault is Fault.WRONG_SIGNATURE else registry.config.secret
        self._send(status, body, signing.of_answer(secret, nonce, status, body))

    def _control(self, body: bytes) -> None:
        try:
            said = json.loads(body)
            if self.path == "/control/fault":
                self.server.registry.fault = Fault(said["fault"])
            elif self.path == "/control/people":
                self.server.registry.add(said["name"], said["id_number"], said["records"])
            else:
                self._say(HTTPStatus.NOT_FOUND, {})
                return
        except (ValueError, KeyError, TypeError):
            self._say(HTTPStatus.BAD_REQUEST, {})
            return
        self._say(HTTPStatus.OK, {})

    def _say(self, status: HTTPStatus, said: Mapping[str, Any]) -> None:
        self._send(status, json.dumps(said, ensure_ascii=False).encode(), "")

    def _send(self, status: HTTPStatus, body: bytes, signature: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if signature:
            self.send_header(signing.SIGNATURE, signature)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: a registry that writes down who was asked about, in passing, is what this is not to be."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, registry: Registry) -> None:
        super().__init__((registry.config.host, registry.config.port), _Handler)
        self.registry, self.stopping = registry, threading.Event()

    @property
    def url(self) -> str:
        return f"http://{self.server_address[0]!s}:{self.server_address[1]}"


@contextmanager
def serving(registry: Registry) -> Iterator[Server]:
    """In this process, on a thread of its own, until the end of the block."""
    server = Server(registry)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.05), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()
