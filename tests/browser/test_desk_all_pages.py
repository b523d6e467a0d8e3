"""Every page of the desk looked at, at both sizes of an office's screens: with nothing in it, and in a house full of work.

Nothing is cut, nothing stands out of the screen, axe-core finds nothing serious. A page that is added and neither listed
here nor looked at by another test fails.
"""

import re
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import Browser, Page, ViewportSize, expect

from storage.words import Role
from tests.browser.conftest import House
from tests.browser.furnished import Furniture, furnish
from tests.browser.seats import Seat, Seats
from web.app import DESK, OUTSIDE

pytestmark = pytest.mark.timeout(900)
HERE = Path(__file__).parent
EVERYBODY = tuple(role for role in Role if role not in {Role.GRID, Role.AGENT})
LISTS = (
    "/desk/queues/unclaimed", "/desk/second", "/desk/demands", "/desk/deferrals", "/desk/assignments", "/desk/assignments/requests",
    "/desk/systems", "/desk/window", "/desk/board", "/desk/board/rules", "/desk/jobs", "/desk/urges", "/desk/rectifications",
    "/desk/complaints", "/desk/follow-ups", "/desk/statistics", "/desk/statistics/cases", "/desk/export", "/desk/accuracy",
    "/desk/sampling", "/desk/catalogue", "/desk/staff", "/desk/record", "/desk/looks", "/desk/retention",
    "/desk/deletions", "/desk/account",
)  # fmt: skip
"""By route; each is also looked at while it is empty."""
OF_ONE = {
    "/desk/cases/{no}": "no", "/desk/rectifications/{rectification}": "rectification",
    "/desk/complaints/{complaint}": "complaint", "/desk/staff/{person}": "person",
    "/desk/accuracy/{kind}/{field}": "", "/desk/sampling/{code}": "", "/desk/catalogue/items/{code}": "",
    "/desk/catalogue/items/{code}/diff": "",
    **{f"/desk/catalogue/drafts/{{draft}}{tail}": "" for tail in ("", "/yaml", "/preview", "/diff", "/backtest", "/decision")},
}  # fmt: skip
OTHER_CASES = ("processing", "deferred", "bundle")
ASKED = {
    "/desk/statistics/cases": "?figure=cases",
    "/desk/systems": "",
    "/desk/catalogue/items/{code}/diff": "?with=20",
}
SIGNED_OUT = "/desk/login"
PARTS = {
    "/desk/assignments/{assignment}/files": "desk-case-departments",
    "/desk/cases/{no}/bundle": "desk-bundle", "/desk/cases/{no}/pages/{sheet}": "desk-case",
    "/desk/cases/{no}/waivers/{material}": "desk-review-facts", "/desk/cases/{no}/notice": "desk-letter",
    "/desk/cases/{no}/judging": "desk-truth-page", "/desk/board/{kind}/{subject}": "desk-board-urging",
    "/desk/urges/count": "desk-urges", "/desk/lost": "desk-lost", "/desk/rectifications/{rectification}/contact": "desk-rectification",
    "/desk/complaints/{complaint}/contact": "desk-complaint", "/desk/follow-ups/{follow}/contact": "desk-follow-ups",
    "/desk/catalogue/drafts/{draft}/lint": "desk-item-fault", "/desk/catalogue/drafts/backtests/{backtest}": "desk-item-backtest",
}  # fmt: skip
"""Parts of pages, and the picture in which another test looks at them."""
NO_PAGE = {
    "/desk": "leads on", "/desk/next": "leads on", "/desk/ahead": "fetched before it is asked for; shown as the case page",
    "/desk/cases/{no}/pages/{sheet}/picture": "a picture", "/desk/complaints/{complaint}/picture": "a picture",
    "/desk/rectifications/{rectification}/proof": "a file",
    "/desk/provider": "leads on", "/desk/provider/back": "leads on",
}  # fmt: skip
CUT = """() => [...document.querySelectorAll('main *, header *, nav *')].filter(e => {
  const s = getComputedStyle(e);
  if (e.closest('[hidden], svg, iframe, .chart, .unseen') || !e.checkVisibility() || !e.textContent.trim()) return false;
  if (['INPUT', 'SELECT', 'OPTION', 'TEXTAREA', 'SCRIPT'].includes(e.tagName)) return false;
  const box = e.getBoundingClientRect();
  if (box.width <= 1 || box.height <= 1) return false;
  const hides = ['hidden', 'clip'].includes(s.overflowX) && s.textOverflow !== 'ellipsis';
  const out = box.right > innerWidth + 1 && !e.closest('.wide-table, pre, .means');
  return (hides && e.scrollWidth > e.clientWidth + 1) || out;
}).map(e => e.tagName + '.' + e.className + ': ' + e.textContent.trim().slice(0, 60))"""
"""Words that are cut off, or stand out of the screen."""
MIXED = """() => {
  const walk = document.createTreeWalker(document.querySelector('main') || document.body, NodeFilter.SHOW_TEXT);
  const wrong = /[\\u4e00-\\u9fff][,;?!]|[,;?!][\\u4e00-\\u9fff]|[\\u4e00-\\u9fff]\\s*\\([^)]*[\\u4e00-\\u9fff]|"[\\u4e00-\\u9fff]|\\.\\.\\./;
  const found = [];
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement, text = walk.currentNode.data;
    if (e.closest('code, pre, .number, textarea, script, kbd, #yaml') || !e.checkVisibility()) continue;
    if (wrong.test(text)) found.push(text.trim().slice(0, 60));
  }
  return found;
}"""
"""Half-width signs in a Chinese sentence."""


