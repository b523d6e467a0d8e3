"""How long a resident waits: from the 201 of an upload until the page counts as read, with a reader that has nothing else to do.

Photographs of 3, 5, 8 and 12 megapixels go over HTTP to the embedded service, one at a time, each into a new case.
The clock stops at the first look that finds the page read; looks are `LOOK_SECONDS` apart, so that much is added at most.
"""

import time
from dataclasses import dataclass

from bench.progress import Say
from bench.service import Resident, until
from bench.tables import Spread, spread, table
from tests.specimens.applications import ITEM, SpecimenPage, back_page, form_page, front_page
from tests.specimens.camera import Level

MEGAPIXELS = (3.0, 5.0, 8.0, 12.0)
PROMISED_SECONDS = 3.0
LOOK_SECONDS = 0.1
PATIENCE_SECONDS = 60.0
DONE = {"read", "unreadable"}
MAKERS = (front_page, back_page, form_page)


@dataclass(frozen=True)
class Wait:
    """One upload: seconds it took to send, seconds from its 201 to `state`."""

    megapixels: float
    kind: str
    kilobytes: int
    sending: float
    reading: float
    state: str


def warm(resident: Resident) -> None:
    """One page read: the models are loaded, the caches are warm."""
    _once(resident, front_page(resident.person, 1, Level.PHONE, 3), 3)


def run(residents: list[Resident], times: int, say: Say) -> str:
    """A section of the report, in Markdown."""
    waits = [_measured(residents, n, times, say) for n in range(times * len(MEGAPIXELS))]
    return _section(waits)


def _measured(residents: list[Resident], place: int, times: int, say: Say) -> Wait:
    megapixels = MEGAPIXELS[place % len(MEGAPIXELS)]
    resident = residents[place % len(residents)]
    page = MAKERS[place % len(MAKERS)](resident.person, 3000 + place, Level.PHONE, megapixels)
    if place % len(MEGAPIXELS) == 0:
        say(f"  upload round {place // len(MEGAPIXELS) + 1} of {times}")
    return _once(resident, page, megapixels)


def _once(resident: Resident, page: SpecimenPage, megapixels: float) -> Wait:
    case = resident.open_case(ITEM)
    started = time.perf_counter()
    resident.upload(case, page.key, page.filename, page.data)
    sending = time.perf_counter() - started
    reading = until(lambda: _read(resident, case, page.key), PATIENCE_SECONDS, LOOK_SECONDS)
    state = resident.page_states(case, page.key)[0]
    return Wait(megapixels, page.kind, len(page.data) // 1000, sending, reading, state)


def _read(resident: Resident, case: str, material: str) -> bool:
    states = resident.page_states(case, material)
    return bool(states) and all(state in DONE for state in states)


def _section(waits: list[Wait]) -> str:
    rows = [_row(f"{size:.0f}", [w for w in waits if w.megapixels == size]) for size in MEGAPIXELS]
    kinds = [_row(kind, [w for w in waits if w.kind == kind]) for kind in sorted({w.kind for w in waits})]
    heads = ("megapixels or kind", "n", "kB, mean", "sending, median", "min", "median", "p95", "max", "within 3 s")
    note = (
        "Seconds from the 201 of the upload to the first look that finds the page read, idle reader, "
        f"a look each {LOOK_SECONDS:.1f} s. Unreadable pages: {sum(w.state != 'read' for w in waits)}."
    )
    return f"### From upload to reading\n\n{note}\n\n" + table(heads, [*rows, *kinds, _row("all", waits)])


def _row(name: str, waits: list[Wait]) -> tuple[object, ...]:
    s: Spread = spread(w.reading for w in waits)
    prompt = sum(w.reading < PROMISED_SECONDS for w in waits)
    size = sum(w.kilobytes for w in waits) // len(waits)
    sending = spread(w.sending for w in waits).median
    return (name, s.count, size, sending, s.least, s.median, s.p95, s.most, f"{prompt}/{s.count}")
