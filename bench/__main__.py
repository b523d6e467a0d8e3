"""`python -m bench [PART...] [--resume] …`: measures the parts that are named, or all, and writes their sections of
`bench/RESULTS.md`, each as soon as it is there.

With `--resume`, what an interrupted run has finished is left as it is, and what it had read is not read again.
"""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

from bench import reading
from bench.machine import load
from bench.options import RESULTS, Options
from bench.parts import PARTS
from bench.report import Circumstances, keep
from bench.service import ServiceNotReady
from tests.services import ServiceMissing

NOT_MEASURED = 3


def main(words: Sequence[str]) -> int:
    """Exit 0 when everything asked for was measured, 3 when something that a part needs would not start."""
    asked = _parser().parse_args(words)
    options = Options(**{each.name: getattr(asked, each.name) for each in fields(Options)})
    if options.beforehand:
        reading.beforehand(options, _say)
        return 0
    names = [name for name in PARTS if name in asked.parts] or list(PARTS)
    finished = Finished(options.cache / "finished.json", resume=options.resume)
    measured = [finished.has(name) or _measure(name, options, words, finished) for name in names]
    if all(measured):
        finished.forget()
    return 0 if all(measured) else NOT_MEASURED


def _measure(name: str, options: Options, words: Sequence[str], finished: "Finished") -> bool:
    part, began = PARTS[name], Circumstances.now(command(words))
    _say(f"{name} (load average {began.load:.1f})")
    try:
        body, done = part.run(options, _say), True
    except (ServiceNotReady, ServiceMissing) as refused:
        print(refused, file=sys.stderr)
        body, done = f"Not measured: {str(refused).splitlines()[0]}", False
    keep(name, part.title, f"{began.line(datetime.now(UTC), load())}\n\n{body}", list(PARTS), options.results)
    _say(f"  written to {options.results.name}")
    if done:
        finished.add(name)
    return done


def command(words: Sequence[str]) -> str:
    """As it was typed, but without the folders of this machine."""
    return " ".join(["python -m bench", *(re.sub(r"^(--[\w-]+=)?/.*/", r"\1…/", word) for word in words)])


class Finished:
    """Which parts an interrupted run has written, for the one that takes it up again."""

    def __init__(self, path: Path, *, resume: bool) -> None:
        self._path = path
        self._names: list[str] = json.loads(path.read_text("utf-8")) if resume and path.exists() else []

    def has(self, name: str) -> bool:
        if name in self._names:
            _say(f"{name}: finished before")
        return name in self._names

    def add(self, name: str) -> None:
        self._names.append(name)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(self._names), "utf-8")

    def forget(self) -> None:
        self._path.unlink(missing_ok=True)


def _parser() -> argparse.ArgumentParser:
    usual = Options()
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure, and write bench/RESULTS.md.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of {', '.join(PARTS)} (default: all)")
    parser.add_argument("--resume", action="store_true", help="go on where an interrupted run stopped")
    parser.add_argument("--photos", type=Path, default=usual.photos, help="real photographs with their key strings")
    parser.add_argument("--peers-limit", type=int, metavar="N", help="pictures of each group for slow peers (all)")
    parser.add_argument(
        "--peers-minutes", type=float, default=usual.peers_minutes, help="after which slow peers get no more (90)"
    )
    parser.add_argument(
        "--beforehand", action="store_true", help="only have the slow peers of `reading` read; no times"
    )
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the report is written")
    parser.add_argument("--cache", type=Path, default=usual.cache, help="where an interrupted run finds itself again")
    parser.add_argument("--url", help="a running embedded service; without it one is started")
    numbers = {
        "each_level": "specimens at each level",
        "timed_each": "pictures of each group that slow peers are timed on, having read beforehand",
        "two_workers": "pictures of each group that two workers read as well",
        "applications": "residents whose applications are judged, each with every fault planted",
        "each_defect": "pictures of each quality defect, and twice as many good ones",
        "times": "uploads of each size, and whole applications",
        "cases": "in the database of `million`",
        "pollers": "residents who look at their case again and again in `polling`",
        "starts": "of the service on an empty folder, in `cold`",
        "residents": "who send a page at one moment, in `scale`",
        "jobs": "that do nothing, in `overhead`",
        "pictures": "photographs that go through in `throughput`",
        "slow_pictures": "of them, for peers that take seconds over one",
        "rounds": "of `throughput`",
        "uploads_a_second": "pages that `uploads` sends",
    }
    for name, what in numbers.items():
        usually = getattr(usual, name)
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=usually, help=f"{what} ({usually})")
    parser.add_argument("--push-seconds", type=float, default=usual.push_seconds, help="each run of the push intake")
    parser.add_argument("--follow-seconds", type=float, default=usual.follow_seconds, help="pushes up to their legs")
    parser.add_argument("--poll-seconds", type=float, default=usual.poll_seconds, help="each run of `polling`")
    parser.add_argument("--upload-seconds", type=float, default=usual.upload_seconds, help="the run of `uploads`")
    parser.add_argument("--keep", action="store_true", help="leave the database of `million` in the cache folder")
    return parser


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
