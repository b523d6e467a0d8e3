"""JD Logistics' vocabulary and what it means in ours. Nothing else of this package knows a code.

A line of a track has a state code (fine, some dozens, not all public) and a category (the documented status of the whole
order at that moment). A state code that is not in its table is read by its category, and without that it is unknown.
"""

from collections.abc import Mapping

from courier.port import Payer
from courier.vocabulary import EventKind

CREATE = "/ecap/v1/orders/create"
CANCEL = "/ecap/v1/orders/cancel"
TRACE = "/ecap/v1/orders/trace/query"

OK = "0"
TROUBLE_WORDS = ("系统异常", "系统繁忙", "系统错误", "超时", "稍后", "timeout", "Timeout")
DUPLICATE_WORDS = ("重复", "已存在")
CANCELLED_WORDS = ("已取消", "已经取消")

SETTLE_TYPE: Mapping[Payer, int] = {Payer.SENDER: 1, Payer.RECEIVER: 2, Payer.ACCOUNT: 3}
COLLECT = 1  # pickupType 上门
CANCEL_TYPE = 1  # as b2c and c2b orders are cancelled
BY_CUSTOMER = "1"  # cancelReasonCode

K = EventKind

STATES: Mapping[str, EventKind] = {
    "10010": K.BOOKED,
    **dict.fromkeys(("200018", "200034", "200035", "200036"), K.COURIER_ASSIGNED),
    "200001": K.PICKED_UP,
    **dict.fromkeys(("200067", "200052", "200064"), K.PICKUP_FAILED),
    "200053": K.PICKUP_RESCHEDULED,
    "11000": K.OUT_FOR_DELIVERY,
    "10034": K.DELIVERED,
    "10035": K.REFUSED,
    **dict.fromkeys(("200003", "200023", "200031"), K.EXCEPTION),  # to be delivered again
    "200033": K.RETURNING,
    "200054": K.RETURNED,
    "200010": K.CANCELLED,
    "200020": K.ALIAS,  # the new number stands in no documented field [?]: a person is told
}
CATEGORIES: Mapping[str, EventKind] = {
    **dict.fromkeys(("100", "390"), K.BOOKED),
    "403": K.EXCEPTION,
    "420": K.PICKED_UP,
    "430": K.IN_TRANSIT,
    "440": K.OUT_FOR_DELIVERY,
    "510": K.DELIVERED,
    "530": K.REFUSED,
    **dict.fromkeys(("500", "480"), K.EXCEPTION),
    "690": K.CANCELLED,
}
# From here on a cancellation would turn the parcel round on its way.
COLLECTED = frozenset(
    {
        K.PICKED_UP,
        K.IN_TRANSIT,
        K.OUT_FOR_DELIVERY,
        K.DELIVERED,
        K.DELIVERED_UNCONFIRMED,
        K.REFUSED,
        K.RETURNING,
        K.RETURNED,
    }
)


def meaning(state: str, category: str) -> EventKind:
    """What is in neither table is `UNKNOWN`: it is kept, counted and moves nothing."""
    return STATES.get(state) or CATEGORIES.get(category, K.UNKNOWN)
