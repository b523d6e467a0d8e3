"""Who works beside whom in one process: everybody, but for a suspect, who has no neighbours.

A job that was there twice when its process died runs alone, so that it takes nobody with it and nobody is blamed for it.
Whoever waits here has not claimed its job yet: no lease runs out meanwhile.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from storage.words import Queue


class Solitude:
    """One per process."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._at_work = 0
        self._suspect = False

    @contextmanager
    def place(self, queue: Queue | None) -> Iterator[None]:
        """A place to work, waited for as long as the rule asks: `solitary` for all the others to end, the others for it."""
        with self._changed:
            self._changed.wait_for(lambda: not self._suspect)
            if queue is Queue.SOLITARY:
                self._suspect = True
                self._changed.wait_for(lambda: self._at_work == 0)
            self._at_work += 1
        try:
            yield
        finally:
            with self._changed:
                self._at_work -= 1
                self._suspect = self._suspect and queue is not Queue.SOLITARY
                self._changed.notify_all()
