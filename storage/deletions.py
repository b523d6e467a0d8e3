"""Proofs of deletion: what kind, how many, by which rule, when, and keyed hashes of what it was.

A proof stands in a table that only grows; its digest stands in the audit chain `deletions`, which is anchored with all
others. Whoever has a number and the keys can ask whether it is gone; from a proof alone nobody learns what it was.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785
from sqlalchemy import func, select

from cases.retention import Kind, Rule
from storage import audit
from storage.actors import Actor
from storage.audit import BadRow
from storage.ids import new_id
from storage.retention_tables import deletions
from storage.unit import AnyRow, Unit

CHAIN = "deletions"
ACTION = "data_deleted"
NAME_LENGTH = 32


@dataclass(frozen=True)
class Deletion:
    """The proof of one batch. `names`: keyed hashes."""

    id: str
    at: datetime
    kind: Kind
    rule: Mapping[str, Any]
    things: int
    blobs: int
    names: Sequence[str]
    digest: str
    by: str


def prove(tx: Unit, rule: Rule, names: Iterable[str], blobs: int, actor: Actor) -> str:
    """In the transaction that deletes; the proof's id."""
    hashed = sorted(_name(tx, rule.kind, name) for name in names)
    told = {"days": rule.days, "since": rule.since, "means": str(rule.means), "ground": rule.ground}
    values: dict[str, Any] = {
        "id": new_id(),
        "at": tx.now(),
        "kind": rule.kind,
        "rule": told,
        "things": len(hashed),
        "blobs": blobs,
        "names": hashed,
        "by": actor.id,
    }
    digest = _digest(values)
    tx.execute(deletions.insert().values(**values, digest=digest))
    detail = {"kind": str(rule.kind), "proof": values["id"], "things": len(hashed), "blobs": blobs, "digest": digest}
    audit.record(tx, CHAIN, actor, ACTION, detail)
    return str(values["id"])


def _name(tx: Unit, kind: Kind, name: str) -> str:
    return tx.vault.mac("deleted", f"{kind}\x1f{name}")[:NAME_LENGTH]


def _digest(of: Mapping[Any, Any]) -> str:
    said = {**{name: of[name] for name in _DIGESTED}, "kind": str(of["kind"]), "at": of["at"].isoformat()}
    return hashlib.sha256(rfc8785.dumps(said)).hexdigest()


_DIGESTED = ("id", "rule", "things", "blobs", "names", "by")


def deletions_before(
    tx: Unit, before: int | None, most: int, kind: Kind | None = None
) -> tuple[list[Deletion], int | None]:
    """Newest first; where the next page goes on."""
    wanted = select(deletions).order_by(deletions.c.seq.desc()).limit(most + 1)
    if before is not None:
        wanted = wanted.where(deletions.c.seq < before)
    if kind is not None:
        wanted = wanted.where(deletions.c.kind == kind)
    rows = tx.all(wanted)
    return [_deletion(row) for row in rows[:most]], (rows[most - 1].seq if len(rows) > most else None)


def _deletion(row: AnyRow) -> Deletion:
    named = ("id", "at", "rule", "things", "blobs", "names", "digest", "by")
    return Deletion(kind=Kind(row.kind), **{name: row._mapping[name] for name in named})


@dataclass(frozen=True)
class Deleted:
    """Of one kind, so far."""

    things: int
    blobs: int
    last: datetime


def deleted_so_far(tx: Unit) -> Mapping[Kind, Deleted]:
    c = deletions.c
    summed = select(c.kind, func.sum(c.things).label("n"), func.sum(c.blobs).label("b"), func.max(c.at).label("last"))
    return {Kind(r.kind): Deleted(int(r.n), int(r.b), r.last) for r in tx.all(summed.group_by(c.kind))}


def proof_of(tx: Unit, name: str, kinds: Iterable[Kind] = tuple(Kind)) -> list[Deletion]:
    """Every proof that names it: a case's number, a page's id. Empty: nothing of that name was deleted."""
    found = []
    for kind in kinds:
        hashed = _name(tx, kind, name)
        rows = tx.connection.execute(
            select(deletions).where(deletions.c.kind == kind).order_by(deletions.c.seq),
            execution_options={"yield_per": 200},
        )
        found += [_deletion(row) for row in rows if hashed in row.names]
    return found


def verify(tx: Unit) -> BadRow | None:
    """Every proof as it was written, and every line of the chain with its proof."""
    said = {line.detail["proof"]: line.detail["digest"] for line in audit.lines(tx, CHAIN) if line.action == ACTION}
    rows = tx.connection.execute(select(deletions).order_by(deletions.c.seq), execution_options={"yield_per": 200})
    for row in rows:
        if _digest(dict(row._mapping)) != row.digest or said.pop(row.id, None) != row.digest:
            return BadRow(CHAIN, row.seq, f"the proof {row.id} was changed, or is not in the record")
    if said:
        return BadRow(CHAIN, 0, f"the proof {min(said)} was taken out")
    return None
