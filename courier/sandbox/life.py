"""What can happen to a parcel here, by name, and the ordinary life it leads when nobody interferes."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One operation as EMS names it. `here`: at the sender's town or at the receiver's."""

    code: str
    name: str
    here: str = "receiver"
    deliver_code: str = ""
    attempt_code: str = ""


STEPS: Mapping[str, Step] = {
    # The two SBX codes are this sandbox's own: China Post publishes none for them.
    "courier_assigned": Step("SBX101", "已分配揽投员", "sender"),
    "pickup_failed": Step("SBX102", "揽收未成功", "sender"),
    "picked_up": Step("203", "收寄", "sender"),
    "handed_on": Step("208", "交接", "sender"),
    "in_transit": Step("389", "运输中", "sender"),
    "arrived": Step("516", "到达投递机构"),
    "out_for_delivery": Step("702", "投递下段"),
    "delivered": Step("704", "妥投", deliver_code="10"),
    "delivered_to_other": Step("704", "妥投", deliver_code="20"),
    "left_at_door": Step("704", "妥投", deliver_code="161"),
    "in_locker": Step("747", "智能包裹柜接收"),
    "fetched_from_locker": Step("748", "收件人已取件"),
    "attempt_failed": Step("705", "未妥投", attempt_code="4"),
    "refused": Step("705", "未妥投", attempt_code="7"),
    "exception": Step("651", "异常提醒"),
    "returning": Step("405", "退回"),
    "returned": Step("711", "退回妥投", "sender"),
    "cancelled": Step("801", "撤单", "sender"),
    "address_changed": Step("802", "改址"),
    "lost": Step("987", "丢失赔付"),
    "pickup_revoked": Step("207", "收寄冲销", "sender"),
    "handed_on_revoked": Step("212", "交接冲销", "sender"),
    "out_for_delivery_revoked": Step("742", "投递下段冲销"),
    "delivered_revoked": Step("743", "妥投冲销"),
    "attempt_failed_revoked": Step("744", "未妥投冲销"),
    "something_new": Step("999", "新增环节"),
}
ORDINARY = ("courier_assigned", "picked_up", "in_transit", "out_for_delivery", "delivered")

COLLECTED = frozenset({"203", "208", "389", "516", "702", "704", "705", "747", "748", "405", "711", "987"})
COURIERS = (("李师傅", "13800000011"), ("王师傅", "13800000012"), ("陈师傅", "13800000013"))  # invented
