"""Corrections after acceptance as they are kept: everything comes back as it was, and who is to be told is found."""

from dataclasses import replace
from datetime import timedelta

from cases.actions import clocks
from cases.actions.clocks import Wanted
from cases.actions.demanded import on_demand
from cases.clocks import DEMAND, ClockKind, Demand
from storage.actors import Scope
from storage.demands import cases_with_demands_to_tell, demands_open
from storage.session import Database
from storage.tables import specials
from tests.storage.kept import KeptWorld

FORM = Demand("form", "请更正工作单位后重新填写")


def demanded(database: Database) -> KeptWorld:
    """Each step is compared with what the database has."""
    world = KeptWorld(database)
    world.to_processing()
    asked = Wanted(ClockKind.SPECIAL, "单位不符", 5, DEMAND, None, (FORM,))
    world.apply(clocks.ask(world.file, asked, world.now))
    world.apply(clocks.grant(world.file, world.file.clock_requests[-1].id, replace(world.now, by="boss")))
    return world


def test_what_is_wanted_is_kept_sealed_and_who_is_to_be_told_is_found(database: Database) -> None:
    world = demanded(database)
    (wanted,) = world.kept().specials[-1].demands
    assert (wanted.material, wanted.reason, wanted.page) == (
        "form",
        FORM.reason,
        world.file.specials[-1].demands[0].page,
    )
    due = world.file.specials[-1].due
    assert due is not None
    with database.reading() as tx:
        (row,) = tx.all(specials.select().where(specials.c.case_number == world.number))
        assert FORM.reason.encode() not in row.demands
        assert cases_with_demands_to_tell(tx, due - timedelta(days=8), closed=False) == []
        assert cases_with_demands_to_tell(tx, due - timedelta(days=7), closed=False) == [world.number]
        seen, more = demands_open(tx, Scope.everything(), 0)
    assert ([(r.file.case.number, [m.key for m in r.awaited]) for r in seen], more) == (
        [(world.number, ["form"])],
        None,
    )
    world.wait(days=3).apply(on_demand(world.file, world.now))
    with database.reading() as tx:
        assert cases_with_demands_to_tell(tx, world.now.today, closed=False) == []
        assert cases_with_demands_to_tell(tx, due, closed=True) == [world.number]
    world.wait(days=10).apply(on_demand(world.file, world.now))
    with database.reading() as tx:
        assert cases_with_demands_to_tell(tx, due + timedelta(days=30), closed=True) == []
