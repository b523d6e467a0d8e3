"""Corrections after acceptance 受理后补正 at the desk: what is still to be mended and by when, asking for it, taking or giving
back what came, and ending the case where nothing came. Rules: `cases.demands`, `cases.actions.demanded`.

A department asks once with everything it wants; another person grants it, like any other special procedure.
"""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from cases.actions import clocks
from cases.actions.demanded import decide_demanded, end_expired
from cases.clocks import DEMAND, ClockKind, Demand
from cases.deferrals import OURS
from cases.effects import Outcome
from cases.errors import NotFound
from cases.lifecycle import MATERIAL, MATERIAL_SETTLED, MaterialState
from cases.model import CaseFile, Material
from cases.moment import Moment
from storage.demands import DemandRow, demands_open
from storage.queues import masked_name
from web.asks import DemandAsk
from web.auth import Desk, requires
from web.desk.changing import change
from web.desk.clocks import check_mine, own_assignment
from web.desk.deferrals import DeferredAsk, EndAsk
from web.desk.shapes import DeskCaseView
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape, Time
from web.writing import asked

router = APIRouter(prefix="/desk/api", tags=["departments"])
D = Annotated[Doors, Depends(doors)]
Asker = Annotated[Desk, Depends(requires(Permission.SPECIAL_MANAGE))]


class DemandedLine(Shape):
    """One paper. `turn`: resident | office | nobody: whose it is to act."""

    material: str
    name: str
    reason: str | None
    state: str
    state_label: str
    turn: str


class DemandLine(Shape):
    """One demand that runs. `mine`: whoever asks may decide on what comes. `late_at`: when its days were over."""

    case: str
    item_name: str
    applicant: str
    department: str
    reason: str
    since: Time
    due: date | None
    late_at: Time | None
    papers: list[DemandedLine]
    mine: bool


class DemandsView(Shape):
    demands: list[DemandLine]
    cursor: int | None


@router.get("/demands")
def open_demands(
    me: Annotated[Desk, Depends(requires(Permission.CASE_READ))],
    d: D,
    after: Annotated[int, Query(ge=0, le=2**62)] = 0,
) -> DemandsView:
    """What departments wait for after acceptance, the oldest first."""
    with d.database.reading() as tx:
        rows, more = demands_open(tx, me.scope, after)
    return DemandsView(demands=[_line(row, me) for row in rows], cursor=more)


def _line(row: DemandRow, me: Desk) -> DemandLine:
    file, running = row.file, row.running
    about = file.assignment(running.assignment) if running.assignment else None
    return DemandLine(
        case=file.case.number,
        item_name=file.item.name,
        applicant=masked_name(file.case.applicant.name),
        department=about.department if about else file.case.department,
        reason=running.reason,
        since=running.started_at,
        due=running.due,
        late_at=running.late_at,
        papers=[_paper(m) for m in row.wanted],
        mine=_may_decide(file, me),
    )


def _paper(material: Material) -> DemandedLine:
    turn = "nobody" if material.state in MATERIAL_SETTLED else "office" if material.state in OURS else "resident"
    label = "已补正，待核对" if material.state is MaterialState.READ else MATERIAL.labels[material.state]
    return DemandedLine(
        material=material.key,
        name=material.name,
        reason=material.reason,
        state=material.state,
        state_label=label,
        turn=turn,
    )


@router.post("/cases/{no}/demands")
def demand(no: str, ask: DemandAsk, me: Asker, d: D) -> DeskCaseView:
    """Ask for papers to be mended, once and with all of them; another person grants it, and the clocks stand still."""
    wanted = tuple(Demand(one.material, one.reason) for one in ask.materials)

    def decision(file: CaseFile, now: Moment) -> Outcome:
        about = own_assignment(file, ask.assignment, me)
        return clocks.ask(file, clocks.Wanted(ClockKind.SPECIAL, ask.reason, ask.days, DEMAND, about, wanted), now)

    return change(d, asked(me, ask, "demand", no), no, decision, heeds_claims=False)


@router.post("/cases/{no}/demands/{key}")
def decide_one(
    no: str, key: str, ask: DeferredAsk, me: Annotated[Desk, Depends(requires(Permission.DEMAND_DECIDE))], d: D
) -> DeskCaseView:  # fmt: skip
    """Accept what was mended, also what came by hand or by post; give it back; or do without it. The last one ends it."""

    def decision(file: CaseFile, now: Moment) -> Outcome:
        if not _may_decide(file, me):
            raise NotFound("没有这份待补正的材料。", material=key)
        return decide_demanded(file, key, ask.decision, ask.reason, now)

    return change(d, asked(me, ask, "demanded", no, key), no, decision, heeds_claims=False)


def _may_decide(file: CaseFile, me: Desk) -> bool:
    """A pre-auditor of the case; of clerks, those of the department that asked."""
    if Permission.MATERIAL_DECIDE in me.permissions:
        return True
    running = file.open_special
    about = file.assignment(running.assignment) if running and running.assignment else None
    department = about.department if about else file.case.department
    return Permission.DEMAND_DECIDE in me.permissions and department in me.departments


@router.post("/cases/{no}/expire")
def expire(no: str, ask: EndAsk, me: Asker, d: D) -> DeskCaseView:
    """End a case whose papers never came 补正超时: the acceptance falls, originals go home."""

    def decision(file: CaseFile, now: Moment) -> Outcome:
        check_mine(file, file.open_special, me)
        return end_expired(file, ask.reason, now)

    return change(d, asked(me, ask, "expire", no), no, decision, heeds_claims=False)
