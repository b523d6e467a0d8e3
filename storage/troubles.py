"""Bookings about which a person has to do something: alerts that nobody has dealt with, oldest first, within a scope."""

from dataclasses import dataclass

from sqlalchemy import String, and_, cast, select

from cases.actions.troubles import open_alerts
from cases.model import Booking, CaseNumber, Direction
from storage.actors import Scope, readable
from storage.rows import entity
from storage.tables import bookings, cases, items, legs
from storage.unit import Unit

PAGE_SIZE = 50


@dataclass(frozen=True)
class Trouble:
    number: CaseNumber
    item_name: str
    direction: Direction
    booking: Booking
    alerts: tuple[str, ...]


def troubles(tx: Unit, scope: Scope, after: int = 0, limit: int = PAGE_SIZE) -> tuple[list[Trouble], int | None]:
    """One page, and where the next one begins. A page may be shorter than the limit and still have a next."""
    said = cast(bookings.c.alerts, String)  # the text of JSON, the same on both databases
    wanted = (
        select(bookings, items.c.name.label("item_name"), legs.c.direction)
        .join(cases, cases.c.number == bookings.c.case_number)
        .join(legs, legs.c.id == bookings.c.leg_id)
        .join(items, and_(items.c.code == cases.c.item_code, items.c.version == cases.c.item_version))
        .where(said != "[]", said != cast(bookings.c.settled, String), bookings.c.seq > after, readable(scope))
        .order_by(bookings.c.seq)
        .limit(limit)
    )
    rows = tx.all(wanted)
    found = [(row, entity(tx, Booking, row)) for row in rows]
    listed = [
        Trouble(CaseNumber(row.case_number), row.item_name, Direction(row.direction), one, open_alerts(one))
        for row, one in found
        if open_alerts(one)
    ]
    return listed, rows[-1].seq if len(rows) == limit else None
