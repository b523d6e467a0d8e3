"""Cases for an export, in the order in which they were opened: a keyset over `(opened_at, number)`, a page in a transaction
of its own, so that an export of a year holds nothing up and nothing in memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select, tuple_

from cases.exporting import Offices
from cases.lifecycle import CaseState
from cases.model import CaseFile
from storage.actors import Scope, readable, region_prefix
from storage.casefiles import case_file
from storage.finding import region_names
from storage.session import Database
from storage.tables import cases, staff
from storage.unit import Unit

PAGE = 100


@dataclass(frozen=True)
class Range:
    """Opened from `since` on and before `until`, in this region and those within it. A draft is nobody's case yet."""

    since: datetime
    until: datetime
    region: str | None = None


Place = tuple[datetime, str]


def cases_in(database: Database, wanted: Range, scope: Scope) -> Iterator[CaseFile]:
    """Those that the scope may see."""
    after: Place | None = None
    while True:
        with database.reading() as tx:
            page = _page(tx, wanted, scope, after)
            files = [case_file(tx, number) for _, number in page]
        yield from files
        if len(page) < PAGE:
            return
        after = page[-1]


def _page(tx: Unit, wanted: Range, scope: Scope, after: Place | None) -> list[Place]:
    within = and_(
        cases.c.opened_at >= wanted.since,
        cases.c.opened_at < wanted.until,
        cases.c.state != CaseState.DRAFT,
        readable(scope),
    )
    found = select(cases.c.opened_at, cases.c.number).where(within)
    if wanted.region:
        found = found.where(cases.c.region.startswith(region_prefix(wanted.region), autoescape=True))
    if after is not None:
        found = found.where(tuple_(cases.c.opened_at, cases.c.number) > tuple_(*after))
    rows = tx.all(found.order_by(cases.c.opened_at, cases.c.number).limit(PAGE))
    return [(row.opened_at, row.number) for row in rows]


def offices(tx: Unit) -> dict[str, Offices]:
    """By region, as its names were published; and who works there, for the steps they took."""
    people = {row.id: row.name for row in tx.all(select(staff.c.id, staff.c.name))}
    return {
        code: Offices(names=names.departments, codes=names.department_codes, people=people)
        for code, names in region_names(tx).items()
    }
