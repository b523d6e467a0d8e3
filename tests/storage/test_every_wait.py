"""Nothing waits unseen: every state that somebody or something must leave, of every table that has such states, is on the
board with its deadline, its holder and its ladder, or it is said here what ends it instead. A state or a table that is
added and not named here fails.
"""

import importlib
import pkgutil
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Float, Integer, LargeBinary, String, Table, insert
from sqlalchemy.sql.sqltypes import JSON

import cases as domain
from cases.lifecycle import CASE, LEG_FINAL, LegState, Machine
from cases.supervision import RULES, USUAL, WaitKind
from storage.actors import Scope
from storage.columns import Instant
from storage.lit import Seen
from storage.session import Database
from storage.tables import cases, metadata
from storage.waits import SOURCES
from storage.words import JobState, Role
from tests.storage.kept import KeptWorld
from workers.sweeps import ALL as SWEEPS

LONG_AGO = datetime(2026, 1, 5, 1, tzinfo=UTC)
ALL = Scope.everything()


@dataclass(frozen=True)
class Lit:
    """On the board as `kind`. `values`: what makes a row of it late; `case`: what its case is like meanwhile."""

    kind: WaitKind
    values: Mapping[str, Any] = field(default_factory=dict)
    case: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Ended:
    """By a sweep of that name, at its time; nobody has to look."""

    sweep: str


@dataclass(frozen=True)
class With:
    """It waits as long as its case does, whose own state is on the board."""

    why: str


@dataclass(frozen=True)
class NoLimit:
    why: str


@dataclass(frozen=True)
class Elsewhere:
    """Shown beside the board, or by the operators' own means."""

    where: str


