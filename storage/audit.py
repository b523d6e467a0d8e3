"""The audit chain: one per case (and one per other subject), so that every change can be explained and none quietly
edited.

A line's hash is SHA-256 over its RFC 8785 canonical JSON and the hash of the line before it. A chain proves only that
it fits together; whoever owns the table could rebuild it. So `anchor` writes, hourly, all heads that moved: kept
elsewhere (`storage.anchors`), an anchor shows a chain that was cut or rebuilt. Details hold no personal values; callers
see to that.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import rfc8785
from sqlalchemy import bindparam, insert, select, text, tuple_, update

from storage import direct
from storage.actors import Actor
from storage.plain import to_plain
from storage.tables import audit, audit_anchors, audit_heads
from storage.unit import AnyRow, Unit

GENESIS = "0" * 64
HEADS_AT_ONCE = 2000
"""Of one anchor. Their rows are locked only while they are marked; a case is not held up by the hour's anchor."""
ASKED_AT_ONCE = 400
_ANCHORING = 0x616E6368
"""PostgreSQL: anchors are written one after the other, or two of them would continue the same one. Any number that nobody
else takes: "anch"."""


@dataclass(frozen=True)
class BadRow:
    """The first line (or anchor) that does not fit."""

    chain: str
    position: int
    what: str


@dataclass(frozen=True)
class Anchor:
    seq: int
    at: datetime
    heads: Mapping[str, tuple[int, str]]
    """chain → position and hash of its newest line"""
    previous: str
    """The hash of the anchor before it."""
    hash: str


@dataclass(frozen=True)
class AuditLine:
    at: datetime
    actor_kind: str
    actor: str
    on_behalf_of: str | None
    action: str
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class NewLine:
    """What is to be appended to a chain."""

    chain: str
    actor: Actor
    action: str
    detail: Mapping[str, Any]


def record(tx: Unit, chain: str, actor: Actor, action: str, detail: Mapping[str, Any] | None = None) -> None:
    """Appends one line to a chain: a case number, or `person:<id>`, `staff:<id>`, `item:<code>`, `system`."""
    record_all(tx, [NewLine(chain, actor, action, detail or {})])


def record_all(tx: Unit, new: Sequence[NewLine]) -> None:
    """Lines of any chains, those of one in their order; the heads are taken in the order of the chains' names, so that two who
    write to many do not wait in a ring."""
    heads = _take_heads(tx, sorted({line.chain for line in new}))
    rows = []
    for asked in new:
        position, previous = heads[asked.chain]
        line = {
            "chain": asked.chain,
            "position": position + 1,
            "at": tx.now(),
            "actor_kind": str(asked.actor.kind),
            "actor": asked.actor.id,
            "on_behalf_of": asked.actor.on_behalf_of,
            "action": asked.action,
            "detail": to_plain(dict(asked.detail)),
        }
        digest = line_hash(line, previous)
        rows.append({**line, "previous": previous, "hash": digest})
        heads[asked.chain] = (position + 1, digest)
    moved = [{"of": chain, "up_to": position, "as": digest} for chain, (position, digest) in heads.items()]
    direct.each(tx, _LINE, rows)
    direct.each(tx, _MOVED, moved)


_LINE = insert(audit).values({column.name: bindparam(column.name) for column in audit.c if column is not audit.c.seq})
_MOVED = (
    update(audit_heads)
    .where(audit_heads.c.chain == bindparam("of"))
    .values(position=bindparam("up_to"), hash=bindparam("as"))
)


def _take_heads(tx: Unit, chains: Sequence[str]) -> dict[str, tuple[int, str]]:
    """The newest line of each chain; its row stays locked to the end of the transaction."""
    heads = _locked_heads(tx, chains)
    if missing := [chain for chain in chains if chain not in heads]:
        for chain in missing:
            tx.insert_new(audit_heads, {"chain": chain, "position": 0, "hash": GENESIS, "anchored": 0})
        heads |= _locked_heads(tx, missing)
    return heads


def _locked_heads(tx: Unit, chains: Sequence[str]) -> dict[str, tuple[int, str]]:
    if len(chains) == 1:
        found = direct.rows(tx, _HEAD, {"of": chains[0]})
    else:
        wanted = select(audit_heads).where(audit_heads.c.chain.in_(chains)).order_by(audit_heads.c.chain)
        found = tx.all(wanted.with_for_update())
    return {row.chain: (row.position, row.hash) for row in found}


_HEAD = select(audit_heads).where(audit_heads.c.chain == bindparam("of")).with_for_update()
"""Nearly always it is one chain."""


def line_hash(line: Mapping[Any, Any], previous: str) -> str:
    named = {name: line[name] for name in _HASHED} | {"at": line["at"].isoformat()}
    return hashlib.sha256(rfc8785.dumps(named) + previous.encode()).hexdigest()


_HASHED = ("chain", "position", "actor_kind", "actor", "on_behalf_of", "action", "detail")


def lines(tx: Unit, chain: str) -> list[AuditLine]:
    """A chain in order."""
    found = tx.all(select(audit).where(audit.c.chain == chain).order_by(audit.c.position))
    return [AuditLine(r.at, r.actor_kind, r.actor, r.on_behalf_of, r.action, r.detail) for r in found]


def verify(tx: Unit, number: str | None = None) -> BadRow | None:
    """Recomputes one chain, or all of them and the anchors. None: everything fits."""
    heads = {r.chain: (r.position, r.hash) for r in tx.all(_one_or_all(select(audit_heads), audit_heads, number))}
    return verify_chains(tx, heads, _one_or_all(select(audit), audit, number)) or _verify_anchors(tx, number)


