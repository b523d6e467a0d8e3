"""`zerotrip staff`: agent points are loaded from a file, agents work at one, and nobody else does."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from storage.session import Database
from workers.cli import app

GOOD = "- {code: cg-01, name: 赤岗村代办点, village: 赤岗村, region: '440105'}\n"
ADDRESS = "address: {province: 广东省, city: 广州市, county: 海珠区, detail: 赤岗路1号, contact: 代办点, phone: '020'}"


def _run(database: Database, *args: str) -> tuple[int, str]:
    env = {
        "STORAGE_DATABASE_URL": database.settings.database_url,
        "STORAGE_KEY_FILE": str(database.settings.key_file),
        "STORAGE_BLOBS": database.settings.blobs,
    }
    result = CliRunner().invoke(app, ["staff", *args], env=env)
    return result.exit_code, result.output


def _loads(database: Database, tmp_path: Path, text: str) -> tuple[int, str]:
    book = tmp_path / "points.yaml"
    book.write_text(text, "utf-8")
    return _run(database, "load-points", str(book))


def test_an_agent_is_added_at_a_point_and_moves_to_another(plain_database: Database, tmp_path: Path) -> None:
    other = GOOD.replace("cg-01", "xg-01").replace("赤岗", "新港").replace("}", f", {ADDRESS}}}")
    assert _loads(plain_database, tmp_path, GOOD + other) == (0, "2 points\n")
    code, said = _run(plain_database, "add", "wang", "--name", "王代办", "--role", "agent", "--point", "cg-01")
    assert (code, "TOTP secret" in said) == (0, True)
    assert _run(plain_database, "move", "wang", "xg-01")[0] == 0
    with plain_database.reading() as tx:
        found = tx.staff.by_login("wang")
        assert found is not None
        at = tx.agents.point_of(found.id)
        assert at is not None
        assert (at.code, at.address and at.address.detail) == ("xg-01", "赤岗路1号")
    assert "新港村代办点" in _run(plain_database, "points")[1]


@pytest.mark.parametrize(
    "args",
    [
        ("--role", "agent"),
        ("--role", "clerk", "--point", "cg-01"),
    ],
)
def test_an_agent_needs_a_point_and_nobody_else_has_one(plain_database: Database, args: tuple[str, ...]) -> None:
    assert _run(plain_database, "add", "wang", "--name", "王", *args)[0] == 2


def test_what_is_wrong_is_named_and_nothing_changes(plain_database: Database, tmp_path: Path) -> None:
    for text, named in (
        ("- {code: cg-01}", "name"),
        (GOOD + GOOD.replace("440105", "44"), "六位行政区划代码"),
        (GOOD.replace("cg-01", "赤岗"), "小写字母"),
        (GOOD.replace("}", ", address: {city: 广州}}"), "province"),
    ):
        code, said = _loads(plain_database, tmp_path, text)
        assert (code, named in said) == (1, True), said
    assert _run(plain_database, "add", "wang", "--name", "王", "--role", "agent", "--point", "cg-01")[0] == 1
    assert _run(plain_database, "move", "wang", "cg-01")[0] == 1
    with plain_database.reading() as tx:
        assert tx.agents.points() == []
        assert tx.staff.by_login("wang") is None
