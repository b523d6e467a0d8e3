"""What is wrong with a photograph, measured where it matters: on the text that was found, and the document around it.

Every problem is a measure past a threshold. Thresholds are calibrated against what the reading loses and on planted
defects (bench/quality.py prints and draws them), not against numbers from elsewhere: a good photograph that is refused costs a resident
more than a poor one that a person looks at.
"""

import math
from collections.abc import Callable, Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from cases.findings import Box, FindingCode
from cases.readings import Line, QualityProblem

from .emptiness import is_blank
from .geometry import Pixels, bounds, crop, height_of, width_of
from .glare import largest_spot
from .moire import grid_peak

LEAST_TEXT_HEIGHT = 12.0  # pixels of the upload: under it a third of the keys is lost; from 24 on 97 % are right
LEAST_TEXT = 4  # characters on the whole picture: fewer are specks of a view or a table taken for text
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
SCREEN_CERTAIN = (
    12.0  # patterned paper (registers, property certificates) reaches 11.4: below this it is noted, not refused
)
SCREEN_PEAK = 9.4
"""Real photographs of paper reach 6.5 (a printed ticket's guilloche 9.2), photographs of a display 9.5 to 22."""
SOFT_PAGE, SOFT_ALL_OVER = 0.20, 0.14
"""Sharpness of the document as a whole: good photographs have 0.24 and more, blurred ones up to 0.18; under the second
number even what was read is luck."""
SMALL_PART = 0.2
SMALLER_LINES = 35  # percentile
BURNT_GROUND = 0.7  # of a card's lines burnt white: good photographs reach 0.03
COLOURED = 8.0  # grey levels between the channels, on the average; a grey copy has 0 to 3
CUT_MARGIN, FEW_LINES = 0.35, 12
"""Heights of a line between its end and the edge of the picture: documents have margins."""
NORMAL_HEIGHT = 32
DIRECTIONS = tuple((math.cos(k * math.pi / 8), math.sin(k * math.pi / 8)) for k in range(8))
MOST_CROPS = 24  # the largest lines say enough
Grey = npt.NDArray[np.float32]
Area = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


def problems_of(
    pixels: Pixels, lines: Sequence[Line], scale: float = 1.0, *, is_card: bool = False, is_whole: bool = False
) -> tuple[QualityProblem, ...]:
    """`lines` in pixels of `pixels`, which are as photographed; `scale` pixels of the upload to one of them. `is_card`: of
    a card with a coloured ground; `is_whole`: nothing of its face may be outside the picture. Worst first is not promised.
    """
    if sum(len(line.text) for line in lines) < LEAST_TEXT:
        return tuple(_without_text(pixels, scale))
    crops, area = line_crops(pixels, lines), area_of(pixels, lines)
    checks = (
        too_small(lines, scale, min(pixels.shape[:2]) * scale),
        blurred(crops, lines, whole_sharpness(pixels, area)),
        too_dark(crops),
        overexposed(crops, is_card, _is_coloured(pixels)),
        glare(pixels, area),
        cut_off(pixels, lines, is_card or is_whole),
        screen_photo(pixels, area),
        unreadable(lines),
    )
    return tuple(each for each in checks if each is not None)


def area_of(pixels: Pixels, lines: Sequence[Line]) -> Area:
    """The document, as far as its text reaches, and a line's height around it: not the table behind it."""
    h, w = pixels.shape[:2]
    air = float(np.median([height_of(line.box) for line in lines]))
    left, top, right, bottom = bounds(line.box for line in lines)
    return int(max(0, left - air)), int(max(0, top - air)), int(min(w, right + air)), int(min(h, bottom + air))


def _is_coloured(pixels: Pixels) -> bool:
    """Not a photocopy: what burnt out has left its colours somewhere."""
    small = cv2.resize(pixels, (160, 120), interpolation=cv2.INTER_AREA).astype(np.int16)
    return float((small.max(axis=2) - small.min(axis=2)).mean()) >= COLOURED


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
    edges = whole_sharpness(pixels, (0, 0, pixels.shape[1], pixels.shape[0]))
    if edges < SOFT_BUT_READ:
        yield QualityProblem(FindingCode.BLURRED, round(edges, 3), SOFT)
    yield QualityProblem(FindingCode.UNREADABLE, 0.0, LEAST_SCORE)


def whole_sharpness(pixels: Pixels, area: Area) -> float:
    """Of the steepest edges anywhere in the area (in the picture, where the area is a small part of it): lines that are
    too soft to be found cannot be measured one by one."""
    left, top, right, bottom = area
    part = pixels[top:bottom, left:right]
    if part.size < SMALL_PART * pixels.size:
        part = pixels
    grey = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, None, fx=(f := min(1.0, 1024 / max(grey.shape))), fy=f, interpolation=cv2.INTER_AREA)
    line = small.astype(np.float32)
    contrast = float(np.percentile(line, 99) - np.percentile(line, 1))
    steps = (np.percentile(np.abs(np.diff(line, axis=axis)), 99.7) for axis in (0, 1))
    return float(min(steps) / max(contrast, 8.0))


