"""KDNiao's vocabulary and what it means in ours. Nothing else of this package knows a code.

What it says of an order (`State` of an order push) and what it says of a parcel (`Action` of a line, `StateEx` and
`State` of a track) are two tables: 302 is a new waybill in the one and a delivery in the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from courier.port import Payer
from courier.vocabulary import EventKind, Recipient

OK = "100"
DUPLICATE = "106"  # an order with this number exists, so it must be asked for
OTHER = "105"  # "other" may be anything [?]: it stays open
TROUBLE_WORDS = ("系统异常", "系统繁忙", "系统错误", "超时", "稍后")
DUPLICATE_WORDS = ("重复", "已存在")
CANCELLED_WORDS = ("已取消", "已经取消")
COLLECTED_WORDS = ("已取件", "已揽收", "已揽件", "不可取消", "不能取消", "无法取消")
# How KDNiao's own order numbers begin: one stands for the waybill until there is one.
OWN_NUMBER = "KDN"

PAY_TYPE: Mapping[Payer, int] = {Payer.SENDER: 1, Payer.RECEIVER: 2, Payer.ACCOUNT: 3}

K = EventKind


@dataclass(frozen=True)
class Meaning:
    kind: EventKind
    reverses: EventKind | None = None
    recipient: Recipient | None = None


ORDER_STATES: Mapping[str, Meaning] = {
    "99": Meaning(K.PICKUP_FAILED),
    "102": Meaning(K.BOOKED),
    "103": Meaning(K.COURIER_ASSIGNED),
    **dict.fromkeys(("104", "301"), Meaning(K.PICKED_UP)),
    **dict.fromkeys(("109", "302"), Meaning(K.ALIAS)),
    "110": Meaning(K.PICKUP_RESCHEDULED),
    "203": Meaning(K.CANCELLED),
    "206": Meaning(K.REVERSAL, K.PICKED_UP),  # 虚假揽件: the pick-up that was reported did not happen
    "2": Meaning(K.IN_TRANSIT),
    "3": Meaning(K.DELIVERED_UNCONFIRMED),  # it does not say who signed: the track's line does, and confirms it
    **dict.fromkeys(("207", "208", "402", "601"), Meaning(K.INFO)),
}

TRACK_STATES: Mapping[str, Meaning] = {
    "0": Meaning(K.INFO),
    "10": Meaning(K.BOOKED),
    "1": Meaning(K.PICKED_UP),
    **dict.fromkeys(("2", "201", "204", "205", "206"), Meaning(K.IN_TRANSIT)),
    "202": Meaning(K.OUT_FOR_DELIVERY),
    "211": Meaning(K.AWAITING_COLLECTION),
    **dict.fromkeys(("3", "301", "302"), Meaning(K.DELIVERED)),
    "304": Meaning(K.DELIVERED_UNCONFIRMED, recipient=Recipient.OTHER_PERSON),
    "311": Meaning(K.DELIVERED_UNCONFIRMED, recipient=Recipient.LOCKER),
    **dict.fromkeys(("4", "401", "402", "403", "405"), Meaning(K.EXCEPTION)),
    **dict.fromkeys(("412", "413", "414", "415", "416", "417"), Meaning(K.EXCEPTION)),
    **dict.fromkeys(("419", "420", "421", "422", "423"), Meaning(K.EXCEPTION)),
    "404": Meaning(K.REFUSED),
    "406": Meaning(K.RETURNED),
    "407": Meaning(K.RETURNING),
    "418": Meaning(K.INFO),  # taken out of a locker: by whom is not said
}


def order_state(code: str) -> Meaning:
    """An unknown code is `UNKNOWN`: it is kept, counted and moves nothing."""
    return ORDER_STATES.get(code, Meaning(K.UNKNOWN))


def track_state(code: str) -> Meaning:
    """The same for a line of a track."""
    return TRACK_STATES.get(code, Meaning(K.UNKNOWN))
