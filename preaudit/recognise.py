"""Recognisers: pixels in, text lines out. `Recogniser` is the port; PP-OCR and tesseract are its bodies.

Lines come back in pixels of the picture given, in reading order (`lines.in_reading_order`). Nothing here is on the
network: models lie in the wheels.
"""

from typing import Protocol

from cases.readings import Line

from .images.geometry import Pixels


class Recogniser(Protocol):
    @property
    def name(self) -> str:
        """`ppocr` or `tesseract`, as printed in a reading."""

    def read(self, pixels: Pixels) -> tuple[Line, ...]:
        """All text lines of an upright BGR picture, those that stand upside down read the right way."""

    def read_crop(self, pixels: Pixels) -> tuple[str, float]:
        """One straightened line and its score."""

    def warm(self) -> None:
        """Load the models now; reading does it otherwise."""


class EngineMissing(RuntimeError):
    """The recogniser asked for is not installed. The message says what to install."""
