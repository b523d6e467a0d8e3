"""Seats at the desk for the browser tests: each somebody who has signed in at the form, by keyboard, in a browser of
their own that complains of nothing."""

from dataclasses import dataclass
from pathlib import Path

import pyotp
from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError, ViewportSize, expect

from storage.words import Role
from tests.web.in_house import Town
from tests.web.world import PASSWORD, SYSTEM

ROOT = Path(__file__).parents[2]
SIZES = ((1440, 900), (1280, 720))
SCREENS = ROOT / "build" / "screens"
AXE = ROOT / "miniapp" / "node_modules" / "axe-core" / "axe.min.js"


@dataclass
class House:
    """A town whose doors stand open on a port."""

    town: Town
    url: str


@dataclass
class Seat:
    """Somebody's browser at the desk."""

    context: BrowserContext
    page: Page
    complaints: list[str]
    secret: str
    """Of the one-time codes."""

    def _takes(self, path: Path) -> None:
        """Chromium now and then never draws what is asked for just as a page changes its size; asked again, it does."""
        try:
            self.page.screenshot(path=path, timeout=5_000)
        except TimeoutError:
            self.page.bring_to_front()
            self.page.screenshot(path=path)

    def looks_right(self, name: str) -> None:
        """Pictures at both sizes; nothing wider than the screen, and nothing that axe-core finds serious."""
        self.page.bring_to_front()  # Chromium may draw nothing for a page behind another's
        for wide, high in SIZES:
            self.page.set_viewport_size(ViewportSize(width=wide, height=high))
            SCREENS.mkdir(parents=True, exist_ok=True)
            self._takes(SCREENS / f"{name}-{wide}.png")
            assert not self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), (
                f"{name} at {wide}"
            )
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        seen = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        serious = [
            v["id"] + str([n["html"][:120] for n in v["nodes"]])
            for v in seen["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        assert serious == [], f"{name}: {serious}"


class Seats:
    def __init__(self, browser: Browser, house: House) -> None:
        self._browser, self._house, self._taken = browser, house, list[Seat]()

    def take(self, login: str, *roles: Role) -> Seat:
        """Signed in at the form, by keyboard."""
        with self._house.town.database.transaction() as tx:
            _, secret = tx.staff.add(
                login, login, PASSWORD, roles=frozenset(roles), departments=frozenset({"rsj", "gaj"}), actor=SYSTEM
            )
        context = self._browser.new_context(
            base_url=self._house.url, viewport=ViewportSize(width=1440, height=900), locale="zh-CN"
        )
        seat = Seat(context, context.new_page(), [], secret)
        seat.page.on("pageerror", lambda error: seat.complaints.append(str(error)))
        seat.page.on("console", lambda m: seat.complaints.append(m.text) if m.type == "error" else None)
        seat.page.goto("/desk")
        expect(seat.page.locator("[name=login]")).to_be_focused()
        for word in (login, PASSWORD, pyotp.TOTP(secret).now()):
            seat.page.keyboard.type(word)
            seat.page.keyboard.press("Tab")
        seat.page.keyboard.press("Enter")
        expect(seat.page.locator(".who")).to_have_text(login)
        seat.page.wait_for_load_state()  # a key is heard once the page's scripts have run
        self._taken.append(seat)
        return seat

    def leave(self) -> None:
        for seat in self._taken:
            seat.context.close()
        assert [complaint for seat in self._taken for complaint in seat.complaints] == []
