"""Who is who across papers: certain, doubtful, cannot tell."""

import pytest

from cases.findings import FindingCode
from cases.readings import Confirmed
from preaudit.checks.people import owners
from preaudit.judge import Verdict
from tests.preaudit.applications import Application
from tests.preaudit.applications_of_families import BIRTH_TO_COME, BORN, BORN_UNMARRIED, POOR
from tests.preaudit.applications_of_trades import OWN_SHOP, SALE
from tests.preaudit.builders import reading, said, seen, weak
from tests.preaudit.papers import MAN, SELLER, STRANGER, WOMAN, card, deed, marriage


def places(made: Application) -> list[tuple[str, str | None, str | None]]:
    return [(str(f.code), f.material, f.field) for f in made.judged().findings]


def test_the_couple_of_the_certificate_in_either_order_is_the_couple_of_the_cards() -> None:
    turned = BIRTH_TO_COME.having(marriage_certificate=marriage(WOMAN, MAN))
    assert turned.judged().verdict is Verdict.PASSED


def test_a_certificate_that_names_another_goes_to_a_person_where_it_does() -> None:
    made = BIRTH_TO_COME.having(marriage_certificate=marriage(MAN, STRANGER))
    assert places(made) == [("mismatch", "marriage_certificate", "id_number_2")]
    (finding,) = made.judged().findings
    assert said([finding]) == [("mismatch", "doubtful")]
    assert finding.box is not None


def test_where_only_the_name_differs_it_points_at_the_name() -> None:
    made = BIRTH_TO_COME.reading_as("marriage_certificate", name_1="王小朋")
    assert places(made) == [("mismatch", "marriage_certificate", "name_1")]


def test_a_certificate_that_was_not_read_cannot_be_told() -> None:
    unread = reading(
        "marriage_certificate", {"certificate_number": "J440105-2012-000123", "registered_on": "2012-05-20"}
    )
    found = BIRTH_TO_COME.having(marriage_certificate=unread).judged()
    assert found.verdict is Verdict.REVIEW
    assert {str(f.code) for f in found.findings} == {"field_missing"}


def test_cards_and_certificate_confirm_each_other_however_weakly_they_were_read() -> None:
    made = BIRTH_TO_COME.reading_as("marriage_certificate", id_number_2=weak(WOMAN.number), name_2=weak(WOMAN.name))
    assert made.reading_as("spouse_id_front", name=weak(WOMAN.name)).judged().verdict is Verdict.PASSED


def test_a_blurred_certificate_is_left_to_that_finding() -> None:
    blurred = reading("marriage_certificate", problems=[FindingCode.BLURRED])
    assert places(BIRTH_TO_COME.having(marriage_certificate=blurred)) == [("blurred", "marriage_certificate", None)]


def test_the_applicant_is_one_of_the_parents() -> None:
    mother = BORN.typing(applicant_name=WOMAN.name, id_number=WOMAN.number)
    mother = mother.reading_as("application_form", applicant_name=WOMAN.name, id_number=WOMAN.number)
    assert mother.judged().verdict is Verdict.PASSED
    aunt = BORN.typing(id_number=STRANGER.number).reading_as("application_form", id_number=STRANGER.number)
    assert places(aunt) == [("mismatch", None, "form.id_number")]


def test_a_parent_whose_card_is_still_missing_may_be_the_applicant() -> None:
    assert places(BORN.having(father_id_front=())) == [("missing_material", "father_id_front", None)]


def test_one_of_cannot_tell_where_a_card_was_not_read() -> None:
    unread = BORN.having(father_id_front=reading("id_card_front", {"name": MAN.name, "sex": "男"}))
    assert {c for c, _, _ in places(unread)} == {"field_missing"}


def test_a_father_whom_the_answers_leave_out_is_not_among_them() -> None:
    father = BORN_UNMARRIED.typing(id_number=MAN.number, applicant_name=MAN.name)
    father = father.reading_as("application_form", applicant_name=MAN.name, id_number=MAN.number)
    assert places(father) == [("mismatch", None, "form.id_number")]


def test_everybody_in_the_register_is_confirmed_by_it_and_a_stranger_is_named_by_page() -> None:
    weakly = POOR.reading_as("members_id_front", id_number=weak(MAN.number), name=weak(MAN.name))
    assert weakly.judged().verdict is Verdict.PASSED
    cards = (*POOR.pages["members_id_front"][:1], card(STRANGER))
    found = [f for f in POOR.having(members_id_front=cards).judged().findings if f.field == "id_number"]
    assert [(f.material, f.page) for f in found] == [("members_id_front", 2)]


def test_a_register_nobody_could_read_cannot_be_told() -> None:
    unread = (POOR.pages["household_register"][0], *[reading("household_register_member", {})] * 3)
    assert {c for c, _, _ in places(POOR.having(household_register=unread))} == {"field_missing"}


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("王小明", {"王小明"}),
        ("王小明、李小红", {"王小明", "李小红"}),
        ("王小明，李小红", {"王小明", "李小红"}),
        ("王小明 李小红", {"王小明", "李小红"}),
        ("阿依古丽•买买提/王小明", {"阿依古丽·买买提", "王小明"}),
    ],
)
def test_owners_are_printed_in_many_ways(printed: str, names: set[str]) -> None:
    assert owners(printed) == names


def test_all_owners_sell_and_nobody_else_does() -> None:
    alone = SALE.having(property_certificate=deed(SELLER))
    assert places(alone) == [("mismatch", "property_certificate", "owner")]
    three = SALE.having(property_certificate=deed(SELLER, WOMAN, STRANGER))
    assert places(three) == [("mismatch", "property_certificate", "owner")]
    unread = SALE.having(property_certificate=reading("property_certificate", {}))
    assert "field_missing" in {c for c, _, _ in places(unread)}


def test_one_owner_among_several_may_open_a_shop_there() -> None:
    assert OWN_SHOP.judged().verdict is Verdict.PASSED
    assert places(OWN_SHOP.having(own_certificate=deed(STRANGER))) == [("mismatch", "own_certificate", "owner")]


def test_backs_that_are_missing_are_the_residents_to_add() -> None:
    made = POOR.having(members_id_back=POOR.pages["members_id_back"][:1])
    assert said(made.judged().findings) == [("missing_page", "fixable")]
    assert made.judged().verdict is Verdict.RETURNED


def test_where_readers_disagree_about_a_person_nothing_passes() -> None:
    torn = seen("李小江", Confirmed.DISAGREEMENT, other=WOMAN.name)
    made = BIRTH_TO_COME.reading_as("spouse_id_front", name=torn)
    assert made.judged().verdict is Verdict.REVIEW
