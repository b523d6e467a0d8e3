"""The running service, as residents see it: an upload until it is read, an application until its verdict,
pages that wait, and the memory."""

from collections.abc import Iterator
from contextlib import contextmanager

from bench import pages_waiting, upload_to_reading, upload_to_verdict
from bench.options import Options
from bench.progress import Say
from bench.service import Resident, embedded, memory_of
from bench.tables import table
from tests.specimens.people import HAIZHU, invent

RESIDENTS = 12
"""They take turns, so that no one of them looks more often than a person may."""
SEED = 2000


def run(options: Options, say: Say) -> str:
    """The section of the report, in Markdown."""
    with running(options.url) as (base, pid):
        residents = [Resident(base, invent(SEED + n, home=HAIZHU), f"bench-{n}") for n in range(RESIDENTS)]
        started = _total(pid)
        upload_to_reading.warm(residents[0])
        ready = memory_of(pid) if pid else []
        verdicts = upload_to_verdict.run(residents, options.times, say)
        readings = upload_to_reading.run(residents, options.times, say)
        used = _total(pid)
    waiting = pages_waiting.run(say)
    return "\n\n".join([verdicts, readings, waiting, *([_memory_part(started, ready, used)] if ready else [])])


@contextmanager
def running(url: str | None) -> Iterator[tuple[str, int]]:
    if url:
        yield url.rstrip("/"), 0
    else:
        with embedded() as running:
            yield running


def _total(pid: int) -> float:
    return sum(megabytes for _, megabytes in memory_of(pid)) if pid else 0.0


def _memory_part(started: float, ready: list[tuple[str, float]], used: float) -> str:
    """`ready`: each process after its first page, when the models are loaded."""
    rows = [(command, f"{megabytes:.0f}") for command, megabytes in ready]
    rows.append(("all together, the moment it answered", f"{started:.0f}"))
    rows.append(("all together, models loaded, one page read", f"{sum(m for _, m in ready):.0f}"))
    rows.append(("all together, after all these uploads", f"{used:.0f}"))
    return "### Memory of the embedded service\n\n" + table(("process", "MB (Pss)"), rows)
