"""Answering, looking over what was read, handing in once, and a whole round of correction: in the app, against the running
service. Opening and photographing go over the API where they are not what is looked at."""

from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.residents import READ_MS, SOCIAL_CARD, TRUTH, Phones, Resident, resident
from workers.demo import story
from workers.demo.client import Api
from workers.demo.photos import SAMPLES, photos
from workers.demo.show import Running, stage

pytestmark = pytest.mark.timeout(150)
ALL = {
    "id_front": SAMPLES / "id_front.jpg",
    "id_back": SAMPLES / "id_back.jpg",
    "application_form": SAMPLES / "application_form.jpg",
    "photo_receipt": SAMPLES / "photo_receipt.pdf",
}


class Applicant(Resident):
    """Somebody whose case is open and whose papers were photographed and read."""

    def __init__(self, running: Running, phones: Phones, files: Mapping[str, Path], width: int = 360) -> None:
        super().__init__(resident(running, phones, width).phone)
        self.device = f"phone-{uuid4().hex[:10]}"
        self.other = stage(running, photos(None, SOCIAL_CARD), SOCIAL_CARD, None)
        token = Api(running.url, {}).post("/api/v1/session", code=f"dev:{self.device}", platform="embedded")["token"]
        self.api = self.other.resident = Api(running.url, {"Authorization": f"Bearer {token}"})
        self.signed_in(self)
        story.read_guide(self.other)
        story.open_case(self.other)
        self.number = self.other.number
        self.photographed(files)

    def signed_in(self, on: Resident) -> None:
        """On another phone too: the same person."""
        on.page.add_init_script(f"localStorage['zerotrip.device'] ??= '{self.device}'")

    def photographed(self, files: Mapping[str, Path]) -> None:
        pages = {key: story._upload(self.other, key, file) for key, file in files.items()}
        for key, page in pages.items():
            story._read(self.other, key, page)

    def looks_over(self) -> None:
        self.goes("check", no=self.number)
        expect(self.page.locator("[data-field]").first).to_be_visible()

    def row(self, material: str, field: str) -> Locator:
        return self.page.locator(f"[data-material={material}] [data-field={field}]")

    def submissions(self) -> int:
        lines = self.api.get(f"/api/v1/cases/{self.number}/timeline")["timeline"]
        return sum(line["action"] == "case_submit" for line in lines)


def test_no_question_is_answered_for_the_resident_and_nothing_typed_is_lost(running: Running, phones: Phones) -> None:
    me = resident(running, phones)
    me.goes("apply", code=SOCIAL_CARD)
    me.agrees()
    group = me.page.locator("[role=radiogroup]")
    expect(group.locator("[aria-checked=true]")).to_have_count(0)
    expect(me.page.locator(".needs")).to_contain_text("回答完上面的问题")
    me.taps("下一步")
    expect(me.page.get_by_role("alert")).to_contain_text("还有 4 处没有填好")
    expect(me.page.locator("[data-question=under_16] .advice")).to_be_visible()
    me.phone.looks_right("apply-open-questions")
    me.field("姓名").fill(TRUTH["name"])
    me.field("身份证号码").fill(TRUTH["id_number"])
    group.locator("uni-button").first.click()
    expect(me.page.locator(".needs")).to_contain_text("户口簿")
    group.locator("uni-button").last.click()
    expect(me.page.locator(".needs")).to_contain_text("您要准备的材料（4 份）")
    expect(me.page.locator(".needs")).not_to_contain_text("户口簿")
    # the app is closed and the session has run out
    me.page.evaluate("localStorage.setItem('zerotrip.token', 'gone')")
    me.page.reload()
    expect(me.page.get_by_text("您上次填的内容还在")).to_be_visible()
    expect(me.field("姓名")).to_have_value(TRUTH["name"])
    expect(group.locator("[aria-checked=true]")).to_have_text("不是")
    me.phone.looks_right("apply-kept")
    me.fills_in()
    kept = me.page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('zerotrip.typed.apply'))")
    assert kept == []
    assert me.phone.complaints == []


