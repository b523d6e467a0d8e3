"""The doorbell as bad as it can be: bells are dropped, doubled, late and out of order. The ledger of jobs is not.

A job is kept until it is done, as a row is (`storage.jobs`): a dropped bell is rung again later. The same kind and
dedupe key adds nothing while a twin waits. Pushes of couriers come through the same door and may be lost for good.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from cases.effects import Enqueue, JobKind
from courier.vocabulary import CourierEvent

RUNG_AGAIN = timedelta(seconds=30)


@dataclass
class Bell:
    """A job or a push, and from when it may be heard."""

    what: Enqueue | CourierEvent
    due: datetime


class Queue:
    def __init__(self, luck: Random) -> None:
        self._luck = luck
        self._jobs: dict[tuple[str, str], Bell] = {}
        self._pushes: list[Bell] = []
        self._once = 0

    def __len__(self) -> int:
        return len(self._jobs) + len(self._pushes)

    def add(self, asked: Enqueue, now: datetime) -> None:
        self._once += 1
        key = (str(asked.kind), asked.dedupe or f"#{self._once}")
        due = max(asked.due or now, now)
        twin = self._jobs.get(key)
        if twin is None:
            self._jobs[key] = Bell(asked, due + (self._delay(2, 30) if self._luck.randrange(20) else self._stuck()))
        else:
            twin.due = min(twin.due, due)

    def push(self, event: CourierEvent, now: datetime) -> None:
        """A courier says something: perhaps twice, perhaps never."""
        copies = self._luck.choices((0, 1, 2, 3), (8, 74, 15, 3))[0]
        self._pushes += [Bell(event, now + self._delay(1, 240)) for _ in range(copies)]

    def _delay(self, often: int, most: int) -> timedelta:
        """Now, or up to so many minutes later."""
        return timedelta(minutes=self._luck.randint(1, most)) if self._luck.randrange(10) < often else timedelta(0)

    def _stuck(self) -> timedelta:
        """Behind a queue that stands still: longer than some states wait."""
        return timedelta(hours=self._luck.randint(2, 72))

    def ring(self, now: datetime) -> Bell | None:
        """Any bell that is due. A job's is sometimes not heard: it stays, and is rung again."""
        due: list[Any] = [(key, bell) for key, bell in self._jobs.items() if bell.due <= now]
        pushes = [i for i, bell in enumerate(self._pushes) if bell.due <= now]
        if not due and not pushes:
            return None
        chosen = self._luck.randrange(len(due) + len(pushes))
        if chosen >= len(due):
            return self._pushes.pop(pushes[chosen - len(due)])
        key, bell = due[chosen]
        fate = self._luck.randrange(20)
        if fate == 0:  # dropped on the way
            bell.due = now + RUNG_AGAIN
            return None
        if fate != 1:  # else it is heard, and will be once more
            del self._jobs[key]
        return Bell(bell.what, bell.due)

    def next_due(self) -> datetime | None:
        return min((bell.due for bell in (*self._jobs.values(), *self._pushes)), default=None)

    def lose(self) -> Enqueue | None:
        """A row is lost for good, as no row ever should be: of those that a sweep brings back."""
        losable = [
            key for key, bell in self._jobs.items() if isinstance(bell.what, Enqueue) and bell.what.kind in LOSABLE
        ]
        if not losable:
            return None
        lost = self._jobs.pop(self._luck.choice(losable)).what
        assert isinstance(lost, Enqueue)
        return lost

    def waits(self, kind: JobKind, subject: str) -> bool:
        return any(job.kind is kind and job.subject == subject for job in self.jobs())

    def jobs(self) -> Iterator[Enqueue]:
        yield from (bell.what for bell in self._jobs.values() if isinstance(bell.what, Enqueue))


LOSABLE = frozenset(
    {
        JobKind.PAGE_READ,
        JobKind.COURIER_BOOK,
        JobKind.COURIER_FIND,
        JobKind.PICKUP_BOOK,
        JobKind.PICKUP_FIND,
        JobKind.BUNDLE_OPEN,
        JobKind.REGISTRY_ASK,
        JobKind.CASE_JUDGE,
        JobKind.CASE_ROUTE,
        JobKind.DOCUMENT_MAKE,
    }
)
"""What `workers.sweeps` brings back: by `forgotten`, `unheard`, or the deadline of the state."""
