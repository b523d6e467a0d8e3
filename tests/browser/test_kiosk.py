"""A terminal in a browser, against the whole running service: from the first touch to the receipt with real pictures under
its camera, at both sizes of screens, and what is left of somebody afterwards: nothing."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic
from typing import Any

import cv2
import numpy as np
import pypdfium2
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import Error as PlaywrightError
from sqlalchemy import Select, select

from cases.lifecycle import CaseState
from storage.device_sessions import GuestSession, HowEnded
from storage.device_tables import kiosk_sessions
from storage.devices import DeviceState, Paper
from storage.session import Database
from storage.settings import StorageSettings
from tests.browser.conftest import PATIENCE_MS, SCREENS, Phone, until
from tests.browser.fake_camera import Picture
from tests.browser.residents import READ_MS, TRUTH
from tests.web.world import SYSTEM
from workers.demo.photos import SAMPLES
from workers.demo.show import Running

SIZES = {1080: 1920, 1280: 1024}
FRAMES = 3
PROMISE_S = 180
PHONE = TRUTH["phone"]
pytestmark = pytest.mark.timeout(200)
LEFT_OVER = """async () => JSON.stringify([
  document.documentElement.outerHTML, [...document.querySelectorAll('input')].map((i) => i.value),
  {...sessionStorage}, {...localStorage}, document.cookie, history.state, location.href, document.title,
  await indexedDB.databases(),
  await Promise.all((await caches.keys()).map(async (name) => Promise.all((await (await caches.open(name)).keys())
    .map(async (kept) => [kept.url, await (await caches.match(kept)).text()])))),
])"""


def sample(name: str) -> Picture:
    """As it lies under the camera."""
    path = SAMPLES / name
    if path.suffix == ".pdf":
        page = pypdfium2.PdfDocument(path)[0]
        return np.asarray(page.render(scale=3).to_numpy()[:, :, :3], np.uint8)
    read = cv2.imread(str(path))
    assert read is not None
    return np.asarray(read, np.uint8)


def lay(camera: Path, picture: Picture) -> None:
    """What the camera shows from the next time it is opened: four by three, as cameras are, with even sides; the table
    goes on beside the paper."""
    high = max(picture.shape[0], picture.shape[1] * 3 // 4) // 12 * 12
    wide = high // 3 * 4
    down, across = max(0, high - picture.shape[0]), max(0, wide - picture.shape[1])
    sides = (down // 2, down - down // 2, across // 2, across - across // 2)
    table = cv2.copyMakeBorder(picture, *sides, cv2.BORDER_REPLICATE)[:high, :wide]
    _, frame = cv2.imencode(".jpg", np.ascontiguousarray(table), [cv2.IMWRITE_JPEG_QUALITY, 92])
    camera.write_bytes(frame.tobytes() * FRAMES)


@dataclass
class Kiosk:
    """A terminal's screen, and the account behind it."""

    screen: Phone
    database: Database
    id: str
    camera: Path

    @property
    def page(self) -> Page:
        return self.screen.page

    def taps(self, text: str) -> None:
        self.page.get_by_role("button", name=text).first.click()

    def title(self) -> Locator:
        return self.page.locator("#screen h1")

    def types(self, digits: str) -> None:
        for digit in digits:
            self.page.locator(".pad").get_by_role("button", name=digit, exact=True).click()

    def sessions(self) -> list[GuestSession]:
        with self.database.reading() as tx:
            rows = tx.all(_sessions_of(self.id))
            return [tx.guest_sessions.session(row.id) for row in rows]

    def ended(self) -> GuestSession:
        until(lambda: self.sessions()[-1].ended_at is not None, "the end of the session")
        return self.sessions()[-1]

    def chooses(self) -> None:
        self.taps("点一下，开始办理")
        self.page.get_by_role("button", name="社会保障卡补领").first.click()
        expect(self.title()).to_have_text("社会保障卡补领")

    def agrees(self) -> None:
        self.taps("同意，开始办理")
        self.answers()

    def answers(self) -> None:
        self.taps("否")
        lay(self.camera, sample("id_front.jpg"))  # the camera is opened by the tap
        self.taps("下一步")

    def shows_the_card(self) -> None:
        expect(self.title()).to_have_text("请放身份证")
        self.shoots("拍身份证")
        expect(self.title()).to_have_text("是这个人要办吗？", timeout=READ_MS)

    def shoots(self, button: str) -> None:
        expect(self.page.locator(".stand[data-ready]")).to_be_visible()
        self.page.get_by_role("button", name=button, exact=True).click()

    def is_known(self) -> None:
        """As far as the papers, without a card."""
        self.chooses()
        self.agrees()
        self.taps("没带身份证，手动填写")
        self.page.get_by_label("姓名").fill(TRUTH["name"])
        self.types(TRUTH["id_number"])
        self.screen.looks_right("kiosk-typed")
        self.taps("下一步")
        self.taps("是，继续")
        self.types(PHONE)
        self.taps("下一步")
        expect(self.page.locator("[data-material=id_front].here")).to_be_visible()

    def goes_to(self, screen: str) -> None:
        """Past what another test does."""
        self.page.evaluate(f"import('/static/kiosk-parts.js').then((parts) => parts.go('{screen}'))")

    def waits(self, seconds: int) -> None:
        """In steps, so that no call to the service seems to take long."""
        for _ in range(0, seconds, 4):
            self.page.clock.run_for(4_000)
            self.page.evaluate("fetch('/healthz').catch(() => null).then(() => true)")

    def state(self, number: str) -> CaseState:
        with self.database.reading() as tx:
            return tx.case_file(number).case.state

    def told(self, script: str) -> Any:
        """What the page answers; once more when it was being loaded anew just then, as it is after each wipe."""
        try:
            return self.page.evaluate(script)
        except PlaywrightError as error:
            if "context was destroyed" not in str(error):
                raise
            expect(self.title()).to_be_visible()
            return self.page.evaluate(script)

    def nothing_is_left(self, *values: str) -> None:
        kept = self.told(LEFT_OVER)
        assert [value for value in values if value in kept] == []


