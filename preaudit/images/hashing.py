"""A fingerprint of what a picture looks like, to notice the same photograph again after re-encoding or resizing."""

import cv2
import numpy as np

from .geometry import Pixels
from .reduced import reduced

SIDE = 1024  # pixels at least that the longest side is averaged down to first; less would cut whole rows off its edges


def difference_hash(pixels: Pixels) -> str:
    """64 bits as 16 hex digits: is each of 8×8 places darker than its right neighbour (dhash)?"""
    grey = cv2.cvtColor(reduced(pixels, SIDE), cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, (9, 8), interpolation=cv2.INTER_AREA).astype(int)
    bits = (small[:, 1:] > small[:, :-1]).flatten()
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"


def distance(one: str, other: str) -> int:
    """Bits in which two fingerprints differ; up to 6 of 64 is taken for the same picture."""
    return int(np.bitwise_count(np.uint64(int(one, 16) ^ int(other, 16))))
