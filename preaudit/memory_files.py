"""Files in memory: a child is handed an upload in one, and leaves the pixels of a page in another, which we map.

A page is therefore never copied between the processes. Whoever reads a mapped file beyond the place where it was cut off
dies of it (SIGBUS), and a child that its file has taken over could change what we look at. So a file is sealed before it
is mapped, against shrinking, growing and writing, for good; the kernel seals none that anybody still has mapped for
writing. Nor may it have holes: to fill one could fail for want of memory, which ends the same way. Linux only.
"""

import contextlib
import fcntl
import mmap
import os
from collections.abc import Iterator

SEALS = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE
BLOCK = 512  # bytes of what `stat` counts room in


@contextlib.contextmanager
def memory_file(name: str) -> Iterator[int]:
    descriptor = os.memfd_create(f"preaudit-{name}", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def fill(descriptor: int, data: bytes) -> None:
    """Raises `OSError` where there is no room."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def sealed(descriptor: int, size: int) -> mmap.mmap:
    """All of the file, for reading, and nobody can change it any more. Raises `ValueError` if it cannot be trusted: somebody
    holds it for writing, it is not of this size, or parts of it were never written."""
    try:
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, SEALS)
    except OSError as error:
        raise ValueError("held for writing") from error
    told = os.fstat(descriptor)
    if told.st_size != size or told.st_blocks * BLOCK < size:
        raise ValueError("not of its size")
    # private, as kernels before 6.7 share no sealed file even for reading; nothing is written, so nothing is copied
    return mmap.mmap(descriptor, size, mmap.MAP_PRIVATE | mmap.MAP_POPULATE, mmap.PROT_READ)
