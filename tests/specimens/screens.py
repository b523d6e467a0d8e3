"""A picture on a display, photographed: the lattice of its lights, seen through a lens and a sensor of mosaic colours.

Nothing here is painted to look like moiré. The lights of a display are a periodic pattern, so the photograph is a sum of
harmonics: each is weakened by the lens and the photosite as their transfer functions say and is then sampled where the
sensor has a site of that colour. Fringes, beats and clean grids come of that by themselves, or do not come.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import radians

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.float32]
Corners = NDArray[np.float64]
Cell = NDArray[np.float32]
"""Two by two display pixels, drawn 64 × 64 in three colours: what each light covers."""
SAMPLES, GAMMA, EXPOSED = 64, 2.2, 0.85
RESOLVED = 1.7  # pixels of the picture to one of the display: fewer, and nothing but the context tells it from a print
FINEST, FAINTEST = 5, 0.01  # harmonics of the cell's half frequency; weaker ones are not drawn


class Lights(StrEnum):
    """How the lights of a pixel lie: upright stripes (monitors, laptops), stripes with a wide black matrix, and the
    diamonds of telephones, which have half as many red and blue ones as green."""

    STRIPES = "stripes"
    DARK_STRIPES = "dark_stripes"
    DIAMONDS = "diamonds"


@dataclass(frozen=True)
class Display:
    """`across`: display pixels along the paper's longer side. `turn`: degrees between the paper and the lattice. `lens`:
    spread of a point, in pixels of the sensor. `bands`: light lost where the backlight pulses. `mirror`: the room in it."""

    lights: Lights
    across: float
    turn: float
    lens: float
    cast: tuple[float, float, float]
    bands: float
    mirror: float
    bezel: bool


def any_display(rng: np.random.Generator, length: float, *, fine: bool = False) -> Display:
    """One that shows the paper on 800 to 1900 of its pixels, photographed `length` pixels long: coarse enough for the
    camera to see its lights or, `fine`, not: then the lens blurs them into each other and hardly a trace is left."""
    lights = Lights(rng.choice(list(Lights)))
    warm = rng.uniform(-0.04, 0.07)
    across = rng.uniform(800, 1900)
    return Display(
        lights,
        across=length / rng.uniform(0.9, RESOLVED) if fine else min(across, length / rng.uniform(RESOLVED, 2.1)),
        turn=rng.uniform(-7, 7),
        lens=rng.uniform(0.35, 0.5),
        cast=(1 - warm, 1.0, 1 + warm),
        bands=float(rng.choice([0, 0, rng.uniform(0.02, 0.08)])),
        mirror=float(rng.choice([0, rng.uniform(2, 9)])),
        bezel=bool(rng.random() < 0.4),
    )


def displayed(scene: Pixels, corners: Corners, display: Display, blur: float, rng: np.random.Generator) -> Pixels:
    """`scene` as a sensor has it that looks at a display which shows it. `blur`: sigma of a lens out of focus, pixels."""
    height, width = scene.shape[:2]
    u, v, pitch = _lattice(corners, (width, height), display)
    shown = (np.clip(_pixelated(scene, pitch), 0, 255) / 255) ** GAMMA
    lens = float(np.hypot(display.lens, blur))
    seen = shown * _grid(display.lights, u, v, lens)
    seen *= _bands(height, display.bands, rng)
    light = np.asarray(255 * np.clip(seen, 0, None) ** (1 / GAMMA), np.float32)
    made = _balanced(light, scene * np.array(display.cast, np.float32))
    if display.mirror:
        made += _room(width, height, rng) * display.mirror
    if display.bezel:
        made = _framed(made, scene, u, v, display)
    return mosaicked(made.astype(np.float32))


def _lattice(corners: Corners, size: tuple[int, int], display: Display) -> tuple[Pixels, Pixels, float]:
    """Where each pixel of the picture falls among the pixels of the display, and how many of the former make one."""
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    lengths = ((sides[0] + sides[2]) / 2, (sides[1] + sides[3]) / 2)
    pitch = max(lengths) / display.across
    w, h = (length / pitch for length in lengths)
    flat = np.array([(-w, -h), (w, -h), (w, h), (-w, h)]) / 2
    angle = radians(display.turn)
    flat = flat @ np.array([(np.cos(angle), -np.sin(angle)), (np.sin(angle), np.cos(angle))])
    way = cv2.getPerspectiveTransform(corners.astype(np.float32), flat.astype(np.float32))
    x, y = np.meshgrid(np.arange(size[0], dtype=np.float32), np.arange(size[1], dtype=np.float32))
    away = way[2, 0] * x + way[2, 1] * y + way[2, 2]
    u = (way[0, 0] * x + way[0, 1] * y + way[0, 2]) / away
    v = (way[1, 0] * x + way[1, 1] * y + way[1, 2]) / away
    return np.asarray(u, np.float32), np.asarray(v, np.float32), float(pitch)


def _balanced(made: Pixels, scene: Pixels) -> Pixels:
    """As bright as the scene, and of its tint: what the lights' burnt-out middles take away the camera gives back."""
    part = (slice(None, None, 8), slice(None, None, 8))
    gains = scene[part].mean(axis=(0, 1)) / np.maximum(np.clip(made[part], 0, 255).mean(axis=(0, 1)), 1)
    return np.asarray(made * np.clip(gains * EXPOSED, 0.6, 1.4), np.float32)


