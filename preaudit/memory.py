"""Memory that pictures leave behind: given back to the system once no page has been read for a moment.

The C library keeps what was freed in pieces, about 100 MB after a few pages of 8 megapixels. Asking for it anew costs the
next page 0.02 s of a processor, so it is kept as long as pages come one upon the other. And it keeps a store for each
thread: with two pages at a time 860 MB, with two stores for all threads 680 MB, at the same speed.
"""

import ctypes
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

REST_SECONDS = 2.0
STORES = 2
_ARENA_MAX = -8  # glibc's M_ARENA_MAX
_LIBRARY = ctypes.CDLL(None)


def share_stores() -> None:
    """For a process that reads: before its threads are made. Nothing happens where the C library is not glibc."""
    if choose := getattr(_LIBRARY, "mallopt", None):
        choose(_ARENA_MAX, STORES)


def give_back() -> None:
    """Nothing happens where the C library is not glibc."""
    if trim := getattr(_LIBRARY, "malloc_trim", None):
        trim(0)


class AtWork:
    """Counts who reads; `at_rest` is called, on a thread of its own, when nobody has for so long."""

    def __init__(self, at_rest: Callable[[], object] = give_back, seconds: float = REST_SECONDS) -> None:
        self._changing, self._count = threading.Lock(), 0
        self._at_rest, self._seconds = at_rest, seconds
        self._rest: threading.Timer | None = None

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self._changing:
            self._count += 1
            if self._rest is not None:
                self._rest.cancel()
        try:
            yield
        finally:
            with self._changing:
                self._count -= 1
                if self._count == 0:
                    self._rest = threading.Timer(self._seconds, self._at_rest)
                    self._rest.daemon = True  # a process does not stay for it
                    self._rest.start()
