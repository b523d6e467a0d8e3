"""The board and the ladder: lights at their thresholds, both clocks apart, a clock that stands still, no limit, who holds
what, pages that meet, steps written once."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Table, select, update

from cases.actions import clocks
from cases.deadlines import beijing_day, end_of
from cases.errors import Conflict, InvalidRequest, NotFound
from cases.supervision import Light, WaitKind
from storage.actors import Actor, Scope
from storage.lit import Seen
from storage.session import Database
from storage.supervision import COUNTED, FULL_LASTS_S
from storage.tables import assignments, cases, documents, notices
from storage.words import Role
from tests.storage.kept import KeptWorld

BOSS = Actor("staff", "boss-1")
ALL = Scope.everything()


def put(database: Database, number: str, **values: Any) -> None:
    _put(database, cases, cases.c.number == number, values)


def _put(database: Database, table: Table, where: Any, values: Mapping[str, Any]) -> None:
    with database.transaction() as tx:
        tx.execute(update(table).where(where).values(**values))


def opened(database: Database, count: int) -> list[KeptWorld]:
    return [KeptWorld(database, f"44010520260105{i:06d}1", check=False) for i in range(1, count + 1)]


def lit(database: Database, **seen: str) -> list[tuple[str, str, str]]:
    with database.reading() as tx:
        rows, _ = tx.supervision.board(ALL, Seen(**seen))
    return [(row.number, str(row.kind), str(row.light)) for row in rows]


def in_review(database: Database, world: KeptWorld, due: timedelta, since: timedelta = timedelta(days=-2)) -> None:
    now = database.now()
    put(database, world.number, state="in_review", state_since=now + since, deadline_at=now + due)


def test_overdue_are_told_once_most_overdue_first(database: Database) -> None:
    worlds = opened(database, 3)
    with database.transaction() as tx:
        now = tx.now()
        for world, hours in zip(worlds, (-1, -2, 1), strict=True):
            due = now + timedelta(hours=hours)
            tx.execute(update(cases).where(cases.c.number == world.number).values(deadline_at=due))
        assert tx.overdue(now) == [worlds[1].number, worlds[0].number]
        assert tx.overdue(now, limit=1) == [worlds[1].number]
        tx.execute(update(cases).where(cases.c.number == worlds[1].number).values(escalated_at=now))
        assert tx.overdue(now) == [worlds[0].number]


def test_what_is_more_than_is_counted_is_not_counted_again_at_once(plain_database: Database) -> None:
    (world,) = opened(plain_database, 1)
    in_review(plain_database, world, timedelta(minutes=-1))
    with plain_database.transaction() as tx:
        row = dict(tx.execute(select(cases).where(cases.c.number == world.number)).one()._mapping)
        tx.execute(cases.insert(), [{**row, "number": f"x{n}"} for n in range(COUNTED)])
        counted = tx.supervision.counts(ALL, Seen())
        assert (counted.by_kind, counted.more) == ({WaitKind.STATE: (COUNTED, 0)}, True)
        tx.execute(cases.delete().where(cases.c.number.like("x%")))
        assert tx.supervision.counts(ALL, Seen()) == counted
        assert tx.supervision.counts(ALL, Seen(kind="state", light="red")).red == 1, "another look has its own"
        for whose, (seen_at, full) in tx.item_cache.lit.items():
            tx.item_cache.lit[whose] = seen_at - FULL_LASTS_S, full
        again = tx.supervision.counts(ALL, Seen())
    assert (again.by_kind, again.more) == ({WaitKind.STATE: (1, 0)}, False)


def test_a_state_is_yellow_before_its_end_and_red_after_it(database: Database) -> None:
    late, near, far = opened(database, 3)
    in_review(database, late, timedelta(minutes=-1))
    in_review(database, near, timedelta(hours=3))
    in_review(database, far, timedelta(hours=5))
    assert lit(database) == [(late.number, "state", "red"), (near.number, "state", "yellow")]
    assert lit(database, light="yellow") == [(near.number, "state", "yellow")]
    assert lit(database, state="returned") == []
    assert lit(database, department="elsewhere") == []


def test_a_short_limit_is_not_yellow_from_its_first_hour(database: Database) -> None:
    (world,) = opened(database, 1)
    in_review(database, world, timedelta(hours=3), since=timedelta(hours=-1))
    assert lit(database) == []


def test_no_limit_never_lights_and_test_cases_are_left_out(database: Database) -> None:
    free, test = opened(database, 2)
    put(database, free.number, state="in_review", deadline_at=None)
    in_review(database, test, timedelta(hours=-1))
    put(database, test.number, test=True)
    assert lit(database) == []


@pytest.fixture
def processing(database: Database) -> KeptWorld:
    (world,) = opened(database, 1)
    world.to_processing()
    return world


def at_days(database: Database, world: KeptWorld, promised: date | None, statutory: date | None) -> None:
    accepted = database.now() - timedelta(days=30)
    put(database, world.number, promised_due=promised, statutory_due=statutory, accepted_at=accepted)
    _put(database, assignments, assignments.c.case_number == world.number, {"due": None})
    told(database, world)


def told(database: Database, world: KeptWorld) -> None:
    """No process runs here that makes letters and sends news."""
    _put(database, documents, documents.c.case_number == world.number, {"blob": "made"})
    _put(database, notices, notices.c.case_number == world.number, {"state": "sent"})


def test_each_of_both_clocks_has_its_own_light(database: Database, processing: KeptWorld) -> None:
    today = beijing_day(database.now())
    at_days(database, processing, today - timedelta(days=1), today + timedelta(days=1))
    assert [(k, light) for _, k, light in lit(database)] == [("promised", "red"), ("statutory", "yellow")]
    at_days(database, processing, today - timedelta(days=1), None)
    assert [(k, light) for _, k, light in lit(database)] == [("promised", "red")]
    at_days(database, processing, None, None)
    put(database, processing.number, deadline_at=None)
    assert lit(database) == []


def test_a_clock_that_stands_still_does_not_run(database: Database, processing: KeptWorld) -> None:
    today = beijing_day(database.now())
    processing.apply(clocks.special(processing.file, "听证", "申请人要求听证", processing.now))
    at_days(database, processing, today - timedelta(days=9), today - timedelta(days=1))
    put(database, processing.number, deadline_at=database.now() + timedelta(days=9))
    assert lit(database) == []
    put(database, processing.number, deadline_at=database.now() - timedelta(hours=1))
    assert [(k, light) for _, k, light in lit(database)] == [("state", "red")]


def test_the_board_says_who_holds_what_and_how_much(database: Database, processing: KeptWorld) -> None:
    today = beijing_day(database.now())
    at_days(database, processing, today - timedelta(days=1), None)
    mine, free = (KeptWorld(database, f"44010520260106{i:06d}1", check=False) for i in (1, 2))
    in_review(database, mine, timedelta(hours=-1))
    put(database, mine.number, claimed_by="staff-1", claimed_until=database.now() + timedelta(minutes=5))
    in_review(database, free, timedelta(hours=2))
    with database.reading() as tx:
        counted = tx.supervision.counts(ALL, Seen())
        held = {h.holder: (h.red, h.yellow) for h in counted.holders}
        one, _ = tx.supervision.board(ALL, Seen(holder="staff:staff-1"))
    assert held["staff:staff-1"] == (1, 0)
    assert held["department:rsj"][1] == 1
    assert (counted.red, counted.yellow, counted.more) == (2, 1, False)
    assert [row.number for row in one] == [mine.number]
    assert one[0].light is Light.RED


def test_pages_of_the_board_meet_and_nothing_is_shown_twice(database: Database) -> None:
    worlds = opened(database, 60)
    due = database.now() - timedelta(hours=1)
    for i, world in enumerate(worlds):
        put(database, world.number, state="in_review", deadline_at=due + timedelta(seconds=i // 7))
    with database.reading() as tx:
        first, cursor = tx.supervision.board(ALL, Seen())
        second, end = tx.supervision.board(ALL, Seen(), cursor)
        with pytest.raises(InvalidRequest):
            tx.supervision.board(ALL, Seen(), "nonsense")
    assert (len(first), len(second), end) == (50, 10, None)
    assert [r.number for r in first + second] == [w.number for w in worlds]


def test_the_ladder_takes_each_step_once_and_begins_again_with_another_deadline(database: Database) -> None:
    (world,) = opened(database, 1)
    in_review(database, world, timedelta(days=-12))
    assert climb(database) == [(1, "pre_auditor"), (2, "supervisor"), (3, "administrator")]
    assert climb(database) == []
    with database.transaction() as tx:
        assert tx.supervision.wait(WaitKind.STATE, world.number, ALL).urged == 3
        assert tx.urges.end_over() == 0
    in_review(database, world, timedelta(minutes=-1))
    with database.transaction() as tx:
        assert tx.urges.end_over() == 3
    assert climb(database) == [(1, "pre_auditor")]


def climb(database: Database) -> list[tuple[int, str]]:
    steps = []
    with database.transaction() as tx:
        for wait, step, rung in list(tx.urges.owed()):
            assert tx.urges.escalate(wait, step, rung, actor=Actor("system", "clock"))
            assert not tx.urges.escalate(wait, step, rung, actor=Actor("system", "clock"))
            seen, _ = tx.urges.inbox(ALL, frozenset(Role))
            steps.append((step, str(seen[0].role)))
    return steps


def test_who_is_urged_sees_it_in_their_department_alone_and_acknowledges_it_once(database: Database) -> None:
    (world,) = opened(database, 1)
    in_review(database, world, timedelta(hours=-1))
    ours, theirs = (Scope.of_staff("s-1", frozenset({d})) for d in ("rsj", "gaj"))
    with database.transaction() as tx:
        wait = tx.supervision.wait(WaitKind.STATE, world.number, ours)
        urge = tx.urges.urge(wait, "请今天办完", actor=BOSS)
        with pytest.raises(Conflict):
            tx.urges.urge(wait, "再催", actor=BOSS)
        mine = frozenset({Role.PRE_AUDITOR})
        (seen,), _ = tx.urges.inbox(ours, mine)
        assert (seen.id, seen.message, seen.step, seen.by) == (urge, "请今天办完", 0, "boss-1")
        assert tx.urges.inbox(theirs, mine) == ([], None)
        assert tx.urges.inbox(ours, frozenset({Role.CLERK})) == ([], None)
        with pytest.raises(NotFound):
            tx.urges.acknowledge(urge, theirs, mine, actor=Actor("staff", "x"))
        first = tx.urges.acknowledge(urge, ours, mine, actor=Actor("staff", "s-1"))
        again = tx.urges.acknowledge(urge, ours, mine, actor=Actor("staff", "s-2"))
        assert (first.acknowledged_by, again.acknowledged_by) == ("s-1", "s-1")
        assert (tx.urges.unseen(ours, mine), len(tx.urges.of_wait(wait))) == (0, 1)
        told = [line.action for line in tx.timeline(world.number)]
    assert told[-2:] == ["urged", "urge_acknowledged"]


def test_rules_are_data_and_nonsense_is_refused(database: Database) -> None:
    (world,) = opened(database, 1)
    in_review(database, world, timedelta(hours=20), since=timedelta(days=-9))
    assert lit(database) == []
    with database.transaction() as tx:
        tx.supervision.put_rules({"state.in_review": {"yellow": {"hours": 24}, "ladder": []}}, actor=BOSS)
        wrong: dict[str, Any]
        for wrong in (
            {"state.nowhere": {}},
            {"promised": {"ladder": [{"after": 1, "role": "king"}]}},
            {"promised": {"yellow": {"days": 1}}},
        ):
            with pytest.raises(InvalidRequest):
                tx.supervision.put_rules(wrong, actor=BOSS)
    assert lit(database) == [(world.number, "state", "yellow")]
    in_review(database, world, timedelta(days=-9))
    assert climb(database) == []


def test_a_day_ends_when_the_office_closes() -> None:
    assert end_of(date(2026, 1, 5)) == datetime(2026, 1, 5, 10, tzinfo=UTC)
