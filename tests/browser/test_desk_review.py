"""The screen of a case in a browser: what looks alike is answered, a return with its letter, the resident's new page, a
second round, a pass; and a refusal that takes a second person."""

import itertools
import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from cases.findings import FindingCode, found
from cases.lifecycle import MaterialState
from cases.readings import Confirmed, Field
from storage.words import Role
from tests.browser.seats import House, Seats
from tests.storage.kept import reading
from tests.web.world import APPLICANT, JPEG, Caller, World
from workers.demo.photos import SAMPLES

WIDE, HIGH = 2000, 1400
BOX = ((300.0, 300.0), (900.0, 300.0), (900.0, 380.0), (300.0, 380.0))
MISMATCH = found(FindingCode.MISMATCH, material="form", page=1, field="name", box=BOX)
CROSS = [{"same": ["id_front.name", "form.applicant_name"]}]
pytestmark = pytest.mark.timeout(120)
_PEOPLE = itertools.count(1)


def opened(me: Caller, **changes: str) -> str:
    applicant = {**APPLICANT, "id_number": f"44010519850101{next(_PEOPLE):04d}", **changes}
    return me.opens(applicant=applicant)


def photograph(me: Caller, no: str, material: str, name: str = "陈样本", picture: bytes = b"") -> None:
    """Photographed and read; the small copy is a real picture."""
    world = me.world
    sheet = me.uploads(no, material, picture or JPEG + material.encode() + no.encode() + name.encode())["id"]
    world.read(no, sheet)
    fields = {
        "name": Field(name, 0.9, Confirmed.ONE_READER, BOX),
        "id_number": Field("440105199003070019", 0.99, Confirmed.CHECKSUM, BOX),
    }
    copy = world.blobs.put((SAMPLES / "id_front.jpg").read_bytes())
    with world.database.transaction() as tx:
        tx.save_reading(sheet, reading(no, fields=fields, width=WIDE, height=HIGH), copy)


def to_review(world: World, me: Caller, picture: bytes = b"") -> str:
    no = opened(me)
    photograph(me, no, "id_front", "陈祥本", picture)
    photograph(me, no, "form")
    me.post(f"/api/v1/cases/{no}/submit")
    world.judge(no, "review", MISMATCH)
    return no


