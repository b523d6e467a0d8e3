"""A burst of residents, simulated: what each of them will wait, told before it is tried (`bench.scale` tries it).

The machine is so many cores, of which others may take a share; they take turns among whoever wants them, a slice each, and the
doors come before the reader, which stands behind them (`workers.reader`). `web` is one process: it uses one core at a time. The
reader reads so many pages at once; whoever waits for it waits in the order of arrival. After the 201 a resident's phone looks
each few seconds until it sees the page read, which costs a little of the same cores, as the phone itself does where it is one of
the measuring program's threads.
"""

import random
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any

import simpy

SLICE_S = 0.02
"""Shorter than anything that is asked about, longer than what would be simulated for ever."""
Steps = Generator[simpy.Event, Any, None]


@dataclass(frozen=True)
class Machine:
    cores: int
    at_once: int
    """Pages that are read at the same time, all readers together."""
    web: int = 1
    """Processes of the doors."""
    ours: float = 1.0
    """Of the cores, what is left by whoever else runs on them and by the service when nobody asks it anything."""


@dataclass(frozen=True)
class Costs:
    """Processor seconds of one: an upload until its 201 (doors and database), a page's reading with all that is around it,
    a look of a phone; what the phone itself takes of the same machine. `spread`: how far readings scatter, standard deviation
    beside the mean."""

    upload: float
    read: float
    look: float
    spread: float = 0.25
    phone_sends: float = 0.0
    phone_looks: float = 0.0


@dataclass(frozen=True)
class Waited:
    """Seconds: until the 201; from there until a look found the page read."""

    sending: float
    reading: float


FIRST, BEHIND = 0, 1
"""Who has the cores before whom."""


class World:
    def __init__(self, machine: Machine, costs: Costs, seed: int, look_seconds: float) -> None:
        self.env = simpy.Environment()
        self._cores = simpy.PriorityResource(self.env, machine.cores)
        self._doors = simpy.Resource(self.env, machine.web)
        self._places = simpy.Resource(self.env, machine.at_once)
        self._costs, self._ours, self._look_seconds = costs, machine.ours, look_seconds
        self._random = random.Random(seed)
        self.waited: list[Waited] = []

    def resident(self, comes_at: float) -> Steps:
        yield self.env.timeout(comes_at)
        began = self.env.now
        yield from self._work(self._costs.phone_sends, FIRST)
        yield from self._at_the_doors(self._costs.upload)
        sent, read = self.env.now, self.env.event()
        self.env.process(self._read(read))
        while not read.processed:
            yield self.env.timeout(self._look_seconds)
            yield from self._at_the_doors(self._costs.look)
            yield from self._work(self._costs.phone_looks, FIRST)
        self.waited.append(Waited(sent - began, self.env.now - sent))

    def _read(self, read: simpy.Event) -> Steps:
        with self._places.request() as place:
            yield place
            yield from self._work(self._reading_takes(), BEHIND)
        read.succeed()

    def _at_the_doors(self, seconds: float) -> Steps:
        with self._doors.request() as door:
            yield door
            yield from self._work(seconds, FIRST)

    def _work(self, seconds: float, place: int) -> Steps:
        left = seconds
        while left > 0:
            with self._cores.request(priority=place) as core:
                yield core
                yield self.env.timeout(min(SLICE_S, left) / self._ours)
            left -= SLICE_S

    def _reading_takes(self) -> float:
        """Gamma: never negative, and of the spread that is wanted."""
        shape = 1 / self._costs.spread**2
        return self._random.gammavariate(shape, self._costs.read / shape)


def simulate(
    machine: Machine, costs: Costs, comes: Sequence[float], *, seed: int = 1, look_seconds: float = 3.0
) -> list[Waited]:
    """What each resident waits; `comes`: at which second each of them sends a page."""
    world = World(machine, costs, seed, look_seconds)
    for at in comes:
        world.env.process(world.resident(at))
    world.env.run()
    return world.waited


def arrivals(per_second: float, seconds: float, seed: int) -> list[float]:
    """Of people who know nothing of each other."""
    rnd, at, found = random.Random(seed), 0.0, list[float]()
    while (at := at + rnd.expovariate(per_second)) < seconds:
        found.append(at)
    return found


def fewest(holds: Callable[[int], bool], most: int) -> int | None:
    """The smallest number for which it holds."""
    return next((n for n in range(1, most + 1) if holds(n)), None)
