"""Agent points: who works there, and which cases they look after, since when and by whose word.

A point sees what it opened or was entrusted with while the entrustment lasts (`storage.actors.readable`). What has
ended leaves a row with number and state. Names are found among the point's own cases only, by opening those and no
others. Every change is audited on the case's chain or the point's own.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, select, update

from cases.errors import Conflict, NotFound
from cases.helping import Came, Ended, Point, ProvenBy, check_point
from cases.lifecycle import CaseState
from cases.model import Address, CaseNumber, PersonId
from storage import audit
from storage.actors import Actor
from storage.agent_tables import agent_points, entrustments, point_agents
from storage.people import People
from storage.plain import from_plain
from storage.staff import Staff, StaffBook
from storage.tables import audit as audit_lines
from storage.tables import cases
from storage.unit import AnyRow, Unit

PLATFORM = "agent_point"
"""Of the accounts that own what points open: nobody signs in to them, and no message reaches them there."""
LOOKED = "agent_looked"


@dataclass(frozen=True)
class Entrustment:
    number: CaseNumber
    point: str
    came: Came
    by: str
    since: datetime
    proven: ProvenBy | None
    proven_at: datetime | None
    proven_by: str | None
    until: datetime | None
    ended: Ended | None


class Agents:
    def __init__(self, tx: Unit) -> None:
        self._tx = tx

    # ── points and who works there ──

    def put_point(self, point: Point, *, actor: Actor) -> Point:
        """A new one, or other values for a known one. Raises `InvalidRequest`."""
        check_point(point)
        known = self._tx.one(select(agent_points).where(agent_points.c.code == point.code))
        person = PersonId(known.person) if known else People(self._tx).account(PLATFORM, point.code).id
        address = self._tx.seal(agent_points, "address", point.code, point.address) if point.address else None
        values = {**vars(point), "person": person, "address": address}
        made_at = known.made_at if known else self._tx.now()
        self._tx.put(agent_points, "code", {**values, "made_at": made_at})
        told = {"name": point.name, "village": point.village, "region": point.region, "active": point.active}
        audit.record(self._tx, f"point:{point.code}", actor, "point_put", told)
        return replace(point, person=person)

    def point(self, code: str) -> Point:
        """Raises `NotFound`, also for one that is closed."""
        row = self._tx.one(select(agent_points).where(agent_points.c.code == code, agent_points.c.active))
        if row is None:
            raise NotFound("没有这个代办点，请核对编号。", point=code)
        return self._point(row)

    def points(self) -> list[Point]:
        return [self._point(row) for row in self._tx.all(select(agent_points).order_by(agent_points.c.code))]

    def counts(self) -> dict[str, int]:
        """How many cases each point looks after now."""
        live = select(entrustments.c.point, func.count().label("n")).where(entrustments.c.until.is_(None))
        return {row.point: row.n for row in self._tx.all(live.group_by(entrustments.c.point))}

    def assign(self, staff: str, code: str, *, actor: Actor) -> None:
        """Somebody works at this point from now on, and at no other. Raises `NotFound`."""
        self.point(code)
        self._tx.put(point_agents, "staff", {"staff": staff, "point": code})
        audit.record(self._tx, f"staff:{staff}", actor, "agent_assigned", {"point": code})

    def point_of(self, staff: str) -> Point | None:
        """Where somebody works; None: nowhere, or the point is closed."""
        mine = select(agent_points).join(point_agents, point_agents.c.point == agent_points.c.code)
        row = self._tx.one(mine.where(point_agents.c.staff == staff, agent_points.c.active))
        return None if row is None else self._point(row)

    def colleagues(self, code: str) -> list[Staff]:
        """Who works there."""
        theirs = select(point_agents.c.staff).where(point_agents.c.point == code)
        return [s for row in self._tx.all(theirs) for s in [StaffBook(self._tx).staff(row.staff)]]

    def _point(self, row: AnyRow) -> Point:
        sealed = row.address
        plain = None if sealed is None else self._tx.unseal(agent_points, "address", row.code, sealed)
        address = None if plain is None else from_plain(Address, plain)
        return Point(row.code, row.name, row.village, row.region, PersonId(row.person), address, row.active)

    # ── whose case ──

    def take(self, number: str, point: str, came: Came, by: str, *, batch: str | None = None) -> None:
        """The point looks after the case from now on. Raises `Conflict` while one does."""
        proven = {"proven": ProvenBy.ACCOUNT, "proven_at": self._tx.now(), "proven_by": by}
        values = {
            "case_number": number,
            "point": point,
            "came": came,
            "by": by,
            "since": self._tx.now(),
            "batch": batch,
            **(proven if came is Came.ENTRUSTED else {}),
        }
        if not self._tx.insert_new(entrustments, values):
            raise Conflict("该办件已经委托给代办点，请先撤回原来的委托。", number=number)

    def prove(self, number: str, how: ProvenBy, by: str) -> None:
        values = {"proven": how, "proven_at": self._tx.now(), "proven_by": by}
        self._tx.execute(update(entrustments).where(_live(number)).values(**values))

    def end(self, number: str, how: Ended) -> bool:
        """The point sees the case no more; False if none did."""
        ended = update(entrustments).where(_live(number)).values(until=self._tx.now(), ended=how)
        return self._tx.count(ended) == 1

    def of_case(self, number: str) -> Entrustment | None:
        """The newest."""
        newest = select(entrustments).where(entrustments.c.case_number == number)
        row = self._tx.execute(newest.order_by(entrustments.c.seq.desc()).limit(1)).first()
        return None if row is None else entrustment(row)

    def open_draft_of(self, point: str, item: str, id_number: str) -> CaseNumber | None:
        """A case of this person and item that the point has begun and not handed in."""
        index = cases.c.id_number_index == self._tx.vault.blind("id_number", id_number)
        begun = and_(index, cases.c.item_code == item, cases.c.state == CaseState.DRAFT)
        wanted = select(cases.c.number).join(entrustments, entrustments.c.case_number == cases.c.number)
        row = self._tx.execute(wanted.where(begun, live_at(point)).limit(1)).first()
        return None if row is None else CaseNumber(row.number)

    def note_look(self, number: str, actor: Actor, since: datetime) -> bool:
        """A colleague looked into a case that somebody else of the point opened: on record once a day. False: it is
        there already."""
        if self.has_looked(number, actor, since):
            return False
        audit.record(self._tx, number, actor, LOOKED, {})
        return True

    def has_looked(self, number: str, actor: Actor, since: datetime) -> bool:
        c = audit_lines.c
        known = exists().where(c.chain == number, c.action == LOOKED, c.actor == actor.id, c.at >= since)
        return bool(self._tx.execute(select(known)).scalar_one())


def _live(number: str) -> ColumnElement[bool]:
    return and_(entrustments.c.case_number == number, entrustments.c.until.is_(None))


def live_at(point: str) -> ColumnElement[bool]:
    """What the point looks after now."""
    return and_(entrustments.c.point == point, entrustments.c.until.is_(None))


def entrustment(row: AnyRow) -> Entrustment:
    return Entrustment(
        CaseNumber(row.case_number),
        row.point,
        Came(row.came),
        row.by,
        row.since,
        ProvenBy(row.proven) if row.proven else None,
        row.proven_at,
        row.proven_by,
        row.until,
        Ended(row.ended) if row.ended else None,
    )
