"""The sizing model, and whether its simulation tells the truth: what steps cost on an idle service is measured, what a burst of
residents will wait is told from that, then the burst comes, and both stand beside each other.

Told is from the costs and from one thing that the burst alone shows: how much of the machine somebody else had meanwhile. On a
machine that does nothing else that is nothing; the report says how much it was.

The tables of places (`bench.sizing`) need no measurement and are written with it, so that `docs/scale.md` can be held to them.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench import crowd
from bench.goals import Goal, goals_table
from bench.lives import Lived, lived
from bench.machine import busy, cores, cpu_by_command
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
ALONE, LOOKS, IDLE_S = 16, 100, 6.0
"""Uploads one after the other, looks, and seconds of rest."""
AT_ONCE = 2
"""Pages that one reader has in hand: its second thread opens a page while lines of the first are recognised."""
WITHIN = 0.25
"""How far the simulation may be off: beside that, no sizing is better than its guess of how many come."""
FEWER = 3
"""The burst comes with a third of the residents first."""
SEED = 9100
READ_WITHIN_S = 10.0
MINUTES = 20


@dataclass(frozen=True)
class Idle:
    """What was measured while nobody waited: the costs, processor seconds by process of one upload that is read, and how many
    cores the service takes when nobody asks it anything."""

    costs: Costs
    by_process: Mapping[str, float]
    resting: float


@dataclass(frozen=True)
class Burst:
    """What came to residents who send at one moment, and how many cores others had meanwhile."""

    came: Sequence[crowd.Came]
    others: float


def run(options: Options, say: Say) -> str:
    with running(options.url) as (base, pid):
        idle = _idle(base, pid, say)
        costs = idle.costs
        say(
            f"  an upload {1000 * costs.upload:.0f} ms, a page {1000 * costs.read:.0f} ms, a look {1000 * costs.look:.1f} ms"
        )
        whole = _lived(pid, say) if pid else None
        bursts = [_burst(base, pid, many, say) for many in (max(1, options.residents // FEWER), options.residents)]
    return "\n\n".join(
        ["### What an upload costs on an idle service", _processes(idle.by_process), _beside_the_model(idle, whole),
         "### Told before, and measured", _compared(idle, bursts),
         "### Readers for a city", _readers(costs), "### What each step costs", steps_table(), "### How much is needed", sizes_table()]
    )  # fmt: skip


# ── what it costs ──


def _idle(base: str, pid: int, say: Say) -> Idle:
    resident = Resident(base, invent(SEED, home=HAIZHU), "scale")
    pictures = [
        front_page(invent(SEED + n, home=HAIZHU), SEED + n, Level.PHONE, 5.0).data for n in range(crowd.PICTURES)
    ]
    _upload(resident, resident.open_case(ITEM), pictures[-1])  # models are loaded, connections opened
    _upload(resident, resident.open_case(ITEM), pictures[0])  # by now, all that is done once
    resting = _resting(pid)
    say(f"  {ALONE} pages, one after the other; at rest {sum(resting.values()):.2f} cores")
    cases = [resident.open_case(ITEM) for _ in range(ALONE)]
    look, phone_looks = _look(resident, cases[0], pid)
    before, began, own, looks = cpu_by_command(pid), time.perf_counter(), time.process_time(), 0
    for case, picture in zip(cases, pictures * (ALONE // len(pictures)), strict=True):
        looks += _upload(resident, case, picture)
    seconds = time.perf_counter() - began
    phone_sends = max(0.0, (time.process_time() - own - phone_looks * looks) / ALONE)
    uploaded = {
        name: max(0.0, used - resting.get(name, 0.0) * seconds / ALONE)
        for name, used in _less(cpu_by_command(pid), before, ALONE).items()
    }
    of_web = max(0.0, sum(s for name, s in uploaded.items() if "web" in name.split()) - look * looks / ALONE)
    whole = sum(uploaded.values()) - look * looks / ALONE
    costs = Costs(of_web, whole - of_web, look, phone_sends=phone_sends, phone_looks=phone_looks)
    return Idle(costs, uploaded, sum(resting.values()))


def _resting(pid: int) -> dict[str, float]:
    """Cores by process, while nobody asks for anything."""
    before = cpu_by_command(pid)
    time.sleep(IDLE_S)
    return {name: used / IDLE_S for name, used in _less(cpu_by_command(pid), before, 1).items()}


def _look(resident: Resident, case: str, pid: int) -> tuple[float, float]:
    """Processor seconds of the service and of the phone."""
    before, own = cpu_by_command(pid), time.process_time()
    for _ in range(LOOKS):
        resident.told(case)
    phone = (time.process_time() - own) / LOOKS
    return sum(_less(cpu_by_command(pid), before, LOOKS).values()), phone


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


def _burst(base: str, pid: int, many: int, say: Say) -> Burst:
    """Counted from the moment the first may send."""
    residents = crowd.gathered(base, many, say)
    began, before = time.perf_counter(), busy() - _ours(pid)
    came = crowd.sent(residents, say)
    others = (busy() - _ours(pid) - before) / (time.perf_counter() - began)
    return Burst([each for each in came if not each.refused], others if pid else 0.0)


def _ours(pid: int) -> float:
    """Processor seconds of the service and of this process."""
    return sum(cpu_by_command(pid).values()) + time.process_time() if pid else 0.0


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


def _beside_the_model(idle: Idle, whole: Lived | None) -> str:
    """What `bench.sizing` reckons with, for the same: whoever sees the two apart writes the measured one there."""
    costs, ms = idle.costs, {step.name: step.ms for step in STEPS}
    uploaded, read, job = ms["a page is uploaded"], ms["a page is read"], ms["a job's doorbell and ledger"]
    work, looked, desk = (
        ms["the work of a job of the workers"],
        ms["a phone looks, something new"],
        ms["a page of the desk"],
    )
    by_reader = sum(s for name, s in idle.by_process.items() if any(part in name for part in READS))
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


def _compared(idle: Idle, bursts: Sequence[Burst]) -> str:
    costs, goals, rows = idle.costs, list[Goal](), list[tuple[object, ...]]()
    for burst in bursts:
        told, many = _told(idle, burst), len(burst.came)
        reading = spread(w.reading for w in told), spread(c.waited for c in burst.came)
        sending = spread(w.sending for w in told), spread(c.sending for c in burst.came)
        rows += [*_rows(f"{many}: until the 201", *sending), *_rows(f"{many}: from then until read", *reading)]
        off = abs(reading[0].p95 / reading[1].p95 - 1)
        what = f"the wait of {many} at once, p95: simulated beside measured"
        goals.append(Goal(what, f"within {100 * WITHIN:.0f} %", f"{100 * off:.0f} % off", off <= WITHIN))
    others = " and ".join(f"{burst.others:.2f}" for burst in bursts)
    text = (
        f"{' and '.join(str(len(burst.came)) for burst in bursts)} residents send a page at the same moment. Simulated from the costs above: an "
        f"upload {costs.upload:.3f} s of a core, a page {costs.read:.2f} s, a look {costs.look:.4f} s, of a phone {costs.phone_sends:.3f} s to send and "
        f"{costs.phone_looks:.4f} s to look; {len(cores())} cores, {AT_ONCE} pages in hand, a look each {crowd.LOOK_SECONDS:.0f} s. Of the cores the "
        f"service at rest takes {idle.resting:.2f}; others took {others} meanwhile, which is the only thing told that was not known before."
    )
    return "\n\n".join([text, goals_table(goals), table(("seconds", "", "min", "median", "p95", "max"), rows)])


def _told(idle: Idle, burst: Burst) -> Sequence[Waited]:
    most = len(cores())
    machine = Machine(most, AT_ONCE, ours=max(0.01, (most - idle.resting - burst.others) / most))
    return simulate(machine, idle.costs, [0.0] * len(burst.came), look_seconds=crowd.LOOK_SECONDS)


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
