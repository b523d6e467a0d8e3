"""Which sessions this process kept alive lately, so that a read stays a read: one write a minute per session."""

import hashlib
import threading
import time
from collections.abc import Callable

from storage.sessions import TOUCH_EVERY

_EVERY_S = min(TOUCH_EVERY.values()).total_seconds()
_REMEMBERED = 10_000
"""More sessions than one process serves in a minute; past it, some are touched once more than needed."""


class Touches:
    """Thread-safe. Keeps no token, only its hash."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock, self._last = clock, threading.Lock(), dict[str, float]()

    def due(self, token: str) -> bool:
        key, at = hashlib.sha256(token.encode()).hexdigest(), self._clock()
        with self._lock:
            if at - self._last.get(key, float("-inf")) < _EVERY_S:
                return False
            if len(self._last) >= _REMEMBERED:
                self._last.clear()
            self._last[key] = at
            return True
