"""Instant items 即办件: how many of their cases a person looks at although the machine is certain, and what came of it."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from cases.errors import NotFound
from cases.items import Item, Kind
from cases.sampling import FASTER, RUN
from storage.sampling import Drawn, Moved, Sample
from storage.session import Transaction
from web.asks import Write
from web.auth import Desk, requires
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape, Time
from web.writing import asked, write

router = APIRouter(prefix="/desk/api/sampling", tags=["desk"])
D = Annotated[Doors, Depends(doors)]
Reader = Annotated[Desk, Depends(requires(Permission.ACCURACY_READ))]
Setter = Annotated[Desk, Depends(requires(Permission.THRESHOLD_SET))]


class SamplingView(Shape):
    """`share` of the cases is looked at now, never less than `floor`. `run`: agreements in a row; after `run_needed` the
    share is divided by `step`, and multiplied by it at once by a disagreement."""

    item: str
    name: str
    region: str
    floor: float
    share: float
    run: int
    run_needed: int
    step: float
    drawn: int
    open: int
    agreed: int
    disagreed: int


class ItemsView(Shape):
    items: list[SamplingView]


class SampleLine(Shape):
    """`agreed` null: nobody has decided; `waits`: somebody still will."""

    case: str
    share: float
    drawn_at: Time
    ended_at: Time | None
    decision: str | None
    corrected: int | None
    agreed: bool | None
    waits: bool


class MovedView(Shape):
    """Why the share is what it is: agreed, disagreed or set."""

    share: float
    run: int
    why: str
    case: str | None
    by: str
    at: Time


class ItemView(Shape):
    now: SamplingView
    samples: list[SampleLine]
    history: list[MovedView]


class FloorAsk(Write):
    floor: Annotated[float, Field(ge=0, le=1)]


@router.get("")
def show_sampling(_me: Reader, d: D) -> ItemsView:
    """Every instant item."""
    with d.database.reading() as tx:
        counts = tx.samples_counted()
        lines = [_line(tx, item, counts.get(item.code, Drawn())) for item in tx.items() if item.kind is Kind.INSTANT]
    return ItemsView(items=lines)


@router.get("/{code}")
def show_item(code: str, me: Reader, d: D) -> ItemView:
    """One item: its draws within one's scope and how its share moved, newest first."""
    with d.database.reading() as tx:
        found = _instant(tx, code)
        now = _line(tx, found, tx.samples_counted().get(code, Drawn()))
        samples, history = tx.samples_of(code, me.scope), tx.share_history(code)
    return ItemView(now=now, samples=[_sample(s) for s in samples], history=[_moved(m) for m in history])


@router.post("/{code}")
def set_floor(code: str, ask: FloorAsk, me: Setter, d: D) -> SamplingView:
    """The least share that is looked at. What distrust has raised stays raised."""

    def work(tx: Transaction) -> SamplingView:
        found = _instant(tx, code)
        tx.set_sampling_floor(code, ask.floor, me.actor)
        return _line(tx, found, tx.samples_counted().get(code, Drawn()))

    return write(d.database, asked(me, ask, "sampling_floor", code), SamplingView, work)


def _instant(tx: Transaction, code: str) -> Item:
    found = tx.item(code)
    if found.kind is not Kind.INSTANT:
        raise NotFound("该事项不是即办件，没有抽查。", item=code)
    return found


def _line(tx: Transaction, item: Item, counted: Drawn) -> SamplingView:
    now = tx.sampling_share(item.code)
    return SamplingView(
        item=item.code,
        name=item.name,
        region=item.region,
        floor=tx.sampling_floor(item.code),
        share=now.share,
        run=now.run,
        run_needed=RUN,
        step=FASTER,
        **vars(counted),
    )


def _sample(sample: Sample) -> SampleLine:
    return SampleLine(**{name: value for name, value in vars(sample).items() if name != "item"})


def _moved(moved: Moved) -> MovedView:
    return MovedView(**vars(moved))
