"""Papers across cases: whose label a code is, what is offered to a department, what went wrong and is still open.

Every list takes a scope. A label is resolved for people of the back office alone.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, select, union

from cases.errors import NotFound
from cases.incidents import IncidentKind
from cases.lifecycle import TransferState
from cases.model import CaseNumber, Holder, Incident, Original, Parcel, Transfer
from storage.actors import Scope, readable
from storage.rows import entity
from storage.tables import cases, incidents, items, originals, parcels, transfers
from storage.unit import AnyRow, Unit

LIMIT = 200


@dataclass(frozen=True)
class Labelled:
    """What a label is stuck on: an envelope, or one paper."""

    number: CaseNumber
    parcel: Parcel | None = None
    original: Original | None = None


@dataclass(frozen=True)
class OpenIncident:
    number: CaseNumber
    item_name: str
    incident: Incident


@dataclass(frozen=True)
class OpenTransfer:
    number: CaseNumber
    item_name: str
    transfer: Transfer


def by_label(tx: Unit, code: str, scope: Scope) -> Labelled:
    """Raises `NotFound`, also for a code of a case outside the scope."""
    for table in (parcels, originals):
        found = select(table).join(cases, cases.c.number == table.c.case_number)
        row = tx.one(found.where(table.c.label == code, readable(scope)))
        if row is not None and table is parcels:
            return Labelled(CaseNumber(row.case_number), parcel=entity(tx, Parcel, row))
        if row is not None:
            return Labelled(CaseNumber(row.case_number), original=entity(tx, Original, row))
    raise NotFound("没有找到这个标签。")


def incidents_open(tx: Unit, scope: Scope, owner: str | None = None) -> list[OpenIncident]:
    """What went wrong and is not settled, most urgent first."""
    wanted = and_(incidents.c.closed_at.is_(None), readable(scope))
    if owner is not None:
        wanted = and_(wanted, incidents.c.owner == owner)
    found = (
        select(incidents, items.c.name.label("item_name"))
        .join(cases, cases.c.number == incidents.c.case_number)
        .join(items, _of_case())
        .where(wanted)
        .order_by(incidents.c.due_at, incidents.c.seq)
    )
    rows = tx.all(found.limit(LIMIT))
    return [OpenIncident(CaseNumber(r.case_number), r.item_name, entity(tx, Incident, r)) for r in rows]


def transfers_open(tx: Unit, scope: Scope, taker: Holder, department: str | None = None) -> list[OpenTransfer]:
    """What waits for the other side to say that it has it, oldest first."""
    wanted = and_(transfers.c.state == TransferState.OFFERED, transfers.c.taker == taker, readable(scope))
    if department is not None:
        wanted = and_(wanted, transfers.c.department == department)
    found = (
        select(transfers, items.c.name.label("item_name"))
        .join(cases, cases.c.number == transfers.c.case_number)
        .join(items, _of_case())
        .where(wanted)
        .order_by(transfers.c.due_at, transfers.c.seq)
    )
    return [_open_transfer(tx, row) for row in tx.all(found.limit(LIMIT))]


def _open_transfer(tx: Unit, row: AnyRow) -> OpenTransfer:
    return OpenTransfer(CaseNumber(row.case_number), row.item_name, entity(tx, Transfer, row))


def _of_case() -> ColumnElement[bool]:
    return and_(items.c.code == cases.c.item_code, items.c.version == cases.c.item_version)


def cases_with_late_papers(tx: Unit, now: datetime) -> list[CaseNumber]:
    """Cases with an incident, or an offer to a department, that has waited too long and of which nobody was told."""
    late = and_(incidents.c.closed_at.is_(None), incidents.c.escalated_at.is_(None), incidents.c.due_at <= now)
    told = exists().where(
        incidents.c.case_number == transfers.c.case_number,
        incidents.c.closed_at.is_(None),
        incidents.c.kind == str(IncidentKind.TRANSFER_UNANSWERED),
    )
    unanswered = and_(transfers.c.state == TransferState.OFFERED, transfers.c.due_at <= now, ~told)
    both = union(select(incidents.c.case_number).where(late), select(transfers.c.case_number).where(unanswered))
    return [CaseNumber(row.case_number) for row in tx.all(both.limit(LIMIT))]
