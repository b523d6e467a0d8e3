"""Named places at which a test may end the process, to see what the next one makes of it.

A point does nothing unless the process was armed for it at its start: `WORKERS_CRASH_AT` names the point. With
`WORKERS_CRASH_ONCE` naming a file, only the first process to arrive dies: the file is made at that moment, and whoever
finds it lives. Every place where a death could lose or double something has a point here; `tests/chaos/test_dying.py`
dies at each of them.
"""

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class CrashPoint(StrEnum):
    # the doors: a page is a blob, then a row; any write is rows, a commit, an answer
    BEFORE_BLOB = "before_blob"
    AFTER_BLOB = "after_blob"
    BEFORE_ROW_COMMIT = "before_row_commit"
    BEFORE_ANSWER = "before_answer"
    BEFORE_PUSH_KEPT = "before_push_kept"
    AFTER_PUSH_KEPT = "after_push_kept"
    # the relay
    BEFORE_RING = "before_ring"
    AFTER_RING = "after_ring"
    # a try at a job, whatever its kind
    AFTER_CLAIM = "after_claim"
    AFTER_WORK = "after_work"
    BEFORE_COMMIT = "before_commit"
    AFTER_COMMIT = "after_commit"
    # a turn of pushes that are handled together
    BEFORE_TURN = "before_turn"
    AFTER_TURN = "after_turn"
    # what others were told, and we have not written down yet
    AFTER_BOOKING = "after_booking"
    AFTER_MESSAGE = "after_message"
    AFTER_NEWS = "after_news"
    # the clock
    AFTER_SWEEP = "after_sweep"
    # the child that opens an uploaded file: it dies, its reader lives
    PARSER_CHILD = "parser_child"
    # the operator's long commands
    BACKUP_COPIED = "backup_copied"
    BACKUP_WRITTEN = "backup_written"
    ROTATION_IN_ROWS = "rotation_in_rows"
    ROTATION_IN_BLOBS = "rotation_in_blobs"


@dataclass
class _Armed:
    point: str = ""
    once: str = ""


_armed = _Armed()


def arm(env: Mapping[str, str]) -> None:
    """By the composition root, once, at the start: a running process cannot be armed from outside."""
    _armed.point, _armed.once = env.get("WORKERS_CRASH_AT", ""), env.get("WORKERS_CRASH_ONCE", "")


def crashpoint(here: CrashPoint) -> None:
    """Dies as `kill -9` does, if armed for `here`."""
    if struck(here):
        os.kill(os.getpid(), signal.SIGKILL)


def struck(here: CrashPoint) -> bool:
    """Whether somebody is to die here, for whoever kills another than this process."""
    return here == _armed.point and _first()


def _first() -> bool:
    if not _armed.once:
        return True
    try:
        Path(_armed.once).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True
