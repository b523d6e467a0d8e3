"""What may make a poor first look better, each only where a measure asks for it, and first tried on a few lines.

`remedies` proposes; `helps` reads the longest doubtful lines again on the remedied sheet, which costs a tenth of a page
and says as much. Measured on real pictures: a page of a bent book went from 6.0 to 1.9 seconds with the same text.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from cases.readings import Line

from .images import rectify
from .images.geometry import Matrix, Pixels, Sheet, crop, height_of, mapped, turned, width_of
from .images.quality import LEAST_SCORE
from .lines import by_direction, direction

DARK_WHITE = 120  # the brightest hundredth of a picture under this: taken in the dark
TRIED_LINES = 6  # the longest doubtful ones say enough
FACING_CHARACTERS = 12  # fewer on a poor page are as likely noise as text
LEAST_GAIN = 0.03  # of their mean score; less is chance
TRY_SECONDS, LOOK_SECONDS, LINE_SECONDS = 0.1, 0.25, 0.003
"""Of a processor: making a remedied page and trying it on a few lines; finding the lines of a page; reading a line, for
each of its heights in length (a poor one is read two or three times)."""
ReadCrop = Callable[[Pixels], tuple[str, float]]


def look_seconds(lines: Sequence[Line]) -> float:
    """What a whole look at a poor page costs, by the lines that it has: a clock would count the other pages, too."""
    return LOOK_SECONDS + LINE_SECONDS * sum(width_of(line.box) / max(height_of(line.box), 1.0) for line in lines)


def remedies(sheet: Sheet, lines: Sequence[Line]) -> Iterator[Sheet]:
    """Likeliest first. `sheet` as it was read, `lines` in its pixels."""
    facing = _facing(lines)
    if facing:
        yield turned(sheet, 360 - facing)
    if np.percentile(sheet.pixels, 98) < DARK_WHITE:
        yield rectify.brightened(sheet)
    elif lines and rectify.is_shadowed(sheet.pixels):
        yield rectify.flattened(sheet)
    straight = rectify.straightened(sheet) if lines else None
    if straight is not None:
        yield straight


def _facing(lines: Sequence[Line]) -> int:
    """The way most of the text runs; 0 where the page is upright or says too little."""
    if sum(len(line.text) for line in lines) < FACING_CHARACTERS:
        return 0
    return direction(by_direction(lines)[0][0].box)


def helps(read_crop: ReadCrop, seen: Sheet, lines: Sequence[Line], remedied: Sheet) -> bool:
    """Whether the remedied sheet reads the doubtful lines better. A turn changes their order, not how they look, and a
    page without any line has nothing to be tried on: both are believed."""
    if not lines or remedied.rotation != seen.rotation:
        return True
    doubtful = sorted((line for line in lines if line.confidence < LEAST_SCORE), key=lambda line: -width_of(line.box))
    tried = doubtful[:TRIED_LINES]
    if not tried:
        return False
    there: Matrix = np.linalg.inv(remedied.to_upload) @ seen.to_upload
    again = [read_crop(crop(remedied.pixels, mapped(line.box, there)))[1] for line in tried]
    return float(np.mean(again) - np.mean([line.confidence for line in tried])) >= LEAST_GAIN
