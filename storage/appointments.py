"""Offices, their slots and who has a place in one. The rules stand in `cases.appointments`.

A place is taken by one conditional update of the slot's count, so that two hundred who want the last one at once are
told no but one; the database's CHECK stands behind it. Every change is audited on the appointment's own chain.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import Select, and_, func, select, update

from cases.appointments import (
    APPOINTMENT,
    EARLY,
    LATE,
    LIVE,
    LIVE_AT_MOST,
    REMIND_BEFORE,
    Appointment,
    AppointmentEvent,
    AppointmentState,
    Office,
    Slot,
    check_office,
)
from cases.deadlines import BEIJING
from cases.errors import Conflict, NotFound, TooMany
from cases.lifecycle import advance
from cases.sentences import say
from storage import audit
from storage.actors import Actor, region_prefix
from storage.appointment_tables import appointment_slots, appointments, offices
from storage.ids import new_id
from storage.tables import persons
from storage.unit import AnyRow, Unit

CODE_LENGTH = 10
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without those that are mistaken for others when read aloud."""
LIMIT = 500


@dataclass(frozen=True)
class Wanted:
    """`slot`: one that `cases.appointments` says may be booked."""

    person: str
    item: str
    office: Office
    slot: Slot
    case: str | None = None
    phone: str = field(default="", repr=False)


