"""A courier: the sandbox in a process of its own, on a clock that stands, and a line to its control pages."""

import http.client
import json
import random
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from courier.sandbox.launch import Credentials, command, new_credentials, settings
from courier.settings import PartnerSettings
from tests.courier.conftest import ROOT

READ_TIMEOUT_S = 0.6
"""A time-out is a real one; nothing else is waited for. Long enough for an answer on a busy machine."""
OPTIONS = ("--retry", "600", "--slow", "0.01", "--hold", "30")


@dataclass(frozen=True)
class Happened:
    """`true`: really; otherwise it is only said."""

    order: str
    event: str
    true: bool


@dataclass
class Courier:
    name: str
    credentials: Credentials
    port: int
    at: datetime
    variables: Mapping[str, str]
    next: datetime | None = None
    _line: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    @property
    def settings(self) -> PartnerSettings:
        made = settings(self.credentials, self.port, READ_TIMEOUT_S, self.name, **self.variables)
        return made.partners[self.name]

    def turn(self, to: datetime) -> list[Happened]:
        """To then; everything due is pushed when this returns."""
        told = self.post("clock", {"to": to.isoformat()})
        self.at, self.next = to, datetime.fromisoformat(told["next"]) if told["next"] else None
        return [Happened(h["order_no"], h["event"], h["true"]) for h in told["happened"]]

    def lead(self, order: str, *events: str) -> None:
        """What becomes of an order from now on, if the courier has it at all."""
        self.post(f"orders/{order}/life", {"events": events}, (200, 400))

    def pushes_to(self, url: str) -> None:
        self.post("push-url", {"url": url})

    def by_telephone(self, order: str) -> str | None:
        """The waybill of an order that the courier says he has."""
        return next((o["waybill"] for o in self.get("orders") if o["order_no"] == order), None)

    def post(self, page: str, body: Mapping[str, Any], fine: tuple[int, ...] = (200,)) -> Any:
        head = {"Content-Type": "application/json"}
        self._line.request("POST", f"/control/{page}", json.dumps(body), head)
        return self._answer(fine)

    def get(self, page: str) -> Any:
        self._line.request("GET", f"/control/{page}")
        return self._answer((200,))

    def _answer(self, fine: tuple[int, ...]) -> Any:
        answer = self._line.getresponse()
        told = json.loads(answer.read())
        assert answer.status in fine, told
        return told


@contextmanager
def working(name: str, seed: str, at: datetime, faults: str, **variables: str) -> Iterator[Courier]:
    """Credentials and everything that is drawn come from the seed."""
    drawn = random.Random(f"{seed}: {name}")
    credentials = new_credentials(drawn.randbytes)
    proof = ("--proof", variables["PROOF"]) if "PROOF" in variables else ()
    options = (*proof, "--clock", at.isoformat(), "--seed", str(drawn.getrandbits(32)), "--faults", faults, *OPTIONS)
    argv = command(credentials, 0, "", *options, partner=name)
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            listening = json.loads(process.stdout.readline())["listening"]
            yield Courier(name, credentials, urlsplit(listening).port or 0, at, variables)
        finally:
            process.terminate()
            process.wait(10)
