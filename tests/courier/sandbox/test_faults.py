"""The plan of misfortunes: shares, counts, and the same draws from the same seed."""

import pytest

from courier.sandbox.faults import Fault, Faults
from courier.sandbox.life import LIVES, STEPS, in_earnest, life_of


def test_a_bare_name_strikes_always_and_an_absent_one_never() -> None:
    faults = Faults("double, drop", 1)
    assert all(faults.strikes(Fault.DOUBLE) for _ in range(20))
    assert not any(faults.strikes(Fault.DELAY) for _ in range(20))


def test_a_count_is_used_up() -> None:
    faults = Faults("5xx#2", 1)
    assert [faults.strikes(Fault.HTTP_5XX) for _ in range(4)] == [True, True, False, False]
    assert faults.as_dict() == {"5xx": {"share": 1.0, "left": 0}}


def test_a_share_is_drawn_the_same_from_the_same_seed() -> None:
    one, two = ([f.strikes(Fault.DROP) for _ in range(200)] for f in (Faults("drop:0.3", 4), Faults("drop:0.3", 4)))
    assert one == two
    assert 30 < sum(one) < 90


def test_a_new_plan_replaces_the_old_one() -> None:
    faults = Faults("drop", 1)
    faults.replace("delay", 2)
    assert not faults.strikes(Fault.DROP)
    assert faults.first(Fault.DROP, Fault.DELAY) is Fault.DELAY


def test_what_has_struck_is_counted() -> None:
    faults = Faults("drop#2,delay", 1)
    for _ in range(3):
        faults.first(Fault.DROP, Fault.DELAY)
    faults.replace("")
    assert faults.struck() == {"drop": 2, "delay": 1}


def test_every_misfortune_of_a_parcel_is_a_life_told_in_known_steps() -> None:
    assert all(set(life) <= set(STEPS) for life in LIVES.values())


def test_a_courier_without_a_word_for_lost_says_nothing_more_and_one_without_another_word_is_spared() -> None:
    knows = {"courier_assigned", "picked_up", "in_transit"}.__contains__
    assert life_of(Fault.LOST_PARCEL, knows) == ("courier_assigned", "picked_up", "in_transit")
    assert life_of(Fault.LOST_PARCEL, lambda _: True) == LIVES[Fault.LOST_PARCEL]
    assert life_of(Fault.FALSE_PICKUP, knows) is None


def test_what_will_be_taken_back_is_not_in_earnest() -> None:
    life = LIVES[Fault.FALSE_PICKUP]
    assert not in_earnest(life, life[:2])
    assert in_earnest(life, life[:5])
    assert in_earnest((), ("picked_up",))


@pytest.mark.parametrize("spec", ["gremlins", "drop:often", "drop#many", "drop::"])
def test_what_is_not_understood_is_named(spec: str) -> None:
    with pytest.raises(ValueError, match="unknown fault"):
        Faults(spec, 1)