def _sessions_of(device: str) -> Select[tuple[str]]:
    return select(kiosk_sessions.c.id).where(kiosk_sessions.c.device_id == device).order_by(kiosk_sessions.c.seq)


@pytest.fixture
def kiosks(
    running: Running, browser: Browser, camera: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Kiosk]]:
    """Makes enrolled terminals: `kiosks(width, bridge)`."""
    file = tmp_path_factory.getbasetemp() / "up0" / "zerotrip.db"
    database = Database(StorageSettings(f"sqlite:///{file}", f"dir:{file.parent / 'blobs'}", file.parent / "keys.json"))
    made: list[Kiosk] = []

    def kiosk(width: int = 1080, bridge: str | None = None, *, clock: bool = False) -> Kiosk:
        with database.transaction() as tx:
            device, code = tx.devices.add(f"{len(made) + 1}号机", "海珠区政务服务中心", "440105", bridge, actor=SYSTEM)
        context = browser.new_context(
            base_url=running.url,
            viewport={"width": width, "height": SIZES[width]},
            has_touch=True,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            permissions=["camera"],
        )
        context.set_default_timeout(PATIENCE_MS)
        screen = Phone(context, context.new_page(), width)
        screen.page.on("pageerror", lambda e: screen.complaints.append(str(e)))
        screen.page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1; }")
        if clock:
            screen.page.clock.install()
        new = Kiosk(screen, database, device.id, camera)
        made.append(new)
        screen.page.goto("/kiosk")
        screen.page.get_by_label("启用码").fill(code)
        if len(made) == 1:
            screen.looks_right("kiosk-enrol")
        new.taps("启用")
        expect(new.title()).to_have_text("自助办事")
        return new

    yield kiosk
    for each in made:
        each.screen.context.close()
    database.dispose()
    assert [flaw for each in made for flaw in each.screen.flaws] == []
    assert [said for each in made for said in each.screen.complaints] == []


@pytest.mark.parametrize("width", SIZES)
def test_from_the_first_touch_to_the_receipt(kiosks: Callable[..., Kiosk], width: int) -> None:
    me = kiosks(width)
    page, screen = me.page, me.screen
    screen.looks_right("kiosk-idle")
    begun = monotonic()
    me.taps("点一下，开始办理")
    expect(page.locator(".tile").first).to_be_visible()
    screen.looks_right("kiosk-choose")
    page.get_by_label("查找事项").fill("社保卡丢了")
    expect(page.get_by_role("heading", name="找到的事项")).to_be_visible()
    page.get_by_role("button", name="社会保障卡补领").first.click()
    expect(me.title()).to_have_text("社会保障卡补领")
    screen.looks_right("kiosk-guide")
    me.taps("同意，开始办理")
    screen.looks_right("kiosk-ask")
    me.answers()
    me.shows_the_card()
    expect(page.locator("dd", has_text=TRUTH["name"])).to_be_visible()
    screen.looks_right("kiosk-you")
    me.taps("是，继续")
    me.types(PHONE)
    screen.looks_right("kiosk-phone")
    _scans(me)
    expect(me.title()).to_have_text("请核对")
    expect(page.locator(".material").first).to_be_visible()
    screen.looks_right("kiosk-check")
    me.taps("没有问题，提交")
    expect(me.title()).to_have_text("提交好了")
    until(lambda: page.evaluate("window.printed") == 1, "the receipt to be printed")
    took = monotonic() - begun
    number = page.locator("#number").inner_text()
    screen.looks_right("kiosk-receipt")
    _slip_is_printed(me, number)
    me.taps("完成")
    expect(me.title()).to_have_text("谢谢，慢走")
    screen.looks_right("kiosk-thanks")
    me.nothing_is_left(number, TRUTH["name"], TRUTH["id_number"], PHONE)
    session = me.ended()
    assert (session.case, session.how) == (number, HowEnded.DONE)
    assert session.seconds is not None
    assert session.seconds <= took < PROMISE_S
    with me.database.reading() as tx:
        case = tx.case_file(number).case
    assert (case.channel, case.applicant.name, case.applicant.phone) == ("kiosk", TRUTH["name"], PHONE)


