"""What a deployment says about carriers of its own: where they work, and when."""

from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import ClassVar

from courier.areas import Area, AreasWrong, areas_from
from courier.entries import PartnerSettings, SettingsWrong
from courier.windows import PartnerHours, Shift

# Our own carriers' hours, where a deployment does not say otherwise.
GRID_HOURS = PartnerHours(
    workdays=(Shift(time(8, 30), time(12, 30)), Shift(time(14, 30), time(20, 30))),
    rest_days=(Shift(time(9, 0), time(12, 0)), Shift(time(15, 0), time(19, 0))),
    days_ahead=7,
)
DROP_BOX_HOURS = PartnerHours(
    workdays=(Shift(time(6, 0), time(22, 0)),),
    rest_days=(Shift(time(6, 0), time(22, 0)),),
    lead=timedelta(hours=-14),  # today's box is open until two hours before the day's end
    cancel_before=timedelta(hours=-16),
    same_day_until=time(20, 0),
    length=timedelta(hours=16),
    days_ahead=7,
)
COUNTER_HOURS = PartnerHours(
    workdays=(Shift(time(9, 0), time(12, 0)), Shift(time(13, 0), time(17, 0))),
    rest_days=(),
    length=timedelta(hours=1),
    lead=timedelta(minutes=15),
    cancel_before=timedelta(0),
    days_ahead=10,
)


@dataclass(frozen=True, kw_only=True)
class InHouseSettings(PartnerSettings):
    """A carrier of our own: no address, no hook, no secret. `areas`: where it works, see `courier.areas`;
    empty: everywhere."""

    name: ClassVar[str]
    base_url: str = ""
    hook_secret: str = field(default="", repr=False)
    areas: str = ""

    def __post_init__(self) -> None:
        if self.base_url or self.hook_secret:
            raise SettingsWrong("HOOK_SECRET", "nothing: scans come through our own doors")
        try:
            areas_from(self.areas)
        except AreasWrong as wrong:
            raise SettingsWrong("AREAS", str(wrong)) from None

    @property
    def area_list(self) -> tuple[Area, ...]:
        return areas_from(self.areas)


@dataclass(frozen=True, kw_only=True)
class GridSettings(InHouseSettings):
    """Grid workers 网格员, who live where they work: evenings and weekends included."""

    name: ClassVar[str] = "grid"
    hours: PartnerHours = GRID_HOURS

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.area_list:
            raise SettingsWrong("AREAS", "code:district:words; … for at least one area")


@dataclass(frozen=True, kw_only=True)
class DropBoxSettings(InHouseSettings):
    """Drop boxes 小蜜蜂箱. A window is the whole day: the resident puts the envelope in when it suits."""

    name: ClassVar[str] = "drop_box"
    hours: PartnerHours = DROP_BOX_HOURS


@dataclass(frozen=True, kw_only=True)
class CounterSettings(InHouseSettings):
    """The counter, in its opening hours: the resident brings or fetches it."""

    name: ClassVar[str] = "counter"
    hours: PartnerHours = COUNTER_HOURS
