"""A way to the S3 server that can be made bad: 503, slow, cut in the middle of a body, or closed.

TCP both ways on a thread with an event loop of its own. It knows no more of HTTP than its 503: what it spoils, it spoils in
the middle of the bytes, as networks do.
"""

import asyncio
import contextlib
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from urllib.parse import urlsplit

CHUNK = 16_384
BODY = 1_000
"""A chunk that is longer has more than a head in it."""
SLOW_SECONDS = 1.2
REFUSAL = b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Mood(StrEnum):
    GOOD = "good"
    REFUSING = "503"
    SLOW = "slow"
    CUTTING = "cutting"
    AWAY = "away"


class S3Proxy:
    """`mood` may be changed at any time and counts from the next chunk on. `spoilt` counts what was."""

    def __init__(self, upstream: str, seed: int = 0) -> None:
        parts = urlsplit(upstream)
        self._to = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._random = random.Random(seed)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over, self._served = asyncio.Event(), set[asyncio.Task[None]]()
        self.mood, self.spoilt, self.port = Mood.GOOD, 0, 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="s3-proxy", daemon=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._thread.start()
        self._ready.wait(10)

    def stop(self) -> None:
        """Nobody is let in any more, and who is in is put out."""
        if self._loop:
            self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.run(self._stand())

    async def _stand(self) -> None:
        server = await asyncio.start_server(self._let_in, "127.0.0.1", 0)
        self._loop, self.port = asyncio.get_running_loop(), server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._over.wait()
        server.close()
        # again for those who were let in meanwhile
        while under_way := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    def _let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """No coroutine: asyncio would complain of each that is put out."""
        served = asyncio.create_task(self._serve(reader, writer))
        self._served.add(served)
        served.add_done_callback(self._served.discard)
        served.add_done_callback(lambda _: writer.close())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            try:
                upstream = await asyncio.open_connection(*self._to)
            except OSError:
                writer.transport.abort()
                return
            back = asyncio.create_task(self._pump(upstream[0], writer, writer))
            await self._pump(reader, upstream[1], writer)
            upstream[1].close()
            await back

    async def _pump(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, client: asyncio.StreamWriter
    ) -> None:
        """Until the end of file, or until it is spoilt."""
        try:
            while chunk := await source.read(CHUNK):
                if not await self._passes(chunk, target, client):
                    return
                target.write(chunk)
                await target.drain()
        except OSError:
            pass
        finally:
            with contextlib.suppress(OSError):
                target.close()

    async def _passes(self, chunk: bytes, target: asyncio.StreamWriter, client: asyncio.StreamWriter) -> bool:
        match self.mood:
            case Mood.SLOW:
                await asyncio.sleep(SLOW_SECONDS)
            case Mood.REFUSING if target is not client:
                self.spoilt += 1
                client.write(REFUSAL)
                client.close()
                return False
            case Mood.CUTTING if len(chunk) > BODY and self._random.random() < 0.5:
                self.spoilt += 1
                target.write(chunk[: len(chunk) // 2])
                await target.drain()
                client.transport.abort()
                return False
            case Mood.AWAY:
                self.spoilt += 1
                client.transport.abort()
                return False
        return True


@contextmanager
def before(upstream: str, seed: int = 0) -> Iterator[S3Proxy]:
    proxy = S3Proxy(upstream, seed)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()
