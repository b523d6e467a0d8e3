"""From the ledger to the doorbell: every due job is rung once, and again when nobody answered.

Promises: a job is stamped only after its bell was sent, so a relay that dies in between rings twice and never not at
all; while Redis is away nothing is stamped and nothing is lost. Any number of relays may run.
"""

import signal
import threading
from types import FrameType

import dramatiq
import psycopg
import structlog
from redis.exceptions import RedisError

from storage.crashpoints import CrashPoint, crashpoint
from storage.metering import Meter
from storage.session import TRANSIENT, Database
from workers import compose
from workers.broker import make_broker, redis_client, ring
from workers.logs import fault
from workers.tallies import Tallies

BATCH = 100

log = structlog.get_logger()


def ring_due(database: Database, broker: dramatiq.Broker, limit: int = BATCH) -> int:
    """Rings what is due; how many. Raises `RedisError` when Redis does not take them."""
    with database.reading() as tx:
        due = tx.jobs.due_unrung(limit)
    if not due:
        return 0
    crashpoint(CrashPoint.BEFORE_RING)
    for job_id, kind, queue in due:
        ring(broker, job_id, kind, queue)
    crashpoint(CrashPoint.AFTER_RING)
    with database.transaction() as tx:
        tx.jobs.stamp_rung([job_id for job_id, _, _ in due])
    crashpoint(CrashPoint.AFTER_STAMP)
    log.debug("rung", count=len(due))
    return len(due)


class Relay:
    def __init__(self, database: Database, broker: dramatiq.Broker, poll_seconds: float) -> None:
        self._database, self._broker, self._poll_seconds = database, broker, poll_seconds
        self._stopping = threading.Event()
        self._redis_away = False

    def stop(self, _signum: int = 0, _frame: FrameType | None = None) -> None:
        self._stopping.set()

    def run(self) -> None:
        """Until `stop`. Hearing nothing proves nothing: it looks at least every `poll_seconds`."""
        while not self._stopping.is_set():
            if not self._turn():
                self._wait()

    def _turn(self) -> bool:
        """Whether there may be more to do at once."""
        try:
            rung = ring_due(self._database, self._broker)
        except (RedisError, dramatiq.BrokerError) as error:
            if not self._redis_away:
                log.error("redis_away", **fault(error))
            self._redis_away = True
            return False
        except TRANSIENT as error:
            log.error("database_away", **fault(error))
            self._stopping.wait(self._poll_seconds)
            return False
        if self._redis_away:
            log.info("redis_back")
        self._redis_away = False
        return rung == BATCH

    def _wait(self) -> None:
        try:
            self._database.listen(self._poll_seconds)
        except (psycopg.OperationalError, *TRANSIENT) as error:
            log.warning("not_listening", **fault(error))
            self._stopping.wait(self._poll_seconds)


def run(database: Database, broker: dramatiq.Broker, poll_seconds: float) -> None:
    """The process."""
    relay = Relay(database, broker, poll_seconds)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, relay.stop)
    tallies = Tallies()
    tallies.begin(database, "relay", look=lambda: tallies.stand(Meter.REDIS_UP, redis_answers(broker)))
    log.info("relay_started")
    relay.run()
    tallies.end()
    database.dispose()
    log.info("relay_stopped")


def redis_answers(broker: dramatiq.Broker) -> bool:
    """Asked where nothing is rung, too: a doorbell that is away is noticed before somebody needs it."""
    client = getattr(broker, "client", None)
    try:
        return client is None or bool(client.ping())
    except RedisError:
        return False


def main() -> None:
    settings = compose.start("relay")
    broker = make_broker(redis_client(settings.workers.redis_url, attempts=2))
    run(compose.or_exit(lambda: Database(settings.storage)), broker, settings.workers.poll_seconds)


if __name__ == "__main__":
    main()
