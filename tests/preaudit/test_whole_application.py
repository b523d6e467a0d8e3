"""From the photographs of an invented resident to the verdict, through the real reader."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cases.readings import Reading
from preaudit.application import preaudit_files
from preaudit.catalogue import find
from preaudit.judge import Judgement
from preaudit.reading import Reader
from tests.preaudit.builders import codes, said

SAMPLES = Path(__file__).parents[1] / "samples"
FEBRUARY = date(2026, 2, 1)
"""The papers are of January 2026."""
FILES = {
    "id_front": "id_front.jpg",
    "id_back": "id_back.jpg",
    "application_form": "application_form.jpg",
    "photo_receipt": "photo_receipt.pdf",
}


class Remembering:
    """The real reader, reading each file once: the applications below share most of their pages."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.known = reader, dict[tuple[str, str | None], tuple[Reading, ...]]()

    def read(
        self, data: bytes, *, name: str, document: str | None, form_labels: Mapping[str, str]
    ) -> tuple[Reading, ...]:
        if (name, document) not in self.known:
            self.known[name, document] = self.reader.read(data, name=name, document=document, form_labels=form_labels)
        return self.known[name, document]


@pytest.fixture(scope="module")
def reader(reader: Reader) -> Remembering:
    return Remembering(reader)


def person() -> dict[str, Any]:
    truth: dict[str, Any] = json.loads((SAMPLES / "truth.json").read_text("utf-8"))["person"]
    return truth


def judged(reader: Remembering, **other: str) -> Judgement:
    who = person()
    typed = {"applicant_name": who["name"], **{k: who[k] for k in ("id_number", "phone", "address")}}
    pages = {key: [SAMPLES / name] for key, name in (FILES | other).items()}
    return preaudit_files(find("440105-SHBZK-BL").item, pages, {"under_16": False}, typed, FEBRUARY, reader)


def test_good_photographs_pass_without_a_person(reader: Remembering) -> None:
    judgement = judged(reader)
    assert (said(judgement.findings), judgement.verdict) == ([], "passed")
    assert judgement.materials["id_front"].fields["id_number"].value == person()["id_number"]


def test_sides_swapped_and_a_blurred_card_go_back_to_the_resident(reader: Remembering) -> None:
    swapped = judged(reader, id_front="id_back.jpg", id_back="id_front.jpg")
    assert (codes(swapped.findings), swapped.verdict) == (["wrong_side", "wrong_side"], "returned")
    blurred = judged(reader, id_front="id_front_blurred.jpg")
    assert blurred.verdict == "returned"
    assert {f.material for f in blurred.findings} == {"id_front"}


def test_another_name_on_the_form_goes_to_a_person_with_its_place(reader: Remembering) -> None:
    judgement = judged(reader, application_form="application_form_mismatch.jpg")
    (finding,) = judgement.findings
    assert (judgement.verdict, said([finding])) == ("review", [("mismatch", "doubtful")])
    assert (finding.material, finding.field) == ("application_form", "applicant_name")
    assert finding.box is not None
