"""The item manager in a browser: an item is changed, a fault shown and mended, the change looked at as residents will see it
and tried on a past case, approved by a second person and published; then residents read it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cases.effects import JobKind
from preaudit.region import region_of
from storage.finding import RegionNames
from storage.words import Role
from tests.browser.conftest import House, Phone
from tests.browser.seats import Seats
from tests.web.catalogue_world import CODE, past_case, publish_faultless, works
from tests.web.world import World
from workers.demo.photos import SAMPLES

pytestmark = pytest.mark.timeout(120)
PROMISED = "承诺时限（工作日）"


@pytest.fixture
def town(house: House) -> World:
    region = region_of("440105")
    assert region is not None
    publish_faultless(house.town)
    with house.town.database.transaction() as tx:
        tx.put_region_names(RegionNames("440105", region.name, region.departments))
        tx.put_retained_proofs("440105", region.retained_proofs)
    return house.town


def linted(page: Page, town: World, revision: int) -> None:
    """What was saved last, as the worker lints it."""
    expect(page.locator("#state")).to_contain_text(f"第{revision}次修改")
    works(town, JobKind.ITEM_LINT)
    expect(page.locator("#lint .tag")).not_to_have_text("进行中")


def test_an_item_is_published(house: House, town: World, seats: Seats, phones: Callable[..., Phone]) -> None:
    past_case(town, (SAMPLES / "id_front.jpg").read_bytes(), width=2000, height=1400)
    manager = seats.take("wang", Role.ITEM_MANAGER)
    page = manager.page
    expect(page.get_by_role("heading", name="事项", exact=True)).to_be_visible()
    manager.looks_right("desk-items")
    page.get_by_role("link", name="社会保障卡补领", exact=True).click()
    expect(page.get_by_role("heading", name="版本", exact=True)).to_be_visible()
    manager.looks_right("desk-item")
    page.keyboard.press("e")
    page.wait_for_url("**/catalogue/drafts/*")

    # a fault is shown beside its field, and mended
    page.get_by_label(PROMISED).fill("30")
    page.keyboard.press("Tab")
    linted(page, town, 2)
    expect(page.locator("#lint .tag.bad")).to_be_visible()
    expect(page.locator("#g-limits .problem:visible")).to_contain_text("超过法定时限")
    manager.looks_right("desk-item-fault")
    page.get_by_label(PROMISED).fill("5")
    page.get_by_label("事项名称").fill("社会保障卡补领换领")
    front = page.get_by_role("group", name="1 居民身份证（人像面）")
    front.get_by_role("button", name="＋ 增加核对").click()
    front.get_by_label("核对2", exact=True).fill("id_number_valid")
    page.keyboard.press("Tab")
    expect(front.locator(".said").nth(1)).to_have_text("身份证号码有效")
    linted(page, town, 6)
    expect(page.locator("#lint .tag.good")).to_be_visible()
    manager.looks_right("desk-item-form")

    # a second editor who has an older page open is told
    other = seats.take("zhao", Role.ITEM_MANAGER)
    other.page.goto(page.url)
    page.get_by_label("办理说明").fill("社会保障卡遗失、损坏后补领或换领新卡。")
    page.keyboard.press("Tab")
    linted(page, town, 7)
    other.page.get_by_label("结果名称").fill("别的")
    other.page.keyboard.press("Tab")
    expect(other.page.locator("#notice")).to_contain_text("wang刚刚修改了这份草稿")

    # as residents will see it
    page.keyboard.press("Escape")
    page.keyboard.press("3")
    guide = page.frame_locator("iframe")
    expect(guide.get_by_text("社会保障卡补领换领").first).to_be_visible()
    expect(guide.get_by_text("居民身份证（人像面）").first).to_be_visible()
    expect(guide.get_by_text("开始办理")).to_have_count(0)
    manager.looks_right("desk-item-preview")
    page.keyboard.press("4")
    expect(page.locator("ins", has_text="换领").first).to_be_visible()
    manager.looks_right("desk-item-diff")
    page.keyboard.press("2")
    expect(page.locator("#yaml")).to_contain_text("社会保障卡补领换领")
    manager.looks_right("desk-item-yaml")

    # over past cases
    page.keyboard.press("5")
    page.wait_for_url("**/backtest")
    page.keyboard.press("t")
    expect(page.get_by_text("正在回测")).to_be_visible()
    works(town, JobKind.ITEM_BACKTEST)
    expect(page.get_by_text("新提出").first).to_be_visible()
    expect(page.locator(".looked-pages image").first).to_be_visible()
    manager.looks_right("desk-item-backtest")

    # by two people
    page.keyboard.press("6")
    page.get_by_label("修改的内容和依据").fill("按省厅文件核对证件号码")
    page.get_by_role("button", name="提交审批").click()
    expect(page.get_by_text("等待另一人审批")).to_be_visible()
    expect(page.get_by_role("button", name="批准", exact=True)).to_have_count(0)
    second = seats.take("li", Role.SUPERVISOR)
    second.page.goto(page.url)
    second.looks_right("desk-item-approval")
    second.page.get_by_label("审批意见").fill("同意")
    second.page.get_by_role("button", name="批准", exact=True).click()
    expect(second.page.get_by_text("等待发布")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text("起生效")).to_be_visible()
    manager.looks_right("desk-item-published")

    phone = phones(house.url)
    phone.page.goto(f"/app/#/pages/guide/index?code={CODE}")
    expect(phone.page.get_by_text("社会保障卡补领换领").first).to_be_visible()
