"""What an auditor says stands in a field 真值: kept beside what the machine read, which is never changed.

What counts as a truth: a field that the auditor corrected; one that they confirmed by itself; every field of a page
that they confirmed as a whole. What does not: passing a case, accepting a paper, or leaving a field alone, because
nobody knows whether it was looked at. Here: the values, and what they do to a reading before it is judged. How they
come about: `cases.actions.verifying`.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from cases.items import MaterialSpec
from cases.readings import Confirmed, Field, Reading


class How(StrEnum):
    """How a truth came about."""

    CORRECTED = "corrected"
    CONFIRMED = "confirmed"
    WHOLE_PAGE = "whole_page"


MISSED = "missed"
"""Stands for how the machine's value was confirmed, where the machine read none."""


@dataclass(frozen=True)
class Truth:
    """`field` goes by the item's name. `machine`, `confidence`: what had been read then (None: nothing); `read_as`: how
    that was confirmed, one of `Confirmed`, or `MISSED`."""

    id: str
    page: str
    kind: str
    field: str
    machine: str | None
    read_as: str
    confidence: float | None
    said: str
    how: How
    by: str
    at: datetime

    @property
    def correct(self) -> bool:
        """Whether the machine was right."""
        return self.machine is not None and same_value(self.machine, self.said)


def same_value(one: str, other: str) -> bool:
    """Spaces, full-width signs and the case of letters make no other value."""
    return _plain(one) == _plain(other)


def _plain(value: str) -> str:
    return "".join(unicodedata.normalize("NFKC", value).split()).upper()


def item_name(field: str, spec: MaterialSpec | None) -> str:
    """A form's printed label goes by the item's name for it."""
    return spec.form_fields.get(field, field) if spec else field


def with_truths(spec: MaterialSpec | None, reading: Reading, said: Mapping[str, str]) -> Reading:
    """The reading as it is judged: the auditor's values in the place of what they were said of. `said`: by the item's
    names. What the resident had said of the same field has been weighed with it."""
    if not said:
        return reading
    fields = {name: _settled(field, said.get(item_name(name, spec))) for name, field in reading.fields.items()}
    told = {item_name(name, spec) for name in fields}
    fields |= {name: Field(value, 1.0, Confirmed.PERSON) for name, value in said.items() if name not in told}
    empty = [each for each in reading.marks.get("empty_fields", ()) if not said.get(item_name(each, spec))]
    marks = {**reading.marks, "empty_fields": empty} if "empty_fields" in reading.marks else reading.marks
    return replace(reading, fields=fields, marks=marks)


def _settled(field: Field, said: str | None) -> Field:
    if said is None:
        return field
    return replace(field, value=said, confidence=1.0, confirmed=Confirmed.PERSON, alternative=None, by_resident=None)
