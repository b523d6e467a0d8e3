"""The residents' app in a browser, against the whole running service: the life of a case with real pictures, from
looking for the item to the rating. The other sides call the API, as their programs do."""

import pytest
from playwright.sync_api import expect

from tests.browser.residents import READ_MS, SOCIAL_CARD, Phones, Resident, resident
from workers.demo import story
from workers.demo.client import Api
from workers.demo.photos import SAMPLES, photos
from workers.demo.show import Running, stage

FIRST_SCREEN_BYTES = 250_000
pytestmark = pytest.mark.timeout(400)


def office(running: Running, me: Resident, number: str) -> story.Stage:
    """The other sides of a case, and the resident's own view of it."""
    here = stage(running, photos(None, SOCIAL_CARD), SOCIAL_CARD, None)
    here.resident = Api(running.url, {"Authorization": f"Bearer {me.token()}"})
    here.number = number
    story.read_guide(here)
    return here


def where_now(other: story.Stage) -> str:
    """Who holds the application form, as the service says it."""
    return next(str(o["holder_label"]) for o in other.case()["originals"] if o["key"] == "application_form")


def test_a_case_from_looking_for_the_item_to_the_rating(running: Running, phones: Phones) -> None:
    me = resident(running, phones)
    page, phone = me.page, me.phone
    number = _finds_and_opens(me)
    _photographs(me)
    me.hands_in()
    page.wait_for_url("**/pages/progress/**")
    expect(page.locator(".title")).to_contain_text("社会保障卡补领")
    phone.looks_right("app-progress-submitted")
    other = office(running, me, number)
    other.until("in_review", "preaudit_passed")
    story.review(other)
    story.pack(other)
    _books(me, "collection")
    story.collect(other)
    expect(page.locator(".card .line", has_text="申请表")).to_contain_text(where_now(other))
    phone.looks_right("app-progress-collected")
    for step in (story.confirm_originals, story.accept, story.decide, story.conclude):
        step(other)
    _books(me, "delivery")
    story.deliver(other)
    _rates(me)
    assert other.case()["rating"]["level"] == 4
    me.goes("mine")
    expect(page.locator(".card", has_text="社会保障卡补领")).to_be_visible()
    phone.looks_right("app-mine")
    assert phone.complaints == []


def _finds_and_opens(me: Resident) -> str:
    page, phone = me.page, me.phone
    page.goto("/app/")
    expect(page.locator(".card .title").first).to_be_visible()
    phone.looks_right("app-find")
    page.locator("input").fill("社会保障卡")
    found = page.locator(".card[role=link]", has_text="身份证原件核验后随新卡一并寄回")
    expect(found).to_be_visible()
    phone.looks_right("app-found")
    found.click()
    expect(page.get_by_text("要准备什么")).to_be_visible()
    phone.looks_right("app-guide")
    me.taps("开始办理")
    expect(page.get_by_text("您的材料怎样使用")).to_be_visible()
    phone.looks_right("app-consent")
    me.agrees()
    phone.looks_right("app-apply")
    return me.fills_in()


def _photographs(me: Resident) -> None:
    phone = me.phone
    expect(me.material("id_front")).to_be_visible()
    phone.looks_right("app-photos-empty")
    me.photographs("id_front", SAMPLES / "id_front_blurred.jpg")
    front = me.material("id_front")
    expect(front.locator(".advice")).to_be_visible(timeout=READ_MS)
    phone.looks_right("app-photos-advice")
    me.photographs("id_front", SAMPLES / "id_front.jpg", "重拍")
    files = {"id_back": "id_back.jpg", "application_form": "application_form.jpg", "photo_receipt": "photo_receipt.pdf"}
    for key, file in files.items():
        me.photographs(key, SAMPLES / file)
    for key in ("id_front", *files):
        expect(me.material(key).locator(".line .tag.good")).to_be_visible(timeout=READ_MS)
        expect(me.material(key).locator(".advice")).to_have_count(0)
    phone.looks_right("app-photos-read")


def _books(me: Resident, leg: str) -> None:
    page = me.page
    page.locator("uni-button:visible", has_text="选上门时间").click(timeout=READ_MS)
    page.wait_for_url("**/pages/courier/**")
    windows = page.locator(".windows uni-button:visible")
    expect(windows.first).to_be_visible()
    windows.nth(1).click()
    me.phone.looks_right(f"app-windows-{leg}")
    page.locator(".foot uni-button:visible").click()
    page.wait_for_url("**/pages/progress/**")
    waybill = page.locator(f"[data-leg={leg}] [data-waybill]")
    expect(waybill).to_be_visible(timeout=READ_MS)
    me.phone.looks_right(f"app-booked-{leg}")


def _rates(me: Resident) -> None:
    page = me.page
    expect(page.locator(".levels")).to_be_visible(timeout=READ_MS)
    me.phone.looks_right("app-delivered")
    page.locator(".levels uni-button").nth(3).click()
    page.locator("[aria-label='哪里没做好？'] input").fill("等得有点久")
    me.taps("发送")
    expect(page.locator(".levels")).to_have_count(0)


def test_a_network_that_is_lost_in_the_middle_of_an_upload_loses_no_picture(running: Running, phones: Phones) -> None:
    me = resident(running, phones, 414)
    me.opens_a_case()
    expect(me.material("id_back")).to_be_visible()
    me.phone.context.set_offline(True)
    me.photographs("id_back", SAMPLES / "id_back.jpg")
    expect(me.material("id_back")).to_contain_text("网络不通")
    me.phone.shot("app-upload-offline")
    me.phone.context.set_offline(False)
    me.page.reload()
    expect(me.material("id_back").locator(".line .tag.good")).to_be_visible(timeout=READ_MS)
    expect(me.material("id_back").locator(".line")).to_have_count(1)


@pytest.mark.parametrize("width", [360, 414])
def test_large_type_and_english_fit_the_screen(running: Running, phones: Phones, width: int) -> None:
    me = resident(running, phones, width)
    me.page.goto("/app/")
    me.taps("大字")
    me.taps("English")
    expect(me.page.get_by_text("Services").first).to_be_visible()
    me.phone.looks_right("app-find-large-english")
    me.goes("guide", code=SOCIAL_CARD)
    expect(me.page.get_by_text("What you need")).to_be_visible()
    me.phone.looks_right("app-guide-large-english")
    me.goes("apply", code=SOCIAL_CARD)
    me.taps("Agree")
    expect(me.page.get_by_text("Who is it for")).to_be_visible()
    me.phone.looks_right("app-apply-large-english")


def test_the_first_screen_is_small_on_the_wire(running: Running, phones: Phones) -> None:
    me = resident(running, phones)
    taken: list[int] = []
    me.page.on("requestfinished", lambda r: taken.append(r.sizes()["responseBodySize"]))
    me.page.goto("/app/", wait_until="networkidle")
    assert 0 < sum(taken) < FIRST_SCREEN_BYTES
