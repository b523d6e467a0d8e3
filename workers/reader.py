"""`dramatiq workers.reader --processes 1 --threads 2 --queues reader solitary`: reads pages, and runs suspects alone.

The only process that loads the models. Two threads share them, so that while one page is recognised the next is fetched,
opened and measured, and lines of both fill the cores; a third would only wait. A suspect has no neighbours
(`workers.solitude`).
"""

import dramatiq

from preaudit.memory import share_stores
from preaudit.reading import Reader
from workers import compose
from workers.actors.registry import declare
from workers.broker import make_broker, redis_client

share_stores()
settings = compose.start("reader")
broker = make_broker(redis_client(settings.workers.redis_url))
dramatiq.set_broker(broker)
reader = Reader(settings.preaudit)
reader.warm()
declare(broker, compose.or_exit(lambda: compose.context(settings, reader)))
compose.say_ready()
