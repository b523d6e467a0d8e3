"""Papers lying before the fake camera: an identity card near, far, turned, in the dark, under a lamp, in a moving hand."""

import io
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image

from workers.demo.photos import SAMPLES

WIDTH, HEIGHT = 960, 1280
"""As phones hold it: upright."""
RAISED = 62
"""Pixels over the middle, where the app's frame is: a hint stands below it."""
TABLE = 96
CARD_RATIO = 85.6 / 54
FRAMES = 6
Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Scene:
    """How a card lies. `fill` is its width as a share of the picture's."""

    fill: float
    degrees: float = 0
    light: float = 1
    spot: bool = False
    shaking: int = 0
    """Pixels from one frame to the next."""


def card(file: Path, scene: Scene) -> None:
    """A film of it, for the browser's fake camera."""
    picture = _lying(scene)
    moves = [scene.shaking * (n % 3) for n in range(FRAMES)]
    file.write_bytes(b"".join(_jpeg(np.roll(picture, move, axis=1)) for move in moves))


def _lying(scene: Scene) -> Picture:
    table = np.full((HEIGHT, WIDTH, 3), TABLE, np.uint8)
    width = int(WIDTH * scene.fill)
    height = int(width / CARD_RATIO)
    face = cv2.resize(_face(), (width, height), interpolation=cv2.INTER_AREA)
    top, left = (HEIGHT - height) // 2 - RAISED, (WIDTH - width) // 2
    table[top : top + height, left : left + width] = face
    turn = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2 - RAISED), scene.degrees, 1)
    turned = cv2.warpAffine(table, turn, (WIDTH, HEIGHT), borderValue=(TABLE, TABLE, TABLE))
    lit = np.clip(turned * scene.light, 0, 255).astype(np.uint8)
    if scene.spot:
        cv2.circle(lit, (WIDTH // 2 + width // 5, HEIGHT // 2 - RAISED), width // 9, (255, 255, 255), -1)
    return lit


def _face() -> Picture:
    """The sample's card, cut out of its photograph: a lighter thing on a darker table."""
    photograph = cv2.imread(str(SAMPLES / "id_front.jpg"))
    grey = cv2.GaussianBlur(cv2.cvtColor(photograph, cv2.COLOR_BGR2GRAY), (0, 0), 5)
    _, light = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    outlines, _ = cv2.findContours(light, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    sheet = cv2.minAreaRect(max(outlines, key=cv2.contourArea))
    corners = _from_top_left(cv2.boxPoints(sheet))
    size = (1000, round(1000 / CARD_RATIO))
    to = np.float32([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]])
    return cv2.warpPerspective(photograph, cv2.getPerspectiveTransform(corners, to), size)


def _from_top_left(points: NDArray[np.float32]) -> NDArray[np.float32]:
    sums, differences = points.sum(axis=1), np.diff(points, axis=1).ravel()
    order = [sums.argmin(), differences.argmin(), sums.argmax(), differences.argmax()]
    return points[order].astype(np.float32)


def _jpeg(picture: Picture) -> bytes:
    _, frame = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])
    return bytes(frame.tobytes())


def small_photograph(file: Path, shade: int = 0, width: int = 400) -> Path:
    """Of nothing: for what does not depend on what is read. Lighter to the right, so that a turn is seen."""
    grey = Image.linear_gradient("L").rotate(90).resize((width, width * 3 // 4))
    Image.merge("RGB", (grey, grey, Image.new("L", grey.size, shade))).save(file, format="JPEG", quality=92)
    return file


def large_photograph(file: Path, megabytes: int) -> Path:
    """A photograph of so many bytes: a reader of JPEG does not look behind the picture's end."""
    data = small_photograph(file).read_bytes()
    file.write_bytes(data + bytes(megabytes * 1_000_000 - len(data)))
    return file


def video() -> bytes:
    return b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(4096)


def heic(file: Path) -> Path:
    """As iPhones keep photographs."""
    pillow_heif.register_heif_opener()
    with Image.open(SAMPLES / "id_front.jpg") as picture:
        out = io.BytesIO()
        picture.resize((1200, 900)).save(out, format="HEIF", quality=85)
    file.write_bytes(out.getvalue())
    return file


def sideways(file: Path, width: int) -> Path:
    """As a phone held upright stores it: a quarter turn from how it is seen, with the camera's mark of orientation."""
    with Image.open(small_photograph(file, width=width)) as picture:
        exif = Image.Exif()
        exif[0x0112] = 6  # to be turned a quarter clockwise
        picture.rotate(90, expand=True).save(file, quality=92, exif=exif)
    return file
