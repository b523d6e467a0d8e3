"""The models are shared by the threads of a process, and their own threads stay on their cores while they work."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np

from preaudit.engine import Models
from preaudit.reading import Reader
from preaudit.settings import EngineName
from tests.preaudit.test_ppocr import ROWS, page

PATIENCE_SECONDS = 30.0


def drawn(rows: tuple[str, ...]) -> bytes:
    return bytes(cv2.imencode(".png", page(rows))[1])


def test_pages_read_at_the_same_time_read_as_they_do_alone(reader: Reader) -> None:
    files = [drawn(ROWS), drawn(tuple(reversed(ROWS))), drawn(ROWS[:2])]

    def read(data: bytes) -> list[tuple[str, float]]:
        (made,) = reader.read(data, name="drawn.png")
        return [(line.text, line.confidence) for line in made.lines]

    alone = [read(data) for data in files]
    with ThreadPoolExecutor(len(files)) as threads:
        assert list(threads.map(read, files)) == alone
    assert [[text for text, _ in lines] for lines in alone] == [list(ROWS), list(reversed(ROWS)), list(ROWS[:2])]


def affinities() -> set[frozenset[int]]:
    """The sets of cores that the threads of this process may run on."""
    found = set()
    for task in Path("/proc/self/task").iterdir():
        try:
            found.add(frozenset(os.sched_getaffinity(int(task.name))))
        except ProcessLookupError:  # it has ended since
            continue
    return found


def test_each_thread_of_a_pinned_engine_has_a_core_of_its_own_while_it_works() -> None:
    cores = os.sched_getaffinity(0)
    wanted = min(2, len(cores))
    models, picture = Models(EngineName.AUTO, 2, pinning=True), np.zeros((1, 3, 256, 256), np.float32)
    until, seen = time.monotonic() + PATIENCE_SECONDS, set[frozenset[int]]()
    with ThreadPoolExecutor(1) as thread:
        while len(seen) < wanted and time.monotonic() < until:
            finding = thread.submit(models.places, picture, (256, 256))
            while not finding.done():
                seen |= {each for each in affinities() if len(each) == 1}
    assert len(seen) >= wanted
    assert os.sched_getaffinity(0) == cores
