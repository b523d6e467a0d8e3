"""Whole applications: repeatable, true to what is drawn, and the kept set is what the program makes."""

import io
import json
from pathlib import Path

import pdfplumber
import pytest
from pdfplumber.utils.exceptions import PdfminerException
from PIL import Image

from tests.specimens.applications import FORM_FIELDS, Application, Variant, form_rows, whole_application
from tests.specimens.camera import Level
from tests.specimens.cards import address_rows, validity
from tests.specimens.fonts import FontsMissing, font_path
from tests.specimens.pdfs import insurance_statement, lease, password_pdf, scanned_pdf
from tests.specimens.people import AS_OF, invent
from tests.specimens.samples import sample_pages

SAMPLES = Path(__file__).parents[1] / "samples"


def small(seed: int, variant: Variant = Variant.PLAIN) -> Application:
    return whole_application(seed, variant=variant, level=Level.SCAN, megapixels=0.1)


def text_of(data: bytes) -> str:
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        return "\n".join(page.extract_text() for page in pdf.pages)


def test_the_same_seed_gives_the_same_files() -> None:
    assert small(5).files == small(5).files


def test_the_truth_is_what_the_papers_say() -> None:
    made = small(8)
    person, form = made.person, made.pages["application_form"]
    assert made.pages["id_front"].fields["id_number"] == person.id_number == form.fields["id_number"]
    assert "".join(address_rows(person.address)) == person.address
    assert made.pages["id_back"].fields["valid_from"].replace("-", ".") in validity(person)
    assert {FORM_FIELDS[label] for label, _ in form_rows(person, 8)[0]} == set(form.fields)


def test_the_receipt_has_a_text_layer_with_the_truth_in_it() -> None:
    receipt = small(8).pages["photo_receipt"]
    text = text_of(receipt.data)
    assert all(string in text for string in receipt.strings)


@pytest.mark.parametrize(
    ("variant", "field"), [(Variant.MISMATCH_NAME, "applicant_name"), (Variant.MISMATCH_NUMBER, "id_number")]
)
def test_a_mismatch_differs_from_the_card_in_one_character(variant: Variant, field: str) -> None:
    made = small(4, variant)
    written, card = made.pages["application_form"].fields[field], made.pages["id_front"].fields
    original = card["name"] if field == "applicant_name" else card["id_number"]
    assert sum(a != b for a, b in zip(written, original, strict=True)) == 1


def test_each_faulty_variant_says_what_must_be_found() -> None:
    for variant in set(Variant) - {Variant.PLAIN}:
        assert any(page.planted for page in small(2, variant).pages.values()), variant
    assert not any(page.planted for page in small(2).pages.values())


def test_pdfs_come_long_scanned_and_locked() -> None:
    person = invent(3)
    assert person.id_number in text_of(insurance_statement(person, AS_OF, months=90))
    assert person.name in text_of(lease(person, pages=2))
    with pytest.raises(PdfminerException):
        text_of(password_pdf(person))


def test_a_scanned_pdf_has_no_text() -> None:
    made = small(3).pages["id_front"]
    assert text_of(scanned_pdf(Image.open(io.BytesIO(made.data)))) == ""


def test_a_missing_font_says_how_to_install_it() -> None:
    with pytest.raises(FontsMissing, match="apt-get install fonts-noto-cjk"):
        font_path("NoSuchFont.ttc")


def test_the_kept_set_is_of_the_people_and_papers_the_program_makes_today() -> None:
    kept = json.loads((SAMPLES / "truth.json").read_text(encoding="utf-8"))
    _, pages = sample_pages(megapixels=0.1)
    assert set(kept["pages"]) == set(pages)
    for name, page in pages.items():
        assert {**kept["pages"][name], "photograph": None} == {**page.truth(), "photograph": None}
        assert (SAMPLES / name).stat().st_size < 700_000
