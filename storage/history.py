"""Past cases, for looking at them again."""

from sqlalchemy import select

from cases.model import CaseNumber
from storage.tables import cases
from storage.unit import Unit


def judged_cases(tx: Unit, item_code: str, limit: int) -> list[CaseNumber]:
    """The newest cases of an item that were judged, newest first; not those of tests."""
    judged = select(cases.c.number).where(cases.c.item_code == item_code, cases.c.findings.is_not(None))
    judged = judged.where(cases.c.test.is_(False))
    return [CaseNumber(r.number) for r in tx.all(judged.order_by(cases.c.opened_at.desc()).limit(limit))]
