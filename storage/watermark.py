"""Who looks at a picture, when, and at which case, across the copy that they get: what is photographed off a screen or sent
on says where it came from.

Only our own copies are opened here: pictures that the reader's child drew anew from pixels. The copy as kept has no mark;
each look gets its own. Refuses: nothing; a copy that does not open is shown to nobody (`NotOurs`).
"""

import io
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

from cases.deadlines import BEIJING
from cases.errors import NotFound

FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
)
SLANT = 24
STRENGTH = 70
"""Of 255: seen on white paper and on a dark photograph, and every character under it stays readable."""
QUALITY = 84
MOST_PIXELS = 12_000_000
"""Our copies have two at most."""


class NotOurs(NotFound):
    """What is kept is no copy of ours."""

    def __init__(self) -> None:
        super().__init__("这一页没有可以显示的图片。")


def watermark(who: str, at: datetime, case: str) -> str:
    return f"{who} {at.astimezone(BEIJING):%Y-%m-%d %H:%M} {case}"


def marked(copy: bytes, text: str) -> bytes:
    """The JPEG with the text aslant all over it. Raises `NotOurs`."""
    try:
        opened = Image.open(io.BytesIO(copy), formats=("JPEG",))
        if opened.width * opened.height > MOST_PIXELS:
            raise NotOurs
        picture = opened.convert("RGB")
    except (UnidentifiedImageError, OSError) as error:
        raise NotOurs from error
    out = io.BytesIO()
    _over(picture, text).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _over(picture: Image.Image, text: str) -> Image.Image:
    """Dark and light side by side, so that it shows on either; no part can be cut out without it."""
    tile = _tile(text, max(14, min(picture.size) // 32))
    across, down = tile.width + tile.height // 3, int(tile.height * 1.1)
    for row, y in enumerate(range(-tile.height // 2, picture.height, down)):
        for x in range(-(row % 2) * across // 2, picture.width, across):
            picture.paste((255, 255, 255), (x + 1, y + 1), tile)
            picture.paste((60, 60, 60), (x, y), tile)
    return picture


@lru_cache(maxsize=32)
def _tile(text: str, size: int) -> Image.Image:
    font = _font(size)
    left, top, right, bottom = font.getbbox(text)
    flat = Image.new("L", (int(right - left) + 4, int(bottom - top) + 4))
    ImageDraw.Draw(flat).text((2 - left, 2 - top), text, fill=STRENGTH, font=font)
    return flat.rotate(SLANT, expand=True, resample=Image.Resampling.BILINEAR)


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """A face with Han characters where the system has one; Pillow's own otherwise."""
    found = next((path for path in FONTS if Path(path).exists()), None)
    return ImageFont.truetype(found, size) if found else ImageFont.load_default(size)
