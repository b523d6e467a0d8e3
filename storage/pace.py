"""How long a resident whose pages wait for the reader will wait still, told truthfully: how many have an earlier
turn, and how fast pages have been read of late."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from sqlalchemy import and_, func, or_, select

from cases.effects import JobKind
from cases.lifecycle import PageState
from storage.tables import jobs, pages, readings
from storage.unit import Unit
from storage.words import JobState

A_PAGE_S = 0.6
"""Where nothing was read lately: what a page takes on two cores (`bench/RESULTS.md`)."""
_LATEST = 24
_IDLE_S = 5.0
"""A longer pause between two readings was no work but a reader that had nothing to read."""


def seconds_until_read(tx: Unit, number: str) -> dict[str, float]:
    """By id of each of the case's pages that is not read yet, in the order of turns (`storage.turns`): whoever comes
    meanwhile gets no earlier turn, but for what is urgent."""
    before, mine = jobs.alias(), jobs.alias()
    level = and_(before.c.turn == mine.c.turn, before.c.seq <= mine.c.seq)
    sooner = and_(before.c.urgent == mine.c.urgent, or_(before.c.turn < mine.c.turn, level))
    waits = and_(before.c.kind == JobKind.PAGE_READ, before.c.state == JobState.QUEUED)
    ahead = select(func.count()).where(waits, or_(before.c.urgent > mine.c.urgent, sooner)).scalar_subquery()
    unread = and_(pages.c.case_number == number, pages.c.state == PageState.UPLOADED)
    reading = and_(mine.c.subject == pages.c.id, mine.c.kind == JobKind.PAGE_READ, mine.c.state.in_(_UNFINISHED))
    places = tx.all(select(pages.c.id, ahead.label("place")).join(mine, reading).where(unread))
    if not places:
        return {}
    pace = a_page([row.saved_at for row in tx.all(_LATEST_READ)])
    return {row.id: max(1, row.place) * pace for row in places}


_UNFINISHED = (JobState.QUEUED, JobState.RUNNING)
_LATEST_READ = select(readings.c.saved_at).order_by(readings.c.saved_at.desc()).limit(_LATEST)


def a_page(saved: Sequence[datetime]) -> float:
    """Seconds from one reading to the next while there was something to read. `saved`: newest first."""
    apart = [(newer - older).total_seconds() for newer, older in pairwise(saved)]
    busy = [seconds for seconds in apart if seconds < _IDLE_S]
    return sum(busy) / len(busy) if len(busy) > _LATEST // 2 else A_PAGE_S
