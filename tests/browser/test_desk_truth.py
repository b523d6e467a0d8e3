"""What auditors say of fields, by keyboard; accuracy, thresholds and the sampling of instant items, looked at."""

import pytest
from playwright.sync_api import expect

from cases.actions.judging import Verdict, record_verdict
from cases.effects import JobKind
from cases.readings import Confirmed, Field
from storage.truth_tables import truth_counts
from storage.words import Role
from tests.browser.seats import House, Seats
from tests.browser.test_desk import HIGH, WIDE, to_review
from tests.cases.world import INSTANT, ITEM
from tests.storage.kept import reading
from tests.web.world import World
from workers.demo.photos import SAMPLES

pytestmark = pytest.mark.timeout(120)
FIGURES = (
    ("id_card_front", "name", "one_reader", 99, 812, 811), ("id_card_front", "name", "one_reader", 96, 40, 37),
    ("id_card_front", "name", "one_reader", 71, 22, 12), ("id_card_front", "name", "two_readers", 99, 2204, 2202),
    ("id_card_front", "name", "disagreement", 90, 31, 17), ("id_card_front", "name", "missed", 0, 6, 0),
    ("id_card_front", "id_number", "checksum", 99, 2890, 2890), ("id_card_front", "address", "one_reader", 93, 310, 288),
    ("household_register_member", "name", "one_reader", 99, 1240, 1240),
    ("household_register_member", "relation", "two_readers", 97, 604, 601),
    ("application_form", "applicant_name", "one_reader", 88, 402, 377),
)  # fmt: skip


def kept(world: World, no: str) -> None:
    with world.database.transaction() as tx:
        for kind, field, read_as, band, n, correct in FIGURES:
            counted = {"kind": kind, "field": field, "read_as": read_as, "band": band, "n": n, "correct": correct}
            tx.insert_new(truth_counts, counted)
        for doubted in (1, 2, 1):
            tx.keep_judgement(no, "review", doubted, [("household_register_member", "name", 99)])


def judged_again(world: World, no: str) -> None:
    """The worker's part."""
    with world.database.transaction() as tx:
        for job in tx.jobs.of_subject(no):
            if job.kind is JobKind.CASE_JUDGE:
                tx.jobs.condemn(job.id, "done by the test")


def drawn(world: World, code: str = ITEM["code"]) -> str:
    """An instant case of which the machine was certain."""
    world.publish(code=code, version=3, **INSTANT)
    me = world.resident()
    no = me.opens(code)
    me.submits(no)
    box = ((300.0, 300.0), (900.0, 300.0), (900.0, 380.0), (300.0, 380.0))
    fields = {
        "name": Field("陈样本", 0.98, Confirmed.TWO_READERS, box),
        "id_number": Field("440105199003070019", 0.99, Confirmed.CHECKSUM, box),
    }
    for page in world.file(no).pages:
        copy = world.blobs.put((SAMPLES / "id_front.jpg").read_bytes())
        with world.database.transaction() as tx:
            tx.save_reading(page.id, reading("陈样本", fields=fields, width=WIDE, height=HIGH), copy)
    world.decide(no, lambda file, now: record_verdict(file, Verdict("passed", (), {}, sampled=True), now))
    judged_again(world, no)
    return no


def test_fields_are_corrected_and_confirmed_by_keyboard(house: House, seats: Seats) -> None:
    no = to_review(house.town)
    judged_again(house.town, no)
    seat = seats.take("shenhe", Role.PRE_AUDITOR)
    page, keys = seat.page, seat.page.keyboard
    page.goto(f"/desk/cases/{no}")
    expect(page.locator(".stage svg image")).to_be_visible()
    keys.press("1")
    expect(page.locator(".box.here")).to_be_visible()
    keys.press("e")
    expect(page.locator("details[data-verify=name] input[name=value]")).to_be_focused()
    seat.looks_right("desk-truth-field")
    keys.type("陈洋本")
    keys.press("Enter")
    expect(page.locator(".truth.wrong")).to_have_text("已更正为 陈洋本")
    expect(page.locator(".judging")).to_contain_text("正在按核对结果重新预审")
    expect(page.locator(".box.here")).to_be_visible()
    judged_again(house.town, no)
    expect(page.locator(".judging")).to_contain_text("看更新后的问题")
    keys.press("v")
    expect(page.locator(".truth.right")).to_have_text("✓ 已核对无误")
    seat.looks_right("desk-truth-page")
    with house.town.database.reading() as tx:
        (said,) = tx.truths_of(no).values()
    assert {name: truth.said for name, truth in said.items()} == {"name": "陈洋本", "id_number": "440105199003070019"}


def test_a_drawn_case_says_so_and_its_outcome_moves_the_share(house: House, seats: Seats) -> None:
    no = drawn(house.town)
    seat = seats.take("shenhe", Role.PRE_AUDITOR, Role.SUPERVISOR)
    page, keys = seat.page, seat.page.keyboard
    page.goto(f"/desk/cases/{no}")
    expect(page.locator(".sampled")).to_contain_text("抽查件")
    keys.press("c")
    expect(page.get_by_text("您已领取")).to_be_visible()
    seat.looks_right("desk-sampled")
    keys.press("e")
    expect(page.locator("details[data-verify=name] input[name=value]")).to_be_focused()
    keys.type("陈洋本")
    keys.press("Enter")
    expect(page.locator(".truth.wrong")).to_be_visible()
    keys.press("p")
    page.wait_for_url("**/desk/queues/**")
    page.goto("/desk/sampling")
    expect(page.locator("tbody tr")).to_contain_text("10%")
    seat.looks_right("desk-sampling")
    page.locator("tbody a").click()
    expect(page.get_by_text("不一致", exact=True).last).to_be_visible()
    seat.looks_right("desk-sampling-item")


def test_a_threshold_is_seen_with_its_effect_and_switched_on(house: House, seats: Seats) -> None:
    no = to_review(house.town)
    kept(house.town, no)
    seat = seats.take("jiandu", Role.SUPERVISOR, Role.PRE_AUDITOR)
    page = seat.page
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/desk/cases/{no}")
    page.keyboard.press("1")
    page.keyboard.press("e")
    page.keyboard.type("陈洋本")
    page.keyboard.press("Enter")
    expect(page.locator(".truth.wrong")).to_be_visible()
    page.goto("/desk/accuracy")
    expect(page.get_by_text("少转人工2件")).to_be_visible()
    seat.looks_right("desk-accuracy")
    page.locator("tr", has_text="户口簿本人页").get_by_role("button", name="启用").click()
    expect(page.get_by_text("在用 ≥ 0.99")).to_be_visible()
    seat.looks_right("desk-accuracy-on")
    page.locator("tbody a").filter(has_text="姓名").last.click()
    page.goto("/desk/accuracy/id_card_front/name")
    expect(page.locator("svg.crop")).to_be_visible()
    seat.looks_right("desk-accuracy-field")
