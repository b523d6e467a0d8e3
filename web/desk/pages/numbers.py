"""What is late and who holds it, and how the whole does: the same figures as the JSON doors', with charts of them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from cases.lifecycle import CASE, CaseState
from web.auth import Desk, requires
from web.desk import overview
from web.desk.pages.shell import PageRoute, department_names, page
from web.doors import Doors, doors
from web.permissions import Permission

router = APIRouter(prefix="/desk", include_in_schema=False, route_class=PageRoute)
D = Annotated[Doors, Depends(doors)]
LEVELS = {1: "非常满意", 2: "满意", 3: "基本满意", 4: "不满意", 5: "非常不满意"}
BLUE, SOFT = "#0f5fb8", "#5b6673"


@router.get("/board", response_class=HTMLResponse)
def board_page(me: Annotated[Desk, Depends(requires(Permission.SUPERVISION_READ))], d: D) -> HTMLResponse:
    seen, now = overview.show_supervision(me, d), datetime.now(UTC)
    return page("board.html", me, {"seen": seen, "now": now, "departments": department_names(d)})


@router.get("/statistics", response_class=HTMLResponse)
def statistics_page(me: Annotated[Desk, Depends(requires(Permission.STATS_READ))], d: D) -> HTMLResponse:
    seen = overview.show_stats(me, d)
    with d.database.reading() as tx:
        names = {item.code: item.name for item in tx.items()}
    by_item = {f"{names.get(code, code)}（{code.partition('-')[0]}）": count for code, count in seen.by_item.items()}
    by_state = {CASE.labels[CaseState(state)]: count for state, count in seen.by_state.items()}
    rated = {LEVELS[level]: seen.ratings.get(level, 0) for level in LEVELS}
    charts = {"item": bars(by_item), "state": bars(by_state), "rating": bars(rated, ranked=False)}
    return page("statistics.html", me, {"seen": seen, "charts": charts, "rated": sum(rated.values())})


def bars(counts: Mapping[str, int], *, ranked: bool = True) -> str:
    """An ECharts option as JSON: lying bars, the longest on top unless the order means something."""
    rows = sorted(counts.items(), key=lambda row: row[1]) if ranked else [*counts.items()][::-1]
    option: dict[str, Any] = {
        "animation": False,
        "grid": {"left": 8, "right": 40, "top": 4, "bottom": 4, "containLabel": True},
        "xAxis": {"type": "value", "show": False},
        "yAxis": {
            "type": "category",
            "data": [name for name, _ in rows],
            "axisLine": {"show": False},
            "axisTick": {"show": False},
            "axisLabel": {"color": SOFT},
        },
        "series": [
            {
                "type": "bar",
                "data": [count for _, count in rows],
                "barMaxWidth": 18,
                "itemStyle": {"color": BLUE, "borderRadius": 3},
                "label": {"show": True, "position": "right"},
            }
        ],
    }
    return json.dumps(option, ensure_ascii=False)
