"""The board: what is late or nearly, who holds it, and how much everybody has of it.

The merge of the sources in `storage.waits`, most urgent first, by keyset. Nothing is kept twice: a light is two times
compared, and a deadline that moves moves the light. Rules (`cases.supervision`) come from the settings.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, extract, func, or_, select

from cases.errors import Conflict, NotFound
from cases.supervision import Rules, WaitKind, Yellow, rules_from
from storage import audit, cursors
from storage.actors import Actor, Scope
from storage.care_tables import supervision_versions, urges
from storage.tables import cases, settings
from storage.unit import AnyRow, Unit
from storage.wait_source import Source
from storage.waits import RULES_NAME, Look, WaitRow, look, rules, sources, urged, wait_row, waiting
from storage.words import Role

PAGE = 50
VERSIONS = 20
COUNTED = 1_000
"""Of each source, no more than so many are counted; who has more says "more than"."""


@dataclass(frozen=True)
class Held:
    """How much of what is lit one holder has."""

    holder: str
    red: int
    yellow: int


@dataclass(frozen=True)
class Counts:
    red: int
    yellow: int
    holders: tuple[Held, ...]
    by_kind: Mapping[WaitKind, tuple[int, int]]
    more: bool
    """There is more than was counted."""


@dataclass(frozen=True)
class Seen:
    """What of the board is wanted; empty: everything."""

    light: str = ""
    kind: str = ""
    state: str = ""
    department: str = ""
    holder: str = ""


@dataclass(frozen=True)
class Version:
    """Rules that were put in force: what differed from the usual."""

    number: int
    said: Mapping[str, Any]
    why: str
    by: str
    at: datetime


class Supervision:
    def __init__(self, tx: Unit) -> None:
        self._tx = tx

    # ── rules ──

    def rules(self) -> Rules:
        return rules(self._tx)

    def put_rules(self, said: Mapping[str, Any], *, actor: Actor, why: str = "", seen: int | None = None) -> Rules:
        """What differs from the usual, as a new version. `seen`: the version that was looked at. Raises `Conflict`,
        `InvalidRequest`."""
        made = rules_from(said, frozenset(map(str, Role)))
        plain = json.loads(json.dumps(said))
        self._tx.put(settings, "name", {"name": RULES_NAME, "value": plain})  # and nobody else writes until we are done
        _, newest = self.said()
        if seen is not None and seen != newest:
            raise Conflict("规则刚刚由他人修改，请刷新后重试。", version=newest)
        version = {"said": plain, "why": why, "by": actor.id, "at": self._tx.now()}
        self._tx.execute(supervision_versions.insert().values(**version))
        audit.record(self._tx, "system", actor, "supervision_rules_put", {"names": sorted(said)})
        return made

    def said(self) -> tuple[Mapping[str, Any], int]:
        """What differs from the usual now, and the number of that version; 0: nobody has said anything."""
        v = supervision_versions.c
        newest = self._tx.one(select(v.said, v.seq).order_by(v.seq.desc()).limit(1))
        return ({}, 0) if newest is None else (newest.said, newest.seq)

    def versions(
        self, before: int | None = None, limit: int = VERSIONS
    ) -> tuple[list[tuple["Version", Mapping[str, Any]]], int | None]:
        """The newest first, each with what was said before it; and where the next page begins."""
        v = supervision_versions.c
        wanted = select(supervision_versions).order_by(v.seq.desc()).limit(limit + 1)
        rows = self._tx.all(wanted if before is None else wanted.where(v.seq < before))
        each = [Version(row.seq, row.said, row.why, row.by, row.at) for row in rows]
        older: list[Mapping[str, Any]] = [*(one.said for one in each[1:]), {}]
        more = each[limit - 1].number if len(each) > limit else None
        return list(zip(each, older, strict=False))[:limit], more

    # ── the board ──

    def board(self, scope: Scope, seen: Seen, cursor: str | None = None) -> tuple[list[WaitRow], str | None]:
        """One page of what is lit, most urgent first, and the cursor of the next."""
        seeing = look(self._tx)
        after = _after(cursor)
        found = [
            (source, row) for source in _wanted(seen, seeing) for row in self._first(source, seeing, scope, seen, after)
        ]
        found.sort(key=lambda each: (each[0].end(each[1]), each[0].kind, each[1].subject))
        told = [wait_row(source, row, seeing.now) for source, row in found[:PAGE]]
        last = told[-1] if len(found) > PAGE else None
        more = cursors.written(last.due, f"{last.kind}/{last.subject}") if last else None
        return self._with_urges(told), more

    def _first(
        self, source: Source, seeing: Look, scope: Scope, seen: Seen, after: tuple[datetime, str, str] | None
    ) -> Sequence[AnyRow]:
        """What is red comes first, and is found in the index's own order; rules by state are looked at where there is
        room after it."""
        if source.states and not seen.light:
            red = _page(source, seeing, scope, replace(seen, light="red"), after)
            rows = self._tx.all(red.limit(PAGE + 1))
            if len(rows) > PAGE:
                return rows
        return self._tx.all(_page(source, seeing, scope, seen, after).limit(PAGE + 1))

    def counts(self, scope: Scope, seen: Seen) -> Counts:
        """Of what is lit, by holder and by kind."""
        seeing = look(self._tx)
        holders: dict[str, list[int]] = {}
        by_kind: dict[WaitKind, list[int]] = {}
        more = False
        for source in _wanted(seen, seeing):
            rows = self._tx.all(_counted(source, seeing, scope, seen))
            for row in rows:
                for tally in (holders.setdefault(row.holder, [0, 0]), by_kind.setdefault(source.kind, [0, 0])):
                    tally[0] += row.red
                    tally[1] += row.many - row.red
            more = more or sum(row.many for row in rows) >= COUNTED
        listed = [Held(name, red, yellow) for name, (red, yellow) in holders.items()]
        listed.sort(key=lambda h: (-h.red, -h.yellow, h.holder))
        red, yellow = (sum(tally[i] for tally in by_kind.values()) for i in (0, 1))
        return Counts(red, yellow, tuple(listed), {k: (v[0], v[1]) for k, v in by_kind.items()}, more)

    def _with_urges(self, rows: Sequence[WaitRow]) -> list[WaitRow]:
        u = urges.c
        told = self._tx.all(
            select(u.kind, u.subject, u.due, func.count().label("many"))
            .where(u.case_number.in_({row.number for row in rows}), u.ended_at.is_(None))
            .group_by(u.kind, u.subject, u.due)
        )
        many = {(t.kind, t.subject, t.due): t.many for t in told}
        return [urged(row, many.get((row.kind, row.subject, row.due), 0)) for row in rows]

    def wait(self, kind: WaitKind, subject: str, scope: Scope) -> WaitRow:
        """One thing that waits with a deadline, lit or not. Raises `NotFound`."""
        seeing = look(self._tx)
        source = next(s for s in sources(seeing.now) if s.kind is kind)
        row = self._tx.one(waiting(source, scope).where(source.subject == subject, source.due.is_not(None)))
        if row is None:
            raise NotFound("没有这项等待的工作，可能已经办完。", kind=str(kind), subject=subject)
        return self._with_urges([wait_row(source, row, seeing.now)])[0]


def _wanted(seen: Seen, look: Look) -> list[Source]:
    return [s for s in sources(look.now) if not seen.kind or s.kind == seen.kind]


def _page(source: Source, look: Look, scope: Scope, seen: Seen, after: tuple[datetime, str, str] | None) -> Select[Any]:
    wanted = _lit(waiting(source, scope), source, look, seen)
    if after is not None:
        at, kind, subject = after
        further = source.ends_after(at, at_it=source.kind > kind)
        if source.kind == kind:
            same = and_(source.ends_before(at), source.ends_after(at, at_it=True), source.subject > subject)
            further = or_(further, same)
        wanted = wanted.where(further)
    return wanted.order_by(source.due, source.subject)


def _lit(wanted: Select[Any], source: Source, look: Look, seen: Seen) -> Select[Any]:
    red, yellow = source.ends_before(look.now), _yellow(source, look)
    light = yellow if seen.light == "yellow" else or_(red, yellow)
    if seen.light == "red":
        wanted = wanted.where(source.due.is_not(None), red)
    else:
        wanted = wanted.where(source.due.is_not(None), source.ends_before(_horizon(source, look)), light)
    if seen.state:
        wanted = wanted.where(cases.c.state == seen.state)
    if seen.department:
        wanted = wanted.where(source.department == seen.department)
    if seen.holder:
        wanted = wanted.where(source.holder == seen.holder)
    return wanted


def _yellows(source: Source, rules: Rules) -> dict[str, Yellow]:
    return {str(s): rules.of(source.kind, s).yellow for s in source.states or ("",)}


def _horizon(source: Source, look: Look) -> datetime:
    """Nothing that ends later is lit: what the index is asked for."""
    return max(look.now, *(y.horizon(look.now, look.calendar) for y in _yellows(source, look.rules).values()))


def _yellow(source: Source, look: Look) -> ColumnElement[bool]:
    by_state = [
        and_(*([cases.c.state == state] if state else []), _near(source, yellow, look))
        for state, yellow in _yellows(source, look.rules).items()
    ]
    return and_(source.ends_after(look.now, at_it=False), or_(*by_state))


def _near(source: Source, yellow: Yellow, look: Look) -> ColumnElement[bool]:
    near = source.ends_before(yellow.horizon(look.now, look.calendar))
    if yellow.share == 1:
        return near
    left, whole = source.seconds() - look.now.timestamp(), source.seconds() - extract("epoch", source.since)
    return and_(near, left <= yellow.share * whole)


def _counted(source: Source, look: Look, scope: Scope, seen: Seen) -> Select[Any]:
    lit = _lit(waiting(source, scope), source, look, seen)
    red = case((source.ends_before(look.now), 1), else_=0).label("red")
    each = lit.add_columns(red).limit(COUNTED).subquery()
    return select(each.c.holder, func.count().label("many"), func.sum(each.c.red).label("red")).group_by(each.c.holder)


def _after(cursor: str | None) -> tuple[datetime, str, str] | None:
    if not cursor:
        return None
    at, key = cursors.read_dated(cursor)
    kind, _, subject = key.partition("/")
    if kind not in set(WaitKind):
        raise cursors.refused(cursor)
    return at, kind, subject
