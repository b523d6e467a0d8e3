"""The auditors' pages in a browser: the record fits, who looked at a case, how long what is kept, proofs, holds."""

import pytest
from playwright.sync_api import expect

from storage.finding import RegionNames
from storage.words import Role
from tests.browser.seats import House, Seats
from tests.browser.test_desk import to_review
from tests.web.test_retention import passes, sweep
from workers import record

pytestmark = pytest.mark.timeout(120)


def test_an_auditor_sees_that_the_record_fits_and_who_looked(house: House, seats: Seats) -> None:
    town = house.town
    with town.database.transaction() as tx:
        tx.put_region_names(RegionNames("440105", "海珠区", {"rsj": "人力资源和社会保障局", "gaj": "公安局"}))
    no = to_review(town)
    looking = seats.take("kan", Role.PRE_AUDITOR)
    looking.page.goto(f"/desk/cases/{no}")
    expect(looking.page.locator("main")).to_contain_text(no)
    record.anchor(town.database)
    for _ in range(20):
        record.check(town.database)
    seat = seats.take("shenji", Role.AUDITOR)
    page = seat.page
    page.get_by_role("link", name="审计").click()
    expect(page.get_by_text("全部吻合")).to_be_visible()
    seat.looks_right("desk-record")
    page.get_by_role("link", name="查看记录").click()
    page.get_by_label("办件编号", exact=True).fill(no)
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("cell", name="kan")).to_be_visible()
    expect(page.locator("main")).to_contain_text("人力资源和社会保障局")
    seat.looks_right("desk-record-looks")


def test_what_is_over_is_gone_with_a_proof_and_what_is_held_stays(house: House, seats: Seats) -> None:
    town, me = house.town, house.town.resident()
    gone, held = me.opens(), me.opens()
    for no in (gone, held):
        me.uploads(no, "id_front", f"picture of {no}".encode())
        me.post(f"/api/v1/cases/{no}/withdraw")
    seat = seats.take("guan", Role.ADMINISTRATOR)
    page = seat.page
    page.goto("/desk/retention")
    page.get_by_label("办件编号").fill(held)
    page.get_by_label("原因").fill("行政诉讼")
    page.get_by_role("button", name="暂停销毁").click()
    expect(page.get_by_role("cell", name="行政诉讼")).to_be_visible()
    passes(town, 31)
    sweep(town)
    seat.context.clear_cookies()
    again = seats.take("shenji2", Role.AUDITOR)
    again.page.goto("/desk/retention")
    again.looks_right("desk-retention")
    again.page.get_by_role("link", name="销毁证明").click()
    expect(again.page.get_by_role("cell", name="没有提交的草稿及其照片")).to_be_visible()
    again.looks_right("desk-deletions")
    again.page.get_by_label("办件编号或页的编号").fill(held)
    again.page.get_by_role("button", name="查询").click()
    expect(again.page.get_by_text("没有证明提到它")).to_be_visible()
    assert [town.file(no).case.applicant.name for no in (gone, held)] == ["", "陈样本"]
