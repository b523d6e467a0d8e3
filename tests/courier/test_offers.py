"""Whose windows a leg is offered: pure, with partners that are no more than hours and abilities."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cases.couriers import Task, Unable, why_unable
from cases.deadlines import Calendar
from cases.items import CourierTerms, PaidBy
from cases.model import Direction, Proof, Window
from courier import port
from courier.fake import FakePartner
from courier.kinds import kinds
from courier.offers import Circumstances, ability, appointed, left_out, offers, payer, working_days
from courier.port import CoverageCheck, Payer
from courier.registry import capabilities
from courier.vocabulary import CourierEvent, EventKind, from_json

C, D = Direction.COLLECTION, Direction.DELIVERY
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PLAIN = CourierTerms()


def partner(name: str, **can: Any) -> FakePartner:
    made = FakePartner(lambda: MONDAY, name)
    made.capabilities = replace(made.capabilities, **can)
    return made


def named(*made: FakePartner) -> dict[str, port.Partner]:
    return {p.name: p for p in made}


def at(**more: Any) -> Circumstances:
    return Circumstances(now=MONDAY, days=1, calendar=lambda _: True, **more)


def test_windows_come_partner_by_partner_and_early_ones_first() -> None:
    made = offers(named(partner("ems"), partner("sf")), Task(C, PLAIN), at(preference=("sf", "ems")))
    assert [o.partner for o in made] == sorted((o.partner for o in made), reverse=True)
    starts = [o.window.start for o in made if o.partner == "sf"]
    assert starts == sorted(starts)


def test_who_failed_this_leg_before_stands_last() -> None:
    made = offers(named(partner("ems"), partner("sf")), Task(C, PLAIN), at(failed={"ems"}))
    assert made[0].partner == "sf"


def test_evenings_and_rest_days_are_offered_where_the_partner_works_them() -> None:
    saturday = replace(at(), calendar=lambda _: False)
    working, resting = (offers(named(partner("ems")), Task(C, PLAIN), c) for c in (at(), saturday))
    assert max(o.window.end for o in working) > max(o.window.end for o in resting)


def test_the_deployments_calendar_decides_and_a_day_nobody_announced_is_not_known() -> None:
    day = MONDAY.date()
    known = working_days(Calendar({day: False}, known_until=day))
    assert (known(day), known(day + timedelta(days=1))) == (False, None)


@pytest.mark.parametrize(
    ("check", "direction", "offered"),
    [
        (CoverageCheck.BOTH, C, False),
        (CoverageCheck.BOTH, D, False),
        (CoverageCheck.PICKUP, C, False),
        (CoverageCheck.PICKUP, D, True),
    ],
)
def test_a_check_counts_only_for_what_it_answers(check: CoverageCheck, direction: Direction, offered: bool) -> None:
    partners, task, c = named(partner("ems", coverage=check)), Task(direction, PLAIN), at(covered={"ems": False})
    assert bool(offers(partners, task, c)) == offered
    assert left_out(partners, task, c) == ({} if offered else {"ems": Unable.NOT_COVERED})


def test_a_check_that_was_not_answered_leaves_the_windows_and_says_so() -> None:
    for covered, sure in (({"ems": True}, True), ({"ems": None}, False), ({}, False)):
        (*made,) = offers(named(partner("ems")), Task(C, PLAIN), at(covered=covered))
        assert {o.covered for o in made} == {sure}


def test_how_the_addressee_is_proved_comes_with_the_window() -> None:
    task = Task(D, CourierTerms(addressee_only=True))
    by_code, by_number = partner("ems"), partner("sf", safety_code=False, identity_check=True)
    neither = partner("jdl", safety_code=False)
    made = offers(named(by_code, by_number, neither), task, at())
    assert {o.partner: o.proof for o in made} == {"ems": Proof.CODE, "sf": Proof.IDENTITY}
    assert left_out(named(neither), task, at()) == {"jdl": Unable.ADDRESSEE}


def test_who_pays_stands_on_the_waybill_as_sender_or_receiver() -> None:
    assert payer(C, PaidBy.RESIDENT) is Payer.SENDER
    assert payer(D, PaidBy.RESIDENT) is Payer.RECEIVER
    assert {payer(d, PaidBy.OFFICE) for d in Direction} == {Payer.ACCOUNT}


def test_every_partner_there_is_can_carry_for_the_office_and_says_what_else_it_can() -> None:
    can = {name: ability(c) for name, c in capabilities().items()}
    assert can.keys() == kinds().keys()
    for name, able in can.items():
        assert why_unable(name, able, Task(C, PLAIN)) is None, name
    to_hand = Task(D, CourierTerms(PaidBy.RESIDENT, PaidBy.RESIDENT, 100, True))
    assert {name for name, able in can.items() if why_unable(name, able, to_hand) is None} == {"ems", "sf"}
    receiver_pays = Task(D, CourierTerms(delivery=PaidBy.RESIDENT))
    assert why_unable("kuaidi100", can["kuaidi100"], receiver_pays) is Unable.PAYER


def event(kind: EventKind, minute: int, window: tuple[int, int] | None = None) -> CourierEvent:
    times = [MONDAY + timedelta(hours=h) for h in window] if window else [None, None]
    when = MONDAY + timedelta(minutes=minute)
    return CourierEvent(kind, when, "sf", "SF1", "o", window_start=times[0], window_end=times[1])


def test_the_partner_is_held_to_the_window_it_named_last_whatever_comes_first() -> None:
    told = [
        event(EventKind.PICKUP_RESCHEDULED, 5, (6, 8)),
        event(EventKind.COURIER_ASSIGNED, 2, (2, 4)),
        event(EventKind.COURIER_ASSIGNED, 9),
        event(EventKind.PICKED_UP, 10, (9, 10)),
    ]
    assert appointed(told) == Window(MONDAY + timedelta(hours=6), MONDAY + timedelta(hours=8))
    assert appointed(told[2:]) is None
    assert [from_json(e.to_json()) for e in told] == told


@pytest.mark.parametrize("direction", [C, D])
def test_a_partner_without_a_check_is_not_offered_where_it_refused_an_order(direction: Direction) -> None:
    sf = partner("sf", coverage=CoverageCheck.NONE)
    task = Task(direction, PLAIN)
    assert offers(named(sf), task, at(covered={})) != []
    assert left_out(named(sf), task, at(covered={"sf": False})) == {"sf": Unable.NOT_COVERED}


@pytest.mark.parametrize(
    ("answer", "failure", "serves"),
    [
        (port.Unknown("timeout"), "timeout", False),
        (port.Unknown("connection", reached=False), "connection", False),
        (port.Unknown("http_502"), "http_502", False),
        (port.Unknown("partner_system"), "partner_system", False),
        (port.RefusedByPartner("http_403", "gateway"), "http_403", False),
        (port.Unknown("no_query"), None, False),
        (port.Unknown("duplicate"), None, False),
        (port.RefusedByPartner("B1", "no"), None, True),
        (port.NotFound(), None, True),
        (port.Booked("W"), None, True),
    ],
)
def test_only_silence_is_a_failure_and_only_an_answer_shows_that_a_partner_serves(
    answer: object, failure: str | None, serves: bool
) -> None:
    assert (port.failure_of(answer), port.serves(answer)) == (failure, serves)


def test_a_day_that_only_the_region_knows_of_counts_though_nobody_announced_the_year() -> None:
    day = MONDAY.date()
    assert working_days(Calendar({day: False}))(day) is False
