"""Two hundred residents who send a photograph at the same moment: whether one of them is refused, and whether what the app
tells them about the wait comes true.

Each has a session and a case before; then all send at once, each over a connection of its own. Their pages are looked at
like the app does, a look each `LOOK_SECONDS`. What they were told is the first `expected_seconds` after their upload; what
came is the time from that answer until a look found the page read.
"""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import requests

from bench.goals import Goal, goals_table, none_of
from bench.progress import Say
from bench.service import Resident
from bench.tables import Spread, spread, table
from tests.specimens.applications import ITEM, front_page
from tests.specimens.camera import Level
from tests.specimens.people import HAIZHU, invent

RESIDENTS = 200
PICTURES = 8
"""Drawn once, and shared: drawing two hundred would take longer than all else."""
LOOK_SECONDS = 3.0
PATIENCE_SECONDS = 600.0
SEED = 9000
DONE = frozenset({"read", "unreadable"})


@dataclass(frozen=True)
class Came:
    """Seconds; `refused`: what was answered instead of a 201."""

    sending: float
    told: float
    waited: float
    refused: str = ""


def run(base: str, say: Say, many: int = RESIDENTS) -> str:
    """A section of the report, in Markdown."""
    return _section(came(base, say, many))


@dataclass(frozen=True)
class Ready:
    """A resident with a case, and the photograph they will send."""

    resident: Resident
    case: str
    picture: bytes


def came(base: str, say: Say, many: int) -> list[Came]:
    """What came to each of them."""
    return sent(gathered(base, many, say), say)


def gathered(base: str, many: int, say: Say) -> list[Ready]:
    people = [invent(SEED + n % PICTURES, home=HAIZHU) for n in range(many)]
    pictures = [front_page(invent(SEED + n, home=HAIZHU), SEED + n, Level.PHONE, 5.0).data for n in range(PICTURES)]
    residents = [Resident(base, person, f"crowd-{n}") for n, person in enumerate(people)]
    ready = [Ready(r, r.open_case(ITEM), pictures[n % PICTURES]) for n, r in enumerate(residents)]
    say(f"  {many} cases are open")
    return ready


def sent(residents: Sequence[Ready], say: Say) -> list[Came]:
    """All at one moment."""
    start = threading.Barrier(len(residents))
    with ThreadPoolExecutor(len(residents)) as pool:
        found = list(pool.map(_send, residents, [start] * len(residents)))
    say(f"  all read after {max(each.waited for each in found):.0f} s")
    return found


def _send(ready: Ready, start: threading.Barrier) -> Came:
    resident, case = ready.resident, ready.case
    start.wait()
    began = time.perf_counter()
    try:
        resident.upload(case, "id_front", "id_front.jpg", ready.picture)
    except (requests.RequestException, RuntimeError) as error:
        return Came(time.perf_counter() - began, 0, 0, str(error)[:80])
    sent = time.perf_counter()
    told = _page(resident, case)
    looked = time.perf_counter()
    while _page(resident, case)["state"] not in DONE:
        if time.perf_counter() - sent > PATIENCE_SECONDS:
            return Came(sent - began, 0, 0, "never read")
        time.sleep(LOOK_SECONDS)
    return Came(sent - began, float(told["expected_seconds"] or 0), time.perf_counter() - looked)


def _page(resident: Resident, case: str) -> dict[str, Any]:
    found: dict[str, Any] = next(p for m in resident.told(case)["materials"] for p in m["pages"])
    return found


def _section(came: Sequence[Came]) -> str:
    refused = Counter(each.refused for each in came if each.refused)
    taken = [each for each in came if not each.refused]
    goals = [
        none_of(f"{len(came)} residents uploading at once: requests that failed", sum(refused.values()), len(came)),
        _truth(taken),
    ]
    sending, waited = spread(each.sending for each in taken), spread(each.waited for each in taken)
    heads = ("seconds", "n", "min", "median", "p95", "max")
    ratio = spread(each.waited / each.told for each in taken if each.told > 10)
    rows = [
        _row("until the 201", sending),
        _row("from then until read", waited),
        _row("waited / told (told more than 10 s)", ratio),
    ]
    note = f"Photographs of 5 megapixels, all sent at one moment over {len(came)} connections. Refused: {dict(refused) or 'none'}."
    return "\n\n".join(["### Two hundred at once", note, goals_table(goals), table(heads, rows)])


def _truth(taken: Sequence[Came]) -> Goal:
    """Told truthfully: what came is within half and one and a half times what was told, or within five seconds of it."""
    true = sum(abs(each.waited - each.told) <= max(5.0, each.told / 2) for each in taken)
    return Goal(
        "told how long it will take, and it came true", "≥ 95 %", f"{true}/{len(taken)}", 100 * true >= 95 * len(taken)
    )


def _row(name: str, s: Spread) -> tuple[object, ...]:
    return (name, s.count, s.least, s.median, s.p95, s.most)
