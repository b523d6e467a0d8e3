"""Claims: one holder at a time, for a quarter of an hour, and whoever loses one is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cases.errors import Conflict, NotFound
from storage import claims, one_time_codes
from storage.actors import Actor, Scope
from storage.applying import CLAIM_LEASE
from storage.claims import NO_NEWS_AFTER
from storage.desk_tables import Lost, claim_losses
from storage.session import Database
from storage.staff import Role
from storage.tables import cases
from storage.tables import one_time_codes as codes
from tests.storage.kept import CLERK
from tests.storage.test_queues import in_review, numbers
from workers.sweeps import old_answers

BOSS = Actor("staff", "boss")


def ends(database: Database, number: str, left: timedelta) -> None:
    """As much of the claim is left, or so long ago it ended."""
    with database.transaction() as tx:
        tx.execute(update(cases).where(cases.c.number == number).values(claimed_until=tx.now() + left))


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
    with database.reading() as tx:
        (row,), _ = tx.queue("review", None, 10, Scope.everything())
    assert row.holder_name == "李雷"


def test_of_many_who_want_one_case_at_once_one_gets_it(database: Database) -> None:
    (world,) = in_review(database)
    ends(database, world.number, timedelta())

    def want(holder: str) -> bool:
        try:
            with database.transaction() as tx:
                tx.claim(world.number, holder)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(want, "abcd"))
    assert sum(got) == 1
    with database.reading() as tx:
        held = tx.claim_of(world.number)
    assert held is not None
    assert held.holder == "abcd"[got.index(True)]


def test_a_claim_is_free_after_its_lease_and_after_its_release(plain_database: Database) -> None:
    (world,) = in_review(plain_database)
    with plain_database.transaction() as tx:
        tx.claim(world.number, "a")
    ends(plain_database, world.number, -timedelta(seconds=1))
    with plain_database.transaction() as tx:
        assert tx.claim_of(world.number) is None
        tx.claim(world.number, "b")
        assert not tx.release(world.number, "a")
        assert tx.release(world.number, "b")
        assert tx.claim(world.number, "a").holder == "a"
        with pytest.raises(NotFound):
            tx.claim("nothing", "a")


def test_working_and_looking_renew_ones_own_claim(plain_database: Database) -> None:
    (world,) = in_review(plain_database)
    with plain_database.transaction() as tx:
        tx.claim(world.number, "a")
    for renew in (
        lambda tx: tx.apply(world.number, (), actor=Actor("staff", "a")),
        lambda tx: tx.renew(world.number, "a"),
    ):
        ends(plain_database, world.number, timedelta(seconds=5))
        with plain_database.transaction() as tx:
            tx.renew(world.number, "b")
            renew(tx)
            held = tx.claim_of(world.number)
            assert held is not None
            assert (held.holder, held.until) == ("a", tx.now() + CLAIM_LEASE)


def test_who_let_a_claim_run_out_is_told_once_somebody_has_taken_the_case(plain_database: Database) -> None:
    (world,) = in_review(plain_database)
    with plain_database.transaction() as tx:
        tx.claim(world.number, "a")
    ends(plain_database, world.number, -timedelta(minutes=1))
    with plain_database.transaction() as tx:
        assert tx.losses("a") == []
        tx.claim(world.number, "b")
        (lost,) = tx.losses("a")
        assert (lost.number, lost.how, lost.by, lost.reason) == (world.number, Lost.EXPIRED, "b", None)
        assert tx.losses_seen("b") == 0
        assert tx.losses_seen("a", [lost.id]) == 1
        assert tx.losses("a") == []


@pytest.mark.parametrize("given_back", [True, False])
def test_nobody_is_told_of_a_claim_given_back_or_long_forgotten(plain_database: Database, given_back: bool) -> None:
    (world,) = in_review(plain_database)
    with plain_database.transaction() as tx:
        tx.claim(world.number, "a")
        if given_back:
            tx.release(world.number, "a")
    if not given_back:
        ends(plain_database, world.number, -NO_NEWS_AFTER - timedelta(minutes=1))
    with plain_database.transaction() as tx:
        tx.claim(world.number, "b")
        assert tx.losses("a") == []


def test_a_supervisor_takes_a_claim_away_with_a_reason_that_is_kept_sealed(plain_database: Database) -> None:
    (world,) = in_review(plain_database)
    with plain_database.transaction() as tx:
        with pytest.raises(Conflict, match="没有人领取"):
            tx.take_away(world.number, "无人办理", actor=BOSS)
        tx.claim(world.number, "a")
        assert tx.take_away(world.number, "今天请假", actor=BOSS).holder == "a"
        assert tx.claim_of(world.number) is None
        (lost,) = tx.losses("a")
        assert (lost.how, lost.reason) == (Lost.TAKEN, "今天请假")
        assert "请假".encode() not in tx.execute(select(claim_losses.c.reason)).scalar_one()
        assert [x.actor for x in tx.timeline(world.number) if x.action == "claim_taken_away"] == ["boss"]


def test_old_notices_and_codes_past_their_time_are_forgotten(plain_database: Database) -> None:
    (world,) = in_review(plain_database)
    with plain_database.transaction() as tx:
        tx.claim(world.number, "s1")
    with plain_database.transaction() as tx:
        tx.take_away(world.number, "换人办理", actor=BOSS)
        one_time_codes.make_code(tx, "authority", world.number, timedelta(minutes=5))
        assert (claims.forget_old_losses(tx), one_time_codes.forget_old(tx)) == (0, 0)
        month = claims.KEEP_LOSSES + timedelta(minutes=1)
        tx.execute(update(claim_losses).values(at=tx.now() - month))
        over = {"ends_at": tx.now() - timedelta(seconds=1), "made_at": tx.now() - timedelta(hours=1)}
        tx.execute(update(codes).values(**over))
    assert old_answers(plain_database) == 2
    with plain_database.reading() as tx:
        assert tx.all(select(claim_losses)) == tx.all(select(codes)) == []
