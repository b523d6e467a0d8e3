"""A worker that is killed at any point of a try: the next try does what is left, and nothing twice."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from cases.actions import deciding
from cases.effects import JobKind
from cases.lifecycle import CaseState
from storage.crashpoints import CrashPoint
from storage.settings import StorageSettings
from tests.services import storage_env
from tests.workers.room import Room
from workers.actors.registry import HANDLERS
from workers.jobs import Ended, perform

pytestmark = pytest.mark.chaos

ROOT = Path(__file__).parents[2]
OF_A_TRY = [CrashPoint.AFTER_CLAIM, CrashPoint.AFTER_WORK, CrashPoint.BEFORE_COMMIT, CrashPoint.AFTER_COMMIT]


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
