"""SF's vocabulary and what it means in ours. Nothing else of this package knows a code.

Source: the documents of 丰桥 (qiao.sf-express.com) and public client code. Code tables that circulate under SF's name
for other platforms (50 发车, 160 签收) are not 丰桥's and are not used.
"""

from collections.abc import Mapping

from courier.port import Concerns, Payer
from courier.vocabulary import EventKind

CREATE = "EXP_RECE_CREATE_ORDER"
FIND = "EXP_RECE_SEARCH_ORDER_RESP"
UPDATE = "EXP_RECE_UPDATE_ORDER"
ROUTES = "EXP_RECE_SEARCH_ROUTES"
ROUTES_AT_ONCE = 10

GATEWAY_OK = "A1000"
OK = "S0000"
TOKEN_STALE = "A1011"
TOO_MANY = "A1005"
# The gateway's certain no: nothing was handed on. A1007, A1009, A1099 and whatever is not listed leave it open.
GATEWAY_REFUSES = frozenset({"A1001", "A1002", "A1003", "A1004", "A1006", "A1008", TOKEN_STALE})

DUPLICATE = "8016"  # 重复下单: an order exists, so it must be asked for
NOT_FOUND = frozenset({"8018", "6150", "8024"})
CANCELLED_ALREADY = "8037"
CONFIRMED_ALREADY = "8252"  # no longer taken back
# 8253 (cancelling conflicts) and 8019 are ambiguous [?]: they stay unknown.
TROUBLE_WORDS = ("系统异常", "系统繁忙", "系统错误", "超时", "稍后")

DECIDED_YES, DECIDED_NO = "2", "3"  # filterResult; 1 a person decides, 4 not yet decided
# Whom a refusal is about. The address or a phone is incomplete or odd, or the contents may not be carried: no other
# carrier would take it so. The gateway's own no (a signature, a permission, the caller's IP) and the monthly card are
# about our account: whoever orders next is refused as well. 8096 (after today's hours), 8177 (peak control), 8057 (the
# product) and 8256 (the payer) are about this attempt: the next carrier may, and SF may take the next one.
REFUSALS: Mapping[str, Concerns] = {
    **dict.fromkeys(("1010", "1011", "1012", "1013", "1014", "1015", "1016", "8196", "20035"), Concerns.ORDER),
    **dict.fromkeys(GATEWAY_REFUSES, Concerns.ACCOUNT),
    **dict.fromkeys(("8114", "8119", "6126"), Concerns.ACCOUNT),
}
# Only these two of filterResult 3 speak of an address. Which end 收方 means is not said [?]: our own end is the same in
# every order, so either is taken as the resident's. Any other remark says nothing of the address.
WHY_NOT: Mapping[str, str] = {"1": "收方超出服务范围", "2": "派方超出服务范围"}
MOTHER_WAYBILL = "1"
CANCEL = 2  # dealType and resStatus

PAY_METHOD: Mapping[Payer, int] = {Payer.SENDER: 1, Payer.RECEIVER: 2, Payer.ACCOUNT: 1}

K = EventKind

# Order states. The family before the hyphen is part of the code; 40001 is how older accounts get 04-40001.
ORDER_STATES: Mapping[str, EventKind] = {
    "04-40037": K.BOOKED,
    "04": K.BOOKED,  # 调度失败或等待: it stands, and the no-show timer watches it
    **dict.fromkeys(("04-40001", "40001"), K.COURIER_ASSIGNED),
    **dict.fromkeys(("04-40002", "04-40003", "04-40004", "04-40021", "04-40022", "04-40031"), K.PICKUP_FAILED),
    "04-40005": K.PICKUP_RESCHEDULED,
    **dict.fromkeys(("04-40027", "04-40028", "04-40035", "04-40036"), K.PICKUP_DELAYED),
    **dict.fromkeys(("04-40014", "04-40015", "04-40016", "00-40045-1000", "00-2000", "00"), K.CANCELLED),
    "05-40003": K.PICKED_UP,
}

# Route nodes by opCode. 99 and 648 go on under a new waybill, which no documented field names [?]: the sentence is
# kept for the person who looks at a returning parcel.
ROUTE_NODES: Mapping[str, EventKind] = {
    "655": K.BOOKED,
    **dict.fromkeys(("50", "54", "607"), K.PICKED_UP),
    **dict.fromkeys(("30", "31", "36", "105", "106", "310", "3036", "123", "130"), K.IN_TRANSIT),
    **dict.fromkeys(("44", "204"), K.OUT_FOR_DELIVERY),
    **dict.fromkeys(("33", "70"), K.EXCEPTION),
    "80": K.DELIVERED,
    "8000": K.INFO,  # the picture of the signature can be fetched
    **dict.fromkeys(("99", "648"), K.RETURNING),
}


def order_state(code: str) -> EventKind:
    """An unknown code is `UNKNOWN`: it is kept, counted and moves nothing."""
    return ORDER_STATES.get(code, K.UNKNOWN)


def route_node(code: str) -> EventKind:
    """The same for a node of the route."""
    return ROUTE_NODES.get(code, K.UNKNOWN)