Answer = Lit | Ended | With | NoLimit | Elsewhere
DUE = {"due_at": LONG_AGO}
PROCESSING = {"state": "processing"}
_CARE: dict[str, Any] = {"department": "rsj", "region": "440105", **DUE}
_ASSIGNMENT = {"department": "rsj", "due": date(2026, 1, 5), "opened_at": LONG_AGO}
_PAPER = With("the case does not leave its state before its papers are judged")
_JOB = Ended("forgotten")
WAITING: Mapping[tuple[str, str], Answer] = {
    **{("cases", str(state)): Lit(WaitKind.STATE) for state in CASE.waiting()},
    **{("materials", state): _PAPER for state in ("missing", "uploaded", "read", "returned", "accepted", "waived")},
    ("materials", "deferred"): Lit(WaitKind.DEFERRAL, {"defer_until": date(2026, 1, 5)}, PROCESSING),
    ("pages", "uploaded"): Lit(WaitKind.PAGE, {"uploaded_at": LONG_AGO, "material": "form"}),
    **{("pages", state): _PAPER for state in ("read", "unreadable")},
    **{("legs", str(state)): With("preaudit_passed, collecting, concluded, delivering") for state in LegState if state not in LEG_FINAL},
    ("legs", "answer_due"): Lit(WaitKind.RECEIPT, {"state": "delivered", "answer_due": LONG_AGO}),
    **{("bookings", state): Lit(WaitKind.BOOKING, {"requested_at": LONG_AGO}) for state in ("requested", "unknown")},
    ("bookings", "booked"): Ended("no_shows"),
    **{("pickups", state): With("each of its bookings is on the board") for state in ("requested", "unknown", "booked")},
    ("assignments", "waiting"): With("another step is open; the clocks of the case run"),
    ("assignments", "open"): Lit(WaitKind.ASSIGNMENT, _ASSIGNMENT, PROCESSING),
    **{
        ("incidents", state): Lit(WaitKind.INCIDENT, {"owner": "intake", **DUE})
        for state in ("open", "in_hand", "with_resident", "with_courier")
    },
    ("transfers", "offered"): Lit(WaitKind.TRANSFER, DUE),
    ("clock_requests", "asked"): Lit(WaitKind.CLOCK_REQUEST, DUE),
    ("specials", "ended_at"): With("its days are the deadline of its case while it runs"),
    ("proposals", "waiting"): Lit(WaitKind.PROPOSAL, DUE),
    ("twin_answers", "settled_at"): Lit(WaitKind.MISUSE, {"id": "misuse-1", "answer": "misuse", **DUE}),
    ("bundle_children", "number"): Lit(WaitKind.CHILD, {"asked_at": LONG_AGO}),
    ("documents", "blob"): Lit(WaitKind.LETTER, {"made_at": LONG_AGO}),
    **{("notices", state): Lit(WaitKind.NOTICE, {"made_at": LONG_AGO}) for state in ("created", "sending")},
    **{("outgoing_deliveries", state): Lit(WaitKind.OUTGOING, {"deliver_by": LONG_AGO}) for state in ("waiting", "held", "failed")},
    **{
        ("rectifications", state): Lit(WaitKind.RECTIFICATION, {"level": 5, **_CARE})
        for state in ("opened", "assigned", "rectifying", "call_back")
    },
    **{("complaints", state): Lit(WaitKind.COMPLAINT, _CARE) for state in ("filed", "in_hand", "raised")},
    ("complaints", "answered"): Ended("complaints"),
    ("follow_ups", "open"): Lit(WaitKind.FOLLOW_UP, _CARE),
    ("inquiries", "waiting"): Ended("unheard"),
    ("inbox", "new"): _JOB,
    **{("jobs", state): Ended("leases") for state in ("queued", "running")},
    ("jobs", "quarantined"): Elsewhere("counted on the board, which leads to the page of what was set aside"),
    **{("item_backtests", state): _JOB for state in ("waiting", "running")},
    **{("item_drafts", state): NoLimit("no resident waits for it") for state in ("editing", "linted", "proposed", "approved", "rejected", "published")},
    ("appointments", "booked"): Elsewhere("the office's list of the day; its slot ends it"),
    ("appointments", "checked_in"): Elsewhere("the office's list of the day; its slot ends it"),
    ("appointments", "missed"): NoLimit("whoever comes later is still let in"),
    ("samples", "ended_at"): With("the case is in review until a person has looked"),
    ("strays", "settled_at"): Elsewhere("counted on the board"),
    ("drops", "emptied_at"): Elsewhere("the box's round, on the board"),
    ("entrustments", "until"): NoLimit("somebody looks after the case for as long as it is wanted"),
    ("credit_notes", "repaired_at"): NoLimit("stands until it was made good"),
    ("waivers", "ended_at"): NoLimit("a fact, not a task"),
    ("truths", "ended_at"): NoLimit("a fact, not a task"),
    ("thresholds", "until"): NoLimit("in force until it is switched off"),
    ("department_endpoints", "ended_at"): NoLimit("in use until it is taken away"),
    ("urges", "ended_at"): Ended("escalations"),
    ("legal_holds", "ended_at"): NoLimit("stands until somebody lifts it"),
    ("record_checks", "ended_at"): Elsewhere("the page of the record, which says how far the last one came"),
    ("kiosk_sessions", "ended_at"): Elsewhere("the terminal's own time-out"),
    **{("devices", state): NoLimit("what a terminal says of itself") for state in ("idle", "in_use", "paper_out")},
}  # fmt: skip
FINAL: Mapping[str, frozenset[str]] = {
    "jobs": frozenset({"done", "failed"}),
    "jobs_over": frozenset(map(str, JobState)),  # nothing comes here but what has ended
    "inbox": frozenset({"handled", "failed"}),
    "notices": frozenset({"sent", "failed"}),
    "outgoing_deliveries": frozenset({"delivered"}),
    "item_backtests": frozenset({"done", "failed"}),
    "legs": frozenset(map(str, LEG_FINAL)),
}
"""Of tables whose states are no machine's; what failed there is told by `zerotrip jobs` and the metrics."""
SUMS = frozenset({"case_figures", "order_figures"})
OPEN_UNTIL = ("settled_at", "ended_at", "until", "answer_due", "emptied_at", "repaired_at")
"""Columns that say, while they are empty (or filled: `answer_due`), that something is open."""
BESIDE = {"documents": "blob", "bundle_children": "number"}


def machines() -> list[Machine[Any, Any]]:
    modules = [importlib.import_module(f"cases.{m.name}") for m in pkgutil.iter_modules(domain.__path__)]
    found = {id(v): v for module in modules for v in vars(module).values() if isinstance(v, Machine)}
    return list(found.values())


def words_of(table: Table, column: str) -> list[str]:
    for check in table.constraints:
        if isinstance(check, CheckConstraint) and re.match(rf"({column} IS NULL OR )?{column} IN", str(check.sqltext)):
            return re.findall(r"'([^']*)'", str(check.sqltext))
    return []


def waiting_states(table: Table) -> set[str]:
    states = words_of(table, "state")
    machine = next((m for m in machines() if [str(s) for s in m.states] == states), None)
    over = {str(s) for s in machine.states if machine.is_final(s)} if machine else FINAL.get(table.name, frozenset())
    return set(states) - over


