"""How the whole does, as a page: the same figures as the JSON door's, with charts of them; each leads to its cases."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from cases.deadlines import beijing_day
from cases.lifecycle import CASE
from cases.rulings import Because
from courier.registry import labels as partner_labels
from storage.statistics.asking import NEWEST
from storage.statistics.figures import FIGURES, LEVELS, STAGES
from web.auth import Desk, requires
from web.desk.pages.charts import Bar, Series, bars, columns, heat
from web.desk.pages.shell import PageRoute, page
from web.desk.statistics import Asked, MonthView, Narrow, StatsView, list_behind, show_stats
from web.doors import Doors, doors
from web.permissions import Permission

router = APIRouter(prefix="/desk", include_in_schema=False, route_class=PageRoute)
D = Annotated[Doors, Depends(doors)]
Me = Annotated[Desk, Depends(requires(Permission.STATS_READ))]
WEEK = [f"周{day}" for day in "一二三四五六日"]
HOURS = [str(hour) for hour in range(24)]
ROWS = {"item": "事项", "office": "办理部门", "channel": "渠道"}
CHANNELS = {"miniapp": "小程序", "kiosk": "自助终端", "agent": "代办点", "counter": "窗口", "h5": "网页"}
SHORTLY = {
    Because.NEW_PAGE: "新交的页面有问题",
    Because.NOT_MENDED: "上次告知过、没补好",
    Because.CHANGED_AFTER: "告知以后情况有变",
}
"""Why a second notice was needed, as a chart has room for it."""
MONTHS = 24
MOST = 12
"""Rows of a chart; the table under it has them all."""


@dataclass(frozen=True)
class Tile:
    figure: str
    value: str
    unit: str = ""
    note: str = ""
    alarming: bool = False

    @property
    def label(self) -> str:
        return FIGURES[self.figure].label

    @property
    def means(self) -> str:
        return FIGURES[self.figure].means


class Names:
    """What codes are called, and where things lead."""

    def __init__(self, d: Doors, asked: Mapping[str, Any]) -> None:
        with d.database.reading() as tx:
            self.items = {item.code: item.name for item in tx.items()}
            regions = tx.region_names()
        self.regions = {code: region.name for code, region in regions.items()}
        self._departments = {
            (code, key): name for code, region in regions.items() for key, name in region.departments.items()
        }
        self._partners = partner_labels()
        self._asked = asked

    def departments(self) -> dict[str, str]:
        return {key: name for (_, key), name in sorted(self._departments.items(), reverse=True)}

    def item(self, code: str) -> str:
        return self.items.get(code, code)

    def region(self, code: str) -> str:
        return self.regions.get(code, code)

    def office(self, key: str) -> str:
        region, _, department = key.partition("/")
        name = self._departments.get((region, department)) or self.departments().get(department, department)
        where = self.region(region)
        # 广州市海珠区 and 海珠区民政局 are 广州市海珠区民政局
        twice = next((n for n in range(len(where), 2, -1) if name.startswith(where[-n:])), 0)
        return f"{where[:-twice]}{name}" if twice else f"{where} {name}"

    def channel(self, code: str) -> str:
        return CHANNELS.get(code, code)

    def partner(self, code: str) -> str:
        return self._partners.get(code, code)

    def link(self, path: str, **more: Any) -> str:
        kept = {name: value for name, value in {**self._asked, **more}.items() if value not in (None, "")}
        return f"/desk/statistics{path}?{urlencode(kept)}" if kept else f"/desk/statistics{path}"

    @property
    def query(self) -> str:
        return self.link("").removeprefix("/desk/statistics")

    def behind(self, figure: str, **more: Any) -> str:
        return self.link("/cases", figure=figure, **more)

    def behind_month(self, figure: str, month: date) -> str:
        """Of one month, as far as it lies in what is asked for."""
        last = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        start, end = self._asked["start"] or month, self._asked["end"] or last
        return self.behind(figure, start=max(start, month), end=min(end, last))


@router.get("/statistics", response_class=HTMLResponse)
def statistics_page(
    me: Me, d: D, asked: Asked, rows: Annotated[str, Query(pattern="^(item|office|channel)$")] = "item"
) -> HTMLResponse:
    seen, names = show_stats(me, d, asked), Names(d, asdict(asked))
    values = {
        "seen": seen,
        "asked": asked,
        "names": names,
        "choices": _choices(seen, names, asked.region),
        "periods": _periods(beijing_day(d.database.now())),
        "rows": rows,
        "row_names": ROWS,
        "outcome": _outcome(seen),
        "volume": _volume(seen),
        "spared": _spared(seen),
        "charts": _charts(seen, names, rows),
        "tables": _tables(seen, names),
        "labels": {name: figure.label for name, figure in FIGURES.items()},
        "newest": NEWEST,
        "means": {name: figure.means for name, figure in FIGURES.items()},
    }
    return page("statistics.html", me, values)


@router.get("/statistics/cases", response_class=HTMLResponse)
def behind_page(
    me: Me,
    d: D,
    *,
    figure: Annotated[str, Query(max_length=40)],
    asked: Asked,
    narrow: Narrow,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> HTMLResponse:
    found, names = list_behind(me, d, figure=figure, asked=asked, narrow=narrow, cursor=cursor), Names(d, asdict(asked))
    on = {"found": found, "names": names, "asked": asked, "narrow": narrow, "first": cursor is None, "week": WEEK}
    more = names.behind(figure, **asdict(narrow), cursor=found.cursor) if found.cursor else None
    return page("statistics_cases.html", me, on | {"more": more, "again": names.behind(figure, **asdict(narrow))})


def _choices(seen: StatsView, names: Names, region: str | None) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen: whatever there is something of, and what is chosen already."""
    regions = {*seen.by_region, *([region] if region else [])}
    regions |= {code[:4] + "00" for code in regions} & names.regions.keys()
    offices = {key.partition("/")[2] for key in seen.by_office}
    return {
        "region": [(code, names.region(code)) for code in sorted(regions)],
        "department": [(code, names.departments().get(code, code)) for code in sorted(offices)],
        "item": [(code, f"{names.item(code)}（{code.partition('-')[0]}）") for code in seen.by_item],
        "channel": [(code, names.channel(code)) for code in seen.by_channel],
    }


