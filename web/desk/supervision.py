"""电子监察: what is late or nearly and who holds it, urging whoever does, what one is urged to do oneself, and the rules."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import StringConstraints

from cases.supervision import KIND_LABELS, Rules, WaitKind
from courier.registry import labels as partner_labels
from storage import set_aside
from storage.lit import Seen
from storage.session import Transaction
from storage.supervision import Counts, Held
from storage.urges import Urge
from storage.waits import WaitRow
from web.asks import Ask, Write
from web.auth import Desk, requires
from web.desk.wait_words import state_label
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape, Time
from web.tasking import make_tasks
from web.writing import asked, write

router = APIRouter(prefix="/desk/api", tags=["supervision"])
D = Annotated[Doors, Depends(doors)]
Reader = Annotated[Desk, Depends(requires(Permission.SUPERVISION_READ))]
Cursor = Annotated[str | None, Query(max_length=400)]
ROLES: Mapping[str, str] = {
    "intake": "窗口",
    "pre_auditor": "预审",
    "clerk": "部门经办",
    "supervisor": "主管",
    "administrator": "管理员",
    "holder": "当前经办",
    "auditor": "审计",
    "item_manager": "事项管理",
    "grid": "网格员",
    "agent": "代办员",
}


class WaitView(Shape):
    """`holder`: `staff:<id>`, `department:<code>`, `courier:<partner>`, `resident` or `system`. `next`: what to do now.
    `urged`: how often somebody was told of this deadline."""

    kind: WaitKind
    kind_label: str
    subject: str
    case: str
    item: str
    item_name: str
    department: str
    state: str
    state_label: str
    light: str
    """yellow | red | green"""
    due_at: Time
    since: Time
    holder: str
    holder_name: str
    urged: int
    next: str


class HeldView(Shape):
    holder: str
    name: str
    red: int
    yellow: int


class KindView(Shape):
    kind: WaitKind
    label: str
    red: int
    yellow: int


class LateRoundView(Shape):
    """A drop box that nobody emptied in time."""

    box: str
    name: str
    place: str
    due_at: Time
    light: str
    """yellow | red"""


class SupervisionView(Shape):
    """Counts are of waits and rounds together; `more`: there is more than was counted. `missing`: envelopes that were
    said to be in a box and were not; `strays`: envelopes that wait for somebody to settle them. `set_aside`: jobs that the
    program left to a person; `infections`: cases with files in which the scanner named something."""

    yellow: int
    red: int
    more: bool
    waits: list[WaitView]
    cursor: str | None
    holders: list[HeldView]
    kinds: list[KindView]
    rounds: list[LateRoundView]
    missing: int
    strays: int
    set_aside: int
    infections: int
    unattended: dict[str, int]
    """Areas of the grid that nobody looks after, with how many envelopes wait there."""


class UrgeView(Shape):
    """`step` 0: by hand. `ended_at`: what it was about has moved on."""

    id: str
    kind: WaitKind
    kind_label: str
    subject: str
    case: str
    item_name: str
    role: str
    role_label: str
    department: str
    step: int
    due_at: Time
    made_at: Time
    by: str | None
    by_name: str
    message: str | None
    acknowledged_at: Time | None
    acknowledged_by: str | None
    ended_at: Time | None


class UrgesView(Shape):
    urges: list[UrgeView]
    unseen: int
    cursor: str | None


class WaitDetailView(Shape):
    wait: WaitView
    urges: list[UrgeView]


class UrgeAsk(Write):
    message: Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]


class SeenAsk(Ask):
    """What of the board is wanted; left out: everything."""

    light: Literal["", "red", "yellow"] = ""
    kind: WaitKind | Literal[""] = ""
    state: Annotated[str, StringConstraints(max_length=64)] = ""
    department: Annotated[str, StringConstraints(max_length=64)] = ""
    holder: Annotated[str, StringConstraints(max_length=64)] = ""
    cursor: Annotated[str | None, StringConstraints(max_length=400)] = None

    def seen(self) -> Seen:
        return Seen(self.light, self.kind, self.state, self.department, self.holder)


@router.get("/supervision")
def show_supervision(ask: Annotated[SeenAsk, Query()], me: Reader, d: D) -> SupervisionView:
    """What is late or nearly, most urgent first: yellow before a limit, red after it."""
    seen = ask.seen()
    with d.database.transaction() as tx:
        make_tasks(tx, d.couriers)
    with d.database.reading() as tx:
        rows, more = tx.supervision.board(me.scope, seen, ask.cursor)
        counted = tx.supervision.counts(me.scope, seen)
        jobs, infections = set_aside.waiting(tx, me.scope)
        late = tx.boxes.late(tx.now(), me.scope.region)
        names = holder_names(tx, [r.holder for r in rows] + [h.holder for h in counted.holders])
        rules = tx.supervision.rules()
        rounds = [
            LateRoundView(box=x.box.code, name=x.box.name, place=x.box.place, due_at=x.due, light=x.light) for x in late
        ]
        lights = [x.light for x in rounds]
        return SupervisionView(
            yellow=counted.yellow + lights.count("yellow"),
            red=counted.red + lights.count("red"),
            more=counted.more,
            waits=[wait_view(row, rules, names) for row in rows],
            cursor=more,
            holders=_held(counted.holders, names),
            kinds=_kinds(counted),
            rounds=rounds,
            missing=len(tx.boxes.missed()),
            strays=tx.boxes.open_strays(),
            set_aside=jobs,
            infections=infections,
            unattended=dict(tx.in_house.unattended()),
        )


def _held(holders: Iterable[Held], names: Mapping[str, str]) -> list[HeldView]:
    return [HeldView(holder=h.holder, name=names[h.holder], red=h.red, yellow=h.yellow) for h in holders]


def _kinds(counted: Counts) -> list[KindView]:
    return [
        KindView(kind=kind, label=KIND_LABELS[kind], red=red, yellow=yellow)
        for kind, (red, yellow) in sorted(counted.by_kind.items(), key=lambda each: list(WaitKind).index(each[0]))
    ]


@router.get("/supervision/{kind}/{subject}")
def show_wait(kind: WaitKind, subject: str, me: Reader, d: D) -> WaitDetailView:
    """One thing that waits, and everything that was said of its deadline."""
    with d.database.reading() as tx:
        wait = tx.supervision.wait(kind, subject, me.scope)
        said = tx.urges.of_wait(wait)
        names = holder_names(tx, [wait.holder, *(f"staff:{u.by}" for u in said if u.by)])
        rules = tx.supervision.rules()
        return WaitDetailView(wait=wait_view(wait, rules, names), urges=[urge_view(u, names) for u in said])


@router.post("/supervision/{kind}/{subject}/urge")
def urge(
    kind: WaitKind,
    subject: str,
    ask: UrgeAsk,
    me: Annotated[Desk, Depends(requires(Permission.SUPERVISION_URGE))],
    d: D,
) -> WaitDetailView:
    """催办: a message into the inbox of whoever holds it."""

    def work(tx: Transaction) -> WaitDetailView:
        wait = tx.supervision.wait(kind, subject, me.scope)
        tx.urges.urge(wait, ask.message, actor=me.actor)
        said = tx.urges.of_wait(wait)
        names = holder_names(tx, [wait.holder, *(f"staff:{u.by}" for u in said if u.by)])
        shown = wait_view(tx.supervision.wait(kind, subject, me.scope), tx.supervision.rules(), names)
        return WaitDetailView(wait=shown, urges=[urge_view(u, names) for u in said])

    return write(d.database, asked(me, ask, "urge", kind, subject), WaitDetailView, work)


# ── what one is urged to do ──


@router.get("/urges")
def show_urges(
    me: Annotated[Desk, Depends(requires(Permission.URGE_READ))],
    d: D,
    all: Annotated[bool, Query()] = False,
    cursor: Cursor = None,
) -> UrgesView:
    """One's inbox, newest first; with `all` also what was acknowledged or is over."""
    with d.database.reading() as tx:
        found, more = tx.urges.inbox(me.scope, me.roles, unseen=not all, cursor=cursor)
        names = holder_names(tx, [f"staff:{u.by}" for u in found if u.by])
        unseen = tx.urges.unseen(me.scope, me.roles)
        return UrgesView(urges=[urge_view(u, names) for u in found], unseen=unseen, cursor=more)


