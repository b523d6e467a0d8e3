"""A notice or receipt as PDF: A4, upright, as an office prints it. The content comes from `cases.documents`.

Pure but for the font files of Noto CJK (Debian: fonts-noto-cjk). The place of the seal is drawn and left empty: an
electronic seal is put there by whoever keeps it. The code in the corner leads to the public page where anybody who
holds the paper can verify it; without one, as on what is no letter of the office, it holds the case number.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from urllib.parse import urlsplit

import segno
from fpdf import FPDF

from cases.documents import in_fours
from workers.faces import Printer

INK, RED, GREY = (20, 20, 20), (200, 22, 29), (120, 120, 120)
# 党政机关公文格式 (GB/T 9704-2012): margins 37, 28, 26 mm; body 三号 (16 pt), line pitch 28.95 pt; title 二号 (22 pt)
TOP_MM, LEFT_MM, RIGHT_MM = 37, 28, 26
BODY_PT, TITLE_PT, SMALL_PT, OFFICE_PT = 16, 22, 10, 28
LINE_MM = 10.2
SEAL_MM = 40
CODE_MM = 17
NEVER_FIRST, NEVER_LAST = "，。、；：？！）》”’】〉…", "（《“‘【〈"
_TOKENS = re.compile(r"[0-9A-Za-z.:/-]+|.", re.DOTALL)
INDENT = "\u3000\u3000"


@dataclass(frozen=True)
class Paper:
    """`paragraphs`: the first, when it ends with a colon, is the addressee and stands at the margin. `reference`: 文号.
    `code`: by which it is verified, at the address `link`."""

    title: str
    number: str
    office: str
    day: date
    paragraphs: tuple[str, ...]
    case_number: str
    reference: str = ""
    code: str = ""
    link: str = ""


def draw(paper: Paper) -> bytes:
    """The PDF. Raises `FontMissing`."""
    return _printer().print(lambda: _sheet(paper), lambda pdf: _filled(pdf, paper))


@cache
def _printer() -> Printer:
    return Printer("Serif", {"": "NotoSerifCJK-Regular.ttc", "B": "NotoSerifCJK-Bold.ttc"})


def _filled(pdf: FPDF, paper: Paper) -> None:
    pdf.add_page()
    _head(pdf, paper)
    _body(pdf, paper)
    _signed(pdf, paper)


def _sheet(paper: Paper) -> FPDF:
    pdf = _Sheet(paper)
    pdf.set_margins(LEFT_MM, TOP_MM, RIGHT_MM)
    pdf.set_auto_page_break(True, margin=35)
    pdf.set_title(f"{paper.title} {paper.number}")
    pdf.set_lang("zh-CN")
    return pdf


class _Sheet(FPDF):
    """A4 with the code and the number at the foot of every page."""

    def __init__(self, paper: Paper) -> None:
        super().__init__(format="A4")
        self._paper = paper
        self._code = _code(paper.link or paper.case_number)

    def footer(self) -> None:
        y = self.h - 32
        self.set_draw_color(*GREY)
        self.line(LEFT_MM, y, self.w - RIGHT_MM, y)
        self.image(io.BytesIO(self._code), LEFT_MM - 1.5, y + 2, CODE_MM, CODE_MM)
        self.set_font("Serif", "", SMALL_PT - 1)
        self.set_text_color(*GREY)
        self.set_xy(LEFT_MM + CODE_MM + 2, y + 3)
        for line in self._told():
            self.cell(0, 5, line, new_x="LEFT", new_y="NEXT")
        self.set_xy(LEFT_MM, y + 5)
        self.cell(0, 5, f"第 {self.page_no()} 页 共 {{nb}} 页", align="R")

    def _told(self) -> tuple[str, ...]:
        """Who only has the paper types the code; who has a phone scans it."""
        paper = self._paper
        numbers = f"办件编号 {paper.case_number}"
        if not paper.code:
            return (numbers, "本文书由系统依办件记录生成。")
        where = urlsplit(paper.link).netloc
        return (
            f"{numbers}　文书编号 {paper.number.removeprefix(paper.case_number + '-')}",
            f"查验码 {in_fours(paper.code)}",
            f"扫描二维码，或在 {where}/v 输入查验码，可核验真伪。" if where else "扫描二维码可核验真伪。",
        )


def _head(pdf: FPDF, paper: Paper) -> None:
    """GB/T 9704: the office in red, the reference under it, a red line, then the title."""
    pdf.set_y(20)
    pdf.set_text_color(*RED)
    pdf.set_font("Serif", "B", _fitting(pdf, paper.office))
    pdf.cell(0, 14, paper.office, align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.set_text_color(*INK)
    pdf.set_font("Serif", "", 14)
    pdf.cell(0, 9, paper.reference or f"编号：{paper.number}", align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.set_draw_color(*RED)
    pdf.set_line_width(0.8)
    pdf.line(LEFT_MM, pdf.get_y() + 2, pdf.w - RIGHT_MM, pdf.get_y() + 2)
    pdf.set_line_width(0.2)
    pdf.set_y(pdf.get_y() + 11)
    pdf.set_font("Serif", "B", TITLE_PT)
    pdf.cell(0, 12, paper.title, align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(5)


def _fitting(pdf: FPDF, office: str) -> float:
    """As large as the line holds, at most 28 pt: some offices have long names."""
    pdf.set_font("Serif", "B", OFFICE_PT)
    return min(float(OFFICE_PT), OFFICE_PT * pdf.epw / max(pdf.get_string_width(office), 1.0))


def _body(pdf: FPDF, paper: Paper) -> None:
    pdf.set_font("Serif", "", BODY_PT)
    first, *rest = paper.paragraphs or ("",)
    addressed = first.rstrip().endswith("：")
    for text in ([first] if addressed else [INDENT + first]) + [INDENT + p for p in rest]:
        for line in broken(text, pdf.epw, pdf.get_string_width):
            pdf.cell(0, LINE_MM, line, new_x="LMARGIN", new_y="NEXT")


def broken(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Lines as Chinese is set: none begins with closing punctuation or ends with an opening one, numbers stay whole."""
    lines, line = list[str](), list[str]()
    for token in _TOKENS.findall(text):
        if line and measure("".join(line) + token) > width:
            carried = [token]
            while len(line) > 1 and (carried[0][0] in NEVER_FIRST or line[-1] in NEVER_LAST):
                carried.insert(0, line.pop())
            lines.append("".join(line))
            line = carried
        else:
            line.append(token)
    return [*lines, "".join(line)]


