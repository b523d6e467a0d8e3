"""Requests of others: only to hosts that were configured, at an address that was looked at, and with an end.

Promises: no redirect is followed, no proxy or password is taken from the environment, TLS is always verified; the
address that was checked after the name was resolved is the one connected to, so a name that changes its mind in between
leads nowhere; an answer is bounded in bytes and, by the caller's deadline, in time.

Refuses, as `OutgoingRefused` with a stable word: a host that is not listed; plain HTTP, but to this machine or inside
the office's own network; an address of this machine, of a cloud's metadata or of no server's at all; and a private
address, unless the configuration names it: as a number, by `allow_private`, or by `Rules.private`.
"""

import ipaddress
import socket
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

ANSWER_BYTES_MAX = 1024 * 1024
"""Whatever asks for more says so: what partners, platforms and providers answer is some thousand bytes."""
LONGEST_S = 60.0
"""A whole answer, where the caller sets no deadline of its own."""
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
PRIVATE_HOSTS = "OUTGOING_PRIVATE_HOSTS"
"""The variable that `allow_private` is given."""
Resolve = Callable[[str, int], Sequence[str]]


class OutgoingRefused(requests.ConnectionError):
    """Nothing was sent. `reason` is a stable word and holds nothing of the address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AnswerTooLarge(requests.RequestException):
    """More came than is read."""


@dataclass(frozen=True)
class Rules:
    """`hosts`: where to, each a name, or with a dot before it every name below. `private`: they stand in a private
    network, as those of departments do."""

    hosts: tuple[str, ...]
    private: bool = False


def home(*urls: str) -> Rules:
    """To the hosts of these addresses, which were configured, and nowhere else."""
    return Rules(tuple(dict.fromkeys((urlsplit(url).hostname or "").lower() for url in urls)))


class _Private:
    """Names of the configuration whose servers stand in private networks. Set once, when a process begins."""

    hosts: frozenset[str] = frozenset()


def allow_private(raw: str) -> None:
    """What the variable says: names, by commas or spaces, whose addresses may be private ones."""
    _Private.hosts = frozenset(host.lower() for host in raw.replace(",", " ").split())


# ── where to ──


def refused_url(url: str, rules: Rules) -> str | None:
    """Why nothing is sent there: a stable word, or nothing."""
    try:
        parts = urlsplit(url)
        host, _ = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return "url_malformed"
    if not host or parts.username is not None or parts.fragment:
        return "url_malformed"
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_near(host)):
        return "https_only"
    listed = host in rules.hosts or any(h.startswith(".") and host.endswith(h) for h in rules.hosts)
    return None if listed else "host_not_listed"


def _is_near(host: str) -> bool:
    """This machine, or a server of the office's own network that the configuration names."""
    return host in THIS_MACHINE or host in _Private.hosts or _is_private_number(host)


def _is_private_number(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False


def refused_address(host: str, address: str, *, private: bool) -> bool:
    """Whether a server of that name may not stand at that address."""
    plain = ipaddress.ip_address(address)
    ip = getattr(plain, "ipv4_mapped", None) or plain
    if ip.is_loopback:
        return host not in THIS_MACHINE
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip.is_reserved:
        return True
    return not (ip.is_global or private or host in _Private.hosts or host == str(plain))


def resolved(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


# ── the way ──


def session(rules: Rules, resolve: Resolve = resolved) -> requests.Session:
    """For one conversation, used as a context."""
    made = requests.Session()
    guard(made, rules, resolve)
    return made


def guard(made: requests.Session, rules: Rules, resolve: Resolve = resolved) -> None:
    """The same for a session that somebody else's library made."""
    made.trust_env = False
    made.get_redirect_target = _nowhere  # type: ignore[method-assign, assignment]  # one is an answer like another
    for scheme in ("https://", "http://"):
        made.mount(scheme, _Guarded(rules, resolve))


def _nowhere(_: requests.Response) -> None:
    return None


def bounded(answer: requests.Response, most: int = ANSWER_BYTES_MAX, deadline: float | None = None) -> bytes:
    """The body. `deadline`: of `time.monotonic`. Raises `AnswerTooLarge`, `requests.Timeout`."""
    until, body = deadline or time.monotonic() + LONGEST_S, bytearray()
    for piece in answer.iter_content(8192):
        body += piece
        if len(body) > most:
            raise AnswerTooLarge("the answer is too large")
        if time.monotonic() > until:
            raise requests.Timeout("the answer drips")
    return bytes(body)


class _Guarded(HTTPAdapter):
    """Looks before it connects."""

    def __init__(self, rules: Rules, resolve: Resolve) -> None:
        super().__init__(max_retries=0)
        self._rules, self._resolve = rules, resolve
        self._opened: list[HTTPAdapter] = []

    def send(  # noqa: PLR0917  # as its base has it
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,  # noqa: ARG002  # none are used
    ) -> requests.Response:
        host, target = self._looked_at(str(request.url))
        pinned = request.copy()
        pinned.headers.setdefault("Host", urlsplit(str(request.url)).netloc)
        pinned.url = target
        adapter = _Pinned(host)
        self._opened.append(adapter)
        answer = adapter.send(pinned, stream=True, timeout=timeout, verify=verify, cert=cert)
        answer.request, answer.url = request, str(request.url)
        if not stream:
            # what requests does itself, without an end
            answer._content, answer._content_consumed = bounded(answer), True  # type: ignore[attr-defined]
        return answer

    def _looked_at(self, url: str) -> tuple[str, str]:
        """The host, and its address in place of its name."""
        if (problem := refused_url(url, self._rules)) is not None:
            raise OutgoingRefused(problem)
        parts = urlsplit(url)
        host, port = str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80)
        try:
            addresses = self._resolve(host, port)
        except OSError:
            raise OutgoingRefused("unknown_host") from None
        if not addresses or any(refused_address(host, a, private=self._rules.private) for a in addresses):
            raise OutgoingRefused("address_refused")
        at = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
        return host, parts._replace(netloc=f"{at}:{port}").geturl()

    def close(self) -> None:
        for adapter in self._opened:
            adapter.close()
        super().close()


class _Pinned(HTTPAdapter):
    """Connects to an address, and speaks TLS with the host it was looked up for."""

    def __init__(self, host: str) -> None:
        self._host = host
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        super().init_poolmanager(*args, server_hostname=self._host, assert_hostname=self._host, **more)


def hosts_from(raw: str) -> tuple[str, ...]:
    """`oa.example.gov.cn, .example.gov.cn`: a host, or with a dot before it every host below."""
    return tuple(dict.fromkeys(_words(raw)))


def _words(raw: str) -> Iterable[str]:
    return (host.strip().lower() for host in raw.replace(",", " ").split() if host.strip())
