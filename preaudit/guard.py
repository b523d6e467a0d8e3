"""The guard: what a file is, by its first bytes and its size, before anything parses it.

Promises: never raises on any bytes, and every refusal is a `Finding` in the resident's words. The name and the
declared type of an upload are not looked at. What can only be known by parsing (pixels, pages, passwords, damage)
is said by the child process and put into words here too.
"""

import re
from enum import StrEnum

from cases.findings import Finding, FindingCode, found
from cases.sentences import say

from .settings import FileLimits


class FileKind(StrEnum):
    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    HEIC = "heic"
    PDF = "pdf"


HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif"})
PDF_HEADER_WITHIN = 1024  # readers accept junk before %PDF within the first kilobyte (PDF 1.7, H.3.4.1)
PDF_AFTER = re.compile(rb"(\xef\xbb\xbf)?(\x1b%-12345X@PJL[^\r\n]*[\r\n]+(@PJL[^\r\n]*[\r\n]+)*)?[\s\0]*%PDF-")
"""We accept what honest writers put there, a byte order mark, white space, a printer's commands: whatever else stands
before the header makes it another kind of file as well."""


def sniff(data: bytes) -> FileKind | None:
    """The kind by content, or None for everything we do not open."""
    head = data[:PDF_HEADER_WITHIN]
    if head.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return FileKind.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS:
        return FileKind.HEIC
    if PDF_AFTER.match(head):
        return FileKind.PDF
    return None


def refusal(data: bytes, limits: FileLimits) -> Finding | None:
    """Why these bytes are not even handed to the child, or None."""
    if not data:
        return found(FindingCode.DAMAGED_FILE, message="文件是空的", advice="请重新拍摄后上传。", bytes=0)
    if len(data) > limits.max_bytes:
        return _too_large(len(data), limits.max_bytes)
    if sniff(data) is None:
        return found(FindingCode.UNSUPPORTED_FILE, bytes=len(data))
    return None


def _too_large(size: int, limit: int) -> Finding:
    return found(
        FindingCode.UNSUPPORTED_FILE,
        message=say("文件太大（{size}MB），最大{most}MB", size=f"{size / 1e6:.0f}", most=f"{limit / 1e6:.0f}"),
        advice="请用手机相机的普通模式重新拍摄后上传。",
        bytes=size,
        limit=limit,
    )


def pixel_flood(pixels: int, limit: int) -> Finding:
    return found(
        FindingCode.UNSUPPORTED_FILE,
        message=say(
            "照片像素过大（约{pixels}像素），最大{most}像素",
            pixels=_counted(pixels),
            most=_counted(limit),
            millions=round(pixels / 1e6),
            most_millions=round(limit / 1e6),
        ),
        advice="请用手机相机的普通模式（非高像素模式）重新拍摄后上传。",
        pixels=pixels,
        limit=limit,
    )


def _counted(number: int) -> str:
    """8000万, 9亿: as people count."""
    return f"{number / 1e8:.2g}亿" if number >= 100_000_000 else f"{number // 10_000}万"


def too_many_pages(pages: int, limit: int) -> Finding:
    return found(
        FindingCode.TOO_MANY_PAGES,
        message=say("文件共{pages}页，最多{most}页", pages=pages, most=limit),
        advice="请只上传所需页面。",
        pages=pages,
        limit=limit,
    )


def child_refusal(error: str, measure: int, limits: FileLimits) -> Finding:
    """The finding for an error word of `decoding` (or of the sandbox, when the child did not live to say one)."""
    if error == "pixels":
        return pixel_flood(measure, limits.max_pixels)
    if error == "pages":
        return too_many_pages(measure, limits.max_pages)
    if error == "password":
        return found(FindingCode.PASSWORD_PROTECTED)
    if error == "unsupported":
        return found(FindingCode.UNSUPPORTED_FILE)
    return found(FindingCode.DAMAGED_FILE, cause=error)
