"""How long a resident whose pages wait for the reader will wait still, told truthfully: how many pages came before, and how
fast pages have been read of late."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from sqlalchemy import func, select

from cases.lifecycle import PageState
from storage.tables import pages, readings
from storage.unit import Unit

A_PAGE_S = 0.6
"""Where nothing was read lately: what a page takes on two cores (`bench/RESULTS.md`)."""
_LATEST = 24
_IDLE_S = 5.0
"""A longer pause between two readings was no work but a reader that had nothing to read."""


def seconds_until_read(tx: Unit, number: str) -> dict[str, float]:
    """By id of each of the case's pages that is not read yet."""
    before = pages.alias()
    ahead = select(func.count()).where(
        before.c.state == PageState.UPLOADED, before.c.uploaded_at <= pages.c.uploaded_at
    )
    mine = pages.c.case_number == number
    places = tx.all(
        select(pages.c.id, ahead.scalar_subquery().label("place")).where(mine, pages.c.state == PageState.UPLOADED)
    )
    if not places:
        return {}
    pace = a_page([row.saved_at for row in tx.all(_LATEST_READ)])
    return {row.id: row.place * pace for row in places}


_LATEST_READ = select(readings.c.saved_at).order_by(readings.c.saved_at.desc()).limit(_LATEST)


def a_page(saved: Sequence[datetime]) -> float:
    """Seconds from one reading to the next while there was something to read. `saved`: newest first."""
    apart = [(newer - older).total_seconds() for newer, older in pairwise(saved)]
    busy = [seconds for seconds in apart if seconds < _IDLE_S]
    return sum(busy) / len(busy) if len(busy) > _LATEST // 2 else A_PAGE_S
