"""What every job is paid for with: the statements that add, ring, take and end one, built once for each kind of database.

The names of their values are said with each; `moments.values` gives those of time.

The planner mostly saw the ledger while next to nothing waited in it, and takes all indexes of what waits for equally small.
So each of them serves only who says its first column, and a column that is not to lead to its index is said in words that
match none (`_quietly`); what is named is found by its name.
"""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CompoundSelect,
    Executable,
    Select,
    String,
    Update,
    and_,
    bindparam,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql as on_postgresql
from sqlalchemy.dialects import sqlite

from cases.effects import JobKind
from storage import moments
from storage.columns import Instant
from storage.tables import jobs
from storage.words import JobState, Queue

CHANNEL = "jobs"


def word(value: str) -> ColumnElement[str]:
    """A word of ours, written into the statement: where it is a value beside it, a plan that is made once cannot know that an index
    of some rows holds all that are asked for."""
    return literal_column(f"'{value}'", String())


def _quietly(column: ColumnElement[Any], never: ColumnElement[Any]) -> ColumnElement[Any]:
    """The same in words that match no index. `never`: what it would be if it were not there."""
    return func.coalesce(column, never)


QUEUED, RUNNING = word(JobState.QUEUED), word(JobState.RUNNING)
ALL_QUEUED = and_(jobs.c.state == QUEUED, jobs.c.kind.is_not(None))
WAITS = and_(jobs.c.state == QUEUED, jobs.c.rung_at.is_(None))
KNOWN = _quietly(jobs.c.kind, word("")).in_([word(kind) for kind in sorted(JobKind)])
"""While versions roll, a newer process may ask for what this one has never heard of: it waits for a relay of its own."""
_NOT_JUST_MOVED = or_(jobs.c.queue != word(Queue.SOLITARY), jobs.c.rung_at.is_not(None))
GIVEN = ("id", "kind", "subject", "dedupe", "queue", "max_attempts", "background", "share", "urgent", "case_number", "request")  # fmt: skip
"""The columns of a new job that whoever adds it says."""


# ── adding ──


@cache
def added(postgresql: bool, has_twins: bool) -> Executable:
    """One job, unless it has an unfinished twin; its id, and on PostgreSQL the relay hears of it at the commit. Where it can have
    none, because nobody would know it again, none is looked for. Values: those of `GIVEN`, `due_at` (None: now) and those of `turn`."""
    now = moments.clock(postgresql)
    insert = (on_postgresql.insert if postgresql else sqlite.insert)(jobs)
    rest = {
        "state": QUEUED,
        "due_at": func.coalesce(bindparam("due_at", type_=Instant()), now, type_=Instant()),
        "attempts": 0,
        "expired_leases": 0,
        "made_at": now,
        "turn": turn(postgresql),
    }
    plain = insert.values({name: bindparam(name) for name in GIVEN} | rest)
    new = plain.on_conflict_do_nothing() if has_twins else plain
    return new.returning(jobs.c.id, func.pg_notify(CHANNEL, "")) if postgresql else new.returning(jobs.c.id)


def turn(postgresql: bool) -> ColumnElement[int]:
    """The turn of a job that is added now (`storage.turns`). Values: `in_queue`, `of_share`, `step`."""
    queue = jobs.c.queue == bindparam("in_queue")
    served = select(jobs.c.turn).where(WAITS, queue, ~jobs.c.urgent).order_by(jobs.c.turn, jobs.c.seq).limit(1)
    begun = select(func.max(jobs.c.turn)).where(jobs.c.state == RUNNING, queue)
    of_share = and_(jobs.c.state == QUEUED, jobs.c.share == bindparam("of_share"))
    mine = select(func.max(jobs.c.turn) + bindparam("step", type_=jobs.c.turn.type)).where(of_share)
    level = func.coalesce(served.scalar_subquery(), begun.scalar_subquery(), 0)
    greater = func.greatest if postgresql else func.max
    return greater(level, func.coalesce(mine.scalar_subquery(), 0), type_=jobs.c.turn.type)


@cache
def next_turn(postgresql: bool) -> Select[int]:
    """`turn` by itself."""
    return select(turn(postgresql))


# ── ringing ──


@cache
def until_due(postgresql: bool) -> Select[datetime | None, datetime]:
    """When the next job that is not rung falls due, and what time it is."""
    next_due = select(jobs.c.due_at).where(WAITS, KNOWN, jobs.c.due_at.is_not(None)).order_by(jobs.c.due_at).limit(1)
    return select(next_due.scalar_subquery().label("due"), moments.clock(postgresql).label("now"))


