"""One message to a department's system, as Standard Webhooks has it: `webhook-id`, `webhook-timestamp`,
`webhook-signature: v1,…` over `id.timestamp.body`, one signature for each secret that is valid.

It goes only to hosts that the deployment names, over TLS (plain HTTP to this machine alone), to an address that was looked
at before the connection and is the one connected to; no redirects, no proxies from the environment, a bound on time and
answer. Source: the Standard Webhooks specification, and its test vector in the tests.
"""

import base64
import hashlib
import hmac
import ipaddress
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from storage.department_systems import SECRET_PREFIX

CONNECT_S, READ_S = 3.05, 10.0
ANSWER_BYTES_MAX = 64 * 1024
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_LONGEST_WAIT = timedelta(hours=1)
Resolve = Callable[[str, int], Sequence[str]]


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


# ── where to ──


def hosts_from(raw: str) -> tuple[str, ...]:
    """`oa.example.gov.cn, .example.gov.cn`: a host, or with a dot before it every host below."""
    return tuple(dict.fromkeys(host.strip().lower() for host in raw.replace(",", " ").split() if host.strip()))


def refused_url(url: str, hosts: Sequence[str]) -> str | None:
    """Why nothing is sent there: a stable word, or nothing."""
    try:
        parts = urlsplit(url)
        host, _ = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return "url_malformed"
    if not host or parts.username is not None or parts.fragment:
        return "url_malformed"
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _THIS_MACHINE):
        return "https_only"
    listed = host in hosts or any(h.startswith(".") and host.endswith(h) for h in hosts)
    return None if listed else "host_not_listed"


def refused_address(host: str, address: str) -> bool:
    """Departments' networks are private ones, so those may be; what no server of theirs has may not."""
    ip = ipaddress.ip_address(address)
    mapped = getattr(ip, "ipv4_mapped", None)
    ip = mapped or ip
    if ip.is_loopback:
        return host not in _THIS_MACHINE
    return ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip.is_reserved


def resolved(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


# ── sending ──


class _Pinned(HTTPAdapter):
    """Connects to an address, and speaks TLS with the host it was looked up for."""

    def __init__(self, host: str) -> None:
        self._host = host
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        super().init_poolmanager(*args, server_hostname=self._host, assert_hostname=self._host, **more)


def send(
    url: str, hosts: Sequence[str], head: dict[str, str], body: bytes, resolve: Resolve = resolved
) -> Answered:  # fmt: skip
    """One attempt. Never raises for what the other side does."""
    started = time.monotonic()
    problem = refused_url(url, hosts)
    if problem is not None:
        return Answered(None, problem, timedelta())
    parts = urlsplit(url)
    host, port = str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80)
    try:
        addresses = resolve(host, port)
    except OSError:
        return _none("unknown_host", started)
    if not addresses or any(refused_address(host, a) for a in addresses):
        return _none("address_refused", started)
    at = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
    target = parts._replace(netloc=f"{at}:{port}").geturl()
    return _post(target, host, head | {"Host": parts.netloc}, body, started)


def _post(target: str, host: str, head: dict[str, str], body: bytes, started: float) -> Answered:
    try:
        with requests.Session() as session:
            session.trust_env = False
            session.mount("https://", _Pinned(host))
            with session.post(
                target, data=body, headers=head, timeout=(CONNECT_S, READ_S), allow_redirects=False, stream=True
            ) as answer:
                _read(answer, started)
                wait = _wait(answer.headers.get("Retry-After", ""))
                return Answered(answer.status_code, None, _took(started), wait)
    except requests.exceptions.SSLError:
        return _none("tls", started)
    except requests.Timeout:
        return _none("timeout", started)
    except requests.RequestException:
        return _none("connection", started)


def _read(answer: requests.Response, started: float) -> None:
    """What it says is of no use; an answer that never ends is a time-out."""
    size = 0
    for piece in answer.iter_content(8192):
        size += len(piece)
        if size > ANSWER_BYTES_MAX or time.monotonic() - started > CONNECT_S + READ_S:
            raise requests.Timeout


def _wait(raw: str) -> timedelta | None:
    return min(timedelta(seconds=int(raw)), _LONGEST_WAIT) if raw.isascii() and raw.isdigit() and len(raw) < 9 else None


def _took(started: float) -> timedelta:
    return timedelta(seconds=time.monotonic() - started)


def _none(problem: str, started: float) -> Answered:
    return Answered(None, problem, _took(started))
