"""Labels and values on a page, by geometry alone: which words are labels, and what stands right of or under them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import atan, cos, sin

import numpy as np

from cases.findings import Box
from cases.readings import Line

from .images.geometry import centre_of, height_of, union
from .kinds import folded, place_of
from .lines import rows, slope_of

ASLANT = 0.25  # slope over which a line is a stamp or a watermark across the page, not its text
WIDE_GAP = 2.0  # heights between two pieces of one value
LEFT_ESTIMATED = 5.0  # the same where the value's own start is only estimated
LEFT_ALIGNED, LINE_PITCH = 1.5, 2.2  # heights: how a value's next line may start, and how far below
PARAGRAPH_PITCH = 1.7  # heights between the lines of one cell
SAME_LABEL = 1.1  # heights: labels closer above each other than this are one label in two lines
SPACED = 6.0  # heights between the characters of one label that is set wide
NARROW = 0.55  # width of a digit or Latin letter, in widths of a Han character


@dataclass(frozen=True)
class Piece:
    """A stretch of one line: a label, or the text between labels."""

    text: str
    confidence: float
    box: Box
    label: str | None = None
    lean: float = 0.0
    """Of the page, in radians: places are those of the page set straight."""
    cut: bool = False
    """Cut out of a line behind a label: where it starts is estimated, and a label set wide makes it start later."""

    @property
    def left(self) -> float:
        return min(x * cos(self.lean) + y * sin(self.lean) for x, y in self.box)

    @property
    def right(self) -> float:
        return max(x * cos(self.lean) + y * sin(self.lean) for x, y in self.box)

    @property
    def middle(self) -> float:
        x, y = centre_of(self.box)
        return y * cos(self.lean) - x * sin(self.lean)

    @property
    def height(self) -> float:
        return height_of(self.box)


@dataclass(frozen=True)
class Layout:
    rows: tuple[tuple[Piece, ...], ...]

    @property
    def labels(self) -> frozenset[str]:
        return frozenset(p.label for row in self.rows for p in row if p.label)

    def find(self, label: str, nth: int = 1, of: int = 1) -> tuple[int, int] | None:
        """Row and place of a label. Where it stands several times on the paper, `nth` of `of` in reading order; when not
        all of them were read, nobody knows which is which."""
        places = [(r, c) for r, row in enumerate(self.rows) for c, piece in enumerate(row) if piece.label == label]
        return places[nth - 1] if len(places) >= of else None

    def after(self, at: tuple[int, int]) -> tuple[Piece, ...]:
        """What follows on the same row, up to the next label or a wide gap."""
        r, c = at
        return _neighbours(_until_label(self.rows[r][c + 1 :]))

    def block(self, at: tuple[int, int], width: float = float("inf")) -> tuple[Piece, ...]:
        """What follows on the row and on the rows below that start at the same place, up to a row with a label there.
        `width`: heights of the label that the column of values is wide at most; text behind it is cut off."""
        first = self.after(at)
        label = self.rows[at[0]][at[1]]
        left, level = (first[0].left, first[0].middle) if first else (label.right, label.middle)
        farthest = left + (LEFT_ESTIMATED if first and first[0].cut else LEFT_ALIGNED) * label.height
        wall = min(self.wall(label) - label.height / 4, left + width * label.height)
        made = [cut for piece in first if (cut := _left_of(piece, wall))]
        for row in self.rows[at[0] + 1 :]:
            inside = [p for p in row if left - LEFT_ALIGNED * label.height < p.left < farthest]
            if any(p.label for p in row if p.left < left):
                break
            if inside and inside[0].middle - level > LINE_PITCH * label.height:
                break
            if inside:
                level = inside[0].middle
                here = min([wall, *(p.left - label.height / 4 for p in row if p.label)])
                line = _neighbours([p for p in row if p.left >= inside[0].left and not p.label])
                made.extend(cut for piece in line if (cut := _left_of(piece, here)))
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
        above = [p.middle for p in column if p.middle < label.middle - SAME_LABEL * label.height]
        below = [p.middle for p in column if p.middle > label.middle + SAME_LABEL * label.height]
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
            if p.label and p.left >= label.right - 1 and abs(p.middle - label.middle) < 0.9 * label.height
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
        if piece.left - made[-1].right > WIDE_GAP * min(piece.height, made[-1].height):
            break
        made.append(piece)
    return tuple(made)


def _left_of(piece: Piece, wall: float) -> Piece | None:
    """The piece, or those of its characters that stand left of `wall`."""
    if piece.right <= wall:
        return piece
    widths = [NARROW if c.isascii() else 1.0 for c in piece.text]
    step = (piece.right - piece.left) / (sum(widths) or 1.0)
    kept = [i for i in range(len(widths)) if piece.left + step * (sum(widths[:i]) + widths[i] / 2) < wall]
    if not kept:
        return None
    end = kept[-1] + 1
    return replace(piece, text=piece.text[:end], box=part_of(piece.box, piece.text, 0, end))


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


def laid_out(lines: Iterable[Line], labels: Iterable[str], captions: Iterable[str] = ()) -> Layout:
    """The page's rows, with the labels cut out of the lines they were read in. Slanting text and `captions` (the labels'
    translations) are left out."""
    level = _level(list(lines))
    lean = atan(slope_of(level))
    unwanted = {folded(caption): "" for caption in captions}
    wanted = sorted((unwanted | {folded(label): label for label in labels}).items(), key=lambda pair: -len(pair[0]))
    spelt = (_spelt_out(row, [words for words, _ in wanted]) for row in rows(level))
    made = [[p for line in row for p in _pieces(line, wanted, lean)] for row in spelt]
    return Layout(tuple(map(tuple, _half_read(made, [label for _, label in wanted]))))


def _half_read(made: list[list[Piece]], labels: Sequence[str]) -> list[list[Piece]]:
    """Of a label of two characters set wide the detector may miss one: the other stands for it where no other label is
    missing that it could be. Read together with its value, it must stand in the column of labels."""
    there = [p for row in made for p in row if p.label]
    missing = [label for label in labels if len(label) == 2 and label not in {p.label for p in there}]

    def named(piece: Piece) -> list[Piece]:
        text = piece.text.strip()
        fits = [label for label in missing if text in (label[0], label[1]) or (text and text[0] == label[1])]
        if piece.label or len(fits) != 1 or (len(text) > 1 and not any(p.left < piece.left < p.right for p in there)):
            return [piece]
        label = replace(piece, text=text[0], label=fits[0], box=part_of(piece.box, text, 0, 1))
        rest = replace(piece, text=text[1:], box=part_of(piece.box, text, 1, len(text)), cut=True)
        return [label, rest] if rest.text.strip() else [label]

    return [[each for piece in row for each in named(piece)] for row in made]


def _spelt_out(row: Sequence[Line], labels: Sequence[str]) -> list[Line]:
    """The row with labels set wide (名　称) made one again where each character was read alone."""
    made = list[Line]()
    for line in row:
        words = _completed(made[-1], line, labels) if made else None
        made.extend(_mended(made.pop(), line, words) if words else [line])
    return made


def _completed(before: Line, line: Line, labels: Sequence[str]) -> str | None:
    """The label that starts with the one line and goes on in the other."""
    start, whole = folded(before.text), folded(before.text + line.text)
    gap = line.box[0][0] - before.box[1][0]
    if not 0 < len(start) <= 3 or gap > SPACED * height_of(line.box):
        return None
    fits = (words for words in labels if words.startswith(start) and words != start)
    return next((words for words in fits if whole.startswith(words)), whole if _may_go_on(whole, labels) else None)


def _may_go_on(whole: str, labels: Sequence[str]) -> bool:
    """Three or four characters, each read alone: the label is not yet complete."""
    return any(words.startswith(whole) and words != whole for words in labels)


def _mended(before: Line, line: Line, words: str) -> list[Line]:
    """The label, and what followed it in the second line."""
    compact = "".join(line.text.split())
    end = next((k for k in range(len(compact) + 1) if folded(before.text + compact[:k]) == words), len(compact))
    (a, _, _, d), (_, b, c, _) = before.box, part_of(line.box, compact, 0, end)
    label = Line(before.text + compact[:end], min(before.confidence, line.confidence), (a, b, c, d))
    rest = compact[end:]
    return [label, Line(rest, line.confidence, part_of(line.box, compact, end, len(compact)))] if rest else [label]


def _level(lines: list[Line]) -> list[Line]:
    slopes = [_slope(line.box) for line in lines]
    usual = float(np.median(slopes)) if slopes else 0.0
    return [line for line, slope in zip(lines, slopes, strict=True) if abs(slope - usual) < ASLANT]


def _slope(box: Box) -> float:
    (ax, ay), (bx, by), _, _ = box
    return (by - ay) / (bx - ax) if bx > ax else 10.0


def _pieces(line: Line, labels: Sequence[tuple[str, str]], lean: float) -> list[Piece]:
    """The line cut at its labels. A short label counts only at the start, or behind another label's value."""
    compact = "".join(line.text.split())
    cuts = _cuts(compact, labels)
    if not cuts:
        return [Piece(line.text, line.confidence, line.box, lean=lean)]
    made, at = list[Piece](), 0
    for start, end, label in [*cuts, (len(compact), len(compact), "")]:
        between = compact[at:start]
        if between.strip(":：_ "):
            made.append(Piece(between, line.confidence, part_of(line.box, compact, at, start), lean=lean, cut=at > 0))
        if label:
            place = part_of(line.box, compact, start, end)
            made.append(Piece(compact[start:end], line.confidence, place, label, lean))
        at = end
    return made


