"""Whole cases: opening, loading for a decision, and finding the case that something belongs to.

A scoped read that finds nothing raises `NotFound` whether the case does not exist or is not the reader's to see.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, Select, Table, bindparam, exists, false, func, select

from cases.clocks import ClockRequest
from cases.deferrals import BROKEN_PROMISES
from cases.effects import Fact
from cases.errors import NotFound
from cases.findings import Finding
from cases.lifecycle import CaseState
from cases.model import (
    Assignment,
    Booking,
    Case,
    CaseFile,
    CaseNumber,
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
)
from cases.rulings import Proposal
from cases.waived import Inquiry, Waiver
from storage import audit, direct, moments, tracing
from storage.actors import Actor, Scope, readable
from storage.bundle_tables import bundle_children, credit_notes
from storage.catalogue import item
from storage.plain import from_plain
from storage.rows import KEPT, THING_OF, entity, entity_of, entity_values
from storage.statistics import keeping
from storage.tables import assignments, bookings, case_counters, cases, decision_files, documents, pages, persons
from storage.unit import Unit
from storage.words import ActorKind

T = TypeVar("T")


def next_case_number(tx: Unit, region: str, day: date) -> CaseNumber:
    """`<region 6><YYYYMMDD><sequence 6><check 1>`. Unique; a number taken by a transaction that fails is not used again
    by anyone else at the same time, so gaps may occur."""
    tx.insert_new(case_counters, {"region": region, "day": day, "last": 0})
    mine = (case_counters.c.region == region, case_counters.c.day == day)
    taken = case_counters.update().where(*mine).values(last=case_counters.c.last + 1).returning(case_counters.c.last)
    body = f"{region:0<6.6}{day:%Y%m%d}{tx.execute(taken).scalar_one():06d}"
    return CaseNumber(body + check_digit(body))


def check_digit(body: str) -> str:
    """ISO 7064 MOD 11,10: catches every wrong digit and every swap of neighbours."""
    product = 10
    for digit in body:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def is_case_number(text: str) -> bool:
    """Whether it can be a case number at all; no query needed to refuse a mistyped one."""
    return len(text) == 21 and text.isascii() and text.isdigit() and check_digit(text[:-1]) == text[-1]


def open_case(tx: Unit, case: Case, materials: Sequence[Material], *, actor: Actor | None = None) -> None:
    """Writes a new case with its checklist and the first line of its audit chain."""
    tracing.touched(case.number)
    values = entity_values(tx, case, case.number) | {
        "state_since": case.opened_at,
        "id_number_index": tx.vault.blind("id_number", case.applicant.id_number),
        "phone_index": tx.vault.blind("phone", case.applicant.phone),
        "test": _of_test_account(case.owner),
    }
    tx.execute(cases.insert().values(**values))
    for material in materials:
        tx.execute(KEPT["material"].table.insert().values(**entity_values(tx, material, case.number)))
    opened = Fact("case_opened", {"item": case.item_code, "version": case.item_version, "channel": case.channel})
    audit.record(tx, case.number, actor or Actor(ActorKind.RESIDENT, case.owner), opened.action, opened.detail)
    keeping.recount(tx, case.number)


def _of_test_account(owner: str) -> ColumnElement[bool]:
    """What a test account opens is a test."""
    return func.coalesce(select(persons.c.test).where(persons.c.id == owner).scalar_subquery(), false())


def case_file(tx: Unit, number: str, *, for_change: bool = False, readable_by: Scope | None = None) -> CaseFile:
    """One whole case. `for_change` locks it to the end of the transaction. Raises `NotFound`."""
    row = _case_row(tx, number, for_change, readable_by)
    if row is None:
        raise NotFound("没有找到该办件，请核对办件编号。", number=number)
    case = entity_of(tx, Case, row)
    parts = _parts(tx, number)
    return CaseFile(
        case=case,
        item=item(tx, case.item_code, case.item_version),
        findings=_findings(tx, number, row["findings"]),
        rating=next(iter(parts.pop("rating")), None),
        extra=_extra(tx, number, row),
        **parts,
    )


_PARTS: Mapping[str, type] = {
    "materials": Material,
    "pages": Page,
    "legs": Leg,
    "bookings": Booking,
    "assignments": Assignment,
    "originals": Original,
    "hand_overs": HandOver,
    "incidents": Incident,
    "parcels": Parcel,
    "transfers": Transfer,
    "corrections": Correction,
    "documents": Document,
    "specials": Special,
    "decision_files": DecisionFile,
    "clock_requests": ClockRequest,
    "waivers": Waiver,
    "inquiries": Inquiry,
    "children": Child,
    "credit_notes": CreditNote,
    "proposals": Proposal,
    "rating": Rating,
}


def _parts(tx: Unit, number: str) -> dict[str, Any]:
    """Most cases have rows in few of the tables: one question tells in which, and only those are asked. Asked after the
    case's row is locked and not together with it: a statement that waited for the lock sees the other tables as they
    were before it waited."""
    there = direct.one(tx, _which_parts(tx.postgresql), {"number": number, **moments.values(tx)})
    assert there is not None
    tx.learned(there.now)
    return {name: _all(tx, kind, number) if getattr(there, name) else () for name, kind in _PARTS.items()}


@cache
def _which_parts(postgresql: bool) -> Select[*tuple[Any, ...]]:
    """And what time it is, which nearly everybody asks who opens a case."""
    tables = {name: KEPT[THING_OF[kind]].table for name, kind in _PARTS.items()}
    there = (exists().where(t.c.case_number == bindparam("number")).label(name) for name, t in tables.items())
    return select(*there, moments.clock(postgresql).label("now"))


def _case_row(tx: Unit, number: str, for_change: bool, scope: Scope | None) -> Mapping[Any, Any] | None:
    if scope is None or scope.owner is not None:
        values = {"number": number} | ({"owner": scope.owner} if scope else {})
        return next(iter(direct.records(tx, _case_of(for_change, of_owner=scope is not None), values)), None)
    wanted = select(cases).where(cases.c.number == number, readable(scope))
    row = tx.one(wanted.with_for_update(of=cases) if for_change else wanted)
    return None if row is None else row._mapping


@cache
def _case_of(for_change: bool, *, of_owner: bool) -> Select[*tuple[Any, ...]]:
    wanted = select(cases).where(cases.c.number == bindparam("number"))
    wanted = wanted.where(cases.c.owner == bindparam("owner")) if of_owner else wanted
    return wanted.with_for_update(of=cases) if for_change else wanted


def _all(tx: Unit, kind: type[T], number: str) -> tuple[T, ...]:
    rows = direct.records(tx, _of_case(cast(type, kind)), {"number": number})
    return tuple(entity_of(tx, kind, row) for row in rows)


@cache
def _of_case(kind: type) -> Select[*tuple[Any, ...]]:
    """Built once: building the questions took as long as the answers."""
    table: Table = KEPT[THING_OF[kind]].table
    order = table.c.get("seq", table.c.case_number)
    return select(table).where(table.c.case_number == bindparam("number")).order_by(order)


def _findings(tx: Unit, number: str, sealed: bytes | None) -> tuple[Finding, ...]:
    if sealed is None:
        return ()
    found: tuple[Finding, ...] = from_plain(tuple[Finding, ...], tx.unseal(cases, "findings", number, sealed))
    return found


def _extra(tx: Unit, number: str, row: Mapping[Any, Any]) -> dict[str, Any]:
    """What is kept beside the model: who works on the case, since when it stands where it stands, how often it changed."""
    kept = {} if row["extra"] is None else tx.unseal(cases, "extra", number, row["extra"])
    beside = {name: row[name] for name in ("claimed_by", "claimed_until", "state_since", "version")}
    broken = _broken_promises(tx, row["id_number_index"]) if row["state"] == CaseState.IN_REVIEW else 0
    return {**kept, **beside, BROKEN_PROMISES: broken}


def _broken_promises(tx: Unit, person: str) -> int:
    """Of this person, in whatever case, and not made good since: who reviews may not put a paper off once more."""
    theirs = select(func.count()).select_from(credit_notes.join(cases, cases.c.number == credit_notes.c.case_number))
    open_ones = theirs.where(cases.c.id_number_index == person, credit_notes.c.repaired_at.is_(None))
    return int(tx.execute(open_ones).scalar_one())


def case_version(tx: Unit, number: str) -> int:
    """Counted up by every change. Raises `NotFound`."""
    row = direct.one(tx, _VERSION, {"number": number})
    if row is None:
        raise NotFound("没有找到该办件，请核对办件编号。", number=number)
    return int(row.version)


_VERSION = select(cases.c.version).where(cases.c.number == bindparam("number"))


def case_exists(tx: Unit, number: str, scope: Scope) -> bool:
    """Whether the scope may see it, without opening anything sealed."""
    return tx.one(select(cases.c.number).where(cases.c.number == number, readable(scope))) is not None


def page(tx: Unit, page_id: str) -> tuple[CaseNumber, Page]:
    """A page and its case. Raises `NotFound`."""
    return _owned(tx, Page, select(pages).where(pages.c.id == page_id), page_id)


def document(tx: Unit, document_id: str) -> tuple[CaseNumber, Document]:
    return _owned(tx, Document, select(documents).where(documents.c.id == document_id), document_id)


def decision_file(tx: Unit, file_id: str) -> tuple[CaseNumber, DecisionFile]:
    return _owned(tx, DecisionFile, select(decision_files).where(decision_files.c.id == file_id), file_id)


def child(tx: Unit, child_id: str) -> tuple[CaseNumber, Child]:
    return _owned(tx, Child, select(bundle_children).where(bundle_children.c.id == child_id), child_id)


def booking(tx: Unit, booking_id: str) -> tuple[CaseNumber, Booking]:
    return _owned(tx, Booking, select(bookings).where(bookings.c.id == booking_id), booking_id)


def assignment(tx: Unit, assignment_id: str) -> tuple[CaseNumber, Assignment]:
    found = select(assignments).where(assignments.c.id == assignment_id)
    return _owned(tx, Assignment, found, assignment_id)


def _owned(tx: Unit, kind: type[T], wanted: Select[Any], identity: str) -> tuple[CaseNumber, T]:
    row = tx.one(wanted)
    if row is None:
        raise NotFound("没有找到。", id=identity)
    return CaseNumber(row.case_number), entity(tx, kind, row)


def cases_of(tx: Unit, person: str) -> list[Case]:
    """A resident's own cases, newest first."""
    mine = select(cases).where(cases.c.owner == person).order_by(cases.c.opened_at.desc(), cases.c.number.desc())
    return [entity(tx, Case, row) for row in tx.all(mine)]


def cases_by_id_number(tx: Unit, id_number: str, scope: Scope) -> list[Case]:
    """By the applicant's identity number, through the blind index."""
    return _by_index(tx, "id_number", id_number, scope)


def other_cases_of(tx: Unit, id_number: str, number: str, limit: int) -> list[Case]:
    """The newest other cases of an applicant, for judging: in whatever department they are."""
    index = cases.c.id_number_index == tx.vault.blind("id_number", id_number)
    found = (
        select(cases).where(index, cases.c.number != number).order_by(cases.c.opened_at.desc(), cases.c.number.desc())
    )
    return [entity(tx, Case, row) for row in tx.all(found.limit(limit))]


def cases_by_phone(tx: Unit, phone: str, scope: Scope) -> list[Case]:
    return _by_index(tx, "phone", phone, scope)


def _by_index(tx: Unit, purpose: str, value: str, scope: Scope) -> list[Case]:
    index = cases.c[f"{purpose}_index"]
    found = select(cases).where(index == tx.vault.blind(purpose, value), readable(scope))
    return [entity(tx, Case, row) for row in tx.all(found.order_by(cases.c.opened_at.desc()))]
