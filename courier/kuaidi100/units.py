"""Kuaidi100's vocabulary and what it means in ours. Nothing else of this package knows a code.

Order states and track states are two tables in which the same number means different things (10: collected; at
customs). Finer track codes that circulate (501, 304 …) are not in the documents at hand [?], so the coarse form is asked
for (`resultv2` 1), in which each line carries its state as a word.
"""

from collections.abc import Mapping

from courier.vocabulary import EventKind

ORDER = "bOrder"
CANCEL = "cancel"
DETAIL = "detail"
COARSE = "1"

OK = "200"
# A definite no: parameters, signature, account. 500 is also what a fault of theirs looks like, so it stays open.
REFUSES = frozenset({"400", "503", "600", "601"})
TROUBLE = frozenset({"500", "502", "504"})
SUBSCRIBED_ALREADY = "501"
NOTHING_YET = "500"  # the live query's way to say that nobody has scanned the parcel
# Not Kuaidi100's: our sandbox's answer for an order id it never heard of.
SANDBOX_NOT_FOUND = "SBX404"
TROUBLE_WORDS = ("系统异常", "系统繁忙", "服务器错误", "超时", "稍后")
DUPLICATE_WORDS = ("重复", "已存在")
CANCELLED_WORDS = ("已取消", "已经取消")
COLLECTED_WORDS = ("已取件", "已揽收", "已揽件", "不可取消", "不能取消", "无法取消")

DAYS = ("今天", "明天", "后天")
PAID_BY_SENDER = "SHIPPER"  # 商家寄件 knows no other

K = EventKind

ORDER_STATES: Mapping[str, EventKind] = {
    "0": K.BOOKED,
    **dict.fromkeys(("1", "2"), K.COURIER_ASSIGNED),
    "10": K.PICKED_UP,
    "11": K.PICKUP_FAILED,
    "610": K.CANCELLED,  # 下单失败: the carrier behind did not take it, so there is no order any more
    **dict.fromkeys(("9", "99"), K.CANCELLED),
    "101": K.IN_TRANSIT,
    "12": K.RETURNED,
    "13": K.DELIVERED_UNCONFIRMED,  # it does not say who signed: the track's line does, and confirms it
    "14": K.EXCEPTION,
    **dict.fromkeys(("15", "155"), K.INFO),  # settled, weighed again: may repeat and come in any order
}
GIVEN_UP = frozenset({"9", "99", "610"})

TRACK_STATES: Mapping[str, EventKind] = {
    "0": K.IN_TRANSIT,
    "1": K.PICKED_UP,
    "2": K.EXCEPTION,
    "3": K.DELIVERED,
    "4": K.RETURNED,
    "5": K.OUT_FOR_DELIVERY,
    "6": K.RETURNING,
    "7": K.IN_TRANSIT,
    **dict.fromkeys(("8", "10", "11", "12", "13"), K.IN_TRANSIT),  # customs
    "14": K.REFUSED,
}
TRACK_WORDS: Mapping[str, str] = {
    "在途": "0",
    "揽收": "1",
    "疑难": "2",
    "签收": "3",
    "退签": "4",
    "派件": "5",
    "退回": "6",
    "转投": "7",
    "清关": "8",
    "拒签": "14",
}


def order_state(code: str) -> EventKind:
    """An unknown code is `UNKNOWN`: it is kept, counted and moves nothing."""
    return ORDER_STATES.get(code, K.UNKNOWN)


def track_state(code: str) -> EventKind:
    """A line's state, by number or by word."""
    return TRACK_STATES.get(TRACK_WORDS.get(code, code), K.UNKNOWN)
