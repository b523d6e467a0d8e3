"""Figures over all cases within one's departments: the sums, what each one means, the cases behind it, and the tables as
CSV. Test cases are left out. Every figure and its definition: docs/statistics.md."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response

from cases.errors import NotFound
from cases.lifecycle import CASE
from storage.statistics.asking import Statistics
from storage.statistics.drilling import Behind, Narrower
from storage.statistics.figures import FIGURES, STAGES
from storage.statistics.slices import Slice
from web.auth import Desk, requires
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape, Time

router = APIRouter(prefix="/desk/api", tags=["desk"])
D = Annotated[Doors, Depends(doors)]
Me = Annotated[Desk, Depends(requires(Permission.STATS_READ))]
Day = date | Literal[""] | None
"""A form sends a field that was left empty."""
Word = Annotated[str | None, Query(max_length=64)]


def asked_for(
    *,
    start: Annotated[Day, Query(description="First day, in Beijing.")] = None,
    end: Annotated[Day, Query(description="Last day, included.")] = None,
    region: Word = None,
    department: Word = None,
    item: Word = None,
    channel: Word = None,
) -> Slice:
    """The part that is looked at; a region with those that lie in it."""
    return Slice(start or None, end or None, region or None, department or None, item or None, channel or None)


def narrowed_to(
    weekday: Annotated[int | None, Query(ge=0, le=6, description="0 is Monday.")] = None,
    hour: Annotated[int | None, Query(ge=0, le=23)] = None,
    partner: Word = None,
) -> Narrower:
    """One square of a heat map, or one line of the couriers' table."""
    return Narrower(weekday, hour, partner)


Asked = Annotated[Slice, Depends(asked_for)]
Narrow = Annotated[Narrower, Depends(narrowed_to)]


class CycleView(Shape):
    """Hours from opening; of the newest thousand cases."""

    cases: int
    median_h: float
    p90_h: float


class CourierView(Shape):
    orders: int
    done: int
    failed: int
    refused: int
    cancelled: int
    moved: int
    handed: int
    on_time: int
    on_time_rate: float | None
    mean_hours: float | None


class MonthView(Shape):
    month: date
    opened: int
    concluded: int
    on_time_rate: float | None
    working_days: float | None


class StatsView(Shape):
    """A rate is a share of one; null where there is nothing to take it of."""

    cases: int
    by_state: dict[str, int]
    by_item: dict[str, int]
    by_region: dict[str, int]
    by_channel: dict[str, int]
    by_office: dict[str, int]
    """Region/department."""
    to_accepted: CycleView
    to_concluded: CycleView
    submitted: int
    passed: int
    accepted: int
    concluded: int
    approved: int
    delivered: int
    overdue: int
    first_pass_rate: float | None
    rounds: dict[int, int]
    """Cases past pre-audit by how often they were returned; 3: three times or more."""
    mean_rounds: float | None
    rounds_because: dict[str, int]
    """Second notices of correction, and later ones, by why they were needed: new_page, not_mended, changed_after."""
    stage_hours: dict[str, float | None]
    on_time_rate: float | None
    lawful_rate: float | None
    working_days: float | None
    complaints: int
    answer_rate: float | None
    resolved_rate: float | None
    satisfaction: float | None
    ratings: dict[int, int]
    trips_saved: int
    papers_saved: int
    hours_saved: float
    late: int
    """Counted up to a thousand, among the two thousand that are longest late."""
    late_more: bool
    """There may be more than that."""
    hours: list[list[int]]
    """Handed in, by weekday (Monday first) and hour of Beijing."""
    hours_by_item: dict[str, list[int]]
    hours_by_office: dict[str, list[int]]
    hours_by_channel: dict[str, list[int]]
    couriers: dict[str, CourierView]
    months: list[MonthView]


class FigureView(Shape):
    figure: str
    label: str
    means: str


class FiguresView(Shape):
    figures: list[FigureView]


class BehindView(Shape):
    """`at`: the moment by which the figure counts the case."""

    case: str
    at: Time
    item: str
    region: str
    department: str
    channel: str
    state: str
    state_label: str
    rounds: int
    working_days: int | None
    late: bool
    level: int | None
    trips: int
    papers: int
    hours: float
    partner: str | None
    on_time: bool | None


class CasesBehindView(Shape):
    figure: str
    label: str
    means: str
    cases: list[BehindView]
    cursor: str | None


@router.get("/stats")
def show_stats(me: Me, d: D, asked: Asked) -> StatsView:
    """How the whole does: how many, how fast, how well, when, and what was spared."""
    with d.database.reading() as tx:
        return StatsView.model_validate(asdict(tx.statistics(me.scope, asked)))


@router.get("/stats/figures")
def list_figures(_me: Me) -> FiguresView:
    """What each figure means."""
    return FiguresView(figures=[FigureView(figure=n, label=f.label, means=f.means) for n, f in FIGURES.items()])


