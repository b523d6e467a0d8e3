"""Bad files, made by code: what people and attackers send instead of a photograph."""

import io
import struct
import zipfile
import zlib

from PIL import Image


def jpeg(width: int = 320, height: int = 200, orientation: int | None = None, colour: str = "white") -> bytes:
    """A picture with a black block in its top left corner, so that turning it shows."""
    picture = Image.new("RGB", (width, height), colour)
    picture.paste("black", (0, 0, width // 4, height // 4))
    out = io.BytesIO()
    exif = Image.Exif()
    if orientation is not None:
        exif[0x0112] = orientation
    exif[0x010E] = "made for a test"
    picture.save(out, "JPEG", quality=92, exif=exif)
    return out.getvalue()


def jpeg_with_garbage_exif() -> bytes:
    """An EXIF block whose directory points outside itself."""
    body = b"Exif\x00\x00MM\x00*\x00\x00\xff\xff" + b"\xff" * 40
    plain = jpeg()
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + plain[2:]


def truncated_jpeg() -> bytes:
    whole = jpeg(800, 600)
    return whole[: len(whole) // 2]


def png(width: int, height: int, *, rows: int | None = None) -> bytes:
    """A white one-bit PNG of any size in a few kilobytes; `rows` fewer than declared make it a truncated one."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    row = b"\x00" + b"\xff" * ((width + 7) // 8)
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(row) for _ in range(height if rows is None else rows)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def png_that_lies() -> bytes:
    """Says 64 × 64 and holds two hundred megabytes of pixels."""
    header = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(bytes(1_000_000)) for _ in range(200)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def elf() -> bytes:
    return b"\x7fELF\x02\x01\x01" + bytes(64) + b"%PDF-1.4 hidden behind a program\n" + bytes(4096)


def office() -> bytes:
    """A word processor's file as far as anybody looks: a zip with the parts' names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in ("[Content_Types].xml", "word/document.xml"):
            packed.writestr(zipfile.ZipInfo(name), "<xml/>")
    return out.getvalue()


def pdf(streams: list[bytes], filters: str = "/FlateDecode", *, box: str = "0 0 595 842") -> bytes:
    """A hand-made PDF with one page a content stream (already encoded)."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(streams)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for i, stream in enumerate(streams):
        page = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents {5 + 2 * i} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(page.encode())
        objects.append(f"<< /Length {len(stream)} /Filter [{filters}] >>\nstream\n".encode() + stream + b"\nendstream")
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write(b"".join(f"{place:010} 00000 n \n".encode() for place in places))
    out.write(f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def pdf_of(*pages: str) -> bytes:
    """Pages of Latin text."""
    return pdf([zlib.compress(f"BT /F1 14 Tf 72 700 Td ({text}) Tj ET".encode()) for text in pages])


def deflated(megabytes: int, head: bytes = b"") -> bytes:
    """That many megabytes of spaces behind `head`, packed: one is, and its bytes are repeated."""
    spaces, checksum = b" " * 1_000_000, zlib.adler32(head)
    for _ in range(megabytes):
        checksum = zlib.adler32(spaces, checksum)
    return b"\x78\xda" + _block(head) + _block(spaces) * megabytes + b"\x03\x00" + struct.pack(">I", checksum)


def _block(data: bytes) -> bytes:
    """Packed so that it stands for itself wherever it stands."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)


def pdf_bomb(megabytes: int = 600) -> bytes:
    """One page whose content is that many megabytes of spaces, deflated twice: a few kilobytes."""
    head = b"BT /F1 14 Tf 72 700 Td (a text layer long enough to be read) Tj ET\n"
    return pdf([zlib.compress(deflated(megabytes, head), 9)], "/FlateDecode /FlateDecode")


def pdf_of_glyphs(count: int = 400_000) -> bytes:
    """So many characters that laying them out takes a quarter of a minute."""
    line = b"(" + b"x" * 1000 + b") Tj 0 -1 Td\n"
    return pdf([zlib.compress(b"BT /F1 1 Tf 10 800 Td\n" + line * (count // 1000) + b"ET", 9)])


def bent_pdf() -> bytes:
    """The header of a PDF and then nothing that is one."""
    return b"%PDF-1.7\n" + bytes(range(256)) * 40
