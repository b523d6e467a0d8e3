"""A camera: lays a paper on a table and photographs it, well or badly, the same way for the same seed.

`photograph` gives the JPEG, `shoot` the JPEG and what was planted in it. The order is the light's: paper on table,
perspective, light and shadow, glare, lens (focus, motion), sensor (noise, exposure), how the phone was held, JPEG.
Same seed, same bytes on the same machine and library versions; other versions may round differently.
"""

import io
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import partial
from math import cos, radians, sin, sqrt
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.specimens.screens import any_display, displayed, mosaicked

Pixels = NDArray[np.float32]
"""Height × width × 3, 0..255."""
Corners = NDArray[np.float64]
"""4 × 2: top left, top right, bottom right, bottom left of the paper."""


class Level(StrEnum):
    SCAN = "scan"
    PHONE = "phone"
    HARD = "hard"


class Table(StrEnum):
    """What the paper lies on. PLAIN is the seed's: wood, grey or green."""

    PLAIN = "plain"
    DARK = "dark"
    BRIGHT = "bright"
    CLOTH = "cloth"


class Side(StrEnum):
    """Of the frame, as the paper lies in it."""

    LEFT = "left"
    TOP = "top"
    RIGHT = "right"
    BOTTOM = "bottom"


@dataclass(frozen=True)
class Manner:
    """How a level photographs. Angles in degrees; `shadow` and `falloff` are the share of light lost; `noise` in grey
    levels; `softness` in pixels of blur on a paper 1600 pixels long; `fill` is the share of the frame the paper takes."""

    tilt: float
    lean: tuple[float, float]
    fill: tuple[float, float]
    falloff: float
    shadow: float
    noise: float
    softness: float
    quality: int


MANNERS = {
    Level.SCAN: Manner(0.5, (0, 0), (0.97, 0.985), 0.0, 0.0, 1.5, 0.3, 90),
    Level.PHONE: Manner(4, (2, 8), (0.84, 0.92), 0.12, 0.12, 3.0, 0.7, 84),
    Level.HARD: Manner(13, (12, 22), (0.6, 0.72), 0.35, 0.5, 9.0, 1.9, 55),
}


@dataclass(frozen=True)
class Defects:
    """What is planted, each off by default.

    focus, motion: blur in pixels of a paper 1600 pixels long (sigma; length of the stroke).
    light: exposure; 1 is right, 0.12 too dark, 2.4 burnt out. glare: diameter of the spot as a share of the paper's
    length, at `glare_at` (shares of its width and height). cut: share of the paper outside the frame on `cut_side`.
    size: share of the pixels that the picture should have, a side. screen: photographed from a display
    (which one is the seed's); screen_fine: one with lights too small for the camera. mosaic: the colours of neighbouring pixels guessed from each other, as sensors do (displays
    are always photographed so).
    table: what it lies on. turn: the phone held 0, 90, 180 or 270 degrees clockwise. exif: whether the file says so, as phones do.
    """

    focus: float = 0.0
    motion: float = 0.0
    light: float = 1.0
    glare: float = 0.0
    glare_at: tuple[float, float] = (0.35, 0.35)
    cut: float = 0.0
    cut_side: Side = Side.LEFT
    size: float = 1.0
    screen: bool = False
    screen_fine: bool = False
    mosaic: bool = False
    turn: int = 0
    exif: bool = False
    table: Table = Table.PLAIN

    @property
    def codes(self) -> tuple[str, ...]:
        """The finding codes these are meant to earn. `light` between 0.3 and 1.6 is only an awkward picture."""
        planted = {
            "blurred": self.focus > 0 or self.motion > 0,
            "too_dark": self.light < 0.3,
            "overexposed": self.light > 1.6,
            "glare": self.glare > 0,
            "cut_off": self.cut > 0,
            "too_small": self.size < 1,
            "screen_photo": self.screen,
        }
        return tuple(code for code, there in planted.items() if there)


@dataclass(frozen=True)
class Photograph:
    """`corners` of the paper in pixels of the upright picture, clockwise from its top left."""

    data: bytes
    level: Level
    width: int
    height: int
    corners: tuple[tuple[float, float], ...]
    defects: Defects

    def truth(self) -> dict[str, Any]:
        """What was planted, as plain data."""
        changed = {k: v for k, v in asdict(self.defects).items() if v != getattr(Defects(), k)}
        return {
            "level": str(self.level),
            "size": [self.width, self.height],
            "corners": [[round(x, 1), round(y, 1)] for x, y in self.corners],
            "planted": changed,
            "codes": list(self.defects.codes),
        }


