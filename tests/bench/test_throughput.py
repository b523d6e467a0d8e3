"""Pictures a second beside the peers: medians of rounds, and what was read."""

from pathlib import Path

from PIL import Image

from bench.bars import BLUE, GREY, RED
from bench.contenders import OPENVINO, OURS, Outcome
from bench.papers import REAL, Paper
from bench.throughput import Notes, Passage, draw_rates, goals, section

REAL_ONE = Paper(REAL, "one.jpg", b"1", ("姓名",))
DRAWN = Paper("phone", "id_card_front 1", b"2", ("公民",), "id_card_front", {"name": "韦小宝"})


def passage(seconds: float, *lines: str, pictures: int = 2) -> Passage:
    mine = Outcome(0.1, lines, "id_card_front", {"name": "韦小宝"})
    return Passage(seconds, {paper.digest: mine for paper in (REAL_ONE, DRAWN)[:pictures]}, "one process")


def test_the_medians_of_the_rounds_are_compared_and_one_slow_round_decides_nothing() -> None:
    passages = {
        OURS: [passage(1.0), passage(9.0), passage(1.0)],
        OPENVINO: [passage(1.0), passage(1.0), passage(0.5)],
        "ocrmypdf": [passage(4.0, pictures=1)] * 3,
    }
    engine, program, paperless = goals(passages)
    assert (engine.measured, engine.met) == ("1.00", True)
    assert (program.measured, program.met) == ("8.00", True)
    assert (paperless.measured, paperless.met) == ("–", None)


def test_a_peer_that_passed_more_than_ours_is_a_goal_that_was_missed() -> None:
    assert goals({OURS: [passage(1.0)], OPENVINO: [passage(0.9)]})[0].met is False


def test_the_section_says_how_many_are_real_who_was_given_how_many_and_what_was_right() -> None:
    passages = {OURS: [passage(1.0, "姓名", "公民")], "ocrmypdf": [passage(4.0, "公民", pictures=1)]}
    text = section([REAL_ONE, DRAWN], passages, ["rapidocr (not installed)"])
    assert "2 photographs: 1 real ones" in text
    assert "even sample of 1 of them" in text
    assert "Left out: rapidocr (not installed)." in text
    assert "| ours | one process | 2 | 2.00 | 2.00 | 2.00 | 0 |" in text
    assert "| phone | ours | 1 | 1/1 (100.0 %) | 1/1 (100.0 %) | 0 |" in text
    assert "| real photographs | ocrmypdf | 1 | 0/1 (0.0 %) | – | 0 |" in text


def test_the_plot_has_a_bar_for_each_and_ours_in_colour(tmp_path: Path) -> None:
    path = tmp_path / "rates.png"
    draw_rates(path, {OURS: [passage(1.0)], OPENVINO: [passage(2.0)], "ocrmypdf": [passage(8.0)]})
    with Image.open(path) as drawn:
        colours = {colour for _, colour in drawn.convert("RGB").getcolors(100_000) or []}
    assert {BLUE, GREY, RED} <= colours


def test_what_has_passed_is_taken_up_again_for_the_same_pictures_in_the_same_round(tmp_path: Path) -> None:
    path, done = tmp_path / "throughput.jsonl", passage(3.0, "姓名")
    Notes(path, fresh=True).add(OURS, 0, [REAL_ONE, DRAWN], done)
    again = Notes(path, fresh=False)
    assert again.get(OURS, 0, [REAL_ONE, DRAWN]) == done
    assert again.get(OURS, 1, [REAL_ONE, DRAWN]) is None
    assert again.get(OURS, 0, [DRAWN]) is None
    assert again.get(OPENVINO, 0, [REAL_ONE, DRAWN]) is None
    assert Notes(path, fresh=True).get(OURS, 0, [REAL_ONE, DRAWN]) is None
