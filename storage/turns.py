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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select

from cases.effects import Enqueue, JobKind
from storage import direct, job_statements, moments
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


def stage_of(kind: JobKind) -> Stage:
    return next((stage for stage, kinds in STAGES.items() if kind in kinds), Stage.OFFICE)


# ── giving turns ──


def share_of(asked: Enqueue) -> str:
    return asked.share or stage_of(asked.kind)


def next_turn(tx: Unit, asked: Enqueue, queue: Queue) -> int:
    """The turn of a job that is added now."""
    return int(tx.connection.execute(job_statements.next_turn(tx.postgresql), turn_of(asked, queue)).scalar_one())


def turn_of(asked: Enqueue, queue: Queue) -> Mapping[str, Any]:
    """What `job_statements.turn` has to be sent with."""
    return {"in_queue": queue, "of_share": share_of(asked), "step": step_of(asked)}


def step_of(asked: Enqueue) -> int:
    return LIST_STEP if asked.background else STEP


# ── choosing ──


@dataclass(frozen=True)
class Chosen:
    """`more`: something else is due, and waits for a place."""

    rows: Sequence[AnyRow]
    more: bool


@dataclass
class _Places:
    """Of one queue: bells that somebody will soon hear, work that is begun, and how many of both are urgent."""

    rung: int = 0
    running: int = 0
    urgent: int = 0

    def free(self, queue: Queue) -> int:
        return max(0, WINDOW[queue] + self.running - self.rung)

    def for_urgent(self, queue: Queue) -> int:
        everything = WINDOW[queue] + 2 * self.running
        return max(0, everything - max(1, everything // SPARED) - self.urgent)


def chosen(tx: Unit, limit: int) -> Chosen:
    """What to ring now: for each queue as many as it has places for, in their order. Two statements, however many queues
    and whatever waits."""
    had = _had(tx)
    free = {queue: had[queue].free(queue) for queue in Queue}
    waiting = _first_of_each(tx, {queue: min(places, limit) + 1 for queue, places in free.items()})
    found: list[AnyRow] = []
    for queue in Queue:
        usual, urgent = ([r for r in waiting if r.queue == queue and r.urgent == is_so] for is_so in (False, True))
        hurried = urgent[: max(had[queue].for_urgent(queue), free[queue] - len(usual))]
        found += [*hurried, *usual][: min(free[queue], limit - len(found))]
    return Chosen(found, more=len(waiting) > len(found))


def _had(tx: Unit) -> Mapping[Queue, _Places]:
    places = {queue: _Places() for queue in Queue}
    values = moments.values(tx, unheard=-UNHEARD)
    for row in direct.rows(tx, job_statements.had(tx.postgresql), values):
        place = places[Queue(row.queue)]
        place.running += row.n if row.running else 0
        place.rung += 0 if row.running else row.n
        place.urgent += row.n if row.urgent else 0
    return places


def _first_of_each(tx: Unit, most: Mapping[Queue, int]) -> list[AnyRow]:
    """The first so many of each queue that are due, usual and urgent ones, in the order of their turns."""
    values = {**{str(queue): n for queue, n in most.items()}, **moments.values(tx)}
    firsts = direct.rows(tx, job_statements.first_of_each(tx.postgresql), values)
    return sorted(firsts, key=lambda row: (row.turn, row.seq))


# ── how much waits ──


def waiting_at(tx: Unit, stage: Stage, most: int) -> int:
    """How much of a stage is due and not begun; counted up to `most`."""
    kinds = STAGES.get(stage) or frozenset(JobKind) - frozenset().union(*STAGES.values())
    due = and_(jobs.c.state == JobState.QUEUED, jobs.c.kind.in_(sorted(kinds)), jobs.c.due_at <= tx.now())
    return _bounded(tx, due, most)


def waiting_of(tx: Unit, share: str, most: int) -> int:
    """How much of one share has not begun; counted up to `most`."""
    row = direct.one(tx, _waiting_of(), {"of_share": share, "most": most})
    return int(row.n) if row else 0


@cache
def _waiting_of() -> Select[int]:
    mine = select(jobs.c.seq).where(jobs.c.state == job_statements.QUEUED, jobs.c.share == bindparam("of_share"))
    return select(func.count().label("n")).select_from(mine.limit(bindparam("most")).subquery())


def _bounded(tx: Unit, wanted: ColumnElement[bool], most: int) -> int:
    some = select(jobs.c.seq).where(wanted).limit(most).subquery()
    return int(tx.execute(select(func.count()).select_from(some)).scalar_one())
