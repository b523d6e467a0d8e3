"""Keeping the figures, in the transaction of the change itself: what a case adds now, less what it added before.

The change of one case takes its row first, so what was counted for it is never counted twice. No row of a sum is
touched: the difference is appended, and folded later. `fold`, `recount` and `mend` may run at any time, any number of
times, beside everything else: none changes what the figures say, unless they were wrong.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Table, and_, delete, except_, func, insert, select, text, true
from sqlalchemy.dialects import postgresql, sqlite

from storage.statistics.counting import CaseFacts, from_plain, row_of
from storage.statistics.facts import facts_of
from storage.statistics.tables import (
    COUNTERS,
    PLACE,
    case_figures,
    figure_changes,
    figure_days,
    figure_month_totals,
    figure_months,
    figure_office_days,
    figure_office_hours,
    figure_office_months,
    figure_office_thirds,
    figure_office_year_hours,
    figure_office_years,
    figure_sums,
    figure_thirds,
    figure_totals,
    figure_years,
    order_figures,
    said_of,
)
from storage.tables import cases, settings
from storage.unit import AnyRow, Unit

Place = tuple[str, ...]
"""Region to partner, in the order of `PLACE`."""
Sums = dict[tuple[date, Place], Counter[str]]
FOLDED_AT_ONCE = 2000
MANY = 20
CAUGHT_UP = "figures_caught_up"
"""The setting that keeps the last case that was counted afterwards; null: all were."""
_OWN = PLACE[:-1]
_FOLDING = 0x666F6C64
"""The number of the lock."""


def recount(tx: Unit, number: str) -> None:
    """The figures of a case as its rows stand now. The caller has the case's row."""
    recount_all(tx, [number])


def recount_all(tx: Unit, numbers: Sequence[str], *, keep: bool = True) -> int:
    """How many of the cases counted for something else than before. Without `keep` they go on doing so."""
    now = {number: row_of(facts) | {"facts": facts} for number, facts in facts_of(tx, numbers).items()}
    before = {
        row.case_number: dict(row._mapping)
        for row in tx.all(select(case_figures).where(case_figures.c.case_number.in_(numbers)))
    }
    changed = [n for n in numbers if not _same(before.get(n), now.get(n))]
    if not keep:
        return len(changed)
    sums: Sums = {}
    for number in changed:
        add(sums, before.get(number), -1)
        add(sums, now.get(number), +1)
    _forget(tx, [number for number in changed if number in before])
    _put(tx, [now[number] for number in changed if number in now])
    append(tx, sums)
    return len(changed)


def _same(before: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> bool:
    return (before or {}) == {name: value for name, value in (now or {}).items() if name != "facts"}


def add(sums: Sums, row: Mapping[Any, Any] | None, sign: int) -> None:
    """What was counted for a case, put to the sums or taken away."""
    if row is None:
        return
    for (day, partner), cell in from_plain(row["counted"]).items():
        into = sums.setdefault((day, (*(row[name] for name in _OWN), partner)), Counter())
        for name, n in cell.items():
            into[name] += sign * n


def _forget(tx: Unit, numbers: list[str]) -> None:
    if numbers:
        for table in (order_figures, case_figures):
            tx.execute(delete(table).where(table.c.case_number.in_(numbers)))


def _put(tx: Unit, rows: list[dict[str, Any]]) -> None:
    facts: list[CaseFacts] = [row.pop("facts") for row in rows]
    if rows:
        tx.execute(insert(case_figures), rows)
    ordered = [{"case_number": each.case_number, **vars(order)} for each in facts for order in each.orders]
    if ordered:
        tx.execute(insert(order_figures), ordered)


def append(tx: Unit, sums: Sums) -> None:
    """What is to be added to the sums; negative numbers take away."""
    kept = [(key, {name: n for name, n in cell.items() if n}) for key, cell in sums.items()]
    rows = [of_day(day) | dict(zip(PLACE, place, strict=True)) | cell for (day, place), cell in kept if cell]
    if len(rows) > MANY:  # rows of one shape go in one statement
        rows = [dict.fromkeys(COUNTERS, 0) | row for row in rows]
        tx.execute(insert(figure_changes), rows)
        return
    for row in rows:
        tx.execute(insert(figure_changes).values(**row))


def of_day(day: date) -> dict[str, Any]:
    return {"day": day, "month": day.replace(day=1), "weekday": day.weekday()}


# ── folding ─────────────────────────────────────────────────────────────────────────────────────────────────────


def fold(tx: Unit, limit: int = FOLDED_AT_ONCE) -> int:
    """The oldest changes go into the sums of their day and month, and by the triggers of both into the wider
    ones. Taken away and added in one transaction: what is said together stays the same. How many were folded."""
    if tx.postgresql:  # rows of the wider sums are met in no order: two who fold wait for each other here
        tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), [{"lock": _FOLDING}])
    oldest = select(figure_changes.c.seq).order_by(figure_changes.c.seq).limit(limit)
    gone = delete(figure_changes).where(figure_changes.c.seq.in_(oldest)).returning(*figure_changes.c)
    rows = tx.all(gone)
    for table, key in ((figure_days, ("day", "month", "weekday")), (figure_months, ("month", "weekday"))):
        _upsert(tx, table, _folded(rows, (*key, *PLACE)))
    return len(rows)


