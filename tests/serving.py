"""The doors behind a real server of this process, for what a test client cannot show: lines that are slow, or break."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import uvicorn

STARTS_WITHIN_S = 20


@contextmanager
def serving(app: Any, port: int) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        deadline, pause = monotonic() + STARTS_WITHIN_S, threading.Event()
        while not server.started and thread.is_alive():
            assert monotonic() < deadline, "the web server did not start"
            pause.wait(0.02)
        yield
    finally:
        server.should_exit = True
        thread.join(STARTS_WITHIN_S)
