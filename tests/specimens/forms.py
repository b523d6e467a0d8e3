"""A printed A4 application form, filled in by hand or by machine: a table of labels and values, a promise, a signature.

The hand is the serif face, character by character a little tilted, moved and resized, in blue ink.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sin
from random import Random

from PIL import Image, ImageDraw

from tests.specimens.fonts import font

WIDTH, HEIGHT = 1654, 2339
"""A4 at 200 dpi."""
MARGIN = 150
LABEL_WIDTH = 330
ROW_HEIGHT = 118
INK = (24, 24, 26)
BLUE = (28, 46, 128)
PROMISE = ("本人承诺：以上所填内容真实、准确，所提交的材料真实有效，", "愿意承担相应的法律责任。")


class Mark(StrEnum):
    """How a box is ticked: by hand, or printed so."""

    TICK = "tick"
    CROSS = "cross"
    BLOT = "blot"
    PRINTED = "printed"
    """☑ as a word processor has it"""
    FILLED = "filled"
    """■"""
    DOT = "dot"
    """hardly anything: a slip of the pen"""


@dataclass(frozen=True)
class Boxes:
    """Options with a box each, before its words or `behind` them."""

    options: tuple[str, ...]
    ticked: tuple[str, ...] = ()
    mark: Mark = Mark.TICK
    behind: bool = False


Row = tuple[str, str | Boxes]


def application_form(
    title: str,
    rows: Sequence[Row],
    *,
    signature: str = "",
    signed_on: str = "",
    by_hand: bool = False,
    office: str = "广州市海珠区人力资源和社会保障局",
    seed: int = 0,
) -> Image.Image:
    """One sheet, RGB. `signature` is drawn as a running hand; empty leaves the line empty, as does an empty value."""
    sheet = Image.new("RGB", (WIDTH, HEIGHT), (252, 252, 250))
    pen = ImageDraw.Draw(sheet)
    rng = Random(f"form {seed}")
    pen.text((WIDTH / 2, 170), title, fill=INK, font=font(64, serif=True, bold=True), anchor="ma")
    pen.text((MARGIN, 300), f"受理单位：{office}", fill=INK, font=font(32, serif=True))
    pen.text((WIDTH - MARGIN, 96), "样本", fill=(200, 70, 70), font=font(30), anchor="ra")
    bottom = _table(sheet, rows, by_hand, rng)
    _promise(pen, bottom + 50)
    _signature_line(sheet, bottom + 330, signature, signed_on, by_hand=by_hand, rng=rng)
    pen.text(
        (MARGIN, HEIGHT - 150), "填表说明：请用黑色或蓝色签字笔填写，字迹清楚，不得涂改。", fill=INK, font=font(26)
    )
    return sheet


def _table(sheet: Image.Image, rows: Sequence[Row], by_hand: bool, rng: Random) -> int:
    pen = ImageDraw.Draw(sheet)
    top, right = 370, WIDTH - MARGIN
    for place, (label, value) in enumerate(rows):
        y = top + place * ROW_HEIGHT
        pen.rectangle((MARGIN, y, right, y + ROW_HEIGHT), outline=INK, width=3)
        pen.line((MARGIN + LABEL_WIDTH, y, MARGIN + LABEL_WIDTH, y + ROW_HEIGHT), fill=INK, width=3)
        centre = (MARGIN + LABEL_WIDTH / 2, y + ROW_HEIGHT / 2)
        pen.text(centre, label, fill=INK, font=font(36, serif=True), anchor="mm")
        if isinstance(value, Boxes):
            _options(sheet, MARGIN + LABEL_WIDTH + 30, y + ROW_HEIGHT // 2, value, rng)
        else:
            _write(sheet, MARGIN + LABEL_WIDTH + 30, y + ROW_HEIGHT // 2, value, by_hand=by_hand, rng=rng)
    return top + len(rows) * ROW_HEIGHT


def _options(sheet: Image.Image, x: int, y: int, boxes: Boxes, rng: Random) -> None:
    size, pen = rng.choice((30, 34, 38)), ImageDraw.Draw(sheet)
    for option in boxes.options:
        width = 36 * len(option)
        at = x + width + 8 if boxes.behind else x
        pen.text((x if boxes.behind else x + size + 8, y), option, fill=INK, font=font(36, serif=True), anchor="lm")
        pen.rectangle((at, y - size // 2, at + size, y + size // 2), outline=INK, width=rng.choice((2, 3)))
        if option in boxes.ticked:
            _mark(pen, at, y, size, boxes.mark, rng)
        x += width + size + rng.choice((36, 60, 90))


def _mark(pen: ImageDraw.ImageDraw, x: int, y: int, size: int, mark: Mark, rng: Random) -> None:  # noqa: PLR0917
    def at(right: float, down: float) -> tuple[float, float]:
        return x + size * right + rng.uniform(-3, 3), y + size * (down - 0.5) + rng.uniform(-3, 3)

    if mark is Mark.TICK:
        pen.line([at(0.1, 0.45), at(0.42, 0.85), at(1.15, -0.2)], fill=BLUE, width=rng.choice((4, 5)), joint="curve")
    elif mark is Mark.CROSS:
        pen.line([at(0.05, 0.05), at(0.95, 0.95)], fill=BLUE, width=4)
        pen.line([at(0.95, 0.0), at(0.05, 1.0)], fill=BLUE, width=4)
    elif mark is Mark.BLOT:
        pen.line([at(0.2, 0.3), at(0.8, 0.35), at(0.2, 0.5), at(0.8, 0.6), at(0.25, 0.7)], fill=BLUE, width=5)
    elif mark is Mark.PRINTED:
        pen.line(
            [(x + size * 0.2, y), (x + size * 0.42, y + size * 0.25), (x + size * 0.8, y - size * 0.28)],
            fill=INK,
            width=4,
        )
    elif mark is Mark.FILLED:
        pen.rectangle((x, y - size // 2, x + size, y + size // 2), fill=INK)
    else:
        pen.line([at(0.45, 0.55), at(0.6, 0.5)], fill=BLUE, width=3)


def _promise(pen: ImageDraw.ImageDraw, y: int) -> None:
    for row, text in enumerate(PROMISE):
        pen.text((MARGIN, y + row * 56), text, fill=INK, font=font(34, serif=True))


def _signature_line(sheet: Image.Image, y: int, name: str, day: str, *, by_hand: bool, rng: Random) -> None:
    pen = ImageDraw.Draw(sheet)
    pen.text((760, y), "申请人签名：", fill=INK, font=font(36, serif=True), anchor="lm")
    pen.line((980, y + 34, 1400, y + 34), fill=INK, width=2)
    if name:
        _sign(sheet, 1000, y - 6, name, rng)
    if day:
        pen.text((760, y + 100), "日期：", fill=INK, font=font(36, serif=True), anchor="lm")
        _write(sheet, 980, y + 100, day, by_hand=by_hand, rng=rng)


def _write(sheet: Image.Image, x: int, y: int, text: str, *, by_hand: bool, rng: Random) -> None:
    if not by_hand:
        ImageDraw.Draw(sheet).text((x, y), text, fill=INK, font=font(36), anchor="lm")
        return
    hand(sheet, x, y, text, rng)


def hand(sheet: Image.Image, x: int, y: int, text: str, rng: Random) -> None:
    """`text` as somebody writes it, its left end at half height at `x`, `y`."""
    for character in text:
        size = 42 + rng.randint(-2, 3)
        _stamp(sheet, character, x + size // 2, y + rng.randint(-4, 4), size=size, turn=rng.uniform(-5, 5))
        x += int(size * (0.6 if character.isascii() else 1.0)) + rng.randint(-1, 3)


def _sign(sheet: Image.Image, x: int, y: int, name: str, rng: Random) -> None:
    """The name in a hurried hand, with a flourish under it that joins the characters."""
    for character in name:
        _stamp(sheet, character, x + 36, y + rng.randint(-5, 5), size=72, turn=rng.uniform(2, 14), lean=0.25)
        x += 66
    start = x - 66 * len(name)
    curve = [(start + t, y + 36 + 7 * sin(t / 27) - t * 0.05) for t in range(0, 66 * len(name) + 40, 4)]
    ImageDraw.Draw(sheet).line(curve, fill=BLUE, width=4, joint="curve")


def _stamp(sheet: Image.Image, character: str, x: int, y: int, *, size: int, turn: float, lean: float = 0.0) -> None:
    tile = Image.new("L", (size * 2, size * 2), 0)
    ImageDraw.Draw(tile).text((size, size), character, fill=255, font=font(size, serif=True), anchor="mm")
    if lean:
        shear = (1, lean, -lean * size, 0, 1, 0)
        tile = tile.transform(tile.size, Image.Transform.AFFINE, shear, Image.Resampling.BICUBIC)
    tile = tile.rotate(turn, Image.Resampling.BICUBIC)
    sheet.paste(BLUE, (x - size, y - size), tile)
