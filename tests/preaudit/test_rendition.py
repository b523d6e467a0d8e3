"""Safe copies: what staff look at is ours, not the upload."""

import io

import numpy as np
import pytest
from PIL import Image

from cases.findings import FindingCode
from preaudit.rendition import NotShowable, safe_copy
from preaudit.sandbox import Sandbox
from tests.preaudit import badfiles

MARK = "李审核 2026-01-05 粤0105-000123"


def test_a_copy_is_a_small_jpeg_without_metadata_and_with_a_watermark(sandbox: Sandbox) -> None:
    copy = safe_copy(badfiles.jpeg(4000, 3000, 6), 1, MARK, sandbox=sandbox)
    picture = Image.open(io.BytesIO(copy))
    assert (picture.format, picture.size) == ("JPEG", (1500, 2000))
    assert not picture.getexif()
    corner = np.asarray(picture.convert("L"))[1500:, :1400]
    assert 0.002 < (corner < 225).mean() < 0.5


def test_a_copy_has_the_colours_of_the_upload(sandbox: Sandbox) -> None:
    copy = safe_copy(badfiles.jpeg(400, 300, colour="red"), 1, MARK, sandbox=sandbox)
    red, green, blue = np.asarray(Image.open(io.BytesIO(copy))).reshape(-1, 3).mean(axis=0)
    assert red > 4 * max(green, blue)


def test_any_page_of_a_pdf_can_be_shown(sandbox: Sandbox) -> None:
    pdf = badfiles.pdf_of("first page of two here", "second page of two here")
    copies = [safe_copy(pdf, page, MARK, sandbox=sandbox) for page in (1, 2)]
    assert copies[0] != copies[1]


def test_what_cannot_be_opened_cannot_be_shown(sandbox: Sandbox) -> None:
    with pytest.raises(NotShowable) as refused:
        safe_copy(badfiles.truncated_jpeg(), 1, MARK, sandbox=sandbox)
    assert refused.value.finding.code is FindingCode.DAMAGED_FILE