def test_what_was_read_is_looked_over_corrected_and_handed_in_once(running: Running, phones: Phones) -> None:
    me = Applicant(running, phones, ALL, 414)
    me.looks_over()
    name = me.row("id_front", "name")
    expect(name.locator("input")).to_have_value(TRUTH["name"])
    expect(name.locator("[role=img]")).to_be_visible()
    expect(me.row("application_form", "reason").locator("[aria-checked=true]")).to_have_text(
        TRUTH.get("reason", "遗失")
    )
    me.phone.looks_right("check-read")
    name.locator("input").fill("曹梅山")
    expect(name).to_contain_text(f"原来读到的是：{TRUTH['name']}")
    expect(name.locator(".tag")).to_have_text("已更正")
    me.phone.looks_right("check-corrected")
    # closed before it was sent, with a session that has run out: what was typed is still there
    me.page.evaluate("localStorage.setItem('zerotrip.token', 'gone')")
    me.page.reload()
    expect(name.locator("input")).to_have_value("曹梅山")
    me.page.locator("uni-button", has_text="确认无误，提交").dblclick()
    me.page.wait_for_url("**/pages/progress/**")
    assert me.submissions() == 1
    me.other.until("in_review")
    seen = me.other.desk.get(me.other.desk_path)
    assert "申请人更正了居民身份证（人像面）上的姓名" in {f["message"] for f in seen["findings"]}
    (front,) = [m["pages"][0] for m in seen["materials"] if m["key"] == "id_front"]
    looked = me.other.desk.get(f"{me.other.desk_path}/pages/{front['id']}")
    assert [(s["field"], s["read"], s["said"]) for s in looked["by_resident"]] == [("name", TRUTH["name"], "曹梅山")]
    assert looked["reading"]["fields"]["name"]["value"] == TRUTH["name"]
    assert me.page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('zerotrip.typed'))") == []


def test_two_phones_on_one_case_overwrite_nothing_unseen(running: Running, phones: Phones) -> None:
    me = Applicant(running, phones, {"id_front": ALL["id_front"]})
    second = resident(running, phones)
    me.signed_in(second)
    me.looks_over()
    expect(me.page.locator("[data-missing]")).to_contain_text("居民身份证（国徽面）")
    expect(me.page.locator("[data-missing] .missing")).to_have_count(3)
    me.phone.looks_right("check-missing")
    me.photographed({key: ALL[key] for key in ("id_back", "application_form", "photo_receipt")})
    for phone in (me, second):
        phone.goes("check", no=me.number)
        phone.page.reload()
        expect(phone.page.locator("[data-missing]")).to_have_count(0)
    me.field("联系电话").first.fill("13900000001")
    second.field("联系电话").first.fill("13900000002")
    # the first phone's correction is saved, its handing in is not: the line breaks in between
    me.page.route("**/submit", lambda route: route.abort())
    me.taps("确认无误，提交")
    expect(me.page.locator(".advice[role=alert]")).to_contain_text("网络不通")
    second.taps("确认无误，提交")
    expect(second.page.get_by_role("alert")).to_contain_text("另一部手机刚改过")
    expect(second.field("联系电话").first).to_have_value("13900000002")
    second.phone.looks_right("check-changed-elsewhere")
    second.taps("确认无误，提交")
    second.page.wait_for_url("**/pages/progress/**")
    me.page.unroute("**/submit")
    me.taps("确认无误，提交")
    expect(me.page.get_by_role("alert").first).to_contain_text("已经提交")
    assert me.submissions() == 1
    typed = {t["field"]: t["value"] for t in me.api.get(f"/api/v1/cases/{me.number}/fields")["typed"]}
    assert typed["phone"] == "13900000002"


def test_a_form_is_filled_in_and_signed_with_the_finger(running: Running, phones: Phones) -> None:
    me = Applicant(running, phones, {key: file for key, file in ALL.items() if key != "application_form"})
    me.goes("photos", no=me.number)
    me.material("application_form").locator("[data-sign] uni-button").click()
    me.page.wait_for_url("**/pages/sign/**")
    expect(me.page.locator("[data-blank=id_number]")).to_contain_text(TRUTH["id_number"])
    me.taps("签好了")
    expect(me.page.get_by_role("alert")).to_have_text("请先签名。")
    _draws(me, [(0.5, 0.5), (0.51, 0.51)])
    me.taps("签好了")
    expect(me.page.get_by_role("alert")).to_contain_text("签名太小")
    me.taps("重新签")
    for left in (0.1, 0.4, 0.7):
        _draws(me, [(left + 0.04 * n, 0.25 + 0.5 * (n % 2)) for n in range(6)])
    me.taps("签好了")
    expect(me.page.get_by_role("alert")).to_contain_text("请填写：补领原因")
    me.page.locator("[data-blank=reason] uni-button", has_text="遗失").click()
    me.phone.looks_right("sign-drawn")
    me.taps("签好了")
    me.page.wait_for_url("**/pages/photos/**", timeout=READ_MS)
    expect(me.material("application_form").locator(".line .tag.good")).to_be_visible(timeout=READ_MS)
    me.phone.looks_right("sign-among-photos")
    me.hands_in()
    me.page.wait_for_url("**/pages/progress/**")
    me.other.until("preaudit_passed", "in_review")
    found = me.other.desk.get(me.other.desk_path)["findings"]
    assert "application_form" not in {f["material"] for f in found}
    (line,) = [x for x in me.api.get(f"/api/v1/cases/{me.number}/timeline")["timeline"] if x["action"] == "form_signed"]
    assert line["detail"]["at"]
    assert [c for c in me.phone.complaints if "422" not in c] == []  # told what is not filled in


