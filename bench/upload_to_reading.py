"""How long a resident waits: from the 201 of an upload until the page counts as read, with a reader that has nothing else to do.

Photographs of 3, 5, 8 and 12 megapixels go over HTTP to the embedded service, one at a time, each into a new case.
The clock stops at the first look that finds the page read; looks are `LOOK_SECONDS` apart, so that much is added at most.
`python -m bench.upload_to_reading [--url URL] [--times N]`; without a URL it starts the service as `zerotrip up` does and stops it after.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.service import Resident, embedded, memory_of, until
from bench.tables import Spread, spread, table
from tests.specimens.applications import ITEM, SpecimenPage, back_page, form_page, front_page
from tests.specimens.camera import Level
from tests.specimens.people import invent

MEGAPIXELS = (3.0, 5.0, 8.0, 12.0)
PROMISED_SECONDS = 3.0
LOOK_SECONDS = 0.1
PATIENCE_SECONDS = 60.0
DONE = {"read", "unreadable"}
RESIDENTS = 6
"""They take turns, so that no one of them looks more often than a person may."""
MAKERS = (front_page, back_page, form_page)
Say = Callable[[str], None]


@dataclass(frozen=True)
class Wait:
    """One upload: seconds it took to send, seconds from its 201 to `state`."""

    megapixels: float
    kind: str
    kilobytes: int
    sending: float
    reading: float
    state: str


def run(url: str | None, times: int, say: Say = print) -> list[str]:
    """The section of the report, in Markdown."""
    with _service(url) as (base, pid):
        residents = [Resident(base, invent(2000 + n), f"bench-{n}") for n in range(RESIDENTS)]
        started = _total(pid)
        _once(residents[0], front_page(residents[0].person, 1, Level.PHONE, 3), 3)  # models are loaded, caches are warm
        ready = memory_of(pid) if pid else []
        waits = [_measured(residents, n, times, say) for n in range(times * len(MEGAPIXELS))]
        used = _total(pid)
    return [_section(waits), *([_memory_section(started, ready, used)] if ready else [])]


@contextmanager
def _service(url: str | None) -> Iterator[tuple[str, int]]:
    if url:
        yield url.rstrip("/"), 0
    else:
        with embedded() as running:
            yield running


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
    return f"## From upload to reading\n\n{note}\n\n" + table(heads, [*rows, *kinds, _row("all", waits)])


def _row(name: str, waits: list[Wait]) -> tuple[object, ...]:
    s: Spread = spread(w.reading for w in waits)
    prompt = sum(w.reading < PROMISED_SECONDS for w in waits)
    size = sum(w.kilobytes for w in waits) // len(waits)
    sending = spread(w.sending for w in waits).median
    return (name, s.count, size, sending, s.least, s.median, s.p95, s.most, f"{prompt}/{s.count}")


def _total(pid: int) -> float:
    return sum(megabytes for _, megabytes in memory_of(pid)) if pid else 0.0


def _memory_section(started: float, ready: list[tuple[str, float]], used: float) -> str:
    """`ready`: each process after its first page, when the models are loaded."""
    rows = [(command, f"{megabytes:.0f}") for command, megabytes in ready]
    rows.append(("all together, the moment it answered", f"{started:.0f}"))
    rows.append(("all together, models loaded, one page read", f"{sum(m for _, m in ready):.0f}"))
    rows.append(("all together, after all these uploads", f"{used:.0f}"))
    return "## Memory of the embedded service\n\n" + table(("process", "MB (Pss)"), rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.upload_to_reading", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--url", help="a running embedded service; without it one is started")
    parser.add_argument("--times", type=int, default=10, help="photographs of each size (default 10)")
    asked = parser.parse_args()
    print("\n\n".join(run(asked.url, asked.times)))


if __name__ == "__main__":
    main()
