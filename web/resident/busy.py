"""When to come 何时办: how many applications are handed in at each hour of the week. Public; numbers under five are not
told, so that nobody can be made out."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from cases.deadlines import beijing_day
from storage.statistics.slices import Slice
from web.doors import Doors, doors
from web.shapes import Shape

router = APIRouter(prefix="/api/v1", tags=["items"])
FEW = 5
LATELY = timedelta(days=91)


class BusyView(Shape):
    region: str
    days: int
    """Over how many days it was counted."""
    hours: list[list[int | None]] = Field(
        description="By weekday, Monday first, and hour of Beijing; null: under five."
    )


@router.get("/regions/{code}/busy")
def show_busy(
    code: str,
    d: Annotated[Doors, Depends(doors)],
    item: Annotated[str | None, Query(max_length=64)] = None,
    channel: Annotated[str | None, Query(max_length=32)] = None,
) -> BusyView:
    """How busy a region's offices are, over the last thirteen weeks."""
    with d.database.reading() as tx:
        today = beijing_day(tx.now())
        week = tx.busy_hours(Slice(today - LATELY, today, code, None, item, channel))
    hours = [[n if n == 0 or n >= FEW else None for n in day] for day in week]
    return BusyView(region=code, days=LATELY.days, hours=hours)