PAPERS = {"id_back": "id_back.jpg", "application_form": "application_form.jpg", "photo_receipt": "photo_receipt.pdf"}


def _scans(me: Kiosk) -> None:
    onward = "下一步"
    for key, file in PAPERS.items():
        lay(me.camera, sample(file))
        me.taps(onward)
        expect(me.page.locator(f"[data-material={key}].here")).to_be_visible()
        expect(me.page.locator(".stand[data-ready]")).to_be_visible()
        if key == "application_form":
            me.screen.looks_right("kiosk-scan")
        me.page.get_by_role("button", name="扫描", exact=True).click()
        expect(me.page.locator(".result")).to_be_visible(timeout=READ_MS)
        expect(me.page.locator(".result.fine")).to_be_visible()
        onward = "这份扫好了，下一份"
    me.screen.looks_right("kiosk-verdict")
    me.taps(onward)
    me.taps("下一步")


def _slip_is_printed(me: Kiosk, number: str) -> None:
    me.page.emulate_media(media="print")
    expect(me.page.locator("#slip .no")).to_have_text(number)
    expect(me.page.locator("#screen")).to_be_hidden()
    me.screen.shot("kiosk-slip")
    me.page.emulate_media(media="screen")


def test_nobody_there_any_more(kiosks: Callable[..., Kiosk]) -> None:
    """Sixty seconds, a question, twenty more: then nothing is left on the terminal, and the draft waits for the phone."""
    me = kiosks(1080, clock=True)
    page = me.page
    me.is_known()
    page.clock.fast_forward(61_000)
    expect(page.get_by_role("heading", name="还在吗？")).to_be_visible()
    me.screen.looks_right("kiosk-still")
    me.taps("我还在，继续")
    expect(page.get_by_role("heading", name="还在吗？")).to_be_hidden()
    number = me.sessions()[-1].case
    assert number is not None
    page.clock.fast_forward(61_000)
    expect(page.locator("#still-say")).to_contain_text("20 秒")
    page.clock.fast_forward(21_000)
    expect(me.title()).to_have_text("自助办事")
    session = me.ended()
    assert (session.how, me.state(number)) == (HowEnded.TIMED_OUT, CaseState.DRAFT)
    _nothing_remains(me, number)


def _nothing_remains(me: Kiosk, number: str) -> None:
    """Not at once, not after going back, not after loading anew."""
    known = (number, TRUTH["name"], TRUTH["id_number"], TRUTH["id_number"][-4:], PHONE, PHONE[-4:], "zg_")
    me.nothing_is_left(*known)
    assert me.told("import('/static/kiosk-state.js').then((state) => JSON.stringify(state.now))").count('""') > 5
    for step in (me.page.go_back, me.page.go_forward, me.page.reload):
        step()
        if me.page.url == "about:blank":
            continue
        expect(me.title()).to_have_text("自助办事")
        me.nothing_is_left(*known)


def test_who_ends_without_keeping_leaves_nothing_anywhere(kiosks: Callable[..., Kiosk]) -> None:
    me = kiosks(1280)
    me.chooses()
    me.agrees()
    expect(me.title()).to_have_text("请放身份证")
    number = me.sessions()[-1].case
    assert number is not None
    me.screen.looks_right("kiosk-identify")
    me.page.get_by_role("button", name="English").click()
    expect(me.title()).to_have_text("Your ID card")
    me.screen.looks_right("kiosk-identify-english")
    me.page.locator("#end").click()
    expect(me.page.get_by_role("heading", name="End now?")).to_be_visible()
    me.screen.looks_right("kiosk-end")
    me.page.locator("#still").get_by_role("button", name="End").click()
    expect(me.title()).to_have_text("自助办事")
    assert (me.ended().how, me.state(number)) == (HowEnded.LEFT, CaseState.WITHDRAWN)


