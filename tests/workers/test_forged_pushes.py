"""Every partner's push through the courier's door and the worker behind it: forged, cut off, written otherwise or played
again, it is refused or changes nothing that a genuine one would not.

Nobody answers at the partners' addresses here, so that nothing is confirmed that a partner did not prove by itself.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from cases.deadlines import BEIJING
from cases.effects import JobKind
from cases.lifecycle import LegState
from cases.model import Direction
from courier.registry import partners
from storage.blobs import blobs_from
from storage.session import Database
from storage.settings import StorageSettings
from storage.tables import bookings
from storage.words import JobState
from tests.web.test_idor import changed, rows
from tests.web.world import make_world
from tests.workers.partner_pushes import GENUINE, SECRETS, Parcel, Sent, forged, mangled, settings
from tests.workers.room import Room
from web.app import application
from workers.actors.registry import HANDLERS
from workers.context import Context
from workers.jobs import perform

L = LegState
WAYBILL = "SF7444400031887"


class Door:
    """One case with a booking at one partner; the web application and a worker on its database."""

    def __init__(self, database: Database, folder: Path, partner: str) -> None:
        self.room = Room(database, folder)
        self.booking = self.room.world.to_passed().booked(Direction.COLLECTION)
        self.partner = partner
        with database.transaction() as tx:
            tx.execute(update(bookings).values(partner=partner, waybill=WAYBILL))
        carriers = settings()
        world = make_world(database, blobs_from(database.settings))
        self.partners = partners(carriers)
        doors = replace(world.doors, couriers=carriers, partners=self.partners)
        self.client = type(world.client)(application(doors), base_url="https://zerotrip.example")

    @property
    def parcel(self) -> Parcel:
        order = self.room.seen().file.bookings[-1].order_id
        return Parcel(WAYBILL, order, f"{self.room.world.at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}")

    @property
    def leg(self) -> LegState:
        return self.room.seen().file.legs[0].state

    def push(self, sent: Sent, secret: str | None = None, by: str | None = None) -> int:
        partner = by or self.partner
        path = f"/hooks/couriers/{partner}/{secret or SECRETS.get(partner, 'x')}"
        status = int(self.client.post(path, content=sent.raw, headers={"content-type": sent.content_type}).status_code)
        assert status < 500
        self.handle()
        return status

    def handle(self) -> None:
        """Whatever stands in the inbox, as the worker does."""
        room = self.room
        context = Context(room.database, room.blobs, self.partners, room.platform, room.context.office, room.reader)
        with room.database.reading() as tx:
            waiting = [j for j in tx.jobs.list(JobState.QUEUED, JobKind.INBOX_HANDLE) if j.attempts == 0]
        for job in waiting:
            perform(context, HANDLERS[job.kind], job.id)


@pytest.fixture
def door(sqlite_url: str, tmp_path: Path, key_file: Path) -> Callable[[str], Door]:
    database = Database(StorageSettings(sqlite_url, f"dir:{tmp_path / 'blobs'}", key_file))
    return lambda partner: Door(database, tmp_path, partner)


@pytest.fixture
def door_on_both(database: Database, tmp_path: Path) -> Callable[[str], Door]:
    return lambda partner: Door(database, tmp_path, partner)


@pytest.mark.parametrize("kind", GENUINE)
def test_a_genuine_push_moves_the_leg_once_however_often_it_comes(
    door_on_both: Callable[[str], Door], kind: str
) -> None:
    partner, make = GENUINE[kind]
    at = door_on_both(partner)
    sent = make(at.parcel, "picked_up")
    assert [at.push(sent) for _ in range(3)] == [200] * 3
    assert at.leg is L.PICKED_UP
    assert len(at.room.facts("originals_handed_over")) == 1


@pytest.mark.parametrize("kind", GENUINE)
def test_a_forged_push_delivers_nothing(door: Callable[[str], Door], kind: str) -> None:
    at = door(GENUINE[kind][0])
    for how, sent in forged(kind, at.parcel):
        at.push(sent)
        assert at.leg in {L.BOOKED, L.PICKED_UP} if how == "blocks rearranged" else at.leg is L.BOOKED, how


@pytest.mark.parametrize("kind", GENUINE)
def test_a_push_cut_off_or_written_otherwise_says_what_it_said_or_nothing(
    door: Callable[[str], Door], kind: str
) -> None:
    partner, make = GENUINE[kind]
    at = door(partner)
    for how, sent in mangled(make(at.parcel, "picked_up")):
        at.push(sent)
        assert at.leg in {L.BOOKED, L.PICKED_UP}, how
    assert at.push(make(at.parcel, "picked_up")) == 200, "the genuine one still comes through"
    assert at.leg is L.PICKED_UP
    assert len(at.room.facts("originals_handed_over")) == 1


@pytest.mark.parametrize("kind", GENUINE)
def test_an_old_push_played_again_takes_nothing_back(door: Callable[[str], Door], kind: str) -> None:
    partner, make = GENUINE[kind]
    at = door(partner)
    old = make(at.parcel, "picked_up")
    at.push(old)
    at.room.seen().track(at.booking, L.IN_TRANSIT)
    before = at.room.seen().file
    at.push(old)
    if partner == "ems":  # what stands around the seal is nobody's word
        at.push(Sent(old.raw.replace(b'"S1"', b'"S2"'), old.content_type))
    assert at.room.seen().file.originals == before.originals
    assert at.room.seen().file.bookings == before.bookings
    assert len(at.room.facts("originals_handed_over")) == 1


@pytest.mark.parametrize("kind", GENUINE)
def test_a_genuine_push_at_a_wrong_address_is_not_even_read(door: Callable[[str], Door], kind: str) -> None:
    partner, make = GENUINE[kind]
    at = door(partner)
    sent = make(at.parcel, "picked_up")
    others = [s for name, s in SECRETS.items() if name != partner]
    assert [at.push(sent, secret) for secret in ("guess", *others)] == [404] * (1 + len(others))
    assert at.leg is L.BOOKED


@pytest.mark.parametrize("owner", ["ems", "sf"])
def test_a_partner_with_his_own_key_moves_no_parcel_of_another(door: Callable[[str], Door], owner: str) -> None:
    """Whatever of the other's he names: waybill, order, or an id of ours."""
    at = door(owner)
    file, parcel = at.room.seen().file, at.parcel
    ours = (file.bookings[-1].id, file.legs[0].id, file.case.number, file.parcels[0].label)
    named = [(parcel.order, WAYBILL), ("", WAYBILL), *((one, one) for one in (parcel.order, *ours))]
    before = rows(at.room.database)
    for partner, make in (known for known in GENUINE.values() if known[0] != owner):
        for order, waybill in named:
            assert at.push(make(replace(parcel, order=order, waybill=waybill), "picked_up"), by=partner) == 200
        at.push(make(parcel, "delivered"), by=partner)
    assert at.room.seen().file == file
    assert set(changed(before, rows(at.room.database))) <= {"inbox", "jobs", "courier_events", "unknown_codes"}


@pytest.mark.parametrize("kind", GENUINE)
def test_a_partner_that_is_only_asked_has_no_door(door: Callable[[str], Door], kind: str) -> None:
    at = door("jdl")
    assert at.push(GENUINE[kind][1](at.parcel, "picked_up"), "anything") == 404
    assert at.leg is L.BOOKED
