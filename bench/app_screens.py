"""The residents' app as a slow phone sees it: Debian's Chromium with its processor slowed down four times and a slow 4G line,
against the running service.

Interactive is the moment from which a tap is answered: the first item stands on the screen, and no task of the page's
script keeps the finger waiting after it. Both profiles that Chromium's own tools call slow 4G are measured: Lighthouse's
(150 ms a round trip, 1.6 Mbit/s) and that of the network panel (562 ms a request, 1.4 Mbit/s).
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from time import perf_counter

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from bench.goals import goals_table, under
from bench.progress import Say
from bench.service import Resident
from bench.tables import spread, table
from tests.services import ServiceMissing
from tests.specimens.applications import front_page
from tests.specimens.camera import Level
from tests.specimens.people import HAIZHU, Person, invent

SCREEN = ViewportSize(width=360, height=740)
SLOWER = 4
PROMISED_SCREEN_S = 2.0
PROMISED_VERDICT_S = 4.0
PATIENCE_MS = 60_000
ITEM = "440105-SHBZK-BL"
PHOTOGRAPH_BYTES, MEGAPIXELS = 6_000_000, 20.0
SEED = 7000


@dataclass(frozen=True)
class Line:
    """Milliseconds of a round trip, bytes a second down and up."""

    name: str
    latency: float
    down: float
    up: float


LINES = (
    Line("slow 4G (Lighthouse: 150 ms, 1.6 Mbit/s)", 150, 1_638_400 / 8, 768_000 / 8),
    Line("slow 4G (network panel: 562 ms, 1.4 Mbit/s)", 562.5, 1_474_560 / 8, 675_000 / 8),
)

# long tasks are told from before the first script on; what was drawn is looked at with each frame
_WATCH = """
window.__long = [];
new PerformanceObserver((seen) => { for (const e of seen.getEntries()) window.__long.push([e.startTime, e.duration]); })
  .observe({type: 'longtask', buffered: true});
