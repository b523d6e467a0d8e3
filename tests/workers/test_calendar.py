"""`zerotrip calendar`: a year that the package does not know is loaded, counted by, and not forgotten by seeding again."""

from datetime import date
from pathlib import Path

import pytest

from cases.deadlines import add_working_days
from storage.session import Database
from storage.settings import StorageSettings
from tests.services import storage_env
from tests.workers.test_cli import run
from workers.seeding import working_days

NEXT_YEAR = "until: 2027-12-31\nrest: [2027-01-01, 2027-02-08, 2027-02-09]\nwork: [2027-02-06]\n"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is read from a file does not depend on the database."""
    return sqlite_url


def test_a_year_is_loaded_and_counted_by(tmp_path: Path, storage_settings: StorageSettings, database: Database) -> None:
    file, env = tmp_path / "2027.yaml", storage_env(storage_settings)
    file.write_text(NEXT_YEAR)
    assert run("calendar", "load", str(file), env=env).exit_code == 0
    with database.transaction() as tx:
        calendar = tx.calendar()
        assert calendar.known_until == date(2027, 12, 31)
        assert add_working_days(calendar, date(2026, 12, 31), 1) == date(2027, 1, 4)
        assert add_working_days(calendar, date(2027, 2, 5), 2) == date(2027, 2, 10), "Saturday is worked, Monday is not"
        tx.put_calendar_days(*working_days(date(2026, 11, 22)))
        assert tx.calendar().known_until == date(2027, 12, 31), "seeding again knows no less"
    assert "2027-02-06" in run("calendar", "list", "2027", env=env).output


@pytest.mark.parametrize(
    "text", ["[]", "until: soon", NEXT_YEAR + "more: 1", "until: 2027-12-31\nrest: [2028-01-01]",
             "until: 2027-12-31\nrest: [2027-05-01]\nwork: [2027-05-01]", "until: 2027-12-31\nrest: [May]"],
)  # fmt: skip
def test_what_cannot_be_right_is_named_and_changes_nothing(
    tmp_path: Path, storage_settings: StorageSettings, database: Database, text: str
) -> None:
    file = tmp_path / "2027.yaml"
    file.write_text(text)
    assert run("calendar", "load", str(file), env=storage_env(storage_settings)).exit_code == 1
    with database.reading() as tx:
        assert tx.calendar().known_until is None
