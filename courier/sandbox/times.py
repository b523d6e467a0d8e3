"""When things happen here: in real time, on a few threads (`Later`); or on a clock that stands until it is turned
(`Agenda`), for a simulation that lives through weeks in seconds.
"""

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta


class Later:
    """Runs things at their time, on a few threads."""

    def __init__(self, threads: int = 4) -> None:
        self._pool = ThreadPoolExecutor(threads, "sandbox")
        self._wake = threading.Condition()
        self._heap: list[tuple[float, int, Callable[[], object]]] = []
        self._count = itertools.count()
        self._stopped = False
        threading.Thread(target=self._run, daemon=True).start()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def at(self, seconds: float, do: Callable[[], object]) -> None:
        with self._wake:
            heapq.heappush(self._heap, (time.monotonic() + seconds, next(self._count), do))
            self._wake.notify()

    def stop(self) -> None:
        with self._wake:
            self._stopped = True
            self._wake.notify()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._stopped and (not self._heap or self._heap[0][0] > time.monotonic()):
                    self._wake.wait(self._heap[0][0] - time.monotonic() if self._heap else None)
                if self._stopped:
                    return
                do = heapq.heappop(self._heap)[2]
                self._pool.submit(do)


class Agenda:
    """A clock that stands. What is due when it is turned happens on the thread of whoever turns it, one thing after the
    other in the order of time: with one seed and one caller, always the same."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._lock, self._turning = threading.Lock(), threading.Lock()
        self._heap: list[tuple[datetime, int, Callable[[], object]]] = []
        self._count = itertools.count()

    def now(self) -> datetime:
        return self._now

    def at(self, seconds: float, do: Callable[[], object]) -> None:
        with self._lock:
            heapq.heappush(self._heap, (self._now + timedelta(seconds=seconds), next(self._count), do))

    def turn(self, to: datetime) -> datetime | None:
        """Never back. Returns when the next thing is due."""
        with self._turning:
            while (due := self._due(to)) is not None:
                self._now = max(self._now, due[0])
                due[2]()
            self._now = max(self._now, to)
            with self._lock:
                return self._heap[0][0] if self._heap else None

    def stop(self) -> None:
        """Nothing runs by itself."""

    def _due(self, to: datetime) -> tuple[datetime, int, Callable[[], object]] | None:
        with self._lock:
            return heapq.heappop(self._heap) if self._heap and self._heap[0][0] <= to else None


Times = Later | Agenda
