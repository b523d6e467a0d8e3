"""HTTP as the demonstration speaks it: the resident's phone, the desk's and the departments' programs, the sandbox.

Every answer that is not as it should be becomes `StepFailed`, with what the server said.
"""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests

TIMEOUT = (3.05, 30.0)
"""Seconds to connect and to answer."""
POLL_SECONDS = 0.35
"""A person may ask 240 times a minute."""
AWAY_SECONDS = 30.0
"""How long a server that does not answer is asked again: it may be starting anew."""
A_MINUTE = 60.0

Json = dict[str, Any]


class StepFailed(Exception):
    """A step of the story did not work. The message says what the server answered."""


class Api:
    """One caller of one server."""

    def __init__(self, base: str, headers: Mapping[str, str]) -> None:
        self._base = base.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.update(headers)

    def get(self, path: str, **params: str) -> Json:
        return self._json("GET", path, params=params)

    def get_bytes(self, path: str) -> bytes:
        return self._call("GET", path).content

    def post(self, path: str, **body: Any) -> Json:
        return self._json("POST", path, json=body)

    def write(self, path: str, **body: Any) -> Json:
        """A change, which may be sent twice without being done twice."""
        return self.post(path, transaction_id=uuid4().hex, **body)

    def upload(self, path: str, file: Path, media_type: str) -> Json:
        data = {"transaction_id": uuid4().hex}
        return self._json("POST", path, files={"file": (file.name, file.read_bytes(), media_type)}, data=data)

    def delete(self, path: str) -> Json:
        return self._json("DELETE", path)

    def _json(self, method: str, path: str, **more: Any) -> Json:
        answer: Json = self._call(method, path, **more).json()
        return answer

    def _call(self, method: str, path: str, **more: Any) -> requests.Response:
        until = time.monotonic() + AWAY_SECONDS
        while True:
            answer = self._once(method, path, until, **more)
            if not isinstance(answer, float):
                return answer
            time.sleep(answer)

    def _once(self, method: str, path: str, until: float, **more: Any) -> requests.Response | float:
        """A number: ask again after so many seconds. Every write carries its transaction id, so asking again does nothing twice."""
        try:
            answer = self._session.request(method, self._base + path, timeout=TIMEOUT, **more)
        except (requests.ConnectionError, requests.Timeout) as error:
            if time.monotonic() < until:
                return POLL_SECONDS
            raise StepFailed(f"{method} {path}: {type(error).__name__}") from error
        patience = until + A_MINUTE if answer.status_code == 429 else until  # calls are counted by the minute
        if answer.status_code in (429, 502, 503) and time.monotonic() < patience:
            return max(POLL_SECONDS, float(answer.headers.get("Retry-After", 0)))
        if not answer.ok:
            raise StepFailed(f"{method} {path}: {answer.status_code} {said(answer)}")
        return answer


def said(answer: requests.Response) -> str:
    """The server's own sentence."""
    try:
        error = answer.json()["error"]
        return f"{error['code']}: {error['message']} {error.get('details') or ''}".strip()
    except (ValueError, KeyError, TypeError):
        return answer.text[:300]


def wait_for(what: str, ask: Callable[[], Json], enough: Callable[[Json], bool], seconds: float) -> Json:
    """Asks until it is so. Raises `StepFailed` saying what was waited for and what it looked like at the end."""
    until = time.monotonic() + seconds
    while True:
        answer = ask()
        if enough(answer):
            return answer
        if time.monotonic() > until:
            raise StepFailed(f"waited {seconds:.0f} s for {what}; state is {answer.get('state')}")
        time.sleep(POLL_SECONDS)