def photograph(
    paper: Image.Image, level: Level = Level.PHONE, seed: int = 0, *, megapixels: float = 3.0, **defects: Any
) -> bytes:
    """The picture as JPEG. Keywords beyond `megapixels` are those of `Defects`."""
    return shoot(paper, level, seed, megapixels=megapixels, defects=Defects(**defects)).data


def shoot(
    paper: Image.Image,
    level: Level = Level.PHONE,
    seed: int = 0,
    *,
    megapixels: float = 3.0,
    defects: Defects = Defects(),
    quality: int | None = None,
) -> Photograph:
    """The picture and what is known about it. `quality`: JPEG quality instead of the level's own."""
    rng = np.random.default_rng([seed, list(Level).index(level)])
    manner = MANNERS[level]
    width, height = _frame(paper, level, megapixels * defects.size**2)
    corners = _cut(_pose(paper.size, (width, height), manner, rng), (width, height), defects.cut, defects.cut_side)
    paper_pixels = _length(corners) / 1600
    scene = _lay(paper, corners, _covered(_table(width, height, level, rng), defects.table))
    for step in _steps(manner, defects, corners, paper_pixels, rng):
        scene = step(scene)
    picture = Image.fromarray(np.clip(scene, 0, 255).astype(np.uint8))
    return Photograph(
        data=_develop(picture, defects, quality or manner.quality),
        level=level,
        width=width,
        height=height,
        corners=tuple((float(x), float(y)) for x, y in corners),
        defects=defects,
    )


def _steps(
    manner: Manner, defects: Defects, corners: Corners, unit: float, rng: np.random.Generator
) -> list[Callable[[Pixels], Pixels]]:
    """What happens to the light between the paper and the file, in order."""
    return [
        partial(_light, manner=manner, rng=rng),
        *([partial(_glare, corners=corners, size=defects.glare, at=defects.glare_at)] if defects.glare else []),
        partial(_defocus, sigma=(manner.softness + defects.focus) * unit),
        *([partial(_smear, length=defects.motion * unit, rng=rng)] if defects.motion else []),
        *([partial(_display, corners=corners, defects=defects, unit=unit, rng=rng)] if defects.screen else []),
        *([mosaicked] if defects.mosaic and not defects.screen else []),
        partial(_expose, gain=defects.light, noise=manner.noise, rng=rng),
    ]


def _frame(paper: Image.Image, level: Level, megapixels: float) -> tuple[int, int]:
    """Width and height: 4:3 the way the paper lies, or the paper's own shape on a scanner."""
    lying = paper.width >= paper.height
    ratio = paper.width / paper.height if level is Level.SCAN else 4 / 3 if lying else 3 / 4
    height = sqrt(megapixels * 1e6 / ratio)
    return round(height * ratio), round(height)


def _pose(paper: tuple[int, int], frame: tuple[int, int], manner: Manner, rng: np.random.Generator) -> Corners:
    """Where the paper's corners fall: a pinhole camera over a sheet that is turned and leant, then fitted to the frame."""
    w, h = paper
    flat = np.array([(-w, -h), (w, -h), (w, h), (-w, h)], dtype=np.float64) / 2
    turned = flat @ _rotation(rng.uniform(-manner.tilt, manner.tilt)).T
    seen = _lean(turned, rng.uniform(*manner.lean), rng.uniform(0, 360), 1.6 * max(w, h))
    span = np.ptp(seen, axis=0)
    fitted = (seen - (seen.min(axis=0) + span / 2)) * (rng.uniform(*manner.fill) * np.min(np.array(frame) / span))
    room = (np.array(frame) - np.ptp(fitted, axis=0)) / 2
    centre = np.array(frame) / 2 + room * rng.uniform(-0.6, 0.6, 2)
    placed: Corners = fitted + centre
    return placed


