"""A mirrored picture, as front cameras store it: looked for only on a page that reads poorly, on a few of its lines."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from cases.readings import Line

from .images.geometry import Pixels, crop, width_of
from .images.quality import LEAST_SCORE, mean_score

TRIED_LINES = 5
LEAST_LINES = 3
EITHER_WAY_UP = (1, 0)  # a mirrored line may have seemed surer upside down
SURE, GAIN = 0.9, 0.12  # mean score of mirrored lines read the other way round, and over that as they stand


def is_mirrored(read_crop: Callable[[Pixels], tuple[str, float]], pixels: Pixels, lines: Sequence[Line]) -> bool:
    """`lines` as read, in pixels of `pixels`."""
    if len(lines) < LEAST_LINES or mean_score(lines) >= LEAST_SCORE:
        return False
    tried = sorted(lines, key=lambda line: -width_of(line.box))[:TRIED_LINES]
    views = ([cv2.flip(crop(pixels, line.box), over) for over in EITHER_WAY_UP] for line in tried)
    again = [max(read_crop(np.asarray(view, np.uint8))[1] for view in both) for both in views]
    return float(np.mean(again)) >= SURE and float(np.mean(again)) - mean_score(tried) >= GAIN
