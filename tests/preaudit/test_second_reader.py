"""The second reader: what agreement, disagreement and silence make of a field."""

import shutil

import numpy as np
import pytest

from cases.readings import Confirmed, Field
from preaudit.images.geometry import rectangle
from preaudit.kinds import all_kinds
from preaudit.second_reader import compared, second_readings
from preaudit.tesseract import Tesseract

BOX = rectangle(10, 10, 300, 40)
DEED, ELSEWHERE = "粤(2020)广州市不动产权第7551038号", "湘(2020)广州市不动产权第7551038号"
GOOD, BAD = "11010519491231002X", "11010519491231003X"


def field(value: str) -> Field:
    return Field(value, 0.9, Confirmed.ONE_READER, BOX)


@pytest.mark.parametrize(
    ("kind", "first", "second", "expected"),
    [
        ("date", "2020-01-02", "2020.01.02", ("2020-01-02", Confirmed.TWO_READERS, None)),
        ("date", "2020-01-02", "2020.01.07", ("2020-01-02", Confirmed.DISAGREEMENT, "2020-01-07")),
        ("date", "2020-01-02", "", ("2020-01-02", Confirmed.ONE_READER, None)),
        ("id_number", BAD, f"0{GOOD}", (GOOD, Confirmed.CHECKSUM, BAD)),
        ("id_number", BAD, BAD, (BAD, Confirmed.TWO_READERS, None)),
        ("name", "韦小宝", "韦小宝", ("韦小宝", Confirmed.TWO_READERS, None)),
        ("name", "韦小宝", "小宝", ("韦小宝", Confirmed.ONE_READER, None)),
        # as tesseract reads 年, 月 and 日 where only figures are allowed
        ("date", "2020-05-18", "20204-05188", ("2020-05-18", Confirmed.TWO_READERS, None)),
        ("date", "2025-12-02", "20252129020055", ("2025-12-02", Confirmed.TWO_READERS, None)),
        ("date", "2020-05-13", "20204-05188", ("2020-05-13", Confirmed.ONE_READER, None)),
        ("until", "2037-08-08", "20174080882037408088", ("2037-08-08", Confirmed.TWO_READERS, None)),
        ("property_number", DEED, "鳞-(2020)-广州市不动产权第7551038号", (DEED, Confirmed.TWO_READERS, None)),
        ("property_number", DEED, "粤-(2020)广州市不动产权第7551088号", (DEED, Confirmed.ONE_READER, None)),
        ("property_number", ELSEWHERE, "(2020)广州市不动产权第7551038号", (ELSEWHERE, Confirmed.ONE_READER, None)),
        ("text", "禾川商店", "一禾川商店-", ("禾川商店", Confirmed.TWO_READERS, None)),
        ("text", "禾川商店", "一禾州商店", ("禾川商店", Confirmed.DISAGREEMENT, "一禾州商店")),
        ("text", "禾川商店", "本", ("禾川商店", Confirmed.ONE_READER, None)),
    ],
)
def test_two_readers(kind: str, first: str, second: str, expected: tuple[str, Confirmed, str | None]) -> None:
    made = compared(kind, field(first), second)
    assert (made.value, made.confirmed, made.alternative) == expected


class Counting:
    def __init__(self) -> None:
        self.asked = 0

    def read_crop(
        self, pixels: object, alphabet: str = "", language: str = "", *, raw: bool = False
    ) -> tuple[str, float]:
        self.asked += 1
        return "2020.01.02-2040.01.02", 1.0


def test_both_ends_of_a_validity_cost_one_look_and_certain_fields_none() -> None:
    reader = Counting()
    fields = {"valid_from": field("2020-01-02"), "valid_to": field("2040-01-02")}
    made = second_readings(reader, np.zeros((60, 320, 3), np.uint8), all_kinds()["id_card_back"], fields)
    assert {f.confirmed for f in made.values()} == {Confirmed.TWO_READERS}
    second_readings(reader, np.zeros((60, 320, 3), np.uint8), all_kinds()["id_card_back"], made)
    assert reader.asked == 1


class Reading:
    """Says what each model would."""

    def __init__(self, **by_model: str) -> None:
        self.by_model, self.asked = by_model, list[tuple[str, str]]()

    def read_crop(
        self, pixels: object, alphabet: str = "", language: str = "", *, raw: bool = False
    ) -> tuple[str, float]:
        self.asked.append((language, alphabet))
        return self.by_model.get(f"{language}_raw" if raw else language, ""), 1.0


def test_a_term_without_an_end_is_read_with_the_model_that_knows_words() -> None:
    reader = Reading(eng="2020.01.02-14", chi_sim="2020.01.02-长期")
    fields = {"valid_from": field("2020-01-02"), "valid_to": field("长期")}
    made = second_readings(reader, np.zeros((60, 320, 3), np.uint8), all_kinds()["id_card_back"], fields)
    assert {f.confirmed for f in made.values()} == {Confirmed.TWO_READERS}


def test_a_date_that_its_figures_do_not_confirm_is_read_with_its_words() -> None:
    reader = Reading(eng="204-058", chi_sim="2020年5月18日")
    kind, picture = all_kinds()["marriage_certificate"], np.zeros((60, 320, 3), np.uint8)
    made = second_readings(reader, picture, kind, {"registered_on": field("2020-05-18")})
    assert made["registered_on"].confirmed is Confirmed.TWO_READERS
    other = second_readings(reader, picture, kind, {"registered_on": field("2020-05-13")})
    assert not other["registered_on"].certain


def test_a_date_among_ornament_is_read_as_a_raw_line_before_anybody_doubts_it() -> None:
    """A card as clear as can be went to a person: the engine's own search for words lost the lines behind the print."""
    reader = Reading(eng="20235.1221-2033.42.21", eng_raw="--2023.12.21-2033.12.21", chi_sim="有92本203本关2")
    picture, kind = np.zeros((60, 320, 3), np.uint8), all_kinds()["id_card_back"]
    made = second_readings(reader, picture, kind, {"valid_from": field("2023-12-21"), "valid_to": field("2033-12-21")})
    assert {f.confirmed for f in made.values()} == {Confirmed.TWO_READERS}
    wrong = second_readings(reader, picture, kind, {"valid_to": field("2038-12-21")})
    assert not wrong["valid_to"].certain


def test_tesseract_out_of_time_has_read_nothing() -> None:
    assert shutil.which("tesseract"), "apt-get install tesseract-ocr"
    assert Tesseract(0.001).read_crop(np.full((2000, 2000, 3), 255, np.uint8)) == ("", 0.0)
