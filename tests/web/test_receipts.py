"""A result that somebody else signed for: the resident says whether it has come, or the desk does with its proof."""

import pytest

from cases.actions import carrying
from cases.lifecycle import LegState
from cases.model import Direction, PersonId
from storage.words import Role
from tests.storage.kept import KeptWorld
from tests.web.world import Caller, World


def _left_in_a_locker(world: World) -> tuple[Caller, str, str]:
    """A resident, their case, the booking whose parcel lies in a locker."""
    me = world.resident("li")
    with world.database.transaction() as tx:
        person, _ = tx.people.sign_in("embedded", "li")
    kept = KeptWorld(world.database, "440105202603020000029", check=False, owner=PersonId(person.id))
    kept.to_concluded()
    booking = kept.booked(Direction.DELIVERY)
    kept.track(booking, LegState.PICKED_UP)
    seen = carrying.Tracked(LegState.DELIVERED, kept.at, confirmed=False, recipient="locker")
    kept.apply(carrying.record_tracking(kept.file, booking, seen, kept.now))
    return me, kept.number, booking


def _actions(me: Caller, no: str) -> list[str]:
    return list(me.get(f"/api/v1/cases/{no}")["actions"])


def test_a_resident_is_asked_and_a_yes_completes_the_case(world: World) -> None:
    me, no, booking = _left_in_a_locker(world)
    shown = me.get(f"/api/v1/cases/{no}")
    assert (shown["legs"][-1]["confirmed"], "confirm_received" in shown["actions"]) == (False, True)
    assert shown["legs"][-1]["answer_due"] is not None
    path = f"/api/v1/cases/{no}/bookings/{booking}/received"
    said = me.post(path, received=True, transaction_id="yes")
    assert (said["state"], said["legs"][-1]["state"]) == ("delivered", "handed_over")
    assert me.post(path, received=True, transaction_id="yes") == said
    assert "confirm_received" not in _actions(me, no)
    labels = [line["label"] for line in me.get(f"/api/v1/cases/{no}/timeline")["timeline"]]
    assert "已确认本人收到" in labels


def test_a_no_is_looked_into_and_said_once(plain_world: World) -> None:
    me, no, booking = _left_in_a_locker(plain_world)
    path = f"/api/v1/cases/{no}/bookings/{booking}/received"
    assert me.post(path, received=False)["state"] == "delivering"
    assert me.post(path, 409, received=False)["error"]["code"] == "conflict"
    assert [i.kind for i in plain_world.file(no).open_incidents] == ["not_received"]


def test_the_desk_confirms_with_its_proof_and_not_without(plain_world: World) -> None:
    _, no, booking = _left_in_a_locker(plain_world)
    desk = plain_world.system(Role.INTAKE)
    path = f"/desk/api/cases/{no}/bookings/{booking}/received"
    desk.post(path, 422, received=True)
    desk.post(path, 422, received=True, proof="resident")
    assert desk.post(path, received=True, proof="call")["state"] == "delivered"


@pytest.mark.parametrize("path", ["/api/v1/cases/{no}/bookings/{booking}/received"])
def test_nobody_answers_for_somebody_else(plain_world: World, path: str) -> None:
    _, no, booking = _left_in_a_locker(plain_world)
    stranger = plain_world.resident("stranger")
    stranger.post(path.format(no=no, booking=booking), 404, received=True)
