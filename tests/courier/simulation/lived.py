"""One town lived to its end, and what there is to tell of it: legs, pushes, misfortunes that really struck, ends."""

import shutil
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from sqlalchemy import func, select

from courier.sandbox.faults import Fault
from storage.migrate import upgrade
from storage.session import Database
from storage.settings import StorageSettings
from storage.tables import bookings, courier_events, inbox, legs
from storage.vault import create_key_file
from tests.courier.simulation.town import FAULTS, Town, town

FAULTS_OF_OURS = ("job_fault", "sweep_fault", "sweep_refused", "job_unrecorded", "push_not_kept", "invariant_broken")
"""What the service logs when it did not know what to do."""


def lived(database: Database, seed: str, cases: int, faults: str = FAULTS) -> Counter[str]:
    """Raises `Broken` at the first thing that does not hold."""
    with structlog.testing.capture_logs() as logs, town(database, seed, faults) as it:
        it.run(cases)
        told = Counter({f"end: {how}": n for how, n in it.ends().items()})
        told += it.counted + _struck(it) + _kept(it)
    wrong = [line for line in logs if line["event"] in FAULTS_OF_OURS]
    assert not wrong, f"seed {seed}: {wrong[:3]}"
    told += Counter(f"answer: {line['outcome']}" for line in logs if line["event"] == "courier_answered")
    told += Counter(f"log: {line['event']}" for line in logs if line["log_level"] in ("warning", "critical"))
    return told


def _struck(it: Town) -> Counter[str]:
    found: Counter[str] = Counter()
    for courier in it.couriers.values():
        found.update({f"fault: {name}": n for name, n in courier.get("struck").items()})
        orders = Counter(o["order_no"] for o in courier.get("orders"))
        twice = [order for order, n in orders.items() if n > 1]
        assert not twice, f"ordered twice at {courier.name}: {twice}"
        found["orders"] += len(orders)
        pushes = courier.get("pushes")
        assert not [p for p in pushes if p["status"] == 200 and p["outcome"] != "taken"], "not in the partner's form"
        found.update(f"push: {push['outcome']}" for push in pushes)
    for household in it.households.values():
        found.update({f"people: {name}": n for name, n in household.luck.struck.items()})
    return found


def _kept(it: Town) -> Counter[str]:
    """What is to be seen of the couriers' misfortunes on our side."""
    with it.database.reading() as tx:
        rows = tx.all(select(courier_events.c.booking_id, courier_events.c.at).order_by(courier_events.c.seq))
        seen = Counter(
            legs=tx.execute(select(func.count()).select_from(legs)).scalar_one(),
            attempts=tx.execute(select(func.count()).select_from(bookings)).scalar_one(),
            events=len(rows),
        )
        seen["pushes kept"] = tx.execute(select(func.count()).select_from(inbox)).scalar_one()
        alerts = tx.all(select(bookings.c.alerts))
    seen.update(f"alert: {alert}" for row in alerts for alert in row.alerts or ())
    newest: dict[str, object] = {}
    for row in rows:
        seen["events out of order"] += row.at < newest.get(row.booking_id, row.at)
        newest[row.booking_id] = max(newest.get(row.booking_id, row.at), row.at)
    for family in it.door.meters.pushes.collect():
        for sample in family.samples:
            if sample.name.endswith("_total"):
                end = list(sample.labels.values())[-1]
                seen[f"door: {end}"] += int(sample.value)
    return seen


EXPECTED = tuple(f"fault: {fault}" for fault in Fault if fault is not Fault.SECOND_WAYBILL)
"""All of them: nobody here orders twice with one number, so no courier can give it two waybills."""

SEEN = (
    "answer: Unknown",
    "answer: RefusedByPartner",
    "door: doubled",
    "door: rejected",
    "door: wrong_address",
    "events out of order",
    "ems says lost",
    "ems says pickup_revoked",
    "ems says delivered_revoked",
    "alert: cancelled_but_moving",
    "people: second_booking_refused",
)
"""What the misfortunes come to on our side: struck alone may mean that a parcel was called off before."""


class Place:
    """Migrated SQLite databases in a folder that is gone afterwards."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._template, self._key = folder, folder / "template.db", folder / "keys.json"
        create_key_file(self._key)
        upgrade(StorageSettings(f"sqlite:///{self._template}", "dir:/nowhere", self._key))

    def lived(self, seed: str, cases: int) -> Counter[str]:
        with TemporaryDirectory(dir=self._folder) as folder:
            shutil.copyfile(self._template, Path(folder) / "town.db")
            address, blobs = f"sqlite:///{folder}/town.db", f"dir:{folder}/blobs"
            database = Database(StorageSettings(address, blobs, self._key))
            try:
                return lived(database, seed, cases)
            finally:
                database.dispose()
