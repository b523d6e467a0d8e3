"""The board: what is late or nearly, who holds it, and how much everybody has of it.

The merge of the sources in `storage.waits`, most urgent first, by keyset. Nothing is kept twice: a light is two times
compared, and a deadline that moves moves the light. Rules (`cases.supervision`) come from the settings.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from cases.errors import Conflict, NotFound
from cases.supervision import Rules, WaitKind, rules_from
from storage import audit, cursors, lit
from storage.actors import Actor, Scope
from storage.care_tables import supervision_versions, urges
from storage.lit import After, Seen
from storage.tables import settings
from storage.unit import AnyRow, Unit
from storage.wait_source import at
from storage.waits import RULES_NAME, Look, WaitRow, look, rules, urged, wait_row, waiting
from storage.words import Role

PAGE = 50
VERSIONS = 20
COUNTED = 1_000
"""Of each source, no more than so many are counted; who has more says "more than"."""
FULL_LASTS_S = 30.0
"""So long what a source was counted to is taken for true, where it had more than was counted."""
WAYS = 256
"""Of looking at the board, whose full sources are remembered."""


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
        seeing, after = look(self._tx), _after(cursor)
        question = lit.page(lit.way(scope, seen, seeing.rules), PAGE + 1, after=after is not None)
        rows = self._tx.execute(question, [lit.told(scope, seen, seeing, after)]).all()
        found = sorted(((lit.end(lit.BY_KIND[row.kind], row), row) for row in rows), key=_place)
        told = [wait_row(lit.BY_KIND[row.kind], row, due, seeing.now) for due, row in found[:PAGE]]
        last = told[-1] if len(found) > PAGE else None
        more = cursors.written(last.due, f"{last.kind}/{last.subject}") if last else None
        return self._with_urges(told), more

    def counts(self, scope: Scope, seen: Seen) -> Counts:
        """Of what is lit, by holder and by kind."""
        seeing = look(self._tx)
        holders: dict[str, list[int]] = {}
        by_kind: dict[WaitKind, list[int]] = {}
        for row in self._counted(scope, seen, seeing):
            for tally in (holders.setdefault(row.holder, [0, 0]), by_kind.setdefault(WaitKind(row.kind), [0, 0])):
                tally[0] += row.red
                tally[1] += row.many - row.red
        listed = [Held(name, red, yellow) for name, (red, yellow) in holders.items()]
        listed.sort(key=lambda h: (-h.red, -h.yellow, h.holder))
        red, yellow = (sum(tally[i] for tally in by_kind.values()) for i in (0, 1))
        more = any(sum(tally) >= COUNTED for tally in by_kind.values())
        return Counts(red, yellow, tuple(listed), {k: (v[0], v[1]) for k, v in by_kind.items()}, more)

    def _counted(self, scope: Scope, seen: Seen, seeing: Look) -> list[AnyRow]:
        """By kind and holder. What is more than is counted is not counted again for a while."""
        way, cache = lit.way(scope, seen, seeing.rules), self._tx.item_cache.lit
        whose = (scope, seen, way)
        seen_at, full = cache.get(whose, (0.0, {}))
        if time.monotonic() - seen_at >= FULL_LASTS_S:
            full = {}
        rows = [row for kept in full.values() for row in kept]
        if full.keys() >= {str(source.kind) for source in way.sources}:
            return rows
        question = lit.counted(way, COUNTED, frozenset(full))
        found: dict[str, list[AnyRow]] = {}
        for row in self._tx.execute(question, [lit.told(scope, seen, seeing)]).all():
            found.setdefault(row.kind, []).append(row)
        if not full:
            if len(cache) >= WAYS:
                cache.clear()
            fuller = {kind: each for kind, each in found.items() if sum(row.many for row in each) >= COUNTED}
            cache[whose] = time.monotonic(), fuller
        return [*rows, *(row for each in found.values() for row in each)]

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
        source = lit.BY_KIND[kind]
        wanted = waiting(source, scope).where(source.subject == subject, source.due.is_not(None))
        row = self._tx.one(wanted.params(**at(seeing.now)))
        if row is None:
            raise NotFound("没有这项等待的工作，可能已经办完。", kind=str(kind), subject=subject)
        return self._with_urges([wait_row(source, row, source.end(row.due), seeing.now)])[0]


def _place(found: tuple[datetime, AnyRow]) -> tuple[datetime, str, str]:
    end, row = found
    return end, row.kind, row.subject


def _after(cursor: str | None) -> After | None:
    if not cursor:
        return None
    end, key = cursors.read_dated(cursor)
    kind, _, subject = key.partition("/")
    if kind not in set(WaitKind):
        raise cursors.refused(cursor)
    return end, kind, subject
