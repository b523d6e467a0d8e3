"""Pixels that a child left in memory: mapped as they lie, and only once nobody can change them or cut them off."""

import mmap
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from preaudit.lost import ChildFailed
from preaudit.memory_files import fill, memory_file, sealed
from tests.preaudit.test_replies import page

SIZE = 64 * mmap.PAGESIZE
TAKEN_OVER = """
import mmap, os, sys
pixels = int(sys.argv[1])
held = mmap.mmap(pixels, os.fstat(pixels).st_size) if sys.argv[2] == "mapped" else None
print("at work", flush=True)
for _ in sys.stdin:
    try:
        os.ftruncate(pixels, 0)
        print("cut off", flush=True)
    except PermissionError:
        print("refused", flush=True)
"""


class TakenOver:
    """A process that was given the file, and cuts it off when it is told to."""

    def __init__(self, pixels: int, *, mapped: bool) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", TAKEN_OVER, str(pixels), "mapped" if mapped else "open"],
            pass_fds=[pixels],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._said() == "at work"

    def cuts_off(self) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write("now\n")
        self._process.stdin.flush()
        return self._said()

    def _said(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def end(self) -> None:
        self._process.communicate()


@pytest.fixture
def pixels() -> Iterator[int]:
    with memory_file("test") as descriptor:
        fill(descriptor, bytes(range(256)) * (SIZE // 256))
        yield descriptor


def test_what_was_written_is_what_is_seen_and_cannot_be_written_to(pixels: int) -> None:
    seen = sealed(pixels, SIZE)
    assert (len(seen), seen[:256], seen[-1]) == (SIZE, bytes(range(256)), 255)
    with pytest.raises(TypeError):
        seen[0] = 1


def test_the_memory_outlives_its_descriptor() -> None:
    with memory_file("test") as descriptor:
        fill(descriptor, bytes([7]) * SIZE)
        seen = sealed(descriptor, SIZE)
    assert seen[SIZE - 1] == 7


def test_a_child_can_neither_cut_off_nor_change_what_is_looked_at(pixels: int) -> None:
    child = TakenOver(pixels, mapped=False)
    seen = sealed(pixels, SIZE)
    assert child.cuts_off() == "refused"
    for change in (
        lambda: os.ftruncate(pixels, 2 * SIZE),
        lambda: os.pwrite(pixels, b"x", 0),
        lambda: os.posix_fallocate(pixels, 0, 2 * SIZE),
        lambda: mmap.mmap(pixels, SIZE),
    ):
        with pytest.raises(PermissionError):
            change()
    assert seen[:256] == bytes(range(256))
    child.end()


def test_a_child_that_cut_it_off_before_has_no_page(pixels: int) -> None:
    child = TakenOver(pixels, mapped=False)
    assert child.cuts_off() == "cut off"
    with pytest.raises(ValueError, match="size"):
        sealed(pixels, SIZE)
    child.end()


def test_a_child_that_keeps_it_mapped_for_writing_has_no_page() -> None:
    with memory_file("test") as descriptor:
        fill(descriptor, bytes(12))
        child = TakenOver(descriptor, mapped=True)
        with pytest.raises(ChildFailed, match="garbage"):
            page(descriptor)
        child.end()
        assert page(descriptor).picture is not None


def test_a_file_that_was_only_made_long_has_no_page() -> None:
    with memory_file("test") as descriptor:
        os.ftruncate(descriptor, SIZE)
        with pytest.raises(ValueError, match="size"):
            sealed(descriptor, SIZE)


def test_a_file_that_the_kernel_does_not_seal_has_no_page() -> None:
    descriptor = os.memfd_create("without-seals")
    fill(descriptor, bytes(SIZE))
    with pytest.raises(ValueError, match="held"):
        sealed(descriptor, SIZE)
    os.close(descriptor)
