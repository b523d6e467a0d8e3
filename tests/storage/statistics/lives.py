"""Lives of cases that differ in all that is counted."""

from collections.abc import Callable, Mapping
from typing import Any

from cases.actions import clocks, complaining, deciding, judging, opening, ordering, review
from cases.actions.bundling import open_child, record_opened
from cases.actions.complaining import Filed
from cases.actions.judging import Verdict
from cases.actions.review import MaterialDecision, MaterialRuling, ReviewDecision, ReviewRuling
from cases.bundles import follow_on
from cases.care import ComplaintKind, Hand
from cases.couriers import COUNTER
from cases.findings import FindingCode, found
from cases.lifecycle import CaseState, LegState
from cases.model import CaseNumber, Direction
from cases.rulings import Because, Excuse
from storage.session import Database
from storage.tables import persons
from tests.cases.world import ITEM
from tests.storage.kept import RESIDENT, KeptWorld, publish

BLURRED = found(FindingCode.BLURRED, material="id_front", page=1)
MISMATCH = found(FindingCode.MISMATCH, material="form", field="name")


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


def again(world: KeptWorld) -> None:
    """Sent back four times: for what was said before, for what changed meanwhile, for what a new page shows."""
    world.upload_and_read("id_front", "form").submit().judge("review", MISMATCH)
    for said, excuse in (
        ("缺签名", Excuse()),
        ("缺签名", Excuse()),
        ("户口已迁出", Excuse(Because.CHANGED_AFTER, "户籍信息变更")),
        ("新交的一页不清楚", Excuse()),
    ):
        ruling = MaterialRuling("form", MaterialDecision.RETURN, said)
        world.apply(review.decide_material(world.file, ruling, world.now))
        world.apply(review.close_review(world.file, ReviewRuling(ReviewDecision.RETURN, excuse=excuse), world.now))
        world.wait(hours=5)
        if excuse.because:
            for page in world.file.pages_of("form"):
                world.apply(opening.remove_page(world.file, page.id))
            world.upload_and_read("form")
        world.submit().judge("review", MISMATCH)


def paused(world: KeptWorld) -> None:
    """A hearing in the middle: its days do not count."""
    world.to_processing()
    world.apply(clocks.special(world.file, "听证", "申请人要求听证", world.now))
    world.wait(days=12)
    world.apply(clocks.end_special(world.file, world.now, "听证结束"))
    world.wait(days=2).decide("card").decide("photo").decide("issue")
    world.apply(deciding.conclude(world.file, world.now))


def left_in_the_middle(world: KeptWorld) -> None:
    world.to_processing().decide("photo")
    world.apply(opening.withdraw(world.file, world.now))


def bundled(world: KeptWorld) -> None:
    """Its approval opens two cases: one hands itself in, the other lacks a paper."""
    world.to_processing().decide("card").decide("photo").decide("issue")
    for child in world.file.children:
        follow = follow_on(world.file, child)
        assert follow is not None
        number = CaseNumber(f"{world.number[:-1]}{world.file.children.index(child) + 1}")
        with world.database.transaction() as tx:
            opened = open_child(world.file, follow, tx.item(child.item), number, world.now)
            tx.open_case(opened.case, opened.materials)
            tx.apply(number, opened.outcome, actor=RESIDENT)
            if not opened.lacking:
                file = tx.case_file(number, for_change=True)
                tx.apply(number, judging.record_verdict(file, Verdict("passed", (), {}), world.now), actor=RESIDENT)
        world.apply(record_opened(world.file, child, opened, {}, world.now))
    world.apply(deciding.conclude(world.file, world.now))


def follow(*inherits: str, code: str) -> dict[str, Any]:
    return {"item": code, "inherits": list(inherits)}


CHILDREN = {"440105-YSGH": ("id_front", "form"), "440105-YDGH": ("id_front",)}
BUNDLE = {
    "code": "440105-FWGH",
    "name": "房屋过户",
    "follow_ons": [follow(*inherits, code=code) for code, inherits in CHILDREN.items()],
}


def publish_children(database: Database) -> None:
    papers = [{**m, "original": "none", "when": {}} for m in ITEM["materials"] if m["key"] in ("id_front", "form")]
    for code in CHILDREN:
        publish(
            database, code=code, name=f"随办{code[-4:]}", materials=papers, questions=[], routing=[ITEM["routing"][0]]
        )


def complained(*steps: str, rating: int = 0) -> Callable[[KeptWorld], None]:
    """Of a case at its end: taken up, answered, and what its resident said of the answer."""

    def lived(world: KeptWorld) -> None:
        world.to_delivered()
        if rating:
            world.apply(deciding.rate(world.file, rating, "说明", world.now))
        with world.database.transaction() as tx:
            person = {
                "id": "p1",
                "platform": "t",
                "platform_user_index": "1",
                "platform_user": b"-",
                "first_seen_at": tx.now(),
            }
            tx.insert_new(persons, person)
            number = tx.care.next_number("440105", tx.now())
            made = complaining.file(world.file.case, Filed(ComplaintKind.SLOW, "等了两周"), number, world.now)
            tx.care.add(world.number, made, actor=RESIDENT)
        for step in steps:
            _step(world, made.id, step)

    return lived


def _step(world: KeptWorld, complaint: str, step: str) -> None:
    hand = Hand("boss", involved=False)
    with world.database.transaction() as tx:
        _, c = tx.care.complaint(complaint)
        now = world.now
        taken = {
            "take": lambda: complaining.take(c, hand, hand, now),
            "answer": lambda: complaining.answer(c, hand, "已经查明", now),
            "content": lambda: complaining.judge(c, True, "", now),
            "not_content": lambda: complaining.judge(c, False, "没有解决", now),
            "withdraw": lambda: complaining.withdraw(c, now),
        }[step]()
        tx.care.take(world.number, c, taken, actor=RESIDENT)


LIVES: Mapping[str, Callable[[KeptWorld], Any]] = {
    "draft": lambda world: None,
    "submitted": lambda world: world.upload_and_read("id_front", "form").submit(),
    "returned": lambda world: world.upload_and_read("id_front", "form").submit().judge("returned", BLURRED),
    "mended": mended,
    "mended_twice": lambda world: mended(world, 2),
    "mended_often": lambda world: mended(world, 3),
    "given_up": given_up,
    "missed": missed,
    "late": late,
    "refused": refused,
    "fetched": fetched,
    "content": lambda world: rated(world, 1),
    "angry": lambda world: rated(world, 5),
    "again": again,
    "paused": paused,
    "left_in_the_middle": left_in_the_middle,
    "bundled": bundled,
    "complained": complained("take", "answer", "content", rating=3),
    "complained_in_vain": complained("take", "answer", "not_content", rating=4),
    "complained_unheard": complained(),
    "complaint_answered": complained("take", "answer", rating=2),
    "complaint_taken_back": complained("withdraw"),
}


def live(database: Database, name: str, place: int, **changes: Any) -> KeptWorld:
    number = f"440105202603{place // 100 % 28 + 1:02d}{place:06d}0"
    if name == "bundled":
        publish_children(database)
        changes["item_changes"] = BUNDLE
    world = KeptWorld(database, number, check=False, **changes)
    world.wait(hours=7 * place % 60)
    LIVES[name](world)
    return world
