"""A run that was interrupted goes on where it stopped, and a part that is measured again leaves the others alone."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from bench.__main__ import Finished, command
from bench.contenders import CONTENDERS, Outcome
from bench.goals import goals_table, under
from bench.machine import Held
from bench.notebook import Key, Notebook, digest_of
from bench.options import Options
from bench.papers import FORM, REAL, TURNED, Paper, Plan, photographs, plans, some_of_each, specimen_of, spread_out
from bench.progress import Progress
from bench.reading import Session, _Task
from bench.report import at_a_glance, keep, merged, sections_of
from bench.scores import Tally
from tests.specimens.camera import Level

OUTCOME = Outcome(
    0.7, ("一行", "两行"), "bank_card", {"bank": "样本银行"}, frozenset({"bank"}), ("blurred",), False, "", Held(2, 1)
)
KEY = Key("ours", 1, "abc")


def test_a_reading_that_was_noted_is_found_by_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "readings.jsonl"
    Notebook(path, fresh=True).add(KEY, OUTCOME)
    again = Notebook(path, fresh=False)
    assert again.get(KEY) == OUTCOME
    assert again.get(Key("ours", 2, "abc")) is None
    assert again.get(Key("rapidocr", 1, "abc")) is None


def test_a_fresh_run_forgets_what_was_noted(tmp_path: Path) -> None:
    path = tmp_path / "readings.jsonl"
    Notebook(path, fresh=True).add(KEY, OUTCOME)
    assert Notebook(path, fresh=True).get(KEY) is None
    assert Notebook(path, fresh=False).get(KEY) is None


def test_a_note_cut_short_or_of_another_version_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "readings.jsonl"
    Notebook(path, fresh=True).add(KEY, OUTCOME)
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole + whole[:40], encoding="utf-8")
    assert Notebook(path, fresh=False).get(KEY) == OUTCOME
    path.write_text(whole.replace('"version": "', '"version": "older '), encoding="utf-8")
    assert Notebook(path, fresh=False).get(KEY) is None


def test_what_slow_peers_read_beforehand_is_timed_on_some_pictures_only(tmp_path: Path) -> None:
    papers = [Paper("scan", f"p{n}", b"%d" % n, ()) for n in range(6)]
    slow, fast = CONTENDERS["ocrmypdf"], CONTENDERS["rapidocr"]
    known = {_Task(paper, each): replace(OUTCOME, timed=False) for paper in papers for each in (slow, fast)}
    notebook = Notebook(tmp_path / "readings.jsonl", fresh=True)
    again = Session(Options(timed_each=2), notebook, print)._to_be_timed(papers, known)
    assert Counter(task.contender.name for task in again) == {"ocrmypdf": 2, "rapidocr": 6}
    assert Session(Options(beforehand=True), notebook, print)._to_be_timed(papers, known) == []


def test_seconds_of_a_busy_machine_are_not_counted() -> None:
    paper, tally = Paper("scan", "p", b"x", ()), Tally()
    tally.add(paper, OUTCOME)
    tally.add(paper, replace(OUTCOME, timed=False, seconds=99.0))
    assert (tally.pictures, tally.seconds) == (2, [OUTCOME.seconds])


def test_a_version_changes_with_the_sources(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("1")
    before = digest_of([tmp_path / "a.py"])
    (tmp_path / "a.py").write_text("2")
    assert digest_of([tmp_path / "a.py"]) != before


def test_finished_parts_are_left_until_everything_is_finished(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cache" / "finished.json"
    Finished(path, resume=False).add("reading")
    assert Finished(path, resume=True).has("reading")
    assert capsys.readouterr().out == "reading: finished before\n"
    assert not Finished(path, resume=False).has("reading")
    Finished(path, resume=True).forget()
    assert not Finished(path, resume=True).has("reading")


def test_the_report_names_no_folder_of_the_machine() -> None:
    told = command(["reading", "--photos", "/some/where/photos", "--cache=/tmp/x", "--results", "a/b.md"])
    assert told == "python -m bench reading --photos …/photos --cache=…/x --results a/b.md"


# -- the report ------------------------------------------------------------------------------------------------------

ORDER = ("service", "reading", "pushes")


def test_a_part_measured_again_replaces_its_own_section_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "RESULTS.md"
    keep("pushes", "Pushes", "first", ORDER, path)
    keep("reading", "Reading", "| a |\n| --- |", ORDER, path)
    keep("pushes", "Pushes", "second", ORDER, path)
    text = path.read_text(encoding="utf-8")
    assert sections_of(text) == {"reading": "## Reading\n\n| a |\n| --- |", "pushes": "## Pushes\n\nsecond"}
    assert text.index("## Reading") < text.index("## Pushes")
    assert "cores this process may use" in text


def test_the_goals_of_all_parts_stand_together_at_the_top() -> None:
    first = f"## Reading\n\n{goals_table([under('median', 0.5, 0.6), under('slowest', None, 3)])}\n\nmore\n\n| a |\n| --- |\n| b |"
    second = f"## Service\n\n{goals_table([under('verdict', 4.0, 3)])}"
    (glance,) = at_a_glance([first, second, "## Pushes"])
    assert glance.splitlines()[4:] == [
        "| median | < 0.6 s | 0.50 s | yes |",
        "| slowest | < 3 s | – | not measured |",
        "| verdict | < 3 s | 4.00 s | **no** |",
    ]
    text = merged({"reading": first, "service": second}, ORDER, [])
    assert text.index("all parts") < text.index("## Service")
    assert at_a_glance(["## Pushes"]) == []


def test_merging_is_stable_and_keeps_a_part_that_it_does_not_know() -> None:
    text = merged({"older": "## Older", "reading": "## Reading"}, ORDER, [("cores", "2")])
    assert merged(sections_of(text), ORDER, [("cores", "2")]) == text
    assert "| cores | 2 |" in text


# -- choosing pictures -----------------------------------------------------------------------------------------------


def test_the_first_of_what_is_spread_out_are_an_even_choice() -> None:
    chosen = sorted(spread_out(range(100))[:10])
    gaps = [b - a for a, b in pairwise(chosen)]
    assert max(gaps) <= 15
    assert len({place % 12 for place in spread_out(range(96))[:12]}) >= 9


def test_a_limit_holds_for_each_group_and_the_groups_stay_mixed() -> None:
    papers = [Paper(group, f"{n}", f"{group}{n}".encode(), ()) for group in ("scan", "phone") for n in range(20)]
    some = some_of_each(papers, 5)
    assert [sum(p.group == group for p in some) for group in ("scan", "phone")] == [5, 5]
    assert len({p.group for p in some[:2]}) == 2
    assert sorted(p.name for p in some_of_each(papers, None)) == sorted(p.name for p in papers)


def test_the_same_papers_come_at_every_level_and_then_some_turned() -> None:
    wanted = plans(4)
    assert [p.group for p in wanted] == ["scan"] * 4 + ["phone"] * 4 + ["hard"] * 4 + ["phone, turned"]
    scan, phone = specimen_of(wanted[1]), specimen_of(wanted[5])
    assert (scan.name, scan.fields) == (phone.name, phone.fields)
    assert scan.digest != phone.digest
    assert specimen_of(Plan("scan", Level.SCAN, 2)).labels
    assert specimen_of(Plan(TURNED, Level.PHONE, 2, 90)).kind != FORM


def test_photographs_without_key_strings_come_too_and_other_files_do_not(tmp_path: Path) -> None:
    for name in ("a.jpg", "b.PNG", "index.tsv", "a.jpg.txt"):
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / "a.jpg.keys.txt").write_text("发票\n税额\n", encoding="utf-8")
    assert [(p.group, p.name, p.strings) for p in photographs(tmp_path)] == [
        (REAL, "a.jpg", ("发票", "税额")),
        (REAL, "b.PNG", ()),
    ]
    assert photographs(tmp_path / "nowhere") == []


def test_progress_estimates_from_what_this_run_did() -> None:
    times = iter([0.0, 10.0, 20.0, 20.0, 20.0])
    said: list[str] = []
    progress = Progress("reading", 7, said.append, lambda: next(times))
    progress.drop()
    progress.skip()
    progress.skip()
    progress.step()
    progress.step()
    assert said == ["  reading: 4 of 6, 2 known from before; 0:20 so far, 0:20 to go"]
