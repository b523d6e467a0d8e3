"""A bundle 一件事 as it stands: what follows from a case, each with its item's name and its own case's state; and whence a
case follows. Scoped by the reader: who sees a case need not see what follows from it in another department."""

from dataclasses import dataclass

from sqlalchemy import and_, func, select

from cases.lifecycle import CaseState
from cases.model import CaseNumber, Child
from storage.actors import Scope, readable
from storage.bundle_tables import bundle_children
from storage.rows import entity
from storage.tables import cases, items
from storage.unit import Unit


@dataclass(frozen=True)
class ChildRow:
    """`state`: None where no case is open yet. `readable`: whether its case may be looked at by whoever asks."""

    child: Child
    item_name: str
    state: CaseState | None
    readable: bool


@dataclass(frozen=True)
class ParentRow:
    number: CaseNumber
    item_name: str
    state: CaseState


def children_of(tx: Unit, number: str, scope: Scope) -> list[ChildRow]:
    """In the order in which they were asked for."""
    newest = (
        select(items.c.name)
        .where(items.c.code == bundle_children.c.item)
        .order_by(items.c.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    seen = func.coalesce(select(cases.c.number).where(own := cases.c.number == bundle_children.c.number, readable(scope)).scalar_subquery(), "")  # fmt: skip
    state = select(cases.c.state).where(own).scalar_subquery()
    wanted = (
        select(bundle_children, newest.label("item_name"), state.label("state"), seen.label("seen"))
        .where(bundle_children.c.case_number == number)
        .order_by(bundle_children.c.seq)
    )
    return [
        ChildRow(
            entity(tx, Child, row),
            row.item_name or row.item,
            CaseState(row.state) if row.state else None,
            bool(row.seen),
        )
        for row in tx.all(wanted)
    ]


def parent_of(tx: Unit, number: str, scope: Scope) -> ParentRow | None:
    """The case it follows from; None: from none, or from one that whoever asks may not see."""
    mine = select(cases.c.parent).where(cases.c.number == number).scalar_subquery()
    wanted = (
        select(cases.c.number, cases.c.state, items.c.name)
        .join(items, and_(items.c.code == cases.c.item_code, items.c.version == cases.c.item_version))
        .where(cases.c.number == mine, readable(scope))
    )
    row = tx.one(wanted)
    return None if row is None else ParentRow(CaseNumber(row.number), row.name, CaseState(row.state))
