"""`dramatiq workers.main --queues worker`: everything that is done in the background but reading."""

import dramatiq

from workers import compose
from workers.actors.registry import declare
from workers.broker import make_broker, redis_client

settings = compose.start("worker")
broker = make_broker(redis_client(settings.workers.redis_url))
dramatiq.set_broker(broker)
declare(broker, compose.or_exit(lambda: compose.context(settings)))
compose.say_ready()
