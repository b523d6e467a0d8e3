"""A contender in its own process: what it does to itself with a picture is its result, and the run goes on."""

import io
import os
import signal
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PIL import Image, ImageDraw

from bench.contenders import CONTENDERS, environment_of, without_alpha
from bench.lanes import ContenderLost, Lane
from bench.machine import cores
from tests.specimens.fonts import font


def picture(mode: str = "RGB") -> bytes:
    sheet = Image.new(mode, (900, 200), "white")
    ImageDraw.Draw(sheet).text((40, 60), "ORDER 12345", fill="black", font=font(72))
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def lane() -> Iterator[Lane]:
    with Lane(CONTENDERS["tesseract"], 1, cores()[:1]) as made:
        yield made


def test_what_cannot_be_read_or_kills_the_reader_costs_one_picture_only(lane: Lane) -> None:
    broken = lane.read(b"no picture")
    assert "UnidentifiedImageError" in broken.failed
    good = lane.read(picture())
    assert ("12345" in "".join(good.lines), good.failed) == (True, "")
    assert good.held.rss > 0

    process = lane.process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert lane.read(picture()).failed.startswith("lost")
    assert "12345" in "".join(lane.read(picture()).lines)


def test_a_contender_that_does_not_start_is_said_to_be_lost() -> None:
    with Lane(replace(CONTENDERS["tesseract"], name="nobody"), 1, cores()[:1]) as lane, pytest.raises(ContenderLost):
        lane.start()


def test_a_contender_does_not_inherit_what_somebody_set_for_threads() -> None:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    assert "OPENBLAS_NUM_THREADS" not in environment_of(CONTENDERS["ours"])
    assert environment_of(CONTENDERS["ocrmypdf"])["OMP_THREAD_LIMIT"] == "1"


def test_a_peer_whose_program_is_not_there_is_missing_by_its_name() -> None:
    assert CONTENDERS["ours"].missing == ""
    assert replace(CONTENDERS["ocrmypdf"], needs=("no-such-program",)).missing == "no-such-program"


def test_only_an_alpha_channel_changes_what_ocrmypdf_is_given() -> None:
    assert without_alpha(picture()) == picture()
    assert Image.open(io.BytesIO(without_alpha(picture("RGBA")))).mode == "RGB"
