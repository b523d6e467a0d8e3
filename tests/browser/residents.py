"""Somebody with the app on a phone, as the tests of its pages drive it."""

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Phone
from workers.demo.photos import SAMPLES
from workers.demo.show import Running

SOCIAL_CARD = "440105-SHBZK-BL"
TRUTH = json.loads((SAMPLES / "truth.json").read_text(encoding="utf-8"))["person"]
READ_MS = 60_000
Phones = Callable[..., Phone]


class Resident:
    """Somebody with the app on a phone."""

    def __init__(self, phone: Phone) -> None:
        self.phone, self.page = phone, phone.page

    def goes(self, page: str, **query: str) -> None:
        self.page.goto(f"/app/#/pages/{page}/index?" + "&".join(f"{k}={v}" for k, v in query.items()))

    def taps(self, text: str) -> None:
        self.page.locator("uni-button:visible", has_text=text).first.click()

    def opens_a_case(self) -> str:
        """The case's number."""
        self.goes("apply", code=SOCIAL_CARD)
        self.agrees()
        return self.fills_in()

    def agrees(self) -> None:
        self.taps("同意并继续")
        expect(self.page.get_by_text("给谁办")).to_be_visible()

    def answers(self) -> None:
        """No to every question, or the last choice."""
        for question in self.page.locator("[role=radiogroup]").all():
            question.locator("uni-button").last.click()

    def fills_in(self) -> str:
        self.answers()
        wanted = {"姓名": TRUTH["name"], "身份证号码": TRUTH["id_number"], "手机号码": TRUTH["phone"], "省": "广东省",
                  "市": "广州市", "区县": "海珠区", "街道门牌": "江南大道中258号"}  # fmt: skip
        for label, value in wanted.items():
            self.field(label).fill(value)
        self.taps("下一步")
        self.page.wait_for_url("**/pages/photos/**")
        return self.page.url.partition("no=")[2]

    def hands_in(self) -> None:
        """From the photographs over what was read, as it was read."""
        self.taps("下一步：核对")
        self.page.wait_for_url("**/pages/check/**")
        expect(self.page.locator("[data-field]").first).to_be_visible()
        self.taps("确认无误，提交")

    def field(self, label: str) -> Locator:
        return self.page.locator(f"[aria-label='{label}'] input")

    def material(self, key: str) -> Locator:
        return self.page.locator(f"[data-material={key}]")

    def photographs(self, key: str, file: Path, button: str = "拍照") -> None:
        """From the phone's files, as who has no camera does; a picture is looked at first."""
        self.chooses(key, file, button=button)
        if file.suffix != ".pdf":
            self.taps("就用这张")
            self.page.wait_for_url("**/pages/photos/**")

    def chooses(self, key: str, *files: Path, button: str = "拍照") -> None:
        chooser = self.material(key)
        if button != "拍照":  # to photograph again begins with the camera
            chooser.locator("uni-button", has_text=button).first.click()
            chooser = self.page.locator(".tools:visible")
        with self.page.expect_file_chooser() as chosen:
            chooser.locator("uni-button", has_text="从相册/文件选").click()
        chosen.value.set_files(list(files))

    def token(self) -> str:
        return str(self.page.evaluate("localStorage.getItem('zerotrip.token')"))


def resident(running: Running, phones: Phones, width: int = 360) -> Resident:
    return Resident(phones(running.url, width))
