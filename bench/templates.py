"""A few whole lives of cases, lived through the real use-cases in a small database, as rows with their secrets opened: what
`bench.loader` makes a million cases of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import LargeBinary, Table, select, text

from cases.actions import deciding, opening, sweeping
from cases.effects import Fact, Outcome
from cases.findings import FindingCode, found
from cases.lifecycle import CaseState, LegState, MaterialState
from cases.model import Direction
from storage.care_tables import follow_ups, rectifications
from storage.page_readings import save_reading
from storage.proof_tables import inquiries, waivers
from storage.rows import KEPT, row_name
from storage.session import Database
from storage.statistics.counting import CaseFacts
from storage.statistics.facts import MOVES, OPENED, facts_of
from storage.tables import audit, readings
from storage.vault import Context
from tests.storage.kept import KeptWorld, reading

BLURRED = found(FindingCode.BLURRED, material="id_front", page=1)
DOUBT = found(FindingCode.MISMATCH, material="form", field="name")
KEPT_LINES = (OPENED, *MOVES)
"""Of the record: the steps of the case. What pages and papers did is left out, for the size of it."""
LEFT_OUT = (waivers, inquiries, rectifications, follow_ups)
"""None there, or long ended when the case was over."""
Row = dict[str, Any]


@dataclass(frozen=True)
class Sealed:
    """A secret, opened: it is sealed anew for each row."""

    value: bytes


@dataclass(frozen=True)
class Template:
    """`rows`: by table; the case's own first."""

    name: str
    state: CaseState
    rows: Mapping[str, list[Row]]
    facts: CaseFacts


class Life(KeptWorld):
    """Keeps the time of each line of the record, which the database would say is now."""

    def __init__(self, database: Database, number: str) -> None:
        self.times: list[datetime] = []
        super().__init__(database, number, check=False)
        self.times.append(self.file.case.opened_at)

    def apply(self, outcome: Outcome) -> "Life":
        super().apply(outcome)
        self.times += [self.at for effect in outcome if isinstance(effect, Fact)]
        return self

    def hours(self, hours: float) -> "Life":
        self.wait(hours=hours)
        return self

    def handed_in(self) -> "Life":
        self.hours(0.5).upload_and_read("id_front", "form").submit()
        return self.hours(0.05)

    def in_review(self) -> "Life":
        self.handed_in().judge("review", DOUBT)
        return self

    def passed(self, *, corrected: bool = False) -> "Life":
        self.handed_in()
        if corrected:
            self.judge("returned", BLURRED).hours(20)
            for page in [p for p in self.file.pages if p.state != "removed"]:
                self.apply(opening.remove_page(self.file, page.id))
            self.upload_and_read("id_front", "form").submit()
        self.hours(2).judge("passed", id_front=MaterialState.ACCEPTED, form=MaterialState.ACCEPTED)
        return self

    def collecting(self, *, late: bool = False) -> str:
        self.hours(1)
        booking = self.booked(Direction.COLLECTION)
        self.hours(6 if late else 3).track(booking, LegState.PICKED_UP)
        return booking

    def received(self, *, corrected: bool = False, late: bool = False) -> "Life":
        booking = self.passed(corrected=corrected).collecting(late=late)
        self.hours(20).track(booking, LegState.DELIVERED)
        self.hours(3).count(id_front=1, form=1)
        return self

    def processing(self, **how: bool) -> "Life":
        self.received(**how).hours(4).apply(deciding.accept(self.file, self.now))
        self.apply(deciding.route_case(self.file, self.now))
        return self

    def decided(self, days: float = 3, **how: bool) -> "Life":
        self.processing(**how).hours(24 * days).decide("card").decide("photo").decide("issue")
        return self

    def concluded(self, days: float = 3, **how: bool) -> "Life":
        self.decided(days, **how).hours(20).apply(deciding.conclude(self.file, self.now))
        return self

    def delivering(self, days: float = 3, **how: bool) -> str:
        self.concluded(days, **how).hours(2)
        booking = self.booked(Direction.DELIVERY)
        self.hours(3).track(booking, LegState.PICKED_UP)
        return booking

    def delivered(self, days: float = 3, level: int = 0, **how: bool) -> "Life":
        booking = self.delivering(days, **how)
        self.hours(22).track(booking, LegState.DELIVERED)
        if level:
            self.hours(5).apply(deciding.rate(self.file, level, "说明", self.now))
        return self


def _withdrawn(life: Life) -> None:
    life.passed().hours(3).apply(opening.withdraw(life.file, life.now))


def _expired(life: Life) -> None:
    life.handed_in().judge("returned", BLURRED)
    life.hours(24 * 25).apply(sweeping.on_deadline(life.file, life.now))


def _again(life: Life) -> None:
    life.handed_in().judge("returned", BLURRED).hours(10)
    life.apply(opening.remove_page(life.file, life.file.pages[0].id))
    life.upload_and_read("id_front").submit()
    life.judge("review", DOUBT)


