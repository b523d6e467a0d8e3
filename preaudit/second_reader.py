"""The second reader: another engine reads again the few characters that decide.

Two readers that agree make a field certain; disagreement makes it doubtful, with what the second one saw as the
alternative. Where a check digit holds there is nothing to ask. A second reader that sees nothing proves nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol

import cv2
import numpy as np

from cases.readings import Confirmed, Field

from .cleaning import CLEANERS, PROOFS
from .images.geometry import Pixels, crop
from .kinds import FieldSpec, KindSpec

TEXT_HEIGHT = 48  # pixels; tesseract's models want capitals of 30 to 40
MARGIN = 0.25  # heights of white around a line: text that touches the edge is lost
DIGITS = "0123456789"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SPAN = DIGITS + ".-"
ALPHABETS = {
    "id_number": DIGITS + "X",
    "date": SPAN,
    "span_from": SPAN,
    "span_to": SPAN,
    "credit_code": DIGITS + CAPITALS,
    "vin": DIGITS + CAPITALS,
    "engine": DIGITS + CAPITALS,
    "card_number": DIGITS,
    "digits": DIGITS,
    "marriage_number": DIGITS + "BJL-",
    "birth_number": DIGITS + CAPITALS,
    "unit_number": DIGITS + CAPITALS,
}


LENGTHS = {"id_number": 18, "credit_code": 18, "vin": 17}


class CropReader(Protocol):
    def read_crop(self, pixels: Pixels, alphabet: str = "", language: str = ...) -> tuple[str, float]: ...


def second_readings(
    reader: CropReader, pixels: Pixels, spec: KindSpec, values: Mapping[str, Field]
) -> dict[str, Field]:
    """The fields, each that its kind marks `second_reader` and that is not certain yet read again."""
    made, seen = dict(values), dict[tuple[object, str], str]()
    for each in spec.fields:
        field = made.get(each.name)
        if each.second_reader and field is not None and not field.certain and field.box is not None:
            made[each.name] = _again(reader, pixels, each, field, seen)
    return made


def _again(
    reader: CropReader, pixels: Pixels, spec: FieldSpec, field: Field, seen: dict[tuple[object, str], str]
) -> Field:
    """`seen` keeps what a crop said: the two ends of a validity stand in one line."""
    alphabet = ALPHABETS.get(spec.type, "")
    key = (field.box, alphabet)
    if key not in seen and field.box is not None:
        seen[key], _ = reader.read_crop(
            _prepared(crop(pixels, field.box, MARGIN)), alphabet, "eng" if alphabet else "chi_sim"
        )
    return compared(spec.type, field, seen[key])


def _prepared(line: Pixels) -> Pixels:
    """Grey, at the height tesseract likes, with a white border."""
    grey = cv2.cvtColor(line, cv2.COLOR_BGR2GRAY)
    factor = TEXT_HEIGHT * (1 + 2 * MARGIN) / grey.shape[0]
    sized = cv2.resize(
        grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    )
    return np.asarray(
        cv2.copyMakeBorder(sized, 12, 12, 12, 12, cv2.BORDER_CONSTANT, value=int(np.median(sized))), np.uint8
    )


def compared(kind: str, field: Field, second: str) -> Field:
    """The field in the light of what the second reader saw (raw)."""
    clean: Callable[[str], str | None] = CLEANERS[kind]
    other = clean(second)
    if other and kind in PROOFS and PROOFS[kind](other):
        return _proven_number(field, other)
    if other == field.value:
        return replace(field, confirmed=Confirmed.TWO_READERS) if _is_whole(kind, other) else field
    if other is None or (kind == "name" and len(other) != len(field.value)):
        return field  # nothing comparable was seen
    return replace(field, confirmed=Confirmed.DISAGREEMENT, alternative=other)


def _is_whole(kind: str, value: str) -> bool:
    """Two readers agree on what a thumb left uncovered, too: a part of a number is not certain."""
    return len(value) == LENGTHS.get(kind, len(value))


def _proven_number(field: Field, other: str) -> Field:
    """The check digit decides between the readers."""
    if other == field.value:
        return replace(field, confirmed=Confirmed.CHECKSUM)
    return replace(field, value=other, confirmed=Confirmed.CHECKSUM, alternative=field.value)
