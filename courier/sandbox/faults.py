"""Which misfortunes happen, and when: `double`, `drop:0.3` (a share, drawn from the seed), `5xx#2` (the next two).

Faults of requests strike what orders and cancels, never the questions that resolve them afterwards; only
`stale_token` strikes any request of a client that uses tokens. Faults of parcels are drawn once for each parcel that is
left to live by itself; one that the partner has no words for does not happen.
"""

import random
import threading
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    # of requests
    TIMEOUT_BEFORE_ACCEPT = "timeout_before_accept"
    TIMEOUT_AFTER_ACCEPT = "timeout_after_accept"
    HTTP_5XX = "5xx"
    HTTP_5XX_AFTER_ACCEPT = "5xx_after_accept"
    GARBAGE_AFTER_ACCEPT = "garbage_after_accept"
    RESET_AFTER_ACCEPT = "reset_after_accept"
    UNCLEAR_AFTER_ACCEPT = "unclear_after_accept"
    REFUSE = "refuse"
    SLOW = "slow"
    SECOND_WAYBILL = "second_waybill"
    STALE_TOKEN = "stale_token"
    # of pushes
    DOUBLE = "double"
    REORDER = "reorder"
    DELAY = "delay"
    DROP = "drop"
    WRONG_SIGNATURE = "wrong_signature"
    TRUNCATE = "truncate"
    # of parcels
    LOST_PARCEL = "lost_parcel"
    FALSE_PICKUP = "false_pickup"
    CANCELLED_BUT_MOVING = "cancelled_but_moving"
    NO_SHOW = "no_show"
    PICKUP_FAILS = "pickup_fails"
    CALLED_OFF = "called_off"
    STUCK = "stuck"
    ATTEMPT_FAILS = "attempt_fails"
    LEFT_WITH_OTHER = "left_with_other"
    IN_LOCKER = "in_locker"
    FALSE_DELIVERY = "false_delivery"
    SENT_BACK = "sent_back"
    NEW_CODE = "new_code"


@dataclass
class _Chance:
    share: float
    left: int | None


class Faults:
    """The plan. Threads may share it; with one seed and one thread the draws are always the same."""

    def __init__(self, spec: str, seed: int) -> None:
        self._lock = threading.Lock()
        self._random = random.Random(seed)
        self._plan = parse(spec)
        self._struck: Counter[Fault] = Counter()

    def replace(self, spec: str, seed: int | None = None) -> None:
        plan = parse(spec)
        with self._lock:
            self._plan = plan
            if seed is not None:
                self._random.seed(seed)

    def strikes(self, fault: Fault) -> bool:
        with self._lock:
            chance = self._plan.get(fault)
            if chance is None or chance.left == 0 or self._random.random() >= chance.share:
                return False
            if chance.left is not None:
                chance.left -= 1
            self._struck[fault] += 1
            return True

    def first(self, *faults: Fault) -> Fault | None:
        return next((f for f in faults if self.strikes(f)), None)

    def as_dict(self) -> dict[str, dict[str, float | int | None]]:
        with self._lock:
            return {str(f): {"share": c.share, "left": c.left} for f, c in self._plan.items()}

    def struck(self) -> dict[str, int]:
        """How often each has struck since the start."""
        with self._lock:
            return {str(f): n for f, n in self._struck.items()}


def parse(spec: str) -> dict[Fault, _Chance]:
    """Raises `ValueError` that names what is not understood."""
    return dict(_one(part.strip()) for part in spec.split(",") if part.strip())


def _one(part: str) -> tuple[Fault, _Chance]:
    name, share, left = part, 1.0, None
    try:
        if "#" in part:
            name, count = part.split("#", 1)
            left = int(count)
        elif ":" in part:
            name, rate = part.split(":", 1)
            share = float(rate)
        return Fault(name), _Chance(share, left)
    except ValueError:
        known = ", ".join(Fault)
        raise ValueError(f"unknown fault {part!r}: one of {known}, with :SHARE or #COUNT") from None
