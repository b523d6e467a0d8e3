"""The part of all figures that is looked at: of time, of place, and of what one may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Table, and_, or_, true

from cases.deadlines import BEIJING
from storage.actors import Scope, region_prefix


@dataclass(frozen=True)
class Slice:
    """Of time, days included, and place. A region: with those that lie in it."""

    start: date | None = None
    end: date | None = None
    region: str | None = None
    department: str | None = None
    item: str | None = None
    channel: str | None = None


EVERYTHING = Slice()


def in_place(table: Table, asked: Slice, scope: Scope) -> ColumnElement[bool]:
    """What is asked for, of what may be seen: as `storage.actors.readable` says it of cases."""
    return compared(table, place_values(asked, scope))


def place_values(asked: Slice, scope: Scope) -> dict[str, str]:
    """What a place is compared with, by the names that `compared` knows; none of them: everything."""
    same = {"department": asked.department, "item_code": asked.item, "channel": asked.channel}
    regions = {"region": asked.region, "within": scope.region}
    parts = scope.departments if scope.departments is None else sorted(scope.departments) or ["/"]
    return {
        **{name: value for name, value in same.items() if value is not None},
        **{name: f"{_escaped(region_prefix(code))}%" for name, code in regions.items() if code is not None},
        **{f"part_{n}": f"%,{_escaped(each)},%" for n, each in enumerate(parts or ())},
    }


def compared(table: FromClause, values: Mapping[str, Any]) -> ColumnElement[bool]:
    """`values`: as `place_values` makes them, or parameters under the same names."""
    same = (table.c[name] == values[name] for name in ("department", "item_code", "channel") if name in values)
    regions = (table.c.region.like(values[name], escape="/") for name in ("region", "within") if name in values)
    parts = [table.c.departments.like(v, escape="/") for name, v in values.items() if name.startswith("part_")]
    return and_(true(), *same, *regions, *([or_(*parts)] if parts else []))


def _escaped(text: str) -> str:
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")


def in_period(at: ColumnElement[Any], asked: Slice) -> ColumnElement[bool]:
    """From the first day's beginning to the last day's end, in Beijing."""
    wanted = [] if asked.start is None else [at >= beginning(asked.start)]
    wanted += [] if asked.end is None else [at < beginning(asked.end + timedelta(days=1))]
    return and_(true(), *wanted)


def beginning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING)
