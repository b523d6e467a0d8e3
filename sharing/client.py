"""A registry over HTTP: one signed POST, a bound on time and size, no redirect, no proxy from the environment.

An answer counts only with its signature over this very request. What went wrong is a stable word without anything
personal; whoever asked decides whether to ask again.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import requests

from egress import door
from sharing import signing, wire
from sharing.port import Answer, Authorisation, Person, Refused, Unavailable
from sharing.settings import SharingSettings

ANSWER_BYTES_MAX = 256 * 1024
"""A household register of forty pages is some twenty thousand bytes."""
_LATER = frozenset({408, 425, 429})
_LONGEST_WAIT_S = 60


@dataclass(frozen=True)
class _Heard:
    status: int
    body: bytes
    signature: str
    retry_after: str


class HttpRegistry:
    """`sharing.port.Registry`."""

    def __init__(self, settings: SharingSettings, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._settings, self._now = settings, now

    def ask(self, kind: str, person: Person, authorisation: Authorisation, /) -> Answer:
        body, nonce, started = wire.question(kind, person, authorisation), secrets.token_hex(16), time.monotonic()
        heard = self._post(body, nonce)
        if isinstance(heard, Unavailable):
            return heard
        if not signing.same(heard.signature, signing.of_answer(self._settings.secret, nonce, heard.status, heard.body)):
            return _unsigned(heard)
        if heard.status != requests.codes.ok:
            return Refused(f"http_{heard.status}")
        return wire.answer(kind, person, authorisation, heard.body, time.monotonic() - started)

    def _headers(self, body: bytes, nonce: str) -> dict[str, str]:
        stamp = signing.Stamp(self._settings.client, str(int(self._now().timestamp())), nonce)
        return {
            "Content-Type": "application/json",
            signing.CLIENT: stamp.client,
            signing.TIMESTAMP: stamp.timestamp,
            signing.NONCE: stamp.nonce,
            signing.SIGNATURE: signing.of_request(self._settings.secret, stamp, wire.PATH, body),
        }

    def _post(self, body: bytes, nonce: str) -> _Heard | Unavailable:
        deadline = time.monotonic() + self._settings.timeout_s
        try:
            with (
                door.session(door.home(self._settings.url)) as session,
                session.post(
                    self._settings.url + wire.PATH,
                    data=body,
                    headers=self._headers(body, nonce),
                    timeout=self._settings.timeout_s,
                    allow_redirects=False,
                    stream=True,
                ) as answer,
            ):
                return _heard(answer, deadline)
        except requests.Timeout:
            return Unavailable("timeout")
        except requests.RequestException as error:
            return Unavailable(f"connection_{type(error).__name__}")


def _heard(answer: requests.Response, deadline: float) -> _Heard | Unavailable:
    try:
        body = door.bounded(answer, ANSWER_BYTES_MAX, deadline)
    except door.AnswerTooLarge:
        return Unavailable("answer_too_large")
    headers = answer.headers
    return _Heard(
        answer.status_code, body, headers.get(signing.SIGNATURE, ""), headers.get("Retry-After", "")
    )  # fmt: skip


def _unsigned(heard: _Heard) -> Answer:
    """Whatever stands between may have said it; only its status is looked at, and proves nothing."""
    if 200 <= heard.status < 300:
        return Unavailable("wrong_signature")
    if 400 <= heard.status < 500 and heard.status not in _LATER:
        return Refused(f"http_{heard.status}")
    return Unavailable(f"http_{heard.status}", _wait(heard.retry_after))


def _wait(raw: str) -> timedelta | None:
    return timedelta(seconds=min(int(raw), _LONGEST_WAIT_S)) if raw.isascii() and raw.isdigit() else None
