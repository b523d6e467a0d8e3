"""Work that is done in turns, each of which takes all that has come since the one before: who takes them, and how often."""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from time import monotonic

EVERY_SECONDS = 0.05
"""From the beginning of a turn to that of the next, while they come: half of a turn's statements cost the same for one push
as for ten."""
LONGEST_SECONDS = 5.0
"""Then the job ends, and another goes on: whoever wants to stop this process waits for it."""


class Turns:
    """One at a time in a process: two would only be in each other's way. Whoever began last takes them, and those before him
    leave, so the job that the doors tell of what comes is the one that is at work. Each is sure that somebody looks
    after he has come: he, or the one he leaves it to."""

    def __init__(self, longest: float = LONGEST_SECONDS) -> None:
        self._longest = longest
        self._guard, self._one = threading.Lock(), threading.Lock()
        self._newest: datetime | None = None
        self._asked = False

    def take(self, made_at: datetime, turn: Callable[[], int]) -> bool:
        """Until one finds no more than one push: what comes after that has rung. False: it took too long, and more may wait.
        `turn`: how many it took. Raises what that raises."""
        if not self._begin(made_at):
            return True
        ends = monotonic() + self._longest
        try:
            while self._goes_on(made_at):
                began = monotonic()
                with self._one:
                    many = turn()
                if many > 1:
                    self._asked = True
                    time.sleep(max(0.0, began + EVERY_SECONDS - monotonic()))
                if monotonic() > ends:
                    return False
            return True
        finally:
            with self._guard:
                self._newest = None if self._newest == made_at else self._newest

    def _begin(self, made_at: datetime) -> bool:
        with self._guard:
            self._asked = True
            if self._newest is not None and self._newest >= made_at:
                return False
            self._newest = made_at
            return True

    def _goes_on(self, made_at: datetime) -> bool:
        with self._guard:
            if self._newest != made_at:
                return False
            asked, self._asked = self._asked, False
            self._newest = made_at if asked else None
            return asked
