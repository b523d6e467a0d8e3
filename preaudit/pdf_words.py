"""The words of a PDF page with their places, and what else the file says of itself: runs in the child process only.

Words come from pdfplumber, and from pdfium where pdfplumber sees none or cannot name the characters: a font with a
character map of its own (ours, set by fpdf2 from Noto CJK, is one) is empty to the one and text to the other. What neither
can name is left to be recognised from the picture. Values typed into a form are words at the place of their blank.
Boxes are left, top, right, bottom in pixels of the rasterised page.
"""

import ctypes
import io
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pdfplumber
import pypdfium2
from pdfminer.psexceptions import PSException
from pdfplumber.page import Page as PlumberPage
from pdfplumber.utils.exceptions import PdfminerException

raw = pypdfium2.raw
Box = tuple[float, float, float, float]
NAMED = 0.9  # of the characters: fewer, and the font does not say what its glyphs mean
WIDE_GAP = 0.9  # heights of a character: what follows such a gap is another word
PICTURE_COVERS = 0.03  # of the page: smaller ones are logos, seals and two-dimensional codes
MOST_BLANKS, LONGEST_VALUE = 300, 500
TYPED = (raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX)
NOT_FOLLOWED = (
    PdfminerException, PSException, LookupError, TypeError, ValueError, AttributeError, AssertionError, RecursionError,
)  # fmt: skip
"""What pdfminer is known to raise on files that it cannot follow."""
TICKED = (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON)


@dataclass(frozen=True)
class Word:
    text: str
    box: Box

    def plain(self) -> dict[str, Any]:
        return {"text": self.text, "box": list(self.box)}


@dataclass(frozen=True)
class View:
    """A page and the size of the picture made of it."""

    page: pypdfium2.PdfPage
    width: int
    height: int

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """From the page's own coordinates, whatever its crop and rotation."""
        (ax, ay), (bx, by) = self._point(left, top), self._point(right, bottom)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        fine = 16  # the function answers in whole pixels: asked of a larger picture
        px, py = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(self.page, 0, 0, self.width * fine, self.height * fine, 0, x, y, px, py)
        return px.value / fine, py.value / fine


def words_of(data: bytes, number: int, view: View) -> list[Word]:
    """Empty where the page's characters have no names. What pdfium could draw may be more than pdfplumber can follow: a
    table of objects that has to be made anew, pages of a tree with holes."""
    try:
        words = _by_pdfplumber(data, number, view)
    except NOT_FOLLOWED:
        words = []
    return words if _named(words) else [word for word in [*_by_pdfium(view)] if _named([word])]


def _named(words: Iterable[Word]) -> bool:
    text = "".join(word.text for word in words)
    if not text.strip() or "(cid:" in text:
        return False
    return sum(unicodedata.category(c) not in ("Co", "Cn", "Cc", "Cs") and c != "\ufffd" for c in text) >= NAMED * len(
        text
    )


def _by_pdfplumber(data: bytes, number: int, view: View) -> list[Word]:
    with pdfplumber.open(io.BytesIO(data), pages=[number]) as document:
        page: PlumberPage = document.pages[0]
        left, top = page.cropbox[0] - page.bbox[0], page.bbox[3] - page.cropbox[3]
        found = page.extract_words(keep_blank_chars=True, x_tolerance=2, use_text_flow=False)
    scale = view.width / view.page.get_width()
    return [
        Word(
            w["text"],
            (
                (w["x0"] - left) * scale,
                (w["top"] - top) * scale,
                (w["x1"] - left) * scale,
                (w["bottom"] - top) * scale,
            ),
        )
        for w in found
        if w["text"].strip()
    ]


# -- pdfium -----------------------------------------------------------------------------------------------------------


