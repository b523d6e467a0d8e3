"""Whose work is next: turns for those who wait, and how much waits at each stage.

Each job belongs to a share (a person, an agent point; where nobody in particular waits, its stage) and is given a turn
when it is added, by start-time fair queuing (Goyal, Vin and Cheng, 1996): the first of a share goes level with whoever
is served now, each further one a step behind the one before. So a thousand pages of one submitter stand in a thousand
turns, and a resident who comes after them waits for the few that are level, not for the thousand. A list is entered in
longer steps. Nothing starves: whoever comes later never gets an earlier turn than the one that is served.

The broker's queues know no turns, so only a few jobs at a time are rung (`WINDOW`), more where more are at work. What
is urgent goes before all turns, but never takes every place while others wait.

How much waits is counted no further than the bound that was asked about: the cost does not grow with the backlog.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from cases.effects import Enqueue, JobKind
from storage.tables import jobs
from storage.unit import AnyRow, Unit
from storage.words import JobState, Queue


class Stage(StrEnum):
    """Where work can pile up. The word is the share of jobs that are nobody's in particular."""

    READING = "reading"
    JUDGING = "judging"
    BOOKING = "booking"
    TELLING = "telling"
    PAPERS = "papers"
    ARRIVING = "arriving"
    OFFICE = "office"


STAGES: Mapping[Stage, frozenset[JobKind]] = {
    Stage.READING: frozenset({JobKind.PAGE_READ}),
    Stage.JUDGING: frozenset({JobKind.CASE_JUDGE, JobKind.CASE_ROUTE, JobKind.REGISTRY_ASK, JobKind.BUNDLE_OPEN}),
    Stage.BOOKING: frozenset(
        {JobKind.COURIER_BOOK, JobKind.COURIER_FIND, JobKind.COURIER_CANCEL, JobKind.COURIER_POLL}
        | {JobKind.COURIER_SUBSCRIBE, JobKind.PICKUP_BOOK, JobKind.PICKUP_FIND, JobKind.PICKUP_CANCEL}
    ),
    Stage.TELLING: frozenset({JobKind.NOTICE_SEND, JobKind.WEBHOOK_SEND}),
    Stage.PAPERS: frozenset({JobKind.DOCUMENT_MAKE, JobKind.COMPLAINT_PICTURE}),
    Stage.ARRIVING: frozenset({JobKind.INBOX_HANDLE}),
}
"""Every other kind is the office's own."""

WINDOW: Mapping[Queue, int] = {Queue.READER: 4, Queue.WORKER: 64, Queue.SOLITARY: 4}
"""So many are rung beyond those at work: enough that nobody idles between two looks of the relay, and few enough that
whoever comes next is soon served. A page takes about a second, what workers do some milliseconds."""
UNHEARD = timedelta(seconds=10)
"""A bell that nobody answered for so long holds no place: the broker may have lost it."""
STEP, LIST_STEP = 1, 4
"""A list that somebody entered in one go takes one turn in five beside a resident."""
SPARED = 4
"""One place in so many is not for what is urgent while others wait."""
_WAITS = and_(jobs.c.state == JobState.QUEUED, jobs.c.rung_at.is_(None))


def stage_of(kind: JobKind) -> Stage:
    return next((stage for stage, kinds in STAGES.items() if kind in kinds), Stage.OFFICE)


# ── giving turns ──


def share_of(asked: Enqueue) -> str:
    return asked.share or stage_of(asked.kind)


def next_turn(tx: Unit, asked: Enqueue, queue: Queue) -> int:
    """The turn of a job that is added now."""
    share = share_of(asked)
    served = select(func.min(jobs.c.turn)).where(_WAITS, jobs.c.queue == queue, ~jobs.c.urgent)
    begun = select(func.max(jobs.c.turn)).where(jobs.c.state == JobState.RUNNING, jobs.c.queue == queue)
    mine = select(func.max(jobs.c.turn)).where(jobs.c.state == JobState.QUEUED, jobs.c.share == share)
    row = tx.execute(select(*(each.scalar_subquery() for each in (served, begun, mine)))).one()
    level = row[0] if row[0] is not None else row[1] or 0
    return int(level if row[2] is None else max(level, row[2] + step_of(asked)))


def step_of(asked: Enqueue) -> int:
    return LIST_STEP if asked.background else STEP


# ── choosing ──


def chosen(tx: Unit, limit: int) -> list[AnyRow]:
    """What to ring now: for each queue as many as it has places for, in their order."""
    due = and_(_WAITS, jobs.c.due_at <= tx.now())
    if tx.execute(select(jobs.c.seq).where(due).limit(1)).first() is None:
        return []
    places = {queue: _places(tx, queue) for queue in Queue}
    found: list[AnyRow] = []
    for queue, place in places.items():
        found += _of_queue(tx, queue, place, due)[: max(0, limit - len(found))]
    return found


class _Places:
    """`free` of `all`; `urgent` of those that are had are urgent."""

    def __init__(self, free: int, everything: int, urgent: int) -> None:
        self.free = free
        self.for_urgent = max(0, everything - max(1, everything // SPARED) - urgent)


def _places(tx: Unit, queue: Queue) -> _Places:
    heard = and_(jobs.c.state == JobState.QUEUED, jobs.c.rung_at > tx.now() - UNHEARD, jobs.c.queue == queue)
    begun = and_(jobs.c.state == JobState.RUNNING, jobs.c.queue == queue)
    rung, running = (_count(tx, had) for had in (heard, begun))
    urgent = sum(_count(tx, and_(had, jobs.c.urgent)) for had in (heard, begun)) if rung + running else 0
    everything = WINDOW[queue] + running
    return _Places(max(0, everything - rung), everything + running, urgent)


def _of_queue(tx: Unit, queue: Queue, places: _Places, due: ColumnElement[bool]) -> list[AnyRow]:
    if not places.free:
        return []
    usual, urgent = (_first(tx, and_(due, jobs.c.queue == queue, is_so), places.free) for is_so in _KINDS)
    hurried = urgent[: max(places.for_urgent, places.free - len(usual))]
    return [*hurried, *usual][: places.free]


_KINDS: tuple[Any, ...] = (~jobs.c.urgent, jobs.c.urgent)


def _first(tx: Unit, wanted: ColumnElement[bool], limit: int) -> list[AnyRow]:
    return list(tx.all(select(jobs).where(wanted).order_by(jobs.c.turn, jobs.c.seq).limit(limit)))


def _count(tx: Unit, wanted: ColumnElement[bool]) -> int:
    return int(tx.execute(select(func.count()).select_from(jobs).where(wanted)).scalar_one())


# ── how much waits ──


def waiting_at(tx: Unit, stage: Stage, most: int) -> int:
    """How much of a stage is due and not begun; counted up to `most`."""
    kinds = STAGES.get(stage) or frozenset(JobKind) - frozenset().union(*STAGES.values())
    due = and_(jobs.c.state == JobState.QUEUED, jobs.c.kind.in_(sorted(kinds)), jobs.c.due_at <= tx.now())
    return _bounded(tx, due, most)


def waiting_of(tx: Unit, share: str, most: int) -> int:
    """How much of one share has not begun; counted up to `most`."""
    return _bounded(tx, and_(jobs.c.state == JobState.QUEUED, jobs.c.share == share), most)


def _bounded(tx: Unit, wanted: ColumnElement[bool], most: int) -> int:
    some = select(jobs.c.seq).where(wanted).limit(most).subquery()
    return int(tx.execute(select(func.count()).select_from(some)).scalar_one())
