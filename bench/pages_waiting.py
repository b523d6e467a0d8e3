"""Pages that wait: how many one reader reads a second, one at a time and several, as the threads of the reader process do.

The same photographs each time, in a process of its own with the models loaded and every shape seen once; no service
around it, so that nothing but the reading is measured.
"""

import os
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from bench.machine import cores, resident_megabytes
from bench.progress import Say
from bench.tables import spread, table
from preaudit.memory import share_stores
from preaudit.reading import Reader
from preaudit.settings import PreauditSettings
from tests.specimens.applications import FORM_FIELDS, SpecimenPage, whole_application

AT_A_TIME = (1, 2, 3)
MEGAPIXELS = (3.0, 5.0, 8.0, 12.0)
SEED = 6000


@dataclass(frozen=True)
class Passage:
    """All pages read once, so many at a time: the clock's seconds of all, the processor's, each page's own, megabytes."""

    at_a_time: int
    seconds: float
    processor: float
    each: Sequence[float]
    megabytes: float


def run(say: Say) -> str:
    """A section of the report, in Markdown."""
    pages = [page for n, size in enumerate(MEGAPIXELS) for page in _photographs(SEED + n, size)]
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        passages = process.submit(passages_of, pages).result()
    say(f"  {len(pages)} waiting pages read, {', '.join(map(str, AT_A_TIME))} at a time")
    return section_of(passages, len(pages))


def _photographs(seed: int, megapixels: float) -> list[SpecimenPage]:
    made = whole_application(seed, megapixels=megapixels).pages.values()
    return [page for page in made if page.photograph is not None]


def passages_of(pages: Sequence[SpecimenPage], at_a_time: Sequence[int] = AT_A_TIME) -> list[Passage]:
    """By one reader with as many threads of the engine as there are cores."""
    share_stores()
    reader = Reader(PreauditSettings(threads=len(cores()), cpu_pinning=True))
    reader.warm()
    try:
        for page in pages:
            _read(reader, page)
        return [_passage(reader, pages, count) for count in at_a_time]
    finally:
        reader.close()


def _passage(reader: Reader, pages: Sequence[SpecimenPage], at_a_time: int) -> Passage:
    started, worked = time.perf_counter(), _processor_seconds()
    with ThreadPoolExecutor(at_a_time) as threads:
        each = list(threads.map(lambda page: _read(reader, page), pages))
    seconds, worked = time.perf_counter() - started, _processor_seconds() - worked
    return Passage(at_a_time, seconds, worked, each, resident_megabytes(os.getpid()))


def _read(reader: Reader, page: SpecimenPage) -> float:
    started = time.perf_counter()
    reader.read(page.data, name=page.filename, form_labels=FORM_FIELDS if page.key == "application_form" else None)
    return time.perf_counter() - started


def _processor_seconds() -> float:
    """Of this process and the programs that it ran; not of the child that opened the file (0.06 s at 8 megapixels)."""
    return sum(os.times()[:4])


HEADS = ("at a time", "pages per second", "processor seconds a page", "a page: median", "max", "MB (Pss)")


def section_of(passages: Sequence[Passage], pages: int) -> str:
    note = (
        f"{pages} photographs of 3 to 12 megapixels, one reader with {len(cores())} threads of the engine, pinned. "
        "The service reads two at a time: while lines of one page are recognised, the next is opened and measured."
    )
    rows = [_row(each, pages) for each in passages]
    return f"### Pages that wait\n\n{note}\n\n" + table(HEADS, rows)


def _row(passage: Passage, pages: int) -> tuple[object, ...]:
    s = spread(passage.each)
    rate, work = pages / passage.seconds, passage.processor / pages
    return (passage.at_a_time, rate, work, s.median, s.most, f"{passage.megabytes:.0f}")
