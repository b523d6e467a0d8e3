"""`zerotrip boxes`: boxes are data, and what cannot be right is named before anything is changed."""

from pathlib import Path

import pytest
import yaml
from typer.testing import Result

from courier.areas import areas_from
from storage.session import Database
from storage.settings import StorageSettings
from storage.words import Role
from tests.services import storage_env
from tests.workers.test_cli import run
from workers.commands.boxes import OPERATOR
from workers.example_areas import GRID_AREAS
from workers.seeding import add_person, seed_boxes

GOOD = """
- {code: hz-01, name: 赤岗, place: 赤岗路1号, region: "440105", times: [09:30, 16:00]}
- {code: hz-02, name: 新港, place: 新港路1号, region: "440105", times: [10:00, 17:30], grace_minutes: 45}
"""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is read from a file does not depend on the database."""
    return sqlite_url


@pytest.fixture
def env(storage_settings: StorageSettings) -> dict[str, str]:
    return storage_env(storage_settings)


def load(tmp_path: Path, text: str, env: dict[str, str]) -> Result:
    file = tmp_path / "boxes.yaml"
    file.write_text(text, encoding="utf-8")
    return run("boxes", "load", str(file), env=env)


def test_boxes_are_loaded_and_listed(tmp_path: Path, env: dict[str, str], database: Database) -> None:
    """Times with and without quotes are the same times."""
    assert load(tmp_path, GOOD, env).exit_code == 0
    with database.reading() as tx:
        assert tx.boxes.box("hz-02").times == ("10:00", "17:30")
    told = run("boxes", "list", env=env)
    assert told.exit_code == 0
    assert "hz-01" in told.output
    assert "09:30 16:00" in told.output


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"times": ["09:30"]}, "hz-01"),
        ({"times": 5}, "hz-01"),
        ({"grace_minutes": "soon"}, "hz-01"),
        ({"region": "4401"}, "hz-01"),
        ({"colour": "yellow"}, "colour"),
        ({"place": None, "code": "海"}, "海"),
    ],
)
def test_what_cannot_be_right_is_named_and_nothing_is_changed(
    tmp_path: Path, env: dict[str, str], database: Database, change: dict[str, object], named: str
) -> None:
    boxes = yaml.safe_load(GOOD)
    told = load(tmp_path, yaml.safe_dump([boxes[1], boxes[0] | change], allow_unicode=True), env)
    assert told.exit_code == 1
    assert named in told.output
    with database.reading() as tx:
        assert tx.boxes.list(all_of_them=True) == []


@pytest.mark.parametrize("text", ["", "a: b", "- 1", "[", GOOD + GOOD, "- {code: hz-01}"])
def test_what_is_no_list_of_boxes_is_refused(tmp_path: Path, env: dict[str, str], text: str) -> None:
    assert load(tmp_path, text, env).exit_code == 1


def test_a_grid_worker_is_given_areas(env: dict[str, str], database: Database) -> None:
    with database.transaction() as tx:
        add_person(tx, "wang", "王网格", frozenset({Role.GRID}), frozenset(), actor=OPERATOR)
    assert run("boxes", "areas", "wang", "hz-01", "hz-02", env=env).exit_code == 0
    assert run("boxes", "areas", "nobody", "hz-01", env=env).exit_code == 1
    with database.reading() as tx:
        found = tx.staff.by_login("wang")
        assert found is not None
        assert tx.in_house.areas_of(found.id) == {"hz-01", "hz-02"}


def test_the_examples_are_good_boxes_and_good_areas(database: Database) -> None:
    with database.transaction() as tx:
        seed_boxes(tx)
        seed_boxes(tx)
        assert len(tx.boxes.list("440105")) == 3
    assert [a.code for a in areas_from(GRID_AREAS)][-1] == "hz"
