"""Photographing in the residents' app: the live picture and its hints, the picture before it is sent, several pages,
what cannot be used, and lines and sessions that break in the middle of a large picture."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import Locator, Request, Route, expect

from tests.browser.conftest import until
from tests.browser.fake_camera import blank
from tests.browser.fake_papers import Scene, card, heic, large_photograph, sideways, small_photograph, video
from tests.browser.residents import READ_MS, SOCIAL_CARD, TRUTH, Phones, Resident, resident
from workers.demo.client import Api, StepFailed
from workers.demo.show import Running

pytestmark = pytest.mark.timeout(120)
PIECES = "**/api/v1/uploads/*"
NEAR = 0.72
"""Of the camera's picture: what fills the frame."""
COUNTED = """
let seen = 0;
const read = CanvasRenderingContext2D.prototype.getImageData;
CanvasRenderingContext2D.prototype.getImageData = function (...all) { seen++; return read.apply(this, all); };
window.framesSeen = () => seen;
"""
FULL = "void (IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError') })"


class Photographer(Resident):
    """Somebody with a case of their own, on the page where its materials are photographed."""

    def __init__(self, running: Running, phones: Phones, width: int, *, young: bool) -> None:
        super().__init__(resident(running, phones, width).phone)
        device = f"phone-{uuid4().hex[:10]}"
        token = Api(running.url, {}).post("/api/v1/session", code=f"dev:{device}", platform="embedded")["token"]
        self.api = Api(running.url, {"Authorization": f"Bearer {token}"})
        self.number = _case(self.api, young)
        self.page.add_init_script(f"localStorage['zerotrip.device'] ??= '{device}'")
        self.page.add_init_script(f"localStorage['zerotrip.token'] ??= '{token}'")
        self.goes("photos", no=self.number)
        expect(self.material("application_form")).to_be_visible()

    def looks_through_the_camera(self, key: str = "id_front") -> None:
        self.material(key).locator(".ways uni-button").first.click()
        self.page.wait_for_url("**/pages/camera/**")

    @property
    def hint(self) -> Locator:
        return self.page.locator(".hint:visible")

    def pages_of(self, key: str) -> list[dict[str, object]]:
        materials = self.api.get(f"/api/v1/cases/{self.number}")["materials"]
        return next(m["pages"] for m in materials if m["key"] == key)

    def has_pages(self, key: str, count: int) -> None:
        """On the screen, and nothing on its way any more."""
        expect(self.material(key).locator(".line:not(.sending)")).to_have_count(count)
        expect(self.material(key).locator(".sending")).to_have_count(0)

    def good(self, key: str) -> Locator:
        return self.material(key).locator(".line .tag.good")


def _case(api: Api, young: bool) -> str:
    applicant = {"kind": "person", "name": TRUTH["name"], "id_number": TRUTH["id_number"], "phone": TRUTH["phone"]}
    address = {"province": "广东省", "city": "广州市", "county": "海珠区", "detail": "江南大道中258号",
               "contact": TRUTH["name"], "phone": TRUTH["phone"]}  # fmt: skip
    opened = api.write(
        "/api/v1/cases", item=SOCIAL_CARD, answers={"under_16": young}, applicant=applicant, address=address,
        channel="miniapp",
    )  # fmt: skip
    return str(opened["case"])


@pytest.fixture
def photographer(running: Running, phones: Phones) -> Callable[..., Photographer]:
    def make(width: int = 360, *, young: bool = False) -> Photographer:
        return Photographer(running, phones, width, young=young)

    return make


Make = Callable[..., Photographer]


# --- the live picture

SCENES = {
    "近一点": Scene(0.4),
    "摆正": Scene(NEAR, degrees=14),
    "太暗，开灯再拍": Scene(NEAR, light=0.25),
    "反光，换个角度": Scene(NEAR, spot=True),
    "拿稳": Scene(NEAR, shaking=24),
    "好，拍吧": Scene(NEAR),
}


def test_the_camera_says_what_the_picture_lacks(photographer: Make, camera: Path) -> None:
    me = photographer()
    me.page.evaluate("localStorage['zerotrip.shutter'] = 'manual'")
    for n, (hint, scene) in enumerate(SCENES.items()):
        card(camera, scene)
        me.looks_through_the_camera()
        expect(me.hint).to_have_text(hint)
        me.phone.shot(f"photos-camera-{n}")
        me.page.go_back()
    blank(camera)
    me.looks_through_the_camera("application_form")
    expect(me.hint).to_have_text("把整张纸放进框里")
    me.phone.looks_right("photos-camera-sheet")
    assert me.phone.complaints == []


