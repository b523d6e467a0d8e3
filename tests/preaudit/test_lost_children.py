"""A child that opens a file dies of the file, or of something else: only the first is told to the resident."""

import resource
import signal
from collections.abc import Iterator

import pytest

from cases.findings import FindingCode
from preaudit.decoding import Job
from preaudit.lost import ChildFailed
from preaudit.opening import job_for
from preaudit.reading import Reader
from preaudit.sandbox import Sandbox
from preaudit.settings import PreauditSettings
from tests.preaudit.badfiles import jpeg

LARGE = jpeg(4000, 3000)
"""Opening it takes longer than being killed."""


class Killer:
    """Kills the next so many children that it is shown."""

    def __init__(self) -> None:
        self.left = 0

    def __call__(self, child: int) -> None:
        if self.left:
            self.left -= 1
            signal.pidfd_send_signal(child, signal.SIGKILL)


killer = Killer()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(PreauditSettings().child, killer)
    yield made
    made.close()


def job() -> Job:
    return job_for("jpeg", 1, PreauditSettings())


@pytest.fixture
def without_room() -> Iterator[None]:
    """No file of this process may grow, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_child_that_was_killed_once_is_followed_by_another(sandbox: Sandbox) -> None:
    killer.left = 1
    assert sandbox.run(job(), jpeg()).pages == 1


def test_a_file_that_kills_every_child_is_said_to(sandbox: Sandbox) -> None:
    killer.left = 4
    with pytest.raises(ChildFailed, match="killed"):
        sandbox.run(job(), jpeg())
    (told,) = Reader(sandbox=sandbox).read(jpeg(), name="a.jpg")
    assert told.failure is not None
    assert told.failure.code is FindingCode.DAMAGED_FILE
    assert killer.left == 0


def test_a_machine_without_room_says_nothing_of_the_file(without_room: None) -> None:
    reader = Reader()
    with pytest.raises(ChildFailed, match="unavailable"):
        list(reader.read(jpeg(), name="a.jpg"))
    reader.close()
