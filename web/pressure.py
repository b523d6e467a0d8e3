"""满了就请稍候: while too much waits at a stage, its doors say when to come again instead of taking more.

What was taken is always done; what would only wait is better refused at once, with `Retry-After`. How much waits is
counted in the ledger once a second and process, up to a bound and no further, so the question costs the same however
long the queue is; meanwhile a few more than the bound may come in. Lists fill only a part of each bound, and what one
account may have waiting is bounded for itself: whoever sends much meets their own limit before anybody else's.

Two places ask. Doors through which most comes ask before they take anything (`admit`). And the gate of the web's
database asks for every transaction that puts work into the ledger (`check`), so that no door can be forgotten: what was
to be added to a full stage is undone with all that belongs to it.
"""

import math
import random
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial

from cases.effects import JobKind
from cases.errors import TooMany
from cases.sentences import say
from storage.session import Database, Transaction
from storage.turns import Stage, stage_of, waiting_at, waiting_of
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
TOO_MUCH_WAITS = "系统中等待处理的工作很多，请稍后再试，已保存的内容不受影响。"
ASKED_FOR = frozenset(
    {JobKind.CASE_JUDGE, JobKind.REGISTRY_ASK, JobKind.COURIER_BOOK, JobKind.PICKUP_BOOK, JobKind.DOCUMENT_MAKE}
    | {JobKind.COMPLAINT_PICTURE, JobKind.ITEM_LINT, JobKind.ITEM_BACKTEST, JobKind.INBOX_HANDLE}
)
"""What somebody comes to a door for: refused at the bound."""
FOLLOWS = frozenset(
    {JobKind.NOTICE_SEND, JobKind.WEBHOOK_SEND, JobKind.CASE_ROUTE, JobKind.BUNDLE_OPEN, JobKind.PAGE_READ}
    | {JobKind.COURIER_POLL, JobKind.COURIER_SUBSCRIBE}
)
"""What follows from something else (the word of it, the next step, the page of an upload that was begun): a flood of
messages must not hold up a booking, so there is room for it up to `ROOM_TO_FOLLOW` bounds."""
TAKES_BACK = frozenset({JobKind.COURIER_CANCEL, JobKind.COURIER_FIND, JobKind.PICKUP_CANCEL, JobKind.PICKUP_FIND})
"""Calling a courier off, and asking what became of him: a few for each booking that was taken. Never refused: he would
come in vain."""
ROOM_TO_FOLLOW = 2


class Pressure:
    """What is known of how much waits. Thread-safe; one per process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._known: dict[Stage, tuple[float, int]] = {}

    def admit(self, database: Database, settings: WebSettings, stage: Stage, *, of_list: bool = False) -> None:
        """Before anything is taken. Raises `TooMany` while the stage is full."""

        def look(most: int) -> int:
            with database.reading() as tx:
                return _waiting(tx, stage, most)

        bound = bound_of(settings, stage)
        allowed = int(bound * settings.lists_share) if of_list else bound
        if self._waiting(stage, bound, look) >= allowed:
            raise full(stage, FULL[stage])

    def check(self, tx: Transaction, settings: WebSettings) -> None:
        """What a transaction has put into the ledger finds room there. Raises `TooMany`."""
        for kind in tx.new_jobs:
            stage = stage_of(kind)
            bound = bound_of(settings, stage)
            if self._waiting(stage, bound, partial(_before, tx, stage)) >= bound * room_of(kind):
                raise full(stage, FULL.get(stage, TOO_MUCH_WAITS) if kind in ASKED_FOR else TOO_MUCH_WAITS)

    def _waiting(self, stage: Stage, bound: int, look: Callable[[int], int]) -> int:
        at = self._clock()
        with self._lock:
            looked, waiting = self._known.get(stage, (float("-inf"), 0))
            if at - looked < LOOK_EVERY_S:
                return waiting
            self._known[stage] = (at, waiting)  # one looks, the others go by what is known
        found = look(bound * ROOM_TO_FOLLOW)
        with self._lock:
            self._known[stage] = (at, found)
        return found


def bound_of(settings: WebSettings, stage: Stage) -> int:
    return int(getattr(settings, f"{stage}_waits_most"))


def room_of(kind: JobKind) -> float:
    """Up to how many bounds of its stage it is taken."""
    if kind in TAKES_BACK:
        return math.inf
    return ROOM_TO_FOLLOW if kind in FOLLOWS else 1


def full(stage: Stage, sentence: str) -> TooMany:
    return TooMany(sentence, retry_after=random.randint(*COME_AGAIN_S), stage=str(stage))


def _before(tx: Transaction, stage: Stage, most: int) -> int:
    """How much of the stage waited before this transaction."""
    own = sum(many for kind, many in tx.new_jobs.items() if stage_of(kind) is stage)
    return max(0, _waiting(tx, stage, most + own) - own)


def _waiting(tx: Transaction, stage: Stage, most: int) -> int:
    """Pushes that are handled together share a job: each of them counts."""
    together = tx.inbox.waiting_together(most) if stage is Stage.ARRIVING else 0
    return min(most, together + waiting_at(tx, stage, most))


def check_own_pages(tx: Transaction, me: Caller, settings: WebSettings) -> None:
    """Raises `TooMany` while too many of the caller's own pages wait to be read."""
    most = settings.point_waits_most if me.scope.point is not None else settings.person_waits_most
    if me.scope.person is not None and waiting_of(tx, me.scope.person, most) >= most:
        message = say("您已有{most}页材料在排队识读，请等识读后再传。", most=most)
        raise TooMany(message, retry_after=random.randint(*COME_AGAIN_S), stage=str(Stage.READING))