def _periods(today: date) -> list[tuple[str, str, str]]:
    month = today.replace(day=1)
    return [
        ("全部", "", ""),
        ("本月", month.isoformat(), today.isoformat()),
        ("今年", today.replace(month=1, day=1).isoformat(), today.isoformat()),
    ]


def _percent(rate: float | None) -> str:
    return "—" if rate is None else f"{rate * 100:.1f}%"


def _number(value: float | None, form: str = ",.1f") -> str:
    return "—" if value is None else format(value, form)


def _outcome(s: StatsView) -> list[Tile]:
    """What a city publishes of itself, first."""
    rated = sum(s.ratings.values())
    return [
        Tile("answered", _percent(s.answer_rate), note=f"{s.complaints:,}件投诉"),
        Tile("resolved", _percent(s.resolved_rate)),
        Tile("satisfied", _percent(s.satisfaction), note=f"{rated:,}次评价"),
        Tile("working_days", _number(s.working_days, ".2f"), "个工作日"),
        Tile("first_pass", _percent(s.first_pass_rate), note=f"{s.passed:,}件通过预审"),
        Tile("corrected", _number(s.mean_rounds, ".2f"), "轮"),
        Tile("on_time", _percent(s.on_time_rate), note=f"{s.overdue:,}件超期"),
    ]


def _volume(s: StatsView) -> list[Tile]:
    counts = (("cases", s.cases), ("submitted", s.submitted), ("passed", s.passed), ("accepted", s.accepted))
    more = (("concluded", s.concluded), ("delivered", s.delivered))
    return [Tile(name, f"{n:,}", "件") for name, n in (*counts, *more)] + [
        Tile("late", f"{s.late:,}{'+' if s.late_more else ''}", "件", alarming=bool(s.late))
    ]


def _spared(s: StatsView) -> list[Tile]:
    each = s.trips_saved / s.delivered if s.delivered else None
    return [
        Tile("trips", f"{s.trips_saved:,}", "次", f"每件{each:.2f}次" if each else ""),
        Tile("papers", f"{s.papers_saved:,}", "份"),
        Tile("hours_saved", f"{s.hours_saved:,.0f}", "小时"),
    ]


def _charts(s: StatsView, names: Names, rows: str) -> dict[str, str]:
    levels = [Bar(LEVELS[n], s.ratings.get(n, 0), names.behind(f"rated_{n}")) for n in LEVELS]
    stages = [Bar(label, s.stage_hours.get(key), names.behind(f"stage_{key}")) for key, label in STAGES.items()]
    rounds = [Bar(label, n, href) for label, n, href in _rounds(s, names)]
    because = [Bar(label, n, href) for label, n, href in _because(s, names)]
    return {
        "week": heat(HOURS, WEEK, _squares(s.hours, names)),
        "rows": _rows_chart(s, names, rows),
        "state": bars([Bar(label, n, href) for label, n, href in _states(s, names)]),
        "rating": bars(levels, ranked=False),
        "stages": bars(stages, ranked=False, unit=" 小时"),
        "rounds": bars(rounds, ranked=False),
        "because": bars(because, ranked=False),
        "months": _months_chart(s.months[-MONTHS:], names),
    }


