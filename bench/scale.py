"""The sizing model, and whether its simulation tells the truth: what steps cost on an idle service is measured, what a burst of
residents will wait is told from that alone, then the burst comes, and both stand beside each other.

The tables of places (`bench.sizing`) need no measurement and are written with it, so that `docs/scale.md` can be held to them.
"""

from collections.abc import Mapping, Sequence

from bench import crowd
from bench.goals import Goal, goals_table
from bench.lives import Lived, lived
from bench.machine import cores, cpu_by_command
from bench.options import Options
from bench.progress import Say
from bench.queueing import Costs, Machine, Waited, arrivals, fewest, simulate
from bench.service import Resident, until
from bench.service_parts import running
from bench.sizing import CITY, PAGE_KB, STEPS, Part, size, sizes_table, steps_table
from bench.tables import Spread, spread, table
from tests.specimens.applications import ITEM, front_page
from tests.specimens.camera import Level
from tests.specimens.people import HAIZHU, invent
from workers.demo.client import StepFailed

READS = ("workers.reader", "preaudit.")
"""In the names of processes: the reader, and those that open files and read characters for it."""
ALONE, LOOKS = 16, 100
"""Uploads one after the other, and looks."""
AT_ONCE = 2
"""Pages that one reader has in hand: its second thread opens a page while lines of the first are recognised."""
WITHIN = 0.35
"""How far the simulation may be off: beside that, no sizing is better than its guess of how many come."""
SEED = 9100
READ_WITHIN_S = 10.0
MINUTES = 20


def run(options: Options, say: Say) -> str:
    with running(options.url) as (base, pid):
        costs, by_process = _costs(base, pid, say)
        say(
            f"  an upload {1000 * costs.upload:.0f} ms, a page {1000 * costs.read:.0f} ms, a look {1000 * costs.look:.1f} ms"
        )
        whole = _lived(pid, say) if pid else None
        machine = Machine(len(cores()), AT_ONCE)
        simulated = simulate(machine, costs, [0.0] * options.residents, look_seconds=crowd.LOOK_SECONDS)
        measured = [came for came in crowd.came(base, say, options.residents) if not came.refused]
    return "\n\n".join(
        ["### What an upload costs on an idle service", _processes(by_process), _beside_the_model(by_process, costs, whole),
         "### Told before, and measured", _compared(simulated, measured, costs),
         "### Readers for a city", _readers(costs), "### What each step costs", steps_table(), "### How much is needed", sizes_table()]
    )  # fmt: skip


# ── what it costs ──


