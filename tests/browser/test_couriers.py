"""Packing, booking, boxes, delivery and what comes afterwards, each test from as late in a case's life as it may begin:
the house's own database, doors and courier, the worker's part played by the worker's own handlers."""

import re
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Locator, Response, expect

from cases.actions import carrying
from cases.effects import JobKind
from cases.lifecycle import LegState
from cases.model import Direction
from tests.browser.conftest import House, until
from tests.browser.residents import Phones, Resident
from tests.cases.world import INSTANT
from tests.web.in_house import HERE
from tests.web.world import Caller
from workers.demo.photos import SAMPLES

NAME = "chen"
pytestmark = pytest.mark.timeout(120)


def at_home(house: House, phones: Phones, width: int = 360) -> tuple[Resident, Caller]:
    """Somebody with a phone, and the same person as the API sees them."""
    phone = phones(house.url, width)
    phone.context.add_init_script(f"localStorage.setItem('zerotrip.device', '{NAME}')")
    return Resident(phone), house.town.resident(NAME)


def decoded(code: Locator) -> str:
    """What a camera reads off the screen."""
    expect(code).to_be_visible()
    code.evaluate("e => e.scrollIntoView({block: 'center'})")
    picture = cv2.imdecode(np.frombuffer(code.screenshot(), np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return str(cv2.QRCodeDetector().detectAndDecode(picture)[0])


def opens_a_pdf(me: Resident, button: Locator) -> None:
    """The paper comes with the session, and a new tab takes it."""
    with me.page.expect_response(re.compile(r"/documents/|\.pdf")) as came, me.page.expect_popup():
        button.click()
    answer: Response = came.value
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")


def test_papers_are_packed_by_a_list_with_a_code_to_show_and_papers_to_print(house: House, phones: Phones) -> None:
    me, api = at_home(house, phones)
    town, page = house.town, me.page
    no = town.passed(api)
    me.goes("progress", no=no)
    expect(page.locator("[data-standing]")).to_contain_text("把原件装好")
    expect(page.locator("[data-latest]")).to_contain_text("（周")
    me.taps("第一步：装好原件")
    papers = page.locator("[data-paper]:visible")
    expect(papers).to_have_count(2)
    done = page.locator(".foot uni-button:visible")
    expect(done).to_contain_text("还有 2 件没放")
    for paper in papers.all():
        paper.locator("[role=checkbox]").click()
    papers.last.get_by_text("有磨损").click()
    page.locator("[aria-label='封签号（没有就不填）'] input").fill("FQ-7")
    me.phone.looks_right("packing")
    expect(done).to_contain_text("装好了")
    done.click()
    expect(page.get_by_text("信封二维码")).to_be_visible()
    _photographs_the_packed_papers(me, house)
    parcel = town.file(no).parcels[-1]
    assert (parcel.seal, {o.condition for o in town.file(no).originals}) == ("FQ-7", {"good", "worn"})
    assert decoded(page.locator("[data-code]:visible")) == parcel.label
    me.phone.looks_right("packing-packed")
    opens_a_pdf(me, page.locator("uni-button:visible", has_text="打印标签"))
    assert me.phone.complaints == []


def _photographs_the_packed_papers(me: Resident, house: House) -> None:
    page, town = me.page, house.town
    with page.expect_file_chooser() as chooser:
        me.taps("拍照")
    chooser.value.set_files(Path(SAMPLES / "id_front.jpg"))
    expect(page.locator("uni-button:visible", has_text="看照片")).to_be_visible()
    town.works(JobKind.DOCUMENT_MAKE)
    me.taps("看照片")
    expect(page.locator(".picture img")).to_have_attribute("src", re.compile("^blob:"))


def test_nobody_came_and_another_time_is_chosen_at_once(house: House, phones: Phones) -> None:
    me, api = at_home(house, phones)
    town, page = house.town, me.page
    no = town.passed(api)
    booking = town.booked(api, no, "ems")
    me.goes("courier", no=no, leg="collection")
    expect(page.locator("[data-booking=booked]")).to_contain_text("中国邮政EMS")
    expect(page.get_by_text("约的时间还没过")).to_be_visible()
    me.phone.looks_right("courier-booked")
    town.window_passes(no, booking.id)
    page.reload()
    me.taps("没有人来")
    expect(page.locator("[data-sorry]")).to_contain_text("让您白等了")
    expect(page.locator("[data-address]")).to_contain_text("赤岗街道样本路1号")
    page.locator(".windows uni-button:visible").nth(2).click()
    me.phone.looks_right("courier-nobody-came")
    page.locator(".foot uni-button:visible").click()
    page.wait_for_url("**/pages/progress/**")
    town.works()
    expect(page.locator("[data-leg=collection] [data-waybill]")).to_be_visible()
    assert [b.state for b in town.file(no).bookings] == ["failed", "booked"]


def test_another_address_has_its_own_windows_and_is_booked(house: House, phones: Phones) -> None:
    me, api = at_home(house, phones, 414)
    town, page = house.town, me.page
    no = town.passed(api)
    api.opens(address={**HERE, "detail": "赤岗街道另一条路2号"})
    me.goes("courier", no=no, leg="collection")
    me.taps("换地址")
    page.locator("[role=radio]:visible", has_text="另一条路2号").click()
    me.taps("用这个地址")
    page.locator("[data-ways] uni-button", has_text="网格员").click()
    page.locator(".windows uni-button:visible").first.click()
    me.phone.looks_right("courier-other-address")
    page.locator(".foot uni-button:visible").click()
    page.wait_for_url("**/pages/progress/**")
    town.works()
    assert (town.file(no).bookings[0].partner, town.file(no).bookings[0].address.detail) == (
        "grid",
        "赤岗街道另一条路2号",
    )
    me.taps("看预约、改时间")
    assert decoded(page.locator("[data-code]:visible")) == town.file(no).bookings[0].waybill
    page.locator("uni-button:visible", has_text="取消预约").click()
    page.locator(".uni-modal__btn_primary").click()
    until(
        lambda: town.works() is None and town.file(no).bookings[0].state == "cancelled", "the booking to be cancelled"
    )
    page.reload()
    expect(page.locator("[data-sorry]")).to_contain_text("预约取消了")


def test_an_envelope_goes_into_a_box_near_by(house: House, phones: Phones) -> None:
    me, api = at_home(house, phones)
    town, page = house.town, me.page
    town.box()
    town.box("hz-02", name="江南中")
    no = town.passed(api)
    me.goes("courier", no=no, leg="collection")
    page.locator("[data-ways] uni-button", has_text="收件箱").click()
    page.locator(".windows uni-button:visible").first.click()
    me.phone.looks_right("courier-ways")
    page.locator(".foot uni-button:visible").click()
    expect(page.locator("[data-booking=requested]")).to_be_visible()
    town.works()
    page.locator("[data-box] [data-code=hz-01] uni-button").click()
    me.taps("换一个箱子")
    page.locator("[data-box] [data-code=hz-02] uni-button").click()
    booking = town.file(no).bookings[0]
    assert decoded(page.locator(".qr:visible")) == booking.waybill
    me.phone.looks_right("courier-box")
    me.taps("已投箱")
    expect(page.locator("[data-box]")).to_contain_text("下一次开箱")
    town.works()
    assert town.leg(no).state is LegState.PICKED_UP
    me.goes("progress", no=no)
    expect(page.locator("[data-original]").first).to_contain_text("在快递员处")


def test_one_courier_fetches_the_papers_of_several_cases(house: House, phones: Phones) -> None:
    me, api = at_home(house, phones)
    town, page = house.town, me.page
    first, second = town.passed(api), town.passed(api)
    me.goes("courier", no=first, leg="collection")
    page.locator("[data-together] [role=checkbox]").click()
    page.locator(".windows uni-button:visible").first.click()
    me.phone.looks_right("courier-together")
    me.taps("预约一次取走 2 件")
    page.wait_for_url("**/pages/progress/**")
    town.works(JobKind.PICKUP_BOOK)
    assert len({town.file(no).bookings[0].waybill for no in (first, second)}) == 1
    me.taps("看预约、改时间")
    expect(page.locator("[data-pickup]")).to_contain_text("一次取走 2 个办件")
    me.taps("这件单独取")
    expect(page.locator("[data-sorry]")).to_contain_text("预约取消了")
    assert [town.file(no).bookings[0].state for no in (first, second)] == ["cancelled", "booked"]


def left_with_a_neighbour(house: House, api: Caller) -> str:
    """A case whose result somebody else took in."""
    town = house.town
    no = town.concluded(api)
    booking = town.booked(api, no, "ems", Direction.DELIVERY).id
    town.track(no, booking, LegState.PICKED_UP)
    seen = carrying.Tracked(LegState.DELIVERED, town.now(), confirmed=False, recipient="other")
    town.decide(no, lambda file, now: carrying.record_tracking(file, booking, seen, now))
    return no


def test_a_result_that_somebody_else_took_in_is_confirmed_rated_and_counted(house: House, phones: Phones) -> None:
    me, api = at_home(house, phones)
    town, page = house.town, me.page
    no = left_with_a_neighbour(house, api)
    me.goes("progress", no=no)
    expect(page.get_by_text("交给了别人代收")).to_be_visible()
    me.phone.looks_right("progress-somebody-else")
    me.taps("收到了")
    expect(page.locator("[data-receipt]")).to_contain_text("申请人确认本人已收到")
    proof = next(d for d in town.file(no).documents if d.kind == "delivery")
    town.makes_pdf(no, proof.id, b"%PDF-1.4 the proof")
    opens_a_pdf(me, page.locator("[data-receipt] uni-button"))
    page.locator(".levels uni-button").nth(3).click()
    me.taps("发送")
    expect(page.locator("[data-rating] .advice")).to_contain_text("请写一句哪里没做好")
    me.phone.shot("progress-rating")
    page.locator("[aria-label='哪里没做好？'] input").fill("来得太晚")
    me.taps("发送")
    expect(page.get_by_text("您的评价：不满意")).to_be_visible()
    # its papers came over the counter once, so that only the way to fetch the result was spared
    expect(page.locator("[data-saved]")).to_contain_text("少跑了 1 趟")
    me.phone.looks_right("progress-delivered")
    me.goes("mine")
    expect(page.locator("[data-saved]")).to_contain_text("一共少跑 1 趟，约省 2 小时")
    assert me.phone.complaints == []


def test_an_electronic_result_is_opened_where_the_case_stands(house: House, phones: Phones) -> None:
    me, api = at_home(house, phones, 414)
    town, page = house.town, me.page
    town.publish(version=3, **INSTANT)
    no = api.opens()
    api.submits(no)
    town.judge(no, "passed")
    town.works()
    result = next(d for d in town.file(no).documents if d.kind == "result")
    town.makes_pdf(no, result.id, b"%PDF-1.4 the result")
    me.goes("progress", no=no)
    expect(page.locator("[data-result]")).to_contain_text("电子优待证")
    me.phone.looks_right("progress-electronic")
    opens_a_pdf(me, page.locator("[data-result] uni-button"))


def test_a_result_that_did_not_come_is_looked_for(house: House, phones: Phones) -> None:
    me, api = at_home(house, phones)
    no = left_with_a_neighbour(house, api)
    me.goes("progress", no=no)
    me.taps("没有收到")
    expect(me.page.locator("[data-leg=delivery]")).to_contain_text("工作人员正在找，最晚")
    expect(me.page.locator("[data-incident=not_received]")).to_be_visible()
    me.page.locator("[data-original=id_front]").get_by_text("有问题").click()
    me.page.get_by_text("这件原件破损了").click()
    expect(me.page.locator("[data-incident=original_damaged]")).to_contain_text("前有结果")
    me.phone.looks_right("progress-incidents")
    assert [i.kind for i in house.town.file(no).open_incidents] == ["not_received", "original_damaged"]


def test_what_one_was_told_says_how_it_went_and_leads_there(house: House, phones: Phones) -> None:
    me, api = at_home(house, phones)
    page = me.page
    no = house.town.passed(api)
    me.goes("mine")
    expect(page.locator("[data-unread]")).to_contain_text("1 条未读")
    page.get_by_text("通知").click()
    message = page.locator("[data-message]")
    expect(message).to_contain_text("等待发到手机")
    me.phone.looks_right("messages")
    message.click()
    page.wait_for_url(f"**/pages/courier/index?no={no}*")
    expect(page.locator("[data-ways]")).to_be_visible()
    me.goes("mine")
    expect(page.locator("[data-unread]")).to_have_count(0)


def test_what_is_kept_is_shown_and_a_draft_is_erased(house: House, phones: Phones) -> None:
    me, api = at_home(house, phones)
    page = me.page
    draft, kept = api.opens(), house.town.passed(api)
    page.goto("/app/#/pages/mine/data")
    expect(page.get_by_text(draft)).to_be_visible()
    me.phone.looks_right("my-data")
    page.locator("uni-button:visible", has_text="删除我的信息").click()
    page.locator(".uni-modal__btn_primary").click()
    expect(page.get_by_text("已删除 1 个草稿")).to_be_visible()
    expect(page.locator("[role=status]")).to_contain_text(kept)
    me.phone.shot("my-data-erased")


def test_everything_is_also_said_in_english_and_in_large_type(house: House, phones: Phones) -> None:
    me, api = at_home(house, phones)
    town, page = house.town, me.page
    no = town.passed(api)
    me.phone.context.add_init_script("localStorage.setItem('zerotrip.language', 'en')")
    me.phone.context.add_init_script(
        "localStorage.setItem('zerotrip.large', JSON.stringify({type: 'boolean', data: true}))"
    )
    me.goes("progress", no=no)
    expect(page.locator("[data-standing]")).to_contain_text("Pack the originals")
    expect(page.locator(".screen.large")).to_be_visible()
    me.phone.looks_right("progress-english-large")
    me.goes("courier", no=no, leg="collection")
    page.locator("[data-ways] uni-button", has_text="At the counter").click()
    me.phone.looks_right("courier-english-large")
    me.goes("packing", no=no)
    expect(page.get_by_text("Put them into the envelope")).to_be_visible()
    me.phone.looks_right("packing-english-large")
    me.goes("mine")
    expect(page.locator("[data-unread]")).to_contain_text("1 unread")
    me.phone.looks_right("mine-english-large")
