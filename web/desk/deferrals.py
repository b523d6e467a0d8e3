"""Promises 容缺 at the desk: what is still to come and by when, taking or returning what came, and ending the case of a
promise that was not kept. Texts and rules: `cases.actions.deferring`."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import StringConstraints

from cases.actions.deferring import DeferredDecision, decide_deferred, end_broken, repair
from cases.deferrals import OURS
from cases.lifecycle import CASE, MATERIAL, MaterialState
from storage.deferrals import PromiseRow, promises_open
from web.asks import Write
from web.auth import Desk, requires
from web.desk.changing import change
from web.desk.shapes import DeskCaseView
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape, Time
from web.writing import asked

router = APIRouter(prefix="/desk/api", tags=["desk"])
D = Annotated[Doors, Depends(doors)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


class DeferredAsk(Write):
    decision: DeferredDecision
    reason: Reason = ""


class EndAsk(Write):
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class BrokenView(Shape):
    """A promise that was broken in this case. `repaired_at`: when it was made good."""

    id: str
    name: str
    promised: date
    at: Time
    reason: str | None
    repaired_at: Time | None


class BrokenPromisesView(Shape):
    notes: list[BrokenView]


class PromiseView(Shape):
    """One promised material. `turn`: resident | office: whose it is to act. `late_at`: when its day had passed."""

    case: str
    item_name: str
    applicant: str
    case_state_label: str
    material: str
    name: str
    state: str
    state_label: str
    due: date
    late_at: Time | None
    turn: str


class PromisesView(Shape):
    promises: list[PromiseView]
    cursor: str | None


@router.get("/deferrals")
def open_promises(
    me: Annotated[Desk, Depends(requires(Permission.QUEUE_READ))],
    d: D,
    cursor: Annotated[str | None, Query(max_length=60)] = None,
) -> PromisesView:
    """What was promised and is still open, the next to run out first."""
    with d.database.reading() as tx:
        rows, more = promises_open(tx, cursor, me.scope)
    return PromisesView(promises=[_view(row) for row in rows], cursor=more)


def _view(row: PromiseRow) -> PromiseView:
    return PromiseView(
        case=row.number,
        item_name=row.item_name,
        applicant=row.applicant,
        case_state_label=CASE.labels[row.case_state],
        material=row.material,
        name=row.name,
        state=row.state,
        state_label="已补交，待核对" if row.state is MaterialState.READ else MATERIAL.labels[row.state],
        due=row.due,
        late_at=row.late_at,
        turn="office" if row.state in OURS or row.late_at else "resident",
    )


@router.post("/cases/{no}/deferrals/{key}")
def decide_one(
    no: str,
    key: str,
    ask: DeferredAsk,
    me: Annotated[Desk, Depends(requires(Permission.MATERIAL_DECIDE))],
    d: D,
) -> DeskCaseView:
    """Accept a promised material, also one that came by hand or by post; give it back; or do without it."""
    decision, reason = ask.decision, ask.reason
    return change(
        d, asked(me, ask, "deferral", no, key), no, lambda file, now: decide_deferred(file, key, decision, reason, now)
    )


@router.post("/cases/{no}/deferrals/{key}/end")
def end_one(
    no: str, key: str, ask: EndAsk, me: Annotated[Desk, Depends(requires(Permission.CASE_ACCEPT))], d: D
) -> DeskCaseView:  # fmt: skip
    """End the case of a promise that was not kept: the acceptance falls, originals go home, the broken promise is noted."""
    return change(d, asked(me, ask, "broken", no, key), no, lambda file, now: end_broken(file, key, ask.reason, now))


@router.get("/cases/{no}/credit-notes")
def broken_promises(no: str, me: Annotated[Desk, Depends(requires(Permission.CASE_READ))], d: D) -> BrokenPromisesView:
    """Promises that were broken in this case, as a person confirmed."""
    with d.database.reading() as tx:
        file = tx.case_file(no, readable_by=me.scope)
    names = {m.key: m.name for m in file.materials}
    return BrokenPromisesView(
        notes=[
            BrokenView(
                id=n.id,
                name=names[n.material],
                promised=n.promised,
                at=n.at,
                reason=n.reason,
                repaired_at=n.repaired_at,
            )
            for n in file.credit_notes
        ]
    )


@router.post("/cases/{no}/credit-notes/{note}/repair")
def repair_one(
    no: str, note: str, ask: EndAsk, me: Annotated[Desk, Depends(requires(Permission.CREDIT_REPAIR))], d: D
) -> BrokenPromisesView:  # fmt: skip
    """The broken promise was made good: its person may promise again."""
    change(d, asked(me, ask, "repair", no, note), no, lambda file, now: repair(file, note, ask.reason, now))
    return broken_promises(no, me, d)
