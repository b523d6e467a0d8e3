from collections.abc import Mapping
from pathlib import Path

import pytest

from cases.errors import InvalidRequest
from cases.readings import Reading
from preaudit.application import preaudit_files
from preaudit.catalogue import find
from tests.preaudit.builders import FORM, TODAY, back, codes, filled_form, front, receipt

ITEM = find("440105-SHBZK-BL").item


class ShelfReader:
    """Reads by looking up the file's bytes; remembers what it was told to expect."""

    def __init__(self) -> None:
        self.shelf: dict[bytes, tuple[Reading, ...]] = {
            b"front": (front(),),
            b"back": (back(),),
            b"form": (filled_form(),),
            b"receipt": (receipt(),),
            b"both": (front(), back()),
        }
        self.expected: list[tuple[str, str | None, Mapping[str, str]]] = []

    def read(
        self, data: bytes, *, name: str, document: str | None, form_labels: Mapping[str, str]
    ) -> tuple[Reading, ...]:
        self.expected.append((name, document, form_labels))
        return self.shelf[data]


def files(folder: Path, **contents: str) -> dict[str, list[Path]]:
    made = {}
    for key, content in contents.items():
        path = folder / f"{key}.jpg"
        path.write_text(content)
        made[key] = [path]
    return made


def test_an_application_is_judged_from_files(tmp_path: Path) -> None:
    reader = ShelfReader()
    pages = files(tmp_path, id_front="front", id_back="back", application_form="form", photo_receipt="receipt")
    assert preaudit_files(ITEM, pages, {}, FORM, TODAY, reader).verdict == "passed"
    expected = {name: (document, labels) for name, document, labels in reader.expected}
    assert expected["id_front.jpg"] == ("id_card_front", {})
    assert expected["application_form.jpg"][1]["姓名"] == "applicant_name"


def test_every_page_of_a_file_counts(tmp_path: Path) -> None:
    pages = files(tmp_path, id_front="both", id_back="back", application_form="form", photo_receipt="receipt")
    judgement = preaudit_files(ITEM, pages, {}, FORM, TODAY, ShelfReader())
    assert codes(judgement.findings) == ["wrong_side", "too_many_pages"]


def test_a_family_of_documents_is_read_without_a_hint(tmp_path: Path) -> None:
    reader = ShelfReader()
    preaudit_files(ITEM, files(tmp_path, household_register="front"), {"under_16": True}, FORM, TODAY, reader)
    assert reader.expected[0][1] is None


def test_a_material_or_question_the_item_has_not_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="passport"):
        preaudit_files(ITEM, files(tmp_path, passport="front"), {}, FORM, TODAY, ShelfReader())
    with pytest.raises(InvalidRequest, match="married"):
        preaudit_files(ITEM, {}, {"married": True}, FORM, TODAY, ShelfReader())