def _cut(corners: Corners, frame: tuple[int, int], part: float, side: Side) -> Corners:
    """The paper moved over one edge of the frame, so that `part` of it is outside."""
    if not part:
        return corners
    axis = 0 if side in (Side.LEFT, Side.RIGHT) else 1
    along, outside = corners[:, axis], part * np.ptp(corners[:, axis])
    start = along.min() + outside if side in (Side.LEFT, Side.TOP) else along.max() - outside - frame[axis]
    moved = corners.copy()
    moved[:, axis] -= start
    return moved


def _rotation(degrees: float) -> NDArray[np.float64]:
    c, s = cos(radians(degrees)), sin(radians(degrees))
    return np.array([(c, -s), (s, c)])


def _lean(points: Corners, degrees: float, direction: float, distance: float) -> Corners:
    """The sheet leant away from the camera about a line in `direction`, seen from `distance`."""
    spin = _rotation(direction)
    along = points @ spin
    depth = along[:, 1] * sin(radians(degrees))
    along[:, 1] *= cos(radians(degrees))
    seen: Corners = (along * (distance / (distance + depth))[:, None]) @ spin.T
    return seen


def _length(corners: Corners) -> float:
    """The longer side of the paper in the picture, in pixels."""
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    return float(max(sides[0] + sides[2], sides[1] + sides[3]) / 2)