def test_a_steady_picture_is_taken_by_itself_looked_at_and_read(photographer: Make, camera: Path) -> None:
    card(camera, SCENES["好，拍吧"])
    me = photographer(414)
    me.looks_through_the_camera()
    me.page.wait_for_url("**/pages/preview/**")
    expect(me.page.get_by_text("拖动四角")).to_be_visible()
    me.phone.looks_right("photos-preview-shot")
    me.taps("就用这张")
    me.page.wait_for_url("**/pages/photos/**")
    expect(me.good("id_front")).to_be_visible(timeout=READ_MS)
    me.phone.looks_right("photos-taken")
    assert len(me.pages_of("id_front")) == 1


def test_without_a_camera_a_file_is_chosen(photographer: Make, tmp_path: Path) -> None:
    me = photographer()
    for name, sentence in {"NotAllowedError": "没有相机权限", "NotFoundError": "打不开相机"}.items():
        throws = f"async () => {{ throw new DOMException('no', '{name}') }}"
        me.page.evaluate(f"void (navigator.mediaDevices.getUserMedia = {throws})")
        me.looks_through_the_camera()
        expect(me.page.get_by_role("alert")).to_contain_text(sentence)
        me.phone.looks_right(f"photos-camera-{name}")
        me.page.go_back()
        me.page.wait_for_url("**/pages/photos/**")
    me.looks_through_the_camera()
    with me.page.expect_file_chooser() as chosen:
        me.taps("从相册/文件选")
    chosen.value.set_files(small_photograph(tmp_path / "a.jpg"))
    me.page.wait_for_url("**/pages/preview/**")
    with me.page.expect_file_chooser() as chosen:
        me.taps("重新选")
    chosen.value.set_files(small_photograph(tmp_path / "b.jpg", shade=90))
    me.taps("就用这张")
    me.has_pages("id_front", 1)


def test_a_slow_phone_sees_hints_and_takes_the_picture_by_hand(photographer: Make, camera: Path) -> None:
    card(camera, SCENES["近一点"])
    me = photographer(414)
    me.page.evaluate(COUNTED)
    tools = me.phone.context.new_cdp_session(me.page)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    me.looks_through_the_camera()
    expect(me.hint).to_have_text("近一点")
    began, first = me.page.evaluate("[performance.now(), framesSeen()]")
    until(lambda: me.page.evaluate("framesSeen()") >= first + 5, "five frames")
    ended, last = me.page.evaluate("[performance.now(), framesSeen()]")
    assert (last - first) * 1000 / (ended - began) < 6
    automatic = me.page.get_by_role("button", name="自动拍")
    automatic.click()
    expect(automatic).to_have_attribute("aria-pressed", "false")
    me.phone.looks_right("photos-camera-slow")
    me.page.get_by_role("button", name="拍照（快门）").click()
    me.page.wait_for_url("**/pages/preview/**")
    me.taps("重新拍")
    me.page.wait_for_url("**/pages/camera/**")
    expect(me.hint).to_have_text("近一点")


# --- the picture before it is sent


@contextmanager
def sent(me: Photographer) -> Iterator[list[bytes]]:
    """The pieces of what is sent meanwhile."""
    pieces: list[bytes] = []

    def note(request: Request) -> None:
        if request.method == "PUT" and (data := request.post_data_buffer):
            pieces.append(data)

    me.page.on("request", note)
    yield pieces
    me.page.remove_listener("request", note)


def test_a_picture_is_turned_and_cut_before_it_is_sent(photographer: Make, tmp_path: Path) -> None:
    me = photographer()
    with sent(me) as pieces:
        me.chooses("id_front", small_photograph(tmp_path / "a.jpg"))
        me.page.wait_for_url("**/pages/preview/**")
        me.taps("左转")
        corner = me.page.get_by_role("button", name="左上角")
        for _ in range(5):
            corner.press("ArrowDown")
        _drags(me, me.page.get_by_role("button", name="右下角"), -60, -40)
        me.phone.looks_right("photos-preview-cut")
        me.taps("就用这张")
        me.has_pages("id_front", 1)
    made = Image.open(io.BytesIO(b"".join(pieces)))
    assert made.format == "JPEG"
    assert 200 < made.width < 270
    assert 300 < made.height < 350
    # what was on the right is on top; a tenth of it is cut off
    lightest, darkest = _grey(made, 2), _grey(made, made.height - 3)
    assert 222 < lightest < 236
    assert 15 < darkest < 60


def _grey(picture: Image.Image, y: int) -> int:
    return picture.getchannel("R").crop((100, y, 101, y + 1)).tobytes()[0]


