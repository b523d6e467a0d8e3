"""Text lines on a page: their order, and the rows they stand in."""

from collections.abc import Iterable

import numpy as np

from cases.readings import Line

from .images.geometry import centre_of, height_of

SAME_ROW = 0.5  # centres nearer than this share of the smaller line's height, along the page's own slope


def in_reading_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Top to bottom, and left to right within a row."""
    return tuple(line for row in rows(lines) for line in row)


def rows(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines grouped by the row they stand in, following the page's slope (a photograph is never quite straight)."""
    all_lines = list(lines)
    if not all_lines:
        return []
    slope = _slope(all_lines)
    grouped = list[list[Line]]()
    for line in sorted(all_lines, key=lambda each: _level(each, slope)):
        if grouped and _same_row(grouped[-1], line, slope):
            grouped[-1].append(line)
        else:
            grouped.append([line])
    return [sorted(row, key=lambda each: centre_of(each.box)[0]) for row in grouped]


def _same_row(row: list[Line], line: Line, slope: float) -> bool:
    """Against the row's nearest neighbour in x: on a bent page levels drift along the row."""
    x = centre_of(line.box)[0]
    nearest = min(row, key=lambda each: abs(centre_of(each.box)[0] - x))
    apart = abs(_level(line, slope) - _level(nearest, slope))
    return apart < SAME_ROW * min(height_of(line.box), height_of(nearest.box))


def _level(line: Line, slope: float) -> float:
    x, y = centre_of(line.box)
    return y - slope * x


def _slope(lines: list[Line]) -> float:
    """Median slope of the lines, weighted to the long ones; 0 when the text stands on its side."""
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b, _, _ in (line.box for line in lines) if b[0] - a[0] > 1]
    return float(np.clip(np.median(slopes), -0.6, 0.6)) if slopes else 0.0