class Appointments:
    def __init__(self, tx: Unit) -> None:
        self._tx = tx

    # ── offices ──

    def put_office(self, office: Office, *, actor: Actor) -> None:
        """A new one, or other values for a known one. Raises `InvalidRequest`."""
        check_office(office)
        values = {**vars(office), "hours": list(office.hours), "rest_hours": list(office.rest_hours)}
        self._tx.put(offices, "code", values)
        audit.record(self._tx, f"office:{office.code}", actor, "office_put", values)

    def office(self, code: str) -> Office:
        """Raises `NotFound`."""
        row = self._tx.one(select(offices).where(offices.c.code == code))
        if row is None:
            raise NotFound("没有这个办事窗口。", office=code)
        return _office(row)

    def offices(self, region: str = "") -> Sequence[Office]:
        """Those in use, of a region and those below it."""
        wanted = select(offices).where(offices.c.active).order_by(offices.c.region, offices.c.code)
        if region:
            wanted = wanted.where(offices.c.region.startswith(region_prefix(region), autoescape=True))
        return [_office(row) for row in self._tx.all(wanted)]

    def taken(self, office: str, start: datetime, end: datetime) -> dict[datetime, int]:
        """How many places of each slot in `start <= slot < end` are gone."""
        s = appointment_slots.c
        rows = self._tx.all(select(s.start, s.taken).where(s.office == office, s.start >= start, s.start < end))
        return {row.start: row.taken for row in rows}

    def waiting(self) -> dict[str, int]:
        """By office: how many have checked in today and were not called yet."""
        a, now = appointments.c, self._tx.now()
        here = and_(a.state == AppointmentState.CHECKED_IN, a.start >= _midnight(now), a.start < now + EARLY)
        rows = self._tx.all(select(a.office, func.count().label("many")).where(here).group_by(a.office))
        return {row.office: row.many for row in rows}

    # ── places ──

    def book(self, w: Wanted, *, actor: Actor) -> Appointment:
        """Raises `Conflict` where the slot is full or there is a live one for the item, `TooMany`."""
        self._check_many(w.person)
        self._take(w.office, w.slot)
        identity, code = new_id(), _code()
        values = {
            "id": identity,
            "person": w.person,
            "item_code": w.item,
            "case_number": w.case,
            "office": w.office.code,
            "start": w.slot.start,
            "end": w.slot.end,
            "state": AppointmentState.BOOKED,
            "code": self._tx.seal(appointments, "code", identity, code),
            "code_index": self._tx.vault.blind("appointment", code),
            "phone": self._tx.seal(appointments, "phone", identity, w.phone),
            "booked_at": self._tx.now(),
        }
        if not self._tx.insert_new(appointments, values):
            raise Conflict("这个事项您已有预约，改时间请先取消原来的。", item=w.item)
        self._note(identity, actor, "appointment_booked", office=w.office.code, start=w.slot.start.isoformat())
        return self.appointment(identity)

    def _check_many(self, person: str) -> None:
        """The person's row is locked, so that two at once do not both count before either books."""
        self._tx.execute(select(persons.c.id).where(persons.c.id == person).with_for_update())
        live = select(func.count()).where(appointments.c.person == person, appointments.c.state.in_(LIVE))
        if self._tx.execute(live).scalar_one() >= LIVE_AT_MOST:
            raise TooMany(say("最多同时保留{most}个预约，请先取消不用的。", most=LIVE_AT_MOST), most=LIVE_AT_MOST)

    def _take(self, office: Office, slot: Slot) -> None:
        s = appointment_slots.c
        fresh = {"office": office.code, "start": slot.start, "taken": 0, "capacity": office.capacity}
        self._tx.insert_new(appointment_slots, fresh)
        free = and_(s.office == office.code, s.start == slot.start, s.taken < office.capacity)
        took = update(appointment_slots).where(free).values(taken=s.taken + 1, capacity=office.capacity)
        if self._tx.count(took) != 1:
            raise Conflict("这个时段已约满，请另选时间。", office=office.code, start=slot.start.isoformat())

    def move(self, made: Appointment, event: AppointmentEvent, *, actor: Actor) -> Appointment:
        """Raises `TransitionRefused`; `Conflict` if somebody was faster."""
        a, to = appointments.c, advance(APPOINTMENT, made.state, event)
        values: dict[str, object] = {"state": to}
        if event is AppointmentEvent.CHECK_IN:
            values["checked_in_at"] = self._tx.now()
        still = and_(a.id == made.id, a.state == made.state)
        if self._tx.count(update(appointments).where(still).values(**values)) != 1:
            raise Conflict("该预约刚刚有变化，请刷新后重试。", appointment=made.id)
        if event is AppointmentEvent.CANCEL:
            s = appointment_slots.c
            mine = and_(s.office == made.office, s.start == made.slot.start)
            self._tx.execute(update(appointment_slots).where(mine).values(taken=s.taken - 1))
        self._note(made.id, actor, f"appointment_{event}")
        return self.appointment(made.id)

    def reminded(self, made: Appointment) -> bool:
        """Once. False: it was."""
        a = appointments.c
        new = and_(a.id == made.id, a.reminded_at.is_(None))
        return self._tx.count(update(appointments).where(new).values(reminded_at=self._tx.now())) == 1

    def _note(self, identity: str, actor: Actor, action: str, **detail: str) -> None:
        audit.record(self._tx, f"appointment:{identity}", actor, action, detail)

    # ── finding ──

    def appointment(self, identity: str, of: str | None = None) -> Appointment:
        """`of`: only if it is this person's. Raises `NotFound`."""
        wanted = select(appointments).where(appointments.c.id == identity)
        if of is not None:
            wanted = wanted.where(appointments.c.person == of)
        return self._only(wanted)

    def by_code(self, code: str) -> Appointment:
        """Raises `NotFound`."""
        return self._only(
            select(appointments).where(appointments.c.code_index == self._tx.vault.blind("appointment", code))
        )

    def _only(self, wanted: Select[tuple[object, ...]]) -> Appointment:
        row = self._tx.one(wanted)
        if row is None:
            raise NotFound("没有这个预约。")
        return self._made(row)

    def of_person(self, person: str) -> Sequence[Appointment]:
        """Newest first."""
        wanted = select(appointments).where(appointments.c.person == person).order_by(appointments.c.seq.desc())
        return [self._made(row) for row in self._tx.all(wanted.limit(LIMIT))]

    def of_day(self, office: str, day: date) -> Sequence[Appointment]:
        """In the order of their slots, those who came first within one."""
        a, start = appointments.c, datetime.combine(day, datetime.min.time(), BEIJING)
        wanted = select(appointments).where(a.office == office, a.start >= start, a.start < start + timedelta(days=1))
        return [self._made(row) for row in self._tx.all(wanted.order_by(a.start, a.checked_in_at, a.seq).limit(LIMIT))]

    def to_sweep(self, now: datetime) -> Sequence[Appointment]:
        """Booked ones that may have to be reminded of or were missed."""
        a = appointments.c
        near = and_(a.start <= now + REMIND_BEFORE, a.reminded_at.is_(None))
        gone = a.end <= now - LATE
        wanted = select(appointments).where(a.state == AppointmentState.BOOKED, near | gone).order_by(a.start)
        return [self._made(row) for row in self._tx.all(wanted.limit(LIMIT))]

    def _made(self, row: AnyRow) -> Appointment:
        return Appointment(
            id=row.id,
            person=row.person,
            item_code=row.item_code,
            office=row.office,
            slot=Slot(row.start, row.end),
            state=AppointmentState(row.state),
            booked_at=row.booked_at,
            code=self._tx.unseal(appointments, "code", row.id, row.code),
            phone=self._tx.unseal(appointments, "phone", row.id, row.phone),
            case_number=row.case_number,
            checked_in_at=row.checked_in_at,
            reminded_at=row.reminded_at,
        )


def _office(row: AnyRow) -> Office:
    return Office(
        row.code,
        row.name,
        row.place,
        row.region,
        row.phone,
        tuple(row.hours),
        tuple(row.rest_hours),
        row.slot_minutes,
        row.capacity,
        row.active,
    )


def _code() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(CODE_LENGTH))


def _midnight(now: datetime) -> datetime:
    return now.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
