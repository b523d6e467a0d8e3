"""Labels and manifests as they come out of a printer: what stands on them, and that a scanner reads them."""

import io
from datetime import UTC, datetime
from functools import cache

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from cases.actions import packing
from cases.actions.packing import PackedLine, Packing
from cases.effects import JobKind
from cases.labels import Labelled, grouped, label_code, read_label
from cases.model import Direction, Document
from tests.workers.room import Room
from workers.actors import papers
from workers.jobs import Ended
from workers.labels import Envelope, Line, Manifest, draw_labels, draw_manifest

LINES = tuple(
    Line(name, copies, "核验后退回", "完好", label_code(Labelled.ORIGINAL, name))
    for name, copies in (("居民身份证（人像面）", 1), ("房屋买卖合同及补充协议（含全部附件、契税完税凭证）", 3))
)
ENVELOPE = Envelope(
    label_code(Labelled.PARCEL, "x"), "取件 → 窗口", "海珠区不动产登记中心", LINES, "FQ-0007", "1243500012345",
    datetime(2026, 3, 2, 2, 15, tzinfo=UTC),
)  # fmt: skip
MANIFEST = Manifest(
    ENVELOPE, "440105202603020000011-1001", "440105202603020000011", "社会保障卡补领", "陈样本", "海珠区人社局",
    ("申请人（封装）", "快递员（揽收）", "窗口（接收拆封）"),
)  # fmt: skip


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@cache
def labels() -> bytes:
    return draw_labels(ENVELOPE)


def pages(pdf: bytes, dpi: int = 150) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.render(scale=dpi / 72).to_pil().convert("L") for page in document]


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "")


def scanned(picture: Image.Image) -> set[str]:
    return {code.text for code in zxingcpp.read_barcodes(picture)}


def test_the_label_is_of_the_size_that_printers_take_and_the_small_ones_come_on_a4() -> None:
    document = pypdfium2.PdfDocument(labels())
    sizes = [tuple(round(side / 72 * 25.4) for side in page.get_size()) for page in document]
    assert sizes == [(100, 150), (210, 297)]


def test_every_code_is_read_by_a_scanner_and_holds_nothing_but_itself() -> None:
    first, second = pages(labels())
    assert scanned(first) == {ENVELOPE.label}
    assert scanned(second) == {line.label for line in LINES}
    assert all(read_label(code) == code for code in scanned(first) | scanned(second))


