"""Two versions of the service side by side: the processes of each one's own Procfile, run in its own tree, against one
PostgreSQL, one Redis and one S3; one address before both front doors.

`OLD` is the last released version (`tests.older`), `NEW` this tree. A process starts when it is told and ends by SIGTERM,
as under a supervisor; whoever dies without being told is started again and counted (`falls`).
"""

import json
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

from tests import older
from tests.chaos import filling
from tests.chaos.callers import Caller, Said
from tests.chaos.front import Front, front
from tests.chaos.house import House, answers, outside, premises, wait
from tests.chaos.journeys import Case, Life
from tests.chaos.load import Load, load
from tests.chaos.run import idle
from tests.services import free_port
from tests.specimens.applications import front_page
from tests.specimens.people import invent
from tests.workers.service import ROOT
from workers.supervise import Spec, kill_group

OLD, NEW = "old", "new"
WORKING = ("relay", "clock", "reader", "worker")
EVERYTHING = ("web", *WORKING)
READY_WITHIN_S, LEAVES_WITHIN_S, COMES_WITHIN_S = 120.0, 30.0, 480.0
"""The last: what an older process failed for want of knowing it is brought back by the sweep after five minutes."""


@dataclass
class Roll:
    house: House
    front: Front
    trees: Mapping[str, Path]
    ports: Mapping[str, int] = field(default_factory=lambda: {OLD: free_port(), NEW: free_port()})
    """Of the front door of each version."""
    crowds: list[Load] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)
    """What every process ended with that was told to go."""

    # ── processes ──

    def start(self, version: str, *names: str) -> None:
        """Ready."""
        for name in names or EVERYTHING:
            self.house.supervisor.start(self._spec(version, name))
        self.house.ready(READY_WITHIN_S)
        if "web" in (names or EVERYTHING):
            self.front.doors[version] = self.ports[version]

    def leave(self, version: str, *names: str) -> None:
        """Politely: nobody is sent to that door any more, then SIGTERM."""
        going = [f"{version}-{name}" for name in names or EVERYTHING]
        if "web" in (names or EVERYTHING):
            del self.front.doors[version]
        children = {name: self.house.supervisor.children.pop(name) for name in going}
        for child in children.values():
            kill_group(child.pid, signal.SIGTERM)
        for name, child in children.items():
            assert child.process is not None, f"{name} was not running"
            self.left[name] = child.process.wait(LEAVES_WITHIN_S)
            kill_group(child.process.pid, signal.SIGKILL)

    def _spec(self, version: str, name: str) -> Spec:
        tree, called = self.trees[version], f"{version}-{name}"
        ready = self.house.home / "run" / f"{called}.ready"
        ready.unlink(missing_ok=True)
        env = {"PYTHONPATH": str(tree), "WORKERS_READY_FILE": str(ready), "WEB_PORT": str(self.ports[version])}
        asked: dict[str, Callable[[], bool]] = {
            "web": partial(answers, f"http://127.0.0.1:{self.ports[version]}/healthz")
        }
        if name in ("reader", "worker"):
            asked[name] = ready.exists
        return Spec(
            called, self.command(version, procfile(tree)[name]), self.house.log(called), asked.get(name, _always), env
        )

    def command(self, version: str, words: Sequence[str]) -> list[str]:
        """In its own tree, so that nothing of the other's is imported."""
        programs = {"python": [sys.executable], "dramatiq": [sys.executable, "-m", "dramatiq"]}
        return ["env", "-C", str(self.trees[version]), *(w for word in words for w in programs.get(word, [word]))]

    def zerotrip(self, version: str, *words: str) -> str:
        """A command of that version; what it said."""
        env = {**self.house.env, "PYTHONPATH": str(self.trees[version])}
        command = self.command(version, ["python", "-m", "workers", *words])
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, f"zerotrip {words} of the {version} version: {done.stdout}{done.stderr}"
        return done.stdout

    @property
    def falls(self) -> list[str]:
        """Who ended without being told."""
        return [line for line in self.house.said if " ended " in line or "refused" in line]

    # ── load ──

    def come(self, count: int, life: Life | None = Life.WHOLE, spread_s: float = 5.0) -> Load:
        """Residents, each with a card of their own."""
        first = 1000 * (len(self.crowds) + 1)
        cards = [front_page(invent(first + n), first + n, megapixels=1.0).data for n in range(count)]
        crowd = load(self.house, count, len(self.crowds) + 1, spread_s, life, good=cards)
        callers = {
            id(c): c for c in (*(case.resident for case in crowd.cases), crowd.office.desk, crowd.office.department)
        }
        for caller in callers.values():
            caller.headers["Connection"] = "close"  # each call may come to another version
            caller.alike = alike
        self.crowds.append(crowd)
        crowd.start()
        return crowd

    def at(self, version: str, caller: Caller) -> Caller:
        """The same person, at the door of that version."""
        made = Caller(
            f"http://127.0.0.1:{self.ports[version]}", self.crowds[0].said, self.crowds[0].stopping, Random(0)
        )
        made.headers, made.alike = dict(caller.headers), alike
        return made

    def until_over(self, crowd: Load, count: int) -> None:
        self.until(lambda: crowd.over >= count, f"{count} of {len(crowd.cases)} cases", crowd)

    def until(self, holds: Callable[[], bool], what: str, *crowds: Load) -> None:
        try:
            wait(self.house, holds, what, COMES_WITHIN_S)
        except AssertionError as late:
            unfinished = [
                f"{c.number or c.index} {c.life} {seen}" for crowd in crowds for c, seen in crowd.unfinished()
            ]
            wrong = [line for crowd in crowds for line in crowd.wrong]
            raise AssertionError("\n".join([str(late), *unfinished, *wrong, *self.falls])) from None

    def end(self) -> None:
        """Every case over, no work left."""
        self.until(lambda: all(c.over == len(c.cases) for c in self.crowds), "every case to be over", *self.crowds)
        self.until(lambda: idle(self.house), "the work to be done", *self.crowds)
        for crowd in self.crowds:
            crowd.stop()

    @property
    def cases(self) -> list[Case]:
        return [case for crowd in self.crowds for case in crowd.cases]

    @property
    def wrong(self) -> list[str]:
        return [line for crowd in self.crowds for line in crowd.wrong]

    @property
    def said(self) -> Said:
        """Of all crowds together."""
        whole = Said()
        for crowd in self.crowds:
            whole.written += crowd.said.written
            whole.differing += crowd.said.differing
            whole.faults += crowd.said.faults
            whole.statuses += crowd.said.statuses
        return whole


