"""`dramatiq workers.reader --processes 1 --threads 2 --queues reader solitary`: reads pages, and runs suspects alone.

The only process that loads the models. Two threads share them, so that while one page is recognised the next is fetched,
opened and measured, and lines of both fill the cores; a third would only wait. A suspect has no neighbours
(`workers.solitude`).
"""

from storage import garbage

# isort: split
import signal

import dramatiq

from preaudit.memory import share_stores
from preaudit.reading import Reader
from preaudit.sandbox import Sandbox
from storage.crashpoints import CrashPoint, struck
from workers import compose, starting
from workers.actors.registry import declare
from workers.broker import make_broker, redis_client
from workers.giving_way import READER, give_way
from workers.tallies import Telling

give_way(READER)
share_stores()
settings = starting.start("reader")
broker = make_broker(redis_client(settings.workers.redis_url))
dramatiq.set_broker(broker)


def lose_child(child: int) -> None:
    if struck(CrashPoint.PARSER_CHILD):
        signal.pidfd_send_signal(child, signal.SIGKILL)


reader = Reader(settings.preaudit, sandbox=Sandbox(settings.preaudit.child, lose_child))
reader.warm()
context = starting.or_exit(lambda: compose.context(settings, reader))
broker.add_middleware(Telling(context.tallies, context.database, "reader"))
declare(broker, context)
garbage.collect_from_now()
starting.say_ready()
