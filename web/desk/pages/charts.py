"""ECharts options as JSON, made from figures; static/vendor/charts.js draws them. What a click opens is in each datum.

Tooltips are drawn, not written as HTML: the pages allow no style of its own inside a tag.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

BLUE, SOFT, INK = "#0f5fb8", "#5b6673", "#1d2733"
HEAT = ("#eef3f8", "#c3d9f0", "#86b4e0", "#3f86cb", "#0f5fb8", "#0a3f7d")


@dataclass(frozen=True)
class Bar:
    name: str
    value: float | int | None
    href: str


def bars(rows: Sequence[Bar], *, ranked: bool = True, unit: str = "") -> str:
    """Lying bars, the longest on top unless the order means something."""
    told = sorted(rows, key=lambda bar: bar.value or 0) if ranked else [*rows][::-1]
    option: dict[str, Any] = {
        "animation": False,
        "grid": {"left": 4, "right": 56, "top": 4, "bottom": 4, "containLabel": True},
        "xAxis": {"type": "value", "show": False},
        "yAxis": _axis([bar.name for bar in told], width=150, overflow="truncate", ellipsis="…"),
        "series": [
            {
                "type": "bar",
                "data": [{"value": bar.value or 0, "href": bar.href} for bar in told],
                "barMaxWidth": 16,
                "itemStyle": {"color": BLUE, "borderRadius": 3},
                "label": {"show": True, "position": "right", "color": SOFT, "formatter": f"{{c}}{unit}"},
            }
        ],
    }
    return json.dumps(option, ensure_ascii=False)


def heat(columns: Sequence[str], rows: Sequence[str], squares: Iterable[tuple[int, int, int, str]]) -> str:
    """`squares`: column, row (the first on top), count, and what a click opens."""
    last = len(rows) - 1
    some = [square for square in squares if square[2]]
    data = [{"value": [x, last - y, n], "href": href} for x, y, n, href in some]
    option: dict[str, Any] = {
        "animation": False,
        "grid": {"left": 4, "right": 8, "top": 4, "bottom": 4, "containLabel": True},
        "tooltip": {"renderMode": "richText", "confine": True},
        "xAxis": _axis(columns, interval=0) | {"splitArea": {"show": True, "areaStyle": {"color": ["#fafbfc"]}}},
        "yAxis": _axis(rows[::-1], width=150, overflow="truncate", ellipsis="…"),
        "visualMap": {
            "show": False,
            "min": 0,
            "max": max((n for _, _, n, _ in some), default=1),
            "inRange": {"color": HEAT},
        },
        "series": [{"type": "heatmap", "data": data, "itemStyle": {"borderColor": "#fff", "borderWidth": 2}}],
    }
    return json.dumps(option, ensure_ascii=False)


@dataclass(frozen=True)
class Series:
    """`values`: with what a click on each opens. `kind`: "bar" or "line"."""

    name: str
    values: Sequence[tuple[float | int | None, str]]
    kind: str


def columns(names: Sequence[str], series: Sequence[Series]) -> str:
    """Standing bars of counts beside a line of days."""
    option: dict[str, Any] = {
        "animation": False,
        "grid": {"left": 8, "right": 8, "top": 34, "bottom": 4, "containLabel": True},
        "legend": {"top": 0, "textStyle": {"color": SOFT}},
        "tooltip": {"renderMode": "richText", "trigger": "axis", "confine": True},
        "xAxis": {"type": "category", "data": list(names), "axisLabel": {"color": SOFT}, "axisTick": {"show": False}},
        "yAxis": [
            {"type": "value", "axisLabel": {"color": SOFT}, "splitLine": {"lineStyle": {"color": "#e6ecf3"}}},
            {"type": "value", "axisLabel": {"color": SOFT}, "splitLine": {"show": False}},
        ],
        "color": [BLUE, "#86b4e0", "#8a5a00"],
        "series": [
            {
                "name": one.name,
                "type": one.kind,
                "data": [{"value": value, "href": href} for value, href in one.values],
                "barMaxWidth": 22,
                "yAxisIndex": int(one.kind == "line"),
            }
            for one in series
        ],
    }
    return json.dumps(option, ensure_ascii=False)


def _axis(names: Sequence[str], **label: Any) -> dict[str, Any]:
    return {
        "type": "category",
        "data": list(names),
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "axisLabel": {"color": SOFT, **label},
    }
