"""Lives of cases that differ in all that is counted, and the figures of them computed the long way: from the case files
themselves, one by one."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from cases.actions import deciding, opening, ordering
from cases.couriers import COUNTER
from cases.deadlines import BEIJING, working_days_between
from cases.findings import FindingCode, found
from cases.known import PASSED, papers_saved
from cases.lifecycle import CaseState, LegState
from cases.model import CaseFile, Direction
from cases.saved import saved_by
from storage.audit import AuditLine
from storage.session import Database
from tests.storage.kept import KeptWorld

BLURRED = found(FindingCode.BLURRED, material="id_front", page=1)


def mended(world: KeptWorld, times: int = 1) -> KeptWorld:
    """Handed in, sent back that often, and through at last."""
    world.upload_and_read("id_front", "form").submit()
    for _ in range(times):
        world.judge("returned", BLURRED)
        for page in [p for p in world.file.pages if p.state != "removed"]:
            world.apply(opening.remove_page(world.file, page.id))
        world.upload_and_read("id_front", "form").submit()
    world.judge("passed")
    return world


def rated(world: KeptWorld, level: int) -> None:
    world.to_delivered()
    world.apply(deciding.rate(world.file, level, "说明", world.now))


def late(world: KeptWorld) -> None:
    world.to_processing()
    world.wait(days=30).decide("card").decide("photo").decide("issue")
    world.apply(deciding.conclude(world.file, world.now))


def refused(world: KeptWorld) -> None:
    world.to_processing().decide("card", approve=False, opinion="不符合条件")
    for key in ("photo", "issue"):
        one = next(a for a in world.file.assignments if a.key == key)
        if one.state == "open" and world.file.case.state is CaseState.PROCESSING:
            world.decide(key)
    if world.file.case.state is CaseState.REFUSED:
        world.apply(deciding.conclude(world.file, world.now))


def fetched(world: KeptWorld) -> None:
    """By hand, at the counter."""
    world.to_concluded()
    booking = world.book(Direction.DELIVERY, COUNTER)
    world.apply(ordering.record_booked(world.file, booking, "C1", world.now))
    world.track(booking, LegState.PICKED_UP).track(booking, LegState.DELIVERED)


def given_up(world: KeptWorld) -> None:
    mended(world)
    world.apply(opening.withdraw(world.file, world.now))


def missed(world: KeptWorld) -> None:
    """The courier did not come; another one did, late."""
    world.to_passed()
    first = world.booked(Direction.COLLECTION)
    world.track(first, LegState.PICKUP_FAILED)
    second = world.booked(Direction.COLLECTION)
    world.wait(hours=9).track(second, LegState.PICKED_UP).track(second, LegState.DELIVERED)
    world.count(id_front=1, form=1)


LIVES: Mapping[str, Callable[[KeptWorld], Any]] = {
    "draft": lambda world: None,
    "submitted": lambda world: world.upload_and_read("id_front", "form").submit(),
    "returned": lambda world: world.upload_and_read("id_front", "form").submit().judge("returned", BLURRED),
    "mended": mended,
    "mended_often": lambda world: mended(world, 3),
    "given_up": given_up,
    "missed": missed,
    "late": late,
    "refused": refused,
    "fetched": fetched,
    "content": lambda world: rated(world, 1),
    "angry": lambda world: rated(world, 5),
}


def live(database: Database, name: str, place: int, **changes: Any) -> KeptWorld:
    number = f"440105202603{place // 100 % 28 + 1:02d}{place:06d}0"
    world = KeptWorld(database, number, check=False, **changes)
    world.wait(hours=7 * place % 60)
    LIVES[name](world)
    return world


def by_hand(database: Database, worlds: list[KeptWorld]) -> dict[str, Any]:
    """The figures, from the files and records of the cases alone."""
    with database.reading() as tx:
        told = [(tx.case_file(w.number), tx.timeline(w.number)) for w in worlds]
        calendar = tx.calendar()
    files = [file for file, _ in told]
    passed = [f for f, lines in told if _at(lines, "case_pass")]
    concluded = [f for f in files if f.case.concluded_at]
    rated_ = [f.rating.level for f in files if f.rating]
    spared = [saved for f in files if (saved := saved_by(f))]
    worked = [working_days_between(calendar, _day(f.case.accepted_at), _day(f.case.concluded_at)) for f in concluded]
    bookings = [b for f in files for b in f.bookings if b.partner != COUNTER]
    return {
        "cases": len(files),
        "by_state": _counted(str(f.case.state) for f in files),
        "by_item": _counted(f.case.item_code for f in files),
        "submitted": sum(f.case.submitted_at is not None for f in files),
        "passed": len(passed),
        "rounds": {n: sum(min(f.case.round, 3) == n for f in passed) for n in range(4)},
        "first_pass_rate": _share(sum(f.case.round == 0 for f in passed), len(passed)),
        "papers_saved": sum(papers_saved(f) for f in passed if f.case.state in PASSED),
        "accepted": sum(f.case.accepted_at is not None for f in files),
        "concluded": len(concluded),
        "overdue": sum(_is_late(f) for f in concluded),
        "on_time_rate": _share(sum(not _is_late(f) for f in concluded), len(concluded)),
        "working_days": round(sum(worked) / len(worked), 2) if worked else None,
        "delivered": sum(f.case.state is CaseState.DELIVERED for f in files),
        "trips_saved": sum(s.trips for s in spared),
        "hours_saved": round(sum(s.hours for s in spared), 1),
        "ratings": _counted(rated_),
        "satisfaction": _share(sum(level <= 3 for level in rated_), len(rated_)),
        "hours": _week(files),
        "orders": len(bookings),
        "orders_failed": sum(b.state == "failed" for b in bookings),
    }


def _at(lines: list[AuditLine], action: str) -> bool:
    return any(line.action == action for line in lines)


def _day(at: datetime | None) -> date:
    assert at is not None
    return at.astimezone(BEIJING).date()


def _is_late(file: CaseFile) -> bool:
    return file.case.promised_due is not None and _day(file.case.concluded_at) > file.case.promised_due


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _counted(words: Any) -> dict[Any, int]:
    counted: dict[Any, int] = {}
    for word in words:
        counted[word] = counted.get(word, 0) + 1
    return counted


def _week(files: list[CaseFile]) -> list[list[int]]:
    week = [[0] * 24 for _ in range(7)]
    for file in files:
        if file.case.submitted_at:
            local = file.case.submitted_at.astimezone(BEIJING)
            week[local.weekday()][local.hour] += 1
    return week
