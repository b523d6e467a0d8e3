"""What is wrong with a photograph, measured where it matters: on the text that was found, and the document around it.

Every problem is a measure past a threshold. Thresholds are calibrated against what the reading loses and on planted
defects (bench/quality.py prints and draws them), not against numbers from elsewhere: a good photograph that is refused costs a resident
more than a poor one that a person looks at.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from cases.findings import FindingCode
from cases.readings import Line, QualityProblem

from .emptiness import is_blank
from .geometry import Pixels, bounds, crop, height_of, rectangle, width_of
from .glare import largest_spot
from .moire import lights
from .outline import cut_ground, cut_lines
from .reduced import reduced

LEAST_TEXT_HEIGHT = 12.0  # pixels of the upload: under it a third of the keys is lost; from 24 on 97 % are right
LEAST_TEXT = 4  # characters on the whole picture: fewer are specks of a view or a table taken for text
LEAST_OF_A_PAPER = 12  # characters: no paper of any kind has so few
LEAST_SIDE = 300  # a picture without any text under this many pixels is too small rather than empty
LEAST_SCORE = 0.90  # mean score of the lines: under it two thirds of the unreadable pictures and 2 % of the good ones
SOFT, SOFT_BUT_READ = 0.21, 0.155
"""Sharpness of text: sharp photographs have 0.32 to 0.78, those whose reading suffered under 0.21 (27 real pictures and
invented papers, blurred by 0.06 to 0.15 of the text height). Under the second number even a good reading is luck."""
SOFT_AND_POOR, POOR_SCORE = 0.30, 0.92
SURE_SCORE = 0.985
HOPELESS_SCORE = 0.85
DARK_PAPER = 62.0
BURNT_PAPER, BURNT_INK = 250.0, 170.0
GLARE_SHARE = 0.012
SCREEN_LIGHTS, SCREEN_CERTAIN = 2.3, 2.9
"""Powers of ten. Photographs of plain paper have 0 to 1.7, of paper finely printed all over in several inks up to 2.8,
displays that the camera resolves 3.1 to 5.2, and of the finer ones about two in three. Between the two numbers it is noted only."""
SHARP_SIDE = 1024
SOFT_PAGE, SOFT_ALL_OVER = 0.20, 0.14
"""Sharpness of the document as a whole: good photographs have 0.24 and more, blurred ones up to 0.18; under the second
number even what was read is luck."""
SMALL_PART = 0.2
SMALLER_LINES = 35  # percentile
BURNT_GROUND, GREY_INK = 0.8, 57.0
"""Of the document burnt, with its blackest ink so bright: over-exposed photographs have 0.87 and 59 and more; good ones
0.01, and scans, as white, ink of 54 at most (drawn and real ones)."""
WHITE_GROUND, COLOURED_GROUND, BURNT_COLOUR = 0.3, 1.3, 254
COLOURLESS, MOST_COLOURED, COLOUR_SIDE = 3.2, 99.7, 256
"""Distance in Lab: grey copies by phone reach 2.4 (5 in bad light: not told), coloured papers begin at 5.9; percentile; pixels."""
COLOURS_LOST = frozenset({FindingCode.OVEREXPOSED, FindingCode.TOO_DARK, FindingCode.TOO_SMALL})
DOCUMENT_SIDE = 1024  # pixels at least of the document's longest side, for what is no matter of single strokes
NORMAL_HEIGHT = 32
DIRECTIONS = tuple((math.cos(k * math.pi / 8), math.sin(k * math.pi / 8)) for k in range(8))
MOST_CROPS = 24  # the largest lines say enough
Area = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


@dataclass(frozen=True, eq=False)
class View:
    """The picture as photographed, its lines in its pixels, `area` that of the document, and the document made smaller."""

    pixels: Pixels
    grey: Pixels
    lines: Sequence[Line]
    area: Area
    document: Pixels


def view_of(pixels: Pixels, lines: Sequence[Line]) -> View:
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)
    left, top, right, bottom = area = area_of(pixels, lines)
    return View(pixels, grey, lines, area, reduced(pixels[top:bottom, left:right], DOCUMENT_SIDE))


def problems_of(
    pixels: Pixels,
    lines: Sequence[Line],
    scale: float = 1.0,
    *,
    is_card: bool = False,
    is_whole: bool = False,
    is_coloured: bool = False,
) -> tuple[QualityProblem, ...]:
    """`lines` in pixels of `pixels`, which are as photographed; `scale` pixels of the upload to one of them. `is_card`: of
    a card with a coloured ground; `is_whole`: nothing of its face may be outside the picture; `is_coloured`: an original
    of its kind is printed in colours. Worst first is not promised.
    """
    if sum(len(line.text) for line in lines) < LEAST_TEXT:
        return tuple(_without_text(pixels, scale))
    view = view_of(pixels, lines)
    crops = line_crops(view)
    checks = (
        too_small(lines, scale, min(pixels.shape[:2]) * scale),
        blurred(crops, lines, whole_sharpness(view.grey, view.area)),
        too_dark(crops),
        overexposed(view.document, crops),
        glare(view),
        cut_off(view, is_card=is_card, is_whole=is_whole),
        screen_photo(pixels, view.area),
        unreadable(lines),
    )
    found = tuple(each for each in checks if each is not None)
    copy = copied(view) if is_coloured and not COLOURS_LOST & {each.code for each in found} else None
    return (*found, copy) if copy else found


def copied(view: View) -> QualityProblem | None:
    """A grey copy of a paper that has colours. Whether the original was asked for, the item knows: it is only told."""
    colour = colourfulness(view)
    if colour >= COLOURLESS:
        return None
    return QualityProblem(FindingCode.COPY_NOT_ORIGINAL, round(colour, 2), COLOURLESS, blocking=False)


def colourfulness(view: View) -> float:
    """How far the most coloured places among the text lie from the usual colour there, in Lab: the lamp tints all alike."""
    document, (left, top, right, _) = view.document, view.area
    ratio = min(1.0, COLOUR_SIDE / max(document.shape[:2]))
    small = cv2.resize(document, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA)
    points = np.concatenate([np.asarray(line.box, np.float32) for line in view.lines]) - (left, top)
    hull = cv2.convexHull((points * small.shape[1] / (right - left)).astype(np.int32))
    inside = np.zeros(small.shape[:2], np.uint8)
    cv2.fillConvexPoly(inside, hull, 1)
    tints = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)[inside > 0, 1:]
    away = np.linalg.norm(tints - np.median(tints, axis=0), axis=1)
    return float(np.percentile(away, MOST_COLOURED)) if away.size else math.inf


def area_of(pixels: Pixels, lines: Sequence[Line]) -> Area:
    """The document, as far as its text reaches, and a line's height around it: not the table behind it."""
    h, w = pixels.shape[:2]
    air = float(np.median([height_of(line.box) for line in lines]))
    left, top, right, bottom = bounds(line.box for line in lines)
    return int(max(0, left - air)), int(max(0, top - air)), int(min(w, right + air)), int(min(h, bottom + air))


