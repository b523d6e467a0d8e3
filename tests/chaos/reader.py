"""`dramatiq tests.chaos.reader`: the reader of the load. All of it is the real one, but for the recognition of pixels that
were recognised before: two thousand residents send a handful of different pictures, and what was read of one is kept in
`CHAOS_READINGS`, a folder, so that it outlives whoever is killed.

Every upload is still fetched, guarded and opened in a child of its own. Its fingerprint is its own too: these residents
are meant to be strangers to each other.
"""

import hashlib
import os
import pickle
import secrets
import signal
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import dramatiq

from cases.readings import Reading
from preaudit.memory import share_stores
from preaudit.reading import Reader
from preaudit.replies import Decoded
from preaudit.sandbox import Sandbox
from storage.crashpoints import CrashPoint, struck
from workers import compose, starting
from workers.actors.registry import declare
from workers.broker import make_broker, redis_client

FOLDER = Path(os.environ["CHAOS_READINGS"])


class Remembering(Reader):
    def _page(self, decoded: Decoded, ask: Any) -> Reading:
        assert decoded.picture is not None
        place = FOLDER / hashlib.sha256(decoded.picture.data.tobytes() + str(ask.document).encode()).hexdigest()
        if place.exists():
            kept: Reading = pickle.loads(place.read_bytes())
            return kept
        made = super()._page(decoded, ask)
        beside = place.with_suffix(f".{secrets.token_hex(4)}")
        beside.write_bytes(pickle.dumps(made))
        beside.replace(place)
        return made

    def read(
        self, data: bytes, *, name: str, document: str | None = None, form_labels: Mapping[str, str] | None = None
    ) -> tuple[Reading, ...]:
        made = super().read(data, name=name, document=document, form_labels=form_labels)
        return tuple(replace(r, perceptual_hash=hashlib.sha256(data).hexdigest()[:16]) for r in made)


def lose_child(child: int) -> None:
    if struck(CrashPoint.PARSER_CHILD):
        signal.pidfd_send_signal(child, signal.SIGKILL)


share_stores()
settings = starting.start("reader")
broker = make_broker(redis_client(settings.workers.redis_url))
dramatiq.set_broker(broker)
reader = Remembering(settings.preaudit, sandbox=Sandbox(settings.preaudit.child, lose_child))
reader.sandbox.warm()
declare(broker, starting.or_exit(lambda: compose.context(settings, reader)))
starting.say_ready()
