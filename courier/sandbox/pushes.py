"""Sending pushes: sealed, again until they are answered in form, and with whatever faults are switched on.

A push counts as taken when the answer is 2xx JSON with code 00000 and our serial number. China Post's own schedule of
repeats is not public [?]; here it is `retry_s` seconds, doubled each time, `TRIES` times in all.
"""

import heapq
import itertools
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

import requests

from courier.sandbox.faults import Fault, Faults
from courier.sandbox.protocol import Account
from courier.signing import seal_sm4

TRIES = 8
_WRONG_KEY = "AAAAAAAAAAAAAAAAAAAAAA=="


@dataclass(frozen=True)
class Push:
    serial: str
    order_no: str
    operation: dict[str, str]


@dataclass(frozen=True)
class Sent:
    """What became of one sending. `answer` is the code in the receiver's answer."""

    serial: str
    op_code: str
    outcome: str
    status: int = 0
    answer: str = ""


class Later:
    """Runs things at their time, on a few threads."""

    def __init__(self, threads: int = 4) -> None:
        self._pool = ThreadPoolExecutor(threads, "sandbox")
        self._wake = threading.Condition()
        self._heap: list[tuple[float, int, Callable[[], object]]] = []
        self._count = itertools.count()
        self._stopped = False
        threading.Thread(target=self._run, daemon=True).start()

    def at(self, seconds: float, do: Callable[[], object]) -> None:
        with self._wake:
            heapq.heappush(self._heap, (time.monotonic() + seconds, next(self._count), do))
            self._wake.notify()

    def stop(self) -> None:
        with self._wake:
            self._stopped = True
            self._wake.notify()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._stopped and (not self._heap or self._heap[0][0] > time.monotonic()):
                    self._wake.wait(self._heap[0][0] - time.monotonic() if self._heap else None)
                if self._stopped:
                    return
                do = heapq.heappop(self._heap)[2]
                self._pool.submit(do)


class Pusher:
    """Sends to one address, which may be set later. The account's key seals."""

    def __init__(self, url: str, account: Account, faults: Faults, later: Later, retry_s: float) -> None:
        self.url = url
        self._account = account
        self._faults = faults
        self._later = later
        self._retry_s = retry_s
        self._lock = threading.Lock()
        self._held: dict[str, Push] = {}
        self._log: list[Sent] = []

    def log(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(s) for s in self._log]

    def send(self, push: Push) -> None:
        """In the parcel's own time, with every fault."""
        if self._faults.strikes(Fault.DELAY):
            self._later.at(4 * self._retry_s, lambda: self.deliver(push))
        elif self._faults.strikes(Fault.REORDER) and self._hold(push):
            self._later.at(4 * self._retry_s, lambda: self._release(push.order_no))
        else:
            self.deliver(push)
            self._release(push.order_no)

    def deliver(self, push: Push, attempt: int = 1) -> list[Sent]:
        """Now, and on refusal again later. Returns what was sent now."""
        if self._faults.strikes(Fault.DROP):
            return [self._noted(Sent(push.serial, push.operation["opCode"], "dropped"))]
        sent = [self._once(push) for _ in range(2 if self._faults.strikes(Fault.DOUBLE) else 1)]
        if all(s.outcome != "taken" for s in sent) and attempt < TRIES and self.url:
            self._later.at(self._retry_s * 2 ** (attempt - 1), lambda: self.deliver(push, attempt + 1))
        return sent

    def _hold(self, push: Push) -> bool:
        with self._lock:
            if push.order_no in self._held:
                return False
            self._held[push.order_no] = push
            return True

    def _release(self, order_no: str) -> None:
        with self._lock:
            held = self._held.pop(order_no, None)
        if held is not None:
            self.deliver(held)

    def _once(self, push: Push) -> Sent:
        code = push.operation["opCode"]
        if not self.url:
            return self._noted(Sent(push.serial, code, "no_address"))
        try:
            with requests.Session() as session:
                session.trust_env = False
                response = session.post(
                    self.url,
                    data=self.envelope(push),
                    headers={"Content-Type": "application/json;charset=UTF-8"},
                    timeout=(3.05, 10),
                    allow_redirects=False,
                )
        except requests.RequestException as e:
            return self._noted(Sent(push.serial, code, type(e).__name__))
        answer = _answer(response.content, push.serial)
        taken = response.ok and answer == "00000"
        return self._noted(Sent(push.serial, code, "taken" if taken else "refused", response.status_code, answer))

    def envelope(self, push: Push) -> bytes:
        """040002 as EMS sends it, or as a fault leaves it."""
        key = _WRONG_KEY if self._faults.strikes(Fault.WRONG_SIGNATURE) else self._account.sign_key
        sealed = seal_sm4(json.dumps(push.operation, ensure_ascii=False), key)
        if self._faults.strikes(Fault.TRUNCATE):
            sealed = sealed[: len(sealed) // 2]
        envelope = {
            "logitcsInterface": sealed,
            "method": "040002",
            "msgType": "0",
            "senderNo": self._account.sender_no,
            "serialNo": push.serial,
            "timeStamp": push.operation["opTime"],
            "version": "v1.0.0",
        }
        return json.dumps(envelope).encode()

    def _noted(self, sent: Sent) -> Sent:
        with self._lock:
            self._log.append(sent)
        return sent


def _answer(content: bytes, serial: str) -> str:
    """The code of an answer in form that echoes our serial number; empty for any other."""
    try:
        told = json.loads(content[:65536])
    except ValueError:
        return ""
    return str(told.get("code", "")) if isinstance(told, dict) and told.get("serialNo") == serial else ""
