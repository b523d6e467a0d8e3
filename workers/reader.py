"""`dramatiq workers.reader --processes 1 --threads 1 --queues reader solitary`: reads pages, and runs suspects alone.

The only process that loads the models. One thread: a recogniser is not shared, and a suspect has no neighbours.
"""

import dramatiq

from preaudit.reading import Reader
from workers import compose
from workers.actors.registry import declare
from workers.broker import make_broker, redis_client

settings = compose.start("reader")
broker = make_broker(redis_client(settings.workers.redis_url))
dramatiq.set_broker(broker)
reader = Reader(settings.preaudit)
reader.warm()
declare(broker, compose.or_exit(lambda: compose.context(settings, reader)))
compose.say_ready()
