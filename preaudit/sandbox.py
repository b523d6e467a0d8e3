"""The sandbox: a file is opened in a child process, and only plain values and pixels come back.

`Sandbox.run(job, data)` gives a `Decoded`, whose pixels lie where the child wrote them (`memory_files`), or raises
`ChildFailed` with one word: the child was killed by a limit, hung, or answered nonsense. The parent stays up whatever the
file does. A run costs a fork (a few milliseconds): the parsers were imported once by the zygote, which is started on first
use, again after it died, and anew in a forked process.
Linux only (memory files, process descriptors).
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from .attempts import Attempt
from .confining import Wall
from .decoding import Job
from .lost import ChildFailed
from .memory_files import fill, memory_file
from .replies import Decoded, page_of, parsed
from .settings import ChildLimits

START_SECONDS = 60.0  # importing the parsers takes one second; a loaded machine more
GRACE_SECONDS = 3.0  # over the child's own alarm, before the parent stops waiting


class _Zygote:
    """One running zygote and the socket that asks it."""

    def __init__(self) -> None:
        folder = tempfile.mkdtemp(prefix="preaudit-")
        mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "preaudit.zygote", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                cwd=folder,
                env=_bare_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self.socket = mine
        mine.settimeout(START_SECONDS)
        ready = mine.recv(1024)
        os.rmdir(folder)  # it stays the zygote's root, and nobody else finds it; whoever is killed leaves none behind
        if not ready:
            raise OSError("the zygote did not start")
        self.walls = frozenset(map(Wall, json.loads(ready)["walls"]))

    def close(self) -> None:
        self.socket.close()  # it leaves at end of file
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=GRACE_SECONDS)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def _bare_environment() -> dict[str, str]:
    """No secret of ours is in reach of a parser. One thread: forking a threaded process is undefined."""
    path = os.pathsep.join(os.path.abspath(p) for p in sys.path if p is not None)
    return {"PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LANG": "C.UTF-8"}


Watch = Callable[[int], None]
"""Is shown each child at work, by its process descriptor."""


def _nobody(_: int) -> None: ...


class Sandbox:
    """Safe to use from several threads; every run has its own child."""

    def __init__(self, limits: ChildLimits, watch: Watch = _nobody) -> None:
        self._limits, self._watch = limits, watch
        self._lock = threading.Lock()
        self._zygote: _Zygote | None = None
        self._owner = os.getpid()

    def warm(self) -> None:
        with self._lock:
            self._running()

    def close(self) -> None:
        with self._lock:
            if self._zygote is not None and self._owner == os.getpid():
                self._zygote.close()
            self._zygote = None

    def zygote_pid(self) -> int:
        """Of the process that forks the children, started if it is not running. For operators and tests."""
        with self._lock:
            return self._running().process.pid

    def lose_zygote(self) -> None:
        """Kill the zygote, as the kernel might. The next run starts another."""
        with self._lock:
            if self._zygote is not None:
                self._zygote.process.kill()
                self._zygote.process.wait()

    def walls(self) -> frozenset[Wall]:
        """Those that the kernel let the zygote build. Limits stand everywhere."""
        with self._lock:
            return self._running().walls

    def run(self, job: Job, data: bytes) -> Decoded:
        """Raises `ChildFailed`. Whoever was killed long before a limit could have done it may have died of something
        else than the file, which is then opened once more."""
        began = time.monotonic()
        try:
            return self._run(job, data)
        except ChildFailed as lost:
            if lost.word != "killed" or time.monotonic() - began > self._limits.cpu_seconds / 2:
                raise
        return self._run(job, data)

    def _run(self, job: Job, data: bytes) -> Decoded:
        with memory_file("source") as source, memory_file("pixels") as pixels:
            try:
                fill(source, data)
            except OSError as error:  # a memory file is a file: there is no room for it
                raise ChildFailed("unavailable") from error
            return page_of(self._answer({"job": asdict(job)}, source, pixels), pixels, job)

    def attempt(self, what: Attempt, argument: str = "") -> str:
        """What comes of it when a child tries this: "done", or "refused: …". Raises `ChildFailed` if it ended there."""
        with memory_file("source") as source, memory_file("pixels") as pixels:
            return str(self._answer({"attempt": what, "argument": argument}, source, pixels)["attempt"])

    def _answer(self, asked: dict[str, Any], source: int, pixels: int) -> dict[str, Any]:
        mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with mine:
            with theirs:
                self._ask(asked, [source, pixels, theirs.fileno()])
            return _await(mine, self._limits, self._watch)

    def _ask(self, asked: dict[str, Any], descriptors: list[int]) -> None:
        message = json.dumps({**asked, "limits": asdict(self._limits)}).encode()
        with self._lock:
            for last_try in (False, True):
                try:
                    socket.send_fds(self._running().socket, [message], descriptors)
                    return
                except OSError as error:  # the zygote died since the last file: start another, once
                    self._zygote = None
                    if last_try:
                        raise ChildFailed("unavailable") from error

    def _running(self) -> _Zygote:
        if self._zygote is None or self._owner != os.getpid() or self._zygote.process.poll() is not None:
            self._owner, self._zygote = os.getpid(), _Zygote()
        return self._zygote


def _await(channel: socket.socket, limits: ChildLimits, watch: Watch) -> dict[str, Any]:
    """The child's answer, read to the end of file, or the reason why there is none. A child that hangs is killed."""
    deadline = time.monotonic() + limits.wall_seconds + GRACE_SECONDS
    child: list[int] = []
    try:
        return parsed(_read_all(channel, child, deadline, limits.reply_bytes, watch))
    except TimeoutError as error:
        _kill(child)
        raise ChildFailed("timeout") from error
    except ConnectionError as error:
        raise ChildFailed("killed") from error
    finally:
        for descriptor in child:
            os.close(descriptor)


def _read_all(channel: socket.socket, child: list[int], deadline: float, most: int, watch: Watch) -> bytes:
    channel.settimeout(max(0.01, deadline - time.monotonic()))
    _, descriptors, _, _ = socket.recv_fds(channel, 1, 1)
    child.extend(descriptors)
    for descriptor in descriptors:
        watch(descriptor)
    parts, size = list[bytes](), 0
    while True:
        channel.settimeout(max(0.01, deadline - time.monotonic()))
        part = channel.recv(1 << 16)
        if not part:
            return b"".join(parts)
        parts.append(part)
        size += len(part)
        if size > most:
            _kill(child)
            raise ChildFailed("garbage")


def _kill(child: list[int]) -> None:
    with contextlib.suppress(ProcessLookupError):
        for descriptor in child:
            signal.pidfd_send_signal(descriptor, signal.SIGKILL)
