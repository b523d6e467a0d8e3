"""What the bench sends up to the legs moves them step by step, and what its watcher saw is told as it was."""

import secrets
from collections import Counter
from datetime import UTC, datetime

from bench import follow
from bench.follow_client import Load, Outstanding, Run, Sent, Told
from bench.parcels import WAY, Parcel, enough, seats, way_of
from bench.push_client import body_of
from courier.fold import fold
from courier.port import Push
from courier.registry import partners
from courier.sandbox.launch import new_credentials, settings

PARCEL = Parcel("440105", "leg-1", "ZT1", "W1", datetime(2026, 3, 2, 9, tzinfo=UTC).timestamp() + 0.25)


def test_every_push_moves_the_leg_to_where_its_step_says() -> None:
    credentials = new_credentials(secrets.token_bytes)
    ems = partners(settings(credentials, 1))["ems"]
    events = []
    for number, step in enumerate(WAY):
        sent = follow.push_of(PARCEL, number)
        said = ems.verify_push(body_of(credentials.sign_key, credentials.sender_no, sent.serial, sent.scan), {}, "")
        assert isinstance(said, Push)
        events += ems.parse_push(said)
        folded = fold(events)
        assert (folded.state, folded.since and folded.since.timestamp()) == (step.to, sent.at)


def test_each_parcel_goes_its_way_in_order_and_all_steps_are_under_way_at_once() -> None:
    sent = list(seats(100, 14))
    steps: dict[int, list[int]] = {}
    for parcel, step in sent:
        steps.setdefault(parcel, []).append(step)
    assert all(way == list(range(len(way))) for way in steps.values())
    assert all(len(way) == len(WAY) for parcel, way in steps.items() if parcel >= 14)
    middle = Counter(step for _, step in sent[len(sent) // 2 : len(sent) // 2 + 14 * len(WAY)])
    assert set(middle) == set(range(len(WAY)))
    assert max(middle.values()) < 2 * min(middle.values())


def test_there_are_parcels_enough_for_the_pushes() -> None:
    for pushes in (50, 700, 7000):
        made = [PARCEL] * enough(pushes, 40)
        assert len(way_of(made, 40, pushes)) == pushes


def outstanding(leg: str, at: float, due: float, *, counted: bool = True) -> Outstanding:
    return Outstanding(Sent(f"{leg}.{at}", {}, leg, at), due, counted)


def test_a_leg_that_went_on_has_shown_all_that_came_before() -> None:
    run = Run(Load(1, "/", "", "", "", 1.0, 1, 0, False, ()))
    run.outstanding = {"a": [outstanding("a", 1.0, 0.0), outstanding("a", 2.0, 0.0), outstanding("a", 9.0, 0.0)], "b": [outstanding("b", 5.0, 0.0)]}  # fmt: skip
    run.saw({"a": 2.0, "b": 4.0, "c": 1.0})
    assert len(run.told.seen) == 2
    assert [each.push.at for each in run.outstanding["a"]] == [9.0]
    run.saw({"a": 9.0, "b": 5.0})
    assert (len(run.told.seen), run.outstanding) == (4, {})


def test_what_warms_is_watched_and_not_counted() -> None:
    run = Run(Load(1, "/", "", "", "", 1.0, 1, 1, False, ()))
    run.outstanding = {"a": [outstanding("a", 1.0, 0.0, counted=False)]}
    run.saw({"a": 1.0})
    assert (run.told.seen, run.outstanding) == ([], {})


def told(seen: list[float], unseen: int = 0) -> Told:
    return Told({"200": len(seen) + unseen}, seen, seen, seen, seen[:1], unseen, 100, 1.0)


def test_a_push_that_nobody_saw_is_no_figure_and_not_met() -> None:
    bare = follow.Run("bare", 200, told([0.01]))
    assert [goal.met for goal in follow.goals(bare, follow.Run("legs", 200, told([0.1] * 99)))] == [True, True]
    assert [goal.met for goal in follow.goals(bare, follow.Run("legs", 200, told([0.3] * 99)))] == [False, True]
    assert [goal.met for goal in follow.goals(bare, follow.Run("legs", 200, told([0.1], 1)))] == [None, False]


def test_the_section_names_both_and_has_as_many_cells_as_columns() -> None:
    runs = [follow.Run(name, 200, told([0.01]), {"web": 1.0, "client": 0.5}) for name in ("bare", "legs", "idle")]
    assert len(follow.row(runs[0])) == len(follow.HEADS)
    assert len(follow.cpu_row(runs[0])) == 2 + len(follow.PARTS)
    written = follow.section(runs, 100, 30.0)
    assert "push → leg state visible, 200 a second: p99 (one row beside it: 10 ms)" in written
