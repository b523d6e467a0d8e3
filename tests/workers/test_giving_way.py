"""Who stands behind has what the others leave: by itself, and with the whole session that is its own."""

import subprocess
import sys
from pathlib import Path

import pytest

GROUPS = Path("/proc/self/autogroup")
TELL = "import os; print(os.getpriority(os.PRIO_PROCESS, 0), *open('/proc/self/autogroup').read().split()[-1:])"
WAY = "from workers.giving_way import give_way; give_way({by}); "
WORKER = "import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', {code!r}]))"


def told(code: str, *, own_session: bool) -> list[int]:
    """How nice the child is, and its session; of the session that the kernel started in, nothing is told."""
    if not GROUPS.exists():
        code = code.replace("*open('/proc/self/autogroup').read().split()[-1:]", "os.getpriority(os.PRIO_PROCESS, 0)")
    command = ["nice", "-n", "0", sys.executable, "-c", code]
    said = subprocess.run(command, capture_output=True, text=True, check=True, start_new_session=own_session)
    return [int(word) for word in said.stdout.split()]


@pytest.mark.parametrize("by", [0, 7])
def test_the_leader_of_a_session_stands_behind_with_all_of_it(by: int) -> None:
    nice, session = told(WAY.format(by=by) + TELL, own_session=True)
    assert (nice >= by, session) == (True, by)


def test_a_worker_stands_behind_with_the_session_of_its_master() -> None:
    worker = WORKER.format(code=WAY.format(by=6) + TELL)
    nice, session = told(worker, own_session=True)
    assert (nice >= 6, session) == (True, 6)


def test_a_session_that_others_share_stays_where_it_was() -> None:
    before = told(TELL, own_session=False)[1:]
    nice, *session = told(WORKER.format(code=WAY.format(by=6) + TELL), own_session=False)
    assert (nice >= 6, session) == (True, before) or not GROUPS.exists()


def test_who_stands_further_behind_stays_there() -> None:
    assert told(WAY.format(by=9) + WAY.format(by=4) + TELL, own_session=True)[0] >= 9