const look = () => {
  const first = document.querySelector('.card .title');
  if (first && first.getBoundingClientRect().height > 0) window.__shown = performance.now();
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
# nothing kept the script busy for half a second after it
_INTERACTIVE = """() => {
  if (!window.__shown) return null;
  const busy = window.__long.map(([at, took]) => at + took);
  const last = Math.max(window.__shown, ...busy.filter((end) => end > window.__shown));
  return performance.now() - last > 500 ? [window.__shown, last] : null;
}"""


@dataclass(frozen=True)
class First:
    """Seconds until the first item is shown, until a tap is answered; kilobytes on the wire."""

    shown: float
    interactive: float
    kilobytes: float


@dataclass(frozen=True)
class Taken:
    """A photograph's bytes, and seconds from choosing it until it is called good."""

    size: int
    seconds: float


def run(base: str, times: int, say: Say) -> str:
    """A section of the report, in Markdown."""
    with _browser() as browser:
        firsts = {line: [_first(browser, base, line, say) for _ in range(times)] for line in LINES}
        verdicts = [_verdict(browser, base, place, say) for place in range(times)]
    return _section(firsts, verdicts)


@contextmanager
def _browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        raise ServiceMissing("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


def _phone(browser: Browser, base: str) -> BrowserContext:
    """A new one: nothing is in its store."""
    context = browser.new_context(
        base_url=base, viewport=SCREEN, device_scale_factor=2, is_mobile=True, has_touch=True, locale="zh-CN"
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


def _first(browser: Browser, base: str, line: Line, say: Say) -> First:
    context = _phone(browser, base)
    page, taken = context.new_page(), list[int]()
    _slowed(context, page, line)
    page.on(
        "requestfinished",
        lambda r: taken.append(sum(r.sizes()[k] for k in ("responseBodySize", "responseHeadersSize"))),
    )
    page.add_init_script(_WATCH)
    page.goto("/app/", wait_until="commit")
    shown, interactive = page.wait_for_function(_INTERACTIVE, polling=50).json_value()
    context.close()
    say(f"  first screen, {line.name}: interactive after {interactive / 1000:.2f} s")
    return First(shown / 1000, interactive / 1000, sum(taken) / 1000)


def _slowed(context: BrowserContext, page: Page, line: Line) -> None:
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    shape = {"offline": False, "latency": line.latency, "downloadThroughput": line.down, "uploadThroughput": line.up}
    tools.send("Network.emulateNetworkConditions", shape)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def _verdict(browser: Browser, base: str, place: int, say: Say) -> Taken:
    """A photograph of 6 MB, chosen on the page, until the page says that it is good."""
    device, picture = f"bench-app-{place}", large_photograph(place)
    number = Resident(base, picture.person, device).open_case(ITEM)
    context = _phone(browser, base)
    page = context.new_page()
    page.add_init_script(f"localStorage.setItem('zerotrip.device', '{device}')")
    page.goto(f"/app/#/pages/photos/index?no={number}")
    seconds = _chosen_until_good(page, picture.data)
    context.close()
    say(f"  a photograph of {len(picture.data) / 1e6:.1f} MB: good after {seconds:.2f} s")
    return Taken(len(picture.data), seconds)


def _chosen_until_good(page: Page, data: bytes) -> float:
    material = page.locator("[data-material=id_front]")
    with page.expect_file_chooser() as chooser:
        material.locator("[data-choose]").click()
    chooser.value.set_files({"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": data})
    use = page.locator("uni-button", has_text="就用这张")
    use.wait_for()
    started = perf_counter()
    use.click()
    material.locator(".line .tag.good").wait_for()
    return perf_counter() - started


@dataclass(frozen=True)
class Large:
    person: Person
    data: bytes


def large_photograph(place: int) -> Large:
    """Of the front of a card, as the better phones take it: 20 megapixels, as little compressed as makes 6 MB."""
    person = invent(SEED + place, home=HAIZHU)
    taken = Image.open(BytesIO(front_page(person, SEED + place, Level.PHONE, MEGAPIXELS).data))
    for quality in range(90, 101):
        out = BytesIO()
        taken.save(out, "JPEG", quality=quality, exif=taken.getexif())
        if out.tell() >= PHOTOGRAPH_BYTES:
            break
    return Large(person, out.getvalue())


def _section(firsts: dict[Line, list[First]], photographs: list[Taken]) -> str:
    rows = [_row(line, measured) for line, measured in firsts.items()]
    heads = ("line", "n", "first item shown, median", "interactive: min", "median", "max", "kB on the wire")
    good = spread(each.seconds for each in photographs)
    sizes = f"{min(p.size for p in photographs) / 1e6:.1f} to {max(p.size for p in photographs) / 1e6:.1f}"
    goals = [
        *(
            under(f"first screen, {line.name}: interactive, median", _median(m), PROMISED_SCREEN_S)
            for line, m in firsts.items()
        ),
        under("a 6 MB photograph, from choosing it in the app to its verdict, median", good.median, PROMISED_VERDICT_S),
        under("… the slowest", good.most, PROMISED_VERDICT_S),
    ]
    note = (
        f"Seconds from the start of the navigation, nothing kept from before, processor {SLOWER} times slower, 360 by 740 "
        "points. Interactive: the first item stands on the screen, and no task of 50 ms or more comes after."
    )
    photo = f"{good.count} photographs of {sizes} MB, full speed: {good.least:.2f} / {good.median:.2f} / {good.most:.2f} s (min, median, max)."
    return "\n\n".join(
        ["### The first screen", note, goals_table(goals), table(heads, rows), "### A large photograph", photo]
    )


def _median(measured: list[First]) -> float:
    return spread(m.interactive for m in measured).median


def _row(line: Line, measured: list[First]) -> tuple[object, ...]:
    shown, free = spread(m.shown for m in measured), spread(m.interactive for m in measured)
    weight = spread(m.kilobytes for m in measured).median
    return (line.name, free.count, shown.median, free.least, free.median, free.most, f"{weight:.0f}")
