"""The service on many hosts, as far as one kernel can play them: each host is a network namespace with an address of its
own on one bridge, and its link can be pulled. PostgreSQL, Redis and the S3 server are on the bridge's own address, with the
courier and the town; `web`, relay, clock, three readers and the workers have a host each.

What a host shares with the others here and would not elsewhere: the processor, the files (key file, log folder), the clock.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from tests.chaos.house import House, outside, premises, reader_of, specs
from tests.workers.service import until
from workers.supervise import Spec

READERS = ("reader-1", "reader-2", "reader-3")
OF_HOST: Mapping[str, str] = {
    "reader": "reader-1",
    "relay": "relay",
    "clock": "clock",
    "web": "web",
    "worker": "worker",
}
NAMES = ("web", "relay", "clock", "worker", *READERS)
TALKS_OUT = ("web", "worker")
"""To the courier and the town, which answer at 127.0.0.1 only: egress speaks plain HTTP with its own machine alone."""


class NoHosts(Exception):
    """This machine does not let us make hosts; the message says what it refused."""


@dataclass(frozen=True)
class Hosts:
    """By name: the last number of each address."""

    net: str
    mark: str
    numbers: Mapping[str, int]

    @property
    def hub(self) -> str:
        return f"{self.net}.1"

    @property
    def bridge(self) -> str:
        return f"ztb{self.mark}"

    def address(self, name: str) -> str:
        return f"{self.net}.{self.numbers[name]}"

    def namespace(self, name: str) -> str:
        return f"zt{self.mark}-{name}"

    def link(self, name: str) -> str:
        """The bridge's end of it."""
        return f"zt{self.mark}v{self.numbers[name]}"

    def inside(self, name: str) -> list[str]:
        """What to put before a command."""
        return ["nsenter", f"--net=/run/netns/{self.namespace(name)}"]

    def cut(self, name: str) -> None:
        """Every packet to and from it is dropped, and nobody is told."""
        _ip("link", "set", self.link(name), "down")

    def heal(self, name: str) -> None:
        _ip("link", "set", self.link(name), "up")


@contextmanager
def hosts() -> Iterator[Hosts]:
    """Gone at the end, whatever happened. Raises `NoHosts`."""
    number = os.getpid() % 200 + 20
    made = Hosts(f"10.231.{number}", f"{number:x}", {name: n for n, name in enumerate(NAMES, 2)})
    with ExitStack() as stack:
        stack.callback(_ip, "link", "del", made.bridge, missing=True)
        _ip("link", "add", made.bridge, "type", "bridge")
        _ip("addr", "add", f"{made.hub}/24", "dev", made.bridge)
        _ip("link", "set", made.bridge, "up")
        for name in NAMES:
            stack.callback(_ip, "netns", "del", made.namespace(name), missing=True)
            _join(made, name)
        yield made


def _join(made: Hosts, name: str) -> None:
    space, own = made.namespace(name), f"{made.link(name)}i"
    _ip("netns", "add", space)
    _ip("link", "add", made.link(name), "type", "veth", "peer", "name", own)
    _ip("link", "set", own, "netns", space)
    _ip("link", "set", made.link(name), "master", made.bridge, "up")
    _ip("-n", space, "addr", "add", f"{made.address(name)}/24", "dev", own)
    _ip("-n", space, "link", "set", own, "up")
    _ip("-n", space, "link", "set", "lo", "up")


def _ip(*words: str, missing: bool = False) -> None:
    try:
        done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False, timeout=30)
    except FileNotFoundError:
        raise NoHosts("`ip` is not there: apt-get install iproute2") from None
    if done.returncode and not missing:
        raise NoHosts(
            f"this machine makes no network namespaces, so the service cannot be tried on many hosts here: "
            f"`ip {' '.join(words)}`: {done.stderr.strip()}. It wants root and CAP_NET_ADMIN, and a kernel with veth and bridge."
        )


@contextmanager
def spread(seed_number: int = 0) -> Iterator[tuple[House, Hosts]]:
    """The service, ready, a host to each process."""
    with hosts() as there, premises(seed_number, also=there.hub) as here:
        for spec in (*outside(here, seed_number), *_ways(here, there)):
            here.supervisor.start(spec)
        for spec in _specs(here):
            here.supervisor.start(_on(there, spec, _elsewhere(here, there)))
        here.ready()
        yield here, there


def _specs(here: House) -> Iterator[Spec]:
    """One of each, and three readers."""
    for spec in specs(here):
        if spec.name in OF_HOST and spec.name != "reader":
            yield spec
    yield from (reader_of(here, name) for name in READERS)


def _on(there: Hosts, spec: Spec, env: Mapping[str, str]) -> Spec:
    return replace(spec, argv=[*there.inside(spec.name), *spec.argv], env={**env, **spec.env})


def _elsewhere(here: House, there: Hosts) -> dict[str, str]:
    """Where the servers are, seen from a host."""
    names = ("STORAGE_DATABASE_URL", "STORAGE_BLOBS", "WORKERS_REDIS_URL")
    return {name: here.env[name].replace("127.0.0.1", there.hub) for name in names} | {"WEB_HOST": "0.0.0.0"}


def _ways(here: House, there: Hosts) -> Iterator[Spec]:
    """To `web` from here; to the S3 server from the hosts; to the courier and the town from those who speak with them."""
    web, courier, town, s3 = (_port(u) for u in (here.doors.web, here.doors.courier, here.doors.town, here.s3.address))
    of_hub = [f"127.0.0.1:{web}={there.address('web')}:{web}"]
    of_hub += [f"{there.hub}:{port}=127.0.0.1:{port}" for port in (courier, town, s3)]
    yield _way(here, "ways-hub", [], of_hub)
    for name in TALKS_OUT:
        own = [f"127.0.0.1:{port}={there.hub}:{port}" for port in (courier, town)]
        yield _way(here, f"ways-{name}", there.inside(name), own)


def _way(here: House, name: str, before: list[str], ways: list[str]) -> Spec:
    return Spec(name, [*before, sys.executable, "-m", "tests.chaos.forward", *ways], here.log(name))


def _port(url: str) -> int:
    found = urlsplit(url).port
    assert found is not None
    return found


def said(log: Path, what: str) -> int:
    """How often a process has said it."""
    return log.read_text("utf-8", errors="replace").count(what) if log.exists() else 0


def reached(there: Hosts, name: str, port: int) -> bool:
    """Whether a host reaches the servers' address now."""
    ask = f"import socket; socket.create_connection(('{there.hub}', {port}), 2)"
    done = subprocess.run(
        [*there.inside(name), sys.executable, "-c", ask], capture_output=True, check=False, timeout=30
    )
    return done.returncode == 0


def until_reached(there: Hosts, name: str, port: int, seconds: float = 30) -> None:
    until(lambda: reached(there, name, port), f"{name} to reach the servers", seconds)
