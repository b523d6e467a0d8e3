"""A small copy of a page for showing to whoever handed it in: upright as uploaded, drawn anew from its pixels.

Whatever else the file held stays behind. Small enough for a phone on a slow line, large enough to read a number by.
"""

import cv2

from .geometry import Pixels
from .reduced import reduced

SIDE, QUALITY = 1000, 70
"""`reduced` gives 1000 to 2000 pixels on the longer side: 60 to 250 kB."""


def small_copy(pixels: Pixels | None) -> bytes:
    """JPEG; nothing where there is no picture."""
    if pixels is None:
        return b""
    done, coded = cv2.imencode(".jpg", reduced(pixels, SIDE), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return coded.tobytes() if done else b""
