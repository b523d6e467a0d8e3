"""Identity cards of invented people, both sides: the printed labels and their places, our own ornament, no real artwork.

The portrait is a drawn silhouette with 样本 across it; the reverse has a plain disc with 样本 where the emblem would be.
"""

import math
from collections.abc import Iterator
from datetime import date

from PIL import Image, ImageDraw

from tests.specimens.fonts import font
from tests.specimens.people import Person

SCALE = 2
WIDTH, HEIGHT = 1012 * SCALE, 638 * SCALE
"""85.6 × 54 mm at 600 dpi. Places below are in points of 1/300 inch."""
LABEL = (58, 104, 150)
INK = (28, 28, 32)


def id_card_front(person: Person) -> Image.Image:
    """The portrait side, RGBA with rounded transparent corners."""
    card = _blank((232, 241, 246), (178, 205, 222), (226, 214, 226))
    pen = ImageDraw.Draw(card)
    _portrait(card)
    _label(pen, 72, 78, "姓名")
    _value(pen, 172, 70, person.name, 42)
    _label(pen, 72, 152, "性别")
    _value(pen, 172, 148, person.sex, 36)
    _label(pen, 272, 152, "民族")
    _value(pen, 366, 148, person.ethnicity, 36)
    _birth(pen, person.birth_date)
    _label(pen, 72, 302, "住址")
    for row, text in enumerate(address_rows(person.address)):
        _value(pen, 172, 296 + 50 * row, text, 36)
    _label(pen, 72, 546, "公民身份号码")
    _spaced(pen, 342, 534, person.id_number, size=46, width=600)
    return _cut_out(card)


def id_card_back(person: Person) -> Image.Image:
    """The side with the issuing authority and the validity, RGBA with rounded transparent corners."""
    card = _blank((240, 238, 236), (224, 190, 190), (196, 212, 222))
    pen = ImageDraw.Draw(card)
    _disc(card)
    _spaced(pen, 300, 92, "中华人民共和国", size=66, width=630)
    _spaced(pen, 296, 206, "居民身份证", size=92, width=640, bold=True)
    _label(pen, 200, 440, "签发机关", INK, bold=True)
    _value(pen, 396, 435, person.authority, 38)
    _label(pen, 200, 530, "有效期限", INK, bold=True)
    _value(pen, 396, 525, validity(person), 38)
    return _cut_out(card)


def validity(person: Person) -> str:
    """As printed: `2020.03.05-2040.03.05` or `2020.03.05-长期`."""
    end = f"{person.valid_to:%Y.%m.%d}" if person.valid_to else "长期"
    return f"{person.valid_from:%Y.%m.%d}-{end}"


def address_rows(address: str) -> list[str]:
    """Broken as the card breaks it: eleven characters a row, a figure counting for about half."""
    rows, used = [""], 0.0
    for character in address:
        used += 0.55 if character.isascii() else 1.0
        if used > 11:
            rows.append("")
            used = 0.55 if character.isascii() else 1.0
        rows[-1] += character
    return rows


def _birth(pen: ImageDraw.ImageDraw, birth: date) -> None:
    _label(pen, 72, 226, "出生")
    for x, text in ((172, str(birth.year)), (312, str(birth.month)), (404, str(birth.day))):
        _value(pen, x, 220, text, 36)
    for x, text in ((262, "年"), (358, "月"), (450, "日")):
        _label(pen, x, 226, text)


def _label(
    pen: ImageDraw.ImageDraw,
    x: float,
    y: float,
    text: str,
    ink: tuple[int, int, int] = LABEL,
    *,
    bold: bool = False,
) -> None:
    pen.text((x * SCALE, y * SCALE), text, fill=ink, font=font(32 * SCALE, bold=bold))


def _value(pen: ImageDraw.ImageDraw, x: float, y: float, text: str, size: int) -> None:
    pen.text((x * SCALE, y * SCALE), text, fill=INK, font=font(size * SCALE))


def _spaced(
    pen: ImageDraw.ImageDraw, x: float, y: float, text: str, *, size: int, width: float, bold: bool = False
) -> None:
    """`text` spread evenly over `width`, as the number and the titles are."""
    step = width / len(text)
    for place, character in enumerate(text):
        centre = ((x + step * (place + 0.5)) * SCALE, y * SCALE)
        pen.text(centre, character, fill=INK, font=font(size * SCALE, bold=bold), anchor="ma")


def _blank(ground: tuple[int, int, int], *lines: tuple[int, int, int]) -> Image.Image:
    card = Image.new("RGBA", (WIDTH, HEIGHT), (*ground, 255))
    pen = ImageDraw.Draw(card, "RGBA")
    for family, colour in enumerate(lines):
        for curve in _waves(family):
            pen.line(curve, fill=(*colour, 120), width=SCALE)
    return card


def _waves(family: int) -> Iterator[list[tuple[float, float]]]:
    """Families of crossing sine lines: an ornament of our own that gives a reader the same kind of trouble."""
    for row in range(-4, 36):
        yield [
            (x, row * 40 + 46 * math.sin(x / (150 + 40 * family) + row * 0.35) + (x * 0.1 if family else -x * 0.06))
            for x in range(0, WIDTH + 24, 24)
        ]


def _portrait(card: Image.Image) -> None:
    left, top, right, bottom = (v * SCALE for v in (640, 86, 936, 474))
    figure = Image.new("RGBA", (right - left, bottom - top), (0, 0, 0, 0))
    pen = ImageDraw.Draw(figure)
    w, h = figure.size
    pen.ellipse((w * 0.02, h * 0.66, w * 0.98, h * 1.5), fill=(74, 84, 100, 255))
    pen.polygon([(w * 0.4, h * 0.68), (w * 0.6, h * 0.68), (w * 0.5, h * 0.84)], fill=(236, 238, 240, 255))
    pen.rectangle((w * 0.42, h * 0.52, w * 0.58, h * 0.7), fill=(196, 168, 150, 255))
    pen.ellipse((w * 0.27, h * 0.12, w * 0.73, h * 0.62), fill=(206, 180, 162, 255))
    pen.pieslice((w * 0.25, h * 0.06, w * 0.75, h * 0.56), 180, 360, fill=(52, 48, 50, 255))
    mark = font(int(w * 0.3), bold=True)
    pen.text((w * 0.5, h * 0.86), "样本", fill=(222, 226, 230, 235), font=mark, anchor="mm")
    card.alpha_composite(figure, (left, top))


def _disc(card: Image.Image) -> None:
    layer = Image.new("RGBA", card.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    x, y, r = (v * SCALE for v in (170, 190, 96))
    pen.ellipse((x - r, y - r, x + r, y + r), outline=(186, 60, 56, 170), width=6 * SCALE)
    pen.ellipse((x - r * 0.84, y - r * 0.84, x + r * 0.84, y + r * 0.84), outline=(186, 60, 56, 120), width=2 * SCALE)
    pen.text((x, y), "样本", fill=(186, 60, 56, 190), font=font(58 * SCALE, bold=True), anchor="mm")
    card.alpha_composite(layer)


def _cut_out(card: Image.Image) -> Image.Image:
    mask = Image.new("L", card.size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, WIDTH - 1, HEIGHT - 1), radius=37 * SCALE, fill=255)
    card.putalpha(mask)
    return card
