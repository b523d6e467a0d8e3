"""What the queues ask of a case is said with every judgement, and of a double as long as nobody has answered."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from cases.duplicates import AnswerKind, Given
from cases.findings import Finding, FindingCode, found
from cases.flags import MarkedFor
from storage.session import Database
from storage.tables import pages, persons
from tests.storage.kept import CLERK, KeptWorld
from tests.storage.test_queues import numbers

CLEAN = found(FindingCode.BLURRED, material="id_front", page=1)
DOUBTFUL = found(FindingCode.ID_NUMBER_INVALID, material="id_front", field="id_number")
SOMEBODY_ELSE = "440105199003070027"


def judged(database: Database, n: int, *findings: Finding, id_number: str = "", **changes: object) -> KeptWorld:
    """With papers of its own; of the same applicant, or of somebody with another number."""
    world = KeptWorld(database, f"44010520260302{n:06d}0", check=False, **changes)
    if id_number:
        other = replace(world.file.case.applicant, id_number=id_number)
        world = KeptWorld(database, f"44010520260303{n:06d}0", check=False, applicant=other)
    world.upload_and_read("id_front", "form")
    with database.transaction() as tx:
        own = pages.c.case_number == world.number
        for row in tx.all(select(pages.c.id).where(own)):
            tx.execute(update(pages).where(pages.c.id == row.id).values(sha256=row.id))
    world.submit().judge("review", *findings)
    return world


@pytest.mark.parametrize(
    ("finding", "doubtful"),
    [
        (DOUBTFUL, True),
        (found(FindingCode.MISMATCH, material="form", field="form.id_number"), True),
        (found(FindingCode.SCREEN_PHOTO, material="id_front"), True),
        (found(FindingCode.LOW_CONFIDENCE, material="id_front"), True),
        (found(FindingCode.MISMATCH, material="form", field="address"), False),
        (found(FindingCode.SCREEN_PHOTO, material="form"), False),
        (CLEAN, False),
    ],
)
def test_a_doubt_about_who_somebody_is_puts_a_case_into_the_queue(
    plain_database: Database, finding: Finding, doubtful: bool
) -> None:
    world = judged(plain_database, 1, finding)
    assert numbers(plain_database, "doubtful") == ([world.number] if doubtful else [])
    assert numbers(plain_database, "duplicates") == []


def test_a_second_application_of_one_person_for_one_item_marks_both_until_somebody_answers(database: Database) -> None:
    first, second = judged(database, 1, DOUBTFUL), judged(database, 2, CLEAN)
    judged(database, 3, CLEAN, id_number=SOMEBODY_ELSE)
    assert numbers(database, "duplicates") == [first.number, second.number]
    with database.transaction() as tx:
        tx.answer_duplicate(second.number, first.number, Given(AnswerKind.IN_ORDER, CLERK.id, tx.now()))
    assert numbers(database, "duplicates") == []
    assert numbers(database, "doubtful") == [first.number], "an answer about doubles is none about the person"


def test_misuse_stays_in_the_queue_until_a_supervisor_has_settled_it(plain_database: Database) -> None:
    first, second = judged(plain_database, 1, CLEAN), judged(plain_database, 2, CLEAN)
    with plain_database.transaction() as tx:
        tx.answer_duplicate(second.number, first.number, Given(AnswerKind.MISUSE, CLERK.id, tx.now(), "别人的证件"))
    assert len(numbers(plain_database, "duplicates")) == 2


def test_a_reused_picture_marks_a_case_even_where_nothing_else_is_known_of_the_other(plain_database: Database) -> None:
    world = judged(plain_database, 1, found(FindingCode.REUSED_IMAGE, material="form"))
    assert numbers(plain_database, "duplicates") == [world.number]


def test_what_a_test_account_opens_is_a_test_and_no_double_of_a_real_case(plain_database: Database) -> None:
    with plain_database.transaction() as tx:
        person, _ = tx.people.sign_in("embedded", "tester")
    real, tried = judged(plain_database, 1, CLEAN), judged(plain_database, 2, CLEAN, owner=person.id)
    assert numbers(plain_database, "duplicates") == [real.number, tried.number]
    with plain_database.transaction() as tx:
        assert tx.mark_test(tried.number, True, account=True, why=MarkedFor.TRAINING, actor=CLERK) == 1
        assert tx.mark_test(tried.number, True, account=True, why=MarkedFor.TRAINING, actor=CLERK) == 0
    later = judged(plain_database, 3, CLEAN, owner=person.id)
    assert numbers(plain_database, "test") == [tried.number, later.number]
    with plain_database.reading() as tx:
        assert tx.execute(select(persons.c.test).where(persons.c.id == person.id)).scalar_one() is True
        told = [x.detail for x in tx.timeline(tried.number) if x.action == "case_marked_test"]
    assert told == [{"test": True, "why": "training"}]
    assert (numbers(plain_database, "review"), numbers(plain_database, "duplicates")) == ([real.number], [])
