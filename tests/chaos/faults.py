"""What is done to the service, and when: a schedule that follows from its seed alone.

Everything is healed by whoever broke it, after some seconds; who was killed is started again by the supervisor. PostgreSQL
has a rhythm of its own, every 5 to 40 s. Each kind of fault comes once before any comes again.
"""

import os
import random
import resource
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from enum import StrEnum

import redis

from bench.machine import family
from storage.crashpoints import CrashPoint
from tests.chaos.house import House
from tests.chaos.proxy import Mood

PROCESSES = ("web", "relay", "relay-2", "clock", "clock-2", "reader", "worker", "worker-2")
POINTS: Mapping[str, Sequence[CrashPoint]] = {
    "web": (
        CrashPoint.BEFORE_BLOB, CrashPoint.AFTER_BLOB, CrashPoint.BEFORE_ROW_COMMIT, CrashPoint.BEFORE_ANSWER,
        CrashPoint.BEFORE_PUSH_KEPT, CrashPoint.AFTER_PUSH_KEPT,
    ),
    "relay": (CrashPoint.BEFORE_RING, CrashPoint.AFTER_RING),
    "reader": (
        CrashPoint.PARSER_CHILD, CrashPoint.AFTER_CLAIM, CrashPoint.AFTER_WORK, CrashPoint.BEFORE_COMMIT,
        CrashPoint.AFTER_COMMIT,
    ),
    "worker": (
        CrashPoint.AFTER_CLAIM, CrashPoint.AFTER_WORK, CrashPoint.BEFORE_COMMIT, CrashPoint.AFTER_COMMIT,
        CrashPoint.BEFORE_TURN, CrashPoint.AFTER_TURN,
        CrashPoint.AFTER_BOOKING, CrashPoint.AFTER_MESSAGE, CrashPoint.AFTER_NEWS,
    ),
    "clock": (CrashPoint.AFTER_SWEEP,),
}  # fmt: skip
"""At which points a process of the running service can die."""
FREEZES_S = (3.0, 8.0)
PAST_A_LEASE_S = 24.0
HOLDERS = ("reader", "worker", "worker-2", "clock", "clock-2")
"""Who holds a lease: of a job, or of the clock's turn."""
PARTNER_FAULTS = (
    "5xx:0.5", "5xx_after_accept:0.5", "timeout_before_accept:0.4", "timeout_after_accept:0.4", "reset_after_accept:0.5",
    "garbage_after_accept:0.5", "unclear_after_accept:0.5", "slow:0.5", "double:0.5", "reorder:0.5", "delay:0.5",
    "wrong_signature:0.3", "truncate:0.3",
)  # fmt: skip
ANSWERS_WITHIN_S = 2.0
LITTLE_MEMORY, NO_LIMIT = "1mb", "0"


class Kind(StrEnum):
    KILL = "kill -9"
    KILL_INSIDE = "kill -9 of one of its processes"
    FREEZE = "SIGSTOP, SIGCONT"
    CRASH = "death at a named point"
    REDIS_WIPED = "Redis wiped"
    REDIS_PAUSED = "Redis paused"
    REDIS_FULL = "Redis full"
    REDIS_KILLED = "Redis killed"
    POSTGRES = "PostgreSQL restarted"
    S3_REFUSES = "S3 503"
    S3_SLOW = "S3 slow"
    S3_CUTS = "S3 cut in the middle of a body"
    S3_AWAY = "S3 away"
    DISK_FULL = "disk full for the reader"
    PARTNER = "partner misbehaves"
    PARTNER_DOWN = "partner down"
    PLATFORM = "platform and department down"
    ROTATION = "keys rotated"


@dataclass(frozen=True)
class Fault:
    """`at`: seconds after the load began. `on`: which of its kind. `lasts`: seconds until it is healed."""

    at: float
    kind: Kind
    on: str = ""
    lasts: float = 0.0

    @property
    def label(self) -> str:
        """By which it is counted: of some kinds each must come in every run, and is told apart."""
        match self.kind:
            case Kind.KILL | Kind.PLATFORM:
                return f"{self.kind}: {self.on}"
            case Kind.FREEZE:
                return f"SIGSTOP {'past a lease' if self.lasts >= PAST_A_LEASE_S else 'for less than a lease'}"
            case _:
                return str(self.kind)

    def line(self) -> str:
        return (
            f"{self.at:6.1f} s  {self.kind}"
            + (f": {self.on}" if self.on else "")
            + (f" for {self.lasts:.0f} s" if self.lasts else "")
        )


