"""Drop boxes at the desk: where they stand, their rounds, what was found in them and belongs to nobody known, and the
sorting that sends each envelope to its department."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field, StringConstraints

from cases.boxes import LOOK_BACK, Box, Found, next_round
from storage.boxes import Round, Stray
from storage.session import Transaction
from web.asks import Line, Write
from web.auth import Desk, requires
from web.desk import rounds
from web.doors import Doors, doors
from web.permissions import Permission
from web.scanning import At, Code, check_time
from web.shapes import Shape, Time
from web.writing import asked, write

router = APIRouter(prefix="/desk/api", tags=["boxes"])
D = Annotated[Doors, Depends(doors)]
MAX_ENVELOPES = 200
"""A box holds some dozens; each takes about 30 ms, and the resident who is calling meanwhile waits."""
BoxCode = Annotated[str, StringConstraints(min_length=1, max_length=32, strip_whitespace=True)]
Clock = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}:[0-9]{2}$")]


class BoxAsk(Write):
    """`times`: of the day in Beijing, at least two."""

    name: Line
    place: Line
    region: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
    times: list[Clock] = Field(max_length=24)
    grace_minutes: Annotated[int, Field(ge=1, le=720)] = 30
    active: bool = True


class RoundAsk(Write):
    """`scanned`: what was read off every envelope in the box. `at`: when the box was emptied, now if left out."""

    transaction_id: Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
    scanned: list[Code] = Field(max_length=MAX_ENVELOPES)
    at: At | None = None


class SettleStrayAsk(Write):
    note: Line


class RoundView(Shape):
    id: str
    box: str
    due_at: Time | None
    at: Time
    by: str
    scanned: int
    missing: int


class BoxView(Shape):
    code: str
    name: str
    place: str
    region: str
    times: list[str]
    grace_minutes: int
    active: bool
    next_round: Time
    waiting: int
    """Announced or put in, not found by a round yet."""
    rounds: list[RoundView]


class BoxesView(Shape):
    boxes: list[BoxView]


class EnvelopeView(Shape):
    code: str
    found: str
    found_label: str
    case: str | None
    stray: str | None


class RoundMadeView(Shape):
    round: RoundView
    envelopes: list[EnvelopeView]
    counts: dict[str, int]


class StrayView(Shape):
    id: str
    box: str | None
    code: str
    case: str | None
    why: str
    why_label: str
    found_at: Time
    found_by: str
    settled_at: Time | None
    settled_by: str | None
    note: str | None


class StraysView(Shape):
    strays: list[StrayView]


FOUND_LABELS = {
    Found.COLLECTED: "已取出，送往窗口分拣",
    Found.MISSING: "箱内未找到，已询问申请人",
    Found.UNANNOUNCED: "未预约投箱，送窗口核实",
    Found.UNKNOWN: "号码无法识别，窗口保管待认领",
    Found.REPEATED: "重复扫码",
}


@router.get("/boxes")
def show_boxes(me: Annotated[Desk, Depends(requires(Permission.BOX_READ))], d: D) -> BoxesView:
    """Every box of one's region with its last rounds, also those out of use."""
    with d.database.reading() as tx:
        found = tx.boxes.list(me.scope.region, all_of_them=True)
        return BoxesView(boxes=[_box_view(tx, box) for box in found])


@router.put("/boxes/{box}")
def put_box(box: BoxCode, ask: BoxAsk, me: Annotated[Desk, Depends(requires(Permission.BOX_MANAGE))], d: D) -> BoxView:
    """A new box, or other values for one. At least two rounds a day."""

    def work(tx: Transaction) -> BoxView:
        grace = timedelta(minutes=ask.grace_minutes)
        wanted = Box(box, ask.name, ask.place, ask.region, tuple(ask.times), tx.now(), grace, ask.active)
        return _box_view(tx, tx.boxes.put(wanted, actor=me.actor))

    return write(d.database, asked(me, ask, "box", box), BoxView, work)


@router.post("/boxes/{box}/rounds")
def make_round(
    box: BoxCode, ask: RoundAsk, me: Annotated[Desk, Depends(requires(Permission.ROUND_MAKE))], d: D
) -> RoundMadeView:
    """The box was emptied and this was in it. Every envelope, found or missed, is answered with its outcome."""

    def work(tx: Transaction) -> RoundMadeView:
        at = check_time(ask.at, tx.now())
        return _made_view(rounds.make_round(tx, me, tx.boxes.box(box), ask.scanned, at))

    return write(d.database, asked(me, ask, "round", box), RoundMadeView, work)


@router.get("/strays")
def show_strays(
    me: Annotated[Desk, Depends(requires(Permission.BOX_READ))],  # noqa: ARG001 the permission is all that is asked
    d: D,
    settled: Annotated[bool, Query()] = False,
) -> StraysView:
    """Envelopes that wait for a person; or the last that were settled."""
    with d.database.reading() as tx:
        return StraysView(strays=[_stray_view(s) for s in tx.boxes.strays(settled=settled)])


@router.post("/strays/{stray}/settle")
def settle_stray(
    stray: str, ask: SettleStrayAsk, me: Annotated[Desk, Depends(requires(Permission.STRAY_SETTLE))], d: D
) -> StrayView:
    """What became of it, in words."""

    def work(tx: Transaction) -> StrayView:
        return _stray_view(tx.boxes.settle_stray(stray, ask.note, actor=me.actor))

    return write(d.database, asked(me, ask, "settle-stray", stray), StrayView, work)


def _box_view(tx: Transaction, box: Box) -> BoxView:
    now = tx.now()
    return BoxView(
        code=box.code,
        name=box.name,
        place=box.place,
        region=box.region,
        times=list(box.times),
        grace_minutes=int(box.grace.total_seconds()) // 60,
        active=box.active,
        next_round=next_round(box, now),
        waiting=len(tx.boxes.waiting(box.code)),
        rounds=[_round_view(r) for r in tx.boxes.rounds(box.code, now - LOOK_BACK)],
    )


def _round_view(made: Round) -> RoundView:
    return RoundView(**vars(made))


def _made_view(made: rounds.Made) -> RoundMadeView:
    lines = [
        EnvelopeView(code=x.code, found=x.found, found_label=FOUND_LABELS[x.found], case=x.case, stray=x.stray)
        for x in made.lines
    ]
    counts = {str(word): sum(x.found == word for x in lines) for word in Found}
    return RoundMadeView(round=_round_view(made.round), envelopes=lines, counts=counts)


def _stray_view(s: Stray) -> StrayView:
    return StrayView(
        id=s.id,
        box=s.box,
        code=s.code,
        case=s.case_number,
        why=s.why,
        why_label=FOUND_LABELS[s.why],
        found_at=s.found_at,
        found_by=s.found_by,
        settled_at=s.settled_at,
        settled_by=s.settled_by,
        note=s.note,
    )
