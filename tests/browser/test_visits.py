"""A place at a window on the phone: booked, its code read by the window, the queue seen, given back."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from cases.appointments import Office
from storage.appointment_tables import appointments
from tests.browser.conftest import House
from tests.browser.residents import SOCIAL_CARD, Phones
from tests.browser.test_couriers import at_home, decoded
from tests.web.world import SYSTEM

ALL_DAY = ("00:00-23:30",)
OFFICE = Office("hz-1", "赤岗派出所户政窗口", "海珠区赤岗路1号", "440105", "020-00000000", ALL_DAY, ALL_DAY, 30, 2)
pytestmark = pytest.mark.timeout(120)


def opened(house: House) -> None:
    with house.town.database.transaction() as tx:
        tx.appointments.put_office(OFFICE, actor=SYSTEM)


def brought_to(house: House, start: datetime) -> None:
    """The test's way of letting time go by."""
    with house.town.database.transaction() as tx:
        tx.execute(update(appointments).values(start=start, end=start + timedelta(minutes=30)))


def test_a_visit_is_booked_and_its_code_checks_in(house: House, phones: Phones) -> None:
    opened(house)
    me, api = at_home(house, phones)
    page, desk = me.page, house.town.desk()
    me.goes("visit", code=SOCIAL_CARD)
    expect(page.locator("[data-office=hz-1]")).to_contain_text("现在不用排队")
    page.locator(".day").nth(1).click()
    expect(page.locator(".slot").first).to_contain_text("余 2")
    page.locator(".slot").nth(20).click()
    me.phone.looks_right("visit-slots")
    page.locator(".foot uni-button:visible").click()
    visit = page.locator("[data-visit]")
    expect(visit).to_contain_text("10:00–10:30")
    code = decoded(page.locator("[data-code]:visible"))
    assert code == api.get("/api/v1/appointments")["appointments"][0]["code"]
    me.phone.looks_right("visit-booked")
    brought_to(house, house.town.now())
    assert desk.post("/desk/api/offices/hz-1/check-in", code=code)["state"] == "checked_in"
    me.taps("刷新")
    expect(page.locator("[data-waiting]")).to_contain_text("现在排队 1 人")
    me.phone.looks_right("visit-checked-in")
    assert me.phone.complaints == []


def test_a_visit_is_given_back_and_another_is_booked(house: House, phones: Phones) -> None:
    opened(house)
    me, api = at_home(house, phones, 414)
    page = me.page
    no = house.town.passed(api)
    me.goes("progress", no=no)
    me.taps("预约去窗口")
    page.locator(".day").nth(2).click()
    page.locator(".slot").nth(18).click()
    page.locator(".foot uni-button:visible").click()
    expect(page.locator("[data-visit]")).to_contain_text("09:00–09:30")
    assert api.get("/api/v1/appointments")["appointments"][0]["case"] == no
    page.locator("uni-button:visible", has_text="取消预约").click()
    page.locator(".uni-modal__btn_primary").click()
    expect(page.locator("[data-office=hz-1]")).to_be_visible()
    expect(page.get_by_text("已取消")).to_be_visible()
    me.phone.looks_right("visit-cancelled")


def test_a_place_that_was_taken_meanwhile_is_said_and_shown_full(house: House, phones: Phones) -> None:
    opened(house)
    me, _ = at_home(house, phones)
    page = me.page
    me.goes("visit", code=SOCIAL_CARD)
    page.locator(".day").nth(1).click()
    page.locator(".slot").nth(20).click()
    start = (house.town.now() + timedelta(hours=8 + 24)).strftime("%Y-%m-%dT10:00:00+08:00")
    for who in ("a", "b"):
        house.town.resident(who).post("/api/v1/appointments", 201, item=SOCIAL_CARD, office="hz-1", start=start)
    page.locator(".foot uni-button:visible").click()
    expect(page.locator("[role=alert]:visible")).to_contain_text("满")
    expect(page.locator(".slot").nth(20)).to_contain_text("满")
