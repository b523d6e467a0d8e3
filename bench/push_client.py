"""The load: verified EMS pushes, each an event of its own, over a few kept connections that each send the next push
when the last is answered. A process by itself, so that its work is not the server's.

Reads `Load` as JSON from stdin, writes `Heard` as JSON lines to stdout. A connection that breaks is opened again; what
was under way then is counted as unanswered and not sent again.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from courier.signing import seal_sm4

REOPEN_SECONDS = 0.02
ANSWER_SECONDS = 10.0


@dataclass(frozen=True)
class Load:
    port: int
    path: str
    sign_key: str
    sender_no: str
    seconds: float
    connections: int
    run: str
    """In every serial number, so that no two runs send the same."""


@dataclass(frozen=True)
class Heard:
    """Of one push: HTTP status, 0 for no answer; seconds until it; seconds since the start when it came."""

    serial: str
    status: int
    seconds: float
    at: float


def push(load: Load, number: int) -> tuple[str, bytes]:
    """One scan of one parcel, as EMS seals it."""
    serial = f"{load.run}{number:09d}"
    printed = datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(seconds=number)
    scan = {
        "waybillNo": f"12{number:011d}",
        "orderNo": f"ZT{serial}",
        "opCode": "389",
        "opName": "离开处理中心",
        "opTime": f"{printed:%Y-%m-%d %H:%M:%S}",
        "opDesc": "离开【广州处理中心】，下一站【海珠营业部】",
        "opOrgCode": "51000061",
        "opOrgName": "广州处理中心",
        "opOrgProvName": "广东省",
        "opOrgCity": "广州市",
    }
    return serial, body_of(load.sign_key, load.sender_no, serial, scan)


def body_of(sign_key: str, sender_no: str, serial: str, scan: Mapping[str, str]) -> bytes:
    """A scan, sealed and in its envelope."""
    envelope = {
        "logitcsInterface": seal_sm4(json.dumps(scan, ensure_ascii=False), sign_key),
        "method": "040002",
        "msgType": "0",
        "senderNo": sender_no,
        "serialNo": serial,
        "timeStamp": scan["opTime"],
        "version": "v1.0.0",
    }
    return json.dumps(envelope).encode()


def posted(port: int, path: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Content-Type: application/json;charset=UTF-8\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def connection(load: Load, numbers: Iterator[int], started: float) -> AsyncIterator[Heard]:
    ends = started + load.seconds
    while time.perf_counter() < ends:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", load.port)
        except OSError:
            await asyncio.sleep(REOPEN_SECONDS)
            continue
        async for heard in talk(load, numbers, started, reader, writer):
            yield heard
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def talk(
    load: Load, numbers: Iterator[int], started: float, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> AsyncIterator[Heard]:
    """Until the time is over or the connection breaks."""
    while time.perf_counter() < started + load.seconds:
        serial, body = push(load, next(numbers))
        sent = time.perf_counter()
        try:
            writer.write(posted(load.port, load.path, body))
            status, _, _ = await asyncio.wait_for(answer(reader), ANSWER_SECONDS)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            status = 0
        now = time.perf_counter()
        yield Heard(serial, status, now - sent, now - started)
        if status == 0:
            return


async def answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    """Status, heads and body, when the whole answer has come."""
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")
    heads = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(heads.get("content-length", "0")))
    return int(first.split(" ", 2)[1]), heads, body


async def main() -> None:
    load = Load(**json.load(sys.stdin))
    numbers, started = iter(range(10**9)), time.perf_counter()

    async def one() -> list[Heard]:
        return [heard async for heard in connection(load, numbers, started)]

    for heard in await asyncio.gather(*(one() for _ in range(load.connections))):
        for each in heard:
            sys.stdout.write(json.dumps(asdict(each)) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
