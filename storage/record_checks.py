"""The nightly look at the whole record, some chains at a time: a round may take an hour, a step of it a second.

A round walks every chain, then every anchor in its table, then compares the newest anchor with the newest one outside,
which commits to all before it. It ends at the first thing that does not fit, and is kept: desk and figures tell of it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select, update

from storage import deletions
from storage.anchors import AnchorStore
from storage.audit import GENESIS, Anchor, BadRow, anchor_hash, anchors_after, lost_head, verify_chains
from storage.retention_tables import record_checks
from storage.tables import audit, audit_anchors, audit_heads
from storage.unit import AnyRow, Unit

CHAINS_AT_ONCE = 100
ANCHORS_AT_ONCE = 5


@dataclass(frozen=True)
class RecordCheck:
    """One round. `ended_at` None: it is under way. `bad` None: everything fitted."""

    started_at: datetime
    ended_at: datetime | None
    chains: int
    lines: int
    anchors: int
    bad: BadRow | None


def newest(tx: Unit, *, ended: bool = False) -> RecordCheck | None:
    row = _newest(tx, ended)
    return None if row is None else _round(row)


def _newest(tx: Unit, ended: bool = False) -> AnyRow | None:
    wanted = select(record_checks).order_by(record_checks.c.seq.desc()).limit(1)
    return tx.one(wanted.where(record_checks.c.ended_at.is_not(None)) if ended else wanted)


def _round(row: AnyRow) -> RecordCheck:
    bad = None if row.bad_what is None else BadRow(row.bad_chain, row.bad_position, row.bad_what)
    return RecordCheck(row.started_at, row.ended_at, row.chains, row.lines, row.anchors, bad)


def begin(tx: Unit, not_before: datetime) -> bool:
    """A new round, unless one is under way or was begun since then."""
    last = _newest(tx)
    if last is not None and (last.ended_at is None or last.started_at >= not_before):
        return False
    tx.execute(record_checks.insert().values(started_at=tx.now(), chains=0, lines=0, anchors=0))
    return True


def step(tx: Unit, store: AnchorStore | None, chains: int = CHAINS_AT_ONCE) -> RecordCheck | None:
    """Goes on with the round that is under way; None: none is. Raises `AnchorsUnavailable` at its last step."""
    row = _newest(tx)
    if row is None or row.ended_at is not None:
        return None
    change = _chains(tx, row, chains) if row.after_anchor is None else _anchors(tx, row, store)
    mine = and_(record_checks.c.seq == row.seq, record_checks.c.ended_at.is_(None))
    tx.execute(update(record_checks).where(mine).values(**change))
    return newest(tx)


def _chains(tx: Unit, row: AnyRow, most: int) -> dict[str, Any]:
    after = row.after_chain or ""
    wanted = select(audit_heads).where(audit_heads.c.chain > after).order_by(audit_heads.c.chain).limit(most)
    heads = {r.chain: (r.position, r.hash) for r in tx.all(wanted)}
    lines = audit.c.chain > after
    if len(heads) == most:  # chains without a head lie in between, or behind the last one
        lines = and_(lines, audit.c.chain <= max(heads))
    bad = verify_chains(tx, heads, select(audit).where(lines))
    change = {"chains": row.chains + len(heads), "lines": row.lines + sum(at for at, _ in heads.values())}
    if bad is not None:
        return change | _found(tx, bad)
    return change | ({"after_chain": max(heads)} if len(heads) == most else {"after_anchor": 0})


def _anchors(tx: Unit, row: AnyRow, store: AnchorStore | None) -> dict[str, Any]:
    some = list(anchors_after(tx, row.after_anchor, ANCHORS_AT_ONCE))
    before = select(audit_anchors.c.hash).where(audit_anchors.c.seq <= row.after_anchor)
    previous = tx.execute(before.order_by(audit_anchors.c.seq.desc()).limit(1)).scalar_one_or_none() or GENESIS
    for made in some:
        if bad := _wrong(tx, made, previous):
            return _found(tx, bad)
        previous = made.hash
    if some:
        return {"after_anchor": some[-1].seq, "anchors": row.anchors + len(some)}
    bad = deletions.verify(tx) or (_outside(tx, store) if store else None)
    return _found(tx, bad) if bad else {"ended_at": tx.now()}


def _wrong(tx: Unit, made: Anchor, previous: str) -> BadRow | None:
    if (made.previous, made.hash) != (previous, anchor_hash(made)):
        return BadRow("anchors", made.seq, "the anchor was changed after it was written")
    return lost_head(tx, made)


def _outside(tx: Unit, store: AnchorStore) -> BadRow | None:
    last = store.last()
    if last is None:
        return None
    here = tx.execute(select(audit_anchors.c.hash).where(audit_anchors.c.seq == last.seq)).scalar_one_or_none()
    if here == last.hash:
        return None
    return lost_head(tx, last) or BadRow("anchors", last.seq, "the anchor outside is another one, or is missing here")


def _found(tx: Unit, bad: BadRow) -> dict[str, Any]:
    return {
        "ended_at": tx.now(), "bad_chain": bad.chain, "bad_position": bad.position, "bad_what": bad.what,
    }  # fmt: skip


def rounds(tx: Unit, most: int = 14) -> list[RecordCheck]:
    """The newest first."""
    return [_round(row) for row in tx.all(select(record_checks).order_by(record_checks.c.seq.desc()).limit(most))]
