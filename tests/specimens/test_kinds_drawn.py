"""Papers of every kind: repeatable, with numbers that pass their standards, and people who fit together."""

import pytest

from preaudit import validators
from tests.specimens.camera import Level
from tests.specimens.drawn import child_of, couple
from tests.specimens.kinds import DRAWN, KINDS, specimen


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_page(kind: str) -> None:
    one, other = (specimen(kind, 6, Level.SCAN, 0.1) for _ in range(2))
    assert (one.data, one.fields, one.kind) == (other.data, other.fields, kind)


@pytest.mark.parametrize("seed", range(12))
def test_every_number_passes_its_standard(seed: int) -> None:
    licence, car = DRAWN["business_licence"](seed).fields, DRAWN["vehicle_licence"](seed).fields
    assert validators.credit_code_valid(licence["credit_code"])
    assert validators.vin_valid(car["vin"])
    assert validators.plate_valid(car["plate"])
    assert validators.bank_card_valid(DRAWN["bank_card"](seed).fields["card_number"])
    assert validators.property_number_form(DRAWN["property_certificate"](seed).fields["certificate_number"]) == "new"
    assert len(DRAWN["property_certificate"](seed).fields["unit_number"]) == 28


@pytest.mark.parametrize("seed", range(12))
def test_a_marriage_is_of_a_man_and_a_woman_and_its_number_is_of_its_year(seed: int) -> None:
    fields = DRAWN["marriage_certificate"](seed).fields
    day = validators.parse_date(fields["registered_on"])
    assert day is not None
    assert validators.marriage_number_year_fits(fields["certificate_number"], day)
    assert {validators.sex_of(fields["id_number_1"]), validators.sex_of(fields["id_number_2"])} == {"男", "女"}
    assert fields["holder"] in {fields["name_1"], fields["name_2"]}


def test_a_child_is_born_after_its_parents_and_bears_its_father_s_name() -> None:
    father, mother = couple(4)
    child = child_of(father, 4)
    assert child.birth_date > max(father.birth_date, mother.birth_date)
    assert child.name[0] == father.name[0]
    assert validators.id_number_valid(child.id_number)
