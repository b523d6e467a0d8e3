"""An application form that was filled in and signed on a phone, as PDF: A4, a table of what was filled in, and the signature
as it was drawn, in black on white, without the empty margin around it.

Lines of ink are drawn from the points of the finger: no picture from outside is opened. The digest at the foot is that of
the record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from fpdf import FPDF

from workers.faces import Printer
from workers.paper import broken

INK, GREY = (20, 20, 20), (110, 110, 110)
LEFT_MM, TOP_MM, WIDE_MM = 24, 26, 162
LABEL_MM, ROW_MM = 44, 12
SIGNED_MM = (56.0, 24.0)
PEN_MM = 0.7
FRAME = 2.0
"""Width to height of the frame that was signed in."""
DECLARED = "本人承诺：以上所填内容真实、准确，由本人在手机上填写、核对并签名。"

Stroke = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Form:
    title: str
    office: str
    case_number: str
    rows: tuple[tuple[str, str], ...]
    strokes: tuple[Stroke, ...]
    signed_on: date
    digest: str


def draw_form(form: Form) -> bytes:
    """The PDF. Raises `FontMissing`."""
    return _printer().print(_sheet, lambda pdf: _filled(pdf, form))


@cache
def _printer() -> Printer:
    return Printer("Serif", {"": "NotoSerifCJK-Regular.ttc", "B": "NotoSerifCJK-Bold.ttc"})


def _sheet() -> FPDF:
    pdf = FPDF(format="A4")
    pdf.set_margins(LEFT_MM, TOP_MM, LEFT_MM)
    pdf.set_auto_page_break(False)
    pdf.set_lang("zh-CN")
    return pdf


def _filled(pdf: FPDF, form: Form) -> None:
    pdf.add_page()
    pdf.set_text_color(*INK)
    pdf.set_draw_color(*INK)
    pdf.set_y(TOP_MM)
    pdf.set_font("Serif", "B", 20)
    pdf.cell(0, 14, form.title, align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("Serif", "", 11)
    pdf.cell(0, 9, f"受理单位：{form.office}", new_x="LMARGIN", new_y="NEXT")
    for label, value in form.rows:
        _row(pdf, label, value)
    pdf.set_y(pdf.get_y() + 8)
    _lines(pdf, DECLARED)
    _signed(pdf, form)
    _foot(pdf, form)


def _row(pdf: FPDF, label: str, value: str) -> None:
    """As high as the value needs."""
    pdf.set_font("Serif", "", 12)
    lines = broken(value, WIDE_MM - LABEL_MM - 8, pdf.get_string_width)
    high, x, y = max(ROW_MM, 7 * len(lines) + 5), pdf.l_margin, pdf.get_y()
    pdf.rect(x, y, LABEL_MM, high)
    pdf.rect(x + LABEL_MM, y, WIDE_MM - LABEL_MM, high)
    pdf.set_xy(x, y)
    pdf.cell(LABEL_MM, high, label, align="C")
    for place, line in enumerate(lines):
        pdf.set_xy(x + LABEL_MM + 4, y + (high - 7 * len(lines)) / 2 + 7 * place)
        pdf.cell(0, 7, line)
    pdf.set_xy(x, y + high)


def _lines(pdf: FPDF, text: str) -> None:
    pdf.set_font("Serif", "", 12)
    for line in broken(text, WIDE_MM, pdf.get_string_width):
        pdf.cell(0, 8, line, new_x="LMARGIN", new_y="NEXT")


def _signed(pdf: FPDF, form: Form) -> None:
    y = pdf.get_y() + 10
    wide, high = SIGNED_MM
    pdf.set_font("Serif", "", 12)
    pdf.set_xy(LEFT_MM + 40, y + high / 2 - 4)
    pdf.cell(30, 8, "申请人签名：")
    _ink(pdf, form.strokes, LEFT_MM + 72, y)
    pdf.line(LEFT_MM + 70, y + high + 1, LEFT_MM + 74 + wide, y + high + 1)
    pdf.set_xy(LEFT_MM + 40, y + high + 5)
    pdf.cell(0, 8, f"签名日期：{form.signed_on.year}年{form.signed_on.month}月{form.signed_on.day}日")


def _ink(pdf: FPDF, strokes: Sequence[Stroke], left: float, top: float) -> None:
    """The drawing, as large as its place allows, its proportions kept."""
    points = [(x * FRAME, y) for stroke in strokes for x, y in stroke]
    x0, y0 = min(x for x, _ in points), min(y for _, y in points)
    across, down = max(x for x, _ in points) - x0, max(y for _, y in points) - y0
    scale = min(SIGNED_MM[0] / max(across, 0.01), SIGNED_MM[1] / max(down, 0.01))
    pdf.set_line_width(PEN_MM)
    for stroke in strokes:
        placed = [(left + (x * FRAME - x0) * scale, top + (y - y0) * scale) for x, y in stroke]
        pdf.polyline(placed if len(placed) > 1 else [placed[0], (placed[0][0] + PEN_MM, placed[0][1])])
    pdf.set_line_width(0.2)


def _foot(pdf: FPDF, form: Form) -> None:
    pdf.set_text_color(*GREY)
    pdf.set_font("Serif", "", 8)
    pdf.set_xy(LEFT_MM, 280)
    pdf.cell(0, 4, f"办件编号 {form.case_number}", new_x="LMARGIN", new_y="NEXT")
    pdf.cell(0, 4, f"SHA-256 {form.digest}")