@router.post("/urges/{urge}/acknowledge")
def acknowledge(
    urge: str, me: Annotated[Desk, Depends(requires(Permission.URGE_READ))], d: D, ask: Write | None = None
) -> UrgeView:
    """Seen, and in hand. The first word counts."""

    def work(tx: Transaction) -> UrgeView:
        made = tx.urges.acknowledge(urge, me.scope, me.roles, actor=me.actor)
        return urge_view(made, holder_names(tx, [f"staff:{made.by}"] if made.by else []))

    return write(d.database, asked(me, ask, "acknowledge", urge), UrgeView, work)


# ── views ──


def wait_view(row: WaitRow, rules: Rules, names: Mapping[str, str]) -> WaitView:
    return WaitView(
        kind=row.kind,
        kind_label=KIND_LABELS[row.kind],
        subject=row.subject,
        case=row.number,
        item=row.item_code,
        item_name=row.item_name,
        department=row.department,
        state=row.state,
        state_label=state_label(row),
        light=row.light,
        due_at=row.due,
        since=row.since,
        holder=row.holder,
        holder_name=names[row.holder],
        urged=row.urged,
        next=rules.of(row.kind, row.state).next,
    )


def urge_view(u: Urge, names: Mapping[str, str]) -> UrgeView:
    return UrgeView(
        id=u.id,
        kind=u.kind,
        kind_label=KIND_LABELS[u.kind],
        subject=u.subject,
        case=u.number,
        item_name=u.item_name,
        role=u.role,
        role_label=ROLES[u.role],
        department=u.department,
        step=u.step,
        due_at=u.due,
        made_at=u.made_at,
        by=u.by,
        by_name=names[f"staff:{u.by}"] if u.by else "系统",
        message=u.message,
        acknowledged_at=u.acknowledged_at,
        acknowledged_by=u.acknowledged_by,
        ended_at=u.ended_at,
    )


def holder_names(tx: Transaction, holders: Iterable[str]) -> Mapping[str, str]:
    """What each holder is called, by the code that the board has for them."""
    wanted = set(holders)
    people = tx.care.staff_names(h.removeprefix("staff:") for h in wanted if h.startswith("staff:"))
    departments = {code: name for r in tx.region_names().values() for code, name in r.departments.items()}
    partners = partner_labels()
    fixed = {"resident": "申请人", "system": "系统"}

    def called(holder: str) -> str:
        kind, _, code = holder.partition(":")
        known: Mapping[str, Mapping[str, str]] = {"staff": people, "department": departments, "courier": partners}
        return known.get(kind, fixed).get(code or kind, code or kind)

    return {holder: called(holder) for holder in wanted}
