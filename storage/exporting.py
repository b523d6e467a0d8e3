"""Cases for an export, in the order in which they were opened: a keyset over `(opened_at, number)`, a page in a transaction
of its own, so that an export of a year holds nothing up and nothing in memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import and_, select, tuple_

from cases.care import Complaint, ComplaintState
from cases.exporting import Around, Offices, Warned
from cases.lifecycle import CaseState
from cases.model import CaseFile
from cases.supervision import WaitKind
from storage.actors import Scope, readable, region_prefix
from storage.care_tables import complaints, urges
from storage.casefiles import case_file
from storage.finding import region_names
from storage.involved import worked_on
from storage.rows import entity
from storage.session import Database
from storage.tables import cases, staff
from storage.unit import AnyRow, Unit

PAGE = 100


@dataclass(frozen=True)
class Range:
    """Opened from `since` on and before `until`, in this region and those within it. A draft is nobody's case yet."""

    since: datetime
    until: datetime
    region: str | None = None


Place = tuple[datetime, str]


def cases_in(database: Database, wanted: Range, scope: Scope) -> Iterator[tuple[CaseFile, Around]]:
    """Those that the scope may see, with what was said of them."""
    after: Place | None = None
    while True:
        with database.reading() as tx:
            page = _page(tx, wanted, scope, after)
            numbers = [number for _, number in page]
            said, own = around(tx, numbers), worked_on(tx, numbers, scope.staff)
            files = [(case_file(tx, no), replace(said[no], apart=no in own)) for no in numbers]
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


def around(tx: Unit, numbers: Sequence[str]) -> dict[str, Around]:
    """Complaints that stand, and urgings, of these cases, each in the order in which it came."""
    complained: dict[str, list[Complaint]] = {no: [] for no in numbers}
    warned: dict[str, list[Warned]] = {no: [] for no in numbers}
    c, u = complaints.c, urges.c
    stands = and_(c.case_number.in_(numbers), c.state != ComplaintState.WITHDRAWN)
    for row in tx.all(select(complaints).where(stands).order_by(c.seq)):
        complained[row.case_number].append(entity(tx, Complaint, row))
    for row in tx.all(select(urges).where(u.case_number.in_(numbers)).order_by(u.seq)):
        warned[row.case_number].append(_warned(tx, row))
    return {no: Around(complained[no], warned[no]) for no in numbers}


def _warned(tx: Unit, row: AnyRow) -> Warned:
    message = tx.unseal(urges, "message", row.id, row.message) if row.message is not None else None
    return Warned(
        row.id, WaitKind(row.kind), row.step, row.due, row.department, row.made_at, row.acknowledged_at, row.ended_at,
        message,
    )  # fmt: skip


def offices(tx: Unit) -> dict[str, Offices]:
    """By region, as its names were published; and who works there, for the steps they took."""
    people = {row.id: row.name for row in tx.all(select(staff.c.id, staff.c.name))}
    return {
        code: Offices(names=names.departments, codes=names.department_codes, people=people)
        for code, names in region_names(tx).items()
    }
