"""Who looks, when and at which case stands across the copy, and nothing but our own copies is opened."""

import io
from datetime import UTC, datetime

import pytest
from PIL import Image, ImageChops

from storage.watermark import NotOurs, marked, watermark

TEXT = watermark("张三", datetime(2026, 11, 22, 2, 0, tzinfo=UTC), "440105202611220000016")


def picture(wide: int, high: int, colour: int) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (wide, high), (colour,) * 3).save(made, "JPEG")
    return made.getvalue()


@pytest.mark.parametrize("colour", [250, 20])
@pytest.mark.parametrize("size", [(1600, 1200), (400, 1800), (640, 480)])
def test_every_part_of_a_light_and_of_a_dark_picture_bears_it(size: tuple[int, int], colour: int) -> None:
    plain = picture(*size, colour)
    seen = Image.open(io.BytesIO(marked(plain, TEXT))).convert("L")
    assert seen.size == size
    apart = ImageChops.difference(seen, Image.new("L", size, colour))
    for part in ((0, 0, size[0] // 2, size[1] // 2), (size[0] // 2, size[1] // 2, *size)):
        assert (apart.crop(part).getextrema()[1] or 0) > 15  # type: ignore[operator]


def test_it_says_beijing_time() -> None:
    assert TEXT == "张三 2026-11-22 10:00 440105202611220000016"


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"\xff\xd8\xff\xe0 not really a picture"])
def test_what_is_no_copy_of_ours_is_not_shown(data: bytes) -> None:
    with pytest.raises(NotOurs):
        marked(data, TEXT)
