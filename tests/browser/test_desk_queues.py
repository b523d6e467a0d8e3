"""The desk's queues in a browser: work found, taken, decided and gone on from by keyboard alone, and two auditors."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from storage.tables import cases
from storage.words import Role
from tests.browser.seats import House, Seats
from tests.browser.test_desk import to_review
from tests.web.world import World

pytestmark = pytest.mark.timeout(120)


def changed(world: World, no: str, **values: object) -> None:
    with world.database.transaction() as tx:
        now = tx.now()
        moved = {name: now + at if isinstance(at, timedelta) else at for name, at in values.items()}
        tx.execute(update(cases).where(cases.c.number == no).values(**moved))


def test_a_case_is_taken_decided_and_followed_by_the_next_by_keyboard_alone(house: House, seats: Seats) -> None:
    late, back, plain = numbers = [to_review(house.town) for _ in range(3)]
    changed(house.town, late, deadline_at=timedelta(hours=-2))
    changed(house.town, back, round=1, deadline_at=timedelta(hours=6))
    changed(house.town, plain, deadline_at=timedelta(days=2), test=True)
    seat = seats.take("shenhe", Role.PRE_AUDITOR)
    page, keys = seat.page, seat.page.keyboard
    expect(page.get_by_role("heading", name="待领取")).to_be_visible()
    keys.press("4")
    expect(page.get_by_role("heading", name="身份存疑")).to_be_visible()
    expect(page.locator("tr[data-row]")).to_have_count(2)
    page.wait_for_load_state()
    for key in "jjk":
        keys.press(key)
    seat.looks_right("desk-queue-row")
    keys.press("Enter")
    page.wait_for_url(f"**/desk/cases/{late}")
    expect(page.get_by_text("您已领取")).to_be_visible()
    expect(page.locator("#next")).to_have_attribute("data-case", back)
    page.evaluate("window.stays = true")
    keys.press("a")
    expect(page.locator("[data-material=id_front] .tag")).to_have_text("已通过")
    keys.press("j")
    expect(page.locator("[data-material=form] [data-sheet]").first).to_have_attribute("aria-pressed", "true")
    keys.press("x")
    keys.type("姓名与申请不一致")
    keys.press("Enter")
    expect(page.locator("[data-material=form]")).to_contain_text("理由：姓名与申请不一致")
    keys.press("b")
    expect(page.locator("#letter")).to_contain_text("姓名与申请不一致")
    keys.press("s")
    expect(page.locator(".casehead .number")).to_have_text(back)
    expect(page.get_by_text("您已领取")).to_be_visible()
    assert page.url.endswith(f"/desk/cases/{back}")
    assert page.evaluate("window.stays"), "what was loaded ahead is shown without loading the page again"
    assert [house.town.file(n).case.state for n in (late, back)] == ["returned", "in_review"]
    assert [n for n in numbers if house.town.file(n).extra["claimed_by"]] == [back]
    keys.press("a")
    expect(page.locator("[data-material=id_front] .tag")).to_have_text("已通过")
    keys.press("n")
    page.wait_for_url("**/desk/queues/doubtful")
    assert [n for n in numbers if house.town.file(n).extra["claimed_by"]] == []
    keys.press("/")
    keys.type("13800000000")
    keys.press("Enter")
    expect(page.locator("#found a")).to_have_count(3)
    seat.looks_right("desk-found")
    keys.press("ArrowDown")
    keys.press("Enter")
    page.wait_for_url(f"**/desk/cases/{plain}")


def test_who_comes_second_gets_the_next_case_and_who_loses_one_is_told(house: House, seats: Seats) -> None:
    wanted, following = to_review(house.town), to_review(house.town)
    one, other = seats.take("first", Role.PRE_AUDITOR), seats.take("second", Role.PRE_AUDITOR)
    for seat in (one, other):
        seat.page.goto("/desk/queues/unclaimed")
    one.page.keyboard.press("j")
    one.page.keyboard.press("Enter")
    one.page.wait_for_url(f"**/desk/cases/{wanted}")
    other.page.keyboard.press("j")
    other.page.keyboard.press("Enter")
    expect(other.page.locator("#notice")).to_contain_text("正由first办理")
    other.page.keyboard.press("n")
    other.page.wait_for_url(f"**/desk/cases/{following}")
    boss = seats.take("zhuguan", Role.SUPERVISOR)
    boss.page.goto("/desk/queues/review")
    boss.page.locator("tr", has_text="first").locator("summary").click()
    boss.looks_right("desk-take-away")
    boss.page.locator("details[open] input[name=reason]").fill("请先处理加急件")
    boss.page.locator("details[open] button", has_text="收回").click()
    expect(boss.page.locator("tr", has_text="first")).to_have_count(0)
    one.page.goto("/desk/queues/unclaimed")
    expect(one.page.locator("#lost")).to_contain_text("已由zhuguan收回：请先处理加急件")
    one.looks_right("desk-lost")
    one.page.get_by_role("button", name="知道了").click()
    expect(one.page.locator("#lost")).to_be_empty()
