"""What residents say stands on their pages, sealed; beside the readings, never in their place."""

from collections.abc import Iterable

from sqlalchemy import select

from cases.lifecycle import PageState
from cases.model import CheckedField
from storage.tables import checked_fields, pages
from storage.unit import AnyRow, Unit


def keep(tx: Unit, fields: Iterable[CheckedField]) -> None:
    """The newest word on a field counts."""
    for one in fields:
        where = (checked_fields.c.page_id == one.page, checked_fields.c.field == one.field)
        tx.execute(checked_fields.delete().where(*where))
        tx.execute(checked_fields.insert().values(**_values(tx, one)))


def _values(tx: Unit, one: CheckedField) -> dict[str, object]:
    row = _row(one.page, one.field)
    return {
        "page_id": one.page,
        "field": one.field,
        "read": None if one.read is None else tx.seal(checked_fields, "read", row, one.read),
        "said": tx.seal(checked_fields, "said", row, one.said),
        "at": one.at,
    }


def _row(page: str, field: str) -> str:
    return f"{page}/{field}"


def checked_fields_of(tx: Unit, number: str) -> dict[str, dict[str, CheckedField]]:
    """By page, then by field; of removed pages nothing."""
    mine = select(checked_fields).join(pages, pages.c.id == checked_fields.c.page_id)
    kept = mine.where(pages.c.case_number == number, pages.c.state != PageState.REMOVED)
    found: dict[str, dict[str, CheckedField]] = {}
    for row in tx.all(kept.order_by(checked_fields.c.page_id, checked_fields.c.field)):
        found.setdefault(row.page_id, {})[row.field] = _open(tx, row)
    return found


def _open(tx: Unit, row: AnyRow) -> CheckedField:
    name = _row(row.page_id, row.field)
    read = None if row.read is None else str(tx.unseal(checked_fields, "read", name, row.read))
    return CheckedField(row.page_id, row.field, read, str(tx.unseal(checked_fields, "said", name, row.said)), row.at)
