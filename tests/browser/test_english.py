"""The app in English and large type on the smallest screen: finding, applying, a blurred photograph and what to do about it,
handing in, following. No Chinese is left but names: of people and places, and what is printed on the papers."""

import re

import pytest
from playwright.sync_api import Locator, expect

from cases.items import Item
from preaudit.catalogue import find
from tests.browser.residents import READ_MS, SOCIAL_CARD, TRUTH, Phones
from tests.browser.test_correcting import ALL, Applicant
from workers.demo.photos import SAMPLES
from workers.demo.show import Running

pytestmark = pytest.mark.timeout(120)
SHOWN = """() => {
  const texts = [];
  for (const node of document.querySelectorAll("body *")) {
    if (!node.checkVisibility() || node.closest("[aria-hidden=true]")) continue;
    for (const child of node.childNodes) if (child.nodeType === Node.TEXT_NODE) texts.push(child.textContent.trim());
    for (const name of ["aria-label", "placeholder", "alt", "title"]) texts.push(node.getAttribute(name) ?? "");
    if (node instanceof HTMLInputElement) texts.push(node.value);
  }
  return texts;
}"""
HAN = re.compile(r"[\u3400-\u9fff]+")
PLACES = ("广东省", "广州市", "海珠区", "江南大道中258号")
TO_CHINESE = "中文"
"""What the button says that leads back."""


def _printed(item: Item) -> set[str]:
    """What the item's own form says: whoever compares looks for these signs."""
    labels = {label for spec in item.materials for label in spec.form_fields}
    return labels | {choice for spec in item.materials for choices in spec.choices.values() for choice in choices}


MASKED = f"{TRUTH['name'][0]}*{TRUTH['name'][-1]}"
NAMES = {*PLACES, MASKED, TO_CHINESE, *_printed(find(SOCIAL_CARD).item), *(str(value) for value in TRUTH.values())}


class Visitor(Applicant):
    """Who reads no Chinese."""

    def chinese(self) -> set[str]:
        """What is left on the page without names."""
        own = re.compile("|".join(sorted((re.escape(name) for name in NAMES if name), key=len, reverse=True)))
        return {text for text in self.page.evaluate(SHOWN) if HAN.search(own.sub("", text))}

    def reads(self, name: str) -> None:
        """A picture is kept; what is left of Chinese fails the test at its end, with everything else that is."""
        self.page.wait_for_load_state("networkidle")
        self.phone.flaws += [f"{name}: {text}" for text in sorted(self.chinese())]
        self.phone.looks_right(f"english-{name}")


def test_who_reads_no_chinese_gets_a_case_handed_in(running: Running, phones: Phones) -> None:
    me = Visitor(running, phones, {key: file for key, file in ALL.items() if key != "id_front"})
    me.page.goto("/app/")
    me.taps("大字")
    me.taps("English")
    expect(me.page.get_by_text("Services").first).to_be_visible()
    me.reads("find")
    me.goes("guide", code=SOCIAL_CARD)
    expect(me.page.get_by_text("What you need").first).to_be_visible()
    me.reads("guide")
    me.goes("apply", code=SOCIAL_CARD)
    me.taps("Agree and go on")
    expect(me.page.get_by_text("Who is it for")).to_be_visible()
    me.reads("apply")

    me.goes("photos", no=me.number)
    _photographs(me, SAMPLES / "id_front_blurred.jpg", "Choose a file")
    front = me.material("id_front")
    expect(front).to_contain_text("The picture is blurred", timeout=READ_MS)
    expect(front).to_contain_text("Please hold the phone still")
    assert not _overlap(front.locator(".line .tag"), front.locator("uni-button", has_text="Retake"))
    me.reads("advice")
    front.locator("uni-button", has_text="Retake").first.click()
    _photographs(me, ALL["id_front"], "Choose a file", on_camera=True)
    expect(front.locator(".line .tag.good")).to_be_visible(timeout=READ_MS)
    me.reads("photos")
    me.taps("Next: check")
    me.page.wait_for_url("**/pages/check/**")
    expect(me.page.locator("[data-field]").first).to_be_visible()
    me.reads("check")
    me.taps("All correct, submit")
    me.page.wait_for_url("**/pages/progress/**")
    me.other.until("preaudit_passed", "in_review")
    me.page.reload()
    expect(me.page.locator("[data-standing]")).to_be_visible()
    me.reads("progress")
    me.goes("mine")
    expect(me.page.get_by_text("Replacement of a social security card").first).to_be_visible()
    me.reads("mine")
    assert me.phone.complaints == []


def _overlap(one: Locator, other: Locator) -> bool:
    """Whether one lies over the other."""
    a, b = one.first.bounding_box(), other.first.bounding_box()
    assert a is not None
    assert b is not None
    beside = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
    return not (beside or a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"])


def _photographs(me: Visitor, file: object, button: str, *, on_camera: bool = False) -> None:
    place = me.page.locator(".tools:visible") if on_camera else me.material("id_front")
    with me.page.expect_file_chooser() as chosen:
        place.locator("uni-button", has_text=button).click()
    chosen.value.set_files([str(file)])
    me.taps("Use this one")
    me.page.wait_for_url("**/pages/photos/**")
