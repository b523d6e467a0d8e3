"""The audit chain: one per case (and one per other subject), so that every change can be explained and none quietly
edited.

A line's hash is SHA-256 over its RFC 8785 canonical JSON and the hash of the line before it. A chain proves only that
it fits together; whoever owns the table could rebuild it. So `anchor` writes, hourly, all heads that moved: kept
elsewhere, an anchor shows a chain that was cut or rebuilt. Details hold no personal values; callers see to that.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785
from sqlalchemy import insert, select, update

from storage.actors import Actor
from storage.plain import to_plain
from storage.tables import audit, audit_anchors, audit_heads
from storage.unit import AnyRow, Unit

GENESIS = "0" * 64


@dataclass(frozen=True)
class BadRow:
    """The first line (or anchor) that does not fit."""

    chain: str
    position: int
    what: str


@dataclass(frozen=True)
class Anchor:
    at: datetime
    heads: Mapping[str, tuple[int, str]]
    """chain → position and hash of its newest line"""
    hash: str


@dataclass(frozen=True)
class AuditLine:
    at: datetime
    actor_kind: str
    actor: str
    on_behalf_of: str | None
    action: str
    detail: Mapping[str, Any]


def record(tx: Unit, chain: str, actor: Actor, action: str, detail: Mapping[str, Any] | None = None) -> None:
    """Appends one line to a chain: a case number, or `person:<id>`, `staff:<id>`, `item:<code>`, `system`."""
    position, previous = _take_head(tx, chain)
    line = {
        "chain": chain,
        "position": position + 1,
        "at": tx.now(),
        "actor_kind": str(actor.kind),
        "actor": actor.id,
        "on_behalf_of": actor.on_behalf_of,
        "action": action,
        "detail": to_plain(dict(detail or {})),
    }
    digest = line_hash(line, previous)
    tx.execute(insert(audit).values(**line, previous=previous, hash=digest))
    tx.execute(update(audit_heads).where(audit_heads.c.chain == chain).values(position=position + 1, hash=digest))


def _take_head(tx: Unit, chain: str) -> tuple[int, str]:
    """The newest line of the chain; its row stays locked to the end of the transaction."""
    tx.insert_new(audit_heads, {"chain": chain, "position": 0, "hash": GENESIS, "anchored": 0})
    head = tx.execute(select(audit_heads).where(audit_heads.c.chain == chain).with_for_update()).one()
    return head.position, head.hash


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
    walked: dict[str, tuple[int, str]] = {}
    statement = _one_or_all(select(audit), audit, number).order_by(audit.c.chain, audit.c.position)
    for row in tx.connection.execute(statement, execution_options={"yield_per": 1000}):
        position, previous = walked.get(row.chain, (0, GENESIS))
        if wrong := _wrong(row, position, previous):
            return BadRow(row.chain, row.position, wrong)
        walked[row.chain] = (row.position, row.hash)
    for chain in sorted(heads.keys() | walked.keys()):
        if walked.get(chain, (0, GENESIS)) != heads.get(chain):
            return BadRow(chain, walked.get(chain, (0, GENESIS))[0], "the chain was cut: its head is another line")
    return _verify_anchors(tx, number)


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
    for anchor_row in tx.all(select(audit_anchors).order_by(audit_anchors.c.seq)):
        if (anchor_row.previous, anchor_row.hash) != (previous, _anchor_hash(anchor_row, previous)):
            return BadRow("anchors", anchor_row.seq, "the anchor was changed after it was written")
        previous = anchor_row.hash
        for chain, (position, digest) in anchor_row.heads.items():
            if number in (None, chain) and not _stands(tx, chain, position, digest):
                return BadRow(chain, position, "the chain was rebuilt: an anchor remembers another line")
    return None


def _stands(tx: Unit, chain: str, position: int, digest: str) -> bool:
    at_position = select(audit.c.hash).where(audit.c.chain == chain, audit.c.position == position)
    return tx.execute(at_position).scalar_one_or_none() == digest


def anchor(tx: Unit) -> Anchor | None:
    """Writes down every head that moved since the last anchor. None: none did. Keep its hash where the owner of this
    database cannot reach."""
    moved = tx.all(select(audit_heads).where(audit_heads.c.position > audit_heads.c.anchored).with_for_update())
    if not moved:
        return None
    last = tx.execute(select(audit_anchors.c.hash).order_by(audit_anchors.c.seq.desc()).limit(1)).scalar_one_or_none()
    row = {"at": tx.now(), "heads": {r.chain: [r.position, r.hash] for r in moved}, "previous": last or GENESIS}
    digest = _digest(row["at"], row["heads"], last or GENESIS)
    tx.execute(insert(audit_anchors).values(**row, hash=digest))
    for r in moved:
        tx.execute(update(audit_heads).where(audit_heads.c.chain == r.chain).values(anchored=r.position))
    return Anchor(tx.now(), {r.chain: (r.position, r.hash) for r in moved}, digest)


def _anchor_hash(row: AnyRow, previous: str) -> str:
    return _digest(row.at, row.heads, previous)


def _digest(at: Any, heads: Any, previous: str) -> str:
    return hashlib.sha256(rfc8785.dumps({"at": at.isoformat(), "heads": heads}) + previous.encode()).hexdigest()
