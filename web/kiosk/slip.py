"""A receipt on a roll of 80 mm as PDF, made without opening a font: the printer's computer has Chinese faces, since it
shows the page. Text stands in `STSong-Light` (Adobe-GB1, ISO 32000-1, 9.7.5.2), which every reader of PDF knows.

Pure: lines and a code's modules in, bytes out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

POINT = 72 / 25.4
WIDTH_MM, MARGIN_MM = 80.0, 5.0
PRINTED_MM = WIDTH_MM - 2 * MARGIN_MM
LINE = 1.45
"""Line pitch, of the size of the letters."""
GAP_MM = 2.0
QUIET = 4
"""ISO/IEC 18004: modules of white around a code."""
CODE_MM = 42.0
NEVER_FIRST = "，。、；：？！）》”’"
"""Hangs over the edge of the text rather than beginning a line; the margin has room for it."""


@dataclass(frozen=True)
class Line:
    text: str
    points: float = 10
    middle: bool = False


@dataclass(frozen=True)
class Slip:
    """`code`: the modules of a QR code, row by row, true where dark."""

    head: Sequence[Line]
    code: Sequence[Sequence[bool]]
    foot: Sequence[Line]


def draw(slip: Slip) -> bytes:
    head, foot = _broken(slip.head), _broken(slip.foot)
    height = _tall(head) + _tall(foot) + (CODE_MM + 4 * GAP_MM + 2 * MARGIN_MM) * POINT
    top = height - MARGIN_MM * POINT
    below = top - _tall(head) - GAP_MM * POINT
    drawn = [*_texts(head, top), *_modules(slip.code, below), *_texts(foot, below - (CODE_MM + GAP_MM) * POINT)]
    return _file("\n".join(drawn).encode("ascii"), height)


def _wide(text: str, points: float) -> float:
    return sum(points * (0.5 if c.isascii() else 1.0) for c in text)


def _broken(lines: Sequence[Line]) -> list[Line]:
    """Long lines in several."""
    made: list[Line] = []
    for line in lines:
        row = ""
        for char in line.text:
            if _wide(row + char, line.points) > PRINTED_MM * POINT and char not in NEVER_FIRST:
                made.append(Line(row, line.points, line.middle))
                row = ""
            row += char
        made.append(Line(row, line.points, line.middle))
    return made


def _tall(lines: Sequence[Line]) -> float:
    return sum(line.points * LINE for line in lines)


def _texts(lines: Sequence[Line], top: float) -> list[str]:
    drawn, y = [], top
    for line in lines:
        y -= line.points * LINE
        indent = (PRINTED_MM * POINT - _wide(line.text, line.points)) / 2 if line.middle else 0
        x = MARGIN_MM * POINT + indent
        drawn.append(f"BT /F {line.points:g} Tf {x:.2f} {y:.2f} Td <{line.text.encode('utf-16-be').hex()}> Tj ET")
    return drawn


def _modules(code: Sequence[Sequence[bool]], top: float) -> list[str]:
    side = CODE_MM * POINT / (len(code) + 2 * QUIET)
    left, up = (WIDTH_MM - CODE_MM) / 2 * POINT + QUIET * side, top - QUIET * side
    dark = ((x, y) for y, row in enumerate(code) for x, black in enumerate(row) if black)
    return [f"{left + x * side:.3f} {up - (y + 1) * side:.3f} {side:.3f} {side:.3f} re f" for x, y in dark]


def _file(content: bytes, height: float) -> bytes:
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH_MM * POINT:.2f} {height:.2f}] /Contents 4 0 R "
        "/Resources << /Font << /F 5 0 R >> >> >>".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [6 0 R] >>",
        # CIDs 1 to 95 of Adobe-GB1 are the ASCII letters; half an em each, as on a till
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 7 0 R /DW 1000 "
        b"/W [1 95 500 814 939 500] /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
        b"/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    )
    made, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(made + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table))
