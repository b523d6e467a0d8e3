"""What is printed for an envelope: its label (100 × 150 mm) with a sheet of small labels for the papers, and the
manifest 交接清单 that lies inside and is signed at every change of hands.

A code holds the label's opaque number and nothing else; no name, number or address stands on the outside. One face per
paper is cut down (`workers.faces`); what is bold is outlined.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import segno
from fpdf import FPDF
from PIL import Image

from cases.deadlines import BEIJING
from cases.labels import grouped
from workers.faces import Printer
from workers.paper import broken

BLACK, WHITE, GREY, PALE = (0, 0, 0), (255, 255, 255), (110, 110, 110), (238, 238, 238)
PARCEL_MM = (100, 150)
"""What every thermal printer of a post office takes."""
# a common sheet of 24 labels, 63.5 × 33.9 mm on A4
COLUMNS, ROWS = 3, 8
SMALL_MM, PITCH_MM, CORNER_MM = (63.5, 33.9), (66.0, 33.9), (7.2, 12.9)
QUIET = 4
"""ISO/IEC 18004: four modules of white around a code."""
PHOTO_PX = 900
"""Of the longer side: 80 mm at nearly 300 dpi."""


@dataclass(frozen=True)
class Line:
    """One paper, as it stands on the manifest."""

    name: str
    copies: int
    use: str
    condition: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class Envelope:
    label: str
    heading: str
    """取件 or 送达, and where to"""
    bound_for: str
    lines: tuple[Line, ...]
    seal: str | None
    waybill: str | None
    packed_at: datetime | None


@dataclass(frozen=True)
class Manifest:
    envelope: Envelope
    number: str
    case_number: str
    item: str
    applicant: str
    office: str
    hands: tuple[str, ...]
    """Through whose hands it goes, in order."""
    photo: bytes | None = None
    """A JPEG of our own making."""


def draw_labels(envelope: Envelope) -> bytes:
    """Page one for the envelope, then sheets of small labels. Raises `FontMissing`."""
    return _printer("NotoSansCJK-Bold.ttc").print(
        lambda: _sheet(f"原件寄递标签 {envelope.label}"), lambda pdf: _all_labels(pdf, envelope)
    )


def _all_labels(pdf: FPDF, envelope: Envelope) -> None:
    _parcel_label(pdf, envelope)
    per_sheet = COLUMNS * ROWS
    for start in range(0, len(envelope.lines), per_sheet):
        _sheet_of_labels(pdf, envelope.lines[start : start + per_sheet])


def draw_manifest(manifest: Manifest) -> bytes:
    """A4, as many pages as the papers need. Raises `FontMissing`."""
    return _printer("NotoSerifCJK-Regular.ttc").print(
        lambda: _sheet(f"原件交接清单 {manifest.number}", _manifest_foot(manifest)),
        lambda pdf: _whole_manifest(pdf, manifest),
    )


def _whole_manifest(pdf: FPDF, manifest: Manifest) -> None:
    pdf.set_margins(20, 20, 20)
    pdf.set_auto_page_break(True, margin=22)
    pdf.add_page()
    _manifest_head(pdf, manifest)
    _manifest_table(pdf, manifest.envelope.lines)
    _manifest_photo(pdf, manifest.photo)
    _manifest_hands(pdf, manifest.hands)


# ── the pen ──

Foot = Callable[[FPDF], None]


class _Pdf(FPDF):
    """With what stands at the foot of every page."""

    def __init__(self, foot: Foot | None) -> None:
        super().__init__(format="A4")
        self._foot = foot

    def footer(self) -> None:
        if self._foot is not None:
            self._foot(self)


@cache
def _printer(face: str) -> Printer:
    return Printer("Face", {"": face})


def _sheet(title: str, foot: Foot | None = None) -> FPDF:
    pdf = _Pdf(foot)
    pdf.set_auto_page_break(False)
    pdf.set_title(title)
    pdf.set_lang("zh-CN")
    return pdf


def _ink(pdf: FPDF, points: float, colour: tuple[int, int, int] = BLACK) -> None:
    pdf.set_font("Face", "", points)
    pdf.set_text_color(*colour)


@dataclass(frozen=True)
class _Box:
    x: float
    y: float
    w: float
    h: float


def _text(pdf: FPDF, box: _Box, text: str, align: str = "L") -> None:
    pdf.set_xy(box.x, box.y)
    pdf.cell(box.w, box.h, text, align=align)


def _bold(pdf: FPDF, box: _Box, text: str, align: str = "L") -> None:
    """The same face with a thin outline: a second face would double the time."""
    pdf.set_draw_color(*BLACK)
    with pdf.local_context(text_mode="FILL_STROKE", line_width=pdf.font_size_pt * 0.008):
        _text(pdf, box, text, align)


def _fitted(pdf: FPDF, text: str, width: float, most: int) -> list[str]:
    """At most so many lines; what does not fit ends with an ellipsis."""
    lines = broken(text, width, pdf.get_string_width)
    if len(lines) <= most:
        return lines
    last = "".join(lines[most - 1 :])
    while last and pdf.get_string_width(last + "…") > width:
        last = last[:-1]
    return [*lines[: most - 1], last + "…"]


def draw_code(pdf: FPDF, text: str, box: _Box) -> None:
    """A QR code as rectangles, sharp at any size, its quiet zone inside the box."""
    matrix = segno.make(text, error="q", micro=False, boost_error=False).matrix
    module = box.w / (len(matrix) + 2 * QUIET)
    pdf.set_fill_color(*WHITE)
    pdf.rect(box.x, box.y, box.w, box.w, style="F")
    pdf.set_fill_color(*BLACK)
    for row, cells in enumerate(matrix):
        for start, length in _runs(cells):
            x, y = box.x + (start + QUIET) * module, box.y + (row + QUIET) * module
            # a hair more than the module, so that no printer leaves white between two rows
            pdf.rect(x, y, length * module, module * 1.02, style="F")


def _runs(cells: Sequence[int]) -> list[tuple[int, int]]:
    """Dark stretches of a row: where each begins and how long it is."""
    runs: list[tuple[int, int]] = []
    for i, dark in enumerate(cells):
        if dark and i and cells[i - 1]:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif dark:
            runs.append((i, 1))
    return runs


# ── the envelope's label ──


def _parcel_label(pdf: FPDF, envelope: Envelope) -> None:
    pdf.add_page(format=PARCEL_MM)
    pdf.set_fill_color(*BLACK)
    pdf.rect(0, 0, 100, 17, style="F")
    _ink(pdf, 20, WHITE)
    _text(pdf, _Box(5, 0, 90, 17), "政务服务原件")
    _ink(pdf, 15, WHITE)
    _text(pdf, _Box(5, 0, 90, 17), envelope.heading, "R")
    _bound_for(pdf, envelope)
    draw_code(pdf, envelope.label, _Box(22, 37, 56, 56))
    _ink(pdf, 15)
    _text(pdf, _Box(0, 92, 100, 7), grouped(envelope.label), "C")
    _facts(pdf, envelope)
    _warnings(pdf)


def _bound_for(pdf: FPDF, envelope: Envelope) -> None:
    _ink(pdf, 9, GREY)
    _text(pdf, _Box(5, 19, 20, 5), "寄达")
    _ink(pdf, 15)
    for i, line in enumerate(_fitted(pdf, envelope.bound_for, 88, 2)):
        _text(pdf, _Box(5, 24 + 7 * i, 90, 7), line)


def _facts(pdf: FPDF, envelope: Envelope) -> None:
    """Three cells in a row: how many papers, under which seal, with which waybill."""
    copies = sum(line.copies for line in envelope.lines)
    cells = (
        ("内装原件", f"{len(envelope.lines)}件 {copies}份", 27.0),
        ("封签号", envelope.seal or "未登记", 31.0),
        ("运单号", envelope.waybill or "—", 32.0),
    )
    x = 5.0
    for name, value, width in cells:
        pdf.set_draw_color(*BLACK)
        pdf.set_line_width(0.3)
        pdf.rect(x, 102, width, 15)
        _ink(pdf, 8, GREY)
        _text(pdf, _Box(x + 1, 102.5, width, 5), name)
        _shrunk(pdf, value, width - 3, 12)
        _text(pdf, _Box(x + 1, 108, width - 2, 8), value)
        x += width


def _shrunk(pdf: FPDF, text: str, width: float, points: float) -> None:
    """The largest size at which the text fits, not under five points."""
    _ink(pdf, points)
    while points > 5 and pdf.get_string_width(text) > width:
        points -= 0.5
        _ink(pdf, points)


def _warnings(pdf: FPDF) -> None:
    pdf.set_draw_color(*GREY)
    pdf.set_dash_pattern(1.5, 1.2)
    pdf.rect(5, 120, 40, 24)
    pdf.set_dash_pattern()
    _ink(pdf, 10, GREY)
    _text(pdf, _Box(5, 120, 40, 24), "封签粘贴处", "C")
    _ink(pdf, 11)
    for i, line in enumerate(("请勿折叠 · 防水防压", "收件先核对封签号", "封签破损请当场拒收")):
        _text(pdf, _Box(48, 120.5 + 6 * i, 50, 6), line)
    _ink(pdf, 7, GREY)
    _text(pdf, _Box(48, 139.5, 50, 4), "编码不含个人信息，仅供交接扫描")


# ── small labels ──


def _sheet_of_labels(pdf: FPDF, lines: Sequence[Line]) -> None:
    pdf.add_page(format="A4")
    _ink(pdf, 9, GREY)
    _text(pdf, _Box(7.2, 4, 195, 6), "原件标签：沿虚线剪下，贴在装原件的透明文件袋上，请勿贴在证件上。")
    for i, line in enumerate(lines):
        x = CORNER_MM[0] + PITCH_MM[0] * (i % COLUMNS)
        y = CORNER_MM[1] + PITCH_MM[1] * (i // COLUMNS)
        _small_label(pdf, line, _Box(x, y, *SMALL_MM))


def _small_label(pdf: FPDF, line: Line, box: _Box) -> None:
    pdf.set_draw_color(*GREY)
    pdf.set_line_width(0.1)
    pdf.set_dash_pattern(0.8, 0.8)
    pdf.rect(box.x, box.y, box.w, box.h)
    pdf.set_dash_pattern()
    draw_code(pdf, line.label, _Box(box.x + 0.5, box.y + 1, 27, 27))
    left, width = box.x + 28, box.w - 29.5
    _ink(pdf, 10.5)
    named = _fitted(pdf, line.name, width, 3)
    for i, text in enumerate(named):
        _text(pdf, _Box(left, box.y + 2.5 + 4.8 * i, width, 4.8), text)
    _ink(pdf, 8, GREY)
    _text(pdf, _Box(left, box.y + 3.5 + 4.8 * len(named), width, 4), f"{line.copies}份")
    _text(pdf, _Box(left, box.y + 7.5 + 4.8 * len(named), width, 4), line.use)
    _ink(pdf, 8.5)
    _text(pdf, _Box(box.x + 1, box.y + 28.2, box.w - 2, 4.5), grouped(line.label), "C")


# ── the manifest ──

_HEADS = ("序号", "原件名称", "份数", "用途", "封装时状况", "标签编码", "核对")
_WIDTHS = (11.0, 52.0, 11.0, 22.0, 22.0, 39.0, 13.0)


def _manifest_head(pdf: FPDF, manifest: Manifest) -> None:
    envelope = manifest.envelope
    _ink(pdf, 20)
    _bold(pdf, _Box(20, 18, 130, 12), "原件交接清单")
    _ink(pdf, 9, GREY)
    _text(pdf, _Box(20, 30, 130, 5), f"编号 {manifest.number}　{envelope.heading}")
    draw_code(pdf, envelope.label, _Box(159, 13, 32, 32))
    _text(pdf, _Box(150, 43.5, 50, 4), grouped(envelope.label), "C")
    facts = (
        ("办件编号", manifest.case_number, 0, 0, 52),
        ("申请人", manifest.applicant, 70, 0, 45),
        ("事项", manifest.item, 0, 1, 110),
        ("收件单位", manifest.office, 0, 2, 110),
        ("封签号", envelope.seal or "未登记", 0, 3, 52),
        ("封装时间", _minute(envelope.packed_at), 70, 3, 45),
    )
    for name, value, right, row, width in facts:
        x, y = 20 + right, 37 + 6 * row
        _ink(pdf, 9, GREY)
        _text(pdf, _Box(x, y, 18, 6), name)
        _shrunk(pdf, value, width, 10.5)
        _text(pdf, _Box(x + 17, y, width, 6), value)
    pdf.set_y(64)


def _minute(at: datetime | None) -> str:
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M") if at else "未登记"


def _manifest_table(pdf: FPDF, lines: Sequence[Line]) -> None:
    _table_head(pdf)
    for i, line in enumerate(lines, 1):
        _ink(pdf, 10)
        name = _fitted(pdf, line.name + (f"（{line.note}）" if line.note else ""), _WIDTHS[1] - 3, 3)
        height = max(9.0, 5.0 * len(name) + 3)
        if pdf.will_page_break(height):
            pdf.add_page()
            _table_head(pdf)
        cells = (str(i), name, str(line.copies), line.use, line.condition, grouped(line.label), "□")
        _table_row(pdf, cells, height)


def _table_head(pdf: FPDF) -> None:
    y = pdf.get_y()
    pdf.set_fill_color(*PALE)
    pdf.rect(20, y, sum(_WIDTHS), 8, style="F")
    _ink(pdf, 9.5)
    x = 20.0
    for head, width in zip(_HEADS, _WIDTHS, strict=True):
        _bold(pdf, _Box(x, y, width, 8), head, "C")
        x += width
    _lines_around(pdf, y, 8)


def _table_row(pdf: FPDF, cells: Sequence[str | list[str]], height: float) -> None:
    y, x = pdf.get_y(), 20.0
    for cell, width in zip(cells, _WIDTHS, strict=True):
        if isinstance(cell, list):
            _ink(pdf, 10)
            for i, text in enumerate(cell):
                top = y + (height - 5 * len(cell)) / 2 + 5 * i
                _text(pdf, _Box(x + 1, top, width - 2, 5), text)
        else:
            _shrunk(pdf, cell, width - 2.5, 10)
            _text(pdf, _Box(x, y, width, height), cell, "C")
        x += width
    _lines_around(pdf, y, height)


def _lines_around(pdf: FPDF, y: float, height: float) -> None:
    pdf.set_draw_color(*BLACK)
    pdf.set_line_width(0.2)
    x = 20.0
    for width in _WIDTHS:
        pdf.rect(x, y, width, height)
        x += width
    pdf.set_xy(20, y + height)


def _manifest_photo(pdf: FPDF, photo: bytes | None) -> None:
    if photo is None:
        return
    picture = _for_print(photo)
    width = min(80.0, 60.0 * picture.width / picture.height)
    height = width * picture.height / picture.width
    if pdf.will_page_break(height + 12):
        pdf.add_page()
    y = pdf.get_y() + 4
    _ink(pdf, 9, GREY)
    _text(pdf, _Box(20, y, 80, 5), "装袋照片")
    pdf.image(picture.data, 20, y + 5, width, height)
    pdf.set_xy(20, y + 5 + height)


@dataclass(frozen=True)
class _Picture:
    data: io.BytesIO
    width: int
    height: int


def _for_print(photo: bytes) -> _Picture:
    """As a JPEG, which goes into the paper as it is: unpacked it would be ten times the size and the work."""
    opened = Image.open(io.BytesIO(photo))
    opened.draft("RGB", (PHOTO_PX, PHOTO_PX))  # a JPEG is read no larger than needed
    picture = opened.convert("RGB")
    picture.thumbnail((PHOTO_PX, PHOTO_PX))
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=85)
    return _Picture(data, picture.width, picture.height)


def _manifest_hands(pdf: FPDF, hands: Sequence[str]) -> None:
    """One box for each change of hands, all on one page."""
    columns, width, height = 2, 83.0, 30.0
    rows = -(-len(hands) // columns)
    if pdf.will_page_break(rows * (height + 3) + 12):
        pdf.add_page()
    top = pdf.get_y() + 5
    _ink(pdf, 9, GREY)
    _text(pdf, _Box(20, top, 170, 5), "每次交接当面核对封签号；拆封时逐项核对，有出入的当场注明并联系窗口。")
    for i, hand in enumerate(hands):
        box = _Box(20 + (width + 4) * (i % columns), top + 7 + (height + 3) * (i // columns), width, height)
        _signature(pdf, box, hand)
    pdf.set_xy(20, top + 7 + rows * (height + 3))


def _signature(pdf: FPDF, box: _Box, hand: str) -> None:
    pdf.set_draw_color(*BLACK)
    pdf.set_line_width(0.2)
    pdf.rect(box.x, box.y, box.w, box.h)
    _ink(pdf, 10)
    _bold(pdf, _Box(box.x + 2, box.y + 1.5, box.w - 4, 6), hand)
    _ink(pdf, 9)
    _text(pdf, _Box(box.x + 2, box.y + 8.5, box.w - 4, 6), "封签　□完好　□破损　封签号")
    _text(pdf, _Box(box.x + 2, box.y + 15.5, box.w - 4, 6), "签名")
    _text(pdf, _Box(box.x + 2, box.y + 22.5, box.w - 4, 6), "时间　　　　年　　月　　日　　时　　分")


def _manifest_foot(manifest: Manifest) -> Foot:
    def foot(pdf: FPDF) -> None:
        _ink(pdf, 8, GREY)
        _text(pdf, _Box(20, pdf.h - 14, 120, 5), f"办件编号 {manifest.case_number}　一式两份，一份随件，一份申请人留存")
        _text(pdf, _Box(120, pdf.h - 14, 70, 5), f"第 {pdf.page_no()} 页 共 {{nb}} 页", "R")

    return foot
