"""Opening one file: what runs inside the child process, and nowhere else.

`decode(job, data, pixels)` gives a reply (plain values), and writes one upright page to the file `pixels` as the reader
wants it: rows of BGR, which nobody copies or turns about any more. A file that is refused is a `Refused` with one word;
anything else that is raised, and any way the process may die, is the sandbox's to report.
Metadata never leaves: only pixels and, for a PDF with a text layer, words.
"""

import io
import struct
import warnings
from dataclasses import dataclass
from typing import IO, Any

import pi_heif
import pypdfium2
from PIL import Image, ImageFile
from PIL.JpegImagePlugin import JpegImageFile

from .pdf_words import Blank, View, blanks_of, pictures_of, signatures, typed_words, words_of

ORIENTATION_TAG = 0x0112
TURNS = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}
"""EXIF orientation → what makes the picture upright (TIFF 6.0, tag 274). 0, 9 and worse are read as upright."""
SCAN_COVERS = (
    0.7  # a picture over this share of a PDF page is a scan: its text layer is somebody's OCR, not the document
)
NEAR_ENOUGH = 0.75
"""Of the working side: a JPEG of which half is no smaller is decoded at half size. One of 48 megapixels is 4,032 wide then, not
4,096, in 0.17 s of a processor instead of 0.67. Smaller ones are decoded whole: at 2,048 the same fields are read in a tenth less time, but a display's
lights and the blur of a hand are measured on single pixels."""
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF")


class Refused(Exception):
    """The file is understood and not wanted: `word` is one that `guard.child_refusal` knows."""

    def __init__(self, word: str, measure: int = 0) -> None:
        super().__init__(word)
        self.word, self.measure = word, measure


@dataclass(frozen=True)
class Job:
    """What to do with the bytes. Plain values: it crosses a socket as JSON."""

    kind: str
    page: int
    working_side: int
    max_pixels: int
    max_pages: int
    pdf_dpi: int
    text_layer_chars: int
    text_layer_max_chars: int
    draft: bool = False
    """Whether a JPEG may be decoded at any half of its size that is not under `working_side` (staff's copies). For reading
    only what is larger than can be used anyway: see `NEAR_ENOUGH`."""


def prepare() -> None:
    """Once, before forking: registers the decoders and turns Pillow's bomb warning into an error."""
    pi_heif.register_heif_opener(thumbnails=False, decode_threads=1)
    Image.init()
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def decode(job: Job, data: bytes, pixels: IO[bytes]) -> dict[str, Any]:
    """`pixels` has a descriptor, and nothing in it."""
    return _decode_pdf(job, data, pixels) if job.kind == "pdf" else _decode_image(job, data, pixels)


# -- pictures ---------------------------------------------------------------------------------------------------------


def _decode_image(job: Job, data: bytes, pixels: IO[bytes]) -> dict[str, Any]:
    Image.MAX_IMAGE_PIXELS = None  # our own cap is lower and says the number
    with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        width, height = opened.size
        if width * height > job.max_pixels:
            raise Refused("pixels", width * height)
        turns = TURNS.get(_orientation(opened), ())
        if isinstance(opened, JpegImageFile):  # also one with pictures behind it, as phones keep for bright screens
            opened.draft("RGB", _fitted(width, height, round(job.working_side * (1 if job.draft else NEAR_ENOUGH))))
        opened.load()
        picture = _as_rgb(opened)
    picture = _shrunk(picture, _fitted(*picture.size, job.working_side))
    for turn in turns:
        picture = picture.transpose(turn)
    if turns and turns[0] in (Image.Transpose.TRANSPOSE, Image.Transpose.TRANSVERSE, *_QUARTERS):
        width, height = height, width
    _write(picture, pixels)
    return _reply(picture.size, width, height, pages=1)


_QUARTERS = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270)


