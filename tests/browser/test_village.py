"""An agent point in the app: two people of a village from a list to handed in, one courier for both, one case handed to
whom it is for; the agent sees its details no more, and the resident has it on their own phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import update

from storage.tables import sessions, staff
from tests.browser.conftest import House, Phone
from tests.browser.residents import Resident
from tests.web.in_house import RESULT
from tests.web.points import Login, code_of, login, person, point
from tests.web.world import Caller, World, unique
from workers.demo.photos import SAMPLES

Phones = Callable[..., Phone]
FIRST, SECOND = person(1), person(2)
LIST = f"姓名\t身份证号码\t手机\n{FIRST['name']}\t{FIRST['id_number']}\t{FIRST['phone']}\n李四 12345 138\n{' '.join(SECOND.values())}"


@pytest.fixture
def village(house: House) -> World:
    house.town.publish(version=3, result=RESULT, channels=["miniapp", "agent"])
    point(house.town)
    return house.town


class Agent(Resident):
    def signs_in(self, who: Login) -> None:
        with self.world.database.transaction() as tx:  # a code is good once; the next comes in half a minute
            tx.execute(update(staff).values(totp_step=0))
        for label, typed in zip(("登录名", "密码", "动态码"), who.typed().values(), strict=True):
            self.field(label).fill(typed)
        self.taps("登录")
        expect(self.page.get_by_text("赤岗村代办点").first).to_be_visible()

    def __init__(self, phone: Phone, world: World) -> None:
        super().__init__(phone)
        self.world = world

    def api(self) -> Caller:
        token = self.page.evaluate("localStorage.getItem('zerotrip.agent')")
        return Caller(self.world, {"Authorization": f"Bearer {token}"})

    def line(self, name: str) -> Locator:
        return self.page.locator("[data-case]:visible", has_text=name)

    def village(self) -> None:
        if self.page.url.endswith("/pages/village/index"):
            self.page.reload()
        else:
            self.page.goto("/app/#/pages/village/index")

    def confirms(self, name: str) -> str:
        """The applicant tells the code; the case's number."""
        number = str(self.line(name).get_attribute("data-case"))
        self.line(name).click()
        self.field("六位验证码").fill(code_of(self.world, number))
        return number


def _people(me: Agent) -> None:
    """Two cases out of a list of three, the third is told to be mended."""
    page, phone = me.page, me.phone
    me.taps("新办")
    page.locator(".line[role=link]", has_text="社会保障卡补领").first.click()
    me.taps("不是")
    page.locator("textarea").fill(LIST)
    me.taps("核对名单")
    expect(page.locator("[data-line='2'] .advice")).to_contain_text("缺少身份证号码")
    phone.looks_right("village-list-checked")
    me.taps("开办 2 件")
    expect(page.get_by_text("已开办 2 件")).to_be_visible()
    phone.looks_right("village-opened")


def _photographs(me: Agent) -> None:
    """Person after person; what the phone sends in pieces goes in the point's name."""
    page = me.page
    me.taps("逐个拍照")
    expect(page.locator("[data-person]")).to_have_text(FIRST["name"])
    me.phone.looks_right("village-person")
    me.taps("拍照")
    page.wait_for_url("**/pages/photos/**")
    number = page.url.partition("no=")[2]
    me.photographs("id_front", SAMPLES / "id_front.jpg")
    expect(me.material("id_front").locator(".line .tag").first).to_be_visible()
    me.photographs("mandate", SAMPLES / "application_form.jpg")
    expect(me.material("mandate").locator(".line .tag").first).to_be_visible()
    expect(page.locator(".sending")).to_have_count(0)
    me.world.read_all(number)
    me.phone.looks_right("village-photos")
    me.api().uploads(number, "form", b"a form")
    page.go_back()
    me.taps("下一位")
    expect(page.locator("[data-person]")).to_have_text(SECOND["name"])
    for line in me.api().get("/api/v1/agent/cases")["cases"]:
        if line["applicant"] == SECOND["name"]:
            for material in ("id_front", "form"):
                me.api().uploads(line["case"], material, f"{line['case']}{material}".encode())
        me.world.read_all(line["case"])


def test_two_people_are_helped_and_one_takes_their_case_home(village: World, house: House, phones: Phones) -> None:
    wang = Agent(phones(house.url), village)
    page, phone = wang.page, wang.phone
    wang.goes("mine")
    page.locator("[role=link]", has_text="代办").last.click()
    expect(page.get_by_text("代办员登录")).to_be_visible()
    phone.looks_right("village-login")
    wang.signs_in(login(village, "wang"))
    expect(page.get_by_text("还没有代办的办件")).to_be_visible()
    phone.looks_right("village-empty")
    _people(wang)
    _photographs(wang)
    wang.village()
    expect(wang.line(FIRST["name"])).to_contain_text("请本人授权")
    phone.looks_right("village-to-do")
    first = wang.confirms(FIRST["name"])
    phone.looks_right("village-case")
    wang.taps("确认授权")
    expect(page.locator("[data-authority]")).to_contain_text("本人用手机验证码确认")
    phone.looks_right("village-proven")
    wang.village()
    second = wang.confirms(SECOND["name"])
    wang.taps("确认授权")
    expect(page.locator("[data-authority]")).to_contain_text("wang代办")
    wang.village()
    wang.taps("提交 2 件")
    expect(page.get_by_text("已提交 2 件")).to_be_visible()
    wang.taps("全部")
    expect(wang.line(SECOND["name"])).to_contain_text("窗口办理中")
    phone.looks_right("village-submitted")
    _collects(wang, first, second)
    _hands_over(wang, first, phones(house.url, 414))
    wang.taps("回到清单")
    wang.taps("全部")
    expect(wang.line(SECOND["name"])).to_be_visible()
    expect(wang.line(FIRST["name"])).to_have_count(0)
    wang.taps("已转出")
    expect(wang.line(first)).to_contain_text("已转到本人账户")
    expect(page.locator(f"[data-case='{first}']")).not_to_contain_text(FIRST["name"])
    phone.looks_right("village-past")
    wang.page.goto(f"/app/#/pages/village/case?no={first}")
    expect(page.get_by_text("没有找到该办件")).to_be_visible()
    assert [c for c in phone.complaints if "404" not in c] == []


