"""The doors with our own carriers, and the worker's part played by the worker's own handlers."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from cases.boxes import Box
from cases.deadlines import BEIJING
from cases.effects import JobKind
from cases.model import Booking, Direction, HandOver, Leg
from courier.registry import partners
from courier.settings import from_mapping
from storage.blobs import Blobs
from storage.journal import journal
from storage.session import Database
from storage.words import JobState, Role
from tests.cases.world import ITEM
from tests.web.world import APPLICANT, CARRIERS, SYSTEM, Caller, World, client_of, make_world, unique
from tests.workers.room import OFFICE, Platform
from workers.actors.registry import HANDLERS
from workers.context import Context
from workers.jobs import perform

OURS = CARRIERS | {
    "ZEROTRIP_COURIERS": "ems,grid,drop_box,counter",
    "ZEROTRIP_GRID_AREAS": "cg:海珠区:赤岗 新港;hz:海珠区",
}
HERE = {
    "province": "广东省",
    "city": "广州市",
    "county": "海珠区",
    "detail": "赤岗街道样本路1号",
    "contact": "陈样本",
    "phone": "13800000000",
}
RESULT = {"name": "社会保障卡", "form": "paper", "delivery": ["courier", "grid", "counter"]}
BEHIND = (JobKind.COURIER_BOOK, JobKind.COURIER_CANCEL, JobKind.COURIER_FIND, JobKind.INBOX_HANDLE, JobKind.CASE_ROUTE)


@dataclass
class Town(World):
    """A world whose papers our own people carry."""

    def works(self, *kinds: JobKind) -> None:
        """Every job of couriers (or of these kinds) that is due, as the worker does it."""
        context = Context(self.database, self.blobs, self.doors.partners, Platform(), OFFICE)
        while True:
            with self.database.reading() as tx:
                due = [
                    j for kind in kinds or BEHIND for j in tx.jobs.list(JobState.QUEUED, kind) if j.due_at <= tx.now()
                ]
            if not due:
                return
            for job in due:
                perform(context, HANDLERS[job.kind], job.id)

    def grid_worker(self, *areas: str, name: str = "grid") -> Caller:
        """Somebody's system of the grid; sees these areas."""
        with self.database.transaction() as tx:
            key, token = tx.staff.add_api_key(name, roles=frozenset({Role.GRID}), departments=frozenset(), actor=SYSTEM)
            tx.in_house.assign_areas(key.id, areas, actor=SYSTEM)
        return Caller(self, {"X-API-Key": token})

    def box(self, code: str = "hz-01", **changes: Any) -> Box:
        with self.database.transaction() as tx:
            box = Box(code, "赤岗社区", "赤岗党群服务中心", "440105", ("10:00", "16:30"), tx.now() - timedelta(days=3))
            return tx.boxes.put(replace(box, **changes), actor=SYSTEM)

    def now(self) -> datetime:
        return self.database.now()

    # ── a case on its way ──

    def passed(self, who: Caller, **changes: Any) -> str:
        no = who.opens(**{"address": HERE, **changes})
        who.submits(no)
        self.judge(no, "passed")
        return no

    def booked(self, who: Caller, no: str, partner: str, leg: Direction = Direction.COLLECTION) -> Booking:
        windows = who.get(f"/api/v1/cases/{no}/windows?leg={leg}")["windows"]
        window = next(w["id"] for w in windows if w["partner"] == partner)
        who.post(f"/api/v1/cases/{no}/bookings", 201, leg=str(leg), window=window, address=HERE)
        self.works()
        return self.file(no).bookings[-1]

    def concluded(self, who: Caller, **changes: Any) -> str:
        """A case whose result waits to be brought home; its papers came over the counter."""
        no = self.passed(who, **changes)
        desk = self.desk()
        lines = [{"key": o.key, "copies": o.copies} for o in self.file(no).originals]
        desk.post(f"/desk/api/cases/{no}/originals", received=lines)
        desk.post(f"/desk/api/cases/{no}/accept")
        self.route(no)
        clerk = self.system(Role.CLERK)
        while todo := [a for a in self.file(no).assignments if a.state == "open"]:
            clerk.post(f"/desk/api/assignments/{todo[0].id}/decision", decision="approve", opinion="同意")
        desk.post(f"/desk/api/cases/{no}/conclude")
        return no

    def desk(self) -> Caller:
        return self.system(Role.INTAKE, Role.SUPERVISOR)

    def leg(self, no: str, direction: Direction = Direction.COLLECTION) -> Leg:
        leg = self.file(no).leg(direction)
        assert leg is not None
        return leg

    def chain(self, no: str) -> list[HandOver]:
        return list(self.file(no).hand_overs)


def make_town(database: Database, blobs: Blobs) -> Town:
    world = make_world(database, blobs)
    world.publish(version=2, result=RESULT)
    couriers = from_mapping(OURS)
    carriers = partners(couriers, journal(database)) | {"ems": world.partner}
    doors = replace(world.doors, couriers=couriers, partners=carriers)
    client = client_of(doors)
    return Town(database, blobs, world.partner, doors, client)


def scan(code: str, event: str, at: datetime, **more: Any) -> dict[str, Any]:
    """As the phone makes it."""
    return {"scan_id": unique().ljust(8, "0"), "code": code, "event": event, "at": at.isoformat(), **more}


def noon(days: int = 0) -> datetime:
    return datetime.now(BEIJING).replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=days)


ID_TAIL = APPLICANT["id_number"][-4:]
ITEM_CODE = str(ITEM["code"])
