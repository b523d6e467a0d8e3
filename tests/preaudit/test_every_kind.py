"""Every kind of the contract, photographed: its kind, its fields to the letter, and nothing certain that is wrong."""

from functools import cache

import pytest

from cases.readings import Confirmed, Reading
from preaudit.documents import FIELDS
from preaudit.kinds import all_kinds
from preaudit.reading import Reader
from tests.specimens import Level, SpecimenPage
from tests.specimens.kinds import DRAWN, KINDS, LOOKALIKES
from tests.specimens.kinds import specimen as drawn

specimen = cache(drawn)
"""Drawn once for all tests."""
WITH_FIELDS = [kind for kind in DRAWN if FIELDS[kind]]
PROVEN = {
    "business_licence": "credit_code",
    "vehicle_licence": "vin",
    "bank_card": "card_number",
    "driving_licence": "licence_number",
    "marriage_certificate": "id_number_2",
}
"""Numbers that their check digit proves."""
PORTRAITS = [(0, "red"), (1, "blue"), (4, "white")]


def read(reader: Reader, page: SpecimenPage, hint: str | None = None) -> Reading:
    (reading,) = reader.read(page.data, name=page.filename, document=hint)
    return reading


def values(reading: Reading) -> dict[str, str]:
    return {name: field.value for name, field in reading.fields.items()}


def test_every_kind_of_the_contract_is_described_and_can_be_drawn() -> None:
    assert set(all_kinds()) == set(FIELDS) == set(KINDS)
    for kind, spec in all_kinds().items():
        assert tuple(field.name for field in spec.fields) == FIELDS[kind]


@pytest.mark.parametrize(
    ("level", "seed"),
    [
        (Level.PHONE, 2),
        pytest.param(Level.SCAN, 1, marks=pytest.mark.thorough),
        pytest.param(Level.PHONE, 3, marks=pytest.mark.thorough),
    ],
)
@pytest.mark.parametrize("kind", WITH_FIELDS)
def test_every_field_of_every_kind_is_read_to_the_letter(reader: Reader, kind: str, level: Level, seed: int) -> None:
    page = specimen(kind, seed, level)
    reading = read(reader, page)
    assert reading.kind == kind
    assert values(reading) == dict(page.fields)
    assert reading.acceptable
    if kind in PROVEN and seed == 2:
        assert reading.fields[PROVEN[kind]].confirmed is Confirmed.CHECKSUM


@pytest.mark.parametrize("kind", ["contract", "other_paper"])
@pytest.mark.parametrize(("level", "seed"), [(Level.PHONE, 5), pytest.param(Level.SCAN, 4, marks=pytest.mark.thorough)])
def test_papers_without_fields_are_known_for_what_they_are(reader: Reader, kind: str, level: Level, seed: int) -> None:
    reading = read(reader, specimen(kind, seed, level))
    assert (reading.kind, reading.acceptable) == (kind, True)


@pytest.mark.parametrize(("seed", "ground"), PORTRAITS)
def test_a_portrait_photograph_is_known_without_any_text(reader: Reader, seed: int, ground: str) -> None:
    reading = read(reader, specimen("portrait", seed, Level.SCAN))
    assert (reading.kind, reading.acceptable) == ("portrait", True)
    assert reading.marks["portrait"]["ground"] == ground
    assert reading.marks["portrait"]["faces"] == "unchecked"


def test_a_mortgage_is_no_certificate_of_title(reader: Reader) -> None:
    page = specimen("mortgage_certificate", 3)
    assert "mortgage_certificate" in LOOKALIKES
    for hint in (None, "property_certificate"):
        assert read(reader, page, hint).kind == "other_paper"


@pytest.mark.parametrize("looked_at_above", [True, pytest.param(False, marks=pytest.mark.thorough)])
@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("driving_licence", "vehicle_licence"),
        ("vehicle_licence", "driving_licence"),
        ("household_register_head", "household_register_member"),
        ("household_register_member", "household_register_head"),
        ("id_card_front", "driving_licence"),
        ("id_card_front", "household_register_member"),
        ("id_card_front", "other_paper"),
        ("other_paper", "birth_certificate"),
        ("contract", "business_licence"),
        ("property_certificate", "contract"),
    ],
)
def test_what_is_asked_for_does_not_change_what_is_shown(
    reader: Reader, asked: str, shown: str, looked_at_above: bool
) -> None:
    page = specimen(shown, 2 if shown in WITH_FIELDS else 5, Level.PHONE)
    assert read(reader, page if looked_at_above else specimen(shown, 6, Level.SCAN), asked).kind == shown
