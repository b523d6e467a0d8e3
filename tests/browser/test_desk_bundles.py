"""Promised materials, exports and what follows from a case at the desk; a letter verified by anybody on its own page."""

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import expect

from cases.actions.bundling import record_problem
from cases.actions.deferring import on_promises
from cases.effects import Add
from cases.model import Child
from storage.words import Role
from tests.browser.conftest import House
from tests.browser.residents import Phones, Resident
from tests.browser.seats import SCREENS, Seats
from tests.web.test_deferrals import overdue
from tests.web.world import World

pytestmark = pytest.mark.timeout(120)
LETTER = b"%PDF-1.7 the letter as it was handed out"


def verified(town: World, no: str) -> str:
    """The code of a letter whose PDF is there."""
    letter = next(d for d in town.file(no).documents if d.kind == "acceptance")
    town.makes_pdf(no, letter.id, LETTER, hashlib.sha256(LETTER).hexdigest())
    return str(letter.code)


def test_a_promise_that_was_broken_is_ended_from_the_list(house: House, seats: Seats) -> None:
    soon, late = overdue(house.town, 2), overdue(house.town)
    house.town.decide(late, on_promises)
    seat = seats.take("rongque", Role.INTAKE, Role.PRE_AUDITOR, Role.SUPERVISOR)
    page = seat.page
    page.goto("/desk/deferrals")
    expect(page.locator("table.promises tbody tr")).to_have_count(2)
    seat.looks_right("desk-deferrals")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_label("终止说明").fill("三次提醒后仍未补交")
    page.get_by_role("button", name="终止办理").click()
    expect(page.locator("table.promises tbody tr")).to_have_count(1)
    expect(page.get_by_text(soon)).to_be_visible()
    page.goto("/desk/export")
    seat.looks_right("desk-export")


def test_what_follows_from_a_case_stands_on_its_screen(house: House, seats: Seats) -> None:
    no = overdue(house.town, 5)
    for place, item in enumerate(("440105-YSGH", "440105-SHBZK-BL")):
        child = Child(f"child-{no}-{place}", item, house.town.database.now(), lacking=())
        house.town.decide(no, lambda _file, _now, child=child: (Add(child),))  # type: ignore[misc]
    first = house.town.file(no).children[0]
    house.town.decide(no, lambda file, _now: record_problem(file, first, "没有找到该事项。", {}))
    seat = seats.take("lianban", Role.INTAKE, Role.PRE_AUDITOR)
    seat.page.goto(f"/desk/cases/{no}")
    part = seat.page.get_by_role("region", name="一件事联办")
    expect(part).to_contain_text("没有找到该事项")
    seat.looks_right("desk-bundle")
    part.get_by_role("button", name="重新开办").click()
    expect(part).not_to_contain_text("没有找到该事项")


def test_a_resident_sees_what_is_still_to_come_and_what_goes_along(house: House, phones: Phones) -> None:
    no = overdue(house.town, 5)
    for place, item in enumerate(("440105-YSGH", "440105-SHBZK-BL")):
        child = Child(f"child-{no}-{place}", item, house.town.database.now())
        house.town.decide(no, lambda _file, _now, child=child: (Add(child),))  # type: ignore[misc]
    first = house.town.file(no).children[0]
    house.town.decide(no, lambda file, _now: record_problem(file, first, "没有找到该事项。", {}))
    phone = phones(house.url)
    phone.context.add_init_script("localStorage.setItem('zerotrip.device', 'chen')")
    me = Resident(phone)
    me.goes("progress", no=no)
    expect(me.page.locator("[data-promised]")).to_contain_text("照片回执")
    expect(me.page.locator("[data-bundle]")).to_contain_text("没能自动开办")
    phone.looks_right("progress-promised")
    me.taps("拍照补交")
    expect(me.page.locator("[data-material]:visible")).to_have_count(1)
    expect(me.page.get_by_text("不用再提交")).to_be_visible()
    phone.looks_right("photos-promised")
    assert phone.complaints == []


def test_anybody_verifies_a_letter_and_compares_its_file(house: House, seats: Seats, tmp_path: Path) -> None:
    no = overdue(house.town, 5)
    code = verified(house.town, no)
    seat = seats.take("heyan", Role.INTAKE)
    page = seat.page
    page.goto("/v")
    page.get_by_label("查验码").fill(code.lower())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="受理通知书")).to_be_visible()
    seat.looks_right("verify-letter")
    for name, content, said in (("same", LETTER, "完全一致"), ("other", LETTER + b" ", "不一致")):
        file = tmp_path / f"{name}.pdf"
        file.write_bytes(content)
        page.locator("#pdf").set_input_files(file)
        expect(page.get_by_text(said)).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=SCREENS / "verify-letter-390.png")
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    page.goto("/v/0000000000000000")
    expect(page.get_by_role("alert")).to_contain_text("没有查到")
    seat.looks_right("verify-nothing")
    assert [said for said in seat.complaints if "404" not in said] == []
    seat.complaints.clear()  # the browser names the page that is not there, as it should
