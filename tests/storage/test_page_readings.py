"""Readings come back as they were made, in page order."""

from cases.actions import opening
from storage.session import Database
from tests.storage.kept import KeptWorld, reading


def test_a_reading_comes_back_as_it_was_made_and_the_newest_counts(database: Database) -> None:
    world = KeptWorld(database, check=False)
    page = world.upload("id_front")
    with database.transaction() as tx:
        assert tx.reading(page) is None
        tx.save_reading(page, reading("first"))
        tx.save_reading(page, reading("second", perceptual_hash="00ff"))
        assert tx.reading(page) == reading("second", perceptual_hash="00ff")


def test_readings_of_a_case_are_in_page_order_without_removed_and_unread_pages(database: Database) -> None:
    world = KeptWorld(database, check=False)
    first, second = world.upload("form"), world.upload("form")
    world.read(first).read(second).upload("photo")
    front = world.upload("id_front")
    world.read(front).apply(opening.remove_page(world.file, front))
    with database.transaction() as tx:
        for page, text in ((second, "second"), (first, "first"), (front, "front")):
            tx.save_reading(page, reading(text))
        kept = {key: [r.lines[0].text for r in of] for key, of in tx.readings_of(world.number).items()}
        assert kept == {"form": ["first", "second"]}
        assert tx.page_ids_read(world.number) == {"form": [first, second]}


def test_the_same_picture_in_another_case_is_noticed(database: Database) -> None:
    one = KeptWorld(database, "440105202603020000020", check=False)
    other = KeptWorld(database, "440105202603020000039", check=False)
    for world in (one, other):
        world.upload("id_front")
    with database.reading() as tx:
        assert tx.same_picture(one.number, one.file.pages[0].sha256) == [other.number]
        assert tx.same_picture(one.number, "f" * 64) == []


def test_a_page_that_looks_the_same_in_another_case_is_noticed(database: Database) -> None:
    one = KeptWorld(database, "440105202603020000020", check=False)
    other = KeptWorld(database, "440105202603020000039", check=False)
    pages = {world.number: world.upload("id_front") for world in (one, other)}
    with database.transaction() as tx:
        for number, text in ((one.number, "mine"), (other.number, "theirs")):
            tx.save_reading(pages[number], reading(text, perceptual_hash="00ff00ff00ff00ff"))
        ((number, made),) = tx.same_view(one.number, "00ff00ff00ff00ff")
        assert (number, made.lines[0].text) == (other.number, "theirs")
        assert tx.same_view(one.number, "ff00ff00ff00ff00") == tx.same_view(one.number, "") == []


def test_the_other_cases_of_an_applicant_are_found_newest_first_without_this_one(database: Database) -> None:
    one = KeptWorld(database, "440105202603020000020", check=False)
    other = KeptWorld(database, "440105202603020000039", check=False)
    with database.reading() as tx:
        applicant = one.file.case.applicant
        assert [case.number for case in tx.other_cases_of(applicant.id_number, one.number, 5)] == [other.number]
        assert tx.other_cases_of(applicant.id_number, one.number, 0) == []
        assert tx.other_cases_of("440106198602150025", one.number, 5) == []
