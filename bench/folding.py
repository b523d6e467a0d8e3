"""How long the fold takes that says where a parcel is: over a history of so many events, reversals among them."""

import random
import time
from datetime import UTC, datetime, timedelta

from courier.fold import fold
from courier.vocabulary import CourierEvent, EventKind

DAY = datetime(2026, 1, 5, tzinfo=UTC)


def fold_ms(events: int, times: int = 20) -> float:
    """Milliseconds of processor time, the best of so many."""
    history = _history(events)
    return min(_ms(history) for _ in range(times))


def _history(count: int) -> list[CourierEvent]:
    drawn = random.Random(count)
    kinds = [k for k in EventKind if k is not EventKind.ALIAS]
    return [_event(drawn.choice(kinds), n, drawn) for n in range(count)]


def _event(kind: EventKind, n: int, drawn: random.Random) -> CourierEvent:
    back = drawn.choice([EventKind.PICKED_UP, EventKind.DELIVERED]) if kind is EventKind.REVERSAL else None
    at = DAY + timedelta(minutes=drawn.randrange(50))
    return CourierEvent(kind, at, "ems", "1200000000001", "ZT1-1", code=str(n), reverses=back, unique_key=str(n))


def _ms(history: list[CourierEvent]) -> float:
    started = time.thread_time()
    fold(history)
    return 1000 * (time.thread_time() - started)
