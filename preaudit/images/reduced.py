"""A smaller picture of the same thing, cheaply: what light and colour are measured on."""

import cv2
import numpy as np

from .geometry import Pixels


def reduced(pixels: Pixels, side: int) -> Pixels:
    """Averaged over whole blocks of pixels, so that the longest side is `side` to twice that (or as it was): of 8 megapixels
    that takes 2 to 10 ms, any other ratio 25."""
    h, w = pixels.shape[:2]
    block = max(h, w) // side
    if block < 2 or min(h, w) < block:
        return pixels
    high, wide = h // block, w // block
    fitting = pixels[: high * block, : wide * block]
    return np.asarray(cv2.resize(fitting, (wide, high), interpolation=cv2.INTER_AREA), np.uint8)
