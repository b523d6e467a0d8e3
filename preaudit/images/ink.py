"""What is neither text nor field: is there a signature behind its label, is there a red seal?

Each mark is a mapping `present`, `confidence`, `box`. Absence is said with less confidence than presence: pale ink and
black-and-white copies exist, and a person is asked rather than a resident sent back for nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from cases.findings import Box
from cases.readings import Line

from .geometry import Pixels, box_of, crop, height_of, rectangle, width_of

SIGNATURE_LABELS = ("签名", "签字", "签章")
SIGNATURE_REACH, SIGNATURE_RISE = 7.0, 0.5  # heights of the label: how far right, and above and below, one may write
INKED, BLANK = 0.025, 0.006  # share of inked pixels; a rule to write on alone leaves under 0.004 once taken out
RULE_SHARE = 0.6  # of a row's width in ink: a printed rule
SEAL_SIDE = 640  # seals are looked for on a picture of this size
SEAL_SIZES = (0.04, 0.4)  # of the longer side: a personal stamp to a company seal photographed close
SEAL_ROUND = 0.6  # shorter side by longer


def ink_marks(pixels: Pixels, lines: Sequence[Line]) -> dict[str, Any]:
    """`seal` always; `signature` where a label asks for one. Boxes in pixels of `pixels`."""
    made: dict[str, Any] = {"seal": seal_mark(pixels)}
    labels = [line for line in lines if _asks_to_sign(line.text)]
    if labels:
        made["signature"] = signature_mark(pixels, labels[-1], lines)
    return made


def _asks_to_sign(text: str) -> bool:
    """`申请人签名：` and the like; not a sentence that speaks of signing."""
    at = max(text.rfind(label) for label in SIGNATURE_LABELS)
    return at >= 0 and at <= 8 and "请" not in text[:at].replace("申请", "")


def signature_mark(pixels: Pixels, label: Line, lines: Sequence[Line]) -> Mapping[str, Any]:
    box = _writing_place(label, lines)
    share = ink_share(crop(pixels, box))
    if share >= INKED:
        return {"present": True, "confidence": 0.95, "box": box}
    return {"present": False, "confidence": 0.9 if share <= BLANK else 0.5, "box": box}


def _writing_place(label: Line, lines: Sequence[Line]) -> Box:
    """From the end of the label's words to the right, as far as `日期` or seven heights."""
    text, height = label.text, height_of(label.box)
    end = max(text.rfind(each) + len(each) for each in SIGNATURE_LABELS)
    (ax, ay), (bx, by), (_, _), (dx, dy) = np.asarray(label.box, float)
    along = np.array([bx - ax, by - ay]) / max(width_of(label.box), 1.0)
    down = np.array([dx - ax, dy - ay]) / max(height, 1.0)
    start = np.array([ax, ay]) + along * (width_of(label.box) * min(1.0, (end + 0.6) / max(len(text), 1)))
    length = min(SIGNATURE_REACH * height, _room(label, lines, start))
    rise = down * SIGNATURE_RISE * height
    return box_of(
        [
            start - rise,
            start + along * length - rise,
            start + along * length + down * height + rise,
            start + down * height + rise,
        ]
    )


def _room(label: Line, lines: Sequence[Line], start: npt.NDArray[np.float64]) -> float:
    """To the next printed words on the row that are no signature."""
    level, height = (label.box[0][1] + label.box[3][1]) / 2, height_of(label.box)
    dates = [
        line.box[0][0] - float(start[0])
        for line in lines
        if line.box[0][0] > start[0]
        and abs((line.box[0][1] + line.box[3][1]) / 2 - level) < height
        and line.text.lstrip("（( ").startswith(("日期", "年", "时间", "联系", "20"))
    ]
    return max(height, min(dates, default=float("inf")))


def ink_share(place: Pixels) -> float:
    """Share of pixels much darker or more coloured than the paper, printed rules taken out."""
    if min(place.shape[:2]) < 8:
        return 0.0
    sized = cv2.resize(place, (max(16, round(64 * place.shape[1] / place.shape[0])), 64), interpolation=cv2.INTER_AREA)
    darkest = sized.min(axis=2).astype(np.float32)
    paper = cv2.medianBlur(cv2.dilate(np.asarray(darkest, np.uint8), np.ones((9, 9), np.uint8)), 31).astype(np.float32)
    ink = (paper - darkest) > np.maximum(28.0, 0.2 * paper)
    ink[_ruled(ink)] = False
    return float(ink[4:-4].mean())


def _ruled(ink: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Rows that are a rule, with a row on either side. A rule aslant by two rows is still found."""
    thick = cv2.dilate(ink.astype(np.uint8), np.ones((3, 1), np.uint8)).astype(bool)
    rows = thick.mean(axis=1) > RULE_SHARE
    return np.asarray(cv2.dilate(rows.astype(np.uint8).reshape(-1, 1), np.ones((5, 1), np.uint8)).ravel().astype(bool))


def seal_mark(pixels: Pixels) -> Mapping[str, Any]:
    """The largest red shape of a seal's size and roundness."""
    ratio = SEAL_SIDE / max(pixels.shape[:2])
    small = cv2.resize(pixels, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA)
    joined = cv2.morphologyEx(red_ink(np.asarray(small, np.uint8)), cv2.MORPH_CLOSE, np.ones((13, 13), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    low, high = (share * SEAL_SIDE for share in SEAL_SIZES)
    found = [
        (x, y, w, h)
        for x, y, w, h, area in stats[1:count]
        if low <= max(w, h) <= high and min(w, h) >= SEAL_ROUND * max(w, h) and area >= 0.4 * w * h
    ]
    if not found:
        return {"present": False, "confidence": 0.6, "box": None}
    x, y, w, h = max(found, key=lambda box: box[2] * box[3])
    return {
        "present": True,
        "confidence": 0.85,
        "box": rectangle(x / ratio, y / ratio, (x + w) / ratio, (y + h) / ratio),
    }


def red_ink(small: Pixels) -> Pixels:
    """Redder than the picture's own cast of light."""
    blue, green, red = (small[..., i].astype(np.int16) for i in range(3))
    excess = red - np.maximum(blue, green)
    usual = int(np.median(excess))
    return np.asarray(((excess - usual > 45) & (red > 80)).astype(np.uint8))
