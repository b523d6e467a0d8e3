"""A whole embedded service of the tests' own, and looking at its processes as the kernel sees them."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).parents[2]


def until(holds: Callable[[], bool], what: str, seconds: float = 120, every_s: float = 0.05) -> None:
    """Waits for a condition with a deadline."""
    deadline, pause = monotonic() + seconds, threading.Event()
    while not holds():
        assert monotonic() < deadline, f"waited {seconds:.0f} s for {what}"
        pause.wait(every_s)


@contextmanager
def up(folder: Path, port: int, **env: str) -> "Iterator[subprocess.Popen[bytes]]":
    """`zerotrip up`, ready; stopped at the end whatever happened."""
    log = folder.with_name(f"{folder.name}.log")
    argv = ["--data", str(folder), "--port", str(port), "--courier-speed", "0"]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "workers", "up", *argv],
            stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd=ROOT, env={**os.environ, **env},
            start_new_session=True,
        )  # fmt: skip
    try:
        ready = folder / "run" / "ready"
        until(lambda: ready.exists() or process.poll() is not None, "the service to be ready", 180)
        assert process.poll() is None, log.read_text()
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def living(folder: Path) -> list[str]:
    """Command lines of all processes that were started for this folder, by their environment or arguments."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ")
            environment = (entry / "environ").read_bytes()
        except OSError:
            continue
        if entry.name != str(os.getpid()) and str(folder).encode() in command + environment:
            found.append(command.decode(errors="replace"))
    return found


def child(folder: Path, name: str) -> int:
    """The process that says it is ready under that name."""
    return int((folder / "run" / f"{name}.ready").read_text())
