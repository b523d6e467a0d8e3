"""`python -m courier.sandbox`: wrong use is exit 2 with the reason; a signal ends it with 0."""

import signal
import subprocess
import sys

import pytest

from tests.courier.conftest import ROOT, Start


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "--key"),
        (["--key", "short"], "SM4 key"),
        (["--key", "TvaBgrhE46sft3nZlfe7xw==", "--faults", "gremlins"], "unknown fault"),
        (["--key", "TvaBgrhE46sft3nZlfe7xw==", "--clock", "2026-01-05T09:00:00"], "with its offset"),
    ],
)
def test_wrong_use_says_what_is_wrong(options: list[str], said: str) -> None:
    argv = [sys.executable, "-m", "courier.sandbox", *options]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert said in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_well(start_sandbox: Start, number: signal.Signals) -> None:
    own = start_sandbox("--speed", "600")
    own.process.send_signal(number)
    assert own.process.wait(10) == 0
