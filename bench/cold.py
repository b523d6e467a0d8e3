"""From nothing to the first page read: `zerotrip up` on an empty folder, a resident who opens a case and sends a photograph,
and the job `page.read` that ends. `python -m bench cold`.

Each time in a folder of its own, so that keys, database, items and staff are made, too. What set-up makes is there: the
program translated (`compileall`). Nothing else is kept from one start to the next (a cache of OpenVINO's compiled models was tried:
0.2 of some 10 CPU seconds, for 31 MB that would have to be trusted), but for the kernel's cache of files, which is left as it is:
the first start after the machine itself was started reads 500 MB from its disk as well. Told are seconds as somebody waits
them, and CPU seconds of all processes of the service, which a busy machine lengthens least.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.goals import goals_table, under
from bench.options import Options
from bench.progress import Progress, Say
from bench.service import free_port
from bench.tables import table
from workers.demo.client import Api
from workers.demo.photos import photos
from workers.demo.show import running, stage
from workers.demo.story import log_in, open_case, read_guide

ITEM, MATERIAL = "440105-SHBZK-BL", "id_front"
WANTED_S = 8.0
LOOK_S = 0.02
UP_TO_S = 300.0
TICK = os.sysconf("SC_CLK_TCK")


class NeverRead(Exception):
    """The service did not come up, or its first page was not read. The message is the end of its log."""


@dataclass(frozen=True)
class Start:
    """Seconds from the start of the process: until it says it is ready, and until its first page was read. `cpu_s`: what all
    of its processes had used by then. `reading_s`: of the job itself."""

    ready_s: float
    read_s: float
    cpu_ready_s: float
    cpu_s: float
    reading_s: float


def run(options: Options, say: Say) -> str:
    """The section of the report, in Markdown."""
    progress, starts = Progress("cold", options.starts, say), []
    for _ in range(options.starts):
        starts.append(measured())
        progress.step()
    return section(starts)


def measured() -> Start:
    with tempfile.TemporaryDirectory(prefix="zerotrip-cold-") as made:
        folder, started = Path(made) / "d", time.monotonic()
        with _up(folder) as process:
            _until(process, folder, lambda: (folder / "run" / "ready").exists() or None)
            ready_s, cpu_ready_s = time.monotonic() - started, tree_cpu_s(process.pid)
            _send_a_page(folder)
            reading_s = _until(process, folder, lambda: _first_reading(folder / "logs" / "reader.log"))
            return Start(ready_s, time.monotonic() - started, cpu_ready_s, tree_cpu_s(process.pid), reading_s)


@contextmanager
def _up(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    argv = [sys.executable, "-m", "workers", "up", "--data", str(folder), "--port", str(free_port()), "--quiet"]
    log = folder.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(argv, stdout=output, stderr=output, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def _until(process: "subprocess.Popen[bytes]", folder: Path, look: Callable[[], float | bool | None]) -> float:
    until = time.monotonic() + UP_TO_S
    while time.monotonic() < until and process.poll() is None:
        if (found := look()) is not None:
            return float(found)
        time.sleep(LOOK_S)
    raise NeverRead(folder.with_suffix(".log").read_text("utf-8", "replace")[-2000:])


def _send_a_page(folder: Path) -> None:
    found = running(folder)
    assert found is not None
    here = stage(found, photos(None, ITEM), ITEM, None)
    for step in (log_in, read_guide, open_case):
        step(here)
    resident: Api = here.resident
    resident.upload(f"{here.path}/materials/{MATERIAL}/pages", here.photos.good[MATERIAL], "image/jpeg")


def _first_reading(log: Path) -> float | None:
    """How long the first `page.read` took; None: none has ended."""
    lines = log.read_text("utf-8").splitlines() if log.exists() else []
    for line in lines:
        if '"job_ended"' in line and '"page.read"' in line and line.endswith("}"):
            return float(json.loads(line)["seconds"])
    return None


def tree_cpu_s(root: int) -> float:
    """Of a process and all that descend from it, those included that have ended and were waited for."""
    parents, used = dict[int, int](), dict[int, float]()
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(entry.parent.name)
        parents[pid], used[pid] = int(fields[1]), sum(map(int, fields[11:15])) / TICK
    return sum(seconds for pid, seconds in used.items() if _descends(pid, root, parents))


def _descends(pid: int, root: int, parents: dict[int, int]) -> bool:
    while pid != root:
        if pid not in parents or pid == parents[pid]:
            return False
        pid = parents[pid]
    return True


HEADS = ("start", "ready s", "first page read s", "of it reading s", "CPU s until ready", "CPU s until read")


def section(starts: Sequence[Start]) -> str:
    rows = [
        (n, *(f"{s:.1f}" for s in (x.ready_s, x.read_s, x.reading_s, x.cpu_ready_s, x.cpu_s)))
        for n, x in enumerate(starts, 1)
    ]
    text = (
        f"`zerotrip up` on an empty folder, {len(starts)} times; the page is a photograph of an identity card. The program is translated "
        "(`compileall`, as set-up leaves it) and in the kernel's cache of files; nothing else is kept between two starts."
    )
    goal = under("empty folder to the first page read, median", median(x.read_s for x in starts), WANTED_S)
    return "\n\n".join([text, goals_table([goal]), table(HEADS, rows)])