def _drags(me: Photographer, corner: Locator, x: int, y: int) -> None:
    """With a finger, which the browser's tools have."""
    box = corner.bounding_box()
    assert box is not None
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    tools = me.phone.context.new_cdp_session(me.page)
    tools.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
    for step in (0.5, 1):
        moved = {"x": at["x"] + x * step, "y": at["y"] + y * step}
        tools.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [moved]})
    tools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_the_cameras_mark_of_orientation_is_honoured_and_nothing_is_larger_than_useful(
    photographer: Make, tmp_path: Path
) -> None:
    me = photographer()
    with sent(me) as pieces:
        me.photographs("id_front", sideways(tmp_path / "held.jpg", width=3600))
        me.has_pages("id_front", 1)
    made = Image.open(io.BytesIO(b"".join(pieces)))
    assert made.size == (3500, 2625)
    assert 0x0112 not in made.getexif()


# --- several pages


def test_pages_of_a_booklet_are_added_replaced_and_deleted_up_to_what_is_wanted(
    photographer: Make, tmp_path: Path
) -> None:
    me = photographer(young=True)
    book = me.material("household_register")
    files = _pages(tmp_path, 40)
    me.chooses("household_register", *files[:2])
    expect(book.get_by_text("第 2 页")).to_be_visible(timeout=READ_MS)
    me.chooses("household_register", *files[2:])
    expect(book.locator(".told")).to_contain_text("最多 4 页，多选的 36 页没有添加")
    expect(book.get_by_text("第 4 页")).to_be_visible(timeout=READ_MS)
    expect(book.locator("uni-button", has_text="从相册/文件选")).to_have_count(0)
    me.phone.looks_right("photos-booklet")
    with pytest.raises(StepFailed, match="最多4页"):
        me.api.upload(f"/api/v1/cases/{me.number}/materials/household_register/pages", files[9], "image/jpeg")
    before = [page["id"] for page in me.pages_of("household_register")]
    book.locator("uni-button", has_text="删除").nth(1).click()
    expect(book.locator("uni-button", has_text="删除")).to_have_count(3)
    assert [page["id"] for page in me.pages_of("household_register")] == [before[0], *before[2:]]


def _pages(folder: Path, count: int) -> list[Path]:
    return [small_photograph(folder / f"page-{n}.jpg", shade=5 * n) for n in range(count)]


# --- what cannot be used


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    (tmp_path / "video.jpg").write_bytes(video())
    (tmp_path / "empty.jpg").write_bytes(b"")
    (tmp_path / "words.jpg").write_bytes(b"these are words")
    with (tmp_path / "large.pdf").open("wb") as large:
        large.write(b"%PDF-1.7\n")
        large.truncate(60_000_000)
    return tmp_path


def test_a_file_that_is_no_picture_is_told_before_anything_is_sent(photographer: Make, bad: Path) -> None:
    me = photographer()
    told = me.material("id_front").locator(".told")
    wanted = {"video.jpg": "这是一段视频", "empty.jpg": "文件是空的", "words.jpg": "不是照片",
              "large.pdf": "文件太大（60 MB），最大 30 MB"}  # fmt: skip
    calls: list[str] = []
    me.page.on("request", lambda r: calls.append(r.url) if "/uploads" in r.url else None)
    for name, sentence in wanted.items():
        me.chooses("id_front", bad / name)
        expect(told).to_contain_text(sentence)
    me.phone.looks_right("photos-refused")
    assert calls == []
    assert me.pages_of("id_front") == []


def test_a_picture_that_this_phone_cannot_show_is_sent_as_it_is(photographer: Make, tmp_path: Path) -> None:
    me = photographer()
    me.chooses("id_front", heic(tmp_path / "front.heic"))
    expect(me.page.get_by_text("显示不了")).to_be_visible()
    me.taps("就用这张")
    expect(me.good("id_front")).to_be_visible(timeout=READ_MS)


def test_the_same_picture_twice_is_asked_about(photographer: Make, tmp_path: Path) -> None:
    me, picture = photographer(), small_photograph(tmp_path / "a.jpg")
    me.photographs("id_front", picture)
    me.has_pages("id_front", 1)
    me.chooses("id_back", picture)
    expect(me.page.get_by_text("这张照片已经选过了")).to_be_visible()
    me.phone.shot("photos-same-again")
    me.page.get_by_text("不用了").click()
    expect(me.page.get_by_text("这张照片已经选过了")).to_be_hidden()
    me.chooses("id_back", picture)
    me.page.get_by_text("再用一次", exact=True).click()
    me.page.wait_for_url("**/pages/preview/**")
    assert me.pages_of("id_back") == []