def _draws(me: Applicant, points: list[tuple[float, float]]) -> None:
    """One stroke, in shares of the frame."""
    pad = me.page.locator("uni-canvas:visible").first
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    touches = me.phone.context.new_cdp_session(me.page)
    for n, (x, y) in enumerate(points):
        at = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}]
        touches.send("Input.dispatchTouchEvent", {"type": "touchStart" if n == 0 else "touchMove", "touchPoints": at})
    touches.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    touches.detach()


def test_a_whole_round_of_correction_mends_only_what_was_listed(running: Running, phones: Phones) -> None:
    planted = {
        "id_front": SAMPLES / "id_front_blurred.jpg",
        "application_form": SAMPLES / "application_form_mismatch.jpg",
    }
    me = Applicant(running, phones, {**ALL, **planted})
    me.other.resident.write(f"{me.other.path}/submit")
    me.other.until("in_review")
    _returns(me.other)
    before = _pages(me)
    me.goes("progress", no=me.number)
    me.taps("去补正")
    me.page.wait_for_url("**/pages/mend/**")
    faults = me.page.locator(".fault")
    expect(faults).to_have_count(2)
    expect(me.page.locator("[data-fault=id_front] [role=img]")).to_be_visible()
    form = me.page.locator("[data-fault=application_form]")
    expect(form.locator(".mark")).to_be_visible()
    expect(form).to_contain_text("号码与身份证不一致")
    expect(me.page.get_by_text("已改好 0 / 2")).to_be_visible()
    me.phone.looks_right("mend-all-at-once")
    me.taps("重新提交")
    expect(me.page.get_by_text("还有 2 处没有改，确定提交吗？")).to_be_visible()
    me.page.get_by_text("回去改").click()
    for key in ("id_front", "application_form"):
        _retakes(me, key)
    expect(me.page.get_by_text("已改好 2 / 2")).to_be_visible(timeout=READ_MS)
    me.phone.looks_right("mend-done")
    me.page.locator("uni-button", has_text="重新提交").dblclick()
    me.page.wait_for_url("**/pages/progress/**")
    assert me.submissions() == 2
    after = _pages(me)
    assert {key for key in after if after[key] != before[key]} == {"id_front", "application_form"}
    # nothing is left of what was mended; a person still looks, since the same resident has other cases open
    me.other.until("preaudit_passed", "in_review")
    assert not {f["material"] for f in me.other.desk.get(me.other.desk_path)["findings"]} & {
        "id_front",
        "application_form",
    }
    story.review(me.other)
    me.other.until("preaudit_passed", "collecting")
    expect(me.page.locator(".tag", has_text="材料通过").first).to_be_visible(timeout=READ_MS)
    me.phone.looks_right("mend-passed")
    assert me.phone.complaints == []


def _returns(other: story.Stage) -> None:
    """The pre-auditor returns the form by hand; what the machine found on the card is listed beside it."""
    other.desk.write(f"{other.desk_path}/claim")
    story.answer_alike(other)
    ruling = {"decision": "return", "reason": "申请表上的号码与身份证不一致", "note": "请重新填写申请表后拍照。"}
    other.desk.write(f"{other.desk_path}/materials/application_form/decision", **ruling)
    other.desk.write(f"{other.desk_path}/preaudit", decision="return")


def _pages(me: Applicant) -> dict[str, list[str]]:
    return {m["key"]: [p["id"] for p in m["pages"]] for m in me.other.case()["materials"]}


def _retakes(me: Applicant, key: str) -> None:
    """From the phone's files, as who has no camera does."""
    me.page.locator(f"[data-fault={key}] uni-button:visible").first.click()
    me.page.wait_for_url("**/pages/camera/**")
    with me.page.expect_file_chooser() as chosen:
        me.page.locator(".tools:visible").locator("uni-button", has_text="从相册/文件选").click()
    chosen.value.set_files(ALL[key])
    me.taps("就用这张")
    me.page.wait_for_url("**/pages/mend/**")
    expect(me.page.locator(f"[data-fault={key}] .tag.good")).to_be_visible(timeout=READ_MS)
