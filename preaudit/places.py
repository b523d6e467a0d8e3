"""Where text is on a page: the detector's look at it.

One size for all: its sides as below. Choosing it by the height of the text was tried both ways (27 real photographs, 332 of
346 key strings; specimens by phone, hard and turned, 60 each, 913 of 937 fields and none of them certain and wrong).
- At half the size first, and at all of it only where the text met is small: a twelfth less of a processor for a page, but
  coarser boxes; a field of 63 on hard pictures, one of 45 on turned ones, and a character of a name were read wrong.
- A look at 480 pixels (0.04 s of some 0.84) or 640 (0.06 s) only to meet the height, then 0.8, 1 or 1.2 of the size. 0.8 for
  all: 328 key strings, 910 fields, one certain and wrong; 1.2 for all: 328, 911 and two. Of these runs each page's own was then
  chosen by its height, by some 70 pairs of thresholds for each of three quantiles, and the processor reckoned by area. As much is
  read in every group only where nothing but the largest text (42 of the 207 pages) is looked at smaller, which spares less than the
  look costs: 3 to 5 % more of a processor, with 640 4 to 7. 0.8 for 165 pages: 4 % less, but 331 key strings, 289 of 292 fields on
  hard pictures, one certain and wrong. 1.2 for the smallest tenth: 329, 291 of 292, and 6 % more.
Input shapes are bucketed because OpenVINO keeps what it prepared for every shape it has seen.
"""

import cv2
import numpy as np
import numpy.typing as npt

from cases.findings import Box

from .engine import Models
from .images.geometry import Pixels, box_of
from .images.reduced import reduced

SHORT_SIDE = 736
LONG_SIDE = 1280  # as many key strings as at 2,000 (326 of 346), a quarter faster on phone pictures, 240 MB less
SHAPE_STEP = 256  # input sides are padded up to a multiple of this: 736 → 768, 1000 → 1024, 1280 stays


def at_ratio(models: Models, pixels: Pixels, ratio: float) -> list[Box]:
    """Boxes in pixels of the picture. `ratio`: `usual_ratio` of the page, also where only a part of it is looked at."""
    small, scale = _sized(pixels, ratio)
    h, w = small.shape[:2]
    below, beside = -h % SHAPE_STEP, -w % SHAPE_STEP
    padded = cv2.copyMakeBorder(small, 0, below, 0, beside, cv2.BORDER_CONSTANT, value=(127, 127, 127))
    corners = models.places(_input(np.asarray(padded, np.uint8)), padded.shape[:2])
    limit = np.array([w - 1, h - 1], float)
    return [box_of(np.clip(each, 0, limit) / scale) for each in corners]


def usual_ratio(pixels: Pixels) -> float:
    """By which a page is scaled."""
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
