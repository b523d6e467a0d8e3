"""Which instant cases a person looks at, and how the share of them moves."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from cases.sampling import FLOOR, RUN, Share, after, agrees, drawn, with_floor


def _after(share: Share, *outcomes: bool, floor: float = FLOOR) -> Share:
    for agreed in outcomes:
        share = after(share, floor, agreed=agreed)
    return share


def test_the_share_of_digests_that_is_drawn_is_the_share() -> None:
    digests = [sha256(str(n).encode()).hexdigest() for n in range(4000)]
    assert abs(sum(drawn(d, 0.05) for d in digests) / 4000 - 0.05) < 0.012
    assert not any(drawn(d, 0.0) for d in digests)
    assert all(drawn(d, 1.0) for d in digests)


def test_a_case_drawn_at_a_share_is_drawn_at_every_higher_one() -> None:
    digests = [sha256(str(n).encode()).hexdigest() for n in range(500)]
    assert {d for d in digests if drawn(d, 0.1)} <= {d for d in digests if drawn(d, 0.4)}


def test_a_disagreement_doubles_the_share_up_to_everything() -> None:
    shares = [_after(Share(FLOOR), *[False] * n).share for n in range(7)]
    assert shares == [0.05, 0.1, 0.2, 0.4, 0.8, 1.0, 1.0]


def test_a_run_of_agreements_halves_it_down_to_the_floor() -> None:
    high = Share(0.4)
    assert _after(high, *[True] * (RUN - 1)) == Share(0.4, RUN - 1)
    assert _after(high, *[True] * RUN) == Share(0.2)
    assert _after(high, *[True] * RUN * 5) == Share(FLOOR, RUN)
    assert _after(high, *[True] * (RUN - 1), False) == Share(0.8)


def test_distrust_begins_also_where_nothing_was_looked_at() -> None:
    assert after(Share(0.0), 0.0, agreed=False).share == 2 * FLOOR


@given(st.lists(st.booleans(), max_size=200), st.floats(0, 1))
def test_the_share_stays_between_the_floor_and_everything(outcomes: list[bool], floor: float) -> None:
    assert floor <= _after(Share(floor), *outcomes, floor=floor).share <= 1


def test_a_floor_lifts_the_share_and_lowers_no_distrust() -> None:
    assert with_floor(Share(0.05, 3), 0.2) == Share(0.2)
    assert with_floor(Share(0.4, 3), 0.1) == Share(0.4, 3)


def test_agreeing_is_passing_everything_and_correcting_nothing() -> None:
    assert agrees("pass", ("accept", "accept"), 0)
    assert not agrees("pass", (), 1)
    assert not agrees("pass", ("accept", "defer"), 0)
    assert not agrees("return", (), 0)
    assert not agrees("not_accept", (), 0)
