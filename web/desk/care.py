"""What the desk's doors for rectifications, complaints and follow-ups share: who does it, whom it can be given to, and the
telephone number behind it, shown to its handler alone and written down.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from cases.care import Complaint, FollowUp, Hand, Rectification
from cases.deadlines import beijing_day as day_of
from cases.deadlines import working_days_between
from cases.errors import Conflict, NotFound
from cases.supervision import Wait, WaitKind, light
from storage.care import Of
from storage.queues import masked_name
from storage.rows import THING_OF
from storage.session import Transaction
from web.asks import Word, Write
from web.auth import Desk
from web.shapes import ChoiceView, Shape, Time

T = TypeVar("T", Rectification, Complaint, FollowUp)


class AssignAsk(Write):
    """`to`: somebody's id; left out, oneself."""

    to: Word | None = None


class ContactView(Shape):
    name: str
    phone: str


class DueView(Shape):
    """`light`: green | yellow | red. `working_days_left`: below zero, how many it is late."""

    due_at: Time | None
    light: str
    working_days_left: int | None


def hand(tx: Transaction, me: Desk, number: str) -> Hand:
    return tx.care.hand_of(me.actor.id, me.roles, me.scope.region, number)


def hand_to(tx: Transaction, me: Desk, number: str, to: str | None) -> Hand:
    """Whom it is given to. Raises `Conflict` where that person may not have it."""
    if to is None or to == me.actor.id:
        return hand(tx, me, number)
    found = next((s for s in tx.care.handlers(number) if s.id == to), None)
    if found is None:
        raise Conflict("不能分派给该人员：不在可分派名单内，或经办过该办件。", to=to)
    return tx.care.hand(found, number)


def handlers(tx: Transaction, number: str) -> list[ChoiceView]:
    return [ChoiceView(value=s.id, label=s.name) for s in tx.care.handlers(number)]


def named(tx: Transaction, *identities: str | None) -> Mapping[str, str]:
    return tx.care.staff_names(i for i in identities if i)


def applicant_of(tx: Transaction, number: str) -> str:
    """Masked."""
    return masked_name(tx.case_file(number).case.applicant.name)


def contact(tx: Transaction, me: Desk, found: Of[T]) -> ContactView:
    """Whom to call. Only for whoever has it in hand, and on record. Raises `NotFound`."""
    if not isinstance(found.thing, FollowUp) and found.thing.handler != me.actor.id:
        raise NotFound("请先接手后再查看联系方式。", id=found.thing.id)
    applicant = tx.case_file(found.number).case.applicant
    tx.record(f"{THING_OF[type(found.thing)]}:{found.thing.id}", me.actor, "contact_shown")
    return ContactView(name=applicant.name, phone=applicant.phone)


def due_view(tx: Transaction, kind: WaitKind, state: str, due: datetime | None, since: datetime) -> DueView:
    calendar, now = tx.calendar(), tx.now()
    seen = light(Wait(kind, state, due, since), now, calendar, tx.supervision.rules())
    left = None
    if due is not None:
        today, end = day_of(now), day_of(due)
        over = end < today
        left = -working_days_between(calendar, end, today) if over else working_days_between(calendar, today, end)
    return DueView(due_at=due, light=seen, working_days_left=left)
