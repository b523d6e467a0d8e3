"""满了就请稍候: while too much waits at a stage, its doors say when to come again instead of taking more.

What was taken is always done; what would only wait is better refused at once, with `Retry-After`. How much waits is
counted in the ledger once a second and process, up to the bound and no further, so the question costs the same however
long the queue is; meanwhile a few more than the bound may come in. Lists fill only a part of each bound, and what one
account may have waiting is bounded for itself: whoever sends much meets their own limit before anybody else's.
"""

import random
import threading
import time
from collections.abc import Callable, Mapping

from cases.errors import TooMany
from cases.sentences import say
from storage.session import Database, Transaction
from storage.turns import Stage, waiting_at, waiting_of
from web.settings import WebSettings
from web.writing import Caller

LOOK_EVERY_S = 1.0
COME_AGAIN_S = (20, 60)
"""Spread, so that those who were refused together do not come back together."""
FULL: Mapping[Stage, str] = {
    Stage.READING: "现在上传的人很多，材料正在排队识读，请稍后再传。",
    Stage.JUDGING: "现在提交的人很多，请稍后再提交，材料已为您保存。",
    Stage.BOOKING: "现在预约寄递的人很多，请稍后再预约。",
    Stage.TELLING: "等待发送的短信和通知太多，请稍后再提交名单。",
}


class Pressure:
    """What is known of how much waits. Thread-safe; one per process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._known: dict[Stage, tuple[float, int]] = {}

    def admit(self, database: Database, settings: WebSettings, stage: Stage, *, of_list: bool = False) -> None:
        """Raises `TooMany` while the stage is full."""
        bound = int(getattr(settings, f"{stage}_waits_most"))
        allowed = int(bound * settings.lists_share) if of_list else bound
        if self._waiting(database, stage, bound) >= allowed:
            raise TooMany(FULL[stage], retry_after=random.randint(*COME_AGAIN_S), stage=str(stage))

    def _waiting(self, database: Database, stage: Stage, most: int) -> int:
        at = self._clock()
        with self._lock:
            looked, waiting = self._known.get(stage, (float("-inf"), 0))
            if at - looked < LOOK_EVERY_S:
                return waiting
            self._known[stage] = (at, waiting)  # one looks, the others go by what is known
        with database.reading() as tx:
            found = waiting_at(tx, stage, most)
        with self._lock:
            self._known[stage] = (at, found)
        return found


def check_own_pages(tx: Transaction, me: Caller, settings: WebSettings) -> None:
    """Raises `TooMany` while too many of the caller's own pages wait to be read."""
    most = settings.point_waits_most if me.scope.point is not None else settings.person_waits_most
    if me.scope.person is not None and waiting_of(tx, me.scope.person, most) >= most:
        message = say("您已有{most}页材料在排队识读，请等识读后再传。", most=most)
        raise TooMany(message, retry_after=random.randint(*COME_AGAIN_S), stage=str(Stage.READING))