def _by_pdfium(view: View) -> Iterator[Word]:
    """Characters in the file's order, joined until a line ends or a wide gap follows."""
    text, box = "", (0.0, 0.0, 0.0, 0.0)
    for character, place in _characters(view):
        if text and _goes_on(box, place):
            text, box = text + character, _around(box, place)
            continue
        if text.strip():
            yield Word(text.strip(), box)
        text, box = character, place
    if text.strip():
        yield Word(text.strip(), box)


def _characters(view: View) -> Iterator[tuple[str, Box]]:
    page = view.page.get_textpage()
    for place in range(page.count_chars()):
        character = chr(raw.FPDFText_GetUnicode(page, place) or 0xFFFD)
        if character not in "\r\n\ufffe\ufeff":
            yield character, view.box(*page.get_charbox(place, loose=True))


def _goes_on(box: Box, place: Box) -> bool:
    height = max(box[3] - box[1], place[3] - place[1], 1.0)
    level = abs((box[1] + box[3]) / 2 - (place[1] + place[3]) / 2) < 0.5 * height
    return level and -0.5 * height < place[0] - box[2] < WIDE_GAP * height


def _around(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def pictures_of(view: View) -> list[Box]:
    """Where pictures stand on a page of words: what they show has to be recognised."""
    least = PICTURE_COVERS * view.width * view.height
    items = view.page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4)
    boxes = (view.box(*item.get_bounds()) for item in items)
    return [box for box in boxes if (box[2] - box[0]) * (box[3] - box[1]) >= least]


# -- forms and signatures ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Blank:
    """A blank of a form: what was typed; `ticked` for boxes to tick, else None."""

    name: str
    value: str
    ticked: bool | None
    box: Box


def blanks_of(form: pypdfium2.PdfFormEnv | None, view: View) -> list[Blank]:
    if form is None:
        return []
    count = min(MOST_BLANKS, raw.FPDFPage_GetAnnotCount(view.page))
    made = (_blank(form, view, raw.FPDFPage_GetAnnot(view.page, place)) for place in range(count))
    return [blank for blank in made if blank is not None]


def _blank(form: pypdfium2.PdfFormEnv, view: View, annotation: Any) -> Blank | None:
    try:
        if raw.FPDFAnnot_GetSubtype(annotation) != raw.FPDF_ANNOT_WIDGET:
            return None
        sort, rect = raw.FPDFAnnot_GetFormFieldType(form, annotation), raw.FS_RECTF()
        if sort not in (*TYPED, *TICKED) or not raw.FPDFAnnot_GetRect(annotation, rect):
            return None
        name = _string(raw.FPDFAnnot_GetFormFieldName, form, annotation)
        value = _string(raw.FPDFAnnot_GetFormFieldValue, form, annotation)
        ticked = bool(raw.FPDFAnnot_IsChecked(form, annotation)) if sort in TICKED else None
        return Blank(name, value, ticked, view.box(rect.left, rect.bottom, rect.right, rect.top))
    finally:
        raw.FPDFPage_CloseAnnot(annotation)


def _string(asked: Any, form: pypdfium2.PdfFormEnv, annotation: Any) -> str:
    """pdfium writes UTF-16 with its end mark into a buffer whose size it tells first."""
    size = asked(form, annotation, None, 0)
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    asked(form, annotation, buffer, size)
    return bytes(buffer).decode("utf-16-le", "replace").split("\0")[0][:LONGEST_VALUE]


def typed_words(blanks: Iterable[Blank]) -> list[Word]:
    return [Word(blank.value.strip(), blank.box) for blank in blanks if blank.ticked is None and blank.value.strip()]


def signatures(document: pypdfium2.PdfDocument) -> int:
    """How many digital signatures the file has; a blank for one that nobody has signed has no contents. That there is one
    says nothing of whether it holds."""
    count = max(0, int(raw.FPDF_GetSignatureCount(document)))
    made = (raw.FPDF_GetSignatureObject(document, place) for place in range(min(count, MOST_BLANKS)))
    return sum(1 for each in made if each and raw.FPDFSignatureObj_GetContents(each, None, 0) > 0)
