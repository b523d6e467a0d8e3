"""What many threads ask at the same moment is asked together: one question to the database for all of them, and one commit.

While one question is under way the others gather, and whoever came first of them asks the next one for all of its sort.
Nobody waits for company: who comes alone asks at once, on a thread of its own, and is told by nobody else.

Promises: each is told what became of its own thing, and only after that is kept. What fails for many is asked again by
each for itself, so that it fails for whom it has to.
"""

import threading
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Sort = TypeVar("Sort", bound=Hashable)
Thing = TypeVar("Thing")
Told = TypeVar("Told")


@dataclass
class _Asked(Generic[Sort, Thing, Told]):
    """`asks`: it is this one's turn to ask. `told`: of one element, once it is known; empty: it has to ask for itself."""

    sort: Sort
    thing: Thing
    woken: threading.Event = field(default_factory=threading.Event)
    asks: bool = False
    told: Sequence[Told] = ()


class Gathering(Generic[Sort, Thing, Told]):
    """`together`: tells of each of the things, in their order, what became of it. Things of one sort can be asked together."""

    def __init__(self, together: Callable[[Sort, Sequence[Thing]], Sequence[Told]]) -> None:
        self._together = together
        self._guard = threading.Lock()
        self._waiting: list[_Asked[Sort, Thing, Told]] = []
        self._under_way = False

    @property
    def waiting(self) -> int:
        """Who has come and is not asked about yet."""
        return len(self._waiting)

    def ask(self, sort: Sort, thing: Thing) -> Told:
        """Raises what `together` raises for this thing alone."""
        mine: _Asked[Sort, Thing, Told] = _Asked(sort, thing)
        with self._guard:
            self._waiting.append(mine)
            mine.asks, self._under_way = not self._under_way, True
        if not mine.asks:
            mine.woken.wait()
        if mine.asks:
            self._ask_for_all(sort)
        return mine.told[0] if mine.told else self._together(sort, [thing])[0]

    def _ask_for_all(self, sort: Sort) -> None:
        self._let_others_come()
        with self._guard:
            ours = [each for each in self._waiting if each.sort == sort]
            self._waiting = [each for each in self._waiting if each.sort != sort]
        try:
            told = self._together(sort, [each.thing for each in ours])
            for each, its in zip(ours, told, strict=True):
                each.told = (its,)
        except Exception:
            if len(ours) == 1:
                raise
        finally:
            self._hand_over()
            for each in ours:
                each.woken.set()

    def _let_others_come(self) -> None:
        """Whoever is on the way to us and only wants the interpreter gets it; where nobody is, this takes a microsecond."""
        before = 0
        while (now := self.waiting) > before:
            before = now
            time.sleep(0)

    def _hand_over(self) -> None:
        with self._guard:
            self._under_way = bool(self._waiting)
            if self._waiting:
                self._waiting[0].asks = True
                self._waiting[0].woken.set()
