"""`python -m tests.chaos --seeds 1,2,3,4,5`: a run for each seed, and a section `chaos` in bench/RESULTS.md.

Exit 0 when nothing was lost, doubled, untrue or left over; 1 otherwise, with what the processes said last in `build/chaos`.
"""

import argparse
import resource
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.goals import goals_table, none_of
from bench.machine import load
from bench.options import RESULTS, ROOT
from bench.report import Circumstances, keep
from bench.tables import table
from tests.chaos.run import Ran, Size, run

TITLE = "Chaos"
CASES, SECONDS = 2000, 200.0
WORDS = ROOT / "build" / "chaos"
HEADS = ("seed", "cases", "writes answered", "faults", "processes started again", "leases that ran out", "set aside", "orders", "pushes",
         "messages", "told again", "lost", "doubled", "untrue", "left", "start + faults + peace + verdict, s")  # fmt: skip


def main(words: Sequence[str]) -> int:
    asked = _parser().parse_args(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # whoever is told to end takes its processes along
    began = Circumstances.now(" ".join(["python -m tests.chaos", *words]))
    ran: list[Ran] = []
    for seed in asked.seeds:
        ran.append(run(seed, Size(asked.cases, asked.seconds), _say))
        _tell(ran[-1])
        if asked.results is not None:
            body = f"{began.line(datetime.now(UTC), load())}\n\n{section(ran)}"
            keep("chaos", TITLE, body, (), asked.results)
    return 0 if all(r.good for r in ran) else 1


def section(ran: Sequence[Ran]) -> str:
    cases = sum(r.verdict.cases for r in ran)
    wrong = [none_of(f"{name}, all seeds", sum(len(getattr(r.verdict, name)) for r in ran), cases) for name in ENDS]
    return "\n\n".join([ABOUT, goals_table(wrong), table(HEADS, [_row(r) for r in ran]), _struck(ran)])


ENDS = ("lost", "doubled", "untrue", "left")
ABOUT = """Real processes against PostgreSQL, Redis and S3 on this machine, relay, clock and worker twice, the second of each with
a wrong clock; residents who send every write until it is answered, a courier who pushes doubled and out of order. What is
broken on purpose and what is asked at the end: `docs/chaos.md`. A seed strikes the same way at the same moments."""


def _row(r: Ran) -> tuple[object, ...]:
    v, n = r.verdict, r.verdict.counts
    told = (n["orders"], n["pushes sent"], n["messages"], v.told_again)
    ends = (len(v.lost), len(v.doubled), len(v.untrue), len(v.left))
    peace = sum(r.parts.get(part, 0.0) for part in ("cases", "work", "rotation"))
    seconds = " + ".join(f"{s:.0f}" for s in (r.parts["start"], r.parts["faults"], peace, r.parts["verdict"]))
    faults, leases = sum(r.struck.values()), n["leases that ran out"]
    return (r.seed, v.cases, v.written, faults, r.starts_again, leases, r.released, *told, *ends, seconds)


def _struck(ran: Sequence[Ran]) -> str:
    """How often each fault struck in each seed."""
    labels = sorted({label for r in ran for label in r.struck})
    return table(
        ("struck", *(f"seed {r.seed}" for r in ran)), [(label, *(r.struck[label] for r in ran)) for label in labels]
    )


def _tell(r: Ran) -> None:
    for line in r.verdict.lines():
        _say("  " + line)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    _say(f"  {sum(u.ru_utime + u.ru_stime for u in used):.0f} s of a processor so far, all processes that have ended")
    if not r.good:
        WORDS.mkdir(parents=True, exist_ok=True)
        told = WORDS / f"seed-{r.seed}.txt"
        told.write_text("\n".join(r.verdict.everything()) + "\n\n" + r.words, "utf-8")
        _say(f"  not good: {told.relative_to(ROOT)}; again with --seeds {r.seed}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="Faults at random, from a seed.")
    parser.add_argument("--seeds", type=_numbers, default=[1, 2, 3, 4, 5], help="1,2,3 (default: 1,2,3,4,5)")
    parser.add_argument("--cases", type=int, default=CASES, help=f"({CASES})")
    parser.add_argument("--seconds", type=float, default=SECONDS, help=f"of faults ({SECONDS:.0f})")
    parser.add_argument("--results", type=Path, help="where the section is written: " + RESULTS.name)
    return parser


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