def test_every_state_that_waits_is_answered_for() -> None:
    known = set(WAITING)
    for table in metadata.sorted_tables:
        if table.name in SUMS:
            continue
        missing = {(table.name, state) for state in waiting_states(table)} - known
        assert not missing, f"say what becomes of it: {missing}"
        if not words_of(table, "state") or table.name == "legs":
            marks = {(table.name, name) for name in OPEN_UNTIL if name in table.c and table.c[name].nullable}
            assert marks <= known, f"say what becomes of it: {marks - known}"
    assert set(BESIDE.items()) <= known


def test_every_machine_has_a_table() -> None:
    of_tables = [words_of(table, "state") for table in metadata.sorted_tables]
    for machine in machines():
        assert [str(s) for s in machine.states] in of_tables, machine.name


def test_what_is_named_exists() -> None:
    for (name, word), answer in WAITING.items():
        table = metadata.tables[name]
        assert word in words_of(table, "state") or word in table.c, (name, word)
        if isinstance(answer, Ended):
            assert answer.sweep in SWEEPS, answer


def test_every_kind_of_wait_has_a_source_a_ladder_and_somebody_on_it() -> None:
    kinds = [source.kind for source in SOURCES]
    clocks = {WaitKind.PROMISED, WaitKind.STATUTORY}
    assert sorted(kinds) == sorted(WaitKind)
    assert {a.kind for a in WAITING.values() if isinstance(a, Lit)} | clocks == set(WaitKind)
    assert all(rule.ladder for rule in RULES.values())
    assert all(rung.role in {*Role, "holder"} for rule in RULES.values() for rung in rule.ladder)


# ── rows ──


def value_for(column: Column[Any], place: int) -> Any:
    """Some value that the column takes."""
    kind = column.type
    if words := words_of(column.table, column.name):  # type: ignore[arg-type]
        return words[0]
    for type_, value in (
        (Instant, LONG_AGO), (Date, date(2026, 1, 5)), (Boolean, False), (JSON, []), (LargeBinary, b"x"),
        (Integer, place), (Float, 0.5),
    ):  # fmt: skip
        if isinstance(kind, type_):
            return value
    return f"{column.name[:8]}-{place}"[: kind.length or 64] if isinstance(kind, String) else str(place)


def put_row(tx: Any, table: Table, number: str, place: int, **values: Any) -> dict[str, Any]:
    """A row with just what it must have, and before it the rows that it names."""
    row = dict(values)
    for column in table.c:
        if column.name in row or column.nullable or column.server_default is not None or column.name == "seq":
            continue
        keys = list(column.foreign_keys)
        if keys and keys[0].column.table is cases:
            row[column.name] = number
        elif keys:
            parent = keys[0].column
            row[column.name] = put_row(tx, parent.table, number, place)[parent.name]
        else:
            row[column.name] = value_for(column, place)
    if "case_number" in table.c and table.name != "cases":
        row.setdefault("case_number", number)
    tx.execute(insert(table).values(**row))
    return row


LIT = [(table, word, answer) for (table, word), answer in WAITING.items() if isinstance(answer, Lit)]


def test_each_of_them_is_lit_held_and_told_to_somebody(database: Database) -> None:
    for place, (name, word, answer) in enumerate(LIT, 1):
        number = f"44010520260105{place:06d}1"
        KeptWorld(database, number, check=False)
        late(database, number, place, (name, word, answer))
    with database.transaction() as tx:
        owed = {(wait.kind, wait.number) for wait, _, _ in tx.urges.owed()}
        for place, (name, word, answer) in enumerate(LIT, 1):
            number = f"44010520260105{place:06d}1"
            rows, _ = tx.supervision.board(ALL, Seen(kind=str(answer.kind)))
            mine = [row for row in rows if row.number == number]
            assert [str(row.light) for row in mine] == ["red"], (name, word)
            assert mine[0].holder, (name, word)
            assert USUAL.of(answer.kind, mine[0].state).next
            assert (answer.kind, number) in owed, (name, word)


def late(database: Database, number: str, place: int, what: tuple[str, str, Lit]) -> None:
    name, word, answer = what
    table = metadata.tables[name]
    with database.transaction() as tx:
        state = {} if word in table.c else {"state": word}
        if table is cases:
            values = {**state, "deadline_at": LONG_AGO, "state_since": LONG_AGO}
            tx.execute(cases.update().where(cases.c.number == number).values(**values))
            return
        tx.execute(cases.update().where(cases.c.number == number).values(deadline_at=None, **answer.case))
        if name == "outgoing_deliveries":
            message = put_row(tx, metadata.tables["outgoing_messages"], number, place)
            put_row(tx, table, number, place, message=message["id"], **state, **answer.values)
            return
        put_row(tx, table, number, place, **state, **answer.values)
