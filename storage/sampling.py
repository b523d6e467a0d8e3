"""Instant cases that are drawn for a person: the share of each item with its history, the draws and what came of them.

The floor of an item stands in the settings; the share moves by `cases.sampling.after`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, not_, select, update

from cases.effects import Reviewed
from cases.errors import InvalidRequest
from cases.lifecycle import CaseState
from cases.model import CaseNumber
from cases.sampling import FLOOR, Share, Why, after, agrees, drawn, with_floor
from storage.actors import Actor, Scope, readable
from storage.audit import record
from storage.tables import cases, settings
from storage.truth_tables import samples, sampling_shares, truths
from storage.unit import AnyRow, Unit

FLOOR_SETTING = "sampling_floor:"
PURPOSE = "sampling"
"""Of the keyed hash: another than every other use of that key."""


@dataclass(frozen=True)
class Sample:
    """A case that was drawn. `agreed` None: nobody has decided. `waits`: somebody still will; else the resident took the
    case back before."""

    case: CaseNumber
    item: str
    share: float
    drawn_at: datetime
    ended_at: datetime | None
    decision: str | None
    corrected: int | None
    agreed: bool | None
    waits: bool


@dataclass(frozen=True)
class Drawn:
    """How many cases of an item were drawn, and what came of them."""

    drawn: int = 0
    open: int = 0
    agreed: int = 0
    disagreed: int = 0


@dataclass(frozen=True)
class Moved:
    """One line of a share's history."""

    share: float
    run: int
    why: Why
    case: CaseNumber | None
    by: str
    at: datetime


def sampling_floor(tx: Unit, item_code: str) -> float:
    kept = tx.one(select(settings.c.value).where(settings.c.name == FLOOR_SETTING + item_code))
    return float(kept.value) if kept else FLOOR


def sampling_share(tx: Unit, item_code: str) -> Share:
    """As it stands; the floor, where nothing has moved it."""
    mine = select(sampling_shares).where(sampling_shares.c.item_code == item_code)
    row = tx.one(mine.order_by(sampling_shares.c.seq.desc()).limit(1))
    return Share(row.share, row.run) if row else Share(sampling_floor(tx, item_code))


def set_sampling_floor(tx: Unit, item_code: str, floor: float, actor: Actor) -> Share:
    """Raises `InvalidRequest`."""
    if not 0 <= floor <= 1:
        raise InvalidRequest("抽查比例应在0与100%之间。", floor=floor)
    now = with_floor(sampling_share(tx, item_code), floor)
    tx.put(settings, "name", {"name": FLOOR_SETTING + item_code, "value": floor})
    _move(tx, item_code, now, Why.SET, actor)
    record(tx, f"item:{item_code}", actor, "sampling_floor_set", {"floor": f"{floor:g}"})
    return now


def is_drawn(tx: Unit, number: str, item_code: str) -> bool:
    """Whether a person looks at that case, should it pass. The same answer until the share moves."""
    return drawn(tx.vault.mac(PURPOSE, number), sampling_share(tx, item_code).share)


def keep(tx: Unit, number: str) -> None:
    """The case waits for a person because it was drawn."""
    item_code = tx.execute(select(cases.c.item_code).where(cases.c.number == number)).scalar_one()
    share = sampling_share(tx, item_code).share
    tx.insert_new(
        samples, {"case_number": number, "item_code": item_code, "share": share, "drawn_at": tx.now()}
    )  # fmt: skip


def close(tx: Unit, number: str, reviewed: Reviewed, actor: Actor) -> None:
    """The person's decision beside the machine's, and the item's share after it. Nothing, where the case was not drawn."""
    open_ = tx.one(select(samples).where(samples.c.case_number == number, samples.c.ended_at.is_(None)))
    if open_ is None:
        return
    corrected = _corrected(tx, number, open_.drawn_at)
    agreed = agrees(reviewed.decision, reviewed.rulings, corrected)
    ended = {"ended_at": tx.now(), "decision": reviewed.decision, "corrected": corrected, "agreed": agreed}
    tx.execute(update(samples).where(samples.c.seq == open_.seq).values(**ended))
    before = _locked(tx, open_.item_code)
    now = after(before, sampling_floor(tx, open_.item_code), agreed=agreed)
    _move(tx, open_.item_code, now, Why.AGREED if agreed else Why.DISAGREED, actor, case=number)
    record(tx, number, actor, "sample_closed", {"agreed": agreed, "corrected": corrected})
    if now.share != before.share:
        moved = {"from": f"{before.share:g}", "to": f"{now.share:g}"}
        record(tx, f"item:{open_.item_code}", actor, "sampling_share_moved", moved)


