"""Fields of a page: by label and geometry, then by what the value looks like, then cleaned by what it is.

`read_fields` gives what one reader saw. `cross_confirmed` lets an identity number whose check digit holds speak for the
birth date, the sex and the county printed beside it.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cases.findings import Box
from cases.readings import Confirmed, Field, Line

from .addresses import mended
from .choices import Ticks, chosen, name_and_options, ticks_in
from .cleaning import CLEANERS, PLACES, PROOFS, as_read, date, plain, type_of
from .images.geometry import Pixels
from .kinds import FORM, FieldSpec, Where, all_kinds
from .layout import Layout, Piece, joined, laid_out
from .validators import FOREVER, birth_date_of, sex_of

TERM = rf"([1-9][0-9]?)年|{FOREVER}"
HALF_READ = 4  # characters of a label that is still known by half of them
SURE_ENOUGH = 0.85  # of what was read where the detector saw no text
FORM_REACH = 12.0  # heights of a label: a form's cell is about so wide, and reading it is asked only where it is empty


@dataclass(frozen=True)
class Fields:
    """`empty`: fields whose label is on the page with nothing behind it, and the place where the value would stand."""

    values: Mapping[str, Field]
    empty: Mapping[str, "Place"]
    ticks: Mapping[str, Ticks] = field(default_factory=dict)
    """Of a form's fields with boxes: every box as it was found."""


@dataclass(frozen=True)
class Place:
    """Where to look again. `reach` 0 in the kind's description means: there is no use."""

    spec: FieldSpec
    box: Box


def read_fields(kind: str, lines: Sequence[Line], form_labels: Mapping[str, str] | None = None) -> Fields:
    """Boxes are in the pixels the lines' boxes are in. The lines must be those of the upright page."""
    spec = all_kinds().get(kind)
    if spec is None:
        return Fields({}, {})
    specs = _form_specs(form_labels or {}) if kind == FORM else spec.fields
    words = [*_labels(specs), *spec.stops]
    layout = laid_out(lines, words, spec.captions)
    found = {each.name: piece for each in specs if (piece := _piece(each, layout, lines))}
    wanting = [each for each in specs if each.name not in found and not _place_of(each, layout)]
    mended = labels_mended(lines, wanting, words)
    if mended:
        again = laid_out(mended, words, spec.captions)
        found |= {each.name: piece for each in wanting if (piece := _piece(each, again, mended))}
    found |= _by_years(specs, layout, found)
    values = {each.name: field for each in specs if (field := _field(each, found.get(each.name)))}
    places = ((each, _place_of(each, layout)) for each in specs if each.name not in found)
    return Fields(values, {s.name: Place(s, layout.beside(at, s.reach or 1.0)) for s, at in places if at})


def _by_years(specs: Sequence[FieldSpec], layout: Layout, found: Mapping[str, Piece]) -> dict[str, Piece]:
    """Driving licences before 2013 print the day on which a term begins (有效起始日期) and its years (有效期限 6年)."""
    end, begins = next((each for each in specs if each.name == "valid_to"), None), found.get("valid_from")
    at = _place_of(end, layout) if end and begins and "valid_to" not in found else None
    piece = joined(layout.after(at)) if at else None
    term = re.fullmatch(TERM, plain(piece.text)) if piece else None
    start = date(begins.text) if begins and term else None
    if piece is None or term is None or start is None:
        return {}
    last = f"{int(start[:4]) + int(term[1])}{start[4:]}" if term[1] else FOREVER
    return {"valid_to": replace(piece, text=f"{start}至{last}")}


