"""`python -m tests.fuzz TARGET [--runs N] [--seed S] [--found FOLDER]`: so many runs of one target from one seed.

With atheris, which watches the branches that bytes take; where it has no build for the machine, by mutation alone. What
fails is kept in FOLDER, exit 1.
"""

import argparse
import importlib
import random
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.mutations import of_bytes, of_json

TARGETS = "tests.fuzz.targets"
WATCHED = ["courier", "messaging", "preaudit.guard", "preaudit.sandbox"]
SECONDS_FOR_ONE = 60
VALUES = 0.5


def main(words: Sequence[str]) -> int:
    asked = _parser().parse_args(words)
    asked.found.mkdir(parents=True, exist_ok=True)
    try:
        atheris = importlib.import_module("atheris")
    except ImportError:
        return by_mutation(asked)
    with atheris.instrument_imports(include=WATCHED):
        target = importlib.import_module(TARGETS).TARGETS[asked.target]
    with tempfile.TemporaryDirectory() as corpus:
        for place, sample in enumerate(target.samples()):
            (Path(corpus) / str(place)).write_bytes(sample)
        options = {
            "runs": asked.runs or target.runs,
            "seed": asked.seed,
            "max_len": target.longest,
            "len_control": 0,
            "timeout": SECONDS_FOR_ONE,
            "artifact_prefix": f"{asked.found}/",
        }
        more = {"custom_mutator": mutated} if target.json else {}
        atheris.Setup([sys.argv[0], *(f"-{k}={v}" for k, v in options.items()), corpus], target.run, **more)
        atheris.Fuzz()  # ends the process
    return 0


def mutated(data: bytes, longest: int, seed: int) -> bytes:
    """As atheris asks for it: half of the time a change of values, where there are any."""
    rnd = random.Random(seed)
    made = of_json(rnd, data) if rnd.random() < VALUES else None
    return (of_bytes(rnd, [data]) if made is None else made)[:longest]


def by_mutation(asked: argparse.Namespace) -> int:
    target = importlib.import_module(TARGETS).TARGETS[asked.target]
    rnd, samples = random.Random(asked.seed), list(target.samples())
    runs = asked.runs or target.runs
    for _ in range(runs):
        data = of_bytes(rnd, samples)
        if target.json and rnd.random() < VALUES:
            data = of_json(rnd, rnd.choice(samples)) or data
        data = data[: target.longest]
        try:
            target.run(data)
        except Exception:
            traceback.print_exc()
            (asked.found / "crash-by-mutation").write_bytes(data)
            return 1
    print(f"Done {runs} runs by mutation alone")
    return 0


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m tests.fuzz")
    made.add_argument("target")
    made.add_argument("--runs", type=int, default=0)
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--found", type=Path, default=Path("build/fuzz"))
    return made


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
