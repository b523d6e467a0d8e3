"""From the ledger to the doorbell: every due job is rung, by one relay, and again when nobody answered.

It looks when it hears of work (PostgreSQL's LISTEN; SQLite's change counter), when the next job falls due, and at least
every `poll_seconds`, because hearing nothing proves nothing. A look takes a batch by one statement that passes by what
another relay is taking, so any number of relays may run and none rings what another has. Under load, what takes
milliseconds shares a bell with others of its kind.

Promises: a batch is stamped before it is rung, and the stamp is a lease: a relay that dies in between has rung nobody,
and the clock has its batch rung again half a minute later, as any bell that nobody answered. A batch that Redis does not
take whole is given back, so that some of it may be rung twice; while Redis is away nothing is taken, and nothing is lost.
"""

import signal
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from types import FrameType

import dramatiq
import psycopg
import structlog
from redis.exceptions import RedisError

from cases.effects import JobKind
from storage.crashpoints import CrashPoint, crashpoint
from storage.jobs import Bell
from storage.metering import Meter
from storage.session import TRANSIENT, Database
from storage.words import Queue
from workers import starting
from workers.broker import in_one_go, make_broker, redis_client, ring
from workers.logs import fault
from workers.tallies import Tallies

BATCH = 100
CROWDED_SECONDS = 0.025
"""Between looks while more is due than has a place, beside the rest below: nobody tells when a place is free, because
telling would cost every job a notification. The window of the workers (`storage.turns`) lasts longer than that."""
REST_SECONDS, LONGEST_REST_SECONDS = 0.01, 0.075
"""After a look, for each that it found: where one comes now and then, it is soon looked again; under load a dozen times a
second, because what is rung together costs Redis, PostgreSQL and whoever does it less than one after the other."""
SHARING = frozenset({JobKind.CASE_ROUTE, JobKind.CASE_JUDGE, JobKind.INBOX_HANDLE})
"""They take milliseconds and ask nobody outside, but for a push that is handled by itself."""
SIDE_BY_SIDE = 4
"""Of a kind so many bells are rung before any of them is shared: more would only take turns with the interpreter."""
AT_A_BELL = 16
"""The last of them waits for the others."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Looked:
    """`next_seconds`: when something may be to be rung next, if nothing is heard before; None: nothing is known of, and whoever
    adds something tells."""

    rung: int = 0
    next_seconds: float | None = None


def ring_due(database: Database, broker: dramatiq.Broker, limit: int = BATCH) -> Looked:
    """Rings what is due. Raises `RedisError` when Redis does not take it; it is due again then."""
    with database.glancing() as tx:
        seconds = tx.jobs.seconds_until_due()
    if seconds is None or seconds > 0:
        return Looked(next_seconds=seconds)
    with database.transaction() as tx:
        bells = tx.jobs.take_bells(limit)
    crashpoint(CrashPoint.BEFORE_RING)
    try:
        with in_one_go(broker):
            for shared in sharing(bells.taken):
                ring(broker, [bell.job for bell in shared], shared[0].kind, shared[0].queue)
    except BaseException:
        with database.transaction() as tx:
            tx.jobs.take_back([bell.job for bell in bells.taken])
        raise
    crashpoint(CrashPoint.AFTER_RING)
    log.debug("rung", count=len(bells.taken))
    return Looked(len(bells.taken), CROWDED_SECONDS if bells.more else None)


def sharing(bells: Sequence[Bell]) -> Sequence[Sequence[Bell]]:
    """Which are rung by one bell, in their order. Alone: a suspect, and what was tried before, so that nobody suffers twice
    for a neighbour."""
    many = Counter(bell.kind for bell in bells if _may_share(bell))
    rung, last = list[list[Bell]](), dict[JobKind, list[Bell]]()
    for bell in bells:
        size = min(AT_A_BELL, ceil(many[bell.kind] / SIDE_BY_SIDE)) if _may_share(bell) else 1
        if size > 1 and 0 < len(last.get(bell.kind, ())) < size:
            last[bell.kind].append(bell)
        else:
            rung.append([bell])
            last |= {bell.kind: rung[-1]} if size > 1 else {}
    return rung


def _may_share(bell: Bell) -> bool:
    return bell.kind in SHARING and bell.queue is Queue.WORKER and not bell.tried


class Relay:
    def __init__(self, database: Database, broker: dramatiq.Broker, poll_seconds: float) -> None:
        self._database, self._broker, self._poll_seconds = database, broker, poll_seconds
        self._stopping = threading.Event()
        self._redis_away = False

    def stop(self, _signum: int = 0, _frame: FrameType | None = None) -> None:
        self._stopping.set()

    def run(self) -> None:
        """Until `stop`."""
        while not self._stopping.is_set():
            looked = self._turn()
            if looked.rung:
                self._stopping.wait(min(REST_SECONDS * looked.rung, LONGEST_REST_SECONDS))
            self._wait(looked.next_seconds)

    def _turn(self) -> Looked:
        try:
            if self._redis_away and not redis_answers(self._broker):
                return Looked()
            looked = ring_due(self._database, self._broker)
        except (RedisError, dramatiq.BrokerError) as error:
            if not self._redis_away:
                log.error("redis_away", **fault(error))
            self._redis_away = True
            return Looked()
        except TRANSIENT as error:
            log.error("database_away", **fault(error))
            self._stopping.wait(self._poll_seconds)
            return Looked()
        if self._redis_away:
            log.info("redis_back")
        self._redis_away = False
        return looked

    def _wait(self, seconds: float | None) -> None:
        longest = self._poll_seconds if seconds is None else min(seconds, self._poll_seconds)
        try:
            self._database.listen(longest)
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
    settings = starting.start("relay")
    broker = make_broker(redis_client(settings.workers.redis_url, attempts=2))
    database = starting.or_exit(lambda: starting.opened(settings.storage))
    starting.say_ready()
    run(database, broker, settings.workers.poll_seconds)


if __name__ == "__main__":
    main()
