"""Lines that a red seal was set across, and lines that are faint."""

from math import cos, pi, sin

import cv2
import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw

from cases.readings import Line
from preaudit.images.geometry import Pixels, rectangle
from preaudit.ppocr import PPOCR, dashed, stretched
from preaudit.settings import EngineName
from preaudit.under_seals import merged, red_seals
from tests.specimens.drawing import PALE_RED, write, write_wide
from tests.specimens.fonts import font

TITLE = "浙江增值税专用发票"
GREEN = (70, 110, 84)
X, Y, HALF_WIDTH, HALF_HEIGHT = 650, 190, 110, 74
"""Of the seal."""


def invoice(*, red: tuple[int, int, int] = PALE_RED) -> Pixels:
    """A title set wide in green, and an oval seal with words around its edge set across the middle of it."""
    sheet = Image.new("RGB", (1300, 900), (250, 250, 246))
    write_wide(sheet, 370, 130, TITLE, 52, 560, GREEN)
    for row in range(4):
        write(sheet, 140, 420 + 90 * row, f"货物名称{row}  单价{row}12.50  数量{row}8  金额1{row}2.00", 34)
    return np.ascontiguousarray(np.asarray(ImageChops.multiply(sheet, _seal(sheet.size, red)))[:, :, ::-1])


def _seal(size: tuple[int, int], red: tuple[int, int, int]) -> Image.Image:
    ink = Image.new("RGB", size, (255, 255, 255))
    draw = ImageDraw.Draw(ink)
    draw.ellipse((X - HALF_WIDTH, Y - HALF_HEIGHT, X + HALF_WIDTH, Y + HALF_HEIGHT), outline=red, width=8)
    for at, character in enumerate("全国统一发票监制章国家税务总局监制"):
        angle = pi * (0.9 + at / 8.5)
        place = X + 0.78 * HALF_WIDTH * cos(angle), Y + 0.72 * HALF_HEIGHT * sin(angle)
        draw.text(place, character, fill=red, font=font(24), anchor="mm")
    return ink


@pytest.fixture(scope="module")
def recogniser() -> PPOCR:
    return PPOCR(EngineName.AUTO, threads=1)


def test_a_title_under_a_seal_is_read_whole(recogniser: PPOCR) -> None:
    assert TITLE in "".join(line.text for line in recogniser.read(invoice()))


def test_a_seal_is_found_where_it_lies() -> None:
    (((left, top), _, (right, bottom), _),) = red_seals(invoice())
    bounds = (X - HALF_WIDTH, Y - HALF_HEIGHT, X + HALF_WIDTH, Y + HALF_HEIGHT)
    assert (left, top, right, bottom) == pytest.approx(bounds, abs=16)


def test_a_page_without_red_has_no_seals() -> None:
    assert red_seals(invoice(red=(60, 60, 60))) == []


PIECES = [Line("增值", 0.99, rectangle(300, 60, 400, 110)), Line("发票", 0.9, rectangle(500, 60, 600, 110))]
ELSEWHERE = Line("购买方", 0.99, rectangle(0, 400, 90, 440))


@pytest.mark.parametrize(
    ("text", "score", "texts"),
    [
        ("增值税发票", 0.98, ["购买方", "增值税发票"]),
        ("增值税发票", 0.7, ["增值", "发票", "购买方"]),
        ("票", 0.99, ["增值", "发票", "购买方"]),
    ],
)
def test_a_whole_line_takes_the_place_of_its_pieces_where_it_reads_as_well(
    text: str, score: float, texts: list[str]
) -> None:
    whole = Line(text, score, rectangle(290, 50, 610, 120))
    assert [line.text for line in merged([*PIECES, ELSEWHERE], [whole])] == texts


@pytest.mark.parametrize(("score", "count"), [(0.95, 2), (0.6, 1)])
def test_where_nothing_was_read_a_sure_line_is_believed(score: float, count: int) -> None:
    assert len(merged([ELSEWHERE], [Line("增值税发票", score, rectangle(290, 50, 610, 120))])) == count


def test_a_faint_line_is_stretched_from_black_to_white() -> None:
    faint = np.full((40, 200, 3), 150, np.uint8)
    cv2.putText(faint, "12345", (10, 30), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (120, 120, 120), 3)
    made = stretched(faint)
    assert (made.min(), made.max()) == (0, 255)


def test_an_empty_line_stays_empty() -> None:
    assert stretched(np.full((40, 200, 3), 150, np.uint8)).std() == 0


def test_half_a_dash_is_no_number_one() -> None:
    assert dashed("对应着一个账户一—这个") == "对应着一个账户——这个"
    assert dashed("一个一个来") == "一个一个来"
