"""What the machine read off each page, sealed; only what is searched for stands in clear."""

from sqlalchemy import select

from cases.lifecycle import PageState
from cases.model import CaseNumber
from cases.readings import Field, Reading, fields_from_json, reading_from_json, reading_to_json
from storage.duplicates import pair
from storage.tables import pages, readings
from storage.unit import AnyRow, Unit


def save_reading(tx: Unit, page_id: str, made: Reading, picture: str | None = None) -> None:
    """Keeps the newest reading of a page; an older one is replaced. `picture`: the blob of its small copy."""
    values = {
        "page_id": page_id,
        "reading": tx.seal(readings, "reading", page_id, reading_to_json(made)),
        "kind": made.kind,
        "engine": made.engine,
        "perceptual_hash": made.perceptual_hash,
        "seconds": made.seconds,
        "saved_at": tx.now(),
        "picture": picture,
    }
    tx.put(readings, "page_id", values)
    pair(tx, page_id, made)


def reading(tx: Unit, page_id: str) -> Reading | None:
    row = tx.one(select(readings).where(readings.c.page_id == page_id))
    return None if row is None else _open(tx, row)


def picture_of(tx: Unit, page_id: str) -> str | None:
    """The blob of the small copy that a page may be shown by."""
    row = tx.one(select(readings.c.picture).where(readings.c.page_id == page_id))
    return None if row is None else row.picture


def readings_of(tx: Unit, number: str) -> dict[str, list[Reading]]:
    """By material, in page order. A removed page and a page without a reading contribute nothing."""
    joined = select(pages.c.material, readings).join(readings, readings.c.page_id == pages.c.id)
    kept = joined.where(pages.c.case_number == number, pages.c.state != PageState.REMOVED)
    found: dict[str, list[Reading]] = {}
    for row in tx.all(kept.order_by(pages.c.ordinal, pages.c.seq)):
        found.setdefault(row.material, []).append(_open(tx, row))
    return found


def read_fields(tx: Unit, number: str) -> dict[str, dict[str, Field]]:
    """By page; removed pages and pages without a reading left out."""
    joined = select(readings.c.page_id, readings.c.reading).join(pages, readings.c.page_id == pages.c.id)
    kept = joined.where(pages.c.case_number == number, pages.c.state != PageState.REMOVED)
    rows = tx.all(kept.order_by(pages.c.ordinal, pages.c.seq))
    return {r.page_id: fields_from_json(tx.unseal(readings, "reading", r.page_id, r.reading)) for r in rows}


def page_ids_read(tx: Unit, number: str) -> dict[str, list[str]]:
    """The page ids beside `readings_of`, in the same order."""
    joined = select(pages.c.material, pages.c.id).join(readings, readings.c.page_id == pages.c.id)
    kept = joined.where(pages.c.case_number == number, pages.c.state != PageState.REMOVED)
    found: dict[str, list[str]] = {}
    for row in tx.all(kept.order_by(pages.c.ordinal, pages.c.seq)):
        found.setdefault(row.material, []).append(row.id)
    return found


def same_picture(tx: Unit, number: str, sha256: str) -> list[CaseNumber]:
    """Other cases in which exactly this file was handed in."""
    elsewhere = select(pages.c.case_number).where(pages.c.sha256 == sha256, pages.c.case_number != number).distinct()
    return [CaseNumber(row.case_number) for row in tx.all(elsewhere.order_by(pages.c.case_number).limit(20))]


def same_view(tx: Unit, number: str, perceptual_hash: str) -> list[tuple[CaseNumber, Reading]]:
    """Pages of other cases whose perceptual hash is exactly this."""
    if not perceptual_hash:
        return []
    joined = select(pages.c.case_number, readings).join(readings, readings.c.page_id == pages.c.id)
    alike = joined.where(readings.c.perceptual_hash == perceptual_hash, pages.c.case_number != number)
    return [
        (CaseNumber(row.case_number), _open(tx, row)) for row in tx.all(alike.order_by(readings.c.page_id).limit(20))
    ]


def _open(tx: Unit, row: AnyRow) -> Reading:
    return reading_from_json(tx.unseal(readings, "reading", row.page_id, row.reading))
