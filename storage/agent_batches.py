"""Lists of people that an agent point took in at once: what each line said, kept sealed, and what became of it.

A line has its own transaction id: once a case was opened for it, it never opens another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select, update

from cases.errors import NotFound
from cases.helping import RosterLine
from cases.model import CaseNumber
from storage.agent_tables import agent_batches, agent_lines
from storage.answers import KEEP
from storage.ids import new_id
from storage.plain import from_plain
from storage.unit import AnyRow, Unit

LIMIT = 100


@dataclass(frozen=True)
class Batch:
    id: str
    point: str
    by: str
    item: str
    made_at: datetime


@dataclass(frozen=True)
class Line:
    batch: str
    ordinal: int
    transaction_id: str
    number: CaseNumber | None
    problem: str | None
    said: RosterLine = field(repr=False)


def make(tx: Unit, point: str, by: str, item: str) -> Batch:
    batch = Batch(new_id(), point, by, item, tx.now())
    values = {"id": batch.id, "point": point, "by": by, "item_code": item, "made_at": batch.made_at}
    tx.execute(agent_batches.insert().values(**values))
    return batch


def find(tx: Unit, point: str, batch_id: str) -> Batch:
    """Raises `NotFound`, also for another point's."""
    mine = select(agent_batches).where(agent_batches.c.id == batch_id, agent_batches.c.point == point)
    row = tx.one(mine)
    if row is None:
        raise NotFound("没有找到这份名单。", id=batch_id)
    return _batch(row)


def of_point(tx: Unit, point: str) -> list[Batch]:
    """Newest first."""
    mine = select(agent_batches).where(agent_batches.c.point == point).order_by(agent_batches.c.seq.desc())
    return [_batch(row) for row in tx.all(mine.limit(LIMIT))]


def line(tx: Unit, point: str, transaction_id: str) -> Line | None:
    """What became of a line before, if anything."""
    c = agent_lines.c
    row = tx.one(select(agent_lines).where(c.point == point, c.transaction_id == transaction_id).with_for_update())
    return None if row is None else _line(tx, row)


def lines(tx: Unit, batch_id: str) -> Sequence[Line]:
    c = agent_lines.c
    return [_line(tx, row) for row in tx.all(select(agent_lines).where(c.batch == batch_id).order_by(c.ordinal, c.seq))]


def keep(tx: Unit, point: str, kept: Line) -> bool:
    """False: a twin request was faster with the same transaction id."""
    values = {
        "batch": kept.batch,
        "point": point,
        "ordinal": kept.ordinal,
        "transaction_id": kept.transaction_id,
        "line": tx.seal(agent_lines, "line", _row(point, kept.transaction_id), kept.said),
        "case_number": kept.number,
        "problem": kept.problem,
    }
    return tx.insert_new(agent_lines, values)


def mend(tx: Unit, point: str, kept: Line) -> None:
    """A line of which nothing had become is said anew."""
    c = agent_lines.c
    fresh = {
        "line": tx.seal(agent_lines, "line", _row(point, kept.transaction_id), kept.said),
        "case_number": kept.number,
        "problem": kept.problem,
    }
    tx.execute(update(agent_lines).where(c.point == point, c.transaction_id == kept.transaction_id).values(**fresh))


def forget_old_lines(tx: Unit) -> int:
    """What lists said is of no use once nobody repeats them; the cases have what they need. How many lines."""
    old = select(agent_batches.c.id).where(agent_batches.c.made_at < tx.now() - KEEP)
    return tx.count(delete(agent_lines).where(agent_lines.c.batch.in_(old)))


def _row(point: str, transaction_id: str) -> str:
    return f"{point}/{transaction_id}"


def _batch(row: AnyRow) -> Batch:
    return Batch(row.id, row.point, row.by, row.item_code, row.made_at)


def _line(tx: Unit, row: AnyRow) -> Line:
    sealed = tx.unseal(agent_lines, "line", _row(row.point, row.transaction_id), row.line)
    said: RosterLine = from_plain(RosterLine, sealed)
    number = CaseNumber(row.case_number) if row.case_number else None
    return Line(row.batch, row.ordinal, row.transaction_id, number, row.problem, said)
