"""A supervisor's board in a browser: what is late and who holds it, urging and its inbox, a bad rating put right, a complaint
answered; every page looked at at both sizes."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from cases.deadlines import beijing_day
from storage.tables import cases
from storage.words import Role
from tests.browser.seats import House, Seats
from tests.web.test_care import complains, delivered
from tests.web.world import World

pytestmark = pytest.mark.timeout(120)


def late(world: World, hours: float, **values: Any) -> str:
    """A case handed in, and how long ago (or from now) its time ended."""
    me = world.resident()
    no = me.opens()
    me.submits(no)
    now = world.database.now()
    usual = {"state": "in_review", "state_since": now - timedelta(days=3), "deadline_at": now - timedelta(hours=hours)}
    with world.database.transaction() as tx:
        tx.execute(update(cases).where(cases.c.number == no).values(**{**usual, **values}))
    return no


def furnished(world: World) -> str:
    now = world.database.now()
    today = beijing_day(now)
    first = late(world, 100)  # later than the promise below at every hour of the day
    late(world, 2)
    late(world, -2)
    late(world, 30, state="collecting")
    late(world, 5, state="returned")
    for days in (-3, 1):
        due = {"promised_due": today + timedelta(days=days), "statutory_due": today + timedelta(days=days + 2)}
        late(world, -99, state="processing", accepted_at=now - timedelta(days=20), **due)
    return first


def test_a_supervisor_sees_what_is_late_and_urges_whoever_holds_it(house: House, seats: Seats) -> None:
    first = furnished(house.town)
    boss = seats.take("zhuguan", Role.SUPERVISOR)
    page = boss.page
    page.goto("/desk/board")
    expect(page.get_by_role("heading", name="电子监察")).to_be_visible()
    expect(page.locator("tbody tr").first).to_contain_text(first)
    boss.looks_right("desk-board")
    page.get_by_role("link", name="已超时").click()
    expect(page.locator(".light.yellow")).to_have_count(0)
    page.get_by_role("link", name="已超时").click()
    page.locator("tr", has_text=first).get_by_role("button", name="催办").click()
    said = page.get_by_label("催办的话")
    expect(said).to_have_value("请抓紧：领取并完成预审，或改派他人")
    boss.looks_right("desk-board-urging")
    said.fill("今天下班前办完")
    said.press("Enter")
    expect(page.get_by_text("已送到对方的催办箱")).to_be_visible()
    page.goto("/desk/board/rules")
    expect(page.get_by_role("heading", name="预警和督办规则")).to_be_visible()
    boss.looks_right("desk-board-rules")
    page.goto("/desk/board?holder=resident")
    expect(page.locator("tbody tr:not(.more)")).to_have_count(1)

    auditor = seats.take("yushen", Role.PRE_AUDITOR)
    expect(auditor.page.locator("nav b.many")).to_have_text("1")
    auditor.page.get_by_role("link", name="催办").click()
    expect(auditor.page.get_by_text("今天下班前办完")).to_be_visible()
    auditor.looks_right("desk-urges")
    auditor.page.get_by_role("button", name="签收").click()
    expect(auditor.page.get_by_text("没有待签收的催办")).to_be_visible()


def test_a_bad_rating_is_put_right_and_a_complaint_answered(house: House, seats: Seats) -> None:
    world = house.town
    me = world.resident("chen")
    no = delivered(world, me)
    me.post(f"/api/v1/cases/{no}/rating", level=5, text="窗口来回跑了三趟，没有人说清楚要什么材料")
    filed = complains(me, no, text="交了材料两周没有人理，打电话也没有人接")
    boss = seats.take("zhuguan2", Role.SUPERVISOR)
    page = boss.page
    page.goto("/desk/rectifications")
    boss.looks_right("desk-rectifications")
    page.locator("tbody a").first.click()
    page.get_by_role("button", name="分派").click()
    page.get_by_role("button", name="查看联系电话").click()
    expect(page.get_by_text("13800000000")).to_be_visible()
    boss.looks_right("desk-rectification")
    page.get_by_label("核实的情况").fill("已电话核实，属实")
    page.get_by_role("button", name="记录核实结果").click()
    page.get_by_label("整改措施和结果").fill("已统一一次性告知的清单，并向评价人道歉")
    proof = {"name": "整改说明.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    page.locator("input[type=file]").set_input_files(proof)  # type: ignore[arg-type]
    page.get_by_role("button", name="整改完成").click()
    page.get_by_label("回访情况").fill("评价人表示满意")
    page.get_by_role("button", name="记录回访结果").click()
    expect(page.locator("[aria-current=step]")).to_have_text("已办结")
    boss.looks_right("desk-rectification-closed")
    page.goto("/desk/complaints")
    boss.looks_right("desk-complaints")
    page.get_by_role("link", name="办得慢、没人管").click()
    page.get_by_role("button", name="受理").click()
    page.get_by_label("答复内容").fill("已查明是漏派，今天办结，向您道歉")
    boss.looks_right("desk-complaint")
    page.get_by_role("button", name="发出答复").click()
    expect(page.get_by_text("已答复，等投诉人的意见")).to_be_visible()
    assert me.get(f"/api/v1/complaints/{filed['id']}")["answer"] == "已查明是漏派，今天办结，向您道歉"
    page.goto("/desk/follow-ups")
    page.get_by_role("button", name="打电话").click()
    expect(page.get_by_text("13800000000")).to_be_visible()
    boss.looks_right("desk-follow-ups")
    page.get_by_role("button", name="已接通").click()
    expect(page.get_by_text("没有待回访的办件")).to_be_visible()
