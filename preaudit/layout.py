"""Labels and values on a page, by geometry alone: which words are labels, and what stands right of or under them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from cases.findings import Box
from cases.readings import Line

from .images.geometry import centre_of, height_of, union
from .kinds import folded, place_of
from .lines import rows

ASLANT = 0.25  # slope over which a line is a stamp or a watermark across the page, not its text
WIDE_GAP = 2.0  # heights between two pieces of one value
LEFT_ALIGNED, LINE_PITCH = 1.5, 2.2  # heights: how a value's next line may start, and how far below
PARAGRAPH_PITCH = 1.7  # heights between the lines of one cell
NARROW = 0.55  # width of a digit or Latin letter, in widths of a Han character


@dataclass(frozen=True)
class Piece:
    """A stretch of one line: a label, or the text between labels."""

    text: str
    confidence: float
    box: Box
    label: str | None = None

    @property
    def left(self) -> float:
        return min(x for x, _ in self.box)

    @property
    def right(self) -> float:
        return max(x for x, _ in self.box)

    @property
    def middle(self) -> float:
        return centre_of(self.box)[1]

    @property
    def height(self) -> float:
        return height_of(self.box)


@dataclass(frozen=True)
class Layout:
    rows: tuple[tuple[Piece, ...], ...]

    @property
    def labels(self) -> frozenset[str]:
        return frozenset(p.label for row in self.rows for p in row if p.label)

    def find(self, label: str) -> tuple[int, int] | None:
        """Row and place of a label."""
        for r, row in enumerate(self.rows):
            for c, piece in enumerate(row):
                if piece.label == label:
                    return r, c
        return None

    def after(self, at: tuple[int, int]) -> tuple[Piece, ...]:
        """What follows on the same row, up to the next label or a wide gap."""
        r, c = at
        return _neighbours(_until_label(self.rows[r][c + 1 :]))

    def block(self, at: tuple[int, int]) -> tuple[Piece, ...]:
        """What follows on the row and on the rows below that start at the same place, up to a row with a label there."""
        first = self.after(at)
        label = self.rows[at[0]][at[1]]
        left, level = (first[0].left, first[0].middle) if first else (label.right, label.middle)
        made = list(first)
        for row in self.rows[at[0] + 1 :]:
            inside = [p for p in row if abs(p.left - left) < LEFT_ALIGNED * label.height]
            if any(p.label for p in row if p.left < left) or not inside:
                break
            if inside[0].middle - level > LINE_PITCH * label.height:
                break
            made.extend(_neighbours([p for p in row if p.left >= inside[0].left]))
            level = inside[0].middle
        return tuple(made)

    def cell(self, at: tuple[int, int]) -> tuple[Piece, ...]:
        """What stands right of the label within its row of the table; failing that, right under it."""
        label = self.rows[at[0]][at[1]]
        top, bottom = self._band(label)
        wall = self.wall(label)
        inside = [
            p
            for row in self.rows
            for p in row
            if not p.label and top <= p.middle <= bottom and label.right - label.height / 2 <= p.left < wall
        ]
        return _one_paragraph(inside, label) or self._below(label)

    def beside(self, at: tuple[int, int], reach: float) -> Box:
        """The empty place right of a label, `reach` heights long at most: where its value would stand."""
        label = self.rows[at[0]][at[1]]
        length = min(reach * label.height, self.wall(label) - label.right)
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = label.box
        width = max(((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5, 1.0)
        ux, uy, vx, vy = (bx - ax) / width, (by - ay) / width, (cx - dx) / width, (cy - dy) / width
        start, end = 0.15 * label.height, max(length, 0.5 * label.height)
        return (
            (bx + ux * start, by + uy * start),
            (bx + ux * end, by + uy * end),
            (cx + vx * end, cy + vy * end),
            (cx + vx * start, cy + vy * start),
        )

    def _band(self, label: Piece) -> tuple[float, float]:
        """Half-way to the labels above and below in the same column; two lines where there is none."""
        column = [p for row in self.rows for p in row if p.label and p.left < label.right and p.right > label.left]
        above = [p.middle for p in column if p.middle < label.middle - label.height / 2]
        below = [p.middle for p in column if p.middle > label.middle + label.height / 2]
        reach = 0.9 * label.height
        top = (max(above) + label.middle) / 2 if above else label.middle - reach
        bottom = (min(below) + label.middle) / 2 if below else label.middle + reach
        far = 3 * label.height
        return max(top, label.middle - far), min(bottom, label.middle + far)

    def wall(self, label: Piece) -> float:
        """Where the next label on the row starts."""
        same = [
            p.left
            for row in self.rows
            for p in row
            if p.label and p.left >= label.right - 1 and abs(p.middle - label.middle) < 0.7 * label.height
        ]
        return min(same, default=float("inf"))

    def _below(self, label: Piece) -> tuple[Piece, ...]:
        """The first row under the label, if it lies in the label's column and is no label."""
        under = [
            p
            for row in self.rows
            for p in row
            if label.height * 0.6 < p.middle - label.middle < 2.5 * label.height
            and p.left < label.right
            and p.right > label.left
        ]
        if not under or any(p.label for p in under):
            return ()
        return tuple(under[:1])


