"""Reading whole pages: photographs of invented papers in, readings in the contract's form out."""

import json
import math
from collections.abc import Callable, Sequence
from functools import cache

import pytest

from cases.findings import FindingCode
from cases.readings import Confirmed, Line, Reading, reading_from_json, reading_to_json
from preaudit.images.geometry import Pixels, rectangle
from preaudit.reading import Reader, read_paths
from preaudit.sandbox import Sandbox
from preaudit.settings import EngineName, PreauditSettings
from tests.preaudit import badfiles
from tests.specimens import Level, SpecimenPage, invent, photograph
from tests.specimens.applications import Variant, back_page, form_page, front_page
from tests.specimens.camera import Defects
from tests.specimens.cards import id_card_front
from tests.specimens.pdfs import lease, photo_receipt, scanned_pdf
from tests.specimens.people import HAIZHU

LABELS = {
    "姓名": "applicant_name",
    "公民身份号码": "id_number",
    "联系电话": "phone",
    "通讯地址": "address",
    "补领原因": "reason",
    "申请日期": "applied_on",
}

PAGES = {"id_front": front_page, "id_back": back_page, "application_form": form_page}


@cache
def drawn(seed: int, key: str, **variant: Variant) -> SpecimenPage:
    """A page of `whole_application(seed)`. Drawn once for all tests: the camera takes longer than the reader."""
    make: Callable[..., SpecimenPage] = PAGES[key]
    return make(invent(seed, home=HAIZHU), seed, **variant)


def read(reader: Reader, page: SpecimenPage) -> Reading:
    labels = LABELS if page.kind == "application_form" else None
    (reading,) = reader.read(page.data, name=page.filename, document=page.kind, form_labels=labels)
    return reading


@pytest.mark.parametrize("seed", [3, 8])
@pytest.mark.parametrize("key", ["id_front", "id_back", "application_form"])
def test_every_field_of_a_photographed_paper_is_read(reader: Reader, seed: int, key: str) -> None:
    page = drawn(seed, key)
    reading = read(reader, page)
    assert reading.kind == page.kind
    assert {name: field.value for name, field in reading.fields.items()} == dict(page.fields)
    assert reading.acceptable
    assert reading.seconds < 20  # a loaded machine; alone it is under one second


def test_a_card_number_is_proven_by_its_check_digit_and_proves_birth_and_sex(reader: Reader) -> None:
    fields = read(reader, drawn(3, "id_front")).fields
    assert {name: fields[name].confirmed for name in ("id_number", "birth_date", "sex")} == {
        "id_number": Confirmed.CHECKSUM,
        "birth_date": Confirmed.CHECKSUM,
        "sex": Confirmed.CHECKSUM,
    }


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_card_is_read_and_its_boxes_lie_in_the_picture_as_uploaded(reader: Reader, turn: int) -> None:
    person = invent(5)
    data = photograph(id_card_front(person), Level.PHONE, 5, turn=turn)
    (reading,) = reader.read(data, name="turned.jpg")
    assert reading.rotation == (360 - turn) % 360
    assert reading.fields["id_number"].value == person.id_number
    (ax, ay), (bx, by), _, _ = reading.fields["id_number"].box or rectangle(0, 0, 0, 0)
    assert math.degrees(math.atan2(by - ay, bx - ax)) % 360 == pytest.approx(turn, abs=8)
    assert all(0 <= x <= reading.width and 0 <= y <= reading.height for line in reading.lines for x, y in line.box)


def test_a_picture_with_exif_orientation_is_read_in_the_upright_frame(reader: Reader) -> None:
    data = photograph(id_card_front(invent(5)), Level.PHONE, 5, turn=90, exif=True)
    (reading,) = reader.read(data, name="phone.jpg")
    assert reading.rotation == 0
    assert reading.width > reading.height


@pytest.mark.parametrize(
    ("defects", "code"),
    [
        (Defects(focus=7), FindingCode.BLURRED),
        (Defects(light=0.12), FindingCode.TOO_DARK),
        (Defects(glare=0.3), FindingCode.GLARE),
        (Defects(screen=True), FindingCode.SCREEN_PHOTO),
        (Defects(size=0.12), FindingCode.TOO_SMALL),
    ],
)
def test_a_spoilt_photograph_is_refused_for_what_is_wrong_with_it(
    reader: Reader, defects: Defects, code: FindingCode
) -> None:
    data = photograph(id_card_front(invent(4)), Level.PHONE, 4, **vars(defects))
    (reading,) = reader.read(data, name="id_front.jpg", document="id_card_front")
    assert code in {problem.code for problem in reading.problems}
    assert not reading.acceptable


