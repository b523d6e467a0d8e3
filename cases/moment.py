"""The circumstances of a decision, passed in so that rules stay rules: when, by which calendar, with which new ids, by whom."""

from dataclasses import dataclass
from datetime import date, datetime

from cases.deadlines import Calendar, add_working_days, beijing_day, deadline
from cases.items import Item
from cases.lifecycle import CaseState
from cases.model import NewId


@dataclass(frozen=True)
class Moment:
    at: datetime
    """Aware UTC."""
    calendar: Calendar
    new_id: NewId
    by: str = "system"
    """Who decides, as the record names them."""

    @property
    def today(self) -> date:
        """The day in Beijing."""
        return beijing_day(self.at)

    def in_working_days(self, days: int) -> date:
        return add_working_days(self.calendar, self.today, days)

    def limit(self, days: int) -> date | None:
        """The day on which a limit of so many working days ends; none has no limit, which is not the same as late."""
        return self.in_working_days(days) if days else None

    def deadline(self, state: CaseState, item: Item, due: date | None = None) -> datetime | None:
        """When a case that enters `state` now is late there."""
        return deadline(state, item, self.at, self.calendar, due)
