"""The cases behind a figure: the same condition as was summed, newest first, page by page.

Refuses: what was said of a case to whoever worked on it. Such a case is not among those that were rated or complained
of, and its rating is left out elsewhere; the figure itself counts it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, select, true, tuple_

from cases.errors import NotFound
from cases.lifecycle import CaseState
from cases.model import CaseNumber
from storage import cursors
from storage.actors import Scope
from storage.care_tables import complaints
from storage.involved import involved_in, worked_on
from storage.statistics.figures import FIGURES, Figure
from storage.statistics.late import late_cases, of_slice
from storage.statistics.slices import EVERYTHING, Slice, in_period, in_place
from storage.statistics.tables import case_figures, order_figures
from storage.tables import corrections
from storage.unit import AnyRow, Unit

PAGE = 50
SHOWN = tuple(
    case_figures.c[name]
    for name in (
        *("case_number", "item_code", "region", "department", "channel", "state", "rounds", "worked_days"),
        *("concluded_at", "late", "level", "trips", "papers", "minutes"),
    )
)
"""Of a case. Not what was counted for it, which takes longer to unpack than all the rest."""
RATED = "rated_at"
"""The moment of a rating."""


@dataclass(frozen=True)
class Behind:
    """One case of a figure. `at`: its moment in that figure. `id`: of the order, where the figure counts orders."""

    number: CaseNumber
    at: datetime
    item_code: str
    region: str
    department: str
    channel: str
    state: CaseState
    rounds: int
    worked_days: int | None
    late: bool
    level: int | None
    trips: int
    papers: int
    hours: float
    id: str
    partner: str | None = None
    on_time: bool | None = None


@dataclass(frozen=True)
class Narrower:
    """What one square of a heat map, or one line of a table, narrows a figure to."""

    weekday: int | None = None
    hour: int | None = None
    partner: str | None = None


WHOLE = Narrower()


def behind(
    tx: Unit,
    name: str,
    scope: Scope,
    asked: Slice = EVERYTHING,
    narrower: Narrower = WHOLE,
    *,
    cursor: str | None = None,
    limit: int = PAGE,
) -> tuple[list[Behind], str | None]:
    """One page, and the cursor of the next. Raises `NotFound`, `InvalidRequest`."""
    if name not in FIGURES:
        raise NotFound("没有这个统计指标。", figure=name)
    figure = FIGURES[name]
    wanted = _Wanted(figure, scope, asked, narrower, cursor, limit + 1)
    rows = tx.all(_now(tx, wanted) if figure.about == "now" else _then(wanted))
    more = cursors.written(rows[limit - 1].at, rows[limit - 1].key) if len(rows) > limit else None
    own = worked_on(tx, {row.case_number for row in rows[:limit]}, scope.staff)
    return [_behind(row, row.case_number in own) for row in rows[:limit]], more


@dataclass(frozen=True)
class _Wanted:
    figure: Figure
    scope: Scope
    asked: Slice
    narrower: Narrower
    cursor: str | None
    most: int

    def behind(self, at: ColumnElement[Any], key: ColumnElement[Any]) -> ColumnElement[bool]:
        return tuple_(at, key) < tuple_(*cursors.read_dated(self.cursor)) if self.cursor else true()


def _then(wanted: _Wanted) -> Select[Any]:
    figure, scope, asked = wanted.figure, wanted.scope, wanted.asked
    at, key = _KEYS.get(figure.about, _of_case)(figure.moment)
    place = and_(in_place(case_figures, asked, scope), in_period(at, asked), at.is_not(None))
    found = _chosen(figure, at).where(place, _narrowed(wanted.narrower), wanted.behind(at, key))
    if figure.moment == RATED or figure.about == "complaint":
        found = found.where(~involved_in(case_figures.c.case_number, scope.staff))
    return found.order_by(at.desc(), key.desc()).limit(wanted.most)


def _now(tx: Unit, wanted: _Wanted) -> Select[Any]:
    """What is late; its figures are looked up once it is known what is shown of it."""
    late = late_cases(tx, wanted.scope)
    at, key = late.c.opened_at, late.c.number
    shown = select(at.label("at"), key.label("key")).where(of_slice(late, wanted.asked), wanted.behind(at, key))
    if wanted.narrower != WHOLE:
        own = exists().where(case_figures.c.case_number == key, _narrowed(wanted.narrower))
        shown = shown.where(own)
    page = shown.order_by(at.desc(), key.desc()).limit(wanted.most).subquery()
    found = select(*SHOWN, page.c.at, page.c.key).join(page, page.c.key == case_figures.c.case_number)
    return found.order_by(page.c.at.desc(), page.c.key.desc())


def _of_case(moment: str) -> tuple[Any, Any]:
    return case_figures.c[moment], case_figures.c.case_number


_KEYS: Mapping[str, Callable[[str], tuple[Any, Any]]] = {
    "order": lambda moment: (order_figures.c[moment], order_figures.c.booking_id),
    "complaint": lambda moment: (complaints.c[moment], complaints.c.id),
    "correction": lambda moment: (corrections.c[moment], corrections.c.id),
}
"""What a figure's lines are sorted by."""


def _chosen(figure: Figure, at: ColumnElement[datetime]) -> Select[Any]:
    c, o, k = case_figures.c, order_figures.c, complaints.c
    if figure.about == "order":
        ordered = select(*SHOWN, at.label("at"), o.booking_id.label("key"), o.partner, o.on_time)
        return ordered.join(order_figures, o.case_number == c.case_number).where(figure.where())
    if figure.about == "complaint":
        complained = select(*SHOWN, at.label("at"), k.id.label("key"))
        return complained.join(complaints, k.case_number == c.case_number).where(figure.where())
    if figure.about == "correction":
        sent = select(*SHOWN, at.label("at"), corrections.c.id.label("key"))
        return sent.join(corrections, corrections.c.case_number == c.case_number).where(figure.where())
    return select(*SHOWN, at.label("at"), c.case_number.label("key")).where(figure.where())


def _narrowed(narrower: Narrower) -> ColumnElement[bool]:
    c = case_figures.c
    wanted: list[ColumnElement[bool]] = [true()]
    if narrower.weekday is not None:
        wanted.append(c.weekday == narrower.weekday)
    if narrower.hour is not None:
        wanted.append(c.hour == narrower.hour)
    if narrower.partner is not None:
        wanted.append(order_figures.c.partner == narrower.partner)
    return and_(*wanted)


def _behind(row: AnyRow, own: bool) -> Behind:
    values = row._mapping
    return Behind(
        CaseNumber(row.case_number),
        row.at,
        row.item_code,
        row.region,
        row.department,
        row.channel,
        CaseState(row.state),
        row.rounds,
        row.worked_days if row.concluded_at else None,
        row.late,
        None if own else row.level,
        row.trips,
        row.papers,
        round(row.minutes / 60, 1),
        row.key,
        values.get("partner"),
        values.get("on_time"),
    )
