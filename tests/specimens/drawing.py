"""What all drawn papers share: grounds with an ornament of our own, text, tables, rings for seals, a silhouette, the mark.

Places and sizes are pixels of the paper. The mark 样本 is small and stands where the paper has no field.
"""

import math
from collections.abc import Iterator, Sequence
from random import Random

from PIL import Image, ImageDraw

from tests.specimens.fonts import font

Ink = tuple[int, int, int]
INK: Ink = (28, 28, 32)
RED: Ink = (196, 48, 44)
PALE_RED: Ink = (206, 110, 104)


def paper(width: int, height: int, ground: Ink = (250, 249, 245), *ornament: Ink) -> Image.Image:
    """An opaque sheet; each colour of `ornament` is a family of crossing waves."""
    sheet = Image.new("RGBA", (width, height), (*ground, 255))
    pen = ImageDraw.Draw(sheet, "RGBA")
    for family, colour in enumerate(ornament):
        for curve in _waves(width, height, family):
            pen.line(curve, fill=(*colour, 90), width=2)
    return sheet


def _waves(width: int, height: int, family: int) -> Iterator[list[tuple[float, float]]]:
    for row in range(-4, height // 46 + 4):
        yield [
            (x, row * 46 + 40 * math.sin(x / (190 + 50 * family) + row * 0.35) + (x * 0.05 if family else -x * 0.04))
            for x in range(0, width + 24, 24)
        ]


def rounded(card: Image.Image, radius: int) -> Image.Image:
    """The card with transparent corners."""
    mask = Image.new("L", card.size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, card.width - 1, card.height - 1), radius=radius, fill=255)
    card.putalpha(mask)
    return card


def write(  # noqa: PLR0917 - what, where and how, as Pillow's own call
    sheet: Image.Image,
    x: float,
    y: float,
    text: str,
    size: int,
    ink: Ink = INK,
    *,
    bold: bool = False,
    serif: bool = False,
    anchor: str = "lm",
) -> None:
    """`anchor` as in Pillow; the usual one is the left end at half height."""
    pen = ImageDraw.Draw(sheet)
    pen.text((x, y), text, fill=ink, font=font(size, serif=serif, bold=bold), anchor=anchor)


def write_wide(  # noqa: PLR0917 - as `write`
    sheet: Image.Image, x: float, y: float, text: str, size: int, width: float, ink: Ink = INK
) -> None:
    """`text` spread over `width`, its first and last character at the ends, as labels of licences are set."""
    step = (width - size) / max(1, len(text) - 1)
    for place, character in enumerate(text):
        write(sheet, x + step * place, y, character, size, ink)


def write_rows(  # noqa: PLR0917 - as `write`
    sheet: Image.Image, x: float, y: float, rows: Sequence[str], size: int, pitch: float
) -> None:
    for place, row in enumerate(rows):
        write(sheet, x, y + place * pitch, row, size)


def broken(text: str, widest: float) -> list[str]:
    """Rows of `widest` characters at most, a figure or Latin letter counting for about half."""
    rows, used = [""], 0.0
    for character in text:
        used += 0.55 if character.isascii() else 1.0
        if used > widest:
            rows.append("")
            used = 0.55 if character.isascii() else 1.0
        rows[-1] += character
    return rows


def cell(sheet: Image.Image, box: tuple[int, int, int, int], ink: Ink = INK) -> None:
    """The rules around a cell: left, top, right, bottom."""
    ImageDraw.Draw(sheet).rectangle(box, outline=ink, width=3)


def mark(sheet: Image.Image, x: float, y: float, size: int = 26, ink: Ink = PALE_RED) -> None:
    write(sheet, x, y, "样本", size, ink, anchor="mm")


def seal(sheet: Image.Image, x: int, y: int, radius: int, *, square: bool = False) -> None:
    """A red ring (or the square one of licences) with 样本 in it."""
    layer = Image.new("RGBA", sheet.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    box = (x - radius, y - radius, x + radius, y + radius)
    if square:
        pen.rectangle(box, outline=(*RED, 210), width=max(4, radius // 16))
    else:
        pen.ellipse(box, outline=(*RED, 210), width=max(4, radius // 16))
    pen.text((x, y), "样本", fill=(*RED, 210), font=font(int(radius * 0.62), bold=True), anchor="mm")
    sheet.alpha_composite(layer)


def round_seal(  # noqa: PLR0917 - as `write`
    sheet: Image.Image, x: int, y: int, radius: int, words: str, ink: Ink = RED, flat: float = 1.0
) -> None:
    """A round seal with the words of its owner around a star, as offices have them; `flat` under 1 makes it an oval."""
    side, strength = 4 * radius, 200
    layer = Image.new("RGBA", (side, side), (*ink, 0))
    pen, middle = ImageDraw.Draw(layer), side / 2
    rim = (middle - radius, middle - radius, middle + radius, middle + radius)
    pen.ellipse(rim, outline=(*ink, strength), width=max(4, radius // 18))
    points = [
        (middle + r * math.sin(k * math.pi / 5), middle - r * math.cos(k * math.pi / 5))
        for k, r in enumerate((radius * 0.3, radius * 0.12) * 5)
    ]
    pen.polygon(points, fill=(*ink, strength))
    size, spread = int(min(radius * 0.34, 4.0 * radius / len(words))), 270.0
    for place, character in enumerate(words):
        turn = -spread / 2 + spread * (place + 0.5) / len(words)
        tile = Image.new("RGBA", layer.size, (*ink, 0))
        face = font(size, serif=True, bold=True)
        ImageDraw.Draw(tile).text(
            (middle, middle - radius * 0.74), character, fill=(*ink, strength), font=face, anchor="mm"
        )
        layer.alpha_composite(tile.rotate(-turn, Image.Resampling.BICUBIC))
    if flat != 1.0:
        layer = layer.resize((side, round(side * flat)), Image.Resampling.BICUBIC)
    sheet.alpha_composite(layer, (round(x - middle), round(y - layer.height / 2)))


def silhouette(sheet: Image.Image, box: tuple[int, int, int, int], coat: Ink = (74, 84, 100)) -> None:
    """Head and shoulders of nobody."""
    left, top, right, bottom = box
    figure = Image.new("RGBA", (right - left, bottom - top), (0, 0, 0, 0))
    pen = ImageDraw.Draw(figure)
    w, h = figure.size
    pen.ellipse((w * 0.02, h * 0.66, w * 0.98, h * 1.5), fill=(*coat, 255))
    pen.polygon([(w * 0.4, h * 0.68), (w * 0.6, h * 0.68), (w * 0.5, h * 0.84)], fill=(236, 238, 240, 255))
    pen.rectangle((w * 0.42, h * 0.52, w * 0.58, h * 0.7), fill=(196, 168, 150, 255))
    pen.ellipse((w * 0.27, h * 0.12, w * 0.73, h * 0.62), fill=(206, 180, 162, 255))
    pen.pieslice((w * 0.25, h * 0.06, w * 0.75, h * 0.56), 180, 360, fill=(52, 48, 50, 255))
    sheet.alpha_composite(figure, (left, top))


def squares(sheet: Image.Image, x: int, y: int, side: int, rng: Random) -> None:
    """A field of black and white squares where a licence has its two-dimensional code; it says nothing."""
    pen, count = ImageDraw.Draw(sheet), 29
    step = side / count
    for row in range(count):
        for column in range(count):
            if rng.random() < 0.5:
                left, top = x + column * step, y + row * step
                pen.rectangle((left, top, left + step - 1, top + step - 1), fill=INK)
