"""The ladder of urgings 催办 and their inbox: each step is written once for one deadline and seen by the role it names, until
somebody acknowledges it or what it is about has moved on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, extract, func, or_, select, update

from cases.errors import Conflict, NotFound
from cases.lifecycle import CaseState
from cases.model import CaseNumber
from cases.supervision import CARE, HOLDER, Rules, Rung, WaitKind, holding_role, told_since
from storage import audit, cursors
from storage.actors import Actor, Scope, region_prefix
from storage.care_tables import urges
from storage.ids import new_id
from storage.involved import involved_in
from storage.tables import cases, items
from storage.unit import AnyRow, Unit
from storage.wait_source import Source, at
from storage.waits import SOURCES, WaitRow, look, wait_row, waiting
from storage.words import Role

PAGE = 50
BATCH = 200


@dataclass(frozen=True)
class Urge:
    """`step` 0: by hand, by `by`, with a `message`. `ended_at`: what it is about has moved on."""

    id: str
    kind: WaitKind
    subject: str
    number: CaseNumber
    item_name: str
    department: str
    role: Role
    step: int
    due: datetime
    staff: str | None
    by: str | None
    made_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    ended_at: datetime | None
    message: str | None = field(default=None, repr=False)


class Urges:
    def __init__(self, tx: Unit) -> None:
        self._tx = tx

    # ── the inbox ──

    def inbox(
        self, scope: Scope, roles: frozenset[Role], *, unseen: bool = True, cursor: str | None = None
    ) -> tuple[list[Urge], str | None]:
        """What somebody is urged to do, newest first."""
        wanted = self._mine(scope, roles, unseen=unseen)
        if cursor:
            made, key = cursors.read_dated(cursor)
            wanted = wanted.where(or_(urges.c.made_at < made, and_(urges.c.made_at == made, urges.c.id < key)))
        rows = self._tx.all(wanted.order_by(urges.c.made_at.desc(), urges.c.id.desc()).limit(PAGE + 1))
        more = cursors.written(rows[PAGE - 1].made_at, rows[PAGE - 1].id) if len(rows) > PAGE else None
        return [self._urge_of(row) for row in rows[:PAGE]], more

    def unseen(self, scope: Scope, roles: frozenset[Role], most: int = 100) -> int:
        """How many wait to be acknowledged; no more are counted than `most`."""
        found = self._mine(scope, roles, unseen=True).limit(most).subquery()
        return int(self._tx.execute(select(func.count()).select_from(found)).scalar_one())

    def acknowledge(self, identity: str, scope: Scope, roles: frozenset[Role], *, actor: Actor) -> Urge:
        """Seen. The first word counts. Raises `NotFound`."""
        mine = self._mine(scope, roles, unseen=False).where(urges.c.id == identity)
        if self._tx.one(mine) is None:
            raise NotFound("没有这条催办。", id=identity)
        first = and_(urges.c.id == identity, urges.c.acknowledged_at.is_(None))
        seen = {"acknowledged_at": self._tx.now(), "acknowledged_by": actor.id}
        new = self._tx.count(update(urges).where(first).values(**seen)) == 1
        made = self._urge_of(self._tx.execute(mine).one())
        if new:
            chain = f"{made.kind}:{made.subject}" if made.kind in CARE else made.number
            audit.record(self._tx, chain, actor, "urge_acknowledged", {"kind": str(made.kind), "step": made.step})
        return made

    def of_wait(self, wait: WaitRow) -> list[Urge]:
        """Everything that was said of one deadline, in order."""
        u = urges.c
        same = and_(u.kind == wait.kind, u.subject == wait.subject, u.due == wait.due)
        return [self._urge_of(row) for row in self._tx.all(self._all().where(same).order_by(u.seq))]

    def _mine(self, scope: Scope, roles: frozenset[Role], *, unseen: bool) -> Select[Any]:
        u = urges.c
        theirs: ColumnElement[bool] = u.role.in_(sorted(map(str, roles)))
        if scope.departments is not None:
            theirs = and_(theirs, u.department.in_(sorted(scope.departments)))
        if scope.region is not None:
            theirs = and_(theirs, u.region.startswith(region_prefix(scope.region), autoescape=True))
        apart = or_(u.kind.not_in(sorted(map(str, CARE))), ~involved_in(u.case_number, scope.staff))
        wanted = self._all().where(or_(u.staff == scope.staff, theirs), apart)
        return wanted.where(u.acknowledged_at.is_(None), u.ended_at.is_(None)) if unseen else wanted

    def _all(self) -> Select[Any]:
        named = select(urges, items.c.name.label("item_name")).join(cases, cases.c.number == urges.c.case_number)
        return named.join(items, and_(items.c.code == cases.c.item_code, items.c.version == cases.c.item_version))

    def _urge_of(self, row: AnyRow) -> Urge:
        message = None if row.message is None else self._tx.unseal(urges, "message", row.id, row.message)
        kept = {name: row._mapping[name] for name in Urge.__dataclass_fields__ if name in urges.c}
        typed = {"kind": WaitKind(row.kind), "role": Role(row.role), "message": message}
        return Urge(**{**kept, **typed, "number": CaseNumber(row.case_number), "item_name": row.item_name})

    # ── the ladder ──

    def owed(self) -> Iterator[tuple[WaitRow, int, Rung]]:
        """Steps of the ladder that are due and were not taken; at most `BATCH` of each."""
        seeing = look(self._tx)
        for source in SOURCES:
            for ladder, where in _ladders(source, seeing.rules):
                for step, rung in enumerate(ladder, 1):
                    since = source.moment("told", told_since(rung, seeing.now, seeing.calendar))
                    late = and_(where, source.ends_before("told"), ~_taken(source, step))
                    wanted = waiting(source, Scope.everything()).where(late).params(**since, **at(seeing.now))
                    for row in self._tx.all(wanted.order_by(source.due, source.subject).limit(BATCH)):
                        yield wait_row(source, row, source.end(row.due), seeing.now), step, rung

    def escalate(self, wait: WaitRow, step: int, rung: Rung, *, actor: Actor) -> bool:
        """Takes one step, once: a row that the named role sees."""
        role = holding_role(wait.kind, wait.state) if rung.role == HOLDER else rung.role
        staff = wait.holder.removeprefix("staff:") if step == 1 and wait.holder.startswith("staff:") else None
        new = self._tx.insert_new(urges, self._urge(wait, step, role, staff))
        if new:
            self._note(wait, actor, "urged", {"kind": str(wait.kind), "step": step, "role": role})
        return new

    def urge(self, wait: WaitRow, message: str, *, actor: Actor) -> str:
        """By hand, to whoever holds it; its id. Raises `Conflict` while an earlier one is not acknowledged."""
        u = urges.c
        same = and_(u.kind == wait.kind, u.subject == wait.subject, u.step == 0, u.by == actor.id)
        unseen = and_(same, u.acknowledged_at.is_(None), u.ended_at.is_(None))
        if self._tx.one(select(u.id).where(unseen).limit(1)) is not None:
            raise Conflict("已经催办过，对方还没有签收。", kind=str(wait.kind), subject=wait.subject)
        staff = wait.holder.removeprefix("staff:") if wait.holder.startswith("staff:") else None
        values = self._urge(wait, 0, holding_role(wait.kind, wait.state), staff)
        sealed = self._tx.seal(urges, "message", values["id"], message)
        self._tx.execute(urges.insert().values(**{**values, "message": sealed, "by": actor.id}))
        self._note(wait, actor, "urged", {"kind": str(wait.kind), "step": 0})
        return str(values["id"])

    def _urge(self, wait: WaitRow, step: int, role: str, staff: str | None) -> dict[str, Any]:
        return {
            "id": new_id(),
            "case_number": wait.number,
            "kind": wait.kind,
            "subject": wait.subject,
            "due": wait.due,
            "step": step,
            "role": role,
            "department": _department_of(wait),
            "region": wait.region,
            "staff": staff,
            "made_at": self._tx.now(),
        }

    def _note(self, wait: WaitRow, actor: Actor, action: str, detail: Mapping[str, Any]) -> None:
        """On the case's chain; of what the case's own people must not hear of, on its own."""
        chain = f"{wait.kind}:{wait.subject}" if wait.kind in CARE else wait.number
        audit.record(self._tx, chain, actor, action, detail)

    def end_over(self) -> int:
        """Urgings about what has moved on, or has another deadline now, are over."""
        ended = 0
        for source in SOURCES:
            still = waiting(source, Scope.everything()).where(
                cases.c.number == urges.c.case_number,
                source.subject == urges.c.subject,
                source.seconds() == extract("epoch", urges.c.due),
            )
            still = still.params(**at(self._tx.now()))
            over = and_(urges.c.kind == source.kind, urges.c.ended_at.is_(None), ~still.correlate(urges).exists())
            ended += self._tx.count(update(urges).where(over).values(ended_at=self._tx.now()))
        return ended


def _ladders(source: Source, rules: Rules) -> list[tuple[tuple[Rung, ...], ColumnElement[bool]]]:
    """Each ladder, and which of the source is on it."""
    if not source.states:
        return [(rules.of(source.kind).ladder, source.due.is_not(None))]
    by_ladder: dict[tuple[Rung, ...], list[CaseState]] = {}
    for state in source.states:
        by_ladder.setdefault(rules.of(source.kind, state).ladder, []).append(state)
    return [(ladder, cases.c.state.in_(states)) for ladder, states in by_ladder.items()]


def _taken(source: Source, step: int) -> ColumnElement[bool]:
    u = urges.c
    same = and_(u.kind == source.kind, u.subject == source.subject, u.step == step)
    return exists().where(same, extract("epoch", u.due) == source.seconds())


def _department_of(wait: WaitRow) -> str:
    return wait.holder.removeprefix("department:") if wait.holder.startswith("department:") else wait.department