@contextmanager
def rolling(folder: Path, filled_by: str = OLD) -> Iterator[Roll]:
    """Everything but the service's own processes, with a database that `filled_by` made."""
    trees = {OLD: older.tree(folder), NEW: ROOT}
    with premises(filled=partial(_fill, trees[filled_by])) as made, front(made.played[1][0]) as door:
        roll = Roll(made, door, trees)
        for spec in outside(made, 0):
            made.supervisor.start(spec)
        made.ready()
        try:
            yield roll
        finally:
            for crowd in roll.crowds:
                crowd.stop()


def _fill(tree: Path, env: Mapping[str, str], news: str) -> Mapping[str, str]:
    """By the version that stands in `tree`."""
    command = [sys.executable, "-P", filling.__file__, news]
    done = subprocess.run(
        command,
        cwd=tree,
        env={**env, "PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    keys: Mapping[str, str] = json.loads(done.stdout.splitlines()[-1])
    return keys


def alike(before: object, again: object) -> bool:
    """An answer that another version gives again says the same, with the fields that it knows."""
    if isinstance(before, dict) and isinstance(again, dict):
        return all(alike(before[name], again[name]) for name in before.keys() & again.keys())
    if isinstance(before, list) and isinstance(again, list):
        return len(before) == len(again) and all(map(alike, before, again))
    return before == again


def procfile(tree: Path) -> dict[str, list[str]]:
    lines = (tree / "Procfile").read_text("utf-8").splitlines()
    return {name: shlex.split(words) for name, _, words in (line.partition(":") for line in lines if line.strip())}


def _always() -> bool:
    return True
