"""What a person proved before, as it is kept, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.actions import waiving
from cases.actions.waiving import Consent
from cases.errors import Conflict, NotFound
from cases.known import Offer, papers_saved
from cases.lifecycle import MaterialState
from cases.waived import CONSENTS, WaiverSource
from storage import proofs
from storage.actors import Scope
from storage.proofs import Reach
from storage.session import Database
from tests.cases.world import APPLICANT, World
from tests.storage.kept import KeptWorld, reading

FIRST, SECOND, THIRD = "440105202603020000020", "440105202603020000039", "440105202603020000047"
MINE = Reach(Scope.of_person("p1"))
OFFER = Offer("case:x:id_front", "id_front", WaiverSource.CASE, case=FIRST, from_material="id_front", pages=("a", "b"))
ASKED = Offer("registry:id_card_front", "id_front", WaiverSource.REGISTRY, resource="id_card_front")


def used(world: KeptWorld, **changes: bool) -> str:
    consent = Consent(CONSENTS[WaiverSource.CASE].version, agreed=True)
    world.apply(waiving.use(world.file, replace(OFFER, **changes), consent, world.now))  # type: ignore[arg-type]
    return world.file.waivers[-1].id


def asked(world: KeptWorld) -> str:
    consent = Consent(CONSENTS[WaiverSource.REGISTRY].version, agreed=True)
    world.apply(waiving.ask(world.file, ASKED, consent, 0, world.now))
    return world.file.inquiries[-1].id


def test_waivers_and_inquiries_come_back_as_they_were_made(database: Database) -> None:
    """`KeptWorld` compares the file in memory with what the database gives back, after every step."""
    world = KeptWorld(database)
    used(world)
    world.apply(waiving.take_back(world.file, "id_front", world.now))
    inquiry = asked(world)
    said = waiving.Answered(waiving.Answer.PROVEN, world.now.today, "长期", "R1")
    world.apply(waiving.answered(world.file, inquiry, said, world.now))
    assert world.kept().waivers[-1].receipt == "R1"
    with database.reading() as tx:
        assert tx.inquiry(inquiry) == (world.number, world.file.inquiries[0])
        with pytest.raises(NotFound):
            tx.inquiry("nothing")


def test_what_a_waiver_was_read_to_say_is_there_as_long_as_it_is_alive(database: Database) -> None:
    world = KeptWorld(database, check=False)
    waiver = used(world)
    with database.transaction() as tx:
        tx.save_proof(waiver, [reading()])
        assert tx.proven_readings(world.number) == {"id_front": [reading()]}
    world.apply(waiving.take_back(world.file, "id_front", world.now))
    with database.reading() as tx:
        assert tx.proven_readings(world.number) == {}


def test_one_waiver_and_one_question_are_alive_for_a_material(database: Database) -> None:
    world = KeptWorld(database, check=False)
    before = world.file
    used(world)
    world.file = before
    with pytest.raises(Conflict):
        used(world)
    other = KeptWorld(database, SECOND, check=False)
    before = other.file
    asked(other)
    other.file = before
    with pytest.raises(Conflict):
        asked(other)


def test_earlier_cases_are_those_of_the_number_and_say_whether_they_are_in_reach(database: Database) -> None:
    theirs = KeptWorld(database, FIRST, check=False, owner="p2").to_passed()
    mine = KeptWorld(database, SECOND, check=False).to_passed()
    KeptWorld(database, THIRD, check=False)  # a draft proves nothing
    with database.reading() as tx:
        found = {e.file.case.number: e.reachable for e in tx.earlier_of(APPLICANT, "", MINE)}
        assert found == {theirs.number: False, mine.number: True}
        assert tx.earlier_of(APPLICANT, mine.number, MINE)[0].file.case.number == theirs.number
        by_phone = Reach(Scope.of_person("p3"), APPLICANT.phone)
        assert [e.reachable for e in tx.earlier_of(APPLICANT, "", by_phone)] == [True, True]
        stranger = replace(APPLICANT, id_number="440105199002020027")
        assert tx.earlier_of(stranger, "", MINE) == []


def test_a_proven_phone_is_the_one_of_the_code_and_no_other() -> None:
    world = World()
    assert proofs.proven_phone(world.file) is None
    for proof, phone in (({"how": "phone", "phone": "138"}, "138"), ({"how": "form", "page": "x"}, None)):
        case = replace(world.file.case, agent={"name": "李", "proof": proof})
        assert proofs.proven_phone(replace(world.file, case=case)) == phone


def test_who_asked_about_whom_is_counted_and_shown_to_whom_it_is_about(database: Database) -> None:
    one, other = KeptWorld(database, FIRST, check=False), _of_another(database)
    for world in (one, other):
        asked(world)
    since = one.at - timedelta(days=30)
    with database.reading() as tx:
        assert tx.others_asked_about("tester", APPLICANT.id_number, since) == 1
        assert tx.others_asked_about("tester", "440105199002020051", since) == 2
        assert tx.others_asked_about("somebody", APPLICANT.id_number, since) == 0
        assert tx.others_asked_about("tester", APPLICANT.id_number, one.at + timedelta(days=1)) == 0
        assert [number for number, _ in tx.inquiries_of("p1")] == [other.number, one.number]
        assert tx.inquiries_of("p9") == []
        (late, *_) = proofs.inquiries_late(tx, one.at + timedelta(seconds=1))
        assert late == (one.number, one.file.inquiries[0].id)
        assert proofs.inquiries_late(tx, since) == []


def _of_another(database: Database) -> KeptWorld:
    return KeptWorld(
        database, SECOND, check=False, applicant=replace(APPLICANT, id_number="440105199002020027")
    )  # fmt: skip


@pytest.mark.parametrize(("still_show", "saved"), [(False, 1), (True, 0)])
def test_papers_saved_are_counted_over_all_as_for_each_case(database: Database, still_show: bool, saved: int) -> None:
    world = KeptWorld(database, check=False)
    used(world, still_show=still_show)
    with database.reading() as tx:
        assert tx.statistics().papers_saved == 0
    world.upload_and_read("form").submit().judge("passed", form=MaterialState.ACCEPTED)
    assert papers_saved(world.file) == saved
    with database.reading() as tx:
        assert tx.statistics().papers_saved == saved


def test_nothing_is_left_of_an_erased_case(database: Database) -> None:
    world = KeptWorld(database, check=False)
    used(world)
    with database.transaction() as tx:
        tx.erase_pages(world.number)
        assert tx.case_file(world.number).waivers == ()
