"""Today's tasks of a grid worker: only of the own areas, in walking order.

Addresses are shown, because somebody has to go there; names and phones are masked until they are asked for, and that
look is on record.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from cases.deadlines import BEIJING, beijing_day
from cases.errors import Conflict, NotFound
from cases.lifecycle import LEG_LABELS
from cases.model import Direction
from courier import windows
from courier.in_house.codes import printed
from storage.in_house import Task
from storage.queues import masked_name
from storage.session import Transaction
from web.auth import Desk, requires
from web.doors import Doors, doors
from web.grid.route import walking_order
from web.permissions import Permission
from web.shapes import Shape, Time
from web.tasking import make_tasks
from web.words import DIRECTIONS, masked_phone

router = APIRouter(prefix="/grid/api", tags=["grid"])
D = Annotated[Doors, Depends(doors)]


class TaskView(Shape):
    id: str
    case: str
    item_name: str
    direction: str
    direction_label: str
    todo: str
    """fetch: get the envelope; deliver: hand it over."""
    code: str
    code_label: str
    label: str | None
    """What the QR on the envelope holds, and the seal it was closed with; none before it was packed."""
    seal: str | None
    area: str
    start: Time
    end: Time
    window_label: str
    late: bool
    address: str
    contact: str
    phone: str
    state: str
    state_label: str
    needs_proof: bool
    taken: Literal["me", "other"] | None
    """Who said that they go: a courtesy among the area's workers; whoever scans has it."""


class TasksView(Shape):
    day: date
    areas: list[str]
    tasks: list[TaskView]
    made_at: Time


class ContactView(Shape):
    id: str
    contact: str
    phone: str


def tasks_of(d: Doors, me: Desk, day: date | None) -> TasksView:
    """What is to be done on a day; today also what was left over."""
    with d.database.transaction() as tx:
        make_tasks(tx, d.couriers)
        now, areas = tx.now(), tx.in_house.areas_of(me.actor.id)
        today = beijing_day(now)
        chosen = day or today
        found = tx.in_house.tasks(areas, _end_of(chosen)) if areas else []
    due = sorted(_due(found, chosen, today), key=walking_order)
    return TasksView(day=chosen, areas=sorted(areas), tasks=[task_view(t, now, me.actor.id) for t in due], made_at=now)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), BEIJING)


def _due(found: Iterable[Task], day: date, today: date) -> Iterable[Task]:
    """On another day than today only what was promised for that day."""
    return (t for t in found if day == today or beijing_day(t.booking.expected.start) == day)


def task_view(task: Task, now: datetime, me: str) -> TaskView:
    booking, window = task.booking, task.booking.expected
    shown = windows.Window(window.start, window.end, window.start)
    return TaskView(
        id=booking.id,
        case=task.number,
        item_name=task.item_name,
        direction=task.direction,
        direction_label=DIRECTIONS[task.direction],
        todo="deliver" if task.started else "fetch",
        code=booking.waybill or "",
        code_label=printed(booking.waybill or ""),
        label=task.label,
        seal=task.seal,
        area=task.area,
        start=window.start,
        end=window.end,
        window_label=shown.label(),
        late=now > window.end and not task.started,
        address=booking.address.county + booking.address.detail,
        contact=masked_name(booking.address.contact),
        phone=masked_phone(booking.address.phone),
        state=task.leg_state,
        state_label=LEG_LABELS[task.leg_state],
        needs_proof=task.direction is Direction.DELIVERY and booking.proof is not None,
        taken=None if task.taken_by is None else ("me" if task.taken_by == me else "other"),
    )


@router.get("/tasks")
def show_tasks(
    me: Annotated[Desk, Depends(requires(Permission.GRID_WORK))],
    d: D,
    day: Annotated[date | None, Query(description="Beijing's day; today if left out")] = None,
) -> TasksView:
    """What to fetch and deliver, in walking order."""
    return tasks_of(d, me, day)


@router.post("/tasks/{task}/take")
def take(task: str, me: Annotated[Desk, Depends(requires(Permission.GRID_WORK))], d: D) -> TaskView:
    """I go. 409 where a colleague does."""
    with d.database.transaction() as tx:
        _mine(tx, me, task)
        if not tx.in_house.take_task(task, me.actor.id):
            raise Conflict("这项任务已由同事接单。", task=task)
        return task_view(_mine(tx, me, task), tx.now(), me.actor.id)


@router.post("/tasks/{task}/give-back")
def give_back(task: str, me: Annotated[Desk, Depends(requires(Permission.GRID_WORK))], d: D) -> TaskView:
    """Somebody else may go. 409 for what is in one's hands, or was never taken."""
    with d.database.transaction() as tx:
        if _mine(tx, me, task).started:
            raise Conflict("信封在您手中，不能退回。", task=task)
        if not tx.in_house.give_task_back(task, me.actor.id):
            raise Conflict("这项任务不是您接的。", task=task)
        return task_view(_mine(tx, me, task), tx.now(), me.actor.id)


def _mine(tx: Transaction, me: Desk, task: str) -> Task:
    """Of one's own areas. Raises `NotFound`."""
    found = tx.in_house.task(tx.in_house.areas_of(me.actor.id), task)
    if found is None:
        raise NotFound("没有这个任务。", task=task)
    return found


@router.get("/tasks/{task}/contact")
def show_contact(task: str, me: Annotated[Desk, Depends(requires(Permission.GRID_WORK))], d: D) -> ContactView:
    """Whom to call at the door. The look is on record in the case."""
    with d.database.transaction() as tx:
        found = _mine(tx, me, task)
        tx.record(found.number, me.actor, "personal_data_shown", {"what": "contact", "booking": task})
    return ContactView(id=task, contact=found.booking.address.contact, phone=found.booking.address.phone)
