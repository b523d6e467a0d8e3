"""The fold: any order, any copies, one answer; backwards only by a reversal."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.folding import fold_ms
from cases.lifecycle import LegState
from courier.fold import Alert, Folded, fold
from courier.vocabulary import CourierEvent, EventKind, Recipient
from tests.courier.builders import DAY, event, reversal

K = EventKind
LIFE = [K.BOOKED, K.COURIER_ASSIGNED, K.PICKED_UP, K.IN_TRANSIT, K.OUT_FOR_DELIVERY, K.DELIVERED]


def life(*kinds: EventKind) -> list[CourierEvent]:
    return [event(kind, minute) for minute, kind in enumerate(kinds)]


def test_no_events_leave_the_leg_offered() -> None:
    assert fold([]) == Folded(LegState.OFFERED, None, False, ())


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        (1, LegState.BOOKED),
        (2, LegState.ASSIGNED),
        (3, LegState.PICKED_UP),
        (4, LegState.IN_TRANSIT),
        (5, LegState.OUT_FOR_DELIVERY),
        (6, LegState.DELIVERED),
    ],
)
def test_each_step_of_an_ordinary_life_moves_the_leg(steps: int, state: LegState) -> None:
    folded = fold(life(*LIFE[:steps]))
    assert folded == Folded(state, DAY + timedelta(minutes=steps - 1), steps == 6, ())


def test_gaps_are_no_obstacle() -> None:
    assert fold(life(K.BOOKED, K.DELIVERED)).state is LegState.DELIVERED


def test_a_late_event_of_lower_rank_does_not_pull_the_leg_back() -> None:
    events = [event(K.PICKED_UP, 1), event(K.OUT_FOR_DELIVERY, 2), event(K.IN_TRANSIT, 3), event(K.BOOKED, 4)]
    assert fold(events).state is LegState.OUT_FOR_DELIVERY


def test_at_the_same_second_the_further_one_counts() -> None:
    assert fold([event(K.DELIVERED), event(K.PICKED_UP), event(K.BOOKED)]).state is LegState.DELIVERED


def test_info_and_unknown_move_nothing_and_unknown_is_reported() -> None:
    folded = fold([*life(K.BOOKED, K.PICKED_UP), event(K.INFO, 8), event(K.UNKNOWN, 9, code="999")])
    assert (folded.state, folded.alerts) == (LegState.PICKED_UP, (Alert.UNKNOWN_CODE,))


@pytest.mark.parametrize(
    ("before", "target", "after"),
    [
        ([K.BOOKED], K.PICKED_UP, LegState.BOOKED),
        ([K.BOOKED, K.PICKED_UP, K.IN_TRANSIT], K.OUT_FOR_DELIVERY, LegState.IN_TRANSIT),
        ([K.BOOKED, K.PICKED_UP, K.OUT_FOR_DELIVERY], K.DELIVERED, LegState.OUT_FOR_DELIVERY),
        ([K.BOOKED, K.PICKED_UP, K.OUT_FOR_DELIVERY], K.EXCEPTION, LegState.OUT_FOR_DELIVERY),
    ],
)
def test_a_reversal_voids_its_target_and_the_rest_is_folded_again(
    before: list[EventKind], target: EventKind, after: LegState
) -> None:
    told = life(*before, target)
    assert fold([*told, reversal(target, 30)]).state is after


def test_a_delivery_revoked_and_made_again_is_a_delivery() -> None:
    events = [*life(*LIFE), reversal(K.DELIVERED, 20), event(K.DELIVERED, 30)]
    assert fold(events) == Folded(LegState.DELIVERED, DAY + timedelta(minutes=30), True, ())


def test_a_revoked_delivery_asks_for_a_person() -> None:
    assert Alert.DELIVERY_REVERSED in fold([*life(*LIFE), reversal(K.DELIVERED, 20)]).alerts


def test_one_reversal_takes_back_a_delivery_that_two_desks_reported() -> None:
    events = [*life(*LIFE), event(K.DELIVERED, 7), event(K.DELIVERED_UNCONFIRMED, 8), reversal(K.DELIVERED, 20)]
    assert fold(events).state is LegState.OUT_FOR_DELIVERY


def test_a_reversal_that_names_a_code_voids_that_code_only() -> None:
    events = [
        *life(K.BOOKED, K.PICKED_UP),
        event(K.IN_TRANSIT, 3, code="389"),
        event(K.IN_TRANSIT, 4, code="208"),
        reversal(K.IN_TRANSIT, 5, reverses_code="208"),
    ]
    assert fold(events).since == DAY + timedelta(minutes=3)


def test_a_reversal_that_comes_before_its_target_waits_for_it() -> None:
    alone = [*life(K.BOOKED), reversal(K.PICKED_UP, 9)]
    assert fold(alone).alerts == (Alert.PICKUP_REVERSED, Alert.REVERSAL_WITHOUT_TARGET)
    assert fold([*alone, event(K.PICKED_UP, 5)]) == Folded(LegState.BOOKED, DAY, False, (Alert.PICKUP_REVERSED,))


def test_signed_by_somebody_else_is_delivered_but_unconfirmed() -> None:
    folded = fold([*life(*LIFE[:5]), event(K.DELIVERED_UNCONFIRMED, 9)])
    assert (folded.state, folded.confirmed, folded.alerts) == (
        LegState.DELIVERED,
        False,
        (Alert.RECIPIENT_UNCONFIRMED,),
    )


def test_a_parcel_in_a_locker_is_not_delivered() -> None:
    folded = fold([*life(*LIFE[:5]), event(K.AWAITING_COLLECTION, 9)])
    assert (folded.state, folded.alerts) == (LegState.OUT_FOR_DELIVERY, (Alert.AWAITING_COLLECTION,))
    again = fold([*life(*LIFE[:5]), event(K.AWAITING_COLLECTION, 9), event(K.OUT_FOR_DELIVERY, 10)])
    assert again.alerts == ()


def test_cancelled_but_moving_follows_the_parcel_and_raises_an_alert() -> None:
    after = fold([*life(K.BOOKED, K.CANCELLED), event(K.PICKED_UP, 5)])
    before = fold([*life(K.BOOKED, K.PICKED_UP), event(K.CANCELLED, 5)])
    assert after.state is before.state is LegState.PICKED_UP
    assert after.alerts == before.alerts == (Alert.CANCELLED_BUT_MOVING,)


def test_a_late_assignment_does_not_revive_a_cancelled_booking() -> None:
    assert fold([*life(K.BOOKED, K.CANCELLED), event(K.COURIER_ASSIGNED, 5)]).state is LegState.CANCELLED


def test_a_failed_pickup_may_be_followed_by_another_courier() -> None:
    failed = life(K.BOOKED, K.COURIER_ASSIGNED, K.PICKUP_FAILED)
    assert fold(failed).state is LegState.PICKUP_FAILED
    assert fold([*failed, event(K.COURIER_ASSIGNED, 5)]).state is LegState.ASSIGNED
    assert fold([*failed, event(K.PICKUP_RESCHEDULED, 5)]).state is LegState.BOOKED


def test_rescheduling_keeps_an_assigned_courier() -> None:
    assert fold(life(K.BOOKED, K.COURIER_ASSIGNED, K.PICKUP_RESCHEDULED)).state is LegState.ASSIGNED


def test_a_failed_attempt_goes_out_again() -> None:
    failed = [*life(*LIFE[:5]), event(K.EXCEPTION, 10)]
    assert fold(failed).state is LegState.EXCEPTION
    assert fold([*failed, event(K.IN_TRANSIT, 11)]).state is LegState.IN_TRANSIT
    assert fold([*failed, event(K.OUT_FOR_DELIVERY, 12), event(K.DELIVERED, 13)]).state is LegState.DELIVERED


def test_a_refused_parcel_is_refused_until_it_turns_back() -> None:
    refused = [*life(*LIFE[:5]), event(K.REFUSED, 10), event(K.IN_TRANSIT, 11), event(K.EXCEPTION, 12)]
    assert fold(refused).state is LegState.REFUSED
    assert fold([*refused, event(K.RETURNING, 13)]).state is LegState.RETURNING
    assert fold([*refused, event(K.RETURNING, 13), event(K.RETURNED, 14)]).state is LegState.RETURNED


def test_scans_on_the_way_back_are_still_the_way_back() -> None:
    back = [*life(*LIFE[:4]), event(K.RETURNING, 10), event(K.IN_TRANSIT, 11), event(K.OUT_FOR_DELIVERY, 12)]
    assert fold(back).state is LegState.RETURNING
    folded = fold([*back, event(K.DELIVERED, 13)])
    assert (folded.state, folded.alerts) == (LegState.RETURNING, (Alert.DELIVERED_WHILE_RETURNING,))


def test_what_comes_after_the_end_is_reported_and_moves_nothing() -> None:
    folded = fold([*life(*LIFE), event(K.RETURNING, 20)])
    assert (folded.state, folded.alerts) == (LegState.DELIVERED, (Alert.MOVING_AFTER_END,))


@pytest.mark.parametrize(("minute", "alerts"), [(30, ()), (180, (Alert.MOVING_AFTER_END,))])
def test_a_scan_from_the_way_soon_after_the_end_is_only_a_late_report(minute: int, alerts: tuple[Alert, ...]) -> None:
    folded = fold([*life(*LIFE), event(K.IN_TRANSIT, minute, code="late")])
    assert (folded.state, folded.alerts) == (LegState.DELIVERED, alerts)


def test_trouble_after_the_end_is_reported_at_once() -> None:
    for kind in (K.EXCEPTION, K.RETURNING, K.LOST):
        assert fold([*life(*LIFE), event(kind, 6)]).alerts == (Alert.MOVING_AFTER_END,)


def test_a_new_attempt_starts_afresh() -> None:
    first = life(K.BOOKED, K.COURIER_ASSIGNED, K.PICKUP_FAILED, K.CANCELLED)
    second = [event(K.BOOKED, 30, order_id="ZT1-2", waybill="1200000000002")]
    assert fold(first + second) == Folded(LegState.BOOKED, DAY + timedelta(minutes=30), False, ())


def test_an_earlier_attempt_that_moves_after_all_is_followed() -> None:
    first = [*life(K.BOOKED, K.CANCELLED), event(K.PICKED_UP, 40)]
    second = [event(K.BOOKED, 30, order_id="ZT1-2", waybill="1200000000002")]
    folded = fold(first + second)
    assert folded.state is LegState.PICKED_UP
    assert folded.alerts == (Alert.CANCELLED_BUT_MOVING, Alert.EARLIER_ATTEMPT_MOVING)
    assert (folded.order, fold(second).order) == ("ZT1-1", "ZT1-2")


def test_events_without_an_order_id_belong_to_the_booking_with_that_waybill() -> None:
    traced = event(K.PICKED_UP, 5, order_id="")
    assert fold([*life(K.BOOKED), traced]).state is LegState.PICKED_UP


def test_a_changed_waybill_stays_the_same_leg() -> None:
    alias = event(K.ALIAS, 3, new_waybill="1200000000009")
    moved = event(K.PICKED_UP, 5, order_id="", waybill="1200000000009")
    folded = fold([*life(K.BOOKED), alias, moved])
    assert (folded.state, folded.alerts) == (LegState.PICKED_UP, (Alert.WAYBILL_CHANGED,))


def test_the_same_fact_by_push_and_by_trace_counts_once() -> None:
    pushed = event(K.PICKED_UP, 5, unique_key="k")
    traced = event(K.PICKED_UP, 5, unique_key="k", order_id="", detail="已收寄")
    folds = {fold([event(K.BOOKED), *pair]) for pair in ([pushed, traced], [traced, pushed])}
    assert folds == {Folded(LegState.PICKED_UP, DAY + timedelta(minutes=5), False, ())}


ORDERS = ["ZT1-1", "ZT1-2", ""]


@st.composite
def histories(draw: st.DrawFn) -> list[CourierEvent]:
    told = []
    for _ in range(draw(st.integers(0, 14))):
        kind = draw(st.sampled_from(EventKind))
        more = {
            "order_id": draw(st.sampled_from(ORDERS)),
            "waybill": draw(st.sampled_from(["1", "2"])),
            "code": draw(st.sampled_from(["", "208", "704"])),
            "unique_key": draw(st.sampled_from(["", "", "", "a", "b"])),
        }
        if kind is K.REVERSAL:
            more["reverses"] = draw(st.sampled_from([K.PICKED_UP, K.IN_TRANSIT, K.DELIVERED, K.EXCEPTION]))
            more["reverses_code"] = draw(st.sampled_from(["", "208", "704"]))
        if kind is K.ALIAS:
            more["new_waybill"] = draw(st.sampled_from(["2", "3"]))
        told.append(event(kind, draw(st.integers(0, 4)), **more))
    return told


@settings(max_examples=400, deadline=None)
@given(st.data(), histories())
def test_any_permutation_with_any_duplicates_gives_the_same_state(
    data: st.DataObject, told: list[CourierEvent]
) -> None:
    copies = told + data.draw(st.lists(st.sampled_from(told), max_size=10) if told else st.just([]))
    assert fold(data.draw(st.permutations(copies))) == fold(told)


@settings(max_examples=200, deadline=None)
@given(histories())
def test_without_a_reversal_more_knowledge_of_later_events_never_moves_a_booking_back_before_pickup(
    told: list[CourierEvent],
) -> None:
    """Once picked up, no later-dated event of any kind but a reversal makes the parcel not picked up."""
    one = [event(e.kind, 0, code=f"x{i}") for i, e in enumerate(told) if e.kind not in {K.REVERSAL, K.ALIAS}]
    later = [event(e.kind, i + 1, code=e.code) for i, e in enumerate(one)]
    state = fold([event(K.BOOKED), event(K.PICKED_UP), *later]).state
    assert state not in {
        LegState.OFFERED,
        LegState.BOOKED,
        LegState.ASSIGNED,
        LegState.PICKUP_FAILED,
        LegState.CANCELLED,
    }


def test_two_hundred_events_fold_in_under_a_millisecond() -> None:
    """Processor time, and the best of twenty, because other tests share the machine. `make bench` prints it."""
    assert fold_ms(200) < 1


def test_a_parcel_left_with_somebody_else_says_with_whom() -> None:
    left = event(K.DELIVERED_UNCONFIRMED, 9, recipient=Recipient.LOCKER)
    folded = fold([*life(*LIFE[:5]), left])
    assert (folded.state, folded.confirmed, folded.recipient) == (LegState.DELIVERED, False, Recipient.LOCKER)
    assert fold([*life(*LIFE[:5]), left, event(K.DELIVERED, 10)]).recipient is None


def test_a_claim_for_a_parcel_left_with_somebody_else_makes_it_lost_but_not_one_handed_over() -> None:
    claim = event(K.LOST, 20, recipient=Recipient.CLAIM)
    left = event(K.DELIVERED_UNCONFIRMED, 9)
    assert fold([*life(*LIFE[:5]), left, claim]).state is LegState.LOST
    surely = fold([*life(*LIFE), claim])
    assert (surely.state, surely.alerts) == (LegState.DELIVERED, (Alert.MOVING_AFTER_END,))
