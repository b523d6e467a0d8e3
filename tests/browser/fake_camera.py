"""What a fake camera shows: a motion JPEG of a grey table, or of a label with its QR code lying on it."""

import io
from pathlib import Path

import cv2
import numpy as np
import segno
from numpy.typing import NDArray

WIDTH, HEIGHT = 640, 480
FRAMES = 5
Picture = NDArray[np.uint8]


def blank(path: Path) -> None:
    _film(path, _table())


def shows(path: Path, text: str) -> None:
    """The code as the label's printer makes it, a little turned, as a hand holds it."""
    made = io.BytesIO()
    segno.make(text, error="m", micro=False).save(made, kind="png", scale=7, border=4)
    code = cv2.imdecode(np.frombuffer(made.getvalue(), np.uint8), cv2.IMREAD_COLOR)
    table = _table()
    top, left = (HEIGHT - code.shape[0]) // 2, (WIDTH - code.shape[1]) // 2
    table[top : top + code.shape[0], left : left + code.shape[1]] = code
    turned = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), 7, 1)
    _film(path, cv2.warpAffine(table, turned, (WIDTH, HEIGHT), borderValue=(120, 120, 120)))


def _table() -> Picture:
    return np.full((HEIGHT, WIDTH, 3), 120, np.uint8)


def _film(path: Path, picture: Picture) -> None:
    _, frame = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])
    path.write_bytes(frame.tobytes() * FRAMES)
