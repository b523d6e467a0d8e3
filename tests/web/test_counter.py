"""Over the counter: brought by the resident, fetched by the resident, and proof of being the one."""

import pytest

from cases.effects import Put
from cases.lifecycle import CaseState, LegState
from cases.model import Booking, Direction, Holder, Proof
from storage.blobs import blobs_from
from storage.in_house import WRONG_PROOFS_MAX
from storage.session import Database
from storage.words import Role
from tests.web.in_house import ID_TAIL, Town, make_town
from tests.web.world import unique


@pytest.fixture
def town(database: Database) -> Town:
    return make_town(database, blobs_from(database.settings))


@pytest.fixture
def plain_town(plain_database: Database) -> Town:
    return make_town(plain_database, blobs_from(plain_database.settings))


def hand(town: Town, code: str | None, action: str, status: int = 200, **more: str) -> str:
    """The outcome, or why not."""
    body = {"transaction_id": unique(), "code": code, "action": action, **more}
    answer = town.desk().post("/desk/api/counter", status, **body)
    town.works()
    return str(answer["outcome"] if status == 200 else answer["error"]["details"].get("outcome", ""))


def to_fetch(town: Town) -> tuple[str, Booking]:
    me = town.resident()
    no = town.concluded(me)
    return no, town.booked(me, no, "counter", Direction.DELIVERY)


def test_what_the_resident_brings_is_recorded_with_who_took_it_and_where(town: Town) -> None:
    me = town.resident()
    no = town.passed(me)
    booking = town.booked(me, no, "counter")
    assert hand(town, booking.waybill, "brought") == "accepted"
    assert town.leg(no).state is LegState.DELIVERED
    (step,) = town.chain(no)
    assert (step.giver, step.place) == (Holder.RESIDENT, "政务服务中心窗口")
    assert step.by.startswith("counter:")
    lines = [{"key": o.key, "copies": o.copies} for o in town.file(no).originals]
    town.desk().post(f"/desk/api/cases/{no}/originals", received=lines)
    assert {o.holder for o in town.file(no).originals} == {Holder.OFFICE}


def test_the_result_is_handed_to_whoever_proves_to_be_the_applicant(town: Town) -> None:
    no, booking = to_fetch(town)
    assert hand(town, booking.waybill, "handed_out", 409) == "proof_needed"
    assert hand(town, booking.waybill, "handed_out", 409, proof="0000") == "wrong_proof"
    assert town.leg(no, Direction.DELIVERY).state is LegState.BOOKED
    assert hand(town, booking.waybill, "handed_out", proof=ID_TAIL) == "accepted"
    assert town.leg(no, Direction.DELIVERY).state is LegState.HANDED_OVER
    assert town.file(no).case.state is CaseState.DELIVERED
    last = town.chain(no)[-1]
    assert (last.taker, last.by.partition(":")[0]) == (Holder.RESIDENT, "counter")


@pytest.mark.parametrize("proof", ["482913", ID_TAIL])
def test_the_code_of_the_booking_proves_it_as_well_as_the_card(plain_town: Town, proof: str) -> None:
    no, booking = to_fetch(plain_town)
    asked = {"proof": Proof.CODE, "safety_code": "482913"}
    plain_town.decide(no, lambda _f, _n: (Put("booking", booking.id, asked),))
    assert hand(plain_town, booking.waybill, "handed_out", 409, proof="482914") == "wrong_proof"
    assert hand(plain_town, booking.waybill, "handed_out", proof=proof) == "accepted"


def test_wrong_digits_are_counted_also_when_they_are_refused(plain_town: Town) -> None:
    no, booking = to_fetch(plain_town)
    for n in range(WRONG_PROOFS_MAX - 1):
        assert hand(plain_town, booking.waybill, "handed_out", 409, proof=f"700{n}") == "wrong_proof"
    assert hand(plain_town, booking.waybill, "handed_out", 409, proof="7009") == "locked"
    assert hand(plain_town, booking.waybill, "handed_out", 409, proof=ID_TAIL) == "locked"
    assert plain_town.leg(no, Direction.DELIVERY).state is LegState.BOOKED


def test_somebody_else_fetches_only_what_need_not_be_handed_to_the_addressee(plain_town: Town) -> None:
    no, booking = to_fetch(plain_town)
    assert hand(plain_town, booking.waybill, "handed_out", recipient="other", note="配偶代领") == "accepted"
    leg = plain_town.leg(no, Direction.DELIVERY)
    assert (leg.state, leg.confirmed) == (LegState.DELIVERED, False)


def test_the_wrong_way_and_the_wrong_envelope_are_refused(plain_town: Town) -> None:
    me = plain_town.resident()
    no = plain_town.passed(me)
    booking = plain_town.booked(me, no, "counter")
    assert hand(plain_town, booking.waybill, "handed_out", 409, proof=ID_TAIL) == "not_this_way"
    hand(plain_town, "C0000000000000", "brought", 404)
    other = plain_town.passed(me)
    hand(plain_town, other, "brought", 409)
    grid = plain_town.booked(me, other, "grid")
    hand(plain_town, grid.waybill, "brought", 409)
    assert plain_town.leg(other).state is LegState.BOOKED


def test_the_same_hand_over_twice_is_one(plain_town: Town) -> None:
    me = plain_town.resident()
    no = plain_town.passed(me)
    booking = plain_town.booked(me, no, "counter")
    body = {"transaction_id": unique(), "code": booking.waybill, "action": "brought"}
    desk = plain_town.desk()
    once, twice = (desk.post("/desk/api/counter", **body) for _ in range(2))
    assert once == twice
    plain_town.works()
    assert len(plain_town.chain(no)) == 1


def test_another_departments_counter_does_not_know_the_case(plain_town: Town) -> None:
    _, booking = to_fetch(plain_town)
    other = plain_town.system(Role.INTAKE, departments=("mzj",))
    body = {"transaction_id": unique(), "code": booking.waybill, "action": "handed_out", "proof": ID_TAIL}
    other.post("/desk/api/counter", 404, **body)
