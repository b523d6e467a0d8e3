"""What went wrong with papers, at the office: the list by urgency, taking in hand, asking, claiming, settling."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from cases.actions import incidents, settling
from cases.actions.incidents import Report
from cases.actions.settling import Settling
from cases.effects import Outcome
from cases.incidents import IncidentKind, Settlement, rule_of
from cases.lifecycle import INCIDENT, IncidentEvent
from cases.model import CaseFile
from cases.moment import Moment
from storage.custody import OpenIncident
from web.asks import MAX_ENTRIES, Lines, Word, Write
from web.auth import Desk, requires
from web.desk.changing import change
from web.desk.shapes import DeskCaseView
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape, Time
from web.writing import asked

router = APIRouter(prefix="/desk/api", tags=["incidents"])
D = Annotated[Doors, Depends(doors)]
MOST_FEN = 100_000_000
"""A million yuan: more is not settled on this page."""


class ReportAsk(Write):
    kind: IncidentKind
    keys: Annotated[list[Word], Field(min_length=1, max_length=MAX_ENTRIES)]
    text: Lines = ""


class StepAsk(Write):
    event: IncidentEvent
    note: Lines = ""


class LossAsk(Write):
    reason: Lines


class SettleAsk(Write):
    settlement: Settlement
    reason: Lines
    amount_fen: Annotated[int, Field(ge=0, le=MOST_FEN)] = 0


class IncidentLine(Shape):
    id: str
    case: str
    item_name: str
    kind: str
    kind_label: str
    state: str
    state_label: str
    owner: str
    opened_at: Time
    due_at: Time | None
    escalated_at: Time | None
    late: bool


class IncidentsView(Shape):
    late: int
    incidents: list[IncidentLine]


@router.get("/incidents")
def open_incidents(
    me: Annotated[Desk, Depends(requires(Permission.INCIDENT_READ))],
    d: D,
    owner: Annotated[str | None, Query(max_length=32)] = None,
) -> IncidentsView:
    """Whatever is not settled, most urgent first; of one role, where it is named."""
    with d.database.reading() as tx:
        now, found = tx.now(), tx.incidents_open(me.scope, owner)
    lines = [_line(f, late=f.incident.due_at is not None and f.incident.due_at <= now) for f in found]
    return IncidentsView(late=sum(x.late for x in lines), incidents=lines)


def _line(found: OpenIncident, *, late: bool) -> IncidentLine:
    i = found.incident
    return IncidentLine(
        id=i.id,
        case=found.number,
        item_name=found.item_name,
        kind=i.kind,
        kind_label=rule_of(i).label,
        state=i.state,
        state_label=INCIDENT.labels[i.state],
        owner=i.owner,
        opened_at=i.opened_at,
        due_at=i.due_at,
        escalated_at=i.escalated_at,
        late=late,
    )


@router.post("/cases/{no}/incidents", status_code=201)
def report(
    no: str, ask: ReportAsk, me: Annotated[Desk, Depends(requires(Permission.INCIDENT_REPORT))], d: D
) -> DeskCaseView:
    """A paper is lost or damaged, at the office or at a department."""

    def decision(file: CaseFile, now: Moment) -> Outcome:
        return incidents.report(file, Report(ask.kind, tuple(ask.keys), ask.text), "office", now)

    return change(d, asked(me, ask, "report", no), no, decision)


@router.post("/cases/{no}/incidents/{incident}/step")
def step(
    no: str, incident: str, ask: StepAsk, me: Annotated[Desk, Depends(requires(Permission.INCIDENT_WORK))], d: D
) -> DeskCaseView:
    """Take it in hand, ask the resident, claim from the carrier, note an answer; each turn has its own deadline."""

    def decision(file: CaseFile, now: Moment) -> Outcome:
        return incidents.step(file, incident, ask.event, ask.note, now)

    return change(d, asked(me, ask, "step", no, incident), no, decision)


@router.post("/cases/{no}/incidents/{incident}/loss")
def confirm_loss(
    no: str, incident: str, ask: LossAsk, me: Annotated[Desk, Depends(requires(Permission.INCIDENT_WORK))], d: D
) -> DeskCaseView:
    """The papers are gone: the statement in writing 原件遗失情况说明 is made, and the resident asked how to go on."""

    def decision(file: CaseFile, now: Moment) -> Outcome:
        return incidents.confirm_loss(file, incident, ask.reason, now)

    return change(d, asked(me, ask, "loss", no, incident), no, decision)


@router.post("/cases/{no}/incidents/{incident}/settle")
def settle(
    no: str, incident: str, ask: SettleAsk, me: Annotated[Desk, Depends(requires(Permission.INCIDENT_WORK))], d: D
) -> DeskCaseView:
    """The end, with its reason; what becomes of papers and case follows from it."""

    def decision(file: CaseFile, now: Moment) -> Outcome:
        return settling.settle(file, incident, Settling(ask.settlement, ask.reason, ask.amount_fen), now)

    return change(d, asked(me, ask, "settle", no, incident), no, decision)
