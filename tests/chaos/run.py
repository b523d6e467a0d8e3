"""One run: the service is started, residents come, faults strike, then there is peace, and what is left is looked at.

The seed decides the residents and the faults; how threads and processes interleave is the machine's. A run prints its
seed and its faults as they strike: the same seed strikes the same way at the same moments.
"""

import heapq
import itertools
from collections import Counter
from collections.abc import Callable
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

PEACE_S = 420.0
"""For everything to come to its end: leases of 20 s, bells rung again after 30, tries after one, five, 30 and 120 s."""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """`seconds` of faults, over most of which the residents come."""

    cases: int
    seconds: float


@dataclass
class Ran:
    seed: int
    size: Size
    verdict: Verdict
    struck: Counter[str]
    starts_again: int
    trouble_s: float
    peace_s: float
    statuses: Counter[str] = field(default_factory=Counter)
    released: int = 0
    words: str = ""
    """The last of every process, where something is wrong."""

    @property
    def good(self) -> bool:
        return self.verdict.good


def run(seed: int, size: Size, say: Say) -> Ran:
    say(f"seed {seed}: {size.cases} cases, {size.seconds:.0f} s of faults")
    with house(seed) as here:
        crowd = load(here, size.cases, seed, 0.8 * size.seconds)
        crowd.start()
        began = monotonic()
        struck = trouble(here, schedule(seed, size.seconds), say)
        trouble_s, peace = monotonic() - began, monotonic()
        say(f"  peace after {trouble_s:.0f} s: {crowd.over} of {size.cases} cases over")
        came = come_to_an_end(here, crowd)
        released = release(here)
        if released:
            say(f"  {released} jobs were set aside and are released, as a person would")
            came += come_to_an_end(here, crowd)
        came += end_rotation(here)
        crowd.stop()
        peace_s = monotonic() - peace
        say(f"  quiet after {peace_s:.0f} s more; looking")
        verdict = judge(here, crowd.said, [c.number for c in crowd.cases if c.number])
        words = "" if verdict.good and not came else last_words(here)
        home, again = here.home, len([line for line in here.said if "started again" in line])
    left = [*verdict.left, *came, *(f"process left: {command}" for command in living(home))]
    untrue = [*verdict.untrue, *(f"a step was refused: {wrong}" for wrong in crowd.wrong)]
    judged = Verdict(**{**vars(verdict), "left": left, "untrue": untrue})
    return Ran(seed, size, judged, struck, again, trouble_s, peace_s, crowd.said.statuses, released, words)


def trouble(here: House, plan: list[Fault], say: Say) -> Counter[str]:
    """Every fault at its time, and its end at that."""
    began, order = monotonic(), itertools.count()
    due: list[tuple[float, int, Fault | Heal]] = [(fault.at, next(order), fault) for fault in plan]
    heapq.heapify(due)
    struck: Counter[str] = Counter()
    while due:
        look_until(here, began + due[0][0])
        _, _, what = heapq.heappop(due)
        if not isinstance(what, Fault):
            heal(here, what)
            continue
        say(what.line())
        struck[str(what.kind)] += 1
        with suppress(redis.RedisError, OSError):
            ends = strike(here, what)
            if what.lasts:
                heapq.heappush(due, (monotonic() - began + what.lasts, next(order), ends))
    return struck


def look_until(here: House, at: float) -> None:
    while True:
        here.look()
        left = at - monotonic()
        if left <= 0:
            return
        here.pause(min(0.1, left))


def heal(here: House, do: Heal) -> None:
    """Until it is healed: Redis may be starting, the courier may be asleep."""
    until = monotonic() + 60
    while True:
        try:
            do()
        except (redis.RedisError, OSError):
            if monotonic() > until:
                raise
            look_until(here, monotonic() + 0.5)
        else:
            return


def come_to_an_end(here: House, crowd: Load) -> list[str]:
    """Until every case is over and no work is left; what is not, if it takes too long."""
    try:
        wait(here, lambda: crowd.over == len(crowd.cases), "every case to be over", PEACE_S)
        wait(here, lambda: idle(here), "the work to be done", PEACE_S)
    except AssertionError as late:
        unfinished = [f"{late}: {case.number or 'no number'} {case.life} {seen}" for case, seen in crowd.unfinished()]
        return unfinished or [str(late)]
    return []


def release(here: House) -> int:
    """What was there three times when its process died was set aside, and a person was told: that person looks, finds
    nothing wrong with it and lets it go on."""
    database = Database(here.settings)
    try:
        with database.transaction() as tx:
            return sum(tx.jobs.release(job.id) for job in tx.jobs.list(JobState.QUARANTINED, limit=1000))
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


_BUSY = """
SELECT (SELECT count(*) FROM jobs WHERE state = 'running' OR state = 'queued' AND due_at <= now() + interval '150 s')
     + (SELECT count(*) FROM inbox WHERE state = 'new')
"""
