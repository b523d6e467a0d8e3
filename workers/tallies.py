"""What one background process counts: kept in memory, brought to the database every few seconds with a sign of life.

Promises: counting costs a lock and no statement; what could not be brought is kept and brought later; a process that ends
in order brings the rest. A process that is killed loses what it counted since it last did.
"""

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from resource import RUSAGE_SELF, getrusage

import dramatiq
import structlog
from dramatiq.middleware import Middleware

from storage import metering
from storage.ids import new_id
from storage.metering import BUCKETS, Meter, Sample
from storage.session import TRANSIENT, Database
from workers.logs import fault

EVERY_SECONDS = 10.0

log = structlog.get_logger()


class Tallies:
    """Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._added: Counter[Sample] = Counter()
        self._standing: dict[Sample, float] = {}
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def count(self, meter: Meter, n: float = 1, **labels: str) -> None:
        with self._lock:
            self._added[metering.sample(meter, **labels)] += n  # type: ignore[assignment]  # seconds are counted, too

    def observe(self, meter: Meter, seconds: float, **labels: str) -> None:
        """Of a histogram: one more in its bucket, and the sum."""
        place = bisect_left(BUCKETS, seconds)
        le = str(float(BUCKETS[place])) if place < len(BUCKETS) else "+Inf"
        self.count(meter, 1, le=le, **labels)
        self.count(meter, seconds, le="sum", **labels)

    def stand(self, meter: Meter, value: float, **labels: str) -> None:
        """How something is now."""
        with self._lock:
            self._standing[metering.sample(meter, **labels)] = value

    def bring(self, database: Database, process: str | None = None, role: str = "") -> None:
        """Raises what the database raises; then nothing of it is lost."""
        with self._lock:
            added, standing = Counter(self._added), dict(self._standing)
            self._added.clear()
            self._standing.clear()
        try:
            with database.transaction() as tx:
                metering.count(tx, added)
                metering.put(tx, standing)
                if process is not None:
                    metering.beat(tx, process, role, _memory_bytes())
        except TRANSIENT:
            with self._lock:
                self._added.update(added)
                self._standing = standing | self._standing
            raise

    # ── the process ──

    def begin(
        self, database: Database, role: str, every: float = EVERY_SECONDS, look: Callable[[], None] = lambda: None
    ) -> None:
        """From now on, until `end`. `look` is called before each time."""
        self._thread = threading.Thread(
            target=self._go_on, args=(database, role, every, look), name="tallies", daemon=True
        )
        self._thread.start()

    def end(self) -> None:
        """The rest is brought; to be called before the database is closed."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join(EVERY_SECONDS)

    def _go_on(self, database: Database, role: str, every: float, look: Callable[[], None]) -> None:
        process, ending = new_id(), False
        while True:
            try:
                look()
                self.bring(database, process, role)
                if ending:
                    with database.transaction() as tx:
                        metering.gone(tx, process)
            except TRANSIENT as error:
                log.warning("figures_not_brought", **fault(error))
            if ending:
                return
            ending = self._ending.wait(every)


def _memory_bytes() -> int:
    """The most it ever held; the kernel counts in KiB."""
    return getrusage(RUSAGE_SELF).ru_maxrss * 1024


class Telling(Middleware):
    """Of a worker process: what its actors count is brought while it lives, and the rest when it ends."""

    def __init__(self, tallies: Tallies, database: Database, role: str) -> None:
        self._tallies, self._database, self._role = tallies, database, role

    def after_worker_boot(self, _broker: dramatiq.Broker, _worker: dramatiq.Worker) -> None:
        self._tallies.begin(self._database, self._role)

    def after_worker_shutdown(self, _broker: dramatiq.Broker, _worker: dramatiq.Worker) -> None:
        self._tallies.end()
