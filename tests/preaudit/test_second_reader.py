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
    ],
)
def test_two_readers(kind: str, first: str, second: str, expected: tuple[str, Confirmed, str | None]) -> None:
    made = compared(kind, field(first), second)
    assert (made.value, made.confirmed, made.alternative) == expected


class Counting:
    def __init__(self) -> None:
        self.asked = 0

    def read_crop(self, pixels: object, alphabet: str = "", language: str = "") -> tuple[str, float]:
        self.asked += 1
        return "2020.01.02-2040.01.02", 1.0


def test_both_ends_of_a_validity_cost_one_look_and_certain_fields_none() -> None:
    reader = Counting()
    fields = {"valid_from": field("2020-01-02"), "valid_to": field("2040-01-02")}
    made = second_readings(reader, np.zeros((60, 320, 3), np.uint8), all_kinds()["id_card_back"], fields)
    assert {f.confirmed for f in made.values()} == {Confirmed.TWO_READERS}
    second_readings(reader, np.zeros((60, 320, 3), np.uint8), all_kinds()["id_card_back"], made)
    assert reader.asked == 1


def test_tesseract_out_of_time_has_read_nothing() -> None:
    assert shutil.which("tesseract"), "apt-get install tesseract-ocr"
    assert Tesseract(0.001).read_crop(np.full((2000, 2000, 3), 255, np.uint8)) == ("", 0.0)
