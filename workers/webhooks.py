"""One message to a department's system, as Standard Webhooks has it: `webhook-id`, `webhook-timestamp`,
`webhook-signature: v1,…` over `id.timestamp.body`, one signature for each secret that is valid.

It goes only to hosts that the deployment names, over TLS (plain HTTP to this machine alone), to an address that was looked
at before the connection and is the one connected to; no redirects, no proxies from the environment, a bound on time and
answer. Source: the Standard Webhooks specification, and its test vector in the tests.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

import requests

from egress import door
from egress.door import hosts_from
from storage.department_systems import SECRET_PREFIX

CONNECT_S, READ_S = 3.05, 10.0
ANSWER_BYTES_MAX = 64 * 1024
_LONGEST_WAIT = timedelta(hours=1)
__all__ = ["Answered", "headers", "hosts_from", "refused_address", "refused_url", "send", "signature"]


@dataclass(frozen=True)
class Answered:
    """`status` of the answer, or `problem`: a stable word for why there is none."""

    status: int | None
    problem: str | None
    took: timedelta
    retry_after: timedelta | None = None

    @property
    def arrived(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """410: the receiver says that nothing more is wanted there."""
        return self.status == HTTPStatus.GONE


# ── signing ──


def signature(secret: str, message: str, timestamp: int, body: bytes) -> str:
    """`v1,…`. Raises `ValueError` for a secret that is none."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    signed = f"{message}.{timestamp}.".encode() + body
    return f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"


def headers(secrets: Sequence[str], message: str, at: datetime, body: bytes) -> dict[str, str]:
    timestamp = int(at.timestamp())
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "zerotrip-webhooks/1",
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(secret, message, timestamp, body) for secret in secrets),
    }


# ── sending ──


def refused_url(url: str, hosts: Sequence[str]) -> str | None:
    """Why nothing is sent there: a stable word, or nothing."""
    return door.refused_url(url, _rules(hosts))


def refused_address(host: str, address: str) -> bool:
    """Departments' networks are private ones, so those may be; what no server of theirs has may not."""
    return door.refused_address(host, address, private=True)


def _rules(hosts: Sequence[str]) -> door.Rules:
    return door.Rules(tuple(hosts), private=True)


def send(
    url: str, hosts: Sequence[str], head: dict[str, str], body: bytes, resolve: door.Resolve = door.resolved
) -> Answered:  # fmt: skip
    """One attempt. Never raises for what the other side does."""
    started = time.monotonic()
    try:
        with (
            door.session(_rules(hosts), resolve) as session,
            session.post(
                url, data=body, headers=head, timeout=(CONNECT_S, READ_S), allow_redirects=False, stream=True
            ) as answer,
        ):
            # what it says is of no use, but an answer that never ends is a time-out
            door.bounded(answer, ANSWER_BYTES_MAX, started + CONNECT_S + READ_S)
            wait = _wait(answer.headers.get("Retry-After", ""))
            return Answered(answer.status_code, None, _took(started), wait)
    except door.OutgoingRefused as refused:
        return _none(refused.reason, started)
    except requests.exceptions.SSLError:
        return _none("tls", started)
    except (requests.Timeout, door.AnswerTooLarge):
        return _none("timeout", started)
    except (requests.RequestException, ValueError):
        return _none("connection", started)


def _wait(raw: str) -> timedelta | None:
    return min(timedelta(seconds=int(raw)), _LONGEST_WAIT) if raw.isascii() and raw.isdigit() and len(raw) < 9 else None


def _took(started: float) -> timedelta:
    return timedelta(seconds=time.monotonic() - started)


def _none(problem: str, started: float) -> Answered:
    return Answered(None, problem, _took(started))