def pages() -> set[str]:
    """Every address of the desk that a browser gets and that is not JSON."""
    routes = (r for group in (DESK, OUTSIDE) for router in group for r in router.routes if isinstance(r, APIRoute))
    return {r.path for r in routes if "GET" in r.methods and r.path.startswith("/desk") and "/api/" not in r.path}


def test_no_page_of_the_desk_is_left_unlooked_at() -> None:
    queue = "/desk/queues/{name}"
    known = {*LISTS, *OF_ONE, SIGNED_OUT, *PARTS, *NO_PAGE, queue} - {"/desk/queues/unclaimed"}
    assert pages() - known == set(), "say where it is looked at"
    assert known <= pages()
    told = "".join(p.read_text(encoding="utf-8") for p in HERE.glob("test_desk*.py"))
    pictures = set(re.findall(r'looks_right\("([a-z-]+)"\)', told))
    assert set(PARTS.values()) <= pictures


@pytest.fixture
def seat(seats: Seats) -> Seat:
    return seats.take("欧阳雨桐", *EVERYBODY)


def looked_at(seat: Seat, name: str, flaws: list[str]) -> None:
    page = seat.page
    try:
        seat.looks_right(f"desk-all-{name}")
    except AssertionError as error:
        flaws.append(str(error).splitlines()[0])
    flaws += [f"{name} cut: {cut}" for cut in page.evaluate(CUT)]
    flaws += [f"{name} mixed signs: {text}" for text in page.evaluate(MIXED)]


def test_every_page_is_looked_at_empty_and_full(house: House, seat: Seat, browser: Browser) -> None:
    flaws: list[str] = []
    missing: list[str] = []
    seat.page.on("response", lambda answer: missing.append(answer.url) if answer.status == 404 else None)
    for route in LISTS:
        shown(seat, route, ASKED.get(route, ""))
        looked_at(seat, f"empty{name_of(route)}", flaws)
    stands = furnish(house.town)
    for route in LISTS:
        shown(seat, route, ASKED.get(route, ""))
        looked_at(seat, f"full{name_of(route)}", flaws)
    for route in OF_ONE:
        shown(seat, address(route.replace("/sampling/{code}", "/sampling/{sampled}"), stands), ASKED.get(route, ""))
        looked_at(seat, f"one{name_of(route)}", flaws)
    for name in OTHER_CASES:
        shown(seat, f"/desk/cases/{stands.values[name]}")
        looked_at(seat, f"case-{name}", flaws)
    shown(seat, "/desk/board/rules", "?open=state.in_review")
    looked_at(seat, "rule-open", flaws)
    signed_out(browser, house, flaws)
    assert [url for url in missing if "/pages/" not in url] == []
    seat.complaints[:] = [said for said in seat.complaints if "404" not in said]  # some pages have no picture here
    assert not flaws, "\n".join(flaws)


def signed_out(browser: Browser, house: House, flaws: list[str]) -> None:
    context = browser.new_context(base_url=house.url, viewport=ViewportSize(width=1440, height=900), locale="zh-CN")
    seat = Seat(context, context.new_page(), [], "")
    shown(seat, SIGNED_OUT)
    looked_at(seat, "login", flaws)
    context.close()


def shown(seat: Seat, path: str, asked: str = "") -> Page:
    answer = seat.page.goto(path + asked)
    assert answer is not None
    assert answer.status == 200, f"{path}: {answer.status}"
    expect(seat.page.locator("h1").first).to_be_attached()
    seat.page.wait_for_load_state("networkidle")
    return seat.page


def address(route: str, stands: Furniture) -> str:
    return re.sub(r"{(\w+)}", lambda found: stands.values[found[1]], route)


def name_of(route: str) -> str:
    return re.sub(r"[^a-z]+", "-", route.removeprefix("/desk")).rstrip("-")
