"""Named places at which a test may end the process, to see what the next one makes of it.

A point does nothing unless `WORKERS_CRASH_AT` names it. With `WORKERS_CRASH_ONCE` naming a file, only the first process
to arrive dies: the file is made at that moment, and whoever finds it lives.
"""

import os
import signal
from enum import StrEnum
from pathlib import Path


class CrashPoint(StrEnum):
    AFTER_CLAIM = "after_claim"
    AFTER_WORK = "after_work"
    BEFORE_COMMIT = "before_commit"
    AFTER_COMMIT = "after_commit"
    AFTER_BOOKING = "after_booking"
    AFTER_RING = "after_ring"
    AFTER_SWEEP = "after_sweep"


# read once: a running process cannot be armed
_ARMED = os.environ.get("WORKERS_CRASH_AT", "")
_ONCE = os.environ.get("WORKERS_CRASH_ONCE", "")


def crashpoint(here: CrashPoint) -> None:
    """Dies as `kill -9` does, if armed for `here`."""
    if here == _ARMED and _first():
        os.kill(os.getpid(), signal.SIGKILL)


def _first() -> bool:
    if not _ONCE:
        return True
    try:
        Path(_ONCE).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True
