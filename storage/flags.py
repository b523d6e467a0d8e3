"""What the desk's queues ask of a case, kept in its row: whether the identity is doubtful, whether it is likely there
twice, whether it is a test. Said anew with every judgement, in the same transaction.
"""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, false, func, or_, select, update

from cases.errors import NotFound
from cases.findings import Finding
from cases.flags import MarkedFor, identity_is_doubtful, is_reused
from cases.lifecycle import CaseState
from storage import audit
from storage.actors import Actor
from storage.catalogue import item
from storage.tables import cases, persons
from storage.unit import AnyRow, Unit

RECENT = timedelta(days=90)
"""A second application for the same thing within a quarter is more often a mistake than a need."""
_NOTHING_CAME_OF_IT = (
    CaseState.DRAFT,
    CaseState.WITHDRAWN,
    CaseState.NOT_ACCEPTED,
    CaseState.CORRECTION_EXPIRED,
    CaseState.ABORTED,
)


def keep_flags(tx: Unit, number: str, findings: Iterable[Finding]) -> None:
    found = tuple(findings)
    row = _case(tx, number)
    flags = {
        "doubtful_identity": identity_is_doubtful(found, item(tx, row.item_code, row.item_version)),
        "likely_duplicate": is_reused(found) or _applied_already(tx, row),
    }
    tx.execute(update(cases).where(cases.c.number == number).values(**flags))


def _case(tx: Unit, number: str) -> AnyRow:
    columns = (cases.c.number, cases.c.item_code, cases.c.item_version, cases.c.id_number_index, cases.c.test)
    row = tx.one(select(*columns, cases.c.owner).where(cases.c.number == number))
    if row is None:
        raise NotFound("没有找到该办件，请核对办件编号。", number=number)
    return row


def _applied_already(tx: Unit, row: AnyRow) -> bool:
    """The same person for the same item, in a case that is open or was until lately."""
    same = and_(
        cases.c.id_number_index == row.id_number_index,
        cases.c.item_code == row.item_code,
        cases.c.number != row.number,
        cases.c.test == row.test,
        cases.c.state.not_in(_NOTHING_CAME_OF_IT),
        or_(cases.c.state != CaseState.DELIVERED, cases.c.opened_at > tx.now() - RECENT),
    )
    return tx.execute(select(cases.c.number).where(same).limit(1)).first() is not None


def of_test_account(owner: str) -> ColumnElement[bool]:
    """Whether what this account opens is a test: the value of a new case's column."""
    return func.coalesce(select(persons.c.test).where(persons.c.id == owner).scalar_subquery(), false())


def mark_test(tx: Unit, number: str, test: bool, *, account: bool, why: MarkedFor, actor: Actor) -> None:
    """Takes a case out of the work and the figures, or back into them; with `account` also what its account has open and
    opens from now on. Raises `NotFound`."""
    row, detail = _case(tx, number), {"test": test, "why": why}
    marked = (cases.c.owner == row.owner) if account else (cases.c.number == number)
    changed = tx.all(select(cases.c.number).where(marked, cases.c.test != test).order_by(cases.c.number))
    tx.execute(update(cases).where(marked).values(test=test))
    if account:
        tx.execute(update(persons).where(persons.c.id == row.owner).values(test=test))
        audit.record(tx, f"person:{row.owner}", actor, "account_marked_test", detail)
    for one in changed:
        audit.record(tx, one.number, actor, "case_marked_test", detail)
