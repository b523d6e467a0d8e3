"""The sandbox's parcels: orders taken and operations that happened, in memory, with an optional journal.

A parcel's status is what its operations say. The journal has one JSON line per order and per operation and is read
again at the start; a last line cut short by a crash is dropped. No names, phones or street addresses are kept.
"""

import json
import random
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from courier.sandbox.life import COLLECTED, COURIERS, Step
from courier.windows import BEIJING


@dataclass(frozen=True)
class Place:
    province: str
    city: str


@dataclass
class Parcel:
    order_no: str
    waybill: str
    sender: Place
    receiver: Place
    window: tuple[str, str]
    operations: list[dict[str, str]] = field(default_factory=list)

    def has(self, code: str) -> bool:
        return any(o["opCode"] == code for o in self.operations)

    @property
    def status(self) -> str:
        if self.has("801"):
            return "cancelled"
        revoked = sum(o["opCode"] == "207" for o in self.operations)
        taken = sum(o["opCode"] in COLLECTED for o in self.operations)
        return "collected" if taken > revoked else "accepted"


class Depot:
    """All parcels. Threads may share it."""

    def __init__(self, seed: int, now: Callable[[], datetime], journal: Path | None) -> None:
        self._lock = threading.RLock()
        self._random = random.Random(seed)
        self._now = now
        self._parcels: dict[str, Parcel] = {}
        self._journal = journal
        if journal is not None and journal.exists():
            self._take_up(journal)

    def take(self, order_no: str, sender: Place, receiver: Place, window: tuple[str, str]) -> Parcel:
        """A new parcel, whatever else has this order number: whether to is decided before."""
        with self._lock:
            waybill = self._waybill()
            parcel = Parcel(order_no, waybill, sender, receiver, window)
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

    def all(self) -> list[Parcel]:
        with self._lock:
            return list(self._parcels.values())

    def happen(self, parcel: Parcel, step: Step) -> dict[str, str]:
        """Add an operation, at least a second after the last one: EMS prints whole seconds."""
        with self._lock:
            operation = self._operation(parcel, step)
            parcel.operations.append(operation)
            self._write("operation", operation)
            return operation

    def _operation(self, parcel: Parcel, step: Step) -> dict[str, str]:
        at = self._now().astimezone(BEIJING).replace(tzinfo=None, microsecond=0)
        if parcel.operations:
            at = max(at, datetime.fromisoformat(parcel.operations[-1]["opTime"]) + timedelta(seconds=1))
        place = parcel.sender if step.here == "sender" else parcel.receiver
        name, phone = COURIERS[int(parcel.waybill) % len(COURIERS)]
        return {
            "waybillNo": parcel.waybill,
            "orderNo": parcel.order_no,
            "opTime": at.isoformat(" "),
            "opCode": step.code,
            "opName": step.name,
            "opDesc": f"【{place.city}】{step.name}",
            "opOrgProvName": place.province,
            "opOrgCity": place.city,
            "opOrgCode": "44000001" if step.here == "sender" else "44000002",
            "opOrgName": f"{place.city}样本营业部",
            "operatorNo": parcel.waybill[-4:],
            "operatorName": name,
            "operatorPhone": phone if step.code.startswith("SBX") else "",
            "deliverCode": step.deliver_code,
            "attemptDeliveryCode": step.attempt_code,
            "productName": "特快专递",
        }

    def _waybill(self) -> str:
        """13 digits as EMS's. Random, so that a sandbox that forgot its past does not give out a number twice."""
        while (waybill := f"12{self._random.randrange(10**11):011d}") in self._parcels:
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
                self._parcels[o["waybill"]] = Parcel(
                    o["order_no"], o["waybill"], Place(**o["sender"]), Place(**o["receiver"]), tuple(o["window"])
                )
            else:
                self._parcels[told["operation"]["waybillNo"]].operations.append(told["operation"])
        journal.write_text(whole + "\n" if whole else "", encoding="utf-8")
