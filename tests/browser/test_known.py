"""The second case of somebody needs fewer photographs: what was handed in before is used on consent, a registry proves
another paper, and both can be taken back."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.residents import READ_MS, SOCIAL_CARD, Phones, Resident, resident
from workers.demo import story
from workers.demo.client import Api
from workers.demo.photos import photos
from workers.demo.show import Running, stage

SHOP = "440105-GTHDJ"
pytestmark = pytest.mark.timeout(200)


def at_home(running: Running, me: Resident, item: str) -> story.Stage:
    """The same account, as its program calls."""
    here = stage(running, photos(None, SOCIAL_CARD), item, None)
    here.resident = Api(running.url, {"Authorization": f"Bearer {me.token()}"})
    story.read_guide(here)
    story.open_case(here)
    return here


def passes_a_first_case(running: Running, me: Resident) -> None:
    first = at_home(running, me, SOCIAL_CARD)
    story.send_good(first)
    story.submit(first)
    story.review(first)


def known(me: Resident, key: str) -> Locator:
    return me.material(key).locator("[data-known]")


def says_missing(me: Resident, count: int) -> None:
    expect(me.page.locator(".foot uni-button:visible")).to_contain_text(f"还差 {count} 项")


def test_the_second_case_of_somebody_needs_fewer_photographs(running: Running, phones: Phones) -> None:
    me = resident(running, phones)
    with me.page.expect_response("**/api/v1/cases"):
        me.goes("mine")
    passes_a_first_case(running, me)
    second = at_home(running, me, SHOP)
    me.goes("photos", no=second.number)
    expect(known(me, "id_front")).to_contain_text("这份材料您以前交过")
    expect(known(me, "own_certificate")).to_contain_text("不动产登记信息")
    expect(known(me, "application_form")).to_have_count(0)
    says_missing(me, 4)
    me.phone.looks_right("known-offered")
    for key in ("id_front", "id_back"):
        known(me, key).locator("uni-button").click()
        expect(me.material(key).locator("[data-known=used]")).to_contain_text("不用再拍")
        expect(me.material(key).locator(".tag.good")).to_be_visible()
    known(me, "own_certificate").locator("uni-button").click()
    proven = me.material("own_certificate").locator("[data-known=used]")
    expect(proven).to_contain_text("已由不动产登记信息核验", timeout=READ_MS)
    says_missing(me, 1)
    me.phone.looks_right("known-used")
    known(me, "id_back").locator("uni-button", has_text="撤回").click()
    expect(me.material("id_back").locator("[data-known=offered]")).to_be_visible()
    says_missing(me, 2)
    assert second.case()["papers_saved"] == 2
    _sees_what_was_asked(me)
    _in_large_english(me, second.number)
    assert me.phone.complaints == []


def _sees_what_was_asked(me: Resident) -> None:
    me.page.goto("/app/#/pages/mine/data")
    asked = me.page.locator(".card", has_text="向主管部门核验的记录")
    expect(asked).to_contain_text("不动产权证书（自有房屋）")
    expect(asked.locator(".tag")).to_have_text("已核验")
    expect(me.page.locator(".card", has_text="以前的材料再次使用")).to_contain_text("已不再使用")
    me.phone.looks_right("known-my-data")


def _in_large_english(me: Resident, number: str) -> None:
    me.page.goto("/app/")
    me.taps("大字")
    me.taps("English")
    me.goes("photos", no=number)
    expect(known(me, "id_back")).to_contain_text("You handed this in before")
    expect(known(me, "own_certificate")).to_contain_text("the real estate register")
    me.phone.looks_right("known-large-english")
