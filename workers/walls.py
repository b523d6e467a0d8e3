"""Which walls stand around the processes that open uploads, on this machine: tried, not assumed.

Each answer names what a parser that somebody has taken over could do here and what keeps it from doing so. A wall that the
kernel refuses is no fault while another stands behind it; what can be done in spite of all of them is.
"""

import os
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from preaudit.attempts import Attempt
from preaudit.confining import Wall
from preaudit.lost import ChildFailed
from preaudit.sandbox import Sandbox
from preaudit.settings import ChildLimits

ENDED = "ended"
BRIEF = replace(ChildLimits(), cpu_seconds=1, wall_seconds=10)
"""The limits of service, but for those whose reach would have to be waited for."""
NAMES = {
    Wall.NETWORK: "a network of its own without a way out",
    Wall.FILES: "a file system of its own, with fonts and Python's packages only",
    Wall.LANDLOCK: "Landlock",
    Wall.PROCESSES: "a list of processes of its own",
    Wall.NO_PRIVILEGES: "nobody's user without capabilities",
    Wall.SYSTEM_CALLS: "a filter of system calls (seccomp)",
}
CONTAINER = (
    "allow user namespaces to the service (sysctl user.max_user_namespaces, on Ubuntu an AppArmor profile with userns), "
    "install libseccomp2, or run a kernel with Landlock (5.13)"
)


@dataclass(frozen=True)
class Found:
    name: str
    good: bool
    said: str
    mend: str = ""


@dataclass(frozen=True)
class _Promise:
    """`tries`: what must fail; `walls`: what makes it fail, the first of them best."""

    name: str
    cannot: str
    could: str
    tries: Sequence[tuple[Attempt, str]]
    walls: Sequence[Wall] = ()
    mend: str = CONTAINER


def found(key_file: str | None = None) -> list[Found]:
    """One answer a promise. `key_file`: of the service, where it has one."""
    box = Sandbox(BRIEF)
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            return [_kept(box, promise) for promise in _promises(key_file, server.getsockname()[1])]
    except (OSError, ChildFailed) as error:
        said = f"the process that opens uploads does not start: {type(error).__name__}"
        return [Found("sandbox", False, said, "Linux with memory files and process descriptors (5.3) is needed")]
    finally:
        box.close()


def _promises(key_file: str | None, port: int) -> Iterator[_Promise]:
    me = str(os.getpid())
    yield _Promise(
        "sandbox: network",
        "whoever opens an upload calls nobody",
        "a file that takes its parser over could call out",
        [(Attempt.SOCKET, ""), (Attempt.CONNECT, f"127.0.0.1:{port}")],
        (Wall.NETWORK, Wall.SYSTEM_CALLS, Wall.LANDLOCK),
    )
    readable = [(Attempt.READ_FILE, "/etc/passwd"), *([(Attempt.READ_FILE, key_file)] if key_file else [])]
    yield _Promise(
        "sandbox: files",
        "it sees no file of this machine but fonts and Python's packages, and writes none",
        "a file that takes its parser over could read or write files of this machine",
        [*readable, (Attempt.LIST_FILES, "/"), (Attempt.WRITE_FILE, "written")],
        (Wall.FILES, Wall.LANDLOCK, Wall.SYSTEM_CALLS),
    )
    yield _Promise(
        "sandbox: processes",
        "it starts no process and reaches none",
        "a file that takes its parser over could start processes or meddle with others",
        [(Attempt.FORK, ""), (Attempt.EXECUTE, "/bin/sh"), (Attempt.SIGNAL, me), (Attempt.DEBUG, me)],
        (Wall.PROCESSES, Wall.SYSTEM_CALLS),
    )
    yield _Promise(
        "sandbox: privileges",
        "it is nobody and becomes nobody else",
        "a file that takes its parser over would have this service's privileges",
        [(Attempt.BECOME_ROOT, ""), (Attempt.MOUNT, "/")],
        (Wall.NO_PRIVILEGES, Wall.SYSTEM_CALLS),
        "run the service as an ordinary user",
    )
    yield _Promise(
        "sandbox: limits",
        f"it ends at {BRIEF.address_space_bytes // 1_000_000} MB of memory, {BRIEF.file_bytes // 1_000_000} MB written, "
        f"{BRIEF.open_files} files or {ChildLimits().cpu_seconds} s of the processor",
        "a file could use up this machine",
        [(Attempt.ALLOCATE, ""), (Attempt.FILL_FILE, ""), (Attempt.OPEN_MANY, ""), (Attempt.SPIN, "")],
        mend="the kernel must keep limits (setrlimit)",
    )


def _kept(box: Sandbox, promise: _Promise) -> Found:
    done = [what for what, argument in promise.tries if _tried(box, what, argument) == "done"]
    stand = [NAMES[wall] for wall in promise.walls if wall in box.walls()]
    refused = [NAMES[wall] for wall in promise.walls if wall not in box.walls()]
    if done:
        said = f"{promise.could}: {', '.join(done)} succeeded"
        return Found(promise.name, False, said, promise.mend)
    by = f"; by {', '.join(stand)}" if stand else ""
    without = f"; this kernel refuses {', '.join(refused)}" if refused else ""
    return Found(promise.name, True, f"{promise.cannot}{by}{without}")


def _tried(box: Sandbox, what: Attempt, argument: str) -> str:
    try:
        return box.attempt(what, argument)
    except ChildFailed:
        return ENDED
