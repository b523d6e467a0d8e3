"""The grid worker's page on a phone: tasks, scans by camera and by typed code, without a network, with a session that
ends in the middle."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from cases.effects import Put
from cases.lifecycle import LegState
from cases.model import Booking, Direction, Holder, Window
from storage.tables import bookings, sessions, staff
from storage.words import Role
from tests.browser.conftest import SIZES, House, Phone, until
from tests.browser.fake_camera import blank, shows
from tests.web.points import login, point
from tests.web.world import PASSWORD, SYSTEM, unique

SEAL = "FQ-20260001"
Phones = Callable[..., Phone]


@dataclass
class Worker:
    """A grid worker with a phone."""

    house: House
    phone: Phone
    login: str
    secret: str

    @property
    def page(self) -> Page:
        return self.phone.page

    def types_in(self) -> None:
        with self.house.town.database.transaction() as tx:  # a code is good once; the next comes in half a minute
            tx.execute(update(staff).values(totp_step=0))
        self.page.get_by_label("登录名").fill(self.login)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_label("动态码").fill(pyotp.TOTP(self.secret).now())
        self.page.get_by_role("button", name="登录").click()

    def signs_in(self) -> None:
        self.page.goto("/grid")
        self.types_in()
        expect(self.page.locator("#work")).to_be_visible()

    def types(self, code: str) -> None:
        self.page.get_by_label("信封号码").fill(code)
        self.page.get_by_role("button", name="查找").click()

    def confirms(self, condition: str = "完好", seal: str | None = None, proof: str = "") -> None:
        hand = self.page.get_by_role("dialog")
        expect(hand).to_be_visible()
        if seal is not None:
            hand.get_by_label("看到的封签号").fill(seal)
        if condition:
            hand.get_by_label(condition, exact=True).check()
        if proof:
            hand.get_by_label("取件码").fill(proof)
        hand.get_by_role("button", name="确认").click()

    def queued(self) -> int:
        return int(self.page.evaluate("readQueue(localStorage).length"))


def worker(house: House, phone: Phone, login: str = "wang") -> Worker:
    with house.town.database.transaction() as tx:
        roles, departments = frozenset({Role.GRID}), frozenset({"rsj"})
        person, secret = tx.staff.add(login, "王网格", PASSWORD, roles=roles, departments=departments, actor=SYSTEM)
        tx.in_house.assign_areas(person.id, ["cg"], actor=SYSTEM)
    return Worker(house, phone, login, secret)


def to_fetch(house: House) -> tuple[str, Booking]:
    """An envelope that is packed, sealed and waits to be fetched now."""
    town = house.town
    me = town.resident()
    no = town.passed(me, transaction_id=unique())
    lines = [{"key": o.key} for o in town.file(no).originals]
    me.post(f"/api/v1/cases/{no}/packing", seal=SEAL, lines=lines, transaction_id=unique())
    return no, _today(house, no, town.booked(me, no, "grid"))


def _today(house: House, no: str, booking: Booking) -> Booking:
    now = house.town.now()
    window = Window(now - timedelta(hours=1), now + timedelta(hours=2))
    house.town.decide(no, lambda _f, _n: (Put("booking", booking.id, {"window": window}),))
    return booking


def leg_is(house: House, no: str, state: LegState, direction: Direction = Direction.COLLECTION) -> None:
    def holds() -> bool:
        house.town.works()
        return house.town.leg(no, direction).state is state

    until(holds, f"the leg to be {state}")


def test_an_envelope_is_fetched_by_the_camera_and_brought_by_its_number(
    house: House, phones: Phones, camera: Path
) -> None:
    no, booking = to_fetch(house)
    wang = worker(house, phones(house.url))
    wang.page.goto("/grid")
    wang.phone.looks_right("grid-login")
    wang.signs_in()
    task = wang.page.locator("#tasks li")
    expect(task).to_contain_text("赤岗街道样本路1号")
    wang.phone.looks_right("grid-tasks")
    shows(camera, house.town.file(no).parcels[0].label)
    wang.page.get_by_role("button", name="扫码").click()
    hand = wang.page.get_by_role("dialog")
    expect(hand).to_contain_text("已取件")
    expect(hand.get_by_label("看到的封签号")).to_have_value(SEAL)
    wang.phone.looks_right("grid-hand-over")
    wang.confirms()
    expect(task).to_contain_text("已登记")
    leg_is(house, no, LegState.PICKED_UP)
    (step,) = house.town.chain(no)
    assert (step.giver, step.taker, step.seal, step.found) == (Holder.RESIDENT, Holder.COURIER, SEAL, "信封和封签完好")
    wang.page.get_by_role("button", name="刷新").click()
    expect(task).to_contain_text("待送")
    wang.phone.looks_right("grid-in-hand")
    wang.types((booking.waybill or "").lower())
    wang.confirms("封签破损", seal="FQ-20260002")
    leg_is(house, no, LegState.DELIVERED)
    wang.page.get_by_role("button", name="刷新").click()
    expect(wang.page.locator("#tasks")).to_contain_text("今天没有任务")
    wang.phone.looks_right("grid-nothing-to-do")
    assert wang.phone.complaints == []


def test_a_camera_that_shows_no_code_can_be_stopped_and_the_number_typed(
    house: House, phones: Phones, camera: Path
) -> None:
    no, _booking = to_fetch(house)
    wang = worker(house, phones(house.url))
    blank(camera)
    wang.signs_in()
    wang.page.get_by_role("button", name="扫码", exact=True).click()
    expect(wang.page.locator("#video")).to_be_visible()
    wang.phone.looks_right("grid-camera")
    wang.page.get_by_role("button", name="停止扫码").click()
    expect(wang.page.locator("#video")).to_be_hidden()
    wang.types("G0000000000000")
    expect(wang.page.locator("#told")).to_contain_text("今天的任务里没有这个号码")
    wang.phone.looks_right("grid-unknown-code")
    wang.types(house.town.file(no).parcels[0].label.replace("0", "O").lower())
    wang.confirms()
    leg_is(house, no, LegState.PICKED_UP)


@pytest.mark.parametrize("width", SIZES)
def test_without_a_network_the_page_opens_scans_wait_and_are_sent_once(
    house: House, phones: Phones, width: int
) -> None:
    no, _booking = to_fetch(house)
    wang = worker(house, phones(house.url, width))
    wang.signs_in()
    wang.page.wait_for_function("navigator.serviceWorker.controller !== null")
    wang.phone.context.set_offline(True)
    wang.page.reload()
    expect(wang.page.locator("#net")).to_contain_text("没有网络")
    expect(wang.page.locator("#tasks li")).to_contain_text("赤岗街道样本路1号")
    wang.types(no)
    wang.confirms()
    expect(wang.page.locator("#queue li")).to_contain_text("已取件")
    expect(wang.page.locator("#tasks li")).to_contain_text("已登记，待上传")
    wang.phone.looks_right("grid-offline")
    wang.page.reload()
    assert wang.queued() == 1
    waiting = wang.page.evaluate("localStorage.getItem('grid.queue')")
    assert house.town.leg(no).state is LegState.BOOKED
    wang.phone.context.set_offline(False)
    expect(wang.page.locator("#queued")).to_be_hidden()
    leg_is(house, no, LegState.PICKED_UP)
    # the answer to the first sending was lost: the phone sends the same again
    wang.page.evaluate("kept => localStorage.setItem('grid.queue', kept)", waiting)
    wang.page.get_by_role("button", name="刷新").click()
    expect(wang.page.locator("#queued")).to_be_hidden()
    house.town.works()
    assert len(house.town.chain(no)) == 1


def test_a_worker_says_who_goes(house: House, phones: Phones) -> None:
    to_fetch(house)
    wang = worker(house, phones(house.url))
    wang.signs_in()
    task = wang.page.locator("#tasks li").first
    task.get_by_role("button", name="接单").click()
    expect(task).to_contain_text("我已接单")
    wang.phone.looks_right("grid-taken")
    task.get_by_role("button", name="退回").click()
    expect(task).not_to_contain_text("我已接单")


def test_a_session_that_ends_in_the_middle_loses_no_scan(house: House, phones: Phones) -> None:
    no, booking = to_fetch(house)
    wang = worker(house, phones(house.url))
    wang.signs_in()
    with house.town.database.transaction() as tx:
        tx.execute(update(sessions).values(ends_at=tx.now() - timedelta(minutes=1)))
    wang.types(booking.waybill or "")
    wang.confirms()
    expect(wang.page.locator("#login-why")).to_contain_text("手机上有1条登记等待上传")
    wang.phone.looks_right("grid-session-ended")
    li = worker(house, wang.phone, "li")
    li.types_in()
    expect(wang.page.locator("#queue li")).to_contain_text("由 wang 登记")
    wang.phone.looks_right("grid-somebody-elses-scan")
    li.page.get_by_role("button", name="退出").click()
    expect(wang.page.locator("#work")).to_be_hidden()
    assert house.town.leg(no).state is LegState.BOOKED
    wang.types_in()
    expect(wang.page.locator("#queued")).to_be_hidden()
    leg_is(house, no, LegState.PICKED_UP)
    with house.town.database.reading() as tx:
        wanted = tx.staff.by_login("wang")
    assert wanted is not None
    assert house.town.chain(no)[0].by == f"grid:{wanted.id}"


def test_the_result_goes_into_the_addressees_hands_and_a_wrong_proof_is_told_until_it_is_read(
    house: House, phones: Phones
) -> None:
    town = house.town
    me = town.resident()
    no = town.concluded(me)
    booking = _today(house, no, town.booked(me, no, "grid", Direction.DELIVERY))
    tail = town.file(no).case.applicant.id_number[-4:]
    wang = worker(house, phones(house.url))
    wang.signs_in()
    wang.page.get_by_role("button", name="已取件").click()
    wang.confirms()
    leg_is(house, no, LegState.PICKED_UP, Direction.DELIVERY)
    wang.page.get_by_role("button", name="刷新").click()
    wang.page.get_by_role("button", name="已送达").click()
    wang.phone.looks_right("grid-to-the-resident")
    wang.confirms(proof="0001")
    expect(wang.page.locator("#refused li")).to_contain_text("不正确")
    wang.phone.looks_right("grid-wrong-proof")
    wang.page.get_by_role("button", name="知道了").click()
    wang.types(booking.waybill or "")
    wang.confirms(proof=tail)
    leg_is(house, no, LegState.HANDED_OVER, Direction.DELIVERY)
    wang.page.get_by_role("button", name="退出").click()
    expect(wang.page.locator("#login")).to_be_visible()
    wang.page.wait_for_function("caches.open('grid').then((kept) => kept.match('/grid')).then(Boolean)")
    stored = wang.page.evaluate("JSON.stringify(localStorage)")
    assert "样本路" not in stored
    wang.phone.context.set_offline(True)
    wang.page.reload()
    expect(wang.page.locator("#work")).to_be_hidden()


def test_the_phone_number_is_shown_when_it_is_asked_for(house: House, phones: Phones) -> None:
    to_fetch(house)
    wang = worker(house, phones(house.url, 414))
    wang.signs_in()
    wang.page.get_by_role("button", name="电话").click()
    expect(wang.page.get_by_role("link", name="13800000000")).to_be_visible()
    wang.phone.looks_right("grid-telephone")


def test_a_round_stands_in_the_order_of_walking(house: House, phones: Phones) -> None:
    here = ("样本路10号", "新港西路2号", "样本路9号")
    for detail in here:
        no, booking = to_fetch(house)
        address = replace(booking.address, detail=f"赤岗街道{detail}")
        house.town.decide(no, lambda _f, _n, b=booking, a=address: (Put("booking", b.id, {"address": a}),))  # type: ignore[misc]
        with house.town.database.transaction() as tx:  # promised for the same time
            tx.execute(update(bookings).values(window_start=tx.now(), window_end=tx.now() + timedelta(hours=2)))
    wang = worker(house, phones(house.url))
    wang.signs_in()
    tasks = wang.page.locator("#tasks li")
    expect(tasks).to_have_count(3)
    places = [text.splitlines() for text in tasks.all_inner_texts()]
    walked = [next(p for p in lines if "赤岗街道" in p) for lines in places]
    assert [w.partition("赤岗街道")[2] for w in walked] == ["新港西路2号", "样本路9号", "样本路10号"]
    wang.phone.looks_right("grid-round")


def test_a_worker_who_also_helps_goes_on_at_the_agent_point_without_a_second_code(house: House, phones: Phones) -> None:
    point(house.town)
    who = login(house.town, "wang", "cg-01", Role.GRID)
    wang = Worker(house, phones(house.url), who.login, who.secret)
    wang.signs_in()
    wang.phone.looks_right("grid-also-agent")
    wang.page.get_by_role("button", name="帮居民代办").click()
    expect(wang.page.get_by_text("赤岗村代办点").first).to_be_visible()
