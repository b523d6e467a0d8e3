"""The readers that are compared, each in a process of its own, so that the memory and the threads of one are not the other's.

`ours` is the whole of `preaudit.reading`: sandbox, quality, both recognisers, kind, fields. `rapidocr` is the peer that
ours is built on, as its own documentation starts it: text lines, and nothing after them.
"""

import multiprocessing
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

from rapidocr import RapidOCR

from bench.machine import family, peak_megabytes
from preaudit.reading import Reader
from preaudit.settings import PreauditSettings

PATIENCE_SECONDS = 120.0
"""For one picture, models included: a contender that takes longer has hung."""


@dataclass(frozen=True)
class Outcome:
    """What a contender made of one picture. A peer that only reads text has no kind and no fields."""

    seconds: float
    lines: tuple[str, ...]
    kind: str | None = None
    fields: Mapping[str, str] | None = None
    certain: frozenset[str] = frozenset()
    codes: tuple[str, ...] = ()
    acceptable: bool = True


Read = Callable[[bytes, Mapping[str, str] | None], Outcome]


def ours() -> Read:
    reader = Reader(PreauditSettings())
    reader.warm()

    def read(data: bytes, labels: Mapping[str, str] | None) -> Outcome:
        started = time.perf_counter()
        page = reader.read(data, name="page", form_labels=labels)[0]
        return Outcome(
            seconds=time.perf_counter() - started,
            lines=tuple(line.text for line in page.lines),
            kind=page.kind,
            fields={name: field.value for name, field in page.fields.items()},
            certain=frozenset(name for name, field in page.fields.items() if field.certain),
            codes=tuple(str(p.code) for p in page.problems) + ((str(page.failure.code),) if page.failure else ()),
            acceptable=page.acceptable,
        )

    return read


def rapidocr() -> Read:
    engine = RapidOCR(params={"Global.log_level": "error"})

    def read(data: bytes, _labels: Mapping[str, str] | None) -> Outcome:
        started = time.perf_counter()
        lines = getattr(engine(data), "txts", None) or ()
        return Outcome(time.perf_counter() - started, tuple(lines))

    return read


CONTENDERS: Mapping[str, Callable[[], Read]] = {"ours": ours, "rapidocr": rapidocr}


class ContenderLost(RuntimeError):
    """The process of a contender died or hung."""


class Contender:
    """One contender at work in its process. `peak_megabytes` includes the processes it starts."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.peak_megabytes = 0.0
        spawn = multiprocessing.get_context("spawn")
        self._line, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(theirs, name))

    def __enter__(self) -> Self:
        self._process.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._line.close()  # it leaves at end of file
        self._process.join(10)
        if self._process.is_alive():
            self._process.kill()

    def read(self, data: bytes, labels: Mapping[str, str] | None = None) -> Outcome:
        self._line.send((data, labels))
        if not self._line.poll(PATIENCE_SECONDS):
            raise ContenderLost(f"{self.name} did not answer within {PATIENCE_SECONDS:.0f} s")
        outcome: Outcome = self._line.recv()
        now = sum(peak_megabytes(pid) for pid in family(self._process.pid or 0))
        self.peak_megabytes = max(self.peak_megabytes, now)
        return outcome


def _serve(line: Connection, name: str) -> None:
    read = CONTENDERS[name]()
    while True:
        try:
            data, labels = line.recv()
        except EOFError:
            return
        line.send(read(data, labels))