def test_a_phone_without_room_still_sends_and_says_to_wait(photographer: Make, tmp_path: Path) -> None:
    me = photographer()
    me.page.evaluate(FULL)
    me.page.route(PIECES, lambda route: route.abort())
    me.photographs("id_front", small_photograph(tmp_path / "a.jpg"))
    expect(me.material("id_front")).to_contain_text("网络不通")
    expect(me.material("id_front")).to_contain_text("不要关闭")
    me.page.unroute(PIECES)
    me.has_pages("id_front", 1)


# --- lines, sessions and time


def test_a_large_picture_goes_on_after_the_line_and_the_app_were_gone(photographer: Make, tmp_path: Path) -> None:
    me, large = photographer(), large_photograph(tmp_path / "large.jpg", 6)
    sizes: list[int] = []

    def twice(route: Route) -> None:
        if route.request.method == "PUT" and len(sizes) >= 2:
            route.abort()
            return
        if route.request.method == "PUT":
            sizes.append(len(route.request.post_data_buffer or b""))
        route.continue_()

    me.page.route(PIECES, twice)
    me.photographs("id_front", large)
    expect(me.material("id_front")).to_contain_text("网络不通")
    me.phone.looks_right("photos-offline")
    me.page.unroute(PIECES)
    with sent(me) as pieces:
        me.page.reload()
        me.has_pages("id_front", 1)
    assert sum(sizes) + sum(map(len, pieces)) == 6_000_000
    assert len(me.pages_of("id_front")) == 1


def test_a_session_that_ends_in_the_middle_is_renewed_and_nothing_is_sent_twice(
    photographer: Make, tmp_path: Path
) -> None:
    me, large = photographer(), large_photograph(tmp_path / "large.jpg", 4)
    statuses: list[int] = []
    me.page.on("response", lambda r: statuses.append(r.status) if r.request.method == "PUT" else None)

    def ends(route: Route) -> None:
        if route.request.method == "PUT" and route.request.headers["upload-offset"] == "0":
            me.page.evaluate("localStorage['zerotrip.token'] = 'ended'")
        route.continue_()

    me.page.route(PIECES, ends)
    me.photographs("id_front", large)
    me.has_pages("id_front", 1)
    assert sorted(statuses) == [200] * 4 + [401]
    assert len(me.pages_of("id_front")) == 1


def test_the_app_says_how_long_reading_still_takes_and_does_not_ask_for_ever(
    photographer: Make, tmp_path: Path
) -> None:
    me = photographer()
    asked: list[str] = []

    def waiting(route: Route) -> None:
        asked.append(route.request.url)
        answer = route.fetch(headers={**route.request.headers, "if-none-match": ""})
        case = answer.json()
        for page in (page for m in case["materials"] for page in m["pages"]):
            page.update(state="uploaded", findings=[], expected_seconds=42)
        route.fulfill(response=answer, json=case)

    me.page.route(f"**/api/v1/cases/{me.number}", waiting)
    me.photographs("id_front", small_photograph(tmp_path / "a.jpg"))
    expect(me.material("id_front")).to_contain_text("大约还要 42 秒")
    me.phone.looks_right("photos-waiting")
    me.page.clock.install()
    me.page.reload()
    expect(me.material("id_front")).to_contain_text("大约还要 42 秒")
    me.page.clock.fast_forward(240_000)
    stopped = me.page.locator(".card", has_text="已停止自动刷新")
    expect(stopped).to_be_visible()
    so_far = len(asked)
    me.page.clock.fast_forward(60_000)
    me.phone.looks_right("photos-tired")
    assert len(asked) == so_far
    stopped.locator("uni-button", has_text="再试一次").click()
    expect(stopped).to_have_count(0)
    me.page.unroute_all(behavior="ignoreErrors")


def test_large_type_and_english_fit_the_screen(photographer: Make, camera: Path) -> None:
    card(camera, SCENES["反光，换个角度"])
    me = photographer(young=True)
    me.page.evaluate("localStorage['zerotrip.language'] = 'en'; localStorage['zerotrip.large'] = 'true'")
    me.page.reload()
    expect(me.page.get_by_text("2 to 4 pages")).to_be_visible()
    me.phone.looks_right("photos-large-english")
    me.looks_through_the_camera("household_register")
    expect(me.hint).to_have_text("Whole sheet into the frame")
    me.phone.looks_right("photos-camera-large-english")
    me.page.get_by_role("button", name="Take the photo").click()
    expect(me.page.get_by_text("Drag the corners")).to_be_visible()
    me.phone.looks_right("photos-preview-large-english")
