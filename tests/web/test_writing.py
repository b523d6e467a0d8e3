"""The one shape of a write: a lost race is decided again on a fresh file, three times at most; then the caller is told."""

import pytest

from cases.actions import opening
from cases.effects import Fact, Move, Outcome
from cases.errors import Conflict
from cases.model import CaseFile
from cases.moment import Moment
from storage.actors import Actor, Scope
from storage.words import ActorKind
from tests.web.world import World
from web.asks import Write
from web.views import CASE_SHOWN
from web.writing import TRIES, Caller, asked, change_case

LOST = Move("case", "", "accepted", "processing", "route")
"""What a decision on an old file looks like: the case is not there any more."""


def _caller(world: World, no: str) -> Caller:
    owner = world.file(no).case.owner
    return Caller(Actor(ActorKind.RESIDENT, owner), Scope.of_person(owner), f"resident:{owner}")


def test_a_lost_race_is_decided_again_on_a_fresh_file(world: World) -> None:
    no = world.resident().opens()
    tried: list[str] = []

    def decision(file: CaseFile, now: Moment) -> Outcome:
        tried.append(file.case.state)
        return (Fact("undone"), LOST) if len(tried) < TRIES else opening.submit(file, now)

    me = _caller(world, no)
    seen = change_case(world.database, asked(me, Write(transaction_id="t"), "x"), no, decision, CASE_SHOWN)
    assert (seen.state, tried) == ("submitted", ["draft"] * TRIES)
    with world.database.reading() as tx:
        assert [x.action for x in tx.timeline(no)] == ["case_opened", "case_submit"], "what was lost left no trace"


def test_a_race_that_is_always_lost_is_told(world: World) -> None:
    no = world.resident().opens()
    tried: list[int] = []

    def decision(_: CaseFile, __: Moment) -> Outcome:
        tried.append(1)
        return (LOST,)

    with pytest.raises(Conflict, match="刚刚被他人更新"):
        change_case(world.database, asked(_caller(world, no), None, "x"), no, decision, CASE_SHOWN)
    assert len(tried) == TRIES


def test_what_the_domain_refuses_is_not_tried_again(plain_world: World) -> None:
    no = plain_world.resident().opens()
    tried: list[int] = []

    def decision(_: CaseFile, __: Moment) -> Outcome:
        tried.append(1)
        raise Conflict("不行")

    with pytest.raises(Conflict, match="不行"):
        change_case(plain_world.database, asked(_caller(plain_world, no), None, "x"), no, decision, CASE_SHOWN)
    assert tried == [1]
