"""What a job of the workers, its ring and a page of the desk cost: whole cases are lived on an idle service, as `zerotrip demo` lives
one, and then the desk is looked at; processor by process, without what the processes take when nothing happens.

The database is SQLite, so what it costs is counted with whoever asks it. Couriers' pushes are jobs of the workers too, and have a
measurement of their own (`bench pushes`): what the model says of them is taken off, and the rest is the other jobs'.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.machine import cpu_by_command
from bench.progress import Say
from bench.service import ServiceNotReady, until
from bench.sizing import PUSH, Part
from workers.demo.photos import photos
from workers.demo.show import running, stage
from workers.demo.story import Stage, story_of

ITEM = "440105-SHBZK-BL"
LIVES, IDLE_S, LOOKS = 2, 6.0, 25
PAGES = ("/desk/queues/unclaimed", "/desk/queues/originals", "/desk/cases/{number}", "/desk/board")
WORKER, RELAY, WEB = "workers.main", "workers.relay", "web"
ENDED, PUSHED = '"job_ended"', '"kind": "inbox.handle"'


@dataclass(frozen=True)
class Lived:
    """Milliseconds of a processor. `jobs`: of the workers, in one case, but for `pushes`; `rings`: of all jobs."""

    jobs: float
    pushes: float
    rings: float
    job_ms: float
    ring_ms: float
    page_ms: float


def lived(pid: int, say: Say) -> Lived:
    """`pid`: of the running service's first process."""
    data = folder_of(pid)
    found = running(data)
    if found is None:
        raise ServiceNotReady(f"{data.name}: no service runs in this folder")
    here = stage(found, photos(None, ITEM), ITEM, None)
    say(f"  {LIVES} whole cases, after a first one: fonts are opened then, which takes seconds once")
    _live(here, data, 1)
    resting = _used(pid, lambda: time.sleep(IDLE_S))
    before = _jobs(data)
    used = _used(pid, lambda: _live(here, data, LIVES))
    workers, readers, pushes = (after - so_far for after, so_far in zip(_jobs(data), before, strict=True))
    looked = _used(pid, lambda: _look(here))
    of_jobs = 1000 * _more(used, resting, WORKER) - pushes * (PUSH[Part.WORKER] + PUSH[Part.POSTGRESQL])
    return Lived(
        (workers - pushes) / LIVES,
        pushes / LIVES,
        (workers + readers) / LIVES,
        of_jobs / (workers - pushes),
        1000 * _more(used, resting, RELAY) / (workers + readers),
        1000 * _more(looked, resting, WEB) / (LOOKS * len(PAGES)),
    )


def folder_of(pid: int) -> Path:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    return Path(words[words.index("--data") + 1])


@dataclass(frozen=True)
class Used:
    seconds: float
    cpu: Mapping[str, float]


def _used(pid: int, do: Callable[[], None]) -> Used:
    before, began = cpu_by_command(pid), time.perf_counter()
    do()
    after = cpu_by_command(pid)
    return Used(time.perf_counter() - began, {name: used - before.get(name, 0.0) for name, used in after.items()})


def _more(used: Used, resting: Used, part: str) -> float:
    """Processor seconds of one process beyond what it takes in rest."""

    def of(one: Used) -> float:
        return sum(seconds for name, seconds in one.cpu.items() if part in name.split())

    return max(0.0, of(used) - of(resting) * used.seconds / resting.seconds)


def _live(here: Stage, data: Path, times: int) -> None:
    for _ in range(times):
        for step in story_of(here):
            step.do(here)
    until(lambda: _at_rest(data), 60, 1.0)


def _at_rest(data: Path) -> bool:
    """Nothing ended within a second."""
    before = _ended(data, "worker")
    time.sleep(1.0)
    return _ended(data, "worker") == before


def _jobs(data: Path) -> tuple[int, int, int]:
    """That have ended: of the workers, of the reader, and those of the workers that were pushes."""
    return _ended(data, "worker"), _ended(data, "reader"), _ended(data, "worker", PUSHED)


def _ended(data: Path, log: str, kind: str = "") -> int:
    lines = (data / "logs" / f"{log}.log").read_text("utf-8").splitlines()
    return sum(ENDED in line and kind in line for line in lines)


def _look(here: Stage) -> None:
    for _ in range(LOOKS):
        for path in PAGES:
            here.desk.get_bytes(path.format(number=here.number))
