"""A suspect has no neighbours; everybody else has."""

import threading
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from storage.words import Queue
from workers.solitude import Solitude

PATIENCE_SECONDS = 10.0
A_MOMENT_SECONDS = 0.05


class Worker:
    """Takes a place and keeps it until told to leave."""

    def __init__(self, solitude: Solitude, queue: Queue) -> None:
        self.has_begun, self.may_leave = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, args=(solitude, queue), daemon=True)
        self._thread.start()

    def _work(self, solitude: Solitude, queue: Queue) -> None:
        with solitude.place(queue):
            self.has_begun.set()
            self.may_leave.wait(PATIENCE_SECONDS)

    @property
    def works(self) -> bool:
        return self.has_begun.wait(PATIENCE_SECONDS)

    @property
    def waits(self) -> bool:
        return not self.has_begun.wait(A_MOMENT_SECONDS)

    def leave(self) -> None:
        self.may_leave.set()
        self._thread.join(PATIENCE_SECONDS)


@pytest.fixture
def sent() -> Callable[[Queue], Worker]:
    solitude = Solitude()
    return lambda queue: Worker(solitude, queue)


def test_pages_are_read_side_by_side(sent: Callable[[Queue], Worker]) -> None:
    one, other = sent(Queue.READER), sent(Queue.READER)
    assert one.works
    assert other.works


def test_a_suspect_waits_until_it_is_alone_and_stays_so(sent: Callable[[Queue], Worker]) -> None:
    page = sent(Queue.READER)
    assert page.works
    suspect = sent(Queue.SOLITARY)
    assert suspect.waits
    page.leave()
    assert suspect.works
    next_page, next_suspect = sent(Queue.READER), sent(Queue.SOLITARY)
    assert next_page.waits
    assert next_suspect.waits
    suspect.leave()
    for each in (next_page, next_suspect):
        each.may_leave.set()
    assert next_page.works
    assert next_suspect.works


def test_a_place_is_given_back_when_the_work_fails() -> None:
    solitude = Solitude()
    with ExitStack() as stack:
        stack.enter_context(pytest.raises(RuntimeError))
        stack.enter_context(solitude.place(Queue.SOLITARY))
        raise RuntimeError
    with solitude.place(Queue.READER):
        pass
