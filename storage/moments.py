"""The database's time as a part of statements that are built once and sent many times.

Building a statement takes longer than sending it. One that every job, page or push pays for is therefore built once for
each kind of database (`functools.cache`), and its moments are named: PostgreSQL tells the time by itself, unless this
transaction has asked for it already; SQLite is told it. `values` gives what such a statement has to be sent with.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Interval, bindparam, func

from storage.columns import Instant
from storage.unit import Unit

_NOW = "moment"
_AWARE = DateTime(timezone=True)


def clock(postgresql: bool, later: str = "") -> ColumnElement[datetime]:
    """`Unit.now`, or as much later as the value of that name says."""
    return _moment(func.clock_timestamp, postgresql, later)


def asked(postgresql: bool, later: str = "") -> ColumnElement[datetime]:
    """The moment at which the statement was asked, or so much later: what an index can be searched for."""
    return _moment(func.statement_timestamp, postgresql, later)


def values(tx: Unit, **later: timedelta) -> dict[str, Any]:
    """For a statement with `clock` or `asked`: the time, if it is known or has to be told, and each `later` by name."""
    if tx.postgresql:
        return {_NOW: tx.known_now, **later}
    now = tx.now()
    return {_NOW: now, **{name: now + each for name, each in later.items()}}


def _moment(told: Callable[..., ColumnElement[datetime]], postgresql: bool, later: str) -> ColumnElement[datetime]:
    if not postgresql:
        return bindparam(later or _NOW, type_=Instant())
    now = func.coalesce(bindparam(_NOW, type_=_AWARE), told(type_=_AWARE), type_=_AWARE)
    return now + bindparam(later, type_=Interval()) if later else now
