"""Notices: the PDF, and the message to the resident."""

import hashlib
from dataclasses import replace
from datetime import date
from io import BytesIO

import pypdfium2
import pytest

from cases.actions import deciding
from cases.effects import JobKind
from cases.lifecycle import CaseState
from storage.words import NoticeState
from tests.workers.room import Room
from workers.faces import FontMissing, font_file
from workers.jobs import Ended
from workers.paper import NEVER_FIRST, NEVER_LAST, Paper, broken, draw

PAPER = Paper(
    "受理通知书", "440105202603020000011-0201", "海珠区人力资源和社会保障局", date(2026, 3, 2),
    ("陈样本：", "您提出的“社会保障卡补领”申请，材料齐全，予以受理。"), "440105202603020000011",
)  # fmt: skip


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One column is enough here: what differs between them is storage's to test."""
    return sqlite_url


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(BytesIO(pdf))
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_a_notice_says_what_it_is_for_whom_and_by_whom() -> None:
    text = text_of(draw(PAPER)).replace("\r\n", "")
    for wanted in (
        "受理通知书",
        "440105202603020000011-0201",
        "陈样本：",
        "予以受理",
        "2026年3月2日",
        "第 1 页 共 1 页",
    ):
        assert wanted in text
    assert text.count("海珠区人力资源和社会保障局") == 2


def test_a_letter_has_its_reference_and_says_how_it_is_verified() -> None:
    link = "https://zerotrip.example.gov.cn/v/PQM5K351ECF8HXWJ"
    letter = replace(PAPER, reference="受〔2026〕440105-0302000001-1号", code="PQM5K351ECF8HXWJ", link=link)
    text = text_of(draw(letter))
    assert "受〔2026〕440105-0302000001-1号" in text
    assert "查验码 PQM5 K351 ECF8 HXWJ" in text
    assert "扫描二维码，或在 zerotrip.example.gov.cn/v 输入查验码，可核验真伪。" in text


def test_a_letter_keeps_the_hash_of_the_very_file_that_is_handed_out(room: Room) -> None:
    room.world.to_processing().decide("card", approve=False, opinion="不符合条件")
    decision = next(d for d in room.seen().file.documents if d.kind == "decision")
    room.do(JobKind.DOCUMENT_MAKE, decision.id)
    made = next(d for d in room.seen().file.documents if d.kind == "decision")
    pdf = room.blobs.get(str(made.blob))
    assert made.sha256 == hashlib.sha256(pdf).hexdigest()
    assert "不予办理决定书" in text_of(pdf)
    assert "制卡（海珠区人力资源和社会保障局）：不符合条件" in text_of(pdf).replace("\r\n", "")


def test_a_long_notice_goes_on_overleaf_and_keeps_its_signature_together() -> None:
    many = Paper(
        **{**vars(PAPER), "paragraphs": ("陈样本：", *(f"{i}. 照片模糊。请重新拍摄。" * 3 for i in range(1, 31)))}
    )
    document = pypdfium2.PdfDocument(BytesIO(draw(many)))
    last = document[len(document) - 1].get_textpage().get_text_range()
    assert len(document) > 1
    assert "（电子印章处）" in last
    assert "2026年3月2日" in last


def test_no_line_begins_with_a_comma_and_no_number_is_torn() -> None:
    lines = broken("请拿稳手机，点按屏幕“对焦”后，重新拍摄编号440105202603020000011。", 23, len)
    assert "".join(lines) == "请拿稳手机，点按屏幕“对焦”后，重新拍摄编号440105202603020000011。"
    assert [x for x in lines if x[0] in "，。”" or x[-1] == "“"] == []
    assert any("440105202603020000011" in x for x in lines)


def test_a_missing_font_is_named_with_how_to_get_it() -> None:
    with pytest.raises(FontMissing, match="apt-get install fonts-noto-cjk"):
        font_file("NoSuchFont.ttc")


def test_every_document_of_a_case_is_made(room: Room) -> None:
    room.world.to_received()
    (receipt,) = [d for d in room.seen().file.documents if d.kind == "receipt"]
    assert room.do(JobKind.DOCUMENT_MAKE, receipt.id) is Ended.DONE
    (made,) = [d for d in room.seen().file.documents if d.kind == "receipt"]
    assert made.blob is not None
    assert "收件凭证" in text_of(room.blobs.get(made.blob))


def test_a_notice_is_sent_once_and_its_state_is_honest(room: Room) -> None:
    room.world.to_passed()
    assert room.do(JobKind.NOTICE_SEND) is Ended.DONE
    with room.database.reading() as tx:
        (notice,) = tx.notices_of(room.number)
    ((_, said),) = room.platform.sent
    assert (notice.state, notice.channel, said.template) == (NoticeState.SENT, "platform", "preaudit_passed_originals")


def test_an_accepted_case_is_routed_once(room: Room) -> None:
    room.world.to_received()
    room.world.apply(deciding.accept(room.world.file, room.world.now))
    assert room.do(JobKind.CASE_ROUTE) is Ended.DONE
    assert room.seen().state is CaseState.PROCESSING
    room.add(JobKind.CASE_ROUTE, room.number)
    room.do(JobKind.CASE_ROUTE)
    assert len(room.seen().file.assignments) == 3


@pytest.mark.parametrize("width", range(3, 12))
def test_breaking_loses_nothing(width: int) -> None:
    text = "您提出的“社会保障卡补领”申请（办件编号），材料齐全，符合法定形式。"
    lines = broken(text, width, len)
    assert "".join(lines) == text
    assert not any(x[0] in NEVER_FIRST or x[-1] in NEVER_LAST for x in lines[:-1])
