"""Who comes first where the processor is wanted: the doors and the database before the reader, all of them before the sweeps.

A process that stands behind (nice) has what the others leave, and all of it when they rest. Where the kernel shares the
processor out by sessions (autogroup), nice counts only within one: who leads a session of its own, or works for who leads
it, stands behind with all of it.
"""

import os
from contextlib import suppress
from pathlib import Path

READER = 10
"""A page may wait a second longer to be read, a resident not to be answered. A machine that only reads is not slower for it."""
SWEEPS = 15
_GROUP = Path("/proc/self/autogroup")


def give_way(by: int) -> None:
    """Stands at least so far behind (nice, 0 to 19), with whatever this process starts from now on."""
    os.setpriority(os.PRIO_PROCESS, 0, max(by, os.getpriority(os.PRIO_PROCESS, 0)))
    if by and os.getsid(0) in (os.getpid(), os.getppid()):
        with suppress(OSError):  # this kernel knows no such groups, or lets nobody change them
            _GROUP.write_text(str(by))
