"""What is wrong with a photograph, measured where it matters: on the text that was found.

Every problem is a measure past a threshold. Thresholds are calibrated against what the reading loses (see
tests/preaudit/test_quality.py), not against numbers from elsewhere: a good photograph that is refused costs a resident
more than a poor one that a person looks at.
"""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from cases.findings import Box, FindingCode
from cases.readings import Line, QualityProblem

from .geometry import Pixels, bounds, crop, height_of, rectangle, width_of

LEAST_TEXT_HEIGHT = 12.0  # pixels of the upload: under it a third of the keys is lost; from 24 on 97 % are right
LEAST_SIDE = 300  # a picture without any text under this many pixels is too small rather than empty
LEAST_SCORE = 0.90  # mean score of the lines: under it two thirds of the unreadable pictures and 2 % of the good ones
LEAST_SHARPNESS = 0.30
DARK_PAPER = 62.0
BURNT_PAPER, BURNT_INK = 250.0, 170.0
GLARE_SHARE = 0.012
SCREEN_PEAK = 9.0
NORMAL_HEIGHT = 32
MOST_CROPS = 24  # the largest lines say enough
Grey = npt.NDArray[np.float32]


def problems_of(pixels: Pixels, lines: Sequence[Line], scale: float = 1.0) -> tuple[QualityProblem, ...]:
    """`lines` in pixels of `pixels`; `scale` pixels of the upload to one of them. Worst first is not promised."""
    if not lines:
        return tuple(_without_text(pixels, scale))
    crops = _crops(pixels, lines)
    checks = (
        too_small(lines, scale),
        blurred(crops, lines),
        too_dark(crops),
        overexposed(crops),
        glare(pixels, lines),
        cut_off(pixels, lines),
        screen_photo(pixels),
    )
    return tuple(each for each in checks if each is not None)


def _without_text(pixels: Pixels, scale: float) -> Iterator[QualityProblem]:
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    side, white, dark = min(grey.shape) * scale, float(np.percentile(grey, 95)), float(np.percentile(grey, 5))
    if side < LEAST_SIDE:
        yield QualityProblem(FindingCode.TOO_SMALL, round(side, 1), LEAST_SIDE)
    if white < DARK_PAPER:
        yield QualityProblem(FindingCode.TOO_DARK, round(white, 1), DARK_PAPER)
    if dark > BURNT_INK and white > BURNT_PAPER:
        yield QualityProblem(FindingCode.OVEREXPOSED, round(dark, 1), BURNT_INK)
    yield QualityProblem(FindingCode.UNREADABLE, 0.0, 1.0)


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
    text height. Motion blurs one direction only, so the worse of two is taken."""
    factor = NORMAL_HEIGHT / grey.shape[0]
    line = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)
    contrast = float(np.percentile(line, 97) - np.percentile(line, 3))
    if contrast < 8:
        return 0.0
    across = np.percentile(np.abs(np.diff(line, axis=1)), 97)
    down = np.percentile(np.abs(np.diff(line, axis=0)), 97)
    return float(min(across, down) / contrast)


def blurred(crops: Sequence[Grey], lines: Sequence[Line]) -> QualityProblem | None:
    """Soft strokes alone are not refused: the reading must have suffered too."""
    sharp = float(np.median([sharpness(each) for each in crops if each.shape[1] >= each.shape[0]] or [1.0]))
    score = mean_score(lines)
    if sharp >= LEAST_SHARPNESS or (score >= LEAST_SCORE and sharp >= LEAST_SHARPNESS * 0.6):
        return None
    return QualityProblem(FindingCode.BLURRED, round(sharp, 3), LEAST_SHARPNESS)


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


def cut_off(pixels: Pixels, lines: Sequence[Line]) -> QualityProblem | None:
    """Lines that run into the edge of the picture."""
    h, w = pixels.shape[:2]
    touching = [line.box for line in lines if _touches(line.box, w, h)]
    share = len(touching) / len(lines)
    if len(touching) < 2 or share < 0.15:
        return None
    return QualityProblem(FindingCode.CUT_OFF, round(share, 3), 0.15, blocking=False, box=touching[0])


def _touches(box: Box, width: int, height: int) -> bool:
    xs, ys = [x for x, _ in box], [y for _, y in box]
    return min(xs) <= 1 or min(ys) <= 1 or max(xs) >= width - 2 or max(ys) >= height - 2


def screen_photo(pixels: Pixels) -> QualityProblem | None:
    """Displays leave a regular grid: a sharp peak far from the centre of the spectrum. A hint for a person, no refusal."""
    peak = grid_peak(pixels)
    return (
        None
        if peak < SCREEN_PEAK
        else QualityProblem(FindingCode.SCREEN_PHOTO, round(peak, 2), SCREEN_PEAK, blocking=False)
    )


def grid_peak(pixels: Pixels) -> float:
    """Height of the strongest high-frequency peak over its surroundings, in standard deviations of the log spectrum."""
    h, w = pixels.shape[:2]
    side = min(512, h, w)
    if side < 128:
        return 0.0
    top, left = (h - side) // 2, (w - side) // 2
    grey = cv2.cvtColor(pixels[top : top + side, left : left + side], cv2.COLOR_BGR2GRAY).astype(np.float32)
    window = np.outer(np.hanning(side), np.hanning(side)).astype(np.float32)
    spectrum = np.log1p(np.abs(np.fft.fftshift(np.fft.fft2((grey - grey.mean()) * window))))
    smooth = cv2.GaussianBlur(spectrum, (0, 0), 6)
    rest = spectrum - smooth
    y, x = np.ogrid[:side, :side]
    far = np.hypot(y - side / 2, x - side / 2)
    off_axes = (np.abs(y - side / 2) > 8) & (np.abs(x - side / 2) > 8)
    ring = rest[(far > side * 0.15) & (far < side * 0.48) & off_axes]
    return float((ring.max() - ring.mean()) / (ring.std() + 1e-6))
