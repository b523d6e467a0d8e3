"""Several documents on one page: both sides of a card on one photocopy, two cards in one picture.

`parts_of` cuts the lines of a page where a gap runs across it, as long as what lies on either side of the gap is a whole
document by its own printed words. One document is therefore never cut in two, and a page of which one half is not
understood stays whole. Cards copied head to foot are told apart by the way their text runs.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cases.findings import Box
from cases.readings import Line, Reading, field_to_json

from .cleaning import id_number
from .images.geometry import Pixels, Sheet, bounds, cut_out, height_of, mapped, rectangle, turned
from .kinds import kind_of
from .lines import by_direction, direction, in_reading_order, slope_of
from .validators import id_number_valid

APART = frozenset(
    {
        "id_card_front",
        "id_card_back",
        "driving_licence",
        "vehicle_licence",
        "bank_card",
        "household_register_head",
        "household_register_member",
    }
)
"""Kinds small enough to share a page. The others fill one, and quote each other's words."""
TWINS = frozenset({"id_card_front", "id_card_back", "household_register_member"})
"""Kinds of which two may lie side by side; the two halves of a licence carry the same words and are one licence."""
LEAST_GAP = 0.35  # heights of a line between two documents: narrower is the spacing of rows
MOST_CUTS = 14  # the widest gaps; a page of text has many, and no two documents in it
MOST_LINES = 90
AROUND, AROUND_AGAIN = 1.2, 3.0  # heights of a line around its text: a document's place; what is read again
FRONT, BACK, OTHER_SIDE = "id_card_front", "id_card_back", 0.8  # known by its number only
LEAST_AGAIN = 24  # characters that run another way: fewer are a stamp or a margin's note
Read = Callable[[Pixels], Sequence[Line]]


@dataclass(frozen=True)
class Part:
    """One of several documents: its lines in pixels of `sheet`, which is the page turned so that they are upright."""

    kind: str
    confidence: float
    sheet: Sheet
    lines: tuple[Line, ...]

    @property
    def box(self) -> Box:
        """Its place on the sheet."""
        return _around(self.sheet, self.lines, AROUND)


def _around(sheet: Sheet, lines: Sequence[Line], heights: float) -> Box:
    """The place of the lines on the sheet, with so many of their heights of air."""
    left, top, right, bottom = bounds(line.box for line in lines)
    air = heights * float(np.median([height_of(line.box) for line in lines]))
    return rectangle(
        max(0.0, left - air), max(0.0, top - air), min(sheet.width, right + air), min(sheet.height, bottom + air)
    )


def parts_of(sheet: Sheet, lines: Sequence[Line], read: Read) -> tuple[Part, ...]:
    """The documents on the page, in reading order; empty where there are not several. `read` is asked again for text that
    runs another way than most: lines are found upside down, short labels are not."""
    if len(lines) > MOST_LINES:
        return ()
    found = list[Part]()
    for place, (facing, group) in enumerate(_by_facing(sheet, lines)):
        found += _parts(facing, group) or (
            _read_again(facing, group, read) if _has_another_side(found) and place else []
        )
    return tuple(found) if len(found) > 1 and _may_share(found) else ()


def _by_facing(sheet: Sheet, lines: Sequence[Line]) -> Iterator[tuple[Sheet, list[Line]]]:
    """For each way that text runs, the page turned so that it runs to the right."""
    for group in by_direction(lines):
        way = direction(group[0].box)
        facing = turned(sheet, (360 - way) % 360)
        there = np.linalg.inv(facing.to_upload) @ sheet.to_upload
        yield facing, [replace(line, box=mapped(line.box, there)) for line in group] if way else group


def _parts(sheet: Sheet, lines: Sequence[Line]) -> list[Part]:
    return [
        Part(*kind_of([line.text for line in ordered]), sheet, ordered)
        for group in _cut(lines)
        for ordered in [in_reading_order(group)]
    ]


def _has_another_side(found: Sequence[Part]) -> bool:
    return [part.kind for part in found] in ([FRONT], [BACK])


def _read_again(facing: Sheet, group: Sequence[Line], read: Read) -> list[Part]:
    if sum(len(line.text) for line in group) < LEAST_AGAIN:
        return []
    closer = cut_out(facing, _around(facing, group, AROUND_AGAIN))
    lines = in_reading_order(read(closer.pixels))
    return _parts(closer, lines) or ([Part(FRONT, OTHER_SIDE, closer, lines)] if _bears_a_number(lines) else [])


def _bears_a_number(lines: Sequence[Line]) -> bool:
    """Copies are stamped across, and labels do not survive it; a number with its check digit, beside the back of a card,
    is on its front."""
    return any(id_number_valid(id_number(line.text) or "") for line in lines)


def _may_share(parts: Sequence[Part]) -> bool:
    kinds = [part.kind for part in parts]
    return all(kinds.count(kind) == 1 or kind in TWINS for kind in kinds)


def _cut(lines: Sequence[Line]) -> list[Sequence[Line]]:
    """The lines of each document among them."""
    if not lines:
        return []
    for one, other in _cuts(lines):
        if _is_whole(one) and _is_whole(other):
            return [*_cut(one), *_cut(other)]
    return [lines] if _is_whole(lines) else []


def _is_whole(lines: Sequence[Line]) -> bool:
    kind, confidence = kind_of([line.text for line in lines])
    return kind in APART and confidence >= 1.0


def _cuts(lines: Sequence[Line]) -> list[tuple[list[Line], list[Line]]]:
    """The lines on either side of each gap that runs across the page, the widest gaps first."""
    slope, height = slope_of(lines), float(np.median([height_of(line.box) for line in lines]))
    made = [
        (gap, order[:at], order[at:])
        for axis in (0, 1)
        for order, ends in [_along(lines, axis, slope)]
        for at in range(2, len(order) - 1)
        if (gap := ends[at][0] - max(end for _, end in ends[:at])) > LEAST_GAP * height
    ]
    return [(one, other) for _, one, other in sorted(made, key=lambda cut: -cut[0])[:MOST_CUTS]]


def _along(lines: Sequence[Line], axis: int, slope: float) -> tuple[list[Line], list[tuple[float, float]]]:
    """The lines by where they begin along the axis, and their extents, the page's slope taken out."""

    def extent(line: Line) -> tuple[float, float]:
        places = [y - slope * x if axis else x + slope * y for x, y in line.box]
        return min(places), max(places)

    pairs = sorted(((extent(line), line) for line in lines), key=lambda pair: pair[0])
    return [line for _, line in pairs], [place for place, _ in pairs]


def also_marks(further: Sequence[Reading]) -> list[dict[str, object]]:
    """What `marks["also"]` holds (see `cases.readings.Reading`): `further` in pixels of the upload, each with its place in
    `marks["box"]`."""
    return [
        {
            "kind": each.kind,
            "confidence": round(each.kind_confidence, 4),
            "box": each.marks["box"],
            "fields": {name: field_to_json(field) for name, field in each.fields.items()},
            "empty_fields": list(each.marks.get("empty_fields", ())),
        }
        for each in further
    ]
