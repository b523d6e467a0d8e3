"""Seals, red and blue: where they are, and the ring of words of a round or oval one unrolled so that a line's reader can read it.

A seal's words say whose it is. They run clockwise from the lower left over the top, their heads outwards; the ring is laid
flat from the bottom round to the bottom. Read words are a hint with a confidence: a seal is often pale, or over print.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cases.findings import Box

from .geometry import Pixels, rectangle
from .reduced import brought_to

SIDE = 640  # seals are looked for on a picture of this size
SIZES = (0.04, 0.4)  # of the longer side: a personal stamp to a company seal photographed close
ROUND = 0.6  # shorter side by longer
FILLED, SOLID = (
    0.66,
    0.8,
)  # of its box within its rim (an oval 0.76, a face 0.64, writing and diamonds less); most of that in ink: cloth has more
JOINED = 13  # pixels that may lie between the strokes of one seal
STRONGER, LEAST = 45, 80  # grey levels: the ink's colour over the others, and its own light
RING = (0.5, 0.97)  # of the radius: between the star in the middle and the rim
STRIP_HEIGHT = 64
AIR = 4  # pixels around a seal that are looked at with it
LEAST_RADIUS = 40  # pixels: under it the words are under 12 pixels high
ReadCrop = Callable[[Pixels], tuple[str, float]]


@dataclass(frozen=True)
class Seal:
    """`colour` red or blue; `box` in pixels of the picture."""

    colour: str
    box: Box


def seals(pixels: Pixels) -> tuple[Seal, ...]:
    """All of them, the largest first."""
    small = brought_to(pixels, SIDE)
    ratio = small.shape[1] / pixels.shape[1]
    found = [
        (w * h, Seal(colour, rectangle(x / ratio, y / ratio, (x + w) / ratio, (y + h) / ratio)))
        for colour in ("red", "blue")
        for x, y, w, h in _shapes(inked(small, colour))
    ]
    return tuple(seal for _, seal in sorted(found, key=lambda each: -each[0]))


def inked(pixels: Pixels, colour: str) -> Pixels:
    """Where the colour is stronger than the picture's own cast of light makes it: 0 and 1."""
    blue, green, red = (pixels[..., i].astype(np.int16) for i in range(3))
    own, other = (red, np.maximum(blue, green)) if colour == "red" else (blue, np.maximum(red, green))
    excess = own - other
    return np.asarray(((excess - int(np.median(excess)) > STRONGER) & (own > LEAST)).astype(np.uint8))


def _shapes(ink: Pixels) -> Iterator[tuple[int, int, int, int]]:
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((JOINED, JOINED), np.uint8))
    rims, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    low, high = (share * SIDE for share in SIZES)
    for rim in rims:  # what it encloses: photographed close, the rim, the words and the star do not touch
        x, y, w, h = cv2.boundingRect(rim)
        area, fits = cv2.contourArea(rim), low <= max(w, h) <= high and min(w, h) >= ROUND * max(w, h)
        if fits and area >= FILLED * w * h and ink[y : y + h, x : x + w].sum() <= SOLID * area:
            yield int(x), int(y), int(w), int(h)


def ring(pixels: Pixels, seal: Seal) -> Pixels | None:
    """The words around a round or oval seal as one line, its ink dark on white; None where they are too small to be read."""
    pixels, ((left, top), _, (right, bottom), _) = _around_it(pixels, seal.box)
    across, down = (right - left) / 2, (bottom - top) / 2
    if min(across, down) < LEAST_RADIUS:
        return None
    inner, outer = RING
    turn = _evenly(across, down)
    length = round(
        _around(across, down)[-1] * (inner + outer) / 2 * STRIP_HEIGHT / ((outer - inner) * min(across, down))
    )
    turn = np.interp(np.linspace(0, 1, length), np.linspace(0, 1, len(turn)), turn)
    away = np.linspace(outer, inner, STRIP_HEIGHT)
    xs = (left + right) / 2 + away[:, None] * across * np.cos(turn)[None, :]
    ys = (top + bottom) / 2 + away[:, None] * down * np.sin(turn)[None, :]
    flat = cv2.remap(_faded(pixels, seal.colour), xs.astype(np.float32), ys.astype(np.float32), cv2.INTER_CUBIC)
    return np.asarray(cv2.cvtColor(flat, cv2.COLOR_GRAY2BGR), np.uint8)


def _around_it(pixels: Pixels, box: Box) -> tuple[Pixels, Box]:
    """The seal's own part of the picture, and its place there."""
    (left, top), _, (right, bottom), _ = box
    x, y = max(0, int(left) - AIR), max(0, int(top) - AIR)
    part = pixels[y : int(bottom) + AIR, x : int(right) + AIR]
    return part, rectangle(left - x, top - y, right - x, bottom - y)


TURNS = np.pi / 2 + np.linspace(0, 2 * np.pi, 721)
"""From the bottom round to the bottom."""


def _around(across: float, down: float) -> npt.NDArray[np.float64]:
    """How far along the rim each of `TURNS` is."""
    steps = np.hypot(np.diff(across * np.cos(TURNS)), np.diff(down * np.sin(TURNS)))
    return np.concatenate([[0.0], np.cumsum(steps)])


def _evenly(across: float, down: float) -> npt.NDArray[np.float64]:
    """Turns that are the same way apart on the rim: words keep their width on the flat sides of an oval."""
    rim = _around(across, down)
    return np.interp(np.linspace(0, rim[-1], len(TURNS)), rim, TURNS)


def _faded(pixels: Pixels, colour: str) -> Pixels:
    """Light where the ink is not: the channel that the ink takes away, over the one that it leaves; black print fades."""
    channels = pixels.astype(np.float32) + 1
    own = channels[..., 2 if colour == "red" else 0]
    taken = channels[..., 1]
    return np.asarray(np.clip(255 * taken / own, 0, 255), np.uint8)


def words(read_crop: ReadCrop, pixels: Pixels, seal: Seal) -> tuple[str, float]:
    """What stands around it, and how sure the reader is; nothing where it is too small."""
    line = ring(pixels, seal)
    return ("", 0.0) if line is None else read_crop(line)
