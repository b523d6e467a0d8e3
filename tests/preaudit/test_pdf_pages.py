"""PDF pages of every sort. Every file is made by tests/specimens; the people are invented."""

from collections.abc import Callable
from io import BytesIO

import pdfplumber
import pytest

from cases.findings import FindingCode
from cases.readings import Confirmed, Reading
from preaudit.reading import Reader
from tests.preaudit import badfiles
from tests.specimens import invent
from tests.specimens.cards import id_card_back, id_card_front
from tests.specimens.pdf_pages import filled_form, outline_notice, with_pasted
from tests.specimens.pdfs import lease, password_pdf, photo_receipt, scanned_pdf

WORDS = ("补正通知书", "王小明：您申请的社会保障卡补领，公民身份号码440106198501010015，材料需要补正。")


def only(readings: tuple[Reading, ...]) -> Reading:
    (reading,) = readings
    return reading


def text_of(reading: Reading) -> str:
    return "".join(line.text for line in reading.lines).replace(" ", "")


def test_a_font_with_a_map_of_its_own_is_read_by_the_second_parser(reader: Reader) -> None:
    data = outline_notice(WORDS)
    with pdfplumber.open(BytesIO(data)) as document:
        assert not document.pages[0].chars, "the first parser learnt to read it: this fallback has no sample any more"
    reading = only(reader.read(data, name="notice.pdf"))
    assert (reading.engine, reading.marks["text_layer"]) == ("pdf_text", True)
    assert text_of(reading) == "".join(WORDS)


def test_the_second_parsers_words_stand_where_they_are_printed(reader: Reader) -> None:
    reading = only(reader.read(outline_notice(WORDS), name="notice.pdf"))
    title, first = reading.lines[0].box, reading.lines[1].box
    assert title[0][1] < first[0][1]
    assert all(0 <= x <= reading.width and 0 <= y <= reading.height for line in reading.lines for x, y in line.box)
    seen = only(reader.read(scanned_as_picture(WORDS), name="scan.pdf"))
    assert seen.lines[0].box[0] == pytest.approx(title[0], abs=20)
    assert seen.lines[0].box[2] == pytest.approx(title[2], abs=40)


def scanned_as_picture(words: tuple[str, ...]) -> bytes:
    """The same page as a scanner would give it."""
    with pdfplumber.open(BytesIO(outline_notice(words))) as document:
        return scanned_pdf(document.pages[0].to_image(resolution=200).original.convert("RGB"))


def test_a_card_pasted_among_words_is_recognised_and_the_words_are_not(reader: Reader) -> None:
    person = invent(6)
    reading = only(reader.read(with_pasted(person, id_card_front(person)), name="pasted.pdf"))
    assert reading.engine == "pdf_text"
    assert person.phone in text_of(reading)
    assert person.id_number in text_of(reading)
    printed = [line for line in reading.lines if line.confidence == 1.0]
    assert person.id_number not in "".join(line.text for line in printed)


def test_what_was_recognised_in_a_picture_is_not_called_printed(reader: Reader) -> None:
    person = invent(6)
    pasted = only(reader.read(with_pasted(person, id_card_back(person)), name="pasted.pdf", document="id_card_back"))
    assert pasted.kind == "id_card_back"
    assert pasted.fields["authority"].confirmed is not Confirmed.TEXT_LAYER
    receipt = only(reader.read(photo_receipt(person, "YB000000000001", person.valid_from), name="receipt.pdf"))
    assert all(line.confidence == 1.0 for line in receipt.lines)


def test_what_was_typed_into_a_form_is_words_at_its_blank_and_a_mark(reader: Reader) -> None:
    data = filled_form({"Name of the applicant": "WANG XIAOMING", "Phone": "15400000001"})
    reading = only(reader.read(data, name="form.pdf"))
    assert [line.text for line in reading.lines] == [
        "Name of the applicant:",
        "WANG XIAOMING",
        "Phone:",
        "15400000001",
    ]
    assert reading.marks["form_fields"] == {
        "Name of the applicant": "WANG XIAOMING",
        "Phone": "15400000001",
        "agreed": True,
    }


def test_what_was_typed_into_a_form_is_certain_and_what_was_not_is_a_blank(reader: Reader) -> None:
    labels = {"Name of the applicant": "applicant_name", "Phone": "phone"}
    data = filled_form({"Name of the applicant": "WANG XIAOMING", "Phone": ""})
    reading = only(reader.read(data, name="form.pdf", document="application_form", form_labels=labels))
    assert (reading.kind, set(reading.fields)) == ("application_form", {"applicant_name"})
    assert reading.fields["applicant_name"].confirmed is Confirmed.TEXT_LAYER
    assert reading.marks["empty_fields"] == ["phone"]


def test_chinese_typed_into_a_form_is_read_whatever_font_draws_it(reader: Reader) -> None:
    labels = {"Name of the applicant": "applicant_name", "Phone": "phone"}
    data = filled_form({"Name of the applicant": "欧阳小明", "Phone": "15400000001"})
    reading = only(reader.read(data, name="form.pdf", document="application_form", form_labels=labels))
    typed = reading.fields["applicant_name"]
    assert (typed.value, typed.confirmed) == ("欧阳小明", Confirmed.TEXT_LAYER)


def test_an_unticked_box_is_said_to_be_unticked(reader: Reader) -> None:
    reading = only(reader.read(filled_form({"Name of the applicant": "WANG"}, ticked=False), name="form.pdf"))
    assert reading.marks["form_fields"]["agreed"] is False


@pytest.mark.parametrize("signed", [True, False])
def test_a_digital_signature_is_seen_and_an_empty_place_for_one_is_not(reader: Reader, signed: bool) -> None:
    reading = only(reader.read(filled_form({"Name of the applicant": "WANG"}, signed=signed), name="form.pdf"))
    mark = reading.marks["digital_signature"]
    assert (mark["present"], mark["checked"]) == (signed, False)


def test_a_picture_has_no_marks_of_a_file(reader: Reader) -> None:
    reading = only(reader.read(badfiles.jpeg(900, 700), name="x.jpg"))
    assert "digital_signature" not in reading.marks


@pytest.mark.parametrize(
    ("made", "code"),
    [
        pytest.param(badfiles.bent_pdf, FindingCode.DAMAGED_FILE, id="bent"),
        pytest.param(
            lambda: photo_receipt(invent(6), "YB1", invent(6).valid_from)[:900], FindingCode.DAMAGED_FILE, id="half"
        ),
        pytest.param(lambda: password_pdf(invent(6)), FindingCode.PASSWORD_PROTECTED, id="password"),
        pytest.param(lambda: lease(invent(6), pages=20), FindingCode.TOO_MANY_PAGES, id="40 pages"),
    ],
)
def test_a_pdf_that_cannot_be_read_says_why(reader: Reader, made: Callable[[], bytes], code: FindingCode) -> None:
    reading = only(reader.read(made(), name="x.pdf"))
    assert reading.failure is not None
    assert reading.failure.code is code
