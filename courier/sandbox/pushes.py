"""Sending pushes: as the speaker writes them, again until they are answered in form, and with whatever faults are
switched on.

A push counts as taken when the answer is 2xx and the speaker finds its receipt in it. The partners' own schedules of
repeats are not public or last for hours [?]; here it is `retry_s` seconds, doubled each time, `TRIES` times in all.
"""

import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import requests

from courier.sandbox.faults import Fault, Faults
from courier.sandbox.speaker import Damage, Push, Speaker
from courier.sandbox.times import Times

TRIES = 8
_ANSWER_BYTES_MAX = 65536


@dataclass(frozen=True)
class Sent:
    """What became of one sending. `answer` is the code in the receiver's answer."""

    serial: str
    op_code: str
    outcome: str
    status: int = 0
    answer: str = ""


class Pusher:
    """Sends to one address, which may be set later. `direct_to("")`: nobody listens any more, and what was still to be
    sent again is dropped."""

    def __init__(self, url: str, speaker: Speaker, faults: Faults, later: Times, retry_s: float) -> None:
        self.url = url
        self._speaker = speaker
        self._faults = faults
        self._later = later
        self._retry_s = retry_s
        self._lock = threading.Lock()
        self._listener = 0
        self._held: dict[str, list[Push]] = {}
        self._log: list[Sent] = []

    def direct_to(self, url: str) -> None:
        self.url = url
        self._listener += not url

    def log(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(s) for s in self._log]

    def send(self, pushes: list[Push]) -> None:
        """What one thing that happened has to say, in the parcel's own time, with every fault."""
        if not pushes:
            return
        if self._faults.strikes(Fault.DELAY):
            self._at(4 * self._retry_s, lambda: self._deliver_all(pushes))
        elif self._faults.strikes(Fault.REORDER) and self._hold(pushes):
            self._at(4 * self._retry_s, lambda: self._release(pushes[0].order_no))
        else:
            self._deliver_all(pushes)
            self._release(pushes[0].order_no)

    def deliver(self, push: Push, attempt: int = 1) -> list[Sent]:
        """Now, and on refusal again later. Returns what was sent now."""
        if self._faults.strikes(Fault.DROP):
            return [self._noted(Sent(push.serial, push.code, "dropped"))]
        sent = [self._once(push) for _ in range(2 if self._faults.strikes(Fault.DOUBLE) else 1)]
        if all(s.outcome != "taken" for s in sent) and attempt < TRIES and self.url:
            self._at(self._retry_s * 2 ** (attempt - 1), lambda: self.deliver(push, attempt + 1))
        return sent

    def _at(self, seconds: float, do: Callable[[], object]) -> None:
        """Later, unless by then nobody listens any more: what was for somebody else is not the next one's."""
        listener = self._listener
        self._later.at(seconds, lambda: do() if self._listener == listener else None)

    def _deliver_all(self, pushes: list[Push]) -> None:
        for push in pushes:
            self.deliver(push)

    def _hold(self, pushes: list[Push]) -> bool:
        with self._lock:
            return self._held.setdefault(pushes[0].order_no, pushes) is pushes

    def _release(self, order_no: str) -> None:
        with self._lock:
            held = self._held.pop(order_no, [])
        self._deliver_all(held)

    def _once(self, push: Push) -> Sent:
        if not self.url:
            return self._noted(Sent(push.serial, push.code, "no_address"))
        strikes = self._faults.strikes
        message = self._speaker.message(push, Damage(strikes(Fault.WRONG_SIGNATURE), strikes(Fault.TRUNCATE)))
        url = self.url.rpartition("/")[0] + "/nobodys-address" if message.to_wrong_address else self.url
        try:
            with requests.Session() as session:
                session.trust_env = False
                response = session.post(
                    url,
                    data=message.body,
                    headers={"Content-Type": message.content_type},
                    timeout=(3.05, 10),
                    allow_redirects=False,
                )
        except requests.RequestException as e:
            return self._noted(Sent(push.serial, push.code, type(e).__name__))
        in_form, answer = self._speaker.receipt(push, response.content[:_ANSWER_BYTES_MAX])
        outcome = "taken" if response.ok and in_form else "refused"
        return self._noted(Sent(push.serial, push.code, outcome, response.status_code, answer))

    def _noted(self, sent: Sent) -> Sent:
        with self._lock:
            self._log.append(sent)
        return sent
