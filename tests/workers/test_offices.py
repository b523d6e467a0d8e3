"""`zerotrip offices`: what is right is loaded, what is wrong is named and nothing changes."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from storage.session import Database
from workers.cli import app

GOOD = "- {code: hz-9, name: 海珠窗口, place: 海珠区一路1号, region: '440105', phone: 020-1, hours: ['09:00-12:00']}\n"


def _run(database: Database, *args: str) -> tuple[int, str]:
    env = {
        "STORAGE_DATABASE_URL": database.settings.database_url,
        "STORAGE_KEY_FILE": str(database.settings.key_file),
        "STORAGE_BLOBS": database.settings.blobs,
    }
    result = CliRunner().invoke(app, ["offices", *args], env=env)
    return result.exit_code, result.output


def test_offices_are_loaded_and_listed(plain_database: Database, tmp_path: Path) -> None:
    book = tmp_path / "offices.yaml"
    book.write_text(GOOD, "utf-8")
    assert _run(plain_database, "load", str(book)) == (0, "1 offices\n")
    code, said = _run(plain_database, "list")
    assert code == 0
    assert "海珠窗口" in said
    assert "09:00-12:00" in said


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("hours: x", "a list of offices is expected"),
        ("- {code: hz-9}", "hours"),
        (GOOD.replace("09:00-12:00", "9-12"), "办公时间写作 09:00-12:00"),
        (GOOD.replace("hours:", "capacity: many, hours:"), "many"),
        (GOOD + GOOD.replace("440105", "44"), "六位行政区划代码"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_changes(
    plain_database: Database, tmp_path: Path, text: str, named: str
) -> None:
    book = tmp_path / "offices.yaml"
    book.write_text(text, "utf-8")
    code, said = _run(plain_database, "load", str(book))
    assert code == 1
    assert named in said.replace("\n", "")
    with plain_database.reading() as tx:
        assert tx.appointments.offices() == []
