"""What a source of the board is: a table of things that wait, when each is late, and who holds it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, extract, literal

from cases.deadlines import end_of
from cases.lifecycle import CaseState
from cases.supervision import WaitKind, last_day_over
from storage.tables import cases
from storage.unit import AnyRow

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

    def ends_before(self, at: datetime, *, at_it: bool = True) -> ColumnElement[bool]:
        """`due <= at`, or `<`."""
        if not self.by_day:
            at -= self.patience
            return self.due <= at if at_it else self.due < at
        last = last_day_over(at)
        if not at_it and end_of(last) == at:
            last -= timedelta(days=1)
        return self.due <= last

    def ends_after(self, at: datetime, *, at_it: bool) -> ColumnElement[bool]:
        return ~self.ends_before(at, at_it=not at_it)

    def seconds(self) -> ColumnElement[Any]:
        """The end, in seconds since 1970."""
        whole = extract("epoch", self.due)
        more = _END_OF_DAY_S if self.by_day else int(self.patience.total_seconds())
        return whole + more if more else whole

    def end(self, row: AnyRow) -> datetime:
        due: date | datetime = row.due
        return due + self.patience if isinstance(due, datetime) else end_of(due)


def staff(column: ColumnElement[str]) -> ColumnElement[str]:
    return literal("staff:") + column


def department(column: ColumnElement[str]) -> ColumnElement[str]:
    return literal("department:") + column


def source(kind: WaitKind, table: Any, due: Any, where: Any, since: Any, **more: Any) -> Source:
    usual = {"state": table.c.get("state"), "department": cases.c.department, "what": NOTHING}
    usual["subject"], usual["of_case"] = table.c.get("id"), table.c.get("case_number")
    usual["holder"] = department(more.get("department", cases.c.department))
    return Source(kind=kind, due=due, where=where, since=since, table=table, **{**usual, **more})
