"""`python -m tests.simulation [--seed N] [--steps N] | --street N --steps N`: lives and reports; or one street again."""

import argparse
import sys
import time

from tests.simulation.life import STEPS_OF_A_STREET
from tests.simulation.shrink import shortest
from tests.simulation.street import Broken
from tests.simulation.town import live


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--street", type=int, help="one street alone, by the seed that a failure names")
    parser.add_argument("--steps", type=int, default=100_000)
    asked = parser.parse_args(words)
    first = asked.street if asked.street is not None else asked.seed * 1_000
    a_street = asked.steps if asked.street is not None else STEPS_OF_A_STREET
    began = time.process_time()
    try:
        seen = live(first, asked.steps, of_each=a_street)
    except Broken as broken:
        print(broken)
        print(shortest(broken))
        return 1
    spent = time.process_time() - began
    print(seen.report())
    print(f"{asked.steps} steps in {spent:.1f} s of CPU, {asked.steps / spent:.0f} a second")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