@router.get("/stats/cases")
def list_behind(
    me: Me,
    d: D,
    *,
    figure: Annotated[str, Query(max_length=40)],
    asked: Asked,
    narrow: Narrow,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> CasesBehindView:
    """The cases behind a figure, newest first."""
    with d.database.reading() as tx:
        rows, more = tx.behind_figure(figure, me.scope, asked, narrow, cursor=cursor)
    told = FIGURES[figure]
    return CasesBehindView(
        figure=figure, label=told.label, means=told.means, cases=[_behind(row) for row in rows], cursor=more
    )


def _behind(row: Behind) -> BehindView:
    return BehindView(
        case=row.number,
        at=row.at,
        item=row.item_code,
        region=row.region,
        department=row.department,
        channel=row.channel,
        state=row.state,
        state_label=CASE.labels[row.state],
        rounds=row.rounds,
        working_days=row.worked_days,
        late=row.late,
        level=row.level,
        trips=row.trips,
        papers=row.papers,
        hours=row.hours,
        partner=row.partner,
        on_time=row.on_time,
    )


# ── as CSV ──

Cell = str | int | float | None
_HOURS = [f"{hour}时" for hour in range(24)]
_WEEK = "一二三四五六日"


def _counted(head: str, counts: Mapping[str, int], hours: Mapping[str, Sequence[int]]) -> Iterable[Sequence[Cell]]:
    yield [head, "办件数", *(f"{hour}提交" for hour in _HOURS)]
    for name, count in counts.items():
        yield [name, count, *hours.get(name, [0] * 24)]


def _week(s: Statistics) -> Iterable[Sequence[Cell]]:
    yield ["星期", *_HOURS]
    for day, counts in enumerate(s.hours):
        yield [f"周{_WEEK[day]}", *counts]


def _couriers(s: Statistics) -> Iterable[Sequence[Cell]]:
    names = ("orders", "orders_done", "orders_failed", "orders_refused", "orders_cancelled", "orders_moved")
    yield ["寄递伙伴", *(FIGURES[name].label for name in names), "准时取件率", "平均在途小时"]
    for partner, c in s.couriers.items():
        counts = (c.orders, c.done, c.failed, c.refused, c.cancelled, c.moved)
        yield [partner, *counts, c.on_time_rate, c.mean_hours]


def _months(s: Statistics) -> Iterable[Sequence[Cell]]:
    yield ["月份", "办件数", "办结数", "按时办结率", "平均办理周期"]
    for m in s.months:
        yield [f"{m.month:%Y-%m}", m.opened, m.concluded, m.on_time_rate, m.working_days]


def _all(s: Statistics) -> Iterable[Sequence[Cell]]:
    yield ["指标", "数值"]
    for name, value in (
        *(("cases", s.cases), ("submitted", s.submitted), ("passed", s.passed), ("first_pass", s.first_pass_rate)),
        *((f"rounds_{n}", s.rounds.get(n, 0)) for n in (1, 2, 3)),
        ("corrected", s.mean_rounds),
        *((f"because_{cause}", n) for cause, n in s.rounds_because.items()),
        *(("accepted", s.accepted), ("concluded", s.concluded), ("approved", s.approved), ("on_time", s.on_time_rate)),
        *(("overdue", s.overdue), ("working_days", s.working_days), ("delivered", s.delivered)),
        *(("trips", s.trips_saved), ("papers", s.papers_saved), ("hours_saved", s.hours_saved)),
        *(("complaints", s.complaints), ("answered", s.answer_rate), ("resolved", s.resolved_rate)),
        *(("satisfied", s.satisfaction), ("late", f"{s.late}+" if s.late_more else s.late)),
    ):
        yield [FIGURES[name].label, value]
    for stage, label in STAGES.items():
        yield [f"{label}用时（小时）", s.stage_hours.get(stage)]
    for state, label in CASE.labels.items():
        yield [label, s.by_state.get(state, 0)]


TABLES: Mapping[str, Callable[[Statistics], Iterable[Sequence[Cell]]]] = {
    "figures": _all,
    "items": lambda s: _counted("事项", s.by_item, s.hours_by_item),
    "offices": lambda s: _counted("区域/部门", s.by_office, s.hours_by_office),
    "channels": lambda s: _counted("渠道", s.by_channel, s.hours_by_channel),
    "week": _week,
    "couriers": _couriers,
    "months": _months,
}


@router.get("/stats/{table}.csv", response_class=Response)
def show_table(me: Me, d: D, table: str, asked: Asked) -> Response:
    """One table as CSV, with the mark by which spreadsheets know UTF-8: figures, items, offices, channels, week, couriers,
    months."""
    if table not in TABLES:
        raise NotFound("没有这张表。", table=table, tables=list(TABLES))
    with d.database.reading() as tx:
        rows = TABLES[table](tx.statistics(me.scope, asked))
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    named = {"Content-Disposition": f'attachment; filename="{table}.csv"', "Cache-Control": "private, no-store"}
    return Response("\ufeff" + out.getvalue(), media_type="text/csv; charset=utf-8", headers=named)
