"""One run: the service is started, residents come, faults strike, then there is peace, and what is left is looked at.

The seed decides the residents and the faults; how threads and processes interleave is the machine's. A run prints its
seed and its faults as they strike: the same seed strikes the same way at the same moments.
"""

import heapq
import itertools
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic

import psycopg
import redis

from storage.session import Database
from storage.vault import load_key_file
from storage.words import JobState
from tests.chaos.faults import Fault, Heal, schedule, strike
from tests.chaos.house import House, house, last_words, wait
from tests.chaos.load import Load, load
from tests.chaos.verdict import Verdict, judge
from tests.workers.service import living

PEACE_S = 1200.0
"""For everything to come to its end: leases of 20 s, bells rung again after 30, tries after one, five, 30 and 120 s."""
LOOK_S, HURRY_S = 0.5, 15.0
AGAIN_S, LATE_S = 1.0, 60.0
"""After so long what could not be done is tried again; so long after the last of the plan it must have been."""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """`seconds` of faults, over most of which the residents come."""

    cases: int
    seconds: float


class Clock:
    """How long each part took, in seconds, in the order in which they came."""

    def __init__(self) -> None:
        self.parts: dict[str, float] = {}
        self._since = monotonic()

    def end(self, part: str) -> float:
        """What has passed since the part before ended."""
        took, self._since = monotonic() - self._since, monotonic()
        self.parts[part] = self.parts.get(part, 0.0) + took
        return took

    def line(self) -> str:
        return ", ".join(f"{part} {took:.0f}" for part, took in self.parts.items())


@dataclass
class Ran:
    seed: int
    size: Size
    verdict: Verdict
    struck: Counter[str]
    starts_again: int
    parts: Mapping[str, float]
    """Seconds."""
    statuses: Counter[str] = field(default_factory=Counter)
    released: int = 0
    words: str = ""
    """The last of every process, where something is wrong."""

    @property
    def good(self) -> bool:
        return self.verdict.good


def run(seed: int, size: Size, say: Say) -> Ran:
    say(f"seed {seed}: {size.cases} cases, {size.seconds:.0f} s of faults")
    clock = Clock()
    with house(seed) as here:
        crowd = load(here, size.cases, seed, 0.8 * size.seconds)
        clock.end("start")
        crowd.start()
        struck = trouble(here, schedule(seed, size.seconds), say)
        say(f"  peace after {clock.end('faults'):.0f} s: {crowd.over} of {size.cases} cases over")
        came, released = end(here, crowd, clock, say)
        crowd.stop()
        verdict = judge(here, crowd.said, [c.number for c in crowd.cases if c.number], before=released)
        clock.end("verdict")
        words = "" if verdict.good and not came else last_words(here)
        home, again = here.home, len([line for line in here.said if "started again" in line])
    left = [*verdict.left, *came, *(f"process left: {command}" for command in living(home))]
    untrue = [*verdict.untrue, *(f"a step was refused: {wrong}" for wrong in crowd.wrong)]
    judged = Verdict(**{**vars(verdict), "left": left, "untrue": untrue})
    clock.end("stop")
    say(f"  seconds: {clock.line()}")
    return Ran(seed, size, judged, struck, again, clock.parts, crowd.said.statuses, len(released), words)


def end(here: House, crowd: Load, clock: Clock, say: Say) -> tuple[list[str], Mapping[str, int]]:
    """Everything comes to its end, what was set aside too, and the keys. What did not; and what had been set aside, with
    its tries."""
    came = come_to_an_end(here, crowd, clock)
    released = release(here)
    if released:
        say(f"  {len(released)} jobs were set aside and are released, as a person would")
        came += come_to_an_end(here, crowd, clock)
    came += end_rotation(here)
    clock.end("rotation")
    return came, released


