"""`dramatiq workers.main --queues worker`: everything that is done in the background but reading."""

from storage import garbage

# isort: split
import dramatiq

from workers import compose, starting
from workers.actors.registry import declare
from workers.broker import make_broker, redis_client
from workers.tallies import Telling

settings = starting.start("worker")
broker = make_broker(redis_client(settings.workers.redis_url))
dramatiq.set_broker(broker)
context = starting.or_exit(lambda: compose.context(settings))
broker.add_middleware(Telling(context.tallies, context.database, "worker"))
declare(broker, context)
garbage.collect_from_now()
starting.say_ready()
