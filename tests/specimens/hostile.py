"""Hostile files, made by code: bombs, polyglots, documents with things in them that no page needs, and pictures that lie.

Each is what its name says and nothing else is wrong with it. Nothing here is anybody's file. Small in themselves: what they
unpack to, or how long they take, is what hurts.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence

from PIL import Image, ImageDraw, PngImagePlugin

from tests.preaudit.badfiles import deflated, jpeg, pdf, png

MEGABYTE = 1_000_000
HTML = b"<!DOCTYPE html><html><script>alert(document.domain)</script></html>"
HEADER = b"%PDF-1.7\n"
TEXT = "BT /F1 14 Tf 72 700 Td (This page is quite harmless to look at) Tj ET"


# -- bombs ------------------------------------------------------------------------------------------------------------


def flate_bomb(megabytes: int = 600) -> bytes:
    return pdf([deflated(megabytes, TEXT.encode() + b"\n")])


def flate_bomb_twice(megabytes: int = 600) -> bytes:
    return pdf([zlib.compress(deflated(megabytes, TEXT.encode() + b"\n"), 9)], "/FlateDecode /FlateDecode")


def picture_bomb_in_a_pdf(side: int = 30_000) -> bytes:
    """A page with one picture of 900 megapixels."""
    packed = zlib.compress(bytes(side // 8 * side // 100) * 100, 9)
    picture = (
        f"<< /Type /XObject /Subtype /Image /Width {side} /Height {side} /BitsPerComponent 1 /ColorSpace /DeviceGray "
        f"/Filter /FlateDecode /Length {len(packed)} >>\nstream\n".encode()
        + packed
        + b"\nendstream"
    )
    return document("q 500 0 0 700 40 70 cm /Im1 Do Q", [picture], "/XObject << /Im1 6 0 R >>")


def scans_bomb(scans: int = 1500, side: int = 2000) -> bytes:
    """A progressive JPEG whose first scan is repeated: each is a walk over the whole picture."""
    out = io.BytesIO()
    Image.new("RGB", (side, side), "white").save(out, "JPEG", progressive=True, quality=40)
    whole = out.getvalue()
    start = whole.index(b"\xff\xda")
    after = whole.index(b"\xff\xc4", start) if b"\xff\xc4" in whole[start:] else whole.index(b"\xff\xda", start + 2)
    return whole[:start] + whole[start:after] * scans + whole[after:]


def packed_profile(megabytes: int = 100) -> bytes:
    """A PNG of one pixel with a colour profile that unpacks to as much."""
    return _with_chunk(png(64, 64), b"iCCP", b"icc\0\0" + deflated(megabytes))


def packed_text(megabytes: int = 100) -> bytes:
    return _with_chunk(png(64, 64), b"zTXt", b"Comment\0\0" + deflated(megabytes))


def _with_chunk(whole: bytes, name: bytes, body: bytes) -> bytes:
    chunk = struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    return whole[:33] + chunk + whole[33:]


# -- polyglots --------------------------------------------------------------------------------------------------------


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(zipfile.ZipInfo("program.js"), "alert(1)")
    return out.getvalue()


def harmless_pdf() -> bytes:
    return document(TEXT)


def pdf_behind(head: bytes) -> bytes:
    """Readers find the header anywhere in the first kilobyte."""
    return head + b"\n" + harmless_pdf()


def jpeg_with_pdf_in_its_comment() -> bytes:
    plain, body = jpeg(), harmless_pdf()
    return plain[:2] + b"\xff\xfe" + struct.pack(">H", len(body) + 2) + body + plain[2:]


def jpeg_with_page_in_its_exif() -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = HTML.decode()
    Image.new("RGB", (300, 200), "white").save(out, "JPEG", exif=exif)
    return out.getvalue()


# -- documents with more in them than a page ----------------------------------------------------------------------------


def document(
    content: str, more: Sequence[bytes] = (), resources: str = "", *, page: str = "", catalogue: str = ""
) -> bytes:
    """A PDF of one page; `more` are objects from number 6 on."""
    stream = zlib.compress(content.encode())
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>".encode(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R {page} "
        f"/Resources << /Font << /F1 5 0 R >> {resources} >> >>".encode(),
        f"<< /Length {len(stream)} /Filter /FlateDecode >>\nstream\n".encode() + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *more,
    ]
    return assembled(objects)


def assembled(objects: Sequence[bytes], trailer: str = "") -> bytes:
    out, places = io.BytesIO(), []
    out.write(HEADER)
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write(b"".join(f"{place:010} 00000 n \n".encode() for place in places))
    out.write(f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def with_javascript() -> bytes:
    return document(
        TEXT,
        [b"<< /S /JavaScript /JS (while \\(true\\) app.alert\\('here'\\);) >>"],
        catalogue="/OpenAction 6 0 R /AA << /WC 6 0 R >> /Names << /JavaScript << /Names [(a) 6 0 R] >> >>",
        page="/AA << /O 6 0 R >>",
    )


def with_launch() -> bytes:
    return document(TEXT, [b"<< /S /Launch /F (/bin/sh) /NewWindow true >>"], catalogue="/OpenAction 6 0 R")


def with_embedded_file() -> bytes:
    program = b"MZ this would be a program"
    return document(
        TEXT,
        [
            b"<< /Type /Filespec /F (program.exe) /EF << /F 7 0 R >> >>",
            f"<< /Type /EmbeddedFile /Length {len(program)} >>\nstream\n".encode() + program + b"\nendstream",
        ],
        catalogue="/Names << /EmbeddedFiles << /Names [(program.exe) 6 0 R] >> >>",
    )


def with_outside_references(address: str = "http://127.0.0.1:9/") -> bytes:
    """A picture whose bytes are to be fetched, a link that is to be followed, a page of another file."""
    return document(
        TEXT + " q 100 0 0 100 72 400 cm /Im1 Do Q",
        [
            f"<< /Type /XObject /Subtype /Image /Width 8 /Height 8 /BitsPerComponent 8 /ColorSpace /DeviceGray /Length 0 "
            f"/F << /FS /URL /F ({address}) >> >>\nstream\n\nendstream".encode(),
            f"<< /S /URI /URI ({address}) >>".encode(),
            b"<< /S /GoToR /F (/etc/passwd) /D [0 /Fit] >>",
        ],
        "/XObject << /Im1 6 0 R >>",
        catalogue="/OpenAction 7 0 R",
        page="/AA << /O 8 0 R >>",
    )


def with_broken_table() -> bytes:
    """Every place in its table of objects is wrong."""
    whole = harmless_pdf()
    start = whole.index(b"xref\n")
    return whole[:start] + whole[start:].replace(b"0000000", b"0009999")


def of_many_pages(count: int = 10_000) -> bytes:
    kids = " ".join("3 0 R" for _ in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ]
    return assembled(objects)


def that_claims_pages(count: int = 2_000_000_000) -> bytes:
    """One page, and a count of billions."""
    return harmless_pdf().replace(b"/Count 1 ", f"/Count {count} ".encode())


def of_pages_in_a_ring() -> bytes:
    """A tree of pages whose branch is its root."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1 >>",
    ]
    return assembled(objects)


