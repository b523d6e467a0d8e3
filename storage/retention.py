"""What is over is deleted, some at a time, and what was deleted can be proved.

`delete_some` takes one kind of data, oldest first, in one transaction: the rows, the names of the blobs that nobody needs
any more, and the proof, which stands in a table that only grows and, by its digest, in the audit chain `deletions`.
Promises: stopped at any moment it goes on from where things stand; what is held (a complaint, an incident, a look at
misuse, or a hold that a person set) is left alone. A proof names what was deleted by keyed hashes: whoever has the number
and the keys can ask whether it is gone, nobody can read from it what it was.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    case,
    delete,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from cases.lifecycle import BOOKING_LIVE, CaseState
from cases.retention import Chosen, Kind, Rule, check_length, in_force
from storage import audit, erasing
from storage.actors import Actor, Scope
from storage.appointment_tables import appointments
from storage.blob_columns import BLOB_NAMES
from storage.care_tables import complaints, follow_ups, rectifications
from storage.deletions import prove
from storage.draft_tables import item_backtests
from storage.ids import new_id
from storage.in_house_tables import strays
from storage.retention_tables import ENDED, legal_holds
from storage.ruling_tables import proposals, twin_answers
from storage.tables import (
    cases,
    documents,
    inbox,
    incidents,
    notices,
    pages,
    parcels,
    pickups,
    readings,
    sessions,
    settings,
)
from storage.truth_tables import truths
from storage.unit import AnyRow, Unit
from storage.words import InboxState, NoticeState

SETTING = "retention"
EVERYTHING = Scope.everything()
Place = tuple[Any, ...]
"""Where a batch ended: the next one goes on behind it."""


@dataclass(frozen=True)
class Batch:
    """`after`: None when there is no more of this kind."""

    things: int
    blobs: int
    after: Place | None
    proof: str | None


@dataclass(frozen=True)
class _Found:
    names: list[str]
    blobs: list[str]
    last: Place | None


# ── how long ────────────────────────────────────────────────────────────────────────────────────────────────────


def chosen(tx: Unit) -> Chosen:
    value = tx.execute(select(settings.c.value).where(settings.c.name == SETTING)).scalar_one_or_none() or {}
    return Chosen(value.get("days", {}), value.get("items", {}))


def rules(tx: Unit) -> Mapping[Kind, Rule]:
    return in_force(chosen(tx))


def set_days(tx: Unit, kind: Kind, days: int | None, actor: Actor, *, item: str | None = None) -> None:
    """`item`: of the cases of one item only, for `Kind.APPLICATION`. Raises `InvalidRequest`."""
    check_length(kind, days)
    now = chosen(tx)
    value = {"days": dict(now.days), "items": dict(now.items)}
    if item is None:
        value["days"][str(kind)] = days
    else:
        value["items"][item] = days
    tx.put(settings, "name", {"name": SETTING, "value": value})
    audit.record(tx, "system", actor, "retention_set", {"kind": str(kind), "days": days, "item": item})


# ── what is held ────────────────────────────────────────────────────────────────────────────────────────────────


def held(number: Any) -> ColumnElement[bool]:
    """Somebody still looks into the case."""
    return or_(
        exists().where(legal_holds.c.case_number == number, legal_holds.c.ended_at.is_(None)),
        exists().where(complaints.c.case_number == number, complaints.c.closed_at.is_(None)),
        exists().where(rectifications.c.case_number == number, rectifications.c.closed_at.is_(None)),
        exists().where(follow_ups.c.case_number == number, follow_ups.c.ended_at.is_(None)),
        exists().where(incidents.c.case_number == number, incidents.c.closed_at.is_(None)),
        exists().where(proposals.c.case_number == number, proposals.c.answered_at.is_(None)),
        exists().where(
            or_(twin_answers.c.first == number, twin_answers.c.second == number),
            twin_answers.c.answer == "misuse",
            twin_answers.c.settled_at.is_(None),
        ),
    )


def over(before: datetime | None = None) -> ColumnElement[bool]:
    """Of a case: nothing comes any more, a delivered one's appeal time is over, and nobody holds it. `before`: since
    then at the latest."""
    ended = and_(
        cases.c.state.in_(sorted(ENDED)),
        or_(cases.c.state != CaseState.DELIVERED, cases.c.closed_at.is_not(None)),
        ~held(cases.c.number),
    )
    if before is None:
        return ended
    return and_(ended, cases.c.state_since < before, or_(cases.c.closed_at.is_(None), cases.c.closed_at < before))


def _of_over_case(table: Table) -> ColumnElement[bool]:
    """Of a row of a case, or of none."""
    return exists().where(cases.c.number == table.c.case_number, over())


@dataclass(frozen=True)
class Hold:
    id: str
    case: str
    reason: str
    at: datetime
    by: str
    ended_at: datetime | None
    ended_by: str | None


def hold(tx: Unit, number: str, reason: str, actor: Actor) -> bool:
    """Nothing of the case is deleted until it is released; False: it was held."""
    identity = new_id()
    values = {"id": identity, "case_number": number, "at": tx.now(), "by": actor.id}
    sealed = tx.seal(legal_holds, "reason", identity, reason)
    if not tx.insert_new(legal_holds, {**values, "reason": sealed}):
        return False
    audit.record(tx, number, actor, "retention_held", {"hold": identity})
    return True


def release(tx: Unit, number: str, actor: Actor) -> bool:
    alive = and_(legal_holds.c.case_number == number, legal_holds.c.ended_at.is_(None))
    if not tx.count(update(legal_holds).where(alive).values(ended_at=tx.now(), ended_by=actor.id)):
        return False
    audit.record(tx, number, actor, "retention_released")
    return True


def holds(tx: Unit, *, alive: bool = True, most: int = 200) -> list[Hold]:
    wanted = select(legal_holds).order_by(legal_holds.c.seq.desc()).limit(most)
    if alive:
        wanted = wanted.where(legal_holds.c.ended_at.is_(None))
    return [_hold(tx, row) for row in tx.all(wanted)]


def _hold(tx: Unit, row: AnyRow) -> Hold:
    reason = str(tx.unseal(legal_holds, "reason", row.id, row.reason))
    return Hold(row.id, row.case_number, reason, row.at, row.by, row.ended_at, row.ended_by)


# ── deleting ────────────────────────────────────────────────────────────────────────────────────────────────────


def delete_some(tx: Unit, kind: Kind, actor: Actor, *, after: Place | None = None, most: int = 50) -> Batch:
    """The oldest of a kind whose time is over; looks at `most` things."""
    rule = rules(tx)[kind]
    if kind not in _WAYS or (rule.days is None and kind is not Kind.APPLICATION):
        return Batch(0, 0, None, None)
    found = _WAYS[kind](tx, rule, after, most)
    free = erasing.unneeded(tx, found.blobs)
    proof = prove(tx, rule, found.names, len(free), actor) if found.names else None
    return Batch(len(found.names), erasing.doom(tx, free), found.last, proof)


def _cutoff(tx: Unit, rule: Rule) -> datetime:
    assert rule.days is not None
    return tx.now() - timedelta(days=rule.days)


def _page(tx: Unit, wanted: Select[Any], place: Sequence[Any], after: Place | None, most: int) -> Sequence[AnyRow]:
    """A keyset page, each row for itself alone where others sweep, too."""
    if after is not None:
        wanted = wanted.where(tuple_(*place) > tuple_(*(literal(v, c.type) for v, c in zip(after, place, strict=True))))
    table = place[0].table
    return tx.all(wanted.order_by(*place).limit(most).with_for_update(of=table, skip_locked=True))


def _last(rows: Sequence[AnyRow], place: Sequence[Any], most: int) -> Place | None:
    return tuple(getattr(rows[-1], c.name) for c in place) if len(rows) == most else None


def _cases(which: ColumnElement[bool]) -> Callable[[Unit, Rule, Place | None, int], _Found]:
    def way(tx: Unit, rule: Rule, after: Place | None, most: int) -> _Found:
        place = (cases.c.state_since, cases.c.number)
        wanted = select(*place).where(cases.c.erased_at.is_(None), which, over(), _long_ago(tx, rule))
        rows = _page(tx, wanted, place, after, most)
        blobs = [key for row in rows for key in _erased(tx, row.number, rule.kind)]
        return _Found([row.number for row in rows], blobs, _last(rows, place, most))

    return way


def _erased(tx: Unit, number: str, kind: Kind) -> list[str]:
    keys = erasing.erase_case(tx, number)
    audit.record(tx, number, SYSTEM, "personal_data_erased", {"retention": str(kind)})
    return keys


def _long_ago(tx: Unit, rule: Rule) -> ColumnElement[bool]:
    """An item may have a length of its own; None keeps for good."""
    lengths = chosen(tx).items if rule.kind is Kind.APPLICATION else {}
    since = func.coalesce(cases.c.closed_at, cases.c.state_since, type_=cases.c.closed_at.type)

    def past(days: int | None) -> ColumnElement[bool]:
        if days is None:
            return false()
        cutoff = tx.now() - timedelta(days=days)
        return and_(since < cutoff, cases.c.state_since < cutoff)

    own = [(cases.c.item_code == item, past(days)) for item, days in lengths.items()]
    return case(*own, else_=past(rule.days)) if own else past(rule.days)


@dataclass(frozen=True)
class _Rows:
    """Rows of one table: which are over, and what is done to them. `name`: what names one in the proof."""

    table: Table
    since: str
    key: str
    only: Callable[[], ColumnElement[bool]]
    act: Callable[[Unit, Table, ColumnElement[bool]], None]
    name: str
    blobs: tuple[str, ...] = ()

    def __call__(self, tx: Unit, rule: Rule, after: Place | None, most: int) -> _Found:
        place = (self.table.c[self.since], self.table.c[self.key])
        wanted = select(self.table).where(place[0] < _cutoff(tx, rule), self.only())
        rows = _page(tx, wanted, place, after, most)
        if not rows:
            return _Found([], [], None)
        self.act(tx, self.table, self.table.c[self.key].in_([getattr(row, self.key) for row in rows]))
        blobs = [getattr(row, name) for row in rows for name in self.blobs]
        return _Found([str(getattr(row, self.name)) for row in rows], blobs, _last(rows, place, most))


def _gone(tx: Unit, table: Table, mine: ColumnElement[bool]) -> None:
    tx.execute(delete(table).where(mine))


def _emptied(*names: str) -> Callable[[Unit, Table, ColumnElement[bool]], None]:
    def act(tx: Unit, table: Table, mine: ColumnElement[bool]) -> None:
        tx.execute(update(table).where(mine).values(dict.fromkeys(names)))

    return act


def _overwritten(tx: Unit, table: Table, mine: ColumnElement[bool]) -> None:
    """The sealed columns, and which blobs; the row says when."""
    erasing.overwrite_rows(tx, table, mine)
    blobs = {name: None for name in BLOB_NAMES if name in table.c}
    tx.execute(update(table).where(mine).values(**blobs, erased_at=tx.now()))


def _label_gone(tx: Unit, table: Table, mine: ColumnElement[bool]) -> None:
    erasing.overwrite_rows(tx, table, mine)
    tx.execute(update(table).where(mine).values(blob=None, erased_at=tx.now()))


def _of_over_page() -> ColumnElement[bool]:
    """Of a page of a case that is over."""
    joined = pages.join(cases, cases.c.number == pages.c.case_number)
    return exists().select_from(joined).where(pages.c.id == readings.c.page_id, over())


SYSTEM = Actor("system", "retention")
_WAYS: Mapping[Kind, Callable[[Unit, Rule, Place | None, int], _Found]] = {
    Kind.DRAFT: _cases(cases.c.submitted_at.is_(None)),
    Kind.ABANDONED: _cases(and_(cases.c.submitted_at.is_not(None), cases.c.accepted_at.is_(None))),
    Kind.APPLICATION: _cases(cases.c.accepted_at.is_not(None)),
    Kind.WORKING_COPY: _Rows(readings, "saved_at", "page_id", _of_over_page, _gone, "page_id", ("picture",)),
    Kind.TRUTH: _Rows(
        truths, "at", "seq", lambda: and_(truths.c.said.is_not(None), _of_over_case(truths)),
        _emptied("said", "machine"), "id",
    ),
    Kind.PARCEL_PHOTO: _Rows(
        parcels, "packed_at", "seq", lambda: and_(parcels.c.photo.is_not(None), _of_over_case(parcels)),
        _emptied("photo", "picture"), "id", ("photo", "picture"),
    ),
    Kind.LABEL: _Rows(
        documents, "made_at", "seq",
        lambda: and_(
            documents.c.kind.in_(("label", "manifest")), documents.c.erased_at.is_(None), _of_over_case(documents)
        ),
        _label_gone, "id", ("blob",),
    ),
    Kind.MESSAGE: _Rows(
        notices, "made_at", "seq",
        lambda: and_(
            notices.c.state.in_((NoticeState.SENT, NoticeState.FAILED)),
            or_(notices.c.case_number.is_(None), ~held(notices.c.case_number)),
        ),
        _gone, "id",
    ),
    Kind.PUSH: _Rows(inbox, "arrived_at", "seq", lambda: inbox.c.state != InboxState.NEW, _gone, "id"),
    Kind.APPOINTMENT: _Rows(appointments, "end", "seq", lambda: literal(True), _gone, "id"),
    Kind.PICKUP: _Rows(
        pickups, "requested_at", "seq",
        lambda: and_(pickups.c.erased_at.is_(None), pickups.c.state.not_in(sorted(BOOKING_LIVE))), _overwritten, "id",
    ),
    Kind.COMPLAINT: _Rows(
        complaints, "closed_at", "seq",
        lambda: and_(complaints.c.erased_at.is_(None), ~held(complaints.c.case_number)),
        _overwritten, "id", ("photo", "picture"),
    ),
    Kind.SESSION: _Rows(sessions, "ends_at", "token_hash", lambda: literal(True), _gone, "token_hash"),
    Kind.STRAY: _Rows(strays, "settled_at", "seq", lambda: literal(True), _gone, "id"),
    Kind.BACKTEST: _Rows(item_backtests, "ended_at", "seq", lambda: literal(True), _gone, "id"),
}  # fmt: skip
SWEPT = tuple(_WAYS)
"""In this order."""
