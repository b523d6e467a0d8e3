"""What many threads ask at once is asked together, and each is told its own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.workers.test_relay import until
from workers.gathering import Gathering

FIRST = "first"


class Desk:
    """Answers in capitals, the first question when it is let."""

    def __init__(self, refuses: Callable[[Sequence[str]], bool] = lambda _: False) -> None:
        self.asked: list[tuple[str, Sequence[str]]] = []
        self.let, self._refuses = threading.Event(), refuses
        self.gathering: Gathering[str, str, str] = Gathering(self._together)

    def _together(self, sort: str, things: Sequence[str]) -> Sequence[str]:
        self.asked.append((sort, tuple(things)))
        if things == [FIRST]:
            assert self.let.wait(20)
        if self._refuses(things):
            raise ConnectionError(*things)
        return [thing.upper() for thing in things]

    def all_at_once(self, *pairs: tuple[str, str]) -> list[Future[str]]:
        """They come while the first question is under way, one after the other."""
        with ThreadPoolExecutor(len(pairs) + 1) as threads:
            told = [threads.submit(self.gathering.ask, "a", FIRST)]
            until(lambda: len(self.asked) == 1)
            for place, (sort, thing) in enumerate(pairs, 1):
                told.append(threads.submit(self.gathering.ask, sort, thing))
                until(lambda place=place: self.gathering.waiting == place)
            self.let.set()
        return told


def test_who_comes_alone_is_asked_about_at_once() -> None:
    desk = Desk()
    assert [desk.gathering.ask("a", thing) for thing in ("x", "y")] == ["X", "Y"]
    assert desk.asked == [("a", ("x",)), ("a", ("y",))]


def test_who_comes_while_a_question_is_under_way_is_asked_about_with_the_others_of_its_sort() -> None:
    desk = Desk()
    told = desk.all_at_once(("a", "x"), ("b", "y"), ("a", "z"), ("b", "x"))
    assert [each.result() for each in told] == ["FIRST", "X", "Y", "Z", "X"]
    assert desk.asked == [("a", (FIRST,)), ("a", ("x", "z")), ("b", ("y", "x"))]


def test_what_fails_for_many_is_asked_again_and_fails_for_whom_it_has_to() -> None:
    desk = Desk(lambda things: "bad" in things)
    told = desk.all_at_once(("a", "x"), ("a", "bad"), ("a", "z"))
    assert [each.result() for each in (told[0], told[1], told[3])] == ["FIRST", "X", "Z"]
    with pytest.raises(ConnectionError, match="bad"):
        told[2].result()
    assert desk.gathering.ask("a", "later") == "LATER"


def test_a_question_that_fails_for_one_holds_up_nobody_who_waits() -> None:
    desk = Desk(lambda things: things == [FIRST])
    told = desk.all_at_once(("a", "x"), ("a", "z"))
    with pytest.raises(ConnectionError, match=FIRST):
        told[0].result()
    assert [each.result() for each in told[1:]] == ["X", "Z"]