def labels_mended(lines: Sequence[Line], wanting: Sequence[FieldSpec], words: Sequence[str]) -> list[Line]:
    """The lines with a label put right that was half misread (经营是图 for 经营范围), where it opens a line, is none of the
    `words` known there and only one field is left that it could name; empty where there is nothing to mend."""
    made, mended = list(lines), False
    for place, line in enumerate(lines):
        fits = {each.name: label for each in wanting for label in each.labels if _half_reads(line.text, label)}
        if len(fits) == 1 and not plain(line.text).startswith(tuple(words)):
            (label,) = fits.values()
            rest = "".join(line.text.split())[len(label) :]
            # one more character in a box that holds the label alone is a rule or a bit of ornament
            made[place] = replace(line, text=label + (rest if len(rest) > 1 else ""))
            mended = True
    return made if mended else []


def _half_reads(text: str, label: str) -> bool:
    head = "".join(text.split())[: len(label)]
    agree = sum(a == b for a, b in zip(head, label, strict=False))
    return len(label) >= HALF_READ and agree * 2 >= len(label) and head[0] == label[0]


def looked_again(fields: Fields, read_crop: Callable[[Box], tuple[str, float]]) -> Fields:
    """Single characters and faint ones escape the detector: where a label stands without a value, the recogniser is
    shown the place itself. What it is not sure of stays empty."""
    values, empty = dict(fields.values), dict(fields.empty)
    for name, place in fields.empty.items():
        text, score = read_crop(place.box) if place.spec.reach else ("", 0.0)
        field = _field(place.spec, Piece(text, score, place.box)) if score >= SURE_ENOUGH else None
        if field is not None:
            values[name] = field
            del empty[name]
    return Fields(values, empty)


def read_whole(
    values: Mapping[str, Field], specs: Sequence[FieldSpec], read_crop: Callable[[Box], tuple[str, float]]
) -> dict[str, Field]:
    """Names that the readers dispute, read once more at one go. What was put together of two boxes may have half a character
    of one in the other (姓名古 and 胡晓娜): where the whole place holds one character less, that is the name."""
    made = dict(values)
    for spec in specs:
        field = made.get(spec.name)
        if spec.type != "name" or field is None or field.box is None or field.confirmed is not Confirmed.DISAGREEMENT:
            continue
        text, score = read_crop(field.box)
        whole = CLEANERS[spec.type](text) if score >= SURE_ENOUGH else None
        if whole is not None and whole in (field.value[1:], field.value[:-1]):
            made[spec.name] = Field(whole, score, Confirmed.ONE_READER, field.box, field.value)
    return made


def with_ticks(fields: Fields, lines: Sequence[Line], form_labels: Mapping[str, str], pixels: Pixels) -> Fields:
    """A form's fields with boxes by what is ticked, and every box as it was found; where there are none, as written."""
    specs = _form_specs(form_labels)
    choices = [each for each in specs if each.options]
    if not choices:
        return fields
    layout = laid_out(lines, _labels(specs))
    values, empty, told = dict(fields.values), dict(fields.empty), dict[str, Ticks]()
    for spec in choices:
        at = _place_of(spec, layout)
        seen = ticks_in(layout.cell(at), spec.options, pixels) if at else None
        if at and seen:
            told[spec.name], box = seen
            empty.pop(spec.name, None)
            values.pop(spec.name, None)
            value = chosen(told[spec.name], box)
            if value is None:
                empty[spec.name] = Place(spec, box)
            else:
                values[spec.name] = value
    return Fields(values, empty, told)


def _labels(specs: Sequence[FieldSpec]) -> list[str]:
    return [label for each in specs for label in (*each.labels, *each.above)]


def _form_specs(form_labels: Mapping[str, str]) -> tuple[FieldSpec, ...]:
    """A form says of a field with boxes what there is to choose: `reason(遗失|损坏)`."""
    named = ((label, *name_and_options(declared)) for label, declared in form_labels.items())
    return tuple(
        FieldSpec(name, type_of(name), (label,), Where.CELL, reach=0 if options else FORM_REACH, options=options)
        for label, name, options in named
    )


def _place_of(spec: FieldSpec, layout: Layout) -> tuple[int, int] | None:
    return next((at for label in spec.labels if (at := layout.find(label, spec.nth, spec.of))), None)


