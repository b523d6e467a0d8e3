"""Are spoilt pictures found for what is wrong with them, and good ones left alone? The calibration of `preaudit.images.quality`.

`python -m bench.quality [--each N]` photographs invented papers of every kind with text at the "phone" level, each defect of
`bench.spoilt` planted at several strengths, prints the table and draws `bench/quality.png`: where the measures of good and
spoilt pictures lie, and the threshold between them. Good ones lie on tables of all sorts; beside them are papers that are
easily taken for spoilt, white scans and grounds printed all over. The people are not those of the tests, nor those on which
the thresholds were chosen.
"""

import argparse
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw

from bench.spoilt import COLOURED, COPY, FINE, GOOD_ONES, Shot, shots
from bench.tables import share, table
from cases.readings import Reading
from preaudit.images import quality
from preaudit.images.glare import largest_spot
from preaudit.images.moire import lights
from preaudit.images.outline import LEAST_CUT, RUNS_OUT, cut_ground, cut_lines
from preaudit.reading import Reader
from tests.specimens.applications import FORM_FIELDS
from tests.specimens.fonts import font

PLOT = Path(__file__).with_name("quality.png")


@dataclass(frozen=True)
class Looked:
    """A picture, what was said of it, and its measures."""

    shot: Shot
    reading: Reading
    measures: Mapping[str, float]

    @property
    def code(self) -> str:
        return self.shot.code

    @property
    def named(self) -> bool:
        return self.code in {str(p.code) for p in self.reading.problems}

    @property
    def refused_for_it(self) -> bool:
        return self.code in {str(p.code) for p in self.reading.problems if p.blocking}


def look(reader: Reader, shot: Shot) -> Looked:
    labels = FORM_FIELDS if shot.kind == "application_form" else None
    (reading,) = reader.read(shot.data, name="page", document=shot.kind, form_labels=labels)
    return Looked(shot, reading, _measures(shot.data, reading))


def _measures(data: bytes, reading: Reading) -> dict[str, float]:
    """By defect. Of a page without any line only the sharpness is known."""
    pixels = np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    lines = reading.lines
    if not lines:
        grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)
        sharp = quality.whole_sharpness(grey, (0, 0, pixels.shape[1], pixels.shape[0]))
        return {"focus": sharp, "motion": sharp}
    view = quality.view_of(pixels, lines)
    crops, spot = quality.line_crops(view), largest_spot(view.document)
    by_lines, by_ground = cut_lines(view.grey.shape, lines), cut_ground(pixels, lines)
    sharp = quality.whole_sharpness(view.grey, view.area)
    return {
        "focus": sharp,
        "motion": sharp,
        "dark": quality.paper_level(crops),
        "overexposed": quality.burnt_share(view.document),
        "glare": spot.share if spot else 0.0,
        "cut": max(by_lines.share / LEAST_CUT if by_lines else 0, by_ground.share / RUNS_OUT if by_ground else 0),
        "small": quality.text_height(lines),
        "screen": (shown := lights(pixels, view.area)),
        FINE: shown,
        COPY: quality.colourfulness(view),
    }


# -- the table --------------------------------------------------------------------------------------------------------

HEADS = ("planted", "n", "named", "refused for it", "refused at all")


def rows(looked: list[Looked]) -> list[tuple[object, ...]]:
    groups = defaultdict[str, list[Looked]](list)
    for each in looked:
        groups[each.shot.planted].append(each)
    return [_row(planted, group) for planted, group in groups.items()]


def _row(planted: str, group: list[Looked]) -> tuple[object, ...]:
    refused = share(sum(not x.reading.acceptable for x in group), len(group))
    if planted in GOOD_ONES:
        return planted, len(group), share(sum(bool(x.reading.problems) for x in group), len(group)), "–", refused
    named = share(sum(x.named for x in group), len(group))
    return planted, len(group), named, share(sum(x.refused_for_it for x in group), len(group)), refused


# -- the plot ---------------------------------------------------------------------------------------------------------

