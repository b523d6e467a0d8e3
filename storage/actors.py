"""Who does something, and what a person may see. Plain values; every scoped read takes a `Scope`."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, or_, true

from cases.model import PersonId
from storage.agent_tables import entrustments
from storage.tables import assignments, cases
from storage.words import ActorKind


@dataclass(frozen=True)
class Actor:
    """`kind`: resident | staff | system | partner. `on_behalf_of`: whom an agent or an operator acts for."""

    kind: ActorKind | str
    id: str
    on_behalf_of: str | None = None

    def __post_init__(self) -> None:
        ActorKind(self.kind)


@dataclass(frozen=True)
class Scope:
    """What may be read. An empty scope sees nothing.

    `person`: the cases this resident owns. `point`: the cases an agent point looks after, whoever owns them; `person`
    is then the account that owns what it opens. `departments`: the cases these departments accept or have an assignment
    in; None means every department. `region`: the cases of this region and of those below it. `staff`: who asks, for
    the queue of one's own cases."""

    person: PersonId | None = None
    point: str | None = None
    staff: str | None = None
    departments: frozenset[str] | None = frozenset()
    region: str | None = None

    @property
    def owner(self) -> PersonId | None:
        """Whose cases these are, where that says all."""
        return None if self.point is not None else self.person

    @classmethod
    def of_person(cls, person: str) -> "Scope":
        return cls(person=PersonId(person))

    @classmethod
    def of_point(cls, point: str, person: str) -> "Scope":
        return cls(person=PersonId(person), point=point)

    @classmethod
    def of_staff(cls, staff: str, departments: frozenset[str] | None, region: str | None = None) -> "Scope":
        return cls(staff=staff, departments=departments, region=region)

    @classmethod
    def everything(cls) -> "Scope":
        return cls(departments=None)


def readable_by_staff(*, departments: bool, region: bool) -> ColumnElement[bool]:
    """The same for staff, asked with `staff_place`: for questions that are built once."""
    listed: Any = bindparam("seen_departments", expanding=True)
    within = cases.c.region.like(bindparam("seen_region"), escape="/") if region else true()
    return and_(_taking_part(listed) if departments else true(), within)


def staff_place(scope: Scope) -> dict[str, Any]:
    prefix = "" if scope.region is None else region_prefix(scope.region)
    escaped = prefix.replace("/", "//").replace("%", "/%").replace("_", "/_")
    return {"seen_departments": sorted(scope.departments or ()), "seen_region": f"{escaped}%"}


def readable(scope: Scope) -> ColumnElement[bool]:
    """The condition on `cases` under which the scope sees a row."""
    if scope.point is not None:
        mine = exists().where(entrustments.c.case_number == cases.c.number, entrustments.c.point == scope.point)
        return mine.where(entrustments.c.until.is_(None)).correlate(cases)
    if scope.owner is not None:
        return cases.c.owner == scope.owner
    return and_(_in_departments(scope.departments), _in_region(scope.region))


def _in_departments(departments: frozenset[str] | None) -> ColumnElement[bool]:
    if departments is None:
        return true()
    if not departments:
        return false()
    return _taking_part(sorted(departments))


def _taking_part(listed: Any) -> ColumnElement[bool]:
    theirs = assignments.alias()
    taking_part = exists().where(theirs.c.case_number == cases.c.number, theirs.c.department.in_(listed))
    return or_(cases.c.department.in_(listed), taking_part.correlate(cases))


def _in_region(region: str | None) -> ColumnElement[bool]:
    if region is None:
        return true()
    return cases.c.region.startswith(region_prefix(region), autoescape=True)


def region_prefix(region: str) -> str:
    """`440100` is a city: every district whose code begins with `4401` lies in it."""
    while region.endswith("00"):
        region = region[:-2]
    return region