def verify_chains(tx: Unit, heads: Mapping[str, tuple[int, str]], statement: Any) -> BadRow | None:
    """The lines that a statement selects, against the heads of the same chains."""
    walked: dict[str, tuple[int, str]] = {}
    ordered = statement.order_by(audit.c.chain, audit.c.position)
    for row in tx.connection.execute(ordered, execution_options={"yield_per": 1000}):
        position, previous = walked.get(row.chain, (0, GENESIS))
        if wrong := _wrong(row, position, previous):
            return BadRow(row.chain, row.position, wrong)
        walked[row.chain] = (row.position, row.hash)
    for chain in sorted(heads.keys() | walked.keys()):
        if walked.get(chain, (0, GENESIS)) != heads.get(chain):
            return BadRow(chain, walked.get(chain, (0, GENESIS))[0], "the chain was cut: its head is another line")
    return None


def _one_or_all(statement: Any, table: Any, number: str | None) -> Any:
    return statement if number is None else statement.where(table.c.chain == number)


def _wrong(row: AnyRow, position: int, previous: str) -> str | None:
    if row.position != position + 1:
        return f"line {position + 1} is missing"
    if row.previous != previous:
        return "does not continue the line before it"
    if row.hash != line_hash(row._mapping, previous):
        return "was changed after it was written"
    return None


def _verify_anchors(tx: Unit, number: str | None) -> BadRow | None:
    previous = GENESIS
    for made in anchors_after(tx, 0):
        if (made.previous, made.hash) != (previous, anchor_hash(made)):
            return BadRow("anchors", made.seq, "the anchor was changed after it was written")
        previous = made.hash
        if bad := lost_head(tx, made, number):
            return bad
    return None


def lost_head(tx: Unit, made: Anchor, number: str | None = None) -> BadRow | None:
    """The first line that an anchor remembers and that is not there, or is another."""
    heads = [(chain, *made.heads[chain]) for chain in sorted(made.heads) if number in (None, chain)]
    for some in batched(heads, ASKED_AT_ONCE):
        named = [(chain, position) for chain, position, _ in some]
        found = select(audit.c.chain, audit.c.position, audit.c.hash)
        found = found.where(tuple_(audit.c.chain, audit.c.position).in_(named))
        stand = {(row.chain, row.position): row.hash for row in tx.all(found)}
        for chain, position, digest in some:
            if stand.get((chain, position)) != digest:
                return BadRow(chain, position, "the chain was rebuilt: an anchor remembers another line")
    return None


def batched(of: Iterable[Any], size: int) -> Iterator[list[Any]]:
    left = iter(of)
    while some := list(islice(left, size)):
        yield some


def anchors_after(tx: Unit, seq: int, most: int | None = None) -> Iterator[Anchor]:
    """In the order they were written."""
    wanted = select(audit_anchors).where(audit_anchors.c.seq > seq).order_by(audit_anchors.c.seq).limit(most)
    for row in tx.connection.execute(wanted, execution_options={"yield_per": 10}):
        yield _anchor(row)


def newest_anchor(tx: Unit) -> Anchor | None:
    row = tx.one(select(audit_anchors).order_by(audit_anchors.c.seq.desc()).limit(1))
    return None if row is None else _anchor(row)


def _anchor(row: AnyRow) -> Anchor:
    heads = {chain: (position, digest) for chain, (position, digest) in row.heads.items()}
    return Anchor(row.seq, row.at, heads, row.previous, row.hash)


def anchor(tx: Unit, most: int = HEADS_AT_ONCE) -> Anchor | None:
    """Writes down heads that moved since they were anchored last, so many at once; None: there are no more. A head that
    moves meanwhile moves on from the line that stands here. Keep anchors where the owner of this database cannot reach
    them: `storage.anchors`."""
    if tx.postgresql:
        tx.execute(text("SELECT pg_advisory_xact_lock(:lock)").bindparams(lock=_ANCHORING))
    new = audit_heads.c.position > audit_heads.c.anchored
    moved = tx.all(select(audit_heads).where(new).order_by(audit_heads.c.chain).limit(most))
    if not moved:
        return None
    last = tx.execute(select(audit_anchors.c.hash).order_by(audit_anchors.c.seq.desc()).limit(1)).scalar_one_or_none()
    heads = {r.chain: (r.position, r.hash) for r in moved}
    made = Anchor(0, tx.now(), heads, last or GENESIS, "")
    row = {"at": made.at, "heads": {c: list(h) for c, h in heads.items()}, "previous": made.previous}
    added = tx.execute(insert(audit_anchors).values(**row, hash=anchor_hash(made)).returning(audit_anchors.c.seq))
    seq = int(added.scalar_one())
    mark = update(audit_heads).where(audit_heads.c.chain == bindparam("of")).values(anchored=bindparam("up_to"))
    tx.execute(mark, [{"of": r.chain, "up_to": r.position} for r in moved])
    return Anchor(seq, made.at, heads, made.previous, anchor_hash(made))


def anchor_hash(made: Anchor) -> str:
    heads = {chain: [position, digest] for chain, (position, digest) in made.heads.items()}
    said: dict[str, Any] = {"at": made.at.isoformat(), "heads": heads}
    return hashlib.sha256(rfc8785.dumps(said) + made.previous.encode()).hexdigest()
