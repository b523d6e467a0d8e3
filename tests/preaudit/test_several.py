"""Several documents in one picture. Every picture is drawn and photographed by tests/specimens."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

import pytest
from PIL import Image

from cases.findings import FindingCode
from cases.readings import QualityProblem, Reading, documents_on, reading_from_json, reading_to_json
from preaudit.judge import judge, page_findings
from preaudit.reading import Reader
from preaudit.shared_pages import own_documents
from tests.preaudit.builders import TODAY, item, raw_material
from tests.specimens import Level, invent, photograph
from tests.specimens.applications import back_page, front_page
from tests.specimens.cards import id_card_back, id_card_front
from tests.specimens.people import Person
from tests.specimens.sheets import beside, crossed_out, photocopy

SIDES = item(
    materials=[
        raw_material("id_front", "id_card_front", checks=["id_number_valid", "name_plausible"]),
        raw_material("id_back", "id_card_back", checks=["validity_span_plausible", "authority_plausible"]),
    ],
    cross_checks=[],
)


def shot(paper: Image.Image, level: Level = Level.PHONE) -> bytes:
    return photograph(paper, level, 5, megapixels=5)


@cache
def both_sides(person: Person, level: Level = Level.PHONE, head_to_foot: bool = False) -> bytes:
    return shot(photocopy([id_card_front(person), id_card_back(person)], head_to_foot=head_to_foot), level)


@cache
def front_alone(person: Person) -> bytes:
    return shot(id_card_front(person))


def read(reader: Reader, data: bytes, document: str | None = None) -> Reading:
    (reading,) = reader.read(data, name="both.jpg", document=document)
    return reading


def said(reading: Reading) -> dict[str, dict[str, str]]:
    return {d.kind: {name: field.value for name, field in d.fields.items()} for d in documents_on(reading)}


def judged(readings: Mapping[str, Sequence[Reading]], person: Person) -> list[tuple[str, str | None]]:
    form = {"applicant_name": person.name, "id_number": person.id_number}
    made = judge(SIDES, {}, form, readings, today=TODAY)
    return [(str(f.code), f.material) for f in made.findings]


def truth(person: Person) -> dict[str, dict[str, str]]:
    pages = (front_page(person, 1, Level.SCAN, 0.1), back_page(person, 1, Level.SCAN, 0.1))
    return {page.kind: dict(page.fields) for page in pages}


@pytest.mark.parametrize("level", [Level.SCAN, Level.PHONE])
@pytest.mark.parametrize("head_to_foot", [False, True])
def test_both_sides_on_one_photocopy_are_read_each_for_itself(reader: Reader, level: Level, head_to_foot: bool) -> None:
    person = invent(5)
    reading = read(reader, both_sides(person, level, head_to_foot))
    assert said(reading) == truth(person)


@pytest.mark.parametrize("seed", [5, 9])
def test_a_front_head_to_foot_whose_labels_are_stamped_across_is_known_by_its_number(reader: Reader, seed: int) -> None:
    person = invent(seed)
    reading = read(
        reader, shot(photocopy([id_card_back(person), crossed_out(id_card_front(person))], head_to_foot=True))
    )
    documents = {document.kind: document for document in documents_on(reading)}
    assert set(documents) == {"id_card_front", "id_card_back"}
    assert documents["id_card_front"].fields["id_number"].value == person.id_number


def test_the_side_that_was_asked_for_stands_in_front_and_the_other_has_its_place(reader: Reader) -> None:
    reading = read(reader, both_sides(invent(5)), document="id_card_back")
    assert reading.kind == "id_card_back"
    (also,) = reading.marks["also"]
    assert also["kind"] == "id_card_front"
    lower, upper = reading.marks["box"], also["box"]
    assert upper[2][1] < lower[0][1]
    assert all(0 <= x <= reading.width and 0 <= y <= reading.height for box in (lower, upper) for x, y in box)


def test_cards_of_two_people_beside_each_other_are_told_apart(reader: Reader) -> None:
    people = [invent(5), invent(8)]
    reading = read(reader, shot(beside([id_card_front(person) for person in people])))
    numbers = {d.fields["name"].value: d.fields["id_number"].value for d in documents_on(reading)}
    assert numbers == {person.name: person.id_number for person in people}


def test_one_card_is_one_document(reader: Reader) -> None:
    reading = read(reader, front_alone(invent(5)))
    assert "also" not in reading.marks
    assert documents_on(reading) == (reading,)


def test_a_shared_page_survives_its_json(reader: Reader) -> None:
    reading = read(reader, both_sides(invent(5)))
    again = reading_from_json(json.loads(json.dumps(reading_to_json(reading))))
    assert said(again) == said(reading)
    assert own_documents(SIDES.materials[1], again, {})[0].kind == "id_card_back"


def test_each_document_has_only_its_own_lines(reader: Reader) -> None:
    front, back = documents_on(read(reader, both_sides(invent(5))))
    assert "公民身份号码" in "".join(line.text for line in front.lines)
    assert "签发机关" not in "".join(line.text for line in front.lines)
    assert "签发机关" in "".join(line.text for line in back.lines)


def test_the_page_of_the_front_that_also_shows_the_back_is_all_that_is_needed(reader: Reader) -> None:
    person = invent(5)
    reading = read(reader, both_sides(person), document="id_card_front")
    assert judged({"id_front": [reading]}, person) == []
    assert judged({"id_back": [reading]}, person) == []
    assert page_findings(SIDES.materials[1], reading, TODAY) == ()


def test_the_same_photocopy_uploaded_for_either_side_is_right_for_both(reader: Reader) -> None:
    person = invent(5)
    reading = read(reader, both_sides(person), document="id_card_front")
    assert judged({"id_front": [reading], "id_back": [reading]}, person) == []


def test_a_side_that_is_nowhere_is_still_missing(reader: Reader) -> None:
    person = invent(5)
    reading = read(reader, front_alone(person))
    assert judged({"id_front": [reading]}, person) == [("missing_material", "id_back")]
    assert judged({"id_back": [reading]}, person) == [("missing_material", "id_front"), ("wrong_side", "id_back")]


def test_of_two_peoples_cards_on_one_page_the_applicants_is_judged(reader: Reader) -> None:
    people = [invent(5), invent(8)]
    reading = read(reader, shot(photocopy([id_card_front(person) for person in people])))
    for person in people:
        form = {"applicant_name": person.name, "id_number": person.id_number}
        (mine,) = own_documents(SIDES.materials[0], reading, form)
        assert mine.fields["id_number"].value == person.id_number


def test_a_poor_page_is_told_as_poor_for_every_document_on_it(reader: Reader) -> None:
    person = invent(5)
    reading = read(reader, both_sides(person))
    spoilt = replace(reading, problems=(QualityProblem(FindingCode.BLURRED, 0.1, 0.2),))
    assert {code for code, _ in judged({"id_front": [spoilt]}, person)} == {"blurred"}
