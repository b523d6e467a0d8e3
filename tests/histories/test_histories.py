"""Cases that were recorded once stand, by today's tables, where they stood then."""

from pathlib import Path

import pytest

from cases.lifecycle import CASE, CaseState
from tests.histories.__main__ import of_street
from tests.histories.recording import FOLDER, lines_of, read, stood, ways, write
from workers.replay import replay

RECORDED = sorted(FOLDER.glob("*.jsonl"))


@pytest.mark.parametrize("path", RECORDED, ids=lambda p: p.stem)
def test_every_recorded_history_leads_where_its_case_stood(path: Path) -> None:
    histories = read(path)
    assert histories
    wrong = {h["case"]: told.differences for h in histories if (told := replay(lines_of(h), stood(h))).differences}
    assert wrong == {}


NO_USE_CASE = {("received", "not_accept")}
"""Stands in the table, and no use-case does it (tests/simulation/test_streets.py)."""


def test_every_way_that_a_case_can_go_was_gone_by_a_recorded_one() -> None:
    table = {(str(state), str(event)) for state, events in CASE.table.items() for event in events}
    assert table - {way for path in RECORDED for history in read(path) for way in ways(history)} == NO_USE_CASE


def test_the_recorded_ones_say_where_they_come_from() -> None:
    said = (FOLDER / "PROVENANCE.md").read_text("utf-8")
    assert RECORDED
    assert [p.name for p in RECORDED if f"`{p.name}`" not in said] == []


def test_a_new_one_can_be_recorded_and_a_changed_one_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "new.jsonl"
    assert write(path, of_street(3, 200)) > 0
    history = next(h for h in read(path) if any(x["action"].startswith("case_") for x in h["lines"]))
    assert replay(lines_of(history), stood(history)).differences == ()
    elsewhere = {**history, "state": str(CaseState.DELIVERING)}
    assert replay(lines_of(history), stood(elsewhere)).differences
