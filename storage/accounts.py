"""A resident's account, and its deletion at their wish (个人信息保护法 art. 47; GB/T 35273—2020, 8.5).

`hindering` says what has to end first; `delete_account` takes everything that names the person but what a duty of keeping
holds, in one transaction, and answers with the proof. A wish that has to wait is kept in the person's audit chain, where
`wishes` finds it. Promises: afterwards no session opens anything, the platform's user finds no account and gets a new one
at the next sign-in, and of what stays each kind has its ground and its day. What stays names the account by a number only.
Refuses: an account of an agent point, which belongs to an office.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update

from cases.appointments import LIVE
from cases.errors import Conflict, NotFound
from cases.items import OriginalUse
from cases.lifecycle import CASE, LEG_MOVING, CaseEvent, CaseState
from cases.model import Holder
from cases.retention import Kind
from storage import audit, erasing, retention
from storage.actors import Actor
from storage.agent_tables import agent_points
from storage.appointment_tables import appointments
from storage.care import Care
from storage.deletions import prove
from storage.retention_tables import ENDED
from storage.sessions import revoke_sessions_of
from storage.tables import audit as lines
from storage.tables import (
    cases,
    consents,
    legs,
    notices,
    originals,
    pages,
    persons,
    pickups,
    readings,
    sessions,
    uploads,
)
from storage.unit import AnyRow, Unit

ASKED, RECALLED, DELETED = "account_deletion_asked", "account_deletion_recalled", "account_deleted"


class Why(StrEnum):
    """What has to end before an account goes."""

    UNDER_WAY = "under_way"
    APPEAL = "appeal"
    """Delivered, and the time to object runs."""
    HELD = "held"
    """Somebody looks into it: a complaint, an incident, a hold."""
    PAPERS = "papers"
    """Originals are not home yet."""
    VISIT = "visit"


@dataclass(frozen=True)
class Hindrance:
    """`subject`: a case's number, or an appointment's id. `ends`: whether its person may end it now."""

    subject: str
    why: Why
    state: str
    ends: bool


@dataclass(frozen=True)
class Gone:
    """`proof`: of the deletion. `drafts`: cases that were never handed in."""

    proof: str
    drafts: Sequence[str]
    blobs: int


def chain_of(person: str) -> str:
    return f"person:{person}"


def name_of(person: str) -> str:
    """By which a proof of deletion is found again."""
    return f"account:{person}"


# ── what has to end first ──


def hindering(tx: Unit, person: str) -> list[Hindrance]:
    """Empty: nothing. Drafts hinder nobody."""
    a = appointments.c
    visits = select(a.id, a.state, a.start).where(a.person == person, a.state.in_(sorted(LIVE))).order_by(a.seq)
    of_cases = [_of_case(row) for row in tx.all(_open_cases(person))]
    return [*of_cases, *(Hindrance(r.id, Why.VISIT, r.state, r.start > tx.now()) for r in tx.all(visits))]


def _open_cases(person: str) -> Any:
    return (
        select(
            cases.c.number,
            cases.c.state,
            retention.held(cases.c.number).label("held"),
            _papers_out().label("papers"),
        )
        .where(cases.c.owner == person, cases.c.state != CaseState.DRAFT, cases.c.erased_at.is_(None))
        .where(or_(~retention.over(), _papers_out()))
        .order_by(cases.c.opened_at, cases.c.number)
    )


def _papers_out() -> ColumnElement[bool]:
    """A parcel is on its way, or somebody has originals that go home."""
    o = originals.c
    moving = exists().where(legs.c.case_number == cases.c.number, legs.c.state.in_(sorted(LEG_MOVING)))
    goes_home = or_(o.use == OriginalUse.SHOW, cases.c.state != CaseState.DELIVERED)
    away = and_(o.holder != Holder.RESIDENT, o.lost_at.is_(None), o.excused.is_(None), goes_home)
    return or_(moving, exists().where(o.case_number == cases.c.number, away))


def _of_case(row: AnyRow) -> Hindrance:
    state = CaseState(row.state)
    if state not in ENDED:
        return Hindrance(row.number, Why.UNDER_WAY, state, CaseEvent.WITHDRAW in CASE.allowed(state))
    why = Why.HELD if row.held else Why.APPEAL if state is CaseState.DELIVERED else Why.PAPERS
    return Hindrance(row.number, why, state, False)


# ── the wish ──


def wish(tx: Unit, person: str, waits_for: Iterable[str], actor: Actor) -> None:
    """To be deleted as soon as nothing hinders it. The same again changes nothing."""
    if wished_at(tx, person) is None:
        audit.record(tx, chain_of(person), actor, ASKED, {"waits_for": sorted(waits_for)})


def recall(tx: Unit, person: str, actor: Actor) -> bool:
    """False: nothing was wished."""
    if wished_at(tx, person) is None:
        return False
    audit.record(tx, chain_of(person), actor, RECALLED)
    return True


def wished_at(tx: Unit, person: str) -> datetime | None:
    row = tx.one(_open_wishes().where(lines.c.chain == chain_of(person)))
    return None if row is None else row.at


def wishes(tx: Unit, most: int = 1000) -> list[str]:
    """Persons who wait for it, the longest first."""
    rows = tx.all(_open_wishes().order_by(lines.c.at, lines.c.seq).limit(most))
    return [row.chain.removeprefix("person:") for row in rows]


def _open_wishes() -> Any:
    later = lines.alias()
    ended = exists().where(
        later.c.chain == lines.c.chain, later.c.position > lines.c.position, later.c.action.in_((RECALLED, DELETED))
    )
    return select(lines.c.chain, lines.c.at).where(lines.c.action == ASKED, ~ended)


# ── the deletion ──


def delete_account(tx: Unit, person: str, actor: Actor, discard: Callable[[str], object]) -> Gone:
    """`discard`: takes a draft back by the rules of the domain. Raises `Conflict` while something hinders it, or for an agent
    point's account; `NotFound`."""
    _lock(tx, person)
    if hindering(tx, person):
        raise Conflict("还有没有办完的事项，账户暂时不能删除。")
    drafts = [row.number for row in tx.all(_drafts(person))]
    blobs: list[str] = []
    for number in drafts:
        discard(number)
        blobs += erasing.erase_case(tx, number)
    blobs += _forget_rows(tx, person)
    _blank(tx, person)
    free = erasing.unneeded(tx, blobs)
    doomed = erasing.doom(tx, free)
    proof = prove(tx, retention.rules(tx)[Kind.REQUESTED], [name_of(person), *drafts], doomed, actor)
    audit.record(tx, chain_of(person), actor, DELETED, {"proof": proof, "erased": drafts})
    return Gone(proof, drafts, doomed)


