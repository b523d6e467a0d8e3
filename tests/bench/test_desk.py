"""Two desks are timed by turns: neither has a minute of the machine to itself."""

from collections.abc import Iterator

import pytest

from bench.desk import ADDRESSES, WARM, Ask, Kind, by_turns


class Told:
    """A desk whose answers take as long as it says, and that writes down who was asked what."""

    def __init__(self, name: str, paths: int, seconds: float, asked: list[tuple[str, str]]) -> None:
        self._name, self._seconds, self._asked = name, seconds, asked
        self._asks = [Ask("GET", f"/{n}") for n in range(paths)]

    def kinds(self) -> Iterator[Kind]:
        yield "a page", lambda: self._asks

    def ask(self, ask: Ask) -> float:
        self._asked.append((self._name, ask.path))
        return self._seconds


def test_each_is_asked_as_often_and_who_comes_first_changes() -> None:
    asked: list[tuple[str, str]] = []
    few, many = Told("few", 1, 0.01, asked), Told("many", 6, 0.03, asked)
    [found] = by_turns(few, many, lambda _line: None, times=8)
    warmed = 1 + (WARM - 1) + 6 + ADDRESSES * (WARM - 1)
    assert [name for name, _ in asked[warmed:]] == ["few", "many", "many", "few"] * 4
    assert [path for name, path in asked[warmed:] if name == "many"] == [f"/{n % 6}" for n in range(8)]
    assert (found.few.count, found.many.count) == (8, 8)
    assert found.times == pytest.approx(3)


def test_every_address_counts_however_few_times_were_wanted() -> None:
    [found] = by_turns(Told("few", 2, 0.01, []), Told("many", 9, 0.01, []), lambda _line: None, times=4)
    assert found.few.count == found.many.count == 9
