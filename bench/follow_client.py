"""The load of `bench.follow`: pushes at a steady pace, and a watcher that tells when what each of them said is there.

A process by itself. Reads `Load` as JSON from stdin, writes `Told` to stdout. A push is sent when it is due, whatever has
become of those before it, over kept connections; from its due moment to the 2xx and to its being seen is counted, so that
what had to wait for a connection is not let off. The watcher asks the database for all that is outstanding by one
statement, waits a little, and asks again: what it sees is committed, and it sees it late by up to a round, never early.
Of some parcels the resident looks, too, through the API, again and again until the case says it.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

import psycopg

from bench.push_client import answer, body_of, posted

ROUND_SECONDS = 0.004
LOOK_SECONDS = 0.02
"""Between two looks of a resident at the same case."""
PATIENCE_SECONDS = 30.0
"""For an answer, and after the last push for what is outstanding."""
BACK = 500
"""Rows that are committed later may have smaller numbers: so far back the watcher looks again."""


@dataclass(frozen=True)
class Sent:
    """`leg`: what moves, and `at` its new moment (seconds since 1970). `look`: path, token and the leg's state that a resident
    waits to see."""

    serial: str
    scan: Mapping[str, str]
    leg: str
    at: float
    look: Sequence[str] | None = None


@dataclass(frozen=True)
class Load:
    """`warm`: so many of the first are sent and not counted. `bare`: the endpoint that inserts one row, which is watched."""

    port: int
    path: str
    sign_key: str
    sender_no: str
    database_url: str
    a_second: float
    connections: int
    warm: int
    bare: bool
    pushes: Sequence[Sent]


@dataclass
class Told:
    """Seconds from its due moment, of each push that is counted. `lost`: neither seen nor given up by its sender in time."""

    statuses: dict[str, int] = field(default_factory=dict)
    sent: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)
    looked: list[float] = field(default_factory=list)
    unseen: int = 0
    rounds: int = 0
    seconds: float = 0.0


@dataclass
class Outstanding:
    push: Sent
    due: float
    counted: bool


class Run:
    def __init__(self, load: Load) -> None:
        self._load, self.told = load, Told()
        self._bodies = [_body(load, push) for push in load.pushes]
        self.outstanding: dict[str, list[Outstanding]] = {}
        """By what the watcher looks for."""
        self._idle: asyncio.Queue[_Line] = asyncio.Queue()
        self._statuses = Counter[int]()
        self._sending = True

    async def go(self) -> Told:
        for _ in range(self._load.connections):
            self._idle.put_nowait(_Line(self._load.port))
        watching = asyncio.create_task(self._watch())
        looks = await self._send_all()
        self._sending = False
        await watching
        await asyncio.gather(*looks)
        self.told.unseen = sum(each.counted for waiting in self.outstanding.values() for each in waiting)
        self.told.statuses = {str(status): n for status, n in self._statuses.items()}
        return self.told

    # ── sending ──

    async def _send_all(self) -> "list[asyncio.Task[None]]":
        began, tasks = time.perf_counter(), list[asyncio.Task[None]]()
        for number, (push, body) in enumerate(zip(self._load.pushes, self._bodies, strict=True)):
            due = began + number / self._load.a_second
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            one = Outstanding(push, due, number >= self._load.warm)
            self.outstanding.setdefault(push.serial if self._load.bare else push.leg, []).append(one)
            tasks.append(asyncio.create_task(self._send(one, body)))
            if push.look is not None and one.counted:
                tasks.append(asyncio.create_task(self._look(one, *push.look)))
        self.told.seconds = (len(self._load.pushes) - self._load.warm) / self._load.a_second
        return tasks

    async def _send(self, one: Outstanding, body: bytes) -> None:
        line = await self._idle.get()
        sent = time.perf_counter()
        status = await line.post(self._load.path, body)
        self._idle.put_nowait(line)
        if one.counted:
            self._statuses[status] += 1
            self.told.sent.append(sent - one.due)
            self.told.answered.append(time.perf_counter() - one.due)

    # ── watching ──

    async def _watch(self) -> None:
        deadline = float("inf")
        database = await psycopg.AsyncConnection.connect(self._load.database_url, autocommit=True)
        async with database:
            there = _rows(database) if self._load.bare else _legs(database)
            while (self._sending or self.outstanding) and time.perf_counter() < deadline:
                if self.outstanding:
                    self.saw(await there(list(self.outstanding)))
                await asyncio.sleep(ROUND_SECONDS)
                if not self._sending:
                    deadline = min(deadline, time.perf_counter() + PATIENCE_SECONDS)

    def saw(self, reached: Mapping[str, float]) -> None:
        now = time.perf_counter()
        self.told.rounds += 1
        for thing, at in reached.items():
            waiting = self.outstanding.get(thing, [])
            self.told.seen += [now - each.due for each in waiting if each.push.at <= at and each.counted]
            if left := [each for each in waiting if each.push.at > at]:
                self.outstanding[thing] = left
            else:
                self.outstanding.pop(thing, None)

    async def _look(self, one: Outstanding, path: str, token: str, state: str) -> None:
        """As a phone does: with the mark of the last answer, so that nothing new costs nothing."""
        line, mark = _Line(self._load.port), ""
        while time.perf_counter() < one.due + PATIENCE_SECONDS:
            status, heads, body = await line.get(path, token, mark)
            mark = heads.get("etag", mark)
            if status == 200 and state in [leg["state"] for leg in json.loads(body)["legs"]]:
                self.told.looked.append(time.perf_counter() - one.due)
                break
            await asyncio.sleep(LOOK_SECONDS)
        line.close()


Asked = Callable[[Sequence[str]], Awaitable[Mapping[str, float]]]
_LEGS = "SELECT id, extract(epoch FROM since)::float8 FROM legs WHERE id = ANY(%s)"
_ROWS = "SELECT id, convert_from(substr(body, 1, %s), 'UTF8') FROM bare WHERE id > %s"


def _legs(database: "psycopg.AsyncConnection[Any]") -> Asked:
    """The moments of these legs, as far as they are committed."""

    async def ask(legs: Sequence[str]) -> Mapping[str, float]:
        cursor = await database.execute(_LEGS, (legs,), prepare=True)
        return dict(await cursor.fetchall())

    return ask


def _rows(database: "psycopg.AsyncConnection[Any]") -> Asked:
    """Which of these rows are there."""
    newest = 0

    async def ask(serials: Sequence[str]) -> Mapping[str, float]:
        nonlocal newest
        cursor = await database.execute(_ROWS, (len(serials[0]), newest - BACK), prepare=True)
        rows = await cursor.fetchall()
        newest = max([newest, *(number for number, _ in rows)])
        return {serial: float("inf") for _, serial in rows}

    return ask


class _Line:
    """A kept connection; opened anew when it broke."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, body: bytes) -> int:
        """The status; 0: no answer."""
        return (await self._talk(posted(self._port, path, body)))[0]

    async def get(self, path: str, token: str, mark: str) -> tuple[int, dict[str, str], bytes]:
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nAuthorization: Bearer {token}\r\n"
        return await self._talk((head + (f"If-None-Match: {mark}\r\n" if mark else "") + "\r\n").encode())

    async def _talk(self, said: bytes) -> tuple[int, dict[str, str], bytes]:
        try:
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", self._port)
            reader, writer = self._streams
            writer.write(said)
            return await asyncio.wait_for(answer(reader), PATIENCE_SECONDS)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            self.close()
            return 0, {}, b""

    def close(self) -> None:
        if self._streams is not None:
            with suppress(OSError):
                self._streams[1].close()
        self._streams = None


def _body(load: Load, push: Sent) -> bytes:
    """Sealed before anything is timed. The bare endpoint is sent as many bytes, its name first."""
    sealed = body_of(load.sign_key, load.sender_no, push.serial, push.scan)
    return push.serial.encode().ljust(len(sealed)) if load.bare else sealed


def main() -> None:
    told = json.load(sys.stdin)
    load = Load(**{**told, "pushes": [Sent(**push) for push in told["pushes"]]})
    json.dump(asdict(asyncio.run(Run(load).go())), sys.stdout)


if __name__ == "__main__":
    main()