def crumpled(picture: Image.Image, angle: float, blur: float, ink: float) -> Image.Image:
    """As a worn printer and a moving phone leave it."""
    turned = picture.rotate(angle, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    grey = turned.point([int(110 * (1 - ink) + v * (0.4 + 0.6 * ink)) for v in range(256)])
    out = io.BytesIO()
    grey.filter(ImageFilter.GaussianBlur(blur)).save(out, "JPEG", quality=45)
    return Image.open(out)


@pytest.mark.parametrize(
    ("angle", "blur", "ink"), [(0, 1.5, 1.0), (7, 1.2, 0.6), (-23, 1.0, 0.5), (91, 1.2, 0.8), (178, 0.8, 0.4)]
)
def test_a_label_printed_badly_and_held_askew_is_still_read(angle: float, blur: float, ink: float) -> None:
    first, second = pages(labels())
    assert scanned(crumpled(first, angle, blur, ink)) == {ENVELOPE.label}
    assert scanned(crumpled(second, angle, blur, ink)) == {line.label for line in LINES}


def test_the_outside_of_the_envelope_tells_no_name_and_no_number_of_anybody() -> None:
    outside = pypdfium2.PdfDocument(labels())[0].get_textpage().get_text_range()
    assert all(
        word in outside
        for word in ("海珠区不动产登记中心", "FQ-0007", "1243500012345", "2件 4份", grouped(ENVELOPE.label))
    )
    assert "陈样本" not in outside
    assert "440105" not in outside


def test_the_manifest_lists_every_paper_and_has_a_box_for_every_hand() -> None:
    pdf = draw_manifest(MANIFEST)
    text = text_of(pdf)
    wanted = ("原件交接清单", "陈样本", "FQ-0007", "2026-03-02 10:15", "居民身份证（人像面）", "第 1 页 共 1 页")
    assert [w for w in (*wanted, *MANIFEST.hands, *(grouped(line.label) for line in LINES)) if w not in text] == []
    assert scanned(pages(pdf)[0]) == {ENVELOPE.label}


def test_a_long_manifest_goes_on_overleaf_with_its_head_and_keeps_its_boxes_together() -> None:
    many = tuple(Line(f"材料{i}", 1, "核验后退回", "完好", label_code(Labelled.ORIGINAL, str(i))) for i in range(40))
    long = Manifest(**{**vars(MANIFEST), "envelope": Envelope(**{**vars(ENVELOPE), "lines": many})})
    document = pypdfium2.PdfDocument(draw_manifest(long))
    texts = [page.get_textpage().get_text_range() for page in document]
    assert len(texts) == 2
    assert all("原件名称" in t for t in texts)
    assert all(hand in texts[-1] for hand in MANIFEST.hands)


def test_thirty_papers_take_two_sheets_of_labels() -> None:
    many = tuple(Line(f"材料{i}", 1, "收取原件", "完好", label_code(Labelled.ORIGINAL, str(i))) for i in range(30))
    sheets = pages(draw_labels(Envelope(**{**vars(ENVELOPE), "lines": many})))
    assert len(sheets) == 3
    assert set.union(*map(scanned, sheets[1:])) == {line.label for line in many}


# ── by the actor ──


def packed(room: Room, seal: str = "FQ001") -> None:
    lines = (PackedLine("id_front"), PackedLine("form", condition="worn", note="折痕"))
    world = room.seen()
    world.apply(packing.pack(world.file, Direction.COLLECTION, Packing(seal, lines), world.now))


def paper(room: Room, kind: str) -> Document:
    return next(d for d in room.seen().file.documents if d.kind == kind)


def made(room: Room, kind: str) -> str:
    assert room.do(JobKind.DOCUMENT_MAKE, paper(room, kind).id) is Ended.DONE
    return text_of(room.blobs.get(paper(room, kind).blob or ""))


def photograph(size: tuple[int, int] = (640, 480)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (180, 170, 150)).save(out, "JPEG")
    return out.getvalue()


def photographed(room: Room, data: bytes) -> None:
    world = room.seen()
    blob = room.blobs.put(data)
    world.apply(packing.photograph(world.file, Direction.COLLECTION, blob, blob, world.now))


def test_what_was_packed_stands_on_what_is_printed(room: Room) -> None:
    room.world.to_passed()
    packed(room)
    assert "FQ001" in made(room, "label")
    manifest = made(room, "manifest")
    assert all(word in manifest for word in ("有磨损", "折痕", "申请人（封装）"))


def test_an_envelope_packed_anew_while_its_paper_is_drawn_is_drawn_once_more(room: Room) -> None:
    room.world.to_passed()
    packed(room)
    label = paper(room, "label")
    late = papers.make(room.context, room.job(JobKind.DOCUMENT_MAKE, label.id))
    room.seen().wait(seconds=1)
    packed(room, seal="FQ002")
    with room.database.transaction() as tx:
        late(tx)
    assert (paper(room, "label").id, paper(room, "label").blob) == (label.id, None)
    assert "FQ002" in made(room, "label")


def test_the_photograph_is_shown_only_as_a_copy_that_was_drawn_anew(room: Room) -> None:
    room.world.to_passed()
    packed(room)
    photographed(room, photograph())
    made(room, "manifest")
    (parcel,) = room.seen().file.parcels
    assert parcel.picture not in (None, parcel.photo)
    shown = Image.open(io.BytesIO(room.blobs.get(parcel.picture or "")))
    assert (shown.format, shown.getexif()) == ("JPEG", {})


def test_a_file_that_is_no_photograph_is_told_and_the_manifest_is_made_all_the_same(room: Room) -> None:
    room.world.to_passed()
    packed(room)
    photographed(room, b"MZ\x90 not a picture")
    assert "原件交接清单" in made(room, "manifest")
    (parcel,) = room.seen().file.parcels
    assert parcel.picture is None
    assert parcel.photo_problem
