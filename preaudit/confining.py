"""The walls around the processes that open files: namespaces, a file system of its own, no privileges.

`confine(folder)` builds, for this process and all it forks, every wall that the kernel lets it build and answers with
those that stand. Nothing here is fatal: containers and hardened kernels refuse some of it, and what remains (limits, the
filter of `syscalls`, Landlock) is counted by `zerotrip doctor`, which tries them all. Linux only.

What stays visible is what Python and the parsers load late: their own packages, and fonts. It is read-only. Neither the
service's data, nor its keys, nor its source are among it.
"""

import contextlib
import ctypes
import os
import sysconfig
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from .landlock import see_only

NEWNS, NEWCGROUP, NEWUTS, NEWIPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
NEWUSER, NEWPID, NEWNET = 0x10000000, 0x20000000, 0x40000000
OWN = NEWNS | NEWCGROUP | NEWUTS | NEWIPC | NEWPID | NEWNET
RDONLY, NOSUID, NODEV, NOEXEC, REMOUNT, BIND, REC, PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
NOATIME, NODIRATIME, RELATIME = 1024, 2048, 1 << 21
STATVFS_RELATIME = 4096
DETACH = 2
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, AMBIENT_CLEAR = 1, 4, 38, 47, 4
CAPABILITY_VERSION = 0x20080522
NOBODY = 65534
FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/X11/fonts")
PACKAGES = ("stdlib", "platstdlib", "purelib", "platlib")

_libc = ctypes.CDLL(None, use_errno=True)


class Wall(StrEnum):
    """What stands between a taken-over child and the machine."""

    NETWORK = "network"
    FILES = "files"
    LANDLOCK = "landlock"
    PROCESSES = "processes"
    NO_PRIVILEGES = "no_privileges"
    SYSTEM_CALLS = "system_calls"


class Refused(Exception):
    """The kernel does not let us."""


def confine(folder: str) -> frozenset[Wall]:
    """`folder` is empty and nobody else's: the new root is made there. Call it while there is one thread."""
    _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    walls = set[Wall]()
    shown = tuple(visible())
    with contextlib.suppress(Refused):
        _unshare()
        walls |= {Wall.NETWORK, Wall.PROCESSES}
        _enter(folder, shown)
        walls.add(Wall.FILES)
    if see_only(shown):
        walls.add(Wall.LANDLOCK)
    return frozenset(walls)


def visible() -> Iterator[str]:
    """Folders that a child may read, none within another."""
    last = None
    for each in sorted({*map(sysconfig.get_path, PACKAGES), *FONTS}):
        if os.path.isdir(each) and not (last and each.startswith(last + os.sep)):
            last = each
            yield each


def drop_privileges() -> bool:
    """Nobody's user where we may choose, no capability in any case; whether that is so."""
    with contextlib.suppress(OSError):
        os.setgroups([])
    with contextlib.suppress(OSError):
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    _libc.prctl(PR_CAP_AMBIENT, AMBIENT_CLEAR, 0, 0, 0)
    _libc.capset((ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0), (ctypes.c_uint32 * 6)())
    _libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)  # no debugger, no look into /proc by our own user's other processes
    return os.getuid() != 0 and not _capabilities()


def end_with_parent(signal: int) -> None:
    _libc.prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0)


def _capabilities() -> int:
    """Effective ones, as bits."""
    held = (ctypes.c_uint32 * 6)()
    _libc.capget((ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0), held)
    return int(held[0]) | int(held[3]) << 32


def _unshare() -> None:
    """As root by right, as anybody else within a user namespace, where we are nobody."""
    if _libc.unshare(OWN) == 0:
        return
    user, group = os.getuid(), os.getgid()
    if _libc.unshare(OWN | NEWUSER) != 0:
        raise Refused("namespaces")
    with _as_refusal():
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{NOBODY} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{NOBODY} {group} 1")


def _enter(folder: str, shown: tuple[str, ...]) -> None:
    """A root in memory that holds `shown` and nothing else, all of it read-only."""
    with _as_refusal():
        _mount(None, "/", None, REC | PRIVATE)
        _mount("tmpfs", folder, "tmpfs", NOSUID | NODEV | NOEXEC, b"size=64k,mode=755")
        for each in shown:
            there = folder + each
            os.makedirs(there, exist_ok=True)
            _mount(os.path.realpath(each), there, None, BIND | REC)
            _mount(None, there, None, BIND | REMOUNT | RDONLY | NOSUID | NODEV | _kept(there))
        os.chdir(folder)
        _did(_libc.pivot_root(b".", b"."))
        _did(_libc.umount2(b".", DETACH))
        os.chdir("/")
        _mount(None, "/", None, REMOUNT | BIND | RDONLY | NOSUID | NODEV | NOEXEC)


def _kept(place: str) -> int:
    """Flags that a mount may not lose within a user namespace."""
    flags = os.statvfs(place).f_flag
    kept = flags & (NOEXEC | NOATIME | NODIRATIME)
    return kept | RELATIME if flags & STATVFS_RELATIME else kept


def _mount(source: str | None, target: str, kind: str | None, flags: int, data: bytes | None = None) -> None:
    done = _libc.mount(
        source.encode() if source else None,
        target.encode(),
        kind.encode() if kind else None,
        ctypes.c_ulong(flags),
        data,
    )
    _did(done)


def _did(answer: int) -> None:
    if answer != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


@contextlib.contextmanager
def _as_refusal() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Refused(str(error)) from error
