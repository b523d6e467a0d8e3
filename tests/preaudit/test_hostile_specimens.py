"""Every hostile specimen: what its sender is told, in both languages, what it costs, and that nobody else is hurt."""

import io
import resource
from collections.abc import Callable

import pytest
from PIL import Image

from cases.findings import Finding, FindingCode
from preaudit.guard import child_refusal, refusal, sniff
from preaudit.lost import ChildFailed
from preaudit.opening import job_for
from preaudit.rendition import safe_copy
from preaudit.replies import Decoded
from preaudit.sandbox import Sandbox
from preaudit.settings import ChildLimits, PreauditSettings
from tests.preaudit import badfiles
from tests.specimens import hostile
from web.english import HAN
from web.speaking import speaking
from web.words import finding_said

SETTINGS = PreauditSettings()
DAMAGED, UNSUPPORTED = FindingCode.DAMAGED_FILE, FindingCode.UNSUPPORTED_FILE
OPENED = None
"""Nothing is wrong with what can be seen: it is read, and of the rest nothing survives."""
GROWN_KILOBYTES = 250_000
"""Over what this process held before: the pixels of the largest page that is handed back, and a copy of them."""

Maker = Callable[[], bytes]
LIGHT: dict[str, tuple[Maker, FindingCode | None, str]] = {
    "a PNG of 13,300 by 13,300": (lambda: badfiles.png(13_300, 13_300, rows=50), UNSUPPORTED, "照片像素过大"),
    "a PNG of 30,000 by 30,000": (lambda: badfiles.png(30_000, 30_000, rows=50), UNSUPPORTED, "照片像素过大"),
    "a JPEG that says 65,500 by 65,500": (hostile.jpeg_of_huge_sides, UNSUPPORTED, "照片像素过大"),
    "a colour profile of 100 MB in 97 kB": (hostile.packed_profile, DAMAGED, "文件已损坏"),
    "a comment of 100 MB in 97 kB": (hostile.packed_text, DAMAGED, "文件已损坏"),
    "a profile of 4 MB": (lambda: hostile.jpeg_with_giant_profile(4), OPENED, ""),
    "an EXIF in a ring": (hostile.jpeg_with_endless_exif, OPENED, ""),
    "a JPEG cut in half": (badfiles.truncated_jpeg, DAMAGED, "文件已损坏"),
    "four inks": (hostile.four_inks, OPENED, ""),
    "sixteen bits": (hostile.sixteen_bits, OPENED, ""),
    "an animation": (lambda: hostile.animated_png(20), OPENED, ""),
    "two pictures in one": (hostile.several_in_one, OPENED, ""),
    "HTML": (lambda: hostile.HTML, UNSUPPORTED, "文件格式不支持"),
    "SVG": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', UNSUPPORTED, "文件格式不支持"),
    "GIF": (lambda: b"GIF89a" + bytes(100), UNSUPPORTED, "文件格式不支持"),
    "TIFF": (lambda: b"II*\0" + bytes(100), UNSUPPORTED, "文件格式不支持"),
    "PostScript": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n", UNSUPPORTED, "文件格式不支持"),
    "a ZIP": (hostile.archive, UNSUPPORTED, "文件格式不支持"),
    "a PDF that is HTML": (lambda: hostile.pdf_behind(hostile.HTML), UNSUPPORTED, "文件格式不支持"),
    "a PDF that is HTML after a blank": (
        lambda: hostile.pdf_behind(b" \n" + hostile.HTML),
        UNSUPPORTED,
        "文件格式不支持",
    ),
    "a PDF that is a ZIP": (lambda: hostile.pdf_behind(hostile.archive()), UNSUPPORTED, "文件格式不支持"),
    "a PDF that is a GIF": (lambda: hostile.pdf_behind(b"GIF89a"), UNSUPPORTED, "文件格式不支持"),
    "a PDF that is a script": (lambda: hostile.pdf_behind(b"#!/bin/sh\nid\n"), UNSUPPORTED, "文件格式不支持"),
    "a PDF with a ZIP behind it": (lambda: hostile.harmless_pdf() + hostile.archive(), OPENED, ""),
    "a JPEG that is a PDF": (hostile.jpeg_with_pdf_in_its_comment, OPENED, ""),
    "a JPEG with a page in its EXIF": (hostile.jpeg_with_page_in_its_exif, OPENED, ""),
    "a JPEG with a ZIP behind it": (lambda: badfiles.jpeg() + hostile.archive(), OPENED, ""),
    "JavaScript": (hostile.with_javascript, OPENED, ""),
    "a program to launch": (hostile.with_launch, OPENED, ""),
    "an embedded file": (hostile.with_embedded_file, OPENED, ""),
    "references to the outside": (hostile.with_outside_references, OPENED, ""),
    "a wrong table of objects": (hostile.with_broken_table, OPENED, ""),
    "10,000 pages": (hostile.of_many_pages, FindingCode.TOO_MANY_PAGES, "文件共10000页，最多30页"),
    "a count of two thousand million": (hostile.that_claims_pages, OPENED, ""),
    "pages in a ring": (hostile.of_pages_in_a_ring, DAMAGED, "文件已损坏"),
    "200,000 brackets": (hostile.of_nested_arrays, OPENED, ""),
}
HEAVY: dict[str, tuple[Maker, FindingCode | None, str]] = {
    "600 MB, packed": (hostile.flate_bomb, DAMAGED, "文件已损坏"),
    "600 MB, packed twice": (hostile.flate_bomb_twice, DAMAGED, "文件已损坏"),
    "400,000 glyphs": (badfiles.pdf_of_glyphs, OPENED, ""),
    "a picture of 900 megapixels in a PDF": (hostile.picture_bomb_in_a_pdf, OPENED, ""),
    "1,500 scans": (hostile.scans_bomb, OPENED, ""),
    "a drawing that draws itself": (hostile.of_forms_in_a_ring, DAMAGED, "文件已损坏"),
    "drawings in drawings": (hostile.of_drawings_in_drawings, DAMAGED, "文件已损坏"),
    "a pattern of a thousandth of a point": (hostile.of_a_tiny_pattern, DAMAGED, "文件已损坏"),
}