def _signed(pdf: FPDF, paper: Paper) -> None:
    """Office and day at the right, with the circle where the seal goes; all on one page."""
    if pdf.will_page_break(SEAL_MM + 12):
        pdf.add_page()
    pdf.ln(10)
    width = max(pdf.get_string_width(paper.office), pdf.get_string_width("2026年12月31日")) + 6
    left, top = pdf.w - RIGHT_MM - width, pdf.get_y() + 8
    centre = left + width / 2
    pdf.set_draw_color(*RED)
    pdf.set_dash_pattern(1.2, 1.2)
    pdf.ellipse(centre - SEAL_MM / 2, top + LINE_MM - SEAL_MM / 2, SEAL_MM, SEAL_MM)
    pdf.set_dash_pattern()
    for text in (paper.office, f"{paper.day.year}年{paper.day.month}月{paper.day.day}日"):
        pdf.set_xy(left, top)
        pdf.cell(width, LINE_MM, text, align="C")
        top += LINE_MM
    pdf.set_font("Serif", "", SMALL_PT)
    pdf.set_text_color(*RED)
    pdf.set_xy(centre - 15, top + 1)
    pdf.cell(30, 5, "（电子印章处）", align="C")


def _code(text: str) -> bytes:
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=6, border=2)
    return out.getvalue()
