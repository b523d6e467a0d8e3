"""What a parser that somebody has taken over would try: done in a child, to see that it fails.

`zerotrip doctor` and the tests ask for these by name. `attempt` gives "done" (the wall is not there) or "refused: …";
some end the child instead, which the sandbox tells as `killed`.
"""

import errno
import os
import socket
from collections.abc import Callable, Mapping
from enum import StrEnum

MUCH_MEMORY = 2_000_000_000
MANY = 1000
BLOCK = bytes(1 << 20)


class Attempt(StrEnum):
    """By what is tried; the argument each takes stands beside it in `TRIES`."""

    NOTHING = "nothing"
    SOCKET = "socket"
    CONNECT = "connect"
    UNIX_SOCKET = "unix_socket"
    FORK = "fork"
    EXECUTE = "execute"
    READ_FILE = "read_file"
    WRITE_FILE = "write_file"
    LIST_FILES = "list_files"
    SIGNAL = "signal"
    DEBUG = "debug"
    BECOME_ROOT = "become_root"
    MOUNT = "mount"
    OPEN_MANY = "open_many"
    ALLOCATE = "allocate"
    FILL_FILE = "fill_file"
    SPIN = "spin"


def attempt(what: Attempt, argument: str, descriptor: int) -> str:
    """`descriptor` is the one file that the child may write."""
    try:
        TRIES[what](argument, descriptor)
    except OSError as error:
        return f"refused: {errno.errorcode.get(error.errno or 0, 'unknown')}"
    except MemoryError:
        return "refused: memory"
    return "done"


def _connect(argument: str, _: int) -> None:
    host, port = argument.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=2):
        pass


def _unix(argument: str, _: int) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.connect(argument)


def _fork(*_: object) -> None:
    if os.fork() == 0:
        os._exit(0)


def _read(argument: str, _: int) -> None:
    with open(argument, "rb") as file:
        file.read(1)


def _write(argument: str, _: int) -> None:
    with open(argument, "wb") as file:
        file.write(b"was here")


def _debug(argument: str, _: int) -> None:
    _read(f"/proc/{argument}/mem", 0)


def _open_many(*_: object) -> None:
    held = [os.open(os.__file__, os.O_RDONLY) for _ in range(MANY)]
    for each in held:
        os.close(each)


def _fill(_: str, descriptor: int) -> None:
    for _each in range(4 * MANY):
        os.write(descriptor, BLOCK)


def _spin(*_: object) -> None:
    while True:
        pass


TRIES: Mapping[Attempt, Callable[[str, int], object]] = {
    Attempt.NOTHING: lambda _, __: None,
    Attempt.SOCKET: lambda _, __: socket.socket(socket.AF_INET).close(),
    Attempt.CONNECT: _connect,  # host:port
    Attempt.UNIX_SOCKET: _unix,  # path
    Attempt.FORK: _fork,
    Attempt.EXECUTE: lambda argument, _: os.execv(argument, [argument]),  # path
    Attempt.READ_FILE: _read,  # path
    Attempt.WRITE_FILE: _write,  # path
    Attempt.LIST_FILES: lambda argument, _: os.listdir(argument),  # path
    Attempt.SIGNAL: lambda argument, _: os.kill(int(argument), 0),  # process
    Attempt.DEBUG: _debug,  # process
    Attempt.BECOME_ROOT: lambda _, __: os.setuid(0),
    Attempt.MOUNT: lambda argument, _: os.chroot(argument),  # path
    Attempt.OPEN_MANY: _open_many,
    Attempt.ALLOCATE: lambda _, __: bytearray(MUCH_MEMORY),
    Attempt.FILL_FILE: _fill,
    Attempt.SPIN: _spin,
}
