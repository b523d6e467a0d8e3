"""What a courier may do with a parcel, told as stories; and a clock without waiting, on which they happen.

A story is what really happens and what the courier says of it; both may differ (`real`). Which one a parcel lives
through, and when, is drawn from a seeded generator.
"""

import heapq
import itertools
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from courier.vocabulary import EventKind

K = EventKind


class VirtualClock:
    """What is due happens in the order of time; nobody waits."""

    def __init__(self, start: datetime) -> None:
        self.now = start
        self._count = itertools.count()
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []

    def at(self, when: datetime, action: Callable[[], None]) -> None:
        heapq.heappush(self._due, (max(when, self.now), next(self._count), action))

    def later(self, action: Callable[[], None], *, minutes: float) -> None:
        self.at(self.now + timedelta(minutes=minutes), action)

    def next(self) -> None:
        """Raises `IndexError` when nothing is left to happen."""
        self.now, _, action = heapq.heappop(self._due)
        action()


@dataclass(frozen=True)
class Step:
    """`real` False: the courier says so and it is not true."""

    kind: EventKind
    reverses: EventKind | None = None
    real: bool = True


def _said(*kinds: EventKind) -> tuple[Step, ...]:
    return tuple(Step(kind) for kind in kinds)


def _untrue(kind: EventKind) -> tuple[Step, ...]:
    """Said, and taken back."""
    return (Step(kind, real=False), Step(K.REVERSAL, reverses=kind))


_COMES = _said(K.COURIER_ASSIGNED, K.PICKED_UP, K.IN_TRANSIT)
_ARRIVES = _said(K.OUT_FOR_DELIVERY, K.DELIVERED)
_FAILS = _said(K.COURIER_ASSIGNED, K.PICKUP_FAILED)

STORIES: Mapping[str, tuple[Step, ...]] = {
    "ordinary": (*_COMES, *_ARRIVES),
    "few_scans": _said(K.PICKED_UP, K.DELIVERED),
    "never_comes": (),
    "assigned_and_never_comes": _said(K.COURIER_ASSIGNED),
    "pickup_fails": _FAILS,
    "pickup_fails_and_another_comes": (*_FAILS, *_COMES, *_ARRIVES),
    "rescheduled": (*_FAILS, *_said(K.PICKUP_RESCHEDULED), *_COMES, *_ARRIVES),
    "false_pickup": (Step(K.COURIER_ASSIGNED), *_untrue(K.PICKED_UP)),
    "false_pickup_then_a_real_one": (Step(K.COURIER_ASSIGNED), *_untrue(K.PICKED_UP), *_COMES, *_ARRIVES),
    "lost": (*_COMES, *_said(K.LOST)),
    "stuck": _COMES,
    "to_somebody_else": (*_COMES, *_said(K.OUT_FOR_DELIVERY, K.DELIVERED_UNCONFIRMED)),
    "to_somebody_else_then_in_person": (*_COMES, *_untrue(K.DELIVERED_UNCONFIRMED), *_ARRIVES),
    "false_delivery": (*_COMES, *_untrue(K.DELIVERED), *_ARRIVES),
    "false_delivery_and_back": (*_COMES, *_untrue(K.DELIVERED), *_said(K.RETURNING, K.RETURNED)),
    "false_delivery_then_somebody_else": (*_COMES, *_untrue(K.DELIVERED), *_said(K.DELIVERED_UNCONFIRMED)),
    "refused_and_back": (*_COMES, *_said(K.OUT_FOR_DELIVERY, K.REFUSED, K.RETURNING, K.RETURNED)),
    "refused_and_stuck": (*_COMES, *_said(K.OUT_FOR_DELIVERY, K.REFUSED)),
    "second_attempt": (*_COMES, *_said(K.OUT_FOR_DELIVERY, K.EXCEPTION), *_ARRIVES),
    "locker": (*_COMES, *_said(K.AWAITING_COLLECTION, K.DELIVERED)),
    "cancelled_by_the_partner": _said(K.COURIER_ASSIGNED, K.CANCELLED),
    "cancelled_but_moving": (*_said(K.CANCELLED), *_COMES, *_ARRIVES),
    "unknown_codes": (*_said(K.UNKNOWN, K.INFO), *_COMES, *_said(K.UNKNOWN), *_ARRIVES),
}
_OFTEN = ("ordinary", "ordinary", "ordinary", "few_scans")


@dataclass(frozen=True)
class Journey:
    """One parcel's story with its times. `heeds_cancelling` False: it goes on although the partner took our no."""

    story: str
    steps: tuple[tuple[datetime, Step], ...]
    heeds_cancelling: bool


def draw(rng: random.Random, window_start: datetime) -> Journey:
    story = rng.choice([*STORIES, *_OFTEN])
    late = rng.random() < 0.15  # after the window, maybe after the parcel was given up
    at = window_start + timedelta(minutes=rng.uniform(180, 2000) if late else rng.uniform(-45, 100))
    return Journey(story, tuple(_timed(rng, at, STORIES[story])), rng.random() < 0.85)


def _timed(rng: random.Random, at: datetime, steps: tuple[Step, ...]) -> Iterator[tuple[datetime, Step]]:
    for step in steps:
        yield at, step
        at += timedelta(seconds=1) if rng.random() < 0.05 else timedelta(minutes=rng.expovariate(1 / 60))


@dataclass
class Luck:
    """How often each misfortune strikes, and how often it did."""

    rng: random.Random
    struck: dict[str, int] = field(default_factory=dict)

    def has(self, misfortune: str, share: float) -> bool:
        strikes = self.rng.random() < share
        if strikes:
            self.struck[misfortune] = self.struck.get(misfortune, 0) + 1
        return strikes
