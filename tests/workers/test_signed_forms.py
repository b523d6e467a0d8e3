"""A form signed on the phone: printed, read like any other page with its signature known, and judged."""

import math
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest

from cases.actions import signing
from cases.actions.signing import Filled, sign_form
from cases.effects import JobKind
from cases.readings import Reading
from preaudit.catalogue import find
from preaudit.checks.ink import signature_present
from preaudit.checks.sight import Sight, sheets_of
from preaudit.reading import Reader
from storage.blobs import blob_key
from storage.session import Database
from tests.cases.world import ITEM
from tests.preaudit.builders import TODAY
from tests.workers.room import Room
from workers.jobs import Ended

STROKES = tuple(
    tuple((0.1 + 0.25 * k + 0.01 * t, 0.5 + 0.35 * math.sin(t / 3 + k)) for t in range(20)) for k in range(3)
)
FIELDS = {"姓名": "applicant_name", "公民身份号码": "id_number", "联系电话": "phone", "备注": "note"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One column is enough here: what differs between them is storage's to test."""
    return sqlite_url


@pytest.fixture
def room(database: Database, tmp_path: Path) -> Room:
    form = {**ITEM["materials"][2], "fields": FIELDS, "fill_online": True}
    first, second, _, last = ITEM["materials"]
    return Room(database, tmp_path, item_changes={"materials": [first, second, form, last]})


def _signed(room: Room) -> None:
    room.world.apply(sign_form(room.world.file, "form", Filled({"note": "无"}, STROKES), room.world.now))
    assert room.do(JobKind.DOCUMENT_MAKE, room.world.file.documents[-1].id) is Ended.DONE


def test_a_signed_form_is_printed_and_becomes_the_page_of_its_material(room: Room) -> None:
    _signed(room)
    seen = room.seen().file
    (page,) = seen.pages_of("form")
    (document,) = seen.documents
    assert (page.blob, page.signed_at) == (document.blob, document.made_at)
    pdf = room.blobs.get(page.blob)
    assert page.sha256 == blob_key(pdf)
    text = "".join(p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(BytesIO(pdf)))
    for wanted in ("补领申请表", "陈样本", "440105199003070019", signing.digest(document.content)):
        assert wanted in text


def test_the_reading_of_a_signed_form_knows_its_signature(room: Room) -> None:
    _signed(room)
    (page,) = room.seen().file.pages_of("form")
    assert room.do(JobKind.PAGE_READ, page.id) is Ended.DONE
    with room.database.reading() as tx:
        made = tx.reading(page.id)
    assert made is not None
    assert made.marks["signature"] is True


def _read(room: Room) -> Reading:
    (page,) = room.seen().file.pages_of("form")
    reader = Reader()
    try:
        labels = {**FIELDS}
        (made,) = reader.read(room.blobs.get(page.blob), name="form", document="application_form", form_labels=labels)
    finally:
        reader.close()
    return made


def test_the_printed_form_is_read_as_it_was_filled_in(room: Room) -> None:
    _signed(room)
    made = _read(room)
    read = {name: (field.value, field.certain) for name, field in made.fields.items()}
    assert read["applicant_name"] == ("陈样本", True)
    assert read["id_number"] == ("440105199003070019", True)
    assert read["phone"] == ("13800000000", True)


def test_only_the_record_makes_it_signed() -> None:
    """The same page without the mark is not: a PDF that only looks like ours proves nothing."""
    spec = find("440105-SHBZK-BL").item.material("application_form")
    assert spec is not None
    assert spec.fill_online
    blank = Reading("f", 1, 0.1, "pdf_text", 0, 100, 100, (), "application_form", 1.0, {}, ())
    sight = Sight(spec, sheets_of(spec, [blank]), TODAY)
    assert list(signature_present(sight, {"labels": ("签名",)}))
