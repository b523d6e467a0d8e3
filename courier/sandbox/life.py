"""What can happen to a parcel here, by name, and the ordinary life it leads when nobody interferes. How a partner says
it is the speakers' affair."""

from collections.abc import Mapping
from dataclasses import dataclass


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
LOST = ("courier_assigned", "picked_up", "in_transit", "lost")
FALSE_PICKUP = ("courier_assigned", "picked_up", "pickup_revoked", *ORDINARY)
"""Said to be fetched, taken back, and fetched in earnest."""

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
