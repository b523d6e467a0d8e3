"""A million cases for `bench.million`, within minutes: lives of `bench.templates`, each row copied with new numbers, times
and secrets.

The same seed gives the same cases, but for the secrets' own randomness. Everything that the desk opens can be opened:
secrets are sealed for their rows, chains of the record fit, figures are those of the rows. What nobody looks at for a case
that is over is left out: jobs, notices, and lines of the record that are no step of the case.
"""

import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any

import psycopg
from sqlalchemy import JSON, Table, text

from bench.templates import LIVES, OVER, Row, Sealed, Template
from cases.deadlines import BEIJING, Calendar, beijing_day, working_days_between
from cases.model import Applicant
from storage.audit import GENESIS
from storage.casefiles import check_digit
from storage.plain import dumps
from storage.session import Database
from storage.settings import StorageSettings
from storage.statistics import keeping
from storage.statistics.counting import CaseFacts, row_of
from storage.statistics.facts import listed
from storage.statistics.tables import case_figures, order_figures
from storage.tables import metadata
from storage.vault import Context, Vault, open_vault

SEED = 20261122
AT_ONCE = 2_000
"""Cases of one transaction."""
WORKERS = 2
YEARS = 3
PEOPLE = 3
"""Cases of one person, on average."""
REGIONS = ("440103", "440104", "440105", "440106")
DEPARTMENTS = ("rsj", "mzj", "wjw", "jtj", "scj", "zrj")
CHANNELS = (("miniapp", 62), ("kiosk", 12), ("agent", 10), ("counter", 16))
OFFICE_HOURS = (0, 0, 0, 0, 0, 0, 1, 2, 9, 22, 24, 16, 6, 9, 18, 20, 16, 8, 4, 4, 5, 4, 2, 1)
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华"


@dataclass(frozen=True)
class Plan:
    """What every worker is told. `items`: code, region, department."""

    settings: StorageSettings
    cases: int
    now: datetime
    templates: Sequence[Template]
    items: Sequence[tuple[str, str, str]]
    calendar: Calendar


def load(plan: Plan, say: Callable[[str], None]) -> None:
    """Into a database at the newest schema that has no case yet."""
    database = Database(plan.settings)
    with _without_indexes(plan.settings, say), ProcessPoolExecutor(WORKERS) as pool:
        sums: keeping.Sums = {}
        starts = range(0, plan.cases, AT_ONCE)
        for done, counted in enumerate(pool.map(_load_some, [plan] * len(starts), starts), 1):
            for key, cell in counted.items():
                sums.setdefault(key, Counter()).update(cell)
            if done % 25 == 0:
                say(f"  {done * AT_ONCE:,} of {plan.cases:,} cases")
        with database.transaction() as tx:
            tx.execute(text("SET LOCAL statement_timeout = 0"))
            keeping.append(tx, sums)
            tx.put(metadata.tables["settings"], "name", {"name": keeping.CAUGHT_UP, "value": None})
        while _folded(database):
            pass
    database.dispose()


def _folded(database: Database) -> int:
    """In a transaction of its own, as the sweep folds: a sum that is moved thousands of times in one leaves as many dead rows,
    and whoever reads the table later reads over them."""
    with database.transaction() as tx:
        tx.execute(text("SET LOCAL statement_timeout = 0"))
        return keeping.fold(tx)


# ── one case after another ──────────────────────────────────────────────────────────────────────────────────────


def _load_some(plan: Plan, start: int) -> keeping.Sums:
    maker = Maker(plan, start)
    lines: dict[str, list[str]] = {}
    sums: keeping.Sums = {}
    for n in range(start, min(start + AT_ONCE, plan.cases)):
        for table, line in maker.case(n, sums):
            lines.setdefault(table, []).append(line)
    with _connected(plan.settings) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table, written in lines.items():
            with cursor.copy(f"COPY {table} ({', '.join(maker.columns[table])}) FROM STDIN") as copy:
                copy.write("".join(written))
    return sums


def _connected(settings: StorageSettings) -> psycopg.Connection[Any]:
    return psycopg.connect(settings.database_url.replace("+psycopg", ""))


@dataclass
class New:
    """What is new in a copy. `by`: how much later everything happens."""

    n: int
    number: str
    by: timedelta
    item: tuple[str, str, str]
    channel: str
    person: int
    ids: Mapping[str, str]
    moments: dict[datetime, str] = field(default_factory=dict)
    """Written once: many rows of a case have the same."""


