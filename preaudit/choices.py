"""Which of a form's boxes are ticked: 补领原因 □遗失 ☑损坏.

An item's form says what there is to choose (`补领原因: {field: reason, choose: [遗失, 损坏]}`), which comes here as
`reason(遗失|损坏)`. Each option's box is looked for beside its printed words. What is in doubt is named and never counted as
ticked or as empty; a form that has a line to write on in place of boxes is read as written.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cases.findings import Box
from cases.readings import Confirmed, Field

from .images.geometry import Pixels, box_of, crop, height_of
from .images.ticks import Square, Tick, squares
from .layout import Piece, part_of

SURE, UNSURE = 0.95, 0.4
"""Confidence of a field whose boxes were all told, and of one with a box that could not be."""
BEFORE, AROUND = 2.2, 0.25  # heights of the text: room for a box before the first option and after the last, and above
NEAR = 1.7  # heights between a box and its option
ALIKE = 0.9  # of the side: boxes of one row are of one size, and two of them are measured alike within a step
TELLING = 1.5  # sides that a box may be farther off than a smaller square
JOIN = "、"


@dataclass(frozen=True)
class Ticks:
    """The options of one field by what their box is. `unsure`: little ink, or no box was found."""

    ticked: tuple[str, ...]
    empty: tuple[str, ...]
    unsure: tuple[str, ...]

    def plain(self) -> dict[str, list[str]]:
        return {"ticked": list(self.ticked), "empty": list(self.empty), "unsure": list(self.unsure)}


def name_and_options(declared: str) -> tuple[str, tuple[str, ...]]:
    """`reason(遗失|损坏)` taken apart; a plain name has no options."""
    found = re.fullmatch(r"([^()]+)\((.+)\)", declared)
    return (found[1], tuple(found[2].split("|"))) if found else (declared, ())


@dataclass(frozen=True)
class _Option:
    words: str
    box: Box


def ticks_in(pieces: Sequence[Piece], options: Sequence[str], pixels: Pixels) -> tuple[Ticks, Box] | None:
    """The boxes beside the options in a cell; None where there are none, or fewer than two options are printed."""
    found = [option for piece in pieces for option in _options_in(piece, options)]
    if len({each.words for each in found}) < min(2, len(options)):
        return None
    told = dict[str, Tick]()
    for row in _rows(found):
        told |= _told(row, pixels)
    if not told:
        return None
    by = {tick: tuple(o for o in options if told.get(o, Tick.UNSURE) is tick) for tick in Tick}
    return Ticks(by[Tick.TICKED], by[Tick.EMPTY], by[Tick.UNSURE]), found[0].box


def _options_in(piece: Piece, options: Sequence[str]) -> list[_Option]:
    text, made, taken = "".join(piece.text.split()), list[_Option](), list[tuple[int, int]]()
    for words in sorted(options, key=len, reverse=True):
        at = text.find(words)
        if at >= 0 and not any(a < at + len(words) and at < b for a, b in taken):
            taken.append((at, at + len(words)))
            made.append(_Option(words, part_of(piece.box, text, at, at + len(words))))
    return sorted(made, key=lambda option: option.box[0][0])


def _rows(found: Sequence[_Option]) -> list[list[_Option]]:
    """Options on one line of the form, from left to right."""
    rows = list[list[_Option]]()
    for option in sorted(found, key=lambda each: each.box[0][1]):
        if rows and option.box[0][1] - rows[-1][0].box[0][1] < 0.6 * height_of(option.box):
            rows[-1].append(option)
        else:
            rows.append([option])
    return [sorted(row, key=lambda option: option.box[0][0]) for row in rows]


def _told(row: Sequence[_Option], pixels: Pixels) -> dict[str, Tick]:
    """Each option with the box before it, or, where the boxes stand behind, the one after it."""
    height = height_of(row[0].box)
    strip = _strip(row, height)
    left = strip[0][0]
    seen = squares(crop(pixels, strip), height)
    starts = [(option, option.box[0][0] - left) for option in row]
    ends = [(option, option.box[1][0] - left) for option in row]
    made = [
        matched
        for like in _of_one_size(seen, len(row))
        for matched in (
            _matched(starts, like, lambda square: square.right),
            _matched(ends, like, lambda square: square.left),
        )
        if matched
    ]
    told = max(made, key=_worth, default=Matched())
    far = len(seen) == len(row)
    return {words: square.tick for words, (square, away) in told.items() if far or away <= NEAR * height}


def _strip(row: Sequence[_Option], height: float) -> Box:
    (ax, ay), _, _, (dx, dy) = row[0].box
    _, (bx, by), (cx, cy), _ = row[-1].box
    side, rise = BEFORE * height, AROUND * height
    return box_of([(ax - side, ay - rise), (bx + side, by - rise), (cx + side, cy + rise), (dx - side, dy + rise)])


def _of_one_size(seen: Sequence[Square], wanted: int) -> list[Sequence[Square]]:
    """All squares, and those of each size where they are enough for the row: characters (损, 国) have squares as well."""
    sizes = [[each for each in seen if ALIKE * one.side <= each.side <= one.side] for one in seen]
    return [seen, *(like for like in sizes if len(like) >= wanted)]


Matched = dict[str, tuple[Square, float]]


def _matched(
    options: Sequence[tuple[_Option, float]], seen: Sequence[Square], edge: Callable[[Square], float]
) -> Matched:
    """Each option with its box and how far off that is: in order where there are as many boxes as options, else the
    nearest."""
    made = Matched()
    for place, (option, at) in enumerate(options):
        near = [seen[place]] if len(seen) == len(options) else seen
        if near:
            square = min(near, key=lambda each: abs(edge(each) - at))
            made[option.words] = square, abs(edge(square) - at)
    return made


def _worth(made: Matched) -> tuple[int, float]:
    """The more boxes, a box for one option only, the better; then the nearer, but large ones rather than near ones: what
    recognition takes for part of the words may be the box after them, and the squares of characters are smaller."""
    boxes, away = {square for square, _ in made.values()}, sum(far for _, far in made.values()) / len(made)
    return len(boxes), TELLING * min(square.side for square in boxes) - away


def chosen(ticks: Ticks, box: Box) -> Field | None:
    """What is ticked, as a value; None where every box is empty. A box in doubt leaves the value in doubt."""
    if not ticks.ticked and not ticks.unsure:
        return None
    value = JOIN.join(ticks.ticked or ticks.unsure)
    return Field(value, UNSURE if ticks.unsure else SURE, Confirmed.ONE_READER, box)
