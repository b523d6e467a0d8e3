"""A lamp mirrored on the paper: a burnt-out spot whose light fades into paper that is not burnt out."""

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from cases.findings import Box

from .geometry import Pixels, rectangle

SIDE = 512
BURNT = 252  # in every channel; bright paper in good light reaches 250
MOST = 0.6  # of the paper burnt out: more is white paper or over-exposed, not a spot
SOLID = 0.7  # of its hull: a spot is round, what is burnt out in the brightest corner of a sheet is ragged
RINGS = (3, 11, 23, 39, 59)  # pixels across, at this size: how far around the spot the light is followed
EDGE, FADES = 225, 2.0
"""The light next to the spot, and the grey levels it loses from ring to ring: on paper a lamp's fades by 4 to 15 a ring, on
a dark card from 230 by 30 to 50. White cells
of a drawn table end at once, and white paper does not fade."""
Area = tuple[int, int, int, int]


@dataclass(frozen=True)
class Spot:
    """`share` of the area, and where it is."""

    share: float
    box: Box


def largest_spot(pixels: Pixels, area: Area) -> Spot | None:
    left, top, right, bottom = area
    part = pixels[top:bottom, left:right]
    if min(part.shape[:2]) < 32:
        return None
    ratio = SIDE / max(part.shape[:2])
    small = cv2.resize(part, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA).min(axis=2)
    burnt = cv2.morphologyEx((small >= BURNT).astype(np.uint8), cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((11, 11), np.uint8))
    count, places, stats, _ = cv2.connectedComponentsWithStats(burnt)
    if count < 2:
        return None
    largest = 1 + int(np.argmax(stats[1:count, cv2.CC_STAT_AREA]))
    spot = np.asarray(places == largest, np.uint8)
    if (paper >= BURNT).mean() > MOST or not _is_solid(spot) or not _fades(spot, np.asarray(paper, np.uint8)):
        return None
    x, y, w, h, size = stats[largest]
    box = rectangle(left + x / ratio, top + y / ratio, left + (x + w) / ratio, top + (y + h) / ratio)
    return Spot(float(size) / burnt.size, box)


def _is_solid(spot: Pixels) -> bool:
    contours, _ = cv2.findContours(spot, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outline = max(contours, key=cv2.contourArea)
    return bool(cv2.contourArea(outline) >= SOLID * cv2.contourArea(cv2.convexHull(outline)))


def _fades(spot: Pixels, paper: Pixels) -> bool:
    """Whether the paper (text taken out of it) gets darker little by little around the spot."""
    grown = [cv2.dilate(spot, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))) > 0 for size in RINGS]
    rings = [paper[outer & ~inner] for inner, outer in pairwise(grown)]
    if not all(ring.size for ring in rings):
        return False
    first, second, third, fourth = (float(np.median(ring)) for ring in rings)
    return first >= EDGE and first > second and second - third > FADES and third - fourth > FADES
