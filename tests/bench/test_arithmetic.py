"""The figures are counted as the tables say."""

import os

import pytest

from bench.goals import at_least, at_most, goals_table, none_of, under
from bench.keys import keys_found
from bench.machine import Held, describe, family, held_by
from bench.pages_waiting import Passage, section_of
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


def test_a_goal_is_met_exactly_at_its_limit_and_not_measured_on_nothing() -> None:
    assert [at_least("x", n, 200, 99.5).met for n in (198, 199)] == [False, True]
    assert [at_most("x", n, 100, 2).met for n in (2, 3)] == [True, False]
    assert [under("x", seconds, 3).met for seconds in (2.99, 3.0, None)] == [True, False, None]
    assert [none_of("x", n, whole).met for n, whole in ((0, 9), (1, 9), (0, 0))] == [True, False, None]


def test_a_goal_that_is_not_met_cannot_be_overlooked() -> None:
    told = goals_table([at_least("kind", 1, 2, 99), under("seconds", None, 3)])
    assert "| kind | ≥ 99 % | 1/2 (50.0 %) | **no** |" in told
    assert "| seconds | < 3 s | – | not measured |" in told


def test_the_machine_is_described_and_a_process_weighed() -> None:
    assert {name for name, _ in describe()} >= {"processor", "cores this process may use", "libraries", "programs"}
    weight = held_by(os.getpid())
    assert weight.rss > 10
    assert weight.pss > 5
    assert os.getpid() in family(os.getppid())


def test_the_most_that_was_held_is_kept_of_each_measure() -> None:
    assert Held(3, 1).most(Held(2, 2)) == Held(3, 2)


def test_waiting_gives_up_at_its_deadline() -> None:
    with pytest.raises(TimeoutError):
        until(lambda: False, 0.05, 0.01)


def test_pages_a_second_are_by_the_clock_and_their_cost_by_the_processor() -> None:
    alone, two = Passage(1, 4.0, 3.0, (1.0, 1.0, 2.0), 700.0), Passage(2, 2.0, 3.6, (1.0, 1.5, 1.5), 720.0)
    told = section_of([alone, two], 3)
    assert "| 1 | 0.75 | 1.00 | 1.00 | 2.00 | 700 |" in told
    assert "| 2 | 1.50 | 1.20 | 1.50 | 1.50 | 720 |" in told
