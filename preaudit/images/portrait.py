"""A portrait photograph: one even ground behind one head, and no text to speak of.

`portrait_mark` measures; it says nothing about whose face it is, nor how many: no detector's model comes in a wheel, so
the count of faces is said to be unchecked.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from cases.findings import FindingCode
from cases.readings import Line, QualityProblem

from .geometry import Corners, Pixels, Sheet, warped
from .rectify import FINDER_SIDE, find_by_colour, find_sheet

SIDE = 256
LEAST_WIDTH = 280.0  # pixels of the upload: an inch at 300 dpi is 295
DARK_GROUND = 60.0
SHAPE = (0.62, 0.92)  # width by height of what studios print: 0.7 (2 inches), 0.75, 0.8
RIM = 0.025  # of the width and height: the edge of a print, and what a scanner shows around it
ROUGH_RIM = 0.08  # the same where the print's corners were found only roughly
EVEN = 9.0  # greatest usual distance of the ground from its own colour, in Lab
MOSTLY = 80  # percentile of that distance: a corner of the table may be in the picture
LIGHT_COUNTS, SHADOW_COUNTS = 0.35, 0.2
"""Of the lightness in that distance: between figure and ground, and along the rim, for prints are photographed under a lamp and
a shadow."""
MOST_LIT = 2.5  # times as bright as usual, or as dark: so far the colour is taken for the same under another light
SOFT_WEAVE = 31  # pixels of 640: a checked cloth becomes one colour
FIGURE = (0.2, 0.85)  # share of the picture that is not ground
SHOULDERS = 0.7  # of the lower edge: a card on an even table does not reach it
SKIN = 0.06  # share of the middle of the upper half that has the colour of skin
MOST_CHARACTERS = 6  # a studio's mark; papers have more
SURE_TEXT = 0.85  # hair and cloth are now and then read as a doubtful character
SKIN_LOW, SKIN_HIGH = (0, 133, 77), (255, 180, 135)
"""YCrCb of skin, light to dark (Chai and Ngan, 1999, widened)."""
Mask = npt.NDArray[np.bool_]


def portrait_mark(sheet: Sheet, lines: Sequence[Line]) -> dict[str, Any] | None:
    """`ground` (white, blue, red, other), `width` in pixels of the upload, `faces` "unchecked"; None where the picture is
    no portrait. A print on a table is found first."""
    if sum(len(line.text) for line in lines if line.confidence >= SURE_TEXT) > MOST_CHARACTERS:
        return None
    return next((mark for each in _prints(sheet) if (mark := _mark(each))), None)


def _prints(sheet: Sheet) -> Iterator[Sheet]:
    """What lies on a table in the picture, a little inside its edges; and the picture itself, where a table as white as a
    studio's ground would pass for one."""
    for find in (find_by_colour, _find_on_cloth, find_sheet):
        corners = find(sheet.pixels)
        if corners is not None:
            yield _inside(sheet, corners)
            yield _inside(sheet, corners, ROUGH_RIM)
    yield _inside(sheet, np.array([(0, 0), (sheet.width, 0), (sheet.width, sheet.height), (0, sheet.height)], float))


def _find_on_cloth(pixels: Pixels) -> Corners | None:
    ratio = FINDER_SIDE / max(pixels.shape[:2])
    small = cv2.resize(pixels, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA)
    corners = find_by_colour(np.asarray(cv2.blur(small, (SOFT_WEAVE, SOFT_WEAVE)), np.uint8))
    return None if corners is None else np.asarray(corners / ratio, np.float32)


def _inside(sheet: Sheet, corners: npt.NDArray[Any], rim: float = RIM) -> Sheet:
    middle = corners.mean(axis=0)
    inner = np.asarray(middle + (corners - middle) * (1 - 2 * rim), np.float32)
    width, height = np.linalg.norm(inner[1] - inner[0]), np.linalg.norm(inner[3] - inner[0])
    return warped(sheet, inner, max(32, int(width)), max(32, int(height)))


