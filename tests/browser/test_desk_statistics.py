"""The page of figures in a browser: drawn, said in words, and every figure leading to as many cases as it says."""

import pytest
from playwright.sync_api import expect

from cases.lifecycle import LegState
from cases.model import Direction
from storage.words import Role
from tests.browser.conftest import House
from tests.browser.seats import Seats
from tests.web.world import World

DARKEST = "path[fill='#0a3f7d'], path[fill='rgb(10,63,125)']"
"""The square of a heat map with most in it."""
pytestmark = pytest.mark.timeout(120)


def some_cases(world: World) -> None:
    """One on its way with a courier, one handed in, one only begun."""
    me = world.resident("tongji")
    for step in range(3):
        no = me.opens()
        if step > 0:
            me.submits(no)
        if step > 1:
            world.judge(no, "passed")
            me.books(no, Direction.COLLECTION)
            world.track(no, world.book_at_partner(no), LegState.PICKED_UP)


def test_a_figure_is_followed_to_its_cases_by_keyboard(house: House, seats: Seats) -> None:
    some_cases(house.town)
    seat = seats.take("tongji", Role.SUPERVISOR)
    page = seat.page
    page.goto("/desk/statistics")
    expect(page.locator(".chart svg")).to_have_count(8)
    seat.looks_right("desk-statistics")
    tile = page.locator("a.tile", has_text="提交数")
    count = int(tile.locator("b").inner_text().removesuffix("件").replace(",", ""))
    tile.focus()
    expect(tile.locator("[role=tooltip]")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="提交数")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(count)
    seat.looks_right("desk-statistics-cases")
    page.get_by_role("link", name="← 统计").click()
    page.locator(".chart").first.locator(DARKEST).first.click()
    expect(page.get_by_role("heading", name="提交数")).to_be_visible()
    expect(page.locator(".chosen .tag").first).to_contain_text("周")
    page.goto("/desk/statistics?channel=miniapp&start=2001-01-01&end=2001-01-31")
    expect(page.get_by_text("期间没有寄递。")).to_be_visible()
