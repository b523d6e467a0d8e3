"""The fonts the papers are printed in: Noto CJK, as Debian packages it. Says how to install them when they are missing."""

from functools import cache
from pathlib import Path

from PIL import ImageFont

FOLDERS = (Path("/usr/share/fonts/opentype/noto"), Path("/usr/share/fonts/noto-cjk"), Path.home() / ".fonts")
SIMPLIFIED = 2
"""Which face of the collection is the simplified Chinese one (JP, KR, SC, TC, HK)."""


class FontsMissing(RuntimeError):
    def __init__(self, name: str) -> None:
        super().__init__(f"font {name} not found; install it with: apt-get install fonts-noto-cjk")


@cache
def font_path(name: str) -> Path:
    found = next((folder / name for folder in FOLDERS if (folder / name).is_file()), None)
    if found is None:
        raise FontsMissing(name)
    return found


@cache
def font(size: int, *, serif: bool = False, bold: bool = False) -> ImageFont.FreeTypeFont:
    """`size` in pixels."""
    name = f"Noto{'Serif' if serif else 'Sans'}CJK-{'Bold' if bold else 'Regular'}.ttc"
    return ImageFont.truetype(str(font_path(name)), size, index=SIMPLIFIED)