def test_without_paper_it_is_said_before_and_the_receipt_goes_to_the_phone(kiosks: Callable[..., Kiosk]) -> None:
    me = kiosks(1080, clock=True)
    with me.database.transaction() as tx:
        tx.devices.put_paper(me.id, Paper.OUT, actor=SYSTEM)
    me.page.clock.fast_forward(11_000)
    expect(me.page.get_by_role("note")).to_contain_text("缺纸")
    me.screen.looks_right("kiosk-paper-out")
    me.is_known()
    me.goes_to("check")
    me.taps("没有问题，提交")
    expect(me.page.locator("#paper")).to_contain_text("没有纸质回执")
    me.screen.looks_right("kiosk-receipt-without-paper")
    assert me.page.evaluate("window.printed") == 0
    assert _state(me) is DeviceState.IN_USE
    number = me.page.locator("#number").inner_text()
    me.waits(32)
    expect(me.title()).to_have_text("谢谢，慢走")
    me.nothing_is_left(number, PHONE[-4:])
    me.page.clock.run_for(7_000)
    expect(me.title()).to_have_text("自助办事")
    until(lambda: _state(me) is DeviceState.PAPER_OUT, "the terminal to say that its paper is out")


def _state(me: Kiosk) -> DeviceState:
    with me.database.reading() as tx:
        return tx.devices.device(me.id).state


def test_without_a_network_it_says_so_also_after_a_start_and_comes_back_by_itself(kiosks: Callable[..., Kiosk]) -> None:
    me = kiosks(1280)
    page, context = me.page, me.screen.context
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    context.set_offline(True)
    expect(me.title()).to_have_text("暂停服务")
    me.screen.looks_right("kiosk-out")
    page.reload()
    expect(me.title()).to_have_text("暂停服务")
    context.set_offline(False)
    expect(me.title()).to_have_text("自助办事")


def test_a_network_that_stays_away_ends_the_session(kiosks: Callable[..., Kiosk]) -> None:
    me = kiosks(1080, clock=True)
    me.is_known()
    number = me.sessions()[-1].case
    assert number is not None
    me.screen.context.set_offline(True)
    expect(me.page.locator("#told")).to_contain_text("网络中断")
    me.waits(24)
    expect(me.title()).to_have_text("暂停服务")
    me.nothing_is_left(number, TRUTH["name"], PHONE, PHONE[-4:])
    me.screen.context.set_offline(False)
    expect(me.title()).to_have_text("自助办事")
    assert me.ended().how is HowEnded.TIMED_OUT


# ── with a bridge ──


@dataclass
class Bridge:
    """Card reader, scanner and printer of a terminal, as docs/kiosk.md has them."""

    url: str
    printed: list[bytes]


@pytest.fixture
def bridge() -> Iterator[Bridge]:
    printed: list[bytes] = []
    _, sheet = cv2.imencode(".jpg", sample("id_front.jpg"))
    card = json.dumps({"name": TRUTH["name"], "id_number": TRUTH["id_number"]}).encode()
    ready = json.dumps({"card_reader": "ready", "scanner": "ready", "printer": "ready"}).encode()
    answers = {"/v1/status": ready, "/v1/card": card, "/v1/scan": sheet.tobytes(), "/v1/print": b"{}"}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(answers[self.path])

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path == "/v1/print":
                printed.append(body)
            self._answer(answers[self.path])

        def do_OPTIONS(self) -> None:
            self._answer(b"")

        def _answer(self, body: bytes) -> None:
            self.send_response(200)
            for name, value in (("Origin", "*"), ("Methods", "GET, POST"), ("Headers", "Content-Type")):
                self.send_header(f"Access-Control-Allow-{name}", value)
            self.send_header("Content-Type", "image/jpeg" if self.path == "/v1/scan" else "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Not into the tests' output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Bridge(f"http://127.0.0.1:{server.server_port}", printed)
    server.shutdown()
    thread.join()
    server.server_close()


def test_with_a_bridge_the_card_is_read_the_sheet_scanned_and_the_slip_printed(
    kiosks: Callable[..., Kiosk], bridge: Bridge
) -> None:
    me = kiosks(1080, bridge.url)
    me.chooses()
    me.agrees()
    expect(me.title()).to_have_text("是这个人要办吗？")
    me.taps("是，继续")
    me.types(PHONE)
    me.taps("下一步")
    expect(me.page.locator("[data-material=id_front].here")).to_be_visible()
    me.screen.looks_right("kiosk-scan-bridge")
    me.page.get_by_role("button", name="扫描", exact=True).click()
    expect(me.page.locator(".result.fine")).to_be_visible(timeout=READ_MS)
    me.goes_to("check")
    me.taps("没有问题，提交")
    until(lambda: len(bridge.printed) == 1, "the slip at the printer")
    number = me.page.locator("#number").inner_text()
    assert me.page.evaluate("window.printed") == 0
    page = pypdfium2.PdfDocument(bridge.printed[0])[0]
    text = page.get_textpage().get_text_range()
    assert "自助办理回执" in text
    assert number in re.sub(r"\s", "", text)
    cv2.imwrite(str(SCREENS / "kiosk-slip-pdf.png"), np.asarray(page.render(scale=3).to_numpy()))