def _piece(spec: FieldSpec, layout: Layout, lines: Sequence[Line]) -> Piece | None:
    """The first of: behind its label, by its looks, above other labels."""
    for label in spec.labels:
        at = layout.find(label, spec.nth, spec.of)
        piece = joined(_behind(spec, layout, at)) if at else None
        if piece and CLEANERS[spec.type](piece.text):
            return piece
    return _by_pattern(spec, lines, layout) or _above(spec, layout)


def _behind(spec: FieldSpec, layout: Layout, at: tuple[int, int]) -> tuple[Piece, ...]:
    if spec.where is Where.BLOCK:
        return layout.block(at, spec.width)
    return layout.cell(at) if spec.where is Where.CELL else layout.after(at)


def _by_pattern(spec: FieldSpec, lines: Sequence[Line], layout: Layout) -> Piece | None:
    """What looks like the value in a line, or else in a row: numbers in groups are read group by group."""
    if not spec.pattern:
        return None
    rows = (piece for row in layout.rows if (piece := joined(row)))
    for candidates in ([Piece(line.text, line.confidence, line.box) for line in lines], rows):
        found = [piece for each in candidates for piece in _matching(spec, each)]
        if len(found) >= spec.of:
            return found[spec.nth - 1]
    return None


def _matching(spec: FieldSpec, piece: Piece) -> list[Piece]:
    seen = (match[0] for match in re.finditer(spec.pattern, plain(piece.text)))
    return [replace(piece, text=text) for text in seen if CLEANERS[spec.type](text)]


def _above(spec: FieldSpec, layout: Layout) -> Piece | None:
    for label in spec.above:
        at = layout.find(label)
        if at and at[0] > 0:
            piece = joined([p for p in layout.rows[at[0] - 1] if not p.label])
            if piece and CLEANERS[spec.type](piece.text):
                return piece
    return None


def _field(spec: FieldSpec, piece: Piece | None) -> Field | None:
    value = CLEANERS[spec.type](piece.text) if piece else None
    if piece is None or value is None:
        return None
    if spec.type in PROOFS and PROOFS[spec.type](value):
        return Field(value, piece.confidence, Confirmed.CHECKSUM, piece.box, as_read(piece.text, value))
    if spec.type in PLACES:
        return _in_the_table(Field(value, piece.confidence, Confirmed.ONE_READER, piece.box))
    return Field(value, piece.confidence, Confirmed.ONE_READER, piece.box)


def _in_the_table(field: Field, code: str = "") -> Field:
    """An address whose region the table of places puts right, if it does, with what was read as the alternative."""
    right = mended(field.value, code)
    return field if right == field.value else replace(field, value=right, alternative=field.alternative or field.value)


def cross_confirmed(values: Mapping[str, Field], printed: Collection[str] = ("birth_date", "sex")) -> dict[str, Field]:
    """An identity number that checks out proves the birth date and the sex where they are `printed`, or says that they
    were misread. It names a county, too: where the address does but for one character, it is that one."""
    made = dict(values)
    number = made.get("id_number")
    if number is None or number.confirmed is not Confirmed.CHECKSUM:
        return made
    if "address" in made:
        made["address"] = _in_the_table(made["address"], number.value[:6])
    birth, sex = birth_date_of(number.value), sex_of(number.value)
    for name, proven in (("birth_date", birth.isoformat() if birth else None), ("sex", sex)):
        if proven is not None and name in printed:
            made[name] = _against(made.get(name), proven, number)
    return made


def _against(printed: Field | None, proven: str, number: Field) -> Field:
    if printed is None:
        return Field(proven, number.confidence, Confirmed.CHECKSUM, number.box)
    if printed.value == proven:
        return replace(printed, confirmed=Confirmed.CHECKSUM)
    return replace(printed, confirmed=Confirmed.DISAGREEMENT, alternative=proven)