def trouble(here: House, plan: list[Fault], say: Say) -> Counter[str]:
    """Every fault at its time, and its end at that; what cannot be done at a moment, a moment later. Only what was done is
    counted."""
    began, order = monotonic(), itertools.count()
    due: list[tuple[float, int, Fault | Heal]] = [(fault.at, next(order), fault) for fault in plan]
    last = began + max((fault.at + fault.lasts for fault in plan), default=0.0) + LATE_S
    heapq.heapify(due)
    struck: Counter[str] = Counter()
    while due:
        look_until(here, began + due[0][0])
        what = heapq.heappop(due)[2]
        try:
            ends = strike(here, what) if isinstance(what, Fault) else what()
        except (redis.RedisError, OSError):  # Redis may be starting, the courier may be asleep
            if monotonic() > last:
                raise
            heapq.heappush(due, (monotonic() - began + AGAIN_S, next(order), what))
            continue
        if isinstance(what, Fault):
            say(what.line())
            struck[what.label] += 1
            if what.lasts and callable(ends):
                heapq.heappush(due, (monotonic() - began + what.lasts, next(order), ends))
    return struck


def look_until(here: House, at: float) -> None:
    while True:
        here.look()
        left = at - monotonic()
        if left <= 0:
            return
        here.pause(min(0.1, left))


def come_to_an_end(here: House, crowd: Load, clock: Clock) -> list[str]:
    """Until every case is over and no work is left; what is not, if it takes too long."""
    try:
        due = Hurry(here)
        wait(here, lambda: due.now() and crowd.over == len(crowd.cases), "every case to be over", PEACE_S, LOOK_S)
        clock.end("cases")
        wait(here, lambda: due.now() and idle(here), "the work to be done", PEACE_S, LOOK_S)
        clock.end("work")
    except AssertionError as late:
        unfinished = [f"{late}: {case.number or 'no number'} {case.life} {seen}" for case, seen in crowd.unfinished()]
        return unfinished or [str(late)]
    return []


class Hurry:
    """Nobody waits for a next try that is minutes away: what failed while there was trouble is due now, by and by. When
    the time comes it is the same try; what was meant for later from the start stays where it is."""

    def __init__(self, here: House) -> None:
        self._here, self._last = here, 0.0

    def now(self) -> bool:
        if monotonic() > self._last + HURRY_S:
            self._last = monotonic()
            with suppress(psycopg.Error), psycopg.connect(self._here.postgres.url, connect_timeout=3) as connection:
                connection.execute(_HURRY)
        return True


def release(here: House) -> dict[str, int]:
    """What was there three times when its process died was set aside, and a person was told: that person looks, finds
    nothing wrong with it and lets it go on. By subject, how often each had been tried: a fresh start counts anew."""
    database = Database(here.settings)
    try:
        with database.transaction() as tx:
            aside = tx.jobs.list(JobState.QUARANTINED, limit=1000)
            return {job.subject: job.attempts for job in aside if tx.jobs.release(job.id)}
    finally:
        database.dispose()


def end_rotation(here: House) -> list[str]:
    """What rotations that died left under older keys is sealed anew; then the older keys go, and whatever the verdict
    opens must open without them."""
    for command in here.commands:
        command.wait(300)
    ring = load_key_file(here.settings.key_file)
    older = [number for number in ring.keys if number != ring.current]
    words = [("keys", "rewrap"), *(("keys", "drop", str(number)) for number in older)]
    ended = [(line, here.command(*line).wait(300)) for line in words if older]
    return [f"zerotrip {' '.join(line)} ended with {code}" for line, code in ended if code]


def idle(here: House) -> bool:
    """Nothing is due, running or kept unhandled."""
    try:
        with psycopg.connect(here.postgres.url, connect_timeout=3) as connection:
            row = connection.execute(_BUSY).fetchone()
    except psycopg.Error:
        return False
    return row is not None and row[0] == 0


_HURRY = """
UPDATE jobs SET due_at = now() WHERE state = 'queued' AND attempts > 0 AND error IS NOT NULL
AND due_at > now() + interval '10 s'
"""
_BUSY = """
SELECT (SELECT count(*) FROM jobs WHERE state = 'running' OR state = 'queued' AND due_at <= now() + interval '150 s')
     + (SELECT count(*) FROM inbox WHERE state = 'new')
"""