class Shape:
    """A row of a template, as far as all its copies are alike: written, and where something changes."""

    def __init__(self, row: Row, columns: Sequence[str], plain: Set[str], ids: Set[str]) -> None:
        self.row, self.places = row, {name: place for place, name in enumerate(columns)}
        self.written = ["" if isinstance(row[name], Sealed) else _written(row[name], name in plain) for name in columns]
        self.changing = [(self.places[name], name, row[name]) for name in columns if _changes(name, row[name], ids)]


def _changes(name: str, value: Any, ids: Set[str]) -> bool:
    if value is None:
        return False
    by_name = name == "case_number" or name in _UNLIKE
    return by_name or isinstance(value, Sealed | date) or (isinstance(value, str) and value in ids)


class Maker:
    def __init__(self, plan: Plan, start: int) -> None:
        self._plan, self._vault, self._random = plan, open_vault(plan.settings.key_file), random.Random(SEED + start)
        self._weights = list(accumulate(weight for weight, _ in LIVES.values()))
        self.columns = {name: _columns(metadata.tables[name]) for name in _tables(plan.templates)}
        self._ids = [_ids_of(template) for template in plan.templates]
        self._shapes = [
            {
                table: [Shape(row, self.columns[table], _PLAIN[table], set(ids)) for row in rows]
                for table, rows in template.rows.items()
                if table != "audit"
            }
            for template, ids in zip(plan.templates, self._ids, strict=True)
        ]

    def case(self, n: int, sums: keeping.Sums) -> Iterator[tuple[str, str]]:
        """Lines for COPY, by table; what is counted is added to `sums`."""
        place = self._random.choices(range(len(self._weights)), cum_weights=self._weights)[0]
        template = self._plan.templates[place]
        new = self._new(n, template, self._ids[place])
        test = template.name == "in_review" and self._random.random() < 0.02
        for table, rows in template.rows.items():
            if table == "audit":
                yield from ((table, self._line(table, line)) for line in self._record(rows, new))
                continue
            for shape in self._shapes[place][table]:
                own = self._of_case(shape.row, new, test=test) if table == "cases" else {}
                yield table, self._copied(table, shape, new, own)
        yield "audit_heads", self._line("audit_heads", self._head)
        if not test:
            yield from self._figures(template, new, sums)

    def _new(self, n: int, template: Template, ids: Sequence[str]) -> New:
        draw, now = self._random, self._plan.now
        began: datetime = template.rows["cases"][0]["opened_at"]
        lasted = template.rows["cases"][0]["state_since"] - began
        if template.name in OVER:
            opened = self._office_hour(now - lasted - timedelta(days=1 + draw.random() * 365 * YEARS))
        else:
            opened = now - lasted - timedelta(minutes=5, days=draw.random() * 4)
        code, region, department = draw.choice(self._plan.items)
        body = f"{region}{opened.astimezone(BEIJING):%Y%m%d}{n % 1_000_000:06d}"
        channel = draw.choices([name for name, _ in CHANNELS], [share for _, share in CHANNELS])[0]
        named = {old: f"m{n:08d}{place:03d}" for place, old in enumerate(ids)}
        return New(
            n,
            body + check_digit(body),
            opened - began,
            (code, region, department),
            channel,
            draw.randrange(max(1, self._plan.cases // PEOPLE)),
            named,
        )

    def _office_hour(self, at: datetime) -> datetime:
        local = at.astimezone(BEIJING)
        if local.weekday() > 4 and self._random.random() < 0.8:
            local -= timedelta(days=self._random.choice((2, 3)))
        hour = self._random.choices(range(24), OFFICE_HOURS)[0]
        return local.replace(hour=hour).astimezone(UTC)

    def _copied(self, table: str, shape: "Shape", new: New, own: Mapping[str, Any]) -> str:
        """`own`: what is this case's alone, in its own row."""
        name = self._name(table, shape.row, new)
        written = shape.written.copy()
        for place, column, value in shape.changing:
            if column in own:
                continue
            if isinstance(value, Sealed):
                written[place] = _sealed(self._vault, Context(table, column, name), value.value)
            else:
                written[place] = self._moved(column, value, new)
        for column, value in own.items():
            if isinstance(value, Sealed):
                written[shape.places[column]] = _sealed(self._vault, Context(table, column, name), value.value)
            else:
                written[shape.places[column]] = _written(value, plain=False)
        return "\t".join(written) + "\n"

    def _moved(self, column: str, value: Any, new: New) -> str:
        if isinstance(value, datetime):
            if value not in new.moments:
                new.moments[value] = str(value + new.by)
            return new.moments[value]
        if isinstance(value, date):
            return str(value + timedelta(days=new.by.days))
        if column == "case_number":
            return new.number
        return new.ids[value] if value in new.ids else _UNLIKE[column](self._random, new.n, value)

    def _name(self, table: str, row: Mapping[str, Any], new: New) -> str:
        """As `storage.rows.row_name` says it, of the copy."""
        if table == "cases":
            return new.number
        if table == "readings":
            return new.ids[row["page_id"]]
        if table in ("materials", "originals"):
            return f"{new.number}/{row['key']}"
        return new.ids[row["id"]] if "id" in row else new.number

    def _of_case(self, row: Mapping[str, Any], new: New, *, test: bool) -> dict[str, Any]:
        code, region, department = new.item
        applicant = person(new.person)
        indexes = {
            f"{name}_index": self._vault.blind(name, getattr(applicant, name)) for name in ("id_number", "phone")
        }
        due, closed = _add(row["deadline_at"], new.by), _add(row["closed_at"], new.by)
        over = row["state"] == "delivered" and due is not None and due < self._plan.now
        doubtful = row["state"] == "in_review" and new.n % 11 == 0
        return {
            "number": new.number,
            "item_code": code,
            "region": region,
            "department": department,
            "owner": f"p{new.person:08d}",
            "channel": new.channel,
            "applicant": Sealed(dumps(applicant)),
            "deadline_at": None if over else due,
            "closed_at": due if over else closed,
            "test": test,
            "doubtful_identity": doubtful,
            "likely_duplicate": row["state"] == "in_review" and new.n % 13 == 0,
            **indexes,
        }

    def _record(self, lines: Sequence[Mapping[str, Any]], new: New) -> Iterator[dict[str, Any]]:
        previous = GENESIS
        for position, kept in enumerate(lines, 1):
            line = {**kept, "chain": new.number, "position": position, "at": kept["at"] + new.by, "previous": previous}
            if line["actor_kind"] == "resident":
                line["actor"] = f"p{new.person:08d}"
            line["hash"] = previous = _line_hash(line, previous)
            yield line
        self._head = {"chain": new.number, "position": len(lines), "hash": previous, "anchored": 0}

    def _figures(self, template: Template, new: New, sums: keeping.Sums) -> Iterator[tuple[str, str]]:
        code, region, department = new.item
        facts, due = _later(template.facts, new.by), template.rows["cases"][0]["promised_due"]
        parts = {department, *(row["department"] for row in template.rows.get("assignments", ()))}
        facts = replace(
            facts,
            case_number=new.number,
            region=region,
            department=department,
            departments=listed(parts),
            item_code=code,
            channel=new.channel,
            orders=tuple(
                replace(o, booking_id=new.ids[o.booking_id], requested_at=o.requested_at + new.by, moved_at=_add(o.moved_at, new.by))
                for o in facts.orders
            ),
            worked_days=self._worked(facts),
            late=_late(facts, due, new.by),
        )  # fmt: skip
        row = row_of(facts)
        keeping.add(sums, row, +1)
        yield "case_figures", self._line("case_figures", row)
        for order in facts.orders:
            yield "order_figures", self._line("order_figures", {"case_number": new.number, **vars(order)})

    def _worked(self, facts: CaseFacts) -> int:
        if facts.accepted_at is None or facts.concluded_at is None:
            return 0
        return working_days_between(
            self._plan.calendar, beijing_day(facts.accepted_at), beijing_day(facts.concluded_at)
        )

    def _line(self, table: str, values: Mapping[str, Any]) -> str:
        return "\t".join([_written(values[name], name in _PLAIN[table]) for name in self.columns[table]]) + "\n"


_MOMENTS = ("opened_at", "submitted_at", "passed_at", "accepted_at", "concluded_at", "delivered_at", "rated_at")


def _later(facts: CaseFacts, by: timedelta) -> CaseFacts:
    return replace(facts, **{name: _add(getattr(facts, name), by) for name in _MOMENTS})


def _late(facts: CaseFacts, due: date | None, by: timedelta) -> bool:
    if due is None or facts.concluded_at is None:
        return False
    return beijing_day(facts.concluded_at) > due + timedelta(days=by.days)


def _add(at: datetime | None, by: timedelta) -> datetime | None:
    return at + by if at else None


def person(number: int) -> Applicant:
    """Invented, the same for the same number."""
    name = SURNAMES[number % 20] + GIVEN[number // 20 % 24] + GIVEN[number // 480 % 24]
    born = date(1950, 1, 1) + timedelta(days=number % 20_000)
    body = f"440105{born:%Y%m%d}{number // 20_000 % 1000:03d}"
    return Applicant("person", name, body + _check(body), f"138{number % 100_000_000:08d}")


def _check(body: str) -> str:
    """ISO 7064 MOD 11-2."""
    total = sum(int(digit) * (1 << (17 - place)) for place, digit in enumerate(body))
    return "10X98765432"[total % 11]


_UNLIKE: Mapping[str, Callable[[random.Random, int, str], str]] = {
    "sha256": lambda draw, _n, _old: f"{draw.getrandbits(256):064x}",
    "perceptual_hash": lambda draw, _n, _old: f"{draw.getrandbits(64):016x}",
    "code": lambda _draw, n, old: f"{n:08d}{old[8:]}",
    "label": lambda _draw, n, old: f"{old[:8]}{n:08d}{old[-4:]}",
    "order_id": lambda _draw, n, old: f"{n:08d}{old[-12:]}",
    "waybill": lambda _draw, n, old: f"W{n:08d}{old[-4:]}",
}


def _line_hash(line: Mapping[str, Any], previous: str) -> str:
    """As `storage.audit.line_hash` says it: plain words and counts have one canonical JSON, whoever writes it."""
    named = {
        name: line[name] for name in ("chain", "position", "actor_kind", "actor", "on_behalf_of", "action", "detail")
    }
    named["at"] = line["at"].isoformat()
    canonical = json.dumps(named, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode() + previous.encode()).hexdigest()


# ── as COPY reads it ──


def _sealed(vault: Vault, context: Context, value: bytes) -> str:
    return "\\\\x" + vault.seal(context, value).hex()


def _written(value: Any, plain: bool) -> str:
    if value is None:
        return "\\N"
    if plain:
        return _escaped(json.dumps(value, ensure_ascii=False))
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    if isinstance(value, bool):
        return "t" if value else "f"
    return _escaped(str(value))


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def _columns(table: Table) -> list[str]:
    return [column.name for column in table.columns if column.name != "seq"]


_PLAIN = {
    name: frozenset(c.name for c in table.columns if isinstance(c.type, JSON))
    for name, table in metadata.tables.items()
}
_ALSO = ("audit_heads", case_figures.name, order_figures.name)


def _tables(templates: Sequence[Template]) -> list[str]:
    return [*dict.fromkeys(name for template in templates for name in template.rows), *_ALSO]


def _ids_of(template: Template) -> list[str]:
    rows = (row for name, rows in template.rows.items() if name != "audit" for row in rows)
    return [row["id"] for row in rows if "id" in row]


# ── indexes: built once at the end ──


class _without_indexes:  # noqa: N801  (it is read as a word: with _without_indexes(...))
    def __init__(self, settings: StorageSettings, say: Callable[[str], None]) -> None:
        self._settings, self._say, self._made = settings, say, list[str]()

    def __enter__(self) -> None:
        with _connected(self._settings) as connection:
            found = connection.execute(_SECONDARY).fetchall()
            for name, made in found:
                connection.execute(f'DROP INDEX "{name}"')
                self._made.append(made)

    def __exit__(self, *_error: object) -> None:
        self._say(f"  {len(self._made)} indexes")
        with _connected(self._settings) as connection:
            connection.autocommit = True
            connection.execute("SET maintenance_work_mem = '512MB'")
            for made in self._made:
                connection.execute(made)
            connection.execute("VACUUM ANALYZE")


_SECONDARY = """
SELECT i.indexname, i.indexdef FROM pg_indexes i JOIN pg_class c ON c.relname = i.indexname
LEFT JOIN pg_constraint k ON k.conindid = c.oid WHERE i.schemaname = 'public' AND k.oid IS NULL
AND i.tablename NOT LIKE 'figure_%'
"""
