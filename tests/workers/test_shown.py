"""What is printed for people says the finding, what to do and where, without colours and without waste."""

import io

from rich.console import Console, RenderableType

from cases.findings import FindingCode, found
from preaudit.catalogue import find
from preaudit.judge import judge
from tests.preaudit.builders import FORM, TODAY, back, front, reading, seen
from workers.commands.shown import judgement_shown, reading_shown

ITEM = find("440105-SHBZK-BL").item


def printed(what: RenderableType) -> list[str]:
    out = Console(file=io.StringIO(), width=120)
    out.print(what, highlight=False)
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue().splitlines()


def test_a_reading_shows_each_field_by_key_and_name_and_why_it_is_believed() -> None:
    shown = printed(reading_shown(front(name=seen("王小明", other="王小朋"))))
    assert any("居民身份证人像面" in line and "id_card_front 98%" in line for line in shown)
    (name,) = (line for line in shown if "王小明" in line)
    assert name.split() == ["name", "姓名", "王小明", "or", "王小朋?", "✓", "two", "readers", "agree,", "0.98"]


def test_a_page_that_cannot_be_used_says_why_and_what_to_do_and_nothing_else() -> None:
    broken = reading("unknown", failure=found(FindingCode.PASSWORD_PROTECTED))
    assert printed(reading_shown(broken))[1].strip().startswith("✗ 文件设有密码。请去除密码后重新上传")
    mirrored = reading("unknown", problems=[FindingCode.UNREADABLE], marks={"mirrored": True})
    told = "\n".join(printed(reading_shown(mirrored)))
    assert "镜像" in told
    assert "无法识读" not in told
    blurred = "\n".join(printed(reading_shown(reading("unknown", problems=[FindingCode.BLURRED]))))
    assert "✗ 照片模糊。请拿稳手机" in blurred
    assert "blurred 1, wanted 2" in blurred


def test_a_judgement_opens_with_its_verdict_and_ends_with_every_material() -> None:
    pages = {"id_front": (front(),), "id_back": (back(valid_to="2026-11-19"),)}
    shown = printed(judgement_shown(ITEM, judge(ITEM, {"under_16": False}, FORM, pages, today=TODAY), 1.5))
    assert "社会保障卡补领" in shown[0]
    assert shown[1].startswith("REVIEW  人工预审")
    assert any(line.startswith("1 ✗") and "缺少社会保障卡补领申请表。请拍照上传这份材料。" in line for line in shown)
    assert any(line.startswith("✓") and "id_front" in line and "姓名 王小明" in line for line in shown)
    assert any(line.startswith("–") and "photo_receipt" in line and "missing" in line for line in shown)
