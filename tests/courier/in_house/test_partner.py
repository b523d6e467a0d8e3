"""The grid worker, the drop box and the counter, as partners: numbers at once, no second order, nothing from outside."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.lifecycle import LegState
from courier.fold import Alert, fold
from courier.in_house.codes import is_number
from courier.in_house.partner import InHousePartner
from courier.in_house.scans import Scanned, event_of, raw_of, same_scan
from courier.in_house.units import Scan
from courier.port import (
    Address,
    Booked,
    Cancelled,
    Concerns,
    Contact,
    Covered,
    NotCovered,
    NotFound,
    Partner,
    Push,
    PushRejected,
    PushUnreadable,
    RefusedByPartner,
    TooLate,
    Unknown,
)
from courier.registry import hook_opens, partners
from courier.settings import CourierSettings, SettingsWrong, from_mapping
from courier.vocabulary import CourierEvent, EventKind, Recipient, from_json
from courier.windows import offer
from tests.courier.builders import order

AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
NAMES = ("grid", "drop_box", "counter")
HERE = Contact("张小明", "13800000001", Address("广东省", "广州市", "海珠区", "样本路1号"))
OFFICE = Contact("窗口", "020", Address("广东省", "广州市", "海珠区", "宝岗大道1号"))
FAR = Contact("李四", "13800000002", Address("广东省", "广州市", "天河区", "样本路2号"))


def settings(**changes: str) -> CourierSettings:
    given = {"ZEROTRIP_COURIERS": "grid,drop_box,counter", "ZEROTRIP_GRID_AREAS": "hz:海珠区"}
    return from_mapping(given | changes)


class Kept:
    """A journal in memory: what the doors would have kept, read as the worker reads it."""

    def __init__(self) -> None:
        self.events: list[CourierEvent] = []

    def __call__(self, partner: str, waybill: str) -> Iterable[Mapping[str, Any]]:
        return [e.to_json() for e in self.events if (e.partner, e.waybill) == (partner, waybill)]


def partner(name: str, journal: Kept | None = None) -> InHousePartner:
    built = partners(settings(), journal or Kept())[name]
    assert isinstance(built, InHousePartner)
    return built


def scan(name: str, event: Scan, minute: int = 0, /, **more: Any) -> Scanned:
    waybill = partner(name).waybill_of("ZT1")
    key = more.pop("key", f"{event}-{minute}")
    return Scanned(key, name, event, waybill, "ZT1", AT + timedelta(minutes=minute), by="staff-1", **more)


def events(name: str, *scans: Scanned) -> list[CourierEvent]:
    return [event_of(raw_of(s), name) for s in scans]


@pytest.mark.parametrize("name", NAMES)
def test_a_booking_has_its_number_at_once_and_always_the_same(name: str) -> None:
    asked = order("ZT1", sender=HERE, receiver=OFFICE)
    booked = partner(name).book(asked)
    assert isinstance(booked, Booked)
    assert is_number(booked.waybill)
    assert partner(name).book(asked) == booked == partner(name).find("ZT1")
    assert partner(name).book(replace(asked, order_id="ZT2")) != booked
    assert partner(name).find("") == NotFound()


def test_no_two_carriers_share_a_number() -> None:
    numbers = {partner(name).waybill_of("ZT1") for name in NAMES}
    assert {n[0] for n in numbers} == {"G", "D", "C"}


@pytest.mark.parametrize("ends", [(HERE, FAR), (FAR, OFFICE)])
def test_a_grid_worker_does_not_leave_the_area(ends: tuple[Contact, Contact]) -> None:
    answer = partner("grid").book(order(sender=ends[0], receiver=ends[1]))
    assert answer == RefusedByPartner("outside", "不在服务范围内", Concerns.ADDRESS)
    assert partner("grid").covers(FAR.address) == NotCovered("outside", "不在服务范围内")
    assert partner("grid").covers(HERE.address) == Covered()


def test_a_grid_worker_does_not_carry_to_another_district() -> None:
    built = partners(settings(ZEROTRIP_GRID_AREAS="hz:海珠区;th:天河区"))["grid"]
    assert built.covers(FAR.address) == Covered()
    assert isinstance(built.book(order(sender=FAR, receiver=OFFICE)), RefusedByPartner)


@pytest.mark.parametrize("name", ["drop_box", "counter"])
def test_whoever_comes_may_come_from_anywhere(name: str) -> None:
    assert partner(name).covers(FAR.address) == Covered()


def test_a_grid_without_areas_is_a_fault_of_the_settings() -> None:
    with pytest.raises(SettingsWrong, match=r"^ZEROTRIP_GRID_AREAS"):
        from_mapping({"ZEROTRIP_COURIERS": "grid"})
    with pytest.raises(SettingsWrong, match=r"^ZEROTRIP_GRID_AREAS"):
        settings(ZEROTRIP_GRID_AREAS="海珠区")


@pytest.mark.parametrize("name", NAMES)
def test_it_is_a_partner_and_takes_nothing_from_outside(name: str) -> None:
    built: Partner = partner(name)
    assert built.name == name
    raw = raw_of(scan(name, Scan.ARRIVED))
    refused = built.verify_push(raw, {}, "application/json")
    assert isinstance(refused, PushRejected)
    assert built.answer_push(refused, kept=False).status == 403
    for secret in ("", "0123456789abcdef"):
        assert not hook_opens(settings(), name, secret)


@pytest.mark.parametrize("name", NAMES)
def test_windows_are_offered_for_days_ahead(name: str) -> None:
    morning = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)  # a Monday, 8:00 in Beijing
    windows = offer(partner(name).hours, morning, 7)
    assert windows
    assert all(w.cancel_by <= w.end for w in windows)


def test_a_grid_worker_comes_in_the_evening_and_on_sunday() -> None:
    labels = [w.label() for w in offer(partner("grid").hours, AT, 7)]
    assert "1月5日（周一）18:30–20:30" in labels
    assert any("周日" in label for label in labels)


def test_a_box_is_open_all_day_and_today_until_the_evening() -> None:
    hours = partner("drop_box").hours
    at_seven = datetime(2026, 1, 5, 11, 0, tzinfo=UTC)
    assert offer(hours, at_seven, 1)[0].label() == "1月5日（周一）06:00–22:00"
    assert offer(hours, at_seven + timedelta(hours=2), 1) == ()


def test_what_was_picked_up_is_not_cancelled() -> None:
    kept = Kept()
    grid = partner("grid", kept)
    waybill = grid.waybill_of("ZT1")
    assert grid.cancel("ZT1", waybill, "") == Cancelled() == grid.cancel("ZT1", waybill, "")
    kept.events += events("grid", scan("grid", Scan.PICKUP_FAILED))
    assert grid.cancel("ZT1", waybill, "") == Cancelled()
    kept.events += events("grid", scan("grid", Scan.PICKED_UP, 5))
    assert isinstance(grid.cancel("ZT1", waybill, ""), TooLate)
    assert isinstance(grid.cancel("ZT2", waybill, ""), Unknown)


def test_the_trace_is_what_was_scanned() -> None:
    kept = Kept()
    kept.events += events("grid", scan("grid", Scan.PICKED_UP))
    grid = partner("grid", kept)
    assert grid.trace(grid.waybill_of("ZT1")) == tuple(kept.events)
    assert grid.trace("other") == ()


def test_a_scan_is_read_as_it_was_made() -> None:
    made = scan("grid", Scan.PICKED_UP, name="王网格", place="赤岗", note="门卫代开门", recipient=None)
    (event,) = partner("grid").parse_push(Push("grid", "x", raw_of(made)))
    assert (event.kind, event.at, event.by, event.place) == (EventKind.PICKED_UP, AT, "staff-1", "赤岗")
    assert (event.waybill, event.order_id, event.courier_name, event.detail) == (
        made.waybill,
        "ZT1",
        "王网格",
        "门卫代开门",
    )
    assert len(event.unique_key) <= 128
    assert from_json(event.to_json()) == event
    assert "王网格" not in repr(event)


@pytest.mark.parametrize(
    ("recipient", "kind", "confirmed"),
    [
        (Recipient.SELF, EventKind.DELIVERED, True),
        (None, EventKind.DELIVERED, True),
        (Recipient.OTHER_PERSON, EventKind.DELIVERED_UNCONFIRMED, False),
        (Recipient.LOCKER, EventKind.DELIVERED_UNCONFIRMED, False),
    ],
)
def test_other_hands_are_not_the_addressees(recipient: Recipient | None, kind: EventKind, confirmed: bool) -> None:
    told = events("grid", scan("grid", Scan.DELIVERED, recipient=recipient))
    assert told[0].kind is kind
    assert (fold(told).state, fold(told).confirmed) == (LegState.DELIVERED, confirmed)


def test_a_word_of_another_carrier_moves_nothing_and_is_kept() -> None:
    (event,) = events("counter", scan("counter", Scan.DROPPED))
    assert (event.kind, event.code) == (EventKind.UNKNOWN, "dropped")
    assert Alert.UNKNOWN_CODE in fold([event]).alerts


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b"\xff", b'{"scan":"a","partner":"grid","waybill":"G1"}'])
def test_what_is_no_scan_is_unreadable(raw: bytes) -> None:
    with pytest.raises(PushUnreadable):
        partner("grid").parse_push(Push("grid", "x", raw))


def test_a_scan_of_another_carrier_is_unreadable() -> None:
    with pytest.raises(PushUnreadable):
        partner("counter").parse_push(Push("counter", "x", raw_of(scan("grid", Scan.PICKED_UP))))


def test_an_envelope_that_is_not_in_the_box_goes_back_to_the_resident_and_comes_again() -> None:
    asked = CourierEvent(EventKind.BOOKED, AT, "drop_box", partner("drop_box").waybill_of("ZT1"), "ZT1")
    dropped = events("drop_box", scan("drop_box", Scan.DROPPED, 1))
    missing = events("drop_box", scan("drop_box", Scan.NOT_FOUND, 60))
    found = events("drop_box", scan("drop_box", Scan.EMPTIED, 300))
    sorted_ = events("drop_box", scan("drop_box", Scan.ARRIVED, 360))
    assert fold([asked, *dropped]).state is LegState.PICKED_UP
    back = fold([asked, *dropped, *missing])
    assert (back.state, back.alerts) == (LegState.BOOKED, (Alert.PICKUP_REVERSED,))
    assert fold([asked, *dropped, *missing, *found]).state is LegState.IN_TRANSIT
    assert fold([asked, *dropped, *missing, *found, *sorted_]).state is LegState.DELIVERED


STORIES = st.lists(
    st.tuples(st.sampled_from(sorted(Scan)), st.integers(0, 5000)), min_size=1, max_size=12, unique_by=lambda s: s
)


@given(st.sampled_from(NAMES), STORIES, st.randoms())
def test_any_order_and_any_number_of_copies_of_scans_is_one_state(
    name: str, story: list[tuple[Scan, int]], chance: Any
) -> None:
    told = events(name, *(scan(name, event, minute) for event, minute in story))
    shuffled = told + chance.choices(told, k=3)
    chance.shuffle(shuffled)
    assert fold(shuffled) == fold(told)


def test_the_same_scan_is_recognised_whatever_the_order_of_its_fields() -> None:
    one = raw_of(scan("grid", Scan.PICKED_UP))
    assert same_scan(one, b" " + one)
    assert not same_scan(one, raw_of(scan("grid", Scan.PICKED_UP, 1)))
    assert not same_scan(one, b"x")


@pytest.mark.parametrize("key", ["", "x" * 65])
def test_a_scan_without_a_usable_key_is_not_made(key: str) -> None:
    with pytest.raises(ValueError):
        scan("grid", Scan.PICKED_UP, key=key)
