"""Group commit for pushes: those that come while the disk is busy with the ones before are kept in one transaction.

Promises: a push is answered after the commit that keeps it, never before. A batch that fails as a whole is tried one by
one, so that a push the database refuses does not take its neighbours with it. One writer per process: what waits
behind a commit is what the next one takes, so a batch is as large as the load and a lone push waits for nobody.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from cases.errors import TooMany
from storage.crashpoints import CrashPoint, crashpoint
from storage.ids import new_id
from storage.inbox import Arrival
from storage.session import TRANSIENT, Database

BATCH_MAX = 200
"""Some hundred kilobytes of statement; a whole batch is still written in the time of a few commits."""


AWAY_S = 5
"""When to try a database again that is away."""


class NotKept(Exception):
    """The sender must send it again, after so many seconds."""

    def __init__(self, reason: str, retry_after: int) -> None:
        super().__init__(reason)
        self.reason, self.retry_after = reason, retry_after


@dataclass(frozen=True)
class _Waiting:
    arrival: Arrival
    loop: asyncio.AbstractEventLoop
    told: "asyncio.Future[bool]"


class Keeper:
    """One per application. Any number of event loops may wait on it."""

    def __init__(self, database: Database) -> None:
        self._database, self._name = database, new_id()
        self._lock, self._waiting, self._writing = threading.Lock(), list[_Waiting](), False
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="inbox")

    async def keep(self, arrival: Arrival) -> bool:
        """Whether it was new; when this returns it is on the disk. Raises `NotKept`."""
        loop = asyncio.get_running_loop()
        mine = _Waiting(arrival, loop, loop.create_future())
        with self._lock:
            self._waiting.append(mine)
            begin, self._writing = not self._writing, True
        if begin:
            self._writer.submit(self._write_all)
        return await mine.told

    def close(self) -> None:
        self._writer.shutdown()

    def _write_all(self) -> None:
        while batch := self._next():
            _tell(batch, self._outcomes(batch))

    def _next(self) -> Sequence[_Waiting]:
        with self._lock:
            batch, self._waiting = self._waiting[:BATCH_MAX], self._waiting[BATCH_MAX:]
            self._writing = bool(batch)
            return batch

    def _outcomes(self, batch: Sequence[_Waiting]) -> Sequence[bool | Exception]:
        try:
            with self._database.transaction() as tx:
                kept: Sequence[bool] = list(tx.inbox.keep_all([w.arrival for w in batch], self._name))
                crashpoint(CrashPoint.BEFORE_PUSH_KEPT)
            crashpoint(CrashPoint.AFTER_PUSH_KEPT)
        except TRANSIENT:
            return [NotKept("database", AWAY_S) for _ in batch]
        except TooMany as refusal:  # too many wait already; those among these that are kept can be told so next time
            return [NotKept("too_many_wait", refusal.details["retry_after"]) for _ in batch]
        except Exception as error:  # the edge of a thread: whatever it is belongs to the one who waits
            return [error] if len(batch) == 1 else [o for w in batch for o in self._outcomes([w])]
        return kept


def _tell(batch: Sequence[_Waiting], outcomes: Sequence[bool | Exception]) -> None:
    """One wake-up per event loop, not one per push."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Callable[[], None]]] = {}
    for waiting, outcome in zip(batch, outcomes, strict=True):
        by_loop.setdefault(waiting.loop, []).append(_telling(waiting.told, outcome))
    for loop, said in by_loop.items():
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_all, said)


def _all(said: Sequence[Callable[[], None]]) -> None:
    for say in said:
        say()


def _telling(told: "asyncio.Future[bool]", outcome: bool | Exception) -> Callable[[], None]:
    def say() -> None:
        if told.done():  # the sender has left
            return
        if isinstance(outcome, Exception):
            told.set_exception(outcome)
        else:
            told.set_result(outcome)

    return say
