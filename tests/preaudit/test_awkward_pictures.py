"""What people send instead of a good photograph, each with what they are told. Every picture is made by tests/specimens:
drawn people and papers, photographed by the program. One of each sort is kept: `test_bad_input.py`."""

from collections.abc import Callable

import pytest
from PIL import Image

from cases.findings import Finding, FindingCode, Severity
from cases.readings import Reading
from preaudit.judge import judge, page_findings
from preaudit.reading import Reader
from tests.preaudit.builders import TODAY, item, material, raw_material
from tests.specimens import Level, invent, photograph
from tests.specimens.applications import front_fields
from tests.specimens.awkward import empty_sheet, in_traditional, landscape, mirrored, with_hand
from tests.specimens.cards import id_card_back, id_card_front
from tests.specimens.pdfs import scanned_pdf
from tests.specimens.people import Person

PERSON = invent(5)
FRONT = material("id_front", "id_card_front", checks=["id_number_valid", "name_plausible"])
MINORITY = next(person for person in map(invent, range(400)) if "·" in person.name)


def read(reader: Reader, data: bytes) -> Reading:
    (reading,) = reader.read(data, name="page", document="id_card_front")
    return reading


def told(reading: Reading) -> list[Finding]:
    return list(page_findings(FRONT, reading, TODAY))


def values(reading: Reading) -> dict[str, str]:
    return {name: field.value for name, field in reading.fields.items()}


@pytest.mark.parametrize("card", [id_card_front, id_card_back], ids=["front", "back"])
@pytest.mark.parametrize("turn", [0, 90])
def test_a_mirrored_picture_is_told_as_mirrored(
    reader: Reader, card: Callable[[Person], Image.Image], turn: int
) -> None:
    reading = read(reader, mirrored(photograph(card(PERSON), Level.PHONE, 5, turn=turn)))
    (finding,) = told(reading)
    assert (finding.code, finding.severity) == (FindingCode.UNREADABLE, Severity.FIXABLE)
    assert "镜像" in finding.message


@pytest.mark.parametrize("seed", [5, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in (6, 7))])
@pytest.mark.parametrize(("start", "end"), [(0.1, 0.95), (0.75, 1.0), (0.4, 0.55), (0.0, 0.12), (0.9, 1.0)])
def test_a_number_under_a_thumb_is_never_certain_and_wrong(reader: Reader, seed: int, start: float, end: float) -> None:
    person = invent(seed)
    reading = read(reader, photograph(with_hand(id_card_front(person), start, end, seed), Level.PHONE, seed))
    certain = {name: field.value for name, field in reading.fields.items() if field.certain}
    assert "id_number" not in certain
    assert certain == {name: front_fields(person)[name] for name in certain}
    judged = {f.code for f in _as_submitted(reading)}
    assert judged & {FindingCode.FIELD_MISSING, FindingCode.FIELD_DOUBTFUL, FindingCode.ID_NUMBER_INVALID}


def _as_submitted(reading: Reading) -> tuple[Finding, ...]:
    from_item = item(materials=[raw_material("id_front", "id_card_front", checks=["id_number_valid"])], cross_checks=[])
    return judge(from_item, {}, {}, {"id_front": [reading]}, today=TODAY).findings


@pytest.mark.parametrize(("printed", "value"), [("漢", "汉"), ("滿", "满"), ("維吾爾", "维吾尔")])
def test_a_nationality_in_traditional_characters_is_folded(reader: Reader, printed: str, value: str) -> None:
    reading = read(reader, photograph(in_traditional(PERSON, printed), Level.PHONE, 5))
    assert values(reading) == front_fields(PERSON) | {"ethnicity": value}


@pytest.mark.parametrize("level", [Level.SCAN, Level.PHONE])
def test_a_name_with_a_dot_is_read_with_its_dot(reader: Reader, level: Level) -> None:
    field = read(reader, photograph(id_card_front(MINORITY), level, 5)).fields["name"]
    assert "·" in field.value
    assert len(field.value) == len(MINORITY.name)
    assert field.value == MINORITY.name or not field.certain


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(lambda: photograph(empty_sheet(), Level.SCAN, 5), id="scan"),
        pytest.param(lambda: scanned_pdf(empty_sheet()), id="pdf"),
    ],
)
def test_an_empty_page_is_told_as_empty(reader: Reader, made: Callable[[], bytes]) -> None:
    (finding,) = told(read(reader, made()))
    assert (finding.code, finding.message) == (FindingCode.UNREADABLE, "这一页是空白的")


def test_a_burnt_out_card_is_not_called_an_empty_page(reader: Reader) -> None:
    reading = read(reader, photograph(id_card_front(PERSON), Level.PHONE, 5, light=4.5))
    assert "blank" not in reading.marks
    assert told(reading)


@pytest.mark.parametrize("seed", [3, 4])
def test_a_landscape_is_not_a_document(reader: Reader, seed: int) -> None:
    (finding,) = told(read(reader, landscape(seed)))
    assert finding.code in (FindingCode.UNREADABLE, FindingCode.WRONG_DOCUMENT)
    assert "空白" not in finding.message
