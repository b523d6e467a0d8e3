"""The figures are counted as the tables say."""

from pathlib import Path

import pytest

from bench.keys import keys_found
from bench.machine import describe, family, peak_megabytes
from bench.report import write
from bench.service import until
from bench.tables import share, spread, table


def test_the_spread_ranks_and_does_not_interpolate() -> None:
    s = spread(float(n) for n in range(100, 0, -1))
    assert (s.count, s.least, s.median, s.p95, s.most) == (100, 1, 50, 95, 100)
    assert spread([2.5]).p95 == 2.5


def test_key_strings_count_without_white_space_width_and_direction() -> None:
    lines = ["公民身份号码", "４４０１０５ 1990", "姓名：王小明"]
    assert keys_found(["4401051990", "姓名:王小明", "样", "没有的"], lines) == (2, 3)
    assert keys_found(["王小明李"], ["李", "王小明"]) == (1, 1)


def test_a_table_is_markdown_and_a_share_of_nothing_is_a_dash() -> None:
    assert table(("a", "b"), [(1, 0.5)]) == "| a | b |\n| --- | --- |\n| 1 | 0.50 |"
    assert share(31, 32) == "31/32 (96.9 %)"
    assert share(0, 0) == "–"


def test_the_machine_is_described_and_a_process_weighed() -> None:
    assert all(value for _, value in describe())
    assert peak_megabytes() > 10
    assert len(family(1)) >= 1


def test_waiting_gives_up_at_its_deadline() -> None:
    with pytest.raises(TimeoutError):
        until(lambda: False, 0.05, 0.01)


def test_the_report_has_the_machine_and_the_sections(tmp_path: Path) -> None:
    path = tmp_path / "RESULTS.md"
    write([("cores", "2")], ["## Something\n\ntext"], "make bench", path)
    assert "| cores | 2 |" in path.read_text(encoding="utf-8")
    assert "## Something" in path.read_text(encoding="utf-8")
