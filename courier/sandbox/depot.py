"""The sandbox's parcels: orders taken and operations that happened, in memory, with an optional journal.

A parcel's status is what its operations say. The journal has one JSON line per order and per operation and is read
again at the start; a last line cut short by a crash is dropped. No names, phones or street addresses are kept.
"""

import json
import random
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from courier.sandbox.life import COLLECTED, COURIERS, Step
from courier.windows import BEIJING

NEWS_MAX = 10_000


@dataclass(frozen=True)
class Place:
    province: str
    city: str


@dataclass(frozen=True)
class Operation:
    """Something that happened to a parcel. `event` is empty for a raw `code` that no event stands for."""

    waybill: str
    order_no: str
    event: str
    name: str
    at: str
    """Beijing time, whole seconds."""
    here: str
    province: str
    city: str
    courier: str
    phone: str
    code: str = ""
    deliver_code: str = ""
    attempt_code: str = ""


@dataclass
class Parcel:
    """`extra` is what a partner's protocol wants to remember of an order."""

    order_no: str
    waybill: str
    sender: Place
    receiver: Place
    window: tuple[str, str]
    extra: dict[str, str] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)

    def has(self, event: str) -> bool:
        return any(o.event == event for o in self.operations)

    @property
    def status(self) -> str:
        if self.has("cancelled"):
            return "cancelled"
        revoked = sum(o.event == "pickup_revoked" for o in self.operations)
        taken = sum(o.event in COLLECTED for o in self.operations)
        return "collected" if taken > revoked else "accepted"


class Depot:
    """All parcels. Threads may share it. `number` draws a waybill in the partner's form."""

    def __init__(
        self, seed: int, now: Callable[[], datetime], journal: Path | None, number: Callable[[random.Random], str]
    ) -> None:
        self._lock = threading.RLock()
        self._random = random.Random(seed)
        self._now = now
        self._number = number
        self._parcels: dict[str, Parcel] = {}
        self._news: deque[Operation] = deque(maxlen=NEWS_MAX)
        self._journal = journal
        if journal is not None and journal.exists():
            self._take_up(journal)

    def take(
        self, order_no: str, places: tuple[Place, Place], window: tuple[str, str], extra: Mapping[str, str]
    ) -> Parcel:
        """A new parcel, whatever else has this order number: whether to is decided before."""
        with self._lock:
            waybill = self._waybill()
            parcel = Parcel(order_no, waybill, *places, window, dict(extra))
            self._parcels[waybill] = parcel
            self._write("order", {k: v for k, v in asdict(parcel).items() if k != "operations"})
            return parcel

    def by_order(self, order_no: str) -> Parcel | None:
        """The newest with this order number."""
        with self._lock:
            return next((p for p in reversed(self._parcels.values()) if p.order_no == order_no), None)

    def by_waybill(self, waybill: str) -> Parcel | None:
        with self._lock:
            return self._parcels.get(waybill)

    def by_extra(self, key: str, value: str) -> Parcel | None:
        with self._lock:
            return next((p for p in self._parcels.values() if value and p.extra.get(key) == value), None)

    def all(self) -> list[Parcel]:
        with self._lock:
            return list(self._parcels.values())

    def happen(self, parcel: Parcel, step: Step) -> Operation:
        """Add an operation, at least a second after the last one: partners print whole seconds."""
        with self._lock:
            operation = self._operation(parcel, step)
            parcel.operations.append(operation)
            self._news.append(operation)
            self._write("operation", asdict(operation))
            return operation

    def news(self) -> list[Operation]:
        """What happened since this was last asked, as far as it is remembered."""
        with self._lock:
            told = list(self._news)
            self._news.clear()
            return told

    def _operation(self, parcel: Parcel, step: Step) -> Operation:
        at = self._now().astimezone(BEIJING).replace(tzinfo=None, microsecond=0)
        if parcel.operations:
            at = max(at, datetime.fromisoformat(parcel.operations[-1].at) + timedelta(seconds=1))
        place = parcel.sender if step.here == "sender" else parcel.receiver
        name, phone = COURIERS[int(parcel.waybill[-4:]) % len(COURIERS)]
        return Operation(
            waybill=parcel.waybill,
            order_no=parcel.order_no,
            event=step.event,
            name=step.name,
            at=at.isoformat(" "),
            here=step.here,
            province=place.province,
            city=place.city,
            courier=name,
            phone=phone,
            code=step.code,
            deliver_code=step.deliver_code,
            attempt_code=step.attempt_code,
        )

    def _waybill(self) -> str:
        """Random, so that a sandbox that forgot its past does not give out a number twice."""
        while (waybill := self._number(self._random)) in self._parcels:
            pass
        return waybill

    def _write(self, kind: str, value: dict[str, Any]) -> None:
        if self._journal is not None:
            with self._journal.open("a", encoding="utf-8") as f:
                f.write(json.dumps({kind: value}, ensure_ascii=False) + "\n")

    def _take_up(self, journal: Path) -> None:
        whole = journal.read_text(encoding="utf-8").rpartition("\n")[0]
        for line in whole.splitlines():
            told = json.loads(line)
            if "order" in told:
                o = told["order"]
                places = Place(**o["sender"]), Place(**o["receiver"])
                self._parcels[o["waybill"]] = Parcel(
                    o["order_no"], o["waybill"], *places, tuple(o["window"]), o.get("extra", {})
                )
            else:
                operation = Operation(**told["operation"])
                self._parcels[operation.waybill].operations.append(operation)
        journal.write_text(whole + "\n" if whole else "", encoding="utf-8")
