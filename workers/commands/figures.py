"""`zerotrip stats`: all figures, for people and for programs; and whether what is kept agrees with the cases."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

import typer
from rich.table import Table

from cases.lifecycle import CASE, CaseState
from storage.session import Database
from storage.statistics import keeping
from storage.statistics.asking import Statistics
from storage.statistics.figures import FIGURES, LEVELS, STAGES
from storage.statistics.slices import Slice
from workers.commands.accuracy import accuracy_figures, accuracy_tables
from workers.commands.common import database, no, out, table

Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]
WEEK = "一二三四五六日"
AT_ONCE = 1000


def stats(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False,
    since: Day = None,
    until: Day = None,
    region: Annotated[str | None, typer.Option(help="with those that lie in it")] = None,
    item: Annotated[str | None, typer.Option(help="code")] = None,
    check: Annotated[bool, typer.Option("--check", help="exit 1 if what is kept is not what the cases say")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="count every case anew, and mend the sums")] = False,
) -> None:
    """Counts, cycle times, rates, trips, papers and hours saved, couriers, when people come, seconds at terminals."""
    asked = Slice(_day(since), _day(until), region, None, item)
    with database() as db:
        if check or rebuild:
            _agree(db, mend=rebuild)
            return
        with db.reading() as tx:
            pace = tx.guest_sessions.pace()
            figures, accuracy = tx.statistics(None, asked), accuracy_figures(tx)
            queues = [asdict(load) for load in tx.jobs.loads()]
    more = {"terminals": asdict(pace) if pace else None}
    if as_json:
        said = asdict(figures) | more | {"queues": queues, "accuracy": accuracy}
        print(json.dumps(said, ensure_ascii=False, default=str))
        return
    for told in (*_tables(figures), table(("terminals", "value"), _rows(more["terminals"] or {}))):
        out.print(told)
    for told in accuracy_tables(accuracy):
        out.print(told)


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None


def _rows(values: dict[str, Any]) -> list[tuple[object, ...]]:
    return list(values.items())


def _agree(db: Database, *, mend: bool) -> None:
    """Beside running processes: a few cases at a time, each kept from changing only while it is counted."""
    counted = wrong = 0
    last = ""
    while True:
        with db.transaction() as tx:
            numbers = keeping.case_numbers(tx, last, AT_ONCE)
            keeping.take(tx, numbers)
            wrong += keeping.recount_all(tx, numbers, keep=mend)
        counted += len(numbers)
        if len(numbers) < AT_ONCE:
            break
        last = numbers[-1]
    with db.reading() as tx:
        lacking = keeping.drift(tx)
    if mend:
        with db.transaction() as tx:
            keeping.mend(tx, lacking)
    out.print(f"{counted} cases counted, {wrong} differed; {len(lacking)} sums differed", highlight=False)
    if not mend and (wrong or lacking):
        raise no("the figures that are kept are not those of the cases; zerotrip stats --rebuild mends them")


# ── for people ──


def _tables(s: Statistics) -> Iterator[Table]:
    yield table(("figure", "value"), [(FIGURES[name].label, value) for name, value in _figures(s)])
    stays = [(label, _number(s.stage_hours.get(stage))) for stage, label in STAGES.items()]
    yield table(("stage", "hours on average"), stays)
    yield table(("state", "cases"), [(CASE.labels[CaseState(state)], n) for state, n in s.by_state.items()])
    yield table(("rating", "cases"), [(label, s.ratings.get(level, 0)) for level, label in LEVELS.items()])
    for name, counts in _GROUPS.items():
        yield table((name, "cases"), _ranked(counts(s)))
    heads = ("courier", "orders", "done", "failed", "refused", "cancelled", "picked up on time", "hours on the way")
    yield table(heads, list(_couriers(s)))
    yield table(
        ("day", *map(str, range(24))), [(f"周{WEEK[n]}", *(c or "" for c in row)) for n, row in enumerate(s.hours)]
    )


def _ranked(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda row: -row[1])


_GROUPS: Mapping[str, Callable[[Statistics], Mapping[str, int]]] = {
    "item": lambda s: s.by_item,
    "region/department": lambda s: s.by_office,
    "channel": lambda s: s.by_channel,
}


def _figures(s: Statistics) -> Iterator[tuple[str, object]]:
    yield from (("cases", s.cases), ("submitted", s.submitted), ("passed", s.passed), ("accepted", s.accepted))
    yield from (("concluded", s.concluded), ("delivered", s.delivered), ("late", s.late))
    yield from (("answered", _percent(s.answer_rate)), ("resolved", _percent(s.resolved_rate)))
    yield from (("satisfied", _percent(s.satisfaction)), ("working_days", _number(s.working_days)))
    yield from (("first_pass", _percent(s.first_pass_rate)), ("corrected", _number(s.mean_rounds)))
    yield from (("on_time", _percent(s.on_time_rate)), ("overdue", s.overdue))
    yield from (("trips", s.trips_saved), ("papers", s.papers_saved), ("hours_saved", s.hours_saved))


def _couriers(s: Statistics) -> Iterator[tuple[object, ...]]:
    for partner, c in s.couriers.items():
        counts = (c.orders, c.done, c.failed, c.refused, c.cancelled)
        yield (partner, *counts, _percent(c.on_time_rate), _number(c.mean_hours))


def _percent(rate: float | None) -> str:
    return "–" if rate is None else f"{rate * 100:.1f} %"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
