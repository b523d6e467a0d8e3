"""Boxes to tick on a picture: where the small squares on a strip of text are, and whether anything is in them.

A square is known by its four sides alone, so that a tick, a cross or a filled box is found like an empty one. How much ink
it holds says which it is; little ink is neither.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
import numpy.typing as npt

from .geometry import Pixels

TEXT = 48  # pixels high: what a line of text is brought to before it is looked at
SIDES = range(24, 62, 2)  # pixels then: from half the text's height to a third more
WHOLE = 0.8  # share of each side that is ink
INSET = 0.24  # of the side: what lies within is inside the box, whatever the stroke
EMPTY, TICKED = 0.03, 0.09  # share of ink inside: measured on drawn forms, photographed; grain alone stays under 0.02
DARKER = 0.16  # than the paper around it, as a share of its light
Mask = npt.NDArray[np.float32]


class Tick(StrEnum):
    TICKED = "ticked"
    EMPTY = "empty"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Square:
    """In pixels of the strip."""

    left: float
    right: float
    tick: Tick

    @property
    def side(self) -> float:
        return self.right - self.left


def squares(strip: Pixels, height: float) -> tuple[Square, ...]:
    """From left to right. `height`: of the strip's text, in its pixels; the strip is upright."""
    ratio = TEXT / max(height, 1.0)
    way = cv2.INTER_CUBIC if ratio > 1 else cv2.INTER_AREA
    grey = cv2.cvtColor(cv2.resize(strip, None, fx=ratio, fy=ratio, interpolation=way), cv2.COLOR_BGR2GRAY)
    ink = _ink(np.asarray(grey, np.uint8))
    return tuple(
        Square(x / ratio, (x + side) / ratio, _tick(ink, x, y, side)) for x, y, side in _best(sorted(_places(ink)))
    )


def _ink(grey: Pixels) -> Mask:
    paper = cv2.GaussianBlur(cv2.dilate(grey, np.ones((15, 15), np.uint8)), (0, 0), 12).astype(np.float32)
    return np.asarray(paper - grey > DARKER * paper, np.float32)


def _places(ink: Mask) -> Iterator[tuple[float, int, int, int]]:
    """Worth (the less the better), left, top and side of everything that has four sides."""
    thick_rows, thick_columns = cv2.dilate(ink, np.ones((5, 1))), cv2.dilate(ink, np.ones((1, 5)))
    for side in SIDES:
        if side + 1 >= min(ink.shape):
            return
        across = cv2.boxFilter(thick_rows, -1, (side, 1), anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
        down = cv2.boxFilter(thick_columns, -1, (1, side), anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
        rows, columns = ink.shape[0] - side, ink.shape[1] - side
        score = np.minimum.reduce(
            [across[:rows, :columns], across[side:, :columns], down[:rows, :columns], down[:rows, side:]]
        )
        for y, x in np.argwhere(score >= WHOLE):
            yield -float(score[y, x]) - side / 1000, int(x), int(y), side


def _best(places: Sequence[tuple[float, int, int, int]]) -> list[tuple[int, int, int]]:
    """One for each square, from left to right."""
    kept: list[tuple[int, int, int]] = []
    for _, x, y, side in places:
        if all(abs(x + side / 2 - (a + b / 2)) > (side + b) / 3 for a, _, b in kept):
            kept.append((x, y, side))
    return sorted(kept)


def _tick(ink: Mask, x: int, y: int, side: int) -> Tick:
    inset = max(5, round(INSET * side))
    inside = float(ink[y + inset : y + side - inset, x + inset : x + side - inset].mean())
    return Tick.TICKED if inside >= TICKED else Tick.EMPTY if inside <= EMPTY else Tick.UNSURE
