"""The app's page of complaints on the smallest screen: one is filed, its answer read and sent up once; and the question after
a case answered with one tap."""

import json

import pytest
from playwright.sync_api import expect

from storage.words import Role
from tests.browser.conftest import Phone
from tests.browser.seats import House
from tests.web.test_care import caller, delivered
from tests.web.world import Caller

pytestmark = pytest.mark.timeout(120)


def test_a_complaint_is_filed_answered_and_sent_up_in_the_app(house: House, phones: object) -> None:
    world = house.town
    me = world.resident("chen")
    no = delivered(world, me)
    me.post(f"/api/v1/cases/{no}/rating", level=4, text="来回跑")
    phone: Phone = phones(house.url, 360)  # type: ignore[operator]
    page = phone.page
    kept = json.dumps({"type": "string", "data": me.headers["Authorization"].removeprefix("Bearer ")})
    page.add_init_script(f"localStorage.setItem('zerotrip.token', {json.dumps(kept)})")
    page.goto(f"/app/#/pages/complaints/index?no={no}")
    page.get_by_text("都解决了", exact=True).click()
    expect(page.get_by_text("谢谢，我们记下了")).to_be_visible()
    page.get_by_role("radio", name="服务态度").click()
    page.locator("textarea").fill("窗口说话很不耐烦")
    phone.looks_right("app-complaint")
    page.get_by_text("提交投诉").click()
    expect(page.get_by_text("待受理")).to_be_visible()
    _answered(caller(world, Role.SUPERVISOR)[0])
    page.reload()
    expect(page.get_by_text("已约谈，向您道歉")).to_be_visible()
    phone.looks_right("app-complaint-answered")
    page.get_by_text("不满意，转上级复核").click()
    expect(page.get_by_text("上级复核中")).to_be_visible()


def _answered(boss: Caller) -> None:
    (one,) = boss.get("/desk/api/complaints")["complaints"]
    boss.post(f"/desk/api/complaints/{one['id']}/take")
    boss.post(f"/desk/api/complaints/{one['id']}/answer", text="已约谈，向您道歉")
