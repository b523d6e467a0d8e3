"""Whether the document reaches out of the picture: by its lines, or by its ground running on to the edge of the frame.

Lines alone do not tell: a card's portrait, a form's foot, a margin may be all that is missing. Where a table shows on the
other sides, the document's own ground at the edge of the frame tells it. On a table as white as the paper, on a page that
fills the frame, or among other papers it cannot be known; then the lines decide alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cases.findings import Box
from cases.readings import Line

from .geometry import Pixels, bounds, height_of, rectangle
from .reduced import reduced

CUT_MARGIN, FEW_LINES = 0.35, 12
"""Heights of a line between its end and the edge of the picture: documents have margins."""
LEAST_CUT = 0.08  # share of the lines that run into the edge
SPARSE, SIDE, STRIP = 3, 256, 2  # of so many pixels one; made so small, at least; pixels along each edge
SAME_GROUND, LIGHTNESS = 14.0, 0.65
"""Distance in Lab from the paper among the lines to the edge of the frame, lightness counting so much of it."""
RUNS_OUT, STAYS_IN = 0.6, 0.5
"""Share of the document's breadth along an edge that has its ground there; that may seem to have it on the other sides."""
LEAST_EXTENT = 0.25  # of the frame: less of a document says too little
Lab = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Cut:
    """`share` of the lines, or of the document's breadth, that runs into the edge at `box`. `by_ground`: no line does."""

    share: float
    least: float
    box: Box
    by_ground: bool = False


def cut_lines(size: tuple[int, int], lines: Sequence[Line]) -> Cut | None:
    """Lines that run into the edge of a picture of `size` (height, width) on one or two sides; on more it is a page of a
    book, or a close-up."""
    h, w = size
    sides = [[line.box for line in lines if gap(line.box, w, h) < CUT_MARGIN * height_of(line.box)] for gap in _GAPS]
    least = 1 if len(lines) <= FEW_LINES else 2
    cut = [boxes for boxes in sides if len(boxes) >= max(least, LEAST_CUT * len(lines))]
    if not cut or len(cut) > 2:
        return None
    most = max(cut, key=len)
    return Cut(len(most) / len(lines), LEAST_CUT, most[0])


_GAPS: tuple[Callable[[Box, int, int], float], ...] = (
    lambda box, _w, _h: min(x for x, _ in box),
    lambda box, _w, _h: min(y for _, y in box),
    lambda box, w, _h: w - 1 - max(x for x, _ in box),
    lambda box, _w, h: h - 1 - max(y for _, y in box),
)


def cut_ground(pixels: Pixels, lines: Sequence[Line]) -> Cut | None:
    """The document's ground at one or two edges of the frame, where a table shows at the others."""
    shares = ground_at_edges(pixels, lines)
    out = [side for side, share in enumerate(shares) if share >= RUNS_OUT]
    inside = [side for side, share in enumerate(shares) if share <= STAYS_IN]
    if not out or len(inside) < 4 - len(out) or len(out) > 2 or tuple(out) in {(0, 2), (1, 3)}:
        return None
    side = max(out, key=lambda each: shares[each])
    h, w = pixels.shape[:2]
    left, top, right, bottom = bounds(line.box for line in lines)
    boxes = ((0, top, left, bottom), (left, 0, right, top), (right, top, w, bottom), (left, bottom, right, h))
    return Cut(shares[side], RUNS_OUT, rectangle(*boxes[side]), by_ground=True)


def ground_at_edges(pixels: Pixels, lines: Sequence[Line]) -> tuple[float, ...]:
    """For each edge (left, top, right, bottom) the share of the document's breadth at which the edge has the document's
    ground, rather than what lies at the other edges."""
    small = reduced(np.ascontiguousarray(pixels[::SPARSE, ::SPARSE]), SIDE)
    ratio = small.shape[1] / pixels.shape[1]
    lab = cv2.cvtColor(cv2.GaussianBlur(small, (3, 3), 0).astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    lab *= np.array([LIGHTNESS, 1, 1], np.float32)
    left, top, right, bottom = (round(v * ratio) for v in bounds(line.box for line in lines))
    left, top = max(0, left), max(0, top)
    if right - left < LEAST_EXTENT * lab.shape[1] and bottom - top < LEAST_EXTENT * lab.shape[0]:
        return (0.0, 0.0, 0.0, 0.0)
    ground = np.median(lab[top:bottom, left:right], axis=(0, 1))
    edges = (
        lab[:, :STRIP].mean(axis=1),
        lab[:STRIP].mean(axis=0),
        lab[:, -STRIP:].mean(axis=1),
        lab[-STRIP:].mean(axis=0),
    )
    spans = ((top, bottom), (left, right), (top, bottom), (left, right))
    rows = [np.median(lab[top:bottom, left:right], axis=axis) for axis in (1, 0, 1, 0)]
    made = []
    for edge, (start, end), near in zip(edges, spans, rows, strict=True):
        here = edge[start:end]
        away = np.minimum(np.linalg.norm(here - near[: len(here)], axis=1), np.linalg.norm(here - ground, axis=1))
        made.append(float((away < SAME_GROUND).mean()) if len(here) else 0.0)
    return tuple(made)
