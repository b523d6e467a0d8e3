"""Where text is on a page: the detector's looks at it, at the size that the height of its text asks for.

The first look is at half the size of the usual one, a quarter of its time. Where it meets text of some height, and next to
nothing that it takes for text without being able to bound it, it is enough; else the usual look follows. (27 real photographs: 330 of
346 key strings as with the usual look for all, in a tenth less time; at 0.55 or 0.75 of the usual size for all, 323.) Input shapes
are bucketed because OpenVINO keeps what it prepared for every shape it has seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cases.findings import Box

from .engine import Models
from .images.geometry import Pixels, box_of, height_of, width_of
from .images.reduced import reduced

SHORT_SIDE = 736
LONG_SIDE = 1280  # as many key strings as at 2,000 (326 of 346), a quarter faster on phone pictures, 240 MB less
SHAPE_STEP = 256  # input sides are padded up to a multiple of this: 736 → 768, 1000 → 1024, 1280 stays
FIRST = 0.5  # of the usual look's size
HIGH_ENOUGH = 18.0  # pixels of the first look: a height at which it finds what the usual one finds
LOWEST = 10  # percentile of the heights: small print among large decides
MIDDLE, LOW, CLEAR = 0.75, 15.5, 0.02  # size for text not much lower, if less than that share lies outside the boxes
SMALL = 24.0  # pixels of the picture itself: how small lower text is must be known to the pixel
UNBOUND = 0.05  # share of what seems text that may lie outside the boxes: print that is too small runs together
Corners = Sequence[npt.NDArray[np.float32]]


@dataclass(frozen=True)
class Found:
    """Boxes in pixels of the picture, and the ratio at which it was looked at."""

    boxes: list[Box]
    ratio: float


def on_page(models: Models, pixels: Pixels) -> Found:
    usual = usual_ratio(pixels)
    first, unbound = _look(models, pixels, usual * FIRST)
    share = enough(float(np.percentile(list(map(_height, first)), LOWEST)), usual, unbound) if first else 1.0
    return Found(first if share == FIRST else at_ratio(models, pixels, usual * share), usual * share)


def enough(height: float, usual: float, unbound: float) -> float:
    """The share of the usual size that does for text of this height in pixels of the picture, after the first look.
    `unbound`: of what seemed text there, the share outside the boxes."""
    lowest = height * usual * FIRST
    if height < SMALL or unbound > UNBOUND or lowest < LOW:
        return 1.0
    if lowest >= HIGH_ENOUGH:
        return FIRST
    return MIDDLE if unbound <= CLEAR else 1.0


def at_ratio(models: Models, pixels: Pixels, ratio: float) -> list[Box]:
    """For a part of a page: as the page was looked at."""
    return _look(models, pixels, ratio)[0]


def _look(models: Models, pixels: Pixels, ratio: float) -> tuple[list[Box], float]:
    """The boxes, and which share of what seems text lies outside them."""
    small, scale = _sized(pixels, ratio)
    h, w = small.shape[:2]
    below, beside = -h % SHAPE_STEP, -w % SHAPE_STEP
    padded = cv2.copyMakeBorder(small, 0, below, 0, beside, cv2.BORDER_CONSTANT, value=(127, 127, 127))
    corners, seeming = models.places(_input(np.asarray(padded, np.uint8)), padded.shape[:2])
    limit = np.array([w - 1, h - 1], float)
    return [box_of(np.clip(each, 0, limit) / scale) for each in corners], _share_outside(seeming, corners)


def _share_outside(seeming: Pixels, corners: Corners) -> float:
    outside = seeming.copy()
    for each in corners:
        cv2.fillPoly(outside, [np.asarray(each, np.int32)], (0,))
    return cv2.countNonZero(outside) / max(cv2.countNonZero(seeming), 1)


def _height(box: Box) -> float:
    """Of the text, whichever way it runs."""
    return min(height_of(box), width_of(box))


def usual_ratio(pixels: Pixels) -> float:
    """By which a page is scaled for the usual look."""
    h, w = pixels.shape[:2]
    ratio = float(min(1.0, LONG_SIDE / max(h, w)))
    if min(h, w) * ratio >= SHORT_SIDE:
        return ratio
    return float(min(SHORT_SIDE / min(h, w), LONG_SIDE * 2 / max(h, w)))


def _sized(pixels: Pixels, ratio: float) -> tuple[Pixels, npt.NDArray[np.float64]]:
    """The picture at the detector's size, and the factors (x, y) by which it was scaled."""
    h, w = pixels.shape[:2]
    size = max(32, round(w * ratio / 32) * 32), max(32, round(h * ratio / 32) * 32)
    near = reduced(pixels, max(size))
    way = cv2.INTER_AREA if size[0] < 0.6 * near.shape[1] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(near, size, interpolation=way), np.uint8), np.array([size[0] / w, size[1] / h])


def _input(pixels: Pixels) -> npt.NDArray[np.float32]:
    return np.asarray(cv2.dnn.blobFromImage(pixels, 1 / 127.5, mean=(127.5, 127.5, 127.5)), np.float32)
