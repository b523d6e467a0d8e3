"""Departments in a browser: a clerk decides with the keyboard, days are asked for and granted by another, what nobody is
competent for is routed, a message is sent again, a window counts for another office. Every page is looked at."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from cases.appointments import Office
from cases.lifecycle import AssignmentState
from storage import outgoing
from storage.finding import RegionNames
from storage.outgoing import Attempt
from storage.words import Role
from tests.browser.conftest import House
from tests.browser.seats import Seats
from tests.cases.world import ITEM
from tests.web.world import SYSTEM, World

pytestmark = pytest.mark.timeout(120)
DEPARTMENTS = {"rsj": "海珠区人力资源和社会保障局", "gaj": "广州市公安局海珠分局", "jdb": "海珠区各街道办事处"}
LOST = {
    "key": "lost",
    "days": 1,
    "task": "居住地核查",
    "competent": {"by": "address.county", "equals": {"番禺区": "jdb"}},
}
TOGETHER = {"key": "site", "department": "gaj", "days": 2, "task": "现场核验", "joint": ["rsj"]}


@pytest.fixture
def seats(browser: Browser, house: House) -> Iterator[Seats]:
    world = house.town
    with world.database.transaction() as tx:
        tx.put_region_names(RegionNames("440105", "广州市海珠区", DEPARTMENTS, "", {}))
        hours = ("09:00-17:00",)
        for code, name in (("hz-1", "海珠区政务服务中心"), ("hz-2", "江南中街政务窗口")):
            tx.appointments.put_office(Office(code, name, "某路1号", "440105", "020-1", hours), actor=SYSTEM)
    made = Seats(browser, house)
    yield made
    made.leave()


def passed(world: World) -> str:
    me = world.resident()
    no = me.opens()
    me.submits(no)
    world.judge(no, "passed")
    return no


def processing(world: World, **item: Any) -> str:
    if item:
        world.publish(version=9, **item)
    no, desk = passed(world), world.system(Role.INTAKE)
    received = [{"key": o.key, "copies": o.copies} for o in world.file(no).originals]
    desk.post(f"/desk/api/cases/{no}/originals", received=received)
    desk.post(f"/desk/api/cases/{no}/accept")
    world.route(no)
    return no


def test_days_are_asked_for_by_a_clerk_and_granted_by_another(house: House, seats: Seats) -> None:
    world = house.town
    no = processing(world, routing=[*ITEM["routing"], TOGETHER])
    clerk, boss = seats.take("jingban", Role.CLERK), seats.take("zhuguan", Role.SUPERVISOR)
    clerk.page.goto("/desk/assignments?department=gaj")
    expect(clerk.page.get_by_role("cell", name=re.compile("照片核验"))).to_be_visible()
    clerk.looks_right("desk-assignments")
    clerk.page.goto(f"/desk/cases/{no}")
    clerk.page.locator("summary", has_text="申请延期").focus()
    clerk.page.keyboard.press("Enter")
    clerk.page.keyboard.press("Tab")
    clerk.page.keyboard.type("5")
    clerk.page.keyboard.press("Tab")
    clerk.page.keyboard.type("需要外地协查")
    clerk.page.keyboard.press("Enter")
    expect(clerk.page.locator(".clocks")).to_contain_text("待批准")
    clerk.looks_right("desk-case-departments")
    boss.page.goto("/desk/assignments/requests")
    boss.looks_right("desk-requests")
    boss.page.get_by_role("button", name="批准", exact=True).click()
    expect(boss.page.locator(".empty")).to_have_text("没有待批准的申请。")
    clerk.page.reload()
    expect(clerk.page.locator(".clocks")).to_contain_text("已批准")
    photo = clerk.page.locator(".assignment", has_text="照片核验")
    photo.get_by_label("审批意见").focus()
    clerk.page.keyboard.type("照片一致")
    clerk.page.keyboard.press("Tab")
    clerk.page.keyboard.press("Tab")
    clerk.page.keyboard.press("Enter")
    clerk.page.wait_for_url("**/desk/assignments?department=gaj")
    decided = next(a for a in world.file(no).assignments if a.key == "photo")
    assert (decided.state, decided.opinion) == (AssignmentState.APPROVED, "照片一致")


def test_what_no_rule_routed_is_routed_and_what_was_told_is_told_again(house: House, seats: Seats) -> None:
    world = house.town
    with world.database.transaction() as tx:
        book = tx.department_systems
        system = book.add("公安业务系统", ["gaj"], region="440105", actor=SYSTEM)
        book.new_key(system, actor=SYSTEM)
        taking, _ = book.add_endpoint(system, "https://oa.gaj.example.gov.cn/zerotrip/news", actor=SYSTEM)
        other = book.add("人社业务系统", ["rsj"], actor=SYSTEM)
        off, _ = book.add_endpoint(other, "https://rsj.example.gov.cn/hooks", actor=SYSTEM)
        book.disable(off.id, "failing", actor=SYSTEM)
    no = processing(world, routing=[*ITEM["routing"], LOST])
    with world.database.transaction() as tx:
        (sent,), _ = outgoing.deliveries(tx, taking.id)
        for status, problem in ((None, "timeout"), (503, None), (204, None)):
            outgoing.attempted(tx, sent.id, Attempt(tx.now(), status, problem, 812))
        outgoing.settle(tx, sent.id, outgoing.DeliveryState.DELIVERED)
    boss = seats.take("zhuguan", Role.SUPERVISOR)
    page = boss.page
    page.goto("/desk/assignments?department=unrouted")
    expect(page.get_by_text("待人工分派")).to_be_visible()
    boss.looks_right("desk-unrouted")
    page.get_by_label("部门", exact=True).select_option("jdb")
    page.get_by_label("理由").fill("住在赤岗街")
    page.keyboard.press("Enter")
    expect(page.locator(".empty")).to_have_text("没有待分派的任务。")
    assert next(a for a in world.file(no).assignments if a.key == "lost").department == "jdb"
    page.goto(f"/desk/systems?endpoint={taking.id}")
    expect(page.locator(".finding")).to_contain_text("已自动停用")
    boss.looks_right("desk-systems")
    page.locator("tr", has_text="assignment.opened").get_by_role("button", name="重发").click()
    expect(page.locator("tbody .tag", has_text="待送")).to_be_visible()
    page.get_by_role("button", name="重新启用").click()
    expect(page.locator(".finding")).to_have_count(0)


def test_a_window_counts_for_another_office(house: House, seats: Seats) -> None:
    no = passed(house.town)
    seat = seats.take("chuangkou", Role.INTAKE)
    page = seat.page
    page.goto("/desk/window")
    page.get_by_label("窗口", exact=True).select_option("hz-2")
    page.get_by_label("办件编号").fill(no)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("社会保障卡补领"))).to_be_visible()
    seat.looks_right("desk-window")
    page.get_by_role("button", name="清点无误，收件").click()
    expect(page.get_by_text("原件已收齐")).to_be_visible()
    page.get_by_role("button", name="受理").click()
    expect(page.get_by_text("现在不需要窗口收件")).to_be_visible()
    case = house.town.file(no).case
    assert (case.state, case.received_office) == ("accepted", "hz-2")
