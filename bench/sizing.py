"""How much of everything a district, a city and a country need: arithmetic over measured costs, each with where it was
measured. `docs/scale.md` explains it and holds the same tables; `tests/bench/test_scale.py` holds the two together, and
`python -m bench.sizing` writes them there after a cost was measured anew.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from pathlib import Path

from bench.tables import table


class Part(StrEnum):
    """What takes part, and may be given more of."""

    READER = "reader"
    WEB = "web"
    WORKER = "worker"
    RELAY = "relay"
    POSTGRESQL = "PostgreSQL"
    REDIS = "Redis"


@dataclass(frozen=True)
class Step:
    """One thing that happens: how often in the life of a case, milliseconds of processor by part, commits of the database."""

    name: str
    per_case: float
    ms: Mapping[Part, float]
    commits: float
    measured: str


LEDGER: Mapping[Part, float] = {
    **{Part.WEB: 0.23, Part.WORKER: 0.25, Part.RELAY: 0.07},
    **{Part.POSTGRESQL: 0.39, Part.REDIS: 0.02},
}
"""Of a job that does nothing, doorbell and ledger: the row "ledger and doorbell" of `bench overhead` ("whoever adds" is `web`)."""
PUSH: Mapping[Part, float] = {
    **{Part.WEB: 2.78, Part.WORKER: 2.69, Part.RELAY: 0.05},
    **{Part.POSTGRESQL: 1.54, Part.REDIS: 0.04},
}
"""Of a courier's push, from the door until its leg has moved, its share of a job with it: the row "push to leg" of `bench pushes`,
200 a second. One that comes alone has a job to itself: the row below it there."""
READ_MS = 690
"""Of a reader for a page: "reading, with its job's ledger" of `bench scale`, 697 on a machine that others worked on."""

STEPS: Sequence[Step] = (
    Step("a page is uploaded", 6, {Part.WEB: 13, Part.POSTGRESQL: 4}, 1, "`bench uploads`"),
    Step("a page is read", 6, {Part.READER: READ_MS, Part.POSTGRESQL: 4}, 2, "`bench scale`"),
    Step("a job's doorbell and ledger", 24, LEDGER, 3, "`bench overhead`"),
    Step("the work of a job of the workers", 18, {Part.WORKER: 52, Part.POSTGRESQL: 9}, 0, "`bench scale`"),
    Step("a courier's push, with its share of a job", 16, PUSH, 1.2, "`bench pushes`, 200 a second"),
    Step("a phone looks, nothing new", 120, {Part.WEB: 0.3, Part.POSTGRESQL: 0.02}, 0, "`bench polling`"),
    Step("a phone looks, something new", 25, {Part.WEB: 3.8, Part.POSTGRESQL: 1.2}, 0, "`bench scale`"),
    Step("a page of the desk", 30, {Part.WEB: 10, Part.POSTGRESQL: 4}, 0.3, "`bench scale`"),
)  # fmt: skip
"""Six pages a case: four of the checklist and half of them sent again. Jobs: the eighteen of the workers in the demonstration's case,
which has a courier twice, and those of its pages; pushes have their share of a job in their own row. `bench scale` measures on SQLite,
whose work is done by whoever asks it: how a cost is divided between a process and the database is set."""

PAGE_KB, DERIVED_KB = 900, 250
"""Of a photograph as the app sends it, and of what is drawn from it (thumbnails, watermarked copies, notices as PDF)."""
ROWS_KB, LEDGER_KB = 22, 18
"""Of a case in the database, indexes with it: what stays (12 kB in the million cases of `bench.million`, which have no
notices and few lines of the record), and jobs, pushes and remembered answers, which go after a month."""
WORKING_DAYS, PEAK_DAY, PEAK_HOUR, BURST = 250, 2.0, 0.14, 3.0
"""The busiest day beside a usual one; the busiest hour's share of a day (`bench.loader.OFFICE_HOURS`); the busiest minute
beside its hour."""
BUSY = 0.6
"""Of a processor, at the peak: above that, who waits waits long."""
WRITES_PER_COMMIT = 4
"""The log, forced; and pages that the checkpointer writes later."""
CNY_CORE, CNY_SSD_GB, CNY_STORE_GB = 110.0, 1.2, 0.13
"""A month, as list prices of China's large clouds are in their order of magnitude (two GB of memory with a core; SSD with a
standby and backups counted twice): put your own contract's here."""


@dataclass(frozen=True)
class Place:
    name: str
    cases: float
    """A year."""
    contacts: float
    """A year, telephone, counter and app together: each looks somebody up at the desk."""


