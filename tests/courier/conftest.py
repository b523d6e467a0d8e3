"""The sandbox as a process of its own, and a receiver for its pushes."""

import json
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from courier.port import Partner
from courier.registry import partners
from courier.sandbox.launch import Credentials, command, new_credentials, settings
from courier.settings import CourierSettings
from tests.courier.receiver import Receiver

ROOT = Path(__file__).parents[2]


@dataclass
class Running:
    """A started sandbox. `partner` is the real client pointed at it."""

    process: subprocess.Popen[str]
    credentials: Credentials
    port: int
    name: str = "ems"
    variables: dict[str, str] = field(default_factory=dict)

    @cached_property
    def settings(self) -> CourierSettings:
        """The time-out is short, because the sandbox is near and tests wait for time-outs."""
        return settings(self.credentials, self.port, 1.5, self.name, **self.variables)

    @cached_property
    def partner(self) -> Partner:
        return partners(self.settings)[self.name]

    def control(self, page: str, body: dict[str, Any] | None = None, status: int = 200) -> Any:
        url = f"http://127.0.0.1:{self.port}/control/{page}"
        answer = requests.get(url, timeout=10) if body is None else requests.post(url, json=body, timeout=20)
        assert answer.status_code == status, answer.text
        return answer.json()

    def faults(self, spec: str) -> None:
        self.control("faults", {"faults": spec, "seed": 7})

    def advance(self, order_id: str, *events: str, **more: Any) -> list[dict[str, Any]]:
        pushes: list[dict[str, Any]] = self.control(f"orders/{order_id}/advance", {"events": events, **more})["pushes"]
        return pushes


Start = Callable[..., Running]


def start(
    *options: str,
    credentials: Credentials | None = None,
    journal: Path | None = None,
    partner: str = "ems",
    **variables: str,
) -> Running:
    credentials = credentials or new_credentials(secrets.token_bytes)
    argv = command(credentials, 0, "", *options, journal=journal, partner=partner)
    process = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    listening = json.loads(process.stdout.readline())["listening"]
    return Running(process, credentials, urlsplit(listening).port or 0, partner, variables)


def stop(running: Running) -> int:
    running.process.terminate()
    code = running.process.wait(10)
    if running.process.stdout is not None:
        running.process.stdout.close()
    return code


@pytest.fixture
def start_sandbox() -> Iterator[Start]:
    """Start one's own; all are stopped at the end of the test."""
    started: list[Running] = []

    def begin(*options: str, **more: Any) -> Running:
        started.append(start(*options, **more))
        return started[-1]

    yield begin
    for running in started:
        if running.process.poll() is None:
            stop(running)


@pytest.fixture(scope="session")
def shared_sandbox() -> Iterator[Running]:
    running = start("--speed", "0", "--retry", "0.1")
    yield running
    assert stop(running) == 0, sys.stderr


@pytest.fixture
def receiver(shared_sandbox: Running) -> Iterator[Receiver]:
    receiver = Receiver(shared_sandbox.partner)
    yield receiver
    receiver.close()


@pytest.fixture
def sandbox(shared_sandbox: Running, receiver: Receiver) -> Iterator[Running]:
    """The shared process, without faults, pushing to this test's receiver. Nothing moves but on demand."""
    shared_sandbox.faults("")
    shared_sandbox.control("push-url", {"url": receiver.url})
    yield shared_sandbox
    shared_sandbox.faults("")
    shared_sandbox.control("push-url", {"url": ""})
