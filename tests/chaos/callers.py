"""Clients that mean it: every write carries its transaction id and is sent, unchanged, until it is answered; now and then
once more after that, because a phone that lost the answer does so.

What was answered with 2xx is written down: that, the service may never have forgotten (`Said`).
"""

import http.client
import json
import operator
import random
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

TIMEOUT_S = 15.0
PATIENCE_S = 240.0
PAUSES_S = (0.1, 0.3, 0.7, 1.5, 3.0)
PIECES = 3
TWICE = 0.05
"""The share of writes that are sent once more after their answer."""
AGAIN = frozenset({429, 502, 503, 504})
Json = dict[str, Any]


class NotTaken(Exception):
    """Answered with something that sending again will not change."""

    def __init__(self, what: str, status: int, answer: Json) -> None:
        super().__init__(f"{what}: {status} {json.dumps(answer, ensure_ascii=False)[:300]}")
        self.status, self.answer = status, answer


@dataclass(frozen=True)
class Written:
    """A write that was answered with 2xx."""

    transaction_id: str
    what: str
    answer: Json = field(repr=False)


@dataclass
class Said:
    """What all clients together heard. Threads share it."""

    written: list[Written] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    """The same transaction id, and another answer."""
    statuses: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    """500: nothing that is done to the service may look like an error of its own."""

    def count(self, what: str) -> None:
        self.statuses[what] += 1


class Caller:
    """One caller, any number of threads after one another."""

    def __init__(self, base: str, said: Said, stopping: threading.Event, rnd: random.Random) -> None:
        parts = urlsplit(base)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._said, self._stopping, self._random = said, stopping, rnd
        self._connections = threading.local()
        self.headers: dict[str, str] = {}
        self.alike: Callable[[Json, Json], bool] = operator.eq
        """Whether an answer is the one that was given before."""

    def get(self, path: str, **params: str) -> Json:
        query = "&".join(f"{k}={quote(v)}" for k, v in params.items())
        return self._until_answered("GET", f"{path}?{query}" if query else path, None, {})

    def post(self, path: str, body: Mapping[str, Any]) -> Json:
        """Not remembered: signing in."""
        return self._until_answered("POST", path, json.dumps(body).encode(), _JSON)

    def write(self, path: str, **body: Any) -> Json:
        identity = uuid4().hex
        raw = json.dumps({**body, "transaction_id": identity}).encode()
        return self._written(path, raw, _JSON, identity)

    def delete(self, path: str) -> Json:
        identity = uuid4().hex
        return self._written(f"{path}?transaction_id={identity}", None, {}, identity, "DELETE")

    def upload(self, path: str, data: bytes) -> Json:
        identity, mark = uuid4().hex, "----zerotrip-chaos"
        head = f'--{mark}\r\nContent-Disposition: form-data; name="transaction_id"\r\n\r\n{identity}\r\n--{mark}\r\n'
        head += 'Content-Disposition: form-data; name="file"; filename="p.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        raw = head.encode() + data + f"\r\n--{mark}--\r\n".encode()
        return self._written(path, raw, {"Content-Type": f"multipart/form-data; boundary={mark}"}, identity)

    def upload_in_pieces(self, case: str, material: str, data: bytes) -> Json:
        """As on a bad line: after a break it goes on from where the service says it is."""
        begun = self.write("/api/v1/uploads", case=case, material=material, size=len(data), media_type="image/jpeg")
        path, received = f"/api/v1/uploads/{begun['id']}", 0
        while received < len(data):
            piece = data[received : received + len(data) // PIECES + 1]
            headers = {"Content-Type": "application/octet-stream", "Upload-Offset": str(received)}
            try:
                received = self._until_answered("PATCH", path, piece, headers)["received"]
            except NotTaken as refused:
                if refused.status != 409:
                    raise
                received = refused.answer["error"]["details"]["received"]
        return self.write(f"{path}/complete")

    def _written(
        self, path: str, raw: bytes | None, headers: Mapping[str, str], identity: str, method: str = "POST"
    ) -> Json:
        answer = self._until_answered(method, path, raw, headers)
        what = path if method == "POST" else f"{method} {path.partition('?')[0]}"
        self._said.written.append(Written(identity, what, answer))
        if self._random.random() < TWICE:
            again = self._until_answered(method, path, raw, headers)
            if not self.alike(answer, again):
                self._said.differing.append(f"{path} {identity}")
        return answer

    def _until_answered(self, method: str, path: str, raw: bytes | None, headers: Mapping[str, str]) -> Json:
        until, tries = monotonic() + PATIENCE_S, 0
        while True:
            status, answer = self._once(method, path, raw, headers)
            if 200 <= status < 300:
                return answer
            if status == 500:
                self._said.faults.append(f"{method} {path}: {answer}")
            if status not in AGAIN | {0, 500}:
                raise NotTaken(f"{method} {path}", status, answer)
            if monotonic() > until or self._stopping.wait(PAUSES_S[min(tries, len(PAUSES_S) - 1)]):
                raise NotTaken(f"{method} {path} (given up)", status, answer)
            tries += 1

    def _once(self, method: str, path: str, raw: bytes | None, headers: Mapping[str, str]) -> tuple[int, Json]:
        """0: no answer."""
        connection = self._connection()
        try:
            connection.request(method, path, raw, {**self.headers, **headers})
            answered = connection.getresponse()
            status, body = answered.status, answered.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            self._said.count(type(error).__name__)
            return 0, {}
        self._said.count(str(status))
        try:
            return status, json.loads(body) if body else {}
        except ValueError:
            return status, {"not_json": body[:200].decode(errors="replace")}

    def _connection(self) -> http.client.HTTPConnection:
        if not hasattr(self._connections, "open"):
            self._connections.open = http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT_S)
        made: http.client.HTTPConnection = self._connections.open
        return made


_JSON = {"Content-Type": "application/json"}