def _pixelated(scene: Pixels, pitch: float) -> Pixels:
    """No finer than the display's own pixels."""
    if pitch <= 1:
        return scene
    h, w = scene.shape[:2]
    small = cv2.resize(scene, (round(w / pitch), round(h / pitch)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (w, h), interpolation=cv2.INTER_LINEAR), np.float32)


def _cell(lights: Lights) -> Cell:
    """Red, green and blue, 1 where light comes from."""
    cell = np.zeros((SAMPLES, SAMPLES, 3), np.float32)
    pixel = SAMPLES // 2
    y, x = np.mgrid[:SAMPLES, :SAMPLES] + 0.5
    if lights is Lights.DIAMONDS:
        for place, (cx, cy, reach) in enumerate(((0.25, 0.25, 0.62), (0.75, 0.75, 0.45), (0.25, 0.25, 0.7))):
            shift = pixel if place == 2 else 0
            dots = [(cx * pixel + shift, cy * pixel), (cx * pixel + pixel - shift, cy * pixel + pixel)]
            if place == 1:
                dots = [((cx + i) * pixel, (cy + j) * pixel) for i in (0, 1) for j in (0, 1)]
            for dx, dy in dots:
                near = np.abs(_around(x - dx)) + np.abs(_around(y - dy)) < reach * pixel * 0.6
                cell[near, place] = 1
        return cell
    wide, tall = (0.27, 0.92) if lights is Lights.STRIPES else (0.2, 0.78)
    for place in range(3):
        inside = np.abs((x / pixel) % 1 - (place + 0.5) / 3) < wide / 2
        cell[inside & ((y / pixel) % 1 < tall), place] = 1
    return cell


def _around(distance: NDArray[np.float64]) -> NDArray[np.float64]:
    """The cell repeats."""
    return (distance + SAMPLES / 2) % SAMPLES - SAMPLES / 2


def _grid(lights: Lights, u: Pixels, v: Pixels, lens: float) -> Pixels:
    """The lattice's light at each pixel and colour, 1 on the average."""
    steps = [(float(np.median(np.diff(m, axis=1))), float(np.median(np.diff(m, axis=0)))) for m in (u, v)]
    (ux, uy), (vx, vy) = steps
    across, down = np.exp(1j * np.pi * u).astype(np.complex64), np.exp(1j * np.pi * v).astype(np.complex64)
    spectra = np.fft.fft2(_cell(lights), axes=(0, 1)) / SAMPLES**2
    made = np.ones((*u.shape, 3), np.float32)
    rows = [np.ones_like(down)]
    for _ in range(FINEST):
        rows.append(rows[-1] * down)
    column = np.ones_like(across)
    for k in range(FINEST + 1):
        for m in range(-FINEST, FINEST + 1):
            fx, fy = (k * ux + m * vx) / 2, (k * uy + m * vy) / 2
            parts = 2 * spectra[m % SAMPLES, k] / spectra[0, 0] * _passed(fx, fy, lens)
            if (k == 0 and m <= 0) or np.abs(parts).max() < FAINTEST:
                continue
            wave = column * (rows[m] if m >= 0 else rows[-m].conj())
            for colour in range(3):
                made[..., colour] += wave.real * parts[colour].real - wave.imag * parts[colour].imag
        column = column * across
    return np.asarray(np.clip(made, 0, None), np.float32)


def _passed(fx: float, fy: float, lens: float) -> float:
    """What lens and photosite leave of a wave of so many periods a pixel."""
    return float(np.exp(-2 * np.pi**2 * lens**2 * (fx**2 + fy**2)) * np.sinc(fx) * np.sinc(fy))


def _bands(height: int, depth: float, rng: np.random.Generator) -> Pixels:
    y = np.arange(height, dtype=np.float32)[:, None, None] / height
    return np.asarray(1 - depth * (0.5 + 0.5 * np.sin(2 * np.pi * (y * rng.uniform(3, 14) + rng.random()))), np.float32)


def _room(width: int, height: int, rng: np.random.Generator) -> Pixels:
    """The room mirrored in the glass, out of focus."""
    coarse = rng.random((5, 6, 3)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)


def _framed(made: Pixels, scene: Pixels, u: Pixels, v: Pixels, display: Display) -> Pixels:
    """Beyond the display its black frame, and beyond that the table."""
    wide, tall = display.across * 0.535, float(np.abs(v).max()) * 0.96
    black = (np.abs(u) > wide) | (np.abs(v) > tall)
    beyond = (np.abs(u) > wide * 1.05) | (np.abs(v) > tall + wide * 0.05)
    made = np.where(black[..., None], np.float32(9), made)
    return np.asarray(np.where(beyond[..., None], scene, made), np.float32)


def mosaicked(scene: Pixels) -> Pixels:
    """As a sensor has it: one colour a site, the others guessed from the neighbours'."""
    sites = np.empty(scene.shape[:2], np.float32)
    for (top, left), colour in {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 2}.items():
        sites[top::2, left::2] = scene[top::2, left::2, colour]
    raw = np.clip(sites * 200, 0, 65535).astype(np.uint16)
    return np.asarray(cv2.cvtColor(raw, cv2.COLOR_BayerRGGB2RGB_EA) / np.float32(200), np.float32)
