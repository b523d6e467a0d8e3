"""A case comes back as it was written, is found by those who may see it, and holds no personal value in clear."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import select

from cases.actions import deciding, opening
from cases.errors import NotFound
from cases.findings import FindingCode, found
from cases.lifecycle import CaseState
from storage.actors import Scope
from storage.casefiles import check_digit, is_case_number
from storage.session import Database
from storage.tables import metadata
from tests.cases.world import ADDRESS, APPLICANT
from tests.storage.kept import KeptWorld, reading

BLURRED = found(FindingCode.BLURRED, material="id_front", page=1)


def test_a_whole_life_is_the_same_in_memory_and_in_the_database(database: Database) -> None:
    world = KeptWorld(database)
    page = world.upload("id_front")
    world.read(page, BLURRED).apply(opening.remove_page(world.file, page))
    world.to_delivered().apply(deciding.rate(world.file, 5, "快递太慢", world.now))
    assert world.kept().case.state is CaseState.DELIVERED
    assert world.kept().rating is not None


def test_a_returned_case_keeps_its_findings_and_the_notice(database: Database) -> None:
    world = KeptWorld(database)
    world.upload_and_read("id_front", "form").submit().judge("returned", BLURRED)
    kept = world.kept()
    assert kept.findings == (BLURRED,)
    assert kept.corrections[0].findings == (BLURRED,)
    assert kept.documents[0].content == world.file.documents[0].content


def test_an_unknown_number_is_not_found(database: Database) -> None:
    with database.reading() as tx, pytest.raises(NotFound):
        tx.case_file("440105202601010000011")


@pytest.mark.parametrize(
    ("scope", "sees"),
    [
        (Scope.of_person("p1"), True),
        (Scope.of_person("p2"), False),
        (Scope.of_staff("s", frozenset({"rsj"})), True),
        (Scope.of_staff("s", frozenset({"gaj"})), True),
        (Scope.of_staff("s", frozenset({"mzj"})), False),
        (Scope.of_staff("s", frozenset()), False),
        (Scope.of_staff("s", frozenset({"rsj"}), "440100"), True),
        (Scope.of_staff("s", frozenset({"rsj"}), "440300"), False),
        (Scope.everything(), True),
        (Scope(), False),
    ],
)
def test_a_case_is_seen_only_within_the_scope(database: Database, scope: Scope, sees: bool) -> None:
    world = KeptWorld(database, check=False).to_processing()
    with database.reading() as tx:
        assert tx.case_exists(world.number, scope) is sees
        if sees:
            assert tx.case_file(world.number, readable_by=scope).case.number == world.number
        else:
            with pytest.raises(NotFound):
                tx.case_file(world.number, readable_by=scope)


def test_a_department_without_a_part_in_the_case_sees_it_only_once_it_has_one(database: Database) -> None:
    world, police = KeptWorld(database, check=False), Scope.of_staff("s", frozenset({"gaj"}))
    with database.reading() as tx:
        assert not tx.case_exists(world.number, police)
    world.to_processing()
    with database.reading() as tx:
        assert tx.case_exists(world.number, police)


def test_a_resident_has_their_own_cases_newest_first(database: Database) -> None:
    first = KeptWorld(database, "440105202603020000020", check=False)
    second = KeptWorld(database, "440105202603020000039", check=False)
    KeptWorld(database, "440105202603020000048", check=False, owner="p2")
    with database.reading() as tx:
        assert [c.number for c in tx.cases_of("p1")] == [second.number, first.number]


def test_a_case_is_found_by_identity_number_and_phone_within_the_scope(database: Database) -> None:
    world = KeptWorld(database, check=False)
    with database.reading() as tx:
        assert [c.number for c in tx.cases_by_id_number(f" {APPLICANT.id_number} ", Scope.everything())] == [
            world.number
        ]
        assert [c.number for c in tx.cases_by_phone(APPLICANT.phone, Scope.everything())] == [world.number]
        assert tx.cases_by_id_number(APPLICANT.id_number, Scope.of_person("p2")) == []
        assert tx.cases_by_phone("13900000000", Scope.everything()) == []


def test_no_personal_value_stands_in_clear_in_any_table(database: Database) -> None:
    world = KeptWorld(database, check=False).to_delivered()
    world.apply(deciding.rate(world.file, 1, "谢谢陈样本", world.now))
    with database.transaction() as tx:
        tx.save_reading(world.file.pages[0].id, reading())
        tx.people.sign_in("wechat", "openid-of-chen")
    secrets = [APPLICANT.name, APPLICANT.id_number, APPLICANT.phone, ADDRESS.detail, ADDRESS.contact, "openid-of-chen"]
    with database.reading() as tx:
        for table in metadata.sorted_tables:
            shown = "\n".join(
                str(v.decode("utf-8", "replace") if isinstance(v, bytes) else v)
                for row in tx.all(select(table))
                for v in row
            )
            assert [s for s in secrets if s in shown] == [], table.name


def test_numbers_are_unique_and_checked_also_when_taken_at_once(database: Database) -> None:
    def take(_: int) -> str:
        with database.transaction() as tx:
            return tx.next_case_number("440105", date(2026, 3, 2))

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(take, range(40)))
    assert len(set(numbers)) == 40
    assert all(n.startswith("44010520260302") and is_case_number(n) for n in numbers)


def test_a_mistyped_number_is_known_to_be_wrong() -> None:
    body = "44010520260302000123"
    number = body + check_digit(body)
    assert is_case_number(number)
    wrong = [number[:i] + d + number[i + 1 :] for i in range(21) for d in "0123456789" if d != number[i]]
    swapped = [
        number[:i] + number[i + 1] + number[i] + number[i + 2 :] for i in range(20) if number[i] != number[i + 1]
    ]
    assert not any(map(is_case_number, [*wrong, *swapped]))


def test_pages_documents_bookings_and_assignments_lead_to_their_case(database: Database) -> None:
    world = KeptWorld(database, check=False).to_concluded()
    with database.reading() as tx:
        assert tx.page(world.file.pages[0].id) == (world.number, world.file.pages[0])
        assert tx.document(world.file.documents[0].id)[0] == world.number
        assert tx.booking(world.file.bookings[0].id) == (world.number, world.file.bookings[0])
        assert tx.assignment(world.file.assignments[0].id) == (world.number, world.file.assignments[0])
        with pytest.raises(NotFound):
            tx.page("nothing")