CITY_PEOPLE = 21.4e6
CITY = Place("city (Chengdu)", 4 * 260_000, 2_360_000)
PLACES = (
    Place("district (Haizhu)", CITY.cases * 1.82e6 / CITY_PEOPLE, CITY.contacts * 1.82e6 / CITY_PEOPLE),
    CITY,
    Place("country", CITY.cases * 1.41e9 / CITY_PEOPLE, CITY.contacts * 1.41e9 / CITY_PEOPLE),
)
"""Chengdu's figures are the city's; the others are they, by the number of people."""


@dataclass(frozen=True)
class Size:
    place: Place
    cases_a_second: float
    """In the busiest minute."""
    cores: Mapping[Part, int]
    commits: float
    rows_gb: float
    """A year's growth."""
    store_gb: float

    @property
    def all_cores(self) -> int:
        return sum(self.cores.values())

    @property
    def pages_a_second(self) -> float:
        return 6 * self.cases_a_second

    @property
    def cny_a_month(self) -> float:
        """At the end of the first year, two database machines of which one stands by."""
        twice = self.all_cores + self.cores[Part.POSTGRESQL]
        return twice * CNY_CORE + 2 * self.rows_gb * CNY_SSD_GB + self.store_gb * CNY_STORE_GB


def size(place: Place) -> Size:
    per_second = place.cases / WORKING_DAYS * PEAK_DAY * PEAK_HOUR / 3600 * BURST
    looked_up = place.contacts / place.cases
    times = {step.name: step.per_case + (looked_up if step.name == "a page of the desk" else 0) for step in STEPS}
    busy = {part: sum(times[s.name] * s.ms.get(part, 0.0) for s in STEPS) / 1000 * per_second for part in Part}
    commits = sum(times[s.name] * s.commits for s in STEPS) * per_second
    ledger = place.cases / 12 * LEDGER_KB
    return Size(
        place, per_second, {part: max(1, ceil(used / BUSY)) for part, used in busy.items()}, commits,
        (place.cases * ROWS_KB + ledger) / 1e6, place.cases * (6 * PAGE_KB + DERIVED_KB) / 1e6,
    )  # fmt: skip


def steps_table() -> str:
    parts = list(Part)
    rows = [
        (
            s.name,
            f"{s.per_case:g}",
            *(f"{s.ms[p]:g}" if p in s.ms else "–" for p in parts),
            f"{s.commits:g}",
            s.measured,
        )
        for s in STEPS
    ]
    return table(("step", "times a case", *(f"{p}, ms" for p in parts), "commits", "measured by"), rows)


def sizes_table() -> str:
    sizes = [size(place) for place in PLACES]
    rows: list[tuple[str, ...]] = [
        ("cases a year", *(f"{s.place.cases:,.0f}" for s in sizes)),
        ("pages a second, busiest minute", *(f"{s.pages_a_second:,.1f}" for s in sizes)),
        *((f"cores of {part}", *(f"{s.cores[part]:,}" for s in sizes)) for part in Part),
        ("commits a second", *(f"{s.commits:,.0f}" for s in sizes)),
        ("writes a second to the database's disk", *(f"{s.commits * WRITES_PER_COMMIT:,.0f}" for s in sizes)),
        ("database grows, GB a year", *(f"{s.rows_gb:,.0f}" for s in sizes)),
        ("pictures grow, GB a year", *(f"{s.store_gb:,.0f}" for s in sizes)),
        ("CNY a month, after the first year", *(f"{s.cny_a_month:,.0f}" for s in sizes)),
        ("CNY a case", *(f"{12 * s.cny_a_month / s.place.cases:.2f}" for s in sizes)),
    ]
    return table(("", *(s.place.name for s in sizes)), rows)


def refreshed(page: str) -> str:
    """The page with its two tables as they are now."""
    for made in (steps_table(), sizes_table()):
        page = _replaced(page, made)
    return page


def _replaced(page: str, made: str) -> str:
    """The table with the same two head cells: from its first line to the first that is none of a table. Raises `ValueError`."""
    head = " | ".join(made.split(" | ")[:2])
    lines = page.splitlines()
    first = next((at for at, line in enumerate(lines) if line.startswith(head)), None)
    if first is None:
        raise ValueError(f"no table begins with {head!r}")
    after = next((at for at in range(first, len(lines)) if not lines[at].startswith("|")), len(lines))
    return "\n".join([*lines[:first], *made.splitlines(), *lines[after:]]) + "\n"


def main() -> int:
    page = Path(__file__).parents[1] / "docs" / "scale.md"
    page.write_text(refreshed(page.read_text("utf-8")), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
