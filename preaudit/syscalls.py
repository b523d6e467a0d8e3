"""The system calls that a process which opens somebody's file may make: a list of what is allowed, by libseccomp.

Everything else is refused (EPERM) rather than deadly, because the C libraries below the parsers try things that they can
do without. Files may be opened for reading only; which ones is the business of `confining` and `landlock`. libseccomp
itself (in every Debian and Ubuntu, `apt` needs it) knows the numbers of each architecture; its Python wrapper has had no
release since 2021, and five functions do not need one.
"""

import contextlib
import ctypes
import errno
import os
from collections.abc import Callable, Iterable

LIBRARY = "libseccomp.so.2"
ALLOW = 0x7FFF0000
REFUSE = 0x00050000 | errno.EPERM
UNKNOWN = 0x00050000 | errno.ENOSYS
MASKED_EQUAL = 7
NOT_KNOWN = -1

MEMORY = ("brk", "mmap", "munmap", "mprotect", "mremap", "madvise", "membarrier")
OWN_DESCRIPTORS = (
    "read", "readv", "pread64", "preadv", "write", "writev", "pwrite64", "lseek", "close", "fcntl", "ftruncate", "poll",
    "ppoll", "sendto", "sendmsg", "fstat", "getdents64",
)  # fmt: skip
LOOKING = (
    "stat",
    "lstat",
    "newfstatat",
    "statx",
    "access",
    "faccessat",
    "faccessat2",
    "readlink",
    "readlinkat",
    "getcwd",
)
OF_ITSELF = (
    "getpid", "gettid", "getuid", "geteuid", "getgid", "getegid", "getrusage", "sysinfo", "uname", "getcpu",
    "sched_getaffinity", "sched_yield", "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday",
    "time", "getrandom", "futex", "set_robust_list", "rseq", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn",
    "sigaltstack", "restart_syscall", "exit", "exit_group",
)  # fmt: skip
CLONE_THREAD = 0x10000
WRITING = os.O_ACCMODE | os.O_CREAT | os.O_TRUNC
"""None of these bits, and a file is opened for reading."""


class _Comparison(ctypes.Structure):
    _fields_ = (
        ("argument", ctypes.c_uint),
        ("how", ctypes.c_int),
        ("mask", ctypes.c_uint64),
        ("value", ctypes.c_uint64),
    )


def parsers_filter() -> Callable[[], bool] | None:
    """Made once; called in a child it binds that child for good, and says whether it does. None: there is no libseccomp."""
    made = _made(REFUSE)
    if made is None:
        return None
    library, context = made
    _add(library, context, ALLOW, (*MEMORY, *OWN_DESCRIPTORS, *LOOKING, *OF_ITSELF))
    _add(library, context, ALLOW, ["openat"], _Comparison(2, MASKED_EQUAL, WRITING, 0))
    _add(library, context, ALLOW, ["open"], _Comparison(1, MASKED_EQUAL, WRITING, 0))
    _add(library, context, ALLOW, ["prlimit64"], _Comparison(2, MASKED_EQUAL, 2**64 - 1, 0))  # to ask, not to set
    # HEIC is decoded in a thread of its own; a process is more than that. Of clone3 the flags cannot be seen: it does not
    # exist, and the C library takes clone
    _add(library, context, ALLOW, ["clone"], _Comparison(0, MASKED_EQUAL, CLONE_THREAD, CLONE_THREAD))
    _add(library, context, UNKNOWN, ["clone3"])
    return lambda: bool(library.seccomp_load(context) == 0)


def refuse(names: Iterable[str]) -> bool:
    """Refuses these calls to this process and all it starts, and allows the rest, as containers do."""
    made = _made(ALLOW)
    if made is None:
        return False
    library, context = made
    _add(library, context, REFUSE, names)
    return bool(library.seccomp_load(context) == 0)


def _made(default: int) -> tuple[ctypes.CDLL, ctypes.c_void_p] | None:
    with contextlib.suppress(OSError):
        library = ctypes.CDLL(LIBRARY)
        library.seccomp_init.restype = ctypes.c_void_p
        context = library.seccomp_init(ctypes.c_uint32(default))
        return (library, ctypes.c_void_p(context)) if context else None
    return None


def _add(library: ctypes.CDLL, context: ctypes.c_void_p, action: int, names: Iterable[str], *when: _Comparison) -> None:
    for name in names:
        number = library.seccomp_syscall_resolve_name(name.encode())
        if number != NOT_KNOWN:  # older calls do not exist on newer architectures
            comparisons = (_Comparison * len(when))(*when)
            library.seccomp_rule_add_array(context, ctypes.c_uint32(action), number, len(when), comparisons)
