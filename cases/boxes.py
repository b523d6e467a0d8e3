"""Drop boxes 小蜜蜂箱: where they stand, when they are emptied, and what a round means for each envelope.

A box is data. Its rounds are times of the day in Beijing, every day, at least two. A round belongs to the time it was
due at; a time that passed without one is a supervision warning: yellow after the box's grace, red when the next time
has come or four graces have passed. A later round empties the box and ends the warning, not the record of it.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from cases.deadlines import BEIJING
from cases.errors import InvalidRequest
from cases.sentences import say

ROUNDS_A_DAY = 2
EARLY = timedelta(hours=1)
"""A round made so long before its time is that time's round: people walk when they can."""
RED_AFTER_GRACES = 4
LOOK_BACK = timedelta(days=2)
"""How far back a warning is looked for: an older one is on record, and the box has had rounds or a red light since."""


class Light(StrEnum):
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True)
class Box:
    """`times`: of the day in Beijing, `HH:MM`. `since`: before it no round was due."""

    code: str
    name: str
    place: str
    region: str
    times: tuple[str, ...]
    since: datetime
    grace: timedelta = timedelta(minutes=30)
    active: bool = True


@dataclass(frozen=True)
class LateRound:
    box: Box
    due: datetime
    light: Light


def check_box(box: Box) -> None:
    """Raises `InvalidRequest`, which names the field."""
    if not (box.code.isascii() and box.code.replace("-", "").isalnum() and len(box.code) <= 32):
        raise InvalidRequest("箱号只能由字母、数字和短横线组成，不超过32个字符。", field="code")
    if not box.name or not box.place or len(box.region) != 6 or not box.region.isdigit():
        raise InvalidRequest("请写明箱名、地点和六位行政区划代码。", field="place")
    if len(box.times) < ROUNDS_A_DAY:
        raise InvalidRequest(say("每天至少开箱{times}次。", times=ROUNDS_A_DAY), field="times")
    minutes = [_minutes(t) for t in box.times]
    gaps = [b - a for a, b in pairwise(minutes)]
    if min(gaps) < EARLY.total_seconds() / 60:
        raise InvalidRequest("开箱时间要由早到晚排列，相隔至少一小时。", field="times")
    if not timedelta(minutes=5) <= box.grace <= timedelta(minutes=min(gaps)):
        raise InvalidRequest("宽限时间至少5分钟，且不长于两次开箱的间隔。", field="grace_minutes")


def _minutes(printed: str) -> int:
    try:
        at = time.fromisoformat(printed)
    except ValueError:
        raise InvalidRequest("开箱时间写作 09:30。", field="times") from None
    if printed != f"{at:%H:%M}":
        raise InvalidRequest("开箱时间写作 09:30。", field="times")
    return at.hour * 60 + at.minute


def due_times(box: Box, start: datetime, end: datetime) -> Iterator[datetime]:
    """Every time a round is due in `start <= due < end`, earliest first, as aware UTC."""
    day = start.astimezone(BEIJING).date()
    while day <= end.astimezone(BEIJING).date():
        yield from (due for due in _of_day(box, day) if start <= due < end)
        day += timedelta(days=1)


def _of_day(box: Box, day: date) -> Iterator[datetime]:
    for printed in box.times:
        yield datetime.combine(day, time.fromisoformat(printed), BEIJING).astimezone(UTC)


def next_round(box: Box, now: datetime) -> datetime:
    return next(due_times(box, now, now + timedelta(days=2)))


def due_of(box: Box, at: datetime) -> datetime | None:
    """The time that a round made at `at` belongs to: the latest that had come, or would within `EARLY`. None before
    the box's first."""
    had_come = list(due_times(box, at - LOOK_BACK, at + EARLY))
    return had_come[-1] if had_come and had_come[-1] >= box.since else None


def late_rounds(box: Box, made: Collection[datetime], now: datetime) -> list[LateRound]:
    """The warnings that stand now, oldest first: times past their grace since which nobody emptied the box. `made`:
    when it was emptied, at least through `LOOK_BACK`."""
    if not box.active:
        return []
    start = max(box.since, now - LOOK_BACK, *(at + EARLY for at in made))
    missed = list(due_times(box, start, now))
    late = [due for due in missed if now >= due + box.grace]
    return [LateRound(box, due, _light(box, due, missed, now)) for due in late]


def _light(box: Box, due: datetime, missed: Iterable[datetime], now: datetime) -> Light:
    next_has_come = any(other > due for other in missed)
    return Light.RED if next_has_come or now >= due + RED_AFTER_GRACES * box.grace else Light.YELLOW


# ── what a round finds ──


class Found(StrEnum):
    """What becomes of one envelope at a round. Every case that can be has one."""

    COLLECTED = "collected"
    """Announced, and there."""
    MISSING = "missing"
    """Said to be in the box before the round, and not there: the papers are with the resident, who is asked."""
    UNANNOUNCED = "unannounced"
    """There, and its order is for another way or over: taken to the office, where a person settles it."""
    UNKNOWN = "unknown"
    """There, and nobody can read whose it is: kept at the office until a person settles it."""
    REPEATED = "repeated"
    """Scanned twice, or by an earlier round."""


@dataclass(frozen=True)
class Dropped:
    """An envelope that is on its way through a box. `dropped_at` None: announced only."""

    code: str
    dropped_at: datetime | None = None
    emptied_at: datetime | None = None


def missing(expected: Iterable[Dropped], scanned: Collection[str], at: datetime) -> list[Dropped]:
    """Those said to be in the box before the round and not among what it found. One that is only announced is not
    missing: its resident has until the end of the window."""
    return [
        e
        for e in expected
        if e.emptied_at is None and e.dropped_at is not None and e.dropped_at <= at and e.code not in scanned
    ]
