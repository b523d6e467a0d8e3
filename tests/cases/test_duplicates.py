"""When two cases that share something are a question, and when it is answered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.duplicates import (
    MOST_ASKED,
    RECENT,
    AnswerKind,
    Given,
    Likeness,
    Other,
    Outcome,
    Pair,
    Question,
    Unanswered,
    distance,
    first,
    is_same_errand,
    quarters,
    require_answered,
)
from cases.lifecycle import CaseState
from tests.cases.world import MONDAY

OTHER = Other("2", "X", CaseState.IN_REVIEW, MONDAY, None, same_person=False)
SHARED = Pair("p1", "p2", Likeness.SAME_FILE, 0, MONDAY)
ANSWER = Given(AnswerKind.IN_ORDER, "s1", MONDAY + timedelta(hours=1))


def asked(given: Given | None = None, *pairs: Pair) -> Question:
    return Question("q", OTHER, pairs or (SHARED,), given=given)


def test_nothing_is_decided_until_every_question_is_answered() -> None:
    require_answered([asked(ANSWER)])
    with pytest.raises(Unanswered) as refused:
        require_answered([asked(ANSWER), asked()])
    assert refused.value.details["questions"] == ["q"]


def test_misuse_stays_a_question_until_a_supervisor_has_settled_it() -> None:
    misuse = replace(ANSWER, answer=AnswerKind.MISUSE)
    assert asked(misuse).state == "escalated"
    with pytest.raises(Unanswered):
        require_answered([asked(misuse)])
    settled = replace(misuse, outcome=Outcome.CONFIRMED, settled_by="s2", settled_at=MONDAY + timedelta(hours=2))
    assert asked(settled).state == "answered"


def test_an_answer_counts_for_what_was_known_then() -> None:
    later = replace(SHARED, at=MONDAY + timedelta(hours=3))
    assert asked(ANSWER, SHARED, later).state == "open"


def test_the_same_errand_is_the_same_persons_and_under_way_or_just_over() -> None:
    own = replace(OTHER, same_person=True)
    assert is_same_errand("X", own, MONDAY)
    assert not is_same_errand("Y", own, MONDAY)
    assert not is_same_errand("X", OTHER, MONDAY)
    for state in (CaseState.DRAFT, CaseState.WITHDRAWN, CaseState.NOT_ACCEPTED):
        assert not is_same_errand("X", replace(own, state=state), MONDAY)
    ended = replace(own, state=CaseState.DELIVERED, closed_at=MONDAY)
    assert is_same_errand("X", ended, MONDAY + RECENT)
    assert not is_same_errand("X", ended, MONDAY + RECENT + timedelta(days=1))


def test_other_peoples_are_asked_about_first_and_not_all_of_many() -> None:
    own = [replace(asked(), id=str(n), other=replace(OTHER, same_person=True)) for n in range(9)]
    picked = first([*own, asked()])
    assert picked[0].id == "q"
    assert len(picked) == MOST_ASKED


def test_of_two_hashes_three_bits_apart_one_quarter_is_the_same() -> None:
    one, other = "0123456789abcdef", "0122456689abcdee"
    assert distance(one, other) == 3
    mine, theirs = quarters(one), quarters(other)
    assert mine is not None
    assert theirs is not None
    assert any(a == b for a, b in zip(mine, theirs, strict=True))


@pytest.mark.parametrize("nothing", ["", "ff00", "0" * 16, "f" * 16])
def test_what_shows_nothing_is_like_nothing(nothing: str) -> None:
    assert quarters(nothing) is None
