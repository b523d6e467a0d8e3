"""How long a whole application takes: from the first byte of its first page to the verdict, with a reader that has nothing
else to do.

The four files of 社会保障卡补领 (three photographs, one PDF) go over HTTP to the embedded service one after the other, then
the case is submitted at once, and looked at until the verdict is there: no resident is as fast. Looks are `LOOK_SECONDS`
apart, so that much is added at most.
"""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bench.goals import goals_table, under
from bench.progress import Say
from bench.service import Resident, until
from bench.tables import spread, table
from tests.specimens.applications import ITEM, whole_application

MEGAPIXELS = (3.0, 5.0, 8.0)
PROMISED_SECONDS = 3.0
LOOK_SECONDS = 0.1
PROMISED_READ_SECONDS = 0.3
QUICK_LOOK_SECONDS = 0.02
PATIENCE_SECONDS = 90.0
READ_ENOUGH = frozenset({"read", "unreadable"})
WAITING = frozenset({"draft", "submitted"})
SEED = 4000


@dataclass(frozen=True)
class Verdict:
    """Seconds from the first byte: until all four were taken, until a look found them read, until the verdict; and the
    state that it brought."""

    megapixels: float
    sent: float
    read: float
    verdict: float
    state: str


def run(residents: list[Resident], times: int, say: Say) -> str:
    """A section of the report, in Markdown: so many applications of each size."""
    got = []
    for place in range(times * len(MEGAPIXELS)):
        megapixels, resident = MEGAPIXELS[place % len(MEGAPIXELS)], residents[place % len(residents)]
        got.append(_once(resident, place, megapixels))
        if place % len(MEGAPIXELS) == 0:
            say(f"  application round {place // len(MEGAPIXELS) + 1} of {times}")
    prompt = [_when_read(residents[n % len(residents)], 1000 + n) for n in range(times * len(MEGAPIXELS))]
    say(f"  {len(prompt)} applications that were read when they were submitted")
    return _section(got) + "\n\n" + _prompt_section(prompt)


def _when_read(resident: Resident, place: int) -> float:
    """Seconds from submitting until a look finds the verdict, of an application whose pages were read on arrival."""
    made = whole_application(SEED + place, megapixels=MEGAPIXELS[0])
    case = resident.open_case(ITEM, made.person)
    for key, page in made.pages.items():
        resident.upload(case, key, page.filename, page.data, page.content_type)
    until(lambda: READ_ENOUGH.issuperset(resident.look(case)[1]), PATIENCE_SECONDS, LOOK_SECONDS)
    started = time.perf_counter()
    resident.submit(case)
    until(lambda: resident.look(case)[0] not in WAITING, PATIENCE_SECONDS, QUICK_LOOK_SECONDS)
    return time.perf_counter() - started


def _prompt_section(seconds: Sequence[float]) -> str:
    s = spread(seconds)
    text = f"Submitted when all four files are read; from then until a look finds the verdict, a look each {QUICK_LOOK_SECONDS:g} s."
    goals = [under("submit to verdict, 4 files read on arrival, idle, p95", s.p95, PROMISED_READ_SECONDS)]
    row = ("all", s.count, s.least, s.median, s.p95, s.most)
    heads = ("seconds", "n", "min", "median", "p95", "max")
    return "\n\n".join(["### From submitting to the verdict", text, goals_table(goals), table(heads, [row])])


def _once(resident: Resident, place: int, megapixels: float) -> Verdict:
    made = whole_application(SEED + place, megapixels=megapixels)  # nobody's pictures come twice
    case = resident.open_case(ITEM, made.person)
    started = time.perf_counter()
    for key, page in made.pages.items():
        resident.upload(case, key, page.filename, page.data, page.content_type)
    sent = time.perf_counter() - started
    resident.submit(case)
    read = list[float]()

    def judged() -> bool:
        state, pages = resident.look(case)
        if READ_ENOUGH.issuperset(pages):
            read.append(time.perf_counter() - started)
        return state not in WAITING

    until(judged, PATIENCE_SECONDS, LOOK_SECONDS)
    verdict = time.perf_counter() - started
    return Verdict(megapixels, sent, read[0] if read else verdict, verdict, resident.look(case)[0])


HEADS = (
    "megapixels",
    "n",
    "all four sent, median",
    "all four read, median",
    "verdict: min",
    "median",
    "p95",
    "max",
    "within 3 s",
)


def _section(got: list[Verdict]) -> str:
    rows = [_row(f"{size:.0f}", [v for v in got if v.megapixels == size]) for size in MEGAPIXELS]
    states = ", ".join(f"{state} {n}" for state, n in Counter(v.state for v in got).most_common())
    s = spread(v.verdict for v in got)
    note = (
        "Seconds from the first byte of the first of four files (three photographs, a PDF) until a look finds the verdict; "
        f"sent one after the other, submitted at once, a look each {LOOK_SECONDS:.1f} s, idle reader. States reached: {states}."
    )
    goals = [
        under("a 4-page application, first byte to verdict, median", s.median, PROMISED_SECONDS),
        under("… the slowest", s.most, PROMISED_SECONDS),
    ]
    body = table(HEADS, [*rows, _row("all", got)])
    return f"### From the first byte to the verdict\n\n{note}\n\n{goals_table(goals)}\n\n{body}"


def _row(name: str, got: list[Verdict]) -> tuple[object, ...]:
    s = spread(v.verdict for v in got)
    prompt = sum(v.verdict < PROMISED_SECONDS for v in got)
    sent, read = (spread(values).median for values in ([v.sent for v in got], [v.read for v in got]))
    return (name, s.count, sent, read, s.least, s.median, s.p95, s.most, f"{prompt}/{s.count}")
