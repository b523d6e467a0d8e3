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
COARSER = 4  # the blankest and the brightest tiles are looked for on a picture so many times smaller
STEADY = 33  # pixels: slower changes are the light's
OUT_OF_STEP = 0.2  # share of a wave's power out of step; grounds in several inks reach 0.1 where they are strong
COARSE, COARSE_OUT_OF_STEP = (
    0.1,
    0.45,
)  # the same of waves as coarse as print: words in several inks reach 0.23, beats 0.56
ABOVE_LIGHT, ABOVE_REST, BESIDE_PRINT = 0.9, 1.7, 4.5
"""Powers of ten by which a wave must be stronger against the light, and may stand less out of the rest of the spectrum
and of what is in step.
A printed pattern is a hundred times stronger in step than out of it, a display's lights are not even ten times."""
FINE = 0.38  # of the sampling rate: lenses and printers leave next to nothing so fine, a lattice just resolved does
FINE_ABOVE_LIGHT, FINE_BESIDE_PRINT, FINE_ABOVE_NEAR = 1.0, 2.9, 1.3
"""Powers of ten: how much stronger than a coarser wave so fine a one must be, how much weaker it may be than what is
coarser, how much less it may stand out of its neighbours (a small picture of lines has fine waves too, but coarser ones
are stronger there, and none stands alone)."""
BESIDE, NEXT = 9, 4  # waves to each side that are its neighbours; those that are the wave itself
Tile = npt.NDArray[np.float32]
Power = npt.NDArray[np.float64]
Area = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


def lights(pixels: Pixels, area: Area) -> float:
    """How strong the strongest wave with its colours out of step is: against the light itself, against the rest of the
    spectrum, and against what is in step; powers of ten, the weakest of the three. 0 where there is none. Files keep half
    the resolution of colour and sensors guess two colours of three, so a fine printed pattern is a little out of step too.
    And a lattice that the camera just resolves may lose its colours on the way: a single wave so fine tells it as well.
    """
    return max((_lights(group) for group in _groups(pixels, _corners(pixels, area))), default=0.0)


def _lights(tiles: list[Tile]) -> float:
    light = float(np.mean([cv2.mean(tile)[:3] for tile in tiles]))
    odd, even = _power(tiles)
    away = _away(odd.shape)
    ring = (away > NEAR) & (away < FAR)
    least = np.where(away < COARSE, COARSE_OUT_OF_STEP, OUT_OF_STEP)
    strongest = float(np.where(ring & (odd >= least * (odd + even)), odd, 0).max())
    rest, print_ = float(np.median((odd + even)[ring])), float(even[ring].max())
    against = (
        max(light, 1.0) ** 2 * 10**ABOVE_LIGHT,
        max(rest, 1e-6) / 10**ABOVE_REST,
        max(print_, 1e-6) / 10**BESIDE_PRINT,
    )
    return max(0.0, _tens(strongest / max(against)), _lattice(odd + even, away, light))


def _lattice(power: Power, away: Power, light: float) -> float:
    """The same of one wave as fine as a lattice that the camera just resolves, in step or not."""
    y, x = np.unravel_index(np.argmax(np.where((away > FINE) & (away < FAR), power, 0)), power.shape)
    here = power[max(0, y - BESIDE) : y + BESIDE + 1, max(0, x - BESIDE) : x + BESIDE + 1]
    rows, columns = np.ogrid[: here.shape[0], : here.shape[1]]
    apart = np.hypot(rows - min(y, BESIDE), columns - min(x, BESIDE))
    near = float(np.median(here[(apart > NEXT) & (apart < BESIDE)]))
    coarser = float(power[(away > NEAR) & (away < FINE)].max())
    against = (
        max(light, 1.0) ** 2 * 10**FINE_ABOVE_LIGHT,
        max(coarser, 1e-6) / 10**FINE_BESIDE_PRINT,
        max(near, 1e-6) / 10**FINE_ABOVE_NEAR,
    )
    return _tens(float(power[y, x]) / max(against))


def _tens(ratio: float) -> float:
    return float(np.log10(max(ratio, 1e-9)))


