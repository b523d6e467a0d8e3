"""What can happen to a parcel here, by name, and the ordinary life it leads when nobody interferes. How a partner says
it is the speakers' affair."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from courier.sandbox.faults import Fault
from courier.windows import BEIJING


@dataclass(frozen=True)
class Step:
    """`event` is its name here; `code` a partner's raw code instead of one, as the control pages may ask for. `here`:
    at the sender's town or at the receiver's. The last two are EMS's finer codes, where asked for."""

    event: str
    name: str
    here: str = "receiver"
    code: str = ""
    deliver_code: str = ""
    attempt_code: str = ""


_NAMES: Mapping[str, tuple[str, str]] = {
    "courier_assigned": ("已分配揽投员", "sender"),
    "pickup_failed": ("揽收未成功", "sender"),
    "picked_up": ("收寄", "sender"),
    "handed_on": ("交接", "sender"),
    "in_transit": ("运输中", "sender"),
    "arrived": ("到达投递机构", "receiver"),
    "out_for_delivery": ("投递下段", "receiver"),
    "delivered": ("妥投", "receiver"),
    "delivered_to_other": ("妥投", "receiver"),
    "left_at_door": ("妥投", "receiver"),
    "in_locker": ("智能包裹柜接收", "receiver"),
    "fetched_from_locker": ("收件人已取件", "receiver"),
    "attempt_failed": ("未妥投", "receiver"),
    "refused": ("未妥投", "receiver"),
    "exception": ("异常提醒", "receiver"),
    "returning": ("退回", "receiver"),
    "returned": ("退回妥投", "sender"),
    "cancelled": ("撤单", "sender"),
    "address_changed": ("改址", "receiver"),
    "lost": ("丢失赔付", "receiver"),
    "pickup_revoked": ("收寄冲销", "sender"),
    "handed_on_revoked": ("交接冲销", "sender"),
    "out_for_delivery_revoked": ("投递下段冲销", "receiver"),
    "delivered_revoked": ("妥投冲销", "receiver"),
    "attempt_failed_revoked": ("未妥投冲销", "receiver"),
    "something_new": ("新增环节", "receiver"),
}
STEPS: Mapping[str, Step] = {event: Step(event, name, here) for event, (name, here) in _NAMES.items()}
ORDINARY = ("courier_assigned", "picked_up", "in_transit", "out_for_delivery", "delivered")
_ON_ITS_WAY = ORDINARY[:3]
LIVES: Mapping[Fault, tuple[str, ...]] = {
    Fault.LOST_PARCEL: (*_ON_ITS_WAY, "lost"),
    # said to be fetched, taken back, and fetched in earnest
    Fault.FALSE_PICKUP: ("courier_assigned", "picked_up", "pickup_revoked", *ORDINARY),
    Fault.NO_SHOW: (),
    Fault.PICKUP_FAILS: ("courier_assigned", "pickup_failed"),
    Fault.CALLED_OFF: ("courier_assigned", "cancelled"),
    Fault.STUCK: _ON_ITS_WAY,
    Fault.ATTEMPT_FAILS: (*ORDINARY[:4], "attempt_failed", *ORDINARY[3:]),
    Fault.LEFT_WITH_OTHER: (*ORDINARY[:4], "delivered_to_other"),
    Fault.IN_LOCKER: (*_ON_ITS_WAY, "in_locker", "fetched_from_locker"),
    Fault.FALSE_DELIVERY: (*ORDINARY, "delivered_revoked", *ORDINARY[3:]),
    Fault.SENT_BACK: (*ORDINARY[:4], "refused", "returning", "returned"),
    Fault.NEW_CODE: (*_ON_ITS_WAY, "something_new", *ORDINARY[3:]),
}
"""What becomes of a parcel that is struck."""
_UNSPOKEN = frozenset({"lost"})
"""A courier who has no word for it says nothing any more; without any other word the life is not his."""

COLLECTED = frozenset(
    {
        "picked_up",
        "handed_on",
        "in_transit",
        "arrived",
        "out_for_delivery",
        "delivered",
        "delivered_to_other",
        "left_at_door",
        "in_locker",
        "fetched_from_locker",
        "attempt_failed",
        "refused",
        "returning",
        "returned",
        "lost",
    }
)
COURIERS = (("李师傅", "13800000011"), ("王师傅", "13800000012"), ("陈师傅", "13800000013"))  # invented


def life_of(fault: Fault, knows: Callable[[str], bool]) -> tuple[str, ...] | None:
    """The life of a parcel that is struck, as far as the partner has words for it; None if it cannot be his."""
    told = tuple(event for event in LIVES[fault] if event not in _UNSPOKEN or knows(event))
    return told if all(knows(event) for event in told) else None


def reached(life: Sequence[str], happened: Sequence[str]) -> int:
    """How far along its life a parcel is. Steps that the control pages skipped are behind it."""
    at = 0
    for event in happened:
        if event in life[at:]:
            at = life.index(event, at) + 1
    return at


_TAKEN_BACK: Mapping[str, str] = {"picked_up": "pickup_revoked", "delivered": "delivered_revoked"}


def in_earnest(life: Sequence[str], happened: Sequence[str]) -> bool:
    """Whether what happened last is true: not what will be taken back later in this life."""
    return _TAKEN_BACK.get(happened[-1]) not in life[reached(life, happened) :]


# ── when the next step comes ──

Pace = Callable[[tuple[str, str], bool], float | None]
"""Given a parcel's window and whether this is its first step: in how many seconds; None for never by itself."""


def steady(speed: float) -> Pace:
    """`speed` 60: a step a second; 0: none."""
    return lambda _window, _first: 60 / speed if speed > 0 else None


def by_window(random_: random.Random, now: Callable[[], datetime]) -> Pace:
    """As couriers are: about the window, sometimes much later; then a step an hour or so, now and then two at once."""

    def pace(window: tuple[str, str], first: bool) -> float:
        if not first:
            return 1.0 if random_.random() < 0.05 else random_.expovariate(1 / 3600)
        late = random_.random() < 0.15
        minutes = random_.uniform(180, 2000) if late else random_.uniform(-45, 100)
        start = datetime.fromisoformat(window[0]).replace(tzinfo=BEIJING)
        return max(0.0, (start + timedelta(minutes=minutes) - now()).total_seconds())

    return pace
