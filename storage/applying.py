"""Carrying out what a use-case decided, in the caller's transaction: all of it or, by an exception, nothing.

Each `Move` is a compare-and-set; one that lost its race raises `Conflict`, and the caller decides again on a fresh
file. The case's row is taken first, so outcomes for one case come one after the other and its audit chain is never
forked.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import Executable, Table, and_, bindparam, select, update
from sqlalchemy.exc import IntegrityError

from cases.care import FollowUp, FollowUpState
from cases.effects import (
    Add,
    Announce,
    Checked,
    Effect,
    Enqueue,
    Fact,
    Judged,
    Move,
    Notify,
    Outcome,
    Put,
    Reviewed,
    Sampled,
    Verified,
)
from cases.errors import Conflict, NotFound
from cases.model import Applicant
from storage import audit, checked, direct, outgoing, sampling, tracing, truths
from storage.actors import Actor
from storage.care_tables import follow_ups
from storage.flags import keep_flags
from storage.jobs import add_job
from storage.notices import keep as keep_notice
from storage.rows import KEPT, THING_OF, column_values, entity_values
from storage.statistics import counting, keeping
from storage.tables import cases
from storage.unit import Unit
from storage.words import ActorKind

CLAIM_LEASE = timedelta(minutes=15)
"""Contract: an operator's claim lasts a quarter of an hour and is renewed by working."""
_LOST = "该办件刚刚被他人更新，请刷新后重试。"


def apply(tx: Unit, number: str, outcome: Outcome, *, actor: Actor) -> None:
    """Applies every effect in order. Raises `Conflict` or `NotFound`; the transaction must then be rolled back."""
    tracing.touched(number)
    _take_case(tx, number, actor)
    for effect in outcome:
        carry_out(tx, number, effect, actor)
    if any(map(counting.matters, outcome)):
        keeping.recount(tx, number)


def carry_out(tx: Unit, number: str, effect: Effect, actor: Actor) -> None:
    """One effect alone, of a case that the transaction has taken."""
    _APPLY[type(effect)](tx, number, effect, actor)


def _take_case(tx: Unit, number: str, actor: Actor) -> None:
    if direct.changed(tx, _TAKEN, {"case": number}) == 0:
        raise NotFound("没有找到该办件，请核对办件编号。", number=number)
    if actor.kind == ActorKind.STAFF:
        mine = and_(cases.c.number == number, cases.c.claimed_by == actor.id)
        tx.execute(update(cases).where(mine).values(claimed_until=tx.now() + CLAIM_LEASE))


_TAKEN = update(cases).where(cases.c.number == bindparam("case")).values(version=cases.c.version + 1)


def _add(tx: Unit, number: str, effect: Add, _actor: Actor) -> None:
    if isinstance(effect.entity, FollowUp) and _follow_up_there(tx, number, effect.entity):
        return
    thing = THING_OF[type(effect.entity)]
    try:
        values = entity_values(tx, effect.entity, number)
        direct.changed(tx, _added(thing, tuple(values)), values)
    except IntegrityError as error:
        # a second live booking on a leg, a second open special procedure, the same id twice
        raise Conflict(_LOST, thing=thing, number=number) from error


@cache
def _added(thing: str, columns: tuple[str, ...]) -> Executable:
    return KEPT[thing].table.insert().values({name: bindparam(name) for name in columns})


def _follow_up_there(tx: Unit, number: str, asked: FollowUp) -> bool:
    """A case has one follow-up: whoever was drawn for one, and rates badly before it is made, is called because of the
    rating."""
    mine = follow_ups.c.case_number == number
    still = and_(mine, follow_ups.c.state == FollowUpState.OPEN)
    tx.execute(update(follow_ups).where(still).values(because=asked.because, due_at=asked.due_at))
    return tx.one(select(follow_ups.c.id).where(mine)) is not None


def _move(tx: Unit, number: str, effect: Move, _actor: Actor) -> None:
    which = {"since": tx.now()} if effect.thing == "case" else {"of_id": effect.id}
    values = {"of_case": number, "came_from": effect.came_from, "to": effect.to, **which}
    if direct.changed(tx, _moved(effect.thing), values) == 0:
        raise Conflict(_LOST, thing=effect.thing, id=effect.id, expected=effect.came_from, event=effect.event)


@cache
def _moved(thing: str) -> Executable:
    """Values: `of_case`, `came_from`, `to`, and `since` of a case, `of_id` of anything else."""
    table = KEPT[thing].table
    still = and_(_is(table, thing, bindparam("of_case"), bindparam("of_id")), table.c.state == bindparam("came_from"))
    moved = update(table).where(still).values(state=bindparam("to"))
    return moved.values(state_since=bindparam("since")) if table is cases else moved


def _put(tx: Unit, number: str, effect: Put, _actor: Actor) -> None:
    if "state" in effect.values:
        raise ValueError("a state is changed by Move, never by Put")
    values = column_values(tx, effect.thing, number, effect.id, effect.values)
    if effect.thing == "case":
        values |= _blind_indexes(tx, effect.values)
    table = KEPT[effect.thing].table
    if tx.count(update(table).where(_is(table, effect.thing, number, effect.id)).values(**values)) == 0:
        raise Conflict(_LOST, thing=effect.thing, id=effect.id)


def _blind_indexes(tx: Unit, values: Mapping[str, Any]) -> dict[str, str]:
    applicant = values.get("applicant")
    if not isinstance(applicant, Applicant):
        return {}
    return {f"{name}_index": tx.vault.blind(name, getattr(applicant, name)) for name in ("id_number", "phone")}


def _is(table: Table, thing: str, number: Any, key: Any) -> Any:
    if table is cases:
        return cases.c.number == number
    return and_(table.c.case_number == number, table.c[KEPT[thing].key] == key)


def _judged(tx: Unit, number: str, effect: Judged, _actor: Actor) -> None:
    sealed = tx.seal(cases, "findings", number, effect.findings)
    tx.execute(update(cases).where(cases.c.number == number).values(findings=sealed))
    keep_flags(tx, number, effect.findings)


def _checked(tx: Unit, _number: str, effect: Checked, _actor: Actor) -> None:
    checked.keep(tx, effect.fields)


def _verified(tx: Unit, number: str, effect: Verified, actor: Actor) -> None:
    truths.keep(tx, number, effect.truths, actor)


def _sampled(tx: Unit, number: str, _effect: Sampled, _actor: Actor) -> None:
    sampling.keep(tx, number)


def _reviewed(tx: Unit, number: str, effect: Reviewed, actor: Actor) -> None:
    sampling.close(tx, number, effect, actor)


def _enqueue(tx: Unit, number: str, effect: Enqueue, _actor: Actor) -> None:
    add_job(tx, effect, number)


def _notify(tx: Unit, number: str, effect: Notify, _actor: Actor) -> None:
    keep_notice(tx, {"case_number": number}, number, effect.template, effect.data)


def _announce(tx: Unit, number: str, effect: Announce, _actor: Actor) -> None:
    outgoing.keep(tx, number, effect)


def _fact(tx: Unit, number: str, effect: Fact, actor: Actor) -> None:
    audit.record(tx, number, actor, effect.action, effect.detail)


_APPLY: Mapping[type[Effect], Callable[[Unit, str, Any, Actor], None]] = {
    Add: _add,
    Move: _move,
    Put: _put,
    Judged: _judged,
    Checked: _checked,
    Verified: _verified,
    Sampled: _sampled,
    Reviewed: _reviewed,
    Enqueue: _enqueue,
    Notify: _notify,
    Announce: _announce,
    Fact: _fact,
}
