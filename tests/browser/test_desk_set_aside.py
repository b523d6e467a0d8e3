"""What the program left to a person, on the board and on its page, in a browser."""

import pytest
from playwright.sync_api import expect

from cases.effects import JobKind
from storage import set_aside
from storage.words import Role
from tests.browser.seats import House, Seats
from tests.web.test_set_aside import a_case, quarantined
from tests.web.world import SYSTEM

pytestmark = pytest.mark.timeout(300)


def test_a_supervisor_releases_ends_and_deals_with_what_was_set_aside(house: House, seats: Seats) -> None:
    town = house.town
    no = a_case(town)
    quarantined(town, no, JobKind.DOCUMENT_MAKE, "d")
    quarantined(town, None, JobKind.INBOX_HANDLE, "i")
    with town.database.transaction() as tx:
        set_aside.note_infected(tx, no, "page-1", "Eicar-Test-Signature", SYSTEM)
    boss = seats.take("zhuguan", Role.SUPERVISOR)
    page = boss.page
    page.goto("/desk/board")
    expect(page.get_by_role("link", name="搁置的任务")).to_contain_text("2")
    boss.looks_right("desk-board-set-aside")
    page.get_by_role("link", name="搁置的任务").click()
    expect(page.get_by_role("heading", name="搁置的任务和带毒文件")).to_be_visible()
    boss.looks_right("desk-jobs")
    page.locator("tr", has_text="制作文书").get_by_role("button", name="放行").click()
    expect(page.get_by_text("制作文书")).to_have_count(0)
    page.on("dialog", lambda asked: asked.accept())
    row = page.locator("tr", has_text="处理寄递推送")
    row.get_by_label("结束的原因").select_option("not_wanted")
    row.get_by_role("button", name="结束").click()
    expect(page.get_by_text("没有搁置的任务。")).to_be_visible()
    page.get_by_role("button", name="已处理").click()
    expect(page.get_by_text("没有待处理的带毒文件。")).to_be_visible()
    boss.looks_right("desk-jobs-empty")
