"""What a source of the board is: a table of things that wait, when each is late, and who holds it.

A source is said once. Whatever of it depends on the time is a parameter, so that questions to it are built once too and
then only asked at another time: with `at` for what the source itself says, and `Source.moment` for what is compared with
its ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, bindparam, extract, literal

from cases.deadlines import end_of
from cases.lifecycle import CaseState
from cases.supervision import WaitKind, last_day_over
from storage.columns import Instant
from storage.tables import cases

NOW: ColumnElement[datetime] = bindparam("now", type_=Instant())
LAST_DAY: ColumnElement[date] = bindparam("last_day", type_=Date())
"""The last day whose end is over."""
SYSTEM_HOLDER, RESIDENT_HOLDER = "system", "resident"
NOTHING = literal("")
_END_OF_DAY_S = 10 * 3600
"""18:00 in Beijing, in seconds of the day in UTC: `end_of` as SQL."""


@dataclass(frozen=True)
class Source:
    """`due` is a time, or a day that ends when the office closes. `where`: what is waiting at all."""

    kind: WaitKind
    due: ColumnElement[Any]
    subject: ColumnElement[str]
    where: ColumnElement[bool]
    since: ColumnElement[datetime]
    state: ColumnElement[str]
    holder: ColumnElement[str]
    department: ColumnElement[str]
    what: ColumnElement[str]
    table: Any = None
    """Joined to its case; None: the case itself."""
    states: tuple[CaseState, ...] = ()
    patience: timedelta = timedelta()
    """After `due`: where that is only when it began."""
    of_case: Any = None
    """The column of `table` that names the case."""

    @property
    def by_day(self) -> bool:
        return isinstance(self.due.type, Date)

    def ends_before(self, moment: str, *, at_it: bool = True) -> ColumnElement[bool]:
        """Before the moment of that name, or at it."""
        limit: ColumnElement[Any] = bindparam(self._named(moment, at_it=at_it), type_=self.due.type)
        return self.due <= limit if at_it or self.by_day else self.due < limit

    def ends_after(self, moment: str, *, at_it: bool) -> ColumnElement[bool]:
        return ~self.ends_before(moment, at_it=not at_it)

    def moment(self, name: str, at: datetime) -> dict[str, date | datetime]:
        """What ends are compared with, where they are compared with the moment of that name."""
        if not self.by_day:
            return {self._named(name, at_it=at_it): at - self.patience for at_it in (True, False)}
        last = last_day_over(at)
        before = last - timedelta(days=1) if end_of(last) == at else last
        return {self._named(name, at_it=True): last, self._named(name, at_it=False): before}

    def _named(self, moment: str, *, at_it: bool) -> str:
        return f"{moment}_{self.kind}" if at_it else f"{moment}_{self.kind}_before"

    def seconds(self) -> ColumnElement[Any]:
        """The end, in seconds since 1970."""
        whole = extract("epoch", self.due)
        more = _END_OF_DAY_S if self.by_day else int(self.patience.total_seconds())
        return whole + more if more else whole

    def end(self, due: date | datetime) -> datetime:
        return due + self.patience if isinstance(due, datetime) else end_of(due)


def at(now: datetime) -> Mapping[str, Any]:
    """What sources themselves compare with."""
    return {"now": now, "last_day": last_day_over(now)}


def staff(column: ColumnElement[str]) -> ColumnElement[str]:
    return literal("staff:") + column


def department(column: ColumnElement[str]) -> ColumnElement[str]:
    return literal("department:") + column


def source(kind: WaitKind, table: Any, due: Any, where: Any, since: Any, **more: Any) -> Source:
    usual = {"state": table.c.get("state"), "department": cases.c.department, "what": NOTHING}
    usual["subject"], usual["of_case"] = table.c.get("id"), table.c.get("case_number")
    usual["holder"] = department(more.get("department", cases.c.department))
    return Source(kind=kind, due=due, where=where, since=since, table=table, **{**usual, **more})
