"""How far a long run is, and how much longer it takes, in a line now and then."""

import time
from collections.abc import Callable

Say = Callable[[str], None]
EVERY_SECONDS = 20.0


class Progress:
    """Counts `done` of `whole`. What was known already (`skip`) does not enter the estimate."""

    def __init__(self, title: str, whole: int, say: Say, clock: Callable[[], float] = time.monotonic) -> None:
        self._title, self._whole, self._say, self._clock = title, whole, say, clock
        self._worked = self._skipped = 0
        self._begun = self._told = clock()

    def skip(self) -> None:
        self._skipped += 1

    def drop(self) -> None:
        """One that will not be done."""
        self._whole -= 1

    def step(self) -> None:
        self._worked += 1
        now = self._clock()
        if now - self._told >= EVERY_SECONDS or self._left == 0:
            self._told = now
            self._say(self.line())

    def line(self) -> str:
        elapsed = self._clock() - self._begun
        ahead = elapsed / max(1, self._worked) * self._left
        known = f", {self._skipped} known from before" if self._skipped else ""
        done = self._worked + self._skipped
        return f"  {self._title}: {done} of {self._whole}{known}; {_clock(elapsed)} so far, {_clock(ahead)} to go"

    @property
    def _left(self) -> int:
        return self._whole - self._worked - self._skipped


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