PANELS: tuple[tuple[str, str, float, tuple[float, ...]], ...] = (
    ("focus", "out of focus: steepest edges of the page", 0.8, (quality.SOFT_ALL_OVER, quality.SOFT_PAGE)),
    ("motion", "moved: steepest edges of the page", 0.8, (quality.SOFT_ALL_OVER, quality.SOFT_PAGE)),
    ("dark", "too dark: light of the paper", 280, (quality.DARK_PAPER,)),
    ("overexposed", "over-exposed: burnt share of the document (and its ink grey)", 1, (quality.BURNT_GROUND,)),
    ("glare", "glare: burnt share of the document", 0.4, (quality.GLARE_SHARE,)),
    ("cut", "cut off: words or ground at the edge, times the threshold", 6, (1,)),
    ("small", "too small: height of a line, pixels", 80, (quality.LEAST_TEXT_HEIGHT,)),
    ("screen", "screen: colours out of step, powers of ten", 6, (quality.SCREEN_LIGHTS, quality.SCREEN_CERTAIN)),
    (COPY, "grey copy: the most coloured places, Lab", 60, (quality.COLOURLESS,)),
    (FINE, "screen too fine for the camera", 6, (quality.SCREEN_LIGHTS, quality.SCREEN_CERTAIN)),
)
"""Defect, what is measured, the right end of the axis, the thresholds: told, refused."""
WIDTH, HEIGHT, COLUMNS, EDGE = 620, 190, 2, 24
PAPER, INK, PALE, BLUE, RED = (255, 255, 255), (40, 40, 44), (210, 212, 216), (58, 108, 178), (206, 74, 56)


def draw(looked: list[Looked], path: Path = PLOT) -> None:
    picture = Image.new("RGB", (COLUMNS * WIDTH, len(PANELS) // COLUMNS * HEIGHT + 50), PAPER)
    pen = ImageDraw.Draw(picture)
    for place, (colour, text) in enumerate(((BLUE, "good"), (RED, "defect planted"), (INK, "threshold"))):
        x = EDGE + place * 180
        pen.ellipse((x, 18, x + 10, 28), fill=colour) if colour is not INK else pen.line((x + 5, 12, x + 5, 32), INK, 2)
        pen.text((x + 20, 23), text, fill=INK, font=font(17), anchor="lm")
    for place, panel in enumerate(PANELS):
        _panel(pen, place % COLUMNS * WIDTH + EDGE, place // COLUMNS * HEIGHT + 50, panel, looked)
    picture.save(path, optimize=True)


def _panel(
    pen: ImageDraw.ImageDraw, x: int, y: int, panel: tuple[str, str, float, tuple[float, ...]], looked: list[Looked]
) -> None:
    planted, title, most, thresholds = panel
    width, base = WIDTH - 2 * EDGE, y + HEIGHT - 48
    pen.text((x, y + 14), title, fill=INK, font=font(18), anchor="lm")
    pen.line((x, base, x + width, base), PALE, 2)
    for part in (0, 0.25, 0.5, 0.75, 1):
        pen.line((x + part * width, base, x + part * width, base + 5), PALE, 2)
        pen.text((x + part * width, base + 16), f"{most * part:g}", fill=INK, font=font(13), anchor="mm")
    for level, (names, colour) in enumerate(((GOOD_ONES, BLUE), ((planted,), RED))):
        values = [each.measures[planted] for each in looked if each.shot.planted in names and _fits(each, planted)]
        for place, value in enumerate(values):
            at = x + min(1.0, value / most) * width, base - 28 - 38 * level - place * 7 % 23
            pen.ellipse((at[0] - 4, at[1] - 4, at[0] + 4, at[1] + 4), outline=colour, width=2)
    for threshold in thresholds:
        pen.line((x + threshold / most * width, y + 34, x + threshold / most * width, base), INK, 2)


def _fits(each: Looked, planted: str) -> bool:
    """Measured at all; and a paper without colours says nothing of grey copies."""
    return planted in each.measures and (planted != COPY or each.shot.kind in COLOURED)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.quality", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--each", type=int, default=28, help="pictures of each defect; twice as many good (default 28)")
    asked = parser.parse_args()
    reader = Reader()
    reader.warm()
    looked = [look(reader, shot) for shot in shots(asked.each)]
    reader.close()
    print(table(HEADS, rows(looked)))
    for each in looked:
        if each.shot.planted in GOOD_ONES and not each.reading.acceptable:
            print(each.shot.planted, "and refused:", each.shot.kind, [str(p.code) for p in each.reading.problems])
        elif each.shot.planted not in GOOD_ONES and not each.named:
            print("not named:", each.shot.planted, each.shot.kind, {k: round(v, 3) for k, v in each.measures.items()})
    draw(looked)


if __name__ == "__main__":
    main()
