"""`python -m tests.chaos.forward FROM=TO …`, each HOST:PORT: passes connections on, as a load balancer does. Some doors answer
only at 127.0.0.1, and each host has that address for itself."""

import asyncio
import sys
from contextlib import suppress


async def main(ways: list[str]) -> None:
    servers = [await _server(*way.split("=")) for way in ways]
    await asyncio.gather(*(server.serve_forever() for server in servers))


async def _server(here: str, there: str) -> asyncio.Server:
    host, port = there.split(":")

    async def passed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            onward = await asyncio.open_connection(host, int(port))
        except OSError:
            writer.close()
            return
        await asyncio.gather(_copy(reader, onward[1]), _copy(onward[0], writer))

    own, at = here.split(":")
    return await asyncio.start_server(passed, own, int(at))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
    with suppress(OSError):
        writer.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
