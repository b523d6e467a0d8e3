"""How fast the domain lives: steps a second of the simulator, invariants after each, on one core."""

import time

from bench.goals import Goal, goals_table, none_of, under
from bench.options import Options
from bench.progress import Say
from bench.tables import table
from tests.simulation.street import Broken
from tests.simulation.town import live

STEPS = 100_000
SEEDS = (1, 2, 3)
GOAL_SECONDS = 30


def run(_options: Options, say: Say) -> str:
    rows, longest, broke = [], 0.0, 0
    for seed in SEEDS:
        began = time.process_time()
        try:
            cases: object = live(seed * 1_000, STEPS).cases
        except Broken as broken:
            cases, broke = str(broken), broke + 1
        spent = time.process_time() - began
        longest = max(longest, spent)
        rows.append([str(seed), str(cases), f"{spent:.1f}", f"{STEPS / spent:.0f}"])
        say(f"  seed {seed}: {spent:.1f} s")
    text = f"{STEPS} steps of `tests.simulation` a seed, every invariant after every step; seconds of one core's time."
    return "\n\n".join(
        [text, goals_table(_goals(longest, broke)), table(["seed", "cases", "seconds", "steps a second"], rows)]
    )


def _goals(longest: float, broke: int) -> list[Goal]:
    return [
        under("CPU time of 100,000 steps, the longest", longest, GOAL_SECONDS),
        none_of("seeds that broke an invariant", broke, len(SEEDS)),
    ]
