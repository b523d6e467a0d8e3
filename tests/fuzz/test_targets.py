"""Every target takes its samples; in `make chaos` each is fuzzed in a process of its own, from a fixed seed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS
from tests.workers.service import ROOT

SEED = 20_260_105
OF_FILES = ("pdf", "picture")


@pytest.mark.parametrize("name", [name for name in TARGETS if name not in OF_FILES])
def test_a_target_takes_its_samples(name: str) -> None:
    target = TARGETS[name]
    for sample in target.samples():
        target.run(sample)
    target.run(b"")


@pytest.mark.thorough
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", TARGETS)
def test_so_many_runs_of_a_target_find_nothing(name: str, tmp_path: Path) -> None:
    """What is found is kept where the last line of the output says, and becomes a sample of a test of its own."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", name, "--seed", str(SEED), "--found", str(tmp_path)],
        capture_output=True, text=True, cwd=ROOT, check=False, env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert ran.returncode == 0, (ran.stdout + ran.stderr)[-3000:]
    assert f"Done {TARGETS[name].runs} runs" in ran.stderr + ran.stdout
    assert not list(tmp_path.iterdir())
