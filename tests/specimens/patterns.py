"""Paper with a regular pattern of its own, easily taken for a display: fine lines in one ink or two, printed dots, linen.

`patterned(paper, Pattern.DOTS, seed)` lays it under everything that is printed on the sheet. The pitch is that of real
printing for a paper of the size of an A4 sheet or of a card: a quarter to a whole millimetre.
"""

from enum import StrEnum
from math import cos, radians, sin

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Field = NDArray[np.float32]
CARD_MM, SHEET_MM = 86.0, 297.0
LEAST_SIDE = 3200
"""Pixels: enough for a quarter of a millimetre on an A4 sheet."""


class Pattern(StrEnum):
    LINES = "lines"
    TWO_INKS = "two_inks"
    DOTS = "dots"
    LINEN = "linen"


INKS = ((0.55, 0.75, 0.95), (0.95, 0.62, 0.72), (0.7, 0.9, 0.65), (0.95, 0.88, 0.55), (0.72, 0.68, 0.92))


def patterned(paper: Image.Image, pattern: Pattern, seed: int = 0) -> Image.Image:
    rng = np.random.default_rng([seed, list(Pattern).index(pattern)])
    sheet = paper.convert("RGBA")
    if max(sheet.size) < LEAST_SIDE:
        grown = LEAST_SIDE / max(sheet.size)
        sheet = sheet.resize((round(sheet.width * grown), round(sheet.height * grown)), Image.Resampling.LANCZOS)
    pixels = np.asarray(sheet, np.float32)
    long_mm = CARD_MM if 1.4 < paper.width / paper.height < 1.7 and paper.mode == "RGBA" else SHEET_MM
    ground = _ground(pattern, sheet.size, max(sheet.size) / long_mm, rng)
    made = np.concatenate([pixels[..., :3] * ground, pixels[..., 3:]], axis=-1)
    return Image.fromarray(np.clip(made, 0, 255).astype(np.uint8), "RGBA")


def _ground(pattern: Pattern, size: tuple[int, int], per_mm: float, rng: np.random.Generator) -> Field:
    """What the pattern leaves of the light, three colours."""
    if pattern is Pattern.LINEN:
        x, y = _places(size, rng.uniform(-4, 4))
        pitch = rng.uniform(0.35, 0.9) * per_mm
        weave = np.sin(2 * np.pi * x / pitch) * np.sin(2 * np.pi * y / pitch)
        return np.repeat((1 - 0.05 * (1 + weave))[..., None], 3, axis=2).astype(np.float32)
    if pattern is Pattern.DOTS:
        layers = [_dots(size, per_mm / rng.uniform(4, 7), angle, rng.uniform(0.06, 0.3)) for angle in (15, 75, 0)]
        inks = [(0.1, 0.7, 0.95), (0.93, 0.15, 0.6), (0.98, 0.95, 0.15)]
    else:
        count = 2 if pattern is Pattern.TWO_INKS else 1
        angles = rng.uniform(-40, 40, count)
        layers = [_lines(size, rng.uniform(0.25, 1.0) * per_mm, angle, rng) for angle in angles]
        inks = [INKS[i] for i in rng.permutation(len(INKS))[:count]]
    made = np.ones((size[1], size[0], 3), np.float32)
    for layer, ink in zip(layers, inks, strict=True):
        made *= 1 - layer[..., None] * (1 - np.array(ink, np.float32))
    return made


def _places(size: tuple[int, int], degrees: float) -> tuple[Field, Field]:
    x, y = np.meshgrid(np.arange(size[0], dtype=np.float32), np.arange(size[1], dtype=np.float32))
    c, s = cos(radians(degrees)), sin(radians(degrees))
    return c * x + s * y, c * y - s * x


def _lines(size: tuple[int, int], pitch: float, degrees: float, rng: np.random.Generator) -> Field:
    """Waving lines, a third of the pitch wide."""
    x, y = _places(size, degrees)
    wave = rng.uniform(0, 3) * pitch * np.sin(2 * np.pi * x / (pitch * rng.uniform(25, 60)))
    return np.asarray(np.clip(np.cos(2 * np.pi * (y + wave) / pitch) * 3 - 1, 0, 1), np.float32)


def _dots(size: tuple[int, int], pitch: float, degrees: float, tint: float) -> Field:
    x, y = _places(size, degrees)
    hill = (np.cos(2 * np.pi * x / pitch) + np.cos(2 * np.pi * y / pitch)) / 2
    return np.asarray(np.clip((hill - (1 - 2 * tint)) * 4, 0, 1), np.float32)
