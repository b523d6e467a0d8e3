"""The same request twice gets the same answer and has one effect."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import update

from cases.errors import Conflict
from storage.answers import KEEP, Answer
from storage.session import Database
from storage.tables import answers
from tests.storage.kept import RESIDENT

OPENED = Answer(201, {"case": "440105", "名": "陈样本"})


def test_an_answer_is_remembered_for_its_person(database: Database) -> None:
    with database.transaction() as tx:
        assert tx.remembered("p1", "t1", "f") is None
        tx.remember("p1", "t1", "f", OPENED)
    with database.reading() as tx:
        assert tx.remembered("p1", "t1", "f") == OPENED
        assert tx.remembered("p2", "t1", "f") is None


def test_the_same_id_with_another_request_is_refused(database: Database) -> None:
    with database.transaction() as tx:
        tx.remember("p1", "t1", "f", OPENED)
    with database.reading() as tx, pytest.raises(Conflict):
        tx.remembered("p1", "t1", "other")


def test_of_two_at_once_one_is_kept_and_the_other_undone(database: Database) -> None:
    start = Barrier(2)

    def ask(n: int) -> bool:
        start.wait()
        try:
            with database.transaction() as tx:
                tx.record("system", RESIDENT, "asked", {"n": n})
                tx.remember("p1", "t1", "f", OPENED)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(ask, range(2))) == [False, True]
    with database.reading() as tx:
        assert len(tx.timeline("system")) == 1


def test_old_answers_are_forgotten(database: Database) -> None:
    with database.transaction() as tx:
        tx.remember("p1", "t1", "f", OPENED)
        assert tx.forget_old_answers() == 0
        tx.execute(update(answers).values(at=tx.now() - KEEP - timedelta(seconds=1)))
        assert tx.forget_old_answers() == 1
