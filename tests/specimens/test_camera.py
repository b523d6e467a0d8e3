"""The camera is repeatable, plants what it is asked to and knows where the paper is."""

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from tests.specimens.camera import Defects, Level, photograph, shoot
from tests.specimens.cards import id_card_front
from tests.specimens.people import invent

CARD = id_card_front(invent(1))
SMALL = 0.5
"""Megapixels: enough to see what was done, and quick."""


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def grey(data: bytes) -> np.ndarray:
    return np.asarray(opened(data).convert("L"), dtype=float)


@pytest.mark.parametrize("level", list(Level))
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(level: Level) -> None:
    first, again, other = (photograph(CARD, level, seed, megapixels=SMALL) for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize("megapixels", [0.5, 3.0])
def test_a_picture_has_the_pixels_asked_for(megapixels: float) -> None:
    width, height = opened(photograph(CARD, megapixels=megapixels)).size
    assert width * height == pytest.approx(megapixels * 1e6, rel=0.01)


@pytest.mark.parametrize("level", list(Level))
def test_the_whole_paper_is_in_the_frame(level: Level) -> None:
    for seed in range(5):
        shot = shoot(CARD, level, seed, megapixels=SMALL)
        assert all(-1 <= x <= shot.width + 1 and -1 <= y <= shot.height + 1 for x, y in shot.corners)


def test_a_cut_paper_reaches_out_of_the_frame() -> None:
    assert min(x for x, _ in shoot(CARD, megapixels=SMALL, defects=Defects(cut=0.2)).corners) < -50


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_exif_puts_a_turned_picture_upright(turn: int) -> None:
    plain = opened(photograph(CARD, seed=3, megapixels=SMALL))
    turned = opened(photograph(CARD, seed=3, megapixels=SMALL, turn=turn, exif=True))
    upright = ImageOps.exif_transpose(turned)
    assert upright.size == plain.size
    assert np.abs(np.asarray(upright, dtype=float) - np.asarray(plain, dtype=float)).mean() < 6


def test_planted_defects_can_be_measured() -> None:
    plain = grey(photograph(CARD, megapixels=SMALL))
    assert grey(photograph(CARD, megapixels=SMALL, light=0.1)).mean() < 0.2 * plain.mean()
    assert (grey(photograph(CARD, megapixels=SMALL, light=2.4)) > 250).mean() > 0.4
    assert (grey(photograph(CARD, megapixels=SMALL, glare=0.4)) > 250).mean() > (plain > 250).mean() + 0.03
    assert np.abs(np.diff(grey(photograph(CARD, megapixels=SMALL, focus=12)))).mean() < np.abs(np.diff(plain)).mean()


def test_the_truth_names_what_was_planted() -> None:
    shot = shoot(CARD, megapixels=SMALL, defects=Defects(focus=9, turn=90))
    assert shot.truth()["codes"] == ["blurred"]
    assert shot.truth()["planted"] == {"focus": 9, "turn": 90}
