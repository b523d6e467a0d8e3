"""A poor first look: what is tried again, how long, and what is said when nothing helps."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from cases.findings import FindingCode
from cases.readings import Line
from preaudit.images.geometry import Pixels, rectangle
from preaudit.reading import Reader
from preaudit.sandbox import Sandbox
from preaudit.settings import PreauditSettings

SAMPLES = Path(__file__).parents[1] / "samples"


class Upright:
    """An orienter that leaves the page as it is."""

    def degrees(self, pixels: Pixels) -> int:
        return 0


class PoorReader:
    """Reads the same doubtful lines off anything and counts how often it is asked for a whole page. `of_a_crop` is how
    sure it is of single lines, by the crop's brightness."""

    name = "poor"

    def __init__(self, dark: float = 0.6, bright: float = 0.6) -> None:
        self.pages, self.dark, self.bright = 0, dark, bright

    def read(self, pixels: Pixels) -> Sequence[Line]:
        self.pages += 1
        score = self.bright if pixels.mean() > 128 else self.dark
        return tuple(Line("看不清楚的一行文字", score, rectangle(40, y, 260, y + 24)) for y in (40, 90, 140, 190))

    def read_crop(self, pixels: Pixels) -> tuple[str, float]:
        return "看不清楚的一行文字", self.bright if pixels.mean() > 128 else self.dark

    def warm(self) -> None:
        return None


def dark_page() -> bytes:
    return bytes(cv2.imencode(".png", np.full((300, 400, 3), 40, np.uint8))[1])


def looked_at(sandbox: Sandbox, recogniser: PoorReader, seconds: float = 60.0) -> float:
    settings = PreauditSettings(remedy_seconds=seconds)
    reader = Reader(settings, recogniser=recogniser, sandbox=sandbox, orienter=Upright())  # type: ignore[arg-type]
    (reading,) = reader.read(dark_page(), name="dark.png")
    return float(reading.marks["mean_score"])


def test_a_remedy_that_reads_better_is_kept(sandbox: Sandbox) -> None:
    recogniser = PoorReader(dark=0.6, bright=0.95)
    assert looked_at(sandbox, recogniser) == 0.95
    assert recogniser.pages == 2


def test_a_remedy_that_does_not_help_a_few_lines_is_not_tried_on_the_page(sandbox: Sandbox) -> None:
    recogniser = PoorReader(dark=0.6, bright=0.6)
    assert looked_at(sandbox, recogniser) == 0.6
    assert recogniser.pages == 1


def test_without_time_left_the_first_look_counts(sandbox: Sandbox) -> None:
    recogniser = PoorReader(dark=0.6, bright=0.95)
    assert looked_at(sandbox, recogniser, seconds=0.0) == 0.6
    assert recogniser.pages == 1


@pytest.mark.parametrize("name", ["id_front_blurred.jpg"])
def test_a_blurred_picture_is_refused_as_blurred(reader: Reader, name: str) -> None:
    (reading,) = reader.read((SAMPLES / name).read_bytes(), name=name, document="id_card_front")
    blocking = [problem.code for problem in reading.problems if problem.blocking]
    assert blocking[0] is FindingCode.BLURRED
    assert not reading.acceptable
