"""What the program asks of a registry, and the four things it may hear.

A question carries whom it is about and the authorisation it is put on; an answer is about that person and that kind of
document or it is none. Values stay out of reprs, so that no log holds them by accident.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from cases.readings import Reading


@dataclass(frozen=True)
class Person:
    name: str = field(repr=False)
    id_number: str = field(repr=False)


@dataclass(frozen=True)
class Authorisation:
    """`id`: of the question, the same at every try. `version`: of the text agreed to. `purpose`: the item's name."""

    id: str
    case: str
    item: str
    purpose: str
    version: str
    given_at: datetime


@dataclass(frozen=True)
class Proven:
    """`readings`: one for each page that the paper would have had, as if it had been photographed and read. `as_of`: the
    day of the record. `receipt`: the registry's own number of this answer."""

    readings: tuple[Reading, ...] = field(repr=False)
    as_of: date
    valid_to: str | None = None
    receipt: str | None = None


@dataclass(frozen=True)
class NotFound:
    """The registry has no such record of this person; also when name and number do not belong together."""

    receipt: str | None = None


@dataclass(frozen=True)
class Unavailable:
    """Nobody knows: it did not answer, or not in a way to be believed. The same question may be put again."""

    reason: str
    wait: timedelta | None = None


@dataclass(frozen=True)
class Refused:
    """The registry will not say, or what it said may not be used; asking again is of no use."""

    reason: str


Answer = Proven | NotFound | Unavailable | Refused


class Registry(Protocol):
    def ask(self, kind: str, person: Person, authorisation: Authorisation, /) -> Answer:
        """Whether `kind`, one of `cases.waived.RESOURCES`, is on record of that person. Never raises for what a registry
        or the network does."""
