"""Between the domain's values and their rows, one way for all of them.

The column's type says how a field is kept: `LargeBinary` is sealed JSON, `JSON` is plain, everything else is the
value itself. Only what does not fit that rule is named here: a booking's windows are two columns each, its leg is
`leg_id`.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import JSON, LargeBinary, Table

from cases.care import Complaint, FollowUp, Rectification
from cases.clocks import ClockRequest
from cases.model import (
    Assignment,
    Booking,
    Case,
    Child,
    Correction,
    CreditNote,
    DecisionFile,
    Document,
    HandOver,
    Incident,
    Leg,
    Material,
    Original,
    Page,
    Parcel,
    Rating,
    Special,
    Transfer,
    Window,
)
from cases.rulings import Proposal
from cases.waived import Inquiry, Waiver
from storage import bundle_tables, department_tables, proof_tables, ruling_tables, tables
from storage.care_tables import complaints, follow_ups, rectifications
from storage.plain import from_plain, hints_of, to_plain
from storage.unit import AnyRow, Unit

T = TypeVar("T")


@dataclass(frozen=True)
class Kept:
    """Where one kind of thing is kept. `key`: the column that names it, within its case or at all."""

    kind: type
    table: Table
    key: str


KEPT: Mapping[str, Kept] = {
    "case": Kept(Case, tables.cases, "number"),
    "material": Kept(Material, tables.materials, "key"),
    "page": Kept(Page, tables.pages, "id"),
    "leg": Kept(Leg, tables.legs, "id"),
    "booking": Kept(Booking, tables.bookings, "id"),
    "assignment": Kept(Assignment, tables.assignments, "id"),
    "original": Kept(Original, tables.originals, "key"),
    "parcel": Kept(Parcel, tables.parcels, "id"),
    "transfer": Kept(Transfer, tables.transfers, "id"),
    "hand_over": Kept(HandOver, tables.hand_overs, "id"),
    "incident": Kept(Incident, tables.incidents, "id"),
    "correction": Kept(Correction, tables.corrections, "id"),
    "document": Kept(Document, tables.documents, "id"),
    "clock_request": Kept(ClockRequest, department_tables.clock_requests, "id"),
    "special": Kept(Special, tables.specials, "id"),
    "decision_file": Kept(DecisionFile, tables.decision_files, "id"),
    "rating": Kept(Rating, tables.ratings, "case_number"),
    "waiver": Kept(Waiver, proof_tables.waivers, "id"),
    "inquiry": Kept(Inquiry, proof_tables.inquiries, "id"),
    "child": Kept(Child, bundle_tables.bundle_children, "id"),
    "credit_note": Kept(CreditNote, bundle_tables.credit_notes, "id"),
    "rectification": Kept(Rectification, rectifications, "id"),
    "complaint": Kept(Complaint, complaints, "id"),
    "follow_up": Kept(FollowUp, follow_ups, "id"),
    "proposal": Kept(Proposal, ruling_tables.proposals, "id"),
}
THING_OF: Mapping[type, str] = {kept.kind: thing for thing, kept in KEPT.items()}


def row_name(thing: str, case_number: str, key: str) -> str:
    """The row's identity for the vault. Keys of materials and originals are unique only within their case."""
    return f"{case_number}/{key}" if KEPT[thing].key == "key" else key


def entity_values(tx: Unit, entity: Any, case_number: str) -> dict[str, Any]:
    """All columns of a new row."""
    thing = THING_OF[type(entity)]
    fields = {f.name: getattr(entity, f.name) for f in dataclasses.fields(entity)}
    key = fields.get(KEPT[thing].key, case_number)
    values = column_values(tx, thing, case_number, key, fields)
    return values if thing == "case" else {"case_number": case_number, **values}


def column_values(tx: Unit, thing: str, case_number: str, key: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The columns for some fields. Raises `KeyError` on a field that the table does not keep: a fault of ours."""
    table, row = KEPT[thing].table, row_name(thing, case_number, key)
    values: dict[str, Any] = {}
    for name, value in _spread(fields).items():
        column = table.c[name]
        if isinstance(column.type, LargeBinary):
            values[name] = None if value is None else tx.seal(table, name, row, value)
        else:
            values[name] = to_plain(value) if isinstance(column.type, JSON) else value
    return values


_WINDOWS = {"window": ("window_start", "window_end"), "confirmed_window": ("confirmed_start", "confirmed_end")}


def _spread(fields: Mapping[str, Any]) -> dict[str, Any]:
    spread = dict(fields)
    for name, columns in _WINDOWS.items():
        window = spread.pop(name, None)
        if isinstance(window, Window):
            spread |= dict(zip(columns, (window.start, window.end), strict=True))
    if "leg" in spread:
        spread["leg_id"] = spread.pop("leg")
    return spread


def entity(tx: Unit, kind: type[T], row: AnyRow) -> T:
    """The value a row holds."""
    return entity_of(tx, kind, row._mapping)


def entity_of(tx: Unit, kind: type[T], columns: Mapping[Any, Any]) -> T:
    """The same of a row's columns by their names."""
    thing = THING_OF[kind]
    kept = KEPT[thing]
    case_number = columns.get("case_number") or columns["number"]
    name = row_name(thing, case_number, columns[kept.key])
    values: dict[str, Any] = {}
    for field in _fields_of(cast(type, kind)):
        value = from_plain(field.hint, _read(tx, kept.table, field, name, columns))
        if value is not None or field.optional:
            values[field.name] = value
    return kind(**values)


@dataclass(frozen=True)
class _Field:
    """Of a value, and the column that holds it; none where two columns do."""

    name: str
    hint: Any
    optional: bool
    column: str | None
    sealed: bool


@cache
def _fields_of(kind: type) -> tuple[_Field, ...]:
    return tuple(_field(kind, name, hint) for name, hint in hints_of(kind).items())


def _field(kind: type, name: str, hint: Any) -> _Field:
    optional = type(None) in getattr(hint, "__args__", ())
    if name in _WINDOWS:
        return _Field(name, hint, optional, None, sealed=False)
    column = "leg_id" if name == "leg" else name
    sealed = isinstance(KEPT[THING_OF[kind]].table.c[column].type, LargeBinary)
    return _Field(name, hint, optional, column, sealed)


def _read(tx: Unit, table: Table, field: _Field, row: str, columns: Mapping[Any, Any]) -> Any:
    if field.column is None:
        start, end = (columns[name] for name in _WINDOWS[field.name])
        return None if start is None else {"start": start, "end": end}
    value = columns[field.column]
    return tx.unseal(table, field.column, row, value) if field.sealed and value is not None else value
