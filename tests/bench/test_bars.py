"""The plot of medians: each bar as long as its median says, the line where the goal is."""

from pathlib import Path

from PIL import Image

from bench.bars import BLUE, GREY, HEAD, RED, ROW, Bar, draw


def test_bars_are_as_long_as_their_medians(tmp_path: Path) -> None:
    plot = tmp_path / "plot.png"
    bars = [Bar("others", [1.0, 3.0, 2.0]), Bar("ours", [4.0, 4.0, 4.0], ours=True)]
    draw(plot, "A job", "milliseconds", bars, ("wanted", 2.0))
    picture = Image.open(plot)
    grey, blue = (_length(picture, place, colour) for place, colour in ((0, GREY), (1, BLUE)))
    assert abs(blue / grey - 2) < 0.05
    line = next(x for x in range(picture.width) if picture.getpixel((x, HEAD - 2)) == RED)
    assert abs(line - _end(picture, 0, GREY)) < 4


def _row(picture: Image.Image, place: int, colour: tuple[int, int, int]) -> list[int]:
    y = HEAD + place * ROW + 12
    return [x for x in range(picture.width) if picture.getpixel((x, y)) == colour]


def _length(picture: Image.Image, place: int, colour: tuple[int, int, int]) -> int:
    return len(_row(picture, place, colour))


def _end(picture: Image.Image, place: int, colour: tuple[int, int, int]) -> int:
    return max(_row(picture, place, colour))
