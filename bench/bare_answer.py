"""The limit beside polling: the same server with an application that answers 304 to everybody and does nothing else.

`python -m bench.bare_answer PORT`.
"""

import sys

import uvicorn
from starlette.types import Receive, Scope, Send

from web.settings import KEPT_ALIVE_S


async def application(scope: Scope, _: Receive, send: Send) -> None:
    if scope["type"] == "http":
        status = 200 if scope["path"] == "/readyz" else 304
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def main() -> None:
    uvicorn.run(
        application,
        port=int(sys.argv[1]),
        log_config=None,
        server_header=False,
        access_log=False,
        lifespan="off",
        timeout_keep_alive=KEPT_ALIVE_S,
    )


if __name__ == "__main__":
    main()
