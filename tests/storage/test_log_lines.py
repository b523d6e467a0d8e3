"""A disk that is full stops the log, and nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SET_UP = {
    "stderr": "from workers.logs import set_up; set_up('test')",
    "stdout": "from web.observing import configure_logs; configure_logs()",
}


@pytest.mark.parametrize("stream", SET_UP)
def test_a_process_whose_log_cannot_be_written_works_on(stream: str) -> None:
    said = f"import structlog, sys, os; {SET_UP[stream]}; structlog.get_logger().error('x'); os._exit(7)"
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([sys.executable, "-u", "-c", said], cwd=ROOT, timeout=60, check=False, **{stream: full})  # type: ignore[call-overload]
    assert done.returncode == 7
