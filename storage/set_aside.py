"""What a person of the office has to look at because the program does not: jobs that were set aside, and files in which the
scanner named something.

A job leaves quarantine by a person only: released it starts afresh, buried it has ended without being done. Either is on
record with one reason of a closed list, which holds no personal value. An infected file is told by a line of its case's
audit chain, and is dealt with when somebody says so in that chain. Jobs of a case are seen by whoever sees the case; jobs
of none by whoever may see jobs at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, update

from cases.effects import JobKind
from cases.errors import Conflict, NotFound
from storage import audit
from storage.actors import Actor, Scope, readable
from storage.jobs import Jobs
from storage.tables import audit as lines
from storage.tables import cases, items, jobs
from storage.unit import AnyRow, Unit
from storage.words import JobState, Queue

CHAIN = "jobs"
"""Of the record, for jobs of no case."""
RELEASED, BURIED = "job_released", "job_buried"
INFECTED, DEALT_WITH = "upload_infected", "infection_dealt_with"
AT_ONCE = 50
VIRUS_LENGTH = 100


class Release(StrEnum):
    """Why it is tried again."""

    MENDED = "mended"
    UPGRADED = "upgraded"
    ONCE_MORE = "once_more"


class Bury(StrEnum):
    """Why it is not done."""

    BY_HAND = "by_hand"
    NOT_WANTED = "not_wanted"
    CASE_OVER = "case_over"
    HARMFUL = "harmful"


@dataclass(frozen=True)
class SetAside:
    """`error`: what happened last, for operators. `case`: None where it is of none."""

    id: str
    kind: JobKind
    error: str
    attempts: int
    alone: bool
    """It killed, or outlasted, whoever did it, and was tried alone."""
    made_at: datetime
    since: datetime
    case: str | None
    item_name: str | None


@dataclass(frozen=True)
class Infection:
    """Files of one case in which something was named since somebody last dealt with it."""

    case: str
    item_name: str
    files: int
    virus: str
    """Of the newest."""
    at: datetime


# ── jobs ──


def set_aside(tx: Unit, scope: Scope, cursor: int | None = None) -> tuple[list[SetAside], int | None]:
    """Those that wait longest first; where the next page goes on."""
    wanted = _visible(scope, select(jobs, items.c.name.label("item_name"))).order_by(jobs.c.seq).limit(AT_ONCE + 1)
    rows = tx.all(wanted if cursor is None else wanted.where(jobs.c.seq > cursor))
    return [_set_aside(row) for row in rows[:AT_ONCE]], (rows[AT_ONCE - 1].seq if len(rows) > AT_ONCE else None)


def _visible(scope: Scope, wanted: Select[Any]) -> Select[Any]:
    of_item = and_(items.c.code == cases.c.item_code, items.c.version == cases.c.item_version)
    joined = jobs.outerjoin(cases, cases.c.number == jobs.c.case_number).outerjoin(items, of_item)
    seen = or_(jobs.c.case_number.is_(None), and_(cases.c.number.is_not(None), readable(scope)))
    return wanted.select_from(joined).where(jobs.c.state == JobState.QUARANTINED, seen)


def _set_aside(row: AnyRow) -> SetAside:
    return SetAside(
        id=row.id,
        kind=JobKind(row.kind),
        error=row.error or "",
        attempts=row.attempts,
        alone=row.queue == Queue.SOLITARY,
        made_at=row.made_at,
        since=row.ended_at or row.due_at,
        case=row.case_number,
        item_name=row.item_name,
    )


def release(tx: Unit, job_id: str, why: Release, actor: Actor, scope: Scope) -> None:
    """A fresh start. Raises `NotFound`; `Conflict` if another job does the same work now."""
    row = _found(tx, job_id, scope)
    if not Jobs(tx).release(job_id):
        raise Conflict("另一个任务正在做同样的工作，请稍后再看。", job=job_id)
    _note(tx, row, RELEASED, why, actor)


def bury(tx: Unit, job_id: str, why: Bury, actor: Actor, scope: Scope) -> None:
    """It has ended without being done, and is forgotten as any other. Raises `NotFound`."""
    row = _found(tx, job_id, scope)
    mine = and_(jobs.c.id == job_id, jobs.c.state == JobState.QUARANTINED)
    said = f"buried: {why}; {row.error or ''}".rstrip("; ")
    if tx.count(update(jobs).where(mine).values(state=JobState.FAILED, error=said, ended_at=tx.now())) != 1:
        raise NotFound("没有这个搁置的任务，可能已经处理。", job=job_id)
    _note(tx, row, BURIED, why, actor)


def _found(tx: Unit, job_id: str, scope: Scope) -> AnyRow:
    row = tx.one(_visible(scope, select(jobs)).where(jobs.c.id == job_id))
    if row is None:
        raise NotFound("没有这个搁置的任务，可能已经处理。", job=job_id)
    return row


def _note(tx: Unit, row: AnyRow, action: str, why: StrEnum, actor: Actor) -> None:
    detail = {"job": row.id, "kind": row.kind, "why": str(why), "error": row.error}
    audit.record(tx, row.case_number or CHAIN, actor, action, detail)


# ── infected files ──


def note_infected(tx: Unit, number: str, subject: str, virus: str, actor: Actor) -> None:
    """In the transaction that keeps the file from being opened."""
    audit.record(tx, number, actor, INFECTED, {"subject": subject, "virus": virus[:VIRUS_LENGTH]})


def infections(tx: Unit, scope: Scope, most: int = AT_ONCE) -> Sequence[Infection]:
    """The newest first, one a case."""
    newest = _not_dealt_with(scope).subquery()
    rows = tx.all(select(newest).order_by(newest.c.last.desc()).limit(most))
    said = {row.seq: row for row in tx.all(select(lines).where(lines.c.seq.in_([row.last for row in rows])))}
    return [Infection(r.number, r.item_name, r.files, said[r.last].detail["virus"], said[r.last].at) for r in rows]


def _not_dealt_with(scope: Scope) -> Select[Any]:
    of_item = and_(items.c.code == cases.c.item_code, items.c.version == cases.c.item_version)
    joined = lines.join(cases, cases.c.number == lines.c.chain).join(items, of_item)
    counted = select(
        cases.c.number,
        items.c.name.label("item_name"),
        func.count().label("files"),
        func.max(lines.c.seq).label("last"),
    )
    open_ = and_(lines.c.action == INFECTED, ~_dealt_with(), readable(scope))
    return counted.select_from(joined).where(open_).group_by(cases.c.number, items.c.name)


def _dealt_with() -> ColumnElement[bool]:
    later = lines.alias()
    return exists().where(
        later.c.chain == lines.c.chain, later.c.position > lines.c.position, later.c.action == DEALT_WITH
    )


def deal_with(tx: Unit, number: str, actor: Actor, scope: Scope) -> None:
    """What was named in this case's files so far. Raises `NotFound`: nothing was, or it is dealt with."""
    if not tx.one(_not_dealt_with(scope).where(cases.c.number == number)):
        raise NotFound("该办件没有待处理的带毒文件。", case=number)
    audit.record(tx, number, actor, DEALT_WITH)


# ── both, for the board ──


def waiting(tx: Unit, scope: Scope) -> tuple[int, int]:
    """How many jobs, and how many cases with infected files."""
    found = _visible(scope, select(func.count()))
    files = select(func.count()).select_from(_not_dealt_with(scope).subquery())
    return int(tx.execute(found).scalar_one()), int(tx.execute(files).scalar_one())
