"""Hostile and broken files: each hurts itself only. The parent keeps its pid, its memory and its next file."""

import os
import resource
import time
from collections.abc import Callable

import pytest

from cases.findings import FindingCode
from cases.readings import Reading
from preaudit.decoding import Job
from preaudit.guard import sniff
from preaudit.lost import ChildFailed
from preaudit.opening import job_for
from preaudit.reading import Reader
from preaudit.sandbox import Sandbox
from preaudit.settings import ChildLimits, PreauditSettings
from tests.preaudit import badfiles
from tests.specimens import invent
from tests.specimens.pdfs import password_pdf

GIGABYTE = 1_000_000_000


def only(readings: tuple[Reading, ...]) -> Reading:
    assert len(readings) == 1
    return readings[0]


def job(data: bytes, page: int = 1) -> Job:
    return job_for(str(sniff(data)), page, PreauditSettings())


@pytest.mark.parametrize(
    ("made", "code"),
    [
        pytest.param(lambda: b"", FindingCode.DAMAGED_FILE, id="empty"),
        pytest.param(lambda: b"these are words named photo.jpg", FindingCode.UNSUPPORTED_FILE, id="text named jpg"),
        pytest.param(badfiles.elf, FindingCode.UNSUPPORTED_FILE, id="program named jpg"),
        pytest.param(badfiles.truncated_jpeg, FindingCode.DAMAGED_FILE, id="truncated jpeg"),
        pytest.param(lambda: b"\xff\xd8\xff" + bytes(500), FindingCode.DAMAGED_FILE, id="jpeg head only"),
        pytest.param(lambda: badfiles.png(10_000, 8_000), FindingCode.UNSUPPORTED_FILE, id="80 megapixels"),
        pytest.param(lambda: badfiles.png(30_000, 30_000, rows=100), FindingCode.UNSUPPORTED_FILE, id="900 megapixels"),
        pytest.param(lambda: badfiles.png(3000, 3000)[:600], FindingCode.DAMAGED_FILE, id="truncated png"),
        pytest.param(badfiles.bent_pdf, FindingCode.DAMAGED_FILE, id="bent pdf"),
        pytest.param(lambda: password_pdf(invent(1)), FindingCode.PASSWORD_PROTECTED, id="password"),
        pytest.param(lambda: badfiles.pdf_of(*["page"] * 31), FindingCode.TOO_MANY_PAGES, id="31 pages"),
    ],
)
def test_a_bad_file_becomes_a_finding(reader: Reader, made: Callable[[], bytes], code: FindingCode) -> None:
    pid = os.getpid()
    reading = only(reader.read(made(), name="photo.jpg"))
    assert os.getpid() == pid
    assert reading.failure is not None
    assert reading.failure.code is code
    assert reading.failure.message
    assert reading.failure.advice
    assert not reading.acceptable
    assert reading.lines == ()


def test_too_many_pixels_are_told_in_numbers(reader: Reader) -> None:
    failure = only(reader.read(badfiles.png(10_000, 8_000), name="big.png")).failure
    assert failure is not None
    assert failure.message == "照片像素过大（约8000万像素），最大5000万像素"


def test_fifty_megapixels_are_opened_within_a_gigabyte(sandbox: Sandbox) -> None:
    data = badfiles.png(8_000, 6_200)
    decoded = sandbox.run(job(data), data)
    assert decoded.error == ""
    assert (decoded.width, decoded.height) == (8_000, 6_200)
    assert decoded.peak_bytes < GIGABYTE


def test_a_png_that_holds_more_than_it_says_stays_small(sandbox: Sandbox) -> None:
    data = badfiles.png_that_lies()
    decoded = sandbox.run(job(data), data)
    assert decoded.peak_bytes < GIGABYTE / 2


@pytest.mark.thorough
def test_a_pdf_bomb_is_a_damaged_file_and_the_next_page_is_read(reader: Reader) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    reading = only(reader.read(badfiles.pdf_bomb(), name="bomb.pdf"))
    assert reading.failure is None or reading.failure.code is FindingCode.DAMAGED_FILE
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 200_000  # kilobytes: what the bomb unpacks to never reaches this process
    assert only(reader.read(badfiles.pdf_of("The next document is read as ever"), name="next.pdf")).engine == "pdf_text"


def _ended(sandbox: Sandbox, data: bytes) -> str:
    try:
        return sandbox.run(job(data), data).error
    except ChildFailed as lost:
        return lost.word


def test_a_child_over_its_memory_is_an_answer_not_a_crash() -> None:
    tight = Sandbox(ChildLimits(address_space_bytes=420_000_000))
    try:
        data = badfiles.pdf_bomb(400)
        assert _ended(tight, data) in ("memory", "damaged", "", "killed")
        small = badfiles.jpeg()
        assert tight.run(job(small), small).picture is not None
    finally:
        tight.close()


def test_a_child_that_takes_too_long_is_ended_by_its_own_alarm() -> None:
    hasty = Sandbox(ChildLimits(wall_seconds=1))
    try:
        data = badfiles.pdf_of_glyphs(4_000_000)
        slow = job(data)
        started = time.monotonic()
        with pytest.raises(ChildFailed) as lost:
            hasty.run(Job(**{**vars(slow), "text_layer_max_chars": 10_000_000}), data)
        assert lost.value.word == "killed"
        assert time.monotonic() - started < 20
    finally:
        hasty.close()


def test_the_sandbox_comes_back_after_its_zygote_was_killed() -> None:
    own = Sandbox(ChildLimits())
    try:
        data = badfiles.jpeg()
        assert own.run(job(data), data).picture is not None
        own.lose_zygote()
        assert own.run(job(data), data).picture is not None
    finally:
        own.close()


def test_the_child_has_none_of_our_environment(reader: Reader) -> None:
    """Nothing to steal: the zygote is started with a handful of harmless variables."""
    from_zygote = reader_environment(reader)
    assert set(from_zygote) == {"PYTHONPATH", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "LANG"}


def reader_environment(reader: Reader) -> list[str]:
    pid = reader.sandbox.zygote_pid()
    with open(f"/proc/{pid}/environ", "rb") as file:
        return [entry.split(b"=")[0].decode() for entry in file.read().split(b"\0") if entry]
