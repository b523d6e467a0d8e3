"""`python -m tests.chaos.skewed SECONDS MODULE …`: runs a module as `python -m` does, with a wall clock that is wrong by so
many seconds.

The C library's `clock_gettime` of this one process is overwritten by a few instructions that ask the kernel and add the
seconds to CLOCK_REALTIME: Python, its libraries and what it forks see the wrong time, and nobody else does. Monotonic
clocks stay right, as on a machine whose clock was set wrong. x86-64 and glibc only; refuses elsewhere by name.
"""

import ctypes
import platform
import runpy
import struct
import sys
import time
from collections.abc import Sequence

_MMAP_RWX, _MAP_PRIVATE_ANONYMOUS = 7, 0x22
_PAGE = 4096


def shift(seconds: int) -> None:
    """From now on, for this process and its forks."""
    if platform.machine() != "x86_64":
        raise RuntimeError(f"no wrong clock on {platform.machine()}: these instructions are x86-64's")
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
    libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    code = _instructions(seconds)
    ours = libc.mmap(None, _PAGE, _MMAP_RWX, _MAP_PRIVATE_ANONYMOUS, -1, 0)
    ctypes.memmove(ours, code, len(code))
    theirs = ctypes.cast(libc.clock_gettime, ctypes.c_void_p).value
    assert theirs is not None
    jump = b"\x48\xb8" + struct.pack("<Q", ours) + b"\xff\xe0"  # mov rax, ours; jmp rax
    if libc.mprotect(theirs & -_PAGE, 2 * _PAGE, _MMAP_RWX) != 0:
        raise OSError(ctypes.get_errno(), "the C library cannot be changed here")
    ctypes.memmove(theirs, jump, len(jump))


def _instructions(seconds: int) -> bytes:
    return (
        b"\xb8\xe4\x00\x00\x00"  # mov eax, 228: clock_gettime
        b"\x0f\x05"  # syscall
        b"\x85\xff\x75\x0b"  # another clock than CLOCK_REALTIME: leave
        b"\x85\xc0\x75\x07"  # refused: leave
        b"\x48\x81\x06" + struct.pack("<i", seconds) + b"\xc3"  # add qword [rsi], seconds; ret
    )


def main(words: Sequence[str]) -> None:
    seconds, module = int(words[0]), words[1]
    before = time.time()
    shift(seconds)
    assert abs(time.time() - before - seconds) < 60, "the clock was not shifted"
    sys.argv = [module, *words[2:]]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