def _orientation(picture: Image.Image) -> int:
    """The EXIF orientation, 1 when there is none or it is garbage (cameras and editors write both)."""
    try:
        value = picture.getexif().get(ORIENTATION_TAG, 1)
    except (OSError, SyntaxError, ValueError, KeyError, TypeError, IndexError, struct.error):
        return 1
    return value if isinstance(value, int) else 1


def _as_rgb(picture: Image.Image) -> Image.Image:
    """Plain RGB, transparency over white, 16-bit grey scaled down (a plain convert would clip it to white)."""
    if picture.mode.startswith("I;16"):
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    if "A" in picture.getbands() or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(white, layer).convert("RGB")
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _fitted(width: int, height: int, side: int) -> tuple[int, int]:
    ratio = min(1.0, side / max(width, height, 1))
    return max(1, round(width * ratio)), max(1, round(height * ratio))


def _shrunk(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return picture if picture.size == size else picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)


def _write(picture: Image.Image, pixels: IO[bytes]) -> None:
    """By what Pillow's own formats are written with: a few rows at a time straight from its memory, where a pixel has four
    bytes. `tobytes` holds all of them twice."""
    ImageFile._save(picture, pixels, [ImageFile._Tile("raw", (0, 0, *picture.size), 0, "BGR")])


def _reply(size: tuple[int, int], width: int, height: int, pages: int, **more: Any) -> dict[str, Any]:
    return {"pages": pages, "width": width, "height": height, "picture": list(size), "words": [], **more}


# -- PDF --------------------------------------------------------------------------------------------------------------


def _decode_pdf(job: Job, data: bytes, pixels: IO[bytes]) -> dict[str, Any]:
    document = _open_pdf(data)
    try:
        pages = len(document)
        if pages > job.max_pages:
            raise Refused("pages", pages)
        if pages == 0:
            raise Refused("damaged")
        document.init_forms()  # what was typed into a form is drawn only then
        page = document[job.page - 1]
        drawn = _rasterised(page, job)
        pixels.write(drawn.buffer)
        width, height = drawn.width, drawn.height
        more = _beside_the_picture(data, document, View(page, width, height), job)
    finally:
        document.close()
    return _reply((width, height), width, height, pages, **more)


def _beside_the_picture(data: bytes, document: pypdfium2.PdfDocument, view: View, job: Job) -> dict[str, Any]:
    """The page's own words, if they may stand for it; the pictures among them; what the file says of itself."""
    blanks = blanks_of(document.formenv, view)
    words = words_of(data, job.page, view) if _has_text_layer(view.page, job) else []
    if words:
        words += typed_words(blanks)
    return {
        "words": [word.plain() for word in words],
        "pictures": [list(box) for box in pictures_of(view)] if words else [],
        "facts": {"signatures": signatures(document), "blanks": [_plain(blank) for blank in blanks]},
    }


def _plain(blank: Blank) -> dict[str, Any]:
    return {"name": blank.name, "value": blank.value, "ticked": blank.ticked, "box": list(blank.box)}


def _open_pdf(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Refused("password" if "assword" in str(error) else "damaged") from error


def _rasterised(page: pypdfium2.PdfPage, job: Job) -> pypdfium2.PdfBitmap:
    """BGR, as pdfium draws unless it is asked for something else."""
    width, height = page.get_size()
    if not (width > 1 and height > 1):
        raise Refused("damaged")
    scale = min(job.pdf_dpi / 72, job.working_side / max(width, height))
    return page.render(scale=scale)


def _has_text_layer(page: pypdfium2.PdfPage, job: Job) -> bool:
    """Whether the page's own words may stand for it: enough of them, not too many, and not laid under a scan."""
    count = page.get_textpage().count_chars()
    return job.text_layer_chars <= count <= job.text_layer_max_chars and not _is_scan(page)


def _is_scan(page: pypdfium2.PdfPage) -> bool:
    area = page.get_width() * page.get_height()
    for item in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        left, bottom, right, top = item.get_bounds()
        if (right - left) * (top - bottom) > SCAN_COVERS * area:
            return True
    return False
