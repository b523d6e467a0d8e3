"""`dramatiq tests.workers.poisoned`: a reader whose pictures may kill it, as a fault in the C code below it would.

A picture that begins with `POISON_BEGINS` ends the process at once, unless the file that `POISON_CURE` names is there; every other is
read as if by the real one, and takes `POISON_READING_SECONDS`. Leases are short, so that a death is soon found.
"""

import os
import signal
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import dramatiq

from cases.effects import JobKind
from cases.readings import Reading
from tests.storage.kept import reading
from workers import compose, starting
from workers.actors.registry import HANDLERS, declare
from workers.broker import make_broker, redis_client

POISON = os.environ["POISON_BEGINS"].encode()
LEASE = timedelta(seconds=2)


class Mortal:
    def read(
        self, data: bytes, *, name: str, document: str | None = None, form_labels: Mapping[str, str] | None = None
    ) -> tuple[Reading, ...]:
        if data.startswith(POISON) and not Path(os.environ["POISON_CURE"]).exists():
            os.kill(os.getpid(), signal.SIGSEGV)
        threading.Event().wait(float(os.environ["POISON_READING_SECONDS"]))
        return (reading(),)


settings = starting.start("reader")
broker = make_broker(redis_client(settings.workers.redis_url))
dramatiq.set_broker(broker)
kind = JobKind.PAGE_READ
declare(
    broker, starting.or_exit(lambda: compose.context(settings, Mortal())), {kind: replace(HANDLERS[kind], lease=LEASE)}
)
starting.say_ready()
