"""What WeChat's `errcode` means for us. A code that is not here: the call was refused, and the log says which."""

from collections.abc import Mapping
from datetime import timedelta

from messaging.port import Cause

OK = 0
BUSY = {-1: "busy", 45009: "over_quota", 45011: "too_often", 45047: "too_often"}
"""To be tried again. Quotas are counted per minute or per day; a minute's wait is what helps with the first."""
WAIT = timedelta(minutes=1)
TOKEN_WORN = {40001, 40014, 42001}
"""The access token is over, or another was made: fetch it once more, try once more."""
CODE_WRONG = {40029, 40163, 41008, 40226}
"""Of a one-time code: invalid, used, missing, or of a user the platform holds back."""
MISCONFIGURED = {40013: "appid", 40125: "secret", 41002: "appid", 41004: "secret", 40164: "address_not_listed"}
"""Nothing a resident or a retry can mend: who runs this must. Told as the platform being down, by name."""
NOT_SENT: Mapping[int, Cause] = {
    43101: Cause.UNSUBSCRIBED,
    43107: Cause.UNSUBSCRIBED,
    40003: Cause.NO_RECIPIENT,
    40037: Cause.TEMPLATE_REFUSED,
    41030: Cause.TEMPLATE_REFUSED,
    47003: Cause.VALUE_REFUSED,
}
