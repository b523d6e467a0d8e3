"""A disk that is full stops the log, and nothing else."""

import errno
import io

from storage.log_lines import LogLines


class FullDisk(io.StringIO):
    """A log file on it."""

    def __init__(self) -> None:
        super().__init__()
        self.tried = 0

    def write(self, _: str) -> int:
        self.tried += 1
        raise OSError(errno.ENOSPC, "No space left on device")

    def flush(self) -> None:
        if not self.closed:
            self.tried += 1
            raise OSError(errno.ENOSPC, "No space left on device")


def test_a_line_that_cannot_be_written_is_dropped() -> None:
    full = FullDisk()
    lines = LogLines(lambda: full)
    assert lines.write("x\n") == 0
    lines.flush()
    assert full.tried == 2
