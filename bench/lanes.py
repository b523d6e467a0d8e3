"""A contender at work in a process of its own, on the cores it was given, so that one's memory and threads are not another's.

The process is started when the first picture comes, and anew after it died or hung: a picture that does this to it counts
as not read, and the run goes on.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

from bench.contenders import Contender, Outcome, environment_of
from bench.machine import Held, held_by

PATIENCE_SECONDS = 120.0
"""For one picture, or for the models to load: a contender that takes longer has hung."""
LOOK_SECONDS = 0.25
"""Between two looks at its memory: a look costs some 5 ms."""
STOP_SECONDS = 10.0


class ContenderLost(RuntimeError):
    """The process would not start. The message says whose."""


class Lane:
    """One process of a contender. `cores`: where it and all it starts may run."""

    def __init__(self, contender: Contender, threads: int, cores: Sequence[int]) -> None:
        self.contender, self.threads, self.cores = contender, threads, tuple(cores)
        self.process: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def read(self, data: bytes, labels: Mapping[str, str] | None = None) -> Outcome:
        """Never raises for what the contender does with the picture; `ContenderLost` when it cannot be started anew."""
        line = self.start()
        begun = time.perf_counter()
        try:
            line.send((data, labels))
            outcome, held = self._answer(line, PATIENCE_SECONDS)
        except (EOFError, OSError, TimeoutError) as error:
            self.stop()
            return Outcome(time.perf_counter() - begun, failed=f"lost: {type(error).__name__}")
        seconds = time.perf_counter() - begun if outcome.failed else outcome.seconds
        return replace(outcome, seconds=seconds, held=held)

    def stop(self) -> None:
        """It leaves at end of file; what does not is killed with all it started."""
        if self._line is not None:
            self._line.close()
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS)
            _kill_group(self.process)
        self._line = self.process = None

    def start(self) -> Connection:
        """Its process up and its models loaded."""
        if self._line is None:
            self._line = self._spawn()
            try:
                self._answer(self._line, PATIENCE_SECONDS)
            except (EOFError, OSError, TimeoutError) as error:
                self.stop()
                raise ContenderLost(f"{self.contender.name} did not start: {type(error).__name__}") from error
        return self._line

    def _spawn(self) -> Connection:
        mine, theirs = socket.socketpair()
        with theirs:
            number = theirs.fileno()
            pinned = ["taskset", "-c", ",".join(map(str, self.cores))]
            served = [sys.executable, "-m", "bench.serve", self.contender.name, str(self.threads), str(number)]
            self.process = subprocess.Popen(
                [*pinned, *served],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(number,),
                env=environment_of(self.contender),
                start_new_session=True,
            )
        return Connection(mine.detach())

    def _answer(self, line: Connection, seconds: float) -> tuple[Outcome, Held]:
        until, held = time.monotonic() + seconds, Held()
        while not line.poll(LOOK_SECONDS):
            held = held.most(self._held())
            if time.monotonic() > until:
                raise TimeoutError
        outcome: Outcome = line.recv()
        return outcome, held.most(self._held())

    def _held(self) -> Held:
        return held_by(self.process.pid) if self.process else Held()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Its own session, so nothing else is in the group."""
    with suppress(ProcessLookupError):  # all of it has left
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
