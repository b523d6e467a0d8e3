"""Exported cases as text, piece by piece: one JSON document, or CSV of one table (UTF-8 with a byte order mark, so that
spreadsheets read the Chinese). What did not fit is told with its reason and counted, never dropped in silence."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cases.exporting import Exported
from cases.gbt39046 import LABELS, TABLES

STANDARD = "GB/T 39046-2020"
BOM = "\ufeff"
PROBLEMS = "problems"
"""In place of a table: the rows that were left out, and why."""


@dataclass
class Counts:
    """Filled while the text is taken."""

    cases: int = 0
    rows: int = 0
    refused: int = 0

    def add(self, exported: Exported) -> None:
        self.cases += 1
        self.rows += sum(map(len, exported.rows.values()))
        self.refused += len(exported.refused)


def as_json(cases: Iterable[Exported], head: Mapping[str, Any], counts: Counts) -> Iterator[str]:
    """`{standard, …head, cases: [{number, application, …}], refused: [{number, table, reason}], counts}`"""
    opening = json.dumps({"standard": STANDARD, **head}, ensure_ascii=False)
    yield f'{opening[:-1]}, "cases": ['
    refused: list[dict[str, str]] = []
    for exported in cases:
        plain = {"number": exported.number, **{table: rows for table, rows in exported.rows.items() if rows}}
        yield ("" if counts.cases == 0 else ",") + "\n" + json.dumps(plain, ensure_ascii=False)
        counts.add(exported)
        refused += _told(exported)
    tail = json.dumps({"refused": refused, "counts": vars(counts)}, ensure_ascii=False)
    yield f"\n], {tail[1:]}\n"


def _told(exported: Exported) -> list[dict[str, str]]:
    return [{"number": exported.number, "table": table, "reason": why} for table, why in exported.refused]


def as_csv(cases: Iterable[Exported], table: str, counts: Counts) -> Iterator[str]:
    """One table, its data items as columns; or what was left out."""
    columns = ["办件编号", "数据表", "原因"] if table == PROBLEMS else [item.name for item in TABLES[table]]
    yield BOM + _line(columns)
    for exported in cases:
        counts.add(exported)
        if table == PROBLEMS:
            yield "".join(_line([exported.number, LABELS[where], why]) for where, why in exported.refused)
        else:
            yield "".join(_line([row.get(name, "") for name in columns]) for row in exported.rows[table])


_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _line(values: list[str]) -> str:
    """A cell that a spreadsheet would take for a formula is told to be text."""
    made = io.StringIO()
    csv.writer(made).writerow(["'" + v if v.startswith(_FORMULA) else v for v in values])
    return made.getvalue()
