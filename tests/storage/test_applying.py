"""Outcomes are applied whole or not at all, and of two that race one loses."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from cases.actions import deciding, opening, ordering
from cases.actions.following_up import follow_up_of
from cases.actions.ordering import BookingRequest
from cases.care import FollowUpCause
from cases.effects import Add, Enqueue, Fact, JobKind, Move, Notify, Put
from cases.errors import Conflict, NotFound
from cases.lifecycle import BookingState, CaseState
from cases.model import Direction
from storage import audit
from storage.session import Database
from storage.words import NoticeChannel, NoticeState
from tests.cases.world import ADDRESS
from tests.ledger import due
from tests.storage.kept import CLERK, RESIDENT, KeptWorld

TO_SUBMITTED = Move("case", "", CaseState.DRAFT, CaseState.SUBMITTED, "submit")


def test_a_move_that_lost_its_race_undoes_the_whole_outcome(database: Database) -> None:
    world = KeptWorld(database)
    late = Move("case", world.number, CaseState.SUBMITTED, CaseState.IN_REVIEW, "doubt")
    outcome = (Fact("tried"), Notify("tried"), Enqueue(JobKind.CASE_JUDGE, world.number, "j"), late)
    with pytest.raises(Conflict) as caught, database.transaction() as tx:
        tx.apply(world.number, outcome, actor=RESIDENT)
    assert caught.value.details["expected"] == "submitted"
    with database.reading() as tx:
        assert [line.action for line in tx.timeline(world.number)] == ["case_opened"]
        assert tx.notices_of(world.number) == []
        assert tx.jobs.list() == []


def test_of_two_that_move_at_once_exactly_one_wins(database: Database) -> None:
    world, start = KeptWorld(database), threading.Barrier(4)

    def submit(_: int) -> bool:
        start.wait()
        try:
            with database.transaction() as tx:
                tx.apply(world.number, (TO_SUBMITTED, Fact("won")), actor=RESIDENT)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(submit, range(4))) == [False, False, False, True]
    with database.reading() as tx:
        assert [line.action for line in tx.timeline(world.number)] == ["case_opened", "won"]


def test_a_case_taken_for_change_makes_the_next_one_wait(database: Database) -> None:
    """Both read, then write what they read plus one: nothing is lost."""
    world, start = KeptWorld(database), threading.Barrier(4)

    def count_up(_: int) -> None:
        start.wait()
        with database.transaction() as tx:
            seen = tx.case_file(world.number, for_change=True).case.round
            tx.apply(world.number, (Put("case", world.number, {"round": seen + 1}),), actor=RESIDENT)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count_up, range(4)))
    assert world.kept().case.round == 4


def test_a_leg_never_has_two_live_bookings(database: Database) -> None:
    world = KeptWorld(database).to_passed()
    asked = BookingRequest(Direction.COLLECTION, "ems", world.window(), ADDRESS)
    first, second = (ordering.book(world.file, asked, world.now) for _ in range(2))
    with database.transaction() as tx:
        tx.apply(world.number, first, actor=RESIDENT)
    with pytest.raises(Conflict), database.transaction() as tx:
        tx.apply(world.number, second, actor=RESIDENT)
    refused = Move("booking", first[0].entity.id, BookingState.REQUESTED, BookingState.REFUSED, "refuse")  # type: ignore[union-attr]
    with database.transaction() as tx:
        tx.apply(world.number, (refused, *second), actor=RESIDENT)


def test_an_order_id_is_used_once_per_partner(database: Database) -> None:
    world = KeptWorld(database).to_passed()
    asked = BookingRequest(Direction.COLLECTION, "ems", world.window(), ADDRESS)
    add = ordering.book(world.file, asked, world.now)[0]
    assert isinstance(add, Add)
    refused = Move("booking", add.entity.id, BookingState.REQUESTED, BookingState.REFUSED, "refuse")  # type: ignore[union-attr]
    with pytest.raises(Conflict), database.transaction() as tx:
        tx.apply(world.number, (add, refused, add), actor=RESIDENT)


def test_a_state_is_never_put(database: Database) -> None:
    world = KeptWorld(database)
    with pytest.raises(ValueError, match="Move"), database.transaction() as tx:
        tx.apply(world.number, (Put("case", world.number, {"state": "submitted"}),), actor=RESIDENT)


def test_a_column_nobody_keeps_is_a_fault(database: Database) -> None:
    world = KeptWorld(database)
    with pytest.raises(KeyError), database.transaction() as tx:
        tx.apply(world.number, (Put("case", world.number, {"colour": "red"}),), actor=RESIDENT)


def test_something_that_is_not_there_cannot_be_put(database: Database) -> None:
    world = KeptWorld(database)
    with pytest.raises(Conflict), database.transaction() as tx:
        tx.apply(world.number, (Put("leg", "no-such-leg", {"confirmed": True}),), actor=RESIDENT)
    with pytest.raises(NotFound), database.transaction() as tx:
        tx.apply("440105202601010000011", (), actor=RESIDENT)


def test_a_page_of_another_case_cannot_be_moved_through_this_one(database: Database) -> None:
    one = KeptWorld(database, "440105202603020000020", check=False)
    other = KeptWorld(database, "440105202603020000039", check=False)
    page = other.upload("id_front")
    with pytest.raises(Conflict), database.transaction() as tx:
        tx.apply(one.number, (Move("page", page, "uploaded", "removed", "remove"),), actor=RESIDENT)


def test_a_notice_is_kept_with_the_job_that_sends_it(database: Database) -> None:
    world = KeptWorld(database)
    with database.transaction() as tx:
        tx.apply(world.number, (Notify("returned", {"findings": 2}),), actor=RESIDENT)
    with database.transaction() as tx:
        (notice,) = tx.notices_of(world.number)
        assert (notice.template, notice.data, notice.person) == ("returned", {"findings": 2}, "p1")
        (job,) = tx.jobs.of_subject(notice.id)
        assert job.kind is JobKind.NOTICE_SEND
        assert tx.notice_sending(notice.id)
        assert tx.notice(notice.id).state is NoticeState.SENDING
        assert tx.notice_sent(notice.id, NoticeChannel.TEXT_MESSAGE, "unsubscribed: 43101")
        assert not tx.notice_sending(notice.id)
        assert not tx.notice_failed(notice.id, "late")
        sent = tx.notice(notice.id)
        assert (sent.state, sent.channel, sent.cause) == (NoticeState.SENT, "text_message", "unsubscribed: 43101")
        assert sent.sent_at == tx.now()
        with pytest.raises(NotFound):
            tx.notice("nothing")


def test_the_same_news_is_said_once_until_it_was_sent(database: Database) -> None:
    world = KeptWorld(database)
    news = Notify("nobody_came", {"direction": "collection"})
    for _ in range(2):
        with database.transaction() as tx:
            tx.apply(world.number, (news, Notify("nobody_came", {"direction": "delivery"})), actor=RESIDENT)
    with database.transaction() as tx:
        first, _ = tx.notices_of(world.number)
        tx.notice_sending(first.id)
        tx.apply(world.number, (news,), actor=RESIDENT)
        assert [n.data["direction"] for n in tx.notices_of(world.number)] == ["collection", "delivery", "collection"]


def test_every_outcome_counts_the_version_up(database: Database) -> None:
    world = KeptWorld(database)
    before = world.kept().case.version
    world.apply(opening.submit(world.file, world.now))
    assert world.kept().case.version == before + 1


def test_facts_say_who_did_it_and_for_whom(database: Database) -> None:
    world = KeptWorld(database)
    with database.transaction() as tx:
        tx.apply(world.number, (Fact("looked", {"field": "phone"}),), actor=CLERK)
    with database.reading() as tx:
        line = tx.timeline(world.number)[-1]
    assert (line.actor_kind, line.actor, line.action, line.detail) == ("staff", CLERK.id, "looked", {"field": "phone"})


@pytest.mark.parametrize("job_first", [True, False])
def test_finishing_jobs_and_adding_the_same_ones_never_deadlock(database: Database, job_first: bool) -> None:
    world = KeptWorld(database)
    asked = Enqueue(JobKind.CASE_JUDGE, world.number, "judge")

    def add(_: int) -> None:
        with database.transaction() as tx:
            tx.apply(world.number, (Fact("news"), asked), actor=RESIDENT)

    def work(_: int) -> None:
        with database.transaction() as tx:
            job = next((tx.jobs.claim(j, timedelta(minutes=1)) for j, _, _ in due(tx)), None)
        if job is None:
            return
        with database.transaction() as tx:
            if job_first:
                assert tx.jobs.finish(job)
            tx.apply(world.number, (Fact("judged"),), actor=RESIDENT)
            assert job_first or tx.jobs.finish(job)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda turn: (add if turn % 2 else work)(turn), range(60)))
    with database.transaction() as tx:
        assert len([line for line in tx.timeline(world.number) if line.action == "news"]) == 30
        assert audit.verify(tx) is None


def test_a_case_that_was_drawn_for_a_follow_up_can_still_be_rated_badly(database: Database) -> None:
    world = KeptWorld(database, check=False).to_delivered()
    with database.transaction() as tx:
        made = follow_up_of(world.file.case, FollowUpCause.SAMPLED, None, world.now)
        assert tx.care.add_follow_up(world.number, made, actor=RESIDENT)
    world.apply(deciding.rate(world.file, 5, "太慢", world.now))
    with database.reading() as tx:
        found = tx.care.follow_up_of(world.number)
        assert tx.case_file(world.number).rating is not None
    assert found is not None
    assert (found.id, found.because, found.due_at is None) == (made.id, FollowUpCause.RATING, False)