def _mark(sheet: Sheet) -> dict[str, Any] | None:
    ratio = sheet.width / sheet.height
    if not SHAPE[0] <= ratio <= SHAPE[1]:
        return None
    small = np.asarray(cv2.resize(sheet.pixels, (round(SIDE * ratio), SIDE), interpolation=cv2.INTER_AREA), np.uint8)
    ground = _ground(small)
    if ground is None or not _is_figure(small, ground):
        return None
    width = sheet.width * float(np.linalg.norm(sheet.to_upload[:2, 0])) / (1 - 2 * RIM)
    return {"ground": _named(small[ground]), "width": round(width), "faces": "unchecked"}


def portrait_problems(mark: Mapping[str, Any], pixels: Pixels) -> tuple[QualityProblem, ...]:
    """Size and darkness; text, by which other pages are measured, there is none."""
    light = float(np.percentile(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), 95))
    small = QualityProblem(FindingCode.TOO_SMALL, float(mark["width"]), LEAST_WIDTH)
    dark = QualityProblem(FindingCode.TOO_DARK, round(light, 1), DARK_GROUND)
    return (*([small] if mark["width"] < LEAST_WIDTH else []), *([dark] if light < DARK_GROUND else []))


def _ground(small: Pixels) -> Mask | None:
    """What has the colour of the upper corners and edges, where these are even."""
    lab = _evenly_lit(np.asarray(cv2.GaussianBlur(small, (5, 5), 0), np.uint8))
    h, w = lab.shape[:2]
    edge, third = max(3, w // 20), h // 3
    rim = np.concatenate(
        [part.reshape(-1, 3) for part in (lab[2:edge, 2:-2], lab[2:third, 2:edge], lab[2:third, -edge:-2])]
    )
    colour = np.median(rim, axis=0)
    shadow = np.array([SHADOW_COUNTS / LIGHT_COUNTS, 1, 1])
    if float(np.percentile(np.linalg.norm((rim - colour) * shadow, axis=1), MOSTLY)) > EVEN:
        return None
    return np.asarray(np.linalg.norm(lab - colour, axis=2) < 2.5 * EVEN)


def _evenly_lit(small: Pixels) -> npt.NDArray[np.float32]:
    """Lab in steps of 255; colours as strong as they would be in the usual light, for in a shadow they pale with it."""
    lab = cv2.cvtColor(small, cv2.COLOR_BGR2LAB).astype(np.float32) - np.array([0, 128, 128], np.float32)
    light = np.maximum(lab[..., :1], 1)
    lab[..., 1:] *= np.clip(np.median(light) / light, 1 / MOST_LIT, MOST_LIT)
    lab[..., 0] *= LIGHT_COUNTS
    return np.asarray(lab, np.float32)


def _is_figure(small: Pixels, ground: Mask) -> bool:
    """Something stands before the ground, from the bottom edge up, with skin where the face would be."""
    h, w = ground.shape
    share = 1.0 - float(ground.mean())
    middle = small[h // 8 : int(h * 0.62), w // 4 : -w // 4]
    ycc = cv2.cvtColor(np.ascontiguousarray(middle), cv2.COLOR_BGR2YCrCb)
    skin = cv2.inRange(ycc, np.array(SKIN_LOW), np.array(SKIN_HIGH)) > 0
    figure = ~ground[h // 8 : int(h * 0.62), w // 4 : -w // 4]
    shoulders = float((~ground[-h // 16 :, w // 5 : -w // 5]).mean())
    is_bust = FIGURE[0] <= share <= FIGURE[1] and shoulders >= SHOULDERS
    return is_bust and float((skin & figure).mean()) >= SKIN


def _named(ground: Pixels) -> str:
    blue, green, red = (float(v) for v in np.median(ground, axis=0))
    chroma = max(blue, green, red) - min(blue, green, red)
    if chroma < 40:
        return "white" if min(blue, green, red) > 150 else "other"
    if red > green + 40 and red > blue + 40:
        return "red"
    return "blue" if blue > red + 30 else "other"
