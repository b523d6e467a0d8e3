"""What one case lives through under load, as steps: each says when its turn is, by what the database shows, and what is done
then. Most cases end with their papers fetched; some go all the way to the rating.
"""

import random
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tests.chaos.callers import Caller, Json, NotTaken
from tests.chaos.house import Doors, ask

MATERIAL = "id_front"
ITEM = "440105-HDCS"


class Life(StrEnum):
    READ = "read"
    """To the verdict of the machine."""
    FETCHED = "fetched"
    """To the papers at the office."""
    WHOLE = "whole"
    """To the rating."""
    DECIDED = "decided"
    """To the department, which takes its time; made `WHOLE`, it goes on."""


@dataclass(frozen=True)
class Leg:
    state: str
    booking: str = ""
    """State of the newest booking; empty: none."""
    waybill: str = ""


@dataclass(frozen=True)
class Seen:
    """A case as the database shows it."""

    state: str
    legs: Mapping[str, Leg] = field(default_factory=dict)
    assignments: Sequence[str] = ()
    """Those that are open."""
    rated: bool = False

    def leg(self, direction: str) -> Leg:
        return self.legs.get(direction, Leg("none"))


@dataclass
class Case:
    """One resident's errand. `number` empty: not opened yet. `carried`: waybills whose parcels are on their way."""

    index: int
    life: Life
    resident: Caller
    picture: bytes
    spoilt: bytes | None
    """A picture that is returned, sent before the good one."""
    in_pieces: bool
    rnd: random.Random
    number: str = ""
    carried: set[str] = field(default_factory=set)
    uploaded: bool = False
    mended: bool = False
    reviewed: int = 0

    @property
    def path(self) -> str:
        return f"/api/v1/cases/{self.number}"


@dataclass
class Office:
    """The desk, the department, the courier, and the windows that were offered last."""

    desk: Caller
    department: Caller
    doors: Doors
    windows: dict[str, str] = field(default_factory=dict)


class NotYet(Exception):
    """Its turn comes again."""


@dataclass(frozen=True)
class Step:
    due: Callable[[Case, Seen], bool]
    do: Callable[[Case, Seen, Office], None]
    lives: frozenset[Life] = frozenset(Life)


# ── what is done ──


def apply(case: Case, _: Seen, __: Office) -> None:
    """Open, photograph, hand in."""
    applicant = {"kind": "person", "name": "陈样本", "id_number": id_number(case.index), "phone": "13800000000"}
    if not case.number:
        opened = case.resident.write(
            "/api/v1/cases", item=ITEM, answers={}, applicant=applicant, address=ADDRESS, channel="miniapp"
        )
        case.number = opened["case"]
    if not case.uploaded:
        _photograph(case, case.spoilt or case.picture)
        case.uploaded = True
    case.resident.write(f"{case.path}/submit")


def _photograph(case: Case, picture: bytes) -> None:
    if case.in_pieces:
        case.resident.upload_in_pieces(case.number, MATERIAL, picture)
    else:
        case.resident.upload(f"{case.path}/materials/{MATERIAL}/pages", picture)


def mend(case: Case, _: Seen, __: Office) -> None:
    """The page that was returned goes, a good one comes."""
    shown = case.resident.get(case.path)
    for page in [p for m in shown["materials"] for p in m["pages"]]:
        case.resident.delete(f"{case.path}/pages/{page['id']}")
    _photograph(case, case.picture)
    case.resident.write(f"{case.path}/submit")
    case.mended = True


def review(case: Case, _: Seen, office: Office) -> None:
    """Only where the machine could not read: a person looks."""
    path = f"/desk/api/cases/{case.number}"
    case.reviewed += 1
    office.desk.write(f"{path}/claim")
    office.desk.write(f"{path}/materials/{MATERIAL}/decision", decision="accept", note="已核对")
    office.desk.write(f"{path}/preaudit", decision="pass")


def book(direction: str) -> Callable[[Case, Seen, Office], None]:
    def do(case: Case, _: Seen, office: Office) -> None:
        window = office.windows.get(direction) or _window(case, office, direction)
        try:
            case.resident.write(f"{case.path}/bookings", leg=direction, window=window)
        except NotTaken as refused:
            office.windows.pop(direction, None)
            raise NotYet from refused

    return do


def _window(case: Case, office: Office, direction: str) -> str:
    offered = case.resident.get(f"{case.path}/windows", leg=direction)["windows"]
    if not offered:
        raise NotYet  # the partner is left alone just now
    chosen: str = offered[min(2, len(offered) - 1)]["id"]
    office.windows[direction] = chosen
    return chosen


