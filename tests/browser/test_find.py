"""Finding and the guide in the residents' app: a resident's words, their region, what has happened, and what is needed."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.residents import SOCIAL_CARD, Phones, Resident, resident
from workers.demo.show import Running

pytestmark = pytest.mark.timeout(200)
BIRTH = "440105-CSDJ"
IDENTITY = "440105-JMSFZ-BL"


def opened(running: Running, phones: Phones, width: int = 360) -> Resident:
    me = resident(running, phones, width)
    me.page.goto("/app/")
    expect(me.page.locator(".tile").first).to_be_visible()
    expect(me.page.locator(".item").first).to_be_visible()
    return me


def found(me: Resident, words: str) -> Locator:
    """The items that the words find."""
    with me.page.expect_response(lambda answer: "/api/v1/items?q=" in answer.url and "q=&" not in answer.url):
        me.page.locator("input").fill(words)
    return me.page.locator(".card[role=link]")


def test_the_region_is_chosen_once_and_its_items_are_found_by_plain_words(running: Running, phones: Phones) -> None:
    me = opened(running, phones)
    me.phone.looks_right("find-first")
    me.taps("成都市武侯区")
    expect(me.page.locator(".item .region").first).to_have_text("成都市武侯区")
    me.page.reload()
    expect(me.page.locator(".place")).to_contain_text("成都市武侯区")
    first = found(me, "社保咔掉了").first
    expect(first).to_contain_text("社会保障卡补领")
    expect(first).to_contain_text("成都市武侯区")
    expect(found(me, "房子卖了要办啥").first).to_contain_text("存量房转移登记")
    expect(me.page.get_by_text("成都市武侯区没有这件事")).to_be_visible()
    me.phone.looks_right("find-elsewhere")
    expect(found(me, "修电脑😀").first).to_contain_text("社会保障卡补领")
    expect(me.page.get_by_text("没有找到“修电脑😀”")).to_be_visible()
    me.phone.looks_right("find-nothing")
    assert me.phone.complaints == []


def test_what_has_happened_lists_its_items(running: Running, phones: Phones) -> None:
    me = opened(running, phones, 414)
    me.taps("广州市海珠区")
    me.page.locator("[data-event=birth]").click()
    expect(me.page.locator(".item")).to_have_count(3)
    expect(me.page.locator(".item").first).to_contain_text("生育登记")
    me.phone.looks_right("find-event")
    me.taps("返回")
    expect(me.page.locator(".tile")).to_have_count(7)


def test_questions_narrow_the_papers_without_signing_in_and_are_not_asked_again(
    running: Running, phones: Phones
) -> None:
    me = resident(running, phones)
    me.goes("guide", code=BIRTH)
    needs = me.page.locator(".needs")
    expect(needs).to_contain_text("如果父母双方已领结婚证，才需要")
    me.phone.looks_right("guide-open")
    for key, answer in (("married", "是"), ("late", "不是"), ("over_a_year", "不是")):
        me.page.locator(f"[data-question={key}]").get_by_text(answer, exact=True).click()
    expect(needs.locator("[data-paper=marriage_certificate]")).to_be_visible()
    for gone in ("unmarried_statement", "late_statement", "parentage_report"):
        expect(needs.locator(f"[data-paper={gone}]")).to_have_count(0)
    expect(needs).to_contain_text("要准备 8 样")
    expect(needs).to_contain_text("有 3 样不用准备")
    expect(needs).to_contain_text("快递来收原件，由窗口留存")
    me.phone.looks_right("guide-answered")
    assert me.page.evaluate("localStorage.getItem('zerotrip.token')") is None
    me.page.locator("[data-paper=birth_certificate] .thumb").click()
    expect(me.page.locator("img[src*='birth_certificate']")).not_to_have_count(1)
    me.phone.shot("guide-sample")
    me.page.reload()
    me.taps("开始办理")
    me.agrees()
    expect(me.page.locator("[data-question=married] [aria-checked=true]")).to_have_text("是")
    expect(me.page.locator(".needs")).to_contain_text("结婚证")
    assert me.phone.complaints == []


def test_what_needs_a_visit_says_why_and_leads_to_booking_one(running: Running, phones: Phones) -> None:
    me = resident(running, phones)
    me.goes("guide", code=IDENTITY)
    expect(me.page.get_by_text("须由本人到派出所现场采集人像和指纹")).to_be_visible()
    me.phone.looks_right("guide-visit")
    me.taps("预约去窗口")
    me.page.wait_for_url(f"**/pages/visit/index?code={IDENTITY}")


def test_what_can_be_looked_up_stays_at_home_for_whoever_has_signed_in(running: Running, phones: Phones) -> None:
    me = resident(running, phones)
    me.goes("guide", code=SOCIAL_CARD)
    expect(me.page.locator(".needs")).to_be_visible()
    expect(me.page.locator(".stays")).to_have_count(0)
    me.goes("mine")
    expect(me.page.get_by_text("还没有办件")).to_be_visible()
    me.goes("guide", code=SOCIAL_CARD)
    expect(me.page.locator(".stays")).to_contain_text("居民身份证（人像面）")
    me.phone.looks_right("guide-stays")
    me.page.locator("[data-question=under_16]").get_by_text("是", exact=True).click()
    expect(me.page.locator(".stays")).not_to_contain_text("居民身份证（人像面）")


def test_in_english_and_in_large_type_everything_fits(running: Running, phones: Phones) -> None:
    me = opened(running, phones)
    me.taps("English")
    expect(me.page.locator(".tile").first).to_contain_text("Having a child")
    me.taps("Haizhu")
    me.taps("Large type")
    expect(found(me, "lost social card").first).to_contain_text("Replacement of a social security card")
    me.phone.looks_right("find-english-large")
    me.page.locator(".clear").click()
    expect(me.page.locator(".tile").first).to_be_visible()
    me.phone.looks_right("find-first-english-large")
    me.goes("guide", code=SOCIAL_CARD)
    expect(me.page.locator(".needs")).to_contain_text("Only if the card holder is under 16")
    me.phone.looks_right("guide-english-large")
    assert me.phone.complaints == []