def _collects(me: Agent, *numbers: str) -> None:
    """Both are packed; one courier comes."""
    for no in numbers:
        me.world.judge(no, "passed")
        lines = [{"key": o.key} for o in me.world.file(no).originals]
        me.api().post(f"/api/v1/cases/{no}/packing", lines=lines, transaction_id=unique())
    me.village()
    me.taps("2 件一次取走")
    me.page.locator(".window:visible").first.click()
    me.phone.looks_right("village-pickup")
    me.taps("预约，一次取走 2 件")
    expect(me.page.get_by_text("快递员会按清单逐件清点")).to_be_visible()
    me.village()
    me.taps("全部")
    expect(me.line(FIRST["name"])).to_contain_text("等快递员")


def _hands_over(me: Agent, number: str, other: Phone) -> None:
    me.line(FIRST["name"]).click()
    me.taps("转给本人")
    me.taps("发验证码并出示二维码")
    qr = me.page.locator(".qr:visible")
    expect(qr).to_be_visible()
    me.phone.looks_right("village-handover")
    her = Resident(other)
    her.page.goto(str(qr.get_attribute("data-code")))
    expect(her.field("办件编号（21位）")).to_have_value(number)
    her.field("您的身份证后四位").fill(FIRST["id_number"][-4:])
    her.field("短信里的六位验证码").fill(code_of(me.world, number))
    other.looks_right("claim")
    her.taps("看看是什么")
    expect(her.page.locator("[data-claim]")).to_contain_text("赤岗村代办点")
    other.looks_right("claim-seen")
    her.taps("确认，转到我的账户")
    her.taps("打开办件")
    expect(her.page.locator(".title").first).to_contain_text("社会保障卡补领")
    assert other.complaints == []
    expect(me.page.get_by_text("已转到本人账户").first).to_be_visible()


def test_a_session_that_ended_is_said_and_another_points_case_is_not_there(
    village: World, house: House, phones: Phones
) -> None:
    point(village, "xg-01", "新港村代办点")
    wang, who = Agent(phones(house.url), village), login(village, "wang")
    wang.village()
    wang.signs_in(who)
    no = wang.api().opens(applicant={"kind": "person", **FIRST})
    wang.village()
    with village.database.transaction() as tx:
        tx.execute(update(sessions).values(revoked_at=tx.now()))
    wang.page.reload()
    expect(wang.page.get_by_text("代办员登录")).to_be_visible()
    wang.signs_in(who)
    expect(wang.line(FIRST["name"])).to_be_visible()
    zhao = Agent(phones(house.url), village)
    zhao.village()
    other = login(village, "zhao", "xg-01")
    for label, typed in zip(("登录名", "密码", "动态码"), other.typed().values(), strict=True):
        zhao.field(label).fill(typed)
    zhao.taps("登录")
    expect(zhao.page.get_by_text("新港村代办点").first).to_be_visible()
    zhao.page.goto(f"/app/#/pages/village/case?no={no}")
    expect(zhao.page.get_by_text("没有找到该办件")).to_be_visible()


def test_whose_case_it_is_lets_a_point_go_on_and_takes_that_back(village: World, house: House, phones: Phones) -> None:
    her = Resident(phones(house.url))
    her.goes("mine")
    expect(her.page.get_by_text("转到我的账户")).to_be_visible()
    her.phone.looks_right("village-doors")
    own = Caller(village, {"Authorization": f"Bearer {her.token()}"})
    no = own.opens()
    own.submits(no)
    her.goes("progress", no=no)
    her.taps("代办与授权")
    her.field("代办点编号（贴在代办点）").fill("CG-01")
    her.taps("委托")
    expect(her.page.locator("[data-agent]")).to_contain_text("赤岗村代办点")
    her.phone.looks_right("claim-agent")
    her.taps("撤回委托")
    her.page.locator(".uni-modal__btn_primary").click()
    expect(her.page.locator("[data-agent]")).to_contain_text("本人已撤回委托")
    her.page.evaluate("localStorage.setItem('zerotrip.language', 'en')")
    her.page.evaluate("localStorage.setItem('zerotrip.large', JSON.stringify({type: 'boolean', data: true}))")
    her.goes("claim")
    her.page.reload()
    expect(her.page.get_by_text("Move to my account").first).to_be_visible()
    her.phone.looks_right("claim-large-english")
    wang = Agent(her.phone, village)
    wang.village()
    for label, typed in zip(
        ("Login name", "Password", "One-time code"), login(village, "wang").typed().values(), strict=True
    ):
        wang.field(label).fill(typed)
    wang.taps("Sign in")
    expect(wang.page.get_by_text("To do today").first).to_be_visible()
    wang.api().opens(applicant={"kind": "person", **FIRST})
    wang.village()
    expect(wang.line(FIRST["name"])).to_contain_text("Ask for their consent")
    wang.phone.looks_right("village-large-english")
    assert her.phone.complaints == []