def _costs(base: str, pid: int, say: Say) -> tuple[Costs, Mapping[str, float]]:
    """And milliseconds of a processor by process, of one upload that is read."""
    resident = Resident(base, invent(SEED, home=HAIZHU), "scale")
    pictures = [
        front_page(invent(SEED + n, home=HAIZHU), SEED + n, Level.PHONE, 5.0).data for n in range(crowd.PICTURES)
    ]
    _upload(resident, resident.open_case(ITEM), pictures[-1])  # models are loaded, connections opened
    say(f"  {ALONE} pages, one after the other")
    cases = [resident.open_case(ITEM) for _ in range(ALONE)]
    look = _look(resident, cases[0], pid)
    before, looks = cpu_by_command(pid), 0
    for case, picture in zip(cases, pictures * (ALONE // len(pictures)), strict=True):
        looks += _upload(resident, case, picture)
    uploaded = _less(cpu_by_command(pid), before, ALONE)
    of_web = max(0.0, sum(s for name, s in uploaded.items() if "web" in name.split()) - look * looks / ALONE)
    whole = sum(uploaded.values()) - look * looks / ALONE
    return Costs(of_web, whole - of_web, look), uploaded


def _look(resident: Resident, case: str, pid: int) -> float:
    before = cpu_by_command(pid)
    for _ in range(LOOKS):
        resident.told(case)
    return sum(_less(cpu_by_command(pid), before, LOOKS).values())


def _upload(resident: Resident, case: str, picture: bytes) -> int:
    """Until it is read; how many looks that took, each half a second after the one before."""
    looks = 0

    def read() -> bool:
        nonlocal looks
        looks += 1
        return resident.page_states(case, "id_front") != ["uploaded"]

    resident.upload(case, "id_front", "id_front.jpg", picture)
    until(read, crowd.PATIENCE_SECONDS, 0.5)
    return looks


def _less(after: Mapping[str, float], before: Mapping[str, float], many: int) -> dict[str, float]:
    return {name: max(0.0, seconds - before.get(name, 0.0)) / many for name, seconds in after.items()}


def _processes(by_process: Mapping[str, float]) -> str:
    rows = [(name, 1000 * seconds) for name, seconds in sorted(by_process.items(), key=lambda row: -row[1]) if seconds]
    text = f"An upload of 5 megapixels that is read, SQLite; {ALONE} of them, one after the other."
    return text + "\n\n" + table(("process", "ms of a processor"), rows)


def _lived(pid: int, say: Say) -> Lived | None:
    """None: a case did not come to its end, which is said and is no reason to measure nothing else."""
    try:
        return lived(pid, say)
    except StepFailed as failed:
        say(f"  no whole case: {failed}")
        return None


def _beside_the_model(by_process: Mapping[str, float], costs: Costs, whole: Lived | None) -> str:
    """What `bench.sizing` reckons with, for the same: whoever sees the two apart writes the measured one there."""
    ms = {step.name: step.ms for step in STEPS}
    uploaded, read, job = ms["a page is uploaded"], ms["a page is read"], ms["a job's doorbell and ledger"]
    work, looked, desk = (
        ms["the work of a job of the workers"],
        ms["a phone looks, something new"],
        ms["a page of the desk"],
    )
    by_reader = sum(s for name, s in by_process.items() if any(part in name for part in READS))
    rows = [
        ("reading, with its job's ledger", 1000 * by_reader, read[Part.READER] + job[Part.WORKER]),
        ("the doors, with the database", 1000 * costs.upload, sum(uploaded.values()) + job[Part.WEB]),
        ("a phone's look, something new", 1000 * costs.look, sum(looked.values())),
    ]
    if whole is not None:
        rows += [
            (
                "a job of the workers, with the database and the ledger",
                whole.job_ms,
                job[Part.WORKER] + sum(work.values()),
            ),
            ("its ring, with the database", whole.ring_ms, job[Part.RELAY]),
            ("a page of the desk", whole.page_ms, sum(desk.values())),
        ]
    return table(("ms of a processor", "measured", "the model (`bench/sizing.py`)"), rows)


# ── what was told ──


def _compared(simulated: Sequence[Waited], measured: Sequence[crowd.Came], costs: Costs) -> str:
    told = spread(w.sending for w in simulated), spread(w.reading for w in simulated)
    was = spread(c.sending for c in measured), spread(c.waited for c in measured)
    rows = [
        row
        for what, a, b in zip(("until the 201", "from then until read"), told, was, strict=True)
        for row in _rows(what, a, b)
    ]
    off = abs(told[1].p95 / was[1].p95 - 1)
    goal = Goal(
        "the wait of a burst, p95: simulated beside measured",
        f"within {100 * WITHIN:.0f} %",
        f"{100 * off:.0f} % off",
        off <= WITHIN,
    )
    text = (
        f"{len(measured)} residents send a page at the same moment. Simulated from the costs above alone: an upload {costs.upload:.3f} s "
        f"of a core, a page {costs.read:.2f} s, a look {costs.look:.4f} s; {len(cores())} cores, {AT_ONCE} pages in hand, a look each {crowd.LOOK_SECONDS:.0f} s."
    )
    return "\n\n".join([text, goals_table([goal]), table(("seconds", "", "min", "median", "p95", "max"), rows)])


def _rows(what: str, told: Spread, was: Spread) -> list[tuple[object, ...]]:
    return [(what, name, s.least, s.median, s.p95, s.most) for name, s in (("simulated", told), ("measured", was))]


# ── what follows ──


def _readers(costs: Costs) -> str:
    """How long pages wait in the busiest minutes of a city, with so many readers of two cores each."""
    per_second = size(CITY).pages_a_second
    comes = arrivals(per_second, 60.0 * MINUTES, SEED)
    rows = [
        _with_readers(readers, comes, costs)
        for readers in range(_least(per_second, costs), _least(per_second, costs) + 4)
    ]
    enough = fewest(lambda n: n >= len(rows) or rows[n - 1][2] < READ_WITHIN_S, len(rows))
    text = (
        f"{per_second:.1f} pages a second for {MINUTES} minutes, {PAGE_KB} kB each, at random moments; simulated. A page is read within "
        f"{READ_WITHIN_S:.0f} s for 95 of 100 with {rows[(enough or 1) - 1][0]} readers of two cores."
    )
    return text + "\n\n" + table(("readers", "median, s", "p95, s", "the slowest, s"), rows)


def _with_readers(readers: int, comes: Sequence[float], costs: Costs) -> tuple[int, float, float, float]:
    """Doors and databases stand elsewhere: only reading is asked about."""
    machine = Machine(2 * readers, AT_ONCE * readers, web=len(comes))
    alone = Costs(0.0, costs.read, 0.0, costs.spread)
    s = spread(w.reading for w in simulate(machine, alone, comes, look_seconds=0.5))
    return readers, s.median, s.p95, s.most


def _least(per_second: float, costs: Costs) -> int:
    """Below which the line grows for ever."""
    return int(per_second * costs.read / 2) + 1
