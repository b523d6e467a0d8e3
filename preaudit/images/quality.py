"""What is wrong with a photograph, measured where it matters: on the text that was found.

Every problem is a measure past a threshold. Thresholds are calibrated against what the reading loses (see
tests/preaudit/test_quality.py), not against numbers from elsewhere: a good photograph that is refused costs a resident
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
from .geometry import Pixels, bounds, crop, height_of, rectangle, width_of

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
SCREEN_PEAK = 10.0
"""Real photographs of paper reach 6 (a printed ticket's guilloche 9), photographs of a display 11 to 19."""
SPECTRUM_SIDE, SPECTRUM_TILES = 256, 4
CUT_MARGIN, FEW_LINES = 0.35, 12
"""Heights of a line between its end and the edge of the picture: documents have margins."""
NORMAL_HEIGHT = 32
DIRECTIONS = tuple((math.cos(k * math.pi / 8), math.sin(k * math.pi / 8)) for k in range(8))
MOST_CROPS = 24  # the largest lines say enough
Grey = npt.NDArray[np.float32]


def problems_of(
    pixels: Pixels, lines: Sequence[Line], scale: float = 1.0, *, is_card: bool = False
) -> tuple[QualityProblem, ...]:
    """`lines` in pixels of `pixels`; `scale` pixels of the upload to one of them. Worst first is not promised."""
    if sum(len(line.text) for line in lines) < LEAST_TEXT:
        return tuple(_without_text(pixels, scale))
    crops = _crops(pixels, lines)
    checks = (
        too_small(lines, scale),
        blurred(crops, lines),
        too_dark(crops),
        overexposed(crops),
        glare(pixels, lines),
        cut_off(pixels, lines, is_card),
        screen_photo(pixels),
        unreadable(lines),
    )
    return tuple(each for each in checks if each is not None)


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
    edges = _whole_sharpness(np.asarray(grey, np.uint8))
    if edges < SOFT_BUT_READ:
        yield QualityProblem(FindingCode.BLURRED, round(edges, 3), SOFT)
    yield QualityProblem(FindingCode.UNREADABLE, 0.0, LEAST_SCORE)


def _whole_sharpness(grey: Pixels) -> float:
    """Of the steepest edges anywhere, for a picture in which no text was found."""
    small = cv2.resize(grey, None, fx=(f := min(1.0, 1024 / max(grey.shape))), fy=f, interpolation=cv2.INTER_AREA)
    line = small.astype(np.float32)
    contrast = float(np.percentile(line, 99) - np.percentile(line, 1))
    steps = (np.percentile(np.abs(np.diff(line, axis=axis)), 99.7) for axis in (0, 1))
    return float(min(steps) / max(contrast, 8.0))


def _crops(pixels: Pixels, lines: Sequence[Line]) -> list[Grey]:
    """The largest lines, grey, straightened, at their own resolution."""
    largest = sorted(lines, key=lambda line: -width_of(line.box) * height_of(line.box))[:MOST_CROPS]
    return [cv2.cvtColor(crop(pixels, line.box), cv2.COLOR_BGR2GRAY).astype(np.float32) for line in largest]


def too_small(lines: Sequence[Line], scale: float) -> QualityProblem | None:
    height = float(np.median([height_of(line.box) for line in lines])) * scale
    if height >= LEAST_TEXT_HEIGHT:
        return None
    return QualityProblem(FindingCode.TOO_SMALL, round(height, 1), LEAST_TEXT_HEIGHT)


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


def blurred(crops: Sequence[Grey], lines: Sequence[Line]) -> QualityProblem | None:
    """Soft strokes are refused where the reading suffered too; where it did not, a person is only told."""
    sharp = float(np.median([sharpness(each) for each in crops if each.shape[1] >= each.shape[0]] or [1.0]))
    score = mean_score(lines)
    if sharp >= SOFT and not (sharp < SOFT_AND_POOR and score < POOR_SCORE):
        return None
    blocking = sharp < SOFT_BUT_READ or score < SURE_SCORE
    return QualityProblem(FindingCode.BLURRED, round(sharp, 3), SOFT, blocking)


def unreadable(lines: Sequence[Line]) -> QualityProblem | None:
    """The reader's own doubt, whatever its cause. At 0.90 it would refuse 63 % of the bad pictures
    and 2 % of the good ones; refusing starts a little lower, a person is told from there on."""
    score = mean_score(lines)
    if score >= LEAST_SCORE:
        return None
    return QualityProblem(FindingCode.UNREADABLE, round(score, 3), LEAST_SCORE, score < HOPELESS_SCORE)


def mean_score(lines: Sequence[Line]) -> float:
    return float(np.mean([line.confidence for line in lines])) if lines else 0.0


def _paper(crops: Sequence[Grey]) -> float:
    return float(np.median([np.percentile(each, 90) for each in crops]))


def too_dark(crops: Sequence[Grey]) -> QualityProblem | None:
    paper = _paper(crops)
    return None if paper >= DARK_PAPER else QualityProblem(FindingCode.TOO_DARK, round(paper, 1), DARK_PAPER)


def overexposed(crops: Sequence[Grey]) -> QualityProblem | None:
    """Burnt paper is harmless while the ink is dark; ink as pale as paper is lost."""
    ink = float(np.median([np.percentile(each, 5) for each in crops]))
    if _paper(crops) < BURNT_PAPER or ink < BURNT_INK:
        return None
    return QualityProblem(FindingCode.OVEREXPOSED, round(ink, 1), BURNT_INK)


def glare(pixels: Pixels, lines: Sequence[Line]) -> QualityProblem | None:
    """The largest burnt-out spot within the text, where the paper around is not burnt out itself."""
    left, top, right, bottom = (int(x) for x in bounds(line.box for line in lines))
    area = pixels[max(0, top) : bottom, max(0, left) : right]
    if min(area.shape[:2]) < 32:
        return None
    ratio = 512 / max(area.shape[:2])
    small = cv2.resize(area, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA)
    burnt = (small.min(axis=2) >= 250).astype(np.uint8)
    if np.median(small.max(axis=2)) >= 245:
        return None
    burnt = cv2.morphologyEx(burnt, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(burnt)
    if count < 2:
        return None
    x, y, w, h, size = stats[1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))]
    share = float(size) / burnt.size
    if share < GLARE_SHARE:
        return None
    spot = rectangle(left + x / ratio, top + y / ratio, left + (x + w) / ratio, top + (y + h) / ratio)
    return QualityProblem(FindingCode.GLARE, round(share, 4), GLARE_SHARE, box=spot)


