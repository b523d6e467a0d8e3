"""Events are facts with a time zone, survive JSON, and keep people out of `repr`."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from courier.vocabulary import CourierEvent, EventKind, Recipient, from_json
from tests.courier.builders import event, reversal


@pytest.mark.parametrize(
    "e",
    [
        event(EventKind.PICKED_UP, detail="已收寄", place="广州市", courier_name="李师傅", courier_phone="13900000000"),
        event(EventKind.DELIVERED_UNCONFIRMED, recipient=Recipient.LOCKER),
        reversal(EventKind.DELIVERED, 5, reverses_code="704"),
        event(EventKind.ALIAS, new_waybill="1200000000002", order_id=""),
    ],
)
def test_an_event_comes_back_from_json_as_it_was(e: CourierEvent) -> None:
    assert from_json(e.to_json()) == e


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        CourierEvent(EventKind.INFO, datetime(2026, 1, 5, 9, 0), "ems", "1")


def test_times_are_kept_in_utc() -> None:
    beijing = timezone(timedelta(hours=8))
    e = CourierEvent(EventKind.INFO, datetime(2026, 1, 5, 9, 0, tzinfo=beijing), "ems", "1")
    assert e.at == datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
    assert e.at.tzinfo is UTC


def test_only_a_reversal_says_what_it_reverses() -> None:
    with pytest.raises(ValueError, match="reversal"):
        event(EventKind.REVERSAL)
    with pytest.raises(ValueError, match="reversal"):
        event(EventKind.PICKED_UP, reverses=EventKind.BOOKED)


def test_the_same_waybill_at_another_time_or_with_another_code_is_another_fact() -> None:
    keys = {
        event(EventKind.IN_TRANSIT, 1).unique_key,
        event(EventKind.IN_TRANSIT, 2).unique_key,
        event(EventKind.IN_TRANSIT, 1, code="389").unique_key,
    }
    assert len(keys) == 3


def test_people_stay_out_of_repr() -> None:
    shown = repr(
        event(EventKind.COURIER_ASSIGNED, courier_name="李师傅", courier_phone="13900000000", detail="李师傅来")
    )
    assert "李师傅" not in shown
    assert "13900000000" not in shown