def _table(width: int, height: int, level: Level, rng: np.random.Generator) -> Pixels:
    """A table top: a wooden, grey or green colour with a grain along it and blotches; the scanner's lid is white."""
    if level is Level.SCAN:
        return np.full((height, width, 3), 246, np.float32)
    colour = rng.choice(np.array([(146, 108, 74), (176, 148, 112), (112, 114, 118), (84, 100, 96)]))
    blotches = _noise_field(width, height, (9, 7), rng) * 10
    grain = _noise_field(width, height, (6, max(60, height // 14)), rng) * 12
    return np.asarray(colour + (blotches + grain)[..., None], dtype=np.float32)


def _covered(table: Pixels, kind: Table) -> Pixels:
    """The same table black, white as paper, or under a fine checked cloth."""
    if kind is Table.PLAIN:
        return table
    grain = (table - table.mean(axis=(0, 1))).mean(axis=2, keepdims=True)
    if kind is not Table.CLOTH:
        return np.asarray(np.array((18, 17, 19) if kind is Table.DARK else (251, 251, 249), np.float32) + 0.3 * grain)
    height, width = table.shape[:2]
    y, x = np.ogrid[:height, :width]
    thread, check = max(3, width // 700), max(24, width // 40)
    weave = 14 * np.sin(2 * np.pi * x / thread) * np.sin(2 * np.pi * y / thread)
    checks = ((x // check) % 2 + (y // check) % 2)[..., None] / 2
    made = np.array((226, 224, 216)) * (1 - checks) + np.array((168, 40, 52)) * checks + weave[..., None]
    return np.asarray(made + 0.3 * grain, np.float32)


def _noise_field(width: int, height: int, cells: tuple[int, int], rng: np.random.Generator) -> Pixels:
    """Smooth noise, mean 0 and spread about 1, of `cells` features across and down."""
    coarse = rng.standard_normal((cells[1], cells[0])).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.float32)


def _lay(paper: Image.Image, corners: Corners, table: Pixels) -> Pixels:
    """The paper on the table, with the thin shadow of its own thickness."""
    height, width = table.shape[:2]
    rgba = _near_size(paper.convert("RGBA"), _length(corners))
    h, w = rgba.shape[:2]
    source = np.array([(0, 0), (w, 0), (w, h), (0, h)], dtype=np.float32)
    warp = cv2.getPerspectiveTransform(source, corners.astype(np.float32))
    seen = cv2.warpPerspective(rgba, warp, (width, height), flags=cv2.INTER_LINEAR, borderValue=(0, 0, 0, 0))
    cover = seen[..., 3:].astype(np.float32) / 255
    offset = max(2, width // 500)
    cast = cv2.GaussianBlur(np.roll(cover[..., 0], (offset, offset), (0, 1)), (0, 0), offset)
    ground = table * (1 - 0.45 * cast[..., None])
    return np.asarray(ground * (1 - cover) + seen[..., :3].astype(np.float32) * cover, dtype=np.float32)


def _near_size(paper: Image.Image, length: float) -> NDArray[np.uint8]:
    """Shrunk first when it is much larger than it will be seen, so that thin strokes are averaged and not skipped."""
    scale = length / max(paper.size)
    if scale < 0.8:
        paper = paper.resize((round(paper.width * scale), round(paper.height * scale)), Image.Resampling.LANCZOS)
    return np.asarray(paper)


def _light(scene: Pixels, manner: Manner, rng: np.random.Generator) -> Pixels:
    """Light that falls off to one side, a shadow with a soft edge over part of the sheet, and a tint of the lamp."""
    if not manner.falloff:
        return scene
    height, width = scene.shape[:2]
    x, y = np.meshgrid(np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32))
    angle, edge = rng.uniform(0, 2 * np.pi, 2)
    side = (x * cos(angle) + y * sin(angle)) / 2
    light = 1 - manner.falloff * (0.5 + side / 1.2)
    beyond = (x * cos(edge) + y * sin(edge) - rng.uniform(0.1, 0.5)) * 9
    light *= 1 - manner.shadow / (1 + np.exp(-beyond))
    tint = rng.uniform(0.96, 1.03, 3).astype(np.float32)
    return np.asarray(scene * light[..., None] * tint, dtype=np.float32)


def _glare(scene: Pixels, corners: Corners, size: float, at: tuple[float, float]) -> Pixels:
    """A lamp mirrored on the lamination: burnt white at its heart, fading out."""
    height, width = scene.shape[:2]
    across, down = corners[1] - corners[0], corners[3] - corners[0]
    cx, cy = corners[0] + across * at[0] + down * at[1]
    radius = size * _length(corners) / 2
    y, x = np.ogrid[:height, :width]
    away = ((x - cx) / radius) ** 2 + ((y - cy) / (radius * 0.7)) ** 2
    return np.asarray(scene + (420 * np.exp(-(away**1.5)))[..., None], dtype=np.float32)


def _display(scene: Pixels, corners: Corners, defects: Defects, unit: float, rng: np.random.Generator) -> Pixels:
    display = any_display(rng, _length(corners), fine=defects.screen_fine)
    return displayed(scene, corners, display, defects.focus * unit, rng)


def _defocus(scene: Pixels, sigma: float) -> Pixels:
    return np.asarray(cv2.GaussianBlur(scene, (0, 0), sigma), dtype=np.float32) if sigma > 0.2 else scene


def _smear(scene: Pixels, length: float, rng: np.random.Generator) -> Pixels:
    """The hand moved: a straight stroke of `length` pixels in any direction."""
    reach = max(3, round(length)) | 1
    kernel = np.zeros((reach, reach), np.float32)
    kernel[reach // 2] = 1
    spin = cv2.getRotationMatrix2D((reach // 2, reach // 2), rng.uniform(-70, 70), 1)
    kernel = np.asarray(cv2.warpAffine(kernel, spin, (reach, reach)), dtype=np.float32)
    return np.asarray(cv2.filter2D(scene, -1, kernel / kernel.sum()), dtype=np.float32)


def _expose(scene: Pixels, gain: float, noise: float, rng: np.random.Generator) -> Pixels:
    """Exposure and the sensor's noise, which does not get darker with the picture."""
    grain = rng.standard_normal(scene.shape[:2], dtype=np.float32) * noise
    colour = rng.standard_normal((scene.shape[0] // 2 + 1, scene.shape[1] // 2 + 1, 3), dtype=np.float32) * (noise / 2)
    speckle = cv2.resize(colour, (scene.shape[1], scene.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(scene * gain + grain[..., None] + speckle, dtype=np.float32)


EXIF_ORIENTATION = {0: 1, 90: 8, 180: 3, 270: 6}
"""The value that undoes a picture stored turned clockwise by so much (6: turn 90 clockwise to view, and so on)."""


def _develop(picture: Image.Image, defects: Defects, quality: int) -> bytes:
    """JPEG. A turned phone stores the turned picture; with `exif` the file also says how to put it right."""
    turned = picture.rotate(-defects.turn, expand=True) if defects.turn else picture
    tags = Image.Exif()
    if defects.exif:
        tags[0x0112] = EXIF_ORIENTATION[defects.turn]
    out = io.BytesIO()
    turned.save(out, "JPEG", quality=quality, exif=tags)
    return out.getvalue()
