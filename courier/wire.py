"""One POST to a partner, through the one way out (`egress.door`): explicit time-outs, a bound on the answer.

It says what happened and judges nothing: bytes of a 2xx, or `Unknown` with a stable reason, or `TurnedAway` for a
4xx, which a partner's gateway gives before its order system has seen anything. TLS is always verified.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from courier.port import Unknown
from egress import door

# An order's answer is some hundred bytes, a long trace some ten thousand.
ANSWER_BYTES_MAX = 1024 * 1024
# 4xx that do not say whether the request was handled.
_UNCLEAR = {408, 409, 425}
_TOO_MANY = 429


def utc_now() -> datetime:
    """What a partner is told as the time of a request, unless a test says otherwise."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class TurnedAway:
    status: int


Answered = bytes | TurnedAway | Unknown


@dataclass(frozen=True)
class Patience:
    """Seconds. `read` bounds the wait for each piece and, with `connect`, the whole answer."""

    connect: float
    read: float


def post_form(url: str, form: Mapping[str, str], patience: Patience) -> Answered:
    """One attempt with a form, written as UTF-8."""
    return _post(url, dict(form), {}, {}, patience)


def post_body(
    url: str, body: bytes, headers: Mapping[str, str], query: Mapping[str, str], patience: Patience
) -> Answered:
    """One attempt with a body exactly as given: what was signed is what is sent."""
    return _post(url, body, headers, query, patience)


def _post(
    url: str, data: bytes | dict[str, str], headers: Mapping[str, str], query: Mapping[str, str], patience: Patience
) -> Answered:
    deadline = time.monotonic() + patience.connect + patience.read
    try:
        with (
            door.session(door.home(url)) as session,
            session.post(
                url,
                data=data,
                headers=dict(headers),
                params=dict(query),
                timeout=(patience.connect, patience.read),
                allow_redirects=False,
                stream=True,
            ) as response,
        ):
            return _judge(response, deadline)
    except door.OutgoingRefused as e:
        return Unknown("refused_here", e.reason, reached=False)
    except requests.Timeout as e:
        return Unknown("timeout", type(e).__name__, reached=not isinstance(e, requests.ConnectTimeout))
    except requests.RequestException as e:
        return Unknown("connection", type(e).__name__, reached=not _never_connected(e))


def _judge(response: requests.Response, deadline: float) -> Answered:
    status = response.status_code
    if status == _TOO_MANY:
        return Unknown("http_429", "too many requests", reached=False)
    if 400 <= status < 500 and status not in _UNCLEAR:
        return TurnedAway(status)
    if not 200 <= status < 300:
        return Unknown(f"http_{status}")
    try:
        return door.bounded(response, ANSWER_BYTES_MAX, deadline)
    except door.AnswerTooLarge:
        return Unknown("answer_too_large")


def _never_connected(error: requests.RequestException) -> bool:
    """No connection was made, so nothing was sent."""
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)
