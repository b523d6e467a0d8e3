"""Thresholds in force and those that were: who switched them on, on what evidence; what judgements doubted, so that a
proposal's effect can be told. The precision target stands in the settings.

Every change is a line of the chain `system`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select, update

from cases.errors import Conflict, InvalidRequest, NotFound
from cases.readings import Confirmed
from cases.thresholds import (
    LAST_CASES,
    LEAST_TARGET,
    MOST_TARGET,
    TARGET,
    Bands,
    Doubt,
    Judged,
    Tally,
    Thresholds,
    at_least,
    proves_itself,
    reaches,
    still_holds,
)
from storage.actors import Actor
from storage.audit import record
from storage.ids import new_id
from storage.tables import settings
from storage.truth_tables import doubts, judgements, thresholds, truth_counts
from storage.unit import AnyRow, Unit
from storage.words import ActorKind

TARGET_SETTING = "precision_target"
CHAIN = "system"


@dataclass(frozen=True)
class Switched:
    """A threshold as it was switched on: `evidence` is what it was chosen from then."""

    id: str
    kind: str
    field: str
    least: int
    target: float
    evidence: Tally
    since: datetime
    by: str
    until: datetime | None = None
    ended_by: str | None = None


def precision_target(tx: Unit) -> float:
    kept = tx.one(select(settings.c.value).where(settings.c.name == TARGET_SETTING))
    return float(kept.value) if kept else TARGET


def set_precision_target(tx: Unit, target: float, actor: Actor) -> None:
    """For what is switched on from now on. Raises `InvalidRequest`."""
    if not LEAST_TARGET <= target <= MOST_TARGET:
        raise InvalidRequest("目标准确率应在90%与99.99%之间。", least=LEAST_TARGET, most=MOST_TARGET)
    tx.put(settings, "name", {"name": TARGET_SETTING, "value": target})
    _record(tx, actor, "precision_target_set", {"target": f"{target:g}"})


def thresholds_in_force(tx: Unit) -> Thresholds:
    """For judging: the least confidence by kind and field."""
    return {(row.kind, row.field): row.least for row in tx.all(select(thresholds).where(thresholds.c.until.is_(None)))}


def switched(tx: Unit, limit: int = 200) -> list[Switched]:
    """Those in force and, after them, those that were, newest first."""
    ended = thresholds.c.until.is_not(None)
    rows = tx.all(select(thresholds).order_by(ended, thresholds.c.seq.desc()).limit(limit))
    return [_switched(row) for row in rows]


def _switched(row: AnyRow) -> Switched:
    evidence = Tally(row.n, row.correct)
    return Switched(
        row.id, row.kind, row.field, row.least, row.target, evidence, row.since, row.by, row.until, row.ended_by
    )


def switch_on(tx: Unit, kind: str, field: str, least: int, actor: Actor) -> Switched:
    """In force from the next judgement on, in the place of what was. Raises `Conflict` where the truths do not bear it."""
    target, evidence = precision_target(tx), at_least(_one_readers(tx, kind, field), least)
    if proves_itself(field):
        raise InvalidRequest("有校验位的号码不设放行阈值。", field=field)
    if not reaches(evidence, target):
        raise Conflict("现有真值不足以支持这一阈值，请刷新后查看最新的建议。", n=evidence.n, correct=evidence.correct)
    if _end(tx, and_(thresholds.c.kind == kind, thresholds.c.field == field), actor.id) is not None:
        _record(tx, actor, "threshold_replaced", {"kind": kind, "field": field})
    made = Switched(new_id(), kind, field, least, target, evidence, tx.now(), actor.id)
    plain = {"kind": kind, "field": field, "least": least}
    counted = {"n": evidence.n, "correct": evidence.correct}
    row = {"id": made.id, **plain, **counted, "target": target, "since": made.since, "by": made.by}
    if not tx.insert_new(thresholds, row):
        raise Conflict("这一栏的阈值刚刚由他人更新，请刷新后重试。", kind=kind, field=field)
    _record(tx, actor, "threshold_switched_on", {**plain, **counted, "target": f"{target:g}"})
    return made


def switch_off(tx: Unit, threshold: str, actor: Actor) -> Switched:
    """From the next judgement on that field goes to a person again. Raises `NotFound`."""
    ended = _end(tx, thresholds.c.id == threshold, actor.id)
    if ended is None:
        raise NotFound("没有这一阈值，或已关闭。", threshold=threshold)
    plain = {"kind": ended.kind, "field": ended.field, "least": ended.least}
    _record(tx, actor, "threshold_switched_off", plain)
    return _switched(ended)


def review(tx: Unit, kind: str, field: str, actor: Actor) -> None:
    """After a new truth: a threshold under which more was wrong than its target allows is taken back at once."""
    mine = and_(thresholds.c.kind == kind, thresholds.c.field == field, thresholds.c.until.is_(None))
    row = tx.one(select(thresholds).where(mine))
    if row is None:
        return
    now = at_least(_one_readers(tx, kind, field), row.least)
    if not still_holds(now, row.target):
        _end(tx, thresholds.c.id == row.id, str(ActorKind.SYSTEM))
        told = {"kind": kind, "field": field, "least": row.least, "n": now.n, "correct": now.correct}
        _record(tx, Actor(ActorKind.SYSTEM, actor.id), "threshold_taken_back", told)


def _end(tx: Unit, which: ColumnElement[bool], by: str) -> AnyRow | None:
    ended = update(thresholds).where(which, thresholds.c.until.is_(None))
    return tx.execute(ended.values(until=tx.now(), ended_by=by).returning(thresholds)).first()


def _one_readers(tx: Unit, kind: str, field: str) -> Bands:
    counts = truth_counts.c
    mine = and_(counts.kind == kind, counts.field == field, counts.read_as == Confirmed.ONE_READER)
    return {row.band: Tally(row.n, row.correct) for row in tx.all(select(truth_counts).where(mine))}


def _record(tx: Unit, actor: Actor, action: str, detail: dict[str, object]) -> None:
    record(tx, CHAIN, actor, action, detail)


# ── what judgements doubted ──


def keep_judgement(tx: Unit, number: str, verdict: str, reasons: int, doubted: Iterable[tuple[str, str, int]]) -> None:
    """`reasons`: findings that ask for a person. `doubted`: kind, field and confidence in hundredths of each that says
    no more than that one reader alone had read it."""
    row = judgements.insert().values(case_number=number, at=tx.now(), verdict=verdict, reasons=reasons)
    made = tx.execute(row.returning(judgements.c.seq)).scalar_one()
    for kind, field, at in doubted:
        tx.execute(doubts.insert().values(judgement=made, kind=kind, field=field, band=at))


def last_judgements(tx: Unit, limit: int = LAST_CASES) -> Judged:
    rows = tx.all(select(judgements.c.seq, judgements.c.reasons).order_by(judgements.c.seq.desc()).limit(limit))
    reasons = {row.seq: row.reasons for row in rows}
    if not reasons:
        return Judged({}, ())
    found = tx.all(select(doubts).where(doubts.c.judgement >= min(reasons)))
    return Judged(reasons, tuple(Doubt(row.judgement, row.kind, row.field, row.band) for row in found))