LIVES: Mapping[str, tuple[float, Callable[[Life], Any]]] = {
    "delivered": (330, lambda x: x.delivered(2)),
    "delivered_in_time": (180, lambda x: x.delivered(4, level=1)),
    "delivered_corrected": (120, lambda x: x.delivered(3, level=2, corrected=True)),
    "delivered_late": (60, lambda x: x.delivered(9)),
    "delivered_picked_up_late": (90, lambda x: x.delivered(3, late=True)),
    "delivered_angry": (20, lambda x: x.delivered(6, level=4)),
    "delivered_fair": (90, lambda x: x.delivered(3, level=3)),
    "withdrawn": (30, _withdrawn),
    "expired": (30, _expired),
    "draft": (3, lambda x: x),
    "submitted": (2, lambda x: x.handed_in()),
    "in_review": (9, lambda x: x.in_review()),
    "again": (3, _again),
    "returned": (6, lambda x: x.handed_in().judge("returned", BLURRED)),
    "preaudit_passed": (4, lambda x: x.passed()),
    "collecting": (3, lambda x: x.passed().collecting()),
    "received": (3, lambda x: x.received()),
    "processing": (11, lambda x: x.processing()),
    "approved": (2, lambda x: x.decided()),
    "concluded": (2, lambda x: x.concluded()),
    "delivering": (2, lambda x: x.delivering()),
}
"""How many of a thousand; 950 of them are over."""
OVER = frozenset(name for name in LIVES if name.startswith(("delivered", "withdrawn", "expired")))


def make(
    database: Database, blob: str, lives: Mapping[str, tuple[float, Callable[[Life], Any]]] = LIVES
) -> list[Template]:
    """`blob`: of a picture that every page shows, and every letter."""
    _open_the_record(database)
    made = []
    for place, (name, (_, lived)) in enumerate(lives.items()):
        life = Life(database, f"44010520260302{place:06d}0")
        lived(life)
        with database.transaction() as tx:
            for page in life.file.pages:
                if page.state == "read":
                    save_reading(tx, page.id, reading("陈样本"), blob)
        rows = _rows(database, life, blob)
        with database.transaction() as tx:
            for line in rows["audit"]:
                at = audit.update().where(audit.c.chain == life.number, audit.c.position == line["position"])
                tx.execute(at.values(at=line["at"]))
            facts = facts_of(tx, [life.number])[life.number]
        made.append(Template(name, life.state, rows, facts))
    return made


def _open_the_record(database: Database) -> None:
    """The record of this small database may be changed: its times are those of the life, not of the living of it."""
    with database.transaction() as tx:
        guards = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'")
        for (name,) in tx.all(guards):
            tx.execute(text(f"DROP TRIGGER {name}"))


def _rows(database: Database, life: Life, blob: str) -> dict[str, list[Row]]:
    number = life.number
    rows: dict[str, list[Row]] = {}
    with database.reading() as tx:
        for thing, kept in KEPT.items():
            table = kept.table
            if table in LEFT_OUT:
                continue
            of_case = table.c.number if thing == "case" else table.c.case_number
            found_ = tx.all(select(table).where(of_case == number).order_by(*table.primary_key.columns))
            names = [row_name(thing, number, row._mapping[kept.key]) for row in found_]
            opened = [_opened(database, table, name, row._mapping) for name, row in zip(names, found_, strict=True)]
            if opened:
                rows[table.name] = opened
        pages = [page.id for page in life.file.pages]
        read = tx.all(select(readings).where(readings.c.page_id.in_(pages)))
        rows["readings"] = [_opened(database, readings, row.page_id, row._mapping) for row in read]
        lines = tx.all(select(audit).where(audit.c.chain == number).order_by(audit.c.position))
    assert len(lines) == len(life.times), f"{len(lines)} lines, {len(life.times)} times"
    rows["audit"] = [
        dict(line._mapping) | {"at": at}
        for line, at in zip(lines, life.times, strict=True)
        if line.action in KEPT_LINES
    ]
    case = rows["cases"][0]
    case["state_since"] = rows["audit"][-1]["at"]
    for file in (*rows.get("pages", ()), *rows.get("documents", ())):  # letters are made within the minute
        file["blob"] = blob
    for row in rows["readings"]:
        row["saved_at"] = case["opened_at"] + timedelta(minutes=31)
    return rows


def _opened(database: Database, table: Table, name: str, row: Mapping[Any, Any]) -> Row:
    values = {column.name: row[column.name] for column in table.columns if column.name != "seq"}
    for column in table.columns:
        if isinstance(column.type, LargeBinary) and values.get(column.name) is not None:
            context = Context(table.name, column.name, name)
            values[column.name] = Sealed(database.vault.unseal(context, values[column.name]))
    return values
