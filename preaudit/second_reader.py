"""The second reader: another engine reads again the few characters that decide.

Two readers that agree make a field certain; disagreement makes it doubtful, with what the second one saw as the
alternative. Where a check digit holds there is nothing to ask. A second reader that sees nothing proves nothing.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import cv2
import numpy as np

from cases.readings import Confirmed, Field

from .addresses import region_in
from .cleaning import CLEANERS, PROOFS, plain
from .images.geometry import Pixels, crop
from .kinds import FieldSpec, KindSpec
from .places_of_codes import province_of_sign
from .validators import FOREVER

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
    "until": SPAN,
    "credit_code": DIGITS + CAPITALS,
    "vin": DIGITS + CAPITALS,
    "engine": DIGITS + CAPITALS,
    "card_number": DIGITS,
    "digits": DIGITS,
    "marriage_number": DIGITS + "BJL-",
    "birth_number": DIGITS + CAPITALS,
    "unit_number": DIGITS + CAPITALS,
}


DATES = frozenset({"date", "span_from", "span_to", "until"})
WORDS, FIGURES = "chi_sim", "eng"
"""Tesseract's models: of Han characters, and of letters and figures."""
STRAY = 2
NAMES = {"name": 0, "text": STRAY, "party": STRAY}
"""How much longer or shorter than the first one's a second reading may be to be another reading of the same words."""
LENGTHS = {"id_number": 18, "credit_code": 18, "vin": 17}


class CropReader(Protocol):
    def read_crop(
        self, pixels: Pixels, alphabet: str = "", language: str = ..., *, raw: bool = False
    ) -> tuple[str, float]: ...


def second_readings(
    reader: CropReader, pixels: Pixels, spec: KindSpec, values: Mapping[str, Field]
) -> dict[str, Field]:
    """The fields, each that its kind marks `second_reader` and that is not certain yet read again."""
    made, seen = dict(values), dict[tuple[object, ...], str]()
    for each in spec.fields:
        field = made.get(each.name)
        if each.second_reader and field is not None and not field.certain and field.box is not None:
            made[each.name] = _again(reader, pixels, each, field, seen)
    return made


def _again(
    reader: CropReader, pixels: Pixels, spec: FieldSpec, field: Field, seen: dict[tuple[object, ...], str]
) -> Field:
    """`seen` keeps what a crop said: the two ends of a validity stand in one line. A date that its figures did not confirm
    is looked at once more as a raw line, and as Han characters with the model that knows them."""
    assert field.box is not None  # asked of the caller
    line = field.box

    def look(alphabet: str, raw: bool = False) -> str:
        if (line, alphabet, raw) not in seen:
            prepared, language = _prepared(crop(pixels, line, MARGIN)), FIGURES if alphabet else WORDS
            seen[line, alphabet, raw], _ = reader.read_crop(prepared, alphabet, language, raw=raw)
        return seen[line, alphabet, raw]

    alphabet = "" if field.value == FOREVER else ALPHABETS.get(spec.type, "")
    made = compared(spec.type, field, look(alphabet))
    if spec.type not in DATES or not alphabet or made.certain:
        return made
    again = (compared(spec.type, field, look(*how)) for how in ((alphabet, True), ("", False)))
    return next((each for each in again if each.certain), made)


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
    if any(says_so(field.value, second) for says_so in SAYS_SO.get(kind, ())):
        return replace(field, confirmed=Confirmed.TWO_READERS)
    if other and kind in PROOFS and PROOFS[kind](other):
        return _proven_number(field, other)
    if other == field.value:
        return replace(field, confirmed=Confirmed.TWO_READERS) if _is_whole(kind, other) else field
    if other is None or (kind in NAMES and abs(len(other) - len(field.value)) > NAMES[kind]):
        return field  # nothing comparable was seen
    return replace(field, confirmed=Confirmed.DISAGREEMENT, alternative=other)


def _has_figures_of(value: str, second: str) -> bool:
    """Where only figures may be read, 年, 月 and 日 become one or two of them, or none: 2020年05月18日 is 20204-05188. Year,
    month and day stand between them as the first reader saw them, two figures each."""
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", value)
    if not found:
        return False
    year, month, day = found.groups()
    return re.search(rf"{year}[0-9.-]{{1,2}}{month}[0-9.-]{{0,2}}{day}", second) is not None


def _same_deed(value: str, second: str) -> bool:
    """Both read the same year and number, and the first one a place of the table in the province of the sign before it:
    粤(2021)广州市不动产权第0123456号. The second one often misses the sign and a bracket."""
    deed = re.fullmatch(r"(.)\([0-9]{4}\)([一-龥]+)不动产权第[0-9]+号", value)
    region = region_in(deed[2]) if deed else None
    if deed is None or region is None or region.code[:2] != province_of_sign(deed[1]):
        return False
    return re.findall(r"[0-9]+", value) == re.findall(r"[0-9]+", second)


def _stands_within(value: str, second: str) -> bool:
    """With a mark or two before and behind: the rules of a table, an ornament."""
    before, found, behind = plain(second).partition(value)
    return bool(found) and max(len(before), len(behind)) <= STRAY


SAYS_SO: Mapping[str, Sequence[Callable[[str, str], bool]]] = {
    **dict.fromkeys(DATES, (_has_figures_of,)),
    "property_number": (_same_deed,),
    "text": (_stands_within,),
    "party": (_stands_within,),
}
"""By type: when what the second reader saw is the value, though it does not read the same when cleaned."""


def _is_whole(kind: str, value: str) -> bool:
    """Two readers agree on what a thumb left uncovered, too: a part of a number is not certain."""
    return len(value) == LENGTHS.get(kind, len(value))


def _proven_number(field: Field, other: str) -> Field:
    """The check digit decides between the readers."""
    if other == field.value:
        return replace(field, confirmed=Confirmed.CHECKSUM)
    return replace(field, value=other, confirmed=Confirmed.CHECKSUM, alternative=field.value)
