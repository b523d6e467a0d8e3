"""Rectifications, complaints, follow-ups: found for whoever may see them, moved on by compare-and-set.

Whoever worked on a case sees nothing of what is said of that work: every question here asks the audit chain who that is,
and answers as if there were nothing. Each of the three has an audit chain of its own, apart from the case's, which those
who worked on it read. Hand-overs are by keyset, newest first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update

from cases.care import (
    TERMS,
    Complaint,
    ComplaintState,
    FollowUp,
    FollowUpState,
    Hand,
    Rectification,
    RectificationState,
    Step,
    Terms,
)
from cases.deadlines import beijing_day
from cases.errors import Conflict, NotFound
from cases.lifecycle import CaseState
from cases.model import CaseNumber
from storage import audit, cursors
from storage.actors import Actor, Scope, readable, region_prefix
from storage.care_tables import complaints, follow_ups, rectifications
from storage.casefiles import check_digit
from storage.involved import involved_in
from storage.notices import keep
from storage.plain import from_plain, to_plain
from storage.rows import KEPT, THING_OF, column_values, entity, entity_values
from storage.staff import Staff, StaffBook
from storage.statistics import keeping
from storage.tables import api_keys, case_counters, cases, items, settings, staff
from storage.unit import AnyRow, Unit
from storage.words import Role

T = TypeVar("T", Rectification, Complaint, FollowUp)
PAGE = 50
TERMS_NAME = "care.terms"
DRAWN = "care.drawn_until"
SETTLED_FOR = timedelta(minutes=1)
"""Transactions that take longer than this to commit are not found by when they began."""
HANDLERS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
_TABLES = {Rectification: rectifications, Complaint: complaints, FollowUp: follow_ups}
_SINCE = {Rectification: "opened_at", Complaint: "filed_at", FollowUp: "opened_at"}
OPEN_STATES: Mapping[type, tuple[str, ...]] = {
    Rectification: tuple(s for s in RectificationState if s is not RectificationState.CLOSED),
    Complaint: (ComplaintState.FILED, ComplaintState.IN_HAND, ComplaintState.RAISED),
    FollowUp: (FollowUpState.OPEN,),
}
"""Where the office owes something."""
_NO_LIMIT = datetime(9999, 1, 1, tzinfo=UTC)
_LOST = "刚刚被他人更新，请刷新后重试。"


@dataclass(frozen=True)
class Of(Generic[T]):
    """One of the three, of a case."""

    number: CaseNumber
    item_name: str
    thing: T


class Care:
    def __init__(self, tx: Unit) -> None:
        self._tx = tx

    # ── how long each may take ──

    def terms(self) -> Terms:
        kept = self._tx.one(select(settings.c.value).where(settings.c.name == TERMS_NAME))
        return TERMS if kept is None else cast(Terms, from_plain(Terms, kept.value))

    def put_terms(self, terms: Terms, *, actor: Actor) -> None:
        value = to_plain(terms)
        self._tx.put(settings, "name", {"name": TERMS_NAME, "value": value})
        audit.record(self._tx, "system", actor, "care_terms_put", value)

    # ── finding ──

    def find(self, kind: type[T], identity: str, scope: Scope, *, for_change: bool = False) -> Of[T]:
        """One that the scope may see. Raises `NotFound`, also to who worked on the case."""
        table = _TABLES[kind]
        wanted = self._seen(kind, scope).where(table.c.id == identity)
        row = self._tx.one(wanted.with_for_update(of=table) if for_change else wanted)
        if row is None:
            raise NotFound("没有找到。", id=identity)
        return self._of(kind, row)

    def page(
        self, kind: type[T], scope: Scope, *, state: str = "", mine: str = "", cursor: str | None = None
    ) -> tuple[list[Of[T]], str | None]:
        """`state`: one of them, or `open`: where the office owes something; else all, newest first. What is owed comes
        by when it is due. `mine`: of this handler."""
        table = _TABLES[kind]
        wanted = self._seen(kind, scope)
        if mine and kind is not FollowUp:
            wanted = wanted.where(table.c.handler == mine)
        if state == "open":
            urgency = func.coalesce(table.c.due_at, _NO_LIMIT, type_=table.c.due_at.type)
            return self._walk(kind, wanted.where(table.c.state.in_(OPEN_STATES[kind])), urgency, cursor, down=False)
        if state:
            wanted = wanted.where(table.c.state == state)
        return self._walk(kind, wanted, table.c[_SINCE[kind]], cursor, down=True)

    def _walk(
        self, kind: type[T], wanted: Select[Any], at: ColumnElement[datetime], cursor: str | None, *, down: bool
    ) -> tuple[list[Of[T]], str | None]:
        key = _TABLES[kind].c.id
        wanted = wanted.add_columns(at.label("place"))
        if cursor:
            when, identity = cursors.read_dated(cursor)
            further, same = (at < when, key < identity) if down else (at > when, key > identity)
            wanted = wanted.where(or_(further, and_(at == when, same)))
        order = (at.desc(), key.desc()) if down else (at, key)
        rows = self._tx.all(wanted.order_by(*order).limit(PAGE + 1))
        more = cursors.written(rows[PAGE - 1].place, rows[PAGE - 1].id) if len(rows) > PAGE else None
        return [self._of(kind, row) for row in rows[:PAGE]], more

    def _seen(self, kind: type[T], scope: Scope) -> Select[Any]:
        table = _TABLES[kind]
        return (
            select(table, items.c.name.label("item_name"))
            .join(cases, cases.c.number == table.c.case_number)
            .join(items, and_(items.c.code == cases.c.item_code, items.c.version == cases.c.item_version))
            .where(readable(scope), ~involved_in(table.c.case_number, scope.staff))
        )

    def _of(self, kind: type[T], row: AnyRow) -> Of[T]:
        return Of(CaseNumber(row.case_number), row.item_name, entity(self._tx, kind, row))

    def of_case(self, kind: type[T], number: str) -> list[T]:
        """Of a case that the caller may see."""
        table = _TABLES[kind]
        rows = self._tx.all(select(table).where(table.c.case_number == number).order_by(table.c.seq))
        return [entity(self._tx, kind, row) for row in rows]

    # ── of one resident ──

    def complaints_of(self, person: str) -> list[Of[Complaint]]:
        """Newest first."""
        rows = self._tx.all(self._named(complaints.c.person == person, complaints).order_by(complaints.c.seq.desc()))
        return [self._of(Complaint, row) for row in rows]

    def complaint_of(self, person: str, identity: str) -> Of[Complaint]:
        """Locked. Raises `NotFound`, also for another's."""
        mine = self._named(and_(complaints.c.person == person, complaints.c.id == identity), complaints)
        row = self._tx.one(mine.with_for_update(of=complaints) if self._tx.writable else mine)
        if row is None:
            raise NotFound("没有找到这件投诉。", id=identity)
        return self._of(Complaint, row)

    def follow_ups_of(self, person: str) -> list[Of[FollowUp]]:
        """Of one's cases, those that were answered too; newest first."""
        mine = self._named(cases.c.owner == person, follow_ups)
        return [self._of(FollowUp, row) for row in self._tx.all(mine.order_by(follow_ups.c.seq.desc()))]

    def follow_up_of(self, number: str) -> FollowUp | None:
        """Locked."""
        wanted = select(follow_ups).where(follow_ups.c.case_number == number)
        row = self._tx.one(wanted.with_for_update() if self._tx.writable else wanted)
        return None if row is None else entity(self._tx, FollowUp, row)

    def _named(self, where: ColumnElement[bool], table: Any) -> Select[Any]:
        joined = select(table, items.c.name.label("item_name")).join(cases, cases.c.number == table.c.case_number)
        named = joined.join(items, and_(items.c.code == cases.c.item_code, items.c.version == cases.c.item_version))
        return named.where(where)

    # ── changing ──

    def next_number(self, region: str, now: datetime) -> str:
        """`TS` and a number like a case's, counted for itself."""
        day, series = beijing_day(now), f"TS{region:0<6.6}"
        self._tx.insert_new(case_counters, {"region": series, "day": day, "last": 0})
        mine = (case_counters.c.region == series, case_counters.c.day == day)
        last = case_counters.update().where(*mine).values(last=case_counters.c.last + 1)
        body = f"{region:0<6.6}{day:%Y%m%d}{self._tx.execute(last.returning(case_counters.c.last)).scalar_one():05d}"
        return f"TS{body}{check_digit(body)}"

    def add(self, number: str, thing: Rectification | Complaint | FollowUp, *, actor: Actor) -> None:
        """A new one, with the first line of its chain."""
        kind = THING_OF[type(thing)]
        self._tx.execute(KEPT[kind].table.insert().values(**entity_values(self._tx, thing, number)))
        audit.record(self._tx, f"{kind}:{thing.id}", actor, f"{kind}_opened", {"case": number})
        self._count(number, thing)

    def take(self, number: str, thing: Rectification | Complaint | FollowUp, step: Step, *, actor: Actor) -> None:
        """One step, only from the state it was decided in; the resident is told what it tells. Raises `Conflict`."""
        kind = THING_OF[type(thing)]
        table = KEPT[kind].table
        values = column_values(self._tx, kind, number, thing.id, step.values)
        still = and_(table.c.id == thing.id, table.c.state == thing.state)
        if self._tx.count(update(table).where(still).values(**values, state=step.to)) == 0:
            raise Conflict(_LOST, thing=kind, id=thing.id)
        audit.record(self._tx, f"{kind}:{thing.id}", actor, step.action, step.detail)
        self._count(number, thing)
        if step.tells:
            self.tell(number, step.tells, step.told)

    def _count(self, number: str, thing: Rectification | Complaint | FollowUp) -> None:
        """The figures tell how many complaints there are, how many were answered, and how."""
        if isinstance(thing, Complaint):
            keeping.recount(self._tx, number)

    def tell(self, number: str, template: str, data: Mapping[str, Any]) -> None:
        """The resident of a case."""
        keep(self._tx, {"case_number": number}, number, template, data)

    def put_picture(self, complaint: Complaint, picture: str | None, problem: str | None) -> None:
        """What became of the photograph of a complaint: its safe copy, or why there is none."""
        mine = update(complaints).where(complaints.c.id == complaint.id, complaints.c.photo == complaint.photo)
        self._tx.execute(mine.values(picture=picture, photo_problem=problem))

    def complaint(self, identity: str) -> tuple[CaseNumber, Complaint]:
        """For the worker. Raises `NotFound`."""
        row = self._tx.one(select(complaints).where(complaints.c.id == identity))
        if row is None:
            raise NotFound("没有找到这件投诉。", id=identity)
        return CaseNumber(row.case_number), entity(self._tx, Complaint, row)

    # ── people of the office ──

    def staff_names(self, identities: Iterable[str]) -> Mapping[str, str]:
        """People, and other systems by the name of their key."""
        wanted = sorted(set(identities))
        people = self._tx.all(select(staff.c.id, staff.c.name).where(staff.c.id.in_(wanted)))
        keys = self._tx.all(select(api_keys.c.id, api_keys.c.name).where(api_keys.c.id.in_(wanted)))
        return {row.id: row.name for row in [*people, *keys]}

    def handlers(self, number: str) -> list[Staff]:
        """Whom it can be given to."""
        able = [s for s in StaffBook(self._tx).list() if s.active and s.roles & HANDLERS]
        return [s for s in able if self.may_handle(s, number)]

    def hand(self, somebody: Staff, number: str) -> Hand:
        return self.hand_of(somebody.id, somebody.roles, somebody.region, number)

    def hand_of(self, identity: str, roles: frozenset[Role], region: str | None, number: str) -> Hand:
        return Hand(identity, self.is_involved(identity, number), self._above(roles, region, number))

    def is_involved(self, somebody: str, number: str) -> bool:
        found = select(cases.c.number).where(cases.c.number == number, involved_in(cases.c.number, somebody))
        return self._tx.one(found) is not None

    def _above(self, roles: frozenset[Role], region: str | None, number: str) -> bool:
        """An administrator, or a supervisor of a region that the case's lies in."""
        if Role.ADMINISTRATOR in roles:
            return True
        of_case = self._tx.execute(select(cases.c.region).where(cases.c.number == number)).scalar_one()
        wider = region is None or (region != of_case and str(of_case).startswith(region_prefix(region)))
        return Role.SUPERVISOR in roles and wider

    def may_handle(self, somebody: Staff, number: str) -> bool:
        """Whether it can be given to them at all."""
        apart = ~involved_in(cases.c.number, somebody.id)
        seen = select(cases.c.number).where(cases.c.number == number, readable(somebody.scope), apart)
        return somebody.active and bool(somebody.roles & HANDLERS) and self._tx.one(seen) is not None

    # ── sweeps ──

    def lapsed(self, now: datetime, limit: int = 200) -> list[tuple[CaseNumber, Complaint]]:
        """Answered complaints that nobody objected to in time."""
        over = and_(complaints.c.state == ComplaintState.ANSWERED, complaints.c.due_at <= now)
        rows = self._tx.all(select(complaints).where(over).order_by(complaints.c.due_at).limit(limit))
        return [(CaseNumber(row.case_number), entity(self._tx, Complaint, row)) for row in rows]

    def delivered_behind(self, now: datetime, limit: int = 500) -> list[CaseNumber]:
        """Cases delivered since this was asked last, up to a minute ago; the mark moves on. At first: from now on."""
        kept = self._tx.one(select(settings.c.value).where(settings.c.name == DRAWN))
        at, number = (now, "") if kept is None else (datetime.fromisoformat(kept.value["at"]), kept.value["number"])
        c = cases.c
        behind = or_(c.state_since > at, and_(c.state_since == at, c.number > number))
        known = and_(c.state == CaseState.DELIVERED, c.test.is_(False), behind, c.state_since < now - SETTLED_FOR)
        rows = self._tx.all(select(c.number, c.state_since).where(known).order_by(c.state_since, c.number).limit(limit))
        last = (rows[-1].state_since, rows[-1].number) if rows else (at, number)
        self._tx.put(settings, "name", {"name": DRAWN, "value": {"at": last[0].isoformat(), "number": last[1]}})
        return [CaseNumber(row.number) for row in rows]

    def add_follow_up(self, number: str, made: FollowUp, *, actor: Actor) -> bool:
        """False: the case has one already."""
        new = self._tx.insert_new(follow_ups, entity_values(self._tx, made, number))
        if new:
            audit.record(self._tx, f"follow_up:{made.id}", actor, "follow_up_opened", {"case": number})
            self.tell(number, "follow_up_asked", {})
        return new

    def pictures_unmade(self, before: datetime) -> list[str]:
        """Complaints of before then whose picture has no copy, nor a reason why."""
        c = complaints.c
        waits = and_(c.photo.is_not(None), c.picture.is_(None), c.photo_problem.is_(None), c.filed_at < before)
        return [row.id for row in self._tx.all(select(c.id).where(waits).order_by(c.filed_at).limit(200))]

    # ── erasing ──

    def erase_of(self, person: str, now: datetime) -> tuple[list[str], list[str]]:
        """What a person wrote in complaints that have ended is gone; the numbers of those that stay because they are
        being dealt with, and the keys of the blobs that nobody needs any more."""
        mine = self._tx.all(select(complaints).where(complaints.c.person == person, complaints.c.erased_at.is_(None)))
        over = [row for row in mine if row.closed_at is not None]
        gone = {"text": None, "raised_text": None, "photo": None, "picture": None, "erased_at": now}
        for row in over:
            self._tx.execute(update(complaints).where(complaints.c.id == row.id).values(**gone))
        said = select(cases.c.number).where(cases.c.owner == person)
        theirs = and_(follow_ups.c.case_number.in_(said), follow_ups.c.ended_at.is_not(None))
        self._tx.execute(update(follow_ups).where(theirs).values(note=None))
        return [r.number for r in mine if r.closed_at is None], _unneeded(self._tx, over)


def _unneeded(tx: Unit, rows: Sequence[AnyRow]) -> list[str]:
    own = {key for row in rows for key in (row.photo, row.picture) if key}
    others = select(complaints.c.photo, complaints.c.picture).where(
        or_(complaints.c.photo.in_(own), complaints.c.picture.in_(own))
    )
    kept = {key for row in tx.all(others) for key in (row.photo, row.picture)}
    return sorted(own - kept)
