"""Everything that the screen of a case shows, in one look: the case, one of its pages, what the same fact says elsewhere,
what looks like another case, the person's other cases, and all that happened.

One transaction, one load of the case. The look at personal values is recorded, and whoever has the case keeps it.
"""

from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from cases.actions.review import latest_deferral
from cases.deadlines import beijing_day
from cases.errors import NotFound
from cases.field_names import field_name
from cases.items import Need
from cases.lifecycle import PageState
from cases.model import CaseFile, Page
from cases.reasons import Reason, reasons_for
from storage.claims import names_of
from storage.session import Transaction
from web.auth import Desk, requires
from web.desk.differences import FactView, fact_views
from web.desk.duplicates import QuestionView, desk_line, question_views
from web.desk.shapes import (
    DeskCaseView,
    DeskFinding,
    DeskPageView,
    by_resident_view,
    desk_case_view,
    desk_finding,
    desk_page_view,
)
from web.desk.waivers import DeskWaiver, desk_waiver
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import CaseLine, Shape, Time, TimelineLine
from web.views import desk_timeline

router = APIRouter(prefix="/desk/api/cases", tags=["desk"])
D = Annotated[Doors, Depends(doors)]
OTHERS = 5
"""Of the person's other cases, the newest."""


class ReasonView(Shape):
    """One to pick when a material goes back."""

    message: str
    advice: str
    code: str | None


class DeferralView(Shape):
    """From when to when a material may be put off."""

    earliest: date
    latest: date


class SheetView(Shape):
    """`labels`: what each field that was read is called. `findings`: of the page and, of the last judgement, those that
    stand on it."""

    seen: DeskPageView
    labels: dict[str, str]
    findings: list[DeskFinding]


class ScreenView(Shape):
    """`sheet`: the page that was asked for, else the first with something wrong; none where there is none, or the role may
    not see pages. `names`: of the people who decided something here, by id."""

    case: DeskCaseView
    mine: bool
    now: Time
    sheet: SheetView | None
    facts: list[FactView]
    questions: list[QuestionView]
    reasons: dict[str, list[ReasonView]]
    deferrals: dict[str, DeferralView]
    waivers: list[DeskWaiver]
    others: list[CaseLine]
    timeline: list[TimelineLine]
    names: dict[str, str]


@router.get("/{no}/screen")
def show_screen(
    no: str,
    me: Annotated[Desk, Depends(requires(Permission.CASE_READ))],
    d: D,
    at: Annotated[str, Query(max_length=64)] = "",
) -> ScreenView:
    """The whole screen of a case. `at`: the page to begin with."""
    with looking(me, d) as tx:
        return screen_of(tx, load(tx, no, me), me, at)


def looking(me: Desk, d: Doors) -> AbstractContextManager[Transaction]:
    """A look that leaves a trace: it is recorded, or it renews a claim."""
    leaves = {Permission.PERSONAL_READ, Permission.CASE_CLAIM} & me.permissions
    return d.database.transaction() if leaves else d.database.reading()


def load(tx: Transaction, no: str, me: Desk) -> CaseFile:
    if Permission.CASE_CLAIM in me.permissions:
        tx.renew(no, me.actor.id)
    return tx.case_file(no, readable_by=me.scope)


def screen_of(tx: Transaction, file: CaseFile, me: Desk, at: str) -> ScreenView:
    personal, no = Permission.PERSONAL_READ in me.permissions, file.case.number
    pages = Permission.PAGE_READ in me.permissions
    read = tx.read_fields(no) if pages else {}
    shown = chosen(file, at) if pages else None
    if personal:
        tx.record(no, me.actor, "personal_data_shown", {"what": "case", "page": shown.id if shown else None})
    case = desk_case_view(file, personal=personal)
    return ScreenView(
        case=case,
        mine=case.claimed_by == me.actor.id and case.claimed_until is not None and case.claimed_until > tx.now(),
        now=tx.now(),
        sheet=sheet_of(tx, file, shown, me) if shown else None,
        facts=fact_views(file, read, personal=personal),
        questions=question_views(tx, file, me),
        reasons=reasons_of(file),
        deferrals=deferrals_of(file, beijing_day(tx.now())),
        waivers=[desk_waiver(file, w) for w in file.waivers if w.ended_at is None],
        others=[desk_line(other, name) for other, name in tx.other_cases(file.case, me.scope, OTHERS)],
        timeline=desk_timeline(tx.timeline(no)),
        names=names_of(tx, _people(file)),
    )


def chosen(file: CaseFile, at: str) -> Page | None:
    """The page that was asked for, else the first that something is wrong with, else the first."""
    pages = [page for material in file.materials for page in file.pages_of(material.key)]
    asked = next((page for page in pages if page.id == at), None)
    doubtful = next((page for page in pages if page.findings), None)
    return asked or doubtful or (pages[0] if pages else None)


def sheet_in(tx: Transaction, file: CaseFile, page_id: str, me: Desk) -> SheetView:
    """One page by itself; the look is recorded. Raises `NotFound`."""
    page = page_in(file, page_id)
    if Permission.PERSONAL_READ in me.permissions:
        tx.record(file.case.number, me.actor, "personal_data_shown", {"what": "page", "page": page.id})
    return sheet_of(tx, file, page, me)


def page_in(file: CaseFile, page_id: str) -> Page:
    """Raises `NotFound`."""
    page = file.page(page_id)
    if page is None or page.state is PageState.REMOVED:
        raise NotFound("没有这一页。")
    return page


def sheet_of(tx: Transaction, file: CaseFile, page: Page, me: Desk) -> SheetView:
    """The page and what was read off it. Whoever shows it records the look."""
    personal, no = Permission.PERSONAL_READ in me.permissions, file.case.number
    reading = tx.reading(page.id)
    said = by_resident_view(file, page, tx.checked_fields_of(no).get(page.id, {}).values())
    spec = file.spec(page.material)
    labels = {name: field_name(name, spec) for name in (reading.fields if reading else {})}
    seen = desk_page_view(no, page, reading, said, personal=personal)
    return SheetView(seen=seen, labels=labels, findings=_standing_on(file, page))


def _standing_on(file: CaseFile, page: Page) -> list[DeskFinding]:
    """Each once, however often it was found."""
    number = [p.id for p in file.pages_of(page.material)].index(page.id) + 1
    judged = [f for f in file.findings if (f.material, f.page) == (page.material, number)]
    once = {(f.code, f.field, f.message): f for f in (*page.findings, *judged)}
    return [desk_finding(f) for f in once.values()]


def reasons_of(file: CaseFile) -> dict[str, list[ReasonView]]:
    specs = {m.key: file.spec(m.key) for m in file.materials}
    return {key: [_reason(r) for r in reasons_for(spec, file.findings)] for key, spec in specs.items() if spec}


def _reason(reason: Reason) -> ReasonView:
    return ReasonView(message=reason.message, advice=reason.advice, code=reason.code)


def deferrals_of(file: CaseFile, today: date) -> dict[str, DeferralView]:
    return {
        m.key: DeferralView(earliest=today + timedelta(days=1), latest=latest_deferral(file, m.key, today))
        for m in file.materials
        if m.need is Need.DEFERRABLE
    }


def _people(file: CaseFile) -> list[str]:
    deciding = [m.decided_by for m in file.materials]
    proposing = [who for p in file.proposals for who in (p.by, p.answered_by)]
    return [who for who in (*deciding, *proposing, file.extra.get("claimed_by")) if who]
