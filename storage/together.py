"""Many cases at once: loaded for one decision each, and changed, by as many statements as one case takes.

For whoever decides about dozens of cases within a moment, as couriers' pushes want it. What comes of it is what
`casefiles.case_file` and `applying.apply` would have made of one after the other, all of it or, by an exception, nothing.
Cases are locked in the order of their numbers, so that two who take many wait for each other and not in a ring.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from cases.effects import Add, Effect, Fact, Move, Outcome, Put
from cases.errors import Conflict, NotFound
from cases.model import Booking, Case, CaseFile, HandOver, Incident, Leg, Original, Parcel
from storage import applying, audit, tracing
from storage.actors import Actor
from storage.catalogue import item
from storage.rows import KEPT, THING_OF, entity, entity_values
from storage.statistics import counting, keeping
from storage.tables import cases, legs, originals
from storage.unit import Unit
from storage.words import ActorKind


class PartNotLoaded(LookupError):
    """A decision looked into a part of the case that was not asked for: it wants the whole case."""


class NotAsked(tuple[Any, ...]):
    """Stands for a part of a case that was not loaded. Whoever looks into it is told so by an exception, and is never told
    that there is nothing."""

    def _refuse(self, *_: object) -> Any:
        raise PartNotLoaded

    __iter__ = __len__ = __bool__ = __getitem__ = __contains__ = __reversed__ = __eq__ = __hash__ = _refuse


_NOT_ASKED = NotAsked()
CARRIED: Mapping[str, type] = {
    "legs": Leg,
    "bookings": Booking,
    "originals": Original,
    "parcels": Parcel,
    "incidents": Incident,
    "hand_overs": HandOver,
}
"""What a parcel's way through its case is decided by."""
_OTHERS = frozenset(CaseFile.__dataclass_fields__) - {"case", "item", *CARRIED}


def carried_files(tx: Unit, numbers: Sequence[str]) -> dict[str, CaseFile]:
    """These cases, locked to the end of the transaction, each with what its parcels are about (`CARRIED`) and nothing else.
    Raises `NotFound`."""
    taken = select(cases).where(cases.c.number.in_(sorted(set(numbers)))).order_by(cases.c.number).with_for_update()
    rows = {row.number: row for row in tx.all(taken)}
    for number in numbers:
        if number not in rows:
            raise NotFound("没有找到该办件，请核对办件编号。", number=number)
    # asked after the locks: a statement that waited for one sees the other tables as they were before it waited
    parts = {name: _parts(tx, kind, list(rows)) for name, kind in CARRIED.items()}
    return {number: _file(tx, entity(tx, Case, row), parts) for number, row in rows.items()}


def _parts(tx: Unit, kind: type, numbers: Sequence[str]) -> Mapping[str, list[Any]]:
    table = KEPT[THING_OF[kind]].table
    found: dict[str, list[Any]] = defaultdict(list)
    for row in tx.all(select(table).where(table.c.case_number.in_(numbers)).order_by(table.c.seq)):
        found[row.case_number].append(entity(tx, kind, row))
    return found


def _file(tx: Unit, case: Case, parts: Mapping[str, Mapping[str, list[Any]]]) -> CaseFile:
    rest: dict[str, Any] = dict.fromkeys(_OTHERS, _NOT_ASKED)
    loaded: dict[str, Any] = {name: tuple(of.get(case.number, ())) for name, of in parts.items()}
    return CaseFile(case=case, item=item(tx, case.item_code, case.item_version), **rest | loaded)


# ── changing ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Change:
    """What was decided about one case, and the call that it comes of."""

    number: str
    outcome: Outcome
    actor: Actor
    request: str | None = None


def apply_all(tx: Unit, changes: Sequence[Change]) -> None:
    """As `applying.apply` does one after the other; no two of the same case, and none of staff, whose claims would have to be
    renewed. Raises `Conflict` or `NotFound`; the transaction must then be rolled back."""
    numbers = [change.number for change in changes]
    if len(set(numbers)) < len(numbers) or any(change.actor.kind == ActorKind.STAFF for change in changes):
        raise ValueError("one change of each case, and none of staff")
    if not numbers:
        return
    taken = update(cases).where(cases.c.number.in_(numbers)).values(version=cases.c.version + 1)
    if tx.count(taken) < len(numbers):
        raise NotFound("没有找到该办件，请核对办件编号。", numbers=numbers)
    many = _Many(tx)
    for change in changes:
        with tracing.because(change.request, change.number):
            tracing.touched(change.number)
            for effect in change.outcome:
                many.put(change, effect)
    many.write()
    counted = [change.number for change in changes if any(map(counting.matters, change.outcome))]
    if counted:
        keeping.recount_all(tx, counted)


class _Many:
    """Effects of many cases. What most of them have is gathered and written by one statement each, in order; the rest is
    carried out as it comes."""

    def __init__(self, tx: Unit) -> None:
        self._tx = tx
        self._legs: list[dict[str, Any]] = []
        self._papers: list[dict[str, Any]] = []
        self._hand_overs: list[dict[str, Any]] = []
        self._facts: list[audit.NewLine] = []

    def put(self, change: Change, effect: Effect) -> None:
        match effect:
            case Fact(action=action, detail=detail):
                self._facts.append(audit.NewLine(change.number, change.actor, action, detail))
            case Move(thing="leg", id=leg, came_from=was, to=to):
                self._legs.append({"leg": leg, "of": change.number, "was": was, "to": to})
            case Put(thing="leg", id=leg, values={"since": since, "confirmed": sure, **rest}) if (
                self._moves(leg) and not rest
            ):
                self._legs[-1] |= {"at": since, "sure": sure}
            case Put(thing="original", id=paper, values={"holder": holder, "department": department, **rest}) if (
                not rest
            ):
                self._papers.append({"paper": paper, "of": change.number, "by": holder, "at": department})
            case Add(entity=HandOver() as step):
                self._hand_overs.append(entity_values(self._tx, step, change.number))
            case _:
                if isinstance(effect, Put) and effect.thing in ("leg", "original"):
                    self.write()
                applying.carry_out(self._tx, change.number, effect, change.actor)

    def _moves(self, leg: str) -> bool:
        """It was gathered a moment ago, and not yet since when."""
        return bool(self._legs) and self._legs[-1]["leg"] == leg and "at" not in self._legs[-1]

    def write(self) -> None:
        tx, (legs_, papers, steps, facts) = self._tx, (self._legs, self._papers, self._hand_overs, self._facts)
        self._legs, self._papers, self._hand_overs, self._facts = [], [], [], []
        if steps:
            tx.execute(insert(KEPT["hand_over"].table), steps)
        if legs_ and tx.execute(_MOVED, legs_).rowcount != len(legs_):
            raise Conflict("该办件刚刚被他人更新，请刷新后重试。", legs=[row["leg"] for row in legs_])
        if papers and tx.execute(_PASSED_ON, papers).rowcount != len(papers):
            raise Conflict("该办件刚刚被他人更新，请刷新后重试。", papers=[row["paper"] for row in papers])
        audit.record_all(tx, facts)


_MOVED = (
    update(legs)
    .where(legs.c.id == bindparam("leg"), legs.c.case_number == bindparam("of"), legs.c.state == bindparam("was"))
    .values(state=bindparam("to"), since=bindparam("at"), confirmed=bindparam("sure"))
)
_PASSED_ON = (
    update(originals)
    .where(originals.c.case_number == bindparam("of"), originals.c.key == bindparam("paper"))
    .values(holder=bindparam("by"), department=bindparam("at"))
)
