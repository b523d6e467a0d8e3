"""Why something is done, carried along: the call that began it, and the case it is for.

The front door begins a cause for every call, the clock for every turn of a sweep; a job row keeps the cause it was made
under, and whoever does the job goes on under the same. So one search of the logs by `request` finds all that came of one
call, and one by `case` all that happened to a case, from its first page to its delivery, in whatever process.
A cause is of the thread (or task) it was begun in; threads that are handed a copy of the context share it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

SHOWN = 5
"""A call that touches more cases than this is about none of them."""


@dataclass
class Cause:
    """`touched`: cases that were changed under it, in order."""

    request: str | None = None
    case: str | None = None
    touched: dict[str, None] = field(default_factory=dict)

    @property
    def about(self) -> str | None:
        """The case, or the few cases, for a line of the log."""
        if self.case is not None or not self.touched:
            return self.case
        return " ".join(self.touched) if len(self.touched) <= SHOWN else None


_NOTHING = Cause()
_cause: ContextVar[Cause] = ContextVar("cause", default=_NOTHING)


@contextmanager
def because(request: str | None, case: str | None = None) -> Iterator[Cause]:
    """What is done inside is done because of that."""
    cause = Cause(request, case)
    token = _cause.set(cause)
    try:
        yield cause
    finally:
        _cause.reset(token)


def cause() -> Cause:
    return _cause.get()


def touched(number: str) -> None:
    """A case is changed under the cause at hand, if there is one."""
    found = _cause.get()
    if found is not _NOTHING:
        found.touched[number] = None
