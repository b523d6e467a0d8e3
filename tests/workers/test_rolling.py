"""A rolling deploy: processes of an older version and of the present one work on one database, and nothing is lost.

The older version is taken from the repository's history (`tests.older`). Real processes of both: `tests/chaos/test_rolling.py`.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cases.lifecycle import CaseState
from storage.audit import verify
from storage.casefiles import check_digit
from storage.session import Database
from tests import older
from tests.workers.rolling_driver import STAGES
from workers.invariants import broken
from workers.replay import replay

ROOT = Path(__file__).parents[2]
DRIVER = Path("tests/workers/rolling_driver.py")


def with_driver(tree: Path) -> Path:
    (tree / DRIVER).write_text((ROOT / DRIVER).read_text("utf-8"), "utf-8")
    return tree


class Process:
    """A driver of one version."""

    def __init__(self, running: subprocess.Popen[str]) -> None:
        self._running = running

    def take(self, number: str, stage: str) -> None:
        assert self._running.stdin is not None
        assert self._running.stdout is not None
        self._running.stdin.write(f"{number} {stage}\n")
        self._running.stdin.flush()
        assert self._running.stdout.readline().strip() == "done", (number, stage)


@contextmanager
def process(tree: Path, database: Database, first: int) -> Iterator[Process]:
    settings = database.settings
    words = [settings.database_url, str(settings.key_file), settings.blobs, str(first)]
    started = subprocess.Popen(
        [sys.executable, str(DRIVER), *words], cwd=tree, env={"PYTHONPATH": str(tree), "PATH": "/usr/bin:/bin"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield Process(started)
    finally:
        started.communicate(timeout=120)


def number_of(n: int) -> str:
    body = f"44010520260302{n:06d}"
    return body + check_digit(body)


@pytest.mark.thorough
@pytest.mark.timeout(600)
def test_cases_go_through_the_hands_of_both_versions_and_nothing_is_lost(database: Database, tmp_path: Path) -> None:
    tree = with_driver(older.tree(tmp_path))
    numbers = [number_of(n) for n in range(1, 5)]
    with process(tree, database, 1_000_000) as old, process(ROOT, database, 2_000_000) as new:
        new.take("-", "publish")
        for place, number in enumerate(numbers):
            (old if place % 2 else new).take(number, "open")
        for stage in range(1, len(STAGES)):
            for place, number in enumerate(numbers):
                (old if (place + stage) % 2 else new).take(number, str(stage))
    with database.reading() as tx:
        for number in numbers:
            file = tx.case_file(number)
            assert file.case.state is CaseState.DELIVERED
            assert replay(tx.timeline(number), file).differences == ()
            assert list(broken(file)) == []
            issued = [line.action for line in tx.timeline(number)]
            assert [issued.count(once) for once in ("clocks_started", "case_routed", "result_issued")] == [1, 1, 1]
        assert verify(tx) is None
