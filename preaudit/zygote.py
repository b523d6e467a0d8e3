"""The child side of the sandbox: a small warmed process that forks once per file.

It imports the parsers once (about a second), builds the walls that the kernel allows (`confining`) and says which stand;
then for every request it forks a child that puts limits and the filter of system calls (`syscalls`) on itself, opens the
file, writes the pixels into the memory file it was given and answers with JSON. It holds no secret: the environment it
was started with is bare, and it sees no file of ours.
"""

import json
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from . import decoding
from .attempts import Attempt, attempt
from .confining import Wall, confine, drop_privileges, end_with_parent
from .syscalls import parsers_filter

MESSAGE_BYTES = 65536
Bind = Callable[[], bool] | None


def main(descriptor: int) -> None:
    decoding.prepare()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are reaped by the kernel
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is the parent's to handle
    bind = _proved(parsers_filter())
    walls = confine(os.getcwd())
    if Wall.PROCESSES in walls:
        _hand_over(descriptor)
    walls |= {Wall.NO_PRIVILEGES} if drop_privileges() else frozenset()
    walls |= {Wall.SYSTEM_CALLS} if bind else frozenset()
    with socket.socket(fileno=descriptor) as requests:
        requests.send(json.dumps({"walls": sorted(walls)}).encode())
        _serve(requests, bind)


def _proved(bind: Bind) -> Bind:
    """None where the kernel does not take the filter: a child tells."""
    if bind is None:
        return None
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    trial = os.fork()
    if trial == 0:
        os._exit(0 if bind() else 1)
    _, status = os.waitpid(trial, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    return bind if status == 0 else None


def _hand_over(descriptor: int) -> None:
    """Only our children live among processes of their own: the first of them goes on, and ends when we do."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    inner = os.fork()
    if inner == 0:
        end_with_parent(signal.SIGKILL)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        return
    os.close(descriptor)
    os.waitpid(inner, 0)
    os._exit(0)


def _serve(requests: socket.socket, bind: Bind) -> None:
    while True:
        message, descriptors, _, _ = socket.recv_fds(requests, MESSAGE_BYTES, 3)
        if not message:
            return
        if len(descriptors) == 3 and os.fork() == 0:
            requests.close()
            _work(json.loads(message), bind, *descriptors)
        for each in descriptors:
            os.close(each)


def _work(message: dict[str, Any], bind: Bind, source: int, pixels: int, answers: int) -> NoReturn:
    """The life of one child. Nothing it does can reach the zygote: it leaves by `_exit` in every case."""
    status = 1
    try:
        with socket.socket(fileno=answers) as channel:
            socket.send_fds(channel, [b"p"], [os.pidfd_open(os.getpid())])
            _limit(message["limits"], processes=None if bind else 0)
            if bind is None or bind():
                channel.sendall(json.dumps(_answer(message, source, pixels)).encode())
                status = 0
    finally:
        os._exit(status)


def _limit(limits: dict[str, int], processes: int | None) -> None:
    """`processes`: how many may be started, threads counted; None where the filter refuses processes, but not threads."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(limits["wall_seconds"])  # the default action ends the process, inside C code too
    for what, value in (
        (resource.RLIMIT_AS, limits["address_space_bytes"]),
        (resource.RLIMIT_CPU, limits["cpu_seconds"]),
        (resource.RLIMIT_FSIZE, limits["file_bytes"]),
        (resource.RLIMIT_NOFILE, limits["open_files"]),
        (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_CORE, 0),
    ):
        if value is not None:
            resource.setrlimit(what, (value, value))


def _answer(message: dict[str, Any], source: int, pixels: int) -> dict[str, Any]:
    try:
        if "attempt" in message:
            return {"attempt": attempt(Attempt(message["attempt"]), message["argument"], pixels)}
        with open(pixels, "wb", buffering=0, closefd=False) as target:
            reply = decoding.decode(decoding.Job(**message["job"]), _all_of(source), target)
    except decoding.Refused as refused:
        return {"error": refused.word, "measure": refused.measure, "peak": _peak_bytes()}
    except MemoryError:
        return {"error": "memory", "peak": _peak_bytes()}
    except Exception as error:  # the process edge: parsers raise anything at all on hostile bytes
        return {"error": "damaged", "detail": type(error).__name__, "peak": _peak_bytes()}
    return {**reply, "peak": _peak_bytes()}


def _peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _all_of(source: int) -> bytes:
    size = os.fstat(source).st_size
    data = os.pread(source, size, 0)
    if len(data) != size:
        raise OSError("short read")
    return data


if __name__ == "__main__":
    main(int(sys.argv[1]))