def _lock(tx: Unit, person: str) -> None:
    found = tx.one(select(persons.c.platform_user_index).where(persons.c.id == person).with_for_update())
    if found is None or found.platform_user_index == _nobodys(tx, person):
        raise NotFound("没有这个用户。", person=person)
    if tx.one(select(agent_points.c.code).where(agent_points.c.person == person)):
        raise Conflict("这是代办点的账户，由管理员停用，不能在这里删除。")


def _drafts(person: str) -> Any:
    return select(cases.c.number).where(
        cases.c.owner == person, cases.c.state == CaseState.DRAFT, cases.c.erased_at.is_(None)
    )


def _forget_rows(tx: Unit, person: str) -> list[str]:
    """Keys of the blobs that the rows named."""
    numbers = select(cases.c.number).where(cases.c.owner == person)
    mine = select(pages.c.id).where(pages.c.case_number.in_(numbers))
    kept = [
        row.picture for row in tx.all(select(readings.c.picture).where(readings.c.page_id.in_(mine))) if row.picture
    ]
    kept += [key for row in tx.all(select(uploads.c.chunks).where(uploads.c.person == person)) for key in row.chunks]
    kept += Care(tx).erase_of(person, tx.now())[1]
    for table, theirs in (
        (readings, readings.c.page_id.in_(mine)),
        (uploads, uploads.c.person == person),
        (notices, or_(notices.c.person == person, notices.c.case_number.in_(numbers))),
        (appointments, appointments.c.person == person),
    ):
        tx.execute(delete(table).where(theirs))
    fetched = and_(pickups.c.person == person, pickups.c.erased_at.is_(None))
    erasing.overwrite_rows(tx, pickups, fetched)
    tx.execute(update(pickups).where(fetched).values(erased_at=tx.now()))
    erasing.forget_answers_of(tx, f"resident:{person}")
    return kept


def _blank(tx: Unit, person: str) -> None:
    """The skeleton stays, because cases name it; nobody finds it, and it names nobody."""
    given = and_(consents.c.person == person, consents.c.withdrawn_at.is_(None))
    tx.execute(update(consents).where(given).values(withdrawn_at=tx.now()))
    revoke_sessions_of(tx, person)
    nobody = {
        "platform_user_index": _nobodys(tx, person),
        "platform_user": tx.seal(persons, "platform_user", person, ""),
    }
    tx.execute(update(persons).where(persons.c.id == person).values(**nobody))


def _nobodys(tx: Unit, person: str) -> str:
    return tx.vault.blind("platform:nobody", person)


def sessions_until(tx: Unit, person: str) -> datetime | None:
    """When the last of their sessions ends by itself: from then on its time of keeping runs."""
    return tx.execute(select(func.max(sessions.c.ends_at)).where(sessions.c.holder == person)).scalar_one_or_none()