def schedule(seed: int, seconds: float) -> list[Fault]:
    """The same for the same arguments, and the beginning of any longer one."""
    both = [*_usual(random.Random(f"faults {seed}"), seconds), *_postgres(random.Random(f"postgres {seed}"), seconds)]
    return sorted(both, key=lambda fault: fault.at)


def _usual(rnd: random.Random, seconds: float) -> Iterator[Fault]:
    at = 4.0
    left = list[Kind]()
    turns = _Turns(rnd)
    while at < seconds:
        if not left:
            left = [*(kind for kind in Kind if kind is not Kind.POSTGRES), *OFTEN]
            rnd.shuffle(left)
        kind = left.pop()
        yield Fault(round(at, 1), kind, *_what(kind, rnd, turns))
        at += rnd.uniform(1.5, 4.5)


OFTEN = (Kind.KILL, Kind.KILL, Kind.KILL, Kind.CRASH, Kind.CRASH)
"""Beyond once: so that in one run every process is killed."""


class _Turns:
    """Of what has many kinds each gets its turn, in an order of the seed's, again and again."""

    def __init__(self, rnd: random.Random) -> None:
        self._rnd = rnd
        self.killed, self.insides = self._each(PROCESSES), self._each(("reader", "worker", "worker-2"))
        self.points = self._each([f"{process} {point}" for process, of in POINTS.items() for point in of])
        self.moods = self._each(("down", "deaf", "forgetful"))
        self.freezes = self._freezes()

    def _each(self, of: Sequence[str]) -> Iterator[str]:
        every = list(of)
        while True:
            self._rnd.shuffle(every)
            yield from every

    def _freezes(self) -> Iterator[tuple[str, float]]:
        """Every other one lasts longer than the lease that its process holds."""
        anybody, holders = self._each(PROCESSES), self._each(HOLDERS)
        while True:
            yield next(holders), PAST_A_LEASE_S
            yield next(anybody), self._rnd.choice(FREEZES_S)


def _what(kind: Kind, rnd: random.Random, turns: _Turns) -> tuple[str, float]:
    match kind:
        case Kind.KILL:
            return next(turns.killed), 0.0
        case Kind.KILL_INSIDE:
            return next(turns.insides), 0.0
        case Kind.FREEZE:
            return next(turns.freezes)
        case Kind.CRASH:
            return next(turns.points), 0.0
        case Kind.S3_REFUSES | Kind.S3_SLOW | Kind.S3_CUTS | Kind.S3_AWAY:
            return "", round(rnd.uniform(2, 6), 1)
        case Kind.PARTNER:
            return ",".join(rnd.sample(PARTNER_FAULTS, 3)), round(rnd.uniform(4, 9), 1)
        case Kind.PLATFORM:
            return next(turns.moods), round(rnd.uniform(2, 6), 1)
        case Kind.REDIS_PAUSED:
            return str(rnd.randint(2000, 8000)), 0.0
        case Kind.REDIS_FULL | Kind.DISK_FULL | Kind.PARTNER_DOWN:
            return "", round(rnd.uniform(2, 6), 1)
        case _:
            return "", 0.0


def _postgres(rnd: random.Random, seconds: float) -> Iterator[Fault]:
    at = rnd.uniform(5, 40)
    while at < seconds:
        yield Fault(round(at, 1), Kind.POSTGRES, rnd.choice(("fast", "immediate")))
        at += rnd.uniform(5, 40)


# ── doing it ──

Heal = Callable[[], object]


def strike(house: House, fault: Fault) -> Heal:
    """Does it; what is returned heals it."""
    return _DOING[fault.kind](house, fault.on) or _nothing


def _nothing() -> None: ...


def _kill(house: House, name: str) -> None:
    house.signal(name, signal.SIGKILL)