def _cuts(compact: str, labels: Sequence[tuple[str, str]]) -> list[tuple[int, int, str]]:
    """Start, end and label, from left to right. What is a label to the letter goes before what nearly is one: 父亲姓名
    is no misread 母亲姓名. Longer ones go first within each."""
    plain_text, places = _plain_with_places(compact)
    taken, found = [False] * len(compact), list[tuple[int, int, str]]()
    for exactly in (True, False):
        for words, label in labels:
            at = _exact_place(plain_text, words) if exactly else place_of(plain_text, words)
            span = (places[at[0]], places[at[1] - 1] + 1) if at else (0, 0)
            if at and not any(taken[slice(*span)]):
                taken[slice(*span)] = [True] * (span[1] - span[0])
                found.append((*span, label))
    return _that_may_stand(compact, sorted(found))


def _exact_place(text: str, words: str) -> tuple[int, int] | None:
    at = text.find(words)
    return (at, at + len(words)) if at >= 0 else None


def _that_may_stand(compact: str, found: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    made = list[tuple[int, int, str]]()
    for start, end, label in found:
        if _may_start(compact, start, bool(made)):
            made.append((start, end, label))
    return made


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
    confidence = min(p.confidence for p in pieces)
    return Piece(_joined_text(pieces), confidence, union([p.box for p in pieces]), lean=pieces[0].lean)


def _joined_text(pieces: Sequence[Piece]) -> str:
    """A character that lies in both of two overlapping boxes counts once."""
    made = pieces[0].text
    for before, piece in pairwise(pieces):
        twice = made[-1:] == piece.text[:1] and 0 < before.right - piece.left < 2 * piece.height
        on_one_row = abs(before.middle - piece.middle) < piece.height / 2
        made += piece.text[1:] if twice and on_one_row else piece.text
    return made
