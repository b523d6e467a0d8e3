"""Text lines on a page: their order, and the rows they stand in."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from cases.findings import Box
from cases.readings import Line

from .images.geometry import centre_of, height_of

SAME_ROW = 0.5  # centres nearer than this share of the smaller line's height, along the page's own slope


def in_reading_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Top to bottom, and left to right within a row; text that runs another way (two cards copied head to foot) after
    the rest, in its own order."""
    return tuple(line for group in by_direction(lines) for row in rows(group) for line in row)


def by_direction(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines by the way their text runs (right, left, down, up), the most text first."""
    groups = defaultdict[int, list[Line]](list)
    for line in lines:
        groups[direction(line.box)].append(line)
    return sorted(groups.values(), key=lambda group: -sum(len(line.text) for line in group))


def direction(box: Box) -> int:
    """Degrees clockwise from reading rightwards: 0, 90 (downwards), 180, 270."""
    (ax, ay), (bx, by), _, _ = box
    if abs(bx - ax) >= abs(by - ay):
        return 0 if bx >= ax else 180
    return 90 if by > ay else 270


def as_if_upright(box: Box, degrees: int) -> Box:
    """The box as it would lie if the page were turned so that text of this direction runs rightwards."""
    turns = {0: lambda x, y: (x, y), 90: lambda x, y: (y, -x), 180: lambda x, y: (-x, -y), 270: lambda x, y: (-y, x)}
    a, b, c, d = (turns[degrees](x, y) for x, y in box)
    return (a, b, c, d)


def rows(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines of one direction grouped by the row they stand in, following the page's slope (a photograph is never quite
    straight)."""
    all_lines = [_Placed(line, as_if_upright(line.box, direction(line.box))) for line in lines]
    if not all_lines:
        return []
    slope = slope_of([placed.line for placed in all_lines])
    grouped = list[list[_Placed]]()
    for line in sorted(all_lines, key=lambda each: _level(each, slope)):
        if grouped and _same_row(grouped[-1], line, slope):
            grouped[-1].append(line)
        else:
            grouped.append([line])
    return [[placed.line for placed in sorted(row, key=lambda each: centre_of(each.box)[0])] for row in grouped]


@dataclass(frozen=True)
class _Placed:
    """A line and where it would lie on its upright page."""

    line: Line
    box: Box


def _same_row(row: list[_Placed], line: _Placed, slope: float) -> bool:
    """Against the row's nearest neighbour in x: on a bent page levels drift along the row."""
    x = centre_of(line.box)[0]
    nearest = min(row, key=lambda each: abs(centre_of(each.box)[0] - x))
    apart = abs(_level(line, slope) - _level(nearest, slope))
    return apart < SAME_ROW * min(height_of(line.box), height_of(nearest.box))


def _level(line: _Placed, slope: float) -> float:
    x, y = centre_of(line.box)
    return y - slope * x


def slope_of(lines: Sequence[Line]) -> float:
    """Median slope of the lines as if upright; 0 where there is none."""
    boxes = (as_if_upright(line.box, direction(line.box)) for line in lines)
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b, _, _ in boxes if b[0] - a[0] > 1]
    return float(np.clip(np.median(slopes), -0.6, 0.6)) if slopes else 0.0
