"""What residents say stands on their papers comes back as they said it, sealed, and goes when its page goes."""

from cases.actions import opening
from cases.actions.checking import Known, Word, check_fields
from storage.session import Database
from storage.tables import checked_fields
from tests.storage.kept import KeptWorld, reading


def _said(world: KeptWorld, page: str, value: str, shown: str, read: str | None = "陈祥本") -> None:
    known = {(page, "name"): Known(read, shown)}
    world.apply(check_fields(world.file, known, [Word(page, "name", value, shown)], world.now))


def test_the_newest_word_on_a_field_counts_and_is_sealed(database: Database) -> None:
    world = KeptWorld(database)
    page = world.upload("id_front")
    world.read(page)
    _said(world, page, "陈洋本", "陈祥本")
    _said(world, page, "陈样本", "陈洋本", None)
    with database.reading() as tx:
        ((kept,),) = [list(of.values()) for of in tx.checked_fields_of(world.number).values()]
        (row,) = tx.all(checked_fields.select())
    assert (kept.page, kept.field, kept.read, kept.said, kept.at) == (page, "name", None, "陈样本", world.at)
    assert "陈样本".encode() not in row.said


def test_nothing_is_said_of_a_page_that_was_taken_out(database: Database) -> None:
    world = KeptWorld(database)
    page = world.upload("id_front")
    world.read(page)
    _said(world, page, "陈样本", "陈祥本")
    world.apply(opening.remove_page(world.file, page))
    with database.reading() as tx:
        assert tx.checked_fields_of(world.number) == {}


def test_words_and_small_copies_are_erased_with_the_pages(database: Database) -> None:
    """A copy that another page still needs stays."""
    one = KeptWorld(database, "440105202603020000020", check=False)
    other = KeptWorld(database, "440105202603020000039", check=False)
    mine, theirs = one.upload("id_front"), other.upload("id_front")
    one.read(mine)
    _said(one, mine, "陈样本", "陈祥本")
    with database.transaction() as tx:
        tx.save_reading(mine, reading(), "a" * 64)
        tx.save_reading(theirs, reading(), "a" * 64)
        assert (tx.picture_of(mine), tx.picture_of("none")) == ("a" * 64, None)
        assert "a" * 64 not in tx.erase_pages(one.number)
        assert tx.checked_fields_of(one.number) == {}
        assert "a" * 64 in tx.erase_pages(other.number)