def _without_text(pixels: Pixels, scale: float) -> Iterator[QualityProblem]:
    if is_blank(pixels):
        yield QualityProblem(FindingCode.UNREADABLE, 0.0, LEAST_SCORE)
        return
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    side, white, dark = min(grey.shape) * scale, float(np.percentile(grey, 95)), float(np.percentile(grey, 5))
    if side < LEAST_SIDE:
        yield QualityProblem(FindingCode.TOO_SMALL, round(side, 1), LEAST_SIDE)
    if white < DARK_PAPER:
        yield QualityProblem(FindingCode.TOO_DARK, round(white, 1), DARK_PAPER)
    if dark > BURNT_INK and white > BURNT_PAPER:
        yield QualityProblem(FindingCode.OVEREXPOSED, round(dark, 1), BURNT_INK)
    whole = (0, 0, pixels.shape[1], pixels.shape[0])
    shown = screen_photo(pixels, whole)
    if shown is not None:
        yield shown
    edges = whole_sharpness(np.asarray(grey, np.uint8), whole)
    if edges < SOFT_BUT_READ:
        yield QualityProblem(FindingCode.BLURRED, round(edges, 3), SOFT)
    yield QualityProblem(FindingCode.UNREADABLE, 0.0, LEAST_SCORE)


def whole_sharpness(grey: Pixels, area: Area) -> float:
    """Of the steepest edges anywhere in the area (in the picture, where the area is a small part of it): lines that are
    too soft to be found cannot be measured one by one."""
    left, top, right, bottom = area
    part = grey[top:bottom, left:right]
    if part.size < SMALL_PART * grey.size:
        part = grey
    part = reduced(part, SHARP_SIDE)
    line = cv2.resize(part, None, fx=(f := min(1.0, SHARP_SIDE / max(part.shape))), fy=f, interpolation=cv2.INTER_AREA)
    contrast = float(np.subtract(*np.percentile(line, (99, 1))))
    steps = (np.percentile(cv2.absdiff(a, b), 99.7) for a, b in ((line[1:], line[:-1]), (line[:, 1:], line[:, :-1])))
    return float(min(steps) / max(contrast, 8.0))


