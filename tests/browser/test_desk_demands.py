"""Mending after acceptance in browsers: a clerk asks, a supervisor grants, the resident photographs on the phone, the clerk
looks and takes it; then a decision with a file. Every page is looked at."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from cases.actions import attaching
from cases.actions.demanded import record_demanded
from cases.actions.judging import Verdict
from cases.lifecycle import AssignmentState
from storage.finding import RegionNames
from storage.words import Role
from tests.browser.conftest import Phone
from tests.browser.residents import Resident
from tests.browser.seats import House, Seats
from tests.browser.test_desk_departments import DEPARTMENTS, processing
from tests.web.world import JPEG, World
from workers.demo.photos import SAMPLES

pytestmark = pytest.mark.timeout(150)
WHY = "工作单位与社保登记不一致，请更正后重新填写"


@pytest.fixture
def seats(browser: Browser, house: House) -> Iterator[Seats]:
    with house.town.database.transaction() as tx:
        tx.put_region_names(RegionNames("440105", "广州市海珠区", DEPARTMENTS, "", {}))
    made = Seats(browser, house)
    yield made
    made.leave()


def came(world: World, no: str) -> None:
    """The worker's part: what was photographed is read and judged."""
    world.read_all(no)
    world.decide(no, lambda file, now: record_demanded(file, Verdict("review", (), {}), now))


def checked(world: World, no: str) -> None:
    (file,) = world.file(no).decision_files
    picture = world.blobs.put(JPEG)
    world.decide(no, lambda of, now: attaching.record_checked(of, file.id, picture, None, now))


def test_papers_are_mended_after_acceptance_and_a_decision_brings_a_file(
    house: House, seats: Seats, phones: Callable[..., Phone]
) -> None:
    world = house.town
    no = processing(world)
    clerk, boss = seats.take("jingban", Role.CLERK), seats.take("zhuguan", Role.SUPERVISOR)
    desk = clerk.page
    desk.goto(f"/desk/cases/{no}")
    desk.locator("summary", has_text="要求补正材料").click()
    desk.get_by_label("补领申请表").fill(WHY)
    desk.get_by_label("补正的理由").fill("与社保登记不一致")
    clerk.looks_right("desk-demand-asked")
    desk.get_by_role("button", name="提交批准").first.click()
    expect(desk.locator(".clocks")).to_contain_text("待批准")
    boss.page.goto("/desk/assignments/requests")
    expect(boss.page.locator("tbody")).to_contain_text(WHY)
    boss.looks_right("desk-demand-requested")
    boss.page.get_by_role("button", name="批准", exact=True).click()
    expect(boss.page.locator(".empty")).to_have_text("没有待批准的申请。")

    resident = Resident(phones(house.url))
    token = world.resident().headers["Authorization"].removeprefix("Bearer ")
    resident.page.add_init_script(f"localStorage['zerotrip.token'] = '{token}'")
    resident.goes("mend", no=no)
    fault = resident.page.locator("[data-fault=form]")
    expect(fault).to_contain_text(WHY)
    expect(resident.page.locator("uni-button", has_text="重新提交")).to_have_count(0)
    resident.phone.looks_right("mend-after-acceptance")
    fault.locator("uni-button", has_text=re.compile("重拍|去拍照")).first.click()
    with resident.page.expect_file_chooser() as chosen:
        resident.page.locator(".tools:visible uni-button", has_text="从相册/文件选").click()
    chosen.value.set_files(SAMPLES / "application_form.jpg")
    resident.taps("就用这张")
    resident.page.wait_for_url("**/pages/mend/**")
    expect(fault.locator(".tag")).to_contain_text(re.compile("正在|稍"))
    came(world, no)
    expect(fault.locator(".tag")).to_have_text("已收到，正在核对")
    resident.goes("progress", no=no)
    expect(resident.page.locator("[data-standing]")).to_contain_text("等您补正的时间不计入办理期限")

    desk.goto("/desk/demands")
    expect(desk.get_by_role("link", name="核对")).to_be_visible()
    clerk.looks_right("desk-demands")
    desk.get_by_role("link", name="核对").click()
    expect(desk.locator("#demand")).to_contain_text("已补正，待核对")
    clerk.looks_right("desk-demand-came")
    desk.locator("#demand").get_by_role("button", name="通过").click()
    expect(desk.locator("#demand")).to_have_count(0)
    assert world.file(no).open_special is None

    card = desk.locator(".assignment", has_text="制卡")
    pdf = {"name": "准予补领决定书.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 a decision"}
    card.locator("input[type=file]").set_input_files(pdf)
    expect(card).to_contain_text("正在检查")
    checked(world, no)
    expect(card.get_by_role("link", name="准予补领决定书.pdf")).to_be_visible()
    clerk.looks_right("desk-decision-file")
    card.get_by_role("button", name="同意", exact=True).click()
    desk.wait_for_url("**/desk/assignments?department=rsj")
    decided = next(a for a in world.file(no).assignments if a.key == "card")
    assert decided.state is AssignmentState.APPROVED
