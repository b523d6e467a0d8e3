"""Is there anything on this page at all? An empty sheet is told as empty, not as a photograph that failed."""

import cv2
import numpy as np
import numpy.typing as npt

from .geometry import Pixels
from .rectify import find_sheet

SIDE = 640
RIM = 0.08  # of the sheet: its edge and its shadow lie there
FAINT = 7.0  # grey levels from the paper around; noise of a phone leaves 2 to 4 at this size, pale pencil 12
DARK = 62.0  # in the dark every sheet is even
BURNT = 250.0  # a photographed sheet this bright may have held anything


def is_blank(pixels: Pixels) -> bool:
    """Whether the sheet in the picture, or all of the picture, is even. A burnt-out sheet
    on a table is not called empty, nor is the dark."""
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)
    if float(np.percentile(grey, 95)) < DARK:
        return False
    whole = np.array([(0, 0), (grey.shape[1], 0), (grey.shape[1], grey.shape[0]), (0, grey.shape[0])], np.float32)
    if _is_even(_inside(grey, whole)):
        return True
    sheet = find_sheet(pixels)
    if sheet is None:
        return False
    paper = _inside(grey, sheet)
    return _is_even(paper) and float(np.median(paper)) < BURNT


def _inside(grey: Pixels, corners: npt.NDArray[np.float32]) -> Pixels:
    middle = corners.mean(axis=0)
    inner = np.asarray(middle + (corners - middle) * (1 - 2 * RIM), np.float32)
    width, height = float(np.linalg.norm(inner[1] - inner[0])), float(np.linalg.norm(inner[3] - inner[0]))
    ratio = min(1.0, SIDE / max(width, height, 1.0))
    small = cv2.resize(grey, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA)
    w, h = max(8, round(width * ratio)), max(8, round(height * ratio))
    target = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    return np.asarray(cv2.warpPerspective(small, cv2.getPerspectiveTransform(inner * ratio, target), (w, h)), np.uint8)


def _is_even(grey: Pixels) -> bool:
    fine = cv2.GaussianBlur(grey.astype(np.float32), (3, 3), 0)
    return float(np.percentile(np.abs(fine - cv2.GaussianBlur(fine, (0, 0), 8)), 99.8)) < FAINT