def line_crops(view: View) -> list[Pixels]:
    """The largest lines, grey, straightened, at their own resolution."""
    largest = sorted(view.lines, key=lambda line: -width_of(line.box) * height_of(line.box))[:MOST_CROPS]
    return [crop(view.grey, line.box) for line in largest]


def too_small(lines: Sequence[Line], scale: float, side: float = math.inf) -> QualityProblem | None:
    """By the smaller lines: a card's title is three times as high as what must be read on it. In a tiny picture (`side` in
    pixels of the upload) rows run together and seem high, or a clear title is all that is found: there the reading tells."""
    next_to_nothing = mean_score(lines) < HOPELESS_SCORE or sum(len(line.text) for line in lines) < LEAST_OF_A_PAPER
    if side < LEAST_SIDE and next_to_nothing:
        return QualityProblem(FindingCode.TOO_SMALL, round(side, 1), LEAST_SIDE)
    height = text_height(lines) * scale
    if height >= LEAST_TEXT_HEIGHT:
        return None
    return QualityProblem(FindingCode.TOO_SMALL, round(height, 1), LEAST_TEXT_HEIGHT)


def text_height(lines: Sequence[Line]) -> float:
    return float(np.percentile([height_of(line.box) for line in lines], SMALLER_LINES))


def sharpness(grey: Pixels) -> float:
    """How steep the steepest strokes are against the line's own contrast, across the blurriest direction, at a normal
    text height. Motion blurs one direction only, so the worst of eight is taken."""
    factor = NORMAL_HEIGHT / grey.shape[0]
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    line = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=way).astype(np.float32)
    contrast = float(np.percentile(line, 97) - np.percentile(line, 3))
    if contrast < 8:
        return 0.0
    across, down = np.diff(line, axis=1)[:-1], np.diff(line, axis=0)[:, :-1]
    steps = (np.percentile(np.abs(across * x + down * y), 97) for x, y in DIRECTIONS)
    return float(min(steps) / contrast)


def blurred(crops: Sequence[Pixels], lines: Sequence[Line], whole: float) -> QualityProblem | None:
    """Soft strokes are refused where the reading suffered too; where it did not, a person is only told. Where the whole
    page is soft, the lines that were found are the lucky ones, or the largest."""
    sharp = float(np.median([sharpness(each) for each in crops if each.shape[1] >= each.shape[0]] or [1.0]))
    score, all_soft = mean_score(lines), whole < SOFT_PAGE
    if not (sharp < SOFT or (sharp < SOFT_AND_POOR and score < POOR_SCORE) or (all_soft and _is_lucky(sharp, score))):
        return None
    blocking = sharp < SOFT_BUT_READ or score < SURE_SCORE or whole < SOFT_ALL_OVER
    return QualityProblem(FindingCode.BLURRED, round(sharp, 3), SOFT, blocking)


def _is_lucky(sharp: float, score: float) -> bool:
    return sharp < SOFT_AND_POOR or score < HOPELESS_SCORE


def unreadable(lines: Sequence[Line]) -> QualityProblem | None:
    """The reader's own doubt, whatever its cause. At 0.90 it would refuse 63 % of the bad pictures
    and 2 % of the good ones; refusing starts a little lower, a person is told from there on."""
    score = mean_score(lines)
    if score >= LEAST_SCORE:
        return None
    return QualityProblem(FindingCode.UNREADABLE, round(score, 3), LEAST_SCORE, score < HOPELESS_SCORE)


