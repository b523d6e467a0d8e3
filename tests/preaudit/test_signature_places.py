"""A place to sign at: signed or not, whatever is printed there and however the light falls."""

from collections.abc import Iterator
from itertools import product
from random import Random

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw

from cases.findings import Box
from cases.readings import Line
from preaudit.images.geometry import Pixels, box_of, height_of, rectangle, width_of
from preaudit.images.ink import BLANK, INKED, ink_marks, ink_share, signature_mark
from tests.specimens.fonts import font

WIDTH, HEIGHT, FINE = 300, 80, 2
RULES = ("none", "solid", "thin", "double", "dotted", "half", "frame", "bracket")
LIGHTS = ("even", "shadow", "edge", "edge along the rule", "dark")
PENS = {"blue": ((40, 60, 150), 5), "black": ((40, 40, 44), 5), "thin": ((70, 80, 150), 3), "pencil": ((140,) * 3, 4)}


def place(rule: str, light: str, aslant: float, pen: str = "") -> Pixels:
    """Two heights of a label high, seven wide, in grain; `aslant` in degrees."""
    rng = Random(f"{rule} {light} {aslant} {pen}")
    sheet = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE), (244, 243, 240))
    draw = ImageDraw.Draw(sheet)
    for line, thick in _printed(rule, float(np.tan(np.radians(aslant)))):
        draw.line(line, fill=(30, 30, 34), width=thick)
    if pen:
        colour, thick = PENS[pen]
        for x in (60, 170, 280):
            stroke = [(x + rng.uniform(-5, 90), rng.uniform(15, HEIGHT * FINE - 30)) for _ in range(6)]
            draw.line(stroke, fill=colour, width=thick, joint="curve")
    small = np.asarray(sheet.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC), np.float32)[..., ::-1]
    lit = cv2.GaussianBlur(small * _light(light)[..., None], (0, 0), 0.9)
    grain = np.random.default_rng(len(rule + light + pen)).normal(0, 4, lit.shape)
    return np.asarray(np.clip(lit + grain, 0, 255), np.uint8)


def _printed(rule: str, slope: float) -> Iterator[tuple[tuple[float, ...], int]]:
    left, right, y = 10.0, WIDTH * FINE - 10.0, HEIGHT * FINE * 0.8
    if rule == "frame":
        top, bottom = 6.0, HEIGHT * FINE - 7.0
        yield from (((2, at, right + 7, at), 4) for at in (top, bottom))
        yield from (((at, top, at, bottom), 4) for at in (2, right + 7))
    elif rule == "bracket":
        yield (right - 30, 20, right - 20, HEIGHT * FINE - 20), 4
    elif rule == "dotted":
        yield from (((x, y + slope * x, x + 8, y + slope * (x + 8)), 4) for x in range(10, int(right), 16))
    elif rule != "none":
        end = WIDTH * FINE * 0.55 if rule == "half" else right
        yield (left, y, end, y + slope * end), 2 if rule == "thin" else 4
        if rule == "double":
            yield (left, y + 12, end, y + 12 + slope * end), 3


def _light(light: str) -> npt.NDArray[np.float64]:
    x, y = np.meshgrid(np.arange(WIDTH, dtype=float), np.arange(HEIGHT, dtype=float))
    falls: dict[str, npt.NDArray[np.float64]] = {
        "even": np.ones_like(x),
        "shadow": 1 - 0.5 / (1 + np.exp(-(x + y * 0.7 - WIDTH / 2) / 25)),
        "edge": 1 - 0.45 * (x + y * 0.6 > WIDTH / 2),
        "edge along the rule": 1 - 0.4 * (y + x * 0.1 > HEIGHT / 2),
        "dark": np.full_like(x, 0.35),
    }
    return falls[light]


@pytest.mark.parametrize("aslant", [0, 1.5, -2.5])
def test_no_bare_place_is_called_signed_and_no_signed_one_bare(aslant: float) -> None:
    for number, (rule, light) in enumerate(product(RULES, LIGHTS)):
        assert ink_share(place(rule, light, aslant)) <= BLANK, (rule, light)
        assert ink_share(place(rule, light, aslant, list(PENS)[number % len(PENS)])) >= INKED, (rule, light)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("申请人签名：", True),
        ("申请人（签字）：王小明", True),
        ("签名王小明", True),
        ("用黑色或蓝色签字笔填写，字迹清楚", False),  # the 请 before it was not read
        ("本表签名后生效", False),
    ],
)
def test_a_sentence_that_speaks_of_signing_is_no_place_to_sign_at(text: str, asks: bool) -> None:
    picture = np.full((200, 900, 3), 250, np.uint8)
    assert ("signature" in ink_marks(picture, [Line(text, 0.99, rectangle(20, 80, 320, 112))])) is asks


def test_a_date_on_the_next_row_of_a_leaning_page_does_not_cut_the_place_short() -> None:
    def leant(left: float, top: float, right: float, bottom: float) -> Box:
        """Upwards to the right by some eight degrees."""
        return box_of([(x, y - 0.14 * x) for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))])

    label = Line("申请人签名：", 0.99, leant(100, 200, 220, 224))
    below = Line("2026年1月12日", 0.99, leant(240, 240, 400, 264))
    picture = np.full((600, 900, 3), 250, np.uint8)
    assert width_of(signature_mark(picture, label, [label, below])["box"]) > 5 * height_of(label.box)
    beside = Line("日期：", 0.99, leant(300, 200, 360, 224))
    assert width_of(signature_mark(picture, label, [label, beside])["box"]) < 5 * height_of(label.box)


@pytest.mark.parametrize("name", ["黄秀梅", "冯慧芳", "杨洋强", "胡旭鑫"])
@pytest.mark.parametrize("aslant", [0.0, 2.5])
def test_a_name_in_many_strokes_is_no_bundle_of_rules(name: str, aslant: float) -> None:
    picture = Image.fromarray(place("solid", "even", aslant)[..., ::-1])
    ImageDraw.Draw(picture).text((40, 10), name, font=font(44, serif=True), fill=(40, 60, 150))
    assert ink_share(np.asarray(picture)[..., ::-1]) >= 2 * INKED
