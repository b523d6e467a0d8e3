"""PDF pages of the awkward sorts: fonts with a character map of their own, cards pasted among words, forms, signatures.

The words and people are invented; the files are made here, by fpdf2 or by hand. Same licence as the project.
"""

import io
import zlib
from collections.abc import Sequence
from pathlib import Path

from fpdf import FPDF
from PIL import Image

from tests.specimens.pdfs import MADE, text_pdf
from tests.specimens.people import Person

NOTO = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
SIMPLIFIED = 2


def outline_notice(paragraphs: Sequence[str]) -> bytes:
    """Set as the service sets its own notices: a CFF font by character ids, its map to Unicode beside it."""
    pdf = FPDF(format="A4")
    pdf.set_creation_date(MADE)
    pdf.add_font("noto", fname=NOTO, collection_font_number=SIMPLIFIED)
    pdf.add_page()
    pdf.set_font("noto", size=16)
    for text in paragraphs:
        pdf.multi_cell(0, 12, text, new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())


def with_pasted(person: Person, card: Image.Image, title: str = "身份证明材料粘贴单") -> bytes:
    """A page of words with a picture of a card on it, about a fifth of the sheet."""
    pdf = _opened(title, person)
    face = Image.new("RGB", card.size, "white")
    face.paste(card, (0, 0), card if card.mode == "RGBA" else None)
    pdf.image(face.resize((1012, 638)), x=40, y=110, w=110)
    return bytes(pdf.output())


def _opened(title: str, person: Person) -> FPDF:
    pdf = FPDF(format="A4")
    pdf.set_creation_date(MADE)
    pdf.add_font("noto", fname=NOTO, collection_font_number=SIMPLIFIED)
    pdf.add_page()
    pdf.set_font("noto", size=14)
    for text in (title, f"粘贴人：{person.name}", f"联系电话：{person.phone}", "请将证件复印件平整粘贴在下方框内。"):
        pdf.cell(0, 12, text, new_x="LMARGIN", new_y="NEXT")
    return pdf


def receipt_of(person: Person) -> bytes:
    return text_pdf("证件照片数字回执", [("姓名", person.name), ("公民身份号码", person.id_number)])


def filled_form(values: dict[str, str], *, ticked: bool = True, signed: bool = False) -> bytes:
    """An AcroForm: a label in Latin letters for each blank, what was typed in it, a box to tick, a blank to sign."""
    labels = [f"BT /F1 14 Tf 72 {700 - 40 * i} Td ({name}:) Tj ET" for i, name in enumerate(values)]
    content = zlib.compress("\n".join(labels).encode())
    look = b"<< /Type /XObject /Subtype /Form /BBox [0 0 14 14] /Length 0 >>\nstream\n\nendstream"
    blanks = [_typed(name, text, 700 - 40 * place) for place, (name, text) in enumerate(values.items())]
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [%s] /DA (/F1 12 Tf 0 g) /DR << /Font << /F1 4 0 R >> >> "
        b"/NeedAppearances true >> >>" % _numbers(7, len(values) + 2),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> "
        b"/Annots [%s] >>" % _numbers(7, len(values) + 2),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(content) + content + b"\nendstream",
        look,
        *blanks,
        _box("agreed", ticked),
        _signature(signed),
    ]
    return _file(objects)


def _numbers(first: int, count: int) -> bytes:
    return b" ".join(b"%d 0 R" % n for n in range(first, first + count))


def _typed(name: str, text: str, y: int) -> bytes:
    place = f"[220 {y - 6} 480 {y + 16}]"
    return (
        f"<< /Type /Annot /Subtype /Widget /FT /Tx /T ({name}) /V {_string(text)} /Rect {place} /P 3 0 R "
        "/DA (/F1 12 Tf 0 g) >>"
    ).encode()


def _string(text: str) -> str:
    """As forms are filled in: Latin letters in brackets, all else as UTF-16 (PDF 1.7, 7.9.2.2)."""
    return f"({text})" if text.isascii() else f"<FEFF{text.encode('utf-16-be').hex().upper()}>"


def _box(name: str, ticked: bool) -> bytes:
    state = "Yes" if ticked else "Off"
    return (
        f"<< /Type /Annot /Subtype /Widget /FT /Btn /T ({name}) /V /{state} /AS /{state} /Rect [72 300 86 314] /P 3 0 R "
        "/AP << /N << /Yes 6 0 R /Off 6 0 R >> >> >>"
    ).encode()


def _signature(signed: bool) -> bytes:
    """Bytes where a signature would be; nobody's key made them."""
    value = (
        "/V << /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /ByteRange [0 10 20 10] "
        "/Contents <3003020100> >>"
    )
    head = "<< /Type /Annot /Subtype /Widget /FT /Sig /T (signature) /Rect [72 200 220 260] /P 3 0 R"
    return f"{head} {value if signed else ''} >>".encode()


def _file(objects: Sequence[bytes]) -> bytes:
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.6\n")
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n" % number + body + b"\nendobj\n")
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()
