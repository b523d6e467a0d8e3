"""Where log lines go. A line that cannot be written is dropped: a full disk must not end a process, nor make a job that was
done look as if it had failed.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import TextIO


class LogLines:
    """As much of a text file as a logger needs. `stream` is asked at every line: a supervisor or a test may have put
    another in its place."""

    def __init__(self, stream: Callable[[], TextIO]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError):
            return self._stream().write(text)
        return 0

    def flush(self) -> None:
        with suppress(OSError):
            self._stream().flush()