@cache
def had(postgresql: bool) -> CompoundSelect[tuple[object, ...]]:
    """Of each queue, usual and urgent: how many were rung lately, and how many are at work. Value: `unheard`, how long ago, less
    than nothing."""
    heard = and_(jobs.c.state == QUEUED, jobs.c.rung_at > moments.asked(postgresql, "unheard"))
    begun = jobs.c.state == RUNNING
    rung = select(jobs.c.queue, jobs.c.urgent).where(heard).order_by(jobs.c.rung_at).subquery()
    running = select(jobs.c.queue, jobs.c.urgent).where(begun).order_by(jobs.c.lease_until).subquery()
    counted = (
        select(literal(is_so).label("running"), of.c.queue, of.c.urgent, func.count().label("n")).group_by(
            of.c.queue, of.c.urgent
        )
        for is_so, of in ((0, rung), (1, running))
    )
    return union_all(*counted)


@cache
def first_of_each(postgresql: bool) -> CompoundSelect[tuple[object, ...]]:
    """The first so many of each queue that are due, usual ones and as many urgent ones. Values: how many, by the queue's name."""
    columns = (jobs.c.id, jobs.c.kind, jobs.c.queue, jobs.c.attempts, jobs.c.urgent, jobs.c.turn, jobs.c.seq)
    due = and_(WAITS, KNOWN, _quietly(jobs.c.due_at, jobs.c.made_at) <= moments.asked(postgresql))
    parts = (
        select(*columns)
        .where(due, jobs.c.queue == word(queue), urgent)
        .order_by(jobs.c.turn, jobs.c.seq)
        .limit(bindparam(queue))
        for queue in Queue
        for urgent in (~jobs.c.urgent, jobs.c.urgent)
    )
    return union_all(*(select(part.subquery()) for part in parts))


@cache
def rung(postgresql: bool) -> Update:
    """Of some, the ones that were not rung and now are; what somebody else is just stamping is passed by. Value: `ids`."""
    free = _free(and_(_one_of_them(postgresql), _named(QUEUED), jobs.c.rung_at.is_(None)))
    return update(jobs).where(free).values(rung_at=moments.clock(postgresql)).returning(jobs.c.id)


def _named(state: ColumnElement[str]) -> ColumnElement[bool]:
    """One in this state, which is to be found by its name."""
    return _quietly(jobs.c.state, word("")) == state


def _one_of_them(postgresql: bool) -> ColumnElement[bool]:
    """Value: `ids`."""
    if not postgresql:
        return jobs.c.id.in_(bindparam("ids", expanding=True))
    return jobs.c.id == func.any(bindparam("ids", type_=ARRAY(String())))


def _free(wanted: ColumnElement[bool]) -> ColumnElement[bool]:
    """Of those, the ones that nobody else is just changing: who changes many waits for nobody, so no two wait in a ring."""
    return jobs.c.seq.in_(select(jobs.c.seq).where(wanted).with_for_update(skip_locked=True))


# ── having ──


@cache
def taken(postgresql: bool, anywhere: bool) -> Update:
    """A due job. Values: `job`, `lease`, and `rung_in`, the queue it was rung in, unless that is anywhere."""
    return _taken(postgresql, and_(jobs.c.id == bindparam("job"), _may_be_had(postgresql, anywhere)))


@cache
def taken_together(postgresql: bool, anywhere: bool) -> Update:
    """Of some, those that are due and free. Values: as of `taken`, and `ids` for `job`."""
    return _taken(postgresql, _free(and_(_one_of_them(postgresql), _may_be_had(postgresql, anywhere))))


def _may_be_had(postgresql: bool, anywhere: bool) -> ColumnElement[bool]:
    # a suspect waits until it is rung in its new queue, so that an old bell does not run it among others
    here = _NOT_JUST_MOVED if anywhere else jobs.c.queue == bindparam("rung_in")
    return and_(_named(QUEUED), jobs.c.due_at <= moments.clock(postgresql), here)


def _taken(postgresql: bool, which: ColumnElement[bool]) -> Update:
    lease = moments.clock(postgresql, "lease")
    had = {"state": RUNNING, "attempts": jobs.c.attempts + literal_column("1"), "lease_until": lease}
    return update(jobs).where(which).values(had).returning(*jobs.c)


@cache
def ended(postgresql: bool) -> Update:
    """One that is ours and that nobody wants once more. Values: `job`, `try`, `as`, `because`."""
    return _ended(postgresql, and_(jobs.c.id == bindparam("job"), _ENDS))


@cache
def ended_together(postgresql: bool) -> Update:
    """Of some of the same try, those that are free; their ids. Values: as of `ended`, and `ids` for `job`."""
    return _ended(postgresql, _free(and_(_one_of_them(postgresql), _ENDS))).returning(jobs.c.id)


_ENDS = and_(_named(RUNNING), jobs.c.attempts == bindparam("try"), jobs.c.again_at.is_(None))


def _ended(postgresql: bool, which: ColumnElement[bool]) -> Update:
    now = moments.clock(postgresql)
    end = {"state": bindparam("as"), "error": bindparam("because"), "lease_until": None, "ended_at": now}
    return update(jobs).where(which).values(end)
