"""Every named crash point stands where the program can die there; `tests/chaos/test_dying.py` dies at each of them.

A worker that is killed at any point of a try: the next try does what is left, and nothing twice.
"""

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from cases.actions import deciding
from cases.effects import JobKind
from cases.lifecycle import CaseState
from storage.crashpoints import CrashPoint, arm, struck
from storage.settings import StorageSettings
from tests.services import storage_env
from tests.workers.room import Room
from workers.actors.registry import HANDLERS
from workers.jobs import Ended, perform

ROOT = Path(__file__).parents[2]
PACKAGES = ("web", "workers", "storage")
OF_A_TRY = [CrashPoint.AFTER_CLAIM, CrashPoint.AFTER_WORK, CrashPoint.BEFORE_COMMIT, CrashPoint.AFTER_COMMIT]


def test_every_point_stands_at_one_place_of_the_program() -> None:
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    used = Counter(name for path in files for name in re.findall(r"\(CrashPoint\.(\w+)\)", path.read_text("utf-8")))
    assert used == Counter(point.name for point in CrashPoint)


def test_only_the_first_to_arrive_dies(tmp_path: Path) -> None:
    arm({"WORKERS_CRASH_AT": CrashPoint.AFTER_RING, "WORKERS_CRASH_ONCE": str(tmp_path / "once")})
    try:
        assert [struck(p) for p in (CrashPoint.BEFORE_RING, CrashPoint.AFTER_RING, CrashPoint.AFTER_RING)] == [0, 1, 0]
    finally:
        arm({})


@pytest.mark.chaos
@pytest.mark.parametrize("point", OF_A_TRY)
def test_whoever_dies_there_is_succeeded(room: Room, storage_settings: StorageSettings, point: CrashPoint) -> None:
    room.world.to_received()
    room.world.apply(deciding.accept(room.world.file, room.world.now))
    job = room.job(JobKind.CASE_ROUTE).id
    died = subprocess.run(
        [sys.executable, "-m", "tests.workers.crashing", job],
        env={**os.environ, **storage_env(storage_settings), "WORKERS_CRASH_AT": point},
        cwd=ROOT, timeout=60, check=False,
    )  # fmt: skip
    assert died.returncode == -signal.SIGKILL
    with room.database.transaction() as tx:
        tx.jobs.sweep(tx.now() + timedelta(hours=1))
    ended = perform(room.context, HANDLERS[JobKind.CASE_ROUTE], job)
    assert ended is (Ended.NOT_OURS if point is CrashPoint.AFTER_COMMIT else Ended.DONE)
    assert room.seen().state is CaseState.PROCESSING
    assert len(room.facts("case_routed")) == 1
    assert len(room.world.file.assignments) == 3
