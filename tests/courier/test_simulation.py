"""Thousands of legs with a courier who does everything wrong: doubles, shuffles, delays and drops what he says, takes
an order and does not answer, refuses, never comes, comes late, takes back, loses, returns, gives it to somebody else,
is cancelled and moves. After every step the invariants hold; in the end every leg has ended or a person knows why not.

`SEED=n` lives one case again; a failure names its seed and tells the story.
"""

import os
from collections import Counter

import pytest

from tests.courier.journeys import STORIES
from tests.courier.postroom import PostRoom
from tests.courier.promises import Promises

FEW, MANY = 150, 4000
"""Cases; most have two legs, and a leg about three attempts."""


def lived(seeds: range) -> Counter[str]:
    """What happened, over all cases. Raises with the seed and the story of the first that went wrong."""
    seen: Counter[str] = Counter()
    for seed in _asked_for(seeds):
        room = PostRoom(seed)
        promises = Promises(room, seed)
        try:
            room.run(promises.check)
            ends = [promises.why(leg) for leg in room.world.file.legs]
        except Exception as error:
            story = "\n".join(room.history[-40:])
            raise AssertionError(f"SEED={seed}: {type(error).__name__}: {error}\n{story}") from error
        seen.update(room.luck.struck)
        seen.update(room.papers.struck)
        seen.update(j.story for j in room.journeys.values())
        seen.update(f"ends: {end}" for end in ends)
        seen.update(legs=len(room.world.file.legs), attempts=len(room.world.file.bookings))
    print(f"seeds {seeds.start}-{seeds.stop - 1}: {dict(sorted(seen.items()))}")
    return seen


def _asked_for(seeds: range) -> list[int]:
    asked = os.environ.get("SEED")
    return [int(asked)] if asked else list(seeds)


def test_every_leg_ends_or_waits_for_a_person_with_a_reason_whatever_the_courier_does() -> None:
    lived(range(FEW))


@pytest.mark.chaos
@pytest.mark.timeout(600)
def test_thousands_of_legs_meet_every_story_and_every_misfortune() -> None:
    seen = lived(range(FEW, FEW + MANY))
    assert seen["legs"] > MANY
    assert set(STORIES) <= set(seen)
