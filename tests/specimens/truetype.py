"""A few characters of Noto CJK as a TrueType font, for PDFs whose text every reader finds.

Noto CJK has PostScript outlines keyed by CID; fpdf2 then writes an encoding of its own, which pdfium and poppler follow
and pdfminer (so pdfplumber) does not: it sees an empty page. With TrueType outlines the encoding is the plain Identity-H.
"""

from functools import lru_cache
from io import BytesIO

from fontTools.pens.cu2quPen import Cu2QuPen  # type: ignore[import-untyped]  # ships no types
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]  # ships no types
from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]  # ships no types
from fontTools.ttLib import TTFont, newTable  # type: ignore[import-untyped]  # ships no types

from tests.specimens.fonts import SIMPLIFIED, font_path

MAX_ERROR = 1.0
"""How far a curve may move, in thousandths of an em."""


LAYOUT_TABLES = {"GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx"}


@lru_cache(maxsize=64)
def truetype_font(characters: str) -> bytes:
    """A TrueType font file that has just `characters`."""
    face = TTFont(font_path("NotoSansCJK-Regular.ttc"), fontNumber=SIMPLIFIED, recalcTimestamp=False)
    for table in LAYOUT_TABLES & set(face.keys()):
        del face[table]  # before they are parsed: it takes longer than all the rest
    subsetter = Subsetter(Options(layout_features=[]))
    subsetter.populate(text=characters + " ")
    subsetter.subset(face)
    _replace_outlines(face)
    out = BytesIO()
    face.save(out)
    return out.getvalue()


def _replace_outlines(face: TTFont) -> None:
    glyphs = face.getGlyphSet()
    order = face.getGlyphOrder()
    drawn = {}
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, MAX_ERROR, reverse_direction=True))
        drawn[name] = pen.glyph()
    del face["CFF "]
    face.sfntVersion = "\x00\x01\x00\x00"
    face["loca"] = newTable("loca")
    face["glyf"] = glyf = newTable("glyf")
    glyf.glyphOrder, glyf.glyphs = order, drawn
    face["post"].formatType = 3.0
    _true_type_limits(face)


def _true_type_limits(face: TTFont) -> None:
    maxp = face["maxp"]
    maxp.tableVersion = 0x00010000
    for limit in [
        "maxTwilightPoints",
        "maxStorage",
        "maxFunctionDefs",
        "maxInstructionDefs",
        "maxStackElements",
        "maxSizeOfInstructions",
        "maxComponentElements",
        "maxComponentDepth",
        "maxPoints",
        "maxContours",
        "maxCompositePoints",
        "maxCompositeContours",
    ]:
        setattr(maxp, limit, 0)
    maxp.maxZones = 1