def carry(direction: str, events: Sequence[str]) -> Callable[[Case, Seen, Office], None]:
    """The courier does it, and tells it doubled, backwards, shuffled or as it was."""

    def do(case: Case, seen: Seen, office: Office) -> None:
        how: Json = case.rnd.choice([{}, {"times": 2}, {"order": "reversed"}, {"order": "shuffled"}])
        waybill = seen.leg(direction).waybill
        try:
            ask(f"{office.doors.courier}/control/orders/{waybill}/advance", {"events": list(events), **how})
        except OSError as error:
            raise NotYet from error
        case.carried.add(waybill)

    return do


def count_papers(case: Case, _: Seen, office: Office) -> None:
    received = [{"key": MATERIAL, "copies": 1, "condition": "good"}]
    office.desk.write(f"/desk/api/cases/{case.number}/originals", received=received)


def accept(case: Case, _: Seen, office: Office) -> None:
    office.desk.write(f"/desk/api/cases/{case.number}/accept")


def decide(_: Case, seen: Seen, office: Office) -> None:
    for assignment in seen.assignments:
        office.department.write(f"/desk/api/assignments/{assignment}/decision", decision="approve", opinion="同意")


def conclude(case: Case, _: Seen, office: Office) -> None:
    office.desk.write(f"/desk/api/cases/{case.number}/conclude")


def rate(case: Case, _: Seen, __: Office) -> None:
    case.resident.write(f"{case.path}/rating", level=1, text="一次都没跑")


# ── when ──


def _bookable(direction: str) -> Callable[[Case, Seen], bool]:
    def due(_: Case, seen: Seen) -> bool:
        leg = seen.leg(direction)
        return leg.state == "offered" and leg.booking in ("", "refused", "void", "cancelled")

    return due


def _carriable(direction: str) -> Callable[[Case, Seen], bool]:
    def due(case: Case, seen: Seen) -> bool:
        leg = seen.leg(direction)
        return leg.booking == "booked" and bool(leg.waybill) and leg.waybill not in case.carried

    return due


WHOLE = frozenset({Life.WHOLE})
TAKEN = WHOLE | {Life.DECIDED}
BOOKED = TAKEN | {Life.FETCHED}
STEPS = (
    Step(lambda c, s: s.state in ("", "draft"), apply),
    Step(lambda c, s: s.state == "returned" and c.spoilt is not None and not c.mended, mend),
    Step(lambda c, s: s.state == "in_review", review),
    Step(_bookable("collection"), book("collection"), BOOKED),
    Step(_carriable("collection"), carry("collection", ("courier_assigned", "picked_up", "delivered")), BOOKED),
    Step(lambda c, s: s.state == "collecting" and s.leg("collection").state == "delivered", count_papers, TAKEN),
    Step(lambda c, s: s.state == "received", accept, TAKEN),
    Step(lambda c, s: s.state == "processing" and bool(s.assignments), decide, WHOLE),
    Step(lambda c, s: s.state == "approved", conclude, WHOLE),
    Step(_bookable("delivery"), book("delivery"), WHOLE),
    Step(_carriable("delivery"), carry("delivery", ("picked_up", "delivered")), WHOLE),
    Step(lambda c, s: s.state == "delivered" and not s.rated, rate, WHOLE),
)


def next_step(case: Case, seen: Seen) -> Step | None:
    return next((step for step in STEPS if case.life in step.lives and step.due(case, seen)), None)


def is_over(case: Case, seen: Seen) -> bool:
    if case.life is Life.WHOLE:
        return seen.state == "delivered" and seen.rated
    if case.life is Life.DECIDED:
        return seen.state == "processing" and bool(seen.assignments)
    if case.life is Life.READ:
        return seen.state == "preaudit_passed"
    return seen.state == "collecting" and seen.leg("collection").state == "delivered"


ADDRESS = {"province": "广东省", "city": "广州市", "county": "海珠区", "detail": "样本路1号", "contact": "陈样本",
           "phone": "13800000000"}  # fmt: skip
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(index: int) -> str:
    """Of a resident who does not exist: another one for each index below 3.6 million."""
    rest, serial = divmod(index * 7919 % 3_600_000, 1000)
    rest, year = divmod(rest, 50)
    day, month = divmod(rest, 9)
    body = f"440105{1950 + year}0{1 + month}1{day}{serial:03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]


def marked(picture: bytes, name: str) -> bytes:
    """The same picture as another file: a comment is put in behind the JPEG's first marker."""
    comment = name.encode()
    return picture[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + picture[2:]