def _folded(rows: Iterable[AnyRow], key: tuple[str, ...]) -> list[dict[str, Any]]:
    sums: dict[tuple[Any, ...], Counter[str]] = {}
    for row in rows:
        values = row._mapping
        sums.setdefault(tuple(values[name] for name in key), Counter()).update({c: values[c] for c in COUNTERS})
    # in one order, so that two who fold at once wait for each other and not in a ring
    return [dict(zip(key, at, strict=True)) | {c: cell[c] for c in COUNTERS} for at, cell in sorted(sums.items())]


def _upsert(tx: Unit, table: Table, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    added = (postgresql.insert if tx.postgresql else sqlite.insert)(table)
    key = ("month", "weekday", *PLACE) if table is figure_months else ("day", *PLACE)
    sums = {name: table.c[name] + added.excluded[name] for name in COUNTERS}
    tx.execute(added.on_conflict_do_update(index_elements=[table.c[name] for name in key], set_=sums), rows)


# ── looking whether it is right ─────────────────────────────────────────────────────────────────────────────────


def case_numbers(tx: Unit, after: str, limit: int) -> list[str]:
    """The next cases by number; to go through all of them."""
    return [
        r.number
        for r in tx.all(select(cases.c.number).where(cases.c.number > after).order_by(cases.c.number).limit(limit))
    ]


def take(tx: Unit, numbers: Sequence[str]) -> None:
    """Their rows, to the end of the transaction, so that nobody changes them meanwhile."""
    tx.all(select(cases.c.number).where(cases.c.number.in_(numbers)).order_by(cases.c.number).with_for_update())


def drift(tx: Unit) -> Sums:
    """What the sums lack of what was counted for each case, by day; in one view of the database. Empty: they agree."""
    missing: Sums = {}
    columns = (case_figures.c[name] for name in (*_OWN, "counted"))
    for row in tx.connection.execute(select(*columns), execution_options={"yield_per": 5000}):
        add(missing, row._mapping, +1)
    for day, place, cell in _kept(tx):
        missing.setdefault((day, place), Counter()).subtract(cell)
    return {key: wrong for key, cell in missing.items() if (wrong := Counter({c: n for c, n in cell.items() if n}))}


def _kept(tx: Unit) -> Iterator[tuple[date, Place, dict[str, int]]]:
    for table in (figure_days, figure_changes):
        key = [table.c[name] for name in ("day", *PLACE)]
        sums = [func.sum(table.c[name]).label(name) for name in COUNTERS]
        for row in tx.all(select(*key, *sums).group_by(*key)):
            yield row.day, tuple(row[1 : 1 + len(PLACE)]), {name: int(row._mapping[name]) for name in COUNTERS}


def mend(tx: Unit, lacking: Sums) -> None:
    """Adds to the sums what they lack, by a `drift` that was seen in one view of the database (whatever changed since has
    been added to both), and mends the wider ones. Whoever folds meanwhile waits."""
    append(tx, lacking)
    while fold(tx):
        pass
    for wider, finer in WIDER:
        _mend(tx, wider, finer)


WIDER: Sequence[tuple[Table, Table]] = (
    *((wider, figure_days) for wider in (figure_months, figure_thirds, figure_office_days, figure_office_thirds)),
    *((wider, figure_months) for wider in (figure_month_totals, figure_years, figure_totals, figure_sums)),
    *((wider, figure_months) for wider in (figure_office_months, figure_office_years)),
    *((wider, figure_months) for wider in (figure_office_hours, figure_office_year_hours)),
)
"""Each with the sums that it is made of, in the order in which they are."""


def catch_up(tx: Unit, limit: int = 500) -> int:
    """Counts cases that were there before figures were kept, some at a time. Nothing is left to do once they all are."""
    kept = tx.one(select(settings.c.value).where(settings.c.name == CAUGHT_UP))
    if kept is not None and kept.value is None:
        return 0
    numbers = case_numbers(tx, kept.value if kept else "", limit)
    take(tx, numbers)
    counted = recount_all(tx, numbers)
    tx.put(settings, "name", {"name": CAUGHT_UP, "value": numbers[-1] if len(numbers) == limit else None})
    return counted


def _mend(tx: Unit, wider: Table, finer: Table) -> None:
    """Rows of the wider sums that are not those of the finer ones are made anew, and no others."""
    counters = [name for name in COUNTERS if name in wider.c]
    key = [column.name for column in wider.c if column.name not in ("seq", *counters)]
    said = [said_of(finer, name) for name in key]
    summed = select(*said, *(func.sum(finer.c[name]) for name in counters))
    of_office = true() if "partner" in wider.c else finer.c.partner == ""
    right = summed.where(of_office).group_by(*said)
    kept = select(*(wider.c[name] for name in (*key, *counters)))
    wrong = except_(kept, right).subquery()
    gone = select(wider.c.seq).join(wrong, and_(*(wider.c[name] == wrong.c[name] for name in key)))
    tx.execute(delete(wider).where(wider.c.seq.in_(gone)))
    tx.execute(insert(wider).from_select([*key, *counters], except_(right, kept)))
