"""What is printed under a seal, read again in light of the seal's colour.

In its red channel a red seal vanishes from white paper while black, blue and green print stays, and a blue one in its blue. A seal tears the line it
was set across: the detector misses the line, or finds its ends. So the surroundings of a seal are looked at once more in
that channel, and a line that crosses the seal takes the place of the pieces it covers, unless those read better. What
the seal itself says was read in colour and stays.
"""

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from cases.findings import Box
from cases.readings import Line

from .images.geometry import Pixels, bounds, rectangle
from .images.ink import red_ink
from .images.reduced import brought_to
from .images.seals import seals

FINDER_SIDE = 640  # seals are looked for on a picture of this size
SIDES = (0.05, 0.5)  # of the picture's longer side: a company seal on a page, to one photographed close
ROUND = 0.45  # shorter side by longer: the seal of a printed invoice is an oval, and may be pale in part
INKED = (0.1, 0.92)  # share of its bounds in red: a ring to a disc; a red ground is no seal
MOST_SEALS = 2  # the largest; each costs a look at a strip of the page
REACH, RISE = 2.0, 0.4  # widths of the seal to either side, heights above and below: a title is three seals long
COVERED = 0.6  # share of a piece that lies in the longer line
LEAST_SCORE = 0.85  # of a line where nothing was read before
BLUE, RED = 0, 2  # channels
AS_GOOD = 0.02  # a whole line may read this little worse than its pieces
Look = Callable[[Pixels, Box], Sequence[Line]]


def with_seals_lifted(pixels: Pixels, lines: Sequence[Line], look: Look) -> list[Line]:
    """The lines with those that stand under seals. `look` reads the lines of a picture that cross a box of it."""
    made = list(lines)
    for seal in red_seals(pixels):
        made = merged(made, _under(pixels, seal, look, RED))
    for seal in [each.box for each in seals(pixels) if each.colour == "blue"][:MOST_SEALS]:
        made = merged(made, _under(pixels, seal, look, BLUE))
    return made


def red_seals(pixels: Pixels) -> list[Box]:
    """Bounds of round red shapes of a seal's size, the largest first."""
    small = brought_to(pixels, FINDER_SIDE)
    ratio = small.shape[1] / pixels.shape[1]
    joined = cv2.morphologyEx(red_ink(small), cv2.MORPH_CLOSE, np.ones((13, 13), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    seals = sorted((s for s in stats[1:count] if _is_seal(*s[2:])), key=lambda s: -s[2] * s[3])
    return [rectangle(*(float(v) / ratio for v in (x, y, x + w, y + h))) for x, y, w, h, _ in seals[:MOST_SEALS]]


def _is_seal(width: int, height: int, inked: int) -> bool:
    short, long = sorted((width, height))
    fits = short >= SIDES[0] * FINDER_SIDE and long <= SIDES[1] * FINDER_SIDE
    return fits and short >= ROUND * long and INKED[0] <= inked / (width * height) <= INKED[1]


def _under(pixels: Pixels, seal: Box, look: Look, channel: int) -> list[Line]:
    """Lines that cross the seal, read in light of its colour, in pixels of the whole picture."""
    left, top, right, bottom = bounds([seal])
    reach, rise = REACH * (right - left), RISE * (bottom - top)
    x0, y0 = max(0, int(left - reach)), max(0, int(top - rise))
    strip = pixels[y0 : int(bottom + rise), x0 : int(right + reach), channel]
    here = rectangle(left - x0, top - y0, right - x0, bottom - y0)
    found = look(np.asarray(cv2.cvtColor(np.ascontiguousarray(strip), cv2.COLOR_GRAY2BGR), np.uint8), here)
    return [Line(line.text, line.confidence, _moved(line.box, x0, y0)) for line in found]


def _moved(box: Box, x: float, y: float) -> Box:
    a, b, c, d = ((px + x, py + y) for px, py in box)
    return (a, b, c, d)


def merged(lines: Sequence[Line], under: Sequence[Line]) -> list[Line]:
    """Each line found under a seal in place of the pieces it covers, where it reads better than they do."""
    made = list(lines)
    for line in under:
        pieces = [each for each in made if share_within(each.box, line.box) >= COVERED]
        if _is_better(line, pieces, made):
            made = [each for each in made if each not in pieces] + [line]
    return made


def _is_better(line: Line, pieces: Sequence[Line], all_lines: Sequence[Line]) -> bool:
    if not pieces:
        stands = any(share_within(line.box, other.box) >= COVERED for other in all_lines)
        return line.confidence >= LEAST_SCORE and not stands
    length = sum(len(piece.text) for piece in pieces)
    score = sum(piece.confidence * len(piece.text) for piece in pieces) / max(length, 1)
    return len(line.text) >= length and line.confidence >= score - AS_GOOD


def share_within(box: Box, other: Box) -> float:
    """How much of `box` lies within `other`, 0 to 1."""
    one, two = np.asarray(box, np.float32), np.asarray(other, np.float32)
    inside, _ = cv2.intersectConvexConvex(one, two)
    return float(inside) / max(float(cv2.contourArea(one)), 1.0)