def test_a_pdf_with_words_is_read_without_recognition(reader: Reader) -> None:
    person = invent(6)
    data = photo_receipt(person, "YB000000000001", person.valid_from)
    (reading,) = reader.read(data, name="receipt.pdf")
    assert reading.engine == "pdf_text"
    assert reading.marks["text_layer"] is True
    text = "".join(line.text for line in reading.lines)
    assert person.name in text.replace(" ", "")


def test_a_scanned_pdf_is_rasterised_and_recognised(reader: Reader) -> None:
    person = invent(6)
    (reading,) = reader.read(scanned_pdf(id_card_front(person).convert("RGB")), name="scan.pdf")
    assert reading.engine == "ppocr"
    assert reading.fields["id_number"].value == person.id_number


def test_a_pdf_gives_a_reading_a_page(reader: Reader) -> None:
    readings = reader.read(lease(invent(6), pages=3), name="lease.pdf")
    assert len(readings) >= 3
    assert [(r.page, r.pages_in_file) for r in readings] == [(i + 1, len(readings)) for i in range(len(readings))]
    assert len({r.sha256 for r in readings}) == 1


def test_a_reading_survives_its_json(reader: Reader) -> None:
    reading = read(reader, drawn(3, "id_back"))
    assert reading_from_json(json.loads(json.dumps(reading_to_json(reading)))) == reading_from_json(
        reading_to_json(reading)
    )


def test_a_picture_without_text_is_unreadable_not_a_crash(reader: Reader) -> None:
    (reading,) = reader.read(badfiles.jpeg(900, 700, colour="grey"), name="wall.jpg")
    assert reading.kind == "unknown"
    assert FindingCode.UNREADABLE in {problem.code for problem in reading.problems}


def test_the_same_picture_has_the_same_fingerprint_after_recompression(reader: Reader) -> None:
    card = id_card_front(invent(9))
    prints = [
        reader.read(photograph(card, Level.SCAN, 9, megapixels=m), name="x")[0].perceptual_hash for m in (1.0, 2.0)
    ]
    assert bin(int(prints[0], 16) ^ int(prints[1], 16)).count("1") <= 6


def test_an_empty_cell_of_a_form_is_named(reader: Reader) -> None:
    page = drawn(3, "application_form", variant=Variant.NOT_FILLED_IN)
    reading = read(reader, page)
    assert reading.marks["empty_fields"] == ["phone"]
    assert "phone" not in reading.fields


def test_a_signature_is_seen_and_so_is_its_absence(reader: Reader) -> None:
    signed = read(reader, drawn(3, "application_form"))
    unsigned = read(reader, drawn(3, "application_form", variant=Variant.UNSIGNED))
    assert signed.marks["signature"]["present"] is True
    assert unsigned.marks["signature"]["present"] is False
    assert unsigned.marks["signature"]["confidence"] >= 0.8


class Blind:
    """A recogniser that sees one sure line, to show that any body of the port will do."""

    name = "blind"

    def read(self, pixels: Pixels) -> Sequence[Line]:
        return (Line("公民身份号码34052419800101001X", 0.99, rectangle(20, 40, 220, 60)),)

    def read_crop(self, pixels: Pixels) -> tuple[str, float]:
        return "", 0.0

    def warm(self) -> None:
        return None


def test_the_recogniser_is_a_port(sandbox: Sandbox) -> None:
    (reading,) = Reader(recogniser=Blind(), sandbox=sandbox).read(badfiles.jpeg(), name="x", document="id_card_front")  # type: ignore[arg-type]
    assert reading.engine == "blind"
    assert [line.text for line in reading.lines] == ["公民身份号码34052419800101001X"]


def test_paths_are_read_one_after_the_other(tmp_path, reader: Reader) -> None:  # type: ignore[no-untyped-def]
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.jpg"
    good.write_bytes(badfiles.pdf_of("A page with enough words", "And another one of them"))
    bad.write_bytes(b"no picture")
    readings = list(read_paths([good, bad], reader=reader))
    assert [(r.file, r.page, r.failure is None) for r in readings] == [
        (str(good), 1, True),
        (str(good), 2, True),
        (str(bad), 1, False),
    ]


def test_tesseract_can_take_over(sandbox: Sandbox) -> None:
    person = invent(5)
    fallback = Reader(PreauditSettings(engine=EngineName.TESSERACT), sandbox=sandbox)
    (reading,) = fallback.read(photograph(id_card_front(person), Level.SCAN, 5), name="card.jpg")
    assert reading.engine == "tesseract"
    # It reads print, and digits beside Chinese poorly: a case read by it goes to a person, it does not stop.
    assert "公民身份" in "".join(line.text for line in reading.lines).replace(" ", "")