def _neighbours(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Up to the first wide gap: behind it stands something else (a portrait's caption, the next column)."""
    made = list(pieces[:1])
    for piece in pieces[1:]:
        if piece.left - made[-1].right > WIDE_GAP * max(piece.height, made[-1].height):
            break
        made.append(piece)
    return tuple(made)


def _one_paragraph(pieces: Sequence[Piece], label: Piece) -> tuple[Piece, ...]:
    """The pieces on the label's level and those that follow closely above and below: lines of one cell stand closer
    together than rows of a table."""
    made = [p for p in pieces if abs(p.middle - label.middle) < 0.8 * max(p.height, label.height)]
    rest = sorted((p for p in pieces if p not in made), key=lambda p: abs(p.middle - label.middle))
    for piece in rest:
        near = made or rest[:1]
        if min(abs(piece.middle - other.middle) for other in near) < PARAGRAPH_PITCH * piece.height:
            made.append(piece)
    order = {id(piece): place for place, piece in enumerate(pieces)}
    return tuple(sorted(made, key=lambda p: order[id(p)]))


def _until_label(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    stop = next((i for i, piece in enumerate(pieces) if piece.label), len(pieces))
    return tuple(pieces[:stop])


def laid_out(lines: Iterable[Line], labels: Iterable[str]) -> Layout:
    """The page's rows, with the labels cut out of the lines they were read in. Slanting text is left out."""
    level = _level(list(lines))
    wanted = sorted({folded(label): label for label in labels}.items(), key=lambda pair: -len(pair[0]))
    return Layout(tuple(tuple(p for line in row for p in _pieces(line, wanted)) for row in rows(level)))


def _level(lines: list[Line]) -> list[Line]:
    slopes = [_slope(line.box) for line in lines]
    usual = float(np.median(slopes)) if slopes else 0.0
    return [line for line, slope in zip(lines, slopes, strict=True) if abs(slope - usual) < ASLANT]


def _slope(box: Box) -> float:
    (ax, ay), (bx, by), _, _ = box
    return (by - ay) / (bx - ax) if bx > ax else 10.0


def _pieces(line: Line, labels: Sequence[tuple[str, str]]) -> list[Piece]:
    """The line cut at its labels. A short label counts only at the start, or behind another label's value."""
    compact = "".join(line.text.split())
    cuts = _cuts(compact, labels)
    if not cuts:
        return [Piece(line.text, line.confidence, line.box)]
    made, at = list[Piece](), 0
    for start, end, label in [*cuts, (len(compact), len(compact), None)]:
        between = compact[at:start]
        if between.strip(":：_ "):
            made.append(Piece(between, line.confidence, part_of(line.box, compact, at, start)))
        if label:
            made.append(Piece(compact[start:end], line.confidence, part_of(line.box, compact, start, end), label))
        at = end
    return made


def _cuts(compact: str, labels: Sequence[tuple[str, str]]) -> list[tuple[int, int, str]]:
    found = list[tuple[int, int, str]]()
    taken = [False] * len(compact)
    plain_text, places = _plain_with_places(compact)
    for words, label in labels:
        at = place_of(plain_text, words)
        if at is None:
            continue
        start, end = places[at[0]], places[at[1] - 1] + 1
        if any(taken[start:end]) or not _may_start(compact, start, bool(found)):
            continue
        taken[start:end] = [True] * (end - start)
        found.append((start, end, label))
    return sorted(found)


def _plain_with_places(compact: str) -> tuple[str, list[int]]:
    """The line as `folded` makes it, and where each of its characters stood."""
    kept = [(c, i) for i, raw in enumerate(compact) for c in folded(raw)]
    return "".join(c for c, _ in kept), [i for _, i in kept]


def _may_start(compact: str, start: int, after_label: bool) -> bool:
    """A label opens a line, or follows another label's value; words inside a sentence are not labels."""
    return start <= 3 or after_label or compact[start - 1] in ":：;；,，)）」 "


def part_of(box: Box, text: str, start: int, end: int) -> Box:
    """The part of a line's box where `text[start:end]` stands, by the usual widths of its characters."""
    widths = [NARROW if c.isascii() else 1.0 for c in text]
    total = sum(widths) or 1.0
    a, b = sum(widths[:start]) / total, sum(widths[:end]) / total
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = box
    return (
        (x0 + (x1 - x0) * a, y0 + (y1 - y0) * a),
        (x0 + (x1 - x0) * b, y0 + (y1 - y0) * b),
        (x3 + (x2 - x3) * b, y3 + (y2 - y3) * b),
        (x3 + (x2 - x3) * a, y3 + (y2 - y3) * a),
    )


def joined(pieces: Sequence[Piece]) -> Piece | None:
    """Several pieces as one: the text in order, the least confidence, the box around all."""
    if not pieces:
        return None
    return Piece("".join(p.text for p in pieces), min(p.confidence for p in pieces), union([p.box for p in pieces]))