def mean_score(lines: Sequence[Line]) -> float:
    return float(np.mean([line.confidence for line in lines])) if lines else 0.0


def tone(crops: Sequence[Pixels], part: float) -> float:
    """The grey level under which `part` hundredths of a line's pixels are, usually."""
    return float(np.median([_level(each, part) for each in crops]))


def _level(grey: Pixels, part: float) -> int:
    summed = np.cumsum(cv2.calcHist([grey], [0], None, [256], [0, 256]))
    return int(np.searchsorted(summed, part / 100 * grey.size))


def paper_level(crops: Sequence[Pixels]) -> float:
    return tone(crops, 90)


def too_dark(crops: Sequence[Pixels]) -> QualityProblem | None:
    paper = paper_level(crops)
    return None if paper >= DARK_PAPER else QualityProblem(FindingCode.TOO_DARK, round(paper, 1), DARK_PAPER)


def overexposed(document: Pixels, crops: Sequence[Pixels]) -> QualityProblem | None:
    """Burnt paper is harmless while the ink is dark: scans are white. Ink turned grey has been burnt too, and with it the
    faint things, a seal, a portrait; ink as pale as paper is lost."""
    ink = tone(crops, 1), tone(crops, 5)
    burnt = burnt_share(document)
    if burnt >= BURNT_GROUND and ink[0] >= GREY_INK:
        return QualityProblem(FindingCode.OVEREXPOSED, round(burnt, 3), BURNT_GROUND)
    if paper_level(crops) < BURNT_PAPER or ink[1] < BURNT_INK:
        return None
    return QualityProblem(FindingCode.OVEREXPOSED, round(ink[1], 1), BURNT_INK)


def burnt_share(document: Pixels) -> float:
    """Of the document. A coloured ground is burnt where its brightest colour is: it counts more, for less of it burns."""
    blue, green, red = cv2.split(document)
    burnt = _share_from(np.asarray(cv2.min(cv2.min(blue, green), red), np.uint8), BURNT_PAPER)
    if burnt > WHITE_GROUND:
        return burnt
    return min(
        1.0, COLOURED_GROUND * _share_from(np.asarray(cv2.max(cv2.max(blue, green), red), np.uint8), BURNT_COLOUR)
    )


def _share_from(grey: Pixels, level: float) -> float:
    return int(np.count_nonzero(grey >= level)) / grey.size


def glare(view: View) -> QualityProblem | None:
    """The largest burnt-out spot within the document, where the paper around is not burnt out itself."""
    spot = largest_spot(view.document)
    if spot is None or spot.share < GLARE_SHARE:
        return None
    left, top, right, _ = view.area
    ratio = (right - left) / view.document.shape[1]
    x0, y0, x1, y1 = bounds([spot.box])
    box = rectangle(left + x0 * ratio, top + y0 * ratio, left + x1 * ratio, top + y1 * ratio)
    return QualityProblem(FindingCode.GLARE, round(spot.share, 4), GLARE_SHARE, box=box)


def cut_off(view: View, *, is_card: bool, is_whole: bool) -> QualityProblem | None:
    """A card, or the form that was asked for, has a margin everywhere, so one whose lines are cut is refused; of another
    page we cannot know what is missing. Where only the ground runs out of the picture, a card is refused: another page may
    be a leaf of a book, or lie on a pile."""
    by_lines = cut_lines(view.grey.shape, view.lines)
    cut = by_lines or cut_ground(view.pixels, view.lines)
    if cut is None:
        return None
    blocking = is_card or (is_whole and by_lines is not None)
    return QualityProblem(FindingCode.CUT_OFF, round(cut.share, 3), cut.least, blocking, cut.box)


def screen_photo(pixels: Pixels, area: Area) -> QualityProblem | None:
    """A display's lights are out of step with each other, as printed colours are not."""
    found = lights(pixels, area)
    if found < SCREEN_LIGHTS:
        return None
    return QualityProblem(FindingCode.SCREEN_PHOTO, round(found, 2), SCREEN_CERTAIN, blocking=found >= SCREEN_CERTAIN)
