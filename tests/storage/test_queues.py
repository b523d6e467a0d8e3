"""The desk's queues: the right cases, most urgent first, each once, and only for those who may see them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, select, update

from cases.errors import InvalidRequest, NotFound
from cases.findings import FindingCode, found
from cases.lifecycle import CaseState
from storage.actors import Actor, Scope
from storage.queue_questions import COUNTED_TO, QUEUES
from storage.queues import OVER_LASTS_S, masked_name
from storage.session import Database
from storage.tables import cases
from tests.storage.kept import KeptWorld

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
    ("name", "masked"),
    [
        ("王小明", "王*明"),
        ("王明", "王*"),
        ("欧阳小明", "欧**明"),
        ("王", "王"),
        ("古丽" + "样" * 20 + "力", "古******力"),
    ],
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


def waits(world: KeptWorld, **values: object) -> None:
    """A case stands otherwise than it came; times are from now."""
    with world.database.transaction() as tx:
        now = tx.now()
        moved = {name: now + at if isinstance(at, timedelta) else at for name, at in values.items()}
        tx.execute(update(cases).where(cases.c.number == world.number).values(**moved))


def page_by_page(database: Database, name: str, limit: int) -> tuple[list[str], list[str]]:
    """A queue turned through to its end, and back again to its front."""
    there: list[str] = []
    back: list[str] = []
    with database.reading() as tx:
        page = tx.queue_page(name, None, limit, ALL)
        assert page.previous is None
        there += [row.number for row in page.rows]
        while page.cursor:
            page = tx.queue_page(name, page.cursor, limit, ALL)
            there += [row.number for row in page.rows]
        back = [row.number for row in page.rows]
        while page.previous:
            page = tx.queue_page(name, page.previous, limit, ALL)
            back = [row.number for row in page.rows] + back
    return there, back


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_a_queue_is_turned_through_and_back_with_those_without_a_limit_last(
    plain_database: Database, limit: int
) -> None:
    worlds = in_review(plain_database, 5)
    for world, due in zip(
        worlds, (None, timedelta(hours=2), None, timedelta(hours=-1), timedelta(hours=2)), strict=True
    ):
        waits(world, deadline_at=due)
    wanted = [worlds[i].number for i in (3, 1, 4, 0, 2)]
    assert page_by_page(plain_database, "review", limit) == (wanted, wanted)


def test_a_page_merges_the_places_of_a_scope_in_order(database: Database) -> None:
    """Departments in several regions, each in its own part of an index."""
    worlds = in_review(database, 6)
    places = (
        ("rsj", "440105"),
        ("rsj", "440106"),
        ("gaj", "440105"),
        ("rsj", "440300"),
        ("swj", "440105"),
        ("gaj", "4401"),
    )
    for n, (world, (department, region)) in enumerate(zip(worlds, places, strict=True)):
        waits(world, department=department, region=region, deadline_at=timedelta(hours=5 - n))
    city = Scope.of_staff("s", frozenset({"rsj", "gaj", "nobody"}), "440100")
    assert numbers(database, "review", city) == [worlds[i].number for i in (5, 2, 1, 0)]
    district = Scope.of_staff("s", frozenset({"rsj", "gaj"}), "440105")
    assert numbers(database, "review", district) == [worlds[i].number for i in (2, 0)]
    anywhere = Scope.of_staff("s", frozenset({"rsj"}))
    assert numbers(database, "soon", anywhere) == [worlds[i].number for i in (3, 1, 0)]
    with database.reading() as tx:
        assert (tx.queue_counts(city)["review"], tx.queue_counts(anywhere)["soon"]) == (4, 3)


def test_a_count_stops_where_its_number_tells_nothing_more(plain_database: Database) -> None:
    (world,) = in_review(plain_database)
    with plain_database.transaction() as tx:
        row = dict(tx.execute(select(cases).where(cases.c.number == world.number)).one()._mapping)
        tx.execute(cases.insert(), [{**row, "number": f"x{n}"} for n in range(COUNTED_TO + 5)])
    theirs = Scope.of_staff("s", frozenset({"rsj"}))
    with plain_database.reading() as tx:
        counts = tx.queue_counts(theirs)
    assert (counts["review"], counts["returned"]) == (COUNTED_TO + 1, 0)
    with plain_database.transaction() as tx:
        tx.execute(cases.delete().where(cases.c.number.like("x%")))
        assert tx.queue_counts(theirs)["review"] == COUNTED_TO + 1, "what was over is not counted again at once"
        assert tx.queue_counts(ALL)["review"] == 1, "others have counts of their own"
        for whose, (seen_at, names) in tx.item_cache.over.items():
            tx.item_cache.over[whose] = seen_at - OVER_LASTS_S, names
        assert tx.queue_counts(theirs)["review"] == 1


def test_a_test_case_stands_in_a_queue_of_its_own_and_in_no_other(database: Database) -> None:
    one, two = in_review(database, 2)
    waits(one, test=True, deadline_at=timedelta(hours=-1), round=1, doubtful_identity=True, likely_duplicate=True)
    with database.transaction() as tx:
        tx.claim(one.number, "s")
    seen = {name: numbers(database, name, Scope.of_staff("s", frozenset({"rsj"}))) for name in QUEUES}
    assert [name for name, held in seen.items() if one.number in held] == ["test"]
    assert seen["unclaimed"] == [two.number]


def test_the_next_case_is_the_one_behind_that_nobody_has_or_else_the_first(database: Database) -> None:
    worlds = in_review(database, 4)
    for n, world in enumerate(worlds):
        waits(world, deadline_at=timedelta(hours=n + 1) if n < 3 else None)
    with database.transaction() as tx:
        tx.claim(worlds[1].number, "somebody")
    scope = Scope.of_staff("s", frozenset({"rsj"}))
    with database.reading() as tx:
        following = [tx.next_free("unclaimed", w.number, scope) for w in worlds]
        assert tx.next_free("unclaimed", None, scope) == worlds[0].number
        assert tx.next_free("returned", None, scope) is None
    assert following == [worlds[i].number for i in (2, 2, 3, 0)]


@pytest.mark.parametrize("scope", [ALL, Scope.of_staff("s", frozenset({"rsj", "gaj"}), "440100")])
def test_every_queue_every_count_and_every_look_up_is_found_by_an_index(database: Database, scope: Scope) -> None:
    asked: list[tuple[str, Any]] = []

    def note(*said: Any) -> None:
        asked.append((said[2], said[3]))

    in_review(database)
    event.listen(database.engine, "before_cursor_execute", note)
    with database.reading() as tx:
        tx.queue_counts(scope)
        for name in QUEUES:
            tx.queue_page(name, None, 50, scope)
            tx.next_free(name, None, scope)
    with database.transaction() as tx:
        for said in ("440105202603020000000", "44010519900307001X", "13800000000", "SF1234567890123"):
            tx.look_up(said, None, 20, scope, actor=Actor("staff", "s"))
    event.remove(database.engine, "before_cursor_execute", note)
    with database.engine.connect() as connection:
        if database.postgresql:  # a table of one row is read whole, unless that is forbidden
            for way in ("seqscan", "hashjoin", "mergejoin"):
                connection.exec_driver_sql(f"SET enable_{way} = off")
        plans = [
            _plan(database, connection, *one)
            for one in set(map(_hashable, asked))
            if one[0].startswith(("SELECT", "WITH")) and " cases" in one[0]
        ]
    assert len(plans) > 2 * len(QUEUES)
    assert [plan for plan in plans if _reads_all(plan)] == []


SMALL = {
    "ix_cases_statutory",
    "ix_cases_test",
    "ix_cases_again",
    "ix_cases_doubtful_identity",
    "ix_cases_likely_duplicate",
}
"""Indexes over few of the cases: at these sizes they may be read whole."""
_WHOLE = re.compile(
    r"Seq Scan on cases|SCAN cases(?! USING)|SCAN cases USING (?:COVERING )?INDEX (?P<sqlite>\w+)"
    r"|Scan (?:Backward )?(?:using|on) (?P<postgresql>(?:ix|pk)_cases\w*)[^\n]*\n(?!\s*Index Cond)"
)


def _reads_all(plan: str) -> bool:
    found = (match.groupdict() for match in _WHOLE.finditer(plan))
    return any((one["sqlite"] or one["postgresql"]) not in SMALL for one in found)


def _hashable(one: tuple[str, Any]) -> tuple[str, Any]:
    said, values = one
    return said, tuple(values.items()) if isinstance(values, dict) else tuple(values)


def _plan(database: Database, connection: Connection, said: str, values: Any) -> str:
    how, given = ("EXPLAIN ", dict(values)) if database.postgresql else ("EXPLAIN QUERY PLAN ", values)
    return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(how + said, given))
