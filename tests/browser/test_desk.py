"""The desk in a browser: a case reviewed without the mouse, two auditors who want the same case, and every page looked at
at the two sizes of an office's screens."""

import itertools

import pytest
from playwright.sync_api import expect

from cases.findings import FindingCode, found
from cases.readings import Confirmed, Field
from storage.words import Role
from tests.browser.conftest import House
from tests.browser.seats import Seats
from tests.storage.kept import reading
from tests.web.world import APPLICANT, JPEG, World
from workers.demo.photos import SAMPLES

WIDE, HIGH = 2000, 1400
_PEOPLE = itertools.count(1)
pytestmark = pytest.mark.timeout(120)


def to_review(world: World) -> str:
    """A case with a doubt, its pages read, the pictures real."""
    me = world.resident()
    # somebody else each time, with papers of their own: else the one would look like the other's double
    applicant = {**APPLICANT, "id_number": f"44010519900307{next(_PEOPLE):04d}"}
    no = me.opens(applicant=applicant)
    for material in ("id_front", "form"):
        me.uploads(no, material, JPEG + material.encode() + no.encode())
    world.read_all(no)
    me.post(f"/api/v1/cases/{no}/submit")
    box = ((300.0, 300.0), (900.0, 300.0), (900.0, 380.0), (300.0, 380.0))
    fields = {
        "name": Field("陈样本", 0.9, Confirmed.ONE_READER, box),
        "id_number": Field("440105199003070019", 0.99, Confirmed.CHECKSUM, box),
    }
    for page in world.file(no).pages:
        copy = world.blobs.put((SAMPLES / "id_front.jpg").read_bytes())
        with world.database.transaction() as tx:
            tx.save_reading(page.id, reading("陈样本", fields=fields, width=WIDE, height=HIGH), copy)
    world.judge(no, "review", found(FindingCode.MISMATCH, material="form", field="name"))
    return no


def test_a_case_is_reviewed_by_keyboard_only(house: House, seats: Seats) -> None:
    first, second = to_review(house.town), to_review(house.town)
    seat = seats.take("shenhe", Role.PRE_AUDITOR)
    page, keys = seat.page, seat.page.keyboard
    expect(page.get_by_role("heading", name="待领取")).to_be_visible()
    seat.looks_right("desk-queue")
    page.goto(f"/desk/cases/{first}")
    keys.press("c")
    expect(page.get_by_text("您已领取")).to_be_visible()
    expect(page.locator(".stage svg image")).to_be_visible()
    seat.looks_right("desk-case")
    whole = page.locator(".stage svg").get_attribute("viewBox")
    keys.press("1")
    expect(page.locator(".box.here")).to_be_visible()
    assert page.locator(".stage svg").get_attribute("viewBox") != whole
    seat.looks_right("desk-case-field")
    keys.press("0")
    assert page.locator(".stage svg").get_attribute("viewBox") == whole
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
    seat.looks_right("desk-letter")
    keys.press("s")
    page.wait_for_url(f"**/desk/cases/{second}")
    expect(page.get_by_text("您已领取")).to_be_visible()
    assert house.town.file(first).case.state == "returned"
    assert [m.reason for m in house.town.file(first).materials if m.key == "form"] == ["姓名与申请不一致"]


def test_two_auditors_want_the_same_case_and_one_gets_it(house: House, seats: Seats) -> None:
    no = to_review(house.town)
    one, other = seats.take("first", Role.PRE_AUDITOR), seats.take("second", Role.PRE_AUDITOR)
    for seat in (one, other):
        seat.page.goto("/desk/queues/unclaimed")
    one.page.locator("button", has_text="领取").click()
    one.page.wait_for_url(f"**/desk/cases/{no}")
    other.page.locator("button", has_text="领取").click()
    expect(other.page.locator("#notice")).to_contain_text("正由first办理")
    other.looks_right("desk-taken")
    other.page.goto(f"/desk/cases/{no}")
    expect(other.page.get_by_text("first办理中")).to_be_visible()
    expect(other.page.locator("button", has_text="认可")).to_have_count(0)


def test_supervisors_pages(house: House, seats: Seats) -> None:
    to_review(house.town)
    seat = seats.take("jiandu", Role.SUPERVISOR, Role.CLERK)
    for path, head in (("board", "电子监察"), ("statistics", "统计")):
        seat.page.goto(f"/desk/{path}")
        expect(seat.page.get_by_role("heading", name=head, exact=True)).to_be_visible()
        if path == "statistics":
            expect(seat.page.locator(".chart svg").first).to_be_visible()
        seat.looks_right(f"desk-{path}")