def _kill_inside(house: House, name: str) -> None:
    """Not the whole group: a worker without its master, a reader without the zygote of its children."""
    members = family(house.pid(name) or 0)[1:]
    if members:
        with suppress(ProcessLookupError):
            os.kill(members[-1], signal.SIGKILL)


def _freeze(house: House, name: str) -> Heal:
    pid = house.pid(name)
    house.signal(name, signal.SIGSTOP)
    # if it was started anew meanwhile, the new one is awake already
    return lambda: house.signal(name, signal.SIGCONT) if house.pid(name) == pid else None


def _crash(house: House, on: str) -> None:
    name, point = on.split()
    house.arm(name, CrashPoint(point))


def _wipe(house: House, _: str) -> None:
    _told(house, lambda client: client.flushall())


def _pause(house: House, milliseconds: str) -> None:
    """For so long nobody is answered, whoever would end it neither."""
    _told(house, lambda client: client.client_pause(int(milliseconds)))


def _fill(house: House, _: str) -> Heal:
    _told(house, lambda client: client.config_set("maxmemory", LITTLE_MEMORY))
    return lambda: _told(house, lambda client: client.config_set("maxmemory", NO_LIMIT))


def _told(house: House, do: Callable[[redis.Redis], object]) -> None:
    with closing(house.redis.client()) as client:
        do(client)


def _spoil(mood: Mood) -> Callable[[House, str], Heal]:
    def do(house: House, _: str) -> Heal:
        house.s3.mood = mood
        return lambda: setattr(house.s3, "mood", Mood.GOOD) if house.s3.mood is mood else None

    return do


def _fill_disk(house: House, _: str) -> Heal:
    """No file of the reader's may grow any more, neither those it opens uploads in nor its log."""
    _let_grow(house, 0)
    return lambda: _let_grow(house, resource.RLIM_INFINITY)


def _let_grow(house: House, most: int) -> None:
    """Of all that the reader is at this moment: what it starts later has what its parent has. Whoever it has walled in is
    out of reach."""
    pid = house.pid("reader")
    for member in family(pid) if pid else ():
        with suppress(ProcessLookupError, PermissionError):
            hard = resource.prlimit(member, resource.RLIMIT_FSIZE)[1]
            resource.prlimit(member, resource.RLIMIT_FSIZE, (hard if most else 0, hard))


def _misbehave(house: House, spec: str) -> Heal:
    """Where the courier is asleep just now, whoever asks must not wait for it: it is this one who wakes it."""
    house.courier("faults", {"faults": spec}, ANSWERS_WITHIN_S)

    def heal() -> None:
        house.courier("faults", {"faults": ""}, ANSWERS_WITHIN_S)

    return heal


def _mood(house: House, mood: str) -> Heal:
    house.town("mood", {"mood": mood})
    return lambda: house.town("mood", {"mood": "good"})


def _rotate(house: House, _: str) -> None:
    """Beside everything else; it may well die of what else is done."""
    house.command("keys", "rotate")


_DOING: Mapping[Kind, Callable[[House, str], Heal | None]] = {
    Kind.KILL: _kill,
    Kind.KILL_INSIDE: _kill_inside,
    Kind.FREEZE: _freeze,
    Kind.CRASH: _crash,
    Kind.REDIS_WIPED: _wipe,
    Kind.REDIS_PAUSED: _pause,
    Kind.REDIS_FULL: _fill,
    Kind.REDIS_KILLED: lambda house, _: house.redis.restart(),
    Kind.POSTGRES: lambda house, mode: house.postgres.restart(mode),
    Kind.S3_REFUSES: _spoil(Mood.REFUSING),
    Kind.S3_SLOW: _spoil(Mood.SLOW),
    Kind.S3_CUTS: _spoil(Mood.CUTTING),
    Kind.S3_AWAY: _spoil(Mood.AWAY),
    Kind.DISK_FULL: _fill_disk,
    Kind.PARTNER: _misbehave,
    Kind.PARTNER_DOWN: lambda house, _: _freeze(house, "courier"),
    Kind.PLATFORM: _mood,
    Kind.ROTATION: _rotate,
}
