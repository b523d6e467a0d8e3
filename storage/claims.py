"""Claims on cases: a lease of a quarter of an hour in the case's own row, renewed by working or looking.

Of two who want one case at the same moment one gets it: the row is locked and looked at. Whoever loses a claim that
they did not give back is told: it ran out and somebody else took the case, or a supervisor took it away.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, select, update

from cases.errors import Conflict, NotFound
from cases.model import CaseNumber
from storage import audit
from storage.actors import Actor
from storage.applying import CLAIM_LEASE
from storage.desk_tables import Lost, claim_losses
from storage.ids import new_id
from storage.tables import api_keys, cases, items, staff
from storage.unit import AnyRow, Unit

FRESH = timedelta(minutes=1)
"""A claim renewed this lately is not written again at the next look."""
NO_NEWS_AFTER = timedelta(hours=12)
"""Who let a claim run out yesterday has forgotten it: no need to be told who took the case today."""
LOSSES_SHOWN = 5
KEEP_LOSSES = timedelta(days=30)
"""The audit chain tells for ever who took what; the notice is for whoever lost it."""


@dataclass(frozen=True)
class Claim:
    number: CaseNumber
    holder: str
    until: datetime


@dataclass(frozen=True)
class Loss:
    """A claim that was lost. `by`: the name of whoever has taken the case, or taken it away."""

    id: str
    number: CaseNumber
    item_name: str
    how: Lost
    by: str
    reason: str | None
    at: datetime


def claim(tx: Unit, number: str, holder: str) -> Claim:
    """Takes the case, or renews one's own claim. Raises `Conflict` naming the holder, `NotFound`."""
    now, row = tx.now(), _locked(tx, number)
    if row.claimed_by not in (None, holder):
        if row.claimed_until > now:
            raise held_by(tx, Claim(CaseNumber(number), row.claimed_by, row.claimed_until))
        if row.claimed_until > now - NO_NEWS_AFTER:
            _note_loss(tx, number, row.claimed_by, Lost.EXPIRED, by=holder)
    until = now + CLAIM_LEASE
    _set(tx, number, holder, until)
    return Claim(CaseNumber(number), holder, until)


def _locked(tx: Unit, number: str) -> AnyRow:
    columns = (cases.c.claimed_by, cases.c.claimed_until)
    row = tx.one(select(*columns).where(cases.c.number == number).with_for_update())
    if row is None:
        raise NotFound("没有找到该办件，请核对办件编号。", number=number)
    return row


def _set(tx: Unit, number: str, holder: str | None, until: datetime | None) -> None:
    tx.execute(update(cases).where(cases.c.number == number).values(claimed_by=holder, claimed_until=until))


def held_by(tx: Unit, held: Claim) -> Conflict:
    """The refusal that names who has the case, and until when."""
    name = names_of(tx, [held.holder]).get(held.holder)
    return Conflict(
        f"该办件正由{name or held.holder}办理。",
        holder=held.holder,
        holder_name=name,
        until=held.until.isoformat(),
    )


def names_of(tx: Unit, holders: Iterable[str]) -> dict[str, str]:
    """What people of the office, or systems with a key, are called, by id."""
    wanted = sorted(set(holders))
    if not wanted:
        return {}
    people = select(staff.c.id, staff.c.name).where(staff.c.id.in_(wanted))
    systems = select(api_keys.c.id, api_keys.c.name).where(api_keys.c.id.in_(wanted))
    return {row.id: row.name for row in tx.all(people.union_all(systems))}


def renew(tx: Unit, number: str, holder: str) -> None:
    """Whoever has the case looked at it. Not taken from anybody: somebody else's claim stays as it is."""
    now = tx.now()
    stale = and_(cases.c.claimed_by == holder, cases.c.claimed_until < now + CLAIM_LEASE - FRESH)
    tx.execute(update(cases).where(cases.c.number == number, stale).values(claimed_until=now + CLAIM_LEASE))


def release(tx: Unit, number: str, holder: str) -> bool:
    """Gives a claim back; False if it was not the holder's."""
    mine = update(cases).where(cases.c.number == number, cases.c.claimed_by == holder)
    return tx.count(mine.values(claimed_by=None, claimed_until=None)) == 1


def take_away(tx: Unit, number: str, reason: str, *, actor: Actor) -> Claim:
    """Frees a case that somebody else holds, and tells them; the claim that was. Raises `Conflict`, `NotFound`."""
    row = _locked(tx, number)
    if row.claimed_by is None or row.claimed_until <= tx.now():
        raise Conflict("该办件现在没有人领取。", number=number)
    _set(tx, number, None, None)
    if row.claimed_by != actor.id:
        _note_loss(tx, number, row.claimed_by, Lost.TAKEN, by=actor.id, reason=reason)
    audit.record(tx, number, actor, "claim_taken_away", {"holder": row.claimed_by})
    return Claim(CaseNumber(number), row.claimed_by, row.claimed_until)


def claim_of(tx: Unit, number: str) -> Claim | None:
    """Who has the case now."""
    row = tx.one(select(cases.c.claimed_by, cases.c.claimed_until).where(cases.c.number == number))
    if row is None or row.claimed_by is None or row.claimed_until <= tx.now():
        return None
    return Claim(CaseNumber(number), row.claimed_by, row.claimed_until)


def _note_loss(tx: Unit, number: str, holder: str, how: Lost, *, by: str, reason: str | None = None) -> None:
    identity = new_id()
    values = {
        "id": identity,
        "case_number": number,
        "staff": holder,
        "how": how,
        "by": by,
        "reason": None if reason is None else tx.seal(claim_losses, "reason", identity, reason),
        "at": tx.now(),
    }
    tx.execute(claim_losses.insert().values(**values))


def losses(tx: Unit, holder: str) -> list[Loss]:
    """What this person lost and was not told of yet, the newest first."""
    unseen = and_(claim_losses.c.staff == holder, claim_losses.c.seen_at.is_(None))
    wanted = (
        select(claim_losses, items.c.name.label("item_name"))
        .join(cases, cases.c.number == claim_losses.c.case_number)
        .join(items, and_(items.c.code == cases.c.item_code, items.c.version == cases.c.item_version))
        .where(unseen)
    )
    rows = tx.all(wanted.order_by(claim_losses.c.seq.desc()).limit(LOSSES_SHOWN))
    names = names_of(tx, [row.by for row in rows])
    return [_loss(tx, row, names.get(row.by, row.by)) for row in rows]


def _loss(tx: Unit, row: AnyRow, by: str) -> Loss:
    reason = None if row.reason is None else str(tx.unseal(claim_losses, "reason", row.id, row.reason))
    return Loss(row.id, CaseNumber(row.case_number), row.item_name, Lost(row.how), by, reason, row.at)


def losses_seen(tx: Unit, holder: str, ids: Iterable[str] = ()) -> int:
    """Told: these, or all of them; how many."""
    wanted = sorted(set(ids))
    mine = and_(claim_losses.c.staff == holder, claim_losses.c.seen_at.is_(None))
    told = and_(mine, claim_losses.c.id.in_(wanted)) if wanted else mine
    return tx.count(update(claim_losses).where(told).values(seen_at=tx.now()))


def forget_old_losses(tx: Unit, limit: int = 1000) -> int:
    """Notices that are older than anybody wants to be told, seen or not."""
    old = select(claim_losses.c.seq).where(claim_losses.c.at < tx.now() - KEEP_LOSSES)
    some = old.order_by(claim_losses.c.at).limit(limit)
    return tx.count(delete(claim_losses).where(claim_losses.c.seq.in_(some)))
