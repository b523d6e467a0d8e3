"""Opening pictures: upright, three plain colours, metadata gone."""

import io
import os
import tempfile

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from preaudit.decoding import decode
from preaudit.guard import sniff
from preaudit.opening import job_for
from preaudit.replies import Decoded
from preaudit.sandbox import Sandbox
from preaudit.settings import PreauditSettings
from tests.preaudit import badfiles

CORNERS = {0: "tl", 1: "tl", 2: "tr", 3: "br", 4: "bl", 5: "tl", 6: "tr", 7: "br", 8: "bl", 9: "tl", 77: "tl"}
"""Where the black block of `badfiles.jpeg` lies once the orientation was applied."""


def opened(sandbox: Sandbox, data: bytes) -> Decoded:
    return sandbox.run(job_for(str(sniff(data)), 1, PreauditSettings()), data)


def black_corner(decoded: Decoded) -> str:
    assert decoded.picture is not None
    dark = decoded.picture.mean(axis=2) < 128
    rows, columns = np.nonzero(dark)
    top = "t" if rows.mean() < dark.shape[0] / 2 else "b"
    return top + ("l" if columns.mean() < dark.shape[1] / 2 else "r")


@pytest.mark.parametrize(("orientation", "corner"), CORNERS.items())
def test_exif_orientation_is_applied_and_nonsense_is_ignored(sandbox: Sandbox, orientation: int, corner: str) -> None:
    decoded = opened(sandbox, badfiles.jpeg(320, 200, orientation))
    assert black_corner(decoded) == corner
    assert (decoded.width, decoded.height) == ((200, 320) if 5 <= orientation <= 8 else (320, 200))


@pytest.mark.parametrize(("width", "decoded_width"), [(1000, 500), (700, 512), (512, 512), (400, 400)])
def test_a_jpeg_of_which_half_is_as_much_as_can_be_used_is_decoded_at_half_size(width: int, decoded_width: int) -> None:
    with tempfile.TemporaryFile() as pixels:
        reply = decode(job_for("jpeg", 1, PreauditSettings(), side=512), badfiles.jpeg(width, 300, 1), pixels)
        size = os.fstat(pixels.fileno()).st_size
    assert (reply["width"], reply["height"], reply["picture"][0]) == (width, 300, decoded_width)
    assert size == 3 * decoded_width * reply["picture"][1]


def test_a_photograph_with_another_behind_it_is_decoded_at_half_size_too() -> None:
    out = io.BytesIO()
    first, behind = Image.new("RGB", (1000, 300), "white"), Image.new("L", (250, 75))
    first.save(out, "MPO", save_all=True, append_images=[behind])
    with tempfile.TemporaryFile() as pixels:
        reply = decode(job_for("jpeg", 1, PreauditSettings(), side=512), out.getvalue(), pixels)
    assert (reply["width"], reply["height"], *reply["picture"]) == (1000, 300, 500, 150)


def test_garbage_exif_does_not_hurt(sandbox: Sandbox) -> None:
    assert black_corner(opened(sandbox, badfiles.jpeg_with_garbage_exif())) == "tl"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "PDF"])
def test_pixels_are_blue_green_red_and_nobody_can_change_them(sandbox: Sandbox, form: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (250, 120, 10)).save(out, form)
    picture = opened(sandbox, out.getvalue()).picture
    assert picture is not None
    middle = picture[picture.shape[0] // 2, picture.shape[1] // 2]
    assert np.abs(middle.astype(int) - (10, 120, 250)).max() <= 3
    with pytest.raises(ValueError, match="read-only"):
        picture[0, 0, 0] = 0


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16", "CMYK"])
def test_every_colour_mode_becomes_three_colours(sandbox: Sandbox, mode: str) -> None:
    out = io.BytesIO()
    picture = Image.new("L", (60, 40), 255)
    picture.paste(0, (0, 0, 15, 10))
    if mode == "I;16":
        Image.fromarray(np.asarray(picture, np.uint16) * 257).save(out, "PNG")
    else:
        picture.convert("RGB").convert(mode).save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert black_corner(opened(sandbox, out.getvalue())) == "tl"


def test_transparency_lies_over_white(sandbox: Sandbox) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(out, "PNG")
    picture = opened(sandbox, out.getvalue()).picture
    assert picture is not None
    assert picture.min() == 255


@pytest.mark.parametrize("form", ["WEBP", "HEIF"])
def test_webp_and_heic_are_opened_too(sandbox: Sandbox, form: str) -> None:
    pillow_heif.register_heif_opener()
    out = io.BytesIO()
    Image.open(io.BytesIO(badfiles.jpeg(320, 200))).convert("RGB").save(out, form)
    assert black_corner(opened(sandbox, out.getvalue())) == "tl"


def test_a_large_photograph_is_shrunk_and_its_own_size_remembered(sandbox: Sandbox) -> None:
    decoded = opened(sandbox, badfiles.jpeg(6000, 3000))
    assert decoded.picture is not None
    assert decoded.picture.shape == (2048, 4096, 3)
    assert (decoded.width, decoded.height) == (6000, 3000)


def test_a_pdf_without_words_is_rasterised(sandbox: Sandbox) -> None:
    decoded = opened(sandbox, badfiles.pdf([b""], ""))
    assert decoded.words == ()
    assert decoded.picture is not None
    assert decoded.picture.shape[:2] == (2339, 1653)


def test_words_of_a_pdf_stand_where_they_are_drawn(sandbox: Sandbox) -> None:
    decoded = opened(sandbox, badfiles.pdf_of("Words that can be read without eyes"))
    ((text, (left, top, right, bottom)),) = decoded.words
    assert text == "Words that can be read without eyes"
    assert decoded.picture is not None
    ink = decoded.picture[int(top) : int(bottom), int(left) : int(right)].min()
    assert ink < 80
    assert decoded.picture[int(bottom) + 20 :].min() == 255


def test_a_page_of_a_giant_format_stays_within_the_working_size(sandbox: Sandbox) -> None:
    decoded = opened(sandbox, badfiles.pdf([b""], "", box="0 0 14400 14400"))
    assert decoded.picture is not None
    assert max(decoded.picture.shape) <= 4096