def cut_off(pixels: Pixels, lines: Sequence[Line], is_card: bool) -> QualityProblem | None:
    """Lines that run into the edge of the picture on one or two sides; on more it is a page of a book, or a close-up.
    A card has the same face everywhere, so a cut one is refused; of a page we cannot know what is missing."""
    h, w = pixels.shape[:2]
    sides = [[line.box for line in lines if gap(line.box, w, h) < CUT_MARGIN * height_of(line.box)] for gap in _GAPS]
    least = 1 if len(lines) <= FEW_LINES else 2
    cut = [boxes for boxes in sides if len(boxes) >= max(least, 0.08 * len(lines))]
    if not cut or len(cut) > 2:
        return None
    most = max(cut, key=len)
    return QualityProblem(FindingCode.CUT_OFF, round(len(most) / len(lines), 3), 0.08, is_card, most[0])


_GAPS: tuple[Callable[[Box, int, int], float], ...] = (
    lambda box, _w, _h: min(x for x, _ in box),
    lambda box, _w, _h: min(y for _, y in box),
    lambda box, w, _h: w - 1 - max(x for x, _ in box),
    lambda box, _w, h: h - 1 - max(y for _, y in box),
)


def screen_photo(pixels: Pixels) -> QualityProblem | None:
    """Displays leave a regular grid on the whole picture, seen as a sharp peak in its spectrum."""
    peak = grid_peak(pixels)
    if peak < SCREEN_PEAK:
        return None
    return QualityProblem(FindingCode.SCREEN_PHOTO, round(peak, 2), SCREEN_PEAK)


def grid_peak(pixels: Pixels) -> float:
    """Height of the strongest high-frequency peak, in standard deviations, of the mean log spectrum of tiles all over
    the picture at its own resolution. Averaging keeps what is the same everywhere: a grid, not the print."""
    side, (h, w) = SPECTRUM_SIDE, pixels.shape[:2]
    if min(h, w) < side:
        return 0.0
    tiles = [
        pixels[y : y + side, x : x + side]
        for y in np.linspace(0, h - side, min(SPECTRUM_TILES, h // side)).astype(int)
        for x in np.linspace(0, w - side, min(SPECTRUM_TILES, w // side)).astype(int)
    ]
    spectrum = np.mean([_log_spectrum(np.asarray(tile, np.uint8)) for tile in tiles], axis=0)
    rest = spectrum - cv2.GaussianBlur(spectrum, (0, 0), 5)
    y, x = np.ogrid[:side, :side]
    away, off_axes = np.hypot(y - side / 2, x - side / 2), (np.abs(y - side / 2) > 3) & (np.abs(x - side / 2) > 3)
    ring = rest[(away > side * 0.12) & (away < side * 0.49) & off_axes]
    return float(ring.max() / (ring.std() + 1e-6))


def _log_spectrum(tile: Pixels) -> Grey:
    grey = cv2.cvtColor(tile, cv2.COLOR_BGR2GRAY).astype(np.float32)
    window = np.outer(np.hanning(len(grey)), np.hanning(len(grey)))
    return np.asarray(np.log1p(np.abs(np.fft.fftshift(np.fft.fft2((grey - grey.mean()) * window)))), np.float32)
