"""What is neither text nor field: is there a signature behind its label, is there a seal, and whose?

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

from .geometry import Pixels, box_of, crop, height_of, width_of
from .seals import ReadCrop, Seal, inked
from .seals import seals as found_seals
from .seals import words as read_words

SIGNATURE_LABELS = ("签名", "签字", "签章")
SIGNATURE_REACH, SIGNATURE_RISE = 7.0, 0.5  # heights of the label: how far right, and above and below, one may write
INKED, BLANK = 0.025, 0.006  # share of inked pixels; a rule to write on alone leaves under 0.004 once taken out
RULE_SHARE = 0.6  # of a row's width in ink: a printed rule
LEGIBLE, LEAST_WORDS, MOST_SEALS = 0.85, 5, 3
"""The reader's score for a seal's words, and how many characters they have; seals that are read on a page."""


def ink_marks(pixels: Pixels, lines: Sequence[Line], read_crop: ReadCrop | None = None) -> dict[str, Any]:
    """`seal` always, with its words where `read_crop` can read them; `signature` where a label asks for one. Boxes in pixels of `pixels`."""
    made: dict[str, Any] = {"seal": seal_mark(pixels, read_crop)}
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


def seal_mark(pixels: Pixels, read_crop: ReadCrop | None = None) -> Mapping[str, Any]:
    """The largest red seal, or a blue one that can be read: blue print and blue cloth have no words around them. `words`
    are those of all that are legible."""
    seals = [(seal, *_legible(read_crop, pixels, seal)) for seal in found_seals(pixels)[:MOST_SEALS]]
    sure = [(seal, words) for seal, words, score in seals if seal.colour == "red" or score >= LEGIBLE]
    if not sure:
        return {"present": False, "confidence": 0.6, "box": None}
    legible = [words for _, words, score in seals if score >= LEGIBLE]
    first = sure[0][0]
    return {"present": True, "confidence": 0.85, "box": first.box, "colour": first.colour, "words": legible}


def _legible(read_crop: ReadCrop | None, pixels: Pixels, seal: Seal) -> tuple[str, float]:
    """Nothing where it is not Han words of some length: rims and stars are read as figures and dashes."""
    text, score = read_words(read_crop, pixels, seal) if read_crop else ("", 0.0)
    han = "".join(character for character in text if "\u4e00" <= character <= "\u9fff")
    return (han, score) if len(han) >= LEAST_WORDS else ("", 0.0)


def red_ink(small: Pixels) -> Pixels:
    """Redder than the picture's own cast of light."""
    return inked(small, "red")