def test_a_return_a_resubmission_and_a_pass(house: House, seats: Seats) -> None:
    world = house.town
    world.publish(version=9, cross_checks=CROSS)
    me, she = world.resident(), world.resident("she")
    to_review(world, she, JPEG + b"the same file")
    no = to_review(world, me, JPEG + b"the same file")
    seat = seats.take("shenhe", Role.PRE_AUDITOR)
    page, keys = seat.page, seat.page.keyboard
    page.goto(f"/desk/cases/{no}")
    keys.press("c")
    expect(page.get_by_text("您已领取")).to_be_visible()
    # somebody else's picture: side by side, and nothing can be decided before
    expect(page.locator(".twin")).to_contain_text("他人的另一件办件")
    expect(page.locator(".twin img")).to_have_count(2)
    expect(page.get_by_role("button", name="认可")).to_have_count(0)
    seat.looks_right("desk-review-twins")
    keys.press("i")
    expect(page.locator(".twin")).to_have_count(0)
    # what differs, side by side, and to its place
    keys.press("m")
    expect(page.locator(".fact.differs .odd").first).to_contain_text("陈祥本")
    seat.looks_right("desk-review-facts")
    page.locator(".odd button").first.click()
    expect(page.locator(".box.here")).to_have_count(1)
    keys.press("f")
    keys.press("a")
    expect(page.locator("[data-material=id_front] .tag")).to_have_text("已通过")
    keys.press("j")
    expect(page.locator("[data-material=form] [data-sheet]").first).to_have_attribute("aria-pressed", "true")
    keys.press("x")
    seat.looks_right("desk-review-reasons")
    keys.press("3")
    picked = page.locator("[data-material=form] input[name=reason]").input_value()
    keys.press("Enter")
    expect(page.locator("[data-material=form]")).to_contain_text(f"理由：{picked}")
    # the letter is seen before it is sent
    keys.press("b")
    expect(page.locator("#letter")).to_contain_text(picked)
    seat.looks_right("desk-review-letter")
    keys.press("s")
    expect(page).not_to_have_url(re.compile(no))
    assert world.file(no).case.state == "returned"
    assert [f.message for f in world.file(no).corrections[0].findings] == [picked]

    # photographed again; what is wrong with the new page needs no word of the auditor's
    (old,) = world.file(no).pages_of("form")
    me.ask("DELETE", f"/api/v1/cases/{no}/pages/{old.id}")
    photograph(me, no, "form", "陈样")
    me.post(f"/api/v1/cases/{no}/submit")
    world.judge(no, "review", MISMATCH)
    page.goto(f"/desk/cases/{no}")
    keys.press("c")
    expect(page.get_by_text("您已领取")).to_be_visible()
    expect(page.get_by_text("第1次补正后")).to_be_visible()
    page.locator("[data-material=form] [data-sheet]").click()
    keys.press("x")
    keys.type("姓名少写一个字")
    keys.press("Enter")
    expect(page.locator("[data-material=form]")).to_contain_text("理由：姓名少写一个字")
    keys.press("b")
    expect(page.locator("#letter .causes")).to_contain_text("问题出在补正后新交的页面上")
    seat.looks_right("desk-review-second-letter")
    keys.press("s")
    expect(page).not_to_have_url(re.compile(no))
    assert [c.because for c in world.file(no).corrections] == [None, "new_page"]

    (old,) = world.file(no).pages_of("form")
    me.ask("DELETE", f"/api/v1/cases/{no}/pages/{old.id}")
    photograph(me, no, "form", "陈样本")
    me.post(f"/api/v1/cases/{no}/submit")
    world.judge(no, "review", MISMATCH)
    page.goto(f"/desk/cases/{no}")
    keys.press("c")
    expect(page.get_by_text("您已领取")).to_be_visible()
    expect(page.get_by_text("第2次补正后")).to_be_visible()
    keys.press("t")
    expect(page.locator("#panel-past")).to_contain_text("第2次补正告知")
    keys.press("p")
    expect(page).not_to_have_url(re.compile(no))
    assert world.file(no).case.state == "preaudit_passed"


def test_a_refusal_takes_a_second_person_and_a_deferral_its_promise(house: House, seats: Seats) -> None:
    world = house.town
    no = to_review(world, world.resident())
    first, second = seats.take("first", Role.PRE_AUDITOR), seats.take("second", Role.PRE_AUDITOR)
    page = first.page
    page.goto(f"/desk/cases/{no}")
    page.keyboard.press("c")
    expect(page.get_by_text("您已领取")).to_be_visible()
    form = page.locator("[data-material=form]")
    form.locator("input[name=reason]").fill("表格系伪造")
    form.get_by_role("button", name="不予认可").click()
    expect(form.locator(".proposal")).to_contain_text("等待另一位工作人员复核")
    photo = page.locator("[data-material=photo]")
    photo.locator("summary").click()
    photo.locator("input[type=date]").fill(f"{(world.database.now() + timedelta(days=7)):%Y-%m-%d}")
    first.looks_right("desk-review-defer")
    photo.get_by_role("button", name="容缺受理").click()
    expect(photo).to_contain_text("本人承诺于")
    expect(page.get_by_role("button", name="通过")).to_be_disabled()
    first.looks_right("desk-review-waiting")

    other = second.page
    other.goto("/desk/second")
    expect(other.get_by_role("table")).to_contain_text("表格系伪造")
    second.looks_right("desk-second")
    other.get_by_role("link", name="复核", exact=True).last.click()
    other.get_by_role("button", name="同意不予认可材料").click()
    expect(other.locator("[data-material=form] .tag")).to_have_text("要重新交")
    refused = world.file(no).material("form")
    assert refused is not None
    assert (refused.state, refused.reason) == (MaterialState.RETURNED, "表格系伪造")
