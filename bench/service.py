"""The running service, as a resident's phone sees it; and the embedded one, started for the measurement and stopped after."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests

from bench.machine import command_of, family, resident_megabytes
from tests.specimens.people import Person

READY_SECONDS = 120.0
CALL_SECONDS = 30.0
STOP_SECONDS = 30.0


class ServiceNotReady(RuntimeError):
    """It did not start, or does not answer as it should. The message has what it said."""


class Resident:
    """One logged-in resident of the embedded platform."""

    def __init__(self, base: str, person: Person, name: str) -> None:
        self.base, self.person = base, person
        self.session = requests.Session()
        token = self._post("/api/v1/session", {"code": f"dev:{name}", "platform": "embedded"})["token"]
        self.session.headers["Authorization"] = f"Bearer {token}"

    def open_case(self, item: str, applicant: Person | None = None) -> str:
        """Its number."""
        person = applicant or self.person
        number: str = self._post("/api/v1/cases", {
            "item": item,
            "answers": {"under_16": False},
            "applicant": {"kind": "person", "name": person.name, "id_number": person.id_number, "phone": person.phone},
            "address": {
                "province": "广东省", "city": "广州市", "county": "海珠区", "detail": person.address,
                "contact": person.name, "phone": person.phone,
            },
            "channel": "miniapp",
        })["case"]  # fmt: skip
        return number

    def upload(self, case: str, material: str, name: str, data: bytes, content_type: str = "image/jpeg") -> None:
        """Returns when the 201 has come."""
        answer = self.session.post(
            f"{self.base}/api/v1/cases/{case}/materials/{material}/pages",
            files={"file": (name, data, content_type)},
            data={"transaction_id": uuid4().hex},
            timeout=CALL_SECONDS,
        )
        _expect(answer, requests.codes.created)

    def submit(self, case: str) -> None:
        self._post(f"/api/v1/cases/{case}/submit", {})

    def look(self, case: str) -> tuple[str, list[str]]:
        """Its state, and those of all its pages."""
        told = self.told(case)
        return told["state"], [page["state"] for material in told["materials"] for page in material["pages"]]

    def page_states(self, case: str, material: str) -> list[str]:
        return [p["state"] for m in self.told(case)["materials"] if m["key"] == material for p in m["pages"]]

    def told(self, case: str) -> dict[str, Any]:
        answer = self.session.get(f"{self.base}/api/v1/cases/{case}", timeout=CALL_SECONDS)
        _expect(answer, requests.codes.ok)
        view: dict[str, Any] = answer.json()
        return view

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        sent = {**body, "transaction_id": uuid4().hex}
        answer = self.session.post(f"{self.base}{path}", json=sent, timeout=CALL_SECONDS)
        _expect(answer, requests.codes.ok, requests.codes.created)
        told: dict[str, Any] = answer.json()
        return told


def _expect(answer: requests.Response, *codes: int) -> None:
    if answer.status_code not in codes:
        raise ServiceNotReady(f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text[:300]}")


def until(done: Callable[[], bool], seconds: float, every: float) -> float:
    """Seconds until `done`, looked at so often, later each twentieth of what was waited. Raises `TimeoutError`."""
    started = time.perf_counter()
    while not done():
        waited = time.perf_counter() - started
        if waited > seconds:
            raise TimeoutError(f"nothing within {seconds:.0f} s")
        time.sleep(max(every, waited / 20))
    return time.perf_counter() - started


@contextmanager
def embedded() -> Iterator[tuple[str, int]]:
    """What `zerotrip up` becomes, on a free port with a folder of its own: its address and process id. Stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="zerotrip-bench-") as folder:
        port, log = free_port(), Path(folder) / "up.log"
        command = [
            str(Path(sys.executable).with_name("zerotrip")),
            "up",
            "--data",
            f"{folder}/data",
            "--port",
            str(port),
        ]
        with log.open("wb") as out:
            process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            base = f"http://127.0.0.1:{port}"
            _wait_ready(base, process, log)
            yield base, process.pid
        finally:
            _stop(process)


def _wait_ready(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    def ready() -> bool:
        if process.poll() is not None:
            raise ServiceNotReady(f"zerotrip up ended with {process.returncode}:\n{_tail(log)}")
        try:
            return requests.get(f"{base}/readyz", timeout=2).ok
        except requests.RequestException:
            return False

    try:
        until(ready, READY_SECONDS, 0.2)
    except TimeoutError:
        raise ServiceNotReady(f"/readyz did not answer within {READY_SECONDS:.0f} s:\n{_tail(log)}") from None


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # its own session: nothing else is in the group
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def memory_of(pid: int) -> list[tuple[str, float]]:
    """Command and megabytes of the process and each that descends from it, the largest first."""
    found = [(command_of(member), resident_megabytes(member)) for member in family(pid)]
    return sorted(found, key=lambda row: -row[1])
