"""PDF pages that have words of their own: nothing is recognised where words stand, so nothing there is doubted.

Pictures among the words (a card pasted onto a form) are recognised like any other. What the file says of itself becomes
marks: `digital_signature` {present, count, checked} and `form_fields` {name: value, or true and false for boxes to tick}.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from cases.findings import Box
from cases.readings import Confirmed, Field, Line

from .images.geometry import Pixels, Sheet, bounds, centre_of, cut_out, mapped, rectangle
from .lines import in_reading_order
from .recognise import Recogniser
from .replies import Decoded

PRINTED, RECOGNISED = 1.0, 0.999  # confidence: nothing that was recognised is as sure as what the file says
LEAST_SIDE = 48  # pixels of a picture; less holds no line of text
FLAT = 6.0  # grey levels of spread; less is a coloured ground
MOST_PICTURES = 8


def page_lines(decoded: Decoded, sheet: Sheet, recogniser: Recogniser) -> tuple[Line, ...]:
    """In pixels of the sheet, which is the rasterised page."""
    printed = [Line(text, PRINTED, rectangle(*box)) for text, box in decoded.words]
    pictures = [rectangle(*box) for box in decoded.pictures][:MOST_PICTURES]
    return in_reading_order(
        [*printed, *(line for each in pictures for line in _seen(each, sheet, recogniser, printed))]
    )


def _seen(picture: Box, sheet: Sheet, recogniser: Recogniser, printed: Sequence[Line]) -> Iterator[Line]:
    """What a picture says, but for words that are printed over it and known already."""
    part = cut_out(sheet, picture)
    if not _is_worth_it(part.pixels):
        return
    back = np.linalg.inv(sheet.to_upload) @ part.to_upload
    for line in recogniser.read(part.pixels):
        box = mapped(line.box, back)
        if not any(_covers(each.box, box) for each in printed):
            yield replace(line, box=box, confidence=min(line.confidence, RECOGNISED))


def _is_worth_it(pixels: Pixels) -> bool:
    return min(pixels.shape[:2]) >= LEAST_SIDE and float(pixels.std()) >= FLAT


def _covers(printed: Box, seen: Box) -> bool:
    left, top, right, bottom = bounds([printed])
    x, y = centre_of(seen)
    return left <= x <= right and top <= y <= bottom


def confirmed(fields: Mapping[str, Field]) -> dict[str, Field]:
    """What was printed is certain; what was recognised in a picture is as certain as it was made by its check digit."""
    return {
        name: replace(each, confirmed=Confirmed.TEXT_LAYER) if each.confidence >= PRINTED else each
        for name, each in fields.items()
    }


def file_marks(facts: Mapping[str, Any] | None) -> dict[str, Any]:
    """Empty for pictures. `checked` is false: a signature that is there may still be broken or anybody's."""
    if facts is None:
        return {}
    count = facts["signatures"]
    made: dict[str, Any] = {"digital_signature": {"present": count > 0, "count": count, "checked": False}}
    blanks = {blank["name"]: _said(blank) for blank in facts["blanks"]}
    return made | {"form_fields": blanks} if blanks else made


def _said(blank: Mapping[str, Any]) -> str | bool:
    return bool(blank["ticked"]) if blank["ticked"] is not None else str(blank["value"])
