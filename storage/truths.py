"""Truths: what auditors say stands in fields, sealed, beside what the machine had read; and how often it was right.

The newest word on a field counts; an older one stays and is marked as ended. Counts by kind, field, way of confirming
and confidence are kept with every word, so that no figure needs a look at all truths.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, func, not_, select, update

from cases.accuracy import Counts
from cases.lifecycle import PageState
from cases.model import CaseFile, CaseNumber
from cases.readings import Reading
from cases.thresholds import Tally, band
from cases.truths import How, Truth, with_truths
from storage import thresholds
from storage.actors import Actor, Scope, readable
from storage.page_readings import page_ids_read, readings_of
from storage.tables import cases, pages
from storage.truth_tables import truth_counts, truths
from storage.unit import AnyRow, Unit


@dataclass(frozen=True)
class Mistake:
    """A field that the machine read wrong. The values are opened by whoever may see them."""

    seq: int
    case: CaseNumber
    page: str
    kind: str
    field: str
    read_as: str
    confidence: float | None
    how: How
    at: datetime
    machine: str | None = None
    said: str | None = None


def keep(tx: Unit, number: str, said: Iterable[Truth], actor: Actor) -> None:
    """Also takes thresholds back that no longer hold (`storage.thresholds.review`)."""
    touched = set[tuple[str, str]]()
    for one in said:
        _end_older(tx, one)
        tx.execute(truths.insert().values(case_number=number, **_values(tx, one)))
        _count(tx, Counted(one.kind, one.field, one.read_as, band(one.confidence or 0.0)), one.correct, 1)
        touched.add((one.kind, one.field))
    for kind, field in sorted(touched):
        thresholds.review(tx, kind, field, actor)


def _end_older(tx: Unit, one: Truth) -> None:
    alive = and_(truths.c.page_id == one.page, truths.c.field == one.field, truths.c.ended_at.is_(None))
    older = tx.one(select(truths).where(alive))
    if older is not None:
        tx.execute(update(truths).where(truths.c.seq == older.seq).values(ended_at=one.at))
        _count(tx, Counted(older.kind, older.field, older.read_as, older.band), older.correct, -1)


def _values(tx: Unit, one: Truth) -> dict[str, object]:
    return {
        "id": one.id,
        "page_id": one.page,
        "kind": one.kind,
        "field": one.field,
        "machine": None if one.machine is None else tx.seal(truths, "machine", one.id, one.machine),
        "read_as": one.read_as,
        "confidence": one.confidence,
        "band": band(one.confidence or 0.0),
        "said": tx.seal(truths, "said", one.id, one.said),
        "correct": one.correct,
        "how": str(one.how),
        "by": one.by,
        "at": one.at,
    }


class Counted(NamedTuple):
    """What truths are counted by."""

    kind: str
    field: str
    read_as: str
    band: int


def _count(tx: Unit, where: Counted, correct: bool, by: int) -> None:
    counts, key = truth_counts.c, where._asdict()
    tx.insert_new(truth_counts, {**key, "n": 0, "correct": 0})
    mine = and_(*(counts[name] == value for name, value in key.items()))
    more = {"n": counts.n + by, "correct": counts.correct + (by if correct else 0)}
    tx.execute(update(truth_counts).where(mine).values(**more))


def truths_of(tx: Unit, number: str) -> dict[str, dict[str, Truth]]:
    """By page, then by field; of removed pages nothing."""
    joined = select(truths).join(pages, pages.c.id == truths.c.page_id)
    mine = and_(truths.c.case_number == number, truths.c.ended_at.is_(None), truths.c.said.is_not(None))
    found: dict[str, dict[str, Truth]] = {}
    for row in tx.all(joined.where(mine, pages.c.state != PageState.REMOVED).order_by(truths.c.seq)):
        found.setdefault(row.page_id, {})[row.field] = _open(tx, row)
    return found


def truths_about(tx: Unit, person: str) -> list[tuple[CaseNumber, str, Truth]]:
    """What auditors say stands in the papers of one person's cases, with the material; in the order of the cases."""
    joined = select(truths, pages.c.material).join(pages, pages.c.id == truths.c.page_id)
    theirs = joined.join(cases, cases.c.number == truths.c.case_number).where(cases.c.owner == person)
    alive = and_(truths.c.ended_at.is_(None), truths.c.said.is_not(None), pages.c.state != PageState.REMOVED)
    rows = tx.all(theirs.where(alive).order_by(cases.c.opened_at, truths.c.seq))
    return [(CaseNumber(row.case_number), row.material, _open(tx, row)) for row in rows]


