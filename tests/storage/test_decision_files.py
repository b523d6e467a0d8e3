"""Files of decisions as they are kept: found again, and gone with the case."""

from datetime import timedelta

from cases.actions import attaching
from cases.actions.attaching import Sent
from cases.actions.opening import Upload
from storage import waiting
from storage.erasing import erase_case
from storage.session import Database
from tests.storage.kept import KeptWorld


def sent(database: Database) -> KeptWorld:
    """Each step is compared with what the database has."""
    world = KeptWorld(database)
    world.to_processing()
    card = next(a.id for a in world.file.assignments if a.key == "card")
    upload = Upload("a" * 64, "a" * 64, "application/pdf", 900)
    return world.apply(attaching.add_file(world.file, card, Sent("file-1", "准予决定书.pdf", upload), world.now))


def test_one_that_nobody_opened_is_found_until_it_was(database: Database) -> None:
    world = sent(database)
    with database.reading() as tx:
        assert waiting.files_unchecked(tx, world.at + timedelta(seconds=1)) == ["file-1"]
        assert waiting.files_unchecked(tx, world.at) == []
        assert tx.decision_file("file-1")[0] == world.number
    world.apply(attaching.record_checked(world.file, "file-1", "b" * 64, None, world.now))
    with database.reading() as tx:
        assert waiting.files_unchecked(tx, world.at + timedelta(days=1)) == []


def test_nothing_of_it_is_left_when_the_case_is_erased(database: Database) -> None:
    world = sent(database)
    world.apply(attaching.record_checked(world.file, "file-1", "b" * 64, None, world.now))
    with database.transaction() as tx:
        free = erase_case(tx, world.number)
    assert {"a" * 64, "b" * 64} <= set(free)
    (kept,) = world.kept().decision_files
    assert (kept.name, kept.blob, kept.picture) == ("", "", None)
