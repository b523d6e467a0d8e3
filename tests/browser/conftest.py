"""Debian's Chromium on a phone's screen, and a house of its own for the grid's page: the real application on a free
port over the real SQLite, the worker's part played by the worker's own handlers.

Screenshots are kept in `build/screens` to be looked at. A browser that is missing is a failure that says so.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    ViewportSize,
    expect,
    sync_playwright,
)

from storage.blobs import blobs_from
from storage.session import Database
from storage.settings import StorageSettings
from tests.browser.fake_camera import blank
from tests.browser.seats import AXE, SCREENS, House, Seats
from tests.services import ServiceMissing, free_port
from tests.serving import serving
from tests.web.in_house import make_town
from web.app import application
from workers.demo.show import Running, service

ROOT = Path(__file__).parents[2]
APP = ROOT / "web" / "static" / "app"
SIZES = {360: 740, 414: 896}
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the browser's camera shows: the file is read when a page opens the camera."""
    path = tmp_path_factory.mktemp("camera") / "camera.mjpeg"
    blank(path)
    return path


@pytest.fixture(scope="session")
def browser(playwright: Playwright, camera: Path) -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        raise ServiceMissing("Chromium is not installed: apt-get install chromium")
    arguments = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={camera}",
        "--disable-dev-shm-usage",
        # Chromium's own sandbox refuses to work for root
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ]
    launched = playwright.chromium.launch(executable_path=program, args=arguments)
    yield launched
    launched.close()


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """`zerotrip up` with a courier that does what it is told."""
    if not (APP / "index.html").is_file():
        raise ServiceMissing("The residents' app is not built: make web/static/app/index.html")
    with service(tmp_path_factory.mktemp("up"), None, "ems") as found:
        yield found


@dataclass
class Phone:
    """A phone's browser: one page, everything it complained of, and pictures of it."""

    context: BrowserContext
    page: Page
    width: int
    complaints: list[str] = field(default_factory=list)
    flaws: list[str] = field(default_factory=list)

    def shot(self, name: str) -> None:
        """The whole page, also what has to be scrolled to."""
        self._shot(name, self.width)

    def _others(self) -> list[int]:
        """Widths of other phones; a terminal's screen has one."""
        return [width for width in SIZES if width != self.width] if self.width in SIZES else []

    def _shot(self, name: str, width: int) -> None:
        SCREENS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENS / f"{name}-{width}.png", full_page=True)

    def _overflows(self) -> bool:
        """Whether something is wider than the screen."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))

    def serious(self) -> list[str]:
        """What axe-core finds serious or critical, with the elements."""
        if not AXE.is_file():
            raise ServiceMissing("axe-core is not installed: make web/static/app/index.html")
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{v['id']}: {node['html'][:160]} {node.get('failureSummary', '')}"
            for v in found["violations"]
            if v["impact"] in ("serious", "critical")
            for node in v["nodes"]
        ]

    def looks_right(self, name: str) -> None:
        """A picture at each width of screen is kept; that something is wider than the screen, or keeps somebody out,
        fails the test at its end, so that one run tells all."""
        for width in (*self._others(), self.width):
            if width in SIZES:
                self.page.set_viewport_size(ViewportSize(width=width, height=SIZES[width]))
            self._shot(name, width)
            if self._overflows():
                self.flaws.append(f"{name} is wider than {width} px")
        self.flaws += [f"{name}: {found}" for found in self.serious()]


@pytest.fixture
def phones(browser: Browser) -> Iterator[Callable[..., Phone]]:
    """Makes phones: `phones(base_url, width)`."""
    made: list[Phone] = []

    def phone(base_url: str, width: int = 360) -> Phone:
        context = browser.new_context(
            base_url=base_url,
            viewport={"width": width, "height": SIZES[width]},
            device_scale_factor=2,
            is_mobile=True,
            has_touch=True,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            permissions=["camera"],
        )
        context.set_default_timeout(PATIENCE_MS)
        phone = Phone(context, context.new_page(), width)
        made.append(phone)
        phone.page.on("console", lambda m: phone.complaints.append(m.text) if _is_complaint(m) else None)
        phone.page.on("pageerror", lambda e: phone.complaints.append(str(e)))
        return phone

    yield phone
    for phone_ in made:
        phone_.context.close()
    assert [flaw for phone_ in made for flaw in phone_.flaws] == []


def _is_complaint(message: ConsoleMessage) -> bool:
    """Being told to sign in is an answer."""
    return message.type == "error" and "401 (Unauthorized)" not in message.text


@pytest.fixture
def seats(browser: Browser, house: House) -> Iterator[Seats]:
    made = Seats(browser, house)
    yield made
    made.leave()


@pytest.fixture
def house(sqlite_url: str, tmp_path: Path, key_file: Path) -> Iterator[House]:
    database = Database(StorageSettings(sqlite_url, f"dir:{tmp_path / 'blobs'}", key_file))
    port = free_port()
    town = make_town(database, blobs_from(database.settings))
    # plain HTTP, as on one's own machine
    town.doors = replace(town.doors, settings=replace(town.doors.settings, cookie_secure=False))
    with serving(application(town.doors), port):
        yield House(town, f"http://127.0.0.1:{port}")
    database.dispose()


def until(holds: Callable[[], bool], what: str, seconds: float = 20) -> None:
    """Waits for a condition with a deadline, outside the browser."""
    deadline, pause = monotonic() + seconds, threading.Event()
    while not holds():
        assert monotonic() < deadline, f"waited {seconds:.0f} s for {what}"
        pause.wait(0.02)
