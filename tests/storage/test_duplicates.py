"""Pictures that look alike are found by an index, paired once, and asked about until somebody has answered."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from cases.actions import opening
from cases.duplicates import AnswerKind, Given, Likeness, Outcome, Question
from cases.readings import Line, Reading
from storage import migrate
from storage.actors import Scope
from storage.duplicates import Settled
from storage.session import Database
from tests.cases.world import APPLICANT
from tests.storage.kept import BOX, KeptWorld, reading

NUMBERS = ("440105202603020000011", "440105202603020000022", "440105202603020000033")
HASH, NEAR, FAR = "0123456789abcdef", "0123456789abcde8", "0f23456789ab0def"
SOMEBODY = replace(APPLICANT, name="李样本", id_number="440105198501010012")


def handed_in(database: Database, number: str, applicant: Any = APPLICANT, sha: str = "") -> KeptWorld:
    world = KeptWorld(database, number, check=False, applicant=applicant)
    for key in ("id_front", "form"):
        upload = opening.Upload("blob", sha or f"{number}{key}", "image/jpeg", 1000)
        page = f"{number[-3:]}-{key}"
        world.apply(opening.attach_page(world.file, key, upload, page, world.now)).read(page)
    world.submit()
    return world


def read(world: KeptWorld, hash_: str, *lines: str) -> None:
    with world.database.transaction() as tx:
        tx.save_reading(world.file.pages[0].id, seen(hash_, *lines))


def seen(hash_: str, *lines: str) -> Reading:
    return reading(perceptual_hash=hash_, lines=tuple(Line(text, 0.9, BOX) for text in lines or ("陈样本", "男")))


def asked(world: KeptWorld) -> tuple[Question, ...]:
    with world.database.reading() as tx:
        return tx.duplicate_questions(world.kept())


def test_nearly_the_same_picture_of_another_person_is_a_question_to_both(database: Database) -> None:
    one, two = handed_in(database, NUMBERS[0]), handed_in(database, NUMBERS[1], SOMEBODY)
    read(one, HASH)
    read(two, NEAR)
    for mine, other in ((one, two), (two, one)):
        (question,) = asked(mine)
        assert (question.other.number, question.someone_elses, question.state) == (other.number, True, "open")
        (pair,) = question.pairs
        assert (pair.page, pair.other_page) == (mine.file.pages[0].id, other.file.pages[0].id)
        assert (pair.likeness, pair.distance) == (Likeness.NEAR, 3)


def test_what_looks_alike_and_reads_otherwise_is_no_question(plain_database: Database) -> None:
    """A form that many people fill in."""
    one, two = handed_in(plain_database, NUMBERS[0]), handed_in(plain_database, NUMBERS[1], SOMEBODY)
    read(one, HASH, "申请表", "陈样本", "440105199003070019")
    read(two, NEAR, "申请表", "李样本", "440105198501010012")
    three = handed_in(plain_database, NUMBERS[2], replace(SOMEBODY, id_number="x"))
    read(three, FAR, "申请表", "陈样本", "440105199003070019")
    assert [asked(world) for world in (one, two, three)] == [(), (), ()]


def test_the_same_file_is_found_by_its_digest(database: Database) -> None:
    one = handed_in(database, NUMBERS[0], sha="a" * 64)
    two = handed_in(database, NUMBERS[1], SOMEBODY, sha="a" * 64)
    (question,) = asked(one)
    assert {pair.likeness for pair in question.pairs} == {Likeness.SAME_FILE}
    assert question.other.number == two.number


def test_the_same_errand_of_the_same_person_is_a_question_without_a_picture(plain_database: Database) -> None:
    one, two = handed_in(plain_database, NUMBERS[0]), handed_in(plain_database, NUMBERS[1])
    (question,) = asked(one)
    assert (question.other.number, question.same_errand, question.pairs) == (two.number, True, ())


def test_drafts_and_test_cases_are_not_asked_about(plain_database: Database) -> None:
    one = handed_in(plain_database, NUMBERS[0])
    KeptWorld(plain_database, NUMBERS[1], check=False)
    two = handed_in(plain_database, NUMBERS[2])
    with plain_database.transaction() as tx:
        tx.connection.exec_driver_sql(f"UPDATE cases SET test = true WHERE number = '{two.number}'")
    assert asked(one) == ()


def test_an_answer_counts_for_both_cases_and_misuse_waits_for_a_supervisor(database: Database) -> None:
    one, two = handed_in(database, NUMBERS[0]), handed_in(database, NUMBERS[1], SOMEBODY)
    read(one, HASH)
    read(two, NEAR)
    everything = Scope.everything()
    with database.transaction() as tx:
        at = tx.now() + timedelta(seconds=1)
        tx.answer_duplicate(one.number, two.number, Given(AnswerKind.MISUSE, "s1", at, "照片不是本人"))
    assert [q.state for world in (one, two) for q in asked(world)] == ["escalated", "escalated"]
    with database.transaction() as tx:
        (waiting,), more = tx.misuse_waiting(everything)
        assert more is None
        assert (waiting.question, waiting.cases) == (asked(one)[0].id, (one.number, two.number))
        assert waiting.given.note == "照片不是本人"
        assert tx.misuse_waiting(Scope.of_staff("x", frozenset({"elsewhere"}))) == ([], None)
        assert tx.settle_misuse(two.number, one.number, Settled(Outcome.CONFIRMED, "s2", "已核实"))
        assert not tx.settle_misuse(one.number, two.number, Settled(Outcome.CLEARED, "s2", ""))
        assert tx.misuse_waiting(everything) == ([], None)
    (question,) = asked(two)
    assert question.state == "answered"
    assert question.given is not None
    assert (question.given.outcome, question.given.settled_note) == (Outcome.CONFIRMED, "已核实")


def test_a_page_read_again_is_paired_by_its_newest_picture(plain_database: Database) -> None:
    one, two = handed_in(plain_database, NUMBERS[0]), handed_in(plain_database, NUMBERS[1], SOMEBODY)
    read(one, HASH)
    read(one, FAR)
    read(two, NEAR)
    assert asked(one) == ()


def test_what_is_erased_is_paired_no_more(plain_database: Database) -> None:
    one, two = handed_in(plain_database, NUMBERS[0]), handed_in(plain_database, NUMBERS[1], SOMEBODY)
    read(one, HASH)
    read(two, NEAR)
    with plain_database.transaction() as tx:
        tx.erase_pages(one.number)
    assert asked(two) == ()


def test_pictures_that_were_there_before_can_have_neighbours(plain_database: Database) -> None:
    """The migration cuts the hashes of pictures that were read before there were quarters."""
    one = handed_in(plain_database, NUMBERS[0])
    read(one, HASH)
    migrate.downgrade(plain_database.settings, "0016")
    migrate.upgrade(plain_database.settings)
    two = handed_in(plain_database, NUMBERS[1], SOMEBODY)
    read(two, NEAR)
    (question,) = asked(two)
    assert question.other.number == one.number


def test_misuse_is_listed_page_by_page_and_none_twice(plain_database: Database) -> None:
    worlds = [handed_in(plain_database, f"44010520260110{n:06d}1") for n in range(6)]
    with plain_database.transaction() as tx:
        at = tx.now()
        for other in worlds[1:]:
            tx.answer_duplicate(worlds[0].number, other.number, Given(AnswerKind.MISUSE, "s1", at, "不是本人"))
    found, cursor, pages = [], None, 0
    with plain_database.reading() as tx:
        while pages == 0 or cursor:
            some, cursor = tx.misuse_waiting(Scope.everything(), cursor, 2)
            found, pages = [*found, *some], pages + 1
    assert pages == 3
    assert sorted(one.cases[1] for one in found) == [w.number for w in worlds[1:]]
