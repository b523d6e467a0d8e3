"""The doors stay open when their log cannot be written."""

from contextlib import redirect_stdout

import structlog

from tests.storage.test_log_lines import FullDisk
from web.observing import configure_logs


def test_a_log_that_cannot_be_written_refuses_nobody() -> None:
    configure_logs()
    full = FullDisk()
    with redirect_stdout(full):
        structlog.get_logger().error("said")
    assert full.tried
