"""The desk's queues: the right cases, most urgent first, each once, and only for those who may see them."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from cases.errors import Conflict, InvalidRequest, NotFound
from cases.findings import FindingCode, found
from cases.lifecycle import CaseState
from storage.actors import Actor, Scope
from storage.queues import QUEUES, masked_name
from storage.session import Database
from storage.staff import Role
from storage.tables import cases
from tests.storage.kept import CLERK, KeptWorld

ALL = Scope.everything()
MISMATCH = found(FindingCode.MISMATCH, material="form", field="name")


def opened(database: Database, count: int) -> list[KeptWorld]:
    return [KeptWorld(database, f"44010520260302{n:06d}0", check=False) for n in range(count)]


def in_review(database: Database, count: int = 1) -> list[KeptWorld]:
    worlds = opened(database, count)
    for world in worlds:
        world.upload_and_read("id_front", "form").submit().judge("review", MISMATCH)
    return worlds


def numbers(database: Database, name: str, scope: Scope = ALL) -> list[str]:
    with database.reading() as tx:
        return [row.number for row in tx.queue(name, None, 50, scope)[0]]


def test_pages_of_a_queue_hold_every_case_once_most_urgent_first(database: Database) -> None:
    worlds = in_review(database, 5)
    with database.transaction() as tx:
        for n, world in enumerate(worlds):  # two of them at the same moment
            urgent = world.at - timedelta(hours=n // 2)
            tx.execute(update(cases).where(cases.c.number == world.number).values(deadline_at=urgent))
    seen: list[str] = []
    cursor: str | None = None
    with database.reading() as tx:
        for _ in range(3):
            rows, cursor = tx.queue("review", cursor, 2, ALL)
            seen += [row.number for row in rows]
    assert cursor is None
    assert seen == [worlds[i].number for i in (4, 2, 3, 0, 1)]


def test_a_row_says_what_the_desk_needs_and_masks_the_name(database: Database) -> None:
    (world,) = in_review(database)
    with database.reading() as tx:
        (row,), _ = tx.queue("review", None, 10, ALL)
    assert (row.item_name, row.state, row.applicant) == ("社会保障卡补领", CaseState.IN_REVIEW, "陈*本")
    assert row.deadline_at == world.file.case.deadline_at


@pytest.mark.parametrize(
    ("name", "masked"), [("王小明", "王*明"), ("王明", "王*"), ("欧阳小明", "欧**明"), ("王", "王")]
)
def test_names_are_masked_by_length(name: str, masked: str) -> None:
    assert masked_name(name) == masked


def test_each_queue_holds_its_states(database: Database) -> None:
    worlds = opened(database, 5)
    worlds[0].upload_and_read("id_front", "form").submit().judge("returned", MISMATCH)
    worlds[1].to_received()
    worlds[2].to_processing()
    worlds[3].to_processing().decide("card").decide("photo").decide("issue")
    held = {name: numbers(database, name) for name in ("returned", "originals", "accepted", "conclude", "review")}
    assert held == {
        "returned": [worlds[0].number],
        "originals": [worlds[1].number],
        "accepted": [worlds[2].number],
        "conclude": [worlds[3].number],
        "review": [],
    }


def test_late_are_those_whose_deadline_has_passed(database: Database) -> None:
    one, two = in_review(database, 2)
    with database.transaction() as tx:
        for world, hours in ((one, -1), (two, 1)):
            due = tx.now() + timedelta(hours=hours)
            tx.execute(update(cases).where(cases.c.number == world.number).values(deadline_at=due))
    assert numbers(database, "late") == [one.number]


def test_what_came_back_after_a_correction_and_what_is_about_to_be_late_have_queues_of_their_own(
    database: Database,
) -> None:
    back, soon, later = in_review(database, 3)
    with database.transaction() as tx:
        now = tx.now()
        for world, values in (
            (back, {"round": 1, "deadline_at": now + timedelta(days=3)}),
            (soon, {"deadline_at": now + timedelta(hours=3)}),
            (later, {"deadline_at": now + timedelta(days=3)}),
        ):
            tx.execute(update(cases).where(cases.c.number == world.number).values(**values))
    assert numbers(database, "again") == [back.number]
    assert numbers(database, "soon") == [soon.number]


def test_a_queue_is_scoped(database: Database) -> None:
    (world,) = in_review(database)
    assert numbers(database, "review", Scope.of_staff("s", frozenset({"rsj"}))) == [world.number]
    assert numbers(database, "review", Scope.of_staff("s", frozenset({"gaj"}))) == []


def test_counts_agree_with_the_queues(database: Database) -> None:
    in_review(database, 3)
    with database.reading() as tx:
        counts = tx.queue_counts(ALL)
    assert set(counts) == set(QUEUES)
    assert counts["review"] == counts["unclaimed"] == 3
    with database.reading() as tx:
        assert set(tx.queue_counts(Scope.of_staff("s", frozenset({"gaj"}))).values()) == {0}


def test_an_unknown_queue_and_a_broken_cursor_are_refused(database: Database) -> None:
    with database.reading() as tx:
        with pytest.raises(NotFound):
            tx.queue("nothing", None, 10, ALL)
        for cursor in ("x", "!!", "W10", "WyJhIiwiYiJd"):
            with pytest.raises(InvalidRequest):
                tx.queue("review", cursor, 10, ALL)


def test_a_claim_names_its_holder_to_others(database: Database) -> None:
    (world,) = in_review(database)
    with database.transaction() as tx:
        member, _ = tx.staff.add(
            "li", "李雷", "correct horse battery", roles=frozenset({Role.CLERK}), departments=frozenset(), actor=CLERK
        )
        mine = tx.claim(world.number, member.id)
        assert tx.claim(world.number, member.id) == mine, "one's own claim is renewed"
    with database.transaction() as tx, pytest.raises(Conflict, match="李雷") as caught:
        tx.claim(world.number, "other")
    assert caught.value.details["holder"] == member.id
    assert numbers(database, "mine", Scope.of_staff(member.id, None)) == [world.number]
    assert numbers(database, "mine", Scope.of_staff("other", None)) == []
    assert numbers(database, "unclaimed") == []


def test_a_claim_is_free_after_its_lease_and_after_its_release(database: Database) -> None:
    (world,) = in_review(database)
    with database.transaction() as tx:
        tx.claim(world.number, "a")
        tx.execute(update(cases).values(claimed_until=tx.now() - timedelta(seconds=1)))
        assert tx.claim_of(world.number) is None
        tx.claim(world.number, "b")
        assert not tx.release(world.number, "a")
        assert tx.release(world.number, "b")
        assert tx.claim(world.number, "a").holder == "a"
        with pytest.raises(NotFound):
            tx.claim("nothing", "a")


def test_working_renews_the_claim(database: Database) -> None:
    (world,) = in_review(database)
    with database.transaction() as tx:
        tx.claim(world.number, "a")
        tx.execute(update(cases).values(claimed_until=tx.now() + timedelta(seconds=5)))
        tx.apply(world.number, (), actor=Actor("staff", "a"))
        held = tx.claim_of(world.number)
        assert held is not None
        assert held.until > tx.now() + timedelta(minutes=14)


def test_a_department_sees_what_it_has_to_decide(database: Database) -> None:
    worlds = opened(database, 3)
    for world in worlds:
        world.to_processing()
    worlds[2].decide("photo")
    with database.reading() as tx:
        rows, cursor = tx.assignments_open("gaj", limit=1)
        rest, end = tx.assignments_open("gaj", cursor, limit=1)
    assert [r.number for r in (*rows, *rest)] == [worlds[0].number, worlds[1].number]
    assert (cursor is None, end) == (False, None)
    with database.reading() as tx:
        assert len(tx.assignments_open("gaj", scope=Scope.of_staff("s", frozenset({"gaj"}), "440105"))[0]) == 2
        assert tx.assignments_open("gaj", scope=Scope.of_staff("s", frozenset({"gaj"}), "440300"))[0] == []
        assert tx.assignments_open("gaj", scope=Scope.of_staff("s", frozenset({"rsj"})))[0] == []
    assert (rows[0].assignment.key, rows[0].item_name) == ("photo", "社会保障卡补领")
