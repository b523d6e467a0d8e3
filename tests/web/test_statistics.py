"""The figures at the desk's doors and the public one: what is asked for, what is behind it, what is kept from whom."""

import csv
import io
from pathlib import Path

import pytest

from cases.lifecycle import LegState
from storage.statistics.figures import FIGURES
from storage.words import Role
from tests.web.world import World

DOCS = Path(__file__).parents[2] / "docs" / "statistics.md"


@pytest.fixture
def lived(plain_world: World) -> World:
    """One case begun, one handed in, one on its way with a courier."""
    me = plain_world.resident()
    for step in range(3):
        no = me.opens()
        if step:
            me.submits(no)
        if step > 1:
            plain_world.judge(no, "passed")
            me.books(no)
            plain_world.track(no, plain_world.book_at_partner(no), LegState.PICKED_UP)
    return plain_world


def test_figures_and_the_cases_behind_them(lived: World) -> None:
    desk = lived.system(Role.SUPERVISOR)
    stats = desk.get("/desk/api/stats")
    assert (stats["cases"], stats["submitted"], stats["passed"], stats["first_pass_rate"]) == (3, 2, 1, 1.0)
    assert sum(map(sum, stats["hours"])) == 2
    assert stats["couriers"]["ems"]["moved"] == 1
    day, hour = next((d, h) for d in range(7) for h in range(24) if stats["hours"][d][h])
    behind = desk.get(f"/desk/api/stats/cases?figure=submitted&weekday={day}&hour={hour}")
    assert len(behind["cases"]) == stats["hours"][day][hour]
    assert behind["means"] == FIGURES["submitted"].means
    assert len(desk.get("/desk/api/stats/cases?figure=orders_moved&partner=ems")["cases"]) == 1
    assert desk.get("/desk/api/stats/cases?figure=orders_moved&partner=sf")["cases"] == []


def test_a_slice_is_asked_for_as_a_form_sends_it(lived: World) -> None:
    desk = lived.system(Role.SUPERVISOR)
    assert desk.get("/desk/api/stats?start=&end=&region=&department=&item=&channel=")["cases"] == 3
    assert desk.get("/desk/api/stats?region=440100&channel=miniapp&department=rsj")["cases"] == 3
    assert desk.get("/desk/api/stats?region=440300")["cases"] == 0
    assert desk.get("/desk/api/stats?end=2001-01-01")["cases"] == 0
    assert desk.raw("GET", "/desk/api/stats?start=yesterday").status_code == 422
    assert desk.raw("GET", "/desk/api/stats/cases?figure=nonsense").status_code == 404
    assert desk.raw("GET", "/desk/api/stats/cases?figure=cases&cursor=nonsense").status_code == 422


def test_who_has_no_part_in_a_case_counts_and_sees_none(lived: World) -> None:
    other = lived.system(Role.SUPERVISOR, departments=("swj",))
    assert other.get("/desk/api/stats")["cases"] == 0
    assert other.get("/desk/api/stats/cases?figure=cases")["cases"] == []
    assert "440105" not in other.raw("GET", "/desk/statistics").text


def test_tables_are_csv_that_spreadsheets_read(lived: World) -> None:
    desk = lived.system(Role.AUDITOR)
    for table in ("figures", "items", "offices", "channels", "week", "couriers", "months"):
        answer = desk.raw("GET", f"/desk/api/stats/{table}.csv?region=440105")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
        assert answer.text.startswith("\ufeff")
        assert len(rows) > 1, table
    assert desk.raw("GET", "/desk/api/stats/nonsense.csv").status_code == 404


def test_when_to_come_is_public_and_tells_nothing_of_the_few(lived: World) -> None:
    week = lived.client.get("/api/v1/regions/440105/busy").json()["hours"]
    assert (len(week), len(week[0])) == (7, 24)
    assert {n for day in week for n in day} == {0, None}


def test_every_figure_is_defined_in_the_docs_in_the_words_of_the_page() -> None:
    told = DOCS.read_text(encoding="utf-8")
    for name, figure in FIGURES.items():
        assert f"| `{name}` | {figure.label} | {figure.means} |" in told, name
