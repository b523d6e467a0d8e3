"""Many cases at once: what is loaded and what comes of it are what one after the other would have been."""

from collections.abc import Callable

import pytest

from cases.actions.carrying import Tracked, record_tracking
from cases.effects import Fact, Outcome
from cases.errors import Conflict, NotFound
from cases.lifecycle import LegState
from cases.model import CaseFile, Direction
from storage import audit
from storage.actors import Actor
from storage.session import Database
from storage.statistics import keeping
from storage.together import CARRIED, Change, apply_all, carried_files
from storage.words import ActorKind
from tests.storage.kept import CLERK, KeptWorld, comparable

S = LegState
EMS = Actor(ActorKind.PARTNER, "ems")
WAY = (S.ASSIGNED, S.PICKED_UP, S.EXCEPTION, S.DELIVERED)


def _booked(database: Database, count: int) -> list[tuple[KeptWorld, str]]:
    worlds = [KeptWorld(database, f"44010520260302{n:06d}0", check=False).to_passed() for n in range(count)]
    return [(world, world.booked(Direction.COLLECTION)) for world in worlds]  # type: ignore[misc]  # its own kind


def _tracked(file: CaseFile, booking: str, state: LegState, world: KeptWorld) -> Outcome:
    return record_tracking(file, booking, Tracked(state, world.at, True, ("waybill_changed",)), world.now)


def test_cases_are_loaded_as_far_as_their_parcels_go(plain_database: Database) -> None:
    worlds = [world for world, _ in _booked(plain_database, 2)]
    with plain_database.transaction() as tx:
        files = carried_files(tx, [world.number for world in reversed(worlds)])
        for world in worlds:
            whole, file = tx.case_file(world.number), files[world.number]
            assert (file.case, file.item) == (whole.case, whole.item)
            assert {name: getattr(file, name) for name in CARRIED} == {name: getattr(whole, name) for name in CARRIED}


LOOKS: tuple[Callable[[CaseFile], object], ...] = (
    lambda f: f.material("id_front"), lambda f: list(f.pages), lambda f: bool(f.documents), lambda f: len(f.specials),
    lambda f: f.rating is None or f.rating[0], lambda f: f.extra.get("x"), lambda f: "x" in f.transfers,
)  # fmt: skip


def test_a_part_that_was_not_loaded_is_not_taken_for_empty(plain_database: Database) -> None:
    ((world, _),) = _booked(plain_database, 1)
    with plain_database.transaction() as tx:
        file = carried_files(tx, [world.number])[world.number]
    for look in LOOKS:
        with pytest.raises((LookupError, AttributeError)):
            look(file)


def test_a_case_that_is_not_there_is_not_found(plain_database: Database) -> None:
    with plain_database.transaction() as tx, pytest.raises(NotFound):
        carried_files(tx, ["440105202603020000000"])


def test_changed_together_is_as_changed_one_after_the_other(database: Database) -> None:
    (alone, its), *others = _booked(database, 3)
    for state in WAY:
        for world, _ in ((alone, its), *others):
            world.wait(hours=1)
        alone.apply(_tracked(alone.file, its, state, alone))
        with database.transaction() as tx:
            files = carried_files(tx, [world.number for world, _ in others])
            apply_all(
                tx, [Change(w.number, _tracked(files[w.number], b, state, w), EMS) for w, b in others]
            )  # fmt: skip
        assert {world.kept().legs[0].state for world, _ in others} == {alone.kept().legs[0].state} == {state}
    expected = _shape(database, alone)
    for world, _ in others:
        assert _shape(database, world) == expected
    with database.reading() as tx:
        assert audit.verify(tx) is None
        assert keeping.drift(tx) == {}
    with database.transaction() as tx:
        assert keeping.recount_all(tx, [world.number for world, _ in others], keep=False) == 0


def _shape(database: Database, world: KeptWorld) -> object:
    """All that is alike in cases that live alike."""
    file = comparable(world.kept())
    with database.reading() as tx:
        record = [line.action for line in tx.timeline(world.number)]
        version = tx.case_version(world.number)
    papers = [(o["key"], o["holder"]) for o in file["originals"]]
    steps = [(h["giver"], h["taker"], h["at"], h["seal"]) for h in file["hand_overs"]]
    alerts = [b["alerts"] for b in file["bookings"]]
    return record, version, papers, steps, alerts, file["case"]["state"], file["legs"][0]["since"]


def test_whoever_decided_on_an_old_file_undoes_all(plain_database: Database) -> None:
    (one, its), (other, theirs) = _booked(plain_database, 2)
    late = _tracked(one.kept(), its, S.PICKED_UP, one)
    one.apply(_tracked(one.file, its, S.ASSIGNED, one))
    with pytest.raises(Conflict), plain_database.transaction() as tx:
        apply_all(tx, [Change(other.number, _tracked(other.file, theirs, S.PICKED_UP, other), EMS), Change(one.number, late, EMS)])  # fmt: skip
    assert (one.kept().legs[0].state, other.kept().legs[0].state) == (S.ASSIGNED, S.BOOKED)


def test_a_case_is_changed_once_and_never_for_staff(plain_database: Database) -> None:
    ((world, _),) = _booked(plain_database, 1)
    told = Change(world.number, (Fact("leg_moved", {}),), EMS)
    with plain_database.transaction() as tx:
        with pytest.raises(ValueError, match="one change"):
            apply_all(tx, [told, told])
        with pytest.raises(ValueError, match="one change"):
            apply_all(tx, [Change(world.number, (), CLERK)])
        with pytest.raises(NotFound):
            apply_all(tx, [Change("440105202603029999990", (), EMS)])
