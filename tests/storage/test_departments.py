"""Departments' work, on both databases: lists by what is due, what was asked for, news written with what it tells."""

from datetime import timedelta

import pytest

from cases.actions import assigning, clocks
from cases.actions.clocks import Wanted
from cases.clocks import ClockKind
from cases.deadlines import Calendar, beijing_day
from cases.errors import Conflict, InvalidRequest, NotFound
from cases.items import UNROUTED
from cases.moment import Moment
from storage import outgoing
from storage.actors import Actor, Scope
from storage.assignments import assignments_of, cases_with_late_assignments, counts_open, requests_asked
from storage.department_tables import DeliveryState
from storage.session import Database
from tests.cases.world import ITEM
from tests.storage.kept import KeptWorld

OPERATOR = Actor("system", "test")
EVERYTHING = Scope.everything()
NUMBERS = ("440105202603020000011", "440105202603020000029")
UNKNOWN = {"key": "lost", "days": 1, "task": "核查", "competent": {"by": "address.county", "equals": {"番禺区": "x"}}}


def test_a_department_sees_its_open_work_most_urgent_first_page_by_page(database: Database) -> None:
    later, sooner = (KeptWorld(database, n, check=False) for n in NUMBERS)
    later.wait(days=7).to_processing()
    sooner.to_processing()
    with database.reading() as tx:
        first, cursor = assignments_of(tx, "rsj", EVERYTHING, limit=1)
        rest, end = assignments_of(tx, "rsj", EVERYTHING, cursor, limit=1)
        assert ([r.number for r in (*first, *rest)], end) == ([sooner.number, later.number], None)
        assert first[0].case_due == sooner.file.case.promised_due
        assert counts_open(tx, ["rsj", "gaj", UNROUTED], EVERYTHING) == {"rsj": 2, "gaj": 2, UNROUTED: 0}
        elsewhere = Scope.of_staff("s", frozenset({"rsj"}), "510107")
        assert assignments_of(tx, "rsj", elsewhere) == ([], None)
        assert assignments_of(tx, "gaj", Scope.of_staff("s", frozenset({"rsj"}))) == ([], None)
        with pytest.raises(InvalidRequest):
            assignments_of(tx, "rsj", EVERYTHING, "20260230-1")


def test_what_nobody_is_competent_for_is_seen_by_whoever_sees_the_case(database: Database) -> None:
    world = KeptWorld(database, item_changes={"routing": [*ITEM["routing"], UNKNOWN]}).to_processing()
    with database.reading() as tx:
        (row,), _ = assignments_of(tx, UNROUTED, Scope.of_staff("s", frozenset({"rsj"})))
        assert assignments_of(tx, UNROUTED, Scope.of_staff("s", frozenset({"wjj"}))) == ([], None)
    world.apply(assigning.reroute(world.file, row.assignment.id, "mzj", "属民政", world.now))
    with database.reading() as tx:
        (theirs,), _ = assignments_of(tx, "mzj", EVERYTHING)
        assert theirs.assignment.because == "人工分派：属民政"


def test_days_asked_for_are_kept_granted_and_told(database: Database) -> None:
    world = KeptWorld(database).to_processing()
    world.apply(clocks.ask(world.file, Wanted(ClockKind.SPECIAL, "要评审", 10, "专家评审"), world.now))
    with database.reading() as tx:
        (row,), more = requests_asked(tx, EVERYTHING)
        assert (row.request.reason, row.department, more) == ("要评审", "rsj", None)
        assert requests_asked(tx, Scope.of_staff("s", frozenset({"wjj"})))[0] == []
    boss = Moment(world.at, Calendar({}), world.now.new_id, "boss")
    world.apply(clocks.grant(world.file, row.request.id, boss))
    world.wait(days=3).apply(clocks.end_special(world.file, world.now, "通过"))
    with database.reading() as tx:
        assert requests_asked(tx, EVERYTHING)[0] == []
    (kept,) = world.kept().specials
    assert (kept.counted, kept.result, kept.approved_by) == (3, "通过", "boss")


def test_whoever_is_late_is_found_until_it_was_told(database: Database) -> None:
    world = KeptWorld(database).to_processing()
    photo = next(a for a in world.file.assignments if a.key == "photo")
    assert photo.due is not None
    with database.reading() as tx:
        assert cases_with_late_assignments(tx, photo.due) == []
        assert cases_with_late_assignments(tx, photo.due + timedelta(days=1)) == [world.number]
    world.wait(days=2).apply(assigning.on_late_assignments(world.file, world.now))
    with database.reading() as tx:
        assert cases_with_late_assignments(tx, beijing_day(world.at)) == []


def test_news_is_written_with_what_it_tells_and_held_for_an_endpoint_that_is_off(database: Database) -> None:
    with database.transaction() as tx:
        book = tx.department_systems
        system = book.add("人社业务系统", ["rsj"], region="440100", actor=OPERATOR)
        endpoint, _ = book.add_endpoint(system, "https://oa.example.gov.cn/", actor=OPERATOR)
        with pytest.raises(Conflict):
            book.add("人社业务系统", ["gaj"], actor=OPERATOR)
        with pytest.raises(NotFound):
            book.system("nobody")
    world = KeptWorld(database, check=False).to_processing()
    with database.transaction() as tx:
        (told,), _ = outgoing.deliveries(tx, endpoint.id)
        assert (told.event, told.state, told.case) == ("assignment.opened", DeliveryState.WAITING, world.number)
        tx.department_systems.disable(endpoint.id, "failing", actor=OPERATOR)
    world.decide("card")
    with database.transaction() as tx:
        found, more = outgoing.deliveries(tx, endpoint.id, limit=1)
        assert ([d.event for d in found], [d.state for d in found]) == (["assignment.decided"], [DeliveryState.HELD])
        assert more is not None
        assert outgoing.release_held(tx, endpoint.id) == 1
        assert outgoing.forget_old(tx) == 0
