"""Planes and boxes: a prepared picture knows the way back to the picture as uploaded.

A `Sheet` is pixels (BGR) with the 3×3 matrix that takes its coordinates to pixels of the upright picture as uploaded;
every preparation multiplies into that matrix, so boxes need mapping back exactly once, whatever was done in between.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cases.findings import Box

Pixels = npt.NDArray[np.uint8]
Matrix = npt.NDArray[np.float64]
Corners = npt.NDArray[np.float32]
"""Four points (4×2), clockwise from the top left."""
TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


@dataclass(frozen=True, eq=False)
class Sheet:
    pixels: Pixels
    to_upload: Matrix
    rotation: int = 0
    """Degrees clockwise by which the upright picture as uploaded was turned to make the text upright."""

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])


def sheet_of(pixels: Pixels, width: int, height: int) -> Sheet:
    """The decoded page, of which the upload was `width`×`height` pixels (the decoded one may be smaller)."""
    return Sheet(pixels, np.diag([width / pixels.shape[1], height / pixels.shape[0], 1.0]))


def turned(sheet: Sheet, degrees: int) -> Sheet:
    """The sheet turned clockwise by 0, 90, 180 or 270 degrees."""
    if degrees == 0:
        return sheet
    w, h = float(sheet.width), float(sheet.height)
    back = {
        90: [[0, 1, 0], [-1, 0, h], [0, 0, 1]],
        180: [[-1, 0, w], [0, -1, h], [0, 0, 1]],
        270: [[0, -1, w], [1, 0, 0], [0, 0, 1]],
    }[degrees]
    pixels = np.asarray(cv2.rotate(sheet.pixels, TURNS[degrees]), np.uint8)  # a quarter of the time that numpy takes
    return Sheet(pixels, sheet.to_upload @ np.array(back, float), (sheet.rotation + degrees) % 360)


def warped(sheet: Sheet, corners: Corners, width: int, height: int) -> Sheet:
    """What lies inside `corners` of the sheet, made a rectangle."""
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    forth = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    pixels = cv2.warpPerspective(
        sheet.pixels, forth, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return Sheet(np.asarray(pixels, np.uint8), sheet.to_upload @ np.linalg.inv(forth), sheet.rotation)


def cut_out(sheet: Sheet, box: Box) -> Sheet:
    """The upright bounds of `box` alone, pixels where they are."""
    left, top, right, bottom = (int(v) for v in bounds([box]))
    left, top = max(0, left), max(0, top)
    shift = np.array([[1, 0, left], [0, 1, top], [0, 0, 1]], float)
    pixels = sheet.pixels[top : max(bottom, top + 1), left : max(right, left + 1)]
    return Sheet(pixels, sheet.to_upload @ shift, sheet.rotation)


def enlarged(sheet: Sheet, factor: float) -> Sheet:
    pixels = cv2.resize(sheet.pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    scale = np.diag([sheet.width / pixels.shape[1], sheet.height / pixels.shape[0], 1.0])
    return Sheet(np.asarray(pixels, np.uint8), sheet.to_upload @ scale, sheet.rotation)


def mapped(box: Box, matrix: Matrix) -> Box:
    points = cv2.perspectiveTransform(np.array([box], np.float64), matrix)[0]
    a, b, c, d = ((round(float(x), 1), round(float(y), 1)) for x, y in points)
    return (a, b, c, d)


def box_of(corners: npt.ArrayLike) -> Box:
    a, b, c, d = ((float(x), float(y)) for x, y in np.asarray(corners, float))
    return (a, b, c, d)


def rectangle(left: float, top: float, right: float, bottom: float) -> Box:
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def height_of(box: Box) -> float:
    """Of the text: the mean length of the two short ends."""
    a, b, c, d = np.asarray(box, float)
    return float((np.linalg.norm(a - d) + np.linalg.norm(b - c)) / 2)


def width_of(box: Box) -> float:
    a, b, c, d = np.asarray(box, float)
    return float((np.linalg.norm(a - b) + np.linalg.norm(d - c)) / 2)


def centre_of(box: Box) -> tuple[float, float]:
    x, y = np.asarray(box, float).mean(axis=0)
    return float(x), float(y)


def bounds(boxes: Iterable[Box]) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of all of them."""
    points = np.concatenate([np.asarray(box, float) for box in boxes])
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def union(boxes: Sequence[Box]) -> Box:
    return boxes[0] if len(boxes) == 1 else rectangle(*bounds(boxes))


def crop(pixels: Pixels, box: Box, margin: float = 0.0) -> Pixels:
    """The text line inside `box`, straightened; `margin` in heights of the line on every side."""
    corners = np.asarray(box, np.float32)
    width, height = width_of(box), height_of(box)
    if margin:
        corners = _grown(corners, margin * height)
        width, height = width + 2 * margin * height, height * (1 + 2 * margin)
    w, h = max(1, int(width)), max(1, int(height))
    target = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    forth = cv2.getPerspectiveTransform(corners, target)
    made = cv2.warpPerspective(pixels, forth, (w, h), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(made, np.uint8)


def _grown(corners: Corners, by: float) -> Corners:
    a, b, c, d = corners
    along = (b - a) / max(float(np.linalg.norm(b - a)), 1e-6) * by
    down = (d - a) / max(float(np.linalg.norm(d - a)), 1e-6) * by
    return np.array([a - along - down, b + along - down, c + along + down, d - along + down], np.float32)
