"""What stops or stretches the clocks of a case that is being decided, and how far the law lets it.

Special procedures 特别程序 (行政许可法 art. 45): their time does not count, and the days they need are told in writing
beforehand; what goes beyond the days told counts again. An extension 延期 (art. 42): once, with the reason told, at most
ten working days, fifteen where several departments decide one step together. Whoever asks does not grant.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cases.deadlines import Calendar, add_working_days, beijing_day, working_days_between
from cases.items import Item
from cases.lifecycle import Machine

ANSWER_DAYS = 2
"""Working days in which what was asked for is granted or not: ours, the law only says that the limit must not be over."""
EXTENSION_DAYS = 10
JOINT_EXTENSION_DAYS = 15
SPECIAL_DAYS: Mapping[str, int] = {
    "听证": 20,  # art. 47: the hearing is held within twenty days of being asked for
    # for these the law sets no number, only that it be told: the most that is granted unless the item says otherwise
    "招标": 60,
    "拍卖": 60,
    "检验": 30,
    "检测": 30,
    "检疫": 30,
    "鉴定": 60,
    "专家评审": 30,
}
"""Every kind that art. 45 names, and the most working days of each; an item may add its own (公示) and lower these."""
DEMAND = "补正"
"""Papers that a department wants mended after acceptance (`cases.demands`). Art. 45 does not name it: whether it stops the
clocks, and for how long, is the region's rule, and so the item's."""
DEMAND_DAYS = 15
"""As many as before acceptance (`CORRECTION_WORKING_DAYS`), unless the item says fewer; 0: its clocks never stop for it."""


class ClockKind(StrEnum):
    EXTENSION = "extension"
    SPECIAL = "special"


class RequestState(StrEnum):
    ASKED = "asked"
    GRANTED = "granted"
    DECLINED = "declined"
    DROPPED = "dropped"


class RequestEvent(StrEnum):
    GRANT = "grant"
    DECLINE = "decline"
    DROP = "drop"


CLOCK_REQUEST: Machine[RequestState, RequestEvent] = Machine(
    name="clock_request",
    states=RequestState,
    events=RequestEvent,
    initial=RequestState.ASKED,
    table={
        RequestState.ASKED: {
            RequestEvent.GRANT: RequestState.GRANTED,
            RequestEvent.DECLINE: RequestState.DECLINED,
            RequestEvent.DROP: RequestState.DROPPED,
        },
        RequestState.GRANTED: {},
        RequestState.DECLINED: {},
        RequestState.DROPPED: {},
    },
    labels={
        RequestState.ASKED: "待批准",
        RequestState.GRANTED: "已批准",
        RequestState.DECLINED: "未批准",
        RequestState.DROPPED: "不再需要",
    },
)


@dataclass(frozen=True)
class Demand:
    """One material that is to be mended, and why. `page`: the one that it is about, as it was then, if it has only one."""

    material: str
    reason: str
    page: str | None = None


@dataclass(frozen=True)
class ClockRequest:
    """Somebody of a department asks for days; another person grants them or not. `procedure`: of a special procedure,
    which. `assignment`: whose work it is about; None is the whole case. `due_at`: when an answer is late."""

    id: str
    kind: ClockKind
    days: int
    reason: str
    state: RequestState
    asked_at: datetime
    asked_by: str
    procedure: str | None = None
    assignment: str | None = None
    settled_at: datetime | None = None
    settled_by: str | None = None
    note: str | None = None
    due_at: datetime | None = None
    demands: tuple[Demand, ...] = ()
    """Of a `DEMAND`: everything that is wanted, at once."""


def special_kinds(item: Item) -> dict[str, int]:
    """Which special procedures an item knows, and the most working days of each. A demand has a way of its own."""
    return {kind: days for kind, days in {**SPECIAL_DAYS, **item.clocks.specials}.items() if days and kind != DEMAND}


def demand_bound(item: Item) -> int:
    """The most working days that papers may be waited for after acceptance; 0: none."""
    return min(item.clocks.specials.get(DEMAND, DEMAND_DAYS), DEMAND_DAYS)


def extension_bound(item: Item) -> int:
    """The most that law and item allow; 0: none."""
    joint = any(step.joint for step in item.routing)
    return min(item.clocks.extension_days, JOINT_EXTENSION_DAYS if joint else EXTENSION_DAYS)


@dataclass(frozen=True)
class Standstill:
    """A stretch of days that do not count, and how many of them at most."""

    since: date
    until: date
    most: int | None = None

    def days(self, calendar: Calendar, opened: datetime | None = None) -> int:
        """Working days of it that do not count for what was `opened` then, or before."""
        start = max(self.since, beijing_day(opened)) if opened else self.since
        gone = working_days_between(calendar, start, self.until)
        return gone if self.most is None else min(gone, self.most)


def moved(calendar: Calendar, due: date, days: int) -> date:
    return add_working_days(calendar, due, days)
