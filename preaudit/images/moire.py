"""The lights of a display: what a photograph of a screen shows and a photograph of paper does not.

Paper has regular patterns of its own, finely printed grounds, dots, linen; a spectrum's peak alone proves nothing. But ink
takes light away, and from all three colours at the same places: along any wave of a printed pattern red, green and blue
rise and fall together. The lights of a display stand side by side, so its waves are out of step with each other, whether
the camera sees them as they are or as moiré. What is measured is the strength of waves whose colours are out of step.
"""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from .geometry import Pixels

SIDE, PLACES = 256, 9  # pixels of a tile; tiles are tried at so many places across and down
LEAST_PICTURE = (
    700  # pixels, the shorter side: in a smaller picture print is as fine as a lattice, and of that nothing is left
)
LOOKED_AT, LEAST_TILES = 0.15, 6  # share of the tiles in each group: the blankest, and of the rest the brightest
NEAR, FAR = 0.05, 0.75  # of the sampling rate: coarser is print and light, finer there is not
STEADY = 33  # pixels: slower changes are the light's
OUT_OF_STEP = 0.2  # share of a wave's power out of step; grounds in several inks reach 0.1 where they are strong
ABOVE_REST, BESIDE_PRINT = 1.7, 4.5
"""Powers of ten by which a wave may stand less out of the rest of the spectrum, and of what is in step, than it is strong.
A printed pattern is a hundred times stronger in step than out of it, a display's lights are not even ten times."""
Tile = npt.NDArray[np.float32]
Power = npt.NDArray[np.float64]
Area = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


def lights(pixels: Pixels, area: Area) -> float:
    """How strong the strongest wave with its colours out of step is: against the light itself, against the rest of the
    spectrum, and against what is in step; powers of ten, the weakest of the three. 0 where there is none. Files keep half
    the resolution of colour and sensors guess two colours of three, so a fine printed pattern is a little out of step too.
    """
    return max((_lights(group) for group in _groups(_tiles(pixels, area))), default=0.0)


def _lights(tiles: list[Tile]) -> float:
    light = float(np.mean([tile.mean() for tile in tiles]))
    odd, even = _power(tiles)
    ring = _ring(odd.shape)
    strongest = float(np.where(ring & (odd >= OUT_OF_STEP * (odd + even)), odd, 0).max())
    rest, print_ = float(np.median((odd + even)[ring])), float(even[ring].max())
    against = (max(light, 1.0) ** 2, max(rest, 1e-6) / 10**ABOVE_REST, max(print_, 1e-6) / 10**BESIDE_PRINT)
    return max(0.0, float(np.log10(max(strongest / max(against), 1e-9))))


def _tiles(pixels: Pixels, area: Area) -> list[Tile]:
    h, w = pixels.shape[:2]
    left, top, right, bottom = area
    if right - left < SIDE or bottom - top < SIDE:
        left, top, right, bottom = 0, 0, w, h
    if min(h, w) < LEAST_PICTURE or min(right - left, bottom - top) < SIDE:
        return []
    ys = np.unique(np.linspace(top, bottom - SIDE, PLACES).astype(int))
    xs = np.unique(np.linspace(left, right - SIDE, PLACES).astype(int))
    return [pixels[y : y + SIDE, x : x + SIDE].astype(np.float32) for y in ys for x in xs]


def _groups(tiles: list[Tile]) -> list[list[Tile]]:
    """Blank paper, where only a lattice would show; and the brightest places, for on a dark ground few lights are on."""
    if not tiles:
        return []
    busy = [float(cv2.GaussianBlur(cv2.cvtColor(tile, cv2.COLOR_BGR2GRAY), (0, 0), 3).std()) for tile in tiles]
    count = max(LEAST_TILES, round(LOOKED_AT * len(tiles)))
    calm = [int(i) for i in np.argsort(busy)]
    bright = sorted(calm[count:], key=lambda i: -float(tiles[i].mean()))
    return [[tiles[i] for i in group] for group in (calm[:count], bright[:count]) if group]


def _power(tiles: list[Tile]) -> tuple[Power, Power]:
    """Of each wave, a tile on the average: the power that one ink cannot explain (a pair of colours at an angle, or in
    opposite step), and the power in step."""
    window = np.outer(np.hanning(SIDE), np.hanning(SIDE)).astype(np.float32)[..., None]
    shared: list[Any] = [0, 0, 0]
    for tile in tiles:
        waves = np.fft.rfft2((tile - cv2.blur(tile, (STEADY, STEADY))) * window, axes=(0, 1))
        for pair in range(3):
            shared[pair] = shared[pair] + waves[..., pair] * waves[..., (pair + 1) % 3].conj()
    parts = [[cv2.GaussianBlur(np.fft.fftshift(part, axes=0), (0, 0), 1) for part in (c.real, c.imag)] for c in shared]
    odd = sum(np.abs(imaginary) + np.maximum(0, -real) for real, imaginary in parts) / len(tiles)
    even = sum(np.maximum(0, real) for real, _ in parts) / len(tiles)
    return np.asarray(odd), np.asarray(even)


def _ring(shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    y, x = np.ogrid[: shape[0], : shape[1]]
    away = np.hypot(y - shape[0] / 2, x) / SIDE
    return np.asarray((away > NEAR) & (away < FAR))
