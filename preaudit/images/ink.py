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
GOES_ON = tuple("笔后之并确须应方不与及和是即的，。,.；;、")
"""How a sentence goes on behind 签字 and 签名."""
SIGNATURE_REACH, SIGNATURE_RISE = 7.0, 0.5  # heights of the label: how far right, and above and below, one may write
INKED, BLANK = 0.014, 0.006  # share of written pixels: thin signatures have 0.019 and more, bare places under 0.004
PLACE = 64  # pixels high: what a place to sign at is brought to, two heights of its label
STROKE, FAINTEST = 13, 12  # pixels of the widest stroke of a pen; grey levels of the faintest
RULE_SHARE, RULE_LEAST = 0.4, 40  # of the place's width, and pixels, in one straight line: a printed rule
RULE_THICK = 11  # pixels, two of them for what is let in above and below
STEEPEST = 4.0  # degrees by which such a rule may lean
UPRIGHT = np.ones((15, 1), np.uint8)  # taller than a rule is thick, or two of them are; odd, or what it opens moves
DOTS = np.ones((1, 9), np.uint8)  # between two dots of a rule
SPECK = 14  # pixels
LEGIBLE, LEAST_WORDS, MOST_SEALS = 0.92, 5, 3
"""The reader's score for a seal's words, and how many characters they have; seals that are read on a page."""


def ink_marks(pixels: Pixels, lines: Sequence[Line], read_crop: ReadCrop | None = None) -> dict[str, Any]:
    """`seal` always, with its words where `read_crop` can read them; `signature` where a label asks for one. Boxes in pixels of `pixels`."""
    made: dict[str, Any] = {"seal": seal_mark(pixels, read_crop)}
    labels = [line for line in lines if _asks_to_sign(line.text)]
    if labels:
        made["signature"] = signature_mark(pixels, labels[-1], lines)
    return made


def _asks_to_sign(text: str) -> bool:
    """`申请人签名：` and the like; not a sentence that speaks of signing: what it says next would be taken for writing."""
    at, label = max((text.rfind(label), label) for label in SIGNATURE_LABELS)
    goes_on = text[at + len(label) :].lstrip().startswith(GOES_ON)
    return 0 <= at <= 8 and "请" not in text[:at].replace("申请", "") and not goes_on


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
    along, down = _directions(label.box)
    start = np.asarray(label.box[0], float) + along * (width_of(label.box) * min(1.0, (end + 0.6) / max(len(text), 1)))
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


def _directions(box: Box) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Along the text and down from it, each of length one."""
    a, b, _, d = np.asarray(box, float)
    return (b - a) / max(float(np.linalg.norm(b - a)), 1.0), (d - a) / max(float(np.linalg.norm(d - a)), 1.0)


def _room(label: Line, lines: Sequence[Line], start: npt.NDArray[np.float64]) -> float:
    """To the next printed words on the row that are no signature: on a page that leans, the row leans with it."""
    height, (along, down) = height_of(label.box), _directions(label.box)
    middle = np.asarray(label.box, float).mean(axis=0)
    dates = [
        float((left - start) @ along)
        for line in lines
        if line.text.lstrip("（( ").startswith(("日期", "年", "时间", "联系", "20"))
        and abs(float(((left := np.asarray(line.box, float)[[0, 3]].mean(axis=0)) - middle) @ down)) < height
        and float((left - start) @ along) > 0
    ]
    return max(height, min(dates, default=float("inf")))


def ink_share(place: Pixels) -> float:
    """Share of pixels that somebody wrote: strokes darker or more coloured than the paper on both their sides, so that the
    edge of a shadow is none; printed rules, frames and specks taken out."""
    if min(place.shape[:2]) < 8:
        return 0.0
    size = (max(16, round(PLACE * place.shape[1] / place.shape[0])), PLACE)
    darkest = cv2.blur(cv2.resize(place, size, interpolation=cv2.INTER_AREA).min(axis=2), (3, 3))
    paper = cv2.morphologyEx(darkest, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (STROKE, STROKE)))
    excess = paper.astype(np.float32) - darkest
    ink = np.asarray(excess > np.maximum(FAINTEST, 0.15 * paper), np.uint8)
    return float(_written(np.where(_ruled(ink) > 0, 0, ink).astype(np.uint8))[4:-4].mean())


def _ruled(ink: Pixels) -> Pixels:
    """Printed rules, whole, dotted or of half the place, aslant by as much as a picture read upright may lean."""
    # what lies beyond the edge is no ink: a frame along it is as thin as it looks
    tall = cv2.morphologyEx(ink, cv2.MORPH_OPEN, UPRIGHT, borderType=cv2.BORDER_CONSTANT, borderValue=(0,))
    thin = cv2.morphologyEx(cv2.subtract(ink, tall), cv2.MORPH_CLOSE, DOTS)
    made = np.zeros_like(ink)
    for lean in np.arange(-STEEPEST, STEEPEST + 0.1, 0.5):
        there = np.array([[1, 0, 0], [-np.tan(np.radians(lean)), 1, 0]], np.float64)
        level = cv2.dilate(_sheared(thin, there), np.ones((3, 1), np.uint8))
        length = max(RULE_LEAST, round(RULE_SHARE * ink.shape[1]))
        rule = cv2.morphologyEx(level, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
        made |= _sheared(_thin_ones(np.asarray(rule, np.uint8)), cv2.invertAffineTransform(there))
    return np.asarray(cv2.dilate(made, np.ones((5, 3), np.uint8)), np.uint8)


def _thin_ones(rules: Pixels) -> Pixels:
    """Without bands as high as writing is: strokes side by side, row upon row, seem dotted rules."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(rules)
    thick = [n for n in range(1, count) if stats[n, cv2.CC_STAT_HEIGHT] > RULE_THICK]
    rules[np.isin(labels, thick)] = 0
    return rules


def _sheared(mask: npt.ArrayLike, how: npt.ArrayLike) -> Pixels:
    picture = np.asarray(mask, np.uint8)
    size = (picture.shape[1], picture.shape[0])
    return np.asarray(cv2.warpAffine(picture, np.asarray(how, np.float64), size, flags=cv2.INTER_NEAREST), np.uint8)


def _written(ink: Pixels) -> Pixels:
    """Without specks, and without what crosses the whole place upright: a frame, a bracket, a fold."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    for n in range(1, count):
        _, _, width, height, area = stats[n]
        if area < SPECK or (height >= 0.7 * PLACE and area <= 8 * height and width <= 0.35 * PLACE):
            ink[labels == n] = 0
    return ink


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
