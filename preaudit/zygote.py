"""The child side of the sandbox: a small warmed process that forks once per file.

It imports the parsers once (about a second), then for every request forks a child that puts limits on itself, opens the
file, writes the pixels into the memory file it was given and answers with JSON. It holds no secret: the environment it
was started with is bare, it has its own empty network where the kernel allows, and its working folder is empty.
"""

import ctypes
import json
import os
import resource
import signal
import socket
import sys
from typing import Any, NoReturn

from . import decoding

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_NO_NEW_PRIVS = 38
MESSAGE_BYTES = 65536


def main(descriptor: int) -> None:
    decoding.prepare()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are reaped by the kernel
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is the parent's to handle
    _leave_the_network()
    with socket.socket(fileno=descriptor) as requests:
        requests.send(b"ready")
        while True:
            message, descriptors, _, _ = socket.recv_fds(requests, MESSAGE_BYTES, 3)
            if not message:
                return
            if len(descriptors) == 3 and os.fork() == 0:
                requests.close()
                _work(json.loads(message), *descriptors)
            for each in descriptors:
                os.close(each)


def _leave_the_network() -> None:
    """Best effort: a network of our own has no interface that is up. Refused in some containers; then RLIMITs must do."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.unshare(CLONE_NEWNET) != 0:
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)


def _work(message: dict[str, Any], source: int, pixels: int, answers: int) -> NoReturn:
    """The life of one child. Nothing it does can reach the zygote: it leaves by `_exit` in every case."""
    status = 1
    try:
        with socket.socket(fileno=answers) as channel:
            socket.send_fds(channel, [b"p"], [os.pidfd_open(os.getpid())])
            _limit(message["limits"])
            channel.sendall(json.dumps(_answer(message, source, pixels)).encode())
        status = 0
    finally:
        os._exit(status)


def _limit(limits: dict[str, int]) -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(limits["wall_seconds"])  # the default action ends the process, inside C code too
    for what, value in (
        (resource.RLIMIT_AS, limits["address_space_bytes"]),
        (resource.RLIMIT_CPU, limits["cpu_seconds"]),
        (resource.RLIMIT_FSIZE, limits["file_bytes"]),
        (resource.RLIMIT_NOFILE, limits["open_files"]),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (value, value))


def _answer(message: dict[str, Any], source: int, pixels: int) -> dict[str, Any]:
    try:
        reply, raw = decoding.decode(decoding.Job(**message["job"]), _all_of(source))
        _write_all(pixels, raw)
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


def _write_all(target: int, raw: bytes) -> None:
    view = memoryview(raw)
    while view:
        view = view[os.write(target, view) :]


if __name__ == "__main__":
    main(int(sys.argv[1]))
