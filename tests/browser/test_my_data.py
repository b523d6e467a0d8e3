"""What is kept about oneself, who looked, how long it stays, on phones' screens."""

import pytest
from playwright.sync_api import expect

from storage.words import Role
from tests.browser.seats import House
from tests.browser.test_couriers import Phones, at_home

pytestmark = pytest.mark.timeout(120)


def test_who_looked_and_how_long_it_is_kept_stand_in_the_app(house: House, phones: Phones) -> None:
    me, api = at_home(house, phones)
    town, page = house.town, me.page
    api.post("/api/v1/consents", 201, kind="materials", version="1")
    no = town.passed(api)
    clerk = town.system(Role.PRE_AUDITOR)
    for path in (f"/desk/api/cases/{no}", f"/desk/api/cases/{no}/pages/{town.file(no).pages[0].id}"):
        clerk.get(path)
    page.goto("/app/#/pages/mine/data")
    expect(page.get_by_text("谁看过我的信息")).to_be_visible()
    expect(page.get_by_text("预审人员").first).to_be_visible()
    expect(page.get_by_text("照片只用于本次办理")).to_be_visible()
    expect(page.get_by_text("没有提交的草稿及其照片")).to_be_visible()
    me.phone.looks_right("my-data-kept-and-seen")
    page.get_by_text("谁看过我的信息").scroll_into_view_if_needed()
    me.phone.shot("my-data-seen")


def test_an_account_waits_for_its_case_and_then_goes(house: House, phones: Phones) -> None:
    me, api = at_home(house, phones)
    page, no = me.page, api.opens()
    api.submits(no)
    page.goto("/app/#/pages/mine/account")
    expect(page.get_by_text("先要办完的")).to_be_visible()
    expect(page.get_by_text("您可以等它办结，也可以现在撤回")).to_be_visible()
    me.phone.looks_right("my-account")
    me.taps("办完后自动注销")
    page.get_by_text("确定", exact=True).last.click()
    expect(page.get_by_text("办完后自动注销，不再另行通知")).to_be_visible()
    me.phone.shot("my-account-waits")
    me.taps("撤回能撤回的，并注销")
    page.get_by_text("确定", exact=True).last.click()
    expect(page.locator("[data-gone]")).to_contain_text("账户已经注销")
    expect(page.get_by_text("第十九条")).to_be_visible()
    me.phone.looks_right("my-account-gone")
    assert page.evaluate("localStorage.getItem('zerotrip.token')") is None
    api.get("/api/v1/me/account", 401)
