"""The people of the desk in a browser: an administrator adds somebody, who signs in; one's own account is renewed."""

import pyotp
import pytest
from playwright.sync_api import expect

from storage.finding import RegionNames
from storage.words import Role
from tests.browser.seats import House, Seats
from tests.web.world import PASSWORD

pytestmark = pytest.mark.timeout(120)


def test_somebody_is_added_and_given_other_roles(house: House, seats: Seats) -> None:
    with house.town.database.transaction() as tx:
        tx.put_region_names(RegionNames("440105", "海珠区", {"rsj": "人力资源和社会保障局", "gaj": "公安局"}))
    seat = seats.take("guanli", Role.ADMINISTRATOR)
    page, keys = seat.page, seat.page.keyboard
    page.get_by_role("link", name="人员").click()
    expect(page.get_by_role("heading", name="人员", exact=True)).to_be_visible()
    page.get_by_label("姓名").focus()
    keys.type("李样本")
    keys.press("Tab")
    keys.type("li.yangben")
    page.get_by_label("区域").select_option("440105")
    page.get_by_label("部门经办人").check()
    page.get_by_label("人力资源和社会保障局").check()
    seat.looks_right("desk-staff")
    page.get_by_role("button", name="新增", exact=True).click()
    expect(page.get_by_text("只显示这一次")).to_be_visible()
    seat.looks_right("desk-staff-once")
    page.get_by_role("link", name="查看该人员").click()
    page.get_by_label("预审员").check()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存")).to_be_visible()
    expect(page.get_by_label("预审员")).to_be_checked()
    with house.town.database.reading() as tx:
        found = tx.staff.by_login("li.yangben")
    assert found is not None
    assert found.roles == {Role.CLERK, Role.PRE_AUDITOR}
    seat.looks_right("desk-staff-one")
    page.get_by_role("button", name="停用").click()
    expect(page.get_by_text("已停用")).to_be_visible()


def test_ones_own_secret_is_renewed_and_sessions_are_seen(house: House, seats: Seats) -> None:
    seat = seats.take("zhanghao", Role.CLERK)
    page = seat.page
    page.locator(".who").click()
    expect(page.get_by_text("本机")).to_be_visible()
    seat.looks_right("desk-account")
    part = page.locator("#totp")
    part.get_by_label("现在的密码").fill(PASSWORD)
    part.get_by_label("现在的动态码").fill(pyotp.TOTP(seat.secret).at(house.town.database.now(), counter_offset=1))
    part.get_by_role("button", name="开始更换").click()
    expect(part.get_by_role("img", name="动态码的二维码")).to_be_visible()
    seat.looks_right("desk-account-totp")
    secret = part.locator(".number").inner_text()
    part.get_by_label("新的动态码").fill(pyotp.TOTP(secret).at(house.town.database.now()))
    part.get_by_role("button", name="启用").click()
    expect(part.get_by_text("新的动态码已启用")).to_be_visible()