def line_crops(pixels: Pixels, lines: Sequence[Line]) -> list[Grey]:
    """The largest lines, grey, straightened, at their own resolution."""
    largest = sorted(lines, key=lambda line: -width_of(line.box) * height_of(line.box))[:MOST_CROPS]
    return [cv2.cvtColor(crop(pixels, line.box), cv2.COLOR_BGR2GRAY).astype(np.float32) for line in largest]


def too_small(lines: Sequence[Line], scale: float, side: float = math.inf) -> QualityProblem | None:
    """By the smaller lines: a card's title is three times as high as what must be read on it. In a tiny picture (`side` in
    pixels of the upload) rows run together and seem high: there the reading tells."""
    if side < LEAST_SIDE and mean_score(lines) < HOPELESS_SCORE:
        return QualityProblem(FindingCode.TOO_SMALL, round(side, 1), LEAST_SIDE)
    height = text_height(lines) * scale
    if height >= LEAST_TEXT_HEIGHT:
        return None
    return QualityProblem(FindingCode.TOO_SMALL, round(height, 1), LEAST_TEXT_HEIGHT)


def text_height(lines: Sequence[Line]) -> float:
    return float(np.percentile([height_of(line.box) for line in lines], SMALLER_LINES))


def sharpness(grey: Grey) -> float:
    """How steep the steepest strokes are against the line's own contrast, across the blurriest direction, at a normal
    text height. Motion blurs one direction only, so the worst of eight is taken."""
    factor = NORMAL_HEIGHT / grey.shape[0]
    line = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)
    contrast = float(np.percentile(line, 97) - np.percentile(line, 3))
    if contrast < 8:
        return 0.0
    across, down = np.diff(line, axis=1)[:-1], np.diff(line, axis=0)[:, :-1]
    steps = (np.percentile(np.abs(across * x + down * y), 97) for x, y in DIRECTIONS)
    return float(min(steps) / contrast)


def blurred(crops: Sequence[Grey], lines: Sequence[Line], whole: float) -> QualityProblem | None:
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


def paper_level(crops: Sequence[Grey]) -> float:
    return float(np.median([np.percentile(each, 90) for each in crops]))


def too_dark(crops: Sequence[Grey]) -> QualityProblem | None:
    paper = paper_level(crops)
    return None if paper >= DARK_PAPER else QualityProblem(FindingCode.TOO_DARK, round(paper, 1), DARK_PAPER)


def overexposed(crops: Sequence[Grey], is_card: bool = False, is_coloured: bool = True) -> QualityProblem | None:
    """Burnt paper is harmless while the ink is dark; ink as pale as paper is lost. A card's ground is not white by itself:
    burnt all over, it has lost the portrait with it. Without colours it may be a scanned copy: that is only told."""
    ink = float(np.median([np.percentile(each, 5) for each in crops]))
    if paper_level(crops) < BURNT_PAPER:
        return None
    if ink >= BURNT_INK:
        return QualityProblem(FindingCode.OVEREXPOSED, round(ink, 1), BURNT_INK)
    burnt = burnt_share(crops)
    if not is_card or burnt < BURNT_GROUND:
        return None
    return QualityProblem(FindingCode.OVEREXPOSED, round(burnt, 3), BURNT_GROUND, is_coloured)


def burnt_share(crops: Sequence[Grey]) -> float:
    return float(np.median([(each >= BURNT_PAPER).mean() for each in crops]))


def glare(pixels: Pixels, area: Area) -> QualityProblem | None:
    """The largest burnt-out spot within the document, where the paper around is not burnt out itself."""
    spot = largest_spot(pixels, area)
    if spot is None or spot.share < GLARE_SHARE:
        return None
    return QualityProblem(FindingCode.GLARE, round(spot.share, 4), GLARE_SHARE, box=spot.box)


def cut_off(pixels: Pixels, lines: Sequence[Line], is_whole: bool) -> QualityProblem | None:
    """Lines that run into the edge of the picture on one or two sides; on more it is a page of a book, or a close-up.
    A card, or the form that was asked for, has a margin everywhere, so a cut one is refused; of another page we cannot
    know what is missing."""
    h, w = pixels.shape[:2]
    sides = [[line.box for line in lines if gap(line.box, w, h) < CUT_MARGIN * height_of(line.box)] for gap in _GAPS]
    least = 1 if len(lines) <= FEW_LINES else 2
    cut = [boxes for boxes in sides if len(boxes) >= max(least, 0.08 * len(lines))]
    if not cut or len(cut) > 2:
        return None
    most = max(cut, key=len)
    return QualityProblem(FindingCode.CUT_OFF, round(len(most) / len(lines), 3), 0.08, is_whole, most[0])


_GAPS: tuple[Callable[[Box, int, int], float], ...] = (
    lambda box, _w, _h: min(x for x, _ in box),
    lambda box, _w, _h: min(y for _, y in box),
    lambda box, w, _h: w - 1 - max(x for x, _ in box),
    lambda box, _w, h: h - 1 - max(y for _, y in box),
)


def screen_photo(pixels: Pixels, area: Area) -> QualityProblem | None:
    """Displays leave a regular grid, seen as a sharp peak in the spectrum of blank paper."""
    peak = grid_peak(pixels, area)
    if peak < SCREEN_PEAK:
        return None
    return QualityProblem(FindingCode.SCREEN_PHOTO, round(peak, 2), SCREEN_PEAK, blocking=peak >= SCREEN_CERTAIN)