def settled_readings(tx: Unit, file: CaseFile) -> dict[str, list[Reading]]:
    """What was read off a case's pages, by material, with what auditors say stands there in its place."""
    number = file.case.number
    readings, said = readings_of(tx, number), truths_of(tx, number)
    if not said:
        return readings
    pages_read = page_ids_read(tx, number)
    return {
        key: [
            with_truths(file.spec(key), reading, {name: truth.said for name, truth in said.get(page, {}).items()})
            for page, reading in zip(pages_read[key], of, strict=True)
        ]
        for key, of in readings.items()
    }


def truth_mark(tx: Unit, number: str) -> int:
    """Changes with every word on a field of the case."""
    newest = select(func.max(truths.c.seq)).where(truths.c.case_number == number)
    return int(tx.execute(newest).scalar_one() or 0)


def _open(tx: Unit, row: AnyRow) -> Truth:
    return Truth(
        row.id,
        row.page_id,
        row.kind,
        row.field,
        _value(tx, row, "machine"),
        row.read_as,
        row.confidence,
        _value(tx, row, "said") or "",
        How(row.how),
        row.by,
        row.at,
    )


def _value(tx: Unit, row: AnyRow, column: str) -> str | None:
    sealed = row._mapping[column]
    return None if sealed is None else str(tx.unseal(truths, column, row.id, sealed))


def truth_counts_of(tx: Unit, kind: str | None = None, field: str | None = None) -> Counts:
    """All of them, or those of a kind and field."""
    wanted = select(truth_counts).where(truth_counts.c.n > 0)
    if kind is not None:
        wanted = wanted.where(truth_counts.c.kind == kind, truth_counts.c.field == field)
    found: dict[tuple[str, str], dict[str, dict[int, Tally]]] = {}
    for row in tx.all(wanted.order_by(*truth_counts.primary_key.columns)):
        found.setdefault((row.kind, row.field), {}).setdefault(row.read_as, {})[row.band] = Tally(row.n, row.correct)
    return found


def mistakes(
    tx: Unit, kind: str, field: str, scope: Scope, *, before: int | None = None, limit: int = 20, values: bool = False
) -> tuple[Sequence[Mistake], int | None]:
    """Newest first, within the scope; `before` goes on where the last page ended. Values only where they are asked for."""
    wrong = and_(truths.c.kind == kind, truths.c.field == field, not_(truths.c.correct), truths.c.ended_at.is_(None))
    wanted = select(truths).join(cases, cases.c.number == truths.c.case_number).where(wrong, readable(scope))
    if before is not None:
        wanted = wanted.where(truths.c.seq < before)
    rows = tx.all(wanted.order_by(truths.c.seq.desc()).limit(limit + 1))
    found = [_mistake(tx, row, values) for row in rows[:limit]]
    return found, (found[-1].seq if len(rows) > limit else None)


def _mistake(tx: Unit, row: AnyRow, values: bool) -> Mistake:
    opened = {name: _value(tx, row, name) for name in ("machine", "said")} if values else {}
    return Mistake(
        row.seq,
        CaseNumber(row.case_number),
        row.page_id,
        row.kind,
        row.field,
        row.read_as,
        row.confidence,
        How(row.how),
        row.at,
        **opened,
    )


def erase(tx: Unit, number: str) -> None:
    """The values go with the pages; that the machine was right or wrong names nobody and stays counted."""
    tx.execute(update(truths).where(truths.c.case_number == number).values(machine=None, said=None))
