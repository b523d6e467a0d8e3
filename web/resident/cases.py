"""Opening, looking at, handing in, taking back and rating one's cases."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from cases.actions import deciding, opening
from cases.helping import CHANNEL, Came
from cases.model import Applicant
from storage.session import Transaction
from storage.turns import Stage
from web.asks import OpenAsk, RatingAsk, Write
from web.auth import AgentCaller, resident
from web.doors import Doors, doors
from web.looking import note_look
from web.shapes import CasesView, CaseView, SavedView, TimelineView
from web.unchanged import tag
from web.views import CASE_SHOWN, case_line, case_view, timeline_line
from web.words import INTERNAL, names_of, shown_item
from web.writing import Caller, asked, change_case, decide, moment, write

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])
Me = Annotated[Caller, Depends(resident)]
D = Annotated[Doors, Depends(doors)]


def open_request(ask: OpenAsk) -> opening.OpenRequest:
    return opening.OpenRequest(
        answers=dict(ask.answers),
        applicant=Applicant(**ask.applicant.model_dump()),
        address=ask.address.address() if ask.address else None,
        channel=ask.channel,
        agent=ask.agent.model_dump(exclude_none=True) if ask.agent else None,
    )


def for_point(request: opening.OpenRequest, me: AgentCaller, batch: str | None = None) -> opening.OpenRequest:
    """Whoever works at an agent point opens a case in its name, whatever the request says of an agent."""
    agent = {"name": me.point.name, "point": me.point.code, "relation": "代办点", "by": me.name}
    named = agent if batch is None else {**agent, "batch": batch}
    return replace(request, agent=named, channel=CHANNEL)


@router.post("", status_code=201)
def open_case(ask: OpenAsk, me: Me, d: D) -> CaseView:
    """A draft with its checklist."""
    return write(d.database, asked(me, ask, "open"), CaseView, lambda tx: _opened(tx, ask, me))


def _opened(tx: Transaction, ask: OpenAsk, me: Caller) -> CaseView:
    now, item = moment(tx, me), tx.item(ask.item)
    assert me.scope.person is not None
    number = tx.next_case_number(item.region, now.today)
    request = for_point(open_request(ask), me) if isinstance(me, AgentCaller) else open_request(ask)
    case, materials = opening.open_case(item, request, me.scope.person, number, now)
    tx.open_case(case, materials, actor=me.actor)
    if me.scope.point is not None:
        tx.agents.take(number, me.scope.point, Came.OPENED, me.actor.id)
    return case_view(tx.case_file(number))


@router.get("")
def my_cases(me: Me, d: D) -> CasesView:
    """One's own cases, newest first."""
    assert me.scope.person is not None
    with d.database.reading() as tx:
        mine = tx.cases_of(me.scope.person)
        lines = [case_line(c, shown_item(tx.item(c.item_code, c.item_version)).name) for c in mine]
        saved = tx.trips_saved_for(me.scope.person)
    return CasesView(cases=lines, saved=SavedView(**vars(saved)))


@router.get("/{no}", responses={304: {"description": "Unchanged since the answer with that ETag."}})
def show_case(no: str, me: Me, d: D, response: Response) -> CaseView:
    """Where the case stands, what is wrong with it and what may be done now (`actions`). Sent back in `If-None-Match`,
    the `ETag` of the last answer costs nothing while nothing has changed."""
    note_look(d, me, no)
    with d.database.reading() as tx:
        file = tx.case_file(no, readable_by=me.scope)
        if not file.unread and type(me) is Caller:
            response.headers["ETag"] = tag(tx.case_version(no))
        return case_view(file, waits=tx.seconds_until_read(no))


@router.get("/{no}/timeline")
def show_timeline(no: str, me: Me, d: D) -> TimelineView:
    """All that happened, in order."""
    with d.database.reading() as tx:
        names = names_of(tx.case_file(no, readable_by=me.scope).item)
        lines = tx.timeline(no)
    return TimelineView(case=no, timeline=[timeline_line(x, names) for x in lines if x.action not in INTERNAL])


@router.post("/{no}/submit")
def submit(no: str, me: Me, d: D, ask: Write | None = None) -> CaseView:
    """Hand the case in; it is judged as soon as every page has been read."""
    d.pressure.admit(d.database, d.settings, Stage.JUDGING)
    return change_case(d.database, asked(me, ask, "submit", no), no, opening.submit, CASE_SHOWN)


@router.post("/{no}/withdraw")
def withdraw(no: str, me: Me, d: D, ask: Write | None = None) -> CaseView:
    """Take the application back; originals that the office holds go home first."""
    return change_case(d.database, asked(me, ask, "withdraw", no), no, opening.withdraw, CASE_SHOWN)


@router.post("/{no}/rating")
def rate(no: str, ask: RatingAsk, me: Me, d: D) -> CaseView:
    """1 very content … 5 very discontent, once."""

    def work(tx: Transaction) -> CaseView:
        terms = tx.care.terms()
        return case_view(decide(tx, me, no, lambda file, now: deciding.rate(file, ask.level, ask.text, now, terms)))

    return write(d.database, asked(me, ask, "rating", no), CaseView, work)
