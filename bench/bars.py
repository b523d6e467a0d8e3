"""A plot of medians beside each other: a bar for each contender, a line from the least to the most, and a line for what is to be
reached. PNG, drawn by Pillow as `bench.quality` draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from PIL import Image, ImageDraw

from tests.specimens.fonts import font

WIDTH, EDGE, NAME, NUMBER = 1240, 24, 330, 90
ROW, HEAD, FOOT = 46, 84, 52
PAPER, INK, PALE, BLUE, GREY, RED = (
    (255, 255, 255),
    (40, 40, 44),
    (210, 212, 216),
    (58, 108, 178),
    (150, 156, 166),
    (206, 74, 56),
)


@dataclass(frozen=True)
class Bar:
    """`values`: of each round. `ours`: drawn in colour."""

    name: str
    values: Sequence[float]
    ours: bool = False

    @property
    def middle(self) -> float:
        return median(self.values)


def draw(path: Path, title: str, unit: str, bars: Sequence[Bar], wanted: tuple[str, float] | None = None) -> None:
    """`wanted`: what the line stands for, and where."""
    picture = Image.new("RGB", (WIDTH, HEAD + ROW * len(bars) + FOOT), PAPER)
    pen = ImageDraw.Draw(picture)
    pen.text((EDGE, 26), title, fill=INK, font=font(22), anchor="lm")
    pen.text(
        (EDGE, 56), f"{unit}; bar: median, line: least to most of the rounds", fill=INK, font=font(15), anchor="lm"
    )
    most = 1.05 * max(*(max(bar.values) for bar in bars), wanted[1] if wanted else 0.0)
    left, scale = EDGE + NAME, (WIDTH - 2 * EDGE - NAME - NUMBER) / most
    for place, bar in enumerate(bars):
        _bar(pen, left, HEAD + place * ROW, bar, scale)
        number = f"{bar.middle:.3g}"
        pen.text((WIDTH - EDGE, HEAD + (place + 0.5) * ROW), number, fill=INK, font=font(17), anchor="rm")
    base = HEAD + ROW * len(bars) + 4
    pen.line((left, base, left + most * scale, base), PALE, 2)
    if wanted:
        at = left + wanted[1] * scale
        pen.line((at, HEAD - 4, at, base), RED, 2)
        pen.text((at, base + 20), f"{wanted[0]}: {wanted[1]:.3g}", fill=RED, font=font(15), anchor="mm")
    picture.save(path, optimize=True)


def _bar(pen: ImageDraw.ImageDraw, left: float, top: float, bar: Bar, scale: float) -> None:
    middle = top + ROW / 2
    pen.text((left - 14, middle), bar.name, fill=INK, font=font(17), anchor="rm")
    pen.rectangle((left, top + 9, left + bar.middle * scale, top + ROW - 9), fill=BLUE if bar.ours else GREY)
    pen.line((left + min(bar.values) * scale, middle, left + max(bar.values) * scale, middle), INK, 2)
