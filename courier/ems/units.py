"""EMS's vocabulary and what it means in ours. Nothing else of this package knows a code.

Source: the platform's code tables as published and as used by public client code. The tables have no code for "a
courier was assigned" and none for "nobody came": a no-show is found by our own timer. `SANDBOX` has two codes of our
own for them, which only the sandbox sends and only a partner set up as sandbox understands.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from courier.port import Payer
from courier.vocabulary import EventKind, Recipient

CREATE = "020003"
CANCEL = "020006"
COVERS = "030005"
TRACE = "040001"
PUSH = "040002"
# Not China Post's: the sandbox answers "what became of my order id", which public material has no code for [?].
SANDBOX_FIND = "SBX001"

OK = "00000"
PUSH_FAILED = "S00001"
# The platform's return codes are not public as a whole [?]. Two readings of a failure are taken on the safe side:
# a code of the S family is the platform's own trouble, so the outcome is unknown; a text that speaks of a repeated
# order means that one exists, so it must be asked for. Every other code is a definite no.
SYSTEM_FAMILY = "S"
DUPLICATE_WORDS = ("重复", "已存在")
CANCELLED_WORDS = ("已撤单", "已取消")
COLLECTED_WORDS = ("已揽收", "已收寄", "不允许撤单", "不可撤单")

K = EventKind


@dataclass(frozen=True)
class Meaning:
    kind: EventKind
    reverses: EventKind | None = None
    reverses_code: str = ""
    recipient: Recipient | None = None


OPERATIONS: Mapping[str, Meaning] = {
    "203": Meaning(K.PICKED_UP),
    **dict.fromkeys(("208", "305", "389", "954", "516", "713"), Meaning(K.IN_TRANSIT)),
    **dict.fromkeys(("702", "749"), Meaning(K.OUT_FOR_DELIVERY)),
    **dict.fromkeys(("747", "723"), Meaning(K.AWAITING_COLLECTION)),
    "704": Meaning(K.DELIVERED_UNCONFIRMED),  # with deliverCode: see DELIVERED_TO
    "748": Meaning(K.DELIVERED_UNCONFIRMED),  # fetched from a locker or shop: by whom is not said
    "705": Meaning(K.EXCEPTION),  # with attemptDeliveryCode: see ATTEMPTS
    **dict.fromkeys(("651", "013"), Meaning(K.EXCEPTION)),
    "O_012": Meaning(K.REFUSED),
    **dict.fromkeys(("405", "312", "708", "741", "750"), Meaning(K.RETURNING)),
    "711": Meaning(K.RETURNED),
    "801": Meaning(K.CANCELLED),
    **dict.fromkeys(("802", "803", "756"), Meaning(K.INFO)),
    **dict.fromkeys(("987", "988"), Meaning(K.LOST)),
    "207": Meaning(K.REVERSAL, K.PICKED_UP, "203"),
    "212": Meaning(K.REVERSAL, K.IN_TRANSIT, "208"),
    "742": Meaning(K.REVERSAL, K.OUT_FOR_DELIVERY, "702"),
    "743": Meaning(K.REVERSAL, K.DELIVERED, "704"),
    "744": Meaning(K.REVERSAL, K.EXCEPTION, "705"),
}

# 704 by deliverCode. Only 10 is a hand-over to the person; any other or none leaves it unconfirmed. 180 is a signature
# for compensation: the parcel is lost, and said so by the one who lost it.
DELIVERED_TO: Mapping[str, Meaning] = {
    "10": Meaning(K.DELIVERED, recipient=Recipient.SELF),
    "20": Meaning(K.DELIVERED_UNCONFIRMED, recipient=Recipient.OTHER_PERSON),
    "30": Meaning(K.DELIVERED_UNCONFIRMED, recipient=Recipient.PICKUP_POINT),
    "50": Meaning(K.DELIVERED_UNCONFIRMED, recipient=Recipient.LOCKER),
    "60": Meaning(K.DELIVERED_UNCONFIRMED, recipient=Recipient.MAIL_ROOM),
    "70": Meaning(K.DELIVERED_UNCONFIRMED, recipient=Recipient.PROPERTY_OFFICE),
    "100": Meaning(K.DELIVERED_UNCONFIRMED, recipient=Recipient.OTHER),
    "161": Meaning(K.DELIVERED_UNCONFIRMED, recipient=Recipient.DOORSTEP),
    "180": Meaning(K.LOST, recipient=Recipient.CLAIM),
}

# 705 by attemptDeliveryCode, where it says more than "not this time".
ATTEMPTS: Mapping[str, Meaning] = {"7": Meaning(K.REFUSED), "13": Meaning(K.LOST)}

SANDBOX: Mapping[str, Meaning] = {
    "SBX101": Meaning(K.COURIER_ASSIGNED),
    "SBX102": Meaning(K.PICKUP_FAILED),
}

# In these the operator named in the event is the courier who stands at the door.
COURIER_KINDS = frozenset({K.COURIER_ASSIGNED, K.PICKUP_FAILED, K.PICKED_UP, K.OUT_FOR_DELIVERY})

PAYMENT_MODE: Mapping[Payer, str] = {Payer.SENDER: "1", Payer.RECEIVER: "2", Payer.ACCOUNT: "3"}
PRODUCT_PAID_BY_RECEIVER = "3"  # 特快到付

AREA_STATUS: Mapping[str, str] = {"1": "超出揽收范围", "10": "该地区未开通上门揽收频次"}
AREA_OK = "0"


def meaning(code: str, deliver_code: str, attempt_code: str, sandbox: bool) -> Meaning:
    """What an operation means. An unknown code is `UNKNOWN`: it is kept, counted and moves nothing."""
    if code == "704":
        return DELIVERED_TO.get(deliver_code, OPERATIONS[code])
    if code == "705":
        return ATTEMPTS.get(attempt_code, OPERATIONS[code])
    if sandbox and code in SANDBOX:
        return SANDBOX[code]
    return OPERATIONS.get(code, Meaning(K.UNKNOWN))
