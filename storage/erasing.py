"""Erasing what a case holds of people: at a person's own wish, where nothing was handed in, or when the time of keeping is
over.

Sealed values are overwritten, pictures and documents deleted; the skeleton stays: number, states, dates and the audit
chain, which hold no personal value, so that figures and the record still fit. Blobs are deleted by the caller after the
commit; their keys are answered here, unless something else still needs the same bytes.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Table, delete, select, update

from cases.model import Address, Applicant
from storage.agent_tables import agent_lines
from storage.appointment_tables import appointments
from storage.blob_columns import blob_columns
from storage.care_tables import complaints
from storage.duplicates import unpair
from storage.proofs import erase_proofs
from storage.retention_tables import doomed_blobs
from storage.sealed import Sealed, sealed_tables
from storage.tables import (
    answers,
    bookings,
    cases,
    checked_fields,
    courier_events,
    decision_files,
    documents,
    notices,
    pages,
    parcels,
    readings,
)
from storage.truths import erase as erase_truths
from storage.unit import AnyRow, Unit

ASKED_AT_ONCE = 400
_NOBODY = asdict(Address("", "", "", "", "", ""))
BLANKS: Mapping[tuple[str, str], Any] = {
    ("cases", "answers"): {},
    ("bookings", "address"): _NOBODY,
    ("pickups", "address"): _NOBODY,
    ("corrections", "findings"): [],
    ("documents", "content"): {},
    ("incidents", "detail"): {},
    ("specials", "reason"): "",
    ("ratings", "text"): "",
    ("clock_requests", "reason"): "",
    ("decision_files", "name"): "",
    ("proposals", "reason"): "",
    ("legal_holds", "reason"): "",
}
"""What stands in a sealed column that may not be empty, when it says nothing any more."""
DELETED = (notices, agent_lines, appointments)
"""Rows of a case that are nothing without what was sealed in them."""


def erase_pages(tx: Unit, number: str) -> list[str]:
    """Readings and findings of a case are gone; the keys of the blobs that nobody needs any more."""
    mine = select(pages.c.id).where(pages.c.case_number == number)
    own = {row.picture for row in tx.all(select(readings.c.picture).where(readings.c.page_id.in_(mine)))}
    own |= {row.blob for row in tx.all(select(pages.c.blob).where(pages.c.case_number == number))}
    unpair(tx, number)
    tx.execute(delete(readings).where(readings.c.page_id.in_(mine)))
    tx.execute(delete(checked_fields).where(checked_fields.c.page_id.in_(mine)))
    # a picture's hash is as good as the picture to whoever has a copy of it
    gone = {"findings": None, "blob": "", "sha256": pages.c.id}
    tx.execute(update(pages).where(pages.c.case_number == number).values(**gone))
    tx.execute(
        update(cases).where(cases.c.number == number).values(findings=None, extra=None, version=cases.c.version + 1)
    )
    erase_proofs(tx, number)
    erase_truths(tx, number)
    return unneeded(tx, own)


def erase_case(tx: Unit, number: str) -> list[str]:
    """Nothing is left of whoever stood in it. The keys of the blobs that nobody needs any more."""
    named = _blobs_of(tx, number)
    free = set(erase_pages(tx, number))
    for table in DELETED:
        tx.execute(delete(table).where(table.c.case_number == number))
    mine = select(bookings.c.id).where(bookings.c.case_number == number)
    tx.execute(delete(courier_events).where(courier_events.c.booking_id.in_(mine)))
    tx.execute(update(documents).where(documents.c.case_number == number).values(blob=None, erased_at=tx.now()))
    tx.execute(update(decision_files).where(decision_files.c.case_number == number).values(blob="", picture=None))
    tx.execute(update(parcels).where(parcels.c.case_number == number).values(photo=None, picture=None))
    for sealed in sealed_tables():
        if "case_number" in sealed.table.c and sealed.table not in DELETED:
            _overwrite(tx, sealed, sealed.table.c.case_number == number)
    _blank_complaints(tx, number)
    _blank_case(tx, number)
    return sorted(free | set(unneeded(tx, named)))


def _blank_complaints(tx: Unit, number: str) -> None:
    gone = {"photo": None, "picture": None, "erased_at": tx.now()}
    tx.execute(update(complaints).where(complaints.c.case_number == number).values(**gone))


def _blank_case(tx: Unit, number: str) -> None:
    row = tx.execute(select(cases).where(cases.c.number == number)).one()
    applicant = tx.unseal(cases, "applicant", number, row.applicant)
    nobody = asdict(Applicant(applicant["kind"], "", "", ""))
    blank = {
        "applicant": tx.seal(cases, "applicant", number, nobody),
        "answers": tx.seal(cases, "answers", number, {}),
        **dict.fromkeys(("agent", "address", "findings", "extra")),
        **{f"{name}_index": tx.vault.blind(name, "") for name in ("id_number", "phone")},
        "erased_at": tx.now(),
        "version": cases.c.version + 1,
    }
    tx.execute(update(cases).where(cases.c.number == number).values(**blank))


def _overwrite(tx: Unit, sealed: Sealed, where: Any) -> None:
    """Empty where a column may be, else something that says nothing."""
    table = sealed.table
    emptied = {name: None for name in sealed.columns if table.c[name].nullable}
    if emptied:
        tx.execute(update(table).where(where).values(**emptied))
    blanked = [name for name in sealed.columns if name not in emptied]
    for row in tx.all(select(table).where(where)) if blanked else ():
        same = [key == getattr(row, key.name) for key in table.primary_key.columns]
        tx.execute(update(table).where(*same).values(**_blanks(tx, sealed, row, blanked)))


def _blanks(tx: Unit, sealed: Sealed, row: AnyRow, names: Iterable[str]) -> dict[str, bytes]:
    table, of = sealed.table, sealed.row_name(row)
    return {name: tx.seal(table, name, of, BLANKS[table.name, name]) for name in names}


def overwrite_rows(tx: Unit, table: Table, where: Any) -> None:
    """Of one table, whatever is sealed in the rows."""
    (sealed,) = [each for each in sealed_tables() if each.table is table]
    _overwrite(tx, sealed, where)


# ── blobs ──


def _blobs_of(tx: Unit, number: str) -> set[str]:
    theirs = (c for c in blob_columns() if "case_number" in c.table.c)
    return {row[0] for c in theirs for row in tx.all(select(c).where(c.table.c.case_number == number))}


def unneeded(tx: Unit, keys: Collection[str | None]) -> list[str]:
    """Those that no row names."""
    asked = sorted(key for key in keys if key)
    kept = {row[0] for some in _some(asked) for c in blob_columns() for row in tx.all(select(c).where(c.in_(some)))}
    return [key for key in asked if key not in kept]


def _some(keys: list[str]) -> Iterator[list[str]]:
    yield from (keys[at : at + ASKED_AT_ONCE] for at in range(0, len(keys), ASKED_AT_ONCE))


def doom(tx: Unit, keys: Iterable[str]) -> int:
    """To be deleted after the commit, by whoever comes first; how many."""
    return sum(tx.insert_new(doomed_blobs, {"key": key, "since": tx.now()}) for key in keys)


def doomed(tx: Unit, most: int) -> list[str]:
    wanted = select(doomed_blobs.c.key).order_by(doomed_blobs.c.since, doomed_blobs.c.key).limit(most)
    return [row.key for row in tx.all(wanted)]


def pardon(tx: Unit, key: str) -> None:
    tx.execute(delete(doomed_blobs).where(doomed_blobs.c.key == key))


def forget_answers_of(tx: Unit, person_key: str) -> int:
    """Remembered answers show cases as they were."""
    return tx.count(delete(answers).where(answers.c.person_key == person_key))
