"""Child processes of the embedded service: started each in a session of its own, restarted when they die, stopped
together.

Promises: a child and whatever it started are one process group, and none of it outlives the supervisor's `stop`; a
child whose supervisor is killed is told by the kernel. A child that ends with 3 (its environment is missing something)
is not started again: it would only say the same. Nor is one that is meant to end, and did well; if it did not, nothing goes on.
"""

import ctypes
import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from workers.giving_way import give_way

BACKOFF_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
STEADY_SECONDS = 30.0
"""A child that ran for so long is not in a loop: its next death is the first again."""
STOP_SECONDS = 15.0
"""The worker's own shutdown takes ten at most; then the group is killed."""
LOOK_SECONDS = 0.05
"""Between two looks whether all are ready."""
LOADING_SECONDS = 1.0
"""Who was never ready holds nothing, and may hear no signal while it loads (dramatiq's processes)."""
NEEDS_SOMETHING = 3
PR_SET_PDEATHSIG = 1

Say = Callable[[str], None]
_libc = ctypes.CDLL(None, use_errno=True)


class ChildRefused(Exception):
    """A child says that its environment is missing something; the message ends with what it said."""


@dataclass(frozen=True)
class Spec:
    """What to run. `log` takes its output. `ready` answers whether it can work. `env` is added to the service's. `ends`: it is
    done at some time, and the others go on. `behind`: how far it stands behind the others where the processor is wanted (nice). `light`: it has next to nothing to load."""

    name: str
    argv: Sequence[str]
    log: Path
    ready: Callable[[], bool] = lambda: True
    env: Mapping[str, str] = field(default_factory=dict)
    ends: bool = False
    behind: int = 0
    light: bool = False


@dataclass
class Child:
    spec: Spec
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    deaths: int = 0
    again_at: float = 0.0
    done: bool = False
    was_ready: bool = False

    @property
    def pid(self) -> int | None:
        return None if self.process is None else self.process.pid


def die_with_parent() -> None:
    """In the child, before it runs: if the supervisor is killed, so is it, politely."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def _begin(behind: int) -> None:
    die_with_parent()
    give_way(behind)


class Supervisor:
    def __init__(self, env: Mapping[str, str], cwd: Path, say: Say) -> None:
        self._env, self._cwd, self._say = dict(env), cwd, say
        self.children: dict[str, Child] = {}

    def start(self, spec: Spec) -> None:
        child = self.children[spec.name] = Child(spec)
        self._launch(child)

    def _launch(self, child: Child) -> None:
        with child.spec.log.open("ab") as output:
            child.process = subprocess.Popen(
                child.spec.argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**self._env, **child.spec.env},
                cwd=self._cwd,
                start_new_session=True,
                preexec_fn=partial(_begin, child.spec.behind),  # noqa: PLW1509  # no thread of ours runs yet or holds a lock
            )
        child.started_at = time.monotonic()

    def bring_up(self, specs: Sequence[Spec], at_once: int, seconds: float, stopping: Callable[[], bool]) -> None:
        """Starts them in their order, until all are ready. Of those that have much to load, no more than `at_once` do so at the
        same time: where the cores are few, what loads longest shall not share its own. Raises as `wait_ready`."""
        until, to_start = time.monotonic() + seconds, deque(specs)
        while not stopping():
            while to_start and (to_start[0].light or sum(not c.spec.light for c in self._late()) < at_once):
                self.start(to_start.popleft())
            if self._all_ready(until) and not to_start:
                return
            time.sleep(LOOK_SECONDS)

    def wait_ready(self, seconds: float, stopping: Callable[[], bool]) -> None:
        """Until all that were started are ready. Raises `ChildRefused` or `TimeoutError`, which names the first that is not."""
        until = time.monotonic() + seconds
        while not stopping() and not self._all_ready(until):
            time.sleep(LOOK_SECONDS)

    def _all_ready(self, until: float) -> bool:
        self.look()
        late = self._late()
        if late and time.monotonic() > until:
            raise TimeoutError(f"{late[0].spec.name} did not start: {tail(late[0].spec.log)}")
        return not late

    def _late(self) -> list[Child]:
        """Who was ready is not asked again unless it died."""
        for child in self.children.values():
            child.was_ready = child.was_ready or child.spec.ready()
        return [child for child in self.children.values() if not child.was_ready]

    def look(self) -> None:
        """Buries the dead and starts them again when their time has come. Raises `ChildRefused`."""
        now = time.monotonic()
        for child in self.children.values():
            if child.process is not None and (code := child.process.poll()) is not None:
                self._bury(child, code, now)
            if child.process is None and not child.done and child.again_at <= now:
                self._launch(child)
                self._say(f"{child.spec.name} started again (pid {child.pid})")

    def _bury(self, child: Child, code: int, now: float) -> None:
        kill_group(child.pid, signal.SIGKILL)  # what it started must not work on without it
        child.process, child.was_ready = None, False
        if code == NEEDS_SOMETHING or (child.spec.ends and code != 0):
            raise ChildRefused(f"{child.spec.name}: {tail(child.spec.log)}")
        if child.spec.ends:
            child.done = True
            return
        child.deaths = 1 if now - child.started_at > STEADY_SECONDS else child.deaths + 1
        delay = BACKOFF_SECONDS[min(child.deaths, len(BACKOFF_SECONDS)) - 1]
        child.again_at = now + delay
        self._say(f"{child.spec.name} ended ({ending(code)}); starts again in {delay:g} s")

    def stop(self) -> None:
        """All at once, politely; whoever is still there after a while is killed. The first started go last."""
        self._late()
        living = [c for c in reversed(self.children.values()) if c.process is not None]
        servers = [c for c in living if c.spec.name == "valkey"]
        for batch in ([c for c in living if c not in servers], servers):
            for child in batch:
                kill_group(child.pid, signal.SIGTERM)
            self._wait_gone(batch)

    def _wait_gone(self, batch: Sequence[Child]) -> None:
        now = time.monotonic()
        for child in batch:
            if child.process is None:
                continue
            until = now + (STOP_SECONDS if child.was_ready else LOADING_SECONDS)
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.1, until - time.monotonic()))
            kill_group(child.pid, signal.SIGKILL)
            child.process.wait()
            child.process = None


def kill_group(pid: int | None, number: signal.Signals) -> None:
    if pid is not None:
        with suppress(ProcessLookupError):
            os.killpg(pid, number)


def ending(code: int) -> str:
    return f"exit {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"


def tail(file: Path, lines: int = 5) -> str:
    """The last words of a log file."""
    try:
        text = file.read_text(errors="replace").strip()
    except OSError:
        return "it wrote nothing"
    return "\n".join(text.splitlines()[-lines:]) or "it wrote nothing"
