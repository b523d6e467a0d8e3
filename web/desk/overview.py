"""The supervision board, within one's scope."""

from typing import Annotated

from fastapi import APIRouter, Depends

from cases.lifecycle import CASE
from web.auth import Desk, requires
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape, Time
from web.tasking import make_tasks

router = APIRouter(prefix="/desk/api", tags=["desk"])
D = Annotated[Doors, Depends(doors)]


class SupervisedCase(Shape):
    case: str
    item: str
    item_name: str
    department: str
    state: str
    state_label: str
    deadline_at: Time
    light: str
    """yellow | red"""
    claimed_by: str | None
    escalated_at: Time | None


class LateRoundView(Shape):
    """A drop box that nobody emptied in time."""

    box: str
    name: str
    place: str
    due_at: Time
    light: str
    """yellow | red"""


class SupervisionView(Shape):
    """The two counts are of cases and rounds together. `missing`: envelopes that were said to be in a box and were not;
    `strays`: envelopes that wait for somebody to settle them."""

    yellow: int
    red: int
    cases: list[SupervisedCase]
    rounds: list[LateRoundView]
    missing: int
    strays: int
    unattended: dict[str, int]
    """Areas of the grid that nobody looks after, with how many envelopes wait there."""


@router.get("/supervision")
def show_supervision(me: Annotated[Desk, Depends(requires(Permission.SUPERVISION_READ))], d: D) -> SupervisionView:
    """电子监察: yellow before a limit, red after it."""
    with d.database.transaction() as tx:
        make_tasks(tx, d.couriers)
        rows = tx.supervision(tx.now(), me.scope)
        late = tx.boxes.late(tx.now(), me.scope.region)
        missing, strays = len(tx.boxes.missed()), tx.boxes.open_strays()
        unattended = tx.in_house.unattended()
    lines = [
        SupervisedCase(
            case=r.number,
            item=r.item_code,
            item_name=r.item_name,
            department=r.department,
            state=r.state,
            state_label=CASE.labels[r.state],
            deadline_at=r.deadline_at,
            light=r.light,
            claimed_by=r.claimed_by,
            escalated_at=r.escalated_at,
        )
        for r in rows
    ]
    rounds = [
        LateRoundView(box=x.box.code, name=x.box.name, place=x.box.place, due_at=x.due, light=x.light) for x in late
    ]
    lights = [x.light for x in lines] + [x.light for x in rounds]
    return SupervisionView(
        yellow=lights.count("yellow"),
        red=lights.count("red"),
        cases=lines,
        rounds=rounds,
        missing=missing,
        strays=strays,
        unattended=unattended,
    )
