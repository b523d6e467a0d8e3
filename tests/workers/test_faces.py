"""The small faces that papers are drawn with: nothing that the whole face has is ever missing."""

import logging

import pypdfium2
import pytest
from fpdf import FPDF

from workers.faces import Printer

SERIF = {"": "NotoSerifCJK-Regular.ttc"}


def printed(printer: Printer, text: str) -> str:
    def write(pdf: FPDF) -> None:
        pdf.add_page()
        pdf.set_font("Serif", "", 12)
        pdf.multi_cell(0, 8, text)

    document = pypdfium2.PdfDocument(printer.print(FPDF, write))
    return "".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "")


def test_characters_never_seen_before_are_printed(caplog: pytest.LogCaptureFixture) -> None:
    printer = Printer("Serif", SERIF)
    with caplog.at_level(logging.WARNING):
        for text in ("居民身份证", "㐂龘仝 堃 No. 7", "居民身份证"):
            assert printed(printer, text) == text
    assert "missing" not in caplog.text


@pytest.mark.thorough
def test_a_face_that_grew_too_large_begins_anew_and_lacks_nothing() -> None:
    printer = Printer("Serif", SERIF, at_most=150)
    first, second = "".join(map(chr, range(0x4E00, 0x4E14))), "".join(map(chr, range(0x5200, 0x5214)))
    assert [printed(printer, text) for text in (first, first[:3] + second, first)] == [first, first[:3] + second, first]