def _months_chart(months: Sequence[MonthView], names: Names) -> str:
    shown = [_of_month(m, names) for m in months]
    told = (("办件数", "bar"), ("办结数", "bar"), ("平均办理周期（工作日）", "line"))
    series = [Series(name, [cells[n] for cells in shown], kind) for n, (name, kind) in enumerate(told)]
    return columns([f"{m.month.year}年{m.month.month}月" for m in months], series)


def _of_month(m: MonthView, names: Names) -> tuple[tuple[float | int | None, str], ...]:
    """Opened, concluded, working days; each with its cases, within the days that are asked for."""
    values = (("cases", m.opened), ("concluded", m.concluded), ("working_days", m.working_days))
    return tuple((value, names.behind_month(figure, m.month)) for figure, value in values)


_ROUNDS = (
    (0, "first_pass", "一次通过"),
    (1, "rounds_1", "补正一次"),
    (2, "rounds_2", "补正两次"),
    (3, "rounds_3", "三次以上"),
)


def _rounds(s: StatsView, names: Names) -> list[tuple[str, int, str]]:
    return [(label, s.rounds.get(n, 0), names.behind(figure)) for n, figure, label in _ROUNDS]


def _because(s: StatsView, names: Names) -> list[tuple[str, int, str]]:
    return [(SHORTLY[cause], s.rounds_because.get(cause, 0), names.behind(f"because_{cause}")) for cause in SHORTLY]


def _squares(hours: Sequence[Sequence[int]], names: Names) -> list[tuple[int, int, int, str]]:
    return [
        (hour, day, n, names.behind("submitted", weekday=day, hour=hour))
        for day, counts in enumerate(hours)
        for hour, n in enumerate(counts)
    ]


def _rows_chart(s: StatsView, names: Names, rows: str) -> str:
    """What is asked for most, by the hour."""
    counted = {"item": s.hours_by_item, "office": s.hours_by_office, "channel": s.hours_by_channel}[rows]
    told = {"item": names.item, "office": names.office, "channel": names.channel}[rows]
    most = sorted(counted, key=lambda key: -sum(counted[key]))[:MOST]
    squares = [
        (hour, y, n, names.behind("submitted", hour=hour, **_narrowed(rows, key)))
        for y, key in enumerate(most)
        for hour, n in enumerate(counted[key])
    ]
    return heat(HOURS, [told(key) for key in most], squares)


def _narrowed(rows: str, key: str) -> dict[str, str]:
    if rows == "office":
        region, _, department = key.partition("/")
        return {"region": region, "department": department}
    return {rows: key}


def _states(s: StatsView, names: Names) -> list[tuple[str, int, str]]:
    return [
        (CASE.labels[state], s.by_state[state], names.behind(f"state_{state}"))
        for state in CASE.states
        if s.by_state.get(state)
    ]


def _tables(s: StatsView, names: Names) -> dict[str, list[Any]]:
    """The charts as tables of links, for whoever has no mouse."""
    week = [
        [(n, names.behind("submitted", weekday=day, hour=h)) for h, n in enumerate(c)] for day, c in enumerate(s.hours)
    ]
    return {
        "week": week,
        "item": [(names.item(k), n, names.behind("cases", item=k)) for k, n in _most(s.by_item)],
        "office": [
            (names.office(k), n, names.behind("cases", **_narrowed("office", k))) for k, n in _most(s.by_office)
        ],
        "channel": [(names.channel(k), n, names.behind("cases", channel=k)) for k, n in _most(s.by_channel)],
        "state": _states(s, names),
        "rating": [(LEVELS[n], s.ratings.get(n, 0), names.behind(f"rated_{n}")) for n in LEVELS],
        "stages": [(label, s.stage_hours.get(key), names.behind(f"stage_{key}")) for key, label in STAGES.items()],
        "rounds": _rounds(s, names),
        "because": _because(s, names),
        "months": [(m, _of_month(m, names)) for m in reversed(s.months[-MONTHS:])],
    }


def _most(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda row: -row[1])