def of_forms_in_a_ring() -> bytes:
    """A drawing that draws itself, twice."""
    drawing = b"/Fm Do /Fm Do"
    body = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /Fm 6 0 R >> >> /Length "
        + str(len(drawing)).encode()
        + b" >>\nstream\n"
        + drawing
        + b"\nendstream"
    )
    return document(TEXT + " /Fm Do", [body], "/XObject << /Fm 6 0 R >>")


def of_drawings_in_drawings(depth: int = 24) -> bytes:
    """Each drawing draws the next twice: two to the power of `depth`."""
    made = []
    for i in range(depth):
        drawing = f"/Fm{i + 1} Do /Fm{i + 1} Do".encode() if i + 1 < depth else b"0 0 10 10 re f"
        inner = f"/Resources << /XObject << /Fm{i + 1} {7 + i} 0 R >> >>" if i + 1 < depth else ""
        made.append(
            f"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] {inner} /Length {len(drawing)} >>\nstream\n".encode()
            + drawing
            + b"\nendstream"
        )
    return document(TEXT + " /Fm0 Do", made, "/XObject << /Fm0 6 0 R >>")


def of_nested_arrays(depth: int = 200_000) -> bytes:
    return document(TEXT, [b"[" * depth + b"]" * depth], catalogue="/Nested 6 0 R")


