"""PDF papers: with a real text layer, scanned (a picture only), under a password, and long ones.

Same arguments, same bytes, except under a password, where the file's key is drawn anew each time.
"""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from fpdf import FPDF
from fpdf.enums import AccessPermission
from PIL import Image

from tests.specimens.people import Person
from tests.specimens.truetype import truetype_font

FACE = "noto"
MADE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def text_pdf(title: str, rows: Sequence[tuple[str, str]], paragraphs: Sequence[str] = (), issuer: str = "") -> bytes:
    """A4 with a text layer: a title, a line for each label and value, paragraphs, the issuer."""
    pdf = _document("".join((title, issuer, *paragraphs, *(a + b for a, b in rows))))
    _heading(pdf, title)
    for label, value in rows:
        pdf.cell(45, 10, label, border=1)
        pdf.cell(0, 10, value, border=1, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(6)
    _paragraphs(pdf, paragraphs)
    if issuer:
        pdf.cell(0, 10, issuer, align="R", new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())


def photo_receipt(person: Person, number: str, issued_on: date) -> bytes:
    """广东省数字相片回执, of an invented number: what a photo studio gives for a card application."""
    return text_pdf("证件照片数字回执", receipt_rows(person, number, issued_on), RECEIPT_NOTES, "样本照相馆（样本）")


RECEIPT_NOTES = (
    "本回执由采集点生成，图像号与持证人一一对应，自签发之日起一年内有效。",
    "本页为样本，所载人员、号码均为虚构，不作任何证明之用。",
)


def receipt_rows(person: Person, number: str, issued_on: date) -> list[tuple[str, str]]:
    return [
        ("姓名", person.name),
        ("性别", person.sex),
        ("公民身份号码", person.id_number),
        ("图像号", number),
        ("签发日期", f"{issued_on:%Y-%m-%d}"),
        ("采集业务", "社会保障卡"),
    ]


def insurance_statement(person: Person, issued_on: date, months: int = 60) -> bytes:
    """个人参保证明: a table of `months` rows over several pages, for readers of long text."""
    head = [f"姓名：{person.name}", f"公民身份号码：{person.id_number}", f"打印日期：{issued_on:%Y-%m-%d}"]
    foot = "以上为样本，所载人员与数据均为虚构。"
    table = [_month(issued_on, back) for back in range(months)]
    pdf = _document("".join(("个人参保证明", *head, foot, *(text for row in table for text in row))))
    _heading(pdf, "个人参保证明")
    _paragraphs(pdf, head)
    for row in table:
        for text, width in zip(row, (35, 65, 35, 35), strict=True):
            pdf.cell(width, 9, text, border=1)
        pdf.ln()
    _paragraphs(pdf, [foot])
    return bytes(pdf.output())


def _month(last: date, back: int) -> tuple[str, str, str, str]:
    year, place = divmod(last.year * 12 + last.month - 1 - back, 12)
    return (f"{year}年{place + 1:02d}月", "城镇职工基本养老保险", "5284.00", "正常缴费")


CLAUSE = "乙方应当按照约定的用途使用该房屋，妥善保管房屋及其附属设施；因使用不当造成损坏的，应当负责修复或者赔偿。"


def lease(person: Person, pages: int = 3) -> bytes:
    """A text-heavy 房屋租赁合同 of `pages` pages."""
    tenant = f"承租人：{person.name}　公民身份号码：{person.id_number}"
    pdf = _document(f"房屋租赁合同（样本）第页条0123456789{tenant}{CLAUSE}")
    for page in range(pages):
        if page:
            pdf.add_page()
        _heading(pdf, f"房屋租赁合同（样本）第{page + 1}页")
        _paragraphs(pdf, [tenant, *(f"第{page * 12 + n + 1}条　{CLAUSE}" for n in range(12))])
    return bytes(pdf.output())


def scanned_pdf(*images: Image.Image) -> bytes:
    """Each image as one A4 page at 200 dpi, no text layer, as an office scanner writes it."""
    pdf = FPDF(format="A4")
    pdf.set_creation_date(MADE)
    for image in images:
        pdf.add_page()
        out = io.BytesIO()
        image.convert("RGB").save(out, "JPEG", quality=82)
        pdf.image(out, x=0, y=0, w=210, h=min(297.0, 210 * image.height / image.width))
    return bytes(pdf.output())


def password_pdf(person: Person, password: str = "sample123") -> bytes:
    """A one-page PDF that does not open without the password."""
    texts = [f"姓名：{person.name}", f"公民身份号码：{person.id_number}"]
    pdf = _document("".join(("个人参保证明", *texts)))
    pdf.set_encryption(owner_password=f"{password}-owner", user_password=password, permissions=AccessPermission.none())
    _heading(pdf, "个人参保证明")
    _paragraphs(pdf, texts)
    return bytes(pdf.output())


def _document(characters: str) -> FPDF:
    """An empty first page and a font that has `characters`."""
    pdf = FPDF(format="A4")
    pdf.set_creation_date(MADE)
    with TemporaryDirectory() as folder:  # fpdf2 takes fonts by path only, and keeps the file open
        path = Path(folder) / "specimen.ttf"
        path.write_bytes(truetype_font(characters))
        pdf.add_font(FACE, fname=path)
    pdf.add_page()
    pdf.set_font(FACE, size=12)
    return pdf


def _heading(pdf: FPDF, text: str) -> None:
    pdf.set_font(FACE, size=20)
    pdf.cell(0, 16, text, align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(4)
    pdf.set_font(FACE, size=12)


def _paragraphs(pdf: FPDF, texts: Sequence[str]) -> None:
    for text in texts:
        pdf.multi_cell(0, 8, text, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(3)
