"""The load of `bench.uploads`: pages sent at an even pace, whatever is still unanswered, over kept connections. A process
by itself, so that its work is not the server's.

Reads `Load` as JSON from stdin, writes `Sent` as JSON to stdout. A page's time runs from the moment at which it was due.
"""

import asyncio
import json
import sys
from collections import deque
from dataclasses import asdict, dataclass, field
from pathlib import Path
from uuid import uuid4

import uvloop

ANSWERS_WITHIN_S = 30.0
BOUNDARY = "zerotrip-bench"


@dataclass(frozen=True)
class Load:
    port: int
    places: tuple[tuple[str, str], ...]
    """Token and path of each page to send, each once."""
    picture: str
    a_second: float
    seconds: float


@dataclass
class Sent:
    by_status: dict[str, int] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)


class Line:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, whole: bytes) -> str:
        try:
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", self._port)
            reader, writer = self._streams
            writer.write(whole)
            await writer.drain()
            return await asyncio.wait_for(_answer(reader), ANSWERS_WITHIN_S)
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            self._streams = None
            return type(error).__name__


async def _answer(reader: asyncio.StreamReader) -> str:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = next((line[15:] for line in head.split("\r\n") if line.startswith("content-length:")), "0")
    await reader.readexactly(int(length))
    return head.split(" ", 2)[1]


def page(load: Load, token: str, path: str, picture: bytes, number: int) -> bytes:
    """Each page a picture of its own: the same one twice would be a duplicate."""
    fields = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="transaction_id"\r\n\r\n{uuid4().hex}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="p.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    ).encode()
    body = fields + picture + f"{number:09d}".encode() + f"\r\n--{BOUNDARY}--\r\n".encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{load.port}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def run(load: Load) -> Sent:
    loop, sent, picture = asyncio.get_running_loop(), Sent(), Path(load.picture).read_bytes()
    idle, busy, began, number = deque[Line](), set[asyncio.Task[None]](), loop.time(), 0

    async def one(due: float, number: int) -> None:
        line = idle.popleft() if idle else Line(load.port)
        status = await line.send(page(load, *load.places[number], picture, number))
        sent.by_status[status] = sent.by_status.get(status, 0) + 1
        sent.seconds.append(loop.time() - due)
        idle.append(line)

    while number < min(len(load.places), load.a_second * load.seconds):
        due = began + number / load.a_second
        if (wait := due - loop.time()) > 0:
            await asyncio.sleep(wait)
        task = loop.create_task(one(due, number))
        busy.add(task)
        task.add_done_callback(busy.discard)
        number += 1
    await asyncio.gather(*busy)
    return sent


def main() -> None:
    raw = json.load(sys.stdin)
    load = Load(**{**raw, "places": tuple(map(tuple, raw["places"]))})
    json.dump(asdict(uvloop.run(run(load))), sys.stdout)


if __name__ == "__main__":
    main()
