"""What a check sees: the usable pages of one material, or the whole application.

Pages with a finding of their own (blurred, wrong document) are left out before any check runs, and `blocked` says so:
a check that finds nothing to look at then stays silent, because the cause has been named already.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from cases.items import Item, MaterialSpec
from cases.readings import Field, Reading


class Spot(NamedTuple):
    """Where a field stands: the material, the page in it (from 1), the field's name."""

    material: str
    page: int
    field: str


@dataclass(frozen=True)
class Sheet:
    """One document on a page of a material, nearly always the whole page. `fields` go by the item's names, whatever labels the form prints."""

    material: str
    page: int
    reading: Reading
    fields: Mapping[str, Field]
    empty: frozenset[str] = frozenset()
    """Fields whose label is on the page with nothing behind it."""


@dataclass(frozen=True)
class Located:
    """One value and where it was read. `sure`: read with certainty, or confirmed by another source."""

    spot: Spot
    field: Field
    sure: bool

    @property
    def value(self) -> str:
        return self.field.value


@dataclass(frozen=True)
class Sight:
    """One material."""

    spec: MaterialSpec
    sheets: tuple[Sheet, ...]
    today: date
    blocked: bool = False
    agreed: frozenset[Spot] = frozenset()
    let_through: frozenset[Spot] = frozenset()
    """Read by one reader alone, with a confidence at which a threshold in force takes it as certain."""
    form: Mapping[str, str] = field(default_factory=dict)

    def find(self, name: str) -> tuple[Located, ...]:
        """Every page's value of that field; blanks count as found."""
        return tuple(self._located(name))

    def _located(self, name: str) -> Iterator[Located]:
        for sheet in self.sheets:
            seen = sheet.fields.get(name)
            if seen is not None:
                spot = Spot(self.spec.key, sheet.page, name)
                yield Located(spot, seen, self.sure_of(spot, seen))

    def sure_of(self, spot: Spot, seen: Field) -> bool:
        return seen.certain or spot in self.agreed or spot in self.let_through

    @property
    def only_page(self) -> int | None:
        """The page to point at when a thing is nowhere: known only where there is one page."""
        return self.sheets[0].page if len(self.sheets) == 1 else None


@dataclass(frozen=True)
class Whole:
    """The application: every material that the answers choose and that has pages, what was typed, what was answered."""

    item: Item
    sights: Mapping[str, Sight]
    settled: frozenset[str]
    """Materials a person has accepted, waived or deferred: not to be doubted again."""
    form: Mapping[str, str]
    answers: Mapping[str, Any]
    today: date


def sheets_of(spec: MaterialSpec, readings: Sequence[Reading | Sequence[Reading]]) -> tuple[Sheet, ...]:
    """One for each document; several on one page (given together) have the same page number."""
    pages = ((r,) if isinstance(r, Reading) else r for r in readings)
    return tuple(sheet_of(spec, each, place) for place, page in enumerate(pages, 1) for each in page)


def sheet_of(spec: MaterialSpec, reading: Reading, page: int) -> Sheet:
    names = spec.form_fields
    empty = frozenset(names.get(k, k) for k in reading.marks.get("empty_fields", ()))
    return Sheet(spec.key, page, reading, {names.get(k, k): f for k, f in reading.fields.items()}, empty)