def _corners(pixels: Pixels, area: Area) -> list[tuple[int, int]]:
    """Left and top of each tile."""
    h, w = pixels.shape[:2]
    left, top, right, bottom = area
    if right - left < SIDE or bottom - top < SIDE:
        left, top, right, bottom = 0, 0, w, h
    if min(h, w) < LEAST_PICTURE or min(right - left, bottom - top) < SIDE:
        return []
    ys = np.unique(np.linspace(top, bottom - SIDE, PLACES).astype(int))
    xs = np.unique(np.linspace(left, right - SIDE, PLACES).astype(int))
    return [(int(x), int(y)) for y in ys for x in xs]


def _groups(pixels: Pixels, corners: list[tuple[int, int]]) -> list[list[Tile]]:
    """Blank paper, where only a lattice would show; and the brightest places, for on a dark ground few lights are on."""
    if not corners:
        return []
    grey = cv2.cvtColor(np.ascontiguousarray(pixels[::COARSER, ::COARSER]), cv2.COLOR_BGR2GRAY)
    coarse = np.asarray(cv2.GaussianBlur(grey, (0, 0), 1), np.uint8)
    places = [(x // COARSER, y // COARSER) for x, y in corners]
    small = [coarse[y : y + SIDE // COARSER, x : x + SIDE // COARSER] for x, y in places]
    light, busy = zip(*((float(m), float(s)) for m, s in map(_mean_and_spread, small)), strict=True)
    count = max(LEAST_TILES, round(LOOKED_AT * len(corners)))
    calm = sorted(range(len(corners)), key=lambda i: busy[i])
    bright = sorted(calm[count:], key=lambda i: -light[i])
    return [[_tile(pixels, corners[i]) for i in group] for group in (calm[:count], bright[:count]) if group]


def _mean_and_spread(tile: npt.NDArray[Any]) -> tuple[float, float]:
    mean, spread = cv2.meanStdDev(tile)
    return float(mean[0, 0]), float(spread[0, 0])


def _tile(pixels: Pixels, corner: tuple[int, int]) -> Tile:
    x, y = corner
    return pixels[y : y + SIDE, x : x + SIDE].astype(np.float32)


def _power(tiles: list[Tile]) -> tuple[Power, Power]:
    """Of each wave, a tile on the average: the power that one ink cannot explain (a pair of colours at an angle, or in
    opposite step), and the power in step."""
    window = np.outer(np.hanning(SIDE), np.hanning(SIDE)).astype(np.float32)
    shared: list[Any] = [0, 0, 0]
    for tile in tiles:
        waves = [_waves(colour * window) for colour in cv2.split(tile - cv2.blur(tile, (STEADY, STEADY)))]
        for pair in range(3):
            shared[pair] = shared[pair] + waves[pair] * waves[(pair + 1) % 3].conj()
    parts = [[cv2.GaussianBlur(np.fft.fftshift(part, axes=0), (0, 0), 1) for part in (c.real, c.imag)] for c in shared]
    odd = sum(np.abs(imaginary) + np.maximum(0, -real) for real, imaginary in parts) / len(tiles)
    even = sum(np.maximum(0, real) for real, _ in parts) / len(tiles)
    return np.asarray(odd), np.asarray(even)


def _waves(tile: Tile) -> npt.NDArray[np.complex64]:
    """Half of them: the other half is the same. OpenCV packs them (its `dft`), which takes a quarter of the time of having
    all of them written out: real and imaginary parts beside each other, in the first and the last column one below the other."""
    packed = np.asarray(cv2.dft(tile), np.float32)
    made = np.empty((SIDE, SIDE // 2 + 1), np.complex64)
    made[:, 1:-1] = np.ascontiguousarray(packed[:, 1:-1]).view(np.complex64)
    made[:, 0], made[:, -1] = _column(packed[:, 0]), _column(packed[:, -1])
    return made


def _column(packed: Tile) -> npt.NDArray[np.complex64]:
    """The lower half is the upper one turned over."""
    middle = np.ascontiguousarray(packed[1:-1]).view(np.complex64)
    return np.concatenate([packed[:1], middle, packed[-1:], middle[::-1].conj()]).astype(np.complex64)


def _away(shape: tuple[int, ...]) -> Power:
    """Of each wave, how fine it is: periods a pixel."""
    y, x = np.ogrid[: shape[0], : shape[1]]
    return np.asarray(np.hypot(y - shape[0] / 2, x) / SIDE)
