"""The loader's cases are cases: they open, their records fit, and they count for what their rows say."""

import pytest

from bench import loader, million, templates
from cases.deadlines import Calendar
from storage import audit
from storage.session import Database
from storage.statistics import keeping


@pytest.mark.thorough
def test_copied_lives_open_fit_and_count(postgresql_database: Database) -> None:
    database, lives = postgresql_database, million.lived("blob")
    items = million.make_items(database)
    with database.reading() as tx:
        plan = loader.Plan(database.settings, 120, tx.now(), lives, items, Calendar({}))
    loader.load(plan, lambda _line: None)
    with database.transaction() as tx:
        numbers = keeping.case_numbers(tx, "", 1000)
        assert len(numbers) == 120
        assert keeping.recount_all(tx, numbers, keep=False) == 0
        assert keeping.drift(tx) == {}
        assert audit.verify(tx) is None
        files = [tx.case_file(number) for number in numbers]
        read = [tx.readings_of(number) for number in numbers]
    assert any(read)
    assert {file.case.applicant.kind for file in files} == {"person"}
    assert len({file.case.state for file in files}) > 3


def test_the_same_seed_makes_the_same_people() -> None:
    one = loader.person(4711)
    assert one == loader.person(4711)
    assert one.id_number[-1] in "0123456789X"
    assert len(one.id_number) == 18


def test_lives_are_a_thousand_and_most_are_over() -> None:
    shares = {name: share for name, (share, _) in templates.LIVES.items()}
    assert sum(shares.values()) == 1000
    assert sum(shares[name] for name in templates.OVER) == 950
