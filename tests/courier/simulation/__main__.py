"""`python -m tests.courier.simulation --legs 2000`: thousands of legs, town by town, each by its seed.

Exit 1 if anything did not hold: then the seed and the story of the case are printed, and `--seed N --towns 1` lives that
town again.
"""

import argparse
import resource
import signal
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.courier.simulation.lived import EXPECTED, SEEN, Place
from tests.courier.simulation.town import Broken


def main(argv: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the couriers go home first
    told: Counter[str] = Counter()
    broken: list[int] = []
    with TemporaryDirectory(prefix="zerotrip-") as folder:
        place = Place(Path(folder))
        for seed in count(asked.seed):
            before = _cpu()
            try:
                one = place.lived(str(seed), asked.cases)
            except (Broken, AssertionError) as error:
                print(f"seed {seed} BROKEN\n{error}", flush=True)
                broken.append(seed)
                one = Counter[str]()
            told += one + Counter(towns=1)
            said = f"{one['legs']} legs, {one['attempts']} attempts, {one['pushes kept']} pushes kept"
            print(f"seed {seed}: {said}, {_cpu() - before:.0f} s of processor time", flush=True)
            if told["towns"] == asked.towns or (not asked.towns and told["legs"] >= asked.legs):
                break
    _print(told, broken)
    return 1 if broken else 0


def _print(told: Counter[str], broken: Sequence[int]) -> None:
    for name in sorted(told):
        print(f"  {name:45} {told[name]:8}")
    missing = [name for name in (*EXPECTED, *SEEN) if not told[name]]
    print(f"never seen: {', '.join(missing) or 'none'}")
    print(
        f"{told['legs']} legs in {told['towns']} towns, {_cpu():.0f} s of processor time; broken seeds: {list(broken)}"
    )


def _cpu() -> float:
    """Ours, and of the couriers that have gone home."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(u.ru_utime + u.ru_stime for u in used)


def _parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser("python -m tests.courier.simulation", description=(__doc__ or "").split("\n")[0])
    p.add_argument("--legs", type=int, default=2000, help="at least so many")
    p.add_argument("--towns", type=int, default=0, help="just so many towns, instead")
    p.add_argument("--cases", type=int, default=60, help="in each town; nearly all have two legs")
    p.add_argument("--seed", type=int, default=1, help="of the first town; each has the next")
    return p


if __name__ == "__main__":
    sys.exit(main())
