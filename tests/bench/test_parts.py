"""The parts as they stand in one report."""

from bench.parts import PARTS, quality_goals, under_title
from bench.quality import Looked
from bench.spoilt import BEYOND, GOOD, GOOD_ONES, PLANTED, Shot
from cases.findings import FindingCode
from tests.preaudit.builders import reading

DARK = FindingCode.TOO_DARK


def looked(planted: str, *problems: FindingCode) -> Looked:
    return Looked(Shot(planted, "id_card_front", b""), reading("id_card_front", {}, (), problems=problems), {})


def test_headings_of_a_part_go_one_level_down_and_its_title_is_not_said_twice() -> None:
    sections = ["## Pushes\n\ntext\n\n### More\n\n| # |", "## Other"]
    assert under_title("Pushes", sections) == "text\n\n#### More\n\n| # |\n\n### Other"


def test_good_pictures_refused_and_each_defect_found_have_their_goals() -> None:
    goals = quality_goals(
        [looked(GOOD), looked(GOOD, DARK), looked("dark", DARK), looked("dark"), looked("glare", DARK)]
    )
    measured = {goal.what: (goal.measured, goal.met) for goal in goals}
    assert measured["good pictures refused"] == ("1/2 (50.0 %)", False)
    assert measured["dark: found under its name"] == ("1/2 (50.0 %)", False)
    assert measured["glare: found under its name"] == ("0/1 (0.0 %)", False)
    assert measured["cut: found under its name"] == ("–", None)
    assert len(goals) == 1 + len(set(PLANTED) - {*GOOD_ONES, *BEYOND})


def test_every_part_can_be_named_on_the_command_line() -> None:
    named = (
        "cold service judging throughput reading quality pushes overhead uploads polling app scale simulator million"
    )
    assert set(PARTS) == set(named.split())