def of_a_tiny_pattern() -> bytes:
    """A page filled with a pattern whose cell is a thousandth of a point."""
    cell = b"0 0 1 1 re f"
    pattern = (
        b"<< /Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.001 /YStep 0.001 "
        b"/Resources << >> /Length " + str(len(cell)).encode() + b" >>\nstream\n" + cell + b"\nendstream"
    )
    return document("/Pattern cs /P1 scn 0 0 595 842 re f " + TEXT, [pattern], "/Pattern << /P1 6 0 R >>")


# -- pictures that lie ------------------------------------------------------------------------------------------------


def jpeg_of_huge_sides() -> bytes:
    """A small JPEG that says it is 65,500 pixels wide and high."""
    plain = bytearray(jpeg())
    frame = next(plain.index(marker) for marker in (b"\xff\xc0", b"\xff\xc2") if marker in plain)
    plain[frame + 5 : frame + 9] = struct.pack(">HH", 65_500, 65_500)
    return bytes(plain)


def jpeg_with_giant_profile(megabytes: int = 12) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(out, "JPEG", icc_profile=bytes(megabytes * MEGABYTE))
    return out.getvalue()


def jpeg_with_endless_exif() -> bytes:
    """Directories that point at one another."""
    entry = struct.pack(">HHII", 0x8769, 4, 1, 8)
    body = b"Exif\0\0MM\0*" + struct.pack(">I", 8) + struct.pack(">H", 1) + entry + struct.pack(">I", 8)
    plain = jpeg()
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + plain[2:]


def jpeg_with_a_place() -> bytes:
    """As a telephone writes it: where it was taken, and by which telephone."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F], exif[0x0110] = "Telephone", "Model of somebody"
    exif.get_ifd(0x8825).update({1: "N", 2: (23.0, 7.0, 44.4), 3: "E", 4: (113.0, 15.0, 52.2)})
    Image.new("RGB", (300, 200), "white").save(out, "JPEG", exif=exif)
    return out.getvalue()


def animated_png(frames: int = 300) -> bytes:
    out = io.BytesIO()
    first, *rest = (Image.new("RGB", (200, 100), (i % 256, 90, 90)) for i in range(frames))
    first.save(out, "PNG", save_all=True, append_images=rest)
    return out.getvalue()


def several_in_one() -> bytes:
    """MPO: two JPEGs in a file, as telephones with two lenses write it."""
    out = io.BytesIO()
    picture = Image.new("RGB", (300, 200), "white")
    ImageDraw.Draw(picture).rectangle((0, 0, 60, 40), "black")
    picture.save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (300, 200), "red")])
    return out.getvalue()


def sixteen_bits() -> bytes:
    out = io.BytesIO()
    Image.new("I;16", (300, 200), 60_000).save(out, "PNG")
    return out.getvalue()


def four_inks() -> bytes:
    out = io.BytesIO()
    Image.new("CMYK", (300, 200), (0, 0, 0, 0)).save(out, "JPEG")
    return out.getvalue()


def png_with_words() -> bytes:
    out, words = io.BytesIO(), PngImagePlugin.PngInfo()
    words.add_text("Author", "somebody")
    Image.new("RGB", (300, 200), "white").save(out, "PNG", pnginfo=words)
    return out.getvalue()
