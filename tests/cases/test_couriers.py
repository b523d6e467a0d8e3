"""Who may carry a leg, who takes over, and what a booking keeps of the item's terms."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cases.actions import ordering, troubles
from cases.actions.ordering import BookingRequest, Instead
from cases.actions.sweeping import on_no_show
from cases.couriers import Ability, Offer, Task, Unable, instead, proof_of, ranked, task_of, tried, why_unable
from cases.effects import JobKind, Notify
from cases.errors import Conflict, InvalidRequest
from cases.items import CourierTerms, PaidBy
from cases.lifecycle import BookingState, LegState
from cases.model import Booking, Direction, Proof, Window
from tests.cases.world import ADDRESS, MONDAY, World, item

C, D = Direction.COLLECTION, Direction.DELIVERY
ALL = Ability(frozenset((d, p) for d in Direction for p in PaidBy), True, True, True)
NONE = Ability(frozenset((d, PaidBy.OFFICE) for d in Direction), False, False, False)


# ── who can ──


@pytest.mark.parametrize(
    ("name", "ability", "task", "lacks"),
    [
        ("ems", NONE, Task(C, CourierTerms()), None),
        ("ems", NONE, Task(D, CourierTerms(delivery=PaidBy.RESIDENT)), Unable.PAYER),
        ("ems", NONE, Task(C, CourierTerms(delivery=PaidBy.RESIDENT)), None),
        ("ems", NONE, Task(C, CourierTerms(declared_value_fen=1)), Unable.VALUE),
        ("ems", NONE, Task(D, CourierTerms(addressee_only=True)), Unable.ADDRESSEE),
        ("ems", NONE, Task(C, CourierTerms(addressee_only=True)), None),
        ("grid", NONE, Task(D, CourierTerms(), ("courier",)), Unable.WAY),
        ("grid", NONE, Task(D, CourierTerms(), ("courier", "grid")), None),
        ("sf", NONE, Task(D, CourierTerms(), ("courier",)), None),
        ("sf", ALL, Task(D, CourierTerms(PaidBy.RESIDENT, PaidBy.RESIDENT, 100, True)), None),
    ],
)
def test_a_partner_must_do_all_that_the_item_asks(name: str, ability: Ability, task: Task, lacks: Any) -> None:
    assert why_unable(name, ability, task) is lacks


def test_a_number_proves_only_a_person_and_a_code_comes_first() -> None:
    by_number = replace(ALL, tells_code=False)
    person, firm = Task(D, CourierTerms(addressee_only=True)), Task(D, CourierTerms(addressee_only=True), (), False)
    assert (proof_of(ALL, person), proof_of(by_number, person)) == (Proof.CODE, Proof.IDENTITY)
    assert why_unable("sf", by_number, firm) is Unable.ADDRESSEE


def test_the_regions_list_comes_first_and_whoever_did_not_come_last() -> None:
    assert ranked(["sf", "ems", "jdl"], ["ems", "sf"]) == ["sf", "ems"]
    assert ranked([], ["ems", "sf"]) == ["ems", "sf"]
    assert ranked(["nobody"], ["ems", "sf"]) == ["ems", "sf"]
    assert ranked(["sf", "ems"], ["ems", "sf"], {"sf"}) == ["ems", "sf"]


# ── who takes over ──


def window(hours: float, long: float = 2) -> Window:
    return Window(MONDAY + timedelta(hours=hours), MONDAY + timedelta(hours=hours + long))


def offer(partner: str, hours: float, **more: Any) -> Offer:
    return Offer(partner, window(hours), window(hours).start - timedelta(minutes=30), **more)


def test_the_same_window_is_preferred_then_the_next_and_none_that_is_a_day_off() -> None:
    wanted = window(4)
    assert instead([offer("sf", 2), offer("sf", 4), offer("sf", 6)], wanted, {"ems"}) == offer("sf", 4)
    assert instead([offer("sf", 2), offer("sf", 6), offer("sf", 5)], wanted, {"ems"}) == offer("sf", 5)
    assert instead([offer("sf", 2), offer("sf", 29)], wanted, {"ems"}) is None
    assert instead([offer("ems", 4)], wanted, {"ems"}) is None


def test_the_preferred_partner_takes_over_even_where_another_has_the_very_window() -> None:
    assert instead([offer("sf", 6), offer("jdl", 4)], window(4), {"ems"}) == offer("sf", 6)


def refused(world: World, other: Offer | None, reason: str = "超出范围") -> Booking:
    """The newest booking is refused; the one after that, or itself."""
    stand_in = Instead(other, world.now) if other else None
    world.apply(ordering.record_refused(world.file, world.file.bookings[-1].id, reason, stand_in))
    return world.file.bookings[-1]


def test_a_refused_booking_is_handed_on_with_a_new_order_id_and_the_resident_is_told() -> None:
    world = World().to_passed()
    world.book(C)
    first = world.file.bookings[0]
    second = refused(world, Offer("sf", first.window, first.window.start))
    assert (second.partner, second.attempt, second.instead_of) == ("sf", 2, first.id)
    assert (second.window, second.address) == (first.window, first.address)
    assert second.order_id != first.order_id
    assert world.file.live_booking(first.leg) == second
    assert world.asked_for(JobKind.COURIER_BOOK)[-1].subject == second.id
    told = {"direction": "collection", "partner": "sf", "window_moved": False}
    assert world.notices[-1] == Notify("courier_changed", told)


def test_a_third_partner_takes_over_from_the_second_and_the_first_is_not_asked_again() -> None:
    world = World().to_passed()
    world.book(C)
    second = refused(world, offer("sf", 3))
    assert tried(world.file, second) == {"ems", "sf"}
    third = refused(world, offer("jdl", 5))
    assert tried(world.file, third) == {"ems", "sf", "jdl"}
    assert world.notices[-1].data["window_moved"] is True


def test_without_another_partner_the_resident_chooses_again() -> None:
    world = World().to_passed()
    world.book(C)
    assert refused(world, None).state is BookingState.REFUSED
    assert world.notices[-1].template == "courier_refused"
    world.book(C)


def test_nobody_takes_over_when_the_papers_came_another_way_or_the_window_has_gone() -> None:
    world = World().to_passed()
    world.book(C)
    world.apply(ordering.record_unknown(world.file, world.file.bookings[0].id, "timeout", world.now))
    world.count(id_front=1, form=1)
    assert refused(world, offer("sf", 3)).partner == "ems"
    late = World().to_passed()
    late.book(C)
    late.wait(hours=9)
    assert refused(late, offer("sf", 3)).partner == "ems"


def test_an_order_denied_twice_is_handed_on_and_denied_once_is_not() -> None:
    world = World().to_passed()
    first = world.book(C)
    world.apply(ordering.record_unknown(world.file, first, "timeout", world.now))
    other = Instead(offer("sf", 3), world.now)
    world.apply(ordering.record_not_found(world.file, first, world.now, other))
    assert len(world.file.bookings) == 1, "its outcome is still unknown"
    world.apply(ordering.record_not_found(world.file, first, world.now, other))
    assert [b.state for b in world.file.bookings] == [BookingState.VOID, BookingState.REQUESTED]


# ── what the item asks ──

TERMS = {"payer": {"delivery": "resident"}, "declared_value_fen": 20000, "addressee_only": True}


def deed() -> World:
    return World(item(courier=TERMS)).to_concluded()


def asks(world: World, direction: Direction, proof: Proof | None, **address: str) -> Booking:
    asked = BookingRequest(direction, "ems", world.window(), replace(ADDRESS, **address), proof=proof)
    world.apply(ordering.book(world.file, asked, world.now))
    return world.file.bookings[-1]


def test_the_terms_of_the_item_are_kept_with_the_booking() -> None:
    booking = asks(deed(), D, Proof.CODE)
    assert (booking.payer, booking.declared_value_fen, booking.proof) == (PaidBy.RESIDENT, 20000, Proof.CODE)
    assert booking.safety_code is not None
    assert (len(booking.safety_code), booking.safety_code.isdigit()) == (6, True)


def test_every_booking_has_a_code_of_its_own_and_only_where_one_is_told() -> None:
    world = deed()
    first = asks(world, D, Proof.CODE)
    other = Offer("sf", first.window, first.window.start, Proof.IDENTITY)
    by_number = refused(world, other)
    assert (by_number.proof, by_number.safety_code) == (Proof.IDENTITY, None)
    again = refused(world, Offer("grid", first.window, first.window.start, Proof.CODE))
    assert again.safety_code != first.safety_code


def test_on_the_way_in_nobody_is_asked_for_a_code() -> None:
    booking = asks(World(item(courier=TERMS)).to_passed(), C, None)
    assert (booking.proof, booking.safety_code, booking.payer) == (None, None, PaidBy.OFFICE)


def test_what_is_for_the_applicant_alone_goes_neither_to_another_nor_by_whom_cannot_prove_it() -> None:
    world = deed()
    with pytest.raises(InvalidRequest, match="申请人本人"):
        asks(world, D, Proof.CODE, contact="别人")
    with pytest.raises(InvalidRequest, match="不能确认是您本人收的"):
        asks(world, D, None)


def test_the_code_is_in_no_notice_no_record_and_no_printed_value() -> None:
    world = deed()
    booking = asks(world, D, Proof.CODE)
    assert booking.safety_code is not None
    assert booking.safety_code not in repr(booking)
    assert booking.safety_code not in repr([*world.facts, *world.notices, *world.jobs])


# ── the partner's own window ──


def test_a_window_that_the_partner_names_stands_beside_the_one_asked_for() -> None:
    world = World().to_passed()
    asked = BookingRequest(C, "sf", window(4), ADDRESS, cancel_by=window(4).start - timedelta(minutes=30))
    world.apply(ordering.book(world.file, asked, world.now))
    booking = world.file.bookings[-1].id
    world.apply(ordering.record_booked(world.file, booking, "SF1", world.now))
    world.apply(ordering.record_appointed(world.file, booking, window(8)))
    kept = world.file.booking(booking)
    assert kept is not None
    assert (kept.window, kept.confirmed_window, kept.expected) == (window(4), window(8), window(8))
    assert kept.cancel_by == window(8).start - timedelta(minutes=30)
    assert world.notices[-1].template == "courier_window_moved"
    assert ordering.record_appointed(world.file, booking, window(8)) == (), "said again, it is no news"
    assert task_of(world.file, C).payer is PaidBy.OFFICE


def test_nobody_came_counts_from_the_window_that_the_partner_named() -> None:
    world = World().to_passed()
    booking = world.booked(C)
    asked_until = world.file.bookings[-1].window.end
    later = Window(asked_until + timedelta(hours=1), asked_until + timedelta(hours=3))
    world.apply(ordering.record_appointed(world.file, booking, later))
    world.at = asked_until + timedelta(minutes=45)
    assert on_no_show(world.file, world.now) == ()
    with pytest.raises(Conflict, match="还没有结束"):
        ordering.nobody_came(world.file, booking, world.now, said_by="resident")
    world.at = later.end + ordering.NO_SHOW_GRACE
    world.apply(on_no_show(world.file, world.now))
    assert world.file.leg(C).state is LegState.PICKUP_FAILED
    world.booked(C)


def test_a_box_is_given_until_the_next_days_round() -> None:
    """What a resident puts in at nine in the evening and does not announce is found in the morning."""
    world = World().to_passed()
    booking = world.book(C, "drop_box")
    world.apply(ordering.record_booked(world.file, booking, "D1", world.now))
    world.at = world.file.bookings[-1].window.end + timedelta(hours=13)
    assert on_no_show(world.file, world.now) == ()
    world.at += timedelta(hours=1)
    world.apply(on_no_show(world.file, world.now))
    assert world.file.leg(C).state is LegState.PICKUP_FAILED


# ── what a person settles ──


def unknown() -> tuple[World, str]:
    world = World().to_passed()
    booking = world.book(C)
    world.apply(ordering.record_unknown(world.file, booking, "no_query", world.now))
    world.wait(hours=1).apply(ordering.record_unknown(world.file, booking, "no_query", world.now))
    return world, booking


def settled(world: World, booking: str) -> tuple[BookingState, tuple[str, ...]]:
    kept = world.file.booking(booking)
    assert kept is not None
    return kept.state, troubles.open_alerts(kept)


def test_an_order_that_stands_by_telephone_is_booked_and_its_history_asked_for() -> None:
    world, booking = unknown()
    assert settled(world, booking) == (BookingState.UNKNOWN, ("outcome_unknown",))
    world.apply(troubles.settle_exists(world.file, booking, "1234567890123", "11183 李女士，已接单", world.now))
    assert settled(world, booking) == (BookingState.BOOKED, ())
    assert world.asked_for(JobKind.COURIER_FIND)[-1].dedupe == f"trace:{booking}"
    assert "李女士" not in repr(world.facts)


def test_an_order_that_does_not_exist_by_telephone_frees_the_leg() -> None:
    world, booking = unknown()
    world.apply(troubles.settle_void(world.file, booking, "11183：没有该订单"))
    assert settled(world, booking) == (BookingState.VOID, ())
    assert world.notices[-1].template == "courier_refused"
    world.book(C)


def test_only_an_unknown_outcome_is_settled_and_only_with_a_note_and_a_plain_number() -> None:
    world, booking = unknown()
    for waybill, note in (("", "问过"), ("12 34", "问过"), ("X" * 41, "问过"), ("123", "  ")):
        with pytest.raises(InvalidRequest):
            troubles.settle_exists(world.file, booking, waybill, note, world.now)
    with pytest.raises(InvalidRequest):
        troubles.settle_void(world.file, booking, "")
    with pytest.raises(Conflict):
        troubles.close_alerts(world.file, booking, ["outcome_unknown"], "看过了")
    world.apply(troubles.settle_void(world.file, booking, "没有"))
    with pytest.raises(Conflict):
        troubles.settle_void(world.file, booking, "没有")


def test_an_alert_that_was_dealt_with_leaves_and_does_not_come_back_by_being_said_again() -> None:
    world = World().to_passed()
    booking = world.booked(C)
    world.track(booking, LegState.PICKED_UP, alerts=["unknown_code"])
    assert settled(world, booking)[1] == ("unknown_code",)
    world.apply(troubles.close_alerts(world.file, booking, ["unknown_code"], "已问"))
    world.track(booking, LegState.IN_TRANSIT, alerts=["unknown_code", "waybill_changed"])
    assert settled(world, booking)[1] == ("waybill_changed",)
    with pytest.raises(Conflict):
        troubles.close_alerts(world.file, booking, ["unknown_code"], "再问")
