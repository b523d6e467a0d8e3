"""The faces that papers are printed in, cut down once and used again.

A face of Noto CJK has some forty thousand characters; opening and cutting it down is four fifths of the time that a
paper takes. Papers use the same few hundred characters again and again, so a process keeps a small face of those that
it has needed. A paper is drawn with it, and if a character was missing, the small face grows by it and the paper is drawn
once more: what comes out never lacks a character that the whole face has.
"""

import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from fontTools import subset  # type: ignore[import-untyped]  # it has no stubs
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from fpdf import FPDF
from fpdf.fonts import TTFFont

FONT_FOLDERS = (Path("/usr/share/fonts/opentype/noto"), Path("/usr/share/fonts/noto-cjk"), Path.home() / ".fonts")
SIMPLIFIED = 2
"""Which face of the collection is the simplified Chinese one (JP, KR, SC, TC, HK)."""
ONE_AT_A_TIME = threading.Lock()
"""Four at once take four times as long each, and four times the memory."""
AT_MOST = 1500
"""Characters of a small face. Growing takes the longer the larger it is; past this it begins anew."""
_ALWAYS = frozenset(map(chr, range(32, 127))) | frozenset(
    "办件编号一式两份，一份随件，申请人留存第页共扫描二维码可得本文书由系统依记录生成。或在输入查验核真伪\u3000"
)
"""Letters and digits, and what stands at the foot of a page, which is drawn when it is too late to grow."""
_ROUNDS = 2
"""One to grow; another where that began anew and lost what the paper had."""
_UNUSED = ["GPOS", "GSUB", "GDEF", "BASE", "vmtx", "vhea", "VORG"]


class FontMissing(Exception):
    def __init__(self, name: str) -> None:
        super().__init__(f"font {name} not found; install it with: apt-get install fonts-noto-cjk")


@cache
def font_file(name: str) -> Path:
    """Raises `FontMissing`."""
    found = next((folder / name for folder in FONT_FOLDERS if (folder / name).is_file()), None)
    if found is None:
        raise FontMissing(name)
    return found


@dataclass
class _Small:
    """One face as far as it was needed."""

    name: str
    folder: Path
    at_most: int
    has: frozenset[str] = field(default_factory=frozenset)

    @property
    def path(self) -> Path:
        return self.folder / self.name.replace(".ttc", ".otf")

    def grow(self, wanted: frozenset[str]) -> None:
        together = self.has | wanted | _ALWAYS
        self.has = together if len(together) <= self.at_most else wanted | _ALWAYS
        cut_down(font_file(self.name), self.has, self.path)


def cut_down(whole: Path, characters: frozenset[str], to: Path) -> None:
    """A face with these characters and no hints, which print at 300 dpi has no use for."""
    options = subset.Options(notdef_outline=True, hinting=False, layout_features=[], name_IDs=[1, 2, 6])
    options.drop_tables += _UNUSED
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=map(ord, characters))
    with TTFont(whole, fontNumber=SIMPLIFIED, lazy=True, recalcBBoxes=False, recalcTimestamp=False) as font:
        cutter.subset(font)
        font.save(to)


Faces = Mapping[str, str]
"""Style (empty, or B) → file name."""
Draw = Callable[[FPDF], None]


class Printer:
    """Draws papers in one family of faces. One paper at a time in a process, whoever prints."""

    def __init__(self, family: str, faces: Faces, at_most: int = AT_MOST) -> None:
        self._family = family
        self._folder = tempfile.TemporaryDirectory(prefix="zerotrip-faces-")
        folder = Path(self._folder.name)
        self._small = {style: _Small(name, folder, at_most) for style, name in faces.items()}

    def print(self, sheet: Callable[[], FPDF], draw: Draw) -> bytes:
        """`sheet` makes an empty document, `draw` fills it; both may be called again. Raises `FontMissing`."""
        with ONE_AT_A_TIME:
            for small in self._small.values():
                if not small.has:
                    small.grow(_ALWAYS)
            pdf = self._drawn(sheet, draw)
            wanted: dict[str, frozenset[str]] = {style: frozenset() for style in self._small}
            for _ in range(_ROUNDS):
                if not self._grown(pdf, wanted):
                    break
                pdf = self._drawn(sheet, draw)
            return bytes(pdf.output())

    def _drawn(self, sheet: Callable[[], FPDF], draw: Draw) -> FPDF:
        pdf = sheet()
        for style, small in self._small.items():
            pdf.add_font(self._family, style, small.path)
        draw(pdf)
        return pdf

    def _grown(self, pdf: FPDF, wanted: dict[str, frozenset[str]]) -> bool:
        """Whether anything was missing, which is there by now. `wanted`: all that this paper was found to lack."""
        grew = False
        for style, small in self._small.items():
            missing = self._missing(pdf, style) - small.has
            wanted[style] |= missing
            if missing:
                small.grow(wanted[style])
                grew = True
        return grew

    def _missing(self, pdf: FPDF, style: str) -> frozenset[str]:
        face = pdf.fonts[self._family.lower() + style]
        return frozenset(map(chr, face.missing_glyphs)) if isinstance(face, TTFFont) else frozenset()
