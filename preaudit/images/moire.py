"""The grid of a display: what a photograph of a screen shows and a photograph of paper does not.

Sought where the document is blank, in its light and in its two colours: a display's stripes are coloured, and text has a
regular grid of its own. Averaging over many places keeps what is the same everywhere.
"""

import cv2
import numpy as np
import numpy.typing as npt

from .geometry import Pixels

SIDE, PLACES = 256, 9  # pixels of a tile; tiles are tried at so many places across and down
CALM, LEAST_TILES = 0.3, 6  # share of the tiles, the blankest, that are looked at
NEAR, FAR = 0.10, 0.49  # of the sampling rate: coarser is print, finer there is not
COLOUR = 1.75  # files keep half the resolution of colour: its peaks are that much lower
Grey = npt.NDArray[np.float32]
Area = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


def grid_peak(pixels: Pixels, area: Area) -> float:
    """The strongest single frequency in the area, in standard deviations of all. Tickets and licences are printed with fine
    grids that show in the light alone; a display's show in its colours too, so the weaker of the two counts."""
    tiles = _calmest(_tiles(pixels, area))
    if not tiles:
        return 0.0
    light, *colours = (_peak(np.stack([tile[..., part] for tile in tiles])) for part in range(3))
    return min(light, COLOUR * max(colours))


def _tiles(pixels: Pixels, area: Area) -> list[Grey]:
    h, w = pixels.shape[:2]
    left, top, right, bottom = area
    if right - left < SIDE or bottom - top < SIDE:
        left, top, right, bottom = 0, 0, w, h
    if min(right - left, bottom - top) < SIDE:
        return []
    ys = np.unique(np.linspace(top, bottom - SIDE, PLACES).astype(int))
    xs = np.unique(np.linspace(left, right - SIDE, PLACES).astype(int))
    views = (pixels[y : y + SIDE, x : x + SIDE] for y in ys for x in xs)
    return [cv2.cvtColor(np.ascontiguousarray(view), cv2.COLOR_BGR2YCrCb).astype(np.float32) for view in views]


def _calmest(tiles: list[Grey]) -> list[Grey]:
    """Blank paper, where only a grid would show."""
    busy = [float(cv2.GaussianBlur(tile[..., 0], (0, 0), 3).std()) for tile in tiles]
    return [tiles[i] for i in np.argsort(busy)[: max(LEAST_TILES, round(CALM * len(tiles)))]]


def _peak(tiles: Grey) -> float:
    window = np.outer(np.hanning(SIDE), np.hanning(SIDE)).astype(np.float32)
    flat = (tiles - tiles.mean(axis=(1, 2), keepdims=True)) * window
    spectrum = np.log1p(np.abs(np.fft.fftshift(np.fft.fft2(flat), axes=(1, 2)))).mean(axis=0).astype(np.float32)
    rest = spectrum - cv2.GaussianBlur(spectrum, (0, 0), 5)
    y, x = np.ogrid[:SIDE, :SIDE]
    away, off_axes = np.hypot(y - SIDE / 2, x - SIDE / 2), (np.abs(y - SIDE / 2) > 1) & (np.abs(x - SIDE / 2) > 1)
    ring = rest[(away > SIDE * NEAR) & (away < SIDE * FAR) & off_axes]
    return float(ring.max() / (ring.std() + 1e-6))
