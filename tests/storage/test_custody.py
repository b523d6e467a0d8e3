"""Papers across cases, on both databases: labels, transfers, incidents, what is late."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from cases.actions import incidents, packing, receiving, settling, transferring
from cases.actions.packing import PackedLine, Packing
from cases.actions.settling import Settling
from cases.actions.transferring import Found, Offer
from cases.custody import Received
from cases.errors import NotFound
from cases.incidents import Settlement
from cases.lifecycle import IncidentEvent, IncidentState, LegState
from cases.model import Direction, Holder
from storage import migrate
from storage.actors import Scope
from storage.custody import cases_with_late_papers
from storage.session import Database
from storage.tables import hand_overs
from storage.vault import SealBroken
from tests.storage.kept import KeptWorld

ALL = Scope.everything()
OTHERS = Scope.of_staff("s1", frozenset({"zjj"}))


def short(database: Database) -> KeptWorld:
    """Packed with two papers, opened with one; every step kept and compared."""
    world = KeptWorld(database)
    world.at = datetime.now(UTC)
    world.to_passed()
    lines = (PackedLine("id_front", condition="worn", note="折角"), PackedLine("form"))
    world.apply(packing.pack(world.file, Direction.COLLECTION, Packing("FQ001", lines), world.now))
    world.apply(packing.photograph(world.file, Direction.COLLECTION, "b" * 64, "b" * 64, world.now))
    booking = world.booked(Direction.COLLECTION)
    world.track(booking, LegState.PICKED_UP).track(booking, LegState.DELIVERED)
    received = [Received("id_front", 1, "worn")]
    world.apply(receiving.receive_originals(world.file, received, "FQ001", world.now))
    return world


def test_a_whole_incident_is_kept_as_it_was_meant(database: Database) -> None:
    world = short(database)
    number = world.file.open_incidents[0].id
    world.apply(incidents.step(world.file, number, IncidentEvent.ASK_RESIDENT, "在您手中吗？", world.now))
    world.apply(incidents.answer(world.file, number, Settlement.RESENT, "在家", world.now))
    world.apply(incidents.confirm_loss(world.file, number, "途中遗失", world.now))
    world.apply(settling.settle(world.file, number, Settling(Settlement.RESENT, "补办后补寄"), world.now))
    assert [o.key for o in world.kept().originals] == ["id_front", "form", "form~2"]


def test_a_transfer_is_kept_and_listed_for_who_has_to_answer(database: Database) -> None:
    world = KeptWorld(database)
    world.to_processing()
    world.apply(transferring.offer(world.file, Offer(("id_front",), Holder.OFFICE, "rsj"), world.now))
    with database.reading() as tx:
        (waiting,) = tx.transfers_open(ALL, Holder.DEPARTMENT, "rsj")
        assert (waiting.number, waiting.item_name) == (world.number, "社会保障卡补领")
        assert tx.transfers_open(ALL, Holder.DEPARTMENT, "gaj") == []
        assert tx.transfers_open(ALL, Holder.OFFICE) == []
        assert tx.transfers_open(OTHERS, Holder.DEPARTMENT, "rsj") == []
    world.apply(transferring.acknowledge(world.file, waiting.transfer.id, Found(note="齐"), world.now))
    assert world.kept().original("id_front").department == "rsj"


def test_a_label_finds_its_paper_or_its_envelope_for_who_may_see_the_case(database: Database) -> None:
    world = KeptWorld(database)
    world.to_passed()
    paper, parcel = world.file.originals[0], world.file.parcels[0]
    with database.reading() as tx:
        assert tx.by_label(paper.label or "", ALL).original == paper
        assert tx.by_label(parcel.label, ALL).parcel == parcel
        for code, scope in ((parcel.label, OTHERS), ("ZTP0000000000000", ALL)):
            with pytest.raises(NotFound):
                tx.by_label(code, scope)


def test_open_incidents_are_listed_by_urgency_and_owner_within_the_scope(database: Database) -> None:
    world = short(database)
    with database.reading() as tx:
        assert [i.number for i in tx.incidents_open(ALL)] == [world.number]
        assert tx.incidents_open(ALL, "supervisor") == []
        assert tx.incidents_open(OTHERS) == []


def test_what_is_late_is_found_once(database: Database) -> None:
    world = short(database)
    later = world.at + timedelta(days=8)
    with database.reading() as tx:
        assert cases_with_late_papers(tx, tx.now()) == []
        assert cases_with_late_papers(tx, later) == [world.number]
    world.at = later
    world.apply(incidents.on_incident_deadline(world.file, world.now))
    with database.reading() as tx:
        assert cases_with_late_papers(tx, later + timedelta(days=30)) == []


def test_an_offer_that_nobody_answered_is_found_until_it_is_an_incident(database: Database) -> None:
    world = KeptWorld(database)
    world.to_processing()
    world.apply(transferring.offer(world.file, Offer(("form",), Holder.OFFICE, "rsj"), world.now))
    world.wait(days=5)
    with database.reading() as tx:
        assert cases_with_late_papers(tx, world.at) == [world.number]
    world.apply(incidents.on_incident_deadline(world.file, world.now))
    with database.reading() as tx:
        assert cases_with_late_papers(tx, world.at) == []


def test_where_a_courier_was_and_what_was_found_is_sealed(database: Database) -> None:
    world = short(database)
    with database.transaction() as tx:
        rows = tx.all(hand_overs.select().where(hand_overs.c.case_number == world.number))
        assert all(isinstance(row.place, bytes | None) and isinstance(row.found, bytes | None) for row in rows)
        assert any(row.place for row in rows)
        tx.execute(update(hand_overs).values(place=rows[-1].found))
    with pytest.raises(SealBroken):
        world.kept()


def test_incidents_of_before_belong_to_the_office_and_are_due_at_once(database: Database) -> None:
    """Back to the schema without owners, and forward again, with rows in it."""
    world = short(database)
    before = world.file.open_incidents[0]
    migrate.downgrade(database.settings, "0004")
    migrate.upgrade(database.settings)
    kept = world.kept()
    (incident,) = kept.open_incidents
    assert (incident.id, incident.kind, incident.state) == (before.id, before.kind, IncidentState.OPEN)
    assert (incident.owner, incident.due_at, incident.keys) == ("intake", before.opened_at, ())
    assert (kept.parcels, len(kept.hand_overs)) == ((), len(world.file.hand_overs))
    assert {o.label for o in kept.originals} == {None}
    world.file = kept
    world.apply(settling.settle(world.file, incident.id, Settling(Settlement.FOUND, "已找到"), world.now))
