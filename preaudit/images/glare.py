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
RINGS = (3, 11, 23, 39, 59, 83)  # pixels across, at this size: how far around the spot the light is followed
EDGE, FADES, FALLS = 225, 2.0, 8.0
"""The light next to the spot, and the grey levels it loses from ring to ring, and in two rings: on paper a lamp's fades by
3 to 17 a ring, on a dark card from 230 by 30 to 50. White cells of a drawn table end at once, and white paper does not fade."""


@dataclass(frozen=True)
class Spot:
    """`share` of the document, and where it is in its pixels."""

    share: float
    box: Box


def largest_spot(document: Pixels) -> Spot | None:
    if min(document.shape[:2]) < 32:
        return None
    ratio = SIDE / max(document.shape[:2])
    blue, green, red = cv2.split(cv2.resize(document, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA))
    small = cv2.min(cv2.min(blue, green), red)
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
    return Spot(float(size) / burnt.size, rectangle(x / ratio, y / ratio, (x + w) / ratio, (y + h) / ratio))


def _is_solid(spot: Pixels) -> bool:
    contours, _ = cv2.findContours(spot, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outline = max(contours, key=cv2.contourArea)
    return bool(cv2.contourArea(outline) >= SOLID * cv2.contourArea(cv2.convexHull(outline)))


def _fades(spot: Pixels, paper: Pixels) -> bool:
    """Whether the paper (text taken out of it) gets darker little by little around the spot."""
    grown = [cv2.dilate(spot, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))) > 0 for size in RINGS]
    rings = [paper[outer & ~inner] for inner, outer in pairwise(grown)]
    light = [float(np.median(ring)) for ring in rings if ring.size]
    while len(light) > 1 and light[1] >= BURNT:
        light.pop(0)  # a wide spot's rim is still burnt
    falls = [inner - outer for inner, outer in pairwise(light)]
    fading = any(min(two) > FADES and sum(two) >= FALLS for two in pairwise(falls))
    return fading and light[0] >= EDGE and min(falls[:3]) > 0
