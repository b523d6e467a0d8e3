"""The load of `bench.polling`: residents who look at their case again every so often, each over a connection of their own
that is kept between two looks. A process by itself, so that its work is not the server's.

Reads `Load` as JSON from stdin, writes `Looks` as JSON to stdout. Looks fall due evenly over time and are sent when they
are due, whatever is still unanswered: a server that falls behind is not spared. A look's time runs from the moment at
which it was due, so that waiting in this client counts, too.
"""

import asyncio
import json
import resource
import sys
from dataclasses import asdict, dataclass, field
from typing import cast

import uvloop

OPENED_AT_ONCE = 200
ENDS_AFTER_S = 15.0
TICK_S = 0.005


@dataclass(frozen=True)
class Load:
    port: int
    requests: tuple[str, ...]
    """The whole head of each resident's request."""
    every_s: float
    seconds: float


@dataclass
class Looks:
    by_status: dict[str, int] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    """Of each that was answered."""
    reopened: int = 0
    unanswered: int = 0
    cpu_s: float = 0.0


class Phone(asyncio.Protocol):
    """One resident's connection. An answer of these has no body, so it ends with its head."""

    def __init__(self, request: str, looks: Looks, counted: list[bool]) -> None:
        self._request, self._looks, self._counted = request.encode(), looks, counted
        self._transport: asyncio.WriteTransport | None = None
        self._due: float | None = None
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)  # uvloop's is none by its class

    def connection_lost(self, _: Exception | None) -> None:
        self._transport = None

    @property
    def is_open(self) -> bool:
        return self._transport is not None

    @property
    def is_waiting(self) -> bool:
        return self._due is not None

    def look(self, due: float) -> None:
        if self._due is not None or self._transport is None:
            self._looks.unanswered += 1
            return
        self._due, self._heard = due, b""
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._heard += data
        if self._due is None or b"\r\n\r\n" not in self._heard:
            return
        took, self._due = asyncio.get_running_loop().time() - self._due, None
        status = self._heard[9:12].decode("latin-1")
        if self._counted[0]:
            self._looks.by_status[status] = self._looks.by_status.get(status, 0) + 1
            self._looks.seconds.append(took)


async def run(load: Load) -> Looks:
    loop, looks, counted = asyncio.get_running_loop(), Looks(), [False]
    phones = [Phone(request, looks, counted) for request in load.requests]
    for first in range(0, len(phones), OPENED_AT_ONCE):
        opened = (_open(load.port, phone) for phone in phones[first : first + OPENED_AT_ONCE])
        await asyncio.gather(*opened)
    began, sent, per_second = loop.time(), 0, len(phones) / load.every_s
    used = 0.0
    while (past := loop.time() - began) < load.every_s + load.seconds:
        if not counted[0] and past >= load.every_s:  # every connection has been used once
            counted[0], looks.unanswered, looks.reopened, used = True, 0, 0, _cpu()
        while sent < past * per_second:
            phone = phones[sent % len(phones)]
            if not phone.is_open:
                looks.reopened += 1
                await _open(load.port, phone)
            phone.look(began + sent / per_second)
            sent += 1
        await asyncio.sleep(TICK_S)
    looks.cpu_s = _cpu() - used
    last = loop.time() + ENDS_AFTER_S
    while any(p.is_waiting for p in phones) and loop.time() < last:
        await asyncio.sleep(TICK_S)
    looks.unanswered += sum(p.is_waiting for p in phones)
    return looks


async def _open(port: int, phone: Phone) -> None:
    await asyncio.get_running_loop().create_connection(lambda: phone, "127.0.0.1", port)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    load = Load(**json.load(sys.stdin))
    wanted = len(load.requests) + 200
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if most < 0 else min(most, wanted), most))
    json.dump(asdict(uvloop.run(run(load))), sys.stdout)


if __name__ == "__main__":
    main()
