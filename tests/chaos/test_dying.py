"""A death at each named point, on the running service: what was under way is done by whoever comes next, once.

One resident's errand goes from its photograph to its papers at the office, or to its rating; on the way, the first process that comes to the point dies.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage.blobs import blobs_from
from storage.crashpoints import CrashPoint
from storage.session import Database
from storage.vault import load_key_file
from tests.chaos.faults import POINTS
from tests.chaos.house import House, last_words, wait
from tests.chaos.journeys import Life
from tests.chaos.load import load
from tests.chaos.run import end_rotation, idle
from tests.chaos.verdict import judge
from tests.workers import test_backup as backups
from tests.workers.service import ROOT

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]

OPERATORS = (
    CrashPoint.BACKUP_COPIED,
    CrashPoint.BACKUP_WRITTEN,
    CrashPoint.ROTATION_IN_ROWS,
    CrashPoint.ROTATION_IN_BLOBS,
)
"""Commands, no processes of the service."""
PLACES = [(process, point) for process, of in POINTS.items() for point in of]
ENDS_WITHIN_S = 240.0


@pytest.mark.parametrize(("process", "point"), PLACES, ids=[f"{process}-{point}" for process, point in PLACES])
def test_a_case_ends_once_though_a_process_died(running: House, process: str, point: CrashPoint) -> None:
    died = running.arm(process, point)
    running.ready()
    crowd = load(
        running, 1, 100 + PLACES.index((process, point)), 1.0, life=Life.WHOLE if process == "worker" else Life.FETCHED
    )
    crowd.start()
    try:
        wait(running, lambda: crowd.over == 1, f"the case; {died.name} {died.exists()}", ENDS_WITHIN_S)
        wait(running, lambda: died.exists() and idle(running), "the death, and quiet", ENDS_WITHIN_S)
    finally:
        crowd.stop()
    verdict = judge(running, crowd.said, [c.number for c in crowd.cases])
    assert verdict.good, "\n".join([*verdict.everything(), *crowd.wrong, last_words(running)])
    assert crowd.wrong == []


def zerotrip(env: dict[str, str], *words: str) -> int:
    command = [sys.executable, "-m", "workers", *words]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **env}, timeout=120, check=False).returncode


@pytest.mark.parametrize("point", [CrashPoint.ROTATION_IN_ROWS, CrashPoint.ROTATION_IN_BLOBS])
def test_a_rotation_that_died_is_taken_up_where_it_was(running: House, point: CrashPoint) -> None:
    crowd = load(running, 2, 200 + OPERATORS.index(point), 1.0, life=Life.FETCHED)
    crowd.start()
    wait(running, lambda: crowd.over == 2, "the cases", ENDS_WITHIN_S)
    crowd.stop()
    assert zerotrip({**running.env, "WORKERS_CRASH_AT": point}, "keys", "rotate") == -signal.SIGKILL
    assert end_rotation(running) == []
    ring, blobs = load_key_file(running.settings.key_file), blobs_from(running.settings)
    assert list(ring.keys) == [ring.current]
    assert {blobs.key_number(key) for key in blobs.all_keys()} == {ring.current}
    assert judge(running, crowd.said, [c.number for c in crowd.cases]).good


@pytest.mark.parametrize("point", [CrashPoint.BACKUP_COPIED, CrashPoint.BACKUP_WRITTEN])
def test_a_backup_that_died_is_not_there_and_the_next_one_is_whole(tmp_path: Path, point: CrashPoint) -> None:
    data, to = tmp_path / "live", tmp_path / "backups"
    backups.live(data)
    database = Database(backups.settings(data))
    backups.work(database, data, "440105261122000001", b"a picture")
    database.dispose()
    assert zerotrip({"WORKERS_CRASH_AT": point}, "backup", str(to), "--data", str(data)) == -signal.SIGKILL
    assert list(to.glob("*.tar")) == []
    assert zerotrip({}, "backup", str(to), "--data", str(data)) == 0
    keys, archive = sorted(to.glob("*.tar"))
    assert [path.name for path in to.iterdir() if path.name.startswith(".zerotrip")] == [], "what the dead one left"
    assert zerotrip({}, "restore", str(archive), "--keys", str(keys), "--data", str(tmp_path / "new")) == 0
    assert backups.kept(tmp_path / "new") == backups.kept(data)