def opened(sandbox: Sandbox, data: bytes) -> Decoded | Finding:
    """As a reader does it, but for the reading."""
    refused = refusal(data, SETTINGS.files)
    if refused is not None:
        return refused
    try:
        decoded = sandbox.run(job_for(str(sniff(data)), 1, SETTINGS), data)
    except ChildFailed as lost:
        return child_refusal(lost.word, 0, SETTINGS.files)
    return child_refusal(decoded.error, decoded.measure, SETTINGS.files) if decoded.error else decoded


def check(sandbox: Sandbox, made: Maker, code: FindingCode | None, says: str) -> None:
    data, zygote = made(), sandbox.zygote_pid()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = opened(sandbox, data)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < GROWN_KILOBYTES
    if isinstance(found, Finding):
        assert (found.code, found.message[: len(says)]) == (code, says)
        assert found.advice
        with speaking("en"):
            english = finding_said(found)
        assert all(text and not HAN.search(text) for text in english)
    else:
        assert code is OPENED
        assert found.picture is not None
        assert found.peak_bytes < ChildLimits().address_space_bytes
    assert sandbox.zygote_pid() == zygote
    neighbour = opened(sandbox, badfiles.jpeg())
    assert isinstance(neighbour, Decoded)


@pytest.mark.parametrize(("made", "code", "says"), LIGHT.values(), ids=LIGHT)
def test_a_hostile_file_is_told_as_what_it_is(
    sandbox: Sandbox, made: Maker, code: FindingCode | None, says: str
) -> None:
    check(sandbox, made, code, says)


@pytest.mark.thorough
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("made", "code", "says"), HEAVY.values(), ids=HEAVY)
def test_a_bomb_hurts_itself_only(sandbox: Sandbox, made: Maker, code: FindingCode | None, says: str) -> None:
    check(sandbox, made, code, says)


@pytest.mark.parametrize(
    ("made", "planted"),
    [
        (hostile.jpeg_with_a_place, b"Model of somebody"),
        (hostile.jpeg_with_page_in_its_exif, b"<script>"),
        (hostile.jpeg_with_pdf_in_its_comment, b"%PDF-"),
        (lambda: badfiles.jpeg() + hostile.archive(), b"program.js"),
        (hostile.png_with_words, b"somebody"),
        (hostile.with_javascript, b"app.alert"),
        (hostile.with_embedded_file, b"program.exe"),
        (hostile.with_launch, b"/bin/sh"),
        (hostile.several_in_one, b"MPF\0"),
    ],
)
def test_of_what_came_along_nothing_is_in_the_copy_that_is_shown(sandbox: Sandbox, made: Maker, planted: bytes) -> None:
    data = made()
    assert planted in data
    copy = safe_copy(data, 1, "样本", sandbox=sandbox)
    assert planted not in copy
    shown = Image.open(io.BytesIO(copy))
    assert (shown.format, dict(shown.getexif())) == ("JPEG", {})
    assert copy.endswith(b"\xff\xd9")