def _corrected(tx: Unit, number: str, since: datetime) -> int:
    wrong = and_(truths.c.case_number == number, not_(truths.c.correct), truths.c.ended_at.is_(None))
    return int(tx.execute(select(func.count()).where(wrong, truths.c.at >= since)).scalar_one())


def _locked(tx: Unit, item_code: str) -> Share:
    """One after the other: two that close at once both count. The settings' row of the item is what is locked."""
    name = FLOOR_SETTING + item_code
    tx.insert_new(settings, {"name": name, "value": sampling_floor(tx, item_code)})
    tx.execute(select(settings.c.name).where(settings.c.name == name).with_for_update())
    return sampling_share(tx, item_code)


def _move(tx: Unit, item_code: str, now: Share, why: Why, actor: Actor, *, case: str | None = None) -> None:
    row = {"item_code": item_code, "share": now.share, "run": now.run, "why": str(why), "by": actor.id, "at": tx.now()}
    tx.execute(sampling_shares.insert().values(case_number=case, **row))


def open_sample(tx: Unit, number: str) -> Sample | None:
    """Why a case without any finding waits for a person."""
    joined = select(samples, cases.c.state).join(cases, cases.c.number == samples.c.case_number)
    row = tx.one(joined.where(samples.c.case_number == number, samples.c.ended_at.is_(None)))
    return None if row is None else _sample(row)


def open_samples(tx: Unit, numbers: Iterable[str]) -> frozenset[str]:
    """Of these cases, those that were drawn and nobody has looked at yet."""
    wanted = sorted(set(numbers))
    if not wanted:
        return frozenset()
    drawn = select(samples.c.case_number).where(samples.c.case_number.in_(wanted), samples.c.ended_at.is_(None))
    return frozenset(row.case_number for row in tx.all(drawn))


def samples_counted(tx: Unit) -> dict[str, Drawn]:
    """By item. Only what was drawn is counted: a twentieth of the instant cases."""
    outcome = (samples.c.item_code, samples.c.agreed)
    found: dict[str, dict[bool | None, int]] = {}
    for row in tx.all(select(*outcome, func.count().label("n")).group_by(*outcome)):
        found.setdefault(row.item_code, {})[row.agreed] = row.n
    waiting = select(samples.c.item_code, func.count().label("n")).join(cases, cases.c.number == samples.c.case_number)
    waiting = waiting.where(samples.c.ended_at.is_(None), cases.c.state == CaseState.IN_REVIEW)
    open_ = {row.item_code: row.n for row in tx.all(waiting.group_by(samples.c.item_code))}
    return {
        code: Drawn(sum(of.values()), open_.get(code, 0), of.get(True, 0), of.get(False, 0))
        for code, of in found.items()
    }


def samples_of(tx: Unit, item_code: str, scope: Scope, limit: int = 50) -> Sequence[Sample]:
    """Those that the scope may see, newest first."""
    mine = select(samples, cases.c.state).join(cases, cases.c.number == samples.c.case_number)
    mine = mine.where(samples.c.item_code == item_code, readable(scope)).order_by(samples.c.seq.desc())
    return [_sample(row) for row in tx.all(mine.limit(limit))]


def _sample(row: AnyRow) -> Sample:
    return Sample(
        CaseNumber(row.case_number),
        row.item_code,
        row.share,
        row.drawn_at,
        row.ended_at,
        row.decision,
        row.corrected,
        row.agreed,
        row.ended_at is None and row.state == CaseState.IN_REVIEW,
    )


def share_history(tx: Unit, item_code: str, limit: int = 50) -> Sequence[Moved]:
    """Newest first."""
    mine = select(sampling_shares).where(sampling_shares.c.item_code == item_code)
    rows = tx.all(mine.order_by(sampling_shares.c.seq.desc()).limit(limit))
    return [
        Moved(r.share, r.run, Why(r.why), CaseNumber(r.case_number) if r.case_number else None, r.by, r.at)
        for r in rows
    ]
